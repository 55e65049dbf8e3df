# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a source does wrong, it is told in one line and stops no other."""
import os
import re
import sqlite3

from gateway import (Gateway, Site, head, header, subject, text,
                     without_clock)
import tap

CONFIG = "fetch-size = 1M\nfetch-timeout = 2s\nhost-pause = 0\n"

# Each source, and what its line says.
FAILING = {
    "/bad/404": "there is nothing at this address (404), next try in",
    "/bad/410": "the publisher ended it for good (410), it is not polled",
    "/bad/429": "asks for fewer requests (429), next try in",
    "/bad/500": "the server answered with status 500, next try in",
    "/bad/503": "overloaded or closed (503), next try in",
    "/bad/redirect-loop": "more than 8 redirects",
    "/bad/redirect-file": "which is no web address",
    "/bad/huge": "larger than 1048576 bytes",
    "/bad/gzip-bomb": "larger than 1048576 bytes",
    "/bad/slow": "not finished after 2 s",
    "/bad/deep.html": "next try in",
    "/echo": "next try in",
    "/images/logo.svg": "next try in",
}


def due(gateway, url):
    """In how many seconds, from the last poll on, a source is due."""
    store = sqlite3.connect(os.path.join(gateway.home, "newswire.db"))
    row = store.execute("SELECT interval_s, due_utc FROM sources WHERE url=?",
                        (url,)).fetchone()
    store.close()
    return row[0]


def failing(gateway, site):
    gateway.subscribe(site.url + "/feed.xml", "e2e.good")
    gateway.fetch()
    before = gateway.articles("e2e.good")
    for n, path in enumerate(FAILING):
        gateway.subscribe(site.url + path, f"e2e.bad-{n}a")
    gateway.subscribe("http://127.0.0.1:1/feed", "e2e.refused")
    gateway.subscribe(site.url + "/live/storm.html", "e2e.also", "live")
    said = gateway.fetch().splitlines()
    for path, why in FAILING.items():
        lines = [s for s in said if f"{site.url}{path}: " in s]
        tap.ok(len(lines) == 1 and why in lines[0] and
               lines[0].startswith("fetch: "), f"{path} says so in one line",
               *(lines or said))
    tap.ok(any("http://127.0.0.1:1/feed: the host cannot be reached" in s
               for s in said), "so does a host that refuses", *said)
    tap.ok(len(before) == 8 and gateway.articles("e2e.good") == before,
           "what was stored is untouched", *said)
    tap.ok(len(gateway.articles("e2e.also")) == 4,
           "a good source among them is read", *said)
    tap.ok(due(gateway, site.url + "/bad/429") >= 7200,
           "Retry-After is kept", due(gateway, site.url + "/bad/429"))


def crooked(gateway, site):
    gateway.subscribe(site.url + "/bad/newline-title.xml", "e2e.crooked")
    said = gateway.fetch("e2e.crooked")
    articles = list(gateway.articles("e2e.crooked").values())
    tap.ok(len(articles) == 1, "a title with line ends is an article", said)
    names = re.findall(r"^([A-Za-z-]+):", head("".join(articles)), re.M)
    tap.ok(names and not {"bcc", "control", "approved"} &
           {n.lower() for n in names} and len(names) == len(set(names)),
           "and adds no header to it", *names)
    tap.ok(header("".join(articles), "Newsgroups") == "e2e.crooked",
           "and no group")
    tap.ok("\r\n..\r\n" in "".join(articles) or
           "\r\n.\r\n" not in "".join(articles), "nor ends it early")


def recovered(gateway, site):
    gateway.subscribe(site.url + "/bad/charset-lie.xml", "e2e.lie")
    gateway.subscribe(site.url + "/bad/broken.xml", "e2e.broken")
    said = gateway.fetch("e2e.lie", "e2e.broken")
    lie = [subject(a) for a in gateway.articles("e2e.lie").values()]
    tap.ok(lie == ["The café that moved – twice"],
           "bytes that belie their charset are read", said, *lie)
    broken = [subject(a) for a in gateway.articles("e2e.broken").values()]
    tap.ok("Fish & chips at the quay" in broken,
           "an item of a broken feed that is whole is read", said, *broken)


def deep(gateway, site):
    gateway.subscribe(site.url + "/bad/deep.html", "e2e.deep", "page")
    said = gateway.fetch("e2e.deep")
    found = [text(a) for a in gateway.articles("e2e.deep").values()]
    tap.ok("The bottom of it" in "".join(found),
           "a page nested 300 deep is read", said, *found)


def main():
    with Gateway(CONFIG) as gateway, Site(live_seconds=60000) as site:
        failing(gateway, site)
        crooked(gateway, site)
        recovered(gateway, site)
        good = without_clock(gateway.articles("e2e.good"))
        gateway.run("unsubscribe", site.url + "/bad/deep.html")
        deep(gateway, site)
        tap.ok(without_clock(gateway.articles("e2e.good")) == good,
               "and still nothing stored is touched")
    tap.done()


main()
