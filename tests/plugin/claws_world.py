# SPDX-License-Identifier: GPL-3.0-or-later
"""Claws Mail on a desktop of its own with a profile that the test writes, driven
by its command line."""
import glob
import os
import re
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "e2e"), os.path.join(HERE, "..")]
from desktop import BUILD, Desktop, wait_for
import tap

TOP = os.environ.get("srcdir", os.path.join(HERE, "..", ".."))
PLUGIN = os.path.abspath(os.path.join(BUILD, ".libs", "newswire.so"))

FOLDERLIST = """<?xml version="1.0" encoding="UTF-8"?>
<folderlist config_version="3">
  <folder type="mh" collapsed="0" name="Mail" path="Mail" sort="0">
    <folderitem type="inbox" name="inbox" path="inbox" />
    <folderitem type="outbox" name="sent" path="sent" />
    <folderitem type="queue" name="queue" path="queue" />
    <folderitem type="draft" name="draft" path="draft" />
    <folderitem type="trash" name="trash" path="trash" />
  </folder>
</folderlist>
"""
# protocol 4 is an account without a server.
ACCOUNTS = """[AccountConfig]
config_version=4
[Account: 1]
account_name=test
is_default=1
name=Test
address=test@localhost
protocol=4
smtp_server=localhost
"""
SETTINGS = """[Common]
config_version=4
check_on_startup=0
autochk_newmail=0
no_recv_err_panel=1
"""
LOADED = """[Plugins_GTK3]
%s

"""


class World(Desktop):
    """With Claws Mail."""

    def profile(self, folderlist, accounts, settings):
        folder = os.path.join(self.home, ".claws-mail")
        for name in ("inbox", "sent", "queue", "draft", "trash"):
            os.makedirs(os.path.join(self.home, "Mail", name))
        os.makedirs(folder)
        for name, text in (("folderlist.xml", folderlist),
                           ("accountrc", accounts), ("clawsrc", settings)):
            with open(os.path.join(folder, name), "w",
                      encoding="utf-8") as file:
                file.write(text)

    def claws(self, *options):
        """The running program; None when it does not start."""
        claws = self.start("claws-mail", *options, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
        # Without a socket, a claws-mail with options would be the program
        # itself.
        return claws if wait_for(lambda: glob.glob(os.path.join(
            self.env["XDG_RUNTIME_DIR"], "claws-mail", "*"))) else None


def news_account(port, *more, name="news"):
    """The built-in news account, by protocol 2, with more of its settings."""
    return "\n".join(("[Account: 2]", f"account_name={name}", "name=Test",
                      "address=test@localhost", "protocol=2",
                      "nntp_server=127.0.0.1", "set_nntpport=1",
                      f"nntp_port={port}", "receive_at_get_all=1", *more, ""))


def folder_status(world, group):
    """(new, unread, total) that Claws Mail tells of the group's folder."""
    found = re.search(r"(\d+) +(\d+) +(\d+) .*%s$" % re.escape(group),
                      world.run("claws-mail", "--status-full").stdout, re.M)
    return tuple(map(int, found.groups())) if found else None


def kept(world, group):
    """The numbers that the file of marks of a group of a news account has once
    Claws Mail has ended: a version, then a number and flags for each."""
    with open(os.path.join(world.home, ".claws-mail", "newscache",
                           "127.0.0.1", group, ".claws_mark"), "rb") as file:
        data = file.read()
    return {number for number, _ in struct.iter_unpack("=II", data[4:])}


def ends(world, claws):
    world.run("claws-mail", "--exit")
    tap.ok(wait_for(lambda: claws.poll() is not None) and
           claws.returncode == 0, "Claws Mail ends well", claws.returncode)
