# SPDX-License-Identifier: GPL-3.0-or-later
"""What messages show of pictures is a choice of each source, and can be chosen
anew; convert takes the same."""
import email
import email.policy
import json

from gateway import Gateway, Site, header, pictures
import tap

PAGE = "/slow-boats.html"


def shape(article):
    """The types of the parts, without those that hold parts."""
    message = email.message_from_string(article, policy=email.policy.SMTP)
    return [part.get_content_type() for part in message.walk()
            if not part.is_multipart()]


ALTERNATIVE = ["text/plain", "text/html"]
# Of PAGE: options, the parts, and whether the author has a face.
CHOICES = [
    ([], ALTERNATIVE + ["image/jpeg"], True),
    (["--images", "link"], ALTERNATIVE, False),
    (["--images", "none"], ALTERNATIVE, False),
    (["--layout", "mixed"], ["text/plain", "image/jpeg", "text/plain"], True),
    (["--layout", "text"], ["text/plain"], False),
    (["--layout", "mixed", "--images", "link"], ["text/plain"], False),
]


def subscribed(site):
    for options, parts, face in CHOICES:
        with Gateway() as gateway:
            gateway.run("subscribe", "--kind", "page", "--group", "e2e.one",
                        *options, site.url + PAGE)
            said = gateway.fetch()
            found = list(gateway.articles("e2e.one").values())
            what = " ".join(options) or "no option"
            tap.ok(len(found) == 1 and shape(found[0]) == parts,
                   f"{what}: {', '.join(parts)}", said,
                   *map(shape, found))
            tap.ok(found and (header(found[0], "Face") is not None) == face,
                   f"{what}: {'a' if face else 'no'} face")


def converted(gateway, site):
    asked = len(site.log().splitlines())
    for options, parts, face in CHOICES[1:] + [([], ALTERNATIVE, False)]:
        options = options if "--images" in options or not options else \
            options + ["--images", "inline"]
        done = gateway.run("convert", *options, site.url + PAGE)
        got = done.stdout.decode()
        what = " ".join(["convert", *options])
        tap.ok(shape(got) == parts, f"{what}: {', '.join(parts)}",
               shape(got), done.stderr.decode())
        tap.ok((header(got, "Face") is not None) == face,
               f"{what}: {'a' if face else 'no'} face")
        log = site.log().splitlines()[asked:]
        asked += len(log)
        tap.ok(any("/images/" in line for line in log) == face,
               f"{what}: pictures are fetched only if they are shown", *log)


def chosen_anew(gateway, site):
    url = site.url + "/feed.xml"
    gateway.subscribe(url, "e2e.anew")
    gateway.fetch()
    before = gateway.articles("e2e.anew")
    tap.ok(len(before) == 8 and all(map(pictures, before.values())),
           "every story of the sample site shows its picture",
           *map(shape, before.values()))
    done = gateway.run("subscribe", url)
    tap.ok(done.returncode != 0 and b"already subscribed to, as e2e.anew" in
           done.stderr, "a second subscription is refused", done.stderr)
    done = gateway.run("subscribe", "e2e.anew", "--images", "none",
                       "--layout", "text", "--name", "The Paper")
    tap.ok(done.returncode == 0 and b"images none, edits follow-up, layout "
           b"text" in done.stderr, "but changes what it chooses anew",
           done.stderr)
    done = gateway.run("subscribe", url, "--edits", "ignore")
    row = json.loads(gateway.run("list", "--format", "json").stdout)[0]
    tap.ok(row == {"group": "e2e.anew", "kind": "feed", "url": url,
                   "name": "The Paper", "images": "none", "edits": "ignore",
                   "layout": "text"}, "and nothing else", row, done.stderr)
    gateway.run("subscribe", url, "--images", "default", "--edits", "default",
                "--layout", "default")
    row = json.loads(gateway.run("list", "--format", "json").stdout)[0]
    tap.ok((row["images"], row["edits"], row["layout"]) ==
           ("inline", "follow-up", "alternative"),
           "default is what the configuration says", row)
    done = gateway.run("subscribe", url, "--group", "e2e.other", "--images",
                       "link")
    tap.ok(done.returncode != 0, "a group keeps its name", done.stderr)
    gateway.fetch()
    tap.ok(gateway.articles("e2e.anew") == before,
           "what is stored stays as it is")
    status = json.loads(gateway.run("status", "--format", "json").stdout)
    said = gateway.run("status").stdout.decode()
    tap.ok(status["pictures"] > 6 and status["picture_bytes"] > 10000 and
           f"{status['pictures']} pictures are kept" in said,
           "status counts the pictures that are kept", said)


def by_default(site):
    """What the configuration says holds for subscriptions and imports."""
    config = "host-pause = 0\nimages = link\nlayout = mixed\n"
    opml = ('<opml version="2.0"><body><outline text="T" type="rss" '
            'xmlUrl="http://127.0.0.1:1/feed"/></body></opml>')
    with Gateway(config) as gateway:
        gateway.subscribe(site.url + "/feed.xml", "e2e.default")
        gateway.run("import", "-", stdin=opml)
        rows = json.loads(gateway.run("list", "--format", "json").stdout)
        tap.ok(len(rows) == 2 and all(row["images"] == "link" and
                                      row["layout"] == "mixed"
                                      for row in rows),
               "the configuration has the defaults of new sources", rows)
        gateway.run("import", "--layout", "text", "-", stdin=opml.replace(
            "</body>", '<outline xmlUrl="http://127.0.0.1:1/new"/></body>'))
        rows = json.loads(gateway.run("list", "--format", "json").stdout)
        tap.ok([row["layout"] for row in rows if ":1/new" in row["url"]] ==
               ["text"] and
               [row["layout"] for row in rows].count("mixed") == 2,
               "an import has a layout of its own for what it adds", rows)


def main():
    with Site() as site:
        by_default(site)
        subscribed(site)
        with Gateway() as gateway:
            converted(gateway, site)
        with Gateway() as gateway:
            chosen_anew(gateway, site)
    tap.done()


main()
