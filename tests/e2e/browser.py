# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTML parts of messages in a real browser, for the tree that a browser
builds is another than libxml2's: no request leaves, no script runs, nothing
active is in the tree.  A browser that is missing is a failure.

Pages are those of the sample site, and hostile ones of our own; further ones
can be named: browser.py FILE…
"""
import email
import email.policy
import html.parser
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading

from gateway import BUILD, HERE, NEWSWIRE, SITE, Site
import tap

MESSAGES = os.path.join(BUILD, "tests", "tools", "messages")
BROWSER = next(filter(shutil.which, ("chromium", "chromium-browser")),
               "chromium")
TIMEOUT = 120
ACTIVE = {"script", "iframe", "frame", "object", "embed", "applet", "form",
          "input", "button", "link", "base", "svg", "math", "template",
          "noscript", "audio", "video", "source", "img", "picture"}
# Whom the browser itself asks, whatever it shows; the proxy refuses that too.
OWN = (".google.com", ".googleapis.com", ".gstatic.com", ".gvt1.com")
SCHEMES = ("http://", "https://", "mailto:", "news:", "tel:", "cid:", "#")
RUN = "document.documentElement.setAttribute('data-ran','1')"

# What runs or fetches when it is passed on as it is; RUN and @ stand for a
# script and for an address.
HOSTILE = """
<script>RUN</script>
<img src=x onerror="RUN">
<img src="@/pixel.gif" width=1 height=1>
<p style="background:url(@/style.gif)">styled</p>
<svg onload="RUN"><script>RUN</script></svg>
<math><mi//xlink:href="javascript:RUN">m</mi></math>
<iframe src="@/frame"></iframe><iframe srcdoc="<script>parent.RUN</script>"></iframe>
<object data="@/object"></object><embed src="@/embed">
<video src="@/video" poster="@/poster" autoplay></video><audio src="@/audio" autoplay></audio>
<link rel=stylesheet href="@/sheet.css"><link rel=prefetch href="@/prefetch">
<base href="@/"><meta http-equiv=refresh content="0;url=@/refresh">
<form action="@/form"><input autofocus onfocus="RUN"><button formaction="@/button">go</button></form>
<a href="javascript:RUN">link</a><a href="java&#10;script:RUN">link</a><a href=" &#1;javascript:RUN">link</a>
<a href="data:text/html,<script>RUN</script>">link</a><a ping="@/ping" href="https://news.example/">link</a>
<noscript><p title="</noscript><img src=x onerror=RUN>">n</p></noscript>
<template><img src="@/template"></template>
<textarea><img title="</textarea><img src=x onerror=RUN>"></textarea>
<table background="@/background"><tr><td>cell</td></tr></table>
<p><b onmouseover="RUN" onclick=RUN>text</b></p>
<details open ontoggle="RUN"><summary>s</summary>d</details>
<style>@import "@/import.css"; p{background:url(@/sheet.gif)}</style>
<!--><img src=x onerror="RUN">--><!--!><script>RUN</script>--!>
<xmp><p id="</xmp><img src=x onerror=RUN>"></xmp>
<p title="&lt;/p&gt;&lt;img src=x onerror=RUN&gt;">&lt;img src=x onerror=RUN&gt;</p>
<picture><source srcset="@/set.webp"><img srcset="@/set.jpg 1x" src="@/img.jpg"></picture>
""".strip().splitlines()


class Proxy(http.server.ThreadingHTTPServer):
    """Where every request of the browser ends up, and is written down."""
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Refusal)
        self.asked = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Refusal(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        host = self.path.split("//")[-1].split("/")[0].split(":")[0]
        if not ("." + host).endswith(OWN):
            self.server.asked.append(f"{self.command} {self.path}")
        self.send_error(403)

    do_CONNECT = do_HEAD = do_POST = do_GET

    def log_message(self, *args):
        pass


class Tree(html.parser.HTMLParser):
    """What is active in the tree, which the browser has written out."""

    def __init__(self, text):
        super().__init__()
        self.active = []
        self.pictures = set()   # that the message itself carries
        self.words = 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        source = dict(attributes).get("src") or ""
        if tag == "img" and source.startswith("cid:"):
            self.pictures.add(source.removeprefix("cid:"))
        elif tag in ACTIVE:
            self.active.append(f"<{tag}>")
        for name, value in attributes:
            value = value or ""
            if name.startswith("on") or name in ("ping", "srcdoc", "data-ran",
                                                 "background"):
                self.active.append(f"<{tag} {name}={value!r}>")
            if name in ("href", "src", "action", "cite") and \
                    not value.startswith(SCHEMES):
                self.active.append(f"<{tag} {name}={value!r}>")
            if name == "style" and "url" in value.lower():
                self.active.append(f"<{tag} {name}={value!r}>")

    def handle_data(self, data):
        self.words += len(data.split())


class Browser:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="newswire-browser-")
        self.proxy = Proxy()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.proxy.shutdown()
        shutil.rmtree(self.folder, ignore_errors=True)

    def show(self, markup):
        """The tree of a document, and what the browser asked for."""
        path = os.path.join(self.folder, "part.html")
        with open(path, "w", encoding="utf-8") as file:
            file.write(markup)
        before = len(self.proxy.asked)
        done = subprocess.run(
            [BROWSER, "--headless", "--no-sandbox", "--disable-gpu",
             "--disable-quic", "--no-first-run", "--disable-sync",
             "--disable-background-networking", "--disable-component-update",
             "--disable-dev-shm-usage", "--virtual-time-budget=2000",
             "--user-data-dir=" + os.path.join(self.folder, "profile"),
             f"--proxy-server=127.0.0.1:{self.proxy.server_port}",
             "--proxy-bypass-list=<-loopback>", "--dump-dom",
             "file://" + path],
            capture_output=True, timeout=TIMEOUT, check=False,
            env=dict(os.environ, HOME=self.folder))
        return (Tree(done.stdout.decode("utf-8", "replace")),
                self.proxy.asked[before:])


def hostile(lines):
    text = "\n".join(lines).replace("RUN", RUN)
    return text.replace("@import", "\0").replace(
        "@/", "http://tracker.example/").replace("\0", "@import")


def html_part(page, url="https://courier.example/story.html"):
    """The HTML part of the message that a page becomes."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [NEWSWIRE, "--home", home, "convert", "--url", url, "-"],
            input=page, capture_output=True, timeout=TIMEOUT, check=False)
    message = email.message_from_bytes(done.stdout,
                                       policy=email.policy.default)
    part = message.get_body(("html",))
    return part.get_content() if part else "no HTML: " + done.stderr.decode()


def with_pictures(browser, site, name):
    """Pictures that come along are asked for inside the message alone."""
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(
            [NEWSWIRE, "--home", home, "convert", "--images", "inline",
             f"{site.url}/{name}"], capture_output=True, timeout=TIMEOUT,
            check=False, env=dict(os.environ, NEWSWIRE_ALLOW_PRIVATE="1"))
    message = email.message_from_bytes(done.stdout,
                                       policy=email.policy.default)
    carried = {part["Content-ID"].strip("<>") for part in message.walk()
               if part.get_content_maintype() == "image"}
    tree, asked = browser.show(message.get_body(("html",)).get_content())
    tap.ok(carried and tree.pictures == carried and not tree.active and
           not asked, f"{name}: its pictures are those that came along",
           carried, tree.pictures, *tree.active, *asked, done.stderr.decode())


def html_part_with_pictures(page):
    """The same with a picture for each image of the story."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [MESSAGES, "--url", "https://courier.example/story.html",
             "--pictures", os.path.join(SITE, "images", "eelgrass.png"),
             folder], input=page, timeout=TIMEOUT, check=True)
        with open(os.path.join(folder, "0.eml"), "rb") as file:
            message = email.message_from_binary_file(
                file, policy=email.policy.default)
    return next(part.get_content() for part in message.walk()
                if part.get_content_type() == "text/html")


def passes_with_pictures(browser, name, page):
    tree, asked = browser.show(html_part_with_pictures(page))
    tap.ok(tree.words > 10 and tree.pictures and not tree.active and not asked,
           f"{name}: its pictures are parts of the message",
           f"{tree.words} words, {len(tree.pictures)} pictures", *tree.active,
           *asked)


def passes(browser, name, page):
    tree, asked = browser.show(html_part(page))
    tap.ok(tree.words > 10 and not tree.active and not asked,
           f"{name}: it is shown, nothing is active, nothing is asked for",
           f"{tree.words} words", *tree.active, *asked)


def sample_pages():
    folder = os.path.join(HERE, "..", "site")
    for name in sorted(os.listdir(folder)):
        if name.endswith(".html"):
            with open(os.path.join(folder, name), "rb") as file:
                yield name, file.read()


def main():
    with Browser() as browser:
        # Without this the rest proves nothing.  What leads elsewhere would
        # take the tree along.
        tree, asked = browser.show(hostile(
            [line for line in HOSTILE if "refresh" not in line]))
        tap.ok("data-ran" in str(tree.active) and
               any("pixel.gif" in line for line in asked),
               "what is hostile runs and asks where it is passed on",
               *tree.active, *asked)
        filler = "<p>The council voted to keep the old mill open until next " \
                 "spring, and the mayor was glad of it, as he said.</p>"
        body = filler.join(hostile([line]) for line in HOSTILE)
        story = (f"<title>Mill</title><article><h1>Mill</h1>{filler}{body}"
                 f"{filler}</article>".encode())
        passes(browser, "hostile parts of a story", story)
        passes_with_pictures(browser, "hostile parts of a story", story)
        for name, page in sample_pages():
            passes(browser, name, page)
            if name == "eelgrass.html":
                passes_with_pictures(browser, name, page)
        with Site() as site:
            for name in ("slow-boats.html", "eelgrass.html"):
                with_pictures(browser, site, name)
        for path in sys.argv[1:]:
            with open(path, "rb") as file:
                passes(browser, path, file.read())
    tap.done()


main()
