# SPDX-License-Identifier: GPL-3.0-or-later
"""500 sources on 50 hosts: all are polled, no host is pressed, in 100 MB."""
import asyncio
import collections
import json
import os
import resource
import threading
import time

from gateway import Gateway
import tap

HOSTS = [f"127.0.1.{n}" for n in range(1, 51)]
SOURCES = 10                    # of each host
PAUSE = 1.0                     # seconds, host-pause
SLACK = 0.02                    # between their clock and ours
MEGABYTES = 100

TEXT = "".join(f"<p>{'A paragraph of a story that a feed tells in full. ' * 9}"
               "</p>" for _ in range(4))
PAGE = f"<html><head><title>A page</title></head><article>{TEXT}</article>"
FEED = """<?xml version="1.0"?><rss version="2.0"><channel>
<title>Feed {n} of {host}</title><link>http://{host}:{port}/{n}/</link>
<description>d</description><!-- {filling} -->
<item><title>Long {n}</title><guid isPermaLink="false">{host}-{n}</guid>
<description><![CDATA[{text}]]></description></item>{more}
</channel></rss>"""
SHORT = """<item><title>Short</title><link>http://{host}:{port}/page.html</link>
<description>A teaser.</description></item>"""

Request = collections.namedtuple("Request", "path start end")


class Crowd:
    """A web server on all the hosts, which notes who asks for what, when."""

    def __init__(self):
        self.log = {host: [] for host in HOSTS}
        self.open = collections.Counter()
        self.peak = collections.Counter()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)

    def __enter__(self):
        self.thread.start()
        start = asyncio.run_coroutine_threadsafe(self.start(), self.loop)
        start.result(30)
        return self

    def __exit__(self, *exception):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    async def start(self):
        first = await asyncio.start_server(self.serve, HOSTS[0], 0)
        self.port = first.sockets[0].getsockname()[1]
        self.servers = [first] + [
            await asyncio.start_server(self.serve, host, self.port)
            for host in HOSTS[1:]]

    def answer(self, host, path):
        if path == "/robots.txt":
            return "User-agent: *\nDisallow: /private/\n"
        if path == "/page.html":
            return PAGE
        n = int(path.removeprefix("/feed-"))
        names = {"host": host, "port": self.port}
        return FEED.format(n=n, text=TEXT, filling="x" * 60000, **names,
                           more="" if n else SHORT.format(**names))

    async def serve(self, reader, writer):
        host = writer.get_extra_info("sockname")[0]
        self.open[host] += 1
        self.peak[host] = max(self.peak[host], self.open[host])
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                start = time.monotonic()
                path = head.split()[1].decode()
                await asyncio.sleep(0.02)
                body = self.answer(host, path).encode()
                self.log[host].append(Request(path, start, time.monotonic()))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
                             % len(body) + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        self.open[host] -= 1
        writer.close()


def subscribe(gateway, crowd):
    path = os.path.join(gateway.home, "crowd.opml")
    # One host's sources behind each other: the worst order for the others.
    outlines = "".join(
        f'<outline type="rss" text="Feed {n} of {host}" '
        f'xmlUrl="http://{host}:{crowd.port}/feed-{n}"/>'
        for host in HOSTS for n in range(SOURCES))
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'<opml version="2.0"><body>{outlines}</body></opml>')
    gateway.run("import", path)


def pauses(requests):
    requests = sorted(requests, key=lambda r: r.start)
    return [b.start - a.end for a, b in zip(requests, requests[1:])]


def check_manners(crowd):
    tap.ok(max(crowd.peak.values()) == 1,
           "no host has two connections at once", dict(crowd.peak))
    shortest = min(min(pauses(log)) for log in crowd.log.values())
    tap.ok(shortest >= PAUSE - SLACK,
           "every host is left alone between two requests", shortest)
    asked = [sorted(r.path for r in log) for log in crowd.log.values()]
    wanted = sorted([f"/feed-{n}" for n in range(SOURCES)] +
                    ["/page.html", "/robots.txt"])
    tap.ok(all(paths == wanted for paths in asked),
           "nothing is asked for twice", *asked[:3])
    # Fifty hosts in a row would take fifty times as long.
    first = min(r.start for log in crowd.log.values() for r in log)
    late = max(min(r.start for r in log) for log in crowd.log.values())
    tap.ok(late - first < 5 * PAUSE, "no host waits for another",
           late - first)


def main():
    with Gateway(f"host-pause = {PAUSE:.0f}s\n") as gateway, \
            Crowd() as crowd:
        subscribe(gateway, crowd)
        said = gateway.fetch()
        status = json.loads(gateway.run("status", "--format", "json").stdout)
        good = [s for s in status["sources"]
                if s["last_success"] and not s["error"]]
        tap.ok(len(good) == len(HOSTS) * SOURCES, "all sources are polled",
               said, len(good))
        tap.ok(status["articles"] == len(HOSTS) * (SOURCES + 1),
               "and all stories are there", status["articles"])
        check_manners(crowd)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        tap.ok(peak < MEGABYTES, f"in less than {MEGABYTES} MB", f"{peak} MB")
        print(f"# peak {peak:.1f} MB")
    tap.done()


main()
