# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that take whole groups, to be read without a line: slrnpull, which
sends what it wants without waiting for replies, and suck, which takes articles
by their names.  What they write down is what the server has, octet for octet.
"""
import os
import subprocess

from reading import LIVE, PAPER, Reading, tap

SECONDS = 60


def run(world, *command):
    done = subprocess.run(command, cwd=world.home, timeout=SECONDS,
                          capture_output=True, check=False)
    tap.ok(done.returncode == 0, f"{command[0]} ends well", done.returncode,
           done.stdout.decode("utf-8", "replace"),
           done.stderr.decode("utf-8", "replace"), world.dialogue.tail())


def stored(article):
    """As these programs store it: with the system's ends of lines."""
    return article.replace("\r\n", "\n").encode("utf-8", "surrogateescape")


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


def slrnpull(world):
    spool = os.path.join(world.home, "slrnpull")
    os.mkdir(spool)
    with open(os.path.join(spool, "slrnpull.conf"), "w",
              encoding="utf-8") as file:
        file.write(f"default 0 0 0\n{PAPER}\n{LIVE}\n")
    run(world, "slrnpull", "-d", spool, "-h", f"127.0.0.1:{world.port}")
    for group, articles in world.groups.items():
        folder = os.path.join(spool, "news", *group.split("."))
        got = {int(name): read(folder, name)
               for name in os.listdir(folder) if name.isdigit()}
        tap.ok(got == {n: stored(a) for n, a in articles.items()},
               f"slrnpull: {group} as it is", sorted(got))
    # It looks whether XHDR is known.
    world.check_refused("slrnpull", "XHDR -> 501")


def suck(world):
    folder = os.path.join(world.home, "suck")
    os.mkdir(folder)
    with open(os.path.join(world.home, "sucknewsrc"), "w",
              encoding="utf-8") as file:
        file.write(f"{PAPER} 0\n{LIVE} 0\n")
    run(world, "suck", "127.0.0.1", "-N", str(world.port), "-dt", world.home,
        "-dm", folder, "-dd", world.home, "-m", "-c")
    got = sorted(read(folder, name) for name in os.listdir(folder))
    want = sorted(stored(a) for articles in world.groups.values()
                  for a in articles.values())
    tap.ok(got == want, "suck: both groups as they are", len(got), len(want),
           world.dialogue.tail())
    world.check_refused("suck")


with Reading(SECONDS) as world:
    for client in (slrnpull, suck):
        world.dialogue.forget()
        client(world)
tap.done()
