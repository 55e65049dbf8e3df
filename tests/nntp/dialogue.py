# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of dialogues, which transcript.py explains."""
import re

MULTI_LINE = {"100", "101", "215", "220", "221", "222", "224", "225", "230",
              "231", "282"}
PLACES = {"digits": r"[0-9]+", "text": r"[^\r\n]+", "tab": r"\t"}


def pattern(text):
    """The regular expression of an S: line."""
    parts = re.split(r"\{(\w+)\}", text)
    return re.compile("".join(PLACES[part] if i % 2 else re.escape(part)
                              for i, part in enumerate(parts)))


def raw(text):
    """The octets of an R: line."""
    text = re.sub(r"\{(.)\*(\d+)\}", lambda m: m[1] * int(m[2]), text)
    return (text.encode("utf-8").decode("unicode_escape")
            .encode("latin-1"))


def read(path):
    """(line number, kind, text) of each line that is no comment."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            kind = line[:2]
            if kind not in ("O:", "C:", "R:", "S:", "S*", "X:"):
                raise SystemExit(f"{path}:{number}: what is {line!r}?")
            yield number, kind, line[3:]


def octets(kind, text):
    """What the client sends."""
    return {"C:": lambda: text.encode("utf-8") + b"\r\n",
            "R:": lambda: raw(text)}.get(kind, lambda: b"")()


def commands(sent):
    """The lines that ask something."""
    return [line for line in re.findall(rb"[^\n]*\n", sent) if line.strip()]


def is_multi_line(command, code):
    return code in MULTI_LINE or (
        code == "211" and command.lstrip().upper().startswith(b"LISTGROUP"))


def exchanges(path):
    """(command, code) of each command and the reply that it must get."""
    waiting, inside = [], False
    for _, kind, text in read(path):
        waiting += commands(octets(kind, text))
        if kind != "S:":
            continue
        if inside:
            inside = text != "."
        elif waiting:
            command, code = waiting.pop(0), text[:3]
            inside = is_multi_line(command, code)
            yield command, code
