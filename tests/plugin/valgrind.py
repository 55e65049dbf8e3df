# SPDX-License-Identifier: GPL-3.0-or-later
"""One whole session of Claws Mail under Valgrind, which has nothing against our
code: a site and a live page are subscribed to, checked and read, a message
marked, a story's history looked at, both unsubscribed from, the plugin unloaded.

Too slow for make check; .ci/run runs it.
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import PATIENCE_S, Plugged, Site, limit, tap
import memcheck

SITE = os.path.join(os.environ.get("srcdir", "."), "tests", "site")
STORIES, UPDATES = 8, 2
SECONDS = 500
# Whatever Claws Mail does takes so many times as long.
SLOWER = 4
HISTORY, PLUGINS, ASKED = "Story history", "Plugins", "Unsubscribe"


class Checked(Plugged):
    """Under Valgrind."""

    def __init__(self):
        super().__init__()
        self.env.update(memcheck.ENVIRONMENT)
        self.report = os.path.join(self.home, "valgrind.xml")

    def __enter__(self):
        super().__enter__()
        wait = self.screen.wait
        self.screen.wait = lambda check, seconds=PATIENCE_S: wait(
            check, SLOWER * seconds)
        return self

    def claws(self, *options):
        return self.start(*memcheck.command(self.report), "claws-mail",
                          *options, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)


def reads(world, group):
    screen = world.screen
    for words in ("Ferry adds a late boat on Fridays",
                  "In praise of slow boats"):
        number = world.number(group, "Subject: " + words)
        world.select(group, number)
        tap.ok(screen.shows("Subject: " + words), f"it reads: {words}",
               screen.pane())


def marks(world, group):
    """The root of a thread: of one without follow-ups Claws Mail itself (4.1.1,
    procmsg_find_children()) loses a reference to each message of the folder."""
    screen = world.screen
    root = min(number for number, text in world.messages(group).items()
               if "\nReferences:" not in text)
    world.select(group, root)
    tap.ok(screen.shows("Subject: A day at the harbour") and
           screen.menu("Message", "Mark", "Mark") and
           screen.wait(lambda: world.search(group, "marked") == [root]),
           "it marks a message", *world.search(group, "marked"))


def asks_history(world):
    screen = world.screen
    screen.expected.append(HISTORY)
    tap.ok(screen.menu("Message", HISTORY) and
           screen.wait(lambda: screen.is_open(HISTORY)) and
           screen.says("In praise of slow boats", HISTORY),
           "a window has the history of the story", *screen.words(HISTORY))
    screen.close(HISTORY)


def unsubscribes(world, group):
    screen = world.screen
    screen.expected.append(ASKED)
    world.select(group)
    tap.ok(world.popup("Unsubscribe…") and
           screen.wait(lambda: screen.is_open(ASKED)),
           "it asks before it unsubscribes")
    screen.act("push button", "Unsubscribe", ASKED)
    tap.ok(screen.wait(lambda: group not in world.groups()) and world.rests(),
           "the group is gone", *world.groups())


def unloads(world):
    screen = world.screen
    screen.expected.append(PLUGINS)
    screen.menu("Configuration", "Plugins...")
    screen.press(screen.find("table cell", "Newswire", PLUGINS))
    screen.act("push button", "Unload", PLUGINS)
    tap.ok(screen.wait(lambda: not screen.all("table cell", "Newswire",
                                              PLUGINS)),
           "the plugin is unloaded", *screen.words(PLUGINS))
    screen.close(PLUGINS)


def session(world):
    site = Site(world, SITE)
    tap.ok(world.begin(), "Claws Mail starts under Valgrind")
    group = world.subscribe(site.url + "/")
    tap.ok(group and world.comes(group, STORIES),
           "a site is subscribed to", group, *world.screen.words())
    tap.ok(world.check(), "it is checked once more")
    reads(world, group)
    asks_history(world)
    live = world.subscribe(site.url + "/live/harbour.html")
    tap.ok(live and world.screen.wait(lambda: world.count(live) >= UPDATES),
           "and a live page", live, world.status(live))
    marks(world, live)
    unsubscribes(world, live)
    unsubscribes(world, group)
    unloads(world)
    world.finish("under Valgrind", SLOWER * PATIENCE_S)


def judge(report):
    errors, leaks, every = memcheck.read(report)
    tap.ok(every, "Valgrind reports what it finds in anybody's code")
    tap.ok(not errors, "no error in our code", *errors)
    tap.ok(not leaks, "no leak in our code", *leaks)


def main():
    limit(SECONDS)
    with Checked() as world:
        session(world)
        judge(world.report)
    tap.done()


if __name__ == "__main__":
    main()
