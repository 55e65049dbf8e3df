/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/compose.h"
#include "newswire/limits.h"
#include "newswire/page.h"
#include "newswire/url.h"
#include "pipeline_private.h"

static const char page_accept[] =
	"text/html,application/xhtml+xml;q=0.9,*/*;q=0.5";

/*
 * Whether the item is to be read again though the feed says the same of it.
 * Then it is stored with a mark before its hash: "2/HASH" after two tries to
 * get its page, "+/HASH" while coverage goes on.
 */
static bool is_unfinished(const struct nw_entry *entry)
{
	return entry->live ||
	       (entry->again && entry->tries + 1 < NW_POLL_TRIES);
}

static const char *marked_hash(struct nw_arena *arena,
			       const struct nw_entry *entry)
{
	if (!is_unfinished(entry))
		return entry->hash;
	if (entry->live)
		return nw_arena_printf(arena, "+/%s", entry->hash);
	return nw_arena_printf(arena, "%u/%s", entry->tries + 1, entry->hash);
}

/* Whether the item is as it was stored; else how often it was tried. */
static bool is_unchanged(const char *stored, const char *hash,
			 unsigned *tries_r)
{
	*tries_r = 0;
	if (strcmp(stored, hash) == 0)
		return true;
	if (*stored > '0' && *stored < '0' + NW_POLL_TRIES &&
	    stored[1] == '/' && strcmp(stored + 2, hash) == 0)
		*tries_r = (unsigned)(*stored - '0');
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

static int drop_unchanged(struct nw_visit *visit, struct nw_error *err)
{
	struct nw_store *store = visit->pipeline->store;
	struct nw_entry *entries = visit->entries;
	size_t i, kept = 0;
	const char *stored;
	int found;

	visit->known = 0;
	for (i = 0; i < visit->entry_count; i++) {
		found = nw_store_item(store, visit->arena, visit->source.id,
				      entries[i].key, &stored, err);
		if (found < 0)
			return -1;
		visit->known += (size_t)found;
		if (!found ||
		    !is_unchanged(stored, entries[i].hash, &entries[i].tries))
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
	drop_oldest(visit);
	if (nw_store_read_begin(visit->pipeline->store, err) < 0)
		return -1;
	result = drop_unchanged(visit, err);
	nw_store_read_end(visit->pipeline->store);
	return result;
}

/* The page cannot be had now; what there is of the item must do, unless the
 * whole site asks for patience. */
static void miss_page(struct nw_entry *entry, bool again)
{
	entry->again = again;
	entry->postponed = again && entry->visit->limited &&
			   entry->tries + 1 < NW_POLL_TRIES;
}

static bool is_front_page(struct nw_arena *arena, const char *url)
{
	struct nw_url parts;

	return nw_url_split(arena, url, &parts) == 0 &&
	       strcmp(parts.path, "/") == 0 && !parts.query;
}

/* A story that is gone often leads to the front page, which is not it. */
static bool is_another_page(const struct nw_entry *entry,
			    const struct nw_fetch_reply *reply)
{
	return is_front_page(entry->arena, reply->url) &&
	       !is_front_page(entry->arena, entry->item->url);
}

static void read_page(struct nw_entry *entry,
		      const struct nw_fetch_reply *reply)
{
	const struct nw_page_input input = {
		.bytes = reply->body,
		.len = reply->body_len,
		.url = reply->url,
		.http_charset = reply->charset,
		.now_utc = nw_pipeline_now(entry->visit->pipeline),
	};
	struct nw_error err;

	if (is_another_page(entry, reply))
		return;
	if (nw_page_read(entry->arena, &input, &entry->page, &err) < 0)
		nw_log(entry->visit->pipeline->options.log, NW_LOG_DEBUG,
		       "page", reply->url, "%s",
		       nw_visit_reason(reply->url, &err));
}

static void log_missing(const struct nw_entry *entry,
			const struct nw_fetch_reply *reply,
			const struct nw_error *err)
{
	const struct nw_pipeline *pipeline = entry->visit->pipeline;
	const char *url = entry->item->url;
	const char *why;

	why = reply ? nw_arena_printf(entry->arena,
				      "the server answered with status %d",
				      reply->status)
		    : nw_visit_reason(url, err);
	nw_pipeline_show(pipeline, NULL);
	nw_log(pipeline->options.log, NW_LOG_INFO, "page", url, "%s, %s", why,
	       entry->postponed ? "the story waits for the next poll"
				: "the feed's own words are used");
}

static void on_page(const struct nw_fetch_reply *reply,
		    const struct nw_error *err, void *context)
{
	struct nw_entry *entry = context;
	struct nw_visit *visit = entry->visit;

	if (reply && (reply->status == 429 || reply->status == 503)) {
		visit->limited = true;
		if (reply->retry_after_s > visit->poll.max_age_s)
			visit->poll.max_age_s = reply->retry_after_s;
	}
	if (reply && reply->status >= 200 && reply->status < 300) {
		read_page(entry, reply);
	} else {
		miss_page(entry, !reply || reply->status != 410);
		log_missing(entry, reply, err);
	}
	visit->fetching--;
	entry->state = NW_ENTRY_READY;
	nw_pipeline_wake(visit->pipeline);
}

static void start(struct nw_entry *entry)
{
	struct nw_visit *visit = entry->visit;
	const struct nw_fetch_request request = {
		.url = entry->item->url,
		.accept = page_accept,
	};

	entry->arena = nw_arena_new();
	entry->state = NW_ENTRY_READY;
	if (!request.url || entry->item->withdrawn ||
	    nw_compose_item_is_full(entry->arena, entry->item))
		return;
	if (visit->limited) {
		miss_page(entry, true);
		return;
	}
	if (nw_fetch_start(visit->pipeline->fetcher, &request, on_page, entry,
			   NULL) < 0)
		return;
	entry->state = NW_ENTRY_FETCHES;
	visit->fetching++;
}

/* Whether the story is a live page that changed lately. */
static bool is_live(const struct nw_story *story, int64_t now_utc)
{
	int64_t last = story->published_utc;

	if (!story->live)
		return false;
	if (story->modified_utc > last)
		last = story->modified_utc;
	if (story->update_count &&
	    story->updates[story->update_count - 1].published_utc > last)
		last = story->updates[story->update_count - 1].published_utc;
	return last != NW_TIME_NONE && now_utc - last < NW_LIVE_QUIET_S;
}

/* The names of a story that is gone are all that is known of it. */
static struct nw_story *withdrawn(const struct nw_entry *entry)
{
	struct nw_story *story = nw_story_new(entry->arena);

	story->canonical_url = entry->item->url;
	nw_story_add_alias(entry->arena, story, entry->item->id);
	return story;
}

static int publish(struct nw_entry *entry, struct nw_error *err)
{
	struct nw_visit *visit = entry->visit;
	struct nw_publication publication = {
		.source = &visit->source,
		.reply_to = entry->item->reply_to,
		.item_key = entry->key,
		.withdrawn = entry->item->withdrawn,
	};
	struct nw_story *story = NULL;
	unsigned articles = 0;

	if (entry->item->withdrawn)
		story = withdrawn(entry);
	else if (!entry->postponed &&
		 nw_compose(entry->arena, visit->feed, entry->item,
			    entry->page, &story, err) < 0)
		return -1;
	entry->live = story &&
		      is_live(story, nw_pipeline_now(visit->pipeline));
	publication.item_hash = marked_hash(entry->arena, entry);
	publication.story = story;
	if (nw_publish(visit->pipeline, entry->arena, &publication, &articles,
		       err) < 0)
		return -1;
	visit->articles += articles;
	visit->pipeline->stats.articles += articles;
	visit->pipeline->stats.stories += articles > 0;
	return 0;
}

/* An item that cannot be published is logged once for each try, and
 * stops nothing else. */
static void give_up(struct nw_entry *entry, const struct nw_error *why)
{
	struct nw_visit *visit = entry->visit;
	struct nw_publication publication = {
		.source = &visit->source,
		.item_key = entry->key,
	};
	struct nw_error err;
	unsigned articles;

	nw_pipeline_show(visit->pipeline, NULL);
	nw_log(visit->pipeline->options.log, NW_LOG_WARNING, "item",
	       entry->item->url ? entry->item->url : entry->key, "%s",
	       why->text);
	entry->again = true;
	entry->live = false;
	publication.item_hash = marked_hash(entry->arena, entry);
	if (nw_publish(visit->pipeline, entry->arena, &publication, &articles,
		       &err) < 0)
		nw_visit_break(visit, &err);
}

static void finish(struct nw_entry *entry)
{
	struct nw_visit *visit = entry->visit;
	struct nw_error err;

	nw_pipeline_show(visit->pipeline, entry->item->url);
	if (publish(entry, &err) < 0) {
		if (nw_visit_is_broken_by(&err))
			nw_visit_break(visit, &err);
		else
			give_up(entry, &err);
	}
	if (is_unfinished(entry))
		visit->again = true;
	nw_arena_free(&entry->arena);
}

bool nw_entries_step(struct nw_visit *visit)
{
	struct nw_entry *entries = visit->entries;

	while (visit->started < visit->entry_count &&
	       visit->started < visit->finished + NW_POLL_AHEAD)
		start(&entries[visit->started++]);
	if (visit->finished == visit->started ||
	    entries[visit->finished].state != NW_ENTRY_READY)
		return false;
	finish(&entries[visit->finished++]);
	return true;
}
