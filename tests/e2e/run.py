# SPDX-License-Identifier: GPL-3.0-or-later
"""make run: starts, says where to look, and ends without a trace."""
import os
import re
import signal
import socket
import subprocess
import tempfile
import time

from gateway import NEWSWIRE, SITE, SITEHTTPD
import tap

RUN = os.path.join(SITE, "run.sh")


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start(port, temporary):
    env = dict(os.environ, NEWSWIRE=NEWSWIRE, SITEHTTPD=SITEHTTPD,
               LISTEN=f"127.0.0.1:{port}", TMPDIR=temporary)
    env.pop("NEWSWIRE_HOME", None)
    return subprocess.Popen(["/bin/sh", RUN], env=env, text=True,
                            stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL,
                            start_new_session=True)


def read_until(stream, end):
    lines = []
    for line in stream:
        lines.append(line)
        if end in line:
            break
    return "".join(lines)


def ask(port, *lines):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as news:
        news.sendall("".join(f"{line}\r\n" for line in lines).encode() +
                     b"QUIT\r\n")
        said = b""
        while piece := news.recv(65536):
            said += piece
    return said.decode("utf-8", "replace")


def groups(port):
    return re.findall(r"^(saltmarsh\.\w+) ", ask(port, "LIST"), re.M)


def with_pictures(port):
    """The stories of the paper that show a picture, once all are there."""
    until = time.monotonic() + 60
    while (" 8 1 8 " not in ask(port, "GROUP saltmarsh.ledger") and
           time.monotonic() < until):
        time.sleep(0.1)
    return [n for n in range(1, 9)
            if "\r\nContent-Type: image/" in
            ask(port, "GROUP saltmarsh.ledger", f"BODY {n}")]


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def ends_by(name, to_all):
    """Ctrl-C reaches all processes of a terminal, kill only one."""
    port = free_port()
    with tempfile.TemporaryDirectory() as temporary:
        run = start(port, temporary)
        said = read_until(run.stdout, "Ctrl-C ends it")
        tap.ok(f"127.0.0.1:{port}" in said and "slrn -h" in said,
               "it says where the groups are", said)
        tap.ok(groups(port) == ["saltmarsh.coast", "saltmarsh.ledger",
                                "saltmarsh.storm", "saltmarsh.ticker"],
               "and they are there", *groups(port))
        shown = with_pictures(port)
        tap.ok(shown == list(range(1, 9)), "every story shows a picture",
               *shown)
        again = start(port, temporary)
        again.stdout.read()
        tap.ok(again.wait() == 1, "a second one finds the port taken")
        again.stdout.close()
        number = signal.Signals[name]
        if to_all:
            os.killpg(run.pid, number)
        else:
            run.send_signal(number)
        run.stdout.read()
        run.stdout.close()
        tap.ok(run.wait() == 0, f"{name} ends it")
        left = os.listdir(temporary)
        tap.ok(not left and not answers(port), "and nothing is left", *left)
        site = re.search(r"http://127\.0\.0\.1:(\d+)", said)
        tap.ok(site and not answers(int(site[1])), "of its site either")


ends_by("SIGINT", True)
ends_by("SIGTERM", False)
tap.done()
