# SPDX-License-Identifier: GPL-3.0-or-later
"""The manual pages name what there is, no more and no less: newswire(1) the commands
of newswire --help with their options, and those of the news server; newswire.conf(5)
the options of the configuration."""
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


def match(what, there, manual):
    there, manual = set(there), set(manual)
    tap.ok(there and there == manual, what,
           f"not in the manual: {sorted(there - manual)}",
           f"in the manual alone: {sorted(manual - there)}")


def rows(path, table, row=r'^\t\{ (?:\.name = )?"([\w.-]+)"'):
    """The names in a constant table of C."""
    text = re.search(r"\b%s\b[^;]*? = \{\n(.*?)\n\};" % table,
                     source.read(path), re.M | re.S)[1]
    return re.findall(row, text, re.M)


def listed(text):
    """The words of a sentence that each stand in .Li"""
    return re.findall(r"^\.Li ([A-Z][A-Z.]+)", text, re.M)


commands = re.findall(r"^  (\w+) +[A-Z]", run("--help").split("Commands:")[1]
                      .split("Options of")[0], re.M)
tap.ok(len(commands) >= 12, "newswire --help lists the commands")
tap.ok(commands == re.findall(r"^\.Ss (\w+)$", source.read("man/newswire.1"), re.M),
       "newswire.1 has them in the same order")
for command in commands:
    text = run(command, "--help")
    shared = {"home", "quiet", "help"}
    options = set(re.findall(r"^  --([\w-]+)", text, re.M)) - shared
    manual = section(command)
    documented = set(re.findall(r"^\.(?:It|Op) Fl -([\w-]+)", manual, re.M))
    tap.ok(manual and options == documented,
           f"newswire.1 documents {command} with its options",
           f"--help: {sorted(options)}", f"manual: {sorted(documented)}")

known, lists = re.search(r"know these commands(.*?)^\.Li LIST$\nhas the keywords(.*?)"
                         r"^\.Pp", section("nntp") + ".Pp", re.M | re.S).groups()
match("newswire.1 lists the commands of the news server",
      rows("gateway/serve/nntp_command.c", "commands"), listed(known))
match("newswire.1 lists the keywords of LIST",
      rows("gateway/serve/nntp_list.c", "lists"), listed(lists))

# The sections deliver and user, and the options in them, are declared by hand.
config = source.read("gateway/base/config.c")
deliver = re.search(r"config_deliver_options\[\] = \{(.*?)\}",
                    source.read("gateway/base/config_options.c"), re.S)[1]
manual = source.read("man/newswire.conf.5").split(".Sh RULES")[0]
match("newswire.conf.5 documents the options",
      rows("gateway/base/config_options.c", "config_options") +
      re.findall(r'CFG_(?:SIMPLE_BOOL|BOOL|SEC|STR_LIST)\("([\w-]+)"', config) +
      re.findall(r'"([\w-]+)"', deliver),
      re.findall(r"^\.It Ic ([\w-]+)", manual, re.M))
for page in ("newswire.1", "newswire.conf.5"):
    lint = subprocess.run(["mandoc", "-Tlint", "-Wwarning",
                           os.path.join(source.TOP, "man", page)],
                          capture_output=True, text=True, check=False)
    tap.ok(lint.returncode == 0, f"mandoc has nothing against {page}",
           lint.stdout)
tap.done()
