# SPDX-License-Identifier: GPL-3.0-or-later
"""A story that runs while its folder is open: updates appear in the thread, an
edited one takes the place of the earlier one with its mark, its tag and whether
it was read, a withdrawn one goes, and what the user deleted stays deleted.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import Plugged, limit, tap
from gateway import Scripted
from running import EDITED, GROUP, LEADS, ROOT, TITLES, Page

TAG = "harbour"
DELETE, HISTORY = "Delete message", "Story history"


class Harbour:
    """The page on a site, and how many of its messages the user should see."""

    def __init__(self, world):
        self.world, self.page, self.deleted = world, Page(), set()
        self.site = Scripted(self.answer)

    def answer(self, path):
        if path != "/live":
            return 404, {}, b""
        return 200, {"Content-Type": "text/html"}, \
            self.page.html(self.site.url).encode()

    def wanted(self):
        return sorted([ROOT] + [title for title in self.page.titles()
                                if title not in self.deleted])

    def there(self):
        """The subjects of what lies in the folder."""
        return sorted(line[9:] for text in
                      self.world.messages(GROUP).values()
                      for line in text.split("\n\n")[0].split("\n")
                      if line.startswith("Subject: "))

    def check(self, what):
        """All that is there comes to be what is wanted, in the folder as on
        the disk: a folder is read some time after the check has ended, by how
        busy the machine is."""
        began = self.world.check()
        count = len(self.wanted())
        tap.ok(began and self.world.screen.wait(
            lambda: self.world.count(GROUP) == count and
            self.there() == self.wanted()), what,
            self.world.status(GROUP), *self.there())

    def number(self, title):
        return self.world.number(GROUP, f"\nSubject: {title}\n")


def whole_thread(world, what):
    """From the root on, which is selected."""
    world.screen.menu("Edit", "Select thread")
    count = world.count(GROUP)
    tap.ok(world.screen.says(f"{count} items selected"),
           f"one thread of {count}: {what}", *world.screen.words())


def begins(world, harbour):
    world.newswire("subscribe", "--kind", "live", "--edits", "supersede",
                   "--group", GROUP, harbour.site.url + "/live")
    tap.ok(world.begin() and world.comes(GROUP, 4), "a story has begun",
           world.status(GROUP))
    world.rests()
    world.select(GROUP, harbour.number(ROOT))
    tap.ok(world.screen.shows(ROOT, LEADS[0]), "its root is being read",
           world.screen.pane())


def grows(world, harbour):
    harbour.page.gain(4, 5)
    harbour.check("updates come while the folder is open")
    tap.ok(world.screen.says("6 total") and
           world.screen.says("1 item selected") and
           world.screen.shows(ROOT, LEADS[0]),
           "they show at once, and what is being read stays",
           *world.screen.words())
    whole_thread(world, "after updates")
    world.screen.shot("grown")


def shows_history(world, *parts):
    """Of the message that is selected."""
    screen = world.screen
    screen.expected.append(HISTORY)
    tap.ok(screen.menu("Message", "Story history") and
           all(screen.says(part, HISTORY) for part in (*parts, "[+")),
           f"its history has {', '.join(parts)}", *screen.words(HISTORY))
    screen.shot("history-" + parts[0])
    tap.ok(screen.close(HISTORY), "and is closed")


def is_edited(world, harbour):
    screen = world.screen
    first = harbour.number(TITLES[2])
    world.select(GROUP, first)
    tap.ok(screen.shows(TITLES[2]), "an update is read", screen.pane())
    tap.ok(screen.menu("Message", "Mark", "Mark") and
           screen.menu("Message", "Tags", TAG) and
           screen.wait(lambda: world.search(GROUP, "marked") == [first] ==
                       world.search(GROUP, "tagged")),
           "it gets a mark and a tag", world.search(GROUP, "marked"),
           world.search(GROUP, "tagged"))
    unread = world.search(GROUP, "unread")
    harbour.page.edit(2)
    harbour.check("it is edited, and there is one of it")
    second = harbour.number(EDITED[2])
    tap.ok(second and second > first, "by another message", first, second)
    for words in ("marked", "tagged"):
        tap.ok(world.search(GROUP, words) == [second],
               f"which is {words} as the earlier one was",
               second, *world.search(GROUP, words))
    tap.ok(world.search(GROUP, "unread") == unread, "and read as that was",
           unread, world.search(GROUP, "unread"))
    world.select(GROUP, second)
    tap.ok(screen.shows(EDITED[2], "revised words"), "it reads as it is now",
           screen.pane())
    shows_history(world, "revised", "first")
    old = harbour.number(TITLES[3])
    harbour.page.edit(3)
    harbour.check("one that nobody read is edited")
    tap.ok(old in unread and sorted(world.search(GROUP, "unread")) == sorted(
        [n for n in unread if n != old] + [harbour.number(EDITED[3])]),
        "and is unread as before", unread, world.search(GROUP, "unread"))
    return second


def is_withdrawn(world, harbour):
    gone = harbour.number(TITLES[5])
    harbour.page.withdraw(5)
    harbour.check("a withdrawn one goes")
    tap.ok(harbour.number(TITLES[5]) is None, "from the disk too", gone)


def root_is_replaced(world, harbour):
    world.select(GROUP, harbour.number(ROOT))
    harbour.page.edit_root()
    harbour.check("the root is replaced")
    harbour.page.edit_root()
    harbour.check("and again")
    world.select(GROUP, harbour.number(ROOT))
    tap.ok(world.screen.shows(ROOT, LEADS[2]), "and reads as it is now",
           world.screen.pane())
    shows_history(world, "quay", "Five", "Nine", "spring")
    whole_thread(world, "with another root")


def stays_deleted(world, harbour):
    """There is no trash for what can be had again: Claws Mail asks."""
    screen = world.screen
    screen.expected.append(DELETE)
    for title, entry in ((TITLES[1], "Move to trash"),
                         (TITLES[4], "Delete...")):
        harbour.deleted.add(title)
        world.select(GROUP, harbour.number(title))
        screen.shows(title)
        done = screen.menu("Message", entry) and \
            screen.appears(DELETE)
        screen.key("Return")
        tap.ok(done and world.comes(GROUP, len(harbour.wanted())),
               f"a message is gone by {entry}", world.status(GROUP),
               *screen.words())
    harbour.check("it stays deleted over a check")
    harbour.page.gain(6)
    harbour.check("and over one that brings another message")


def main():
    limit(170)
    with Plugged() as world:
        with open(world.rc("tagsrc"), "w", encoding="ascii") as file:
            file.write(f"max_id 1\n1\t{TAG}\n")
        harbour = Harbour(world)
        with harbour.site:
            begins(world, harbour)
            grows(world, harbour)
            marked = is_edited(world, harbour)
            is_withdrawn(world, harbour)
            root_is_replaced(world, harbour)
            stays_deleted(world, harbour)
            unread = world.search(GROUP, "unread")
            world.finish("with an open thread")
            tap.ok(world.begin(), "it starts again")
            world.rests()
            harbour.check("and all is as it was")
            tap.ok(world.search(GROUP, "marked") == [marked] ==
                   world.search(GROUP, "tagged") and
                   world.search(GROUP, "unread") == unread,
                   "with mark, tag and what was read",
                   world.search(GROUP, "marked"),
                   world.search(GROUP, "tagged"), unread,
                   world.search(GROUP, "unread"))
            world.finish("again")
    tap.done()


if __name__ == "__main__":
    main()
