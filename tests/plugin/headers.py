# SPDX-License-Identifier: GPL-3.0-or-later
"""A group of a gateway elsewhere that is not kept offline: headers come, and the
text of what is opened.  With the gateway gone no question is asked; when the
group is kept offline again, the rest comes.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import PROPERTIES, Plugged, limit, tap
from serving import GROUP, Serving

TREE = "127.0.0.1"
FOLDERS = f"""<folder type="newswire" name="{TREE}" nw_host="127.0.0.1"
 nw_port="%d" nw_dir="the-gateway"><folderitem type="normal" name="load"
 path="{GROUP}" sort_key="thread_date" threaded="1" />
</folder>
"""
WHOLE, ALL = 5, 12
MISSING = "The text of this article is not on this computer yet."
OFFLINE = "Fetch whole messages, to be read offline"


def first_line(number):
    return f"00000000 line of article {number}"


def text_is_here(world, number):
    return any(first_line(number) in text.split("\n\n", 1)[1]
               for text in world.messages(GROUP).values()
               if f"\nSubject: number {number}\n" in text)


def without_text(world):
    """The articles of which only headers are here."""
    return [number for number in range(1, ALL + 1)
            if not text_is_here(world, number)]


def turns(world, on):
    """The box in the properties, that has to be the other way."""
    screen = world.screen
    world.properties(GROUP, TREE)
    box = screen.find("check box", OFFLINE, PROPERTIES)
    was = screen.is_checked(box)
    screen.press(box)
    now = screen.wait(lambda: screen.is_checked(box) != was, 5)
    screen.shot(f"offline-{on}")
    tap.ok(was != on and now and world.accept() and world.rests(),
           f"keeping offline is turned {'on' if on else 'off'}", was, now)


def opens(world, number):
    world.select(GROUP, world.number(GROUP, f"\nSubject: number {number}\n"),
                 tree=TREE)


def headers_come(world, gateway):
    gateway.fill(range(WHOLE + 1, ALL + 1))
    tap.ok(world.check() and world.comes(GROUP, ALL),
           "new messages are listed", world.status(GROUP))
    tap.ok(without_text(world) == list(range(WHOLE + 1, ALL + 1)),
           "without their texts", *without_text(world))


def text_comes(world):
    number = WHOLE + 1
    opens(world, number)
    tap.ok(world.screen.shows(f"number {number}", first_line(number)),
           "the text of what is opened comes, and shows",
           world.screen.pane())
    tap.ok(without_text(world) == list(range(number + 1, ALL + 1)),
           "and no other", *without_text(world))
    tap.ok(world.status(GROUP)[1] == ALL - 1, "and it is read",
           world.status(GROUP))
    world.quiet("text that came when it was asked for")


def gateway_gone(world, gateway):
    """What has its text reads on; of the rest it is said."""
    port = gateway.port
    gateway.end()
    number = ALL
    opens(world, number)
    tap.ok(world.screen.shows(f"number {number}", MISSING),
           "its headers show, and that the text is missing",
           world.screen.pane())
    tap.ok(world.screen.wait(lambda: "cannot be reached" in world.log()),
           "and it is said that the gateway cannot be reached",
           world.log()[-1000:])
    opens(world, WHOLE + 1)
    tap.ok(world.screen.shows(first_line(WHOLE + 1)),
           "what was opened before reads on", world.screen.pane())
    world.rests()
    world.quiet("text that could not come")
    gateway.serve("--no-poll", "--listen", f"127.0.0.1:{port}")
    opens(world, number)
    tap.ok(world.screen.shows(first_line(number)),
           "when the gateway is back the text comes", world.screen.pane())


def reads(world, number):
    """Whether it shows.  A list that is being drawn anew goes back to what was
    selected when that began."""
    for _ in range(3):
        opens(world, number)
        if world.screen.shows(first_line(number), seconds=10):
            return True
    return False


def rest_comes(world):
    turns(world, True)
    tap.ok(world.screen.wait(lambda: without_text(world) == []),
           "and the rest of the texts comes", *without_text(world))
    tap.ok(world.count(GROUP) == ALL, "in the place of the headers",
           world.status(GROUP))
    tap.ok(reads(world, WHOLE + 1), "all reads",
           world.screen.pane())


def main():
    limit(120)
    with Serving() as gateway:
        gateway.fill(range(1, WHOLE + 1))
        gateway.serve()
        with Plugged(folders=FOLDERS % gateway.port) as world:
            tap.ok(world.begin() and world.comes(GROUP, WHOLE) and
                   world.rests(), "Claws Mail starts", world.status(GROUP))
            turns(world, False)
            headers_come(world, gateway)
            text_comes(world)
            gateway_gone(world, gateway)
            rest_comes(world)
            world.finish("with headers and texts")
    tap.done()


if __name__ == "__main__":
    main()
