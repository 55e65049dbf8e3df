# SPDX-License-Identifier: GPL-3.0-or-later
"""serve as a service: it takes the sockets that it is given, says how it is,
and is not well when one of its processes is not; the test plays systemd."""
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time

from serving import Client, PATIENCE_S, Serving, until
import tap

WATCHDOG_US = 2000000
LISTEN = r"""import os, sys
env = dict(os.environ, LISTEN_PID=str(os.getpid()))
os.execve(sys.argv[1], sys.argv[1:], env)"""


class Notices:
    """What $NOTIFY_SOCKET hears.  It must always be read: who writes to a
    datagram socket that is full waits."""

    def __init__(self, home):
        self.path = os.path.join(home, "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.coming = queue.Queue()
        self.heard = []
        self.thread = threading.Thread(target=self.listen)
        self.thread.start()

    def listen(self):
        while text := self.socket.recv(4096).decode():
            self.coming.put(text)

    def close(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(b"", self.path)
        self.thread.join()
        self.socket.close()

    def until(self, start):
        """The next one that starts so; those before it are in heard."""
        self.heard = []
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            try:
                self.heard.append(self.coming.get(timeout=PATIENCE_S))
            except queue.Empty:
                break
            if self.heard[-1].startswith(start):
                return self.heard[-1]
        return None


def serve_with(gateway, sockets, *args, **env):
    """As systemd starts it: the sockets are its descriptors from 3 on."""
    def place():
        high = [os.dup(s.fileno()) for s in sockets]
        for at, fd in enumerate(high):
            os.dup2(fd, 3 + at)

    env = dict(gateway.env, LISTEN_FDS=str(len(sockets)), **env)
    gateway.log.seek(0)
    gateway.log.truncate()
    gateway.process = subprocess.Popen(
        [sys.executable, "-c", LISTEN,
         *gateway.command("serve", "--no-poll", *args)],
        env=env, preexec_fn=place, close_fds=False, stderr=gateway.log)


def activation(gateway):
    path = os.path.join(gateway.home, "nntp.sock")
    inet = socket.create_server(("127.0.0.1", 0))
    inet6 = socket.create_server(("::1", 0), family=socket.AF_INET6)
    local = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    local.bind(path)
    local.listen()
    serve_with(gateway, [inet, inet6, local])
    for what, address, family in (
            ("an IPv4 socket", inet.getsockname(), socket.AF_INET),
            ("an IPv6 socket", inet6.getsockname(), socket.AF_INET6),
            ("a Unix socket", path, socket.AF_UNIX)):
        with Client(address, family) as client:
            tap.ok(client.subjects() == ["number 1", "number 2"],
                   f"it serves on {what} that it is given", gateway.said())
    tap.ok("1119" not in gateway.said(), "and not where the configuration says",
           gateway.said())
    code, _ = gateway.end()
    tap.ok(code == 0 and os.path.exists(path),
           "at its end it leaves them to who made them", code)
    serve_with(gateway, [inet], "--listen", "127.0.0.1:0")
    with Client(inet.getsockname()) as client:
        tap.ok(client.greeting.startswith("201 ") and
               gateway.said().count("listening on 127.0.0.1") == 2,
               "--listen adds to them", gateway.said())
    gateway.end()
    wrong = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    serve_with(gateway, [wrong])
    tap.ok(gateway.process.wait(PATIENCE_S) == 78 and
           "no listening stream socket" in gateway.said(),
           "what is no listening socket is refused", gateway.said())
    for made in (inet, inet6, local, wrong):
        made.close()


def by_systemd(gateway):
    """systemd's own tool hands the sockets over."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        ["systemd-socket-activate", "-l", f"127.0.0.1:{port}",
         "--fdname=nntp", *gateway.command("serve", "--no-poll")],
        env=gateway.env, stderr=subprocess.PIPE, text=True)
    said = ""
    while "Listening on" not in said:
        line = process.stderr.readline()
        if not line:
            break
        said += line
    with Client(("127.0.0.1", port)) as client:
        tap.ok(client.subjects() == ["number 1", "number 2"],
               "the first client of systemd-socket-activate starts it", said)
    process.terminate()
    said += process.communicate(timeout=PATIENCE_S)[1]
    tap.ok(process.returncode == 0, "and it ends well", said)


def notices(gateway):
    heard = Notices(gateway.home)
    gateway.serve("--listen", "127.0.0.1:0",
                  env=dict(gateway.env, NOTIFY_SOCKET=heard.path,
                           WATCHDOG_USEC=str(WATCHDOG_US)))
    tap.ok(heard.until("READY=1"), "it says when it is ready", heard.heard)
    tap.ok("STATUS=3 of 3 processes run" in heard.heard, "and what runs",
           heard.heard)
    with gateway.client() as client:
        tap.ok(client.greeting.startswith("201 "), "which is true")
    tap.ok(heard.until("WATCHDOG=1") and heard.until("WATCHDOG=1"),
           "it feeds the watchdog", heard.heard)
    before = gateway.children()
    poller, reader = before[0], before[-1]
    os.kill(gateway.process.pid, signal.SIGHUP)
    tap.ok("MONOTONIC_USEC=" in (heard.until("RELOADING=1") or "") and
           heard.until("READY=1"), "it says that it reads its configuration "
           "again, and when it has", heard.heard)
    # Which starts the poller anew.
    poller = gateway.successor(poller, before)
    stuck(gateway, heard, "poller", poller)
    stuck(gateway, heard, "reader", reader)
    before = gateway.children()
    os.kill(before[-1], signal.SIGKILL)
    tap.ok(heard.until("STATUS=2 of 3"), "it says when a process has died",
           heard.heard, gateway.said())
    tap.ok(heard.until("STATUS=3 of 3"), "and when it runs again", heard.heard)
    gateway.process.terminate()
    tap.ok(heard.until("STOPPING=1"), "it says that it ends", heard.heard)
    tap.ok(gateway.process.wait(PATIENCE_S) == 0, "and ends", gateway.said())
    heard.close()


def stuck(gateway, heard, name, pid):
    """One that stands still is alive for the kernel; for the readers it is
    not."""
    before = gateway.children()
    os.kill(pid, signal.SIGSTOP)
    tap.ok(gateway.successor(pid, before) and
           f"{name}: is stuck for more than 1000 ms and is killed"
           in gateway.said(),
           f"a {name} that is stuck is killed, and started again",
           pid, gateway.said())
    tap.ok(heard.until("STATUS=3 of 3"), "which it says", heard.heard)


if __name__ == "__main__":
    with Serving("readers = 2\n") as served:
        served.fill(range(1, 3))
        activation(served)
        by_systemd(served)
        notices(served)
    tap.done()
