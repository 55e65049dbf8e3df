# SPDX-License-Identifier: GPL-3.0-or-later
"""Two groups to be read: the sample newspaper, with pictures, several scripts
and HTML, and its live page, a thread that grows and loses articles; served on
a port that keeps what its clients say."""
import os
import re
import signal
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "e2e"),
                os.path.join(HERE, "..", "nntp"),
                os.path.join(HERE, "..", "plugin"), os.path.join(HERE, "..")]
from recorder import Recorder
from gateway import SITE, Gateway, Site, header, subject
import server
import tap

PAPER, LIVE = "saltmarsh.ledger", "saltmarsh.storm"
NAMES = {PAPER: "The Saltmarsh Ledger", LIVE: "Storm Odile, live"}
# An edit is told at once.
CONFIG = "host-pause = 0\nupdate-pause = 0\npath-host = news.example\n" \
         "readers = 1\n"
START = int(time.time()) - 4 * 3600
STEP = 600
# Each of them, so that it sees what is edited and withdrawn.
STEPS = range(1, 7)
LAST = 9


def limit(seconds, dialogue=None):
    """The test fails when it takes longer, and says what was said last."""
    def late(*_):
        tap.ok(False, f"it ends within {seconds} s",
               dialogue.tail() if dialogue else "")
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)


class Reading:
    """The world of one client.  port is where it connects."""

    def __init__(self, seconds, config=""):
        self.seconds = seconds
        self.gateway = Gateway(CONFIG + config)
        self.home = self.gateway.home
        self.site_port = 0

    def __enter__(self):
        self.poll(STEPS[0], self.subscribe)
        for step in STEPS[1:]:
            self.poll(step)
        self.server = server.Server(self.gateway)
        self.dialogue = Recorder(self.server.port).__enter__()
        self.port = self.dialogue.port
        limit(self.seconds, self.dialogue)
        return self

    def __exit__(self, kind, *_):
        signal.alarm(0)
        if kind and kind is not TimeoutError:
            tap.ok(False, f"the test runs to its end: {kind.__name__}",
                   self.dialogue.tail())
        self.dialogue.__exit__()
        self.server.__exit__()
        self.gateway.__exit__()

    def subscribe(self, url):
        for group, kind, page in ((PAPER, "feed", "feed.xml"),
                                  (LIVE, "live", "live/storm.html")):
            done = self.gateway.run("subscribe", "--kind", kind, "--group",
                                    group, "--name", NAMES[group],
                                    f"{url}/{page}")
            if done.returncode:
                raise RuntimeError(done.stderr.decode())

    def poll(self, step, first=None):
        """When so many updates came after the first three."""
        with Site(SITE, port=self.site_port, start=START, live_seconds=STEP,
                  now=START + step * STEP) as site:
            self.site_port = site.port
            if first:
                first(site.url)
            self.gateway.fetch()
        self.groups = {group: self.gateway.articles(group)
                       for group in (PAPER, LIVE)}

    def grow(self):
        """More updates come while a client reads; how many articles."""
        before = set(self.groups[LIVE])
        self.poll(LAST)
        return len(set(self.groups[LIVE]) - before)

    def subjects(self, group):
        return [subject(a) for a in self.groups[group].values()]

    def number(self, group, title):
        """Of the article whose subject begins so."""
        return next(n for n, a in self.groups[group].items()
                    if subject(a).startswith(title))

    def article(self, group, title):
        return self.groups[group][self.number(group, title)]

    def root(self):
        """The subject of the one article of LIVE that follows no other."""
        return next(subject(a) for a in self.groups[LIVE].values()
                    if not header(a, "References"))

    def found(self, group, word):
        """Subjects with a word, in any case, as a search should find them."""
        return sorted(s for s in self.subjects(group)
                      if word.lower() in s.lower())

    def check_refused(self, who, *known):
        """The server refused a client nothing but what matches these:
        patterns of "command -> reply"."""
        refused = [f"{command} -> {reply}"
                   for command, reply in self.dialogue.refused()]
        unknown = [line for line in refused
                   if not any(re.match(p, line) for p in known)]
        tap.ok(not unknown, f"{who}: the server refused it nothing new",
               *unknown)
