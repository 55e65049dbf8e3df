# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a group: another name, its properties, messages past their
time, subscriptions in a file, and its end.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import PROPERTIES, Plugged, Site, limit, tap

SITE = os.path.join(os.environ.get("srcdir", "."), "tests", "site")
GROUP, STORIES = "example.courier", 8
NAME = "Courier of the coast"
RENAME, UNSUBSCRIBE = "Rename", "Unsubscribe"
EXPORT = "Export web news subscriptions"
IMPORT = "Import web news subscriptions"
# Entries of the list behind "Keep messages:", and of that of edited stories.
DAYS, SUPERSEDE = 2, 2


def is_renamed(world):
    screen = world.screen
    screen.expected.append(RENAME)
    world.select(GROUP)
    tap.ok(world.popup("Rename…") and
           screen.appears(RENAME), "a name is asked for")
    screen.key("ctrl+a")
    screen.type(NAME)
    screen.key("Return")
    tap.ok(screen.says(NAME) and world.count(GROUP) == STORIES,
           "the group has another name and the same messages",
           *screen.words(), world.status(GROUP))


def keeps(world, group, entry, days):
    screen = world.screen
    world.properties(group)
    screen.choose(screen.labelled("Keep messages:", PROPERTIES), entry)
    screen.focus(screen.find("spin button", "Days", PROPERTIES))
    screen.key("ctrl+a")
    screen.type(str(days))
    screen.key("Tab")
    screen.shot("properties")
    return world.accept()


def has_properties(world, url):
    screen = world.screen
    world.properties(GROUP)
    tap.ok(screen.says(GROUP, PROPERTIES) and
           screen.says("this computer", PROPERTIES),
           "the page says how the group fares", *screen.words(PROPERTIES))
    world.letters_differ(PROPERTIES)
    screen.choose(screen.labelled("An edited story brings:", PROPERTIES),
                  SUPERSEDE)
    tap.ok(world.accept() and world.rests(), "the properties are accepted")
    said = world.newswire("export").stdout
    told = world.screen.wait(lambda: "supersede" in
                             world.newswire("list", "--format", "json").stdout)
    tap.ok(told and url in said, "and the gateway is told of edits",
           world.newswire("list", "--format", "json").stdout)


def is_exported(world, url):
    screen, path = world.screen, os.path.join(world.home, "feeds.opml")
    screen.expected.append(EXPORT)
    world.select(GROUP)
    screen.menu("Tools", EXPORT + "…")
    screen.open_file(EXPORT, path)
    tap.ok(screen.wait(lambda: os.path.exists(path)) and world.rests(),
           "subscriptions are exported", *screen.words(EXPORT))
    with open(path, encoding="utf-8") as file:
        text = file.read()
    tap.ok(f'xmlUrl="{url}/feed.xml"' in text, "as OPML with the feed", text)
    return path


def is_unsubscribed(world):
    screen = world.screen
    screen.expected.append(UNSUBSCRIBE)
    world.select(GROUP)
    world.popup("Unsubscribe…")
    screen.appears(UNSUBSCRIBE)
    screen.shot("unsubscribe")
    screen.key("alt+k")
    tap.ok(screen.wait(lambda: not screen.is_open(UNSUBSCRIBE)) and
           world.count(GROUP) == STORIES, "it can be kept after all",
           world.status(GROUP))
    folder = world.directory(GROUP)
    world.popup("Unsubscribe…")
    screen.appears(UNSUBSCRIBE)
    screen.key("alt+u")
    tap.ok(screen.wait(lambda: world.groups() == []) and world.rests(),
           "it is unsubscribed from", *world.groups())
    tap.ok(not os.path.exists(folder) and
           GROUP not in world.newswire("list").stdout,
           "with its messages, and at the gateway", folder,
           world.newswire("list").stdout)


def is_imported(world, path):
    screen = world.screen
    screen.expected.append(IMPORT)
    screen.menu("Tools", IMPORT + "…")
    screen.open_file(IMPORT, path)
    tap.ok(screen.wait(lambda: len(world.groups()) == 1) and
           world.comes(world.groups()[0], STORIES),
           "what was exported is imported", *world.groups(),
           *screen.words(IMPORT), world.log()[-1000:])
    return (world.groups() or [GROUP])[0]


def expires(world, group):
    """All stories of the sample are long ago; one is marked."""
    marked = world.number(group, "Subject: Ferry")
    world.select(group, marked)
    world.screen.shows("Ferry adds")
    world.screen.menu("Message", "Mark", "Mark")
    tap.ok(world.screen.wait(lambda: world.search(group, "marked")),
           "a message is marked")
    tap.ok(keeps(world, group, DAYS, 30) and world.comes(group, 1) and
           world.search(group, "marked") == [marked],
           "what is past its time goes, but for what is marked",
           world.status(group), *world.search(group, "all"))
    world.check()
    tap.ok(world.count(group) == 1, "a check does not bring it back",
           world.status(group))


def main():
    limit(150)
    with Plugged() as world:
        site = Site(world, SITE)
        world.newswire("subscribe", "--group", GROUP, site.url + "/feed.xml")
        tap.ok(world.begin() and world.comes(GROUP, STORIES) and world.rests(),
               "Claws Mail starts", world.status(GROUP))
        is_renamed(world)
        has_properties(world, site.url)
        world.finish("with properties")
        tap.ok(world.begin() and world.tree(f'name="{NAME}"'),
               "the name is there after a new start", *world.tree(GROUP))
        world.rests()
        path = is_exported(world, site.url)
        is_unsubscribed(world)
        expires(world, is_imported(world, path))
        world.finish("after its end")
    tap.done()


if __name__ == "__main__":
    main()
