# SPDX-License-Identifier: GPL-3.0-or-later
"""The first start of a new user, who has configured nothing: the plugin is
loaded, a web address is typed, and text, picture and author are there to be
read; the second start asks nothing either.
"""
from email import message_from_string, policy
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import LOCAL, SUBSCRIBE, Plugged, Site, limit, tap
from screen import SHADE

SITE = os.path.join(os.environ.get("srcdir", "."), "tests", "site")
# The gateway rests a second between two pages of a site.
FETCH_S = 60
STORIES = 8


def starts(world):
    tap.ok(world.begin(), "Claws Mail starts with the plugin")
    tree = world.screen.wait(lambda: world.tree("<folder type=\"newswire\""))
    tap.ok(tree and f'name="{LOCAL}"' in tree[0],
           f"there is a folder {LOCAL}", *tree or ())
    tap.ok(world.groups() == [], "which is empty", *world.groups())
    tap.ok(world.rests(), "and nothing is to be done")
    world.quiet("the first start")
    tap.ok("Newswire:" not in world.log(), "and the log has no complaint",
           world.log())


def refuses(world, url):
    """Nonsense, and an address where nothing is, are said to be wrong."""
    screen = world.screen
    tap.ok(world.open_subscribe(), "the window for subscriptions opens")
    tap.ok(screen.says("There are no groups here yet", SUBSCRIBE, 10),
           "and has no groups yet", *screen.words(SUBSCRIBE))
    screen.shot("subscribe")
    for typed, answer in (("no address", "That is no web address"),
                          (url + "/nothing-here.html", "404")):
        screen.fill("Web address", typed, SUBSCRIBE)
        screen.key("Return")
        tap.ok(screen.says(answer, SUBSCRIBE),
               f"{typed.replace(url, '')} is answered in the window",
               *screen.words(SUBSCRIBE))
    screen.close(SUBSCRIBE)


def subscribes(world, url):
    group = world.subscribe(url + "/")
    tap.ok(group, "the address of a site makes a group",
           *world.screen.words(), *world.screen.words(SUBSCRIBE))
    world.screen.shot("subscribed")
    tap.ok(world.comes(group, STORIES, FETCH_S),
           "all that its feed has is there", world.status(group))
    tap.ok(world.status(group)[1] == STORIES, "and unread",
           world.status(group))
    return group


def picture_of(text):
    """The first picture that a message carries, as bytes; None."""
    for part in message_from_string(text, policy=policy.default).walk():
        if part.get_content_maintype() == "image":
            return part.get_content()
    return None


def main_colours(octets):
    """The shades that make most of the top of a picture, which shows."""
    import gi
    gi.require_version("GdkPixbuf", "2.0")
    from gi.repository import GdkPixbuf
    loader = GdkPixbuf.PixbufLoader()
    loader.write(octets)
    loader.close()
    picture = loader.get_pixbuf()
    data, step = picture.get_pixels(), picture.get_n_channels()
    counts = {}
    for y in range(picture.get_height() // 3):
        row = y * picture.get_rowstride()
        for x in range(row, row + step * picture.get_width(), step):
            shade = tuple(value // SHADE for value in data[x:x + 3])
            counts[shade] = counts.get(shade, 0) + 1
    # A page is black and white without any picture.
    colours = [shade for shade in counts if max(shade) - min(shade) > 1]
    return sorted(colours, key=counts.get)[-3:]


def reads(world, group):
    screen = world.screen
    world.select(group, world.number(group, "Subject: Ferry adds"))
    tap.ok(screen.shows("Subject: Ferry adds a late boat on Fridays",
                        "The ferry to Sandholm will make one more crossing",
                        "Marta Quill <", "Marta Quill, Reporter"),
           "text, author and biography are in the pane", screen.pane())
    number = world.number(group, "Subject: In praise of slow boats")
    octets = picture_of(world.messages(group)[number])
    tap.ok(octets, "a message carries its picture")
    want = main_colours(octets)
    before = screen.colours(screen.all("scroll pane")[-1])
    world.select(group, number)
    tap.ok(screen.shows("In praise of slow boats"), "it is read",
           screen.pane())

    def drawn():
        after = screen.colours(screen.all("scroll pane")[-1])
        return all(after.get(shade, 0) > before.get(shade, 0) + 50
                   for shade in want)

    tap.ok(screen.wait(drawn, 10), "and its picture is drawn in the pane",
           want)
    screen.shot("picture")
    tap.ok(world.status(group)[1] == STORIES - 2, "two are read now",
           world.status(group))


def threads(world, url):
    """A live page: selecting the thread of its root selects all of it."""
    group = world.subscribe(url + "/live/harbour.html")
    tap.ok(group and world.comes(group, 4, FETCH_S),
           "a live page makes a thread of four", group)
    root = min(number for number, text in world.messages(group).items()
               if "\nReferences:" not in text)
    world.select(group, root)
    world.screen.menu("Edit", "Select thread")
    tap.ok(world.screen.says("4 items selected"),
           "whose root has the updates below it", *world.screen.words())
    world.screen.shot("thread")


def main():
    limit(200)
    with Plugged(config=None) as world:
        site = Site(world, SITE)
        starts(world)
        refuses(world, site.url)
        group = subscribes(world, site.url)
        reads(world, group)
        threads(world, site.url)
        world.finish("after the first day")
        site.stop()
        tap.ok(world.begin(), "it starts again, and the site is gone")
        tap.ok(world.status(group)[1:] == (STORIES - 2, STORIES),
               "what was read is read", world.status(group))
        tap.ok(world.tree(f'path="{group}"'),
               "folderlist.xml has the group")
        world.finish("the second day")
    tap.done()


if __name__ == "__main__":
    main()
