# SPDX-License-Identifier: GPL-3.0-or-later
"""Claws Mail ends, is killed and loses the plugin while articles come, of which
each is whole or not there; in the end all are there once.
"""
import os
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import PLUGIN, Plugged, limit, tap
from serving import GROUP, Serving, rnews

ARTICLES, MORE = 1500, 200
TREE = "127.0.0.1"
FOLDERS = f"""<folder type="newswire" name="{TREE}" nw_host="127.0.0.1"
 nw_port="%d" nw_dir="the-gateway"><folderitem type="normal" name="load"
 path="{GROUP}" sort_key="thread_date" threaded="1" />
</folder>
"""
PLUGINS, CHOOSER = "Plugins", "Select the Plugins to load"
# An answer to somebody who looks at the window; a whole check takes longer.
ANSWER_S = 1
EXIT_S = 5


class Gate:
    """A port in front of a news server.  Of its answers it lets so many octets
    pass, and the rest when it is opened."""

    def __init__(self, port):
        self.upstream = ("127.0.0.1", port)
        self.changed = threading.Condition()
        self.left, self.holds = None, False
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def close_after(self, octets):
        with self.changed:
            self.left, self.holds = octets, False

    def open(self):
        with self.changed:
            self.left, self.holds = None, False
            self.changed.notify_all()

    def accept(self):
        while True:
            client, _ = self.server.accept()
            there = socket.create_connection(self.upstream)
            for ends, measured in (((client, there), False),
                                   ((there, client), True)):
                threading.Thread(target=self.carry, args=(*ends, measured),
                                 daemon=True).start()

    def passes(self, octets):
        with self.changed:
            if self.left is not None and self.left < octets:
                self.holds = True
                self.changed.wait_for(lambda: self.left is None)
            elif self.left is not None:
                self.left -= octets

    def carry(self, source, sink, measured):
        try:
            while data := source.recv(4096):
                if measured:
                    self.passes(len(data))
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def bodies(numbers):
    """What lies in the files of these articles when they are whole, behind
    their headers."""
    whole = rnews(numbers).decode()
    return {article.split("\n\n", 1)[1]
            for article in whole.split("#! rnews ")[1:]}


def whole(world, count, what):
    """No file is half an article, and none is there twice; count is None when
    it is not known."""
    files = world.messages(GROUP)
    wrong = [number for number, text in files.items()
             if text.split("\n\n", 1)[-1] not in whole.bodies]
    ids = [line for text in files.values() for line in text.split("\n")
           if line.startswith("Message-ID: ")]
    tap.ok(files and not wrong and len(set(ids)) == len(files) and
           count in (None, len(files)),
           f"each of the {count or len(files)} articles there is whole: {what}",
           len(files), *wrong[:5])


whole.bodies = bodies(range(1, ARTICLES + MORE + 1))


def is_under_way(world, gate, what):
    """Some articles are there, and the next ones hang."""
    came = world.screen.wait(lambda: gate.holds and world.messages(GROUP))
    start = time.monotonic()
    status = world.status(GROUP)
    took = time.monotonic() - start
    tap.ok(came and status and took < ANSWER_S,
           f"articles come, and Claws Mail answers: {what}", status,
           f"{took:.2f} s")


def interrupted(world, gate):
    gate.close_after(80_000)
    tap.ok(world.begin(), "Claws Mail starts")
    is_under_way(world, gate, "until it ends")
    world.finish("while articles come", EXIT_S)
    whole(world, None, "after an end")
    gate.close_after(40_000)
    tap.ok(world.begin(), "it starts again")
    is_under_way(world, gate, "until it is killed")
    world.kill()
    whole(world, None, "after a kill")
    gate.open()
    tap.ok(world.begin() and world.comes(GROUP, ARTICLES),
           "all come in the end", world.status(GROUP))
    world.rests()
    whole(world, ARTICLES, "in the end")
    left = [name for name in os.listdir(world.directory(GROUP))
            if name.startswith(".") and name.endswith(".tmp")]
    tap.ok(not left, "and nothing is left of the interruptions", *left)
    world.quiet("after interruptions")


def unloads(world):
    """By the window of plugins, where ours is the only one; how long it
    took."""
    screen = world.screen
    screen.expected += [PLUGINS, CHOOSER]
    screen.menu("Configuration", "Plugins...")
    screen.press(screen.find("table cell", "Newswire", PLUGINS))
    start = time.monotonic()
    screen.act("push button", "Unload", PLUGINS)
    gone = screen.wait(lambda: world.groups() == [])
    took = time.monotonic() - start
    tap.ok(gone and not screen.all("table cell", "Newswire", PLUGINS) and
           took < EXIT_S, "the plugin is unloaded, and its folders go",
           *world.groups(), f"{took:.1f} s")
    screen.close(PLUGINS)
    tap.ok(not screen.menu("Tools", "Check web news"), "and its menu")


def chooses_plugin(screen):
    """GTK's window for files loses keys on a busy machine, and then closes
    without a file: whoever sits there chooses again."""
    # It waits for the window that it opens; a click does not.
    if not screen.is_open(CHOOSER):
        screen.press(screen.find("push button", "Load...", PLUGINS))
    screen.open_file(CHOOSER, PLUGIN)
    return screen.wait(lambda: screen.all("table cell", "Newswire", PLUGINS),
                       10)


def loads(world, count):
    screen = world.screen
    screen.menu("Configuration", "Plugins...")
    tap.ok(any(chooses_plugin(screen) for _ in range(3)),
           "it is loaded again", *screen.words(PLUGINS))
    screen.close(PLUGINS)
    tap.ok(world.comes(GROUP, count) and world.rests(),
           "and its folders are back", world.status(GROUP))


def reloads(world, gateway, gate):
    world.select(GROUP, 7, tree=TREE)
    world.screen.shows("number 7")
    for _ in range(2):
        unloads(world)
        loads(world, ARTICLES)
    tap.ok(world.status(GROUP)[1] == ARTICLES - 1, "with what was read",
           world.status(GROUP))
    gateway.fill(range(ARTICLES + 1, ARTICLES + MORE + 1))
    gate.close_after(8_000)
    tap.ok(world.screen.menu("Tools", "Check web news") and
           world.screen.wait(lambda: gate.holds), "more articles come",
           world.status(GROUP), gate.left, *world.says(),
           *[window.get_name() for window in world.screen.windows()])
    unloads(world)
    gate.open()
    loads(world, ARTICLES + MORE)
    whole(world, ARTICLES + MORE, "after an unload while articles came")
    world.finish("with a plugin that came and went")


def debugs(world):
    tap.ok(world.begin("--debug") and world.comes(GROUP, ARTICLES + MORE),
           "it starts with --debug")
    world.select(GROUP, 9, tree=TREE)
    tap.ok(world.screen.shows("number 9"), "reads", world.screen.pane())
    tap.ok(world.check() and world.popup("Check web news") and world.rests(),
           "and checks")
    world.finish("with --debug")


def main():
    limit(200)
    with Serving() as gateway:
        gateway.fill(range(1, ARTICLES + 1))
        gateway.serve()
        gate = Gate(gateway.port)
        with Plugged(folders=FOLDERS % gate.port) as world:
            interrupted(world, gate)
            reloads(world, gateway, gate)
            debugs(world)
    tap.done()


if __name__ == "__main__":
    main()
