# SPDX-License-Identifier: GPL-3.0-or-later
"""News clients of others read a group: Python's nntplib, Perl's Net::NNTP, and
slrn on a terminal.  A client that is missing is a failure.
"""
import datetime
import os
import subprocess
import sys
import time
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "nntp"), os.path.join(HERE, "..")]
import server
import tap
from terminal import Terminal

PATIENCE_S = 30
SUBJECTS = {1: "Harbour reopens after the storm",
            3: "What the harbour master says, on a subject line that is "
               "folded twice",
            4: "First ferry leaves"}
IDS = {1: "<s.harbour@example.invalid>", 3: "<u.master@example.invalid>",
       4: "<u.ferry.2@example.invalid>"}

BEFORE_ALL = datetime.datetime(2000, 1, 1)


def same(got, want, what):
    tap.ok(got == want, what, f"expected: {want!r}", f"got:      {got!r}")


def refused(call, what, code):
    """Whether nntplib reports the reply code as an error."""
    try:
        got = call()
    except nntplib.NNTPError as error:
        got = error.response
    same(got[:3], code, f"nntplib: {what}")


def nntplib_reads(port):
    client = nntplib.NNTP("127.0.0.1", port, readermode=True, timeout=20)
    with client:
        same(client.getwelcome()[:4], "201 ", "nntplib: greeting")
        missing = {"HDR", "IMPLEMENTATION", "LIST", "NEWNEWS", "OVER",
                   "READER", "VERSION"}.difference(client.getcapabilities())
        tap.ok(not missing, "nntplib: capabilities", *missing)
        _, now = client.date()
        away = abs((datetime.datetime.utcnow() - now).total_seconds())
        tap.ok(away < 60, "nntplib: DATE is now", away)
        same([tuple(group) for group in client.list()[1]],
             [("example.empty", "0", "1", "n"),
              ("example.quiet", "0", "1", "n"),
              ("example.science", "2", "1", "n"),
              ("example.world", "4", "1", "n")], "nntplib: LIST")
        same(client.descriptions("example.s*")[1],
             {"example.science": "Science of Examplé"},
             "nntplib: LIST NEWSGROUPS")
        since = datetime.datetime(2020, 9, 14)
        same([group.group for group in client.newgroups(since)[1]],
             ["example.empty", "example.quiet"], "nntplib: NEWGROUPS")
        same(client.group("example.world")[1:], (3, 1, 4, "example.world"),
             "nntplib: GROUP")
        _, overviews = client.over((1, None))
        same({number: fields["subject"] for number, fields in overviews},
             SUBJECTS, "nntplib: OVER")
        same({number: fields["message-id"] for number, fields in overviews},
             IDS, "nntplib: OVER has the Message-IDs")
        same(nntplib.decode_header(overviews[1][1]["from"]),
             "Zoë Writer <zoe@courier.example.invalid>",
             "nntplib: names of people")
        same(overviews[2][1]["references"], IDS[1], "nntplib: References")
        same(overviews[2][1][":lines"], "1", "nntplib: :lines")
        same(client.xhdr("subject", "1-")[1],
             [(str(number), text) for number, text in SUBJECTS.items()],
             "nntplib: XHDR")
        same(client.stat(4)[1:], (4, IDS[4]), "nntplib: STAT")
        same(client.last()[1:], (3, IDS[3]), "nntplib: LAST")
        same(client.next()[1:], (4, IDS[4]), "nntplib: NEXT")
        article = client.article(IDS[4])[1]
        same((article.message_id, article.lines[-1]),
             (IDS[4], b"The first ferry leaves with 200 passengers."),
             "nntplib: ARTICLE")
        same(client.body(3)[1].lines[1:],
             [b".", b"..two dots, one dot above, one in front of the next "
                    b"line", b".hidden"], "nntplib: dots in BODY")
        same(client.head(1)[1].lines[3].decode(), "Subject: " + SUBJECTS[1],
             "nntplib: HEAD")
        refused(lambda: client.article(2), "superseded article", "423")
        refused(lambda: client.group("example.nowhere"), "no group", "411")
        refused(lambda: client.post(b""), "posting", "440")
        same(sorted(client.newnews("example.world", BEFORE_ALL)[1]),
             sorted(IDS.values()), "nntplib: NEWNEWS")
        same(client.newnews("*", now)[1], [], "nntplib: NEWNEWS of nothing")
        same(client.stat()[1:], (1, IDS[1]) if client.group("example.world")
             else None, "nntplib: still there")
        same(client.quit()[:3], "205", "nntplib: QUIT")


def net_nntp_reads(port):
    done = subprocess.run(["perl", os.path.join(HERE, "net_nntp.pl"),
                           str(port)], capture_output=True, text=True,
                          timeout=PATIENCE_S, check=False)
    got = dict(line.partition(" ")[::2] for line in done.stdout.splitlines())
    same((done.returncode, done.stderr), (0, ""), "Net::NNTP runs")
    away = abs(int(got.pop("date", "0")) - time.time())
    tap.ok(away < 60, "Net::NNTP: date is now", away)
    for name, want in {
            "postok": "0",
            "list": "example.empty=0,1,n example.quiet=0,1,n "
                    "example.science=2,1,n example.world=4,1,n",
            "newsgroups": "example.world=World news",
            "newgroups": "example.empty example.quiet example.science",
            "overview_fmt": "Subject: From: Date: Message-ID: References: "
                            "Bytes: Lines: Xref:full",
            "group": "3 1 4 example.world",
            "xover": " ".join(f"{n}={SUBJECTS[n]}" for n in SUBJECTS),
            "xhdr": " ".join(f"{n}={IDS[n]}" for n in IDS),
            "xpat": f"4={SUBJECTS[4]}",
            "newnews": " ".join(sorted(IDS.values())),
            "next": IDS[3],
            "last": IDS[1],
            "nntpstat": IDS[4],
            "body": "“No wave above two metres,” says the harbour master. . "
                    "..two dots, one dot above, one in front of the next "
                    "line .hidden",
            "article": "14",
            "missing": "undef 423",
            "listgroup": "1,3,4",
            "post": "undef 440",
            "nowhere": "411",
            "quit": "1"}.items():
        same(got.get(name), want, f"Net::NNTP: {name}")


def slrn_reads(home, port):
    newsrc, slrnrc = (os.path.join(home.path, name)
                      for name in (".jnewsrc", ".slrnrc"))
    with open(newsrc, "w", encoding="utf-8") as file:
        file.write("example.world:\nexample.science:\n")
    with open(slrnrc, "w", encoding="utf-8") as file:
        file.write('set username "reader"\nset hostname "host.invalid"\n'
                   "set read_active 0\n")
    # It stays when slrn ends, so that the last screen can be seen.
    command = (f"env HOME={home.path} TERM=screen LC_ALL=C.UTF-8 slrn -n "
               f"-h 127.0.0.1 -p {port} -f {newsrc} -i {slrnrc}; "
               "echo slrn ended $?; exec cat")
    with Terminal("slrn", home.path, command) as terminal:
        terminal.expect("the groups and their counts",
                        r"\s4\s+example\.world", r"\s2\s+example\.science")
        terminal.type("Enter")
        terminal.expect("the thread, folded",
                        r"\[3/3 unread\] Group: example\.world",
                        r"3:\[Ada Reporter\]\s+3 Harbour reopens after")
        terminal.type("Enter")
        terminal.expect("the thread, unfolded, and the text",
                        r"3:\[Ada Reporter\]\s+Harbour reopens after the sto",
                        r"1:\[Ada Reporter\]\s+├─First ferry leaves",
                        r"4:\[Zoë Writer\s*\]\s+└─What the harbour master",
                        r"^Ferries leave again at noon\.$")
        terminal.type("n")
        terminal.expect("the first follow-up", r"^The first ferry leaves with")
        terminal.type("n")
        terminal.expect("the second follow-up", r"^From: Zoë Writer <zoe@",
                        r"^“No wave above two metres,” says",
                        r"^\.\n\.\.two dots", r"^\.hidden$")
        terminal.type("q")
        terminal.expect("what was read in one group is read in the other",
                        r"\s0\s+example\.world", r"\s1\s+example\.science")
        terminal.type("q")
        terminal.expect("it asks before it ends", r"really want to quit")
        terminal.type("y")
        terminal.expect("it ends without an error", r"^slrn ended 0")


with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import nntplib

with server.Home() as place, server.Server(place) as served:
    nntplib_reads(served.port)
    net_nntp_reads(served.port)
    slrn_reads(place, served.port)
tap.done()
