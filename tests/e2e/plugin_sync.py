# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin's sync, without Claws Mail, against "newswire nntp": a live page
grows, an update of it is edited, articles expire, and the store begins anew."""
import glob
import os
import shutil
import subprocess
import tempfile
import time

from gateway import BUILD, SITE, TIMEOUT, Gateway, Site, header
import tap

GROUPSYNC = os.path.join(BUILD, "tests", "tools", "groupsync")
GROUP = "e2e.storm"
PAGE = "live/storm.html"
START = int(time.time()) - 60
FOR_EVER, AS_THE_GATEWAY = -1, 0


class Folder:
    """Of the group, synced."""

    def __init__(self, gateway, path):
        self.gateway, self.path = gateway, path
        self.env = dict(gateway.env, NEWSWIRE_HOME=gateway.home,
                        PATH=os.path.abspath(BUILD) + ":" + os.environ["PATH"])

    def sync(self, retention=FOR_EVER):
        """(added, removed, low), or what went wrong."""
        done = subprocess.run([GROUPSYNC, GROUP, self.path, str(retention)],
                              env=self.env, capture_output=True,
                              timeout=TIMEOUT, check=False)
        if done.returncode:
            return done.stderr.decode()
        return tuple(int(word) for word in done.stdout.split())

    def names(self):
        return sorted(os.listdir(self.path))

    def articles(self):
        """Number to article."""
        found = {}
        for name in filter(str.isdigit, self.names()):
            with open(os.path.join(self.path, name), encoding="utf-8",
                      errors="surrogateescape", newline="") as file:
                found[int(name)] = file.read()
        return found

    def replaced(self):
        """Number to the number whose place it takes."""
        found = {}
        for path in glob.glob(os.path.join(self.path, ".*.replaces")):
            with open(path, encoding="ascii") as file:
                found[int(os.path.basename(path).split(".")[1])] = \
                    int(file.read())
        return found

    def carry(self):
        """What the plugin does when flags have gone along."""
        for number, old in self.replaced().items():
            os.unlink(os.path.join(self.path, str(old)))
            os.unlink(os.path.join(self.path, f".{number}.replaces"))

    def stamps(self):
        return {name: os.stat(os.path.join(self.path, name)).st_mtime_ns
                for name in [".", *self.names()]}


def with_lf(articles):
    return {number: text.replace("\r\n", "\n")
            for number, text in articles.items()}


def first(gateway, folder):
    got = folder.sync()
    there = with_lf(gateway.articles(GROUP))
    tap.ok(got == (4, 0, 1) and folder.articles() == there,
           "what newswire has is in the folder, byte for byte", got,
           folder.names())
    before = folder.stamps()
    got = folder.sync()
    tap.ok(got == (0, 0, 1) and folder.stamps() == before,
           "a second sync touches nothing", got)


def growth(gateway, folder):
    got = folder.sync()
    there = with_lf(gateway.articles(GROUP))
    here = folder.articles()
    tap.ok(got == (len(there) - 3, 0, 1), "new updates come", got)
    number = next(n for n, a in there.items() if "Supersedes:" in a)
    tap.ok(folder.replaced() == {number: 3} and 3 in here,
           "the edited one waits beside its predecessor", folder.names())
    folder.carry()
    tap.ok(folder.articles() == there, "and then is all there is",
           folder.names())


def expiry(gateway, folder):
    kept = folder.articles()
    done = gateway.run("expire")
    there = with_lf(gateway.articles(GROUP))
    tap.ok(len(there) == 5, "some articles expire", done.stderr.decode())
    got = folder.sync()
    tap.ok(got == (0, 0, min(there)) and folder.articles() == kept,
           "what expired stays here for ever", got, folder.names())
    other = Folder(gateway, folder.path + "-2")
    shutil.copytree(folder.path, other.path)
    got = other.sync(AS_THE_GATEWAY)
    tap.ok(got == (0, len(kept) - 5, min(there)) and
           other.articles() == there,
           "or goes, as the group's retention is", got, other.names())


def anew(gateway, folder, site):
    kept = folder.articles()
    for path in glob.glob(os.path.join(gateway.home, "newswire.db*")):
        os.unlink(path)
    gateway.subscribe(f"{site.url}/{PAGE}", GROUP, "live")
    said = gateway.fetch()
    there = gateway.articles(GROUP)
    got = folder.sync()
    here = folder.articles()
    ids = [header(a.replace("\n", "\r\n"), "Message-ID")
           for a in here.values()]
    again = {header(a, "Message-ID") for a in there.values()}
    known = again & {header(a.replace("\n", "\r\n"), "Message-ID")
                     for a in kept.values()}
    tap.ok(all(here.get(n) == a for n, a in kept.items()),
           "a store that begins anew takes nothing away", got, said)
    tap.ok(len(folder.replaced()) == len(known) > 0,
           "what is here already gets its new number", folder.names())
    folder.carry()
    ids = [header(a.replace("\n", "\r\n"), "Message-ID")
           for a in folder.articles().values()]
    tap.ok(len(ids) == len(set(ids)) and again <= set(ids),
           "and nothing is there twice or missing", *sorted(ids))
    tap.ok(folder.sync()[:2] == (0, 0), "which lasts")


def main():
    place = tempfile.mkdtemp(prefix="newswire-sync-")
    pages = os.path.join(place, "site")
    shutil.copytree(SITE, pages)
    with Gateway("host-pause = 0\nupdate-pause = 0\nexpire-count = 5\n") \
            as gateway:
        folder = Folder(gateway, os.path.join(place, GROUP))
        with Site(pages, start=START, live_seconds=60000) as site:
            gateway.subscribe(f"{site.url}/{PAGE}", GROUP, "live")
            gateway.fetch()
            first(gateway, folder)
        with Site(pages, port=site.port, start=START, live_seconds=1) as site:
            gateway.fetch()
            growth(gateway, folder)
            expiry(gateway, folder)
            anew(gateway, folder, site)
    shutil.rmtree(place)
    tap.done()


main()
