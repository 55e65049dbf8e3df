# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients whose few octets make the server work much: what one of them asks for
at once is answered in many turns, and others have theirs between."""
import os
import subprocess
import threading
import time

from serving import GROUP, Serving, STOREFILL
import tap

LARGE = 16 << 20	# octets of an article
FOLDED = 30000		# and of a header
SHARE = 4		# of the whole time, that another waits at most
TRIES = 5		# on a machine that has much else to do


def article(number, header, body):
    text = (f"From: a@example.org\nNewsgroups: {GROUP}\nSubject: {number}\n"
            f"Message-ID: <n{number}@load.example>\nPath: x!y\n"
            f"Date: Sat, 26 Jul 2025 10:15:00 +0000\n{header}\n{body}")
    return f"#! rnews {len(text)}\n{text}"


def fill(served):
    """Article 1 is long, 2 has a long header."""
    folded = "X-Long: " + "\n ".join(["a" * 900] * (FOLDED // 900)) + "\n"
    subprocess.run([STOREFILL, "--path-host", "news.example",
                    os.path.join(served.home, "newswire.db"), GROUP],
                   input=article(1, "", "a line of the text\n" * (LARGE // 19))
                   + article(2, folded, "text\n"), text=True, check=True,
                   stdout=subprocess.DEVNULL)


class Probe(threading.Thread):
    """Another client, which asks for little, over and over: how long it waited
    at most."""

    def __init__(self, served):
        super().__init__()
        self.client = served.client()
        self.over = threading.Event()
        self.longest = 0

    def run(self):
        while not self.over.is_set():
            begun = time.monotonic()
            self.client.ask("DATE")
            self.longest = max(self.longest, time.monotonic() - begun)
        self.client.close()

    def end(self):
        self.over.set()
        self.join()
        return self.longest


def burst(served, command, count, code):
    """Sends a command so many times, as one: whether the replies are right,
    how long that took, and how long another client waited."""
    with served.client() as client:
        client.ask(f"GROUP {GROUP}")
        probe = Probe(served)
        probe.start()
        begun = time.monotonic()
        client.send("\r\n".join([command] * count))
        good = True
        for _ in range(count):
            good &= client.line().startswith(code)
            if not command.startswith("STAT"):
                client.block()
        return good, time.monotonic() - begun, probe.end()


def keeps_nobody_waiting(served, command, count, code):
    what = command if len(command) < 40 else command[:40] + "…"
    for _ in range(TRIES):
        good, took, longest = burst(served, command, count, code)
        print(f"# {count} x {what}: {took * 1000:.0f} ms; another waited "
              f"{longest * 1000:.1f} ms at most")
        if not good or longest < took / SHARE:
            break
    tap.ok(good and longest < took / SHARE,
           f"{what}, sent {count} times, keeps nobody waiting",
           good, took, longest)


def main():
    with Serving("readers = 1\n") as served:
        fill(served)
        served.serve()
        keeps_nobody_waiting(served, "HEAD 1", 150, "221 ")
        keeps_nobody_waiting(served, "STAT <n1@load.example>", 150, "223 ")
        keeps_nobody_waiting(served, "HDR Organization <n1@load.example>",
                             150, "225 ")
        # It nearly matches from each octet on.
        keeps_nobody_waiting(served, "XPAT X-Long <n2@load.example> *" +
                             "a" * 460 + "b", 30, "221 ")
        code, _ = served.end()
        tap.ok(code == 0, "the server ends as it should", code, served.said())
    tap.done()


main()
