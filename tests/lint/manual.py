# SPDX-License-Identifier: GPL-3.0-or-later
"""newswire(1) documents what newswire --help prints: no more and no less."""
import os
import re
import subprocess
import sys

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
import source
import tap

NEWSWIRE = os.path.join(os.environ["builddir"], "newswire")


def run(*args):
    return subprocess.run([NEWSWIRE, *args], capture_output=True, text=True,
                          check=True).stdout


def section(name):
    """The lines of newswire.1 from .Ss name to the next one."""
    found = re.search(r"^\.Ss %s\n(.*?)(?=^\.S[sh] |\Z)" % re.escape(name),
                      source.read("man/newswire.1"), re.M | re.S)
    return found[1] if found else ""


commands = re.findall(r"^  (\w+) +[A-Z]", run("--help").split("Commands:")[1]
                      .split("Options of")[0], re.M)
tap.ok(len(commands) >= 12, "newswire --help lists the commands")
for command in commands:
    text = run(command, "--help")
    shared = {"home", "quiet", "help"}
    options = set(re.findall(r"^  --([\w-]+)", text, re.M)) - shared
    manual = section(command)
    documented = set(re.findall(r"^\.(?:It|Op) Fl -([\w-]+)", manual, re.M))
    tap.ok(manual and options == documented,
           f"newswire.1 documents {command} with its options",
           f"--help: {sorted(options)}", f"manual: {sorted(documented)}")
for page in ("newswire.1", "newswire.conf.5"):
    lint = subprocess.run(["mandoc", "-Tlint", "-Wwarning",
                           os.path.join(source.TOP, "man", page)],
                          capture_output=True, text=True, check=False)
    tap.ok(lint.returncode == 0, f"mandoc has nothing against {page}",
           lint.stdout)
tap.done()
