# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays NNTP dialogues: transcript.py FILE.nntp...

Each file is played three times: to "newswire nntp" through pipes, to "newswire
serve" over TCP, and over TCP one octet at a time.  Its lines:

    # …     a comment
    O: …    a line of newswire.conf, for the servers of this file, where
            {fixture} stands for the folder of that name
    U: …    a line of the file of passwords, for the same
    N: …    a command of newswire, which is run before each playing
    C: …    the client sends this line
    R: …    the client sends these octets, without a line end; the escapes
            are Python's (\\r \\n \\x00), and {a*600} is 600 times "a"
    S: …    the server must answer with this line, where {digits} stands for
            digits, {text} for anything but nothing, {tab} for a tab
    S*      any lines of the server, up to the one that comes next here
    X:      the server must close the connection
    T:      a TLS handshake; the servers of such a file have a certificate, and
            it is not played through pipes
    T+      the same servers, without a handshake
    Z>      what the client sends is compressed (RFC 8054) from here on
    Z<      what the server sends is compressed from here on

Neighbouring C: and R: lines are sent at once, so that pipelining is tested by
writing it down.  Every line of the server must end in CRLF; after the last line
of the file, the server must have nothing more to say.
"""
import os
import re
import select
import socket
import ssl
import subprocess
import sys
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
import server
import tap

PATIENCE_S = 20
PLACES = {"digits": r"[0-9]+", "text": r"[^\r\n]+", "tab": r"\t"}


class Mismatch(Exception):
    pass


class Pipes:
    """newswire nntp as a child."""

    def __init__(self, home):
        self.process = subprocess.Popen(
            home.command("nntp"), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE)
        self.fd = self.process.stdout.fileno()

    def send(self, octets):
        self.process.stdin.write(octets)
        self.process.stdin.flush()

    def receive(self):
        return os.read(self.fd, 65536)

    def finish(self):
        self.process.stdin.close()

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        if self.process.wait(PATIENCE_S):
            raise Mismatch(f"newswire nntp ended with code "
                           f"{self.process.returncode}")


class Connection:
    """A connection that sends pieces of size octets."""

    def __init__(self, port, size):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.fd = self.socket.fileno()
        self.size = size

    def send(self, octets):
        size = self.size or len(octets)
        try:
            for at in range(0, len(octets), size):
                self.socket.sendall(octets[at:at + size])
        except ConnectionError:
            pass                # it shows in what is received

    def receive(self):
        try:
            return self.socket.recv(65536)
        except ConnectionError:
            return b""

    def finish(self):
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass                # the server was quicker

    def close(self):
        self.socket.close()


class Tls:
    """TLS over a connection."""

    def __init__(self, connection):
        self.connection = connection
        self.fd = connection.fd
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        self.tls = context.wrap_bio(self.incoming, self.outgoing)
        self.step(self.tls.do_handshake)

    def push(self):
        if self.outgoing.pending:
            self.connection.send(self.outgoing.read())

    def step(self, function, *args):
        """What the function gives when it needs no more of the server."""
        while True:
            try:
                result = function(*args)
                self.push()
                return result
            except ssl.SSLWantReadError:
                self.push()
                got = self.connection.receive()
                if got:
                    self.incoming.write(got)
                else:
                    self.incoming.write_eof()

    def send(self, octets):
        self.step(self.tls.write, octets)

    def receive(self):
        """All that is there: what stays behind wakes nobody."""
        got = b""
        try:
            got = self.step(self.tls.read, 65536)
            while self.tls.pending() or self.incoming.pending:
                got += self.tls.read(65536)
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            pass
        return got

    def finish(self):
        try:
            self.tls.unwrap()
        except ssl.SSLError:
            pass                # the server has not yet answered
        self.push()
        self.connection.finish()

    def close(self):
        self.connection.close()


class Player:
    """One dialogue on one connection."""

    def __init__(self, connection):
        self.connection = connection
        self.octets = b""
        self.ended = False
        self.fresh = True       # nothing was received since the last send
        self.packer = self.unpacker = None

    def begin_tls(self):
        if self.octets:
            raise Mismatch(f"in clear behind 382: {self.octets!r}")
        self.connection = Tls(self.connection)

    def begin_unpacking(self):
        self.unpacker = zlib.decompressobj(-15)
        self.octets = self.unpacker.decompress(self.octets)

    def begin_packing(self):
        self.packer = zlib.compressobj(6, zlib.DEFLATED, -15)

    def packed(self, octets):
        if not self.packer:
            return octets
        return self.packer.compress(octets) + \
            self.packer.flush(zlib.Z_SYNC_FLUSH)

    def send(self, octets):
        if octets:
            self.connection.send(octets)
            self.fresh = True

    def receive(self):
        end = time.monotonic() + PATIENCE_S
        ready, _, _ = select.select([self.connection.fd], [], [],
                                    max(0, end - time.monotonic()))
        if not ready:
            raise Mismatch("the server says nothing")
        got = self.connection.receive()
        # There are clients that read the status from what comes first.
        if got and self.fresh and not self.octets and not self.unpacker and \
                not re.match(rb"\d{3} .+\r\n", got):
            raise Mismatch(f"the status line comes in pieces: {got[:60]!r}")
        self.fresh = False
        self.ended = not got
        self.octets += self.unpacker.decompress(got) if self.unpacker else got

    def line(self):
        while b"\n" not in self.octets:
            if self.ended:
                raise Mismatch(f"the connection ends with {self.octets!r}")
            self.receive()
        line, _, self.octets = self.octets.partition(b"\n")
        if not line.endswith(b"\r") or b"\r" in line[:-1]:
            raise Mismatch(f"no CRLF: {line!r}")
        return line[:-1].decode("utf-8", "backslashreplace")

    def expect_end(self):
        while not self.ended:
            self.receive()
            if self.octets:
                break
        if self.octets:
            raise Mismatch(f"more than expected: {self.octets!r}")


def pattern(text):
    """The regular expression of an S: line."""
    parts = re.split(r"\{(\w+)\}", text)
    return re.compile("".join(PLACES[part] if i % 2 else re.escape(part)
                              for i, part in enumerate(parts)))


def raw(text):
    """The octets of an R: line."""
    text = re.sub(r"\{(.)\*(\d+)\}", lambda m: m[1] * int(m[2]), text)
    return (text.encode("utf-8").decode("unicode_escape")
            .encode("latin-1"))


def read(path):
    """(line number, kind, text) of each line that is no comment."""
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            kind = line[:2]
            if kind not in ("O:", "U:", "N:", "C:", "R:", "S:", "S*", "X:",
                            "T:", "T+", "Z>", "Z<"):
                raise SystemExit(f"{path}:{number}: what is {line!r}?")
            yield number, kind, line[3:]


def answer(player, kind, text, skipping):
    if kind == "X:":
        player.expect_end()
        return
    want = pattern(text)
    while True:
        got = player.line()
        if want.fullmatch(got):
            return
        if not skipping:
            raise Mismatch(f"expected: {text}\ngot:      {got}")


def play(lines, connection):
    """What went wrong, or None."""
    player = Player(connection)
    waiting, skipping, number = b"", False, 0
    try:
        for number, kind, text in lines:
            if kind == "C:":
                waiting += player.packed(text.encode("utf-8") + b"\r\n")
            elif kind == "R:":
                waiting += player.packed(raw(text))
            elif kind == "Z>":
                player.begin_packing()
            elif kind == "Z<":
                player.begin_unpacking()
            elif kind == "T:":
                player.begin_tls()
            elif kind == "S*":
                skipping = True
            else:
                player.send(waiting)
                waiting = b""
                answer(player, kind, text, skipping)
                skipping = False
        player.send(waiting)
        player.connection.finish()
        player.expect_end()
        player.connection.close()
    except (Mismatch, ssl.SSLError, zlib.error) as error:
        return f"line {number}: {error}"
    return None


def main():
    for path in sys.argv[1:]:
        lines = list(read(path))
        config, users = ("".join(text + "\n" for _, kind, text in lines
                                 if kind == which) for which in ("O:", "U:"))
        tls = any(kind in ("T:", "T+") for _, kind, _ in lines)
        before = [text.split() for _, kind, text in lines if kind == "N:"]
        lines = [line for line in lines
                 if line[1] not in ("O:", "U:", "N:", "T+")]
        name = os.path.basename(path)
        config = config.replace("{fixture}", server.FIXTURE)
        with server.Home(config, users, tls) as home, \
                server.Server(home) as served:
            ways = [("serve over TCP", Connection(served.port, 0)),
                    ("serve, octet by octet", Connection(served.port, 1))]
            if not tls:
                ways.insert(0, ("nntp on pipes", Pipes(home)))
            for how, connection in ways:
                for words in before:
                    subprocess.run(home.command(*words), check=True,
                                   capture_output=True)
                wrong = play(lines, connection)
                tap.ok(not wrong, f"{name}: {how}", wrong)
    tap.done()


if __name__ == "__main__":
    main()
