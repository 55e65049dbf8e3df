# SPDX-License-Identifier: GPL-3.0-or-later
"""While this computer's newswire waits for a site that does not answer, the
user goes on: another site is subscribed to and read, and a group goes.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import SUBSCRIBE, Plugged, Site, limit, tap
from endings import GROUP, Slow

SITE = os.path.join(os.environ.get("srcdir", "."), "tests", "site")
STORIES, GONE = 8, "example.gone"
UNSUBSCRIBE = "Unsubscribe"


def waits(world, slow):
    for group, path in (GROUP, "feed.xml"), (GONE, "gone.xml"):
        world.newswire("subscribe", "--kind", "feed", "--group", group,
                       f"{slow.site.url}/{path}")
    # This takes what the subscriptions have read.
    world.newswire("fetch")
    tap.ok(world.begin() and world.rests() and
           world.screen.menu("Tools", "Check web news") and
           world.screen.wait(slow.asked.is_set),
           "newswire asks a site that does not answer", *slow.site.calls)


def reads_another(world, url):
    group = world.subscribe(url + "/feed.xml")
    tap.ok(group, "another site is subscribed to meanwhile",
           *world.screen.words(SUBSCRIBE))
    tap.ok(group and world.comes(group, STORIES),
           "and all that its feed has is there", world.status(group))
    return group


def goes_on(world):
    screen = world.screen
    screen.expected.append(UNSUBSCRIBE)
    world.select(GONE)
    tap.ok(world.popup("Unsubscribe…") and screen.appears(UNSUBSCRIBE),
           "a group is to go")
    screen.key("alt+u")
    tap.ok(screen.wait(lambda: GONE not in world.groups() and
                       GONE not in world.newswire("list").stdout),
           "and goes, here and in newswire", *world.groups(),
           world.newswire("list").stdout)
    tap.ok(world.says(), "the check goes on", *world.says())


def main():
    limit(120)
    with Slow() as slow, Plugged() as world:
        site = Site(world, SITE)
        waits(world, slow)
        group = reads_another(world, site.url)
        goes_on(world)
        slow.over.set()
        tap.ok(world.rests() and world.count(group) == STORIES and
               "Newswire:" not in world.log(),
               "and ends well when the site answers", world.status(group),
               *world.says(), world.log()[-1000:])
        world.finish("after all that")
        site.stop()
    tap.done()


if __name__ == "__main__":
    main()
