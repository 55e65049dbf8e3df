/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "feed_private.h"

/*
 * A namespace is known by its URI without scheme and final "/" or "#", in
 * any case, for feeds write them in many ways.  The prefix only counts where
 * a feed uses it without declaring it.
 */
static const struct {
	enum nw_feed_ns ns;
	const char *uri;
	const char *prefix;
} namespaces[] = {
	{ NW_NS_ATOM, "www.w3.org/2005/atom", "atom" },
	{ NW_NS_ATOM, "purl.org/atom/ns", "atom03" },
	{ NW_NS_ATOM, "purl.org/atom", NULL },
	{ NW_NS_ATOM, "purl.org/atom/ns#draft-ietf-atompub-format-00", NULL },
	{ NW_NS_ATOM, "example.com/newformat", NULL },
	{ NW_NS_ATOM, "example.com/necho", NULL },
	{ NW_NS_ATOM, "purl.org/echo", NULL },
	{ NW_NS_ATOM, "uri/of/echo/namespace", NULL },
	{ NW_NS_ATOM, "purl.org/pie", NULL },
	{ NW_NS_DC, "purl.org/dc/elements/1.1", "dc" },
	{ NW_NS_DC, "purl.org/dc/elements/1.0", NULL },
	{ NW_NS_DCTERMS, "purl.org/dc/terms", "dcterms" },
	{ NW_NS_CONTENT, "purl.org/rss/1.0/modules/content", "content" },
	{ NW_NS_XHTML, "www.w3.org/1999/xhtml", "xhtml" },
	{ NW_NS_XHTML, "www.w3.org/1999/html", NULL },
	{ NW_NS_MEDIA, "search.yahoo.com/mrss", "media" },
	{ NW_NS_MEDIA, "video.search.yahoo.com/mrss", NULL },
	{ NW_NS_MEDIA, "tools.search.yahoo.com/mrss", NULL },
	{ NW_NS_ITUNES, "www.itunes.com/dtds/podcast-1.0.dtd", "itunes" },
	{ NW_NS_ITUNES, "example.com/dtds/podcast-1.0.dtd", NULL },
	{ NW_NS_GOOGLEPLAY, "www.google.com/schemas/play-podcasts/1.0",
	  "googleplay" },
	{ NW_NS_THREAD, "purl.org/syndication/thread/1.0", "thr" },
	{ NW_NS_TOMBSTONE, "purl.org/atompub/tombstones/1.0", "at" },
	{ NW_NS_SYNDICATION, "purl.org/rss/1.0/modules/syndication", "sy" },
	{ NW_NS_FEEDBURNER, "rssnamespace.org/feedburner/ext/1.0",
	  "feedburner" },
	{ NW_NS_SITEMAP, "www.sitemaps.org/schemas/sitemap/0.9", NULL },
	{ NW_NS_SITEMAP, "www.google.com/schemas/sitemap/0.84", NULL },
	{ NW_NS_NEWS, "www.google.com/schemas/sitemap-news/0.9", "news" },
	{ NW_NS_IMAGE, "www.google.com/schemas/sitemap-image/1.1", "image" },
	{ NW_NS_RSS, "purl.org/rss/1.0", "rss" },
	{ NW_NS_RSS, "backend.userland.com/rss", NULL },
	{ NW_NS_RSS, "backend.userland.com/rss2", NULL },
	{ NW_NS_RSS, "blogs.law.harvard.edu/tech/rss", NULL },
	{ NW_NS_RSS, "my.netscape.com/rdf/simple/0.9", NULL },
	{ NW_NS_RSS, "channel.netscape.com/rdf/simple/0.9", NULL },
	{ NW_NS_RSS, "my.netscape.com/publish/formats/rss-0.91.dtd", NULL },
};
#define NAMESPACES (sizeof(namespaces) / sizeof(namespaces[0]))

static const enum nw_feed_ns other = NW_NS_OTHER;

static const enum nw_feed_ns *find_uri(const char *uri)
{
	const char *slashes = strstr(uri, "://");
	size_t len, i;

	if (slashes)
		uri = slashes + 3;
	len = strlen(uri);
	while (len && (uri[len - 1] == '/' || uri[len - 1] == '#'))
		len--;
	for (i = 0; i < NAMESPACES; i++)
		if (strlen(namespaces[i].uri) == len &&
		    strncasecmp(namespaces[i].uri, uri, len) == 0)
			return &namespaces[i].ns;
	return &other;
}

static enum nw_feed_ns ns_of_prefix(const char *prefix, size_t len)
{
	size_t i;

	for (i = 0; i < NAMESPACES; i++)
		if (namespaces[i].prefix &&
		    strlen(namespaces[i].prefix) == len &&
		    strncasecmp(namespaces[i].prefix, prefix, len) == 0)
			return namespaces[i].ns;
	return NW_NS_OTHER;
}

/* Asked for each element, so the answer is kept with the declaration. */
static enum nw_feed_ns ns_of(const struct nw_feed_reader *reader, xmlNs *ns)
{
	const enum nw_feed_ns *found = ns->_private;

	if (found)
		return *found;
	if (!ns->href || !*ns->href ||
	    (reader->root_uri && xmlStrEqual(ns->href, reader->root_uri)))
		found = &reader->family;
	else
		found = find_uri((const char *)ns->href);
	ns->_private = (void *)found;
	return *found;
}

enum nw_feed_ns nw_feed_name(const struct nw_feed_reader *reader,
			     const xmlNode *node, const char **local_r)
{
	const char *name = (const char *)node->name, *colon;

	*local_r = name;
	if (node->ns)
		return ns_of(reader, node->ns);
	colon = strchr(name, ':');
	if (!colon)
		return reader->family;
	*local_r = colon + 1;
	return ns_of_prefix(name, (size_t)(colon - name));
}
