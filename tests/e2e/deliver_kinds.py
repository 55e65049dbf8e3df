# SPDX-License-Identifier: GPL-3.0-or-later
"""mbox, Maildir and MH hold what the news server has, octet by octet: read back
by Python's mailbox module and by mutt."""
import os
import pty
import re
import select
import subprocess
import time

from gateway import Site
from mailboxes import KINDS, Store, article, read
import tap

HOSTILE = [
    b"From the harbour\n>From the bay\n>>From the sea\n\nFrom here\n",
    b".\n..\n...\n.x\n\n.\n",
    "Zoë — \N{SNOWMAN} 海\n".encode(),
    b"\xff\xfe in no charset\n",
    b"x" * 998 + b"\n" + b"From " + b"y" * 993 + b"\n",
    b"no line end at the end",
    b"\n\n\nempty lines around\n\n\n",
    b"\n",
    b"Message-ID: <7@example.invalid>\n\nPath: x\nXref: y\n",
    b">\n>F\n>From\nFrom\nFrom:\n From x\n",
]
PATIENCE_S = 60


def fill(store):
    store.post("e2e.mail", *(article(n, body)
                             for n, body in enumerate(HOSTILE)))
    store.post("e2e.other", article(20, group=b"e2e.other"),
               article(21, references=20), article(22, references=21),
               article(23), article(24, references=20))


def same(kind, got, wanted, what):
    tap.ok(sorted(got) == sorted(wanted), f"{kind}: {what}",
           *(f"got {m!r}" for m in got if m not in wanted),
           *(f"not {m!r}" for m in wanted if m not in got),
           f"{len(got)} of {len(wanted)}")


def each_kind(store):
    everything = store.mails("e2e.mail", "e2e.other")
    for kind in KINDS:
        said = store.deliver(store.target(kind, kind, "all"))
        tap.ok(f": {len(everything)} articles delivered\n" in said,
               f"{kind}: says how many it delivered", said)
        same(kind, read(kind, store.box(kind, "all")), everything,
             "one mailbox has the articles of all groups, unchanged")
        said = store.deliver(store.target(kind, kind, "all"))
        tap.ok(": 0 articles delivered\n" in said and
               len(read(kind, store.box(kind, "all"))) == len(everything),
               f"{kind}: a second run delivers nothing", said)
        store.deliver(store.target(kind, kind, "each", "{group}"))
        for group in ("e2e.mail", "e2e.other"):
            same(kind, read(kind, store.box(kind, "each", group)),
                 store.mails(group), f"{group} has one of its own")
        store.deliver(store.target(kind, kind, "some"), "e2e.*,!e2e.mail")
        same(kind, read(kind, store.box(kind, "some")),
             store.mails("e2e.other"), "groups are chosen by a pattern")


def wrong(store):
    done = store.run("deliver", store.target("mbox", "x"), "no.such.group")
    tap.ok(done.returncode == 66 and b"no such group" in done.stderr and
           not os.path.exists(store.box("x")),
           "a group that is not there is an error", done.stderr)
    done = store.run("deliver", "/home/me/News")
    tap.ok(done.returncode == 64 and b"maildir:DIR" in done.stderr,
           "what is no target is told what is one", done.stderr)


def polled():
    """From a site to a mailbox, with real articles."""
    config = 'host-pause = 0\ndeliver "maildir:{home}/boxes/{{group}}" {{}}\n'
    with Store() as store, Site() as site:
        with open(os.path.join(store.home, "newswire.conf"), "w",
                  encoding="utf-8") as file:
            file.write(config.format(home=store.home))
        store.subscribe(site.url + "/feed.xml", "e2e.ledger")
        said = store.fetch()
        mails = store.mails("e2e.ledger")
        same("fetch", read("maildir", store.box("e2e.ledger")), mails,
             "a poll delivers what it brought")
        tap.ok(f"{len(mails)} articles delivered" in said and len(mails) > 4,
               "and says so", said)
        said = store.fetch()
        tap.ok("delivered" not in said and
               len(read("maildir", store.box("e2e.ledger"))) == len(mails),
               "a poll without news delivers nothing", said)


class Mutt:
    """mutt on a terminal of its own, told by "push" what to do."""

    def __init__(self, home):
        self.home = home
        self.out = os.path.join(home, "mutt.out")

    def run(self, path, keys):
        if os.path.exists(self.out):
            os.unlink(self.out)
        master, slave = pty.openpty()
        process = subprocess.Popen(
            ["mutt", "-n", "-R", "-F", "/dev/null", "-f", path,
             "-e", f"set folder={self.home} quit=yes wait_key=no "
             "pipe_decode=no pipe_split=yes sort=threads sort_aux=date-sent",
             "-e", f'push "{keys}"'],
            stdin=slave, stdout=slave, stderr=slave,
            env=dict(os.environ, TERM="xterm", HOME=self.home),
            start_new_session=True)
        os.close(slave)
        self.wait(process, master)
        os.close(master)
        if not os.path.exists(self.out):
            return b""
        with open(self.out, "rb") as file:
            return file.read()

    @staticmethod
    def wait(process, master):
        end = time.monotonic() + PATIENCE_S
        while process.poll() is None and time.monotonic() < end:
            if select.select([master], [], [], 0.2)[0]:
                try:
                    os.read(master, 65536)
                except OSError:
                    break
        if process.poll() is None:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
        process.wait()


def by_mutt(store):
    mutt = Mutt(store.home)
    # For each message that the pattern finds, in the order of threads.
    keys = ("<tag-pattern>{}<enter><tag-prefix><pipe-message>"
            "cat >> {}<enter><exit>")
    for kind in KINDS:
        path = store.box(kind, "all")
        got = mutt.run(path, keys.format("~A", mutt.out))
        found = re.findall(rb"^Subject: (.*)\n(?:.+\n)*?Message-ID", got,
                           re.M)
        wanted = [b"Story %d" % n
                  for n in [*range(len(HOSTILE)), 20, 21, 22, 24, 23]]
        tap.ok(found == wanted,
               f"{kind}: mutt has all messages, and in their threads",
               found, wanted)
        got = mutt.run(path, keys.format("~N", mutt.out))
        found = re.findall(rb"^Subject: (.*)\n(?:.+\n)*?Message-ID", got,
                           re.M)
        tap.ok(found == wanted, f"{kind}: to mutt they are new", found)
        got = mutt.run(path, keys.format("~i 2@example.invalid", mutt.out))
        tap.ok(HOSTILE[2] in got, f"{kind}: and it shows one as it is", got)


def main():
    with Store() as store:
        fill(store)
        each_kind(store)
        by_mutt(store)
        wrong(store)
    polled()
    tap.done()


main()
