# SPDX-License-Identifier: GPL-3.0-or-later
"""Claws Mail with the plugin, on a desktop that AT-SPI reads and whose window
manager gives dialogs the keyboard, beside a gateway of its own.
"""
import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "readers"),
                os.path.join(HERE, "..", "e2e"),
                os.path.join(HERE, "..", "nntp"), os.path.join(HERE, "..")]
import atspi
from claws_world import ACCOUNTS, FOLDERLIST, LOADED, PLUGIN, SETTINGS, World
from claws_world import folder_status
from desktop import wait_for
from screen import MAIN, PATIENCE_S, Pixels, Screen
import tap

# An update or an edit is told at once, and nothing rests between two requests.
CONFIG = "host-pause = 0\nupdate-pause = 0\npath-host = news.example\n"
# The tree of this computer's gateway.
LOCAL = "Web news"
DONE = ("were imported.", "were exported.", "offline now.")
SUBSCRIBE = "Subscribe to web news"
PROPERTIES = "Properties for folder"
PROGRAMS = ("Xvfb", "claws-mail", "dbus-daemon", "openbox", "xclip",
            "xdotool")
WIDE = """mainwin_width=1080
mainwin_height=760
mainwin_x=5
mainwin_y=5
"""


def limit(seconds):
    """The test fails when it takes longer."""
    def late(*_):
        tap.ok(False, f"it ends within {seconds} s")
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)


def connections(port):
    """How many the server of that port has."""
    found = 0
    for name in "/proc/net/tcp", "/proc/net/tcp6":
        with open(name, encoding="ascii") as file:
            rows = [line.split() for line in file.readlines()[1:]]
        found += sum(row[1].endswith(f":{port:04X}") and row[3] == "01"
                     for row in rows)
    return found


def demand_all():
    """Ends the test as failed, and says why, when something that it cannot do
    without is not on this computer."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    missing += [path for path in (atspi.LAUNCHER, PLUGIN)
                if not os.path.exists(path)]
    try:
        import gi
        gi.require_version("Atspi", "2.0")
    except (ImportError, ValueError) as why:
        missing.append(str(why))
    if missing:
        tap.ok(False, "what drives Claws Mail is installed",
               "missing: " + ", ".join(missing),
               "./autogen.sh --install-deps=check installs programs, and make "
               "makes the plugin")
        tap.done()


class Plugged(World):
    """config is that of this computer's gateway; None: there is none, and no
    folder of it.  (Where that would be is named in any case: for root it is
    the system's.)  folders and settings are more of folderlist.xml and
    clawsrc, where @HOME@ is the folder of this world."""

    def __init__(self, config=CONFIG, folders="", settings=""):
        demand_all()
        super().__init__()
        self.program = self.screen = None
        # That of GTK itself, whatever the computer prefers.
        self.env["GTK_THEME"] = "Adwaita"
        if config is not None:
            os.makedirs(self.env["NEWSWIRE_HOME"])
            with open(os.path.join(self.env["NEWSWIRE_HOME"],
                                   "newswire.conf"), "w",
                      encoding="utf-8") as file:
                file.write(config)
        self.profile(FOLDERLIST.replace("</folderlist>",
                                        folders + "</folderlist>"),
                     ACCOUNTS, SETTINGS + WIDE + settings.replace("@HOME@", self.home) +
                     LOADED % PLUGIN)

    def __enter__(self):
        try:
            self.furnish()
        except BaseException:
            self.close()
            raise
        return self

    def furnish(self):
        self.display()
        self.start("openbox", stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
        # It tells of its desktops once it manages windows.
        if not wait_for(lambda: not self.run("xdotool", "get_num_desktops")
                        .returncode):
            raise RuntimeError("there is no window manager")
        atspi.turn_on(self)
        self.screen = Screen(self)

    def __exit__(self, kind, *_):
        if kind:
            self.screen.shot("failed")
        self.close()

    def rc(self, *path):
        return os.path.join(self.home, ".claws-mail", *path)

    # Starting and ending

    def begin(self, *options):
        """Claws Mail starts; whether its window came."""
        # After a kill -9 the socket of before is still there.
        for left in glob.glob(os.path.join(self.env["XDG_RUNTIME_DIR"],
                                           "claws-mail", "*")):
            os.unlink(left)
        self.program = self.claws(*options)
        return bool(self.program and
                    self.screen.appears(MAIN))

    def finish(self, what, seconds=15):
        """Exit code 0, soon, and no window that nobody expected before."""
        start = time.monotonic()
        self.run("claws-mail", "--exit")
        self.screen.wait(lambda: self.program.poll() is not None)
        took = time.monotonic() - start
        tap.ok(self.program.poll() == 0 and took < seconds,
               f"Claws Mail ends well: {what}", self.program.poll(),
               f"{took:.1f} s", *self.screen.unexpected())
        self.quiet(what)

    def quiet(self, what):
        unexpected = self.screen.unexpected()
        tap.ok(not unexpected, f"no window asks or complains: {what}",
               *unexpected)

    def kill(self):
        self.program.kill()
        self.program.wait()

    # Folders

    def folder(self, group, *more, tree=LOCAL):
        return "/".join((f"#newswire/{tree}/{group}",) + more)

    def select(self, group, number=None, tree=LOCAL):
        more = () if number is None else (str(number),)
        self.run("claws-mail", "--select",
                 self.folder(group, *more, tree=tree))
        # Which is asked of the running program, and nobody waits for; but it
        # answers in turn.
        self.run("claws-mail", "--status")

    def status(self, group):
        """(new, unread, total), None without the folder."""
        return folder_status(self, group)

    def count(self, group):
        return (self.status(group) or (0, 0, 0))[2]

    def comes(self, group, count, seconds=PATIENCE_S):
        """Whether the folder comes to have so many messages."""
        return self.screen.wait(lambda: self.count(group) == count, seconds)

    def tree(self, text):
        """The folder of a tree in folderlist.xml, as that says it, when Claws
        Mail has ended."""
        with open(self.rc("folderlist.xml"), encoding="utf-8") as file:
            return [line for line in file if text in line]

    def search(self, group, condition, tree=LOCAL):
        """The numbers of messages, by Claws Mail's own words for them."""
        done = self.run("claws-mail", "--search",
                        self.folder(group, tree=tree), "e", condition)
        return sorted(int(os.path.basename(line))
                      for line in done.stdout.splitlines()
                      if os.path.basename(line).isdigit())

    def directory(self, group):
        """Where the messages are; None when there are none."""
        found = glob.glob(self.rc("newswire", "**", glob.escape(group)),
                          recursive=True)
        return found[0] if found else None

    def messages(self, group):
        """Number to text of what lies in the folder."""
        folder = self.directory(group)
        found = {}
        for name in os.listdir(folder) if folder else ():
            if name.isdigit():
                with open(os.path.join(folder, name),
                          encoding="utf-8", errors="replace") as file:
                    found[int(name)] = file.read()
        return found

    def number(self, group, words):
        """Of the newest message in whose text (or file) the words are."""
        return max((number for number, text in self.messages(group).items()
                    if words in text), default=None)

    # What was said

    def log(self):
        """What the log window was told."""
        path = self.rc("claws.log")
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()

    def says(self):
        """What the plugin does, by the status bar."""
        return [words for words in self.screen.words(roles=("status bar",))
                if words.startswith("Newswire:") and
                not words.endswith(DONE)]

    def letters_differ(self, window):
        found = self.screen.letters(window)
        twice = [names for names in found.values() if len(names) > 1]
        tap.ok(found and not twice, "each letter with Alt leads to one thing: "
               + window, *twice)

    def check(self):
        """By the menu, and to its end; whether it began."""
        began = self.screen.menu("Tools", "Check web news")
        self.screen.wait(self.says, 2)
        return began and self.rests()

    def rests(self):
        """Whether it comes to have nothing to do."""
        return bool(self.screen.wait(lambda: not self.says()))

    def newswire(self, *words):
        """This computer's gateway is told something."""
        return self.run("newswire", *words)

    def open_subscribe(self):
        """The window "Subscribe to web news"; whether it came."""
        self.screen.expected.append(SUBSCRIBE)
        return (self.screen.menu("Tools", "Subscribe to web news…") and
                self.screen.appears(SUBSCRIBE))

    def subscribe(self, url):
        """Typed into the window, which is then closed; the group, or None and
        the window is left with what it says."""
        before = set(self.groups())
        self.open_subscribe()
        self.screen.fill("Web address", url, SUBSCRIBE)
        self.screen.key("Return")
        if not self.screen.says("Subscribed:", SUBSCRIBE):
            return None
        self.screen.close(SUBSCRIBE)
        new = set(self.groups()) - before
        return new.pop() if len(new) == 1 else None

    def groups(self):
        """The paths of all folders of ours."""
        said = self.run("claws-mail", "--status-full").stdout
        return re.findall(r"#newswire/[^/\n]+/(\S+)$", said, re.M)

    def properties(self, group, tree=LOCAL):
        """Opens the page of the group."""
        self.screen.expected.append(PROPERTIES)
        self.select(group, tree=tree)
        self.popup("Properties...")
        self.screen.page("Web news", PROPERTIES)
        self.screen.find("label", "Keep messages:", PROPERTIES)

    def accept(self):
        """Whether the properties close by OK."""
        self.screen.act("push button", "OK", PROPERTIES)
        return self.screen.wait(lambda: not self.screen.is_open(PROPERTIES))

    def popup(self, name, above=0):
        """Does an entry of the popup of the selected folder by the keyboard,
        as popups have no place in AT-SPI's tree; whether it is there."""
        names = self.open_popup(name, above)
        self.screen.key("Return" if names[-1:] == [name] else "Escape")
        return names[-1:] == [name]

    def popup_names(self, above=0):
        names = self.open_popup(above=above)
        self.screen.key("Escape")
        return names

    def open_popup(self, until=None, above=0):
        """Its entries that can be chosen, up to that one; of the folder so
        many rows above the selected one."""
        x, y, _, height = self.screen.place(self.screen.find("scroll pane"))
        row = self.screen.wait(lambda: Pixels(self.frame()).first(
            SELECTED, x + 4, y, 8, height), 5)
        self.screen.focused = None
        self.screen.click(x + 40, row[1] + 8 - ROW_PX * above, 3)
        self.screen.wait(lambda: self.screen.focused and
                         self.screen.focused[0] == "menu", 5)
        names = []
        while (name := self.screen.down()) and name not in names:
            names.append(name)
            if name == until:
                break
        return names


# The colour of a selected row in that theme; and less than one is high.
SELECTED = (53, 132, 228)
ROW_PX = 16


class Site:
    """sitehttpd beside it; log() is what it was asked for."""

    def __init__(self, world, folder, **options):
        words = [f"--{name.replace('_', '-')}={value}"
                 for name, value in options.items()]
        path = os.path.join(world.home, "site.log")
        with open(path, "ab") as log:
            self.process = world.start(
                os.path.join(os.environ.get("builddir", "."),
                             "tests/tools/sitehttpd"),
                *words, folder, stdout=subprocess.PIPE, stderr=log, text=True)
        self.url = self.process.stdout.readline().strip().rstrip("/")
        self.port = int(self.url.rsplit(":", 1)[1])
        self.path = path

    def log(self):
        with open(self.path, encoding="utf-8") as file:
            return file.read()

    def stop(self):
        self.process.terminate()
        self.process.wait()
