#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""series.py FOLDER LIVEREPLAY: replays each FOLDER/*/series/r*.html and
compares what the polls bring with the events.json beside them.

A live page's root is no event there, but an edit of it is; in a series that
calls it "root", both are."""
import glob
import json
import os
import re
import subprocess
import sys

KINDS = ("new", "edited", "deleted", "late")


def plain(key):
    """An id without what names its kind."""
    return re.sub(r"^(block|post|live)-", "", key.rsplit("#", 1)[-1])


def replay(command, folder, pages):
    """For each page its events: kind to ids."""
    output = subprocess.run(
        [command, "https://series.invalid/" + os.path.basename(folder)] +
        [os.path.join(folder, "series", page) for page in pages],
        capture_output=True, text=True, check=True).stdout
    polls = []
    for line in output.splitlines():
        word, _, rest = line.partition(" ")
        if word == "poll":
            polls.append({kind: [] for kind in KINDS})
            continue
        key = plain(rest.split(" ")[0])
        if word in ("root", "edit", "correction"):
            word, key = ("new" if word == "root" else "edited"), "root"
        if word in KINDS:
            polls[-1][word].append(key)
            if rest.endswith(" late"):
                polls[-1]["late"].append(key)
    return polls


def compare(command, folder):
    with open(os.path.join(folder, "series", "events.json")) as file:
        expected = json.load(file)["events"]
    named = any("root" in event.get("new", ()) for event in expected)
    got = replay(command, folder, [event["rev"] for event in expected])
    wrong = []
    for event, found in zip(expected, got):
        for kind in KINDS:
            ids = set(found[kind])
            if kind == "new" and not named:
                ids.discard("root")
            wanted = {plain(key) for key in event.get(kind, ())}
            if ids != wanted or len(found[kind]) != len(set(found[kind])):
                wrong.append(f"{event['rev']}: {kind}: "
                             f"missing {sorted(wanted - ids)[:5]}, "
                             f"too many {sorted(ids - wanted)[:5]}")
    print(f"{os.path.basename(folder):36s} {len(expected)} polls "
          f"{'OK' if not wrong else 'WRONG'}")
    for line in wrong:
        print("   ", line)
    return not wrong


def main():
    folders = sorted(os.path.dirname(os.path.dirname(path)) for path in
                     glob.glob(os.path.join(sys.argv[1], "*", "series",
                                            "events.json")))
    good = [compare(sys.argv[2], folder) for folder in folders]
    print(f"TOTAL series {sum(good)} / {len(good)}")
    return 0 if all(good) else 1


sys.exit(main())
