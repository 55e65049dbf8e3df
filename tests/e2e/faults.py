# SPDX-License-Identifier: GPL-3.0-or-later
"""A server that things happen to, and a client that keeps a record of what it
was shown."""
import os
import re
import socket
import subprocess
import tempfile
import time

PATIENCE_S = 30


class Client:
    """One connection, one command at a time."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self.file = self.socket.makefile("rb")
        self.greeting = self.line()

    def close(self):
        self.file.close()
        self.socket.close()

    def line(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError("the server has gone")
        return line.decode("utf-8", "surrogateescape").rstrip("\r\n")

    def send(self, command):
        self.socket.sendall(command.encode() + b"\r\n")

    def ask(self, command):
        """The status line."""
        self.send(command)
        return self.line()

    def read(self, command):
        """The status line and, of a good reply, the lines behind it."""
        status = self.ask(command)
        lines = []
        while status[0] == "2" and (line := self.line()) != ".":
            lines.append(line)
        return status, lines


class Server:
    """"newswire serve" of a gateway on a port of its own; log() is what it
    said so far."""

    def __init__(self, gateway, *args, port=0):
        self.file = tempfile.TemporaryFile("a+")
        self.process = subprocess.Popen(
            gateway.command("serve", "--listen", f"127.0.0.1:{port}", *args),
            env=gateway.env, stderr=self.file)
        found = self.wait_for(r"listening on 127\.0\.0\.1 port (\d+)")
        self.port = int(found[1])

    def log(self):
        self.file.seek(0)
        return self.file.read()

    def wait_for(self, pattern, seconds=PATIENCE_S):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = re.search(pattern, self.log())
            if found:
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise RuntimeError(f"not said: {pattern}\n{self.log()}")

    def children(self):
        path = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with open(path, encoding="ascii") as file:
            return [int(pid) for pid in file.read().split()]

    def stop(self):
        """Its exit code."""
        self.process.terminate()
        code = self.process.wait(PATIENCE_S)
        self.file.close()
        return code

    def kill(self):
        """All of it, at once."""
        children = self.children()
        self.process.kill()
        for pid in children:
            try:
                os.kill(pid, 9)
            except ProcessLookupError:
                pass
        self.process.wait(PATIENCE_S)
        self.file.close()


def page(n, paragraphs=6):
    text = "".join(f"<p>Paragraph {i} of story {n} has a few words that say "
                   f"that it is a story of its own.</p>"
                   for i in range(paragraphs))
    return (f"<!DOCTYPE html><html lang=en><title>Story {n}</title>"
            f"<article><h1>Story {n}</h1>{text}</article></html>").encode()


def feed(base, first, last):
    """The newest first."""
    items = "".join(
        f"<item><title>Story {n}</title><link>{base}/story-{n}.html</link>"
        f"<guid>{base}/story-{n}.html</guid>"
        f"<pubDate>Sat, 26 Jul 2025 {n // 3600:02}:{n // 60 % 60:02}:"
        f"{n % 60:02} GMT</pubDate><description>Teaser {n}.</description>"
        f"</item>" for n in range(last, first - 1, -1))
    return (f"<?xml version='1.0'?><rss version='2.0'><channel><title>T"
            f"</title><link>{base}/</link><description>d</description>"
            f"{items}</channel></rss>").encode()
