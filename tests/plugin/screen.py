# SPDX-License-Identifier: GPL-3.0-or-later
"""What Claws Mail shows and what can be done in it, by AT-SPI, from within the
process of the test, so that a look costs milliseconds; and a record of each
window that ever opened.  There is one screen in the life of a process.
"""
import os
import struct
import time
import zlib

APPLICATION = "claws-mail"
# What opens beside the main window and the log is somebody's question.
QUESTIONS = ("dialog", "alert", "frame", "file chooser", "color chooser")
MAIN = "Claws Mail"
WORDS = ("label", "text", "alert", "table cell", "status bar", "info bar")
PATIENCE_S = 30
# Of a picture's colours, so that a pixel more or less of one is no matter.
SHADE = 16


class Screen:
    """expected are the beginnings of titles of windows that may open."""

    def __init__(self, world):
        self.world = world
        os.environ.update({name: world.env[name] for name in
                           ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS",
                            "XDG_RUNTIME_DIR")})
        import gi
        gi.require_version("Atspi", "2.0")
        from gi.repository import Atspi, GLib
        self.atspi, self.glib = Atspi, GLib
        self.opened, self.expected, self.focused = [], [], None
        self.listeners = [Atspi.EventListener.new(self.note_window),
                          Atspi.EventListener.new(self.note_focus)]
        self.listeners[0].register("window:create")
        self.listeners[1].register("object:state-changed:focused")

    def note_window(self, event):
        try:
            if event.source.get_application().get_name() == APPLICATION:
                self.opened.append((event.source.get_role_name(),
                                    event.source.get_name() or ""))
        except self.glib.Error:
            # A question stays until it is answered; this was a menu or a tip.
            pass

    def note_focus(self, event):
        try:
            if event.detail1:
                self.focused = (event.source.get_role_name(),
                                event.source.get_name() or "")
        except self.glib.Error:
            self.focused = None

    def pump(self):
        context = self.glib.MainContext.default()
        while context.pending():
            context.iteration(False)

    def wait(self, check, seconds=PATIENCE_S):
        """The first true value of check(); what vanishes while it looks was no
        answer.  None when there is none in time."""
        end = time.monotonic() + seconds
        while True:
            self.pump()
            try:
                if value := check():
                    return value
            except self.glib.Error:
                pass
            if time.monotonic() > end:
                return None
            time.sleep(0.05)

    def unexpected(self):
        """Titles of the windows that nobody expected, open or gone."""
        self.pump()
        there = [(w.get_role_name(), w.get_name() or "")
                 for w in self.windows()]
        return [title for role, title in self.opened + there
                if role in QUESTIONS and MAIN not in title and
                not any(title.startswith(start) for start in self.expected)]

    # Finding

    def windows(self):
        """The open ones, the newest last."""
        self.pump()
        desktop = self.atspi.get_desktop(0)
        desktop.clear_cache()
        for i in range(desktop.get_child_count()):
            program = desktop.get_child_at_index(i)
            if program and program.get_name() == APPLICATION:
                program.clear_cache()
                children = [program.get_child_at_index(j)
                            for j in range(program.get_child_count())]
                return [child for child in children if child]
        return []

    def window(self, start):
        """The newest one whose title starts so, or the main window."""
        for window in reversed(self.windows()):
            title = window.get_name() or ""
            if title.startswith(start) or (start == MAIN and MAIN in title):
                return window
        return None

    def is_open(self, start):
        return self.window(start) is not None

    def appears(self, start):
        """Whether a window comes and has the keyboard."""
        def has_keyboard():
            window = self.window(start)
            return window and window.get_state_set().contains(
                self.atspi.StateType.ACTIVE)

        return bool(self.wait(has_keyboard))

    def walk(self, node, hidden=False):
        if node is None or not hidden and not node.get_state_set().contains(
                self.atspi.StateType.SHOWING):
            return
        yield node
        for i in range(node.get_child_count()):
            yield from self.walk(node.get_child_at_index(i), hidden)

    def all(self, role, name=None, window=MAIN):
        """What shows in a window, of that role and, if given, name."""
        return [node for node in self.walk(self.window(window))
                if node.get_role_name() == role and
                (name is None or node.get_name() == name)]

    def find(self, role, name=None, window=MAIN):
        """The first one, once it is there."""
        found = self.wait(lambda: self.all(role, name, window))
        if not found:
            raise LookupError(f"no {role} {name!r} in {window!r}: " +
                              "; ".join(self.words(window)))
        return found[0]

    # Reading

    def text(self, node):
        if "Text" not in node.get_interfaces():
            return ""
        return self.atspi.Text.get_text(
            node, 0, self.atspi.Text.get_character_count(node))

    def words(self, window=MAIN, roles=WORDS):
        """All labels and texts that show in a window."""
        found = [self.text(node) or node.get_name() or "" for node in
                 self.walk(self.window(window))
                 if node.get_role_name() in roles]
        return [words for words in found if words]

    def says(self, words, window=MAIN, seconds=PATIENCE_S):
        """Whether the words come to be seen there; line ends are no matter."""
        return bool(self.wait(lambda: any(
            words in " ".join(text.split()) for text in self.words(window)),
            seconds))

    def pane(self):
        """The message that is shown, on one line."""
        texts = [self.text(node) for node in self.all("text")]
        return " ".join(max(texts, key=len, default="").split())

    def shows(self, *parts, seconds=PATIENCE_S):
        """Whether a message with all these words comes to be shown."""
        return bool(self.wait(lambda: all(part in self.pane()
                                          for part in parts), seconds))

    # Doing

    def act(self, role, name=None, window=MAIN):
        """Its action, that of a click or of Enter."""
        node = self.find(role, name, window)
        return self.atspi.Action.do_action(node, 0)

    def page(self, name, window):
        """Turns to a page of a window of preferences, which is made so large
        that the list of its pages shows as a whole."""
        self.find("table cell", name, window)
        self.world.run("xdotool", "search", "--name", "^" + window,
                       "windowsize", "1000", "720", "windowmove", "0", "0")
        before = None

        def rests():
            nonlocal before
            last, before = before, self.place(
                self.all("table cell", name, window)[0])
            return before == last and before[1] + before[3] < 700

        self.wait(rests)
        self.press(self.find("table cell", name, window))

    def open_file(self, window, path):
        """Answers a window that asks for a file."""
        if not self.appears(window):
            return False
        for _ in range(3):
            # A slash opens the entry for a path where there is none yet.
            self.key("ctrl+a")
            self.type("/")
            entry = self.wait(lambda: [node for node in self.all("text",
                                                                window=window)
                                       if self.text(node).startswith("/")], 5)
            if entry and self.write(entry[0], path):
                break
        self.key("Return")
        return self.wait(lambda: not self.is_open(window), 10)

    def write(self, node, words):
        """Types into an entry, and again when a busy machine lost a key."""
        for _ in range(3):
            self.key("ctrl+a")
            self.type(words)
            if self.wait(lambda: self.text(node) == words, 2):
                return True
        return False

    def menu(self, *path):
        """Goes there with the mouse, as what an action of AT-SPI opens and
        waits for would keep Claws Mail from answering; whether it is there."""
        for depth, name in enumerate(path):
            roles = ("menu",) if depth < len(path) - 1 else (
                "menu item", "check menu item", "radio menu item")
            node = self.wait(lambda: next(
                (node for node in self.walk(self.window(MAIN))
                 if node.get_name() == name and
                 node.get_role_name() in roles), None), 5)
            if node is None or not node.get_state_set().contains(
                    self.atspi.StateType.SENSITIVE):
                self.key("Escape", "Escape", "Escape")
                return False
            # A menu in a menu opens by itself.
            if depth in (0, len(path) - 1):
                self.press(node)
            else:
                self.point(node)
        return True

    def down(self):
        """The entry of the open popup that the next Down leads to."""
        self.focused = None
        self.key("Down")
        self.wait(lambda: self.focused, 2)
        return self.focused[1] if self.focused else None

    def place(self, node):
        box = node.get_extents(self.atspi.CoordType.SCREEN)
        return box.x, box.y, box.width, box.height

    def key(self, *keys):
        self.world.run("xdotool", "key", *keys)

    def type(self, words):
        self.world.run("xdotool", "type", "--delay", "4", words)

    def click(self, x, y, button=1):
        self.world.run("xdotool", "mousemove", str(x), str(y), "click",
                       str(button))

    def resting_place(self, node):
        """What has just opened may move still."""
        last = None

        def rests():
            nonlocal last
            before, last = last, self.place(node)
            return before == last and last

        return self.wait(rests, 5) or self.place(node)

    def point(self, node):
        """Near its left end, where it has its words."""
        x, y, width, height = self.resting_place(node)
        self.world.run("xdotool", "mousemove", str(x + min(width // 2, 30)),
                       str(y + height // 2))

    def press(self, node, button=1):
        self.point(node)
        self.world.run("xdotool", "click", str(button))

    def letters(self, window):
        """What goes there with Alt and a letter: the names by the letter."""
        found = {}
        for node in self.walk(self.window(window)):
            for i in range(node.get_n_actions()
                           if "Action" in node.get_interfaces() else 0):
                keys = self.atspi.Action.get_key_binding(node, i)
                if keys.startswith("<Alt>"):
                    found.setdefault(keys.split(";")[0].lower(), set()).add(
                        (node.get_role_name(), node.get_name()))
        return found

    def focus(self, node):
        """Whether it then has the keyboard."""
        self.atspi.Component.grab_focus(node)
        return self.wait(lambda: node.get_state_set().contains(
            self.atspi.StateType.FOCUSED), 5)

    def labelled(self, label, window):
        """What a label is for, once it is there."""
        for relation in self.find("label", label, window).get_relation_set():
            if relation.get_relation_type() == \
                    self.atspi.RelationType.LABEL_FOR:
                return relation.get_target(0)
        raise LookupError(f"{label!r} is for nothing")

    def choose(self, node, index):
        """An entry of a combo box or a row."""
        return self.atspi.Selection.select_child(node, index)

    def fill(self, name, words, window):
        """Types into an entry, named so or by a label, in the place of what is
        there."""
        named = self.all("text", name, window)
        node = named[0] if named else self.labelled(name, window)
        self.focus(node)
        if node.get_role_name() == "password text":
            self.key("ctrl+a")
            self.type(words)
        else:
            self.write(node, words)

    def is_checked(self, node):
        return node.get_state_set().contains(self.atspi.StateType.CHECKED)

    def close(self, window):
        """By its button, as a user would; whether it went."""
        self.act("push button", "Close", window)
        return self.wait(lambda: not self.is_open(window), 10)

    # Looking

    def shot(self, name):
        """A picture of the whole, where NEWSWIRE_SHOTS names a folder."""
        folder = os.environ.get("NEWSWIRE_SHOTS")
        if folder:
            os.makedirs(folder, exist_ok=True)
            Pixels(self.world.frame()).write(os.path.join(folder,
                                                          name + ".png"))

    def colours(self, node):
        """How often each shade is in its place on the screen."""
        return Pixels(self.world.frame()).shades(*self.place(node))


class Pixels:
    """Of an XWD file, as Xvfb keeps its screen in one."""

    def __init__(self, path):
        with open(path, "rb") as file:
            data = file.read()
        header = struct.unpack(">25I", data[:100])
        self.width, self.height, self.line = header[4], header[5], header[12]
        self.data = data[header[0] + 12 * header[19]:]

    def row(self, y, left, right):
        """Bytes of blue, green, red and nothing."""
        start = y * self.line
        return self.data[start + 4 * left:start + 4 * right]

    def shades(self, x, y, width, height):
        counts = {}
        for at in range(max(y, 0), min(y + height, self.height)):
            row = self.row(at, max(x, 0), min(x + width, self.width))
            for i in range(0, len(row), 4):
                shade = (row[i + 2] // SHADE, row[i + 1] // SHADE,
                         row[i] // SHADE)
                counts[shade] = counts.get(shade, 0) + 1
        return counts

    def first(self, colour, x, y, width, height):
        """Where a colour (red, green, blue) is first, from the top."""
        want = bytes(colour[::-1])
        for at in range(max(y, 0), min(y + height, self.height)):
            row = self.row(at, max(x, 0), min(x + width, self.width))
            for i in range(0, len(row), 4):
                if row[i:i + 3] == want:
                    return x + i // 4, at
        return None

    def write(self, path):
        lines = []
        for y in range(self.height):
            row = bytearray(self.row(y, 0, self.width))
            rgb = bytearray(3 * self.width)
            rgb[0::3], rgb[1::3], rgb[2::3] = row[2::4], row[1::4], row[0::4]
            lines.append(b"\0" + bytes(rgb))
        with open(path, "wb") as file:
            file.write(b"\x89PNG\r\n\x1a\n")
            for kind, data in (
                    (b"IHDR", struct.pack(">2I5B", self.width, self.height, 8,
                                          2, 0, 0, 0)),
                    (b"IDAT", zlib.compress(b"".join(lines), 1)),
                    (b"IEND", b"")):
                file.write(struct.pack(">I", len(data)) + kind + data +
                           struct.pack(">I", zlib.crc32(kind + data)))
