#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""link.py PORT ONE_WAY_MS: a link with delay to a server on this machine.

It listens on a port of its own, which it prints.  Each piece of bytes leaves so
long after it came, each way, whatever is under way already: nothing is lost,
slowed down or reordered.  A connection reaches the server one and a half round
trips after the client asked for it, as with the handshake of TCP; there is no
slow start, which a real link has: so the figures are those of a connection that
has been used.

For each line on standard input it prints, since the last one, connections,
turns, octets from and octets to the clients, and when (CLOCK_MONOTONIC) the
first came from and the last went to a client.  A turn is what a client sends
after it has got something, or at first: a request that could not have been
made before, and so a round trip."""
import collections
import os
import select
import socket
import sys
import time

PIECE = 1 << 18


class Way:
    """From one socket to the other."""

    def __init__(self, source, target):
        self.source, self.target = source, target
        self.pieces = collections.deque()
        self.ended = False

    def take(self, due):
        try:
            piece = self.source.recv(PIECE)
        except ConnectionResetError:
            piece = b""
        self.ended = not piece
        self.pieces.append((due, memoryview(piece)))
        return len(piece)

    def due(self):
        return self.pieces[0][0] if self.pieces else None

    def give(self):
        """What is due, as much of it as the other side takes."""
        due, piece = self.pieces.popleft()
        try:
            if not piece:
                self.target.shutdown(socket.SHUT_WR)
                return 0
            sent = self.target.send(piece)
        except BlockingIOError:
            sent = 0
        except OSError:
            return 0
        if sent < len(piece):
            self.pieces.appendleft((due, piece[sent:]))
        return sent

    def over(self):
        return self.ended and not self.pieces


class Wire:
    """A client's connection and, once it is due, the server's."""

    def __init__(self, client, connect_at):
        self.client, self.server = client, None
        self.connect_at = connect_at
        self.up = self.down = None
        self.answered = True

    def connect(self, port):
        self.server = socket.create_connection(("127.0.0.1", port))
        for end in (self.client, self.server):
            end.setblocking(False)
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.up = Way(self.client, self.server)
        self.down = Way(self.server, self.client)

    def ways(self):
        return [self.up, self.down] if self.server else []

    def over(self):
        return self.server and self.up.over() and self.down.over()

    def close(self):
        self.client.close()
        self.server.close()


class Link:
    def __init__(self, port, one_way_s):
        self.port, self.one_way_s = port, one_way_s
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.wires = []
        self.forget()

    def forget(self):
        self.connections = self.turns = self.sent = self.received = 0
        self.first = self.last = 0.0

    def accept(self, now):
        client, _ = self.listener.accept()
        self.connections += 1
        self.first = self.first or now
        self.wires.append(Wire(client, now + 3 * self.one_way_s))

    def take(self, wire, way, now):
        octets = way.take(now + self.one_way_s)
        if way is wire.down or not octets:
            return
        self.first = self.first or now
        self.sent += octets
        self.turns += wire.answered
        wire.answered = False

    def give(self, wire, way, now):
        octets = way.give()
        if way is wire.down and octets:
            self.received += octets
            self.last = now
            wire.answered = True

    def turn(self):
        """Waits until something can be done, and does it."""
        now = time.monotonic()
        reading, writing, waits = [self.listener, sys.stdin], [], []
        for wire in self.wires:
            if not wire.server:
                waits.append(wire.connect_at)
            for way in wire.ways():
                if not way.ended:
                    reading.append(way.source)
                if way.pieces and way.due() <= now:
                    writing.append(way.target)
                elif way.pieces:
                    waits.append(way.due())
        until = min(waits) - now if waits else None
        readable, writable, _ = select.select(
            reading, writing, [], max(0, until) if waits else None)
        self.work(set(readable), set(writable), time.monotonic())
        return sys.stdin not in readable or self.report()

    def work(self, readable, writable, now):
        if self.listener in readable:
            self.accept(now)
        for wire in self.wires[:]:
            if not wire.server and wire.connect_at <= now:
                wire.connect(self.port)
            for way in wire.ways():
                if way.source in readable:
                    self.take(wire, way, now)
                if way.target in writable:
                    self.give(wire, way, now)
            if wire.over():
                wire.close()
                self.wires.remove(wire)

    def report(self):
        """False at the end of standard input."""
        asked = os.read(0, 4096)
        for _ in range(asked.count(b"\n")):
            print(self.connections, self.turns, self.sent, self.received,
                  self.first, self.last, flush=True)
            self.forget()
        return bool(asked)


def main():
    link = Link(int(sys.argv[1]), float(sys.argv[2]) / 1000)
    print(link.listener.getsockname()[1], flush=True)
    while link.turn():
        pass


if __name__ == "__main__":
    main()
