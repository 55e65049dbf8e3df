# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin speaks German and Ukrainian where Claws Mail does: its entries in
the menus and its window.  The locales and the compiled translations are made
here, in a folder that goes.
"""
import gettext
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugged import Plugged, limit, tap

PO = os.path.join(os.environ.get("srcdir", "."), "plugin", "po")
LANGUAGES = (("de", "de_DE"), ("uk", "uk_UA"))
TOOLS = 4
WORDS = ("Check web news", "Subscribe to web news…")


def compiled(world, language):
    """newswire.mo, where TEXTDOMAINDIR finds it; the translations."""
    folder = os.path.join(world.home, "locale", language, "LC_MESSAGES")
    os.makedirs(folder)
    path = os.path.join(folder, "newswire.mo")
    subprocess.run(["msgfmt", "-o", path, os.path.join(PO, language + ".po")],
                   check=True)
    with open(path, "rb") as file:
        return gettext.GNUTranslations(file)


def speaks(world, language, locale):
    screen, words = world.screen, compiled(world, language)
    subprocess.run(["localedef", "-i", locale, "-f", "UTF-8",
                    os.path.join(world.home, locale + ".UTF-8")], check=True)
    world.env.update(LOCPATH=world.home, LC_ALL=locale + ".UTF-8",
                     LANGUAGE=language,
                     TEXTDOMAINDIR=os.path.join(world.home, "locale"))
    tap.ok(world.begin(), f"Claws Mail starts in {language}")
    # Labels have an underscore at their key.
    plain = {message.replace("_", ""): text.replace("_", "")
             for message, text in words._catalog.items()
             if isinstance(message, str)}
    want = [plain.get(word, word) for word in WORDS]
    # Claws Mail has words of its own for it, where they are installed.
    tools = screen.all("menu")[TOOLS]
    screen.press(tools)
    found = screen.wait(lambda: [node.get_name() for node in screen.walk(tools)
                                 if node.get_name() in want], 5)
    screen.shot("menu-" + language)
    tap.ok(found == want and not set(want) & set(WORDS),
           f"its entries are {' and '.join(want)}", found)
    screen.key("Escape", "Escape")
    title = plain["Subscribe to web news"]
    screen.expected.append(title)
    screen.menu(tools.get_name(), want[1])
    tap.ok(screen.appears(title) and
           screen.find("text", plain["Web address"], title),
           f"and its window is {title}")
    screen.shot("window-" + language)
    screen.key("Escape")
    screen.wait(lambda: not screen.is_open(title))
    world.finish(language)


def main():
    limit(60)
    with Plugged() as world:
        for language, locale in LANGUAGES:
            speaks(world, language, locale)
    tap.done()


if __name__ == "__main__":
    main()
