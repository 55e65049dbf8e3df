# SPDX-License-Identifier: GPL-3.0-or-later
"""What cannot be read is told: items by status, sources in their group."""
import json

from gateway import Gateway, Scripted, subject, text
import tap

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>The Test
</title><link>http://test.example/</link><description>d</description>
<item><title>Whole</title><guid isPermaLink="false">whole</guid>
<description>A text.</description></item>
<item><guid isPermaLink="false">hollow</guid>{more}</item></channel></rss>"""


class Publisher:
    def __init__(self):
        self.status, self.more = 200, ""

    def answer(self, path):
        body = FEED.format(more=self.more).encode()
        return self.status, {"ETag": f'"{len(body)}"'}, body


def quarantine(gateway):
    status = json.loads(gateway.run("status", "--format", "json").stdout)
    return status["sources"][0]["quarantine"]


def upgrade(gateway):
    """As if another version had put the items there."""
    gateway.change_store("UPDATE quarantine SET version = '0.0'")


def items(gateway, publisher):
    gateway.fetch()
    said = gateway.run("status").stdout.decode()
    tap.ok(": hollow: the item has neither a title nor" in said,
           "status names the item and the reason", said)
    first = quarantine(gateway)
    tap.ok(len(first) == 1 and first[0]["tries"] == 1 and
           len(gateway.articles("e2e.status")) == 1,
           "which no other item waits for", first)
    gateway.fetch()
    tap.ok(quarantine(gateway) == first, "it is not tried again by itself")
    upgrade(gateway)
    said = gateway.fetch()
    tap.ok(quarantine(gateway)[0]["tries"] == 2, "an upgrade tries it again",
           said)
    publisher.more = "<title>Filled</title>"
    gateway.fetch()
    tap.ok(quarantine(gateway) == [] and
           len(gateway.articles("e2e.status")) == 2,
           "as does a change, and then it is an article")


def sources(gateway, publisher):
    publisher.status = 404
    for _ in range(7):
        said = gateway.fetch()
    found = list(gateway.articles("e2e.status").values())
    tap.ok([subject(a) for a in found[2:]] == ["The Test cannot be read"],
           "a source that fails says so once, in its group", said,
           *map(subject, found))
    tap.ok("The reason: there is nothing at this address (404)." in
           text(found[-1]), "with the reason", text(found[-1]))
    publisher.status = 200
    gateway.fetch()
    tap.ok(len(gateway.articles("e2e.status")) == 3 and
           gateway.run("status").stdout.decode().count("cannot be") == 0,
           "and is silent when it can be read again")


def empty(gateway):
    """Clients that start the news server come before the first source."""
    done = gateway.run("nntp", stdin="LIST\r\nQUIT\r\n")
    codes = [line[:3] for line in done.stdout.decode().splitlines()]
    tap.ok(done.returncode == 0 and codes == ["201", "215", ".", "205"],
           "before the first source, the news server has no groups",
           done.stdout.decode(), done.stderr.decode())


def main():
    publisher = Publisher()
    with Scripted(publisher.answer) as server, Gateway() as gateway:
        empty(gateway)
        gateway.run("subscribe", "--kind", "feed", "--group", "e2e.status",
                    "--name", "The Test", server.url + "/feed")
        items(gateway, publisher)
        sources(gateway, publisher)
    tap.done()


main()
