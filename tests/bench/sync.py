#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""sync.py [OPTIONS] BUILD: how fast the plugin brings a group, and whether the
window answers meanwhile.

"newswire serve" has 2,000 articles of 3 KB in a group, behind a link with a
round trip of 50 ms (link.py).  They are fetched by the plugin's own code without
Claws Mail (bench_sync), by the plugin in Claws Mail with the folder closed and
open, and by "Synchronise folders" of Claws Mail's built-in news account.

  --count N       articles (2000)
  --rival N       articles that the built-in account fetches (200)
  --full          it fetches all of them
  --runs N        runs of bench_sync (3)
  --only PART     link, core, closed, open, checks, groups or rival"""
import argparse
import contextlib
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", folder)
                for folder in ("", "e2e", "plugin", "readers")]
import answers
import articles
import atspi
import claws_world

ROUND_TRIP_MS = 50
GROUP = "bench.news"
GROUPS = 50
LISTS = (3000, 20000)
TARGET_S = 3
TARGET_MS = 50
ANSWERS = 20
PATIENCE_S = 60
AFTER_S = 1

NEWS = f"""<folder type="news" name="news" account_id="2">
<folderitem type="normal" name="{GROUP}" path="{GROUP}" account_id="2" />
</folder>
"""
KEPT_OFFLINE = f"""[#news/news/{GROUP}]
offlinesync=1
offlinesync_days=0
"""
GATEWAY = """<folder type="newswire" name="bench" nw_host="127.0.0.1" \
nw_port="%d" nw_dir="bench">
%s</folder>
"""
ITEM = '<folderitem type="normal" name="%s" path="%s" />\n'
ONLY_WHEN_ASKED = """[Newswire]
check_at_start=0
check_minutes=0
"""


def say(line):
    print("bench: " + line, flush=True)


def judged(value, most):
    return f"[at most {most:g}: {'met' if value <= most else 'MISSED'}]"


@contextlib.contextmanager
def served(options, groups, count):
    """A store with articles, its server, and the link in front of it."""
    how = ["--groups", str(groups)] if groups > 1 else []
    with tempfile.TemporaryDirectory(prefix="newswire-bench-") as home:
        articles.fill(os.path.join(options.build, "tests/tools/storefill"),
                      os.path.join(home, "newswire.db"), GROUP, count, *how)
        server = articles.Server(os.path.join(options.build, "newswire"),
                                 home)
        link = articles.Link(server.port, ROUND_TRIP_MS)
        yield link
        link.end()
        server.end()


def until(check, step_s=0.05, seconds=PATIENCE_S):
    """Waits until it is true."""
    end = time.monotonic() + seconds
    while not check():
        if time.monotonic() > end:
            raise RuntimeError(f"not within {seconds} s: {check}")
        time.sleep(step_s)


def files(folder):
    """Articles in it."""
    try:
        return sum(name.isdigit() for name in os.listdir(folder))
    except FileNotFoundError:
        return 0


def delay(options):
    """Whether the link is what it says."""
    with served(options, 1, 1) as link, link.connect() as client:
        took = []
        for _ in range(ANSWERS):
            begin = time.monotonic()
            client.write(b"DATE\r\n")
            client.flush()
            client.readline()
            took.append(1000 * (time.monotonic() - begin))
        say(f"the link: a round trip takes {statistics.median(took):.1f} ms "
            f"({min(took):.1f} to {max(took):.1f})")


@contextlib.contextmanager
def claws_mail(folders, accounts="", settings="", more=""):
    """Claws Mail, quiet after its start."""
    with claws_world.World() as world:
        world.profile(claws_world.FOLDERLIST.replace("</folderlist>\n",
                                                     folders +
                                                     "</folderlist>\n"),
                      claws_world.ACCOUNTS + accounts,
                      claws_world.SETTINGS + settings)
        with open(os.path.join(world.home, ".claws-mail/folderitemrc"),
                  "w", encoding="ascii") as file:
            file.write(more)
        atspi.turn_on(world)
        program = world.claws()
        if not program:
            raise RuntimeError("Claws Mail does not start")
        # Its first answer to a command comes when it has started.
        world.run("claws-mail", "--status-full")
        yield world, program.pid


def choose(world, item):
    if not atspi.act(world, "claws-mail", "menu item", item):
        raise RuntimeError(f"there is no menu item {item}")


def total(world):
    """Messages that Claws Mail has, over its control socket: a process of
    claws-mail for each question would be in the way."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(answers.path(world))
        client.sendall(b"status\n.\n")
        words = client.makefile().readline().split()
    return int(words[2])


def plugged(options):
    """The plugin is loaded and does nothing by itself."""
    return ONLY_WHEN_ASKED + claws_world.LOADED % os.path.abspath(
        os.path.join(options.build, ".libs/newswire.so"))


def plugin(options, folder_open):
    """The plugin in Claws Mail."""
    with served(options, 1, options.count) as link, claws_mail(
            GATEWAY % (link.port, ITEM % (GROUP, GROUP)),
            settings=plugged(options)) as (world, pid):
        if folder_open:
            world.run("claws-mail", "--select", f"#newswire/bench/{GROUP}")
        link.counts()
        with answers.Answers(world, pid) as window:
            choose(world, "Check web news")
            until(lambda: total(world) == options.count)
            shown = time.monotonic()
            time.sleep(AFTER_S)
        found = link.counts()
        seconds = shown - found["first"]
        where = "open" if folder_open else "closed"
        say(f"{options.count} articles by the plugin in Claws Mail, the "
            f"folder {where}: {found['seconds']:.2f} s until they are here, "
            f"{seconds:.2f} s until they are listed "
            f"{judged(seconds, TARGET_S)}, {found['turns']} turns, "
            f"{found['received']} octets over the link")
        window = window.between(found["first"], shown + AFTER_S)
        say(f"meanwhile and for {AFTER_S} s more "
            f"{answers.words(window, TARGET_MS)}")


def rested(link):
    """What went over the link until nothing did for AFTER_S."""
    seen = []
    while not seen or seen[-1]["sent"]:
        time.sleep(AFTER_S)
        seen.append(link.counts())
    return {key: sum(one[key] for one in seen)
            for key in ("connections", "turns", "sent")}


def checks(options):
    """A check with nothing new."""
    items = "".join(ITEM % ((f"{GROUP}.g{number}",) * 2)
                    for number in range(1, GROUPS + 1))
    with served(options, GROUPS, GROUPS) as link, claws_mail(
            GATEWAY % (link.port, items),
            settings=plugged(options)) as (world, _):
        choose(world, "Check web news")
        until(lambda: total(world) == GROUPS)
        rested(link)
        choose(world, "Check web news")
        found = rested(link)
        say(f"a check of {GROUPS} groups with nothing new: {found['turns']} "
            f"turns {judged(found['turns'], 1)}, {found['sent']} octets sent, "
            f"{found['connections']} new connections")


def groups(options):
    """The window of a gateway with many groups, from its opening on."""
    for count in LISTS:
        name = f"{GROUP}.g1"
        with served(options, count, 1) as link, claws_mail(
                GATEWAY % (link.port, ITEM % (name, name)),
                settings=plugged(options)) as (world, pid):
            world.run("claws-mail", "--select", f"#newswire/bench/{name}")
            rested(link)
            with answers.Answers(world, pid) as window:
                begin = time.monotonic()
                choose(world, "Subscribe to web news…")
                rested(link)
                end = time.monotonic()
            say(f"while {count} groups are listed "
                f"{answers.words(window.between(begin, end), TARGET_MS)}")


def rival(options):
    """The built-in news account."""
    count = options.count if options.full else options.rival
    with served(options, 1, count) as link, claws_mail(
            NEWS, claws_world.news_account(link.port, "max_news_articles=0"),
            more=KEPT_OFFLINE) as (world, pid):
        world.run("claws-mail", "--receive-all")
        until(lambda: (claws_world.folder_status(world, GROUP) or
                       (0, 0, 0))[2] == count)
        link.counts()
        kept = os.path.join(world.home, ".claws-mail/newscache/127.0.0.1",
                            GROUP)
        with answers.Answers(world, pid) as window:
            choose(world, "Synchronise folders")
            # One round trip an article, and as much again.
            until(lambda: files(kept) == count,
                  seconds=PATIENCE_S + 2 * count * ROUND_TRIP_MS / 1000)
        found = link.counts()
        say(f"{count} articles by the built-in account's \"Synchronise "
            f"folders\": {found['seconds']:.1f} s, {found['turns']} turns, "
            f"{found['received']} octets over the link" +
            ("" if count == options.count else
             f"; so {found['seconds'] * options.count / count:.0f} s for "
             f"{options.count}"))
        window = window.between(found["first"], found["last"])
        say(f"meanwhile {answers.words(window)}")


def core(options):
    """The plugin's sync without Claws Mail."""
    command = [os.path.join(options.build, "tests/bench/bench_sync"),
               "127.0.0.1"]
    with served(options, 1, options.count) as link, \
            tempfile.TemporaryDirectory(prefix="newswire-bench-") as folder:
        took, again = [], []
        for run in range(options.runs):
            link.counts()
            output = subprocess.run(
                [*command, str(link.port), GROUP,
                 os.path.join(folder, str(run))],
                check=True, stdout=subprocess.PIPE, text=True).stdout
            found = link.counts()
            took.append(float(re.search(rf"{options.count} articles in "
                                        r"([0-9.]+) s", output)[1]))
            again.append(float(re.search(r"nothing new in ([0-9.]+)",
                                         output)[1]))
        seconds = statistics.median(took)
        say(f"{options.count} articles by the plugin's sync alone: "
            f"{seconds:.2f} s ({min(took):.2f} to {max(took):.2f}) "
            f"{judged(seconds, TARGET_S)}, {found['turns']} turns, "
            f"{found['received']} octets over the link; then nothing new in "
            f"{statistics.median(again):.3f} s")


PARTS = {
    "link": delay,
    "core": core,
    "closed": lambda options: plugin(options, False),
    "open": lambda options: plugin(options, True),
    "checks": checks,
    "groups": groups,
    "rival": rival,
}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--rival", type=int, default=200)
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=PARTS)
    options = parser.parse_args()
    for name, part in PARTS.items():
        if options.only in (None, name):
            part(options)


if __name__ == "__main__":
    main()
