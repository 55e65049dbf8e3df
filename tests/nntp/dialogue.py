# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files that transcript.py plays ask, and what must be answered."""
import re

import transcript

MULTI_LINE = {"100", "101", "215", "220", "221", "222", "224", "225", "230",
              "231", "282", "293"}


def commands(octets):
    """The lines that ask something."""
    return [line for line in re.findall(rb"[^\n]*\n", octets) if line.strip()]


def sent(kind, text):
    """The lines that a line of a file sends."""
    if kind == "C:":
        return commands(text.encode("utf-8") + b"\r\n")
    return commands(transcript.raw(text)) if kind == "R:" else []


def is_multi_line(command, code):
    return code in MULTI_LINE or (
        code == "211" and command.lstrip().upper().startswith(b"LISTGROUP"))


class Client:
    """The commands that wait for their replies.  What an article or an exchange of
    SASL says is none, but gets a reply of its own."""

    def __init__(self):
        self.waiting = []
        self.posts = self.proves = False

    def send(self, line):
        if self.posts:
            self.posts = line.strip() != b"."
            if not self.posts:
                self.waiting.append(b"POST")
        elif self.proves:
            self.proves = False
            self.waiting.append(b"AUTHINFO")
        else:
            self.waiting.append(line)

    def receive(self, code):
        """The command that gets it."""
        command, *others = self.waiting
        self.waiting = []
        self.posts, self.proves = code == "340", code == "383"
        for line in others:
            self.send(line)
        return command


def exchanges(path):
    """(command, code) of each command and the reply that it must get."""
    client, inside = Client(), False
    for _, kind, text in transcript.read(path):
        for line in sent(kind, text):
            client.send(line)
        if kind == "S:" and inside:
            inside = text != "."
        elif kind == "S:" and client.waiting:
            code = text[:3]
            command = client.receive(code)
            inside = is_multi_line(command, code)
            yield command, code
