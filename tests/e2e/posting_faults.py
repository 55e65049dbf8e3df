# SPDX-License-Identifier: GPL-3.0-or-later
"""Posts when all is not well: a reader process that is killed, several that post
at once while something else is stored, a writer that holds the store, a disk
that is full.  What was acknowledged is there, once; what was not is there whole
or not at all.
"""
import os
import re
import resource
import socket
import sqlite3
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "nntp"), os.path.join(HERE, "..")]
import server
import tap

CONFIG = 'notes = {"example.quiet", "local.talk"}\n'
TIMEOUT_S = 120
POSTS = 500
KILLS = 15
HELD_S = 1.5
SLOW_S = 0.5


def article(name, text="text"):
    return (f"From: ann@reader.example\r\nNewsgroups: local.talk\r\n"
            f"Subject: {name}\r\nMessage-ID: <{name}@reader.example>\r\n"
            f"\r\n{text}\r\n").encode()


class Reader:
    """newswire nntp as a child."""

    def __init__(self, home, limit=None):
        def confine():
            resource.setrlimit(resource.RLIMIT_FSIZE,
                               (limit, resource.RLIM_INFINITY))

        self.process = subprocess.Popen(
            home.command("--quiet", "nntp"), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            preexec_fn=confine if limit else None)
        self.line()

    def line(self):
        return self.process.stdout.readline().decode().rstrip("\r\n")

    def send(self, octets):
        self.process.stdin.write(octets)
        self.process.stdin.flush()

    def ask(self, octets):
        self.send(octets)
        return self.line()

    def post(self, octets):
        assert self.ask(b"POST\r\n").startswith("340 ")
        return self.ask(octets + b".\r\n")

    def lines(self, command):
        """Of a reply with several, without the status."""
        self.ask(command + b"\r\n")
        return [line for line in iter(self.line, ".")]

    def group(self, name=b"local.talk"):
        return self.ask(b"GROUP " + name + b"\r\n")

    def end(self, kill=False):
        if kill:
            self.process.kill()
        self.process.stdin.close()
        self.process.wait(TIMEOUT_S)
        self.process.stdout.close()


def there(home):
    """(number, name) of each article in the group, which must be readable."""
    reader = Reader(home)
    reader.group()
    found = [(int(line.split("\t")[0]), line.split("\t")[1])
             for line in reader.lines(b"OVER 1-")]
    for number, name in found:
        lines = reader.lines(b"ARTICLE %d" % number)
        if f"Subject: {name}" not in lines:
            found.append((number, "unreadable"))
    reader.end()
    return found


def killed(home):
    want = []
    for i in range(KILLS):
        reader = Reader(home)
        reader.ask(b"POST\r\n")
        half = article(f"half.{i}", "line\r\n" * 2000)
        reader.send(half[:len(half) * i // KILLS])
        reader.end(kill=True)
        reader = Reader(home)
        said = reader.post(article(f"whole.{i}"))
        reader.end(kill=True)
        if said.startswith("240 "):
            want.append(f"whole.{i}")
    tap.ok(len(want) == KILLS, "posts are acknowledged", want)
    got = [name for _, name in there(home)]
    tap.ok(got == want, "a reader that is killed before the dot has stored "
           "nothing, after its 240 everything", got)
    # Whoever is killed with the dot on its way has stored all or nothing.
    for i in range(KILLS):
        reader = Reader(home)
        reader.ask(b"POST\r\n")
        reader.send(article(f"dot.{i}", "line\r\n" * 5000) + b".\r\n")
        time.sleep(i * 0.0005)
        reader.end(kill=True)
    found = there(home)
    tap.ok(len(set(found)) == len(found) and
           not any("unreadable" in name for _, name in found),
           "one that is killed with the dot has stored all or nothing",
           found)


def together(home):
    """Two readers post; meanwhile a batch is stored, as by a poll."""
    before = len(there(home))
    said = {}

    def post(who):
        reader = Reader(home)
        said[who] = [reader.post(article(f"{who}.{i}"))
                     for i in range(POSTS)]
        reader.end()

    threads = [threading.Thread(target=post, args=(who,)) for who in "ab"]
    for thread in threads:
        thread.start()
    batch = b"".join(b"#! rnews %d\n%s" % (len(one), one) for one in (
        article(f"batch.{i}").replace(b"\r\n", b"\n")
        .replace(b"local.talk", b"example.world") for i in range(20000)))
    filled = subprocess.run(
        [server.STOREFILL, os.path.join(home.path, "newswire.db"),
         "example.world"], input=batch, stdout=subprocess.PIPE, check=False,
        timeout=TIMEOUT_S)
    for thread in threads:
        thread.join()
    tap.ok(filled.returncode == 0, "the batch is stored", filled.stdout)
    refused = [line for lines in said.values() for line in lines
               if not line.startswith("240 ")]
    tap.ok(not refused and len(said) == 2,
           f"2 x {POSTS} posts are acknowledged", *refused[:5])
    found = there(home)[before:]
    numbers = [number for number, _ in found]
    tap.ok(numbers == list(range(numbers[0], numbers[0] + 2 * POSTS)),
           "each has a number of its own, without a gap")
    for who in "ab":
        names = [name for _, name in found if name.startswith(who)]
        tap.ok(names == [f"{who}.{i}" for i in range(POSTS)],
               f"all of {who} are there, in their order", *names[:5])


def held(home):
    """Somebody writes for long: the post waits, others do not notice."""
    with server.Server(home) as served:
        pair = []
        for _ in range(2):
            sock = socket.create_connection(("127.0.0.1", served.port))
            pair.append((sock, sock.makefile("rb")))
            pair[-1][1].readline()
        (poster, said), (other, answers) = pair
        db = sqlite3.connect(os.path.join(home.path, "newswire.db"),
                             isolation_level=None)
        db.execute("BEGIN IMMEDIATE")
        begun = time.monotonic()
        poster.sendall(b"POST\r\n" + article("held") + b".\r\nDATE\r\n")
        said.readline()
        slowest = 0
        while time.monotonic() < begun + HELD_S:
            asked = time.monotonic()
            other.sendall(b"GROUP local.talk\r\nDATE\r\n")
            answers.readline()
            answers.readline()
            slowest = max(slowest, time.monotonic() - asked)
            time.sleep(0.005)
        db.execute("ROLLBACK")
        db.close()
        first, second = said.readline(), said.readline()
        tap.ok(first.startswith(b"240 ") and second.startswith(b"111 "),
               "a post waits for a writer, and what is behind it for the post",
               first, second)
        waited = time.monotonic() - begun
        tap.ok(waited < HELD_S + SLOW_S, "it does not wait longer", waited)
        tap.ok(slowest < SLOW_S, "others do not", slowest)
        print(f"# waited {waited:.3f} s; the slowest answer to another client "
              f"took {slowest * 1000:.1f} ms")
        for sock, file in pair:
            file.close()
            sock.close()


def full(home):
    # Room for the shared index of the log, not for a large article in it.
    reader = Reader(home, 60000)
    before = there(home)
    said = reader.post(article("large", "line\r\n" * 20000))
    tap.ok(re.match(r"441 .* try again later", said),
           "a post that the disk has no room for is refused", said)
    tap.ok(reader.group().startswith("211 "), "the session goes on")
    tap.ok(there(home) == before, "nothing of it is there")
    resource.prlimit(reader.process.pid, resource.RLIMIT_FSIZE,
                     (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    said = reader.post(article("large", "line\r\n" * 20000))
    reader.end()
    tap.ok(said.startswith("240 "), "with room, it is taken", said)
    tap.ok(there(home)[-1][1] == "large", "and there")


with server.Home(CONFIG) as place:
    subprocess.run(place.command("group", "add", "local.talk"), check=True)
    killed(place)
    together(place)
    held(place)
    full(place)
tap.done()
