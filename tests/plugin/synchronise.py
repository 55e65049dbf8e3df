# SPDX-License-Identifier: GPL-3.0-or-later
"""Claws Mail asks whether to synchronise folders before it goes offline: what a
gateway elsewhere has then comes, though that takes longer than the switch, and
after that the gateway is left alone.  Groups whose texts are not kept bring no
question.
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import PROPERTIES, Plugged, connections, limit, tap
from serving import GROUP, STOREFILL, Serving, rnews

TREE = "127.0.0.1"
GROUPS = (GROUP + ".g1", GROUP + ".g2")
ITEM = '<folderitem type="normal" name="%s" path="%s" threaded="1" />\n'
FOLDERS = (f'<folder type="newswire" name="{TREE}" nw_host="127.0.0.1"\n'
           ' nw_port="%d" nw_dir="the-gateway">' +
           "".join(ITEM % (name, name) for name in GROUPS) + "</folder>\n")
FEW, MANY = 10, 600
QUESTION, WARNING = "Folder synchronisation", "Offline warning"
WHOLE = "Fetch whole messages, to be read offline"


def fill(gateway, numbers):
    """Into all groups."""
    subprocess.run([STOREFILL, "--path-host", "news.example", "--groups",
                    str(len(GROUPS)), "--transaction", "5",
                    os.path.join(gateway.home, "newswire.db"), GROUP],
                   input=rnews(numbers), check=True, stdout=subprocess.DEVNULL)


def have(world, count):
    """Whether the groups come to have so many messages together."""
    return world.screen.wait(
        lambda: sum(world.count(name) for name in GROUPS) == count)


def switch(world, answer):
    """Goes offline as a user does, and answers what is asked then."""
    screen = world.screen
    screen.expected.append(QUESTION)
    tap.ok(screen.menu("File", "Offline mode") and screen.appears(QUESTION),
           "it asks whether to synchronise", *screen.words(QUESTION))
    screen.act("push button", answer, QUESTION)
    return screen.wait(lambda: not screen.is_open(QUESTION))


def goes_online(world):
    world.run("claws-mail", "--online")
    world.rests()


def synchronises(world, gateway):
    fill(gateway, range(FEW + 1, MANY + 1))
    switch(world, "Synchronise")
    tap.ok(have(world, MANY), "all that there was comes",
           *map(world.status, GROUPS))
    tap.ok(world.screen.says(f"{TREE} can be read offline now."),
           "it is said", *world.screen.words())
    tap.ok(world.screen.wait(lambda: not connections(gateway.port)),
           "and then the gateway is left alone")


def only_goes_offline(world, gateway):
    """And what is synchronised offline is asked about once, not for each
    group."""
    screen = world.screen
    switch(world, "Cancel")
    tap.ok(screen.wait(lambda: not connections(gateway.port)),
           "without that it is left alone at once")
    fill(gateway, range(MANY + 1, MANY + FEW + 1))
    screen.expected.append(WARNING)
    screen.menu("File", "Synchronise folders")
    tap.ok(screen.appears(WARNING), "offline it asks", *screen.words(WARNING))
    screen.act("push button", "Yes", WARNING)
    tap.ok(have(world, MANY + FEW), "once for all groups",
           *map(world.status, GROUPS), *screen.words(WARNING))


def keeps_headers(world, group):
    world.properties(group, TREE)
    world.screen.press(world.screen.find("check box", WHOLE, PROPERTIES))
    return world.accept() and world.rests()


def nothing_to_synchronise(world, gateway):
    tap.ok(all([keeps_headers(world, name) for name in GROUPS]),
           "the texts of both groups are not kept any more")
    tap.ok(connections(gateway.port) == 1, "the session is held")
    world.screen.menu("File", "Offline mode")
    tap.ok(world.screen.wait(lambda: not connections(gateway.port)),
           "it goes offline")
    world.quiet("nothing to synchronise")


def main():
    limit(120)
    with Serving() as gateway:
        fill(gateway, range(1, FEW + 1))
        gateway.serve()
        with Plugged(folders=FOLDERS % gateway.port) as world:
            tap.ok(world.begin() and have(world, FEW) and world.rests(),
                   "Claws Mail starts", *map(world.status, GROUPS))
            synchronises(world, gateway)
            goes_online(world)
            only_goes_offline(world, gateway)
            goes_online(world)
            nothing_to_synchronise(world, gateway)
            world.finish("after synchronising")
    tap.done()


if __name__ == "__main__":
    main()
