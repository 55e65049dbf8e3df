# SPDX-License-Identifier: GPL-3.0-or-later
"""The IMAP driver against Dovecot: what arrives, what is kept, what is
refused, and what a connection that dies leaves."""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                ".."))
import dovecot
import tap

PUT = os.path.join(os.environ.get("builddir", "."), "tests", "tools",
                   "mailboxput")
DATE = 1700000000
folder = tempfile.TemporaryDirectory(prefix="newswire-letters-")


def letter(name, text="One line.\r\n"):
    """A file with a message of that id."""
    path = os.path.join(folder.name, name)
    with open(path, "wb") as file:
        file.write((f"Message-ID: <{name}@ledger.example>\r\n"
                    f"Subject: {name}\r\n\r\n{text}").encode())
    return path


def content(name):
    with open(os.path.join(folder.name, name), "rb") as file:
        return file.read()


def append(name):
    return f"append {letter(name)} <{name}@ledger.example> {DATE}"


def has(name):
    return f"has <{name}@ledger.example>"


def replace(old, new):
    return (f"replace <{old}@ledger.example> {letter(new)} "
            f"<{new}@ledger.example> {DATE}")


def put(server, *lines, scheme="imaps", host="127.0.0.1", port=None, ca=None,
        passwords=None, env=None):
    """What the driver answered to each line."""
    if port is None:
        port = server.imaps if scheme == "imaps" else server.imap
    done = subprocess.run(
        [PUT, scheme, host, str(port), dovecot.USER,
         server.ca if ca is None else ca, passwords or server.passwords],
        input="".join(line + "\n" for line in lines).encode(),
        capture_output=True, timeout=120, check=False,
        env=dict(os.environ, **(env or {})))
    if done.returncode:
        return [f"exit {done.returncode}: {done.stderr.decode()}"]
    return done.stdout.decode().splitlines()


def texts(found):
    return sorted(text for _, _, text in found.values())


def arrives(server):
    body = "\u00c9t\u00e9 \U0001f4f0 .\r\n.\r\n\r\nFrom here\r\n" * 500
    letter("large", body)
    line = (f"append {os.path.join(folder.name, 'large')} "
            f"<large@ledger.example> {DATE}")
    said = put(server, "open News/Caf\u00e9", has("small"), append("small"),
               line, has("small"), has("large"), has("none"), "sync")
    tap.ok(said == ["ok", "0", "ok", "ok", "1", "1", "0", "ok"],
           "messages are stored and found by their ids", said)
    client = server.client()
    name = "News/Caf&AOk-"
    found = dovecot.messages(client, name)
    tap.ok(texts(found) == sorted([content("small"), content("large")]),
           "the bytes that come back are those that went there")
    tap.ok(all(not flags and date == DATE
               for flags, date, _ in found.values()),
           "unread, and dated as they are", found)
    _, lines = client.lsub()
    tap.ok(any(name.encode() in line for line in lines if line),
           "the new folder is subscribed to", lines)
    client.logout()


def keeps_flags(server):
    said = put(server, "open Flags", append("old"), append("other"), "sync")
    client = server.client()
    client.select("Flags")
    client.uid("store", "1", "+FLAGS", r"(\Seen \Flagged $Forwarded Read-It)")
    client.uid("store", "2", "+FLAGS", r"(\Deleted)")
    # Without CLOSE, which would expunge.
    client.logout()
    said = put(server, "open Flags", replace("old", "new"),
               replace("old", "new"), replace("none", "never"), "sync",
               has("old"), has("new"), has("never"))
    tap.ok(said == ["ok", "1", "0", "0", "ok", "0", "1", "0"],
           "a message is replaced once", said)
    client = server.client()
    found = dovecot.messages(client, "Flags")
    client.logout()
    flags = {text: flags for flags, _, text in found.values()}
    tap.ok(flags.get(content("new")) ==
           {rb"\Seen", rb"\Flagged", b"$Forwarded", b"Read-It"},
           "the new one has the flags and keywords of the old", flags)
    tap.ok(flags.get(content("other")) == {rb"\Deleted"},
           "what the user has marked as deleted is still there", flags)


def replaces_after_interruption(server):
    said = put(server, "open Twice", append("v1"), append("v2"), "sync",
               replace("v1", "v2"), has("v1"), has("v2"))
    client = server.client()
    found = dovecot.messages(client, "Twice")
    client.logout()
    tap.ok(said[4:] == ["1", "0", "1"] and texts(found) == [content("v2")],
           "old and new that an interruption has left become one", said)


def logs_in_once(server):
    with dovecot.Proxy(server.imaps) as proxy:
        said = put(server, *[line for i in range(25)
                             for line in (f"open Many/{i}", append(f"m{i}"),
                                          "sync")], port=proxy.port)
    tap.ok(said == ["ok"] * 75 and proxy.accepted == 1,
           "25 folders need one login", said, proxy.accepted)


class Driver:
    """Line by line; ask() is its answer."""

    def __init__(self, server, scheme, port):
        self.process = subprocess.Popen(
            [PUT, scheme, "127.0.0.1", str(port), dovecot.USER, server.ca,
             server.passwords], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def ask(self, line):
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()
        return self.process.stdout.readline().decode().strip()


def gone_folder(server):
    """A session goes on when its folder was taken away."""
    with Driver(server, "imaps", server.imaps) as driver:
        said = [driver.ask("open Gone")]
        client = server.client()
        client.delete("Gone")
        client.logout()
        said += [driver.ask(line) for line in
                 (append("gone"), "open Gone", append("gone"), "sync")]
    tap.ok(said[0] == "ok" and said[1].startswith("error: 127.0.0.1: ") and
           said[2:] == ["ok"] * 3, "a folder that was removed is made again",
           said)


def names(separator, location, prefix, expected):
    with dovecot.Dovecot(separator, prefix, location) as server:
        said = put(server, "open News/com.example.world", append("a"),
                   "open News/org.example", append("b"),
                   "open News/com.example.world", has("a"))
        client = server.client()
        found = dovecot.folders(client)
        client.logout()
    tap.ok(said == ["ok"] * 5 + ["1"] and set(expected) <= set(found),
           f"folders of {location} with \"{separator}\" and \"{prefix}\"",
           said, found)


def passwords(server):
    def ask(text, mode):
        return put(server, "open INBOX",
                   passwords=server.write("other", text, mode))[0]
    line = f"{dovecot.USER}@127.0.0.1 "
    said = ask(line + "wrong\n", 0o600)
    tap.ok("user and password" in said and "wrong" not in said and
           server.logged("auth failed, 1 attempts"),
           "a wrong password is tried once", said, server.log())
    said = ask(line + dovecot.PASSWORD + "\n", 0o640)
    tap.ok("chmod 600" in said and dovecot.PASSWORD not in said,
           "a password that others can read is not used", said)
    said = ask(line + dovecot.PASSWORD + "\n", 0o400)
    tap.ok(said == "ok", "one that only its user can is", said)
    said = put(server, "open INBOX", passwords="/nonexistent",
               env={"NEWSWIRE_IMAP_PASSWORD": dovecot.PASSWORD})
    tap.ok(said == ["ok"], "nor is the file read when one is set", said)


def by_starttls(server):
    with dovecot.Proxy(server.imap) as proxy:
        said = put(server, "open INBOX", scheme="imap", host="localhost",
                   port=proxy.port)
    clear = proxy.said["client"]
    tap.ok(said == ["ok"] and b"STARTTLS\r\n\x16\x03" in clear and
           b"AUTHENTICATE" not in clear,
           "imap:// begins TLS where it is offered", said, clear[:99])
    said = put(server, "open INBOX", scheme="imap", ca=server.path("other-ca.pem"))
    tap.ok("not known here" in said[0],
           "and checks the certificate there, too", said)


def certificates(server):
    """One Dovecot has all: each address has a certificate of its own."""
    tries = [
        ("127.0.0.1", server.path("other-ca.pem"), "not known here",
         "an authority that the file does not name"),
        ("127.0.0.1", "", "not known here",
         "an authority that the system does not know"),
        ("127.0.0.2", None, "has expired on 20", "an old certificate"),
        ("127.0.0.3", None, "signed by itself", "a self-made one"),
        ("127.0.0.4", None, "not for 127.0.0.4 but for mail.other.example",
         "another host's"),
        # No address to inet_pton(3), so a name, which leads to 127.0.0.1.
        ("127.1", None, "not for 127.1 but for localhost", "another name's"),
        ("127.0.0.1", server.path("none.pem"), "PEM",
         "a ca-file that is not there"),
    ]
    for host, ca, why, what in tries:
        said = put(server, "open INBOX", host=host, ca=ca)
        tap.ok(said[0].startswith(f"error: {host}: ") and why in said[0],
               f"refused: {what}", said)
    tap.ok(server.logged(r"lip=127\.0\.0\.4") and
           not re.search(r"method=.*lip=127\.0\.0\.[234]", server.log()),
           "and none of them has seen a password", server.log())
    said = put(server, "open INBOX", host="127.0.0.3",
               ca=server.path("own.pem"),
               passwords=server.write("third", f"{dovecot.USER}@127.0.0.3 "
                                               f"{dovecot.PASSWORD}\n"))
    tap.ok(said == ["ok"], "a self-made one that the file names is believed",
           said)
    said = put(server, "open INBOX", port=server.imap)
    tap.ok("TLS failed" in said[0], "imaps:// to a port without TLS", said)


def over_quota():
    more = """
mail_plugins = quota
plugin {
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:storage=20K
}
"""
    with dovecot.Dovecot(more=more) as server:
        letter("big", "0123456789abcdef\r\n" * 2000)
        line = (f"append {os.path.join(folder.name, 'big')} "
                f"<big@ledger.example> {DATE}")
        said = put(server, "open INBOX", line, has("big"), append("small"),
                   has("small"))
    tap.ok("OVERQUOTA" in said[1] and "the mailbox is full" in said[1] and
           said[2:] == ["0", "ok", "1"],
           "a full mailbox is told, and the session goes on", said)


def no_way_in():
    with dovecot.Dovecot(tls="no", disable_plaintext="yes") as server:
        # Dovecot takes loopback for secure, as the driver does.
        said = put(server, "open INBOX", scheme="imap")
    tap.ok(said == ["ok"], "without TLS on a loopback address", said)


def too_old():
    """A server that knows TLS 1.1 at most."""
    port = dovecot.free_port()
    with tempfile.TemporaryDirectory() as home:
        dovecot.Certificates(home).sign("old", "IP:127.0.0.1")
        with subprocess.Popen(
                ["openssl", "s_server", "-accept", f"127.0.0.1:{port}",
                 "-cert", "old.pem", "-key", "old.key", "-tls1_1", "-quiet",
                 "-cipher", "DEFAULT:@SECLEVEL=0"], cwd=home,
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL) as process:
            dovecot.wait_for(port, process)
            done = subprocess.run(
                [PUT, "imaps", "127.0.0.1", str(port), dovecot.USER,
                 os.path.join(home, "ca.pem")], input=b"open INBOX\n",
                capture_output=True, timeout=60, check=False)
            process.terminate()
    said = done.stdout.decode()
    tap.ok("TLS failed" in said and "1.2 or newer" in said,
           "TLS 1.1 is refused", said)


def dies_in_tls(server):
    """A write to a connection that is gone ends no process."""
    letter("cut", "0123456789abcdef\r\n" * 200000)
    line = (f"append {os.path.join(folder.name, 'cut')} "
            f"<cut@ledger.example> {DATE}")
    with dovecot.Proxy(server.imaps) as proxy:
        proxy.cut("client", rb".", 100000)
        said = put(server, "open Cut", line, has("cut"), port=proxy.port)
    tap.ok(said[0] == "ok" and len(said) == 3 and
           all(answer.startswith("error: 127.0.0.1: ")
               for answer in said[1:]), "death in TLS is an error", said)
    said = put(server, "open Cut", has("cut"))
    tap.ok(said == ["ok", "0"], "and nothing was stored", said)


def idle(server):
    """A connection that dies between two folders."""
    with dovecot.Proxy(server.imap) as proxy, \
            Driver(server, "imap", proxy.port) as driver:
        said = [driver.ask("open One")]
        proxy.cut("client", rb"SELECT Two",
                  then=lambda: proxy.cut("client", rb"(?!)"))
        said += [driver.ask("open Two"), driver.ask(append("idle")),
                 driver.ask("sync")]
    tap.ok(said == ["ok"] * 4, "is made anew for the next", said)


def deaths():
    """The connection dies in an APPEND; the next run has to find out."""
    cuts = [
        ("before the message", "client", rb"APPEND[^\r]*\r\n", 0, "0"),
        ("in the message", "client", rb"APPEND[^\r]*\r\n", 20000, "0"),
        ("before its last byte", "client", rb"END OF IT", 1, "0"),
        ("behind it, before the answer", "server",
         rb"OK \[APPENDUID", 0, "1"),
        ("behind the answer", "client", rb"CHECK", 0, "1"),
    ]
    with dovecot.Dovecot(tls="no") as server:
        for i, (what, side, pattern, more, stored) in enumerate(cuts):
            name = f"dead{i}"
            letter(name, "0123456789abcdef\r\n" * 3000 + "END OF IT\r\n")
            line = (f"append {os.path.join(folder.name, name)} "
                    f"<{name}@ledger.example> {DATE}")
            with dovecot.Proxy(server.imap) as proxy:
                proxy.cut(side, pattern, more)
                first = put(server, "open Dead", line, "sync", scheme="imap",
                            port=proxy.port)
            second = put(server, "open Dead", has(name), scheme="imap")
            if second[-1:] == ["0"]:
                second += put(server, "open Dead", line, "sync",
                              scheme="imap")
            done = put(server, "open Dead", has(name), scheme="imap")
            tap.ok(first[0] == "ok" and first[2].startswith("error: ") and
                   second[1] == stored and done == ["ok", "1"],
                   f"death {what}: an error, and found out afterwards",
                   first, second, done)
        idle(server)
        client = dovecot.imaplib.IMAP4("127.0.0.1", server.imap)
        client.login(dovecot.USER, dovecot.PASSWORD)
        found = dovecot.messages(client, "Dead")
        client.logout()
    tap.ok(texts(found) == sorted(content(f"dead{i}")
                                  for i in range(len(cuts))),
           "and each is there exactly once", len(found))


def addresses(home):
    """A certificate for each."""
    return "".join(f"local 127.0.0.{i} {{\n"
                   f"  ssl_cert = <{home}/{name}.pem\n"
                   f"  ssl_key = <{home}/{name}.key\n}}\n"
                   for i, name in ((2, "expired"), (3, "own"), (4, "foreign")))


def main():
    server = dovecot.Dovecot(listen="127.0.0.1, 127.0.0.2, 127.0.0.3, "
                                    "127.0.0.4")
    make = server.certificates
    make.authority("other-ca", "Another authority")
    make.sign("expired", "IP:127.0.0.2", days=-1)
    make.own("own", "IP:127.0.0.3")
    make.sign("foreign", "DNS:mail.other.example")
    server.options["more"] = addresses(server.home)
    with server:
        arrives(server)
        keeps_flags(server)
        replaces_after_interruption(server)
        logs_in_once(server)
        gone_folder(server)
        passwords(server)
        by_starttls(server)
        dies_in_tls(server)
        certificates(server)
    names("/", "maildir:~/Maildir", "", ["News/com/example/world"])
    names("/", "sdbox:~/dbox", "", ["News/com.example.world"])
    names(".", "maildir:~/Maildir", "", ["News.com.example.world"])
    names(".", "maildir:~/Maildir", "INBOX.",
          ["INBOX.News.com.example.world"])
    over_quota()
    no_way_in()
    too_old()
    deaths()


main()
tap.done()
