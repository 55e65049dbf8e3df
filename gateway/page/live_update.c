/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "live_private.h"

/* An entry in the order of its time. */
struct place {
	const struct nw_live_entry *entry;
	int64_t time;
	size_t order;
};

static int compare_place(const void *a, const void *b)
{
	const struct place *one = a, *two = b;

	if (one->time != two->time)
		return one->time < two->time ? -1 : 1;
	return one->order < two->order ? -1 : one->order > two->order;
}

/* Whether a page has the newest entry first. */
static bool is_newest_first(const struct nw_live_list *list)
{
	int64_t last = NW_TIME_NONE;
	long balance = 0;
	size_t i;

	for (i = 0; i < list->count; i++) {
		int64_t time = list->entries[i].published_utc;

		if (time == NW_TIME_NONE)
			continue;
		if (last != NW_TIME_NONE && time != last)
			balance += time < last ? 1 : -1;
		last = time;
	}
	return balance >= 0;
}

/* The entries, oldest first.  One without a time stays beside its
 * neighbour. */
static struct place *sort(struct nw_arena *arena,
			  const struct nw_live_list *list)
{
	struct place *places =
		nw_arena_alloc(arena, list->count * sizeof(*places));
	bool down = is_newest_first(list);
	int64_t last = NW_TIME_NONE;
	size_t i;

	for (i = 0; i < list->count; i++) {
		size_t at = down ? list->count - 1 - i : i;

		places[i].entry = &list->entries[at];
		places[i].order = i;
		if (list->entries[at].published_utc != NW_TIME_NONE)
			last = list->entries[at].published_utc;
		places[i].time = last;
	}
	qsort(places, list->count, sizeof(*places), compare_place);
	return places;
}

/* What an update without an id is known by: its time and how it opens. */
static const char *derive_key(struct nw_arena *arena,
			      const struct nw_update *update,
			      const struct nw_live_entry *entry)
{
	enum { LETTERS = 80 };
	const char *opening = entry->opening ? entry->opening : update->title;
	char time[NW_DATE_BYTES] = "";
	char *key;

	if (!opening)
		opening = nw_body_text(arena, &update->body);
	opening = nw_jsonld_line(arena, opening, 4 * LETTERS);
	key = nw_utf8_key(arena, opening ? opening : "");
	if (strlen(key) > LETTERS)
		key[LETTERS] = '\0';
	if (update->published_utc != NW_TIME_NONE)
		nw_date_nntp(update->published_utc, time);
	if (!*time && !*key)
		return NULL;
	return nw_arena_printf(arena, "%s%s%s", time, *time ? "-" : "",
			       nw_ident_hash(arena, key, strlen(key)));
}

static int64_t clamp(const struct nw_live *live, int64_t time)
{
	int64_t now = live->page->now_utc;

	return now > 0 && time > now ? now : time;
}

/* Whether a title is only the first letters of the text, cut somewhere. */
static bool is_cut_text(struct nw_arena *arena, const char *title,
			const struct nw_body *body)
{
	enum { CUT_BYTES = 80 };
	const char *text, *key;

	if (!title || strlen(title) < CUT_BYTES || !body->count)
		return false;
	text = nw_spans_text(arena, body->blocks->spans,
			     body->blocks->span_count);
	key = nw_utf8_key(arena, title);
	return !strncmp(nw_utf8_key(arena, text), key, strlen(key));
}

static int fill(const struct nw_live *live, const struct nw_live_entry *entry,
		struct nw_update *update, struct nw_error *err)
{
	if (nw_live_read_body(live, entry, &update->body, err) < 0)
		return -1;
	if (!is_cut_text(live->page->arena, entry->title, &update->body))
		update->title = entry->title;
	update->url = entry->url;
	update->authors = entry->authors;
	update->author_count = entry->author_count;
	update->published_utc = clamp(live, entry->published_utc);
	update->modified_utc = clamp(live, entry->modified_utc);
	if (update->modified_utc < update->published_utc)
		update->modified_utc = NW_TIME_NONE;
	update->marks = entry->marks;
	update->parent_key = entry->parent;
	update->derived_key = !entry->id;
	update->unshown = !entry->node;
	update->key = entry->id ? entry->id
				: derive_key(live->page->arena, update, entry);
	return 0;
}

/* Whether an update says something, or that it is gone. */
static bool counts(const struct nw_update *update)
{
	return update->key && (update->body.count || update->title ||
			       (update->marks & NW_UPDATE_WITHDRAWN));
}

struct name {
	const char *key;
	size_t at;
};

static int compare_name(const void *a, const void *b)
{
	const struct name *one = a, *two = b;
	int order = strcmp(one->key, two->key);

	if (order)
		return order;
	return one->at < two->at ? -1 : one->at > two->at;
}

/* Of updates with one key the longest stays: pinned ones stand twice. */
static void drop_twins(struct nw_arena *arena, struct nw_story *story)
{
	struct nw_update *updates = story->updates;
	size_t count = story->update_count, kept = 0, best = 0, i;
	struct name *names = nw_arena_alloc(arena, count * sizeof(*names));

	for (i = 0; i < count; i++)
		names[i] = (struct name) { updates[i].key, i };
	qsort(names, count, sizeof(*names), compare_name);
	for (i = 1; i < count; i++) {
		size_t at = names[i].at, loser;

		if (strcmp(names[best].key, names[i].key)) {
			best = i;
			continue;
		}
		loser = updates[at].body.count >
					updates[names[best].at].body.count
				? best
				: i;
		updates[names[loser].at].key = NULL;
		if (loser == best)
			best = i;
	}
	for (i = 0; i < count; i++)
		if (updates[i].key)
			updates[kept++] = updates[i];
	story->update_count = kept;
}

/* An answer is to an update that is here. */
static void check_parents(struct nw_story *story)
{
	size_t i, k;

	for (i = 0; i < story->update_count; i++) {
		struct nw_update *update = &story->updates[i];

		if (!update->parent_key)
			continue;
		for (k = 0; k < story->update_count; k++)
			if (k != i &&
			    !strcmp(story->updates[k].key, update->parent_key))
				break;
		if (k == story->update_count)
			update->parent_key = NULL;
	}
}

int nw_live_write(const struct nw_live *live, const struct nw_live_list *list,
		  struct nw_story *story, struct nw_error *err)
{
	struct nw_arena *arena = live->page->arena;
	const struct place *places = sort(arena, list);
	struct nw_update *updates;
	size_t count = 0, i;

	updates = nw_arena_alloc(arena, list->count * sizeof(*updates));
	for (i = 0; i < list->count; i++) {
		memset(&updates[count], 0, sizeof(updates[count]));
		if (fill(live, places[i].entry, &updates[count], err) < 0)
			return -1;
		count += counts(&updates[count]);
	}
	story->updates = updates;
	story->update_count = count;
	drop_twins(arena, story);
	check_parents(story);
	return 0;
}
