# SPDX-License-Identifier: GPL-3.0-or-later
"""The poller is killed at every picture: no story is lost, none is there
twice, and what had come is not fetched again."""
import os
import signal
import sqlite3
import time

from gateway import SITE, Gateway, Scripted, pictures, without_clock
import tap

STORIES, EACH = 4, 3

with open(os.path.join(SITE, "images", "bridge.png"), "rb") as file:
    PICTURE = file.read()


def feed(base):
    items = "".join(
        f"<item><title>Story {n}</title><link>{base}/story-{n}.html</link>"
        f"<pubDate>Sat, 26 Jul 2025 {10 + n}:00:00 GMT</pubDate>"
        f"<description>Teaser {n}.</description></item>"
        for n in range(STORIES, 0, -1))
    return (f"<?xml version='1.0'?><rss version='2.0'><channel><title>T"
            f"</title><link>{base}/</link><description>d</description>"
            f"{items}</channel></rss>").encode()


def page(base, n):
    text = "".join(
        f"<p>Paragraph {i} of story {n} has a few words that say that it is "
        f"a story of its own.</p><figure><img src={base}/p-{n}-{i}.png "
        f"width=320 height=180><figcaption>Picture {i} of {n}</figcaption>"
        f"</figure>" for i in range(EACH))
    return (f"<!DOCTYPE html><html lang=en><title>Story {n}</title>"
            f"<article><h1>Story {n}</h1>{text}<p>And that is the end of "
            f"what there is to say.</p></article></html>").encode()


class Publisher:
    """Kills its reader when that picture is asked for, and answers only once
    those before it are kept."""

    def __init__(self):
        self.kill_at, self.seen = 0, 0
        self.process = self.server = self.gateway = None
        self.before = 0

    def kept(self):
        path = os.path.join(self.gateway.home, "newswire.db")
        store = sqlite3.connect(path, timeout=10)
        count = store.execute("SELECT count(*) FROM pictures").fetchone()[0]
        store.close()
        return count

    def wait(self):
        until = time.monotonic() + 10
        while (self.kept() < self.before + self.seen - 1 and
               time.monotonic() < until):
            time.sleep(0.005)

    def answer(self, path):
        if path == "/feed":
            return 200, {"ETag": '"1"'}, feed(self.server.url)
        if path.endswith(".html"):
            number = int(path.split("-")[1].split(".")[0])
            return (200, {"Content-Type": "text/html"},
                    page(self.server.url, number))
        if not path.endswith(".png"):
            return 404, {}, b""
        self.seen += 1
        if self.process:
            self.wait()
        if self.process and self.seen == self.kill_at:
            self.process.send_signal(signal.SIGKILL)
        return 200, {"Content-Type": "image/png"}, PICTURE


def interrupted(gateway, publisher, kill_at):
    publisher.seen, publisher.kill_at = 0, kill_at
    publisher.gateway, publisher.before = gateway, 0
    publisher.before = publisher.kept()
    publisher.process = gateway.start_fetch()
    code = publisher.process.wait()
    publisher.process = None
    return code == -signal.SIGKILL


def main():
    publisher = Publisher()
    with Scripted(publisher.answer) as publisher.server:
        url = publisher.server.url + "/feed"
        with Gateway() as gateway:
            gateway.subscribe(url, "e2e.killed")
            said = gateway.fetch()
            whole = without_clock(gateway.articles("e2e.killed"))
        tap.ok(len(whole) == STORIES and
               all(len(pictures(a)) == EACH for a in whole.values()),
               "an uninterrupted run stores every story with its pictures",
               said)
        publisher.server.calls.clear()
        with Gateway() as gateway:
            gateway.subscribe(url, "e2e.killed")
            # Each time one picture later; a run that ends is the last one.
            kills = 0
            while interrupted(gateway, publisher, kills + 1) and kills < 50:
                kills += 1
            said = gateway.fetch()
            resumed = gateway.articles("e2e.killed")
            tap.ok(kills >= 3, f"the poller was killed {kills} times")
            tap.ok(without_clock(resumed) == whole,
                   "the same articles with the same pictures are there",
                   said, sorted(resumed), sorted(whole))
            asked = [p for p in publisher.server.calls if p.endswith(".png")]
            tap.ok(len(asked) == STORIES * EACH + kills,
                   "only what was under way was fetched again",
                   kills, len(asked), *asked)
            publisher.server.calls.clear()
            gateway.fetch()
            tap.ok(gateway.articles("e2e.killed") == resumed and
                   publisher.server.calls == ["/feed"],
                   "and a further poll changes and fetches nothing",
                   *publisher.server.calls)
    tap.done()


main()
