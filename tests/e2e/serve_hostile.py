# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients whose few octets make the server work much: what one of them asks for
at once is answered in many turns, and others have theirs between."""
import os
import subprocess
import threading
import time

from serving import GROUP, Serving, STOREFILL
import tap

LARGE = 8 << 20		# octets of an article
FOLDED = 30000		# and of a header
SHARE = 4		# of the whole time, that another waits at most


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
    """Sends a command so many times, as one."""
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
        took = time.monotonic() - begun
        longest = probe.end()
    what = command if len(command) < 40 else command[:40] + "…"
    print(f"# {count} x {what}: {took * 1000:.0f} ms; another waited "
          f"{longest * 1000:.1f} ms at most")
    tap.ok(good and longest < took / SHARE,
           f"{what}, sent {count} times, keeps nobody waiting",
           took, longest)


def main():
    with Serving("readers = 1\n") as served:
        fill(served)
        served.serve()
        burst(served, "HEAD 1", 150, "221 ")
        burst(served, "STAT <n1@load.example>", 150, "223 ")
        burst(served, "HDR Organization <n1@load.example>", 150, "225 ")
        # Backwards from the last octet of each place where it could begin.
        burst(served, "XPAT X-Long <n2@load.example> *" + "a" * 460 + "b", 30,
              "221 ")
        code, _ = served.end()
        tap.ok(code == 0, "the server ends as it should", code, served.said())
    tap.done()


main()
