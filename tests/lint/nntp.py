# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command of the news server, and every code that it can answer with, stands in
a transcript."""
import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, ".."), os.path.join(HERE, "../nntp")]
import dialogue
import source
import tap

# What a command can say beside what its row says and 501 (RFC 3977 sections 5 to
# 8, RFC 2980 section 2).  A command that is not here needs those two.
ARTICLE = "412 420 423 430"
CODES = {
    "ARTICLE": ARTICLE, "BODY": ARTICLE, "HEAD": ARTICLE, "STAT": ARTICLE,
    "GROUP": "411", "LISTGROUP": "411 412",
    "NEXT": "412 420 421", "LAST": "412 420 422",
    "OVER": ARTICLE, "XOVER": "412 420 430",
    "HDR": ARTICLE + " 503", "XHDR": "412 420 430 503",
    "XPAT": "412 430 503",
    "LIST": "503", "XGTITLE": "481",
    "XNEWSWIRE": "292 411 430 480 491 502",
}


def named_codes():
    """{name: number}"""
    return dict(re.findall(r"\b(NW_NNTP_\w+) = (\d{3}),",
                           source.read("include/newswire/nntp.h")))


def rows():
    """(command, code) of the table of commands"""
    table = re.search(r"commands\[\] = \{\n(.*?)\n\};",
                      source.read("gateway/serve/nntp_command.c"), re.S)[1]
    return re.findall(r'\{ "(\w+)",[^{}]*?\b(NW_NNTP_[A-Z_]+),', table)


def heard():
    """{(command, code)} of all transcripts"""
    found = set()
    for path in glob.glob(os.path.join(source.TOP, "tests/nntp/*.nntp")):
        for command, code in dialogue.exchanges(path):
            word = command.split()[0].decode("latin-1").upper()
            found.add((word, code))
    return found


numbers, table, said = named_codes(), rows(), heard()
tap.ok(len(table) > 20 and len(numbers) > 25 and len(said) > 80,
       "the table, the codes and the transcripts were read",
       len(table), len(numbers), len(said))
for name, code in table:
    wanted = {numbers[code], "501", *CODES.get(name, "").split()}
    missing = sorted(c for c in wanted if (name, c) not in said)
    tap.ok(not missing, f"{name}: a transcript for each code",
           *(f"no transcript has {name} answered with {c}" for c in missing))
tap.ok(("NONSENSE", "500") in said, "a command that is none gets 500")

used = set()
for path in source.files(".c"):
    if path.startswith("gateway/serve/"):
        used |= {numbers[name] for name in
                 re.findall(r"\bNW_NNTP_[A-Z_]+\b", source.read(path))
                 if name in numbers}
# Greetings answer no command.
heard_codes = {code for _, code in said} | {"200", "201"}
# A store that fails, too many clients, what depends on a secret: other tests make
# those.
others = "".join(source.read(path) for path in source.files(".c", ".py")
                 if re.match("tests/(unit|nntp|e2e)/", path))
missing = sorted(c for c in used - heard_codes
                 if not re.search(rf'"{c}[ "]', others))
tap.ok(not missing, "each code that the server knows is tested", *missing)
tap.done()
