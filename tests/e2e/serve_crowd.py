# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that say nothing, by the thousand, little by little, or from one
address, do not keep others from reading."""
import os
import resource
import selectors
import signal
import socket
import statistics
import time

from serving import Client, PATIENCE_S, Serving, until
import tap

CROWD = 10000
LOOKS = 300
SLOWEST_S = 0.5		# of a look, on a machine that has much else to do
WANT = ["number 1", "number 2"]


def raise_files():
    """How many clients the limits of this process permit, at most CROWD."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return min(CROWD, hard - 500)


def connect(port, count):
    """Clients that wait for their greeting, without waiting for each."""
    clients = []
    for _ in range(count):
        client = socket.socket()
        client.setblocking(False)
        client.connect_ex(("127.0.0.1", port))
        clients.append(client)
    return clients


def greetings(clients):
    """What each has got first, by its code; those with nothing are under ""."""
    found = {}
    with selectors.DefaultSelector() as waiting:
        for client in clients:
            waiting.register(client, selectors.EVENT_READ)
        end = time.monotonic() + PATIENCE_S
        left = len(clients)
        while left and time.monotonic() < end:
            for key, _ in waiting.select(1):
                try:
                    code = key.fileobj.recv(200)[:3].decode()
                except ConnectionError:
                    code = "reset"
                found[code] = found.get(code, 0) + 1
                waiting.unregister(key.fileobj)
                left -= 1
    if left:
        found[""] = left
    return found


def close(clients):
    for client in clients:
        client.close()


def looks(client):
    """How long each of some looks at the group takes, in seconds."""
    times = []
    for _ in range(LOOKS):
        start = time.monotonic()
        if client.subjects() != WANT:
            raise ConnectionError("other articles")
        times.append(time.monotonic() - start)
    return times


def said(times):
    return (f"{statistics.median(times) * 1e6:.0f} us in the middle, "
            f"{max(times) * 1e6:.0f} us at most")


def crowd(served):
    count = raise_files()
    served.serve()
    with served.client() as client:
        alone = looks(client)
        silent = []
        while len(silent) < count:
            silent += connect(served.port, min(500, count - len(silent)))
            # As fast as they are taken, so that the queue does not overflow.
            client.subjects()
        found = greetings(silent)
        tap.ok(found == {"201": count} and count >= 1000,
               f"{count} clients that send nothing are greeted", found,
               served.said())
        for dripping in silent[::10]:
            dripping.send(b"G")
        among = looks(client)
        for dripping in silent[::10]:
            dripping.send(b"R")
        among += looks(client)
        print(f"# alone: {said(alone)}; among {count}: {said(among)}")
        tap.ok(max(among) < SLOWEST_S and
               statistics.median(among) < 20 * statistics.median(alone),
               "another client does not notice, while a tenth of them send an "
               "octet", said(alone), said(among))
        with served.client() as late:
            tap.ok(late.subjects() == WANT, "nor does one that comes now")
        close(silent)
    code, took = served.end()
    tap.ok(code == 0 and took < 5, "and it ends at once", code, took)


def few_files(served):
    """Readers that may open 64 files each: 32 of them for clients."""
    def limit():
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    served.serve(preexec_fn=limit)
    clients = connect(served.port, 64)
    found = greetings(clients)
    tap.ok(found == {"201": 64},
           "each reader takes as many clients as it may open files, and leaves "
           "the others to the other", found, served.said())
    more = connect(served.port, 5)
    found = greetings(more)
    tap.ok(found == {"400": 5}, "when all are full, one more is told so", found)
    close(more)
    first = Client.__new__(Client)
    first.socket, first.file = clients[0], None
    clients[0].settimeout(PATIENCE_S)
    first.file = clients[0].makefile("rb")
    tap.ok(first.subjects() == WANT, "those that are in read on",
           served.said())
    first.file.close()
    close(clients)
    with served.client() as client:
        tap.ok(until(lambda: client.greeting.startswith("201 ")) and
               client.subjects() == WANT, "and when they have left, others "
               "come in", client.greeting)
    served.end()


def one_address(served):
    served.serve()
    clients = connect(served.port, 25)
    found = greetings(clients)
    tap.ok(found == {"201": 20, "400": 5},
           "an address gets its connections from all readers together, and no "
           "more", found, served.said())
    victim = served.children()[0]
    before = served.children()
    os.kill(victim, signal.SIGKILL)
    served.successor(victim, before)
    more = connect(served.port, 25)
    regained = greetings(more).get("201", 0)
    lost = 0
    for client in clients:
        try:
            lost += not client.recv(100)
        except BlockingIOError:
            pass
        except ConnectionError:
            lost += 1
    tap.ok(regained == lost - 5,
           "what a reader counted that was killed is counted no more",
           regained, lost)
    close(clients + more)
    served.end()


def main():
    with Serving("readers = 2\n") as served:
        served.fill(range(1, 3))
        crowd(served)
        few_files(served)
        with open(os.path.join(served.home, "newswire.conf"), "a",
                  encoding="utf-8") as file:
            file.write("unlimited = none\nconnections-per-address = 20\n")
        one_address(served)
    tap.done()


main()
