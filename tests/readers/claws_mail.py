# SPDX-License-Identifier: GPL-3.0-or-later
"""The news account of Claws Mail reads: both groups come in, a thread hangs
together, texts are shown in their scripts, and a search finds words of subjects
and of texts."""
import os

from reading import LIVE, PAPER, Reading, tap
import atspi
import claws_world as claws
from gateway import header, subject, text

SECONDS = 120
FOLDERS = "".join(
    f'<folderitem type="normal" name="{group}" path="{group}" account_id="2" '
    'threaded="1" thread_collapsed="0" />\n' for group in (PAPER, LIVE))
NEWS = f"""<folder type="news" name="news" account_id="2">
{FOLDERS}</folder>
</folderlist>
"""


def folder(group, *more):
    return "/".join((f"#news/news/{group}",) + more)


def reads(world, desktop, group, title):
    """The text is in the pane for a screen reader, and so on the screen."""
    article = world.article(group, title)
    desktop.run("claws-mail", "--select",
                folder(group, str(world.number(group, title))))
    want = text(article).split("[image:")[0].strip()[:60]
    pane = ""

    def there():
        nonlocal pane
        pane = " ".join(atspi.longest(desktop, "claws-mail").split())
        return want in pane and subject(article) in pane

    tap.ok(claws.wait_for(there), f"Claws Mail: the text of {title}", want,
           pane[:500], world.dialogue.tail())


def searches(world, desktop, kind, request, want):
    """It prints the files of what it found, named by their numbers."""
    done = desktop.run("claws-mail", "--search", folder(PAPER), kind, request)
    found = sorted(int(os.path.basename(line))
                   for line in done.stdout.splitlines()
                   if os.path.basename(line).isdigit())
    tap.ok(found == want, f"Claws Mail: a search finds {request}", want,
           done.stdout, done.stderr, world.dialogue.tail())


def thread(world, desktop, program):
    """By its rule, on what it kept: a message hangs on one of its References
    that is there."""
    claws.ends(desktop, program)
    kept = claws.kept(desktop, LIVE)
    articles = {n: a for n, a in world.groups[LIVE].items() if n in kept}
    tap.ok(len(articles) == len(world.groups[LIVE]),
           "Claws Mail: it keeps the whole group", *kept)
    ids = {header(a, "Message-ID") for a in articles.values()}
    tops = [subject(a) for a in articles.values()
            if not ids.intersection((header(a, "References") or "").split())]
    tap.ok(tops == [world.root()], "Claws Mail: one thread", *tops)


with Reading(SECONDS) as world, claws.World() as desktop:
    desktop.profile(claws.FOLDERLIST.replace("</folderlist>\n", NEWS),
                    claws.ACCOUNTS + claws.news_account(world.port), claws.SETTINGS)
    atspi.turn_on(desktop)
    program = desktop.claws()
    tap.ok(program, "Claws Mail starts with a news account")
    desktop.run("claws-mail", "--receive-all")
    for group in (PAPER, LIVE):
        count = len(world.groups[group])
        status = claws.wait_for(lambda: (claws.folder_status(desktop, group)
                                         or (0, 0, 0))[2] == count)
        tap.ok(status, f"Claws Mail: all {count} articles of {group}",
               claws.folder_status(desktop, group), world.dialogue.tail())
    reads(world, desktop, LIVE, world.root())
    reads(world, desktop, PAPER, "Пекарня")
    searches(world, desktop, "s", "ferry", [world.number(PAPER, "Ferry")])
    searches(world, desktop, "e", 'b "plough"',
             [world.number(PAPER, "Eelgrass")])
    thread(world, desktop, program)
    world.check_refused("Claws Mail")
tap.done()
