# SPDX-License-Identifier: GPL-3.0-or-later
"""Each page of the sample site against the message that it should become.

The expected messages are tests/golden/*.eml, to be read by a person; after a
change that is meant, `tests/golden/golden.py --update` writes them anew, and
the diff is what to review.  The one line that depends on the clock,
Injection-Date, is left out.

Those of LAYOUTS show one page in each layout, with pictures, a Face and the
headers of a list.
"""
import difflib
import glob
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
import tap

SITE = os.path.join(HERE, "..", "site")
BASE = "https://courier.example"
BUILD = os.environ.get("builddir", ".")
NEWSWIRE = os.path.join(BUILD, "newswire")
MESSAGES = os.path.join(BUILD, "tests", "tools", "messages")
LAYOUTS = (("eelgrass", "alternative"), ("eelgrass", "mixed"),
           ("eelgrass", "text"), ("pekarnya", "mixed"))


def page_of(path):
    with open(path, encoding="utf-8") as file:
        page = file.read().replace("@BASE@", BASE)
    return page, BASE + "/" + os.path.basename(path)


def readable(text):
    """A message as text with LF line ends."""
    text = text.decode("utf-8").replace("\r\n", "\n")
    return re.sub(r"^Injection-Date: .*\n", "", text, count=1, flags=re.M)


def message(path, home):
    """The message of a page."""
    page, url = page_of(path)
    done = subprocess.run([NEWSWIRE, "--home", home, "convert", "--url", url,
                           "-"], input=page.encode(), capture_output=True,
                          check=False)
    if done.returncode:
        return "failed: " + done.stderr.decode()
    return readable(done.stdout)


def message_in(layout, path, home):
    """The message of a page in a layout, with pictures."""
    page, url = page_of(path)
    images = os.path.join(SITE, "images")
    subprocess.run([MESSAGES, "--url", url, "--layout", layout,
                    "--pictures", images, "--list-name", "The Courier",
                    "--list-url", BASE + "/feed.xml", "--face",
                    os.path.join(images, "idris.png"), home],
                   input=page.encode(), check=True)
    with open(os.path.join(home, "0.eml"), "rb") as file:
        return readable(file.read())


def main():
    with tempfile.TemporaryDirectory() as home:
        # The name of this machine is in no golden file.
        with open(os.path.join(home, "newswire.conf"), "w",
                  encoding="utf-8") as file:
            file.write('path-host = "news.example"\n')
        compare(home)


def compare_one(page, name, got):
    golden = os.path.join(HERE, name + ".eml")
    if "--update" in sys.argv:
        with open(golden, "w", encoding="utf-8") as file:
            file.write(got)
        return
    want = ""
    if os.path.exists(golden):
        with open(golden, encoding="utf-8") as file:
            want = file.read()
    tap.ok(got == want, f"{page}.html becomes {name}.eml",
           "\n".join(difflib.unified_diff(want.split("\n"), got.split("\n"),
                                          "expected", "got", lineterm="")))


def compare(home):
    pages = sorted(glob.glob(os.path.join(SITE, "*.html")))
    for path in pages:
        name = os.path.splitext(os.path.basename(path))[0]
        compare_one(name, name, message(path, home))
    for name, layout in LAYOUTS:
        path = os.path.join(SITE, name + ".html")
        compare_one(name, f"{name}-{layout}", message_in(layout, path, home))
    if "--update" not in sys.argv:
        tap.done()


main()
