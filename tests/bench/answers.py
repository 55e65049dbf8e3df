# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the window of Claws Mail takes to answer: a client of its control
socket comes every TICK_S with a word that it does not know, which its main loop
drops and hangs up.  One that should have come while another waited has waited
since it was due."""
import glob
import os
import socket
import statistics
import threading
import time

TICK_S = 0.01
PATIENCE_S = 600


def path(world):
    """Of the control socket."""
    [found] = glob.glob(os.path.join(world.env["XDG_RUNTIME_DIR"],
                                     "claws-mail", "*"))
    return found


class Answers:
    """From entry to exit of the with block."""

    def __init__(self, world):
        self.path = path(world)
        self.ms = []
        self.at_s = []
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.ask)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()

    def ask(self):
        due = time.monotonic()
        while not self.ending.is_set():
            if due > time.monotonic():
                time.sleep(due - time.monotonic())
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(PATIENCE_S)
                client.connect(self.path)
                client.sendall(b"knock\n")
                while client.recv(64):
                    pass
            now = time.monotonic()
            while due < now:
                self.ms.append(1000 * (now - due))
                self.at_s.append(due)
                due += TICK_S

    def between(self, first, last):
        """Of those who came in this time (CLOCK_MONOTONIC)."""
        ms = sorted(took for at, took in zip(self.at_s, self.ms)
                    if first <= at <= last)
        return {"count": len(ms), "median": statistics.median(ms),
                "p99": ms[len(ms) * 99 // 100], "most": ms[-1]}


def words(found, target_ms=None):
    said = (f"the window answers in {found['median']:.1f} ms (median of "
            f"{found['count']}), 99 % within {found['p99']:.1f}, at most "
            f"{found['most']:.1f} ms")
    if target_ms is None:
        return said
    return (f"{said} [at most {target_ms} ms: "
            f"{'met' if found['most'] <= target_ms else 'MISSED'}]")
