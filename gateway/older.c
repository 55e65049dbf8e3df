/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Live pages whose older updates are on pages of their own.  These are read
 * when the page is new to the store, and when updates came and went between
 * two polls: then none of those on the first page is known, and the pages
 * behind it are read until one of them holds one that is.
 *
 * One that cannot be had leaves a gap, which is noted in the story, in the
 * transaction that stores what was read.  As long as it is there, each poll
 * reads the pages again, up to an update that is older than the gap.
 */
#include "config.h"

#include "newswire/limits.h"
#include "newswire/names.h"
#include "newswire/page.h"
#include "pipeline_private.h"

/* Whether an update that is stored stands before what is missing. */
static bool is_before_gap(const struct nw_story *stored,
			  const struct nw_update *update)
{
	return !stored->gap_tries ||
	       (stored->gap_utc != NW_TIME_NONE &&
		update->published_utc <= stored->gap_utc);
}

/* Whether the store knows one of the story's updates, from before a gap.  One
 * that is pinned stays on the first page however many come after it. */
static bool knows_one(struct nw_arena *arena, const struct nw_story *stored,
		      const struct nw_story *story)
{
	const char **keys =
		nw_arena_alloc(arena, stored->update_count * sizeof(*keys));
	size_t count = 0, i;

	for (i = 0; i < stored->update_count; i++)
		if (is_before_gap(stored, &stored->updates[i]))
			keys[count++] = stored->updates[i].key;
	if (!count)
		return false;
	nw_names_sort(keys, count);
	for (i = 0; i < story->update_count; i++)
		if (!(story->updates[i].marks & NW_UPDATE_PINNED) &&
		    nw_names_have(keys, count, story->updates[i].key))
			return true;
	return false;
}

int nw_older_wanted(const struct nw_visit *visit, struct nw_arena *arena,
		    const struct nw_story *story, struct nw_error *err)
{
	struct nw_story *stored = NULL;
	int found;

	if (!story->live || !story->updates_partial)
		return 0;
	found = nw_visit_stored(visit, arena, story, &stored, err);
	if (found < 0)
		return -1;
	return !found || !knows_one(arena, stored, story);
}

/* The time of the newest update, the gap that opens now is behind it. */
static int64_t newest_of(const struct nw_story *stored)
{
	int64_t newest = NW_TIME_NONE;
	size_t i;

	for (i = 0; i < stored->update_count; i++)
		if (newest == NW_TIME_NONE ||
		    stored->updates[i].published_utc > newest)
			newest = stored->updates[i].published_utc;
	return newest;
}

/* One more try, or no more. */
static void note_gap(struct nw_story *story, unsigned tries, int64_t utc)
{
	bool more = tries < NW_OLDER_TRIES;

	story->gap_tries = more ? tries : 0;
	story->gap_utc = more ? utc : NW_TIME_NONE;
}

void nw_older_miss(struct nw_visit *visit, struct nw_arena *arena,
		   struct nw_story *story)
{
	struct nw_story *stored = NULL;
	struct nw_error err;
	int found = nw_visit_stored(visit, arena, story, &stored, &err);

	if (found < 0) {
		nw_visit_break(visit, &err);
		return;
	}
	if (!found)
		note_gap(story, 1, NW_TIME_NONE);
	else
		note_gap(story, stored->gap_tries + 1,
			 stored->gap_tries ? stored->gap_utc
					   : newest_of(stored));
}

static void miss_briefs(struct nw_visit *visit)
{
	unsigned tries = 0;
	int64_t utc = NW_TIME_NONE;
	struct nw_error err;

	if (nw_ticker_wants_older(visit, &tries, &utc, &err) < 0)
		nw_visit_break(visit, &err);
	else
		note_gap(visit->story, tries + 1, utc);
}

const char *nw_older_outlook(const struct nw_story *story)
{
	return story->gap_tries ? "older updates are asked for again"
				: "older updates may be missed";
}

/* What is lost is not asked for again. */
static const char *miss(struct nw_visit *visit, bool lost)
{
	if (!lost && visit->ticker)
		miss_briefs(visit);
	else if (!lost)
		nw_older_miss(visit, visit->arena, visit->story);
	return nw_older_outlook(visit->story);
}

static int read_older(struct nw_visit *visit, const struct nw_page_input *page,
		      struct nw_error *err)
{
	struct nw_page_links links = { NULL, NULL };
	struct nw_page_input input = *page;
	struct nw_story *older;
	int found;

	input.links = &links;
	if (nw_page_read(visit->arena, &input, &older, err) < 0)
		return -1;
	if (visit->ticker) {
		found = nw_ticker_join(visit, &input, err);
	} else {
		nw_page_join_updates(visit->arena, visit->story, older);
		found = older->live;
	}
	visit->next_url = found > 0 ? links.next_url : NULL;
	return found < 0 ? -1 : 0;
}

static const struct nw_further older_updates = {
	.area = "page",
	.read = read_older,
	.go_on = nw_older_begin,
	.miss = miss,
	.end = nw_self_publish,
};

void nw_older_begin(struct nw_visit *visit)
{
	struct nw_error err;
	unsigned tries;
	int64_t utc;
	int wanted;

	if (!visit->next_url) {
		nw_self_publish(visit);
		return;
	}
	wanted = visit->ticker
			 ? nw_ticker_wants_older(visit, &tries, &utc, &err)
			 : nw_older_wanted(visit, visit->arena, visit->story,
					   &err);
	if (wanted < 0)
		nw_visit_break(visit, &err);
	else if (wanted &&
		 nw_part_add(visit->arena, &visit->parts, visit->next_url))
		nw_further_begin(visit, &older_updates, visit->next_url);
	else
		nw_self_publish(visit);
}
