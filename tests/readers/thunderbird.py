# SPDX-License-Identifier: GPL-3.0-or-later
"""Thunderbird reads: a group opens as one thread, text, pictures and letters
of several scripts are shown, it searches on the server and at home, takes
what is new, and reads on without the server.  THUNDERBIRD_PICTURES names a
folder for pictures of its window, for the eye.
"""
import os

from reading import LIVE, PAPER, Reading, tap
from desktop import Desktop
from gateway import subject, text
from marionette import Thunderbird

SECONDS = 240

OPEN = """
    const [name, count] = words;
    pane.displayFolder(folder(name).URI);
    await until(() => folder(name).getTotalMessages(false) == count &&
                      pane.gDBView.msgFolder == folder(name) &&
                      pane.gDBView.rowCount);
    pane.gDBView.doCommand(Ci.nsMsgViewCommandType.expandAll);
    await until(() => pane.gDBView.rowCount == count);
    return rows(pane.gDBView);
"""
READ = """
    const [title] = words;
    const row = rows(pane.gDBView).findIndex(([, s]) => s == title);
    pane.threadTree.selectedIndex = row;
    const body = () => pane.messageBrowser.contentWindow.document
        .getElementById("messagepane").contentDocument;
    const id = pane.gDBView.getMsgHdrAt(row).messageId;
    await until(() => decodeURIComponent(body().URL).includes(id) &&
                      body().readyState == "complete" &&
                      body().body.innerText.trim());
    const pictures = () => [...body().images].map(i => i.naturalWidth);
    await until(() => pictures().every(width => width));
    return {text: body().body.innerText, pictures: pictures()};
"""
# The dialogue of Edit, Find, Search Messages, with its box for the server.
SEARCH = """
    const [name, word] = words;
    const dialogue = window.openDialog(
        "chrome://messenger/content/SearchDialog.xhtml", "_blank",
        "chrome,resizable,dialog=no", {folder: folder(name)});
    const find = id => dialogue.document.querySelector(id);
    await until(() => find("#searchTermList input"));
    const online = find("#checkSearchOnline");
    if (!online.checked) online.click();
    find("#searchTermList input").value = word;
    // The button says Stop as long as it searches.
    const state = () => find("#search-button").getAttribute("data-l10n-id") ||
        find("#search-button").label;
    const idle = state();
    find("#search-button").click();
    await until(() => state() != idle);
    await until(() => state() == idle);
    const found = rows(find("#threadTree").view).map(row => row[1]);
    dialogue.close();
    return found;
"""
QUICK = """
    const [word, count] = words;
    const bar = pane.quickFilterBar;
    const all = pane.gDBView.rowCount;
    bar.filterer.visible = true;
    bar.filterer.setFilterValue("text", {text: word, states: {
        sender: true, recipients: true, subject: true, body: false}});
    bar.updateSearch();
    await until(() => pane.gDBView.rowCount == count);
    const found = rows(pane.gDBView).map(row => row[1]);
    bar._showFilterBar(false);
    await until(() => pane.gDBView.rowCount == all);
    return found;
"""
NEWS = """
    const [name, count] = words;
    folder(name).getNewMessages(null, null);
    await until(() => folder(name).getTotalMessages(false) == count);
    pane.gDBView.doCommand(Ci.nsMsgViewCommandType.expandAll);
    return folder(name).getTotalMessages(false);
"""
OFFLINE = """
    const [name, count] = words;
    const kept = () => [...folder(name).messages].filter(
        m => folder(name).hasMsgOffline(m.messageKey)).length;
    folder(name).setFlag(Ci.nsMsgFolderFlags.Offline);
    folder(name).downloadAllForOffline(null, null);
    await until(() => kept() == count);
    Services.io.offline = true;
    return kept();
"""
GROUPS = """
    const names = [];
    const listed = server.QueryInterface(Ci.nsISubscribableServer);
    await new Promise(resolve => {
        listed.subscribeListener = {OnDonePopulating: resolve};
        listed.startPopulating(null, true, false);
        window.setTimeout(resolve, PATIENCE);
    });
    // To Thunderbird 140 it is an error that there are none.
    const children = path => {
        try { return listed.getChildURIs(path); } catch (error) { return []; }
    };
    const walk = path => {
        for (const child of children(path)) {
            names.push(child);
            walk(child);
        }
    };
    walk("");
    return names;
"""


def same(got, want, what):
    tap.ok(got == want, f"Thunderbird: {what}", f"expected: {want!r}",
           f"got:      {got!r}")


def words(string):
    return " ".join(string.split())


def opens(world, bird):
    rows = bird.run(OPEN, LIVE, len(world.groups[LIVE]))
    same(rows[:1], [[0, world.root()]], "the root is the top of its group")
    same(sorted(rows[1:]), sorted([1, s] for s in world.subjects(LIVE)
                                  if s != world.root()),
         "each update hangs on it")
    tap.ok(world.dialogue.asked("XOVER "), "Thunderbird: it asked by XOVER",
           world.dialogue.tail())


def reads(world, bird, group, title):
    article = world.article(group, title)
    shown = bird.run(READ, subject(article))
    first = words(text(article)).split(". ")[0].split("[image:")[0]
    tap.ok(first in words(shown["text"]),
           f"Thunderbird: the text of {title}", first, shown["text"])
    tap.ok(all(width > 10 for width in shown["pictures"]) and
           len(shown["pictures"]) == article.count("\r\nContent-ID: "),
           f"Thunderbird: its pictures: {title}", shown["pictures"])


def searches(world, bird):
    rows = bird.run(OPEN, PAPER, len(world.groups[PAPER]))
    same(sorted(rows), sorted([0, s] for s in world.subjects(PAPER)),
         "eight stories, none under another, in their scripts")
    for word in ("the", "Ferry"):
        same(sorted(bird.run(SEARCH, PAPER, word)), world.found(PAPER, word),
             f"a search on the server finds {word}")
    asked = world.dialogue.asked("XPAT ")
    tap.ok(asked and all(reply[:3] == "221" for _, reply in asked),
           "Thunderbird: it searched by XPAT", *asked)
    for word in ("eelgrass", "пекарня"):
        want = world.found(PAPER, word)
        same(bird.run(QUICK, word, len(want)), want,
             f"the quick filter finds {word}")


def grows(world, bird):
    tap.ok(world.grow() > 0, "updates come")
    count = len(world.groups[LIVE])
    same(bird.run(NEWS, LIVE, count), count, "it takes what is new")


def without_server(world, bird):
    titles = [s for s in world.subjects(PAPER) if s.startswith("Ferry")]
    count = len(world.groups[PAPER])
    same(bird.run(OFFLINE, PAPER, count), count, "all articles are kept")
    world.server.process.terminate()
    reads(world, bird, PAPER, titles[0])


def picture(bird, name):
    folder = os.environ.get("THUNDERBIRD_PICTURES")
    if folder:
        bird.marionette.picture(os.path.join(folder, name + ".png"))


def main():
    with Reading(SECONDS) as world, Desktop() as desktop, \
            Thunderbird(desktop, world.port, (PAPER, LIVE)) as bird:
        same([name for name in bird.run(GROUPS) if "." in name], [PAPER, LIVE],
             "the groups to subscribe to")
        opens(world, bird)
        reads(world, bird, LIVE, world.root())
        picture(bird, "thread")
        searches(world, bird)
        for title in ("Пекарня", "Eelgrass", "Der Deich"):
            reads(world, bird, PAPER, title)
            picture(bird, title.split()[0])
        grows(world, bird)
        world.check_refused("Thunderbird")
        without_server(world, bird)
        bird.ends()
    tap.done()


if __name__ == "__main__":
    main()
