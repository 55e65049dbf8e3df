# SPDX-License-Identifier: GPL-3.0-or-later
"""A store of known articles, and newswire over it, for tests.

fixture/groups says which groups there are; the folder of a group has its
articles.  NEWSWIRE and STOREFILL name other programs than those of the build.
"""
import os
import re
import shutil
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURE = os.path.join(HERE, "fixture")
BUILD = os.environ.get("builddir", ".")
NEWSWIRE = os.environ.get("NEWSWIRE", os.path.join(BUILD, "newswire"))
STOREFILL = os.environ.get(
    "STOREFILL", os.path.join(BUILD, "tests", "tools", "storefill"))
HOST = "news.example"


def make_certificate(path, days=30):
    """A certificate that signs itself, and its key, in one file; they are also
    in path.crt and path.key."""
    subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                    path + ".key", "-out", path + ".csr", "-subj",
                    "/CN=localhost"], check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["openssl", "x509", "-req", "-in", path + ".csr",
                    "-signkey", path + ".key", "-out", path + ".crt", "-days",
                    str(days), "-extfile", "/dev/stdin"], check=True,
                   input=b"subjectAltName = DNS:localhost, IP:127.0.0.1\n",
                   stderr=subprocess.DEVNULL)
    with open(path, "w", encoding="ascii") as file:
        os.chmod(path, 0o600)
        for part in (path + ".crt", path + ".key"):
            with open(part, encoding="ascii") as lines:
                file.write(lines.read())


class Home:
    """A folder with newswire.conf and the store; gone after "with"."""

    def __init__(self, config="", tls=False):
        self.path = tempfile.mkdtemp(prefix="newswire-nntp-")
        self.config = config
        if tls:
            self.certificate = os.path.join(self.path, "tls.pem")
            make_certificate(self.certificate)
            self.config += f'tls-certificate = "{self.certificate}"\n'

    def configure(self, config):
        with open(os.path.join(self.path, "newswire.conf"), "w",
                  encoding="utf-8") as file:
            file.write(f'path-host = "{HOST}"\nreaders = 1\n{config}')

    def __enter__(self):
        self.configure(self.config)
        with open(os.path.join(FIXTURE, "groups"), encoding="utf-8") as file:
            for line in file:
                if not line.startswith("#"):
                    self.fill(*line.rstrip("\n").split("\t"))
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def fill(self, group, made, description):
        folder = os.path.join(FIXTURE, group)
        subprocess.run([STOREFILL, "--now", made, "--description",
                        description, "--path-host", HOST,
                        os.path.join(self.path, "newswire.db"), group] +
                       [folder] * os.path.isdir(folder), check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def command(self, *words):
        return [NEWSWIRE, "--home", self.path, *words]


class Server:
    """"newswire serve" on a port of its own."""

    def __init__(self, home):
        self.process = subprocess.Popen(
            home.command("serve", "--no-poll", "--listen", "127.0.0.1:0"),
            stderr=subprocess.PIPE, text=True)
        said = ""
        for line in self.process.stderr:
            said += line
            found = re.search(r"listening on 127\.0\.0\.1 port (\d+)", line)
            if found:
                self.port = int(found[1])
                return
        self.process.wait()
        raise RuntimeError("newswire serve ended: " + said)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)
        self.process.stderr.close()
