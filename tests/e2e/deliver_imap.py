# SPDX-License-Identifier: GPL-3.0-or-later
"""newswire deliver and a real IMAP server: two groups, twice, killed in the
middle, and a server that is not to be trusted."""
import email
import os
import re
import signal
import subprocess
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
import dovecot
from gateway import Gateway, Scripted, header
import tap

ITEMS = 12
GROUPS = ("e2e.world", "e2e.science")
USER = urllib.parse.quote(dovecot.USER, safe="")


def feed(base, name, more=""):
    items = "".join(
        f"<item><title>{name} {n}</title><link>{base}/{name}-{n}.html</link>"
        f"<guid>{base}/{name}-{n}.html</guid><pubDate>Sat, 26 Jul 2025 "
        f"10:{n:02}:00 GMT</pubDate><description>Teaser.{more}</description></item>"
        for n in range(ITEMS))
    return (f"<?xml version='1.0'?><rss version='2.0'><channel><title>{name}"
            f"</title><link>{base}/</link><description>d</description>{items}"
            f"</channel></rss>").encode()


def page(name, n, more=""):
    text = "".join(f"<p>Paragraph {i} of {name} {n} has a few words that say "
                   f"that it is a story of its own.</p>" for i in range(8)) + more
    return (f"<!DOCTYPE html><html lang=en><title>{name} {n}</title>"
            f"<article><h1>{name} {n}: für Łukasz</h1>{text}</article></html>"
            ).encode()


class Publisher:
    server = None
    edit = ""

    def answer(self, path):
        if path.startswith("/feed-"):
            return 200, {}, feed(self.server.url, path[6:],
                                 self.edit and " Edited.")
        found = re.fullmatch(r"/(\w+)-(\d+)\.html", path)
        if not found:
            return 404, {}, b""
        return 200, {"Content-Type": "text/html; charset=utf-8"}, \
            page(found[1], int(found[2]), self.edit)


def configure(gateway, target, server):
    with open(os.path.join(gateway.home, "newswire.conf"), "w",
              encoding="utf-8") as file:
        file.write(f'host-pause = 0\ndeliver "{target}" {{\n'
                   f'  password-file = {server.passwords}\n'
                   f'  ca-file = {server.ca}\n}}\n')


def deliver(gateway, target, *groups):
    done = gateway.run("deliver", target, *groups)
    return done.returncode, done.stderr.decode()


def arrived(client, names):
    """Message-IDs in the order of their UIDs, for each group."""
    found = {}
    for group, name in names.items():
        found[group] = [
            email.message_from_bytes(text)["Message-ID"]
            for _, (_, _, text) in sorted(
                dovecot.messages(client, name).items())]
    return found


def wanted(gateway):
    return {group: [header(article, "Message-ID") for _, article in
                    sorted(gateway.articles(group).items())]
            for group in GROUPS}


def folders(prefix):
    return {group: f"{prefix}/{group}" for group in GROUPS}


def arrives(gateway, server, scheme, prefix):
    with dovecot.Proxy(server.imaps if scheme == "imaps" else server.imap
                       ) as proxy:
        target = f"{scheme}://{USER}@127.0.0.1:{proxy.port}/{prefix}/{{group}}"
        configure(gateway, target, server)
        code, said = deliver(gateway, target)
        logins = proxy.accepted
        arrived_once(gateway, server, target, prefix, (code, said, logins))


def arrived_once(gateway, server, target, prefix, first):
    code, said, logins = first
    client = server.client()
    found = arrived(client, folders(prefix))
    tap.ok(code == 0 and found == wanted(gateway),
           f"all articles of two groups, in their order: {prefix}", said,
           found)
    tap.ok(logins == 1, "with one login", logins)
    uids = {group: list(dovecot.messages(client, name))
            for group, name in folders(prefix).items()}
    code, said = deliver(gateway, target)
    again = {group: list(dovecot.messages(client, name))
             for group, name in folders(prefix).items()}
    tap.ok(code == 0 and uids == again, "a second time changes nothing", said)
    text = next(iter(dovecot.messages(
        client, folders(prefix)[GROUPS[0]]).values()))[2]
    message = email.message_from_bytes(text, policy=email.policy.default)
    tap.ok("für Łukasz" in message["Subject"] and not message.defects and
           b"\r\n" in text and b"Paragraph 7" in text, "and they read well",
           text)
    client.logout()


def edited(publisher, server):
    """An article that supersedes another one takes its place and flags."""
    with Gateway() as gateway:
        done = gateway.run("subscribe", "--kind", "feed", "--group", "e2e.edit",
                           "--edits", "supersede",
                           f"{publisher.server.url}/feed-edit")
        gateway.fetch()
        target = f"imaps://{USER}@127.0.0.1:{server.imaps}/Edited"
        configure(gateway, target, server)
        deliver(gateway, target)
        client = server.client()
        before = dovecot.messages(client, "Edited")
        client.select("Edited")
        client.uid("store", "3", "+FLAGS", r"(\Seen \Flagged Later)")
        publisher.edit = "<p>This paragraph was added in the evening.</p>"
        said = gateway.fetch()
        publisher.edit = ""
        said += deliver(gateway, target)[1]
        after = dovecot.messages(client, "Edited")
        client.logout()
    flags = sorted(sorted(flags) for flags, _, _ in after.values())
    tap.ok(len(before) == len(after) == ITEMS and
           not set(before) & set(after) and
           all(b"in the evening" in text for _, _, text in after.values()),
           "edited articles take the place of the earlier ones",
           done.stderr, said, len(before), len(after))
    tap.ok(flags[-1] == [b"Later", rb"\Flagged", rb"\Seen"] and
           flags[:-1] == [[]] * (ITEMS - 1), "with their flags", flags)


def killed(gateway):
    """At each turn of the protocol: the n-th APPEND is on its way, or its
    answer, or CHECK."""
    cuts = [("client", rb"(?:APPEND.*?){%d}" % n) for n in (1, 2, 7, 12)] + \
           [("server", rb"(?:\[APPENDUID.*?){%d}" % n) for n in (1, 3, 12)] + \
           [("client", rb"CHECK"), ("server", rb"Check completed")]
    with dovecot.Dovecot(tls="no", location="sdbox:~/dbox") as server, \
            dovecot.Proxy(server.imap) as proxy:
        target = f"imap://{USER}@127.0.0.1:{proxy.port}/Killed/{{group}}"
        configure(gateway, target, server)
        kills = 0
        for side, pattern in cuts:
            with subprocess.Popen(gateway.command("deliver", target),
                                  env=gateway.env, stderr=subprocess.DEVNULL
                                  ) as process:
                proxy.cut(side, pattern, then=lambda process=process:
                          process.send_signal(signal.SIGKILL))
                kills += process.wait() == -signal.SIGKILL
        proxy.cut("client", rb"(?!)")
        code, said = deliver(gateway, target)
        client = dovecot.imaplib.IMAP4("127.0.0.1", server.imap)
        client.login(dovecot.USER, dovecot.PASSWORD)
        found = arrived(client, folders("Killed"))
        client.logout()
    whole = wanted(gateway)
    tap.ok(kills >= 6, "deliveries are killed", kills)
    tap.ok(code == 0 and all(sorted(found[group]) == sorted(whole[group])
                             for group in GROUPS),
           "and in the end each article is there exactly once", said, found)


def refused(gateway, server):
    target = f"imaps://{USER}@127.0.0.1:{server.imaps}/No/{{group}}"
    configure(gateway, target, server)
    gateway.env["NEWSWIRE_IMAP_PASSWORD"] = "wrong"
    code, said = deliver(gateway, target)
    del gateway.env["NEWSWIRE_IMAP_PASSWORD"]
    tap.ok(code == 78 and said.count("user and password") == 1 and
           server.logged("auth failed") and
           server.log().count("auth failed") == 1,
           "a wrong password is one error, and tried once for two groups",
           code, said)
    code, said = deliver(gateway, target.replace("127.0.0.1", "localhost"))
    tap.ok(code != 0 and "not known here" in said and "ca-file" in said,
           "a target without ca-file believes the system's certificates only",
           code, said)
    code, said = deliver(gateway, target)
    client = server.client()
    found = arrived(client, folders("No"))
    client.logout()
    tap.ok(code == 0 and found == wanted(gateway) and
           server.log().count("auth failed") == 1,
           "nothing was marked as delivered meanwhile", said)


def by_default(gateway, server):
    """The file of passwords beside newswire.conf."""
    target = f"imaps://{USER}@127.0.0.1:{server.imaps}/Default/{{group}}"
    with open(os.path.join(gateway.home, "newswire.conf"), "w",
              encoding="utf-8") as file:
        file.write(f'host-pause = 0\ndeliver "{target}" {{\n'
                   f'  ca-file = {server.ca}\n}}\n')
    path = os.path.join(gateway.home, "passwords")
    code, said = deliver(gateway, target)
    tap.ok(code == 78 and path in said, "without a password the error says "
           "where to put it", code, said)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{dovecot.USER}@127.0.0.1 {dovecot.PASSWORD}\n")
    os.chmod(path, 0o644)
    code, said = deliver(gateway, target)
    tap.ok(code == 78 and "chmod 600" in said, "where others cannot read it",
           code, said)
    os.chmod(path, 0o600)
    code, said = deliver(gateway, target, GROUPS[0])
    client = server.client()
    found = arrived(client, folders("Default"))
    client.logout()
    tap.ok(code == 0 and found[GROUPS[0]] == wanted(gateway)[GROUPS[0]] and
           not found[GROUPS[1]], "then one group is delivered alone", said)


def main():
    publisher = Publisher()
    with Scripted(publisher.answer) as publisher.server, \
            Gateway() as gateway:
        gateway.env.pop("NEWSWIRE_IMAP_PASSWORD", None)
        for group in GROUPS:
            gateway.subscribe(f"{publisher.server.url}/feed-{group[4:]}",
                              group)
        gateway.fetch()
        with dovecot.Dovecot(location="sdbox:~/dbox") as server:
            arrives(gateway, server, "imaps", "News")
            arrives(gateway, server, "imap", "Nouvelles")
            refused(gateway, server)
            by_default(gateway, server)
            edited(publisher, server)
        killed(gateway)


main()
tap.done()
