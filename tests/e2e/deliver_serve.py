# SPDX-License-Identifier: GPL-3.0-or-later
"""serve delivers by itself: within seconds, after SIGTERM and after kill -9,
each article once; what cannot be written to is told once and stops no other."""
import json
import mailbox
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time

from mailboxes import Store, article, numbers, read
import tap

PATIENCE_S = 60
CONFIG = """path-host = news.example
readers = 1
deliver "maildir:{boxes}/{{group}}" {{}}
deliver "mbox:{boxes}/broken/box" {{}}	# a file is in the way
deliver "mh:{boxes}/some" {{
	groups = {{"e2e.*,!e2e.other"}}
	edits = append
}}
"""


class Server:
    def __init__(self, store):
        self.log = tempfile.TemporaryFile("a+b")
        self.process = subprocess.Popen(
            store.command("serve", "--no-poll", "--listen", "127.0.0.1:0"),
            env=store.env, stderr=self.log, start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
        self.log.close()

    def said(self):
        self.log.seek(0)
        return self.log.read().decode()

    def end(self):
        """How long it took to end by SIGTERM."""
        start = time.monotonic()
        self.process.terminate()
        code = self.process.wait()
        return code, time.monotonic() - start

    def kill(self):
        """All of its processes at once, without a word."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def until(condition):
    """Whether it comes true in time."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        try:
            if condition():
                return True
        except (OSError, LookupError, TypeError, mailbox.Error):
            pass  # looked at while it is made, or a message is
        time.sleep(0.1)
    return False


def maildir(store, group):
    return numbers(read("maildir", store.box(group)))


def some(store):
    return numbers(read("mh", store.box("some")))


def runs(store):
    store.post("e2e.mail", article(1), article(2))
    store.post("e2e.other", article(3, group=b"e2e.other"))
    with Server(store) as server:
        tap.ok(until(lambda: maildir(store, "e2e.mail") == [1, 2] and
                     maildir(store, "e2e.other") == [3] and
                     some(store) == [1, 2]),
               "what is stored is delivered when it starts", server.said())
        start = time.monotonic()
        store.post("e2e.mail", article(4), article(5, supersedes=1))
        tap.ok(until(lambda: maildir(store, "e2e.mail") == [2, 4, 5] and
                     some(store) == [1, 2, 4, 5]),
               "what comes is delivered, and replaces or not as each target "
               "has it", server.said(), maildir(store, "e2e.mail"))
        took = time.monotonic() - start
        tap.ok(took < 15, "within seconds", took)
        tap.ok(len(re.findall(r"broken", server.said())) == 1,
               "a target that fails is told once", server.said())
        tap.ok(re.search(r"no folder.*next try in 60 s", server.said()),
               "with the reason and what comes", server.said())
        code, took = server.end()
        tap.ok(code == 0 and took < 5, "SIGTERM ends it at once",
               code, took, server.said())
    store.post("e2e.mail", article(6))
    with Server(store) as server:
        tap.ok(until(lambda: maildir(store, "e2e.mail") == [2, 4, 5, 6] and
                     some(store) == [1, 2, 4, 5, 6]),
               "started again, it goes on where it was", server.said())
        server.end()


def status(store):
    said = json.loads(store.run("status", "--format", "json").stdout)
    rows = {row["target"]: row for row in said["deliveries"]}
    row = rows[store.target("maildir", "{group}")]
    tap.ok(row["configured"] and row["waiting"] == 0 and
           row["last_success"] and row["error"] is None,
           "status shows a target that is well", row)
    row = rows[store.target("mbox", "broken", "box")]
    tap.ok(row["waiting"] == 5 and row["last_success"] is None and
           "no folder" in row["error"],
           "and one that fails, with what waits for it", row)
    text = store.run("status").stdout.decode()
    tap.ok("5 articles waiting; last success -\n" in text, "in words too",
           text)
    os.unlink(store.box("broken"))
    done = store.run("fetch")
    got = numbers(read("mbox", store.box("broken", "box")))
    tap.ok(done.returncode == 0 and got == [2, 3, 4, 5, 6],
           "mended, it gets all that waited", done.stderr, got)


def kills(store):
    """All processes are killed again and again while articles come."""
    wanted = maildir(store, "e2e.mail")
    for turn in range(8):
        with Server(store) as server:
            batch = range(100 + 40 * turn, 140 + 40 * turn)
            store.post("e2e.mail", *(article(n) for n in batch))
            wanted += batch
            # At another moment of the delivery each time.
            until(lambda: len(maildir(store, "e2e.mail")) >=
                  len(wanted) - 40 + 5 * turn)
            server.kill()
    boxes = {
        "Maildir": lambda: maildir(store, "e2e.mail") == wanted,
        "MH folder": lambda: some(store) == [1] + wanted,
        "mbox file": lambda: numbers(read("mbox", store.box(
            "broken", "box"))) == sorted([3] + wanted),
    }
    with Server(store) as server:
        for what, is_complete in boxes.items():
            tap.ok(until(is_complete),
                   f"killed while delivering, each article comes once to the "
                   f"{what}", server.said())
        server.end()


def mistakes(store):
    path = os.path.join(store.home, "newswire.conf")
    for text, word in (('\ndeliver "pop3://h/" {\n}\n', "2: deliver: pop3"),
                       ('deliver "mbox:News" {}', "absolute path"),
                       ('deliver "mbox:/x" { edits = no }', "1: edits")):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        done = store.run("serve", "--listen", "127.0.0.1:0")
        tap.ok(done.returncode == 78 and
               f"newswire.conf:{word}" in done.stderr.decode() or
               word == "absolute path" and word in done.stderr.decode(),
               f"a mistake in the configuration is told at the start: {word}",
               done.returncode, done.stderr)
    os.remove(path)


def main():
    with Store() as store:
        os.mkdir(store.box())
        with open(store.box("broken"), "w", encoding="utf-8"):
            pass
        with open(os.path.join(store.home, "newswire.conf"), "w",
                  encoding="utf-8") as file:
            file.write(CONFIG.format(boxes=store.box()))
        runs(store)
        status(store)
        kills(store)
        mistakes(store)
    tap.done()


main()
