# SPDX-License-Identifier: GPL-3.0-or-later
"""The network is gone, or the gateway, or newswire itself: everything that was
there reads on without a question, and each failure is said once in the log.
"""
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import Plugged, Site, limit, tap

SITE = os.path.join(os.environ.get("srcdir", "."), "tests", "site")
GROUP, STORIES = "example.courier", 8
SUBJECTS = ("Ferry adds a late boat on Fridays", "In praise of slow boats",
            "Harbour bridge reopens")


def reads(world, what):
    screen = world.screen
    for words in SUBJECTS:
        number = world.number(GROUP, "Subject: " + words)
        world.select(GROUP)
        world.select(GROUP, number)
        tap.ok(number and screen.shows("Subject: " + words, "Source: "),
               f"{words} reads: {what}", screen.pane())
    world.quiet(what)


def complaints(world):
    return [line for line in world.log().splitlines() if "Newswire:" in line]


def fails_once(world, what):
    """Two checks, of which the first has something to say."""
    before = len(complaints(world))
    tap.ok(world.check() and world.screen.wait(
        lambda: len(complaints(world)) > before, 10),
        f"the log says it: {what}", *complaints(world))
    said = len(complaints(world))
    world.check()
    world.check()
    tap.ok(len(complaints(world)) == said, f"and no more than once: {what}",
           *complaints(world))
    reads(world, what)


def site_gone(world, site):
    site.stop()
    reads(world, "the site is gone")
    tap.ok(world.check(), "a check of a site that is gone ends")
    reads(world, "after a check")


def store_gone(world):
    """Unreadable also for root: where the folder was there is a file."""
    home = world.env["NEWSWIRE_HOME"]
    os.rename(home, home + ".away")
    with open(home, "w", encoding="ascii"):
        pass
    fails_once(world, "the store cannot be read")
    os.unlink(home)
    os.rename(home + ".away", home)
    tap.ok(world.check(), "it is back")
    tap.ok(world.count(GROUP) == STORIES, "and nothing was lost",
           world.status(GROUP))


def program_gone(world):
    """The programs of the build are found by a folder of links, that of
    newswire is taken away."""
    os.unlink(os.path.join(world.env["NEWSWIRE_BIN"], "newswire"))
    fails_once(world, "newswire is gone")
    tap.ok(any("not installed" in line for line in complaints(world)),
           "and it says what to do", *complaints(world))


def offline(world):
    """Claws Mail's own switch: no check of its own, and no question."""
    world.run("claws-mail", "--offline")
    reads(world, "offline")
    world.run("claws-mail", "--online")
    world.rests()
    world.quiet("online again")


def main():
    limit(150)
    with Plugged() as world:
        folder = os.path.join(world.home, "bin")
        os.mkdir(folder)
        world.env["NEWSWIRE_BIN"] = folder
        shutil.copy(shutil.which("newswire", path=world.env["PATH"]), folder)
        world.env["PATH"] = folder + ":" + os.environ["PATH"]
        site = Site(world, SITE)
        world.newswire("subscribe", "--group", GROUP, site.url + "/feed.xml")
        tap.ok(world.begin() and world.comes(GROUP, STORIES),
               "what was subscribed to before is there", world.status(GROUP))
        site_gone(world, site)
        offline(world)
        store_gone(world)
        program_gone(world)
        world.finish("without newswire")
        tap.ok(world.begin("--offline"), "it starts offline")
        reads(world, "started offline")
        world.finish("offline")
    tap.done()


if __name__ == "__main__":
    main()
