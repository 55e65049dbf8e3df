# SPDX-License-Identifier: GPL-3.0-or-later
"""News clients of others post: Python's nntplib, Perl's Net::NNTP, slrn and tin;
what one has written, the others read in the thread of the story, and a mailbox
gets it.  A client that is missing is a failure.
"""
import mailbox
import os
import subprocess
import sys
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "nntp"), os.path.join(HERE, "..")]
import server
import tap
from terminal import Terminal

PATIENCE_S = 30
CONFIG = 'notes = {"example.world", "local.*"}\nid-domain = own.example\n'
STORY = "<s.harbour@example.invalid>"
SUBJECT = "Re: Harbour reopens after the storm"
REPLY = """\
From: Zoë Reader <zoe@reader.example>
Newsgroups: example.world
Subject: {0}
References: {1}
Message-ID: <py.1@reader.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Schön.
.
.. and dots
""".format(SUBJECT, STORY).encode()

NET_NNTP = r"""
use strict; use warnings; use Net::NNTP;
my $nntp = Net::NNTP->new(Host => '127.0.0.1', Port => $ARGV[0], Reader => 1,
                          Timeout => 20) or die "no connection: $@\n";
print $nntp->postok, "\n";
print $nntp->post("From: perl\@reader.example\n", "Newsgroups: local.talk\n",
                  "Subject: from Perl\n", "\n", ".one dot\n"), "\n";
print $nntp->message;
print $nntp->post("From: perl\n", "Newsgroups: local.talk\n",
                  "Subject: from Perl\n", "\n", "text\n") // 'undef', "\n";
print $nntp->code, ' ', $nntp->message;
$nntp->quit;
"""


def same(got, want, what):
    tap.ok(got == want, what, f"expected: {want!r}", f"got:      {got!r}")


def nntplib_posts(port):
    with nntplib.NNTP("127.0.0.1", port, readermode=True, timeout=20) as news:
        same(news.getwelcome()[:4], "200 ", "nntplib: greeting")
        tap.ok("POST" in news.getcapabilities(), "nntplib: capability POST")
        same({group.group: group.flag for group in news.list()[1]},
             {"example.empty": "n", "example.quiet": "n",
              "example.science": "n", "example.world": "y", "local.talk": "y"},
             "nntplib: groups that take posts")
        same(news.post(REPLY.splitlines(True)),
             "240 article received <py.1@reader.example>", "nntplib: post")
        try:
            said = news.post(REPLY.splitlines(True))
        except nntplib.NNTPError as error:
            said = error.response
        same(said, "441 Message-ID: an article has it already",
             "nntplib: the same again")
        article = news.article("<py.1@reader.example>")[1]
        body = article.lines[article.lines.index(b"") + 1:]
        same(body, ["Schön.".encode(), b".", b".. and dots"],
             "nntplib: the text comes back")
        news.group("example.world")
        over = news.over((5, None))[1]
        same([(number, fields["subject"], fields["references"])
              for number, fields in over], [(5, SUBJECT, STORY)],
             "nntplib: the overview names the story")


def net_nntp_posts(port):
    done = subprocess.run(["perl", "-e", NET_NNTP, str(port)],
                          capture_output=True, text=True, check=False,
                          timeout=PATIENCE_S)
    said = done.stdout.splitlines() + [""] * 5
    same(done.stderr, "", "Net::NNTP: runs")
    same(said[:2], ["1", "1"], "Net::NNTP: posts")
    tap.ok(said[2].startswith("article received <p."), "Net::NNTP: is told",
           *said)
    same(said[3:5], ["",
                     "441 From: must look like Ann <ann@example.org>"],
         "Net::NNTP: is refused and told why")


def editor(home, text):
    """A program that adds a line to the article that it is to edit."""
    path = os.path.join(home.path, "editor")
    with open(path, "w", encoding="utf-8") as file:
        file.write('#!/bin/sh\nfor file; do :; done\n'
                   f"echo '{text}' >> \"$file\"\n")
    os.chmod(path, 0o755)
    return path


def slrn_posts(home, port):
    newsrc, slrnrc = (os.path.join(home.path, name)
                      for name in (".jnewsrc", ".slrnrc"))
    with open(newsrc, "w", encoding="utf-8") as file:
        file.write("example.world:\n")
    with open(slrnrc, "w", encoding="utf-8") as file:
        file.write('set username "sue"\nset hostname "reader.example"\n'
                   'set realname "Sue Slrn"\nset read_active 0\n'
                   f'set editor_command "{editor(home, "Sue agrees.")} %s"\n')
    command = (f"env HOME={home.path} TERM=screen LC_ALL=C.UTF-8 slrn -n "
               f"-h 127.0.0.1 -p {port} -f {newsrc} -i {slrnrc}; "
               "echo slrn ended $?; exec cat")
    with Terminal("slrn", home.path, command) as terminal:
        terminal.expect("the group is there", r"example\.world")
        terminal.type("Enter")
        terminal.expect("the thread has the note", r"\[4/4 unread\]",
                        r"4 Harbour reopens after")
        terminal.type("Enter")
        terminal.expect("unfolded, it hangs on the story",
                        r"\[Zoë Reader\s*\]\s+[├└]─(Re: )?Harbour")
        terminal.type("f")
        terminal.expect("asks whether it is meant", r"want to followup\?")
        terminal.type("y")
        terminal.expect("asks whether to send it", r"Post the message\?")
        terminal.type("y")
        terminal.expect("has posted", r"^Posting\.\.\.done")


def tin_posts(home, port):
    os.mkdir(os.path.join(home.path, ".tin"))
    for name, text in ((".newsrc", "example.world:\n"), (
            ".tin/tinrc", "mail_address=Tim Tin <tim@reader.example>\n")):
        with open(os.path.join(home.path, name), "w",
                  encoding="utf-8") as file:
            file.write(text)
    command = (f"env HOME={home.path} TERM=screen LC_ALL=C.UTF-8 "
               f"EDITOR={editor(home, 'Tim does not.')} "
               f"tin -r -n -g 127.0.0.1 -p {port}; exec cat")
    with Terminal("tin", home.path, command) as terminal:
        terminal.expect("the group is there", r"example\.world")
        terminal.type("Enter")
        terminal.expect("the thread is there", r"Harbour reopens after")
        terminal.type("Enter")
        terminal.expect("the story", r"^Ferries leave again at noon\.")
        terminal.type("f")
        terminal.expect("takes it", r"p=post")
        terminal.type("p")
        terminal.expect("has posted and shows the Message-ID",
                        r"Article posted: <\S+@\S+>")


def all_read(port):
    """What each of them has written, below the story."""
    with nntplib.NNTP("127.0.0.1", port, readermode=True, timeout=20) as news:
        news.group("example.world")
        got = [(nntplib.decode_header(fields["from"]), fields["subject"],
                fields["references"])
               for _, fields in news.over((5, None))[1]]
        same(got, [(name, SUBJECT, STORY) for name in
                   ("Zoë Reader <zoe@reader.example>",
                    "Sue Slrn <sue@reader.example>",
                    "Tim Tin <tim@reader.example>")],
             "all posts stand below the story")
        texts = [b"\n".join(news.body(number)[1].lines)
                 for number in (6, 7)]
        tap.ok(b"Sue agrees." in texts[0] and b"Tim does not." in texts[1],
               "with their texts", *texts)
        name = news.group("local.talk")[4]
        lines = news.article(1)[1].lines
        tap.ok(name == "local.talk" and b".one dot" in lines and
               b"Path: news.example!.POSTED!not-for-mail" in lines,
               "the group without a source has its post", *lines)


def delivered(home):
    path = os.path.join(home.path, "mbox")
    subprocess.run(home.command("--quiet", "deliver", "mbox:" + path,
                                "example.world", "local.talk"), check=True)
    mails = list(mailbox.mbox(path))
    below = [mail["From"] for mail in mails
             if mail["References"] == STORY and mail["Subject"] == SUBJECT]
    same((len(mails), len(below)), (7, 3),
         "a mailbox gets the posts with the story")


def main():
    with server.Home(CONFIG) as home:
        subprocess.run(home.command("group", "add", "local.talk",
                                    "--description", "Among readers"),
                       check=True)
        with server.Server(home) as served:
            nntplib_posts(served.port)
            net_nntp_posts(served.port)
            slrn_posts(home, served.port)
            tin_posts(home, served.port)
            all_read(served.port)
        delivered(home)


with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import nntplib

main()
tap.done()
