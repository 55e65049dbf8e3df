# SPDX-License-Identifier: GPL-3.0-or-later
"""newswire serve with ports for plain and for TLS, and a client whose octets
are seen, for tests of what lies between the two."""
import os
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import zlib

import server

PATIENCE_S = 20
MANY = 20000
MANY_GROUP = "example.many"


def batch(count):
    """An rnews batch of small articles."""
    for n in range(1, count + 1):
        article = (f"Message-ID: <m{n}@many.example>\r\nSubject: Report {n} of "
                   f"the harbour, {n * 7919 % 1009} ships\r\nFrom: Ida Vane "
                   f"<ida{n % 17}@many.example>\r\nDate: Sat, 26 Jul 2025 "
                   f"{n // 3600 % 24:02}:{n // 60 % 60:02}:{n % 60:02} +0000"
                   f"\r\nNewsgroups: {MANY_GROUP}\r\n\r\nText {n}.\r\n")
        yield f"#! rnews {len(article)}\n{article}"


def fill_many(home, count=MANY):
    subprocess.run([server.STOREFILL, "--now", "1753524900",
                    os.path.join(home.path, "newswire.db"), MANY_GROUP],
                   input="".join(batch(count)), text=True, check=True,
                   stdout=subprocess.DEVNULL)


def until(condition, patience_s=PATIENCE_S):
    """Whether it became true."""
    end = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


class Served:
    """newswire serve; port and tls_port."""

    def __init__(self, home, tls=True):
        self.log_file = tempfile.TemporaryFile("a+")
        words = ["serve", "--no-poll", "--listen", "127.0.0.1:0"]
        words += ["--listen-tls", "127.0.0.1:0"] * tls
        self.process = subprocess.Popen(home.command(*words),
                                        stderr=self.log_file)
        if not self.logged(r"port \d+, with TLS" if tls else r"port \d+"):
            raise RuntimeError("newswire serve: " + self.log())
        self.port = int(re.search(r"port (\d+)$", self.log(), re.M)[1])
        if tls:
            self.tls_port = int(re.search(r"port (\d+), with",
                                          self.log())[1])

    def log(self):
        self.log_file.seek(0)
        return self.log_file.read()

    def logged(self, pattern):
        return until(lambda: re.search(pattern, self.log()) or
                     self.process.poll() is not None) and \
            bool(re.search(pattern, self.log()))

    def reload(self):
        """Tells it to read its files, and waits for the master; the reader
        gets its signal behind the line that is waited for."""
        count = self.log().count("configuration read again")
        self.process.send_signal(signal.SIGHUP)
        until(lambda: self.log().count("configuration read again") > count)

    def readers(self):
        found = subprocess.run(["ps", "-o", "pid=", "--ppid",
                                str(self.process.pid)], capture_output=True,
                               text=True, check=True)
        return [int(pid) for pid in found.stdout.split()]

    def memory(self):
        """Bytes that the readers have in memory."""
        pages = 0
        for pid in self.readers():
            with open(f"/proc/{pid}/statm", encoding="ascii") as file:
                pages += int(file.read().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(PATIENCE_S)
        self.log_file.close()


def trusting(cafile=None, version=None):
    """The context of a client that believes cafile, or everybody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED if cafile else ssl.CERT_NONE
    if cafile:
        context.load_verify_locations(cafile)
    if version:
        context.minimum_version = context.maximum_version = version
    return context


class Client:
    """Lines in, lines out, through the layers that were begun."""

    def __init__(self, port, context=None):
        self.socket = socket.create_connection(("127.0.0.1", port),
                                               PATIENCE_S)
        self.context = context or trusting()
        self.octets, self.wire = b"", 0
        self.packer = self.unpacker = None

    @classmethod
    def tls(cls, port, context=None):
        client = cls(port, context)
        client.shake()
        return client

    def shake(self):
        self.socket = self.context.wrap_socket(self.socket,
                                               server_hostname="localhost")

    def compress(self, flush=zlib.Z_SYNC_FLUSH):
        status = self.ask("COMPRESS DEFLATE")
        self.flush = flush
        self.packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        self.unpacker = zlib.decompressobj(-15)
        return status

    def send(self, octets):
        if self.packer:
            octets = self.packer.compress(octets) + \
                self.packer.flush(self.flush)
        self.socket.sendall(octets)

    def receive(self):
        """False at the end of the connection."""
        try:
            got = self.socket.recv(65536)
        except (ConnectionError, ssl.SSLError):
            return False
        self.wire += len(got)
        self.octets += self.unpacker.decompress(got) if self.unpacker else got
        return bool(got)

    def take(self, end):
        """What comes, up to an end."""
        at = 0
        while (found := self.octets.find(end, at)) < 0:
            at = max(len(self.octets) - len(end), 0)
            if not self.receive():
                raise EOFError(f"the connection ends with "
                               f"{self.octets[-60:]!r}")
        taken = self.octets[:found + len(end)]
        self.octets = self.octets[found + len(end):]
        return taken

    def line(self):
        return self.take(b"\r\n")[:-2].decode()

    def ask(self, command):
        self.send(command.encode() + b"\r\n")
        return self.line()

    def list(self, command):
        """A status line, and the octets up to the end of the list."""
        return self.ask(command), self.take(b"\r\n.\r\n")

    def ended(self):
        """Whether the server ends the connection and says nothing more."""
        while self.receive():
            pass
        return not self.octets

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
