# SPDX-License-Identifier: GPL-3.0-or-later
"""Dovecot as an ordinary process on loopback ports, with a folder, accounts
and certificates of its own; by root its mail belongs to nobody."""
import imaplib
import os
import pwd
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time

DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
USER, PASSWORD = "ida@ledger.example", 'pass "word" \\ 7'

CONFIG = """
protocols = imap
base_dir = {home}/run
log_path = {home}/log
ssl = {tls}
ssl_min_protocol = TLSv1.2
ssl_cert = <{home}/good.pem
ssl_key = <{home}/good.key
disable_plaintext_auth = {disable_plaintext}
auth_failure_delay = 0
auth_mechanisms = {mechanisms}
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
first_valid_uid = 1
listen = {listen}
mail_location = {location}
mail_max_userip_connections = 100
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/passwd
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
{more}
"""


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(port, process):
    """Until the process listens there; False when it has ended."""
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return True
        except OSError:
            time.sleep(0.02)
    return False


class Certificates:
    """An authority and what it has signed: NAME.pem and NAME.key in a
    folder."""

    def __init__(self, home):
        self.home = home
        self.authority("ca", "The test's authority")

    def openssl(self, *args):
        subprocess.run(["openssl", *args], cwd=self.home, check=True,
                       stdin=subprocess.DEVNULL, capture_output=True)

    def authority(self, name, subject):
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
                     "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                     "-keyout", f"{name}.key", "-out", f"{name}.pem",
                     "-subj", f"/CN={subject}")

    def own(self, name, alternative):
        """One that is signed by itself."""
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt",
                     "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                     "-keyout", f"{name}.key", "-out", f"{name}.pem",
                     "-subj", f"/CN={name}", "-addext",
                     f"subjectAltName={alternative}")

    def sign(self, name, alternative, days=2, authority="ca"):
        self.openssl("req", "-newkey", "ec", "-pkeyopt",
                     "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                     f"{name}.key", "-out", f"{name}.csr", "-subj",
                     f"/CN={name}")
        with open(os.path.join(self.home, f"{name}.ext"), "w",
                  encoding="ascii") as file:
            file.write(f"subjectAltName={alternative}\n")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA",
                     f"{authority}.pem", "-CAkey", f"{authority}.key",
                     "-CAcreateserial", "-days", str(days), "-extfile",
                     f"{name}.ext", "-out", f"{name}.pem")


class Dovecot:
    """with Dovecot() as server: server.imap and server.imaps are its ports;
    server.ca is the file to believe, server.passwords a password-file."""

    def __init__(self, separator="/", prefix="", location="maildir:~/Maildir",
                 mechanisms="plain login", disable_plaintext="no", tls="yes",
                 listen="127.0.0.1", more=""):
        self.home = tempfile.mkdtemp(prefix="newswire-dovecot-")
        self.options = {"separator": separator, "prefix": prefix,
                        "location": location, "mechanisms": mechanisms,
                        "disable_plaintext": disable_plaintext, "tls": tls,
                        "listen": listen, "more": more}
        self.imap, self.imaps = free_port(), free_port()
        self.ca = os.path.join(self.home, "ca.pem")
        self.certificates = Certificates(self.home)
        self.certificates.sign("good", "DNS:localhost,IP:127.0.0.1")

    def path(self, name):
        return os.path.join(self.home, name)

    def write(self, name, text, mode=0o600):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def accounts(self):
        """Who Dovecot runs as: it gives up root by itself."""
        if os.getuid():
            me = pwd.getpwuid(os.getuid())
            group = me.pw_gid
            return {"internal": me.pw_name, "login": me.pw_name,
                    "group": f"gid{group}", "uid": me.pw_uid, "gid": group}
        nobody = pwd.getpwnam("nobody")
        return {"internal": "dovecot", "login": "dovenull",
                "group": "dovecot", "uid": nobody.pw_uid,
                "gid": nobody.pw_gid}

    def configure(self):
        accounts = self.accounts()
        if os.getuid():
            import grp
            accounts["group"] = grp.getgrgid(accounts["gid"]).gr_name
        os.chmod(self.home, 0o711)
        os.mkdir(self.path("mail"))
        os.chmod(self.path("mail"), 0o700)
        if not os.getuid():
            os.chown(self.path("mail"), accounts["uid"], accounts["gid"])
        self.write("passwd", f"{USER}:{{PLAIN}}{PASSWORD}\n", 0o644)
        self.passwords = self.write(
            "passwords", f"# of the tests\n{USER}@127.0.0.1 {PASSWORD}\n"
                         f"{USER}@localhost {PASSWORD}\n")
        self.write("dovecot.conf", CONFIG.format(
            home=self.home, imap=self.imap, imaps=self.imaps, **accounts,
            **self.options), 0o644)

    def __enter__(self):
        self.configure()
        self.process = subprocess.Popen(
            [DOVECOT, "-F", "-c", self.path("dovecot.conf")],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if not wait_for(self.imap, self.process):
            said = self.process.stderr.read().decode() + self.log()
            self.__exit__()
            raise RuntimeError(f"Dovecot: {said}")
        return self

    def __exit__(self, *exception):
        self.process.terminate()
        self.process.wait()
        self.process.stderr.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def logged(self, pattern):
        """Whether Dovecot writes that, which it may do late."""
        deadline = time.monotonic() + 10
        while not re.search(pattern, self.log()):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def log(self):
        try:
            with open(self.path("log"), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def client(self):
        """imaplib, logged in."""
        context = ssl.create_default_context(cafile=self.ca)
        client = imaplib.IMAP4_SSL("127.0.0.1", self.imaps,
                                   ssl_context=context)
        client.login(USER, PASSWORD)
        return client


class Proxy:
    """Between a client and a port: accepted counts the connections, said is
    what came from each side, and cut() ends one where a pattern is seen."""

    def __init__(self, target):
        self.target = target
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.side = self.pattern = self.then = None
        self.more = 0
        self.threads = []
        self.accepted = 0
        self.said = {"client": b"", "server": b""}

    def cut(self, side, pattern, more=0, then=None):
        """When the pattern has come from that side ("client", "server") and
        so many octets after it, what follows is lost; then() is called."""
        self.side, self.pattern = side, re.compile(pattern, re.S)
        self.more, self.then = more, then

    def __enter__(self):
        self.start(self.accept)
        return self

    def __exit__(self, *exception):
        # close() alone would not wake accept().
        self.listener.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(20)
        self.listener.close()

    def start(self, function, *args):
        thread = threading.Thread(target=function, args=args, daemon=True)
        self.threads.append(thread)
        thread.start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.accepted += 1
            server = socket.create_connection(("127.0.0.1", self.target))
            self.start(self.pump, client, server, "client")
            self.start(self.pump, server, client, "server")

    def allowed(self, seen, block):
        """How much of the block may pass; less than all of it: cut there."""
        match = self.pattern.search(seen)
        if not match or len(seen) - match.end() < self.more:
            return len(block)
        return max(len(block) - (len(seen) - match.end() - self.more), 0) \
            if self.more else 0

    def pump(self, source, sink, side):
        seen = b""
        try:
            while block := source.recv(4096):
                seen += block
                self.said[side] += block
                passes = self.allowed(seen, block) if side == self.side \
                    else len(block)
                sink.sendall(block[:passes])
                if passes < len(block):
                    if self.then:
                        self.then()
                    break
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


def folders(client):
    """The names of all, as the server writes them."""
    _, lines = client.list()
    return sorted(line.decode().rsplit(" ", 1)[1].strip('"')
                  for line in lines if line)


def messages(client, folder):
    """UID to (flags, INTERNALDATE in UTC seconds, bytes)."""
    status, _ = client.select(f'"{folder}"', readonly=True)
    if status != "OK":
        return {}
    _, found = client.uid("search", "ALL")
    out = {}
    for uid in found[0].split():
        _, data = client.uid("fetch", uid,
                             "(FLAGS INTERNALDATE BODY.PEEK[])")
        head = b" ".join(part[0] if isinstance(part, tuple) else part
                         for part in data)
        date = imaplib.Internaldate2tuple(head)
        out[int(uid)] = (set(imaplib.ParseFlags(head)) - {b"\\Recent"},
                         int(time.mktime(date)), data[0][1])
    return out
