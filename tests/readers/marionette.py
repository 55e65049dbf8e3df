# SPDX-License-Identifier: GPL-3.0-or-later
"""Thunderbird with a news account, on a display of its own, driven by
Marionette: JSON over TCP, each message behind its length and a colon."""
import base64
import json
import os
import socket
import subprocess
import time

from reading import tap

PATIENCE_S = 60
# Each script may use these and words, its arguments, and returns by "return".
# PATIENCE is in milliseconds.
PREAMBLE = """
const {MailServices} = ChromeUtils.importESModule(
    "resource:///modules/MailServices.sys.mjs");
const until = async good => {
    const end = Date.now() + PATIENCE;
    for (;;) {
        let value = false;
        try { value = good(); } catch (error) {}
        if (value || Date.now() > end) return value;
        await new Promise(resolve => window.setTimeout(resolve, 50));
    }
};
const server = MailServices.accounts.allServers.find(s => s.type == "nntp");
const folder = name => server.rootFolder.getChildNamed(name);
const pane = window.document.getElementById("tabmail").currentAbout3Pane;
const rows = view => Array.from({length: view.rowCount}, (_, i) =>
    [view.getLevel(i), view.cellTextForColumn(i, "subjectCol")]);
"""
SERVERS = {
    "mail.accountmanager.accounts": "account1,account2",
    "mail.accountmanager.defaultaccount": "account2",
    "mail.accountmanager.localfoldersserver": "server1",
    "mail.account.account1.server": "server1",
    "mail.account.account2.server": "server2",
    "mail.account.account2.identities": "id1",
    "mail.server.server1.type": "none",
    "mail.server.server1.hostname": "Local Folders",
    "mail.server.server1.name": "Local Folders",
    "mail.server.server1.userName": "nobody",
    "mail.server.server1.directory-rel": "[ProfD]Mail/Local Folders",
    "mail.server.server2.type": "nntp",
    "mail.server.server2.hostname": "127.0.0.1",
    "mail.server.server2.name": "news",
    "mail.server.server2.newsrc.file-rel": "[ProfD]News/newsrc",
    "mail.server.server2.directory-rel": "[ProfD]News/news",
    "mail.root.nntp-rel": "[ProfD]News",
    "mail.identity.id1.fullName": "Reader",
    "mail.identity.id1.useremail": "reader@host.invalid",
    "mail.identity.id1.valid": True,
}
# No first steps, and nothing that would ask the network: what is not
# loopback has a proxy that is not there.
QUIET = {
    "app.donation.eoy.version.viewed": 999,
    "app.update.auto": False,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "extensions.update.enabled": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mail.spotlight.firstRunDone": True,
    "mailnews.start_page.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.type": 1,
}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Marionette:
    """A session that runs scripts with the rights of the program's own."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port),
                                               timeout=4 * PATIENCE_S)
        self.file = self.socket.makefile("rb")
        self.count = 0
        self.read()
        self.call("WebDriver:NewSession", capabilities={"alwaysMatch": {}})
        self.call("Marionette:SetContext", value="chrome")
        self.call("WebDriver:SetTimeouts", script=3000 * PATIENCE_S)

    def read(self):
        length = b""
        while (octet := self.file.read(1)) != b":":
            if not octet:
                raise EOFError("Thunderbird is gone")
            length += octet
        return json.loads(self.file.read(int(length)))

    def call(self, name, **parameters):
        self.count += 1
        message = json.dumps([0, self.count, name, parameters]).encode()
        self.socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self.read()
        if error:
            raise RuntimeError(f"{name}: {error}")
        return result

    def run(self, script, *words):
        """What the script returns; words are its arguments."""
        body = (PREAMBLE + script).replace("PATIENCE", str(1000 * PATIENCE_S))
        value = self.call(
            "WebDriver:ExecuteAsyncScript", sandbox="system", args=list(words),
            script="const done = arguments[arguments.length - 1];"
                   f"(async (...words) => {{{body}}})(...arguments)"
                   ".then(done, error => done('failed: ' + error));")["value"]
        if isinstance(value, str) and value.startswith("failed: "):
            raise RuntimeError(value)
        return value

    def picture(self, path):
        """Of the window, as a PNG file, for the eye."""
        shot = self.call("WebDriver:TakeScreenshot", full=False)["value"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot))


class Thunderbird:
    """The program; it ends after "with".  more are settings of the account of
    the news server."""

    def __init__(self, world, port, groups, **more):
        self.world = world
        self.profile = os.path.join(world.home, "thunderbird")
        self.marionette_port = free_port()
        os.makedirs(os.path.join(self.profile, "News"))
        with open(os.path.join(self.profile, "News", "newsrc"), "w",
                  encoding="utf-8") as file:
            file.write("".join(f"{group}:\n" for group in groups))
        settings = dict(SERVERS, **QUIET)
        for name, value in dict(more, port=port).items():
            settings["mail.server.server2." + name] = value
        settings["marionette.port"] = self.marionette_port
        with open(os.path.join(self.profile, "user.js"), "w",
                  encoding="utf-8") as file:
            for name, value in settings.items():
                file.write(f"user_pref({json.dumps(name)}, "
                           f"{json.dumps(value)});\n")

    def __enter__(self):
        env = dict(self.world.env, HOME=self.profile,
                   MOZ_CRASHREPORTER_DISABLE="1")
        self.program = self.world.start(
            "thunderbird", "--profile", self.profile, "--no-remote",
            "--marionette", "--remote-allow-system-access", env=env,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and self.program.poll() is None:
            try:
                self.marionette = Marionette(self.marionette_port)
                return self
            except ConnectionRefusedError:
                time.sleep(0.1)
        raise RuntimeError("Thunderbird does not start")

    def __exit__(self, *_):
        if self.program.poll() is None:
            self.program.terminate()
            self.program.wait(PATIENCE_S)

    def run(self, script, *words):
        return self.marionette.run(script, *words)

    def version(self):
        return int(self.run("return Services.appinfo.version").split(".")[0])

    def ends(self):
        self.marionette.call("Marionette:Quit", flags=["eForceQuit"])
        code = self.program.wait(PATIENCE_S)
        tap.ok(code == 0, "Thunderbird ends well", code)
