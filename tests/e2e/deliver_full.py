# SPDX-License-Identifier: GPL-3.0-or-later
"""A disk that is full: a clear error, nothing lost, nothing twice, the mailbox
readable; with room, the next run completes it.  By a limit of the size of files,
and, where one may be mounted, on a small file system in memory."""
import os
import resource
import subprocess

from gateway import TIMEOUT
from mailboxes import KINDS, Store, article, numbers, read
import tap

ARTICLES = 60
LARGE = b"A line of a large article that is not very long in itself.\n" * 900


def limited(store, size, *args):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return subprocess.run(store.command(*args), env=store.env,
                          capture_output=True, timeout=TIMEOUT, check=False,
                          preexec_fn=limit)


def whole(kind, path):
    """The numbers in a mailbox; None when a message is not whole."""
    messages = read(kind, path)
    if any(not message.endswith(b"A body.\n") and
           not message.endswith(LARGE) for message in messages):
        return None
    return numbers(messages)


def check_failed(kind, store, done, path, word):
    said = done.stderr.decode()
    tap.ok(done.returncode == 74 and path in said and word in said,
           f"{kind}: the error names the file and what to do",
           done.returncode, said)
    got = whole(kind, path)
    tap.ok(got is not None and len(set(got)) == len(got) < ARTICLES,
           f"{kind}: what is there is whole, and there once", got)
    text = store.run("status").stdout.decode()
    tap.ok(word in text, f"{kind}: status tells it", text)


def check_completed(kind, store, path, *target):
    store.deliver(*target)
    got = whole(kind, path)
    tap.ok(got == list(range(ARTICLES)),
           f"{kind}: with room, the next run completes it", got)
    said = store.deliver(*target)
    tap.ok(": 0 articles" in said, f"{kind}: and no further one is needed",
           said)


def by_limit(store):
    for kind in KINDS:
        path = store.box(kind)
        target = store.target(kind, kind)
        # Room for some articles in one file, but not for a large one in its
        # own; the store itself is larger than that already.
        done = limited(store, 50000, "deliver", target)
        said = done.stderr.decode()
        if "newswire.db" in said:
            tap.ok(False, "the limit hit the store", said)
        check_failed(kind, store, done, path, "limit of its size")
        check_completed(kind, store, path, target)


def mount(folder):
    os.makedirs(folder)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=96k",
                           "newswire-test", folder], capture_output=True,
                          check=False)
    return done.returncode == 0


def on_small_disk(store):
    for kind in KINDS:
        folder = store.box("small", kind)
        if not mount(folder):
            tap.ok(True, f"{kind}: no small file system may be mounted here "
                   "# SKIP")
            continue
        try:
            path = os.path.join(folder, "box")
            target = f"{kind}:{path}"
            done = store.run("deliver", target)
            check_failed(kind, store, done, path, "make room")
            subprocess.run(["mount", "-o", "remount,size=8m", folder],
                           check=True)
            check_completed(kind, store, path, target)
        finally:
            subprocess.run(["umount", folder], check=True)


def main():
    with Store() as store:
        # The cursor is kept in the middle of a batch.
        store.post("e2e.mail", *(
            article(n, LARGE if n % 20 == 19 else b"A body.\n")
            for n in range(ARTICLES)))
        by_limit(store)
        on_small_disk(store)
    tap.done()


main()
