/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/compose.h"
#include "newswire/limits.h"
#include "newswire/quarantine.h"
#include "pipeline_private.h"

/*
 * Whether the item is to be read again though the feed says the same of it.
 * Then it is stored with a mark before its hash: "2/HASH" after two tries to
 * get its page.
 */
bool nw_entry_is_unfinished(const struct nw_entry *entry)
{
	return entry->again && !entry->recheck &&
	       entry->tries + 1 < NW_POLL_TRIES;
}

const char *nw_entry_hash(struct nw_arena *arena, const struct nw_entry *entry)
{
	if (!nw_entry_is_unfinished(entry))
		return entry->hash;
	return nw_arena_printf(arena, "%u/%s", entry->tries + 1, entry->hash);
}

/* Whether the item is as it was stored.  Else the mark says how often it was
 * tried. */
static bool is_unchanged(struct nw_entry *entry,
			 const struct nw_stored_item *stored)
{
	const char *hash = stored->hash;

	if (strcmp(hash, entry->hash) == 0)
		return true;
	if (*hash > '0' && *hash < '0' + NW_POLL_TRIES && hash[1] == '/' &&
	    strcmp(hash + 2, entry->hash) == 0)
		entry->tries = (unsigned)(*hash - '0');
	return false;
}

static int by_key(const void *a, const void *b)
{
	const struct nw_entry *left = a, *right = b;
	int order = strcmp(left->key, right->key);

	if (order)
		return order;
	return (left->order > right->order) - (left->order < right->order);
}

/* Oldest first; among equals what stands further down in the feed. */
static int by_time(const void *a, const void *b)
{
	const struct nw_entry *left = a, *right = b;

	if (left->when_utc != right->when_utc)
		return left->when_utc < right->when_utc ? -1 : 1;
	return (left->order < right->order) - (left->order > right->order);
}

/* Time of each item; one without takes that of the item below it, which was
 * published before it as a rule. */
static void set_times(struct nw_entry *entries, size_t count)
{
	int64_t last = NW_TIME_NONE;
	size_t i;

	for (i = count; i-- > 0;) {
		if (entries[i].item->published_utc != NW_TIME_NONE)
			last = entries[i].item->published_utc;
		else if (entries[i].item->updated_utc != NW_TIME_NONE)
			last = entries[i].item->updated_utc;
		entries[i].when_utc = last;
	}
}

static void make_entries(struct nw_visit *visit)
{
	struct nw_feed *feed = visit->feed;
	struct nw_entry *entries;
	size_t i;

	entries = nw_arena_alloc(visit->arena,
				 feed->item_count * sizeof(*entries));
	for (i = 0; i < feed->item_count; i++) {
		entries[i].visit = visit;
		entries[i].item = &feed->items[i];
		entries[i].order = i;
		entries[i].key = nw_compose_item_key(visit->arena,
						     entries[i].item);
		entries[i].hash = nw_compose_item_hash(visit->arena,
						       entries[i].item);
	}
	set_times(entries, feed->item_count);
	visit->entries = entries;
	visit->entry_count = feed->item_count;
}

/* Of items with the same key the first one in the feed counts. */
static void drop_repeated(struct nw_visit *visit)
{
	struct nw_entry *entries = visit->entries;
	size_t i, kept = 0;

	qsort(entries, visit->entry_count, sizeof(*entries), by_key);
	for (i = 0; i < visit->entry_count; i++)
		if (!kept || strcmp(entries[kept - 1].key, entries[i].key))
			entries[kept++] = entries[i];
	visit->entry_count = kept;
}

/* How often the feed brings something.  A time in the future is a mistake. */
static int64_t gap_between(const struct nw_entry *entries, size_t count,
			   int64_t now_utc)
{
	int64_t times[NW_POLL_RECENT];
	size_t i, known = 0;

	for (i = count; i-- > 0 && known < NW_POLL_RECENT;)
		if (entries[i].when_utc != NW_TIME_NONE &&
		    entries[i].when_utc <= now_utc)
			times[known++] = entries[i].when_utc;
	return nw_schedule_gap(times, known, now_utc);
}

static void drop_oldest(struct nw_visit *visit)
{
	size_t over;

	if (visit->entry_count <= NW_POLL_ITEMS)
		return;
	over = visit->entry_count - NW_POLL_ITEMS;
	visit->entries += over;
	visit->entry_count = NW_POLL_ITEMS;
	nw_pipeline_show(visit->pipeline, NULL);
	nw_log(visit->pipeline->options.log, NW_LOG_INFO, "fetch",
	       visit->source.url,
	       "%zu items are left out, only the newest %d are read", over,
	       NW_POLL_ITEMS);
}

/* Whether there is anything new in reading the item: 1, 0, -1. */
static int is_worth_reading(struct nw_entry *entry, struct nw_error *err)
{
	struct nw_visit *visit = entry->visit;
	struct nw_store *store = visit->pipeline->store;
	struct nw_stored_item stored;
	int found;

	found = nw_store_item(store, visit->arena, visit->source.id,
			      entry->key, &stored, err);
	if (found < 0)
		return -1;
	visit->known += (size_t)found;
	entry->known = found;
	if (found && is_unchanged(entry, &stored))
		return 0;
	found = nw_quarantine_holds(store, visit->source.id, entry->key,
				    entry->hash,
				    visit->pipeline->options.version, err);
	return found < 0 ? -1 : !found;
}

static int drop_unchanged(struct nw_visit *visit, struct nw_error *err)
{
	struct nw_entry *entries = visit->entries;
	size_t i, kept = 0;
	int worth;

	visit->known = 0;
	for (i = 0; i < visit->entry_count; i++) {
		worth = is_worth_reading(&entries[i], err);
		if (worth < 0)
			return -1;
		if (worth)
			entries[kept++] = entries[i];
	}
	visit->entry_count = kept;
	return 0;
}

int nw_entries_pick(struct nw_visit *visit, struct nw_error *err)
{
	int result;

	make_entries(visit);
	drop_repeated(visit);
	qsort(visit->entries, visit->entry_count, sizeof(*visit->entries),
	      by_time);
	visit->rhythm.gap_s = gap_between(visit->entries, visit->entry_count,
					  nw_pipeline_now(visit->pipeline));
	drop_oldest(visit);
	if (nw_store_read_begin(visit->pipeline->store, err) < 0)
		return -1;
	result = drop_unchanged(visit, err);
	nw_store_read_end(visit->pipeline->store);
	return result;
}
