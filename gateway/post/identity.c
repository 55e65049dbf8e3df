/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Updates that have no permanent id are known by a key of their time and
 * opening words, and an edit may change either.  Of those that are in one
 * story only, a stored and a fresh one are the same update when their times
 * are near, each shares more words with the other than with any third one,
 * and those are many.
 */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "post_private.h"

/* Times as a page shows them, and as it may correct them. */
#define NEAR_S 120
#define FAR_S  900
/* How much of all words is shared, in a thousand. */
#define NEAR_SHARE 400
#define FAR_SHARE  800
/* Pairs that are compared, and words of one text: a page whose updates all
 * have the same minute must not take all day. */
#define PAIRS 20000
#define WORDS 200

/* The words and pairs of neighbours of a text, as sorted hashes. */
struct shingles {
	uint32_t *hashes;
	size_t count;
};

struct candidate {
	struct nw_merged_update *merged;
	const struct nw_update *update;
	struct shingles title, text;
	struct candidate *best;
	unsigned share; /* with best */
	bool tied;	/* with another one as well */
};

struct candidates {
	struct candidate *items;
	size_t count;
};

/* FNV-1a (32 bits). */
static uint32_t hash(uint32_t seed, const char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		seed = (seed ^ (unsigned char)bytes[i]) * UINT32_C(16777619);
	return seed;
}

static int by_hash(const void *a, const void *b)
{
	const uint32_t one = *(const uint32_t *)a, other = *(const uint32_t *)b;

	return (one > other) - (one < other);
}

static void add_text(struct nw_arena *arena, struct shingles *shingles,
		     const char *text)
{
	const struct nw_tokens words =
		nw_tokens_words(arena, text, strlen(text));
	uint32_t before = 0, word;
	const char *key;
	size_t i;

	for (i = 0; i < words.count && i < WORDS; i++) {
		key = nw_post_key(arena,
				  nw_arena_strndup(arena, words.items[i].text,
						   words.items[i].len));
		if (!*key)
			continue;
		word = hash(UINT32_C(2166136261), key, strlen(key));
		shingles->hashes[shingles->count++] = word;
		if (before)
			shingles->hashes[shingles->count++] =
				hash(before, key, strlen(key));
		before = word;
	}
}

static void sort(struct shingles *shingles)
{
	if (shingles->count)
		qsort(shingles->hashes, shingles->count,
		      sizeof(*shingles->hashes), by_hash);
}

static void read_shingles(struct nw_arena *arena, struct candidate *candidate)
{
	const struct nw_update *update = candidate->update;
	enum { MOST = 4 * WORDS };

	candidate->title.hashes =
		nw_arena_alloc(arena, MOST * sizeof(uint32_t));
	candidate->text.hashes = nw_arena_alloc(arena, MOST * sizeof(uint32_t));
	if (update->title) {
		add_text(arena, &candidate->title, update->title);
		add_text(arena, &candidate->text, update->title);
	}
	add_text(arena, &candidate->text, nw_body_text(arena, &update->body));
	sort(&candidate->title);
	sort(&candidate->text);
}

/* Dice's coefficient, in a thousand. */
static unsigned share_of(const struct shingles *a, const struct shingles *b)
{
	size_t i = 0, j = 0, both = 0;

	if (!a->count || !b->count)
		return 0;
	while (i < a->count && j < b->count) {
		if (a->hashes[i] == b->hashes[j]) {
			both++;
			i++;
			j++;
		} else if (a->hashes[i] < b->hashes[j]) {
			i++;
		} else {
			j++;
		}
	}
	return (unsigned)(2000 * both / (a->count + b->count));
}

/* A headline that stays while the text is another speaks for the same. */
static unsigned share(const struct candidate *a, const struct candidate *b)
{
	unsigned title = share_of(&a->title, &b->title);
	unsigned text = share_of(&a->text, &b->text);

	return title > text ? title : text;
}

static int64_t apart(const struct candidate *a, const struct candidate *b)
{
	int64_t first = a->update->published_utc;
	int64_t second = b->update->published_utc;

	if (first == NW_TIME_NONE || second == NW_TIME_NONE)
		return FAR_S;
	/* As unsigned numbers, for a hostile page's may be far apart. */
	if (first < second)
		return (uint64_t)second - (uint64_t)first > FAR_S
			       ? FAR_S + 1
			       : second - first;
	return (uint64_t)first - (uint64_t)second > FAR_S ? FAR_S + 1
							  : first - second;
}

static bool may_be_same(const struct candidate *a, const struct candidate *b)
{
	return (a->update->derived_key || b->update->derived_key) &&
	       apart(a, b) <= FAR_S;
}

static void note(struct candidate *candidate, struct candidate *other,
		 unsigned shared)
{
	if (shared == candidate->share && candidate->best)
		candidate->tied = true;
	if (shared <= candidate->share)
		return;
	candidate->best = other;
	candidate->share = shared;
	candidate->tied = false;
}

static void compare(struct candidate *a, struct candidate *b)
{
	unsigned shared = share(a, b);

	if (shared < (apart(a, b) <= NEAR_S ? NEAR_SHARE : FAR_SHARE))
		return;
	note(a, b, shared);
	note(b, a, shared);
}

static struct candidates choose(struct nw_arena *arena,
				struct nw_merged_update **lone, size_t count,
				bool fresh)
{
	struct candidates candidates = { NULL, 0 };
	size_t i;

	candidates.items =
		nw_arena_alloc(arena, count * sizeof(*candidates.items));
	for (i = 0; i < count; i++) {
		const struct nw_update *update =
			fresh ? lone[i]->fresh : lone[i]->stored;

		if (update && !(update->marks & NW_UPDATE_WITHDRAWN))
			candidates.items[candidates.count++] =
				(struct candidate) { .merged = lone[i],
						     .update = update };
	}
	return candidates;
}

/* false when there are too many pairs to look at. */
static bool count_pairs(struct candidates stored, struct candidates fresh)
{
	size_t pairs = 0, i, j;

	if (stored.count * fresh.count > (size_t)PAIRS * WORDS)
		return false;
	for (i = 0; i < stored.count; i++)
		for (j = 0; j < fresh.count; j++)
			pairs += may_be_same(&stored.items[i], &fresh.items[j]);
	return pairs && pairs <= PAIRS;
}

static void compare_all(struct nw_arena *arena, struct candidates stored,
			struct candidates fresh)
{
	size_t i, j;

	for (i = 0; i < stored.count; i++)
		for (j = 0; j < fresh.count; j++) {
			struct candidate *a = &stored.items[i];
			struct candidate *b = &fresh.items[j];

			if (!may_be_same(a, b))
				continue;
			if (!a->text.hashes)
				read_shingles(arena, a);
			if (!b->text.hashes)
				read_shingles(arena, b);
			compare(a, b);
		}
}

void nw_post_identify(struct nw_arena *arena, struct nw_merged_update **lone,
		      size_t count)
{
	struct candidates stored = choose(arena, lone, count, false);
	struct candidates fresh = choose(arena, lone, count, true);
	size_t i;

	if (!count_pairs(stored, fresh))
		return;
	compare_all(arena, stored, fresh);
	for (i = 0; i < stored.count; i++) {
		struct candidate *one = &stored.items[i], *other = one->best;

		if (!other || other->best != one || one->tied || other->tied)
			continue;
		one->merged->fresh = other->update;
		other->merged->fresh = NULL;
	}
}
