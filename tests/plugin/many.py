# SPDX-License-Identifier: GPL-3.0-or-later
"""A gateway with many groups, which are listed a part at a time: all of them
come, what is shown as a folder is ticked, a search finds what is far down, and
the list and the window may go before it is whole.
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import SUBSCRIBE, Plugged, limit, tap
from serving import GROUP, STOREFILL, Serving, rnews

TREE = "127.0.0.1"
# More than are listed at once; each look at them all takes its time.
COUNT, SHOWN = 1100, GROUP + ".g1088"
FOLDERS = f"""<folder type="newswire" name="{TREE}" nw_host="127.0.0.1"
 nw_port="%d" nw_dir="the-gateway"><folderitem type="normal" name="shown"
 path="{SHOWN}" threaded="1" />
</folder>
"""
LOCAL_ROW, ROW = 0, 1


def all_come(world):
    tap.ok(world.screen.wait(lambda: f"{COUNT} groups" in
                             world.screen.words(SUBSCRIBE, ("label",))),
           "all groups are listed", *world.screen.words(SUBSCRIBE)[-3:])


def is_found(world, words, name):
    """It alone, and whether its box is ticked."""
    screen = world.screen
    screen.fill("Search groups", words, SUBSCRIBE)
    tap.ok(screen.says(f"1 of {COUNT} groups", SUBSCRIBE) and
           screen.all("table cell", name, SUBSCRIBE), f"{name} is found",
           *screen.words(SUBSCRIBE)[-3:])
    return any(screen.is_checked(cell)
               for cell in screen.all("table cell", window=SUBSCRIBE))


def searches(world):
    other = f"{GROUP}.g1077"
    tap.ok(is_found(world, "G1088", SHOWN), "what is a folder is ticked")
    tap.ok(not is_found(world, "g1077", other), "what is none is not")
    # The entry has the keyboard still.
    world.screen.key("ctrl+a", "BackSpace")
    all_come(world)


def goes_early(world):
    """The list for another, and then the window."""
    screen = world.screen
    gateways = screen.find("combo box", "Gateway", SUBSCRIBE)
    for row in (LOCAL_ROW, ROW, LOCAL_ROW, ROW):
        screen.choose(gateways, row)
    all_come(world)
    for row in (LOCAL_ROW, ROW):
        screen.choose(gateways, row)
    tap.ok(screen.close(SUBSCRIBE), "the window closes while it is filled")
    world.quiet("a window that closed early")


def main():
    limit(120)
    with Serving() as gateway:
        subprocess.run([STOREFILL, "--path-host", "news.example", "--groups",
                        str(COUNT), os.path.join(gateway.home, "newswire.db"),
                        GROUP], input=rnews([1]), check=True,
                       stdout=subprocess.DEVNULL)
        gateway.serve()
        with Plugged(folders=FOLDERS % gateway.port) as world:
            tap.ok(world.begin() and world.rests(), "Claws Mail starts")
            # Whose gateway is then the one that the window begins with.
            world.select(SHOWN, tree=TREE)
            world.open_subscribe()
            all_come(world)
            world.screen.shot("many")
            searches(world)
            goes_early(world)
            world.finish("many groups")
    tap.done()


if __name__ == "__main__":
    main()
