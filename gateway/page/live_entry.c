/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "live_private.h"

struct nw_live_entry *nw_live_add(const struct nw_live *live,
				  struct nw_live_list *list)
{
	struct nw_live_entry *entry;

	if (list->count >= NW_STORY_UPDATES)
		return NULL;
	list->entries = nw_arena_grow(live->page->arena, list->entries,
				      list->count, sizeof(*list->entries));
	entry = &list->entries[list->count++];
	memset(entry, 0, sizeof(*entry));
	entry->published_utc = entry->modified_utc = NW_TIME_NONE;
	entry->day = entry->shown_utc = NW_TIME_NONE;
	entry->clock = NW_LIVE_NO_CLOCK;
	return entry;
}

const char *nw_live_id(const struct nw_live *live, const char *text)
{
	enum { ID_BYTES = 200, WORD_BYTES = 8 };
	static const char *const kinds[] = { "block-", "post-", "live-" };
	const char *hash = text ? strrchr(text, '#') : NULL;
	size_t len, i;
	char *id;

	if (!text)
		return NULL;
	if (hash)
		text = hash + 1;
	else if (strstr(text, "://"))
		return NULL;
	id = nw_utf8_line(live->page->arena, text, strlen(text), ID_BYTES + 1);
	for (i = 0; id && i < sizeof(kinds) / sizeof(*kinds); i++) {
		len = strlen(kinds[i]);
		if (!strncmp(id, kinds[i], len)) {
			id += len;
			break;
		}
	}
	len = id ? strlen(id) : 0;
	/* A word is the name of a place in the page, not of an update. */
	if (!len || len > ID_BYTES || strpbrk(id, " <>{}") ||
	    (len < WORD_BYTES && !strpbrk(id, "0123456789")))
		return NULL;
	return id;
}

/* The number at the end of an id; -1 when there is none.  prefix_r gets the
 * bytes before it. */
static long read_number(const char *id, size_t *prefix_r)
{
	size_t len = strlen(id), at = len;

	while (at && isdigit((unsigned char)id[at - 1]))
		at--;
	*prefix_r = at;
	if (at == len || len - at > 6)
		return -1;
	return strtol(id + at, NULL, 10);
}

/* Whether b, which stands below a, has the next number though it is not
 * newer. */
static bool counts_down(const struct nw_live_entry *a,
			const struct nw_live_entry *b)
{
	size_t prefix_a, prefix_b;
	long number_a, number_b;

	if (!a->id || !b->id || a->published_utc < b->published_utc)
		return false;
	number_a = read_number(a->id, &prefix_a);
	number_b = read_number(b->id, &prefix_b);
	return number_a >= 0 && number_b == number_a + 1 &&
	       prefix_a == prefix_b && !strncmp(a->id, b->id, prefix_a);
}

void nw_live_drop_positions(struct nw_live_list *list)
{
	bool older = false;
	size_t i;

	for (i = 1; i < list->count; i++) {
		const struct nw_live_entry *a = &list->entries[i - 1];
		const struct nw_live_entry *b = &list->entries[i];

		if (!counts_down(a, b))
			return;
		older = older || a->published_utc > b->published_utc;
	}
	if (!older)
		return;
	for (i = 0; i < list->count; i++)
		list->entries[i].id = list->entries[i].url = NULL;
}

const char *nw_live_title(const struct nw_live *live, const char *title)
{
	struct nw_arena *arena = live->page->arena;
	size_t used, end;
	const char *key;
	int64_t day;

	if (!title)
		return NULL;
	if (nw_live_clock(title, &used, &day) >= 0) {
		for (end = used; end && title[end - 1] == ' ';)
			end--;
		/* "9 p.m. curfew begins" begins with no label. */
		if (end && title[used] && title[end - 1] != '.' &&
		    !isalnum((unsigned char)title[end - 1]))
			title += used;
	}
	title = nw_utf8_line(arena, title, strlen(title), NW_STORY_TITLE_BYTES);
	if (!title)
		return NULL;
	key = nw_utf8_key(arena, title);
	return strcmp(key, live->headline) &&
			       strcmp(key, live->posting_headline)
		       ? title
		       : NULL;
}

bool nw_live_has_times(const struct nw_live_list *list)
{
	size_t times = 0, i;

	for (i = 0; i < list->count; i++)
		times += list->entries[i].published_utc != NW_TIME_NONE ||
			 list->entries[i].clock >= 0 ||
			 (list->entries[i].marks & NW_UPDATE_WITHDRAWN);
	return 2 * times > list->count;
}
