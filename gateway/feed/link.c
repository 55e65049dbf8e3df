/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "feed_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"

int64_t nw_feed_number(const char *text)
{
	long long number;
	char *end;

	if (!text)
		return 0;
	errno = 0;
	number = strtoll(text, &end, 10);
	return errno || number < 0 || end == text ? 0 : number;
}

void nw_feed_add_enclosure(struct nw_arena *arena, struct nw_item *item,
			   const struct nw_enclosure *enclosure)
{
	size_t i;

	if (!enclosure->url || item->enclosure_count >= NW_FEED_ENCLOSURES)
		return;
	for (i = 0; i < item->enclosure_count; i++)
		if (strcmp(item->enclosures[i].url, enclosure->url) == 0)
			return;
	item->enclosures =
		nw_arena_grow(arena, item->enclosures, item->enclosure_count,
			      sizeof(*item->enclosures));
	item->enclosures[item->enclosure_count++] = *enclosure;
}

static bool starts(const char *text, const char *with)
{
	return text && strncasecmp(text, with, strlen(with)) == 0;
}

/* RSS and Atom name the same attributes but the one with the URL. */
void nw_feed_read_enclosure(struct nw_feed_reader *reader,
			    const struct nw_feed_row *row, xmlNode *node)
{
	const char *url = nw_feed_attr(node, "url");
	struct nw_enclosure enclosure = { .url = NULL };

	if (!reader->item)
		return;
	if (!url)
		url = nw_feed_attr(node, "href");
	enclosure.url = nw_feed_url(reader, url);
	enclosure.type = nw_feed_attr_line(reader, node, "type");
	enclosure.title = nw_feed_attr_line(reader, node, "title");
	enclosure.bytes = nw_feed_number(nw_feed_attr(node, "length"));
	nw_feed_add_enclosure(reader->arena, reader->item, &enclosure);
	if (enclosure.url && starts(enclosure.type, "image/")) {
		struct nw_image image = { .url = enclosure.url };

		nw_feed_offer_image(reader, row->rank, &image);
	}
}

/* What a relation of the head, and one of an item, sets (RFC 4287 section
 * 4.2.7.2, RFC 5005, WebSub). */
struct relation {
	const char *name;
	struct nw_feed_row head, item;
};

static const struct relation relations[] = {
	{ "alternate",
	  { .name = "home", .field = NW_HEAD(home_url), .rank = 3 },
	  { .name = "url", .field = NW_ITEM(url), .rank = 3 } },
	{ "self",
	  { .name = "feed", .field = NW_HEAD(feed_url), .rank = 1 },
	  { .name = NULL } },
	{ "replies",
	  { .name = NULL },
	  { .name = "comments", .field = NW_ITEM(comments_url), .rank = 1 } },
	{ "next",
	  { .name = "next", .field = NW_HEAD(next_url), .rank = 1 },
	  { .name = NULL } },
	{ "prev-archive",
	  { .name = "next", .field = NW_HEAD(next_url), .rank = 1 },
	  { .name = NULL } },
	{ "hub",
	  { .name = "hub", .field = NW_HEAD(hub_url), .rank = 1 },
	  { .name = NULL } },
};

/* Whether a link leads to something to read: feeds of the same and of its
 * comments are "alternate" and "replies" too. */
static bool is_page(const char *type)
{
	return !type || starts(type, "text/html") ||
	       starts(type, "application/xhtml");
}

static const char *relation_name(const struct nw_feed_reader *reader,
				 const xmlNode *node)
{
	static const char iana[] = "http://www.iana.org/assignments/relation/";
	const char *rel = nw_feed_attr_line(reader, node, "rel");

	if (!rel)
		return "alternate";
	return starts(rel, iana) ? rel + strlen(iana) : rel;
}

static void follow(struct nw_feed_reader *reader, const xmlNode *node,
		   const struct relation *relation)
{
	struct nw_feed_row row = reader->item ? relation->item : relation->head;
	const char *type = nw_feed_attr_line(reader, node, "type");
	bool read = strcmp(relation->name, "alternate") == 0 ||
		    strcmp(relation->name, "replies") == 0;
	const char *href = nw_feed_attr(node, "href");
	const char *url = read ? nw_feed_url(reader, href)
			       : nw_feed_document_url(reader, href);

	if (!row.name || (url && !nw_url_is_web(url)))
		return;
	/* Better than nothing, but not for comments. */
	if (read && !is_page(type)) {
		if (strcmp(relation->name, "replies") == 0)
			return;
		row.rank = (unsigned char)(row.rank + 5);
	}
	(void)nw_feed_set_string(reader, &row, url);
}

void nw_feed_read_link(struct nw_feed_reader *reader,
		       const struct nw_feed_row *row, xmlNode *node)
{
	const char *rel = relation_name(reader, node);
	size_t i;

	if (strcasecmp(rel, "enclosure") == 0) {
		nw_feed_read_enclosure(reader, row, node);
		return;
	}
	for (i = 0; i < sizeof(relations) / sizeof(relations[0]); i++)
		if (strcasecmp(rel, relations[i].name) == 0)
			follow(reader, node, &relations[i]);
}
