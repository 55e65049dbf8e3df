# SPDX-License-Identifier: GPL-3.0-or-later
"""A port in front of a news server that passes everything on and keeps what
was said, so that a test knows what a client asked and what it was refused."""
import collections
import re
import socket
import threading
import zlib

# Replies that a text follows (RFC 3977 3.1, RFC 2980); 211 where it was
# LISTGROUP that asked.
WITH_TEXT = {"100", "101", "215", "220", "221", "222", "224", "225", "230",
             "231", "282"}
KEPT_LINES = 100_000


class Side:
    """The octets of one of the two, as whole lines."""

    def __init__(self):
        self.rest = b""
        self.inflater = self.unpacker = None
        self.plain = b""

    def inflate(self):
        """What was not yet taken and all that comes is compressed."""
        self.inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        self.rest = self.inflater.decompress(self.rest)

    def unpack(self):
        """A compressed list follows."""
        self.unpacker, self.plain = zlib.decompressobj(), b""

    def is_plain(self):
        """Unpacks; False within a list."""
        if self.unpacker:
            self.plain += self.unpacker.decompress(self.rest)
            self.rest = self.unpacker.unused_data
            if self.unpacker.eof:
                self.rest, self.unpacker = self.plain + self.rest, None
        return not self.unpacker

    def lines(self, data):
        self.rest += self.inflater.decompress(data) if self.inflater else data
        while self.is_plain() and b"\n" in self.rest:
            line, self.rest = self.rest.split(b"\n", 1)
            yield line.rstrip(b"\r").decode("utf-8", "replace")


class Talk:
    """One connection: commands, and the replies that belong to them."""

    def __init__(self, log, number):
        self.log, self.number = log, number
        self.client, self.server = Side(), Side()
        self.waiting = collections.deque(["(connects)"])
        self.in_text = self.posting = self.private = False

    def note(self, who, line):
        if len(self.log.lines) < KEPT_LINES:
            self.log.lines.append(f"{self.number}{who} {line}")

    def from_client(self, data):
        for line in () if self.private else self.client.lines(data):
            self.note("C:", line)
            if self.posting:
                self.posting = line != "."
                if not self.posting:
                    self.waiting.append("(article)")
            elif line:
                self.waiting.append(line)

    def from_server(self, data):
        for line in () if self.private else self.server.lines(data):
            self.note("S:", line)
            if self.in_text:
                self.in_text = line != "."
                continue
            command = self.waiting.popleft() if self.waiting else "(nothing)"
            self.log.replies.append((command, line))
            code = line[:3]
            self.in_text = code in WITH_TEXT or (
                code == "211" and command.upper().startswith("LISTGROUP"))
            if self.in_text and line.endswith("[COMPRESS=GZIP]"):
                self.server.unpack()
            self.posting = code in ("335", "340")
            # TLS begins.
            self.private = code == "382"
            if code == "206":
                self.client.inflate()
                self.server.inflate()


class Recorder:
    """Listens on port and passes on to another; ends after "with"."""

    def __init__(self, to_port):
        self.to_port = to_port
        self.lines = []
        self.replies = []
        self.lock = threading.Lock()
        self.count = 0

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.to_port))
            except OSError:
                client.close()
                continue
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.count += 1
            talk = Talk(self, self.count)
            for words in ((client, server, talk.from_client),
                          (server, client, talk.from_server)):
                threading.Thread(target=self.pass_on, args=words,
                                 daemon=True).start()

    def pass_on(self, source, target, keep):
        try:
            while data := source.recv(65536):
                with self.lock:
                    keep(data)
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            self.cut(source)
            self.cut(target)

    def cut(self, end):
        """The other one would wait for ever."""
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def asked(self, pattern):
        """Commands that match and were answered, with their replies."""
        with self.lock:
            return [(command, reply) for command, reply in self.replies
                    if re.match(pattern, command, re.I)]

    def refused(self):
        """What the server would not or could not do."""
        with self.lock:
            return [(command, reply) for command, reply in self.replies
                    if reply[:1] not in ("1", "2", "3")]

    def forget(self):
        with self.lock:
            self.lines, self.replies = [], []

    def tail(self, count=40):
        with self.lock:
            return "\n".join(line[:120] for line in self.lines[-count:])
