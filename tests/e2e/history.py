# SPDX-License-Identifier: GPL-3.0-or-later
"""What stories said before they were changed, as "newswire history" tells it.

The whole text for one story and one live page is history.txt beside this file,
to be read by a person; times and the server's address are made the same."""
import json
import os
import pty
import re
import sqlite3
import subprocess

from gateway import HERE, TIMEOUT, Gateway, Scripted, header
import tap

CONFIG = "host-pause = 0\nupdate-pause = 0\n"
STORIES, LIVE = "e2e.stories", "e2e.live"

FIRST = ["The council met on Tuesday evening and decided about the bridge at "
         "the mill, which has been closed since the spring flood.",
         "Work begins in May and costs 14 million crowns, says the mayor, who "
         "had hoped for an earlier date.",
         "The ferry runs untill then, every half hour and free of charge for "
         "all who live on the far bank.",
         "Shopkeepers on both banks say that they have lost customers since "
         "the bridge was closed, and want to be heard."]


def story_text(step):
    """The paragraphs after so many edits."""
    text = list(FIRST)
    if step >= 1:
        text[1] = text[1].replace("14 million", "19 million")
    if step >= 2:                       # a typo: nobody need be told
        text[2] = text[2].replace("untill", "until")
    if step >= 3:
        text.append("The opposition voted against it and calls for a new "
                    "estimate by engineers from outside.")
    if step >= 4:
        text.append("Correction: an earlier version of this story named the "
                    "wrong river; it is the Ostra.")
        text[0] = text[0].replace("bridge at", "old bridge at")
    return text


def update(number, title, text):
    return (f"<div class=block id=block-67c5a1008f08aaaa000000{number:02}>"
            f"<time datetime='2025-07-26T{number:02}:00:00Z'></time>"
            f"<h2>{title}</h2><p>{text}</p></div>")


def updates(step):
    """The live page, newest first: a third update comes, the second is
    edited, then it is withdrawn."""
    said = "There is no ferry before noon, says the harbour master."
    if step >= 2:
        said = "There is no ferry before ten, says the harbour master."
    page = [update(7, "Fog on the river", "Nobody can see the far bank.")]
    if step < 3:
        page.insert(0, update(8, "No ferry", said))
    page.insert(0, update(9, "A crate adrift", "It came from the upper quay."))
    if step >= 1:
        page.insert(0, update(10, "The fog lifts", "The far bank is back."))
    return "".join(page)


class Publisher:
    step = 0
    gone = False

    def answer(self, path):
        base = self.server.url
        if path == "/feed":
            body = (f"<rss version='2.0'><channel><title>T</title><item><title>"
                    f"Council decides about the bridge</title><link>{base}"
                    f"/bridge</link><guid isPermaLink='false'>tag:bridge"
                    f"</guid></item></channel></rss>")
        elif path == "/bridge" and self.gone:
            return 410, {}, b""
        elif path == "/bridge":
            words = "".join(f"<p>{p}</p>" for p in story_text(self.step))
            body = (f"<html><head><meta name=author content='Ann Reed'>"
                    f"<link rel=canonical href={base}/bridge></head><body>"
                    f"<article><h1>Council decides about the bridge</h1>"
                    f"{words}</article></body></html>")
        elif path == "/live":
            body = (f"<html><link rel=canonical href={base}/live>"
                    f"<h1>Fog in the harbour</h1>{updates(self.step)}</html>")
        else:
            return 404, {}, b""
        kind = "application/rss+xml" if path == "/feed" else "text/html"
        return 200, {"Content-Type": kind}, body.encode()


def all_new(gateway):
    """As if the feed said something else of its items."""
    gateway.change_store("UPDATE items SET hash = 'another'")


def history(gateway, *words):
    done = gateway.run("history", *words)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def same(text, base):
    return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "2025-07-26T10:00:00Z",
                  text).replace(base, "http://site.example")


def polls(gateway, publisher):
    """Polls at each step; all Message-IDs that were ever there."""
    ids = {STORIES: [], LIVE: []}
    for step in range(6):
        publisher.step = step
        gateway.let_time_pass()
        gateway.fetch()
        for group, known in ids.items():
            for article in gateway.articles(group).values():
                name = header(article, "Message-ID")
                if name not in known:
                    known.append(name)
    return ids


def revisions(gateway):
    store = sqlite3.connect(os.path.join(gateway.home, "newswire.db"))
    rows = store.execute("SELECT * FROM revisions ORDER BY id").fetchall()
    store.close()
    return rows


def golden(gateway, base):
    text = ""
    for words in ((f"{base}/bridge",), ("--full", f"{base}/bridge"),
                  (f"{base}/live",)):
        shown = " ".join(words).replace(base, "http://site.example")
        text += f"$ newswire history {shown}\n"
        text += same(history(gateway, *words)[1], base) + "\n"
    with open(os.path.join(HERE, "history.txt"), encoding="utf-8") as file:
        wanted = file.read()
    tap.ok(text == wanted, "the whole of it is history.txt", text)
    tap.ok(all(len(line) <= 80 for line in text.splitlines()),
           "in 80 columns", *[line for line in text.splitlines()
                              if len(line) > 80])


def by_each_name(gateway, base, ids):
    bridge = history(gateway, f"{base}/bridge")
    live = history(gateway, f"{base}/live")
    tap.ok(bridge[0] == live[0] == 0 and bridge[1] != live[1],
           "a story is found by its URL", bridge, live)
    wrong = [name for name in ids[STORIES] if history(gateway, name) != bridge]
    tap.ok(len(ids[STORIES]) >= 4 and not wrong,
           "by the Message-ID of each of its articles", *wrong)
    there = [header(a, "Message-ID") for a in gateway.articles(LIVE).values()]
    gone = [name for name in ids[LIVE] if name not in there]
    wrong = [name for name in ids[LIVE] if history(gateway, name) != live]
    tap.ok(len(gone) == 2 and not wrong,
           "also of those that were superseded and withdrawn", *gone, *wrong)
    tap.ok(history(gateway, ids[LIVE][0].strip("<>")) == live,
           "with or without its brackets")


def as_json(gateway, base):
    told = json.loads(history(gateway, "--format", "json",
                              f"{base}/bridge")[1])
    kinds = [[c["kind"] for c in r["changes"]] for r in told["revisions"]]
    tap.ok(kinds == [["edited"], ["small edit (no article)"], ["edited"],
                     ["correction", "small edit (no article)"]], "the same as JSON", kinds)
    first = told["revisions"][0]["changes"][0]
    tap.ok("14 million" in first["before"]["text"] and
           "19 million" in first["after"]["text"] and
           told["first"]["text"] == first["before"]["text"] and
           first["before"]["authors"] == ["Ann Reed"] and told["whole"],
           "with both texts of each", first)
    told = json.loads(history(gateway, "--format", "json", f"{base}/live")[1])
    kinds = [c["kind"] for r in told["revisions"] for c in r["changes"]]
    tap.ok(kinds == ["update added", "update edited", "update withdrawn"],
           "updates come, are edited and go", kinds)


def of_groups(gateway, ids):
    code, text, said = history(gateway, STORIES)
    tap.ok(code == 0 and "4 revisions" in text and ids[STORIES][0] in text and
           "Council decides about the bridge" in text,
           "a group lists its stories that were changed", text, said)
    listed = json.loads(history(gateway, "--format", "json", LIVE)[1])
    tap.ok(len(listed) == 1 and listed[0]["revisions"] == 3 and
           listed[0]["title"] == "Fog in the harbour", "as JSON too", listed)


def unknown(gateway, base):
    for word in ("e2e.nothing", "<none@nowhere.invalid>", f"{base}/none"):
        code, text, said = history(gateway, word)
        tap.ok(code != 0 and not text and "give a group" in said and
               "Message-ID" in said and "URL" in said,
               f"what is not known is said: {word.replace(base, '')}", said)
    tap.ok(history(gateway)[0] == 64, "and something must be named")


def coloured(gateway, base, **env):
    """What a terminal gets."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(gateway.command("history", f"{base}/bridge"),
                          stdout=theirs, env=dict(gateway.env, **env)) as run:
        os.close(theirs)
        text = b""
        try:
            while piece := os.read(ours, 65536):
                text += piece
        except OSError:
            pass
        run.wait(TIMEOUT)
    os.close(ours)
    return text.decode()


def terminal(gateway, base):
    plain = history(gateway, f"{base}/bridge")[1]
    text = coloured(gateway, base, NO_COLOR="").replace("\r\n", "\n")
    tap.ok("\033[31m[-14-]\033[0m" in text and
           "\033[32m[+19+]\033[0m" in text and
           re.sub("\033\\[\\d+m", "", text) == plain,
           "a terminal gets colours", text)
    text = coloured(gateway, base, NO_COLOR="1").replace("\r\n", "\n")
    tap.ok(text == plain, "but with NO_COLOR", text)


def never_changed(publisher):
    publisher.step = 0
    with Gateway(CONFIG) as gateway:
        gateway.subscribe(f"{publisher.server.url}/feed", STORIES)
        gateway.fetch()
        code, text, said = history(gateway, STORIES)
        tap.ok(code == 0 and not text and "none of its stories" in said,
               "a group in which nothing was changed says so", text, said)
        code, text, said = history(gateway, f"{publisher.server.url}/bridge")
        tap.ok(code == 0 and "It was not changed since." in text,
               "and so does a story", text, said)


def withdrawn(gateway, publisher, base):
    """The whole story: its history stays."""
    before = history(gateway, f"{base}/bridge")[1].split("\nNow\n")[0]
    name = header(gateway.articles(STORIES)[1], "Message-ID")
    publisher.gone = True
    for _ in range(2):
        all_new(gateway)
        gateway.fetch()
    publisher.gone = False
    code, text, said = history(gateway, name)
    tap.ok(name not in [header(a, "Message-ID") for a in
                        gateway.articles(STORIES).values()] and
           code == 0 and text.startswith(before) and
           text.count("withdrawn with all its articles, by Ann Reed") == 1,
           "the history of a story that was withdrawn stays", text, said)


def ignored(publisher):
    """edits = ignore brings no article, but is kept."""
    publisher.step = 0
    with Gateway(CONFIG) as gateway:
        gateway.run("subscribe", "--edits", "ignore", "--kind", "feed",
                    "--group", STORIES, "--recheck", "10m",
                    f"{publisher.server.url}/feed")
        gateway.fetch()
        publisher.step = 1
        all_new(gateway)
        gateway.fetch()
        text = history(gateway, f"{publisher.server.url}/bridge")[1]
        tap.ok(len(gateway.articles(STORIES)) == 1 and
               "edited (no article)" in text and "[-14-]" in text,
               "an edit that was to be ignored is kept", text)


def main():
    publisher = Publisher()
    with Scripted(publisher.answer) as publisher.server:
        base = publisher.server.url
        with Gateway(CONFIG) as gateway:
            gateway.subscribe(f"{base}/feed", STORIES)
            gateway.subscribe(f"{base}/live", LIVE, "live")
            ids = polls(gateway, publisher)
            kept = revisions(gateway)
            gateway.let_time_pass()
            gateway.fetch()
            tap.ok(len(kept) == 7 and revisions(gateway) == kept,
                   "a poll without news adds nothing", *kept)
            golden(gateway, base)
            by_each_name(gateway, base, ids)
            as_json(gateway, base)
            of_groups(gateway, ids)
            unknown(gateway, base)
            terminal(gateway, base)
            withdrawn(gateway, publisher, base)
        never_changed(publisher)
        ignored(publisher)


main()
tap.done()
