/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/buf.h"
#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/ticker.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "extract_private.h"
#include "html_private.h"
#include "live_private.h"

static bool is_link(const xmlNode *node)
{
	return nw_dom_is(node, "a") && nw_dom_attr(node, "href");
}

/* Where a link leads, when it is to another page. */
static const char *address_of(const struct nw_live *live, const xmlNode *link)
{
	struct nw_arena *arena = live->page->arena;
	const char *url = nw_url_resolve(arena, live->page->base,
					 nw_dom_attr(link, "href"));

	if (!url || !nw_url_is_web(url) || nw_live_is_here(live, url))
		return NULL;
	return nw_url_strip_tracking(arena, url, true);
}

/* The link of its headline, else the first one that leads away. */
static const xmlNode *find_link(const struct nw_live *live,
				const struct nw_live_entry *entry,
				const char **url_r)
{
	const xmlNode *node =
		entry->title_node ? entry->title_node->parent : NULL;

	if (node && is_link(node) && (*url_r = address_of(live, node)))
		return node;
	node = entry->title_node;
	for (; node; node = nw_dom_next(node, entry->title_node, false))
		if (is_link(node) && (*url_r = address_of(live, node)))
			return node;
	for (node = entry->node; node;
	     node = nw_dom_next(node, entry->node, false))
		if (is_link(node) && (*url_r = address_of(live, node)))
			return node;
	return NULL;
}

/* The first words of what an entry shows, for its key. */
static const char *opening_of(const struct nw_live *live,
			      const struct nw_live_entry *entry)
{
	enum { OPENING_BYTES = 240 };

	return entry->title ? entry->title
			    : nw_dom_text(live->page->arena, entry->node,
					  OPENING_BYTES);
}

/* Of a time of day alone, the day is a guess that may change. */
static const char *clock_key(const struct nw_live *live,
			     const struct nw_live_entry *entry)
{
	struct nw_arena *arena = live->page->arena;
	const char *opening = opening_of(live, entry);
	const char *key = opening ? nw_utf8_key(arena, opening) : "";

	return nw_arena_printf(arena, "%02d%02d-%s", entry->clock / 60,
			       entry->clock % 60,
			       nw_ident_hash(arena, key, strlen(key)));
}

/* A brief is known by the story that it leads to. */
static void name_entry(const struct nw_live *live, struct nw_live_entry *entry)
{
	const char *url = NULL;
	const xmlNode *link = find_link(live, entry, &url);

	if (entry->published_utc == NW_TIME_NONE && entry->clock < 0)
		entry->published_utc = nw_ticker_time(entry->node);
	if (link) {
		entry->id = nw_ident_key(live->page->arena, url);
		entry->url = url;
	} else if (!entry->id && entry->published_utc == NW_TIME_NONE &&
		   entry->clock >= 0) {
		entry->id = clock_key(live, entry);
	}
	if (!link || entry->title_node)
		return;
	entry->title = nw_html_text_line(live->page->arena, link, NULL,
					 NW_STORY_TITLE_BYTES);
	entry->title_node = entry->title ? link : NULL;
}

static bool has_time(const struct nw_live_entry *entry)
{
	return entry->published_utc != NW_TIME_NONE;
}

/* One without a time is of the one above it, which is younger as a rule. */
static void keep_dated(struct nw_live_list *list)
{
	int64_t last = NW_TIME_NONE;
	size_t kept = 0, i;

	for (i = 0; i < list->count; i++) {
		struct nw_live_entry *entry = &list->entries[i];

		if (!has_time(entry))
			entry->published_utc = last;
		last = entry->published_utc;
		if (has_time(entry))
			list->entries[kept++] = *entry;
	}
	list->count = kept;
}

static int read_briefs(const struct nw_page *page, struct nw_story *story,
		       struct nw_ticker *ticker, struct nw_error *err)
{
	struct nw_story head = *story;
	struct nw_live live = nw_live_open(page, &head);
	struct nw_live_list list = { .count = 0 };
	size_t i;

	/* Those of the page say nothing of a list beside it. */
	head.published_utc = head.modified_utc = NW_TIME_NONE;
	nw_live_find_zone(&live);
	nw_ticker_find(&live, &list, &ticker->name);
	nw_live_drop_positions(&list);
	nw_live_set_zone(&live, &list);
	for (i = 0; i < list.count; i++)
		name_entry(&live, &list.entries[i]);
	if (!nw_live_has_times(&list))
		list.count = 0;
	nw_live_set_days(&live, &list);
	keep_dated(&list);
	ticker->offset_s = live.offset_s;
	return nw_live_write(&live, &list, story, err);
}

static const char *host_of(struct nw_arena *arena, const char *url)
{
	struct nw_url parts;

	return nw_url_split(arena, url, &parts) == 0 && parts.host ? parts.host
								   : url;
}

static int read_page(struct nw_page *page, struct nw_ticker *ticker,
		     struct nw_error *err)
{
	struct nw_story *story = nw_story_new(page->arena);

	page->words = nw_words_new(page->arena);
	nw_jsonld_load(page);
	story->url = page->url;
	nw_meta_read(page, story);
	ticker->url = story->canonical_url ? story->canonical_url : page->url;
	ticker->publisher = story->publisher;
	ticker->language = story->language;
	if (!ticker->url)
		return 0;
	if (read_briefs(page, story, ticker, err) < 0)
		return -1;
	ticker->briefs = story->updates;
	ticker->brief_count = story->update_count;
	if (!ticker->name)
		ticker->name = story->title ? story->title
					    : host_of(page->arena, ticker->url);
	return ticker->brief_count > 0;
}

int nw_ticker_read(struct nw_arena *arena, const struct nw_page_input *input,
		   struct nw_ticker **ticker_r, struct nw_error *err)
{
	struct nw_ticker *ticker = nw_arena_alloc(arena, sizeof(*ticker));
	struct nw_work work = { 0 };
	struct nw_page page = { .arena = arena, .work = &work };
	int found;

	if (nw_page_open(&page, input, err) < 0)
		return -1;
	found = read_page(&page, ticker, err);
	nw_jsonld_free(&page);
	xmlFreeDoc(page.doc);
	if (found > 0)
		*ticker_r = ticker;
	return found;
}
