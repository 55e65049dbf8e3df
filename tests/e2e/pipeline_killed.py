# SPDX-License-Identifier: GPL-3.0-or-later
"""The poller is killed at every turn; what it resumes with ends as a run
without interruption does."""
import signal

from gateway import Gateway, Scripted, without_clock
import tap

ITEMS = 12


def feed(base):
    items = "".join(
        f"<item><title>Story {n}</title><link>{base}/story-{n}.html</link>"
        f"<guid>{base}/story-{n}.html</guid>"
        f"<pubDate>Sat, 26 Jul 2025 {10 + n // 60:02}:{n % 60:02}:00 GMT"
        f"</pubDate><description>Teaser {n}.</description></item>"
        for n in range(ITEMS, 0, -1))
    return (f"<?xml version='1.0'?><rss version='2.0'><channel><title>T"
            f"</title><link>{base}/</link><description>d</description>"
            f"{items}</channel></rss>").encode()


def page(n):
    text = "".join(f"<p>Paragraph {i} of story {n} has a few words that say "
                   f"that it is a story of its own.</p>" for i in range(6))
    return (f"<!DOCTYPE html><html lang=en><title>Story {n}</title>"
            f"<article><h1>Story {n}</h1>{text}</article></html>").encode()


class Publisher:
    """Answers, and kills its reader at the request of that number."""

    def __init__(self):
        self.kill_at = 0
        self.process = None
        self.server = None

    def answer(self, path):
        if self.process and len(self.server.calls) == self.kill_at:
            self.process.send_signal(signal.SIGKILL)
        if path == "/robots.txt":
            return 404, {}, b""
        if path == "/feed":
            return 200, {"ETag": '"1"'}, feed(self.server.url)
        number = int(path.split("-")[1].split(".")[0])
        return 200, {"Content-Type": "text/html"}, page(number)


def polled(gateway, publisher):
    gateway.subscribe(publisher.server.url + "/feed", "e2e.killed")
    said = gateway.fetch()
    return gateway.articles("e2e.killed"), said


def interrupted(gateway, publisher, kill_at):
    """True when the poll was killed at that request."""
    publisher.server.calls.clear()
    publisher.kill_at = kill_at
    publisher.process = gateway.start_fetch()
    code = publisher.process.wait()
    publisher.process = None
    return code == -signal.SIGKILL


def main():
    publisher = Publisher()
    with Scripted(publisher.answer) as publisher.server:
        with Gateway() as gateway:
            whole, said = polled(gateway, publisher)
        whole = without_clock(whole)
        tap.ok(len(whole) == ITEMS, "an uninterrupted run stores every story",
               said)
        # Each time one request later, so that every stage is hit.
        with Gateway() as gateway:
            gateway.subscribe(publisher.server.url + "/feed", "e2e.killed")
            kills = 0
            for turn in range(1, ITEMS + 3):
                kills += interrupted(gateway, publisher, turn)
            said = gateway.fetch()
            resumed = gateway.articles("e2e.killed")
            tap.ok(kills >= 3, f"the poller was killed {kills} times")
            tap.ok(without_clock(resumed) == whole,
                   "the same articles with the same numbers are there",
                   said, sorted(resumed), sorted(whole))
            gateway.fetch()
            tap.ok(gateway.articles("e2e.killed") == resumed,
                   "and a further poll changes nothing")
    tap.done()


main()
