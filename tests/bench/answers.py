# SPDX-License-Identifier: GPL-3.0-or-later
"""How long the window of Claws Mail takes to answer: a client of its control
socket comes every TICK_S with a word that it does not know, which its main loop
drops and hangs up.  One that should have come while another waited has waited
since it was due.

A machine is never quiet: from each answer the time can be taken off in which
Claws Mail could have worked and had no processor, as the kernel counts it."""
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


def delayed_s(pid):
    """How long its main thread has waited for a processor."""
    with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
        return int(file.read().split()[1]) / 1e9


class Answers:
    """From entry to exit of the with block."""

    def __init__(self, world, pid):
        self.path, self.pid = path(world), pid
        self.all = []           # (when it was due, ms, ms on a quiet machine)
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.ask)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.thread.join()

    def knock(self):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(PATIENCE_S)
            client.connect(self.path)
            client.sendall(b"knock\n")
            while client.recv(64):
                pass

    def ask(self):
        due = time.monotonic()
        while not self.ending.is_set():
            if due > time.monotonic():
                time.sleep(due - time.monotonic())
            before = delayed_s(self.pid)
            self.knock()
            now = time.monotonic()
            delayed = delayed_s(self.pid) - before
            while due < now:
                took = now - due
                self.all.append((due, 1000 * took,
                                 1000 * max(0, took - delayed)))
                due += TICK_S

    def between(self, first, last):
        """Of those who came in this time (CLOCK_MONOTONIC)."""
        ms = sorted(one[1] for one in self.all if first <= one[0] <= last)
        own = max(one[2] for one in self.all if first <= one[0] <= last)
        return {"count": len(ms), "median": statistics.median(ms),
                "p99": ms[len(ms) * 99 // 100], "most": ms[-1], "own": own}


def words(found, target_ms=None):
    said = (f"the window answers in {found['median']:.1f} ms (median of "
            f"{found['count']}), 99 % within {found['p99']:.1f}, at most "
            f"{found['most']:.1f} ms, {found['own']:.1f} ms without what it "
            "waited for a processor")
    if target_ms is None:
        return said
    return (f"{said} [at most {target_ms} ms: "
            f"{'met' if found['own'] <= target_ms else 'MISSED'}]")
