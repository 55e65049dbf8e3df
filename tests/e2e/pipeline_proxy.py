# SPDX-License-Identifier: GPL-3.0-or-later
"""Everything goes through the proxy of the configuration, names included."""
import socket
import socketserver
import struct
import threading

from gateway import Gateway, Scripted, text
import tap

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>
<link>http://news.example/</link><description>d</description>
<item><title>Far</title><link>http://pages.example/far.html</link>
<description>Teaser.</description></item>
<item><title>Near</title><link>http://192.168.0.1/near.html</link>
<description>Only a teaser.</description></item></channel></rss>"""
PAGE = ("<html><title>Far</title><article><h1>Far</h1>" + "".join(
    f"<p>Paragraph {n} of a page that stands behind the proxy, and that is "
    f"long enough to be taken for a story.</p>" for n in range(5)) +
    "</article></html>").encode()


def answer(path):
    if path == "/feed":
        return 200, {"Content-Type": "application/rss+xml"}, FEED
    if path == "/far.html":
        return 200, {"Content-Type": "text/html"}, PAGE
    return 404, {}, b""


class Socks(socketserver.ThreadingTCPServer):
    """SOCKS 5 (RFC 1928) that leads every name to one server; names holds
    what it was asked for."""
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port):
        self.target = ("127.0.0.1", port)
        self.names = []
        super().__init__(("127.0.0.1", 0), Tunnel)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever).start()

    def __exit__(self, *exception):
        self.shutdown()
        super().__exit__(*exception)


class Tunnel(socketserver.StreamRequestHandler):
    def handle(self):
        _, count = self.rfile.read(2)
        self.rfile.read(count)
        self.wfile.write(b"\x05\x00")
        kind = self.rfile.read(4)[3]
        if kind != 3:           # an address, where a name was wanted
            self.server.names.append(f"kind {kind}")
            return
        name = self.rfile.read(self.rfile.read(1)[0]).decode()
        self.rfile.read(2)
        self.server.names.append(name)
        self.wfile.write(b"\x05\x00\x00\x01" + struct.pack("!IH", 0, 0))
        with socket.create_connection(self.server.target) as far:
            back = threading.Thread(target=pump,
                                    args=(far, self.connection))
            back.start()
            pump(self.connection, far)
            back.join()


def pump(source, target):
    try:
        while piece := source.recv(65536):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def main():
    with Scripted(answer) as server, Socks(server.server_port) as socks, \
            Gateway("host-pause = 0\n"
                    f"proxy = socks5h://127.0.0.1:{socks.port}\n") as gateway:
        del gateway.env["NEWSWIRE_ALLOW_PRIVATE"]
        gateway.subscribe("http://news.example/feed", "e2e.proxy")
        said = gateway.fetch()
        found = " ".join(text(a)
                         for a in gateway.articles("e2e.proxy").values())
        tap.ok("Paragraph 3" in found, "a page behind a SOCKS proxy is read",
               said, found)
        tap.ok(set(socks.names) == {"news.example", "pages.example"},
               "by names, which only the proxy resolves", *socks.names)
        tap.ok("192.168.0.1 is private" in said,
               "and not for an address that is private", said)
        tap.ok("Only a teaser." in found, "whose story is the feed's", found)
    tap.done()


main()
