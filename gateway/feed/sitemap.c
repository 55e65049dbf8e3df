/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "feed_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"

/*
 * sitemaps.org, protocol 0.9, with Google's extensions for news and images:
 *
 *	urlset	      = { url: loc, lastmod, news:news, image:image … }
 *	news:news     = publication: { name, language }, publication_date,
 *			title, keywords
 *	image:image   = loc, caption, title
 *	sitemapindex  = { sitemap: loc, lastmod }
 */
static char *text_of(const struct nw_feed_reader *reader, const xmlNode *node,
		     size_t max)
{
	struct nw_feed_text text = nw_feed_plain(reader, node);

	text.mode = NW_MODE_GUESS;
	return nw_feed_line(reader->arena, &text, max);
}

static const char *location(const struct nw_feed_reader *reader,
			    const xmlNode *node)
{
	const char *url =
		nw_feed_url(reader, nw_feed_plain_line(reader, node,
						       NW_FETCH_URL_BYTES));

	return url && nw_url_is_web(url) ? url : NULL;
}

static int64_t time_of(const struct nw_feed_reader *reader, const xmlNode *node)
{
	return nw_date_utc(
		nw_feed_plain_line(reader, node, NW_STORY_NAME_BYTES));
}

/* The next element behind node (node included) that has a namespace of
 * sitemaps; its name goes to *name_r. */
static xmlNode *element(const struct nw_feed_reader *reader, xmlNode *node,
			enum nw_feed_ns ns, const char **name_r)
{
	for (; node; node = node->next)
		if (node->type == XML_ELEMENT_NODE &&
		    nw_feed_name(reader, node, name_r) == ns)
			return node;
	return NULL;
}

static void read_publication(struct nw_feed_reader *reader, xmlNode *node)
{
	const char *name;
	xmlNode *child = node->children;

	while ((child = element(reader, child, NW_NS_NEWS, &name))) {
		if (strcasecmp(name, "name") == 0 && !reader->feed->title)
			reader->feed->title =
				text_of(reader, child, NW_STORY_NAME_BYTES);
		else if (strcasecmp(name, "language") == 0)
			reader->item->language = nw_feed_language(
				reader->arena,
				nw_feed_plain_line(reader, child,
						   NW_STORY_NAME_BYTES));
		child = child->next;
	}
}

static void read_news(struct nw_feed_reader *reader, xmlNode *node)
{
	static const struct nw_feed_row tags = { .name = "keywords",
						 .rank = 1 };
	struct nw_item *item = reader->item;
	const char *name;
	xmlNode *child = node->children;

	while ((child = element(reader, child, NW_NS_NEWS, &name))) {
		if (strcasecmp(name, "title") == 0)
			item->title =
				text_of(reader, child, NW_STORY_TITLE_BYTES);
		else if (strcasecmp(name, "publication_date") == 0)
			item->published_utc = time_of(reader, child);
		else if (strcasecmp(name, "publication") == 0)
			read_publication(reader, child);
		else if (strcasecmp(name, "keywords") == 0)
			nw_feed_read_tags(reader, &tags, child);
		child = child->next;
	}
}

static void read_image(struct nw_feed_reader *reader, xmlNode *node)
{
	struct nw_image image = { .url = NULL };
	const char *name;
	xmlNode *child = node->children;

	while ((child = element(reader, child, NW_NS_IMAGE, &name))) {
		if (strcasecmp(name, "loc") == 0)
			image.url = location(reader, child);
		else if (strcasecmp(name, "caption") == 0)
			image.caption =
				text_of(reader, child, NW_STORY_SUMMARY_BYTES);
		else if (strcasecmp(name, "title") == 0)
			image.alt =
				text_of(reader, child, NW_STORY_TITLE_BYTES);
		child = child->next;
	}
	nw_feed_offer_image(reader, 1, &image);
}

/* Reads one url element; false when there are enough. */
static bool read_url(struct nw_feed_reader *reader, xmlNode *node)
{
	struct nw_item *item = nw_feed_add_item(reader->arena, reader->feed,
						NW_SITEMAP_ENTRIES);
	xmlNode *child;

	if (!item)
		return false;
	reader->item = item;
	memset(reader->rank[1], 0, sizeof(reader->rank[1]));
	for (child = node->children; child; child = child->next) {
		const char *name;
		enum nw_feed_ns ns;

		if (child->type != XML_ELEMENT_NODE)
			continue;
		ns = nw_feed_name(reader, child, &name);
		if (ns == NW_NS_SITEMAP && strcasecmp(name, "loc") == 0)
			item->url = location(reader, child);
		else if (ns == NW_NS_SITEMAP &&
			 strcasecmp(name, "lastmod") == 0)
			item->updated_utc = time_of(reader, child);
		else if (ns == NW_NS_NEWS && strcasecmp(name, "news") == 0)
			read_news(reader, child);
		else if (ns == NW_NS_IMAGE && strcasecmp(name, "image") == 0)
			read_image(reader, child);
	}
	reader->item = NULL;
	if (!item->url)
		reader->feed->item_count--;
	return true;
}

struct part {
	const char *url;
	int64_t modified_utc;
	size_t place;
};

static int newest_first(const void *a, const void *b)
{
	const struct part *left = a, *right = b;

	if (left->modified_utc != right->modified_utc)
		return left->modified_utc < right->modified_utc ? 1 : -1;
	return left->place < right->place ? -1 : 1;
}

static struct part read_part(const struct nw_feed_reader *reader, xmlNode *node)
{
	struct part part = { .modified_utc = NW_TIME_NONE };
	const char *name;
	xmlNode *child = node->children;

	while ((child = element(reader, child, NW_NS_SITEMAP, &name))) {
		if (strcasecmp(name, "loc") == 0)
			part.url = location(reader, child);
		else if (strcasecmp(name, "lastmod") == 0)
			part.modified_utc = time_of(reader, child);
		child = child->next;
	}
	return part;
}

static void keep_parts(struct nw_feed_reader *reader, struct part *parts,
		       size_t count)
{
	struct nw_feed *feed = reader->feed;
	size_t i;

	if (!count)
		return;
	qsort(parts, count, sizeof(*parts), newest_first);
	feed->sitemaps =
		nw_arena_alloc(reader->arena, count * sizeof(*feed->sitemaps));
	for (i = 0; i < count; i++)
		feed->sitemaps[i] = parts[i].url;
	feed->sitemap_count = count;
}

void nw_feed_read_sitemap(struct nw_feed_reader *reader, xmlNode *root)
{
	struct part *parts = NULL, part;
	size_t count = 0;
	const char *name;
	xmlNode *child = root->children;

	while ((child = element(reader, child, NW_NS_SITEMAP, &name))) {
		if (strcasecmp(name, "url") == 0) {
			if (!read_url(reader, child))
				break;
		} else if (strcasecmp(name, "sitemap") == 0) {
			part = read_part(reader, child);
			part.place = count;
			if (part.url && count < NW_SITEMAP_ENTRIES) {
				parts = nw_arena_grow(reader->arena, parts,
						      count, sizeof(*parts));
				parts[count++] = part;
			}
		}
		child = child->next;
	}
	keep_parts(reader, parts, count);
}
