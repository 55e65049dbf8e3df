/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "feed_private.h"
#include "newswire/limits.h"

/* Of several links readers take the last; one with href is written like
 * Atom's and has a relation. */
static void read_link(struct nw_feed_reader *reader,
		      const struct nw_feed_row *row, xmlNode *node)
{
	const char *url = nw_feed_attr(node, "href");

	if (url && *url && nw_feed_attr(node, "rel")) {
		nw_feed_read_link(reader, row, node);
		return;
	}
	if (!url || !*url)
		url = nw_feed_plain_line(reader, node, NW_FETCH_URL_BYTES);
	nw_feed_set_last(reader, row, nw_feed_url(reader, url));
}

/* A guid is a permanent link unless it denies it. */
static void read_guid(struct nw_feed_reader *reader,
		      const struct nw_feed_row *row, xmlNode *node)
{
	static const struct nw_feed_row url = { .field = NW_ITEM(url),
						.rank = 5 };
	const char *permanent = nw_feed_attr(node, "isPermaLink");
	const char *id = nw_feed_plain_line(reader, node, NW_FEED_ID_BYTES);

	(void)nw_feed_set_string(reader, row, id);
	if (id && strstr(id, "://") &&
	    (!permanent || strcasecmp(permanent, "false") != 0))
		(void)nw_feed_set_string(reader, &url, nw_feed_url(reader, id));
}

/* In minutes. */
static void read_ttl(struct nw_feed_reader *reader,
		     const struct nw_feed_row *row, xmlNode *node)
{
	int64_t minutes = nw_feed_number(
		nw_feed_plain_line(reader, node, NW_STORY_NAME_BYTES));

	if (minutes > 0 && minutes < INT32_MAX)
		nw_feed_set_time(reader, row, minutes * 60);
}

static unsigned hour_bit(const char *text)
{
	char *end;
	long hour = strtol(text, &end, 10);

	/* 24 is midnight for some. */
	return end == text || *end || hour < 0 || hour > 24
		       ? 0
		       : 1u << hour % 24;
}

static unsigned day_bit(const char *text)
{
	static const char *const days[] = { "Sunday",	 "Monday",   "Tuesday",
					    "Wednesday", "Thursday", "Friday",
					    "Saturday" };
	size_t i;

	for (i = 0; i < sizeof(days) / sizeof(days[0]); i++)
		if (strcasecmp(days[i], text) == 0)
			return 1u << i;
	return 0;
}

/* The bits of the elements below node; a feed that would never be read is not
 * believed. */
static unsigned read_bits(struct nw_feed_reader *reader, const xmlNode *node,
			  unsigned (*bit)(const char *text), unsigned all)
{
	const xmlNode *child;
	unsigned bits = 0;

	for (child = node->children; child; child = child->next) {
		const char *text = child->type == XML_ELEMENT_NODE
					   ? nw_feed_plain_line(
						     reader, child,
						     NW_STORY_NAME_BYTES)
					   : NULL;

		if (text)
			bits |= bit(text);
	}
	return bits == all ? 0 : bits;
}

static void read_skip_hours(struct nw_feed_reader *reader,
			    const struct nw_feed_row *row, xmlNode *node)
{
	(void)row;
	reader->feed->skip_hours = read_bits(reader, node, hour_bit, 0xffffff);
}

static void read_skip_days(struct nw_feed_reader *reader,
			   const struct nw_feed_row *row, xmlNode *node)
{
	(void)row;
	reader->feed->skip_days = read_bits(reader, node, day_bit, 0x7f);
}

/* The channel's: its URL is in an element, its title and link are not the
 * channel's. */
static void read_icon(struct nw_feed_reader *reader,
		      const struct nw_feed_row *row, xmlNode *node)
{
	xmlNode *child;

	for (child = node->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE &&
		    strcasecmp((const char *)child->name, "url") == 0)
			nw_feed_read_url(reader, row, child);
}

const struct nw_feed_row nw_feed_rss_head[] = {
	{ "channel", nw_feed_read_children, 0, 1 },
	{ "item", nw_feed_read_item, 0, 0 },
	{ "title", nw_feed_read_line, NW_HEAD(title), 1 },
	{ "link", read_link, NW_HEAD(home_url), 2 },
	{ "description", nw_feed_read_line, NW_HEAD(description), 1 },
	{ "abstract", nw_feed_read_line, NW_HEAD(description), 2 },
	{ "language", nw_feed_read_language, NW_HEAD(language), 1 },
	{ "copyright", nw_feed_read_line, NW_HEAD(copyright), 1 },
	{ "pubDate", nw_feed_read_date, NW_HEAD(published_utc), 1 },
	{ "lastBuildDate", nw_feed_read_date, NW_HEAD(updated_utc), 1 },
	{ "managingEditor", nw_feed_read_author, NW_HEAD(authors), 1 },
	{ "author", nw_feed_read_person, NW_HEAD(authors), 1 },
	{ "category", nw_feed_read_tag, 0, 1 },
	{ "ttl", read_ttl, NW_HEAD(ttl_s), 1 },
	{ "skipHours", read_skip_hours, 0, 1 },
	{ "skipDays", read_skip_days, 0, 1 },
	{ "image", read_icon, NW_HEAD(icon), 1 },
	{ NULL, NULL, 0, 0 },
};

const struct nw_feed_row nw_feed_rss_item[] = {
	{ "title", nw_feed_read_line, NW_ITEM(title), 1 },
	{ "link", read_link, NW_ITEM(url), 2 },
	{ "guid", read_guid, NW_ITEM(id), 1 },
	{ "description", nw_feed_read_teaser, NW_ITEM(summary_html), 1 },
	{ "summary", nw_feed_read_teaser, NW_ITEM(summary_html), 1 },
	{ "abstract", nw_feed_read_teaser, NW_ITEM(summary_html), 2 },
	{ "encoded", nw_feed_read_html, NW_ITEM(content_html), 3 },
	{ "fullitem", nw_feed_read_html, NW_ITEM(content_html), 3 },
	{ "body", nw_feed_read_html, NW_ITEM(content_html), 3 },
	{ "pubDate", nw_feed_read_date, NW_ITEM(published_utc), 1 },
	{ "date", nw_feed_read_date, NW_ITEM(published_utc), 4 },
	{ "author", nw_feed_read_person, NW_ITEM(authors), 1 },
	{ "category", nw_feed_read_tag, 0, 1 },
	{ "tags", nw_feed_read_tags, 0, 1 },
	{ "keywords", nw_feed_read_tags, 0, 1 },
	{ "enclosure", nw_feed_read_enclosure, 0, 3 },
	{ "comments", nw_feed_read_url, NW_ITEM(comments_url), 1 },
	{ "language", nw_feed_read_language, NW_ITEM(language), 1 },
	{ "image", nw_feed_read_image, 0, 5 },
	{ NULL, NULL, 0, 0 },
};
