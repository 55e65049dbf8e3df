/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A feed as lines of text, which the tables of the feed tests can name in
 * full: one line for each field that is set, "item" before those of an item.
 */
#ifndef NEWSWIRE_TESTS_FEED_DUMP_H
#define NEWSWIRE_TESTS_FEED_DUMP_H

#include <inttypes.h>
#include <string.h>

#include "newswire/buf.h"
#include "newswire/feed.h"

#define SOURCE "https://example.com/news/feed.xml"

struct feed_case {
	const char *what;
	const char *bytes;
	const char *dump;	/* of the feed, or the error behind "error: " */
};

static void dump_string(struct nw_buf *out, const char *key,
			const char *value)
{
	if (value)
		nw_buf_addf(out, "%s=%s\n", key, value);
}

static void dump_time(struct nw_buf *out, const char *key, int64_t utc)
{
	char text[NW_DATE_BYTES];

	if (utc == NW_TIME_NONE)
		return;
	nw_date_iso8601(utc, text);
	dump_string(out, key, text);
}

static void dump_authors(struct nw_buf *out, const struct nw_author *authors,
			 size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		nw_buf_addf(out, "author=%s|%s|%s\n",
			    authors[i].name ? authors[i].name : "",
			    authors[i].email ? authors[i].email : "",
			    authors[i].url ? authors[i].url : "");
}

static void dump_strings(struct nw_buf *out, const char *key,
			 const char *const *strings, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		dump_string(out, key, strings[i]);
}

static void dump_media(struct nw_buf *out, const struct nw_item *item)
{
	size_t i;

	for (i = 0; i < item->enclosure_count; i++)
		nw_buf_addf(out, "enclosure=%s|%s|%" PRId64 "\n",
			    item->enclosures[i].url,
			    item->enclosures[i].type
				    ? item->enclosures[i].type
				    : "",
			    item->enclosures[i].bytes);
	if (!item->image)
		return;
	nw_buf_addf(out, "image=%s|%d|%d\n", item->image->url,
		    item->image->width, item->image->height);
	dump_string(out, "caption", item->image->caption);
	dump_string(out, "credit", item->image->credit);
	dump_string(out, "alt", item->image->alt);
}

static void dump_item(struct nw_buf *out, const struct nw_item *item)
{
	nw_buf_adds(out, item->withdrawn ? "withdrawn\n" : "item\n");
	dump_string(out, "id", item->id);
	dump_string(out, "url", item->url);
	dump_string(out, "title", item->title);
	dump_authors(out, item->authors, item->author_count);
	dump_time(out, "published", item->published_utc);
	dump_time(out, "updated", item->updated_utc);
	dump_string(out, "summary", item->summary_html);
	dump_string(out, "content", item->content_html);
	dump_strings(out, "tag", item->tags, item->tag_count);
	dump_string(out, "language", item->language);
	dump_string(out, "comments", item->comments_url);
	dump_string(out, "reply-to", item->reply_to);
	dump_media(out, item);
}

static void dump_feed(struct nw_buf *out, const struct nw_feed *feed)
{
	size_t i;

	dump_string(out, "version", feed->version);
	dump_string(out, "title", feed->title);
	dump_string(out, "description", feed->description);
	dump_string(out, "id", feed->id);
	dump_string(out, "home", feed->home_url);
	if (feed->feed_url && strcmp(feed->feed_url, SOURCE) != 0)
		dump_string(out, "self", feed->feed_url);
	dump_string(out, "language", feed->language);
	dump_string(out, "copyright", feed->copyright);
	dump_string(out, "icon", feed->icon);
	dump_time(out, "published", feed->published_utc);
	dump_time(out, "updated", feed->updated_utc);
	if (feed->ttl_s >= 0)
		nw_buf_addf(out, "ttl=%" PRId64 "\n", feed->ttl_s);
	if (feed->skip_hours)
		nw_buf_addf(out, "skip-hours=%06x\n", feed->skip_hours);
	if (feed->skip_days)
		nw_buf_addf(out, "skip-days=%02x\n", feed->skip_days);
	dump_string(out, "next", feed->next_url);
	dump_string(out, "hub", feed->hub_url);
	dump_authors(out, feed->authors, feed->author_count);
	dump_strings(out, "tag", feed->tags, feed->tag_count);
	for (i = 0; i < feed->item_count; i++)
		dump_item(out, &feed->items[i]);
	dump_strings(out, "sitemap", feed->sitemaps, feed->sitemap_count);
}

static inline void check_bytes(const char *what, const char *bytes, size_t len,
			       const char *dump)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_feed *feed = NULL;
	struct nw_buf out;

	nw_buf_init(&out, 1 << 20);
	if (nw_feed_read(arena, bytes, len, SOURCE, NULL, &feed, &err) == 0)
		dump_feed(&out, feed);
	else
		nw_buf_addf(&out, "error: %s\n", err.text);
	if (strcmp(out.data, dump) != 0)
		fail_msg("%s: got\n%swanted\n%s", what, out.data, dump);
	nw_buf_free(&out);
	nw_arena_free(&arena);
}

static inline void check_feed(const struct feed_case *c)
{
	check_bytes(c->what, c->bytes, strlen(c->bytes), c->dump);
}

#endif
