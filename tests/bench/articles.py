# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores with articles to be synchronised, and a news server over them."""
import os
import random
import re
import signal
import socket
import subprocess
import textwrap

OCTETS = 3072
WORDS = 4000
BEGIN_UTC = 1790000000          # minutes apart, and in the past
DAYS = ("Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed")


def vocabulary(chance):
    """Words that deflate finds as hard as those of a language."""
    return ["".join(chance.choices("etaoinshrdlucmfwypvbgk",
                                   weights=range(22, 0, -1),
                                   k=chance.randint(2, 10)))
            for _ in range(WORDS)]


def article(group, number, words, chance):
    """As a gateway writes it, of OCTETS."""
    when = BEGIN_UTC + 60 * number
    days, rest = divmod(when, 86400)
    # 2026-09-21 is day 20717.
    date = (f"{DAYS[days % 7]}, {days - 20717 + 21} Sep 2026 "
            f"{rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02} +0000")
    head = (f"Path: bench.invalid!not-for-mail\r\n"
            f"From: Jane Doe <jane@bench.invalid>\r\n"
            f"Newsgroups: {group}\r\n"
            f"Subject: {' '.join(chance.choices(words, k=8))}\r\n"
            f"Date: {date}\r\n"
            f"Message-ID: <s.{group}.{number}@bench.invalid>\r\n"
            f"Archived-At: <https://bench.invalid/{group}/{number}>\r\n"
            f"MIME-Version: 1.0\r\n"
            f"Content-Type: text/plain; charset=UTF-8; format=flowed\r\n"
            f"\r\n")
    body = " \r\n".join(textwrap.wrap(" ".join(chance.choices(
        words, weights=[1 / (rank + 10) for rank in range(WORDS)], k=700)),
        72))
    return (head + body)[:OCTETS - 2].rstrip().ljust(OCTETS - 2, ".") + "\r\n"


def fill(storefill, store, group, count, *options, octets=OCTETS):
    """Into one group, or with --groups N into GROUP.g1 to GROUP.gN."""
    chance = random.Random(count)
    words = vocabulary(chance)
    with subprocess.Popen([storefill, *options, store, group],
                          stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL) as process:
        for number in range(1, count + 1):
            text = article(group, number, words, chance).encode()[:octets]
            process.stdin.write(b"#! rnews %d\n" % len(text) + text)
        process.stdin.close()
    if process.returncode:
        raise RuntimeError(f"{storefill}: {process.returncode}")


class Server:
    """newswire serves the store of a home, and polls nothing."""

    def __init__(self, command, home):
        self.process = subprocess.Popen(
            [command, "--home", home, "serve", "--no-poll", "--listen",
             "127.0.0.1:0"], stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        match = re.search(r"port (\d+)", line)
        if not match:
            raise RuntimeError(f"newswire does not serve: {line}")
        self.port = int(match[1])

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.process.stderr.close()


class Link:
    """link.py in front of a server; counts() since the last time."""

    def __init__(self, port, round_trip_ms):
        here = os.path.dirname(os.path.abspath(__file__))
        self.process = subprocess.Popen(
            ["python3", os.path.join(here, "link.py"), str(port),
             str(round_trip_ms / 2)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def counts(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        fields = self.process.stdout.readline().split()
        return dict(zip(("connections", "turns", "sent", "received"),
                        map(int, fields[:4])),
                    seconds=float(fields[5]) - float(fields[4]),
                    first=float(fields[4]), last=float(fields[5]))

    def end(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def connect(self):
        """A file of a connection after its greeting."""
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            file = client.makefile("rwb")
        file.readline()
        return file
