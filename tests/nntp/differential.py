# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the transcripts to INN's nnrpd and to newswire, over the same articles.

What each says to each command must have the same code and, where it is a list of
articles or groups, the same ones.  Where it has not, differences.txt has a line with the
reason; a line there that nothing needs is a fault too.
"""
import fnmatch
import os
import re
import socket
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import dialogue
import inn
import server
import tap
import transcript

PATIENCE_S = 20
# The servers' configurations differ where a transcript has O: lines.
TRANSCRIPTS = ["article", "clients", "group", "lines", "list", "news", "over",
               "refused", "session", "xpat"]
# Lines of their replies begin with a number, a Message-ID, a group or a keyword.
LISTS = re.compile(rb"\s*(list|listgroup|newgroups|over|xover|hdr|xhdr|xpat|"
                   rb"xgtitle)\b", re.I)


class Reader:
    """Connections on which each command waits for its reply."""

    def __init__(self, port):
        self.port = port
        self.connect()

    def connect(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port),
                                               PATIENCE_S)
        self.lines = self.socket.makefile("rb")
        self.line()

    def line(self):
        line = self.lines.readline()
        if not line:
            raise EOFError
        return line.rstrip(b"\r\n")

    def reply(self, command):
        code, words = self.line()[:3].decode("latin-1"), []
        if dialogue.is_multi_line(command, code):
            while (line := self.line()) != b".":
                words += line.split()[:1]
        return code, words

    def ask(self, command):
        """The code, or "end", and of a list what it has."""
        self.socket.sendall(command)
        try:
            code, words = self.reply(command)
        except EOFError:
            self.close()
            self.connect()
            return "end", []
        return code, words if LISTS.match(command) else []

    def close(self):
        self.lines.close()
        self.socket.close()


class Differences:
    """The rows of differences.txt: command, INN's code, ours, why."""

    def __init__(self):
        with open(os.path.join(HERE, "differences.txt"),
                  encoding="utf-8") as file:
            rows = [[word.strip() for word in line.split("|")]
                    for line in file if "|" in line and line[0] != "#"]
        self.rows = {tuple(row[:3]): row[3] for row in rows}
        self.used = set()

    def known(self, command, theirs, ours):
        for row in self.rows:
            if row[1:] == (theirs, ours) and \
                    fnmatch.fnmatchcase(command.upper(), row[0].upper()):
                self.used.add(row)
                return True
        return False


def compare(name, rival, served, differences):
    """What differs and is not known."""
    faults = []
    theirs, ours = Reader(rival.port), Reader(served.port)
    lines = transcript.read(os.path.join(HERE, name + ".nntp"))
    for octets in [line for _, kind, text in lines
                   for line in dialogue.sent(kind, text)]:
        command = octets.strip().decode("utf-8", "backslashreplace")
        (their_code, their_words), (our_code, our_words) = \
            theirs.ask(octets), ours.ask(octets)
        if their_code != our_code:
            different = their_code, our_code
        elif their_words != our_words:
            different = "lines", "lines"
        else:
            continue
        if not differences.known(command, *different):
            faults.append(f"{command[:60]} | {different[0]} | {different[1]}"
                          f"  {their_words} {our_words}")
    theirs.close()
    ours.close()
    return faults


def main():
    differences = Differences()
    with inn.Inn() as rival, server.Home() as home, \
            server.Server(home) as served:
        for name in TRANSCRIPTS:
            faults = compare(name, rival, served, differences)
            tap.ok(not faults, f"{name}.nntp: newswire answers as INN",
                   *faults)
    stale = [" | ".join(row) for row in differences.rows
             if row not in differences.used]
    tap.ok(not stale, "each known difference is one", *stale)
    tap.done()


main()
