# SPDX-License-Identifier: GPL-3.0-or-later
"""Each page of the sample site against the message that it should become.

The expected messages are tests/golden/*.eml, to be read by a person; after a
change that is meant, `tests/golden/golden.py --update` writes them anew, and
the diff is what to review.  The one line that depends on the clock,
Injection-Date, is left out.
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
NEWSWIRE = os.path.join(os.environ.get("builddir", "."), "newswire")


def message(path, home):
    """The message of a page, as text with LF line ends."""
    with open(path, encoding="utf-8") as file:
        page = file.read().replace("@BASE@", BASE)
    url = BASE + "/" + os.path.basename(path)
    done = subprocess.run([NEWSWIRE, "--home", home, "convert", "--url", url,
                           "-"], input=page.encode(), capture_output=True,
                          check=False)
    if done.returncode:
        return "failed: " + done.stderr.decode()
    text = done.stdout.decode("utf-8").replace("\r\n", "\n")
    return re.sub(r"^Injection-Date: .*\n", "", text, count=1, flags=re.M)


def main():
    with tempfile.TemporaryDirectory() as home:
        # The name of this machine is in no golden file.
        with open(os.path.join(home, "newswire.conf"), "w",
                  encoding="utf-8") as file:
            file.write('path-host = "news.example"\n')
        compare(home)


def compare(home):
    pages = sorted(glob.glob(os.path.join(SITE, "*.html")))
    for path in pages:
        name = os.path.splitext(os.path.basename(path))[0]
        golden = os.path.join(HERE, name + ".eml")
        got = message(path, home)
        if "--update" in sys.argv:
            with open(golden, "w", encoding="utf-8") as file:
                file.write(got)
            continue
        want = ""
        if os.path.exists(golden):
            with open(golden, encoding="utf-8") as file:
                want = file.read()
        tap.ok(got == want, f"{name}.html becomes {name}.eml",
               "\n".join(difflib.unified_diff(want.split("\n"),
                                              got.split("\n"), "expected",
                                              "got", lineterm="")))
    if "--update" not in sys.argv:
        tap.done()


main()
