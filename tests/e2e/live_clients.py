# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of others read a running story while it gains, edits and withdraws
updates and its root is replaced: in slrn, mutt, Gnus and the news account of
Claws Mail its thread is whole at each step.  A client that is missing is a
failure.
"""
import os
import re
import subprocess
import sys

from gateway import HERE, header
sys.path.insert(0, os.path.join(HERE, "..", "plugin"))
import claws_world as claws
from running import EDITED, GROUP, ROOT, TITLES, Story
import tap
from terminal import PATIENCE_S, Terminal

# What happens, how many articles it brings, and what it does to the page.
STEPS = (
    ("from the start", 4, lambda page: None),
    ("updates come", 2, lambda page: page.gain(4, 5)),
    ("one is edited", 1, lambda page: page.edit(2)),
    ("one is withdrawn", 0, lambda page: page.withdraw(4)),
    ("the root is replaced", 1, lambda page: page.edit_root()),
    ("the replaced root gets an update", 1, lambda page: page.gain(6)),
    ("all of it at once", 3, lambda page: (page.edit_root(), page.edit(3),
                                           page.gain(7))),
)
REPLACED = 4

NEWS_FOLDER = f"""  <folder type="news" name="live" account_id="2">
    <folderitem type="normal" name="{GROUP}" path="{GROUP}" account_id="2"
                threaded="1" thread_collapsed="0" />
  </folder>
</folderlist>
"""


def check_tree(who, what, lines, titles, replaced):
    """lines are (whether it hangs on another one, subject), from the top: one
    thread of what there is, at first with the root as its top."""
    subjects = [subject for _, subject in lines]
    tops = [subject for hangs, subject in lines if not hangs]
    tap.ok(sorted(subjects) == sorted([ROOT] + titles) and
           (len(tops) == 1 if replaced else tops == [ROOT]),
           f"{who}: the thread is whole: {what}", *lines)


class Slrn:
    """It stays in use from the first step to the last."""

    def __init__(self, story):
        home = story.gateway.home
        newsrc, slrnrc = (os.path.join(home, name)
                          for name in (".jnewsrc", ".slrnrc"))
        with open(newsrc, "w", encoding="utf-8") as file:
            file.write(GROUP + ":\n")
        with open(slrnrc, "w", encoding="utf-8") as file:
            file.write('set username "reader"\nset hostname "host.invalid"\n'
                       "set read_active 0\n")
        self.terminal = Terminal(
            "slrn", home, f"env HOME={home} TERM=screen LC_ALL=C.UTF-8 slrn -n "
            f"-h 127.0.0.1 -p {story.port} -f {newsrc} -i {slrnrc}")

    def __enter__(self):
        self.terminal.expect("the group is there", rf"\s4\s+{GROUP}")
        return self

    def __exit__(self, *exception):
        self.terminal.__exit__()

    def lines(self):
        """Of the group; ┌ and ─ stand before what hangs on nothing."""
        found = re.findall(r"^(?:->| *\d+) .*\]  ([ ├└│┌┬─]*)(\w.*?) *$",
                           self.terminal.screen(), re.M)
        return [("├" in tree or "└" in tree, subject)
                for tree, subject in found]

    def look(self, what, titles, replaced):
        """Goes into the group, which asks the server what is new, and out of
        it again, having read nothing."""
        terminal, count = self.terminal, len(titles) + 1
        terminal.type("Enter")
        terminal.expect(f"one thread: {what}", rf"\[{count}/{count} unread\]",
                        r"-- 1/1 \(All\)")
        terminal.type("Escape", "t")
        terminal.wait(lambda: len(self.lines()) == count, PATIENCE_S)
        check_tree("slrn", what, self.lines(), titles, replaced)
        terminal.type("q")
        terminal.wait(lambda: re.search(r"jnewsrc\S* \.\.\. done",
                                        terminal.screen()), PATIENCE_S)


class Gnus:
    """An Emacs that stays from the first step to the last."""

    def __init__(self, story):
        self.home = os.path.join(story.gateway.home, "gnus")
        os.mkdir(self.home)
        self.env = dict(os.environ, HOME=self.home, GROUP=GROUP,
                        LC_ALL="C.UTF-8", NNTP_PORT=str(story.port))

    def __enter__(self):
        self.emacs = subprocess.Popen(
            ["emacs", "-Q", "--batch", "-l", os.path.join(HERE, "gnus.el")],
            env=self.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        return self

    def __exit__(self, *exception):
        self.emacs.stdin.close()
        self.emacs.stdout.close()
        self.emacs.wait(PATIENCE_S)

    def look(self, what, titles, replaced):
        self.emacs.stdin.write("look\n")
        self.emacs.stdin.flush()
        lines = []
        for line in self.emacs.stdout:
            if not line.strip():
                break
            lines.append((line.startswith(" "), line.strip()))
        check_tree("Gnus", what, lines, titles, replaced)


class Mutt:
    """Reads a Maildir, where what is withdrawn stays (newswire(1), deliver)."""

    def __init__(self, story):
        self.gateway = story.gateway
        self.home = story.gateway.home
        self.box = os.path.join(self.home, "harbour")
        self.withdrawn = []
        with open(os.path.join(self.home, "muttrc"), "w",
                  encoding="utf-8") as file:
            file.write(f'set folder={self.home}\nset sort=threads\n'
                       'set index_format="%Z|%s"\n'
                       "set quit=yes\nunset help\nunset mark_old\n")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def lines(self, terminal):
        """(flags, tree, subject); ┬ and ─ stand before what hangs on a
        message that is not there."""
        return re.findall(r"^(.*)\|([├└│┬─> ]*)(\w.*?) *$", terminal.screen(),
                          re.M)

    def look(self, what, titles, replaced):
        titles = titles + self.withdrawn
        self.gateway.run("deliver", "maildir:" + self.box)
        command = f"env HOME={self.home} TERM=screen LC_ALL=C.UTF-8 mutt -n " \
                  f"-F {self.home}/muttrc -f {self.box}; echo ended; exec cat"
        with Terminal("mutt", self.home, command) as terminal:
            terminal.wait(lambda: len(self.lines(terminal)) == len(titles) + 1,
                          PATIENCE_S)
            lines = self.lines(terminal)
            check_tree("mutt", what, [(tree[:1] in ("├", "└", "│"), subject)
                                      for _, tree, subject in lines],
                       titles, replaced)
            if what == STEPS[0][0]:
                self.mark(terminal, TITLES[2])
            flags = dict((subject, flag) for flag, _, subject in lines)
            if EDITED[2] in titles:
                tap.ok("!" in flags.get(EDITED[2], ""),
                       f"mutt: the edited one has its mark: {what}", *lines)

    def mark(self, terminal, title):
        """As important, and writes that down."""
        terminal.type("/")
        terminal.type(title)
        terminal.type("Enter")
        terminal.type("F")
        terminal.expect("one is marked", rf"!.*\|.*{title}")
        terminal.type("q")
        terminal.expect("it ends", "^ended")


class Claws:
    """The news account of Claws Mail.  It asks for what is new and never again
    for what it has, so that what was replaced or withdrawn stays in it."""

    folder = f"#news/live/{GROUP}"

    def __init__(self, story):
        self.story = story
        self.world = claws.World()

    def __enter__(self):
        self.world.profile(
            claws.FOLDERLIST.replace("</folderlist>\n", NEWS_FOLDER),
            claws.ACCOUNTS +
            claws.news_account(self.story.port, name="live"), claws.SETTINGS)
        self.world.display()
        self.program = self.world.claws()
        tap.ok(self.program, "Claws Mail starts with a news account")
        return self

    def __exit__(self, *exception):
        self.world.close()

    def look(self, what, _, __):
        count = len(self.story.seen)
        self.world.run("claws-mail", "--receive-all")
        claws.wait_for(lambda: self.count() == count)
        tap.ok(self.count() == count,
               f"Claws Mail: all {count} articles are there: {what}",
               self.count())
        self.world.run("claws-mail", "--select", self.folder)

    def count(self):
        return (claws.folder_status(self.world, GROUP) or (0, 0, 0))[2]

    def check_thread(self):
        """By its rule: a message hangs on the one that it answers, else on any
        of its References that is there."""
        claws.ends(self.world, self.program)
        kept = claws.kept(self.world, GROUP)
        kept = {n: a for n, a in self.story.seen.items() if n in kept}
        ids = {header(a, "Message-ID") for a in kept.values()}
        tops = [n for n, a in kept.items() if not ids.intersection(
            (header(a, "References") or "").split())]
        tap.ok(len(kept) == len(self.story.seen) and tops == [1],
               "Claws Mail: the thread is whole in the end", kept.keys(), tops)


def main():
    with Story() as story:
        story.step()
        with Slrn(story) as slrn, Gnus(story) as gnus, Mutt(story) as mutt, \
                Claws(story) as account:
            for i, (what, count, change) in enumerate(STEPS):
                before = len(story.seen) if i else 0
                change(story.page)
                there = story.step()
                tap.ok(len(story.seen) == before + count and
                       len(there) == len(story.page.titles()) + 1,
                       f"the group has what there is: {what}", *there.values())
                if what == "one is withdrawn":
                    mutt.withdrawn = [TITLES[4]]
                for client in (slrn, gnus, mutt, account):
                    client.look(what, story.page.titles(), i >= REPLACED)
            account.check_thread()
    tap.done()


main()
