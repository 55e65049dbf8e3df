# SPDX-License-Identifier: GPL-3.0-or-later
"""Every entry that the plugin has in the menus and the keys to it; the page that
a story came from, and an address that a browser hands over.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import SUBSCRIBE, Plugged, Site, limit, tap

SITE = os.path.join(os.environ.get("srcdir", "."), "tests", "site")
GROUP, STORIES = "example.courier", 8
# A browser that writes down where it was sent.
BROWSER = """#!/bin/sh
printf '%s\\n' "$1" >>"$HOME/browsed"
"""
SETTINGS = """cmds_use_system_default=0
uri_open_command=@HOME@/browser '%s'
"""
# A toolbar with our button alone, by the name that Claws Mail gives it.
BUTTON = "Newswire/Check web news"
TOOLBAR = f"""<?xml version="1.0" encoding="UTF-8"?>
<toolbar><item file="mail_receive_all" text="{BUTTON}"
 action="A_CLAWS_PLUGINS"/></toolbar>
"""
TOOLS = ("Check web news", "Subscribe to web news…",
         "Import web news subscriptions…", "Export web news subscriptions…")
MESSAGE = ("Original page", "Story history")
POPUP = ["Check web news", "Subscribe to web news…", "Rename…",
         "Unsubscribe…"]


def entries(world, menu):
    """Those that can be chosen."""
    screen = world.screen
    screen.press(screen.find("menu", menu))
    screen.find("menu item", "Check web news" if menu == "Tools"
                else "Original page")
    names = [node.get_name() for node in screen.walk(screen.find("menu", menu))
             if node.get_state_set().contains(
                 screen.atspi.StateType.SENSITIVE)]
    screen.key("Escape", "Escape")
    return names


def has_entries(world):
    found = entries(world, "Tools")
    tap.ok([name for name in found if name in TOOLS] == list(TOOLS),
           "the menu Tools has its entries", *found)
    world.run("claws-mail", "--select", "#mh/Mail/inbox")
    found = entries(world, "Message")
    tap.ok(not set(found) & set(MESSAGE),
           "those of the menu Message rest where there is no message of ours",
           *found)
    world.select(GROUP, world.number(GROUP, "Subject: Ferry"))
    world.screen.shows("Ferry adds")
    found = entries(world, "Message")
    tap.ok(set(found) > set(MESSAGE), "and are there where there is one",
           *found)
    found = world.popup_names()
    tap.ok([name for name in found if name in POPUP] == POPUP,
           "the popup of a group has its entries", *found)
    found = world.popup_names(above=1)
    tap.ok([name for name in found if name in POPUP] == POPUP[:2],
           "that of the gateway has fewer", *found)


def presses_button(world):
    screen = world.screen
    screen.press(screen.find("push button", BUTTON))
    return True


def checks(world, site):
    def polls():
        return site.log().count("/feed.xml")

    for what, asks in (
            ("the menu", lambda: world.screen.menu("Tools", TOOLS[0])),
            ("the popup", lambda: world.popup(POPUP[0])),
            ("a button", lambda: presses_button(world)),
            ("a key", lambda: world.screen.key("ctrl+shift+n") or True)):
        world.select(GROUP)
        world.rests()
        before = polls()
        tap.ok(asks() and world.screen.wait(lambda: polls() > before) and
               world.rests(), f"{what} checks", before, polls())


def opens_page(world, site):
    browsed = os.path.join(world.home, "browsed")
    world.select(GROUP, world.number(GROUP, "Subject: Ferry"))
    world.screen.shows("Ferry adds")
    world.screen.menu("Message", "Original page")

    def lines():
        if not os.path.exists(browsed):
            return []
        with open(browsed, encoding="utf-8") as file:
            return file.read().split()

    tap.ok(world.screen.wait(lines) == [site.url + "/ferry-timetable.html"],
           "the page that a story came from opens in the browser", *lines())


def takes_address(world, site):
    """As a browser hands it over, to the Claws Mail that runs."""
    screen, page = world.screen, site.url + "/live/harbour.html"
    screen.expected.append(SUBSCRIBE)
    for uri, address in (("newswire://" + page, page),
                         ("newswire://news.example/world/",
                          "https://news.example/world/")):
        world.run("claws-mail", uri)
        entry = screen.wait(lambda: screen.is_open(SUBSCRIBE) and
                            screen.find("text", "Web address", SUBSCRIBE))
        tap.ok(screen.wait(lambda: screen.text(entry) == address),
               f"{uri.replace(site.url, 'http://SITE')} opens the window",
               *screen.words(SUBSCRIBE))
    screen.shot("uri")
    screen.fill("Web address", page, SUBSCRIBE)
    screen.act("push button", "Subscribe", SUBSCRIBE)
    tap.ok(screen.says("Subscribed:", SUBSCRIBE) and
           screen.wait(lambda: len(world.groups()) == 2),
           "and Subscribe subscribes", *screen.words(SUBSCRIBE))
    group = next(name for name in world.groups() if name != GROUP)
    tap.ok(world.comes(group, 4), "with its articles", world.status(group))
    screen.key("Escape")
    tap.ok(screen.wait(lambda: not screen.is_open(SUBSCRIBE)),
           "Escape closes the window")


def main():
    limit(120)
    with Plugged(settings=SETTINGS) as world:
        with open(world.rc("toolbar_main.xml"), "w", encoding="ascii") as file:
            file.write(TOOLBAR)
        path = os.path.join(world.home, "browser")
        with open(path, "w", encoding="ascii") as file:
            file.write(BROWSER)
        os.chmod(path, 0o755)
        site = Site(world, SITE)
        world.newswire("subscribe", "--group", GROUP, site.url + "/feed.xml")
        tap.ok(world.begin() and world.comes(GROUP, STORIES) and world.rests(),
               "Claws Mail starts", world.status(GROUP))
        has_entries(world)
        checks(world, site)
        opens_page(world, site)
        takes_address(world, site)
        world.finish("after all entries")
    tap.done()


if __name__ == "__main__":
    main()
