# SPDX-License-Identifier: GPL-3.0-or-later
"""Claws Mail under Valgrind, and what Valgrind has against our code: an error or
a leak with a frame of the plugin in any of its stacks."""
import os
import xml.etree.ElementTree as tree

HERE = os.path.dirname(os.path.abspath(__file__))
MODULE = "newswire.so"
LEAKS = ("Leak_DefinitelyLost", "Leak_IndirectlyLost")
# GLib's own allocators would hide what is done to their blocks.
ENVIRONMENT = {"G_SLICE": "always-malloc", "G_DEBUG": "gc-friendly"}
FRAMES = 60


def command(report):
    """What to put before a program.  A plugin that was unloaded keeps its names
    in stacks; a child of ours, until it becomes newswire, is not looked at."""
    return ["valgrind", "--tool=memcheck", "--xml=yes",
            "--xml-file=" + report, "--leak-check=full",
            "--show-leak-kinds=definite,indirect", "--keep-debuginfo=yes",
            "--child-silent-after-fork=yes", f"--num-callers={FRAMES}",
            "--suppressions=" + os.path.join(HERE, "others.supp")]


def is_ours(frame):
    """By the object, or, when that was unloaded, by the source."""
    where = frame.findtext("obj") or os.path.join(frame.findtext("dir") or "",
                                                  frame.findtext("file") or "")
    return where.endswith("/" + MODULE) or "/plugin/" in where


def place(frame):
    name = frame.findtext("fn") or frame.findtext("ip")
    where = frame.findtext("file")
    return f"   {name} ({where}:{frame.findtext('line')})" if where else (
        f"   {name} (in {frame.findtext('obj')})")


def down_to_ours(stack):
    """The frames from where it happened to those of ours and their caller."""
    last = max((i for i, frame in enumerate(stack) if is_ours(frame)),
               default=len(stack))
    return stack[:last + 2]


def words(error):
    """The error as lines to read."""
    lines = [error.findtext("what") or error.findtext("xwhat/text") or
             error.findtext("kind")]
    for child in error:
        if child.tag == "auxwhat":
            lines.append("  " + child.text)
        elif child.tag == "stack":
            lines += [place(frame) for frame in down_to_ours(list(child))]
    return "\n".join(lines)


def read(report):
    """(errors, leaks) of ours, as lines to read, and how many Valgrind has
    against anyone.  Raises when the report is not whole."""
    root = tree.parse(report).getroot()
    if [status.findtext("state") for status in root.iter("status")] != [
            "RUNNING", "FINISHED"]:
        raise ValueError("Valgrind did not finish")
    errors, leaks, every = [], [], root.findall("error")
    for error in every:
        if any(is_ours(frame) for frame in error.iter("frame")):
            found = leaks if error.findtext("kind") in LEAKS else errors
            found.append(words(error))
    return errors, leaks, len(every)
