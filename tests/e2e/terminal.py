# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs on a terminal, which is one of tmux."""
import os
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
import tap

PATIENCE_S = 30
RETYPE_S = 2


class Terminal:
    """A program in a tmux of its own; folder is there until it ends."""

    def __init__(self, name, folder, command, rows=30):
        self.name = name
        # Of each its own: the one before may not have ended yet.
        socket = os.path.join(tempfile.mkdtemp(dir=folder), "tmux")
        self.tmux = ["tmux", "-S", socket, "-f", "/dev/null"]
        self.run("new-session", "-d", "-x", "100", "-y", str(rows),
                 command)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(self.tmux + ["kill-server"], check=False,
                       stderr=subprocess.DEVNULL)

    def run(self, *words):
        return subprocess.run(self.tmux + list(words), check=True, text=True,
                              capture_output=True).stdout

    def screen(self):
        return self.run("capture-pane", "-p")

    def type(self, *keys):
        """Types keys until the screen changes: slrn throws away what was
        typed while it was busy, though its screen looked ready."""
        end = time.monotonic() + PATIENCE_S
        before = self.screen()
        while self.screen() == before and time.monotonic() < end:
            self.run("send-keys", *keys)
            self.wait(lambda: self.screen() != before, RETYPE_S)

    def wait(self, good, seconds):
        end = time.monotonic() + seconds
        while not good() and time.monotonic() < end:
            time.sleep(0.05)

    def expect(self, what, *patterns):
        """Waits until the screen matches all of them."""
        def good():
            screen = self.screen()
            return all(re.search(p, screen, re.M) for p in patterns)

        self.wait(good, PATIENCE_S)
        tap.ok(good(), f"{self.name}: {what}", self.screen())

    def lacks(self, what, *words):
        """None of them is on the screen that was expected before."""
        screen = self.screen()
        tap.ok(not any(word in screen for word in words),
               f"{self.name}: {what}", screen)
