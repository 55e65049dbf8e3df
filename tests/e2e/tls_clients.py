# SPDX-License-Identifier: GPL-3.0-or-later
"""News clients of others read over TLS: Python's nntplib, openssl s_client, and
slrn and tin on a terminal.  A client that is missing is a failure.
"""
import os
import ssl
import subprocess
import sys
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "nntp"), os.path.join(HERE, "..")]
import server
import tap
from streams import PATIENCE_S, Served
from terminal import Terminal

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import nntplib


def reads(client, what):
    _, overviews = client.over((1, 4)) \
        if client.group("example.world")[1] == 3 else (None, [])
    tap.ok([number for number, _ in overviews] == [1, 3, 4],
           f"nntplib: reads by {what}", overviews)


def nntplib_reads(served, context):
    client = nntplib.NNTP_SSL("localhost", served.tls_port, readermode=True,
                              ssl_context=context, timeout=PATIENCE_S)
    tap.ok("STARTTLS" not in client.getcapabilities(),
           "nntplib: NNTPS is offered no STARTTLS")
    reads(client, "NNTPS")
    client.quit()
    client = nntplib.NNTP("localhost", served.port, timeout=PATIENCE_S)
    tap.ok("STARTTLS" in client.getcapabilities(),
           "nntplib: STARTTLS is offered")
    client.group("example.science")
    client.starttls(context)
    tap.ok("STARTTLS" not in client.getcapabilities(),
           "nntplib: behind it no more")
    try:
        client.stat()
        tap.ok(False, "nntplib: no group is selected behind it")
    except nntplib.NNTPTemporaryError as error:
        tap.ok(str(error).startswith("412 "),
               "nntplib: no group is selected behind it", error)
    reads(client, "STARTTLS")
    client.quit()


def s_client_reads(home, *words):
    done = subprocess.run(
        ["openssl", "s_client", "-quiet", "-verify_return_error", "-CAfile",
         home.certificate, *words], input=b"GROUP example.world\r\nSTAT\r\n"
        b"QUIT\r\n", capture_output=True, timeout=PATIENCE_S, check=False)
    tap.ok(done.returncode == 0 and done.stdout.endswith(
        b"211 3 1 4 example.world\r\n223 1 <s.harbour@example.invalid>\r\n"
        b"205 good-bye\r\n"), "openssl s_client " + words[0],
        done.stdout + done.stderr)


def slrn_reads(home, served):
    newsrc, slrnrc = (os.path.join(home.path, name)
                      for name in (".jnewsrc", ".slrnrc"))
    with open(newsrc, "w", encoding="utf-8") as file:
        file.write("example.world:\n")
    with open(slrnrc, "w", encoding="utf-8") as file:
        file.write('set username "reader"\nset hostname "host.invalid"\n'
                   "set read_active 0\n")
    command = (f"env HOME={home.path} TERM=screen LC_ALL=C.UTF-8 slrn -n -h "
               f"snews://127.0.0.1 -p {served.tls_port} -f {newsrc} "
               f"-i {slrnrc}; echo slrn ended $?; exec cat")
    with Terminal("slrn over TLS", home.path, command) as terminal:
        terminal.expect("the group and its count", r"\s4\s+example\.world")
        terminal.type("Enter")
        terminal.expect("the thread", r"\[Ada Reporter\]\s+3 Harbour reopens")
        terminal.type("Enter")
        terminal.expect("the text", r"^Ferries leave again at noon\.$")
        terminal.type("q")
        terminal.type("q")
        terminal.type("y")
        terminal.expect("it ends without an error", r"^slrn ended 0")


def tin_reads(home, served):
    with open(os.path.join(home.path, ".newsrc"), "w",
              encoding="utf-8") as file:
        file.write("example.world:\n")
    command = (f"env HOME={home.path} TERM=screen LC_ALL=C.UTF-8 tin -nqQ -T "
               f"-k -g 127.0.0.1 -p {served.tls_port}; "
               "echo tin ended $?; exec cat")
    with Terminal("tin over TLS", home.path, command) as terminal:
        terminal.expect("it greets", r"Press <RETURN> to continue")
        terminal.type("Enter")
        terminal.expect("the group and its count", r"1\s+4\s+example\.world")
        terminal.type("Enter")
        terminal.expect("the thread", r"3\s+Harbour reopens after the storm")
        terminal.type("Enter")
        terminal.expect("the text", r"^Ferries leave again at noon\.$")


with server.Home(tls=True) as place, Served(place) as service:
    nntplib_reads(service, ssl.create_default_context(
        cafile=place.certificate))
    s_client_reads(place, "-connect", f"127.0.0.1:{service.tls_port}")
    s_client_reads(place, "-starttls", "nntp", "-connect",
                   f"127.0.0.1:{service.port}")
    slrn_reads(place, service)
    tin_reads(place, service)
tap.done()
