# SPDX-License-Identifier: GPL-3.0-or-later
"""CPython's own tests of nntplib against a server of the network, here
newswire: all that there are must pass.  Debian has them in the package
libpython3.11-testsuite, for /usr/bin/python3.
"""
import inspect
import subprocess
import sys
import unittest
import warnings

from reading import LIVE, NAMES, Reading, tap

SECONDS = 60
# What CPython 3.11 has.
TESTS = 17
PYTHONS = ("/usr/bin/python3", "python3")


def suite():
    """The tests of CPython's library as a module; runs this file by another
    Python where that one has them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            from test import test_nntplib
        return test_nntplib
    except ImportError as error:
        for other in PYTHONS:
            if not subprocess.run([other, "-W", "ignore", "-c",
                                   "import test.test_nntplib"],
                                  capture_output=True, check=False).returncode:
                sys.exit(subprocess.call([other, *sys.argv]))
        tap.ok(False, "a Python has test.test_nntplib (on Debian 12 it is in "
               "libpython3.11-testsuite)", error)
        tap.done()


def name(test):
    return "CPython: " + getattr(test, "_testMethodName", str(test))


class Result(unittest.TestResult):
    """A case of TAP for each test."""

    def addSuccess(self, test):
        tap.ok(True, name(test))

    def told(self, test, error):
        tap.ok(False, name(test), self._exc_info_to_string(error, test),
               world.dialogue.tail())

    addError = addFailure = told

    def addSkip(self, test, reason):
        tap.ok(False, f"{name(test)} is run", reason)


def case(suite, port):
    """Their tests as a TestCase for our group."""
    class Connection(suite.nntplib.NNTP):
        def __init__(self, host, *words, **options):
            super().__init__(host, *words, **dict({"port": port}, **options))

    class Networked(suite.NetworkedNNTPTestsMixin, unittest.TestCase):
        NNTP_HOST = "127.0.0.1"
        NNTP_CLASS = Connection
        GROUP_NAME, GROUP_PAT, DESC = LIVE, "saltmarsh.*", NAMES[LIVE]
        ssl_context = None

        @classmethod
        def setUpClass(cls):
            cls.server = cls.NNTP_CLASS(cls.NNTP_HOST, timeout=20,
                                        usenetrc=False)

        @classmethod
        def tearDownClass(cls):
            if cls.server:
                cls.server.quit()

    # Some are skipped there for what servers of the network did.
    for name in unittest.defaultTestLoader.getTestCaseNames(Networked):
        test = getattr(Networked, name)
        if getattr(test, "__unittest_skip__", False):
            setattr(Networked, name, inspect.unwrap(test))
    return Networked


library = suite()
with Reading(SECONDS) as world:
    tests = unittest.defaultTestLoader.loadTestsFromTestCase(
        case(library, world.port))
    count = tests.countTestCases()
    tap.ok(count >= TESTS, f"CPython has {TESTS} tests for us", count)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tests.run(Result())
tap.done()
