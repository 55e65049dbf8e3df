/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/change.h"
#include "newswire/limits.h"

#include "post_private.h"

/* An update of either story, for sorting by key. */
struct reference {
	const struct nw_update *update;
	bool is_fresh;
	size_t order;	/* stored ones first, then as on the page */
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
		references[*count] = (struct reference){
			&story->updates[i], is_fresh, *count
		};
		(*count)++;
	}
}

static const char *either(const char *fresh, const char *stored)
{
	return fresh ? fresh : stored;
}

/* The fresh update with what the store knows and the page no longer says. */
static void join_update(struct nw_arena *arena,
			struct nw_merged_update *merged)
{
	const struct nw_update *stored = merged->stored;
	struct nw_update *update = &merged->update;
	unsigned change;

	update->message_id = stored->message_id;
	update->revision = stored->revision;
	if (stored->published_utc != NW_TIME_NONE)
		update->published_utc = stored->published_utc;
	update->url = either(update->url, stored->url);
	update->title = either(update->title, stored->title);
	update->parent_key = either(update->parent_key, stored->parent_key);
	if (!update->author_count) {
		update->authors = stored->authors;
		update->author_count = stored->author_count;
	}
	if (update->marks & NW_UPDATE_WITHDRAWN)
		return;
	change = nw_change_update(arena, stored, merged->fresh);
	merged->edited = change & NW_CHANGE_WORDS;
	if (change & NW_CHANGE_CUT)
		update->body = stored->body;
}

static void merge_update(struct nw_arena *arena,
			 struct nw_merged_update *merged, int64_t now_utc)
{
	struct nw_update *update = &merged->update;

	*update = merged->fresh ? *merged->fresh : *merged->stored;
	if (!merged->stored) {
		update->message_id = NULL;
		update->revision = 0;
	} else if (merged->fresh) {
		join_update(arena, merged);
	}
	if (update->published_utc == NW_TIME_NONE)
		update->published_utc = now_utc;
}

/* One entry for each key; of a key that comes twice in one story the first
 * counts. */
static size_t pair(struct nw_arena *arena, const struct reference *references,
		   size_t count, struct entry *entries, int64_t now_utc)
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
		merge_update(arena, &entry->merged, now_utc);
	}
	return pairs;
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

static void merge_updates(struct nw_arena *arena,
			  const struct nw_story *stored,
			  const struct nw_story *fresh, int64_t now_utc,
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
	count = pair(arena, references, count, entries, now_utc);
	qsort(entries, count, sizeof(*entries), by_time);
	put_updates(merge, entries, count);
}

static int64_t either_time(int64_t first, int64_t second)
{
	return first != NW_TIME_NONE ? first : second;
}

/* What the page does not say this time stays as it was. */
static void keep_fields(struct nw_story *story, const struct nw_story *stored)
{
	story->url = either(story->url, stored->url);
	story->canonical_url =
		either(story->canonical_url, stored->canonical_url);
	story->title = either(story->title, stored->title);
	story->kicker = either(story->kicker, stored->kicker);
	story->publisher = either(story->publisher, stored->publisher);
	story->language = either(story->language, stored->language);
	story->section = either(story->section, stored->section);
	story->published_utc =
		either_time(stored->published_utc, story->published_utc);
	story->modified_utc =
		either_time(story->modified_utc, stored->modified_utc);
	if (!story->author_count) {
		story->authors = stored->authors;
		story->author_count = stored->author_count;
	}
	if (!story->topic_count) {
		story->topics = stored->topics;
		story->topic_count = stored->topic_count;
	}
	if (!story->lead_image)
		story->lead_image = stored->lead_image;
	story->root_id = stored->root_id;
	story->message_id = stored->message_id;
	story->revision = stored->revision;
}

static void keep_body(struct nw_story *story, const struct nw_story *stored)
{
	story->body = stored->body;
	story->paywalled = stored->paywalled;
}

/* All names that it ever had; the first ones stay when the cap is met. */
static void join_aliases(struct nw_arena *arena, struct nw_story *story,
			 const struct nw_story *stored)
{
	const char **fresh = story->aliases;
	size_t count = story->alias_count, i;

	story->aliases = NULL;
	story->alias_count = 0;
	for (i = 0; stored && i < stored->alias_count; i++)
		nw_story_add_alias(arena, story, stored->aliases[i]);
	if (stored && stored->canonical_url &&
	    strcmp(stored->canonical_url, story->canonical_url) != 0)
		nw_story_add_alias(arena, story, stored->canonical_url);
	for (i = 0; i < count; i++)
		nw_story_add_alias(arena, story, fresh[i]);
}

struct notices {
	const char **texts, **keys;
	size_t count;
};

static bool add_notice(struct nw_arena *arena, struct notices *notices,
		       const char *text)
{
	const char *key = nw_post_key(arena, text);
	size_t i;

	if (!*key || notices->count >= NW_STORY_CORRECTIONS)
		return false;
	for (i = 0; i < notices->count; i++)
		if (!strcmp(notices->keys[i], key))
			return false;
	notices->texts = nw_arena_grow(arena, notices->texts, notices->count,
				       sizeof(*notices->texts));
	notices->keys = nw_arena_grow(arena, notices->keys, notices->count,
				      sizeof(*notices->keys));
	notices->texts[notices->count] = text;
	notices->keys[notices->count++] = key;
	return true;
}

static void join_corrections(struct nw_arena *arena, struct nw_merge *merge,
			     const struct nw_story *stored,
			     const struct nw_story *fresh)
{
	struct notices notices = { NULL, NULL, 0 };
	size_t i;

	for (i = 0; stored && i < stored->correction_count; i++)
		(void)add_notice(arena, &notices, stored->corrections[i]);
	for (i = 0; i < fresh->correction_count; i++) {
		if (!add_notice(arena, &notices, fresh->corrections[i]))
			continue;
		merge->notices = nw_arena_grow(arena, merge->notices,
					       merge->notice_count,
					       sizeof(*merge->notices));
		merge->notices[merge->notice_count++] = fresh->corrections[i];
	}
	merge->story->corrections = notices.texts;
	merge->story->correction_count = notices.count;
}

void nw_post_merge(struct nw_arena *arena, const struct nw_story *stored,
		   const struct nw_story *fresh, int64_t now_utc,
		   struct nw_merge *merge_r)
{
	struct nw_story *story = nw_arena_alloc(arena, sizeof(*story));
	unsigned change = 0;

	*merge_r = (struct nw_merge){ .story = story };
	*story = *fresh;
	story->updates = NULL;
	story->update_count = 0;
	story->root_id = story->message_id = NULL;
	story->revision = 0;
	if (stored) {
		change = nw_change_story(arena, stored, fresh);
		keep_fields(story, stored);
		if (change & NW_CHANGE_CUT)
			keep_body(story, stored);
		/* With new words, the old standfirst may say what is no more
		 * so. */
		if (change != NW_CHANGE_WORDS)
			story->description = either(story->description,
						    stored->description);
	}
	join_aliases(arena, story, stored);
	merge_r->edited = change & NW_CHANGE_WORDS;
	if (story->published_utc == NW_TIME_NONE)
		story->published_utc = now_utc;
	join_corrections(arena, merge_r, stored, fresh);
	merge_updates(arena, stored, fresh, now_utc, merge_r);
}
