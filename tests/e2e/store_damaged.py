# SPDX-License-Identifier: GPL-3.0-or-later
"""A store with a damaged page in use: whoever does not need the page notices
nothing, who needs it is told, and the operator hears what to do; check says
what is wrong and recover puts a whole store in its place."""
import glob
import os

from faults import Client, Server
from mailboxes import Store, article
import tap

GROUP = "e2e.mail"
ARTICLES = 60
HURT = 30
PAGE = 8192
BODY = b"A line of an article that is not very long in itself.\n" * 60


def hurt(path):
    """Overwrites the page in which an article begins."""
    with open(path, "r+b") as file:
        at = file.read().index(b"Subject: Story %d\r\n" % HURT)
        file.seek(at // PAGE * PAGE)
        file.write(b"\xa5" * PAGE)


def codes(port):
    """Of each article, in one session."""
    client = Client(port)
    client.ask(f"GROUP {GROUP}")
    got = {n: client.read(f"ARTICLE {n}") for n in range(1, ARTICLES + 1)}
    over = client.read("OVER 1-")
    client.close()
    return got, over


def check_served(before, gateway):
    server = Server(gateway, "--no-poll")
    got, over = codes(server.port)
    failed = [n for n in got if got[n][0][:3] == "403"]
    whole = [n for n in got if got[n] == before[n]]
    tap.ok(HURT + 1 in failed and len(failed) + len(whole) == ARTICLES and
           len(failed) < 8, "only what is on the page is answered with 403",
           failed, len(whole))
    tap.ok(over[0][:3] == "224" and len(over[1]) == ARTICLES,
           "the overview is whole", over[0])
    said = server.log()
    tap.ok("newswire.db" in said and "newswire check" in said and
           "newswire recover" in said, "the operator is told what to do", said)
    done = gateway.run("recover", "--replace")
    tap.ok(done.returncode == 75 and b"newswire serve" in done.stderr,
           "a store in use is not replaced", done.stderr.decode())
    tap.ok(server.stop() == 0, "the server went on to the end")


def check_recovered(before, gateway, path):
    done = gateway.run("check")
    tap.ok(done.returncode == 65 and b"articles: cannot" in done.stdout and
           b"newswire recover" in done.stderr, "check says where it is",
           done.stdout.decode(), done.stderr.decode())
    with open(path, "rb") as file:
        damaged = file.read()
    done = gateway.run("recover", "--replace")
    tap.ok(done.returncode == 0 and b"are lost" in done.stderr,
           "recover says what it saved", done.stderr.decode())
    kept = glob.glob(path + ".damaged-*")
    with open(kept[0], "rb") as file:
        tap.ok(len(kept) == 1 and file.read() == damaged,
               "the damaged store is kept as it was", kept)
    tap.ok(gateway.run("check").returncode == 0,
           "nothing is wrong with the new one")
    server = Server(gateway, "--no-poll")
    got, _ = codes(server.port)
    there = [n for n in got if got[n] == before[n]]
    gone = [n for n in got if got[n][0][:3] == "423"]
    tap.ok(len(there) + len(gone) == ARTICLES and len(gone) < 8,
           "all others are there under their numbers", gone)
    server.stop()
    gateway.post(GROUP, article(ARTICLES, BODY))
    tap.ok(max(gateway.articles(GROUP)) == ARTICLES + 1,
           "a new article gets the next number")


def main():
    with Store() as gateway:
        path = os.path.join(gateway.home, "newswire.db")
        gateway.post(GROUP, *(article(n, BODY) for n in range(ARTICLES)))
        server = Server(gateway, "--no-poll")
        before, _ = codes(server.port)
        server.stop()
        hurt(path)
        check_served(before, gateway)
        check_recovered(before, gateway, path)
        # The first page: nothing can be opened any more.
        with open(path, "r+b") as file:
            file.write(b"\xa5" * PAGE)
        for command in ("fetch", "nntp", "serve", "check"):
            done = gateway.run(command)
            tap.ok(done.returncode == 65 and b"newswire.db" in done.stderr and
                   b"newswire recover" in done.stderr,
                   f"{command} says what to do", done.stderr.decode())
        done = gateway.run("recover", "--to", path + ".new")
        tap.ok(done.returncode == 0, "and even that can be recovered",
               done.stderr.decode())
        os.replace(path + ".new", path)
    tap.done()


main()
