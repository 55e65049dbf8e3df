# SPDX-License-Identifier: GPL-3.0-or-later
"""What a program shows, as a screen reader hears it, and what one may do in it
(AT-SPI).  Run as a program on the desktop of a test with the name of an
application, it prints all that shows of it as JSON: [role, name, text, x, y]
each; with a role, a name and an action besides, it waits for that one and does
it.  A program under way takes things away while they are looked at; then the
look begins again.
"""
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "e2e"))
from desktop import wait_for

LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
START_S = 20
# Less than a command of a test may take.
LOOK_S = 40
WORDS_PX = 40


def turn_on(desktop):
    """For programs that start on the desktop from now on."""
    desktop.env.pop("NO_AT_BRIDGE", None)
    desktop.start(LAUNCHER, "--launch-immediately", stdout=subprocess.DEVNULL,
                  stderr=subprocess.DEVNULL)
    asked = ("dbus-send", "--session", "--print-reply",
             "--dest=org.a11y.Bus", "/org/a11y/bus",
             "org.freedesktop.DBus.Properties.Set",
             "string:org.a11y.Status", "string:IsEnabled",
             "variant:boolean:true")
    end = time.monotonic() + START_S
    while desktop.run(*asked).returncode:
        if time.monotonic() > end:
            raise RuntimeError("there is no accessibility bus")
        time.sleep(0.1)


def shown(desktop, application):
    done = desktop.run("/usr/bin/python3", os.path.abspath(__file__),
                       application)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def act(desktop, application, role, name, action="click"):
    """Whether there came one that has the action, which is done."""
    return desktop.run("/usr/bin/python3", os.path.abspath(__file__),
                       application, role, name, action).returncode == 0


def longest(desktop, application):
    """The longest text that shows: the one of a message."""
    return max((row[2] for row in shown(desktop, application)), key=len,
               default="")


def cells(desktop, application):
    """What the cells of its tables say, in their order."""
    return [name for role, name, *_ in shown(desktop, application)
            if role == "table cell" and name]


def places(desktop, application, role, start):
    """Of those whose name or text starts so."""
    return [row[3:] for row in shown(desktop, application)
            if row[0] == role and (row[1] or row[2]).startswith(start)]


def press(desktop, application, role, start, times=1):
    """Clicks on the first one whose name or text starts so, once it is there
    and stays where it is; whether it came."""
    at = []

    def rests():
        nonlocal at
        before, at = at, places(desktop, application, role, start)[:1]
        return at and at == before

    return bool(wait_for(rests)) and desktop.run(
        "xdotool", "mousemove", *map(str, at[0]), "click", "--repeat",
        str(times), "1").returncode == 0


def walk(node):
    """All that shows of a node and below it."""
    if node is None or not node.get_state_set().contains(
            Atspi.StateType.VISIBLE):
        return
    yield node
    for i in range(node.get_child_count()):
        yield from walk(node.get_child_at_index(i))


def nodes(application):
    desktop = Atspi.get_desktop(0)
    for i in range(desktop.get_child_count()):
        program = desktop.get_child_at_index(i)
        if program and program.get_name() == application:
            for j in range(program.get_child_count()):
                yield from walk(program.get_child_at_index(j))


def text_of(node):
    if "Text" not in node.get_interfaces():
        return ""
    return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))


def place(node):
    """Near its left end, where a row has its words."""
    box = node.get_extents(Atspi.CoordType.SCREEN)
    return [box.x + min(box.width // 2, WORDS_PX), box.y + box.height // 2]


def button(application, role, name, action):
    """A node and the number of its action; None when there is none."""
    for node in nodes(application):
        if node.get_role_name() == role and node.get_name() == name:
            for i in range(Atspi.Action.get_n_actions(node)):
                if Atspi.Action.get_action_name(node, i) == action:
                    return node, i
    return None


def look(application):
    return [[node.get_role_name(), node.get_name() or "", text_of(node),
             *place(node)] for node in nodes(application)
            if "Component" in node.get_interfaces()]


def whole(see, *words):
    """What it saw at last, when nothing vanished and there was something."""
    end = time.monotonic() + LOOK_S
    while True:
        try:
            if (seen := see(*words)) or time.monotonic() > end:
                return seen
        except GLib.Error:
            if time.monotonic() > end:
                raise
        time.sleep(0.1)
        # What is kept of the program may be of what has vanished.
        Atspi.get_desktop(0).clear_cache()


def main(application, *deed):
    if not deed:
        print(json.dumps(whole(look, application)))
    elif found := whole(button, application, *deed):
        sys.exit(not Atspi.Action.do_action(*found))
    else:
        sys.exit(1)


if __name__ == "__main__":
    import gi
    gi.require_version("Atspi", "2.0")
    from gi.repository import Atspi, GLib
    main(*sys.argv[1:])
