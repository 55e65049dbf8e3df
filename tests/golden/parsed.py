# SPDX-License-Identifier: GPL-3.0-or-later
"""Every message is read back as what was written, by libetpan and by Python.

The pages of the sample site and models that are hostile in every field, in
each layout, with pictures and without: no defect in the whole tree of parts,
no header that the model made up, headers and parts that decode to what the
model said, and both libraries see the same.
"""
import base64
import email
import email.policy
import glob
import hashlib
import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import tap

SITE = os.path.join(HERE, "..", "site")
IMAGES = os.path.join(SITE, "images")
PICTURE = os.path.join(IMAGES, "eelgrass.png")
FACE = os.path.join(IMAGES, "idris.png")
MESSAGES = os.path.join(os.environ.get("builddir", "."), "tests", "tools",
                        "messages")
LAYOUTS = ("alternative", "mixed", "text")
ETPAN = ("Subject", "Summary", "List-Id", "List-Archive", "Archived-At")
KNOWN = {"path", "from", "newsgroups", "subject", "date", "message-id",
         "references", "in-reply-to", "supersedes", "injection-date",
         "archived-at", "keywords", "content-language", "summary", "expires",
         "comments", "list-id", "list-archive", "face", "mime-version",
         "content-type", "content-transfer-encoding", "content-id",
         "content-description", "content-disposition"}
LINE_OCTETS = 998
FAULTS = 12         # that are told of one case


def spaced(text):
    """As a header holds it: control characters are spaces, and spaces are
    one."""
    return " ".join(re.sub("[\x00-\x20\x7f-\x9f]", " ", text).split(" ")) \
        .strip() if text else ""


def one_space(text):
    return re.sub(" +", " ", spaced(text))


def clean(text):
    """As the subject of a thread is: what turns the direction is gone."""
    text = re.sub("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e"
                  "\u2066-\u2069]", "", text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def is_said(got, want):
    """Whether a header has a text, or as much of it as it may."""
    return got == want or (got.endswith("…") and len(got) > 200
                           and want.startswith(got[:-1]))


def octets_id(octets):
    digest = hashlib.sha256(octets).digest()[:16]
    return base64.b32encode(digest).decode().lower().rstrip("=")


def make(source, layout, images, list_name=None):
    """The messages of a story: (bytes, what libetpan read, text)."""
    args = [MESSAGES, "--url", "https://courier.example/story.html",
            "--layout", layout, "--images", images, "--face", FACE,
            "--list-url", "https://courier.example/feed.xml"]
    if list_name:
        args += ["--list-name", list_name]
    if images == "inline":
        args += ["--pictures",
                 IMAGES if source.startswith(b"<") else PICTURE]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(args + [folder], input=source, check=True)
        for number in range(len(glob.glob(os.path.join(folder, "*.eml")))):
            found = []
            for ending in ("eml", "etpan", "text"):
                path = os.path.join(folder, f"{number}.{ending}")
                with open(path, "rb") as file:
                    found.append(file.read())
            yield found[0], found[1].decode("utf-8"), found[2]


def raw_faults(raw):
    if b"\0" in raw:
        yield "a NUL"
    if re.search(rb"\r(?!\n)|(?<!\r)\n", raw):
        yield "a lone CR or LF"
    for line in raw.split(b"\r\n"):
        if len(line) > LINE_OCTETS:
            yield f"a line of {len(line)} octets: {line[:60]}"
    head = raw.split(b"\r\n\r\n", 1)[0]
    if not head.isascii():
        yield "a header that is not ASCII"
    for line in head.split(b"\r\n"):
        if b"=?" in line and len(line) > 76:
            yield f"a long line with an encoded word: {line}"


def header_faults(part):
    for name, value in part.items():
        if name.lower() not in KNOWN:
            yield f"a header that nobody writes: {name}: {value}"
        if part.get_all(name)[1:] and name != "Comments":
            yield f"{name} twice"
        for defect in getattr(value, "defects", ()):
            yield f"{name}: {defect!r} in {value!r}"


def tree_faults(message, layout):
    for part in message.walk():
        for defect in part.defects:
            yield f"{part.get_content_type()}: {defect!r}"
        yield from header_faults(part)
    kinds = [part.get_content_type() for part in message.walk()]
    shape = {
        "alternative": r"multipart/alternative text/plain "
                       r"(multipart/related text/html( image/\w+)+|text/html)",
        "mixed": r"multipart/mixed( text/plain| image/\w+)+|text/plain|"
                 r"image/\w+",
        "text": r"text/plain"}[layout]
    if not re.fullmatch(shape, " ".join(kinds)):
        yield "the shape of its parts: " + " ".join(kinds)


def described(message):
    """The lines of .etpan that are about the parts, from Python's reading."""
    def lines(part):
        yield "part\t" + part.get_content_subtype()
        yield "delsp\t" + str(part.get_param("delsp", "-"))
        if part.is_multipart():
            for inner in part.iter_parts():
                yield from lines(inner)
            yield "end\t" + part.get_content_subtype()
            return
        yield "name\t" + str(part.get_param("name", "-"))
        yield "filename\t" + str(part.get_filename("-")
                                 if part["Content-Disposition"] else "-")
        yield "cid\t" + str(part["Content-ID"] or "-").strip().strip("<>")
        if part["Content-Description"]:
            yield "description\t" + one_space(part["Content-Description"])
        yield "octets\t" + octets_id(part.get_payload(decode=True))

    return list(lines(message))


def etpan_faults(message, said):
    lines = [line for line in said.split("\n") if line]
    first = next(i for i, line in enumerate(lines) if line[:5] == "part\t")
    parts = [re.sub("(?<=[^\t]) +", " ", line) if line[:5] == "descr" else line
             for line in lines[first:]]
    python = described(message)
    # libetpan (1.9.4) reads the first line of a description.
    if len(parts) != len(python):
        yield f"libetpan reads {parts}, Python {python}"
    for a, b in zip(parts, python):
        if a != b and not (a[:5] == "descr" and b.startswith(a)):
            yield f"libetpan {a!r}, Python {b!r}"
    heads = dict(line.split("\t", 1) for line in lines[:first])
    for name in ETPAN:
        if one_space(heads.get(name)) != one_space(str(message[name] or "")):
            yield (f"{name}: libetpan {heads.get(name)!r}, "
                   f"Python {message[name]!r}")
    # Python (3.11) leaves the fold between two encoded words of a phrase.
    display = message["From"].addresses[0].display_name
    if heads["From"].replace(" ", "") != display.replace(" ", ""):
        yield f"From: libetpan {heads['From']!r}, Python {display!r}"
    face = base64.b64decode(re.sub(r"\s", "", str(message["Face"])))
    with open(FACE, "rb") as file:
        if face != file.read():
            yield "Face is another picture"


class Markup(html.parser.HTMLParser):
    """The elements of an HTML part, and what they would load."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.loads, self.faults = set(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "background", "poster", "data"):
                self.loads.add(value)
            if name.startswith("on"):
                self.faults.append(f"{tag} has {name}")


def html_faults(message):
    cids = {str(part["Content-ID"]).strip("<>") for part in message.walk()
            if part["Content-ID"]}
    for part in message.walk():
        if part.get_content_type() != "text/html":
            continue
        markup = Markup(part.get_content())
        yield from markup.faults
        if markup.loads != {"cid:" + cid for cid in cids}:
            yield f"the HTML loads {markup.loads}, there is {cids}"
        for tag in markup.tags & {"script", "iframe", "object", "link",
                                  "form", "svg"}:
            yield f"an element {tag}"


def plain(text):
    """A text without its layout: for comparing one that is cut."""
    return re.sub(r"\[image(: | )?", "[", re.sub(r"\s+", "", text)
                  .replace("[image:", "[image: "))


def text_faults(message, layout, images, text):
    parts = [part for part in message.walk()
             if part.get_content_type() == "text/plain"]
    got = b"".join(part.get_payload(decode=True) for part in parts)
    want = text.replace(b"\n", b"\r\n")
    if layout == "mixed" and images == "inline":
        if plain(got.decode()) != plain(want.decode()):
            yield "the pieces of the text are not the text:"
            yield from got.decode().split("\n")
        return
    if len(parts) != 1 or got != want:
        if layout == "text" and images == "inline":
            return          # its pictures are footnotes
        yield "the text part is not the text"


def picture_faults(message, source):
    names = []
    for part in message.walk():
        if part.get_content_maintype() != "image":
            continue
        name = part.get_filename()
        names.append(name)
        if not re.fullmatch(r"[a-z0-9+][a-z0-9+-]{0,58}\.(png|jpg)", name):
            yield f"a file name: {name!r}"
        if part.get_content_disposition() != "inline":
            yield "a picture that is not inline"
        path = os.path.join(IMAGES, name) if source.startswith(b"<") else \
            PICTURE
        with open(path, "rb") as file:
            if part.get_payload(decode=True) != file.read():
                yield f"{name} is another picture"
    if len(names) != len(set(names)):
        yield f"names twice: {names}"


def model_faults(message, said, model):
    """The headers of a root, as its model has them."""
    if message["References"]:
        return
    if not is_said(str(message["Subject"]), clean(model["title"])):
        yield f"Subject {message['Subject']!r}"
    summary = one_space(str(message["Summary"] or ""))
    if not is_said(summary, one_space(model["description"])):
        yield f"Summary {summary!r}"
    heads = dict(line.split("\t", 1) for line in said.split("\n") if line)
    if not is_said(one_space(heads["From"]),
                   one_space(model["authors"][0]["name"])):
        yield f"From {heads['From']!r}"
    caption = one_space(model["lead_image"]["caption"])
    descriptions = [one_space(str(part["Content-Description"]))
                    for part in message.walk() if part["Content-Description"]]
    if set(descriptions) - {caption}:
        yield f"Content-Description {descriptions}, not {caption!r}"


def check(what, source, model=None, list_name=None):
    faults, count, pictures = [], 0, 0
    for layout in LAYOUTS:
        for images in ("inline", "none"):
            for raw, said, text in make(source, layout, images, list_name):
                message = email.message_from_bytes(raw,
                                                   policy=email.policy.default)
                found = [*raw_faults(raw), *tree_faults(message, layout),
                         *etpan_faults(message, said), *html_faults(message),
                         *text_faults(message, layout, images, text),
                         *picture_faults(message, source)]
                if model:
                    found += model_faults(message, said, model)
                faults += [f"{layout}, {images}, {count}: {fault}"
                           for fault in found]
                count += 1
                pictures += sum(part.get_content_maintype() == "image"
                                for part in message.walk())
    tap.ok(count >= 6 and (pictures or not model) and not faults,
           f"{what}: {count} messages, {pictures} pictures",
           *(fault[:300] for fault in faults[:FAULTS]))
    return pictures


def hostile(value):
    """A story that says it in every field."""
    def spans():
        return [{"text": value, "href": "https://a.example/" + value}]

    image = {"url": "https://a.example/i/" + value, "caption": value,
             "credit": value, "alt": value}
    person = {"name": value, "role": value, "bio": value,
              "url": "https://a.example/" + value, "email": value}
    body = {"blocks": [
        {"kind": "paragraph", "spans": spans()},
        {"kind": "image", "image": dict(image, url=image["url"] + "2")},
        {"kind": "paragraph", "quote": 1, "spans": spans()},
        {"kind": "heading", "level": 2, "spans": spans()},
        {"kind": "item", "level": 1, "spans": spans()},
        {"kind": "code", "spans": [{"text": value}]},
        {"kind": "image", "image": dict(image, url=image["url"] + "3")},
        {"kind": "embed", "embed": {"url": "https://a.example/" + value,
                                    "title": value}},
        {"kind": "table", "table": {"rows": [{"cells": [
            {"header": True, "spans": spans()}, {"spans": spans()}]}]}}]}
    return {"url": "https://a.example/s", "title": value, "kicker": value,
            "description": value, "authors": [person], "publisher": value,
            "language": value, "section": value, "topics": [value, "b"],
            "lead_image": image, "body": body, "corrections": [value],
            "enclosures": [{"url": "https://a.example/" + value,
                            "type": value, "title": value, "bytes": 5}],
            "updates": [{"key": "a", "title": value, "authors": [person],
                         "url": "https://a.example/s#" + value,
                         "published_utc": 1753520400, "body": body},
                        {"key": "b", "published_utc": 1753520401,
                         "body": {"blocks": [{"kind": "image",
                                              "image": image}]}}]}


HOSTILE = {
    "plain words": "Plain words",
    "a header": "x\r\nInjected: 1\n\nInjected: 2\rInjected: 3",
    "folds": "x\r\n y\r\n\tz",
    "control characters": "a\x01b\x7fc\x85d\u2028e\tf",
    "directions": "\u202e\u2066\u05d0\u200f\u2069\u202c abc",
    "a long word": "x" * 5000,
    "a long word of ideographs": "中" * 5000,
    "a long word of accents": "e\u0301\u0302" * 500,
    "an encoded word": "=?utf-8?q?look=0D=0Aalike?= =?utf-8?b?SGk=?=",
    "half an encoded word": "=?utf-8?q? ?= =?",
    "quotes and backslashes": "\"a\\\" \\b, <c@d> (e) [f]; g: 'h' \\",
    "quotes in another script": "\"ä\\\" \\ü, <ö@d> (é)",
    "markup": "</title><script>alert(1)</script><img src=x onerror=y>&amp;",
    "a signature": "-- ",
    "the end": ".",
    "From": "From here on",
    "marks of quotes": "> >> x",
    "spaces": "  a  b  ",
    "emoji": "👩\u200d👩\u200d👧 \U0001f1fa\U0001f1e6 👍🏽",
    "Arabic and Hebrew": "مرحبا بالعالم שלום עולם",
    "Korean": "한국어 뉴스 제목입니다 " * 20,
    "parts of a path": "../../etc/passwd%2F..%00.exe",
    "percent signs": "%s%n%%d%0d%0aX: y",
}


def main():
    pictures = 0
    for path in sorted(glob.glob(os.path.join(SITE, "*.html"))):
        with open(path, "rb") as file:
            page = file.read().replace(b"@BASE@", b"https://courier.example")
        pictures += check(os.path.basename(path), b"<!-- -->" + page)
    tap.ok(pictures > 10, "the pages have pictures", pictures)
    for what, value in HOSTILE.items():
        model = hostile(value)
        check(what, json.dumps(model).encode(), model, value)
    first = next(make(json.dumps(hostile("x")).encode(), "mixed", "inline"))
    mark = re.search(rb'boundary="(=_\w+)"', first[0])[1].decode()
    for value in ("--" + mark, f"--{mark}--", f"x\r\n--{mark}--\r\n",
                  "--" + mark.replace("=_", "=-")):
        model = hostile(value)
        check("a boundary: " + repr(value), json.dumps(model).encode(), model)
    tap.done()


main()
