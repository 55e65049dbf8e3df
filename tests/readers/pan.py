# SPDX-License-Identifier: GPL-3.0-or-later
"""Pan reads: it takes the headers of both groups, shows one of them as one
thread, a text, and what a search leaves of the other."""
import os
import subprocess

from reading import LIVE, PAPER, Reading, tap
import atspi
from desktop import Desktop, wait_for
from gateway import text

SECONDS = 240
# Old articles are to stay: the sample newspaper has a date of its own.
SERVERS = """<server-properties>
 <server id="1">
  <host>127.0.0.1</host>
  <port>{port}</port>
  <username>{user}</username>
  <password>{password}</password>
  <expire-articles-n-days-old>0</expire-articles-n-days-old>
  <connection-limit>2</connection-limit>
  <newsrc>{home}/newsrc-1</newsrc>
  <rank>1</rank>
  <use-ssl>0</use-ssl>
  <compression-type>{compression}</compression-type>
 </server>
</server-properties>
"""
# What Pan calls XFEATURE COMPRESS GZIP.
GZIP = 2


def starts(desktop, port, groups, user=("", ""), compression=0):
    """Pan with one server; user is a name and a password."""
    home = desktop.env["PAN_HOME"] = os.path.join(desktop.home, "pan")
    os.mkdir(home)
    with open(os.path.join(home, "servers.xml"), "w",
              encoding="utf-8") as file:
        file.write(SERVERS.format(port=port, home=home, user=user[0],
                                  password=user[1], compression=compression))
    with open(os.path.join(home, "newsrc-1"), "w", encoding="utf-8") as file:
        file.write("".join(f"{group}:\n" for group in groups))
    return desktop.start("pan", stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)


def shows(dialogue, desktop, what, good):
    """Waits until the cells of its tables are good."""
    cells = []

    def look():
        nonlocal cells
        cells = atspi.cells(desktop, "pan")
        return good(cells)

    tap.ok(wait_for(look), f"Pan: {what}", *cells, dialogue.tail())


def takes_headers(desktop):
    atspi.act(desktop, "pan", "push button",
              "Get New Headers in Subscribed Groups")


def ends(desktop, pan):
    atspi.act(desktop, "pan", "menu item", "Quit")
    tap.ok(wait_for(lambda: pan.poll() is not None) and pan.returncode == 0,
           "Pan ends well", pan.returncode)


def opens(world, desktop):
    takes_headers(desktop)
    shows(world.dialogue, desktop, "both groups and their counts",
          lambda cells: all(f"{group} ({len(world.groups[group])})" in cells
                            for group in (PAPER, LIVE)))
    atspi.press(desktop, "pan", "table cell", LIVE, 2)
    below = len(world.groups[LIVE]) - 1
    shows(world.dialogue, desktop, "the thread, folded", lambda cells:
          f"{world.root()} ({below})" in cells and
          not any(s in cells for s in world.subjects(LIVE)))
    atspi.press(desktop, "pan", "table cell", world.root())
    desktop.run("xdotool", "key", "shift+Right")
    shows(world.dialogue, desktop, "all of it hangs on its root", lambda cells:
          all(s in cells for s in world.subjects(LIVE)
              if s != world.root()))


def reads(world, desktop):
    title = "Gauge at Gull Point"
    article = world.article(LIVE, title)
    want = " ".join(text(article).split()[:12])
    atspi.press(desktop, "pan", "table cell", title, 2)
    pane = wait_for(lambda: want in " ".join(
        atspi.longest(desktop, "pan").split()))
    tap.ok(pane, "Pan: the text of an update", want,
           atspi.longest(desktop, "pan"), world.dialogue.tail())


def searches(world, desktop):
    atspi.press(desktop, "pan", "table cell", PAPER, 2)
    shows(world.dialogue, desktop, "eight stories, in their scripts",
          lambda cells: all(s in cells for s in world.subjects(PAPER)))
    atspi.press(desktop, "pan", "text", "Subject or Author")
    desktop.run("xdotool", "type", "Eelgrass")
    want = world.found(PAPER, "eelgrass")
    shows(world.dialogue, desktop, "a search leaves what it found",
          lambda cells: [s for s in world.subjects(PAPER)
                         if s in cells] == want)


def main():
    with Reading(SECONDS) as world, Desktop() as desktop:
        atspi.turn_on(desktop)
        pan = starts(desktop, world.port, (PAPER, LIVE))
        shows(world.dialogue, desktop, "it starts",
              lambda cells: LIVE in cells)
        opens(world, desktop)
        reads(world, desktop)
        searches(world, desktop)
        ends(desktop, pan)
        world.check_refused("Pan")
    tap.done()


if __name__ == "__main__":
    main()
