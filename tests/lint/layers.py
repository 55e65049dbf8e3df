# SPDX-License-Identifier: GPL-3.0-or-later
"""Lower layers never learn about higher ones (CONTRIBUTING.md)."""
import os
import re
import sys

sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)),
                os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")]
import source
import tap

BASE = {"arena", "buf", "charset", "config", "date", "error", "helper", "limits", "log",
        "names", "net", "url", "utf8", "wildmat"}
ACCESS = BASE | {"checker", "secret", "users"}
STORY = BASE | {"story", "ident", "notice", "snapshot"}
FETCH = BASE | {"fetch", "robots", "schedule"}
FEED = STORY | {"feed", "opml"}
# A section page is a feed to whoever reads it: page fills that model.
PAGE = STORY | {"page", "html", "rules", "section", "feed", "ticker"}
PICTURE = BASE | {"picture", "studio"}
POST = STORY | {"picture", "thread", "change", "diff", "text", "hypertext", "message",
                "shown", "wire", "inject"}
# schedule is a value that the store keeps for each source.
STORE = POST | {"store", "source", "group", "quarantine", "picture_cache",
                "schedule", "delivery", "history", "check", "recover",
                "suspect"}
SERVE = ACCESS | {"wire", "inject", "store", "source", "group", "nntp", "nntp_limit",
                  "nntp_server", "thread", "schedule", "story"}

# A room, and the modules that it may include; None: all of them.
ALLOWED = {
    "gateway/base": BASE,
    "gateway/access": ACCESS,
    "gateway/story": STORY,
    "gateway/fetch": FETCH,
    "gateway/feed": FEED,
    "gateway/page": PAGE,
    "gateway/picture": PICTURE,
    "gateway/post": POST,
    "gateway/store": STORE,
    # The three last only through the headers of the store.
    "gateway/serve": SERVE - {"thread", "schedule", "story", "source"},
    "gateway/deliver": POST | {"store", "group", "mailbox", "delivery",
                               "deliver"},
    "gateway/cmd": None,
    "gateway": None,
    "plugin": {"limits", "nntp"},
}

# A library's headers, and the places that may include them.
LIBRARIES = {
    r"curl/": ("gateway/fetch/",),
    r"libxml/": ("gateway/feed/", "gateway/page/"),
    r"jansson\.h": ("gateway/feed/", "gateway/page/", "gateway/cmd/"),
    r"gd\.h": ("gateway/picture/",),
    r"systemd/": ("gateway/cmd/",),
    r"libetpan/": ("gateway/post/", "gateway/deliver/", "plugin/"),
    r"sqlite3\.h": ("gateway/store/",),
    r"zlib\.h": ("gateway/feed/gunzip.c", "gateway/store/delta.c",
                 "gateway/serve/", "plugin/link_deflate.c"),
    r"gnutls/": ("plugin/link_tls.c",),
    r"confuse\.h": ("gateway/base/config.c",),
    r"uni[a-z]+\.h": ("gateway/base/",),
    r"idn2\.h": ("gateway/base/",),
    r"openssl/": ("gateway/story/ident.c", "gateway/serve/",
                  "gateway/deliver/"),
    r"crypt\.h": ("gateway/access/",),
    r"gsasl\.h": ("gateway/access/", "gateway/serve/"),
    r"event2/": ("gateway/access/", "gateway/fetch/", "gateway/serve/",
                 "gateway/cmd/", "gateway/picture/studio.c",
                 "gateway/pipeline", "gateway/poll"),
    r"(glib|gtk|gdk)": ("plugin/",),
}


def room_of(path):
    folder = os.path.dirname(path)
    return folder if folder in ALLOWED else folder.split("/")[0]


def includes(path):
    return re.findall(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]',
                      source.code(source.read(path)), re.M)


def wrong(path):
    allowed = ALLOWED[room_of(path)]
    for name in includes(path):
        own = re.fullmatch(r"newswire/(\w+)\.h", name)
        if own and allowed is not None and own[1] not in allowed:
            yield f"{path} includes {name}"
        for pattern, places in LIBRARIES.items():
            # unistd.h is no libunistring header.
            if re.match(pattern, name) and name != "unistd.h" \
                    and not path.startswith(places):
                yield f"{path} includes {name}"


for room in ALLOWED:
    found = [p for p in source.files(".c", ".h", rooms=("gateway", "plugin"))
             if os.path.dirname(p) == room]
    faults = [fault for path in found for fault in wrong(path)]
    tap.ok(not faults, f"{room} includes only the layers below it", *faults)


def core():
    """The files of the plugin's library that knows nothing of Claws Mail."""
    text = source.read("plugin/include.am").replace("\\\n", " ")
    named = re.search(r"^%C%_libcore_la_SOURCES = (.*)$", text, re.M)
    return [word.replace("%D%", "plugin") for word in named[1].split()]


faults = [f"{path} includes {name}" for path in core()
          for name in includes(path)
          if name == "claws.h" or re.match(r"(gtk|gdk)/", name)]
tap.ok(core() and not faults, "the core of the plugin knows no Claws Mail",
       *faults)
tap.done()
