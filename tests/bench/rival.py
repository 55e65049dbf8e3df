# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers that newswire is measured beside, besides the limit."""
import contextlib
import os
import re
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             "../nntp"))
import inn


class Rival:
    """A server that somebody else has started and filled."""
    options = []
    silence = "refuses"

    def __init__(self, text):
        self.name, _, rest = text.partition("=")
        port, _, self.tasks = rest.partition(":")
        self.port = int(port)


class Inn(Rival):
    """INN's nnrpd.  It writes a reply in two pieces, and the second waits for
    an acknowledgement of the first, 40 ms with an ordinary client.  So that
    its work is measured and not that, the generator acknowledges at once."""
    options = ["-Q"]

    def __init__(self, port):
        super().__init__(f"INN={port}:nnrpd")


class NoInn:
    name = "INN"
    silence = "is not here"
    port = None


class Batch:
    """For tests/nntp/inn.py, the articles of an rnews batch in one group."""
    patience_s = 600

    def __init__(self, path, group, count):
        self.path, self.group, self.count = path, group, count

    def groups(self):
        return [[self.group, "1577836800", ""]]

    def highest(self, _):
        return self.count

    def articles(self):
        with open(self.path, "rb") as file:
            for number in range(1, self.count + 1):
                octets = int(re.fullmatch(rb"#! rnews (\d+)\n",
                                          file.readline())[1])
                yield {self.group: number}, file.read(octets)


@contextlib.contextmanager
def inn_with(path, group, count):
    """INN with the articles of a batch, which is removed, or NoInn."""
    try:
        server = inn.Inn(Batch(path, group, count))
    except RuntimeError as why:
        print(f"bench: {why}", flush=True)
        yield NoInn()
        return
    with server:
        os.remove(path)
        yield Inn(server.port)
