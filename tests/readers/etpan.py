# SPDX-License-Identifier: GPL-3.0-or-later
"""libetpan's news client, by tests/tools/newsread, reads a thread, its texts
and its headers; it searches by the latter."""
import os
import subprocess

from reading import LIVE, NAMES, PAPER, Reading, tap
from gateway import BUILD, header

SECONDS = 60
POSTING_NOT_ALLOWED, NO_SUCH_GROUP, NOT_FOUND = "12", "11", "7"


def same(got, want, what):
    tap.ok(got == want, f"libetpan: {what}", f"expected: {want!r}",
           f"got:      {got!r}", world.dialogue.tail())


def run(number, message_id):
    """Name to values, and the two articles."""
    done = subprocess.run(
        [os.path.join(BUILD, "tests", "tools", "newsread"), str(world.port),
         LIVE, str(number), message_id], capture_output=True,
        timeout=SECONDS, check=False)
    same(done.returncode, 0, "the client runs to its end")
    out = done.stdout.decode("utf-8", "surrogateescape")
    lines, *texts = out.split("text\t0\n")
    texts = [text.partition("\nend\n") for text in texts]
    lines += texts[-1][2] if texts else ""
    return ({words[0]: words[1:] for words in
             (line.split("\t") for line in lines.splitlines())},
            [text[0] for text in texts])


def overview(number, article):
    size = len(article.encode("utf-8", "surrogateescape"))
    return "|".join((str(number), header(article, "Subject"),
                     header(article, "Message-ID"),
                     header(article, "References") or "", str(size)))


with Reading(SECONDS) as world:
    there = world.groups[LIVE]
    first, last = min(there), max(there)
    probe = world.number(LIVE, "Weather office")
    article = there[probe]
    got, texts = run(probe, header(article, "Message-ID").strip("<>"))
    for name, want in {
            "connect": ["0", "readonly 1"], "reader": ["0"], "date": ["0"],
            "list": ["0", f"{PAPER} 1 8 n", f"{LIVE} {first} {last} n"],
            "active": ["0", f"{LIVE} {first} {last} n"],
            "newsgroups": ["0"] + [f"{g} {NAMES[g]}" for g in (PAPER, LIVE)],
            "format": ["0", "Subject:", "From:", "Date:", "Message-ID:",
                       "References:", "Bytes:", "Lines:", "Xref:full"],
            "group": ["0", f"{LIVE} {len(there)} {first} {last}"],
            "xover": ["0"] + [overview(n, a) for n, a in there.items()],
            "nothing": ["0"],
            "xhdr": ["0"] + [f"{n} {header(a, 'Subject')}"
                             for n, a in there.items()],
            "single": ["0", f"{first} {header(there[first], 'Message-ID')}"],
            "listgroup": ["0"] + [str(n) for n in there],
            "missing": [NOT_FOUND], "nowhere": [NO_SUCH_GROUP],
            "post": [POSTING_NOT_ALLOWED], "quit": ["0"]}.items():
        same(got.get(name), want, name)
    same(got["times"][0], "0", "times")
    tap.ok(texts == [article, article],
           "libetpan: the article by its number and by its name",
           *(text[:2000] for text in texts))
    world.check_refused("libetpan", "ARTICLE .* -> 423", "POST -> 440",
                        r"GROUP saltmarsh\.nowhere -> 411")
tap.done()
