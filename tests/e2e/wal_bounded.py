# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that do not go on reading hold nothing open: while 20,000 articles
are stored, the log beside the store stays small."""
import os
import subprocess
import threading
import time

from faults import Client, Server
from mailboxes import STOREFILL, Store, article
import tap

GROUP = "e2e.mail"
ARTICLES = 20000
BODY = b"A line of an article that is not very long in itself.\n" * 40
# storefill stores 1000 articles in one transaction.
BOUND = 24 << 20


def batch(first, count):
    return b"".join(b"#! rnews %d\n%s" % (len(text), text) for text in
                    (article(n, BODY) for n in range(first, first + count)))


class Watch(threading.Thread):
    """The largest size that a file had."""

    def __init__(self, path):
        super().__init__()
        self.path, self.most, self.over = path, 0, False

    def run(self):
        while not self.over:
            if os.path.exists(self.path):
                self.most = max(self.most, os.path.getsize(self.path))
            time.sleep(0.002)


def stuck(port, command):
    """A client that asks and does not take the reply."""
    client = Client(port)
    client.ask(f"GROUP {GROUP}")
    client.socket.sendall(command.encode() * 400)
    client.file.read(1)
    return client


def idle(port):
    client = Client(port)
    client.ask(f"GROUP {GROUP}")
    client.ask("STAT 1")
    return client


def begin_nntp(gateway):
    """"newswire nntp" that was asked something and waits for more."""
    process = subprocess.Popen(gateway.command("nntp"), env=gateway.env,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdin.write(f"GROUP {GROUP}\r\nARTICLE 1\r\n".encode())
    process.stdin.flush()
    while process.stdout.readline() != b".\r\n":
        pass
    return process


def fill(gateway, path, text):
    watch = Watch(path + "-wal")
    watch.start()
    subprocess.run([STOREFILL, path, GROUP], input=text, check=True,
                   stdout=subprocess.DEVNULL)
    watch.over = True
    watch.join()
    return watch.most


def main():
    with Store("readers = 2\n") as gateway:
        path = os.path.join(gateway.home, "newswire.db")
        gateway.post(GROUP, *(article(n, BODY) for n in range(2000)))
        server = Server(gateway, "--no-poll")
        clients = [stuck(server.port, "OVER 1-\r\n"),
                   stuck(server.port, "ARTICLE 7\r\n")]
        clients += [idle(server.port) for _ in range(20)]
        nntp = begin_nntp(gateway)
        text = batch(2000, ARTICLES)
        most = fill(gateway, path, text)
        tap.ok(0 < most < BOUND,
               f"{len(text) >> 20} MiB were stored, the log had "
               f"{most >> 10} KiB at most")
        tap.ok(clients[5].ask("STAT 2")[:3] == "223" and
               clients[5].ask(f"GROUP {GROUP}").split()[1] ==
               str(ARTICLES + 2000), "who was idle sees all of it")
        # One that is in the middle of a reply gets the rest of it.
        got = clients[0].file.readline()
        while got != b".\r\n":
            got = clients[0].file.readline()
        tap.ok(got == b".\r\n", "who stopped reading can go on")
        nntp.stdin.close()
        tap.ok(nntp.wait(30) == 0, "newswire nntp ends well")
        nntp.stdout.close()
        for client in clients:
            client.close()
        tap.ok(server.stop() == 0, "the server ends well")
    tap.done()


main()
