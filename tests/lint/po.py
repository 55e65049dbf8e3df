# SPDX-License-Identifier: GPL-3.0-or-later
"""Every string of the plugin has its translations, which agree with it, and
those who see the desktop file can read it."""
import glob
import os
import re
import subprocess
import sys
import tempfile

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
import source
import tap

PO = os.path.join(source.TOP, "plugin", "po")
DESKTOP = os.path.join(source.TOP, "plugin", "newswire-claws-mail.desktop")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True,
                          check=False)


def complaints(done):
    """What a tool has to say, or that it failed without a word."""
    if done.returncode:
        said = [line for line in done.stderr.splitlines()
                if "warning:" not in line]
        return said or [f"exit code {done.returncode}"]
    return []


def faults_of(catalogue, template):
    """Missing, untranslated and fuzzy strings, then formats and plurals."""
    yield from complaints(run("msgcmp", catalogue, template))
    yield from complaints(run("msgfmt", "--check", "-o", os.devnull,
                              catalogue))


def listed():
    """The languages that the Makefile installs."""
    return re.findall(r"^po(\w+)_DATA = locale/\1/",
                      source.read("plugin/po/include.am"), re.M)


def untranslated_keys(language):
    with open(DESKTOP, encoding="utf-8") as file:
        text = file.read()
    return [key for key in ("Name", "Comment")
            if f"\n{key}[{language}]=" not in text]


def main():
    template = run("sh", os.path.join(PO, "extract.sh"), source.TOP)
    tap.ok(template.returncode == 0 and template.stdout.count("msgid ") > 1,
           "the strings of the sources are extracted", template.stderr)
    catalogues = sorted(glob.glob(os.path.join(PO, "*.po")))
    languages = [os.path.basename(path)[:-3] for path in catalogues]
    tap.ok(languages and sorted(listed()) == languages,
           "each language is installed", *languages)
    with tempfile.NamedTemporaryFile("w", suffix=".pot",
                                     encoding="utf-8") as file:
        file.write(template.stdout)
        file.flush()
        for language, path in zip(languages, catalogues):
            faults = [*faults_of(path, file.name),
                      *untranslated_keys(language)]
            tap.ok(not faults, f"{language} is complete and agrees with the "
                   "sources", *faults)
    others = [path for path in source.files(".c", ".h", rooms=("plugin",))
              if re.search(r"#include <(glib/gi18n|libintl)",
                           source.read(path)) and path != "plugin/i18n.h"]
    tap.ok(not others, "strings are translated by plugin/i18n.h alone",
           *others)
    done = run("desktop-file-validate", DESKTOP)
    tap.ok(done.returncode == 0 and not done.stdout,
           "the desktop file is valid", done.stdout, done.stderr)
    tap.done()


if __name__ == "__main__":
    main()
