# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator does wrong: the message names it and says what to do, and the
exit code is that of newswire(1)."""
import os
import socket

from gateway import Gateway
import tap


class Place(Gateway):
    def wrong(self, what, args, code, *says, config="", stdin=""):
        with open(os.path.join(self.home, "newswire.conf"), "w",
                  encoding="utf-8") as file:
            file.write(config)
        done = self.run(*args, stdin=stdin)
        said = done.stderr.decode()
        tap.ok(done.returncode == code and all(s in said for s in says), what,
               done.returncode, said)

    def serve(self, what, code, *says, at=("0",), config=""):
        listen = [word for one in at for word in ("--listen", one)]
        self.wrong(what, ("serve", "--no-poll", *listen), code, *says,
                   config=config)

    def write(self, name, text, mode=0o600):
        path = os.path.join(self.home, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)


def check_places(place):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        at = f"127.0.0.1:{taken.getsockname()[1]}"
        place.serve("an address in use", 75, at, "in use", "name another place",
                    at=(at,))
    place.serve("a socket in a folder that is not there", 74,
                "make the folder first", at=(f"unix:{place.home}/no/sock",))
    place.serve("a socket whose path is too long", 78, "at most 107 octets",
                at=("unix:/" + "a" * 107,))
    place.serve("a port of TLS without a certificate", 78,
                "listen-tls needs tls-certificate",
                config="listen-tls = 0\n")


def check_users(place):
    place.write("users", "# none\n", 0o644)
    place.serve("passwords that others can read", 78, "chmod 600")
    place.write("users", "# none\nanna\n")
    place.serve("a bad line among the passwords", 78, "users:2: ",
                "newswire passwd writes another")
    os.remove(os.path.join(place.home, "users"))
    for name in ("a:b", "a b", "#x", "x" * 65):
        place.wrong(f"passwd for \"{name[:9]}\"", ("passwd", name), 64,
                    "a name is 1 to 64 octets", stdin="secret\n")
    place.wrong("passwd --delete of nobody", ("passwd", "--delete", "nobody"), 66,
                "there is no user nobody")
    place.wrong("a password of too many words", ("passwd", "anna"), 65,
                "14 at most", stdin="a " * 14 + "a\n")


def check_store(place):
    for command in ("check", "recover"):
        place.wrong(f"{command} without a store", (command,), 66, "newswire.db: ")
    place.wrong("recover says where a store is looked for", ("recover",), 66,
                "--home names the folder")
    place.wrong("group add", ("group", "add", "local.talk"), 0,
                "takes posts when \"notes\" of ")
    place.wrong("the same again", ("group", "add", "local.talk"), 0,
                "local.talk: takes posts\n", config='notes = "local.*"\n')
    place.wrong("a store without articles", ("check",), 0, "nothing is wrong")
    place.wrong("recover", ("recover",), 0, "0 articles are lost")
    place.wrong("recover onto what is there", ("recover",), 64, "remove it",
                "--to")


def main():
    with Place() as place:
        place.wrong("an unknown option", ("list",), 78, "newswire.conf:1: colour: ",
                    "newswire.conf(5)", config="colour = red\n")
        place.wrong("a limit out of range", ("list",), 78, "from 0 to 1000000",
                    config="connections-per-user = 1000001\n")
        check_places(place)
        check_users(place)
    with Place() as place:
        check_store(place)
    tap.done()


main()
