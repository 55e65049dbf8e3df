# SPDX-License-Identifier: GPL-3.0-or-later
"""Compression: the same lists through all layers, many clients, streams that
are damaged, and bombs."""
import base64
import fcntl
import os
import socket
import subprocess
import sys
import termios
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import server
import streams
import tap
from streams import Client, Served
from tap import ok

MiB = 1 << 20
PACKERS = 32            # NW_NNTP_PACKERS of newswire/limits.h
COMMANDS = ("OVER 1-", "XOVER 1-20000", "HDR Subject 1-", "XHDR From 5-9",
            "LISTGROUP", "OVER 77")


def lists(client):
    client.line()
    client.ask(f"GROUP {streams.MANY_GROUP}")
    return [client.list(command) for command in COMMANDS]


def through_layers(served):
    with Client(served.port) as client:
        plain = lists(client)
        length = len(plain[0][1])
    with Client.tls(served.tls_port) as client:
        ok(lists(client) == plain, "lists over TLS are those in clear")
    for what, tls in (("COMPRESS", False), ("COMPRESS over TLS", True)):
        client = Client.tls(served.tls_port) if tls else Client(served.port)
        with client:
            client.line()
            client.compress()
            client.ask(f"GROUP {streams.MANY_GROUP}")
            before = client.wire
            same = client.list(COMMANDS[0]) == plain[0]
            packed = client.wire - before
            client.octets = b"\r\n"     # in place of the greeting
            ok(same and lists(client) == plain,
               f"lists by {what} are those in clear")
            ok(length >= 3 * packed, f"{what}: an overview is 3 times smaller",
               f"{length} octets became {packed}")
    return plain


def gzip_list(client, command, whole):
    """A list by XFEATURE COMPRESS GZIP: as it would be in clear."""
    status = client.ask(command)
    if not status.endswith(" [COMPRESS=GZIP]"):
        return status, client.take(b"\r\n.\r\n")
    unpacker, got, packed = zlib.decompressobj(), b"", b""
    while not unpacker.eof:
        packed += client.octets
        got += unpacker.decompress(client.octets)
        client.octets = unpacker.unused_data
        if not unpacker.eof:
            client.receive()
    # But for its last four octets, which are a sum.
    if b"\r\n" in packed[:len(packed) - len(client.octets) - 4]:
        raise ValueError("Pan would lose a CR LF of the stream")
    if not whole:
        got += client.take(b".\r\n")
    return status.removesuffix(" [COMPRESS=GZIP]"), got


def xfeature(served, plain):
    for words, whole in (("", False), (" TERMINATOR", True)):
        with Client(served.port) as client:
            client.line()
            ok(client.ask("XFEATURE COMPRESS GZIP" + words).startswith("290 "),
               f"XFEATURE COMPRESS GZIP{words} is agreed to")
            client.ask(f"GROUP {streams.MANY_GROUP}")
            got = [gzip_list(client, command, whole) for command in COMMANDS]
            ok(got == plain, "its lists unpack to those in clear",
               *[got[i][1][-40:] for i in range(len(got))
                 if got[i] != plain[i]])
            ok(gzip_list(client, "XOVER 30000-", whole) ==
               ("224 information follows", b".\r\n"), "also an empty one")
            ok(client.ask("OVER 30000-").startswith("423 ") and
               client.ask("DATE").startswith("111 "),
               "an error is no list, and the session goes on")


def many_clients(served):
    """More than there are compressors, in turns, over and over."""
    clients = [Client(served.port) for _ in range(PACKERS + 9)]
    flushes = (zlib.Z_SYNC_FLUSH, zlib.Z_PARTIAL_FLUSH, zlib.Z_FULL_FLUSH)
    for i, client in enumerate(clients):
        client.line()
        client.compress(flushes[i % 3])
        client.ask("GROUP example.world")
    good = True
    for turn in range(6):
        for client in clients[::-1 if turn % 2 else 1]:
            status, article = client.list("ARTICLE 4")
            good &= status.startswith("220 4 ") and b"Message-ID" in article
    ok(good, "clients that share compressors each get a whole stream")
    one = clients[0]
    for octet in one.packer.compress(b"ARTICLE 3\r\nDATE\r\n") + \
            one.packer.flush(zlib.Z_SYNC_FLUSH):
        one.socket.sendall(bytes([octet]))
        time.sleep(0.001)
    ok(one.line().startswith("220 3 ") and one.take(b"\r\n.\r\n") and
       one.line().startswith("111 "), "a stream may come octet by octet")
    for client in clients:
        client.close()


def endings(served):
    """Streams that end, and streams that are none."""
    with Client(served.port) as client:
        client.line()
        client.compress()
        client.socket.sendall(client.packer.compress(b"DATE\r\n") +
                              client.packer.flush(zlib.Z_FINISH))
        ok(client.line().startswith("111 ") and client.ended(),
           "the end of the client's stream is the end of its commands")
    for what, octets in (("plain commands", b"DATE\r\nDATE\r\n" * 9),
                         ("random octets", os.urandom(64) + b"\xff" * 64),
                         ("a block of no kind", b"\x07")):
        with Client(served.port) as client:
            client.line()
            client.compress()
            client.send(b"DATE\r\n")
            client.line()
            client.socket.sendall(octets)
            ok(client.ended(), f"{what} in a compressed stream end the "
                               f"session", client.octets)
    with Client(served.port) as client:
        client.line()
        client.compress()
        client.socket.sendall(client.packer.compress(b"DATE\r\n") +
                              client.packer.flush(zlib.Z_SYNC_FLUSH) +
                              b"\x07\x07\x07")
        ok(client.line().startswith("111 ") and client.ended(),
           "what came before the damage is answered")
    with Client(served.port) as client:
        client.line()
        client.compress()
        client.send(b"DATE\r\nHEL")
        client.line()
        client.socket.shutdown(socket.SHUT_WR)
        ok(client.ended(), "half a command at the end is none")


def waiting(pipe):
    """How many octets it holds."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)),
                          sys.byteorder)


def behind_quit(home):
    """A client whose last commands come with the end of its stream, and that
    does not take their replies at once: a pipe holds 64 KiB."""
    body = base64.encodebytes(os.urandom(75000)).decode()
    article = ("Message-ID: <noise@many.example>\nSubject: noise\nFrom: a@x\n"
               "Date: Sat, 26 Jul 2025 10:15:00 +0000\nNewsgroups: "
               f"example.noise\n\n{body}")
    subprocess.run([server.STOREFILL, os.path.join(home.path, "newswire.db"),
                    "example.noise"], text=True, check=True,
                   input=f"#! rnews {len(article)}\n{article}",
                   stdout=subprocess.DEVNULL)
    packer = zlib.compressobj(wbits=-15)
    said = packer.compress(b"BODY <noise@many.example>\r\nQUIT\r\nDATE\r\n")
    with subprocess.Popen(home.command("nntp"), stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as process:
        process.stdin.write(b"COMPRESS DEFLATE\r\n" + said + packer.flush())
        process.stdin.flush()
        streams.until(lambda: waiting(process.stdout) > 60000)
        clear, _, packed = process.communicate(timeout=streams.PATIENCE_S)[
            0].partition(b"206 compression active\r\n")
    lines = zlib.decompressobj(wbits=-15).decompress(packed).split(b"\r\n")
    ok(lines[0].startswith(b"222 ") and len(lines) > 1000 and
       lines[-3:] == [b".", b"205 good-bye", b""],
       "behind QUIT nothing is answered", clear, *lines[-3:])


def bombs(served):
    """A line of 500 MiB, then as many empty blocks."""
    with Client(served.port) as quick, Client(served.port) as client:
        quick.line()
        client.line()
        before = served.memory()
        client.compress()
        packer = client.packer
        bomb = b"".join(packer.compress(b"a" * MiB) for _ in range(500))
        bomb += packer.compress(b"\r\nDATE\r\n")
        bomb += packer.flush(zlib.Z_SYNC_FLUSH)
        client.socket.sendall(bomb)
        worst = grown = 0
        while not client.octets:
            begun = time.monotonic()
            quick.ask("DATE")
            worst = max(worst, time.monotonic() - begun)
            grown = max(grown, served.memory() - before)
            client.socket.settimeout(0.001)
            try:
                client.receive()
            except TimeoutError:
                pass
        client.socket.settimeout(streams.PATIENCE_S)
        ok(worst < 0.5, "a bomb keeps nobody waiting",
           f"{len(bomb)} octets, {worst:.3f} s")
        ok(grown < 4 * MiB, "nor takes memory", f"{grown} bytes")
        ok(client.line() == "501 a line has 512 octets at most" and
           client.line().startswith("111 "), "it is one line that is too long")
        client.socket.sendall(b"\0\0\0\xff\xff" * 200000)
        ok(quick.ask("DATE").startswith("111 ") and
           client.ask("DATE").startswith("111 "),
           "a million octets that say nothing are taken as such")


def idle(served):
    """What clients cost that have compressed and are silent."""
    count = 500
    before = served.memory()
    clients = [Client(served.port) for _ in range(count)]
    for client in clients:
        client.line()
        client.compress()
        client.ask("GROUP example.world")
    each = (served.memory() - before) // count
    ok(each < 16384 + PACKERS * 300000 // count,
       "an idle client that compresses costs next to nothing",
       f"{each} bytes each")
    for client in clients:
        client.close()


def main():
    with server.Home(tls=True) as home:
        streams.fill_many(home)
        behind_quit(home)
        with Served(home) as served:
            plain = through_layers(served)
            xfeature(served, plain)
            many_clients(served)
            endings(served)
            idle(served)
            bombs(served)
    tap.done()


main()
