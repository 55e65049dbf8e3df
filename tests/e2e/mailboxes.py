# SPDX-License-Identifier: GPL-3.0-or-later
"""Stores to deliver from, and mailboxes read back by Python's own module."""
import mailbox
import os
import re
import subprocess

from gateway import BUILD, Gateway

STOREFILL = os.path.join(BUILD, "tests", "tools", "storefill")
KINDS = {"mbox": mailbox.mbox, "maildir": mailbox.Maildir, "mh": mailbox.MH}
# Headers that articles have among news servers only.
NEWS_ONLY = re.compile(rb"^(?:Path|Xref|Injection-Date|Injection-Info): .*\n"
                       rb"(?:[ \t].*\n)*", re.M)


class Store(Gateway):
    """A gateway whose articles are given, not polled."""

    def post(self, group, *articles):
        batch = b"".join(b"#! rnews %d\n%s" % (len(article), article)
                         for article in articles)
        subprocess.run([STOREFILL, "--path-host", "news.example",
                        os.path.join(self.home, "newswire.db"), group],
                       input=batch, check=True, stdout=subprocess.DEVNULL)

    def box(self, *names):
        return os.path.join(self.home, "boxes", *names)

    def target(self, kind, *names):
        return f"{kind}:{self.box(*names)}"

    def deliver(self, *args):
        """What a delivery said; it must go well."""
        done = self.run("deliver", *args)
        said = done.stderr.decode("utf-8", "surrogateescape")
        if done.returncode:
            raise RuntimeError(said)
        return said

    def mails(self, *groups):
        """The articles of groups as mail, as the news server has them."""
        return [mail(article) for group in groups
                for _, article in sorted(self.articles(group).items())]


def article(number, body=b"A body.\n", references=None, supersedes=None,
            group=b"e2e.mail"):
    """An article called NUMBER, an hour later for each."""
    lines = [b"Path: news.example!not-for-mail",
             b"From: Jane Doe <jane@example.invalid>",
             b"Newsgroups: " + group,
             b"Subject: Story %d" % number,
             b"Date: Sat, %02d Jul 2025 %02d:00:00 +0000"
             % (1 + number // 24, number % 24),
             b"Message-ID: <%d@example.invalid>" % number]
    if references is not None:
        lines.append(b"References: <%d@example.invalid>" % references)
    if supersedes is not None:
        lines.append(b"Supersedes: <%d@example.invalid>" % supersedes)
    return b"\n".join(lines) + b"\n\n" + body


def mail(text):
    """An article that the news server gave, as mail."""
    plain = re.sub(rb"^\.\.", b".", text.encode("utf-8", "surrogateescape")
                   .replace(b"\r\n", b"\n"), flags=re.M)
    head, body = plain.split(b"\n\n", 1)
    head = NEWS_ONLY.sub(b"", head + b"\n")
    head = re.sub(rb"^Newsgroups:", b"X-Newsgroups:", head, flags=re.M)
    return head + b"\n" + body


def read(kind, path):
    """The messages of a mailbox, in the order of its keys; [] where none is."""
    if not os.path.exists(path):
        return []
    box = KINDS[kind](path, create=False)
    messages = []
    for key in sorted(box.keys()):
        message = box.get_bytes(key)
        if kind == "mbox":
            # mboxrd, which the module leaves to its callers.
            message = re.sub(rb"^>(>*From )", rb"\1", message, flags=re.M)
        messages.append(message)
    box.close()
    return messages


def numbers(messages):
    """The numbers of articles in them, in order."""
    return sorted(int(re.search(rb"^Message-ID: <(\d+)@", message, re.M)[1])
                  for message in messages)
