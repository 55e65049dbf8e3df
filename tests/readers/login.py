# SPDX-License-Identifier: GPL-3.0-or-later
"""Readers who must log in: Thunderbird by TLS, Pan with lists compressed by
XFEATURE, Claws Mail, which asks its user for the password, neomutt and Gnus by
STARTTLS.  Each reads a group that nobody sees without a password."""
import base64
import os
import re
import ssl
import subprocess

from reading import HERE, limit, tap
import atspi
import claws_world as claws
import pan
import server
from desktop import Desktop
from marionette import Thunderbird
from recorder import Recorder
from streams import Served
from terminal import Terminal
from thunderbird import OPEN, READ

SECONDS = 240
NAME, PASSWORD = "anna", "hunter2"
GROUP, COUNT = "example.world", 3
STORY, TEXT = "Harbour reopens after the storm", "Ferries leave again at noon."

# What "Confirm Security Exception" and "Use Password Manager to remember this
# password" do.
TRUSTS = """
    const [port, octets, name, password] = words;
    const {classes: Cc, interfaces: Ci} = Components;
    const certificate = Cc["@mozilla.org/security/x509certdb;1"]
        .getService(Ci.nsIX509CertDB).constructX509FromBase64(octets);
    Cc["@mozilla.org/security/certoverride;1"]
        .getService(Ci.nsICertOverrideService)
        .rememberValidityOverride("127.0.0.1", port, {}, certificate, false);
    // That port, whatever the port of a server with TLS is.
    const place = "news://127.0.0.1:563";
    const login = Cc["@mozilla.org/login-manager/loginInfo;1"]
        .createInstance(Ci.nsILoginInfo);
    login.init(place, null, place, name, password, "", "");
    await Services.logins.addLoginAsync(login);
"""
NEWS = f"""<folder type="news" name="news" account_id="2">
<folderitem type="normal" name="{GROUP}" path="{GROUP}" account_id="2" />
</folder>
</folderlist>
"""
NEOMUTTRC = """
set news_server = "news://localhost:{port}"
set nntp_user = {name}
set nntp_pass = {password}
set ssl_starttls = yes
set ssl_force_tls = yes
set certificate_file = {certificate}
set newsrc = {home}/neomutt-newsrc
set news_cache_dir = {home}/neomutt-cache
set folder = {home}
set spoolfile = {home}/mbox
"""


def thunderbird_reads(home, served):
    with open(home.certificate, encoding="ascii") as file:
        octets = ssl.PEM_cert_to_DER_cert(
            file.read().partition("-----BEGIN PRIVATE")[0].strip())
    with Desktop() as desktop, \
            Thunderbird(desktop, served.tls_port, (GROUP,),
                        socketType=3) as bird:
        bird.run(TRUSTS, served.tls_port, base64.b64encode(octets).decode(),
                 NAME, PASSWORD)
        rows = bird.run(OPEN, GROUP, COUNT) or []
        tap.ok([0, STORY] in rows and len(rows) == COUNT,
               "Thunderbird: the group by TLS", *rows)
        shown = bird.run(READ, STORY)
        tap.ok(TEXT in shown["text"], "Thunderbird: a text", shown)
        bird.ends()


def pan_reads(dialogue):
    with Desktop() as desktop:
        atspi.turn_on(desktop)
        program = pan.starts(desktop, dialogue.port, (GROUP,),
                             (NAME, PASSWORD), pan.GZIP)
        pan.shows(dialogue, desktop, "it starts", lambda cells: any(
            cell.startswith(GROUP) for cell in cells))
        pan.takes_headers(desktop)
        pan.shows(dialogue, desktop, "the group and its count",
                  lambda cells: f"{GROUP} ({COUNT})" in cells)
        asked = dialogue.asked("XFEATURE COMPRESS GZIP")
        lists = dialogue.asked("XOVER")
        tap.ok(asked and all(reply[:3] == "290" for _, reply in asked) and
               lists and all("[COMPRESS=GZIP]" in reply
                             for _, reply in lists),
               "Pan: by a compressed list", dialogue.tail())
        pan.ends(desktop, program)


def claws_reads(dialogue):
    with claws.World() as desktop:
        desktop.profile(claws.FOLDERLIST.replace("</folderlist>\n", NEWS),
                        claws.ACCOUNTS + claws.news_account(
                            dialogue.port, "use_nntp_auth=1",
                            f"user_id={NAME}"),
                        claws.SETTINGS)
        atspi.turn_on(desktop)
        program = desktop.claws()
        desktop.run("claws-mail", "--receive-all")
        asks = atspi.press(desktop, "claws-mail", "password text", "")
        tap.ok(asks, "Claws Mail asks for the password",
               *atspi.shown(desktop, "claws-mail"), dialogue.tail())
        desktop.run("xdotool", "type", PASSWORD)
        desktop.run("xdotool", "key", "Return")
        count = claws.wait_for(lambda: (claws.folder_status(desktop, GROUP) or
                                        (0, 0, 0))[2] == COUNT)
        tap.ok(count, "Claws Mail: the group",
               claws.folder_status(desktop, GROUP), dialogue.tail())
        claws.ends(desktop, program)


def neomutt_reads(home, dialogue):
    rc = os.path.join(home.path, "neomuttrc")
    for path, words in ((rc, NEOMUTTRC.format(
            port=dialogue.port, name=NAME, password=PASSWORD, home=home.path,
            certificate=home.certificate)),
            (os.path.join(home.path, "neomutt-newsrc"), f"{GROUP}:\n")):
        with open(path, "w", encoding="utf-8") as file:
            file.write(words)
    command = (f"env HOME={home.path} TERM=screen LC_ALL=C.UTF-8 "
               f"neomutt -n -F {rc} -G; exec cat")
    with Terminal("neomutt", home.path, command) as terminal:
        terminal.expect("the group by STARTTLS", re.escape(GROUP))
        terminal.type("Enter")
        terminal.expect("its subjects", STORY)
    check_hidden(dialogue, "neomutt")


def gnus_reads(home, dialogue):
    with open(os.path.join(home.path, ".authinfo"), "w",
              encoding="ascii") as file:
        file.write(f"machine 127.0.0.1 port {dialogue.port} login {NAME} "
                   f"password {PASSWORD} force yes\n")
    # It writes there which certificates it has seen.
    os.mkdir(os.path.join(home.path, ".emacs.d"))
    done = subprocess.run(
        ["emacs", "--batch", "--eval", "(setq network-security-level 'low "
         f"gnutls-trustfiles '(\"{home.certificate}.crt\"))",
         "-l", os.path.join(HERE, "..", "e2e", "gnus.el")],
        input="\nend\n", capture_output=True, text=True, check=False,
        timeout=SECONDS, env={**os.environ, "HOME": home.path,
                              "NNTP_PORT": str(dialogue.port),
                              "GROUP": GROUP})
    tap.ok(STORY in done.stdout, "Gnus: the group by STARTTLS", done.stdout,
           done.stderr, dialogue.tail())
    check_hidden(dialogue, "Gnus")


def check_hidden(dialogue, who):
    tap.ok([reply for _, reply in dialogue.asked("STARTTLS")] and
           not dialogue.asked("AUTHINFO"), f"{who}: no password in clear",
           dialogue.tail())


with server.Home("read = {}\n", tls=True) as place:
    subprocess.run(place.command("passwd", NAME), input=PASSWORD + "\n",
                   capture_output=True, text=True, check=True)
    with Served(place) as service, Recorder(service.port) as dialogue:
        limit(SECONDS, dialogue)
        thunderbird_reads(place, service)
        for client in (pan_reads, claws_reads):
            client(dialogue)
        for client in (neomutt_reads, gnus_reads):
            dialogue.forget()
            client(place, dialogue)
tap.done()
