# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk is full while "newswire serve" polls: readers go on, the poller says
so once, and when there is room it goes on by itself; nothing is lost and nothing
is there twice.  On a small file system in memory where one may be mounted, and
by a limit of the size of files everywhere."""
import os
import re
import resource
import subprocess
import time

from faults import Client, Server, feed, page
from gateway import NEWSWIRE, Gateway, Scripted
import tap

GROUPS = [f"e2e.full{n}" for n in range(4)]
STORIES = 30
# The poller looks again after a minute.
RESUMES_S = 100


class Publisher:
    """A feed for each group; its pages are long.  To begin with, each feed has
    one story."""

    def __init__(self):
        self.stories, self.server, self.asked = 1, None, 0

    def answer(self, path):
        self.asked += path != "/robots.txt"
        found = re.fullmatch(r"/(\d)/feed", path)
        if found:
            return 200, {}, feed(f"{self.server.url}/{found[1]}", 1,
                                 self.stories)
        found = re.fullmatch(r"/(\d)/story-(\d+)\.html", path)
        if found:
            number = int(found[1]) * 1000 + int(found[2])
            return 200, {"Content-Type": "text/html"}, page(number, 400)
        return 404, {}, b""


def subscribe(gateway, publisher):
    for n, group in enumerate(GROUPS):
        gateway.subscribe(f"{publisher.server.url}/{n}/feed", group)
    gateway.fetch()


def make_due(gateway):
    """As if the time had come for all."""
    subprocess.run(["python3", "-c",
                    "import sqlite3,sys; db=sqlite3.connect(sys.argv[1]);"
                    "db.execute('UPDATE sources SET due_utc=1');db.commit()",
                    os.path.join(gateway.home, "newswire.db")], check=True)


def counts(client):
    return [int(client.ask(f"GROUP {group}").split()[1]) for group in GROUPS]


def numbers(gateway):
    """Of each group: its numbers and Message-IDs, as OVER has them."""
    said = gateway.run("nntp", stdin="".join(
        f"GROUP {group}\r\nOVER 1-\r\n" for group in GROUPS) + "QUIT\r\n")
    return re.findall(r"^(\d+)\t.*(<[^>]+@newswire\.invalid>)\t",
                      said.stdout.decode(), re.M)


def wait_for_all(client, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if counts(client) == [STORIES] * len(GROUPS):
            return True
        time.sleep(0.5)
    return False


def check_full(what, server, client, publisher):
    server.wait_for(r"newswire\.db: the disk (is full|failed)")
    # For the pages that were under way; then for the next look at what is due.
    time.sleep(3)
    asked = publisher.asked
    time.sleep(6)
    tap.ok(len(re.findall(r"the disk (?:is full|failed)", server.log())) == 1,
           f"{what}: the poller says so once", server.log())
    tap.ok(publisher.asked == asked and server.process.poll() is None,
           f"{what}: and asks nobody for what it cannot store",
           publisher.asked - asked)
    status, lines = client.read("ARTICLE 1")
    had = counts(client)
    tap.ok(status[:3] == "220" and len(lines) > 100 and
           sum(had) < STORIES * len(GROUPS), f"{what}: readers go on",
           status, had)


def check_whole(what, gateway, publisher):
    done = gateway.run("check")
    tap.ok(done.returncode == 0, f"{what}: the store is whole",
           done.stdout.decode())
    whole = numbers(gateway)
    tap.ok(len(whole) == len(set(whole)) == STORIES * len(GROUPS) and
           sorted(int(n) for n, _ in whole) ==
           sorted(list(range(1, STORIES + 1)) * len(GROUPS)),
           f"{what}: all is there, once, without a gap", len(whole))
    gateway.fetch()
    tap.ok(numbers(gateway) == whole, f"{what}: and stays so")


def on_small_disk():
    publisher = Publisher()
    with Scripted(publisher.answer) as publisher.server, \
            Gateway("host-pause = 0\nreaders = 1\n") as gateway:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m",
                               "newswire-test", gateway.home],
                              capture_output=True, check=False)
        if done.returncode:
            tap.ok(True, "no small file system may be mounted here # SKIP")
            return
        try:
            with open(os.path.join(gateway.home, "newswire.conf"), "w",
                      encoding="utf-8") as file:
                file.write("host-pause = 0\nreaders = 1\n")
            live_on_small_disk(gateway, publisher)
        finally:
            subprocess.run(["umount", gateway.home], check=True)


def live_on_small_disk(gateway, publisher):
    subscribe(gateway, publisher)
    publisher.stories = STORIES
    make_due(gateway)
    server = Server(gateway)
    client = Client(server.port)
    client.ask(f"GROUP {GROUPS[0]}")
    check_full("small disk", server, client, publisher)
    subprocess.run(["mount", "-o", "remount,size=64m", gateway.home],
                   check=True)
    tap.ok(wait_for_all(client, RESUMES_S),
           "small disk: with room it goes on by itself", counts(client),
           server.log())
    tap.ok("takes news again" in server.log(), "small disk: and says so",
           server.log())
    client.close()
    tap.ok(server.stop() == 0, "small disk: it ends well")
    check_whole("small disk", gateway, publisher)


def by_limit():
    """The limit goes with the process, so the next one has room."""
    publisher = Publisher()
    with Scripted(publisher.answer) as publisher.server, \
            Gateway("host-pause = 0\nreaders = 1\n") as gateway:
        subscribe(gateway, publisher)
        publisher.stories = STORIES
        size = os.path.getsize(os.path.join(gateway.home,
                                            "newswire.db")) + 200000
        limited = subprocess.run(
            [NEWSWIRE, "--home", gateway.home, "fetch", "--all"],
            env=gateway.env, capture_output=True, check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE,
                                                  (size, size)))
        said = limited.stderr.decode()
        tap.ok(limited.returncode != 0 and
               len(re.findall("newswire.db: the disk", said)) == 1,
               "limit: fetch says so once and fails", limited.returncode,
               said)
        tap.ok(gateway.run("check").returncode == 0,
               "limit: the store is whole")
        gateway.fetch()
        check_whole("limit", gateway, publisher)


def main():
    by_limit()
    on_small_disk()
    tap.done()


main()
