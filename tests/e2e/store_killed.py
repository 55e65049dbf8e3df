# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 of readers, of the whole server and of the poller, at random moments
while stories come and a client reads: after each, the store is whole and what
the client was shown is there under the same number; in the end nothing is
missing and nothing is there twice."""
import os
import random
import signal
import threading
import time

from faults import Client, Server, feed, page
from gateway import Gateway, Scripted
import tap

GROUP = "e2e.killed"
ROUNDS = 12
SEED = int(os.environ.get("SEED", "20250726"))


class Publisher:
    """Each time that it is asked it has one story more."""

    def __init__(self):
        self.stories = 0
        self.growing = True
        self.server = None

    def answer(self, path):
        if path == "/feed":
            self.stories += self.growing
            return 200, {}, feed(self.server.url,
                                 max(1, self.stories - 40), self.stories)
        if path.startswith("/story-"):
            number = int(path.split("-")[1].split(".")[0])
            return 200, {"Content-Type": "text/html"}, page(number)
        return 404, {}, b""


class Poller(threading.Thread):
    """Polls in a loop; kill() ends the poll under way."""

    def __init__(self, gateway):
        super().__init__()
        self.gateway, self.process, self.over = gateway, None, False
        self.polls = 0

    def run(self):
        while not self.over:
            self.process = self.gateway.start_fetch()
            self.process.wait()
            self.polls += 1

    def kill(self):
        if self.process:
            self.process.send_signal(signal.SIGKILL)


class Witness(threading.Thread):
    """Reads all the time, on whatever port there is; seen has each article
    that it was shown, by number."""

    def __init__(self):
        super().__init__()
        self.port, self.over, self.client = None, False, None
        self.seen, self.wrong, self.sessions = {}, [], 0

    def run(self):
        while not self.over:
            try:
                self.session()
            except (OSError, ConnectionError):
                time.sleep(0.02)

    def session(self):
        client = Client(self.port)
        self.sessions += 1
        try:
            while not self.over:
                if client.ask(f"GROUP {GROUP}")[:3] != "211":
                    time.sleep(0.02)
                    continue
                self.look(client)
        finally:
            client.close()

    def look(self, client):
        _, lines = client.read("OVER 1-")
        for line in lines:
            number, message_id = int(line.split("\t")[0]), line.split("\t")[4]
            if number in self.seen:
                if self.seen[number][0] != message_id:
                    self.wrong.append((number, message_id))
                continue
            status, article = client.read(f"ARTICLE {number}")
            if status[:3] == "220":
                self.seen[number] = message_id, article
            else:
                self.wrong.append((number, status))


def is_kept(port, seen):
    """What of it is not there as it was."""
    client = Client(port)
    status = client.ask(f"GROUP {GROUP}")
    missing = [] if not seen or status[:3] == "211" else [status]
    for number, (message_id, article) in sorted(seen.items()):
        status, now = client.read(f"ARTICLE {number}")
        if message_id not in status or now != article:
            missing.append((number, status))
    client.close()
    return missing


def strike(choice, server, poller):
    """Kills somebody; the server that is there after it."""
    if choice == "the poller":
        poller.kill()
    elif choice == "a reader":
        os.kill(random.choice(server.children()), signal.SIGKILL)
    else:
        if choice == "all":
            poller.kill()
        server.kill()
        return None
    return server


def rounds(gateway, witness, poller):
    server = None
    for number in range(ROUNDS):
        server = server or Server(gateway, "--no-poll")
        witness.port = server.port
        time.sleep(random.uniform(0.1, 0.8))
        choice = random.choice(["the poller", "a reader", "the server", "all"])
        server = strike(choice, server, poller)
        checked = gateway.run("check")
        tap.ok(checked.returncode == 0,
               f"round {number}: {choice} was killed, the store is whole",
               checked.stdout.decode(), checked.stderr.decode())
        server = server or Server(gateway, "--no-poll")
        witness.port = server.port
        missing = is_kept(server.port, dict(witness.seen))
        tap.ok(not missing and not witness.wrong,
               f"round {number}: {len(witness.seen)} articles that were seen "
               f"are there", missing[:5], witness.wrong[:5])
    return server


def main():
    random.seed(SEED)
    print(f"# SEED={SEED}")
    publisher = Publisher()
    with Scripted(publisher.answer) as publisher.server, \
            Gateway("host-pause = 0\nreaders = 2\n") as gateway:
        gateway.subscribe(publisher.server.url + "/feed", GROUP)
        poller, witness = Poller(gateway), Witness()
        server = Server(gateway, "--no-poll")
        witness.port = server.port
        server.stop()
        poller.start()
        witness.start()
        try:
            server = rounds(gateway, witness, poller)
        finally:
            poller.over = witness.over = True
            poller.join()
            witness.join()
        tap.ok(len(witness.seen) > ROUNDS and witness.sessions > 3,
               f"{poller.polls} polls, {witness.sessions} sessions, "
               f"{len(witness.seen)} articles seen")
        publisher.growing = False
        said = gateway.fetch()
        whole = gateway.articles(GROUP)
        ids = [text.lower().split("message-id: ")[1].split("\r\n")[0]
               for text in whole.values()]
        tap.ok(len(ids) == len(set(ids)) and len(ids) == publisher.stories,
               f"all {publisher.stories} stories are there, once each", said,
               len(ids), len(set(ids)))
        gateway.fetch()
        tap.ok(gateway.articles(GROUP) == whole,
               "and a further poll changes nothing")
        server.stop()
    tap.done()


main()
