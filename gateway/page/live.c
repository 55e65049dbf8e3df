/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "live_private.h"

struct nw_live nw_live_open(const struct nw_page *page,
			    const struct nw_story *story)
{
	struct nw_live live = { .page = page, .story = story };
	size_t i;

	for (i = 0; i < story->author_count; i++)
		nw_story_add_author(page->arena, &live.authors,
				    &live.author_count, &story->authors[i]);
	live.posting_headline = "";
	live.coverage_end_utc = NW_TIME_NONE;
	live.address = story->canonical_url ? story->canonical_url : page->url;
	live.address_key =
		live.address ? nw_ident_key(page->arena, live.address) : NULL;
	live.headline =
		story->title ? nw_utf8_key(page->arena, story->title) : "";
	return live;
}

void nw_live_set_zone(const struct nw_live *live, struct nw_live_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		struct nw_live_entry *entry = &list->entries[i];

		if (!entry->local)
			continue;
		if (entry->published_utc != NW_TIME_NONE)
			entry->published_utc -= live->offset_s;
		if (entry->modified_utc != NW_TIME_NONE)
			entry->modified_utc -= live->offset_s;
		entry->local = false;
	}
}

/* Titles of the structured data that all say the page's headline, in words of
 * another time of the day, are none. */
static void drop_common_titles(struct nw_live_list *list)
{
	enum { ENOUGH = 3 };
	size_t same = 0, i;

	for (i = 1; i < list->count; i++)
		same += list->entries[i].title && list->entries[0].title &&
			!strcmp(list->entries[i].title, list->entries[0].title);
	if (same + 1 < list->count || list->count < ENOUGH)
		return;
	for (i = 0; i < list->count; i++) {
		list->entries[i].title = NULL;
		list->entries[i].opening = list->entries[i].text;
	}
}

/* Appends visible entries that the structured data lack. */
static void add_unjoined(const struct nw_live *live, struct nw_live_list *list,
			 const struct nw_live_list *visible, int64_t shift_s)
{
	size_t i;

	for (i = 0; i < visible->count; i++) {
		struct nw_live_entry *entry;

		if (visible->entries[i].used)
			continue;
		entry = nw_live_add(live, list);
		if (!entry)
			return;
		*entry = visible->entries[i];
		if (entry->published_utc != NW_TIME_NONE)
			entry->published_utc -= shift_s;
	}
}

/* Joins a visible list; false when it is of something else. */
static bool take_visible(struct nw_live *live, struct nw_live_list *list,
			 struct nw_live_list *visible, bool known_markup)
{
	size_t structured = list->count, pairs;
	int64_t shift_s = 0;

	if (!visible->count || nw_live_is_ticker(live, visible) ||
	    (!structured && !nw_live_has_times(visible)))
		return false;
	nw_live_set_zone(live, visible);
	pairs = nw_live_join(live, list, visible, &shift_s);
	if (structured && !pairs)
		return false;
	if (!structured || known_markup || 2 * pairs >= visible->count)
		add_unjoined(live, list, visible, shift_s);
	return true;
}

static void read_entries(struct nw_live *live, struct nw_live_list *list)
{
	struct nw_live_list marked = { .count = 0 }, anchors = { .count = 0 },
			    repeats = { .count = 0 };

	nw_live_read_jsonld(live, list);
	drop_common_titles(list);
	nw_live_read_markup(live, &marked);
	if (take_visible(live, list, &marked, true))
		return;
	nw_live_read_anchors(live, list, &anchors);
	if (take_visible(live, list, &anchors, false))
		return;
	nw_live_read_repeats(live, list, &repeats);
	if (take_visible(live, list, &repeats, false) || list->count)
		return;
	nw_live_read_plain(live, list);
}

int nw_live_read(const struct nw_page *page, struct nw_story *story,
		 struct nw_error *err)
{
	struct nw_live live = nw_live_open(page, story);
	struct nw_live_list list = { .count = 0 };
	int result;

	nw_live_find_zone(&live);
	read_entries(&live, &list);
	nw_live_set_days(&live, &list);
	result = nw_live_write(&live, &list, story, err);
	nw_live_remove(&live, &list, story);
	if (result < 0)
		return -1;
	story->live = live.posting || story->update_count > 0;
	story->coverage_end_utc = live.coverage_end_utc;
	return 0;
}
