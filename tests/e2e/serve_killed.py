# SPDX-License-Identifier: GPL-3.0-or-later
"""Processes of serve are killed while many read and articles come: who reads
connects again and sees each article whose storing was acknowledged."""
import os
import signal
import threading
import time

from serving import PATIENCE_S, Serving, until
import tap

CONFIG = "readers = 2\ndeliver \"maildir:%s/{group}\" {}\n"
READERS = 6
ROUNDS = 2


class Load:
    """Readers that read the list of articles and some articles again and again,
    each until it is told to end; wrong says what they should not have seen."""

    def __init__(self, served):
        self.served, self.stored = served, 0
        self.looks, self.breaks, self.wrong = 0, 0, []
        self.over = threading.Event()
        self.threads = [threading.Thread(target=self.read)
                        for _ in range(READERS)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *exception):
        self.over.set()
        for thread in self.threads:
            thread.join()

    def look(self, client):
        stored = self.stored
        subjects = client.subjects()
        want = [f"number {n}" for n in range(1, stored + 1)]
        if subjects[:stored] != want:
            self.wrong.append(f"{len(subjects)} of {stored} articles")
        if client.ask("ARTICLE 1").startswith("220 "):
            if "of article 1" not in client.block()[-1]:
                self.wrong.append("article 1 is another")
        self.looks += 1

    def read(self):
        while not self.over.is_set():
            try:
                with self.served.client() as client:
                    if not client.greeting.startswith("201 "):
                        continue
                    while not self.over.is_set():
                        self.look(client)
            except ConnectionRefusedError:
                time.sleep(0.05)
            except OSError:
                self.breaks += 1

    def go_on(self):
        """Whether the readers get answers, from now on."""
        looks = self.looks
        return until(lambda: self.looks > looks + 2 * READERS)


def store_more(served, load, count=50):
    served.fill(range(load.stored + 1, load.stored + 1 + count))
    load.stored += count


def kills(served, load):
    """In the order in which they were started: poller, deliverer, readers."""
    pids = dict(zip(("poller", "deliverer", "a reader", "the other reader"),
                    served.children()))
    tap.ok(len(pids) == 4, "poller, deliverer and two readers run",
           served.said())
    for name, pid in pids.items():
        before = served.children()
        os.kill(pid, signal.SIGKILL)
        store_more(served, load)
        tap.ok(load.go_on(), f"{name} is killed, and the readers read on",
               served.said())
        tap.ok(served.successor(pid, before), "another takes its place",
               served.said())
    tap.ok(load.breaks, "who read from one that was killed has noticed")
    for _ in range(ROUNDS):
        for pid in served.children():
            os.kill(pid, signal.SIGKILL)
        store_more(served, load)
        tap.ok(until(lambda: len(served.children()) == 4) and load.go_on(),
               "all are killed at once, and come back", served.said())
    tap.ok(not load.wrong, "each reader has seen all that was stored",
           *load.wrong)


def ends(served, load, port):
    code, took = served.end()
    tap.ok(code == 0 and took < 5, "SIGTERM ends it under load", code, took,
           served.said())
    served.serve("--listen", f"127.0.0.1:{port}")
    tap.ok(served.port == port and load.go_on(),
           "its port is free at once, and the readers are back",
           served.said())
    tap.ok(not load.wrong, "with all that they had", *load.wrong)


def main():
    with Serving() as served:
        box = os.path.join(served.home, "boxes")
        os.mkdir(box)
        with open(os.path.join(served.home, "newswire.conf"), "a",
                  encoding="utf-8") as file:
            file.write(CONFIG % box)
        served.fill(range(1, 2))
        served.serve("--listen", "127.0.0.1:0")
        with Load(served) as load:
            load.stored = 1
            store_more(served, load)
            load.go_on()
            kills(served, load)
            ends(served, load, served.port)
        new = os.path.join(box, "e2e.load", "new")
        tap.ok(until(lambda: os.path.isdir(new) and
                     len(os.listdir(new)) == load.stored),
               "each article was delivered once", served.said())
        served.process.terminate()
        served.process.wait(PATIENCE_S)
    tap.done()


main()
