# SPDX-License-Identifier: GPL-3.0-or-later
"""A gateway in a folder of its own, its articles, and sites for it to read."""
import email
import email.policy
import http.server
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import tap

BUILD = os.environ.get("builddir", ".")
NEWSWIRE = os.path.join(BUILD, "newswire")
SITEHTTPD = os.path.join(BUILD, "tests", "tools", "sitehttpd")
SITE = os.path.join(HERE, "..", "site")
TIMEOUT = 120


class Gateway:
    """newswire with a home that goes with it; the sites of the tests want no
    rest between two requests.  Whatever was done to it, its store is whole in
    the end."""

    def __init__(self, config="host-pause = 0\n"):
        self.home = tempfile.mkdtemp(prefix="newswire-e2e-")
        self.env = dict(os.environ, NEWSWIRE_ALLOW_PRIVATE="1")
        for name in ("NEWSWIRE_HOME", "http_proxy", "https_proxy"):
            self.env.pop(name, None)
        with open(os.path.join(self.home, "newswire.conf"), "w",
                  encoding="utf-8") as file:
            file.write(config)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if os.path.exists(os.path.join(self.home, "newswire.db")):
            checked = self.run("check")
            tap.ok(checked.returncode == 0, "the store is whole in the end",
                   checked.stdout.decode(), checked.stderr.decode())
        shutil.rmtree(self.home)

    def command(self, *args):
        return [NEWSWIRE, "--home", self.home, *args]

    def run(self, *args, stdin=""):
        """The finished process: returncode, stdout, stderr as text."""
        return subprocess.run(self.command(*args), input=stdin.encode(),
                              capture_output=True, env=self.env,
                              timeout=TIMEOUT, check=False)

    def subscribe(self, url, group, kind="feed"):
        done = self.run("subscribe", "--kind", kind, "--group", group, url)
        if done.returncode:
            raise RuntimeError(done.stderr.decode())

    def fetch(self, *groups):
        """What a poll of these sources, or of all, said."""
        done = self.run("fetch", *(groups or ("--all",)))
        return done.stderr.decode("utf-8", "surrogateescape")

    def change_store(self, sql):
        store = sqlite3.connect(os.path.join(self.home, "newswire.db"))
        with store:
            store.execute(sql)
        store.close()

    def let_time_pass(self):
        """As if more than ten minutes had, by when pages are read again."""
        self.change_store("UPDATE rechecks SET base_utc = base_utc - 700, "
                          "due_utc = 0")

    def start(self, *args):
        return subprocess.Popen(self.command(*args), env=self.env,
                                stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL)

    def start_fetch(self):
        return self.start("fetch", "--all")

    def articles(self, group):
        """Number to article, as "newswire nntp" gives them."""
        listed = self.run("nntp", stdin=f"LISTGROUP {group}\r\nQUIT\r\n")
        text = listed.stdout.decode("utf-8", "surrogateescape")
        match = re.search(r"^211 [^\r]*\r\n(.*?)^\.\r\n", text, re.M | re.S)
        numbers = match[1].split() if match else []
        found = {}
        for number in numbers:
            done = self.run("nntp", stdin=f"GROUP {group}\r\n"
                                          f"ARTICLE {number}\r\nQUIT\r\n")
            text = done.stdout.decode("utf-8", "surrogateescape")
            found[int(number)] = re.search(r"^220 [^\r]*\r\n(.*?)^\.\r\n",
                                           text, re.M | re.S)[1]
        return found


def head(article):
    return article.split("\r\n\r\n", 1)[0]


def header(article, name):
    """The value of a header, unfolded; None when there is none."""
    match = re.search(rf"^{name}: ([^\r]*(?:\r\n[ \t][^\r]*)*)", head(article),
                      re.M | re.I)
    return re.sub(r"\r\n(?=[ \t])", "", match[1]).strip() if match else None


def parsed(article):
    return email.message_from_bytes(article.encode("utf-8", "surrogateescape"),
                                    policy=email.policy.SMTP)


def text(article):
    """The text/plain part, decoded, white space collapsed."""
    part = parsed(article).get_body(("plain",))
    return " ".join(part.get_content().split()) if part else ""


def pictures(article):
    """The types of the pictures that the message carries, in order."""
    return [part.get_content_type() for part in parsed(article).walk()
            if part.get_content_maintype() == "image"]


def subject(article):
    """The Subject, decoded."""
    return str(parsed(article)["Subject"])


def without_clock(articles):
    """Articles without the one header that tells when they were made."""
    return {number: re.sub(r"^Injection-Date: .*\r\n", "", text, count=1,
                           flags=re.M)
            for number, text in articles.items()}


class Site:
    """sitehttpd on a folder; log() is what it was asked for so far."""

    def __init__(self, folder=SITE, port=0, **options):
        self.folder, self.port, self.options = folder, port, options
        self.log_file = tempfile.TemporaryFile()

    def __enter__(self):
        args = [f"--{name.replace('_', '-')}={value}"
                for name, value in self.options.items()]
        self.process = subprocess.Popen(
            [SITEHTTPD, f"--port={self.port}", *args, self.folder],
            stdout=subprocess.PIPE, stderr=self.log_file)
        self.url = self.process.stdout.readline().decode().strip()
        self.port = int(self.url.rsplit(":", 1)[1])
        return self

    def __exit__(self, *exception):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.log_file.close()

    def log(self):
        self.log_file.seek(0)
        return self.log_file.read().decode()


class Scripted(http.server.ThreadingHTTPServer):
    """A server that answers by a function of the path: (status, headers,
    body); calls holds the paths in the order they came, requests the headers
    that came with the last call of each."""
    daemon_threads = True

    def __init__(self, answer):
        self.calls = []
        self.requests = {}
        self.answer = answer
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.thread = threading.Thread(target=self.serve_forever)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exception):
        self.shutdown()
        self.thread.join()
        self.server_close()

    def handle_error(self, request, client_address):
        """A client that was killed is no error."""


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.calls.append(self.path)
        self.server.requests[self.path] = dict(self.headers)
        status, headers, body = self.server.answer(self.path)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass
