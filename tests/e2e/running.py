# SPDX-License-Identifier: GPL-3.0-or-later
"""A running story that changes step by step, and a gateway that reads it and
serves its thread."""
import re
import subprocess
import tempfile
import time

from gateway import Gateway, Scripted

GROUP = "e2e.harbour"
# An edit is told at once.
CONFIG = "host-pause = 0\nupdate-pause = 0\npath-host = news.example\n" \
         "readers = 1\n"
ROOT = "A day at the harbour"
LEADS = ("What comes in and what goes out, and who waits on the quay for it.",
         "Five ships came in by ten in the morning, and nobody waits any more.",
         "Nine ships came in by noon, more than on any day since the spring.")
TITLES = {1: "Night watch goes home", 2: "Annelie lands plaice",
          3: "Yacht asks for a berth", 4: "Crate is missing",
          5: "Dredger leaves", 6: "Pilot boat is late", 7: "Noon bell rings"}
EDITED = {2: "Annelie lands eleven boxes", 3: "Yacht has its berth"}
START = int(time.time()) - 4 * 3600
PATIENCE_S = 30


class Page:
    """What the page shows: a lead and updates, of which some were edited or
    have gone."""

    def __init__(self):
        self.lead, self.out = 0, {1, 2, 3}
        self.edited, self.gone = {}, set()

    def gain(self, *numbers):
        self.out.update(numbers)

    def edit(self, number):
        self.edited[number] = int(time.time())

    def withdraw(self, number):
        self.gone.add(number)

    def edit_root(self):
        self.lead += 1

    def title(self, number):
        return (EDITED if number in self.edited else TITLES)[number]

    def titles(self):
        """What a reader should see below the root, in order of time."""
        return [self.title(n) for n in sorted(self.out - self.gone)]

    def update(self, n):
        utc = START + n * 600
        gone = "data-tombstone" if n in self.gone else ""
        words = "revised words" if n in self.edited else "first words"
        return (f'<div id=quay-{n:02} data-sort-time={utc} data-update-time='
                f'{self.edited.get(n, utc)} {gone}><h2>{self.title(n)}</h2>'
                f'<p>These are the {words} of update number {n}.</p></div>')

    def html(self, base):
        updates = "".join(self.update(n) for n in sorted(self.out)[::-1])
        begun = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(START))
        return (f'<html><head><link rel=canonical href="{base}/live">'
                f'<meta property="article:published_time" content="{begun}">'
                f'</head><body><main><h1>{ROOT}</h1><p>{LEADS[self.lead]}</p>'
                f'<amp-live-list id=updates data-poll-interval=15000 '
                f'data-max-items-per-page=20><div items>{updates}</div>'
                f'</amp-live-list></main></body></html>')


class Story:
    """The page, a gateway that replaces edited stories, and "newswire serve" on
    a port of its own.  seen has every article that there ever was, by number.

    It is polled by step() alone, so that nothing changes while clients look."""

    def __init__(self):
        self.page = Page()
        self.gateway = Gateway(CONFIG)
        self.site = Scripted(self.answer)
        self.seen = {}

    def answer(self, path):
        if path != "/live":
            return 404, {}, b""
        return 200, {"Content-Type": "text/html"}, \
            self.page.html(self.site.url).encode()

    def __enter__(self):
        self.site.__enter__()
        self.gateway.run("subscribe", "--kind", "live", "--edits", "supersede",
                         "--group", GROUP, self.site.url + "/live")
        self.log = tempfile.TemporaryFile("a+")
        self.server = subprocess.Popen(
            self.gateway.command("serve", "--no-poll", "--listen",
                                 "127.0.0.1:0"),
            env=self.gateway.env, stderr=self.log)
        self.port = self.listens()
        return self

    def __exit__(self, *exception):
        self.server.terminate()
        self.server.wait(PATIENCE_S)
        self.log.close()
        self.site.__exit__()
        self.gateway.__exit__()

    def listens(self):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self.log.seek(0)
            found = re.search(r"listening on 127\.0\.0\.1 port (\d+)",
                              self.log.read())
            if found:
                return int(found[1])
            time.sleep(0.05)
        raise RuntimeError("newswire serve does not listen")

    def step(self):
        """Polls; the articles that are there now."""
        self.gateway.fetch()
        now = self.gateway.articles(GROUP)
        self.seen.update(now)
        return now
