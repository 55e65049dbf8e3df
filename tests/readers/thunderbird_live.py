# SPDX-License-Identifier: GPL-3.0-or-later
"""Thunderbird has a live thread open while updates come, one is edited and
replaced, one is withdrawn and the root itself is replaced: it takes what is
new, says of what is gone that it is gone, and cleans up when it is told to."""
from reading import limit, tap
from desktop import Desktop
from marionette import Thunderbird
from recorder import Recorder
from running import EDITED, GROUP, ROOT, Story
from thunderbird import NEWS, OPEN, same

SECONDS = 240

# The page in the place of a text, and its button.
MISSING = """
    const [title, reply] = words;
    const body = () => pane.messageBrowser.contentWindow.document
        .getElementById("messagepane").contentDocument;
    pane.threadTree.selectedIndex =
        rows(pane.gDBView).findIndex(([, s]) => s == title);
    await until(() => body().URL.startsWith("about:newserror") &&
                      body().body.innerText.includes(reply));
    return body().body.innerText;
"""
# It takes them away one by one.
CLEAN = """
    const [titles] = words;
    const text = list => JSON.stringify(list.sort());
    pane.messageBrowser.contentWindow.document.getElementById("messagepane")
        .contentDocument.querySelector("#errorTryAgain").click();
    await until(() => text(rows(pane.gDBView).map(row => row[1])) ==
                      text(titles));
    return rows(pane.gDBView);
"""
# Before it, Thunderbird puts the next message on top of a thread whose first one
# has gone, though that was replaced.
KEEPS_TOP = 153


def main():
    with Story() as story, Recorder(story.port) as dialogue, \
            Desktop() as desktop, \
            Thunderbird(desktop, dialogue.port, (GROUP,)) as bird:
        limit(SECONDS, dialogue)
        titles = story.page.titles()
        story.step()
        same(bird.run(OPEN, GROUP, len(titles) + 1),
             [[0, ROOT]] + [[1, title] for title in titles], "one thread")
        withdrawn = story.page.title(2)
        story.page.withdraw(2)
        story.page.edit(3)
        story.page.gain(4)
        story.page.edit_root()
        there = story.step()
        same(bird.run(NEWS, GROUP, len(story.seen)), len(story.seen),
             "it takes what is new")
        reply = "no article has this number"
        said = bird.run(MISSING, withdrawn, reply)
        tap.ok(reply in said,
               "Thunderbird: it says what the server says of one that is gone",
               said, dialogue.tail())
        titles = story.page.titles()
        rows = bird.run(CLEAN, [ROOT] + titles)
        top = [title for level, title in rows if level == 0]
        tap.ok(sorted(title for _, title in rows) == sorted([ROOT] + titles) and
               len(rows) == len(there) and len(top) == 1 and
               (top == [ROOT] or bird.version() < KEEPS_TOP) and
               EDITED[3] in titles,
               "Thunderbird: what is gone goes, and the thread is whole",
               *rows, dialogue.tail())
        bird.ends()
    tap.done()


main()
