# SPDX-License-Identifier: GPL-3.0-or-later
"""A gateway that serves a group of made-up articles, and readers of it: for the
tests of what happens to a server."""
import os
import re
import socket
import subprocess
import tempfile
import time

from gateway import BUILD, Gateway

STOREFILL = os.path.join(BUILD, "tests", "tools", "storefill")
GROUP = "e2e.load"
PATIENCE_S = 20


def until(condition):
    """Waits for what no event tells; whether it came true in time."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def rnews(numbers, octets=1000):
    """A batch for storefill."""
    batch = b""
    for n in numbers:
        body = b"".join(b"%08d line of article %d\r\n" % (i, n)
                        for i in range(octets // 32))
        article = (b"From: a@example.org\r\nNewsgroups: %s\r\n"
                   b"Subject: number %d\r\nMessage-ID: <n%d@load.example>\r\n"
                   b"Date: Sat, 26 Jul 2025 10:15:00 +0000\r\n"
                   b"Path: news.example!not-for-mail\r\n\r\n"
                   % (GROUP.encode(), n, n) + body).replace(b"\r\n", b"\n")
        batch += b"#! rnews %d\n" % len(article) + article
    return batch


class Serving(Gateway):
    """serve() starts "newswire serve" with what it logs in said()."""

    def __init__(self, config=""):
        super().__init__("path-host = news.example\nhost-pause = 0\n" + config)
        self.process = None
        self.log = tempfile.TemporaryFile("a+b")

    def __exit__(self, *exception):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()
        super().__exit__(*exception)

    def fill(self, numbers, octets=1000):
        subprocess.run([STOREFILL, "--path-host", "news.example",
                        os.path.join(self.home, "newswire.db"), GROUP],
                       input=rnews(numbers, octets), check=True,
                       stdout=subprocess.DEVNULL)

    def serve(self, *args, **options):
        self.log.seek(0)
        self.log.truncate()
        options.setdefault("env", self.env)
        self.process = subprocess.Popen(
            self.command("serve", *(args or ("--no-poll", "--listen",
                                             "127.0.0.1:0"))),
            stderr=self.log, **options)
        until(lambda: "listening on" in self.said() or
              self.process.poll() is not None)
        found = re.search(r"listening on 127\.0\.0\.1 port (\d+)", self.said())
        self.port = int(found[1]) if found else None
        return self.process

    def said(self):
        self.log.seek(0)
        return self.log.read().decode()

    def children(self):
        """The pids of its processes: poller, deliverer, readers when they have
        just been started."""
        listed = subprocess.run(
            ["ps", "-o", "pid=,stat=", "--ppid", str(self.process.pid)],
            capture_output=True, text=True, check=False).stdout
        return sorted(int(line.split()[0]) for line in listed.splitlines()
                      if "Z" not in line)

    def successor(self, pid, before):
        """Who takes the place of a child that goes; None: nobody in time."""
        others = set(before) - {pid}
        until(lambda: len(now := self.children()) == len(before) and
              pid not in now)
        new = set(self.children()) - others
        return new.pop() if len(new) == 1 else None

    def end(self):
        """Its exit code, and how long it took to end by SIGTERM."""
        start = time.monotonic()
        self.process.terminate()
        code = self.process.wait(PATIENCE_S)
        return code, time.monotonic() - start

    def client(self):
        return Client(("127.0.0.1", self.port))


class Client:
    """A news reader; address is (host, port) or the path of a socket."""

    def __init__(self, address, family=socket.AF_INET):
        self.socket = socket.socket(family, socket.SOCK_STREAM)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(address)
        self.file = self.socket.makefile("rb")
        self.greeting = self.line()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

    def close(self):
        self.file.close()
        self.socket.close()

    def line(self):
        """Without its end; ConnectionError when there is none."""
        line = self.file.readline()
        if not line.endswith(b"\r\n"):
            raise ConnectionError("the connection ended")
        return line[:-2].decode()

    def send(self, text):
        self.socket.sendall(text.encode() + b"\r\n")

    def ask(self, text):
        self.send(text)
        return self.line()

    def block(self):
        """The lines of a long reply."""
        lines = []
        while (line := self.line()) != ".":
            lines.append(line)
        return lines

    def subjects(self):
        """What the group holds now."""
        status = self.ask(f"GROUP {GROUP}")
        if not status.startswith("211 "):
            return []
        if not self.ask("OVER 1-").startswith("224 "):
            return []
        return [line.split("\t")[1] for line in self.block()]
