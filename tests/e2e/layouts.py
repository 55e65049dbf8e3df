# SPDX-License-Identifier: GPL-3.0-or-later
"""What slrn and mutt show of a message in each layout.

slrn shows a multipart message raw: with our macro it shows the text.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "nntp"), os.path.join(HERE, "..")]
import server
import tap
from terminal import Terminal

MESSAGES = os.path.join(server.BUILD, "tests", "tools", "messages")
SITE = os.path.join(HERE, "..", "site")
MACRO = os.path.abspath(os.path.join(HERE, "..", "..", "gateway", "post",
                                     "slrn-multipart.sl"))
LAYOUTS = ("alternative", "mixed", "text")
# A line too long for 8bit: the text is in quoted-printable.
LONG = {"url": "https://long.example/s", "title": "A long word",
        "published_utc": 1700000000,
        "body": {"blocks": [
            {"kind": "paragraph", "spans": [{"text": "Vor dem lången Wort: "
                                             "1 = 1."}]},
            {"kind": "image", "image": {"caption": "The picture’s caption",
                                        "url": "https://a.example/dyke.png"}},
            {"kind": "paragraph", "spans": [{"text": "x" * 1200 + " ü"}]},
            {"kind": "paragraph", "spans": [{"text": "Am Ende: 5€."}]}]}}


def articles(folder, layout):
    """The messages of a page and of LONG, as files."""
    with open(os.path.join(SITE, "eelgrass.html"), "rb") as file:
        page = file.read().replace(b"@BASE@",
                                   f"https://{layout}.example".encode())
    model = dict(LONG, url=f"https://{layout}.example/long")
    for number, source in enumerate((page, json.dumps(model).encode())):
        with tempfile.TemporaryDirectory() as out:
            subprocess.run([MESSAGES, "--url", f"https://{layout}.example/s",
                            "--layout", layout, "--pictures",
                            os.path.join(SITE, "images"), out],
                           input=source, check=True)
            shutil.copy(os.path.join(out, "0.eml"),
                        os.path.join(folder, f"{number}.eml"))


def fill(home, layout):
    folder = os.path.join(home.path, layout)
    os.mkdir(folder)
    articles(folder, layout)
    subprocess.run([server.STOREFILL, "--now", "1753524000", "--path-host",
                    server.HOST, os.path.join(home.path, "newswire.db"),
                    f"layout.{layout}", folder], check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def slrn(home, port, layout, *lines):
    # A folder of its own: one that ends writes what it has read.
    folder = tempfile.mkdtemp(dir=home.path)
    newsrc, slrnrc = (os.path.join(folder, name)
                      for name in (".jnewsrc", ".slrnrc"))
    with open(newsrc, "w", encoding="utf-8") as file:
        file.write(f"layout.{layout}:\n")
    with open(slrnrc, "w", encoding="utf-8") as file:
        file.write("\n".join(('set username "reader"',
                              'set hostname "host.invalid"',
                              "set read_active 0", *lines)) + "\n")
    terminal = Terminal("slrn", folder,
                        f"env HOME={folder} TERM=screen LC_ALL=C.UTF-8 "
                        f"slrn -n -h 127.0.0.1 -p {port} -f {newsrc} "
                        f"-i {slrnrc}; exec cat", rows=80)
    terminal.expect(f"{layout}: the group", rf"\s2\s+layout\.{layout}")
    terminal.type("Enter")
    terminal.expect(f"{layout}: the articles", "A long word", "Eelgrass")
    terminal.type("Enter")
    return terminal


# What both articles look like, the older one first.
SHOWN = {
    "alternative": (r"^\[image: The picture’s caption\]\n\nx{70}",
                    r"^\[image: Young eelgrass"),
    "mixed": (r"^\[picture: dyke\.png\]\n\[The picture’s caption\]\n\nx{70}",
              r"^\[picture: eelgrass\.png\]\n\[Young eelgrass"),
    "text": (r"^\[image: The picture’s caption\] \[1\]\n\nx{70}",
             r"^\[image: Young eelgrass"),
}


def slrn_with_the_macro(home, port):
    for layout in LAYOUTS:
        with slrn(home, port, layout, f'interpret "{MACRO}"') as terminal:
            terminal.expect(f"{layout}: quoted-printable as text",
                            r"^Subject: A long word\n\nVor dem lången Wort: "
                            r"1 = 1\.$", SHOWN[layout][0],
                            r"^Am Ende: 5€\.$")
            terminal.lacks(f"{layout}: no other part", "--=_", "Content-Type",
                           "<p>", "=C3")
            terminal.type("n")
            terminal.expect(f"{layout}: 8bit as text",
                            r"Eelgrass meadows return to the inner bay\n\n"
                            r"Divers counted more shoots", SHOWN[layout][1],
                            r"^> — Dr Henrike Moss, who leads the survey$",
                            r"H₂O-proof\.\n\nSource: ",
                            r"^Idris Vane, Science Editor$")
            terminal.lacks(f"{layout}: no other part", "--=_", "Content-Type",
                           "<p>", "iVBOR")


def slrn_alone(home, port):
    """Layout text needs no macro; the others are why there is one."""
    with slrn(home, port, "text") as terminal:
        terminal.expect("text without the macro",
                        r"^Subject: A long word\n\nVor dem lången Wort: ")
    with slrn(home, port, "alternative") as terminal:
        terminal.expect("alternative without it is raw", r"^--=_\w+$")


def mutt_reads(home):
    """Of an mbox."""
    muttrc = os.path.join(home.path, ".muttrc")
    with open(muttrc, "w", encoding="utf-8") as file:
        file.write(f"set folder={home.path}\nignore *\n")
    for layout in LAYOUTS:
        mbox = os.path.join(home.path, layout + ".mbox")
        with open(os.path.join(home.path, layout, "0.eml"), "rb") as file:
            message = file.read().replace(b"\r\n", b"\n")
        with open(mbox, "wb") as file:
            file.write(b"From news@news.example Sat Jul 26 10:00:00 2025\n" +
                       message + b"\n")
        command = (f"env HOME={home.path} TERM=screen LC_ALL=C.UTF-8 mutt -n "
                   f"-F {muttrc} -R -f {mbox}; exec cat")
        with Terminal("mutt", home.path, command, rows=80) as terminal:
            terminal.expect(f"{layout}: the message", "Eelgrass meadows")
            terminal.type("Enter")
            terminal.expect(f"{layout}: the text",
                            r"^Divers counted more shoots",
                            r"^Two things changed\.",
                            r"^Idris Vane, Science Editor")
            if layout == "mixed":
                terminal.expect("mixed: the picture in its place, its name "
                                "and its caption",
                                r"\[-- Attachment #2: Young eelgrass",
                                r"Type: image/png", r"^\[Young eelgrass")
            else:
                terminal.expect(f"{layout}: the caption in its place",
                                r"^\[image: Young eelgrass")
            terminal.lacks(f"{layout}: no other part", "<p>", "iVBOR")


with server.Home() as place:
    for name in LAYOUTS:
        fill(place, name)
    with server.Server(place) as served:
        slrn_with_the_macro(place, served.port)
        slrn_alone(place, served.port)
    mutt_reads(place)
tap.done()
