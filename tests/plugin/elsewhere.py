# SPDX-License-Identifier: GPL-3.0-or-later
"""A gateway elsewhere, whose certificate signs itself, for those who log in: it
is added in the preferences, its groups are chosen from the list and a web
address is given to it.  What is wrong is said in the window or the log.
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import SUBSCRIBE, Plugged, Site, connections, limit, tap
import server
from streams import Served

SITE = os.path.join(os.environ.get("srcdir", "."), "tests", "site")
CONFIG = 'read = {}\nhost-pause = 0\nuser "anna" { manage = yes }\n'
NAME, PASSWORD, OTHER = "anna", "quay-side-7", "harbour-wall-9"
GROUP, COUNT, TITLE = "example.world", 3, "Harbour reopens after the storm"
HOST = "localhost"
PREFERENCES, ADD = "Preferences", "Add gateway"
# What AT-SPI calls a message that asks, whatever its title.
QUESTION = "Question"
CA = "File of certificate authorities"
STARTTLS = 1


def set_password(home, word):
    subprocess.run(home.command("passwd", NAME), input=word + "\n",
                   capture_output=True, text=True, check=True)


def answers(world, window, words, what):
    world.screen.act("push button", "Test connection", window)
    tap.ok(world.screen.says(words, window), what,
           *world.screen.words(window))


def adds(world, served, authority):
    """In the preferences, with every mistake on the way."""
    screen = world.screen
    screen.expected += [PREFERENCES, ADD, CA]
    screen.menu("Configuration", "Preferences...")
    screen.page("Newswire", PREFERENCES)
    screen.shot("preferences")
    world.letters_differ(PREFERENCES)
    screen.act("push button", "Add…", PREFERENCES)
    screen.appears(ADD)
    screen.fill("Host:", HOST, ADD)
    screen.fill("Port:", str(served.port), ADD)
    screen.choose(screen.labelled("Security:", ADD), STARTTLS)
    screen.fill("User:", NAME, ADD)
    screen.fill("Password:", "wrong", ADD)
    world.letters_differ(ADD)
    answers(world, ADD, "signed by nobody known here",
            "a certificate that signs itself is refused, and it says why")
    screen.press(screen.find("push button", "(None)", ADD))
    tap.ok(screen.open_file(CA, authority), "a file of authorities is chosen",
           *screen.words(CA))
    answers(world, ADD, "the password is wrong", "a wrong password")
    screen.fill("Password:", PASSWORD, ADD)
    answers(world, ADD, "works", "the right one")
    screen.shot("gateway")
    screen.act("push button", "OK", ADD)
    tap.ok(screen.wait(lambda: screen.all("table cell",
                                          f"{HOST}, port {served.port}",
                                          PREFERENCES)),
           "the gateway is in the list", *screen.words(PREFERENCES))
    screen.act("push button", "OK", PREFERENCES)
    tap.ok(screen.wait(lambda: not screen.is_open(PREFERENCES)),
           "the preferences close")


def chooses(world):
    """A group by its checkbox, which a search finds."""
    screen = world.screen
    world.open_subscribe()
    screen.choose(screen.find("combo box", "Gateway", SUBSCRIBE), 1)
    tap.ok(screen.wait(lambda: screen.all("table cell", GROUP, SUBSCRIBE)),
           "its groups are listed", *screen.words(SUBSCRIBE))
    screen.fill("Search groups", "world", SUBSCRIBE)
    tap.ok(screen.says("1 of ", SUBSCRIBE) and
           not screen.all("table cell", "example.science", SUBSCRIBE),
           "a search leaves what it finds", *screen.words(SUBSCRIBE))
    screen.shot("groups")
    world.letters_differ(SUBSCRIBE)
    screen.focus(screen.find("table", "Groups", SUBSCRIBE))
    screen.key("space")
    tap.ok(world.comes(GROUP, COUNT), "a checkbox brings its messages",
           world.status(GROUP), *screen.words(SUBSCRIBE))


def gives_address(world, home, site):
    screen, before = world.screen, set(world.groups())
    screen.fill("Web address", site.url + "/feed.xml", SUBSCRIBE)
    screen.key("Return")
    tap.ok(screen.says("Subscribed:", SUBSCRIBE),
           "the gateway takes a web address", *screen.words(SUBSCRIBE))
    new = set(world.groups()) - before
    screen.close(SUBSCRIBE)
    subprocess.run(home.command("fetch"), capture_output=True, check=True)
    world.check()
    group = new.pop() if new else ""
    tap.ok(group and world.comes(group, 8), "and its news comes from there",
           group, world.status(group))
    return group


def reads(world, tree, what):
    number = world.number(GROUP, "Subject: " + TITLE)
    world.select(GROUP, tree=tree)
    world.select(GROUP, number, tree=tree)
    tap.ok(world.screen.shows(TITLE, "Ferries leave again at noon."),
           f"it reads: {what}", world.screen.pane())
    world.quiet(what)


def goes_offline(world, port):
    screen = world.screen
    tap.ok(connections(port) == 1, "the session is held", connections(port))
    world.run("claws-mail", "--offline")
    tap.ok(screen.wait(lambda: not connections(port)), "but not offline")
    world.open_subscribe()
    screen.choose(screen.find("combo box", "Gateway", SUBSCRIBE), 1)
    tap.ok(screen.says("Claws Mail is offline", SUBSCRIBE) and
           not connections(port), "and nothing is asked there",
           *screen.words(SUBSCRIBE))
    world.run("claws-mail", "--online")
    tap.ok(screen.wait(lambda: screen.all("table cell", GROUP, SUBSCRIBE)),
           "until it is online again", *screen.words(SUBSCRIBE))
    screen.close(SUBSCRIBE)
    tap.ok(world.check() and connections(port) == 1, "it is had again online")


def complaints(world, words):
    return [line for line in world.log().splitlines() if words in line]


def fails_once(world, words, what):
    tap.ok(world.check() and world.screen.wait(
        lambda: complaints(world, words), 10), f"the log says it: {what}",
        world.log()[-2000:])
    world.check()
    tap.ok(len(complaints(world, words)) == 1, f"and once: {what}",
           *complaints(world, words))
    world.quiet(what)


def keeps_secret(world):
    """Not in clear, wherever Claws Mail writes."""
    found = subprocess.run(["grep", "-rlF", PASSWORD, world.home], check=False,
                           capture_output=True, text=True)
    tap.ok(found.returncode == 1, "the password is nowhere in clear",
           found.stdout, found.stderr)


def tree_of(world):
    """The name of the gateway's tree, by a folder of it."""
    said = world.run("claws-mail", "--status-full").stdout
    return next((line.split("#newswire/")[1].split("/")[0]
                 for line in said.splitlines() if line.endswith(GROUP)), "")


def is_removed(world, group):
    screen = world.screen
    screen.expected.append(QUESTION)
    screen.menu("Configuration", "Preferences...")
    screen.page("Newswire", PREFERENCES)
    row = screen.wait(lambda: [node for node in screen.all(
        "table cell", window=PREFERENCES) if HOST in node.get_name()])
    screen.press(row[0])
    screen.act("push button", "Remove…", PREFERENCES)
    screen.appears(QUESTION)
    screen.shot("remove")
    screen.act("push button", "Remove", QUESTION)
    tap.ok(screen.wait(lambda: world.groups() == []) and
           not world.directory(GROUP) and not world.directory(group),
           "a gateway goes with its messages", *world.groups())
    screen.act("push button", "OK", PREFERENCES)


def session(world, home, site):
    with Served(home) as served:
        tap.ok(world.begin(), "Claws Mail starts")
        adds(world, served, home.certificate + ".crt")
        chooses(world)
        group = gives_address(world, home, site)
        tree = tree_of(world)
        reads(world, tree, "with its server")
        goes_offline(world, served.port)
        world.finish("a gateway elsewhere")
        keeps_secret(world)
        tap.ok(world.begin() and world.check() and
               not complaints(world, "Newswire:"),
               "it logs in again after a new start", world.log()[-2000:])
        set_password(home, OTHER)
        served.reload()
        world.kill()
        tap.ok(world.begin(), "and starts after the password was changed")
        fails_once(world, "password", "the password was changed")
    fails_once(world, "cannot be reached", "the server is gone")
    reads(world, tree, "without its server")
    is_removed(world, group)
    world.finish("without a gateway elsewhere")


def main():
    limit(200)
    home = server.Home(CONFIG, tls=True)
    with home, Plugged() as world:
        set_password(home, PASSWORD)
        session(world, home, Site(world, SITE))
    tap.done()


if __name__ == "__main__":
    main()
