# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS: certificates that are good, bad and renewed, handshakes that fail,
clients that are slow or gone."""
import os
import re
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import server
import streams
import tap
from streams import Client, Served, trusting
from tap import ok

ALERT = 21      # RFC 8446 section 5.1
MiB = 1 << 20


def versions(served, home):
    believing = trusting(home.certificate)
    believing.check_hostname = True
    with Client.tls(served.tls_port, believing) as client:
        ok(client.line().startswith("201 "), "NNTPS greets behind a handshake, "
                                             "with a certificate to believe")
        ok(client.socket.version() == "TLSv1.3", "TLS 1.3 is spoken")
        ok(client.ask("DATE").startswith("111 "), "and commands are answered")
    with Client.tls(served.tls_port,
                    trusting(version=ssl.TLSVersion.TLSv1_2)) as client:
        ok(client.line().startswith("201 "), "so is TLS 1.2")
    try:
        old = trusting(version=ssl.TLSVersion.TLSv1_1)
        old.set_ciphers("ALL:@SECLEVEL=0")
        Client.tls(served.tls_port, old).close()
        ok(False, "TLS 1.1 is refused")
    except (ssl.SSLError, ConnectionError) as error:
        ok("alert" in str(error).lower(), "TLS 1.1 is refused", error)


def injection(served):
    """What stood in clear behind STARTTLS is never a command."""
    with Client(served.port) as client:
        client.line()
        client.send(b"STARTTLS\r\nGROUP example.world\r\nDATE\r\n")
        ok(client.line().startswith("382 "), "STARTTLS is agreed to")
        time.sleep(0.2)
        client.shake()
        ok(client.ask("STAT").startswith("412 "),
           "commands that were sent in clear behind it are not taken")
        ok(not client.octets, "nor answered", client.octets)
    with Client(served.port) as client:
        client.line()
        client.send(b"STARTTLS\r\n")
        client.line()
        client.send(b"GROUP example.world\r\n" * 2000)
        ok(client.ended() or client.octets[0] == ALERT,
           "later ones break the handshake", client.octets)


def garbage(served):
    pids = served.readers()
    for octets in (b"MODE READER\r\nGROUP x\r\n", b"\0" * 40000,
                   b"\x16\x03\x01\xff\xff" + b"\1" * 70000, os.urandom(5000)):
        with Client(served.tls_port) as client:
            try:
                client.send(octets)
            except ConnectionError:
                pass
            # An alert may come, no text.
            if not client.ended() and client.octets[0] != ALERT:
                ok(False, "garbage gets no reply", client.octets)
    with Client(served.tls_port) as client:
        client.socket.shutdown(socket.SHUT_WR)
        ok(client.ended() or client.octets[0] == ALERT,
           "a client that ends in its handshake is let go")
    with Client.tls(served.tls_port) as client:
        ok(client.line().startswith("201 ") and served.readers() == pids,
           "garbage in place of a handshake harms nobody")


def half_shaken(served):
    """Clients that stop amid their handshakes, and one that does not."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    try:
        trusting().wrap_bio(incoming, outgoing).do_handshake()
    except ssl.SSLWantReadError:
        pass
    hello = outgoing.read()
    stopped = []
    for i in range(50):
        stopped.append(Client(served.tls_port))
        stopped[-1].send(hello[:1 + i * len(hello) // 50])
    begun = time.monotonic()
    with Client.tls(served.tls_port) as client:
        ok(client.line().startswith("201 ") and
           time.monotonic() - begun < 5,
           "who stops amid a handshake keeps nobody waiting")
    for client in stopped:
        client.close()


def renegotiation(served):
    """s_client asks for one when it is told "R"."""
    process = subprocess.Popen(
        ["openssl", "s_client", "-tls1_2", "-connect",
         f"127.0.0.1:{served.tls_port}"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = b""
    while b"201 " not in said:
        said += os.read(process.stdout.fileno(), 4096)
    process.stdin.write(b"R\n")
    process.stdin.flush()
    said, _ = process.communicate(timeout=streams.PATIENCE_S)
    ok(b"no renegotiation" in said, "a renegotiation is refused", said[-400:])


def cut(served):
    pids = served.readers()
    for octets in (1, 1000, 100000):
        client = Client.tls(served.tls_port)
        client.line()
        client.ask(f"GROUP {streams.MANY_GROUP}")
        client.send(b"OVER 1-\r\n" * 3)
        while client.wire < octets and client.receive():
            pass
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                 b"\1\0\0\0\0\0\0\0")
        client.close()
    with Client.tls(served.tls_port) as client:
        ok(client.line().startswith("201 ") and served.readers() == pids,
           "connections that are cut amid a list harm nobody")


def slow(served, home):
    """A client that asks for much and reads nothing."""
    with Client.tls(served.tls_port) as quick:
        quick.line()
        before = served.memory()
        client = Client.tls(served.tls_port)
        client.line()
        client.ask(f"GROUP {streams.MANY_GROUP}")
        try:
            client.socket.settimeout(0.2)
            for _ in range(200):
                client.send(b"OVER 1-\r\n" * 100)
        except TimeoutError:
            pass
        ok(quick.ask("DATE").startswith("111 "), "others are served meanwhile")
        grown = served.memory() - before
        ok(grown < 16 * MiB, "a slow reader over TLS costs little memory",
           f"{grown} bytes")
        # A reader's transaction would keep the log from being emptied.
        streams.fill_many(home, 1)
        store = sqlite3.connect(os.path.join(home.path, "newswire.db"))
        busy = store.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        store.close()
        ok(busy == 0, "and holds no transaction open")
        client.close()


def renewed(served, home):
    old = home.certificate + ".old"
    shutil.copy(home.certificate, old)
    stays = Client.tls(served.tls_port, trusting(old))
    stays.line()
    pids = served.readers()
    server.make_certificate(home.certificate)
    served.reload()

    def is_new():
        try:
            Client.tls(served.tls_port, trusting(home.certificate)).close()
            return True
        except ssl.SSLError:
            return False
    ok(streams.until(is_new), "SIGHUP makes readers take a new certificate")
    ok(stays.ask("DATE").startswith("111 ") and served.readers() == pids,
       "no session is dropped by that")
    with open(home.certificate, "r+", encoding="ascii") as file:
        file.truncate(100)
    served.reload()
    with Client(served.port) as client:
        client.line()
        ok(client.ask("STARTTLS").startswith("382 "),
           "behind a bad one the earlier is in force")
    told = [line for line in served.log().splitlines()
            if "tls-certificate" in line]
    ok(len(told) == 1 and home.certificate in told[0] and
       "the earlier certificate stays in force" in told[0],
       "and one line of the log tells it", *told)
    ok(stays.ask("DATE").startswith("111 "), "the session is still there")
    stays.close()
    shutil.copy(old, home.certificate)
    home.configure("")
    served.reload()

    def is_gone():
        with Client(served.port) as client:
            client.line()
            return client.ask("STARTTLS").startswith("580 ")
    ok(streams.until(is_gone), "a certificate may be taken away")
    home.configure('listen-tls = "0"\n')
    served.reload()
    ok(served.logged("listen-tls needs tls-certificate; the earlier"),
       "and is missed when something needs it", served.log())


def refused(what, home, config, pattern, code=78):
    """newswire serve must not begin, and say why."""
    home.configure(config)
    done = subprocess.run(home.command("serve", "--no-poll", "--listen",
                                       "127.0.0.1:0"), capture_output=True,
                          text=True, timeout=streams.PATIENCE_S, check=False)
    ok(done.returncode == code and pattern in done.stderr, what, done.stderr)


def bad_certificates(home):
    path = os.path.join(home.path, "bad.pem")
    line = f'tls-certificate = "{path}"\n'
    refused("a certificate that is missing is named", home, line,
            f"tls-certificate: {path}: No such file")
    with open(path, "w", encoding="ascii") as file:
        file.write("no certificate\n")
    refused("a file without one, too", home, line,
            f"tls-certificate: {path}: no start line")
    server.make_certificate(path)
    refused("a key that is missing is named", home,
            line + 'tls-key = "/nowhere/key.pem"\n',
            "tls-key: /nowhere/key.pem: No such file")
    refused("a key of another certificate is refused", home,
            line + f'tls-key = "{home.certificate}"\n', "key values mismatch")
    with open(path, encoding="ascii") as file:
        alone = re.search("-+BEGIN CERT.*END CERTIFICATE-+\n", file.read(), re.S)[0]
    with open(path + ".alone", "w", encoding="ascii") as file:
        file.write(alone)
    refused("so is a key that is nowhere named", home,
            f'tls-certificate = "{path}.alone"\n', "tls-key names its own")
    subprocess.run(["openssl", "pkey", "-aes128", "-passout", "pass:x", "-in",
                    path + ".key", "-out", path + ".locked"], check=True)
    refused("a key with a passphrase is refused, not asked for", home,
            line + f'tls-key = "{path}.locked"\n', "without a passphrase")
    server.make_certificate(path, days=-1)
    refused("an old one is refused, with its date", home, line, ": expired on "
            + time.strftime("%Y-", time.gmtime(time.time() - 86400)))
    refused("listen-tls needs a certificate", home, 'listen-tls = "0"\n',
            "listen-tls needs tls-certificate")
    refused("so does tls-key", home, f'tls-key = "{path}"\n',
            "tls-key needs tls-certificate")


def main():
    with server.Home(tls=True) as home:
        streams.fill_many(home)
        os.chmod(home.certificate, 0o644)
        with Served(home) as served:
            ok(served.logged(r"tls-key: .*others can read it \(mode 0644\)"),
               "a key that others can read is warned of", served.log())
            versions(served, home)
            injection(served)
            garbage(served)
            half_shaken(served)
            renegotiation(served)
            cut(served)
            slow(served, home)
            renewed(served, home)
        bad_certificates(home)
    tap.done()


main()
