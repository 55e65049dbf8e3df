# SPDX-License-Identifier: GPL-3.0-or-later
"""INN's nnrpd over the articles of fixture/, for comparing.

INN is what the variable INN names, what autogen.sh --install-deps=check unpacked,
or what the system has.  Its spool is written as innd would, in a temporary folder, so
that no innd is needed, which would not run under every user; nnrpd listens on the
loopback only.
"""
import glob
import grp
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE]
import server

ROOTS = [os.environ.get("INN", "/"), "/var/cache/newswire/inn",
         os.path.expanduser("~/.cache/newswire/inn"), "/"]
BINARIES = ["usr/lib/news/bin", "usr/libexec/news", "usr/lib/inn/bin",
            "usr/bin"]
PATIENCE_S = 30

INN_CONF = """
mta: "/bin/false"
organization: "Example"
pathhost: {host}
domain: example
hismethod: hisv6
enableoverview: true
ovmethod: tradindexed
allownewnews: true
nnrpdloadlimit: 0
nnrpdposthost: ""
server: 127.0.0.1
bindaddress: 127.0.0.1
bindaddress6: none
port: {port}
runasuser: {user}
runasgroup: {group}
pathnews: {folder}
pathbin: {bin}
pathetc: {folder}
pathdb: {folder}
pathrun: {folder}
pathlog: {folder}
pathspool: {folder}
patharticles: {folder}/articles
pathoverview: {folder}/overview
pathincoming: {folder}/incoming
pathoutgoing: {folder}/outgoing
pathtmp: {folder}
"""
FILES = {
    "storage.conf": "method tradspool {\n newsgroups: *\n class: 0\n}\n",
    "readers.conf": 'auth "all" {\n hosts: "127.0.0.1"\n default: "reader"\n'
                    '}\naccess "all" {\n users: "reader"\n newsgroups: "*"\n'
                    ' access: "RN"\n}\n',
    "history": "",
}


def find_binaries():
    """(folder of programs, folder of libraries)"""
    for root in ROOTS:
        for folder in BINARIES:
            path = os.path.join(root, folder)
            if os.path.exists(os.path.join(path, "nnrpd")):
                return os.path.realpath(path), os.path.realpath(
                    os.path.join(path, ".."))
    raise RuntimeError("INN is missing: run ./autogen.sh "
                       "--install-deps=check")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def articles():
    """({group: number}, octets) of each file; numbers go up in the order of the
    files, and what is in several groups comes once."""
    found = {}
    for group, *_ in groups():
        paths = sorted(glob.glob(os.path.join(server.FIXTURE, group, "*.eml")))
        for number, path in enumerate(paths, 1):
            with open(path, "rb") as file:
                octets = file.read()
            found.setdefault(message_id(octets), ({}, octets))[0][group] = \
                number
    for gone in [re.search(rb"(?mi)^Supersedes: (\S+)$", octets)
                 for _, octets in found.values()]:
        if gone:
            del found[gone[1]]
    return found.values()


def message_id(octets):
    return re.search(rb"(?mi)^Message-ID: (\S+)$", octets)[1]


def groups():
    """[name, made, description]"""
    with open(os.path.join(server.FIXTURE, "groups"),
              encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file
                if not line.startswith("#")]


class Fixture:
    """What INN is to serve, unless something else is given."""
    patience_s = PATIENCE_S

    def groups(self):
        """[name, made, description]"""
        return groups()

    def highest(self, group):
        """The number of its last article."""
        folder = os.path.join(server.FIXTURE, group)
        return len(os.listdir(folder)) if os.path.isdir(folder) else 0

    def articles(self):
        """({group: number}, octets), in the order that they came."""
        return articles()


class Inn:
    """nnrpd on a port of its own; gone after "with"."""

    def __init__(self, corpus=Fixture()):
        self.corpus = corpus
        self.bin, self.lib = find_binaries()
        self.folder = tempfile.mkdtemp(prefix="newswire-inn-")
        # INN refuses to be root.
        self.user = pwd.getpwuid(os.geteuid()) if os.geteuid() else \
            pwd.getpwnam("news")
        self.port = free_port()
        self.environment = {**os.environ,
                            "INNCONF": self.path("inn.conf"),
                            "LD_LIBRARY_PATH": self.lib}
        self.child = None
        self.filled = 0

    def __enter__(self):
        try:
            self.write_files()
            self.fill()
            self.own()
            # A batch more makes it fail.
            self.run("makehistory", "-O", "-F", "-l",
                     str(10000 + self.filled))
            self.run("makedbz", "-i", "-o", "-s", str(1000 + self.filled),
                     "-f", "history")
            self.child = subprocess.Popen(
                [os.path.join(self.bin, "nnrpd"), "-D", "-f", "-n", "-b",
                 "127.0.0.1", "-p", str(self.port)], **self.options())
            self.await_port()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.child:
            self.child.terminate()
            self.child.wait(PATIENCE_S)
        shutil.rmtree(self.folder, ignore_errors=True)

    def write_files(self):
        made = self.corpus.groups()
        self.write("inn.conf", INN_CONF.format(
            host=server.HOST, port=self.port, folder=self.folder, bin=self.bin,
            user=self.user.pw_name,
            group=grp.getgrgid(self.user.pw_gid).gr_name))
        for name, text in FILES.items():
            self.write(name, text)
        self.write("active", "".join(
            f"{name} {self.corpus.highest(name)} 1 n\n"
            for name, *_ in made))
        self.write("active.times", "".join(
            f"{name} {when} newswire\n" for name, when, _ in made))
        self.write("newsgroups", "".join(
            f"{name}\t{text}\n" for name, _, text in made if text))
        self.write("tradspool.map", "".join(
            f"{name} {i}\n" for i, (name, *_) in enumerate(made, 1)))
        for name in ("articles", "overview", "incoming", "outgoing"):
            os.mkdir(self.path(name))

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def own(self):
        """Of root's files, nnrpd is given all."""
        if os.geteuid():
            return
        for folder, folders, names in os.walk(self.folder):
            for name in [folder] + [os.path.join(folder, name)
                                    for name in folders + names]:
                os.chown(name, self.user.pw_uid, self.user.pw_gid)

    def options(self):
        options = {"env": self.environment, "cwd": self.folder,
                   "stdin": subprocess.DEVNULL}
        if not os.geteuid():
            options.update(user=self.user.pw_uid, group=self.user.pw_gid,
                           extra_groups=[])
        return options

    def run(self, program, *words):
        subprocess.run([os.path.join(self.bin, program), *words], check=True,
                       timeout=self.corpus.patience_s, **self.options())

    def await_port(self):
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                if time.monotonic() > end or self.child.poll() is not None:
                    raise
                time.sleep(0.05)

    def fill(self):
        """The spool, its overview and its history."""
        for numbers, octets in self.corpus.articles():
            self.filled += 1
            xref = "Xref: " + server.HOST + "".join(
                f" {group}:{number}" for group, number in numbers.items())
            octets = re.sub(rb"(?mi)^Newsgroups: .*$",
                            f"Newsgroups: {','.join(numbers)}\n{xref}"
                            .encode(), octets)
            first, *others = [os.path.join("articles",
                                           group.replace(".", "/"), str(n))
                              for group, n in numbers.items()]
            self.write(first, octets.decode("utf-8"))
            for other in others:
                os.makedirs(os.path.dirname(self.path(other)), exist_ok=True)
                os.link(self.path(first), self.path(other))
