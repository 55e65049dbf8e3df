# SPDX-License-Identifier: GPL-3.0-or-later
"""Edited articles take the place of their earlier revisions, with what the reader
has done to them, or come beside them; an article in two groups comes once."""
import mailbox
import os

from mailboxes import KINDS, Store, article, numbers, read
import tap


def flags(path):
    """Number to flags, of a Maildir."""
    box = mailbox.Maildir(path, create=False)
    return {numbers([box.get_bytes(key)])[0]: box.get_message(key).get_flags()
            for key in box.keys()}


def mark(path, number, flag):
    """As a reader does."""
    box = mailbox.Maildir(path, create=False)
    for key in box.keys():
        if numbers([box.get_bytes(key)]) == [number]:
            message = box.get_message(key)
            message.set_flags(flag)
            message.set_subdir("cur")
            box[key] = message


def by_number(path):
    box = mailbox.MH(path, create=False)
    return {key: numbers([box.get_bytes(key)])[0] for key in box.keys()}, \
        box.get_sequences()


def replaced(store):
    maildir, mh = store.box("maildir"), store.box("mh")
    targets = [store.target(kind, kind) for kind in KINDS]
    store.post("e2e.mail", *(article(n) for n in range(1, 5)))
    for target in targets:
        store.deliver(target)
    mark(maildir, 1, "RS")
    mark(maildir, 2, "F")
    box = mailbox.MH(mh, create=False)
    box.set_sequences({"unseen": [3, 4], "flagged": [1], "replied": [2]})
    store.post("e2e.mail", article(11, b"Edited.\n", supersedes=1))
    store.post("e2e.mail", article(12, b"Edited.\n", supersedes=2))
    store.post("e2e.mail", article(22, b"Edited again.\n", supersedes=12))
    store.post("e2e.mail", article(13, b"Edited.\n", supersedes=3))
    said = [store.deliver(target) for target in targets]
    got = flags(maildir)
    tap.ok(got == {11: "RS", 22: "F", 13: "", 4: ""},
           "Maildir: a new revision has the flags of the one that was there",
           got, said)
    tap.ok("3 in the place of an earlier one" in said[1],
           "and that is told", said)
    got, sequences = by_number(mh)
    tap.ok(got == {1: 11, 2: 22, 3: 13, 4: 4},
           "MH: it has the number of that one", got)
    tap.ok(sequences == {"unseen": [3, 4], "flagged": [1], "replied": [2]},
           "so that the sequences are right", sequences)
    got = numbers(read("mbox", store.box("mbox")))
    tap.ok(got == [1, 2, 3, 4, 11, 13, 22], "mbox: it is appended", got)
    tap.ok(sorted(read("maildir", maildir)) == sorted(store.mails("e2e.mail"))
           == sorted(read("mh", mh)),
           "then the mailboxes hold what the news server has")


def appended(store):
    for number, kind in enumerate(KINDS, 100):
        target = store.target(kind, "append", kind)
        store.deliver("--edits", "append", target)
        before = numbers(read(kind, store.box("append", kind)))
        store.post("e2e.mail", article(number, supersedes=before[-1]))
        store.deliver("--edits", "append", target)
        got = numbers(read(kind, store.box("append", kind)))
        tap.ok(len(got) == len(before) + 1 and got[:-1] == before,
               f"{kind}: --edits append keeps both", before, got)


def two_groups(store):
    both = article(200, group=b"e2e.one,e2e.two")
    store.post("e2e.one", both)
    store.post("e2e.two", both, article(201, group=b"e2e.two"))
    for kind in KINDS:
        store.deliver(store.target(kind, "two", kind), "e2e.one,e2e.two")
        got = numbers(read(kind, store.box("two", kind)))
        tap.ok(got == [200, 201],
               f"{kind}: what is in two groups comes once to one mailbox", got)
        store.deliver(store.target(kind, "two", "{group}", kind), "e2e.one",
                      "e2e.two")
        got = [numbers(read(kind, store.box("two", group, kind)))
               for group in ("e2e.one", "e2e.two")]
        tap.ok(got == [[200], [200, 201]],
               f"{kind}: and to the mailbox of each", got)


def deleted(store):
    """What a reader has deleted stays so."""
    path = store.box("deleted")
    store.deliver(store.target("maildir", "deleted"), "e2e.two")
    folder = os.path.join(path, "new")
    os.unlink(os.path.join(folder, sorted(os.listdir(folder))[0]))
    said = store.deliver(store.target("maildir", "deleted"), "e2e.two")
    tap.ok(": 0 articles" in said and len(os.listdir(folder)) == 1,
           "a message that was deleted does not come back", said)


def main():
    with Store() as store:
        replaced(store)
        appended(store)
        two_groups(store)
        deleted(store)
    tap.done()


main()
