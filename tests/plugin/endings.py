# SPDX-License-Identifier: GPL-3.0-or-later
"""Claws Mail ends while this computer's newswire waits for a site that does not
answer, and begins by a link that a browser hands over; a failure is said once,
also over a new start.
"""
import os
import socket
import subprocess
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import SUBSCRIBE, Plugged, limit, tap
from gateway import Scripted

GROUP = "example.slow"
GROUPS = {GROUP, "example.nothing"}
# Less than newswire waits for a site.
EXIT_S = 8
PAGE = "https://news.example/world/"
COPIED = "https://news.example/copied/feed.xml"
FEED = b"""<rss version="2.0"><channel><title>Slow</title>
<item><title>First</title><link>http://127.0.0.1/first</link>
<description>The first words.</description></item></channel></rss>"""
GONE = """<folder type="newswire" name="nobody" nw_host="127.0.0.1"
 nw_port="%d" nw_dir="nobody"><folderitem type="normal" name="nothing"
 path="example.nothing" sort_key="thread_date" threaded="1" />
</folder>
"""


class Slow:
    """A site that answers once and then takes its time; asked is set when
    somebody waits."""

    def __init__(self):
        self.asked, self.over = threading.Event(), threading.Event()
        self.site = Scripted(self.answer)

    def answer(self, path):
        if self.site.calls.count(path) > 1:
            self.asked.set()
            self.over.wait()
        return 200, {"Content-Type": "application/rss+xml"}, FEED

    def __enter__(self):
        self.site.__enter__()
        return self

    def __exit__(self, *exception):
        self.over.set()
        self.site.__exit__(*exception)


def unused_port():
    """One that is taken and not listened at, so that nobody answers there."""
    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    return taken, taken.getsockname()[1]


def left(world):
    """Processes of newswire with this test's home."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
                name = file.read().strip()
            with open(f"/proc/{pid}/environ", "rb") as file:
                ours = world.home.encode() in file.read()
        except OSError:
            continue
        if name == "newswire" and ours:
            found.append(pid)
    return found


def ends_while_waiting(world, slow):
    world.newswire("subscribe", "--kind", "feed", "--group", GROUP,
                   slow.site.url + "/feed.xml")
    # This one takes what the subscription has read.
    world.newswire("fetch")
    tap.ok(world.begin() and world.rests() and
           world.screen.menu("Tools", "Check web news"),
           "Claws Mail starts, and checks")
    tap.ok(world.screen.wait(slow.asked.is_set) and left(world),
           "newswire asks a site that does not answer", *slow.site.calls,
           world.newswire("list").stdout)
    world.finish("while newswire waits for a site", EXIT_S)
    tap.ok(world.screen.wait(lambda: not left(world), 2),
           "and newswire has ended with it", *left(world))


def complaints(world):
    return [line for line in world.log().splitlines()
            if "cannot be reached" in line]


def says_once(world, what):
    """Claws Mail begins its log anew."""
    tap.ok(world.begin() and world.screen.wait(lambda: complaints(world)),
           f"a gateway is not there, and it is said: {what}",
           world.log()[-1000:])
    world.check()
    world.check()
    tap.ok(len(complaints(world)) == 1, f"once: {what}", *complaints(world))


def typed(world):
    entry = world.screen.find("text", "Web address", SUBSCRIBE)
    return world.screen.text(entry)


def begins_by_link(world):
    """The browser starts Claws Mail for it, as none runs."""
    screen = world.screen
    screen.expected.append(SUBSCRIBE)
    world.program = world.claws("newswire://" + PAGE)
    tap.ok(world.program and screen.appears(SUBSCRIBE) and
           screen.wait(lambda: typed(world) == PAGE) and
           screen.says("A link asks to subscribe", SUBSCRIBE),
           "a link starts Claws Mail, which asks about its address",
           *screen.words(SUBSCRIBE))
    screen.shot("link")
    tap.ok(world.rests() and set(world.groups()) == GROUPS,
           "and does nothing by itself", *world.groups())
    screen.close(SUBSCRIBE)


def copies(world, words):
    """Into the clipboard, of which xclip is the owner from then on."""
    subprocess.run(["xclip", "-selection", "clipboard"], env=world.env,
                   input=words, text=True, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def proposes(world):
    """What was copied, when that is an address."""
    screen = world.screen
    for words, want in ((COPIED, COPIED), ("Harbour reopens", "")):
        copies(world, words)
        world.open_subscribe()
        found = screen.wait(lambda: typed(world) == want, 5)
        if not want:
            world.screen.says("There are no groups", SUBSCRIBE, 1)
            found = typed(world) == want
        tap.ok(found, f"the window begins with {want or 'nothing'} when "
               f"{words} was copied", typed(world))
        screen.shot("copied")
        screen.close(SUBSCRIBE)


def main():
    limit(120)
    taken, port = unused_port()
    with taken, Slow() as slow, Plugged(folders=GONE % port) as world:
        ends_while_waiting(world, slow)
        slow.over.set()
        says_once(world, "the first time")
        world.finish("with a gateway that is not there")
        says_once(world, "after a new start")
        world.finish("again")
        begins_by_link(world)
        proposes(world)
        world.finish("after a link")
    tap.done()


if __name__ == "__main__":
    main()
