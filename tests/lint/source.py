# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lint checks share: the sources, and C without comments."""
import os
import re

TOP = os.environ.get("srcdir", ".")
ROOMS = ("gateway", "plugin", "include", "tests")


def files(*endings, rooms=ROOMS):
    """Paths below the rooms, relative to the top, sorted."""
    found = []
    for room in rooms:
        for folder, _, names in os.walk(os.path.join(TOP, room)):
            found += [os.path.relpath(os.path.join(folder, name), TOP)
                      for name in names if name.endswith(endings)]
    return sorted(found)


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        return file.read()


def code(text):
    """The C text with comments blanked, lines kept."""
    def blank(match):
        return re.sub(r"[^\n]", " ", match[0])
    return re.sub(r"/\*.*?\*/", blank, text, flags=re.S)


def bare(text):
    """The same with the insides of strings and characters blanked."""
    return re.sub(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
                  lambda m: m[0][0] + " " * (len(m[0]) - 2) + m[0][0],
                  code(text))
