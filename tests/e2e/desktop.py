# SPDX-License-Identifier: GPL-3.0-or-later
"""A display, a session bus and a home for programs with windows."""
import os
import shutil
import signal
import subprocess
import tempfile
import time

BUILD = os.environ.get("builddir", ".")
PATIENCE_S = 60


class Desktop:
    """The processes of the test, ended by pid."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="newswire-desktop-")
        self.processes = []
        self.env = dict(os.environ, HOME=self.home, LC_ALL="C.UTF-8",
                        NEWSWIRE_HOME=os.path.join(self.home, "newswire"),
                        NEWSWIRE_ALLOW_PRIVATE="1",
                        XDG_RUNTIME_DIR=os.path.join(self.home, "run"),
                        PATH=BUILD + ":" + os.environ["PATH"])
        for name in ("CONFIG", "DATA", "CACHE"):
            self.env["XDG_%s_HOME" % name] = os.path.join(self.home, name)
        os.mkdir(self.env["XDG_RUNTIME_DIR"], 0o700)

    def __enter__(self):
        self.display()
        return self

    def __exit__(self, *_):
        self.close()

    def start(self, *command, **options):
        options.setdefault("env", self.env)
        process = subprocess.Popen(command, **options)
        self.processes.append(process)
        return process

    def run(self, *command):
        return subprocess.run(command, env=self.env, capture_output=True,
                              text=True, timeout=PATIENCE_S, check=False)

    def close(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def frame(self):
        """The file in which the X server keeps what its screen shows."""
        return os.path.join(self.home, "Xvfb_screen0")

    def display(self):
        """An X server on a display that it chooses, and a session bus."""
        read, write = os.pipe()
        # Else it begins anew, and ends whoever has just come, when the only
        # client it had goes.
        self.start("Xvfb", "-noreset", "-displayfd", str(write), "-screen",
                   "0", "1100x800x24", "-fbdir", self.home, pass_fds=(write,),
                   stderr=subprocess.DEVNULL)
        os.close(write)
        with open(read, encoding="ascii") as number:
            self.env["DISPLAY"] = ":" + number.readline().strip()
        bus = self.start("dbus-daemon", "--session", "--print-address",
                         "--nofork", stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()


def wait_for(check):
    """The first true value of check() within the time there is."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        value = check()
        if value:
            return value
        time.sleep(0.3)
    return None
