/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "feed_private.h"
#include "newswire/limits.h"

/* Wider than any screen: a number beyond it is none. */
#define PIXELS_MAX 100000

#define IMAGE_RANK(reader) ((reader)->rank[1][NW_ITEM(image)])

void nw_feed_offer_image(struct nw_feed_reader *reader, unsigned char rank,
			 const struct nw_image *image)
{
	unsigned char *held = &IMAGE_RANK(reader);
	struct nw_item *item = reader->item;

	if (!item || !image->url || (*held && *held < rank) ||
	    (*held == rank && image->width <= item->image->width))
		return;
	*held = rank;
	if (!item->image)
		item->image =
			nw_arena_alloc(reader->arena, sizeof(*item->image));
	*item->image = *image;
}

static int pixels(const xmlNode *node, const char *name)
{
	int64_t number = nw_feed_number(nw_feed_attr(node, name));

	return number <= PIXELS_MAX ? (int)number : 0;
}

/* A URL in an attribute, in an element or as text; iTunes, Google Play and
 * homemade RSS differ. */
void nw_feed_read_image(struct nw_feed_reader *reader,
			const struct nw_feed_row *row, xmlNode *node)
{
	struct nw_image image = { .url = NULL };
	const char *url = nw_feed_attr(node, "href");
	const xmlNode *child;

	if (!url)
		url = nw_feed_attr(node, "url");
	for (child = node->children; child && !url; child = child->next)
		if (child->type == XML_ELEMENT_NODE &&
		    strcasecmp((const char *)child->name, "url") == 0)
			url = nw_feed_plain_line(reader, child,
						 NW_FETCH_URL_BYTES);
	if (!url && node->children && !node->children->next)
		url = nw_feed_plain_line(reader, node, NW_FETCH_URL_BYTES);
	image.url = nw_feed_url(reader, url);
	image.width = pixels(node, "width");
	image.height = pixels(node, "height");
	nw_feed_offer_image(reader, row->rank, &image);
}

/* What media:content is of: by its type, its medium, or how its URL ends. */
static bool is_image(const xmlNode *node, const char *url)
{
	static const char *const ends[] = { ".jpg",  ".jpeg", ".png",
					    ".webp", ".gif",  ".avif" };
	const char *type = nw_feed_attr(node, "type");
	const char *medium = nw_feed_attr(node, "medium");
	size_t len = strcspn(url, "?#"), i, n;

	if (medium && *medium)
		return strcasecmp(medium, "image") == 0;
	if (type && *type)
		return strncasecmp(type, "image", 5) == 0;
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		n = strlen(ends[i]);
		if (len > n && strncasecmp(url + len - n, ends[i], n) == 0)
			return true;
	}
	return false;
}

static char *child_line(struct nw_feed_reader *reader, xmlNode *node,
			const char *name)
{
	const char *found;
	xmlNode *child;

	for (child = node->children; child; child = child->next) {
		struct nw_feed_text text;

		if (child->type != XML_ELEMENT_NODE ||
		    nw_feed_name(reader, child, &found) != NW_NS_MEDIA ||
		    strcasecmp(found, name) != 0)
			continue;
		text = nw_feed_content(reader, child, NW_MODE_GUESS);
		return nw_feed_line(reader->arena, &text,
				    NW_STORY_SUMMARY_BYTES);
	}
	return NULL;
}

static void add_image(struct nw_feed_reader *reader, xmlNode *node,
		      const char *url)
{
	struct nw_image image = {
		.url = url,
		.caption = child_line(reader, node, "description"),
		.credit = child_line(reader, node, "credit"),
		.width = pixels(node, "width"),
		.height = pixels(node, "height"),
	};

	if (!image.caption)
		image.caption = child_line(reader, node, "text");
	if (!image.caption)
		image.alt = child_line(reader, node, "title");
	nw_feed_offer_image(reader, 1, &image);
}

static void read_content(struct nw_feed_reader *reader,
			 const struct nw_feed_row *row, xmlNode *node)
{
	struct nw_enclosure enclosure = { .url = NULL };

	enclosure.url = nw_feed_url(reader, nw_feed_attr(node, "url"));
	if (enclosure.url && is_image(node, enclosure.url)) {
		add_image(reader, node, enclosure.url);
	} else {
		enclosure.type = nw_feed_attr_line(reader, node, "type");
		enclosure.title = child_line(reader, node, "title");
		enclosure.bytes =
			nw_feed_number(nw_feed_attr(node, "fileSize"));
		nw_feed_add_enclosure(reader->arena, reader->item, &enclosure);
	}
	/* A thumbnail of a film stands inside of it. */
	nw_feed_read_children(reader, row, node);
}

/* Of a group it is the summary, beside an image that image's caption; which
 * is known when the item has been read. */
static void read_description(struct nw_feed_reader *reader,
			     const struct nw_feed_row *row, xmlNode *node)
{
	const char *name;

	if (nw_feed_name(reader, node->parent, &name) == NW_NS_MEDIA &&
	    strcasecmp(name, "content") == 0)
		return;
	nw_feed_read_notes(reader, row, node);
	if (!reader->media_text)
		reader->media_text = nw_feed_plain_line(reader, node,
							NW_STORY_SUMMARY_BYTES);
}

static void read_credit(struct nw_feed_reader *reader,
			const struct nw_feed_row *row, xmlNode *node)
{
	const char *role = nw_feed_attr(node, "role");

	(void)row;
	if (reader->media_credit ||
	    (role && strcasecmp(role, "photographer") != 0))
		return;
	reader->media_credit =
		nw_feed_plain_line(reader, node, NW_STORY_NAME_BYTES);
}

void nw_feed_finish_media(struct nw_feed_reader *reader)
{
	struct nw_item *item = reader->item;

	if (!item->image || IMAGE_RANK(reader) != 1)
		return;
	/* Rank 5 is media:description: then the summary is its text. */
	if (!item->image->caption && reader->rank[1][NW_ITEM(summary_html)] < 5)
		item->image->caption = reader->media_text;
	if (!item->image->credit)
		item->image->credit = reader->media_credit;
}

const struct nw_feed_row nw_feed_media_head[] = {
	{ "category", nw_feed_read_tag, 0, 1 },
	{ "thumbnail", nw_feed_read_url, NW_HEAD(icon), 6 },
	{ NULL, NULL, 0, 0 },
};

const struct nw_feed_row nw_feed_media_item[] = {
	{ "group", nw_feed_read_children, 0, 1 },
	{ "content", read_content, 0, 1 },
	{ "thumbnail", nw_feed_read_image, 0, 2 },
	{ "title", nw_feed_read_line, NW_ITEM(title), 4 },
	{ "description", read_description, NW_ITEM(summary_html), 5 },
	{ "credit", read_credit, 0, 1 },
	{ "category", nw_feed_read_tag, 0, 1 },
	{ "keywords", nw_feed_read_tags, 0, 1 },
	{ NULL, NULL, 0, 0 },
};
