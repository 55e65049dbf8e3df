# SPDX-License-Identifier: GPL-3.0-or-later
"""Users of a running server: SCRAM from its first to its last word, a file of
passwords that changes meanwhile, "newswire passwd" on a terminal, and a crowd
that guesses while somebody reads.
"""
import base64
import hashlib
import hmac
import os
import pty
import re
import socket
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "nntp"), os.path.join(HERE, "..")]
import server
import tap

PATIENCE_S = 30
# user: pencil, with the salt and the keys of RFC 7677, section 3
USER = ("user:$y$j75$abcdefghijklmnopqrstu.$9H2zzep.GGgPMQ9O6kjBT8oYqb4gclu."
        "uqV9PnEToK2:SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3Ot"
        "cPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxS"
        "rmfPwDl2dU=\n")


def same(got, want, what):
    tap.ok(got == want, what, f"expected: {want!r}", f"got:      {got!r}")


class Line:
    """A client that speaks in lines."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 120)
        self.file = self.socket.makefile("rwb")
        self.file.readline()

    def ask(self, command):
        self.file.write(command.encode() + b"\r\n")
        self.file.flush()
        return self.file.readline().decode().rstrip("\r\n")

    def list(self, command):
        lines = [self.ask(command)]
        while lines[-1] != ".":
            lines.append(self.file.readline().decode().rstrip("\r\n"))
        return lines

    def login(self, name, password):
        self.ask("AUTHINFO USER " + name)
        return self.ask("AUTHINFO PASS " + password)[:3]

    def close(self):
        self.file.close()
        self.socket.close()


def hmac_of(key, text):
    return hmac.new(key, text, "sha256").digest()


def scram(first, challenge, password):
    """RFC 5802 section 3: the client's last message, and the server's."""
    fields = dict(part.split("=", 1) for part in challenge.split(","))
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(),
                                 base64.b64decode(fields["s"]),
                                 int(fields["i"]))
    without = "c=biws,r=" + fields["r"]
    message = f"{first},{challenge},{without}".encode()
    key = hmac_of(salted, b"Client Key")
    signature = hmac_of(hashlib.sha256(key).digest(), message)
    proof = bytes(a ^ b for a, b in zip(key, signature))
    verifier = hmac_of(hmac_of(salted, b"Server Key"), message)
    return (f"{without},p={base64.b64encode(proof).decode()}",
            f"v={base64.b64encode(verifier).decode()}")


def words(text):
    return base64.b64encode(text.encode()).decode()


def unwords(text):
    return base64.b64decode(text).decode()


def scram_login(client, name, password, initial=True):
    """The reply code, what the server says last, and what it should say."""
    first = f"n={name},r=rOprNGfwEbeRWgbNEkqO"
    if initial:
        got = client.ask("AUTHINFO SASL SCRAM-SHA-256 " + words("n,," + first))
    else:
        client.ask("AUTHINFO SASL SCRAM-SHA-256")
        got = client.ask(words("n,," + first))
    challenge = unwords(got[4:])
    last, verifier = scram(first, challenge, password)
    got = client.ask(words(last))
    said = unwords(got[4:]) if got.startswith("283") else got[4:]
    return got[:3], said, verifier, challenge


def scram_works(port):
    last, verifier = scram(
        "n=user,r=rOprNGfwEbeRWgbNEkqO",
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
        "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", "pencil")
    same((last[-44:], verifier),
         ("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
          "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="),
         "the client of this test is right (RFC 7677 section 3)")
    for initial in (True, False):
        client = Line(port)
        code, said, verifier, _ = scram_login(client, "user", "pencil",
                                              initial)
        same((code, said), ("283", verifier), "SCRAM: both sides are proved, "
             f"initial response: {initial}")
        offered = client.list("CAPABILITIES")
        tap.ok(not any(line.startswith(("AUTHINFO", "SASL"))
                       for line in offered),
               "SCRAM: nothing more is offered then", *offered)
        client.close()


def scram_refuses(port):
    """A name that nobody has looks like one that somebody has."""
    challenges = []
    for name, password in (("user", "pencil2"), ("nobody", "pencil"),
                           ("nobody", "pencil2")):
        client = Line(port)
        code, _, _, challenge = scram_login(client, name, password)
        same(code, "481", f"SCRAM: {name} with {password} is refused")
        challenges.append(challenge)
        client.close()
    shapes = [re.sub(r"r=[^,]*", "r=", re.sub(r"s=[^,]{24},", "s=,", text))
              for text in challenges]
    same(len(set(shapes)), 1, "SCRAM: salts of nobody look like one")
    salts = [re.search("s=([^,]*)", text)[1] for text in challenges]
    same((salts[0] == salts[1], salts[1] == salts[2]), (False, True),
         "SCRAM: and are the same each time")


def crowded(port):
    """One connection is all that the user may have; a password that is right
    is no failure, however often he tries."""
    full = "481 too many connections of this user"
    first, second = Line(port), Line(port)
    same(scram_login(first, "user", "pencil")[0], "283", "one is welcome")
    second.ask("AUTHINFO USER user")
    same(second.ask("AUTHINFO PASS pencil"), full,
         "connections-per-user: a second is one too many by PASS …")
    same(second.ask("AUTHINFO SASL PLAIN " + words("\0user\0pencil")), full,
         "… by PLAIN")
    for _ in range(2):
        same(scram_login(second, "user", "pencil")[:2],
             ("481", full[4:]), "… by SCRAM")
    first.ask("QUIT")
    first.file.read()
    first.close()
    same(second.login("user", "pencil"), "281",
         "who waits until the first has gone gets in")
    second.close()


def passwd(home, *args, line=None):
    return subprocess.run(home.command("passwd", *args), input=line,
                          text=True, capture_output=True, check=False,
                          timeout=PATIENCE_S)


def refuses_lines(home):
    with open("/dev/zero", "rb") as endless:
        done = subprocess.run(home.command("passwd", "anna"), stdin=endless,
                              capture_output=True, text=True, check=False,
                              timeout=PATIENCE_S)
    same((done.returncode, done.stderr),
         (65, "newswire: passwd: the password is too long\n"),
         "passwd does not read for ever")
    for line, why in (("", "passwd: there is no password"),
                      ("\n", "the password is empty"),
                      ("a\r\n", "the password holds a control character")):
        done = passwd(home, "anna", line=line)
        same((done.returncode, done.stderr), (65, f"newswire: {why}\n"),
             f"passwd refuses {line!r}")
    for args in ((), ("a:b",), ("--list", "anna"), ("--delete",)):
        same(passwd(home, *args, line="x\n").returncode, 64,
             f"passwd {' '.join(args)} is wrong usage")


def login(port, name, password):
    client = Line(port)
    try:
        return client.login(name, password)
    finally:
        client.close()


def file_changes(home, served):
    done = passwd(home, "ben", line="secret of ben\n")
    same((done.returncode, done.stdout, done.stderr),
         (0, "", "passwd: ben: has a new password\n"), "passwd makes a user")
    same(passwd(home, "--list").stdout, "ben\nuser\n", "passwd lists them")
    same(login(served.port, "ben", "secret of ben"), "281",
         "who was made while the server runs can log in")
    passwd(home, "ben", line="new secret\n")
    same((login(served.port, "ben", "secret of ben"),
          login(served.port, "ben", "new secret")), ("481", "281"),
         "a new password takes the place of the old one")
    home.write_users("ben\n")
    same(login(served.port, "ben", "new secret"), "281",
         "a file that cannot be read changes nothing")
    done = passwd(home, "anna", line="x\n")
    same((done.returncode, done.stderr.partition("users:1: ")[2]),
         (78, 'there is no ":" behind the name; take the line away, newswire '
              "passwd writes another\n"),
         "passwd does not touch it either")
    home.write_users(USER)
    same((login(served.port, "ben", "new secret"),
          login(served.port, "user", "pencil")), ("481", "281"),
         "a file that can be read again counts")
    same(passwd(home, "--delete", "user").returncode, 0, "passwd deletes")
    same(login(served.port, "user", "pencil"), "502",
         "without users there is nothing to log in for")
    same(passwd(home, "--delete", "user").returncode, 66,
         "passwd deletes only once")


def refuses_to_start(home):
    path = os.path.join(home.path, "users")
    home.write_users(USER)
    os.chmod(path, 0o644)
    for command in ("serve", "nntp"):
        done = subprocess.run(home.command(command), capture_output=True,
                              text=True, stdin=subprocess.DEVNULL,
                              check=False, timeout=PATIENCE_S)
        same((done.returncode, "chmod 600" in done.stderr), (78, True),
             f"{command}: does not start with a file that others can read")
    os.chmod(path, 0o600)


def on_terminal(home, *typed):
    """newswire passwd anna, on a terminal: its exit code and the screen."""
    pid, fd = pty.fork()
    if pid == 0:
        os.execv(server.NEWSWIRE, home.command("passwd", "anna"))
    screen = b""
    for text in typed:
        while not screen.endswith((b"password: ", b"Again: ")):
            screen += os.read(fd, 1024)
        os.write(fd, text)
        screen += b"|"
    try:
        while part := os.read(fd, 1024):
            screen += part
    except OSError:
        pass                    # how a terminal ends
    os.close(fd)
    return (os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]),
            screen.decode().replace("\r\n", "\n"))


def asks_on_terminal(home):
    same(on_terminal(home, b"geheim\n", b"geheim\n"),
         (0, "New password: |\nAgain: |\npasswd: anna: has a new password\n"),
         "passwd asks twice and shows nothing")
    same(on_terminal(home, b"geheim\n", b"gehein\n"),
         (65, "New password: |\nAgain: |\nnewswire: passwd: those were two "
              "different passwords\n"), "passwd compares what it gets")
    same(on_terminal(home, b"\n", b"\n"),
         (65, "New password: |\nAgain: |\nnewswire: the password is empty\n"),
         "passwd takes no empty password")
    same(on_terminal(home, b"geh\x03"),
         (77, "New password: |\nnewswire: passwd: interrupted\n"),
         "passwd can be interrupted")


def guess(port, stop, codes):
    while not stop.is_set():
        try:
            client = Line(port)
            codes.append(client.login("anna", "wrong"))
            client.close()
        except OSError:
            codes.append("gone")


class Crowd:
    """A process of its own, in which many guess for some seconds; the
    answers that they get."""

    def __init__(self, port, guessers, seconds):
        self.pipe, pipe = os.pipe()
        self.pid = os.fork()
        if self.pid:
            os.close(pipe)
            return
        stop, codes = threading.Event(), []
        crowd = [threading.Thread(target=guess, args=(port, stop, codes))
                 for _ in range(guessers)]
        for one in crowd:
            one.start()
        time.sleep(seconds)
        stop.set()
        for one in crowd:
            one.join()
        with open(pipe, "w", encoding="ascii") as file:
            file.write(" ".join(codes))
        os._exit(0)

    def answers(self):
        with open(self.pipe, encoding="ascii") as file:
            codes = file.read().split()
        os.waitpid(self.pid, 0)
        return codes


def read_times(port, seconds):
    """Milliseconds of each ARTICLE, in a row: median, 99th percentile, worst,
    and how many."""
    client, times = Line(port), []
    client.ask("GROUP example.world")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begin = time.monotonic()
        client.list("ARTICLE 1")
        times.append(1000 * (time.monotonic() - begin))
        time.sleep(0.001)
    client.close()
    times.sort()
    return (times[len(times) // 2], times[len(times) * 99 // 100], times[-1],
            len(times))


def told(what, times):
    print("# %s: median %.2f ms, 99th percentile %.2f ms, worst %.2f ms of "
          "%d articles" % (what, *times))


def crowd_guesses(served, guessers, seconds):
    """Nobody who reads notices, and who knows the password gets in."""
    told("nobody guesses", read_times(served.port, seconds))
    crowd = Crowd(served.port, guessers, seconds)
    times = read_times(served.port, seconds)
    codes = crowd.answers()
    told(f"{guessers} guess ({codes.count('481')} were refused, "
         f"{codes.count('403')} sent away)", times)
    tap.ok(codes.count("481") > 20, "wrong passwords are refused", codes[:20])
    tap.ok(set(codes) <= {"481", "403"}, "or sent away", set(codes))
    tap.ok(times[1] < 50, "a reader does not wait for them", *times)
    same(login(served.port, "anna", "geheim"), "281",
         "who knows the password gets in afterwards")


with server.Home(users=USER) as place:
    with server.Server(place) as running:
        scram_works(running.port)
        scram_refuses(running.port)
        file_changes(place, running)
    refuses_to_start(place)
    refuses_lines(place)
    asks_on_terminal(place)
    with server.Server(place) as running:
        crowd_guesses(running, 200, 5)
with server.Home("connections-per-user = 1\n", USER) as place, \
        server.Server(place) as running:
    crowded(running.port)
tap.done()
