# SPDX-License-Identifier: GPL-3.0-or-later
"""A feed that moves is followed, remembered, and not delivered twice."""
import json

from gateway import Gateway, Scripted, Site
import tap


def source_url(gateway, group):
    sources = json.loads(gateway.run("list", "--format", "json").stdout)
    return [s["url"] for s in sources if s["group"] == group][0]


def permanent(gateway, site):
    gateway.subscribe(site.url + "/moved/", "e2e.moved")
    said = gateway.fetch("e2e.moved")
    first = gateway.articles("e2e.moved")
    tap.ok(len(first) == 8, "a permanent redirect is followed", said)
    tap.ok(source_url(gateway, "e2e.moved") == site.url + "/moved/",
           "and not believed at once")
    said = gateway.fetch("e2e.moved")
    tap.ok(source_url(gateway, "e2e.moved") == site.url + "/feed.xml" and
           f"moved for good to {site.url}/feed.xml" in said,
           "the second time it is remembered", said)
    before = len(site.log().splitlines())
    said = gateway.fetch("e2e.moved")
    asked = site.log().splitlines()[before:]
    tap.ok(len(asked) == 1 and "/feed.xml: 304" in asked[0],
           "from then on the new address is asked", said, *asked)
    tap.ok(gateway.articles("e2e.moved") == first,
           "and nothing is delivered a second time")


def taken(gateway, site):
    """The new address is subscribed to already."""
    with Scripted(lambda path: (308, {"Location": site.url + "/feed.xml"},
                                b"")) as server:
        gateway.subscribe(server.url + "/feed", "e2e.taken")
        said = "".join(gateway.fetch("e2e.taken") for _ in range(3))
        tap.ok(source_url(gateway, "e2e.taken") == server.url + "/feed" and
               "failed" not in said.replace("0 failed", ""),
               "a redirect to another source's address changes nothing", said)
        tap.ok(len(gateway.articles("e2e.taken")) == 8,
               "and its stories are there")


def temporary(gateway, site):
    with Scripted(lambda path: (302, {"Location": site.url + "/feed.json"},
                                b"")) as server:
        gateway.subscribe(server.url + "/feed", "e2e.temporary")
        for _ in range(3):
            gateway.fetch("e2e.temporary")
        tap.ok(source_url(gateway, "e2e.temporary") == server.url + "/feed",
               "a temporary redirect is never remembered")
        tap.ok(len(gateway.articles("e2e.temporary")) == 2,
               "but followed")


def main():
    with Gateway() as gateway, Site() as site:
        permanent(gateway, site)
        taken(gateway, site)
        temporary(gateway, site)
    tap.done()


main()
