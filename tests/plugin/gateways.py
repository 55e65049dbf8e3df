# SPDX-License-Identifier: GPL-3.0-or-later
"""Two gateways elsewhere beside that of this computer: one with TLS from the
first octet for those who log in, one for everybody.  Their settings are in the
popup; a web address is not taken from a user who may not give one, and the
window says so.
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import SUBSCRIBE, Plugged, limit, tap
import server
from streams import Served

CONFIG = 'read = {}\nhost-pause = 0\nuser "anna" { manage = no }\n'
NAME, PASSWORD = "anna", "quay-side-7"
GROUP, COUNT = "example.world", 3
SECURE, OPEN = "secure", "open"
TREE = """<folder type="newswire" name="%s" nw_host="localhost" nw_port="%d"
 nw_security="%d" nw_dir="%s"%s><folderitem type="normal" name="world"
 path="example.world" sort_key="thread_date" threaded="1" />
</folder>
"""
NO_TLS, TLS = 0, 2
SETTINGS = "Gateway settings"
REFUSED = "This gateway does not take addresses from you"


def trees(served, everybody, authority):
    return TREE % (SECURE, served.tls_port, TLS, SECURE,
                   f' nw_ca_file="{authority}"') + \
        TREE % (OPEN, everybody.port, NO_TLS, OPEN, "")


def counts(world, tree):
    """Of the group of that name in a tree."""
    said = world.run("claws-mail", "--status-full").stdout
    for line in said.splitlines():
        if line.endswith(world.folder(GROUP, tree=tree)):
            return int(line.split()[2])
    return None


def opens_settings(world, tree):
    screen = world.screen
    screen.expected.append(SETTINGS)
    world.select(GROUP, tree=tree)
    tap.ok(world.popup("Gateway settings…", above=1) and
           screen.appears(SETTINGS), f"the popup has the settings of {tree}",
           *screen.words(SETTINGS))


def logs_in(world):
    """The password is typed into the settings."""
    screen = world.screen
    tap.ok(counts(world, SECURE) == 0, "without a password nothing comes",
           counts(world, SECURE))
    opens_settings(world, SECURE)
    screen.fill("User:", NAME, SETTINGS)
    screen.fill("Password:", PASSWORD, SETTINGS)
    screen.act("push button", "Test connection", SETTINGS)
    tap.ok(screen.says("works", SETTINGS), "with a password it works",
           *screen.words(SETTINGS))
    screen.shot("settings")
    screen.act("push button", "OK", SETTINGS)
    tap.ok(screen.wait(lambda: not screen.is_open(SETTINGS)),
           "the settings close")
    world.check()
    tap.ok(screen.wait(lambda: counts(world, SECURE) == COUNT),
           "and by TLS the messages come", counts(world, SECURE),
           world.log()[-1000:])


def reads(world, tree):
    world.select(GROUP, tree=tree)
    world.select(GROUP, 1, tree=tree)
    tap.ok(world.screen.wait(lambda: "Newsgroups: " + GROUP in
                             world.screen.pane()),
           f"{tree} reads", world.screen.pane())


def takes_no_address(world, row, tree):
    screen = world.screen
    screen.choose(screen.find("combo box", "Gateway", SUBSCRIBE), row)
    tap.ok(screen.says(REFUSED, SUBSCRIBE),
           f"{tree} takes no address, and the window says why",
           *screen.words(SUBSCRIBE))
    entry = screen.find("text", "Web address", SUBSCRIBE)
    tap.ok(screen.wait(lambda: not entry.get_state_set().contains(
        screen.atspi.StateType.SENSITIVE), 5), f"nothing can be typed: {tree}")
    tap.ok(screen.wait(lambda: screen.all("table cell", GROUP, SUBSCRIBE)),
           f"its groups are there: {tree}", *screen.words(SUBSCRIBE))
    screen.shot("refused-" + tree)


def one_goes_away(world, everybody):
    """Which is said; the other one is read as before."""
    everybody.process.terminate()
    everybody.process.wait()
    world.check()
    tap.ok(world.screen.wait(lambda: "cannot be reached" in world.log()),
           "one of them goes away", world.log()[-1000:])


def main():
    limit(120)
    home = server.Home(CONFIG, tls=True)
    other = server.Home()
    with home, other, Served(home) as served, \
            Served(other, tls=False) as everybody:
        subprocess.run(home.command("passwd", NAME), input=PASSWORD + "\n",
                       capture_output=True, text=True, check=True)
        served.reload()
        folders = trees(served, everybody, home.certificate + ".crt")
        with Plugged(folders=folders) as world:
            tap.ok(world.begin() and world.screen.wait(
                lambda: counts(world, OPEN) == COUNT),
                "the messages of a gateway for everybody come",
                counts(world, OPEN))
            world.rests()
            logs_in(world)
            reads(world, SECURE)
            reads(world, OPEN)
            world.open_subscribe()
            takes_no_address(world, 1, SECURE)
            takes_no_address(world, 2, OPEN)
            tap.ok(world.screen.close(SUBSCRIBE), "the window closes")
            one_goes_away(world, everybody)
            reads(world, SECURE)
            world.finish("two gateways elsewhere")
    tap.done()


if __name__ == "__main__":
    main()
