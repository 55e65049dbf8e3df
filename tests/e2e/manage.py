# SPDX-License-Identifier: GPL-3.0-or-later
"""A running gateway that its readers subscribe, unsubscribe and ask for the
histories of stories (XNEWSWIRE of newswire(1)): by those who may, while others
read, and by those who want something else of it."""
import json
import os
import signal
import subprocess
import time

from gateway import SITE, Scripted, Site
from serving import Serving, until
import tap

CONFIG = """readers = 1
edits = supersede
user "anna" { manage = yes }
user "ben" { manage = yes read = {"*", "!e2e.*"} }
user "carl" {}
"""
# hunter2
HASH = "$y$j75$abcdefghijklmnopqrstu.$.F8at2qvnbnxZisggS62/VpCtBMW9L9LT3ZqbMF6Ao3"
CAPABILITY = "XNEWSWIRE SUBSCRIBE UNSUBSCRIBE HISTORY"
SLOW_S = 0.5                    # no other client waits so long
HOSTILE = [
    "--help", "--home=/tmp", "-", "--", "--kind=feed", "file:///etc/passwd",
    "ftp://127.0.0.1/", "javascript://x", "HTTPX://127.0.0.1/", "http://",
    "https://[", "/etc/passwd", "..", "$(id)", "`id`", "|id", "a;id", "%n%s",
    "http://127.0.0.1:1/\t--group=x", "http://x\x01/", "http://\u202e/",
    "http://127.0.0.1:0/" + "a" * 470, "e2e.nothing", "http://a@b@c/",
]


class Managed(Serving):
    def __init__(self):
        super().__init__(CONFIG)
        path = os.path.join(self.home, "users")
        with open(path, "w", encoding="utf-8") as file:
            os.chmod(path, 0o600)
            for name in ("anna", "ben", "carl"):
                file.write(f"{name}:{HASH}\n")

    def configure(self, line):
        path = os.path.join(self.home, "newswire.conf")
        with open(path, "a", encoding="utf-8") as file:
            file.write(line)

    def login(self, name):
        client = self.client()
        client.ask("AUTHINFO USER " + name)
        client.ask("AUTHINFO PASS hunter2")
        return client

    def helpers(self, reader):
        """The pids of what its reader runs, or has not reaped, but for who
        checks passwords."""
        listed = subprocess.run(["ps", "-o", "pid=,args=", "--ppid",
                                 str(reader)], capture_output=True, text=True,
                                check=False).stdout
        return [int(line.split()[0]) for line in listed.splitlines()
                if "--quiet" in line or "defunct" in line]

    def sources(self):
        return {row["group"]: row["url"] for row in
                json.loads(self.run("list", "--format", "json").stdout)}


def capabilities(client):
    client.ask("CAPABILITIES")
    return [line for line in client.block() if line.startswith("XNEWSWIRE")]


def count(client, group):
    status = client.ask("GROUP " + group).split()
    return int(status[1]) if status[0] == "211" else -1


def subscribed(served, site):
    with served.login("anna") as anna, served.client() as other:
        tap.ok(capabilities(anna) == [CAPABILITY] and
               capabilities(other) == [], "who may is told that he may")
        first = anna.ask(f"XNEWSWIRE SUBSCRIBE {site.url}/")
        code, group = first.split()[:2]
        tap.ok(code == "291" and
               served.sources() == {group: site.url + "/feed.xml"},
               "a user subscribes to a site's feed", first, served.sources())
        again = anna.ask(f"XNEWSWIRE SUBSCRIBE {site.url}/feed.xml")
        tap.ok(again == first, "once more changes nothing", again)
        start = time.monotonic()
        arrived = until(lambda: count(other, group) > 0)
        print(f"# the first article came {time.monotonic() - start:.1f} s "
              f"after the subscription")
        tap.ok(arrived, "the poller takes it up, for all readers",
               served.said())
        tap.ok(f"{group}: subscribed to by anna from 127.0.0.1" in
               served.said(), "the operator is told who it was",
               served.said())
    return group


def refused(served, site, group):
    before = served.sources()
    for name, client, code in (("a stranger", served.client(), "480"),
                               ("a user without it", served.login("carl"),
                                "502")):
        with client:
            got = [client.ask("XNEWSWIRE " + what)[:3] for what in
                   (f"SUBSCRIBE {site.url}/eelgrass.html",
                    f"UNSUBSCRIBE {group}", "HISTORY <a@b>")]
            tap.ok(got == [code] * 3 and capabilities(client) == [],
                   f"{name} gets {code}", got)
    tap.ok(served.sources() == before, "and changes nothing")


def hostile(served):
    before = served.sources(), sorted(os.listdir(served.home))
    with served.login("anna") as anna:
        for address in HOSTILE:
            got = anna.ask("XNEWSWIRE SUBSCRIBE " + address)
            tap.ok(got[:3] in ("491", "501") and len(got.encode()) <= 510,
                   f"no subscription to {ascii(address[:40])}", got)
        for what in ("UNSUBSCRIBE --help", "UNSUBSCRIBE *", "HISTORY --full",
                     "HISTORY <--full>", "HISTORY <a@b> --full"):
            got = anna.ask("XNEWSWIRE " + what)
            tap.ok(got[:3] in ("411", "430", "501"), f"nor {what}", got)
        tap.ok(anna.ask("DATE").startswith("111 "), "the session goes on")
    tap.ok((served.sources(), sorted(os.listdir(served.home))) == before,
           "nothing came of it")


def begin_slow(served, site, reader):
    """A client whose subscription takes its time; who works on it."""
    client = served.login("anna")
    client.send(f"XNEWSWIRE SUBSCRIBE {site.url}/bad/slow")
    until(lambda: served.helpers(reader))
    return client, served.helpers(reader)


def others_go_on(served, site, group):
    reader = [pid for pid in served.children()][-1]
    client, helpers = begin_slow(served, site, reader)
    tap.ok(len(helpers) == 1, "a slow site is another process's business",
           helpers, served.children())
    slowest = 0
    with served.client() as other:
        for _ in range(50):
            start = time.monotonic()
            other.ask("GROUP " + group)
            slowest = max(slowest, time.monotonic() - start)
            time.sleep(0.02)
    print(f"# the slowest answer to another client took "
          f"{slowest * 1000:.1f} ms")
    tap.ok(slowest < SLOW_S, "other clients of the reader do not wait",
           slowest)
    tap.ok(served.helpers(reader) == helpers, "meanwhile it still runs")
    client.close()
    tap.ok(until(lambda: not served.helpers(reader)),
           "it ends when its client leaves", served.helpers(reader))
    tap.ok(served.children()[-1] == reader, "the reader is the same")


def many(served, site):
    reader = served.children()[-1]
    slow = [begin_slow(served, site, reader)[0] for _ in range(2)]
    with served.login("anna") as third:
        got = third.ask(f"XNEWSWIRE SUBSCRIBE {site.url}/bad/slow")
        tap.ok(got.startswith("403 "), "a user has two of them at once", got)
    for client in slow:
        client.close()
    tap.ok(until(lambda: not served.helpers(reader)), "no more are left")


def all_at_once(served, site):
    """Of several processes that look at one address, one adds it."""
    names = ("anna", "anna", "ben", "ben")
    for n in range(5):
        clients = [served.login(name) for name in names]
        for client in clients:
            client.send(f"XNEWSWIRE SUBSCRIBE {site.url}/feed.xml?{n}")
        answers = {client.line() for client in clients}
        for client in clients:
            client.close()
        tap.ok(len(answers) == 1 and min(answers).startswith("291 "),
               "who subscribe to the same at once get the same", answers)


def killed_reader(served, site):
    before = served.children()
    reader = before[-1]
    client, helpers = begin_slow(served, site, reader)
    os.kill(reader, signal.SIGKILL)
    tap.ok(helpers and until(lambda: not any(
        os.path.exists(f"/proc/{pid}") for pid in helpers)),
           "what a reader runs ends with it", helpers)
    client.close()
    tap.ok(served.successor(reader, before) is not None,
           "and another one comes")


def unsubscribed(served, group):
    with served.login("anna") as anna:
        held = count(anna, group)
        got = anna.ask("XNEWSWIRE UNSUBSCRIBE " + group)
        tap.ok(got.startswith(f"292 {group} ") and
               group not in served.sources(), "a subscription ends", got)
        tap.ok(count(anna, group) == held > 0, "its articles stay")
        got = anna.ask("XNEWSWIRE UNSUBSCRIBE " + group)
        tap.ok(got.startswith("491 "), "and there is none to end any more",
               got)
        # The name of a group that was is also the address of another one.
        served.run("subscribe", "--kind", "feed", "--group", "was.invalid",
                   "https://old.invalid/")
        served.run("unsubscribe", "was.invalid")
        served.run("subscribe", "--kind", "feed", "--group", "e2e.other",
                   "https://was.invalid/")
        got = anna.ask("XNEWSWIRE UNSUBSCRIBE was.invalid")
        tap.ok(got.startswith("491 ") and "e2e.other" in served.sources(),
               "nor is one of another group ended", got)
        served.run("unsubscribe", "e2e.other")


class Publisher:
    edited = False

    def answer(self, path):
        base = self.server.url
        if path.startswith("/feed"):
            body = (f"<rss version='2.0'><channel><title>T</title><item>"
                    f"<title>The bridge</title><link>{base}/bridge</link>"
                    f"</item></channel></rss>")
        elif path == "/bridge":
            body = (f"<html><head><link rel=canonical href={base}/bridge>"
                    f"</head><body><article><h1>The bridge</h1><p>The council "
                    f"met on Tuesday evening and decided about the bridge at "
                    f"the mill, which was closed in spring.</p><p>It costs "
                    f"{19 if self.edited else 14} million crowns, says the "
                    f"mayor, who had hoped for an earlier date and for less."
                    f"</p></article></body></html>")
        else:
            return 404, {}, b""
        kind = "text/html" if path == "/bridge" else "application/rss+xml"
        return 200, {"Content-Type": kind}, body.encode()


def histories(served):
    publisher = Publisher()
    group, closed = "local.bridge", "e2e.bridge"
    with Scripted(publisher.answer) as site:
        publisher.server = site
        served.subscribe(site.url + "/feed", closed)
        served.fetch()
        with served.login("anna") as anna:
            anna.ask("GROUP " + closed)
            first = anna.ask("STAT").split()[2]
        publisher.edited = True
        served.let_time_pass()
        served.fetch()
        with served.login("anna") as anna:
            anna.ask("GROUP " + closed)
            second = anna.ask("STAT 2").split()[2]
            tap.ok(anna.ask("STAT " + first).startswith("430 "),
                   "an edited story has a new article in the old one's place")
            told = {}
            for name in (first, second):
                tap.ok(anna.ask("XNEWSWIRE HISTORY " + name).startswith(
                    "293 "), "its history is there by either")
                told[name] = "\n".join(anna.block()) + "\n"
            printed = served.run("history", first).stdout.decode()
            tap.ok(told[first] == told[second] == printed and
                   "[-14-]" in printed and "[+19+]" in printed,
                   "as newswire history prints it", told[first], printed)
        with served.login("ben") as ben:
            got = [ben.ask("XNEWSWIRE HISTORY " + name)[:3]
                   for name in (first, second)]
            tap.ok(got == ["430", "430"], "but not for who may not read its "
                                          "group", got)
            got = ben.ask("XNEWSWIRE UNSUBSCRIBE " + closed)
            tap.ok(got.startswith("411 ") and closed in served.sources(),
                   "who cannot end its subscription either", got)
            got = ben.ask(f"XNEWSWIRE SUBSCRIBE {site.url}/feed")
            tap.ok(got.startswith("491 ") and closed not in got,
                   "nor learn its name", got)
        # The same story comes to a group that he may read.
        served.subscribe(site.url + "/feed?again", group)
        served.fetch()
        with served.login("ben") as ben:
            got = ben.ask("XNEWSWIRE HISTORY " + first)
            tap.ok(got.startswith("293 "),
                   "until the story is in a group that he may read", got)
            ben.block()


def full(served):
    """The groups that readers may add end somewhere; the operator's do not."""
    feed = b"<rss version='2.0'><channel><title>T</title></channel></rss>"
    with Scripted(lambda path: (200, {}, feed)) as site, \
            served.login("anna") as anna:
        one, other, third = (f"{site.url}/{name}/" for name in
                             ("harbour", "lighthouse", "ferry"))
        anna.ask("LIST ACTIVE")
        groups = len(anna.block())
        served.configure(f"manage-groups = {groups + 1}\n")
        first = anna.ask("XNEWSWIRE SUBSCRIBE " + one)
        got = anna.ask("XNEWSWIRE SUBSCRIBE " + other)
        tap.ok(first.startswith("291 ") and got.startswith("491 ") and
               f"{groups + 1} " in got and "manage-groups" in got,
               "readers cannot add groups without end", first, got)
        got = anna.ask("XNEWSWIRE SUBSCRIBE " + one)
        tap.ok(got == first, "what is subscribed to is no new one", got)
        # The group of a subscription that ended stays.
        anna.ask("XNEWSWIRE UNSUBSCRIBE " + first.split()[1])
        got = anna.ask("XNEWSWIRE SUBSCRIBE " + other)
        tap.ok(got.startswith("491 "), "nor by ending subscriptions", got)
        got = anna.ask("XNEWSWIRE SUBSCRIBE " + one)
        tap.ok(got == first, "but what was ended can begin again", got)
        served.run("subscribe", "--group", "e2e.operator", third)
        tap.ok("e2e.operator" in served.sources(),
               "the operator is held to nothing", served.sources())
        served.configure("manage-groups = 0\n")
        got = anna.ask("XNEWSWIRE SUBSCRIBE " + other)
        tap.ok(got.startswith("291 "), "nor are readers, if that is wanted",
               got)


def on_pipes(served, site):
    """newswire nntp does it as well, after a login."""
    done = served.run("nntp", stdin=f"XNEWSWIRE SUBSCRIBE {site.url}\r\n"
                                    "AUTHINFO USER anna\r\n"
                                    "AUTHINFO PASS hunter2\r\n"
                                    f"XNEWSWIRE SUBSCRIBE {site.url}\r\n"
                                    "QUIT\r\n")
    codes = [line[:3] for line in done.stdout.decode().splitlines()]
    tap.ok(codes == ["201", "480", "381", "281", "291", "205"],
           "newswire nntp does the same, and answers a file of commands",
           done.stdout.decode(), done.stderr.decode())


def childless(served):
    """Who starts newswire may have been ignoring SIGCHLD, which is inherited,
    and by which no child's end can be learnt."""
    done = subprocess.run(
        served.command("nntp"), capture_output=True, check=False,
        input=b"AUTHINFO USER anna\r\nAUTHINFO PASS hunter2\r\n"
              b"XNEWSWIRE HISTORY <never@x>\r\nQUIT\r\n", env=served.env,
        preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    codes = [line[:3] for line in done.stdout.decode().splitlines()]
    tap.ok(codes == ["201", "381", "281", "430", "205"],
           "what failed is not told as done where SIGCHLD was ignored",
           done.stdout.decode(), done.stderr.decode())


def main():
    with Site(SITE) as site:
        with Managed() as served:
            served.serve("--listen", "127.0.0.1:0")
            group = subscribed(served, site)
            refused(served, site, group)
            hostile(served)
            others_go_on(served, site, group)
            many(served, site)
            all_at_once(served, site)
            killed_reader(served, site)
            unsubscribed(served, group)
        with Managed() as served:
            served.serve()
            histories(served)
            full(served)
            on_pipes(served, site)
            childless(served)
            tap.ok(served.end()[0] == 0, "the server ends as it should")
    tap.done()


main()
