# SPDX-License-Identifier: GPL-3.0-or-later
"""Claws Mail ends while this computer's newswire waits for a site that does not
answer, and begins by a link that a browser hands over; a failure is said once,
also over a new start.
"""
import os
import socket
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import SUBSCRIBE, Plugged, limit, tap

GROUP = "example.slow"
# Less than newswire waits for a site.
EXIT_S = 8
PAGE = "https://news.example/world/"
COPIED = "https://news.example/copied/feed.xml"
GONE = """<folder type="newswire" name="nobody" nw_host="127.0.0.1"
 nw_port="%d" nw_dir="nobody"><folderitem type="normal" name="nothing"
 path="example.nothing" sort_key="thread_date" threaded="1" />
</folder>
"""


class Silent:
    """A site that takes each request and says nothing; asked() once it was."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.server.setblocking(False)
        self.clients = []
        port = self.server.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}/feed.xml"

    def asked(self):
        try:
            self.clients.append(self.server.accept()[0])
        except BlockingIOError:
            pass
        return self.clients


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


def ends_while_waiting(world, site):
    world.newswire("subscribe", "--kind", "feed", "--no-fetch", "--group",
                   GROUP, site.url)
    tap.ok(world.begin(), "Claws Mail starts")
    tap.ok(world.screen.wait(site.asked) and left(world),
           "newswire asks a site that does not answer",
           world.newswire("list").stdout, world.log()[-1000:])
    world.finish("while newswire waits for a site", EXIT_S)
    tap.ok(world.screen.wait(lambda: not left(world), 2),
           "and newswire has ended with it", *left(world))


def complaints(world):
    return [line for line in world.log().splitlines()
            if "cannot be reached" in line]


def says_once(world):
    """A gateway that is not there: in the log of the first start only."""
    tap.ok(world.begin() and world.screen.wait(lambda: complaints(world)),
           "a gateway that is not there is said to be away",
           world.log()[-1000:])
    world.check()
    tap.ok(len(complaints(world)) == 1, "once", *complaints(world))
    world.finish("with a gateway that is not there")
