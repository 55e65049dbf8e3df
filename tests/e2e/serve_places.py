# SPDX-License-Identifier: GPL-3.0-or-later
"""serve listens in several places at once, and leaves none of them taken."""
import os
import signal
import socket
import stat

from serving import Client, PATIENCE_S, Serving
import tap

WANT = ["number 1", "number 2"]


def free_port():
    with socket.create_server(("", 0), family=socket.AF_INET6,
                              dualstack_ipv6=True) as free:
        return free.getsockname()[1]


def main():
    with Serving("readers = 2\nsocket-mode = 600\n") as served:
        served.fill(range(1, 3))
        path = os.path.join(served.home, "nntp.sock")
        port = free_port()
        with open(os.path.join(served.home, "newswire.conf"), "a",
                  encoding="utf-8") as file:
            file.write(f'listen = {{"0.0.0.0:{port}", "[::]:{port}"}}\n'
                       f'listen += {{"unix:{path}"}}\n')
        served.serve("--no-poll")
        places = (("0.0.0.0", ("127.0.0.1", port), socket.AF_INET),
                  ("[::] on the same port", ("::1", port), socket.AF_INET6),
                  ("a Unix socket", path, socket.AF_UNIX))
        for what, address, family in places:
            with Client(address, family) as client:
                tap.ok(client.subjects() == WANT, f"it serves on {what}",
                       served.said())
        tap.ok(stat.S_IMODE(os.stat(path).st_mode) == 0o600,
               "the socket has the permissions of socket-mode")
        code, _ = served.end()
        tap.ok(code == 0 and not os.path.exists(path),
               "the socket goes with the server", code)
        served.serve("--no-poll")
        os.kill(served.process.pid, signal.SIGKILL)
        served.process.wait(PATIENCE_S)
        tap.ok(os.path.exists(path), "one that is killed leaves it behind")
        served.serve("--no-poll")
        with Client(path, socket.AF_UNIX) as client:
            tap.ok(client.subjects() == WANT, "and the next one replaces it",
                   served.said())
        done = served.run("serve", "--no-poll", "--listen", f"unix:{path}")
        with Client(path, socket.AF_UNIX) as client:
            tap.ok(done.returncode and b"in use" in done.stderr and
                   client.subjects() == WANT,
                   "but not that of a server that runs", done.stderr)
        served.end()
    tap.done()


main()
