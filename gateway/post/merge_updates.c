/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/change.h"
#include "newswire/limits.h"
#include "newswire/notice.h"

#include "post_private.h"

/* An update of either story, for sorting by key. */
struct reference {
	const struct nw_update *update;
	bool is_fresh;
	size_t order; /* stored ones first, then as on the page */
};

static int by_key(const void *a, const void *b)
{
	const struct reference *one = a, *other = b;
	int order = strcmp(one->update->key, other->update->key);

	if (order)
		return order;
	return (one->order > other->order) - (one->order < other->order);
}

struct entry {
	struct nw_merged_update merged;
	size_t order;
};

static int by_time(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;
	int64_t first = one->merged.update.published_utc;
	int64_t second = other->merged.update.published_utc;

	if (first != second)
		return first < second ? -1 : 1;
	return (one->order > other->order) - (one->order < other->order);
}

static void add_references(struct reference *references, size_t *count,
			   const struct nw_story *story, bool is_fresh)
{
	size_t i;

	for (i = 0; story && i < story->update_count; i++) {
		references[*count] = (struct reference) { &story->updates[i],
							  is_fresh, *count };
		(*count)++;
	}
}

static const char *either(const char *fresh, const char *stored)
{
	return fresh ? fresh : stored;
}

/* Correction notices of an update, as keys. */
struct notices {
	const char *texts[NW_STORY_CORRECTIONS], *keys[NW_STORY_CORRECTIONS];
	size_t count;
};

static void read_notices(struct nw_arena *arena, const struct nw_body *body,
			 struct notices *notices)
{
	const char *text;
	size_t i, used;

	notices->count = 0;
	for (i = 0; i < body->count && notices->count < NW_STORY_CORRECTIONS;
	     i += used ? used : 1) {
		used = nw_notice_at(arena, body, i, &text);
		if (!used)
			continue;
		notices->texts[notices->count] = text;
		notices->keys[notices->count++] = nw_post_key(arena, text);
	}
}

static bool holds(const struct notices *notices, const char *key)
{
	size_t i;

	for (i = 0; i < notices->count; i++)
		if (!strcmp(notices->keys[i], key))
			return true;
	return false;
}

/* The first correction notice of an update that it did not have before. */
static const char *new_notice(struct nw_arena *arena,
			      const struct nw_update *stored,
			      const struct nw_update *fresh)
{
	struct notices before, after;
	size_t i;

	read_notices(arena, &stored->body, &before);
	read_notices(arena, &fresh->body, &after);
	for (i = 0; i < after.count; i++)
		if (!holds(&before, after.keys[i]))
			return after.texts[i];
	return NULL;
}

/* The fresh update with what the store knows and the page no longer says. */
static void join_fields(struct nw_update *update,
			const struct nw_update *stored)
{
	update->key = stored->key;
	update->derived_key = stored->derived_key;
	update->message_id = stored->message_id;
	update->posted_utc = stored->posted_utc;
	update->revision = stored->revision;
	update->absences = 0;
	if (stored->published_utc != NW_TIME_NONE)
		update->published_utc = stored->published_utc;
	update->url = either(update->url, stored->url);
	update->title = either(update->title, stored->title);
	update->parent_key = either(update->parent_key, stored->parent_key);
	if (!update->author_count) {
		update->authors = stored->authors;
		update->author_count = stored->author_count;
	}
}

/* An edit that comes too soon waits: until then the snapshot keeps what was
 * posted, so that each later poll sees the edit anew. */
static bool is_held(const struct nw_merged_update *merged,
		    const struct nw_thread_options *options)
{
	return merged->edited && !merged->notice &&
	       merged->stored->message_id &&
	       nw_post_is_held(options, merged->stored->posted_utc);
}

/* Whether each paragraph of one update stands in the other; not of one of
 * unusual length. */
static bool is_part(struct nw_arena *arena, const struct nw_update *part,
		    const struct nw_update *whole)
{
	enum { PARAGRAPHS = 200, WORDS_OCTETS = 64 << 10 };
	const char *words = nw_change_update_content(arena, whole);
	size_t i;

	if (part->body.count > PARAGRAPHS || strlen(words) > WORDS_OCTETS)
		return false;
	for (i = 0; i < part->body.count; i++)
		if (!strstr(words, nw_post_block_key(arena,
						     &part->body.blocks[i])))
			return false;
	return true;
}

/* Whether an update differs only because it stood in the text of the page at
 * one poll, and in its structured data alone at the other, which lack lists,
 * quotes and captions: newer updates push older ones off the page. */
static bool is_only_hidden(struct nw_arena *arena,
			   const struct nw_update *stored,
			   const struct nw_update *fresh)
{
	if (stored->unshown == fresh->unshown)
		return false;
	if (fresh->modified_utc != NW_TIME_NONE)
		return fresh->modified_utc <= stored->modified_utc ||
		       fresh->modified_utc <= stored->published_utc;
	return fresh->unshown ? is_part(arena, fresh, stored)
			      : is_part(arena, stored, fresh);
}

/* The text as it was posted. */
static void keep_text(struct nw_update *update, const struct nw_update *stored)
{
	update->title = stored->title;
	update->body = stored->body;
	update->unshown = stored->unshown;
	update->modified_utc = stored->modified_utc;
}

static void join_update(struct nw_arena *arena, struct nw_merged_update *merged,
			const struct nw_thread_options *options, bool *waits)
{
	const struct nw_update *stored = merged->stored;
	struct nw_update *update = &merged->update;
	unsigned change;

	join_fields(update, stored);
	if (update->marks & NW_UPDATE_WITHDRAWN)
		return;
	change = nw_change_update(arena, stored, merged->fresh);
	if (change && is_only_hidden(arena, stored, merged->fresh)) {
		keep_text(update, stored);
		return;
	}
	merged->edited = change & NW_CHANGE_WORDS;
	if (change & NW_CHANGE_CUT)
		update->body = stored->body;
	if (merged->edited)
		merged->notice = new_notice(arena, stored, merged->fresh);
	if (!is_held(merged, options))
		return;
	merged->edited = false;
	*waits = true;
	keep_text(update, stored);
}

static void merge_update(struct nw_arena *arena,
			 struct nw_merged_update *merged,
			 const struct nw_thread_options *options, bool *waits)
{
	struct nw_update *update = &merged->update;

	*update = merged->fresh ? *merged->fresh : *merged->stored;
	if (!merged->stored) {
		update->message_id = NULL;
		update->posted_utc = NW_TIME_NONE;
		update->revision = 0;
		update->absences = 0;
	} else if (merged->fresh) {
		join_update(arena, merged, options, waits);
	}
	if (update->published_utc == NW_TIME_NONE)
		update->published_utc = options->now_utc;
}

/* One entry for each key; of a key that comes twice in one story the first
 * counts. */
static size_t pair(const struct reference *references, size_t count,
		   struct entry *entries)
{
	struct entry *entry;
	size_t i = 0, pairs = 0;

	while (i < count) {
		const char *key = references[i].update->key;

		entry = &entries[pairs++];
		entry->order = references[i].order;
		for (; i < count && !strcmp(references[i].update->key, key);
		     i++) {
			if (!references[i].is_fresh && !entry->merged.stored)
				entry->merged.stored = references[i].update;
			if (references[i].is_fresh && !entry->merged.fresh)
				entry->merged.fresh = references[i].update;
		}
	}
	return pairs;
}

/* Answers to an update that is known by another key. */
static void rename_parents(struct entry *entries, size_t count,
			   const char *from, const char *to)
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct nw_update *update = &entries[i].merged.update;

		if (update->parent_key && !strcmp(update->parent_key, from))
			update->parent_key = to;
	}
}

/* Joins entries that are one update, edited; returns how many remain. */
static size_t join_edited(struct nw_arena *arena, struct entry *entries,
			  size_t count)
{
	struct nw_merged_update **lone =
		nw_arena_alloc(arena, count * sizeof(*lone));
	size_t lone_count = 0, kept = 0, i;

	for (i = 0; i < count; i++)
		if (!entries[i].merged.stored || !entries[i].merged.fresh)
			lone[lone_count++] = &entries[i].merged;
	nw_post_identify(arena, lone, lone_count);
	for (i = 0; i < count; i++)
		if (entries[i].merged.stored || entries[i].merged.fresh)
			entries[kept++] = entries[i];
	return kept;
}

static void merge_entries(struct nw_arena *arena, struct entry *entries,
			  size_t count, const struct nw_thread_options *options,
			  struct nw_merge *merge)
{
	size_t i;

	for (i = 0; i < count; i++)
		merge_update(arena, &entries[i].merged, options, &merge->waits);
	for (i = 0; i < count; i++) {
		const struct nw_merged_update *merged = &entries[i].merged;

		if (merged->stored && merged->fresh &&
		    strcmp(merged->stored->key, merged->fresh->key) != 0)
			rename_parents(entries, count, merged->fresh->key,
				       merged->stored->key);
	}
}

/* Past the cap the oldest that the page no longer shows are forgotten. */
static void put_updates(struct nw_merge *merge, const struct entry *entries,
			size_t count)
{
	size_t excess = count > NW_STORY_UPDATES ? count - NW_STORY_UPDATES : 0;
	size_t i;

	for (i = 0; i < count; i++) {
		if (excess && !entries[i].merged.fresh) {
			excess--;
			continue;
		}
		merge->updates[merge->update_count++] = entries[i].merged;
	}
}

void nw_post_merge_updates(struct nw_arena *arena,
			   const struct nw_story *stored,
			   const struct nw_story *fresh,
			   const struct nw_thread_options *options,
			   struct nw_merge *merge)
{
	size_t most = fresh->update_count + (stored ? stored->update_count : 0);
	struct reference *references =
		nw_arena_alloc(arena, most * sizeof(*references));
	struct entry *entries = nw_arena_alloc(arena, most * sizeof(*entries));
	size_t count = 0;

	merge->updates = nw_arena_alloc(arena, most * sizeof(*merge->updates));
	add_references(references, &count, stored, false);
	add_references(references, &count, fresh, true);
	if (!count)
		return;
	qsort(references, count, sizeof(*references), by_key);
	count = pair(references, count, entries);
	count = join_edited(arena, entries, count);
	merge_entries(arena, entries, count, options, merge);
	qsort(entries, count, sizeof(*entries), by_time);
	put_updates(merge, entries, count);
	nw_post_count_absences(merge, fresh);
}
