# SPDX-License-Identifier: GPL-3.0-or-later
"""slrn, tin and neomutt, each on a terminal: the live group is one thread, a
text is read, letters of several scripts are shown, and a search finds what is
there; the server refuses them nothing that is not known here."""
import os
import re

from reading import LIVE, PAPER, Reading, tap
from gateway import text
from terminal import PATIENCE_S, Terminal

SECONDS = 180
ROWS = 40
BAKERY = "Пекарня, що прокидається о третій ночі"
# A word of its text that no subject has.
IN_EELGRASS = "plough"


def write(world, name, words):
    path = os.path.join(world.home, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(words)
    return path


def start(world, name, command):
    return Terminal(name, world.home,
                    f"env HOME={world.home} TERM=screen LC_ALL=C.UTF-8 "
                    f"{command}; echo {name} ended $?; exec cat", ROWS)


def enter(terminal, *words):
    """Types into a prompt that is open."""
    terminal.run("send-keys", *words, "Enter")


def answered(world, command, code="221"):
    """Whether the server has answered such a command so."""
    return any(reply[:3] == code for _, reply in world.dialogue.asked(command))


def highest(world):
    """What they take for the count before they have opened the group: those
    numbers that are none they do not know yet."""
    return max(world.groups[LIVE]) - min(world.groups[LIVE]) + 1


def check_thread(world, name, lines):
    """lines are (the tree before it, subject) from the top.  Subjects may be
    cut short at the edge of the screen."""
    want = [s for s in world.subjects(LIVE) if s != world.root()]
    top, below = lines[:1], lines[1:]
    tap.ok(len(top) == 1 and not re.search(r"[├└+`]", top[0][0]) and
           world.root().startswith(top[0][1][:20]) and
           len(below) == len(want) and
           all(re.search(r"[├└+`]", tree) and
               any(s.startswith(title.strip()[:40]) for s in want)
               for tree, title in below),
           f"{name}: the group is one thread below its root", *lines)


def first_words(world, group, title):
    """Of a text, as they are on the first of its lines."""
    return re.escape(text(world.article(group, title))[:40])


def slrn(world):
    newsrc = write(world, "slrn-newsrc", f"{PAPER}:\n{LIVE}:\n")
    macro = os.path.join(os.environ.get("srcdir", "."), "gateway", "post",
                         "slrn-multipart.sl")
    rc = write(world, "slrnrc", 'set username "reader"\n'
               'set hostname "host.invalid"\nset read_active 0\n'
               f'interpret "{os.path.abspath(macro)}"\n')
    command = f"slrn -n -h 127.0.0.1 -p {world.port} -f {newsrc} -i {rc}"
    with start(world, "slrn", command) as terminal:
        terminal.expect("the groups and their counts", rf"\s8\s+{PAPER}",
                        rf"\s{highest(world)}\s+{LIVE}")
        terminal.type("Enter")
        terminal.expect("subjects in their scripts", BAKERY,
                        "Der Deich wächst")
        terminal.type("s")
        enter(terminal, "eelgrass")
        terminal.expect("a search goes to its subject",
                        r"^->.*Eelgrass meadows")
        terminal.type("Enter")
        terminal.expect("the text without its MIME", "Eelgrass meadows",
                        first_words(world, PAPER, "Eelgrass"))
        terminal.lacks("the text without its MIME", "Content-Type")
        terminal.type("q")
        terminal.expect("back at the groups", rf"\s7\s+{PAPER}")
        terminal.type("Down")
        terminal.type("Enter")
        terminal.expect("the thread, folded", r"-- 1/1 \(All\)")
        # It asks by a pattern for all that follow the root.
        terminal.type("Escape", "C-p")
        terminal.wait(lambda: answered(world, "XPAT References "), PATIENCE_S)
        tap.ok(answered(world, "XPAT References "),
               "slrn: it searches for what follows an article",
               world.dialogue.tail(), terminal.screen())
        terminal.wait(lambda: len(slrn_lines(terminal)) ==
                      len(world.groups[LIVE]), PATIENCE_S)
        check_thread(world, "slrn", slrn_lines(terminal))
        terminal.type("q")
        terminal.expect("back at the groups", rf"\s{LIVE}")
        terminal.type("q")
        terminal.expect("it asks before it ends", r"really want to quit")
        terminal.type("y")
        terminal.expect("it ends without an error", r"^slrn ended 0")
    # What it asks to learn what there is, before it opens a group.
    world.check_refused("slrn", "XOVER -> 412", "XHDR Path -> 412",
                        "XPAT -> (501|412)")


def slrn_lines(terminal):
    return re.findall(r"^(?:->| *\d+) .*\]  ([ ├└│┌┬─]*)(\w.*?) *$",
                      terminal.screen(), re.M)


def tin(world):
    write(world, ".newsrc", f"{PAPER}:\n{LIVE}:\n")
    # Without a mailcap it would ask for each part whether to save it.
    write(world, ".tin/tinrc", "metamail_prog=\nbeginner_level=OFF\n"
          "show_description=ON\n")
    with start(world, "tin",
               f"tin -r -g 127.0.0.1 -p {world.port}") as terminal:
        terminal.expect("the groups and their names",
                        rf"8 +{PAPER} +The Saltmarsh Ledger",
                        rf"{highest(world)} +{LIVE} +Storm Odile")
        terminal.type("j")
        terminal.type("Enter")
        terminal.expect("the thread, folded",
                        rf"{len(world.groups[LIVE])} .*{world.root()}")
        terminal.type("l")
        terminal.expect("the thread", "List Thread")
        check_thread(world, "tin", re.findall(
            r"^ +\d+ +[o+]? +\[ *\d+\] +([+`]->)?(.{30,50}?)  ",
            terminal.screen(), re.M))
        terminal.type("Enter")
        terminal.expect("the text of the root",
                        first_words(world, LIVE, "Storm Odile"))
        for _ in range(3):
            terminal.type("q")
        terminal.expect("back at the groups", "Group Selection")
        terminal.type("k")
        terminal.type("Enter")
        terminal.expect("subjects in their scripts", BAKERY,
                        "Der Deich wächst")
        terminal.type("/")
        enter(terminal, "council")
        terminal.wait(lambda: "Search" not in terminal.screen(), PATIENCE_S)
        terminal.type("Enter")
        terminal.expect("a search goes to its subject", "Council splits",
                        first_words(world, PAPER, "Council"))
        terminal.type("q")
        terminal.type("B")
        enter(terminal, IN_EELGRASS)
        terminal.expect("a search in the texts", "Eelgrass meadows",
                        IN_EELGRASS)
        terminal.type("Q")
        terminal.expect("it ends without an error", r"^tin ended 0")
    world.check_refused("tin")


def neomutt(world):
    newsrc = write(world, "neomutt-newsrc", f"{PAPER}:\n{LIVE}:\n")
    rc = write(world, "neomuttrc", f"""
set news_server = "news://127.0.0.1:{world.port}"
set newsrc = {newsrc}
set news_cache_dir = {world.home}/neomutt-cache
set folder = {world.home}
set spoolfile = {world.home}/mbox
set from = reader@host.invalid
set use_threads = threads
set sort = date
set index_format = "%4C|%s"
set quit = yes
set catchup_newsgroup = no
unset help
ignore *
unignore from subject
alternative_order text/plain
""")
    with start(world, "neomutt", f"neomutt -n -F {rc} -G") as terminal:
        terminal.expect("the groups and their names",
                        rf"8 +{PAPER} +The Saltmarsh Ledger",
                        rf"{highest(world)} +{LIVE} +Storm Odile")
        terminal.type("Enter")
        terminal.expect("subjects in their scripts", BAKERY,
                        "Der Deich wächst")
        for pattern, title in (("~s пекарня", BAKERY),
                               (f"~b {IN_EELGRASS}", "Eelgrass meadows")):
            terminal.type("l")
            terminal.expect("it asks what to look for", "^Limit to")
            terminal.run("send-keys", "C-u")
            enter(terminal, pattern)
            terminal.expect(f"a search finds {title}", rf"^ +\d+\|{title}",
                            r"Msgs:1/8")
        terminal.type("Enter")
        terminal.expect("the text", "^Subject: Eelgrass meadows",
                        first_words(world, PAPER, "Eelgrass"))
        terminal.type("i")
        terminal.expect("back at the group", r"Msgs:1/8")
        terminal.type("i")
        terminal.expect("it asks for a group", "^Open newsgroup")
        terminal.run("send-keys", "C-u")
        enter(terminal, LIVE)
        terminal.wait(lambda: len(neomutt_lines(terminal)) ==
                      len(world.groups[LIVE]), PATIENCE_S)
        check_thread(world, "neomutt", neomutt_lines(terminal))
        terminal.type("q")
        terminal.expect("it ends without an error", r"^neomutt ended 0")
    # It looks whether these are known before it opens a group; STARTTLS it
    # tries also where that is not offered.
    world.check_refused("neomutt", "STAT -> 412", "XOVER -> 412",
                        "STARTTLS -> (500|502|580)")


def neomutt_lines(terminal):
    return re.findall(r"^ +\d+\|([├└│┬─> ]*)(\w.*?) *$", terminal.screen(),
                      re.M)


with Reading(SECONDS) as world:
    for client in (slrn, tin, neomutt):
        world.dialogue.forget()
        client(world)
tap.done()
