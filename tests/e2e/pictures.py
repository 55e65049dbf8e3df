# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures: each is fetched once, over polls and edits; one that is none, or
does not come, leaves its caption, one line in the log, and the others."""
import os
import sqlite3
import struct
import threading
import zlib

from gateway import SITE, Gateway, Scripted, header, pictures, text
import tap

NEWS, CDN = "http://news.example", "http://cdn.example"
# The proxy is the only web there is, so names need no name server, and a
# private address is refused as on any machine.
CONFIG = "host-pause = 0\nfetch-timeout = 2\nproxy = \"{}\"\n"

with open(os.path.join(SITE, "images", "harbour.jpg"), "rb") as file:
    PHOTO = file.read()
with open(os.path.join(SITE, "images", "idris.png"), "rb") as file:
    PORTRAIT = file.read()
with open(os.path.join(SITE, "images", "icon.png"), "rb") as file:
    ICON = file.read()


def png(width, height, data):
    def chunk(name, body):
        return (struct.pack("!I", len(body)) + name + body +
                struct.pack("!I", zlib.crc32(name + body)))
    return (b"\x89PNG\r\n\x1a\n" +
            chunk(b"IHDR", struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0,
                                       0)) +
            chunk(b"IDAT", zlib.compress(data, 9)) + chunk(b"IEND", b""))


BOMB = png(30000, 30000, bytes(1000000))
LIAR = b"GIF89a" + struct.pack("<HHBBB", 60000, 60000, 0, 0, 0) + b"\x2c" * 50
JPEG = {"Content-Type": "image/jpeg"}

# What a story's first picture is: its address, the answer, and what the log
# says of it; None: it is a picture all the same.
CASES = {
    "bomb": (NEWS, (200, {"Content-Type": "image/png"}, BOMB), "too large"),
    "truncated": (NEWS, (200, JPEG, PHOTO[:20000]), ""),
    "html": (NEWS, (200, JPEG, b"<!DOCTYPE html><title>Sign in</title>"),
             "is no picture"),
    "liar": (NEWS, (200, {"Content-Type": "image/gif"}, LIAR), ""),
    "missing": (NEWS, (404, {}, b"not here"), "status 404"),
    "broken": (NEWS, (500, {}, b"oh"), "status 500"),
    "hollow": (NEWS, (200, JPEG, b""), ""),
    "drawing": (NEWS, (200, {"Content-Type": "image/svg+xml"},
                       b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ""),
    "huge": (NEWS, (200, JPEG, bytes(17 << 20)), "larger than 16777216 bytes"),
    "stalled": (NEWS, None, "not finished after 2 s"),
    "private": (NEWS, (302, {"Location": "http://192.168.0.1/router.jpg"},
                       b""), "192.168.0.1 is "),
    "loop": (NEWS, (302, {"Location": NEWS + "/loop.jpg"}, b""),
             "more than 8 redirects"),
    "forbidden": (CDN, (200, JPEG, PHOTO), "robots.txt does not allow"),
    "mislabelled": (NEWS, (200, {"Content-Type": "text/plain"}, PHOTO), None),
    "moved": (NEWS, (301, {"Location": CDN + "/new/moved.jpg"}, b""), None),
}


def address(name):
    return f"{CASES[name][0]}/{name}.jpg"


class Publisher:
    """A paper whose stories each show one of the pictures, and a good one."""

    def __init__(self):
        self.edition = 1
        self.server = None
        self.leave = threading.Event()

    def feed(self):
        items = "".join(
            f"<item><title>Story {name}</title><link>{NEWS}/{name}.html"
            f"</link><description>Teaser {self.edition}.</description></item>"
            for name in CASES)
        return (f"<?xml version='1.0'?><rss version='2.0'><channel><title>T"
                f"</title><link>{NEWS}/</link><description>d</description>"
                f"{items}</channel></rss>").encode()

    def page(self, name):
        words = "".join(f"<p>Paragraph {i} of story {name} has some words, "
                        f"edition {self.edition}.</p>" for i in range(6))
        return (f"<!DOCTYPE html><html lang=en><title>Story {name}</title>"
                f"<link rel=icon sizes=180x180 href={NEWS}/icon.png>"
                f"<script type=application/ld+json>{{\"@type\":"
                f"\"NewsArticle\",\"headline\":\"Story {name}\",\"author\":{{\"@type\":\"Person\",\"name\":"
                f"\"Idris Vane\",\"image\":\"{NEWS}/idris.png\"}}}}</script>"
                f"<article><h1>Story {name}</h1><figure><img src="
                f"{address(name)} width=640 height=480><figcaption>Caption of "
                f"{name}</figcaption></figure>{words}<figure><img src="
                f"{NEWS}/good.jpg width=640 height=480><figcaption>The good "
                f"one</figcaption></figure></article></html>").encode()

    def picture(self, url):
        name = url.rsplit("/", 1)[1].removesuffix(".jpg")
        if name == "good":
            known = self.server.requests[url].get("If-None-Match")
            return ((304, {}, b"") if known == '"g"' else
                    (200, JPEG | {"ETag": '"g"'}, PHOTO))
        if url == CDN + "/new/moved.jpg":
            return 200, JPEG, PHOTO
        if name == "stalled":
            self.leave.wait(60)
            return 404, {}, b""
        return CASES[name][1]

    def answer(self, url):
        if url == CDN + "/robots.txt":
            return 200, {}, b"User-agent: *\nDisallow: /forbidden\n"
        if url.endswith("/robots.txt"):
            return 404, {}, b""
        if url == NEWS + "/feed":
            return 200, {"ETag": f'"{self.edition}"'}, self.feed()
        if url.endswith(".html"):
            name = url.rsplit("/", 1)[1].removesuffix(".html")
            return 200, {"Content-Type": "text/html"}, self.page(name)
        if url.endswith(".png"):
            return (200, {"Content-Type": "image/png"},
                    PORTRAIT if url.endswith("idris.png") else ICON)
        return self.picture(url)

    def asked(self, url):
        return self.server.calls.count(url)


def by_name(articles):
    """The newest article of each story."""
    return {header(articles[n], "Subject").rsplit(" ", 1)[1]: articles[n]
            for n in sorted(articles)}


def each(gateway, publisher):
    said = gateway.fetch().splitlines()
    found = by_name(gateway.articles("e2e.pictures"))
    tap.ok(set(found) == set(CASES), "every story is published", *said)
    for name, (_, _, why) in CASES.items():
        article = found.get(name, "")
        lines = [s for s in said if s.startswith(f"picture: {address(name)}")]
        shown = pictures(article)
        tap.ok(len(shown) == (2 if why is None else 1),
               f"{name}: {'both pictures' if why is None else 'the other'}"
               f" is there", shown, *said)
        tap.ok(f"Caption of {name}" in text(article), f"{name}: the caption "
               f"is there", text(article))
        tap.ok(len(lines) == (why is not None) and
               all((why or "") in line for line in lines),
               f"{name}: the log has {'no' if why is None else 'one'} line",
               *(lines or said))
        tap.ok(header(article, "Face") is not None, f"{name}: the author has "
               f"a face")
    tap.ok(not any("192.168.0.1" in url or "/forbidden.jpg" in url
                   for url in publisher.server.calls),
           "nobody was asked who must not be", *publisher.server.calls)


def repeated(gateway, publisher):
    """Nothing new: nothing is fetched; an edit fetches no picture either."""
    urls = [address(name) for name in CASES if name not in ("loop",
                                                            "forbidden")]
    urls += [NEWS + "/good.jpg", NEWS + "/idris.png"]
    once = {url: publisher.asked(url) for url in urls}
    tap.ok(set(once.values()) == {1}, "each picture was fetched once", once)
    tap.ok(publisher.asked(NEWS + "/icon.png") == 0,
           "and no icon where there is a portrait")
    publisher.server.calls.clear()
    gateway.fetch()
    tap.ok(publisher.server.calls == [NEWS + "/feed"],
           "a poll without news asks for the feed alone",
           *publisher.server.calls)
    publisher.edition += 1
    said = gateway.fetch()
    found = by_name(gateway.articles("e2e.pictures"))
    asked = [url for url in publisher.server.calls if ".jpg" in url or
             ".png" in url]
    tap.ok(len(gateway.articles("e2e.pictures")) == 2 * len(CASES),
           "each story was edited", said)
    tap.ok(not asked, "and its pictures are those that were kept", *asked)
    tap.ok(all(len(pictures(found[name])) == (2 if why is None else 1)
               for name, (_, _, why) in CASES.items()),
           "which are shown again", said)
    tap.ok("picture:" not in said, "and the log says nothing again", said)


def grown_old(gateway, publisher):
    """After a day a picture is asked for anew, by its validator; one that
    was refused with a status too."""
    store = sqlite3.connect(os.path.join(gateway.home, "newswire.db"))
    with store:
        store.execute("UPDATE pictures SET checked_utc = checked_utc - 90000,"
                      " retry_utc = retry_utc - 90000")
    store.close()
    publisher.edition += 1
    publisher.server.calls.clear()
    said = gateway.fetch()
    found = by_name(gateway.articles("e2e.pictures"))
    tap.ok(publisher.asked(NEWS + "/good.jpg") == 1 and
           publisher.server.requests[NEWS + "/good.jpg"].get("If-None-Match")
           == '"g"', "an old picture is asked for by its validator", said)
    tap.ok(all("image/jpeg" in pictures(found[name]) for name in CASES),
           "and shown after the 304")
    tap.ok(publisher.asked(address("missing")) == 1,
           "and so is one that was not there")
    tap.ok(publisher.asked(NEWS + "/idris.png") == 0,
           "but a face is kept for longer")


def budget(gateway, publisher):
    """Only the first fits."""
    gateway.subscribe(NEWS + "/mislabelled.html", "e2e.budget", "page")
    said = gateway.fetch("e2e.budget")
    article = next(iter(gateway.articles("e2e.budget").values()))
    tap.ok(len(pictures(article)) == 1 and NEWS + "/good.jpg" in
           article.replace("=\r\n", "").replace("=3D", "="),
           "what is more than a message may hold is a link", said, article)
    tap.ok("[image: The good one]" in text(article), "under its caption",
           text(article))


def main():
    publisher = Publisher()
    with Scripted(publisher.answer) as publisher.server:
        config = CONFIG.format(publisher.server.url)
        for extra, run in (("", (each, repeated, grown_old)),
                           ("images-size = 100K\n", (budget,))):
            with Gateway(config + extra) as gateway:
                del gateway.env["NEWSWIRE_ALLOW_PRIVATE"]
                if not extra:
                    gateway.subscribe(NEWS + "/feed", "e2e.pictures")
                for test in run:
                    test(gateway, publisher)
        publisher.leave.set()
    tap.done()


main()
