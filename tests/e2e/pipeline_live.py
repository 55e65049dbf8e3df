# SPDX-License-Identifier: GPL-3.0-or-later
"""A live page grows over many polls; pages are read again for edits; a poller
that is killed meanwhile loses and doubles nothing."""
import json
import os
import signal
import tempfile
import time

from gateway import (SITE, Gateway, Scripted, Site, header, subject, text,
                     without_clock)
import tap

# An edit is replaced at once.
CONFIG = "host-pause = 0\nupdate-pause = 0\n"

START = int(time.time()) - 4 * 3600
STEP = 600
GROUP = "e2e.harbour"


def harbour(step, port=0):
    """The site when so many updates came after the first three."""
    return Site(SITE, port=port, start=START, live_seconds=STEP,
                now=START + step * STEP)


def subjects(gateway):
    return [subject(a) for a in gateway.articles(GROUP).values()]


def keys(gateway):
    """The updates that are there, by their addresses."""
    links = (header(a, "Archived-At") or "" for a in
             gateway.articles(GROUP).values())
    return sorted(link.strip("<>").split("#")[1] for link in links
                  if "#" in link)


def replaces_itself(gateway, said):
    articles = gateway.articles(GROUP).values()
    edited = [a for a in articles if header(a, "Supersedes")]
    tap.ok(len(edited) == 1 and "Upper Quay since nine" in text(edited[0]) and
           header(edited[0], "Supersedes") not in
           [header(a, "Message-ID") for a in articles],
           "an edited one replaces itself", said, *edited)


def grows():
    """Polled at each step; returns what is there in the end."""
    with Gateway(CONFIG) as gateway:
        with harbour(0) as site:
            gateway.subscribe(f"{site.url}/live/harbour.html", GROUP, "live")
            said = gateway.fetch()
        first = gateway.articles(GROUP)
        tap.ok(len(first) == 4 and "crate" not in " ".join(subjects(gateway)),
               "a live page is a root and its updates", said, *first.values())
        root = header(first[1], "Message-ID")
        for step in range(1, 10):
            with harbour(step, site.port):
                said = gateway.fetch()
                if step == 1:
                    crate = [a for a in gateway.articles(GROUP).values()
                             if subject(a) == "A crate is missing"]
                    tap.ok(len(crate) == 1, "a new update follows up", said)
                if step == 2:
                    replaces_itself(gateway, said)
                again = gateway.articles(GROUP)
                gateway.fetch()
                if gateway.articles(GROUP) != again:
                    tap.ok(False, f"step {step}: a poll without news changes "
                                  "something")
        last = gateway.articles(GROUP)
        tap.ok("A crate is missing" not in subjects(gateway) and
               "quay-08" not in keys(gateway),
               "a withdrawn one is gone", *subjects(gateway))
        tap.ok(len(last) == 12 and len(set(keys(gateway))) == 11,
               "each of the others is there once", *keys(gateway))
        tap.ok(all(header(a, "References").split()[0] == root
                   for n, a in last.items() if n > 1),
               "and all follow the root")
        return keys(gateway)


def further_pages(whole):
    """One who comes late reads the pages behind the first."""
    with Gateway(CONFIG) as gateway, harbour(9) as site:
        gateway.subscribe(f"{site.url}/live/harbour.html", GROUP, "live")
        before = len(site.log().splitlines())
        said = gateway.fetch()
        asked = site.log().splitlines()[before:]
        tap.ok(keys(gateway) == whole, "who comes late gets all of it", said,
               *keys(gateway))
        tap.ok(len(asked) == 4, "from three pages, and robots.txt", *asked)
        gateway.fetch()
        tap.ok(len(site.log().splitlines()) == before + 5,
               "which are not read again", site.log())
    with Gateway(CONFIG) as gateway:
        with harbour(0) as site:
            gateway.subscribe(f"{site.url}/live/harbour.html", GROUP, "live")
            gateway.fetch()
        with harbour(9, site.port):
            said = gateway.fetch()
            tap.ok(keys(gateway) == whole,
                   "who was away for long misses nothing", said,
                   *keys(gateway))


class Publisher:
    """Answers, and kills its reader at the request of that number."""

    def __init__(self, answer):
        self.pages, self.kill_at, self.process = answer, 0, None
        self.server = None

    def answer(self, path):
        if self.process and len(self.server.calls) == self.kill_at:
            self.process.send_signal(signal.SIGKILL)
        body = self.pages(path, self.server.url)
        if body is None:
            return 404, {}, b""
        return 200, {"Content-Type": "text/html"}, body.encode()

    def killed(self, gateway, at, *command):
        """Whether a poll was killed at that request."""
        self.server.calls.clear()
        self.kill_at = at
        self.process = gateway.start(*command)
        code = self.process.wait()
        self.process = None
        return code == -signal.SIGKILL


def live_pages(path, base):
    """Nine updates on three pages."""
    name, _, query = path.partition("?page=")
    if name != "/live":
        return None
    number = int(query or 1)
    updates = "".join(
        f"<div class=block id=block-67c5a1008f08aaaa000000{n:02}>"
        f"<time datetime='2025-07-26T{n:02}:00:00Z'></time><h2>Update {n}</h2>"
        f"<p>What update {n} has to say.</p></div>"
        for n in range(12 - 3 * number, 9 - 3 * number, -1))
    more = f"<a href='?page={number + 1}'>Older</a>" if number < 3 else ""
    return (f"<html><link rel=canonical href={base}/live><h1>Live</h1>"
            f"{updates}{more}</html>")


def killed_on_a_live_page():
    publisher = Publisher(live_pages)
    with Scripted(publisher.answer) as publisher.server:
        url = publisher.server.url + "/live"
        with Gateway(CONFIG) as gateway:
            gateway.subscribe(url, GROUP, "live")
            said = gateway.fetch()
            whole = without_clock(gateway.articles(GROUP))
        tap.ok(len(whole) == 10, "nine updates and their root", said)
        with Gateway(CONFIG) as gateway:
            gateway.subscribe(url, GROUP, "live")
            kills = sum(publisher.killed(gateway, at, "fetch", "--all")
                        for at in range(1, 5))
            left = gateway.articles(GROUP)
            gateway.fetch()
            tap.ok(kills == 4 and not left and
                   without_clock(gateway.articles(GROUP)) == whole,
                   "a poller that is killed on the way leaves nothing half",
                   kills, *left, *gateway.articles(GROUP))


STORIES = 4


def story_pages(path, base):
    if path == "/feed":
        items = "".join(f"<item><title>Story {n}</title><link>{base}/story-{n}"
                        f"</link></item>" for n in range(STORIES))
        return f"<rss version='2.0'><channel><title>T</title>{items}" \
               f"</channel></rss>"
    if not path.startswith("/story-"):
        return None
    words = "".join(f"<p>Paragraph {i} of the story {path[-1]} says that it is "
                    f"one, and goes on for a while.</p>" for i in range(5))
    return f"<html><h1>Story {path[-1]}</h1><article>{words}</article></html>"


def waiting(gateway):
    status = json.loads(gateway.run("status", "--format", "json").stdout)
    return status["sources"][0]["rechecks_waiting"]


def paces(gateway):
    gateway.run("subscribe", "--recheck", "none", "--poll-live", "5m", GROUP)
    said = gateway.run("status").stdout.decode()
    tap.ok("live pages at most every 300 s; stories again for edits: none"
           in said, "a source has a pace of its own", said)
    gateway.run("subscribe", "--recheck", "default", "--poll-live", "default",
                GROUP)
    said = gateway.run("status").stdout.decode()
    tap.ok("live pages at most every 60 s; stories again for edits: 10m 1h 6h "
           "24h" in said, "or that of the configuration", said)
    wrong = [gateway.run("subscribe", *option, GROUP).returncode for option in
             (("--recheck", "1h 10m"), ("--poll-live", "1s"),
              ("--poll-live", "1m 2m"))]
    tap.ok(wrong == [64, 64, 64], "what is none is refused", *wrong)


def rechecks():
    """The server counts what it is asked for: 304s."""
    with tempfile.TemporaryDirectory() as folder:
        for n in range(STORIES):
            with open(os.path.join(folder, f"story-{n}.html"), "w",
                      encoding="utf-8") as file:
                file.write(story_pages(f"/story-{n}", ""))
        with Site(folder) as site, Gateway(CONFIG) as gateway:
            feed = story_pages("/feed", site.url)
            with open(os.path.join(folder, "feed.xml"), "w",
                      encoding="utf-8") as file:
                file.write(feed.replace("</link>", ".html</link>"))
            gateway.subscribe(f"{site.url}/feed.xml", GROUP)
            gateway.fetch()
            first = gateway.articles(GROUP)
            tap.ok(len(first) == STORIES and waiting(gateway) == STORIES,
                   "each story waits to be read again", waiting(gateway))
            gateway.let_time_pass()
            before = len(site.log().splitlines())
            said = gateway.run("fetch").stderr.decode()
            asked = site.log().splitlines()[before:]
            pages = [a for a in asked if "story-" in a]
            tap.ok(len(pages) == STORIES and all(": 304" in a for a in pages)
                   and not any("feed" in a for a in asked),
                   "its page is asked for by its validators, and the feed is "
                   "not", *asked)
            tap.ok(f"{STORIES} pages read again" in said and
                   gateway.articles(GROUP) == first and
                   waiting(gateway) == STORIES, "nothing has changed", said)
            page = os.path.join(folder, "story-2.html")
            with open(page, encoding="utf-8") as file:
                words = file.read()
            with open(page, "w", encoding="utf-8") as file:
                file.write(words.replace("goes on for a while",
                                         "ends after 14 more words", 1))
            gateway.let_time_pass()
            said = gateway.run("fetch").stderr.decode()
            new = [a for n, a in gateway.articles(GROUP).items()
                   if n not in first]
            tap.ok(len(new) == 1 and "14 more words" in text(new[0]),
                   "an edit is told once", said, *new)
            paces(gateway)


def killed_on_rechecks():
    publisher = Publisher(story_pages)
    with Scripted(publisher.answer) as publisher.server:
        with Gateway(CONFIG) as gateway:
            gateway.subscribe(publisher.server.url + "/feed", GROUP)
            gateway.fetch()
            first = gateway.articles(GROUP)
            gateway.let_time_pass()
            kills = sum(publisher.killed(gateway, at, "fetch")
                        for at in range(2, STORIES + 2))
            gateway.run("fetch")
            tap.ok(kills >= 2 and gateway.articles(GROUP) == first and
                   waiting(gateway) == STORIES,
                   "a poller that is killed on the way doubles nothing",
                   kills, waiting(gateway), *gateway.articles(GROUP))


def ticker():
    with Gateway(CONFIG) as gateway:
        with Site(SITE, start=START, live_seconds=60, now=START + 60) as site:
            url = f"{site.url}/live/ticker.html"
            done = gateway.run("subscribe", "--kind", "live", "--group", GROUP,
                               url)
            tap.ok(done.stdout.decode().endswith("\tNews Feed\n") and
                   b"neither" not in done.stderr,
                   "a ticker is a source of its own", done.stdout, done.stderr)
            gateway.fetch()
        briefs = [a for a in gateway.articles(GROUP).values()
                  if header(a, "References")]
        roots = [a for a in gateway.articles(GROUP).values()
                 if not header(a, "References")]
        tap.ok(len(briefs) == 4 and 1 <= len(roots) <= 2 and
               all(subject(a).startswith("News Feed, ") for a in roots),
               "its days are roots, its briefs follow them",
               *subjects(gateway))
        tap.ok(header(briefs[0], "Archived-At") ==
               f"<{site.url}/slow-boats.html>" and
               f"{site.url}/slow-boats.html" in text(briefs[0]),
               "and lead to their stories", briefs[0])
        with Site(SITE, port=site.port, start=START, live_seconds=60,
                  now=START + 300):
            said = gateway.fetch()
            new = [subject(a) for a in gateway.articles(GROUP).values()
                   if header(a, "References")]
            tap.ok(len(new) == 8, "and more come", said, *new)
            done = gateway.run("subscribe", "--kind", "live", "--group",
                               "e2e.none", f"{site.url}/feed.json")
        tap.ok(b"no HTML" in done.stderr or b"neither" in done.stderr,
               "what is none is said to be none", done.stderr)


whole = grows()
further_pages(whole)
killed_on_a_live_page()
rechecks()
killed_on_rechecks()
ticker()
tap.done()
