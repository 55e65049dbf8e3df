/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "feed_private.h"
#include "newswire/limits.h"

/* Dublin Core does not say what of the story the date is. */
static void read_dc_date(struct nw_feed_reader *reader,
			 const struct nw_feed_row *row, xmlNode *node)
{
	static const struct nw_feed_row updated[] = {
		{ .field = NW_HEAD(updated_utc), .rank = 5 },
		{ .field = NW_ITEM(updated_utc), .rank = 5 },
	};

	nw_feed_read_date(reader, row, node);
	nw_feed_read_date(reader, &updated[reader->item != NULL], node);
}

const struct nw_feed_row nw_feed_dc_head[] = {
	{ "title", nw_feed_read_line, NW_HEAD(title), 3 },
	{ "description", nw_feed_read_line, NW_HEAD(description), 4 },
	{ "creator", nw_feed_read_author, NW_HEAD(authors), 2 },
	{ "author", nw_feed_read_author, NW_HEAD(authors), 2 },
	{ "date", read_dc_date, NW_HEAD(published_utc), 5 },
	{ "language", nw_feed_read_language, NW_HEAD(language), 2 },
	{ "rights", nw_feed_read_line, NW_HEAD(copyright), 3 },
	{ "subject", nw_feed_read_tag, 0, 1 },
	{ NULL, NULL, 0, 0 },
};

const struct nw_feed_row nw_feed_dc_item[] = {
	{ "title", nw_feed_read_line, NW_ITEM(title), 3 },
	{ "description", nw_feed_read_text, NW_ITEM(summary_html), 4 },
	{ "creator", nw_feed_read_author, NW_ITEM(authors), 1 },
	{ "author", nw_feed_read_author, NW_ITEM(authors), 1 },
	{ "date", read_dc_date, NW_ITEM(published_utc), 5 },
	{ "language", nw_feed_read_language, NW_ITEM(language), 2 },
	{ "subject", nw_feed_read_tag, 0, 1 },
	{ NULL, NULL, 0, 0 },
};

const struct nw_feed_row nw_feed_dcterms_head[] = {
	{ "issued", nw_feed_read_date, NW_HEAD(published_utc), 2 },
	{ "created", nw_feed_read_date, NW_HEAD(published_utc), 3 },
	{ "modified", nw_feed_read_date, NW_HEAD(updated_utc), 2 },
	{ NULL, NULL, 0, 0 },
};

const struct nw_feed_row nw_feed_dcterms_item[] = {
	{ "issued", nw_feed_read_date, NW_ITEM(published_utc), 2 },
	{ "created", nw_feed_read_date, NW_ITEM(published_utc), 3 },
	{ "modified", nw_feed_read_date, NW_ITEM(updated_utc), 2 },
	{ "abstract", nw_feed_read_text, NW_ITEM(summary_html), 4 },
	{ NULL, NULL, 0, 0 },
};

const struct nw_feed_row nw_feed_content_item[] = {
	{ "encoded", nw_feed_read_html, NW_ITEM(content_html), 1 },
	{ NULL, NULL, 0, 0 },
};

const struct nw_feed_row nw_feed_xhtml_item[] = {
	{ "body", nw_feed_read_html, NW_ITEM(content_html), 2 },
	{ "div", nw_feed_read_html, NW_ITEM(content_html), 2 },
	{ NULL, NULL, 0, 0 },
};

const struct nw_feed_row nw_feed_itunes_head[] = {
	{ "title", nw_feed_read_line, NW_HEAD(title), 5 },
	{ "summary", nw_feed_read_line, NW_HEAD(description), 6 },
	{ "subtitle", nw_feed_read_line, NW_HEAD(description), 7 },
	{ "author", nw_feed_read_author, NW_HEAD(authors), 3 },
	{ "owner", nw_feed_read_person, NW_HEAD(authors), 4 },
	{ "image", nw_feed_read_url, NW_HEAD(icon), 4 },
	{ "category", nw_feed_read_tag, 0, 1 },
	{ "keywords", nw_feed_read_tags, 0, 1 },
	{ NULL, NULL, 0, 0 },
};

const struct nw_feed_row nw_feed_itunes_item[] = {
	{ "title", nw_feed_read_line, NW_ITEM(title), 5 },
	{ "summary", nw_feed_read_notes, NW_ITEM(summary_html), 6 },
	{ "subtitle", nw_feed_read_notes, NW_ITEM(summary_html), 7 },
	{ "author", nw_feed_read_author, NW_ITEM(authors), 3 },
	{ "image", nw_feed_read_image, 0, 4 },
	{ "keywords", nw_feed_read_tags, 0, 1 },
	{ NULL, NULL, 0, 0 },
};

const struct nw_feed_row nw_feed_googleplay_head[] = {
	{ "description", nw_feed_read_line, NW_HEAD(description), 8 },
	{ "author", nw_feed_read_author, NW_HEAD(authors), 5 },
	{ "image", nw_feed_read_url, NW_HEAD(icon), 5 },
	{ NULL, NULL, 0, 0 },
};

const struct nw_feed_row nw_feed_googleplay_item[] = {
	{ "description", nw_feed_read_notes, NW_ITEM(summary_html), 8 },
	{ "author", nw_feed_read_author, NW_ITEM(authors), 5 },
	{ "image", nw_feed_read_image, 0, 5 },
	{ NULL, NULL, 0, 0 },
};

static void read_reply_to(struct nw_feed_reader *reader,
			  const struct nw_feed_row *row, xmlNode *node)
{
	(void)nw_feed_set_string(reader, row,
				 nw_feed_attr_line(reader, node, "ref"));
}

const struct nw_feed_row nw_feed_thread_item[] = {
	{ "in-reply-to", read_reply_to, NW_ITEM(reply_to), 1 },
	{ NULL, NULL, 0, 0 },
};

/* RFC 6721 section 3. */
static void read_tombstone(struct nw_feed_reader *reader,
			   const struct nw_feed_row *row, xmlNode *node)
{
	const char *ref = nw_feed_attr_line(reader, node, "ref");
	struct nw_item *item;

	(void)row;
	if (!ref)
		return;
	item = nw_feed_add_item(reader->arena, reader->feed, NW_FEED_ITEMS);
	if (!item)
		return;
	item->id = ref;
	item->updated_utc =
		nw_date_utc(nw_feed_attr_line(reader, node, "when"));
	item->withdrawn = true;
}

const struct nw_feed_row nw_feed_tombstone_head[] = {
	{ "deleted-entry", read_tombstone, 0, 0 },
	{ NULL, NULL, 0, 0 },
};

static void read_period(struct nw_feed_reader *reader,
			const struct nw_feed_row *row, xmlNode *node)
{
	static const struct {
		const char *name;
		int64_t seconds;
	} periods[] = {
		{ "hourly", 3600 },	   { "daily", 86400 },
		{ "weekly", 7 * 86400 },   { "monthly", 30 * 86400 },
		{ "yearly", 365 * 86400 },
	};
	const char *text =
		nw_feed_plain_line(reader, node, NW_STORY_NAME_BYTES);
	size_t i;

	(void)row;
	for (i = 0; text && i < sizeof(periods) / sizeof(periods[0]); i++)
		if (strcasecmp(periods[i].name, text) == 0)
			reader->period_s = periods[i].seconds;
}

static void read_frequency(struct nw_feed_reader *reader,
			   const struct nw_feed_row *row, xmlNode *node)
{
	(void)row;
	reader->frequency = nw_feed_number(
		nw_feed_plain_line(reader, node, NW_STORY_NAME_BYTES));
}

const struct nw_feed_row nw_feed_syndication_head[] = {
	{ "updatePeriod", read_period, 0, 1 },
	{ "updateFrequency", read_frequency, 0, 1 },
	{ NULL, NULL, 0, 0 },
};

/* The enclosure as it was before a counter was put in front of it. */
static void read_orig_enclosure(struct nw_feed_reader *reader,
				const struct nw_feed_row *row, xmlNode *node)
{
	const char *url =
		nw_feed_url(reader, nw_feed_plain_line(reader, node,
						       NW_FETCH_URL_BYTES));
	struct nw_item *item = reader->item;

	(void)row;
	if (url && item->enclosure_count)
		item->enclosures[item->enclosure_count - 1].url = url;
}

const struct nw_feed_row nw_feed_feedburner_item[] = {
	{ "origLink", nw_feed_read_url, NW_ITEM(url), 1 },
	{ "origEnclosureLink", read_orig_enclosure, 0, 1 },
	{ NULL, NULL, 0, 0 },
};
