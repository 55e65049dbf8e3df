/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "feed_private.h"

/* The feed that an entry was copied from (RFC 4287 section 4.2.11): it names
 * the authors of an entry that names none itself (section 4.2.1). */
static void read_source(struct nw_feed_reader *reader,
			const struct nw_feed_row *row, xmlNode *node)
{
	const char *name;
	xmlNode *child;

	for (child = node->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE &&
		    nw_feed_name(reader, child, &name) == NW_NS_ATOM &&
		    strcmp(name, "author") == 0)
			nw_feed_read_person(reader, row, child);
}

const struct nw_feed_row nw_feed_atom_head[] = {
	{ "entry", nw_feed_read_item, 0, 0 },
	{ "title", nw_feed_read_line, NW_HEAD(title), 1 },
	{ "subtitle", nw_feed_read_line, NW_HEAD(description), 1 },
	{ "tagline", nw_feed_read_line, NW_HEAD(description), 2 },
	{ "id", nw_feed_read_id, NW_HEAD(id), 1 },
	{ "link", nw_feed_read_link, 0, 3 },
	{ "rights", nw_feed_read_line, NW_HEAD(copyright), 1 },
	{ "copyright", nw_feed_read_line, NW_HEAD(copyright), 2 },
	{ "author", nw_feed_read_person, NW_HEAD(authors), 1 },
	{ "category", nw_feed_read_tag, 0, 1 },
	{ "updated", nw_feed_read_date, NW_HEAD(updated_utc), 1 },
	{ "modified", nw_feed_read_date, NW_HEAD(updated_utc), 2 },
	{ "published", nw_feed_read_date, NW_HEAD(published_utc), 1 },
	{ "icon", nw_feed_read_url, NW_HEAD(icon), 2 },
	{ "logo", nw_feed_read_url, NW_HEAD(icon), 3 },
	{ NULL, NULL, 0, 0 },
};

const struct nw_feed_row nw_feed_atom_item[] = {
	{ "title", nw_feed_read_line, NW_ITEM(title), 1 },
	{ "id", nw_feed_read_id, NW_ITEM(id), 1 },
	{ "link", nw_feed_read_link, 0, 3 },
	{ "summary", nw_feed_read_text, NW_ITEM(summary_html), 1 },
	{ "content", nw_feed_read_text, NW_ITEM(content_html), 1 },
	{ "published", nw_feed_read_date, NW_ITEM(published_utc), 1 },
	{ "issued", nw_feed_read_date, NW_ITEM(published_utc), 2 },
	{ "created", nw_feed_read_date, NW_ITEM(published_utc), 3 },
	{ "updated", nw_feed_read_date, NW_ITEM(updated_utc), 1 },
	{ "modified", nw_feed_read_date, NW_ITEM(updated_utc), 2 },
	{ "author", nw_feed_read_person, NW_ITEM(authors), 1 },
	{ "category", nw_feed_read_tag, 0, 1 },
	{ "source", read_source, NW_ITEM(authors), 9 },
	{ NULL, NULL, 0, 0 },
};
