/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "newswire/change.h"
#include "newswire/snapshot.h"
#include "store_private.h"

/* In the marks of an update of a delta: it was not there before. */
#define ABSENT (1u << 16)

/* Less than this is not worth packing. */
#define PACKED_MIN 128

static int by_key(const void *a, const void *b)
{
	const struct nw_update *const *one = a, *const *other = b;

	return strcmp((*one)->key, (*other)->key);
}

static const struct nw_update **sort(struct nw_arena *arena,
				     const struct nw_story *story)
{
	const struct nw_update **sorted;
	size_t i;

	sorted = nw_arena_alloc(arena, story->update_count * sizeof(*sorted));
	for (i = 0; i < story->update_count; i++)
		sorted[i] = &story->updates[i];
	if (story->update_count)
		qsort(sorted, story->update_count, sizeof(*sorted), by_key);
	return sorted;
}

static bool is_withdrawn(const struct nw_update *update)
{
	return update->marks & NW_UPDATE_WITHDRAWN;
}

static bool is_same(struct nw_arena *arena, const struct nw_update *before,
		    const struct nw_update *after)
{
	return is_withdrawn(before) == is_withdrawn(after) &&
	       !nw_change_update(arena, before, after);
}

static void add_update(struct nw_arena *arena, struct nw_story *story,
		       const struct nw_update *update)
{
	story->updates =
		nw_arena_grow(arena, story->updates, story->update_count,
			      sizeof(*story->updates));
	story->updates[story->update_count++] = *update;
}

/* Updates never leave a snapshot but by a cap: what is not in after any more
 * was not changed. */
static void add_updates(struct nw_arena *arena, struct nw_story *delta,
			const struct nw_story *before,
			const struct nw_story *after)
{
	const struct nw_update **sorted = sort(arena, before), **found;
	size_t i;

	for (i = 0; i < after->update_count; i++) {
		const struct nw_update *update = &after->updates[i];
		const struct nw_update none = {
			.key = update->key,
			.marks = ABSENT,
			.published_utc = NW_TIME_NONE,
			.modified_utc = NW_TIME_NONE,
			.posted_utc = NW_TIME_NONE,
		};

		found = before->update_count
				? bsearch(&update, sorted, before->update_count,
					  sizeof(*sorted), by_key)
				: NULL;
		if (!found)
			add_update(arena, delta, &none);
		else if (!is_same(arena, *found, update))
			add_update(arena, delta, *found);
	}
}

bool nw_delta_has_notice(const struct nw_story *story, const char *notice)
{
	size_t i;

	for (i = 0; i < story->correction_count; i++)
		if (!strcmp(story->corrections[i], notice))
			return true;
	return false;
}

static unsigned compare(struct nw_arena *arena, const struct nw_story *before,
			const struct nw_story *after)
{
	unsigned change = nw_change_story(arena, before, after);
	unsigned marks = 0;
	size_t i;

	if (change)
		marks |= NW_DELTA_TEXT;
	if (change & NW_CHANGE_SLIGHT)
		marks |= NW_DELTA_SLIGHT;
	if (before->withdrawn != after->withdrawn)
		marks |= after->withdrawn ? NW_DELTA_GONE : NW_DELTA_BACK;
	if (change && before->revision != after->revision)
		marks |= NW_DELTA_TOLD;
	for (i = 0; i < after->correction_count; i++)
		if (!nw_delta_has_notice(before, after->corrections[i]))
			marks |= NW_DELTA_CORRECTED;
	return marks;
}

static void copy_text(struct nw_story *story, const struct nw_story *from)
{
	story->title = from->title;
	story->description = from->description;
	story->body = from->body;
	story->authors = from->authors;
	story->author_count = from->author_count;
	story->corrections = from->corrections;
	story->correction_count = from->correction_count;
}

bool nw_delta_make(struct nw_arena *arena, const struct nw_story *before,
		   const struct nw_story *after, struct nw_delta *delta_r)
{
	struct nw_story *story = nw_story_new(arena);
	unsigned marks = compare(arena, before, after);

	if (marks & NW_DELTA_OWN)
		copy_text(story, before);
	add_updates(arena, story, before, after);
	*delta_r = (struct nw_delta) { marks, story };
	return marks || story->update_count;
}

bool nw_delta_is_absent(const struct nw_update *update)
{
	return update->marks & ABSENT;
}

/* An update of the oldest delta first. */
struct entry {
	const struct nw_update *update;
	size_t age;
};

static int by_key_and_age(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;
	int order = strcmp(one->update->key, other->update->key);

	return order ? order
		     : (one->age > other->age) - (one->age < other->age);
}

static void join_updates(struct nw_arena *arena, struct nw_story *story,
			 const struct nw_delta *deltas, size_t count)
{
	struct entry *entries;
	size_t all = 0, i, j;

	for (i = 0; i < count; i++)
		all += deltas[i].story->update_count;
	if (!all)
		return;
	entries = nw_arena_alloc(arena, all * sizeof(*entries));
	for (i = all = 0; i < count; i++)
		for (j = 0; j < deltas[i].story->update_count; j++)
			entries[all++] =
				(struct entry) { &deltas[i].story->updates[j],
						 i };
	qsort(entries, all, sizeof(*entries), by_key_and_age);
	for (i = 0; i < all; i++)
		if (!i || strcmp(entries[i].update->key,
				 entries[i - 1].update->key) != 0)
			add_update(arena, story, entries[i].update);
}

void nw_delta_join(struct nw_arena *arena, const struct nw_delta *deltas,
		   size_t count, struct nw_delta *delta_r)
{
	struct nw_story *story = nw_story_new(arena);
	unsigned marks = 0, slight = NW_DELTA_SLIGHT;
	size_t i;

	for (i = 0; i < count; i++) {
		if (!(marks & NW_DELTA_OWN) && deltas[i].marks & NW_DELTA_OWN)
			copy_text(story, deltas[i].story);
		if (deltas[i].marks & NW_DELTA_TEXT)
			slight &= deltas[i].marks;
		marks |= deltas[i].marks;
	}
	join_updates(arena, story, deltas, count);
	*delta_r = (struct nw_delta) {
		(marks & ~(unsigned)NW_DELTA_SLIGHT) | (marks & slight), story
	};
}

int nw_delta_pack(struct nw_buf *out, const struct nw_delta *delta,
		  size_t *size_r, struct nw_error *err)
{
	struct nw_buf json;
	uLongf packed;
	int result;

	nw_buf_init(&json, NW_STORE_SNAPSHOT_BYTES);
	result = nw_snapshot_write(&json, delta->story, err);
	*size_r = json.len;
	if (!result && json.len >= PACKED_MIN) {
		packed = compressBound(json.len);
		if (nw_buf_reserve(out, packed) &&
		    compress((Bytef *)out->data, &packed,
			     (const Bytef *)json.data, json.len) == Z_OK &&
		    packed < json.len)
			out->len = packed;
	}
	/* What does not get smaller stays as it is: that tells the two. */
	if (!result && !out->len)
		nw_buf_add(out, json.data, json.len);
	nw_buf_free(&json);
	if (!result && !nw_buf_ok(out))
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "history: longer than %zu bytes", out->max);
	return result;
}

int nw_delta_unpack(struct nw_arena *arena, const char *bytes, size_t len,
		    size_t size, struct nw_delta *delta_r, struct nw_error *err)
{
	struct nw_story *story = NULL;
	struct nw_buf json;
	uLongf unpacked = size;
	int result = -1;

	nw_buf_init(&json, NW_STORE_SNAPSHOT_BYTES);
	if (len == size)
		nw_buf_add(&json, bytes, len);
	else if (size && nw_buf_reserve(&json, size) &&
		 uncompress((Bytef *)json.data, &unpacked, (const Bytef *)bytes,
			    len) == Z_OK)
		json.len = unpacked;
	if (json.len == size && size)
		result = nw_snapshot_read(arena, json.data, json.len, &story,
					  err);
	else
		(void)nw_error_set(err, NW_ERROR_DATA, "a revision is damaged");
	nw_buf_free(&json);
	if (!result)
		delta_r->story = story;
	return result;
}
