# SPDX-License-Identifier: GPL-3.0-or-later
"""A site is polled, polled again, and changes."""
import os
import shutil
import tempfile
import time

from gateway import SITE, Gateway, Site, header, subject, text, without_clock
import tap

FEEDS = {"e2e.news": ("feed.xml", "feed"), "e2e.coast": ("atom.xml", "feed"),
         "e2e.science": ("feed.json", "feed"),
         "e2e.storm": ("live/storm.html", "live")}
START = int(time.time()) - 60


def edit(path, old, new):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert old in text
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(old, new))


def all_articles(gateway):
    return {group: gateway.articles(group) for group in FEEDS}


def first_polls(gateway, site):
    for group, (path, kind) in FEEDS.items():
        gateway.subscribe(f"{site.url}/{path}", group, kind)
    said = gateway.fetch()
    first = all_articles(gateway)
    tap.ok(len(first["e2e.news"]) == 8, "each item of the feed is an article",
           said, sorted(first["e2e.news"]))
    subjects = [subject(a) for a in first["e2e.news"].values()]
    tap.ok(subjects[:1] == ["In praise of slow boats"] and
           subjects[-1].startswith("Harbour bridge reopens"),
           "the oldest comes first", *subjects)
    tap.ok(len(first["e2e.storm"]) == 4, "a live page is a root and a "
           "follow-up for each update", said, sorted(first["e2e.storm"]))
    root = header(first["e2e.storm"].get(1, ""), "Message-ID")
    tap.ok(all((header(a, "References") or "").split()[:1] == [root]
               for n, a in first["e2e.storm"].items() if n > 1),
           "every update refers to the root")
    shared = {header(a, "Message-ID") for a in first["e2e.news"].values()} & \
             {header(a, "Message-ID") for a in first["e2e.coast"].values()}
    tap.ok(len(shared) == len(first["e2e.coast"]),
           "a story of two feeds is one article in two groups")
    return first


def second_poll(gateway, site, first):
    before = len(site.log().splitlines())
    said = gateway.fetch()
    asked = site.log().splitlines()[before:]
    tap.ok(all_articles(gateway) == first, "a second poll changes nothing",
           said)
    tap.ok(len(asked) == len(FEEDS) and all(": 304" in a for a in asked),
           "and asks for each source once, which has not changed", *asked)


def nothing(gateway, what):
    done = gateway.run("fetch")
    said = done.stderr.decode()
    tap.ok(done.returncode == 0 and f"fetch: nothing is {what}" in said,
           f"where nothing is {what.split(';')[0]}, fetch says what to do",
           said)


def edits(gateway, folder, first):
    page = os.path.join(folder, "council-budget.html")
    edit(page, "asked for a week to think", "asked for 3 nights to think")
    edit(os.path.join(folder, "feed.xml"), "would rather not.]]>",
         "would much rather not.]]>")
    said = gateway.fetch("e2e.news")
    news = gateway.articles("e2e.news")
    new = [a for n, a in news.items() if n not in first["e2e.news"]]
    root = [a for a in first["e2e.news"].values()
            if "library roof" in subject(a)]
    tap.ok(len(new) == 1 and "3 nights to think" in text(new[0]),
           "an edit is one follow-up with the new text", said, *new)
    tap.ok(len(new) == 1 and header(root[0], "Message-ID") in
           (header(new[0], "References") or ""), "of the story's root")
    tap.ok({n: news.get(n) for n in first["e2e.news"]} == first["e2e.news"],
           "and leaves the other articles alone")


def growth(gateway, site, first):
    """Three updates become ten, two of them edited."""
    said = gateway.fetch("e2e.storm")
    storm = gateway.articles("e2e.storm")
    subjects = [subject(a) for a in storm.values()]
    tap.ok(len(storm) == 11, "the live page grew to a root and ten updates",
           said, *subjects)
    ferry = [a for a in storm.values() if "Ferry stops" in subject(a)]
    tap.ok(len(ferry) == 1 and "a school class" in text(ferry[0]) and
           header(ferry[0], "Supersedes") ==
           header(first["e2e.storm"][3], "Message-ID"),
           "an edited update supersedes the first one", *ferry)
    old = without_clock(first["e2e.storm"])
    kept = without_clock(storm)
    tap.ok(all(kept[n] == old[n] for n in (1, 2, 4)),
           "what did not change keeps its number and its bytes")
    tap.ok(3 not in storm and min(storm) == 1 and max(storm) == 12,
           "a number is never used again", sorted(storm))


def main():
    folder = os.path.join(tempfile.mkdtemp(prefix="newswire-site-"), "site")
    shutil.copytree(SITE, folder)
    with Gateway("host-pause = 0\nupdate-pause = 0\n") as gateway:
        nothing(gateway, "subscribed to yet; newswire subscribe URL")
        with Site(folder, start=START, live_seconds=60000) as site:
            first = first_polls(gateway, site)
            second_poll(gateway, site, first)
            nothing(gateway, "due; newswire fetch --all")
            edits(gateway, folder, first)
        with Site(folder, port=site.port, start=START, live_seconds=1) as site:
            growth(gateway, site, first)
    shutil.rmtree(os.path.dirname(folder))
    tap.done()


main()
