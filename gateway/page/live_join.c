/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "live_private.h"

/* Letters that tell two texts apart, and pairs that are compared at most. */
enum { OPENING = 40, TITLE_LEAST = 8, PAIRS = 250000, LOOK_BYTES = 2000 };

struct index {
	struct name {
		const char *text;
		struct nw_live_entry *entry;
	} * names;
	size_t count;
};

struct join {
	const struct nw_live *live;
	struct nw_live_list *list, *visible;
	size_t pairs;
	int64_t shift_s; /* what the visible times are ahead */
};

static int compare_name(const void *a, const void *b)
{
	const struct name *one = a, *two = b;
	int order = strcmp(one->text, two->text);

	if (order)
		return order;
	return one->entry < two->entry ? -1 : one->entry > two->entry;
}

/* The first unused entry of that name. */
static struct nw_live_entry *find(const struct index *index, const char *text)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (strcmp(index->names[mid].text, text) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < index->count && !strcmp(index->names[low].text, text);
	     low++)
		if (!index->names[low].entry->used)
			return index->names[low].entry;
	return NULL;
}

static const char *id_of(const struct join *join,
			 const struct nw_live_entry *entry)
{
	(void)join;
	return entry->id;
}

static const char *title_of(const struct join *join,
			    const struct nw_live_entry *entry)
{
	const char *key = entry->title ? nw_utf8_key(join->live->page->arena,
						     entry->title)
				       : NULL;

	return key && strlen(key) >= TITLE_LEAST ? key : NULL;
}

/* What of an entry is not told by the other list. */
static void add_names(struct nw_live_entry *entry,
		      const struct nw_live_entry *shown)
{
	if (!entry->id)
		entry->id = shown->id;
	if (!entry->url)
		entry->url = shown->url;
	if (shown->title)
		entry->title = shown->title;
	if (!entry->parent)
		entry->parent = shown->parent;
	if (!entry->text)
		entry->text = shown->text;
	entry->marks |= shown->marks;
}

static bool has_author(const struct nw_live_entry *entry, const char *name)
{
	size_t i;

	for (i = 0; i < entry->author_count; i++)
		if (!strcmp(entry->authors[i].name, name))
			return true;
	return false;
}

/* The structured data often name all authors of the page: the visible one of
 * them wrote it.  One that they do not know stands before them. */
static void add_authors(struct nw_arena *arena, struct nw_live_entry *entry,
			const struct nw_live_entry *shown)
{
	struct nw_author *authors = shown->authors;
	size_t count = shown->author_count, i;

	if (!count)
		return;
	for (i = 0; i < entry->author_count; i++)
		if (!has_author(entry, authors[0].name) ||
		    has_author(shown, entry->authors[i].name))
			nw_story_add_author(arena, &authors, &count,
					    &entry->authors[i]);
	entry->authors = authors;
	entry->author_count = count;
}

/* Times that are the page's give way to those of the entry. */
static void add_times(struct nw_live_entry *entry,
		      const struct nw_live_entry *shown)
{
	if (entry->page_time && shown->published_utc != NW_TIME_NONE) {
		entry->published_utc = shown->published_utc;
		entry->modified_utc = shown->modified_utc;
		return;
	}
	if (entry->published_utc == NW_TIME_NONE) {
		entry->published_utc = shown->published_utc;
		entry->clock = shown->clock;
		entry->day = shown->day;
	}
	if (entry->modified_utc == NW_TIME_NONE)
		entry->modified_utc = shown->modified_utc;
}

static void pair(struct join *join, struct nw_live_entry *entry,
		 struct nw_live_entry *shown)
{
	add_times(entry, shown);
	add_names(entry, shown);
	add_authors(join->live->page->arena, entry, shown);
	entry->shown_utc = shown->published_utc;
	entry->node = shown->node;
	entry->title_node = shown->title_node;
	entry->used = shown->used = true;
	join->pairs++;
}

static size_t count_unused(const struct nw_live_list *list)
{
	size_t count = 0, i;

	for (i = 0; i < list->count; i++)
		count += !list->entries[i].used;
	return count;
}

/* Joins entries for which name_of() gives the same text. */
static void join_by(struct join *join,
		    const char *(*name_of)(const struct join *,
					   const struct nw_live_entry *))
{
	struct nw_arena *arena = join->live->page->arena;
	struct index index = { .count = 0 };
	size_t i;

	if (!count_unused(join->visible))
		return;
	index.names = nw_arena_alloc(arena, join->visible->count *
						    sizeof(*index.names));
	for (i = 0; i < join->visible->count; i++) {
		struct nw_live_entry *entry = &join->visible->entries[i];
		const char *name = entry->used ? NULL : name_of(join, entry);

		if (name)
			index.names[index.count++] =
				(struct name) { name, entry };
	}
	qsort(index.names, index.count, sizeof(*index.names), compare_name);
	for (i = 0; i < join->list->count && index.count; i++) {
		struct nw_live_entry *entry = &join->list->entries[i], *shown;
		const char *name = entry->used ? NULL : name_of(join, entry);

		shown = name ? find(&index, name) : NULL;
		if (shown)
			pair(join, entry, shown);
	}
}

/* The letters that the text of an entry begins with. */
static const char *opening_of(struct nw_arena *arena, const char *text)
{
	const char *line = nw_jsonld_line(arena, text, 4 * OPENING);
	char *key = line ? nw_utf8_key(arena, line) : NULL;

	if (!key || strlen(key) < OPENING / 2)
		return NULL;
	if (strlen(key) > OPENING)
		key[OPENING] = '\0';
	return key;
}

/* Joins entries whose text the visible one holds. */
static void join_by_text(struct join *join)
{
	struct nw_arena *arena = join->live->page->arena;
	const char **texts;
	size_t i, k;

	k = count_unused(join->visible);
	if (!k || k * count_unused(join->list) > PAIRS)
		return;
	texts = nw_arena_alloc(arena, join->visible->count * sizeof(*texts));
	for (i = 0; i < join->list->count; i++) {
		struct nw_live_entry *entry = &join->list->entries[i];
		const char *opening = !entry->used && entry->text
					      ? opening_of(arena, entry->text)
					      : NULL;

		for (k = 0; opening && k < join->visible->count; k++) {
			struct nw_live_entry *shown =
				&join->visible->entries[k];
			const char *text;

			if (shown->used)
				continue;
			text = texts[k] ? NULL
					: nw_dom_text(arena, shown->node,
						      LOOK_BYTES);
			if (!texts[k])
				texts[k] = text ? nw_utf8_key(arena, text) : "";
			if (strstr(texts[k], opening)) {
				pair(join, entry, shown);
				break;
			}
		}
	}
}

static int compare_time(const void *a, const void *b)
{
	const int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

	return one < two ? -1 : one > two;
}

/* Whether most are that shift, within a minute.  A single one may be that of
 * an entry that an editor gave another time. */
static bool is_shared(const int64_t *shifts, size_t count, int64_t shift)
{
	enum { ENOUGH = 2, SLACK_S = 60 };
	size_t same = 0, i;

	for (i = 0; i < count; i++)
		same += shifts[i] - shift <= SLACK_S &&
			shift - shifts[i] <= SLACK_S;
	return same >= ENOUGH && 2 * same > count;
}

/* What most visible times of pairs are ahead; visible times are at times those
 * of a clock on the wall, called UTC. */
static void find_shift(struct join *join)
{
	enum { QUARTER_S = 900, MOST_S = 14 * 3600, SLACK_S = 60 };
	struct nw_arena *arena = join->live->page->arena;
	int64_t *shifts, shift, rest;
	size_t count = 0, i;

	shifts = nw_arena_alloc(arena, join->list->count * sizeof(*shifts));
	for (i = 0; i < join->list->count; i++) {
		const struct nw_live_entry *entry = &join->list->entries[i];

		if (entry->shown_utc == NW_TIME_NONE ||
		    entry->published_utc == NW_TIME_NONE)
			continue;
		shifts[count++] = entry->shown_utc - entry->published_utc;
	}
	if (!count)
		return;
	qsort(shifts, count, sizeof(*shifts), compare_time);
	shift = shifts[count / 2];
	rest = (shift % QUARTER_S + QUARTER_S) % QUARTER_S;
	if (shift < -MOST_S || shift > MOST_S ||
	    (rest > SLACK_S && rest < QUARTER_S - SLACK_S) ||
	    !is_shared(shifts, count, shift))
		return;
	join->shift_s =
		rest > SLACK_S ? shift + QUARTER_S - rest : shift - rest;
}

/* Joins what is left in order, when as many are left in both. */
static void join_by_order(struct join *join)
{
	struct nw_live_list *list = join->list, *visible = join->visible;
	size_t left = count_unused(list), i, k = 0;

	if (!left || left != count_unused(visible) ||
	    (join->pairs < left && list->count != visible->count))
		return;
	for (i = 0; i < list->count; i++) {
		if (list->entries[i].used)
			continue;
		while (visible->entries[k].used)
			k++;
		/* Two ids that differ are two updates. */
		if (!list->entries[i].id || !visible->entries[k].id)
			pair(join, &list->entries[i], &visible->entries[k]);
		else
			k++;
	}
}

/* Joins entries of the same minute, when one of each is left of it. */
static void join_by_time(struct join *join)
{
	enum { SLACK_S = 59 };
	struct nw_live_list *list = join->list, *visible = join->visible;
	size_t i, k;

	if (count_unused(list) * count_unused(visible) > PAIRS)
		return;
	for (i = 0; i < list->count; i++) {
		struct nw_live_entry *entry = &list->entries[i], *only = NULL;
		size_t found = 0;

		if (entry->used || entry->published_utc == NW_TIME_NONE)
			continue;
		for (k = 0; k < visible->count; k++) {
			struct nw_live_entry *shown = &visible->entries[k];
			int64_t gap;

			if (shown->used ||
			    shown->published_utc == NW_TIME_NONE ||
			    (entry->id && shown->id))
				continue;
			gap = shown->published_utc - join->shift_s -
			      entry->published_utc;
			if (gap >= -SLACK_S && gap <= SLACK_S) {
				only = shown;
				found++;
			}
		}
		if (found == 1)
			pair(join, entry, only);
	}
}

size_t nw_live_join(const struct nw_live *live, struct nw_live_list *list,
		    struct nw_live_list *visible, int64_t *shift_s_r)
{
	struct join join = { .live = live, .list = list, .visible = visible };

	join_by(&join, id_of);
	join_by(&join, title_of);
	join_by_text(&join);
	find_shift(&join);
	join_by_time(&join);
	join_by_order(&join);
	*shift_s_r = join.shift_s;
	return join.pairs;
}
