# SPDX-License-Identifier: GPL-3.0-or-later
"""What SIGHUP changes for the clients that come from then on, without
disturbing those that are there."""
import os
import re
import signal

from serving import GROUP, Serving, until
import tap

BEFORE = """host-pause = 0
path-host = before.example
readers = 1
motd = "before"
"""
AFTER = """host-pause = 0
path-host = after.example
readers = 4
listen = 127.0.0.1:1
motd = "after"
notes = "*"
read = {"*", "!""" + GROUP + """"}
connections-per-address = 2
unlimited = none
"""
SAID = ("configuration read again; what needs a new start are listen, "
        "listen-tls, socket-mode, readers and a first deliver")


def configure(served, text):
    path = os.path.join(served.home, "newswire.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    served.process.send_signal(signal.SIGHUP)


def leave(client):
    """Until it is not counted any more."""
    client.ask("QUIT")
    client.file.read()


def greeting(served):
    with served.client() as client:
        leave(client)
        return client.greeting


def motd(client):
    return client.ask("LIST MOTD")[:3], client.block()


def is_new(served, how):
    tap.ok(greeting(served).startswith("200 after.example "),
           f"{how}: name and posts are those of the new configuration")
    with served.client() as client:
        tap.ok(motd(client) == ("215", ["after"]), f"{how}: so are its lists")
        tap.ok(client.ask(f"GROUP {GROUP}").startswith("411 "),
               f"{how}: and what may be read")
        with served.client() as second:
            tap.ok(second.greeting.startswith("200 "),
                   f"{how}: one address may have two connections …")
            with served.client() as third:
                tap.ok(third.greeting.startswith("400 "),
                       f"{how}: … and no third", third.greeting)
            leave(second)
        leave(client)


def main():
    with Serving() as served:
        served.fill(range(1, 3))
        with open(os.path.join(served.home, "newswire.conf"), "w",
                  encoding="utf-8") as file:
            file.write(BEFORE)
        served.serve()
        there = served.client()
        tap.ok(there.greeting.startswith("201 before.example ") and
               motd(there) == ("215", ["before"]), "it begins")
        configure(served, "path-host = \n")
        tap.ok(until(lambda: "the earlier configuration stays in force" in
                     served.said()), "a mistake is told", served.said())
        tap.ok(greeting(served) == there.greeting, "and changes nothing")
        configure(served, AFTER)
        tap.ok(until(lambda: SAID in served.said()),
               "it says what changes with the next start", served.said())
        until(lambda: "after.example" in greeting(served))
        is_new(served, "SIGHUP")
        tap.ok(there.subjects() == ["number 1", "number 2"],
               "who was there reads on")
        readers = served.children()
        tap.ok(len(readers) == 1, "there are no more readers than before",
               readers)
        there.close()
        os.kill(readers[0], signal.SIGKILL)
        served.successor(readers[0], readers)
        is_new(served, "a reader that is started later")
        code, _ = served.end()
        tap.ok(code == 0 and not re.search("error", served.said()),
               "and it ends well", code, served.said())
    tap.done()


main()
