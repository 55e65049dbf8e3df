# SPDX-License-Identifier: GPL-3.0-or-later
"""News clients of others log in: Python's nntplib, Perl's Net::NNTP, libetpan,
GNU SASL's own client, Gnus, slrn and tin.  Without a password there is nothing to
read, and each must find example.world behind its own way of asking for one.
"""
import ctypes
import os
import subprocess
import sys
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "nntp"), os.path.join(HERE, "..")]
import server
import tap
from terminal import Terminal

PATIENCE_S = 30
NAME, PASSWORD = "anna", "hunter2"
USERS = ("anna:$y$j75$abcdefghijklmnopqrstu.$.F8at2qvnbnxZisggS62/VpCtBMW9L9L"
         "T3ZqbMF6Ao3:SCRAM-SHA-256$4096:MDEyMzQ1Njc4OWFiY2RlZg==$HJFePfOAb1G"
         "WwyOATbgkhasVp3hFg6hYYE7eNrTx7UA=:4t0aPsdm+OD8h/VVwxMjgry9wezSEEHf1"
         "L5kcG4VJsw=\n")
SUBJECT = "Harbour reopens after the storm"


def same(got, want, what):
    tap.ok(got == want, what, f"expected: {want!r}", f"got:      {got!r}")


def nntplib_logs_in(port):
    client = nntplib.NNTP("127.0.0.1", port, user=NAME, password=PASSWORD,
                          readermode=True, timeout=PATIENCE_S)
    with client:
        same(client.group("example.world")[1:], (3, 1, 4, "example.world"),
             "nntplib: GROUP")
        same("AUTHINFO" in client.getcapabilities(), False,
             "nntplib: capabilities after logging in")
    try:
        nntplib.NNTP("127.0.0.1", port, user=NAME, password="wrong",
                     timeout=PATIENCE_S)
        got = None
    except nntplib.NNTPError as error:
        got = error.response[:3]
    same(got, "481", "nntplib: a wrong password")


def net_nntp_logs_in(port):
    script = f"""
        use Net::NNTP;
        my $nntp = Net::NNTP->new(Host => '127.0.0.1', Port => {port},
                                  Reader => 1, Timeout => 20) or die;
        print $nntp->group('example.world') ? 'in ' : 'out ', $nntp->code;
        print ' ', $nntp->authinfo('{NAME}', '{PASSWORD}') ? 'ok ' : 'no ';
        print join(',', $nntp->group('example.world')), "\\n";
    """
    done = subprocess.run(["perl", "-e", script], capture_output=True,
                          text=True, timeout=PATIENCE_S, check=False)
    same((done.stdout, done.stderr), ("out 480 ok 3,1,4,example.world\n", ""),
         "Net::NNTP: authinfo")


class GroupInfo(ctypes.Structure):
    """struct newsnntp_group_info of libetpan."""
    _fields_ = [("name", ctypes.c_char_p), ("first", ctypes.c_uint32),
                ("last", ctypes.c_uint32), ("count", ctypes.c_uint32),
                ("type", ctypes.c_char)]


def libetpan_logs_in(port):
    """What Claws Mail does with an account that has a password."""
    etpan = ctypes.CDLL("libetpan.so.20")
    etpan.newsnntp_new.restype = ctypes.c_void_p
    client = ctypes.c_void_p(etpan.newsnntp_new(ctypes.c_size_t(0), None))
    info = ctypes.POINTER(GroupInfo)()

    def group():
        return etpan.newsnntp_group(client, b"example.world",
                                    ctypes.byref(info))

    required = 1                # NEWSNNTP_ERROR_REQUEST_AUTHORIZATION_USERNAME
    same(etpan.newsnntp_socket_connect(client, b"127.0.0.1",
                                       ctypes.c_uint16(port)), 0,
         "libetpan: connects")
    same(etpan.newsnntp_mode_reader(client), 0, "libetpan: MODE READER")
    same(group(), required, "libetpan: is asked for a name")
    same((etpan.newsnntp_authinfo_username(client, NAME.encode()),
          etpan.newsnntp_authinfo_password(client, PASSWORD.encode())),
         (required + 1, 0), "libetpan: logs in")
    same((group(), info.contents.first, info.contents.last,
          info.contents.count), (0, 1, 4, 3), "libetpan: GROUP")
    etpan.newsnntp_quit(client)
    etpan.newsnntp_free(client)


def gsasl_logs_in(home, mechanism):
    """The client's half of GNU SASL, between two pipes."""
    news = subprocess.Popen(home.command("nntp"), stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, text=True)
    sasl = subprocess.Popen(
        ["gsasl", "--client", "--quiet", "--mechanism", mechanism,
         "--authentication-id", NAME, "--password", PASSWORD, "--no-cb",
         "--application-data"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    news.stdout.readline()
    sasl.stdout.readline()      # it names the mechanism first
    command, reply = f"AUTHINFO SASL {mechanism} ", "383"
    while reply.startswith("383"):
        news.stdin.write(command + sasl.stdout.readline().strip() + "\r\n")
        news.stdin.flush()
        command, reply = "", news.stdout.readline().strip()
        if reply[:3] in ("383", "283"):
            sasl.stdin.write(reply[4:] + "\n")
            sasl.stdin.flush()
    sasl.stdin.write("\n")      # there is nothing more to say
    for process in (sasl, news):
        process.stdin.close()
        process.stdout.read()
        process.stdout.close()
    same((reply[:3], sasl.wait(PATIENCE_S), news.wait(PATIENCE_S)),
         ("283" if mechanism.startswith("SCRAM") else "281", 0, 0),
         f"gsasl: {mechanism}")


def gnus_logs_in(home, port):
    with open(os.path.join(home.path, ".authinfo"), "w",
              encoding="ascii") as file:
        file.write(f"machine 127.0.0.1 port {port} login {NAME} password "
                   f"{PASSWORD} force yes\n")
    done = subprocess.run(
        ["emacs", "--batch", "-l", os.path.join(HERE, "gnus.el")],
        input="\nend\n", capture_output=True, text=True, check=False,
        timeout=2 * PATIENCE_S, env={**os.environ, "HOME": home.path,
                                     "NNTP_PORT": str(port),
                                     "GROUP": "example.world"})
    tap.ok(SUBJECT in done.stdout, "Gnus: reads after it has logged in",
           done.stdout, done.stderr)


def slrn_logs_in(home, port):
    newsrc, slrnrc = (os.path.join(home.path, name)
                      for name in (".jnewsrc", ".slrnrc"))
    with open(newsrc, "w", encoding="utf-8") as file:
        file.write("example.world:\n")
    with open(slrnrc, "w", encoding="utf-8") as file:
        file.write('set username "reader"\nset hostname "host.invalid"\n'
                   f'set read_active 0\nnnrpaccess "127.0.0.1" "{NAME}" '
                   f'"{PASSWORD}"\n')
    command = (f"env HOME={home.path} TERM=screen LC_ALL=C.UTF-8 slrn -n "
               f"-h 127.0.0.1 -p {port} -f {newsrc} -i {slrnrc}; "
               "echo slrn ended $?; exec cat")
    with Terminal("slrn", home.path, command) as terminal:
        terminal.expect("the group after logging in",
                        r"\s4\s+example\.world")
        terminal.type("Enter")
        terminal.expect("the thread", r"Harbour reopens after")


def tin_logs_in(home, port):
    folder = os.path.join(home.path, ".tin")
    os.mkdir(folder)
    with open(os.path.join(home.path, ".newsrc"), "w",
              encoding="ascii") as file:
        file.write("example.world:\n")
    password = os.path.join(home.path, ".newsauth")
    with open(password, "w", encoding="ascii") as file:
        file.write(f"127.0.0.1 {PASSWORD} {NAME}\n")
    os.chmod(password, 0o600)
    command = (f"env HOME={home.path} TERM=screen LC_ALL=C.UTF-8 tin -r -A "
               f"-g 127.0.0.1 -p {port}; echo tin ended $?; exec cat")
    with Terminal("tin", home.path, command) as terminal:
        terminal.expect("the group after logging in", r"example\.world")
        terminal.type("Enter")
        terminal.expect("the thread", r"Harbour reopens after")


with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import nntplib

with server.Home("read = {}\n", USERS) as place:
    with server.Server(place) as served:
        nntplib_logs_in(served.port)
        net_nntp_logs_in(served.port)
        libetpan_logs_in(served.port)
        gnus_logs_in(place, served.port)
        slrn_logs_in(place, served.port)
        tin_logs_in(place, served.port)
    gsasl_logs_in(place, "PLAIN")
    gsasl_logs_in(place, "SCRAM-SHA-256")
tap.done()
