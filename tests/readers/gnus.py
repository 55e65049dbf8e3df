# SPDX-License-Identifier: GPL-3.0-or-later
"""Gnus reads: threads, a text in another script, and its two searches."""
import json
import os
import subprocess

from reading import HERE, LIVE, PAPER, Reading, tap
from gateway import text

SECONDS = 60
BAKERY = "Пекарня, що прокидається о третій ночі"


def ask(world):
    home = os.path.join(world.home, "gnus")
    os.mkdir(home)
    env = dict(os.environ, HOME=home, LC_ALL="C.UTF-8", LIVE=LIVE,
               PAPER=PAPER, TITLE=BAKERY, SUBJECT_WORD="ferry",
               TEXT_WORD="plough", NNTP_PORT=str(world.port))
    done = subprocess.run(
        ["emacs", "-Q", "--batch", "-l", os.path.join(HERE, "gnus.el")],
        env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError:
        tap.ok(False, "Gnus runs to its end", done.stdout, done.stderr,
               world.dialogue.tail())
        tap.done()


with Reading(SECONDS) as world:
    got = ask(world)
    hang = [line.startswith(" ") for line in got["live"]]
    tap.ok(sorted(line.strip() for line in got["live"]) ==
           sorted(world.subjects(LIVE)) and
           got["live"][0] == world.root() and hang[1:] and all(hang[1:]),
           "Gnus: the group is one thread below its root", *got["live"])
    tap.ok(sorted(got["paper"]) == sorted(world.subjects(PAPER)),
           "Gnus: eight stories in their scripts", *got["paper"])
    words = text(world.article(PAPER, "Пекарня")).split(" [image:")[0]
    tap.ok(words in " ".join(got["text"].split()), "Gnus: a text", words,
           got["text"])
    tap.ok(sorted(got["limited"]) == world.found(PAPER, "ferry"),
           "Gnus: a limit to subjects", *got["limited"])
    tap.ok([got["found"]] == world.found(PAPER, "Eelgrass"),
           "Gnus: a search in the texts", got["found"])
    world.check_refused("Gnus")
tap.done()
