/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "feed_private.h"
#include "newswire/charset.h"
#include "newswire/limits.h"
#include "newswire/url.h"

static struct nw_feed *feed_new(struct nw_arena *arena)
{
	struct nw_feed *feed = nw_arena_alloc(arena, sizeof(*feed));

	feed->published_utc = NW_TIME_NONE;
	feed->updated_utc = NW_TIME_NONE;
	feed->ttl_s = -1;
	return feed;
}

/* RFC 4287 section 4.2.1, JSON Feed 1.1.  An RSS channel's editor is none of
 * its items' authors. */
static bool inherits_authors(const struct nw_feed *feed)
{
	return strncmp(feed->version, "atom", 4) == 0 ||
	       strncmp(feed->version, "json", 4) == 0;
}

static void finish_item(const struct nw_feed *feed, const char *source,
			struct nw_item *item)
{
	if (!item->author_count && !item->withdrawn && inherits_authors(feed)) {
		item->authors = feed->authors;
		item->author_count = feed->author_count;
	}
	if (!item->url && item->id && nw_url_is_web(item->id))
		item->url = item->id;
	if (!item->base_url)
		item->base_url = item->url	  ? item->url
				 : feed->home_url ? feed->home_url
						  : source;
}

static int by_id(const void *a, const void *b)
{
	const struct nw_item *const *left = a, *const *right = b;

	return strcmp((*left)->id, (*right)->id);
}

static bool differ(const char *a, const char *b)
{
	return a && b && strcmp(a, b) != 0;
}

/*
 * Some feeds give all their items one id, the site's address or a 0.  An id
 * that stands for several addresses names none of them.
 */
static void drop_shared_ids(struct nw_arena *arena, struct nw_feed *feed)
{
	struct nw_item **items = nw_arena_alloc(
		arena, feed->item_count * sizeof(struct nw_item *));
	size_t count = 0, first, end, i;
	bool shared;

	for (i = 0; i < feed->item_count; i++)
		if (feed->items[i].id)
			items[count++] = &feed->items[i];
	qsort(items, count, sizeof(*items), by_id);
	for (first = 0; first < count; first = end) {
		shared = false;
		for (end = first + 1;
		     end < count && by_id(&items[first], &items[end]) == 0;
		     end++)
			shared = shared ||
				 differ(items[first]->url, items[end]->url);
		for (i = first; shared && i < end; i++)
			items[i]->id = NULL;
	}
}

static void finish(struct nw_arena *arena, struct nw_feed *feed,
		   const char *source)
{
	size_t i;

	if (!feed->feed_url)
		feed->feed_url = source;
	drop_shared_ids(arena, feed);
	for (i = 0; i < feed->item_count; i++)
		finish_item(feed, source, &feed->items[i]);
}

static bool is_json(const struct nw_buf *text)
{
	return text->data[strspn(text->data, " \t\r\n")] == '{';
}

/* The bytes as UTF-8, unpacked when they are a gzip file. */
static int read_text(struct nw_buf *text, const char *bytes, size_t len,
		     const char *http_charset, struct nw_error *err)
{
	struct nw_buf plain;
	int result;

	if (!nw_feed_is_gzip(bytes, len))
		return nw_charset_to_utf8(text, bytes, len, http_charset, NULL,
					  err);
	nw_buf_init(&plain, NW_FEED_UNPACKED_BYTES);
	result = nw_feed_gunzip(&plain, bytes, len, err);
	if (result == 0)
		result = nw_charset_to_utf8(text, plain.data, plain.len,
					    http_charset, NULL, err);
	nw_buf_free(&plain);
	return result;
}

int nw_feed_read(struct nw_arena *arena, const char *bytes, size_t len,
		 const char *base, const char *http_charset,
		 struct nw_feed **feed_r, struct nw_error *err)
{
	struct nw_feed *feed = feed_new(arena);
	const char *source = base ? nw_url_resolve(arena, NULL, base) : NULL;
	struct nw_buf text;
	int result;

	nw_buf_init(&text, NW_FEED_MENDED_BYTES);
	result = read_text(&text, bytes, len, http_charset, err);
	if (result == 0)
		result = (is_json(&text) ? nw_feed_read_json
					 : nw_feed_read_xml)(arena, text.data,
							     text.len, source,
							     feed, err);
	nw_buf_free(&text);
	if (result < 0)
		return -1;
	finish(arena, feed, source);
	*feed_r = feed;
	return 0;
}

void nw_feed_append(struct nw_arena *arena, struct nw_feed *feed,
		    const struct nw_feed *older)
{
	size_t room = feed->item_count < NW_FEED_ITEMS
			      ? NW_FEED_ITEMS - feed->item_count
			      : 0;
	size_t more = older->item_count < room ? older->item_count : room;
	struct nw_item *items = nw_arena_alloc(
		arena, (feed->item_count + more) * sizeof(*items));
	size_t i;

	for (i = 0; i < feed->item_count; i++)
		items[i] = feed->items[i];
	for (i = 0; i < more; i++)
		items[feed->item_count + i] = older->items[i];
	feed->items = items;
	feed->item_count += more;
	feed->next_url = older->next_url;
}
