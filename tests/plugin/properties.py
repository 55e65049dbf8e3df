# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of properties, driven as a user drives it: what becomes of pictures
and edits is told to the gateway; a shorter time takes messages away, a longer
one brings them back.
"""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import PROPERTIES, Plugged, limit, tap
from gateway import Scripted

GROUP = "example.ages"
AGES_DAYS = (1, 10, 100)
DAY_S = 24 * 3600
ITEM = """<item><title>{0} days ago</title><link>{1}/{0}</link>
<pubDate>{2}</pubDate><description>Words of {0} days ago.</description></item>
"""
FEED = """<rss version="2.0"><channel><title>Ages</title>{}</channel></rss>"""
PICTURES, EDITS, KEEP = "Pictures:", "An edited story brings:", "Keep messages:"
# Rows of these lists; the first is what the gateway is set up to do.
CHOICES = ((3, 3, "none", "ignore"), (1, 2, "inline", "supersede"))
GATEWAY, FOR_EVER, DAYS = 0, 1, 2


class Ages:
    """A feed with a story of each age."""

    def __init__(self):
        self.site = Scripted(self.answer)

    def answer(self, path):
        if path != "/feed.xml":
            return 404, {}, b""
        now = time.time()
        items = "".join(ITEM.format(days, self.site.url, time.strftime(
            "%a, %d %b %Y %H:%M:%S +0000",
            time.gmtime(now - days * DAY_S))) for days in AGES_DAYS)
        return 200, {"Content-Type": "application/rss+xml"}, \
            FEED.format(items).encode()


def source(world):
    """What the gateway says of the group's source."""
    said = world.newswire("list", "--format", "json").stdout
    return next((found for found in json.loads(said or "[]")
                 if found["group"] == GROUP), {})


def tells(world):
    screen = world.screen
    for pictures, edits, images, brings in CHOICES:
        world.properties(GROUP)
        screen.choose(screen.labelled(PICTURES, PROPERTIES), pictures)
        screen.choose(screen.labelled(EDITS, PROPERTIES), edits)
        tap.ok(world.accept() and screen.wait(
            lambda: (source(world).get("images"),
                     source(world).get("edits")) == (images, brings)),
            f"the gateway is told: {images}, {brings}",
            json.dumps(source(world)))
    world.rests()


def keeps(world, entry, days=None):
    screen = world.screen
    world.properties(GROUP)
    screen.choose(screen.labelled(KEEP, PROPERTIES), entry)
    if days:
        screen.focus(screen.find("spin button", "Days", PROPERTIES))
        screen.key("ctrl+a")
        screen.type(str(days))
        screen.key("Tab")
    return world.accept()


def there(world):
    """The ages of the messages that are there, in days."""
    return tuple(days for days in AGES_DAYS
                 if world.number(GROUP, f"\nSubject: {days} days ago\n"))


def ages(world):
    for entry, days, want in ((DAYS, 30, (1, 10)), (DAYS, 5, (1,)),
                              (DAYS, 30, (1, 10)), (FOR_EVER, None, AGES_DAYS),
                              (DAYS, 5, (1,)), (GATEWAY, None, AGES_DAYS)):
        what = f"{days} days" if days else \
            ("as the gateway", "for ever")[entry == FOR_EVER]
        tap.ok(keeps(world, entry, days) and world.comes(GROUP, len(want)) and
               there(world) == want, f"kept {what}: {len(want)} are there",
               world.status(GROUP), *there(world))
        world.rests()


def main():
    limit(120)
    with Ages().site as site, Plugged() as world:
        world.newswire("subscribe", "--kind", "feed", "--group", GROUP,
                       site.url + "/feed.xml")
        tap.ok(world.begin() and world.comes(GROUP, len(AGES_DAYS)) and
               world.rests(), "Claws Mail starts", world.status(GROUP))
        tells(world)
        ages(world)
        world.finish("with other properties")
        tap.ok(world.tree('nw_images="inline"') and
               world.tree('nw_edits="supersede"'),
               "folderlist.xml has what was chosen", *world.tree(GROUP))
    tap.done()


if __name__ == "__main__":
    main()
