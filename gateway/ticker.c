/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ticker into the store: each of its days is a story, each brief an update of
 * its day.  A brief that is stored stays with the day where it is, whatever
 * time it says later: one that comes late belongs to yesterday.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/page.h"
#include "newswire/ticker.h"
#include "pipeline_private.h"

/* A brief, and its day. */
struct brief {
	const char *key;
	const struct nw_update *update;
	int64_t day;
};

struct days {
	const struct nw_visit *visit;
	const struct nw_ticker *ticker;
	struct brief *briefs; /* of the page, as they stand there */
	size_t count;
	struct brief *stored; /* of all days that the page has briefs of, and
				 * of those beside them; by key */
	size_t stored_count;
	unsigned gap_tries; /* as it is noted in one of these days */
	int64_t gap_utc;
};

static int by_key(const void *a, const void *b)
{
	const struct brief *one = a, *two = b;

	return strcmp(one->key, two->key);
}

static int by_day(const void *a, const void *b)
{
	const struct brief *one = a, *two = b;

	if (one->day != two->day)
		return one->day < two->day ? -1 : 1;
	return (one->update > two->update) - (one->update < two->update);
}

static int load(struct days *days, int64_t day, struct nw_error *err)
{
	struct nw_arena *arena = days->visit->arena;
	const struct nw_story *story =
		nw_ticker_story(arena, days->ticker, day);
	struct nw_story *stored;
	int found = nw_visit_stored(days->visit, arena, story, &stored, err);
	size_t i;

	if (found <= 0)
		return found;
	if (stored->gap_tries > days->gap_tries) {
		days->gap_tries = stored->gap_tries;
		days->gap_utc = stored->gap_utc;
	}
	for (i = 0; i < stored->update_count; i++) {
		days->stored =
			nw_arena_grow(arena, days->stored, days->stored_count,
				      sizeof(*days->stored));
		days->stored[days->stored_count++] = (struct brief) {
			.key = stored->updates[i].key,
			.update = &stored->updates[i],
			.day = day,
		};
	}
	return 0;
}

/* Each day once: the briefs are in order of theirs. */
static int load_all(struct days *days, struct nw_error *err)
{
	int64_t next = INT64_MIN, day;
	size_t i;

	for (i = 0; i < days->count; i++) {
		int64_t last = days->briefs[i].day + 1;

		day = days->briefs[i].day - 1;
		for (day = day > next ? day : next; day <= last; day++)
			if (load(days, day, err) < 0)
				return -1;
		next = last + 1;
	}
	if (days->stored_count)
		qsort(days->stored, days->stored_count, sizeof(*days->stored),
		      by_key);
	return 0;
}

static void take_stored_days(struct days *days)
{
	size_t i;

	for (i = 0; i < days->count && days->stored_count; i++) {
		const struct brief *stored =
			bsearch(&days->briefs[i], days->stored,
				days->stored_count, sizeof(*days->stored),
				by_key);

		if (stored)
			days->briefs[i].day = stored->day;
	}
	if (days->count)
		qsort(days->briefs, days->count, sizeof(*days->briefs), by_day);
}

/* Past the cap the oldest days are left out. */
static void drop_oldest(struct days *days)
{
	size_t first = days->count, count = 0;
	int64_t day = INT64_MAX;

	while (first &&
	       (days->briefs[first - 1].day == day || count < NW_TICKER_DAYS)) {
		first--;
		count += days->briefs[first].day != day;
		day = days->briefs[first].day;
	}
	days->briefs += first;
	days->count -= first;
}

/* Those of one day, which begin at *at. */
static struct nw_story *make_story(struct days *days, size_t *at)
{
	struct nw_arena *arena = days->visit->arena;
	int64_t day = days->briefs[*at].day;
	struct nw_story *story = nw_ticker_story(arena, days->ticker, day);

	story->updates = nw_arena_alloc(arena, (days->count - *at) *
						       sizeof(*story->updates));
	for (; *at < days->count && days->briefs[*at].day == day; (*at)++)
		story->updates[story->update_count++] =
			*days->briefs[*at].update;
	story->published_utc = story->updates[0].published_utc;
	return story;
}

static struct days make_days(const struct nw_visit *visit,
			     const struct nw_ticker *ticker)
{
	struct days days = {
		.visit = visit,
		.ticker = ticker,
		.briefs = nw_arena_alloc(visit->arena,
					 ticker->brief_count *
						 sizeof(*days.briefs)),
		.count = ticker->brief_count,
	};
	size_t i;

	for (i = 0; i < days.count; i++) {
		const struct nw_update *update = &ticker->briefs[i];

		days.briefs[i] = (struct brief){
			update->key,
			update,
			nw_ticker_day(ticker, update->published_utc),
		};
	}
	drop_oldest(&days);
	return days;
}

/* Its days as stories, oldest first. */
static int take_days(struct nw_visit *visit, const struct nw_ticker *ticker,
		     struct nw_error *err)
{
	struct days days = make_days(visit, ticker);
	size_t at = 0;

	if (load_all(&days, err) < 0)
		return -1;
	take_stored_days(&days);
	while (at < days.count) {
		visit->stories = nw_arena_grow(visit->arena, visit->stories,
					       visit->story_count,
					       sizeof(*visit->stories));
		visit->stories[visit->story_count++] = make_story(&days, &at);
	}
	return 0;
}

/* Whether the page was a live one before: then it is one without updates, not
 * a ticker.  1, 0, -1. */
static int was_live(const struct nw_visit *visit, struct nw_error *err)
{
	struct nw_story *stored;
	int found = nw_visit_stored(visit, visit->arena, visit->story, &stored,
				    err);

	return found > 0 ? stored->update_count > 0 : found;
}

static struct nw_story *story_of(struct nw_arena *arena,
				 const struct nw_ticker *ticker)
{
	struct nw_story *story = nw_story_new(arena);

	story->live = true;
	story->updates = ticker->briefs;
	story->update_count = ticker->brief_count;
	return story;
}

int nw_ticker_take(struct nw_visit *visit, const struct nw_page_input *page,
		   struct nw_error *err)
{
	int found = was_live(visit, err);

	if (found)
		return found < 0 ? -1 : 0;
	found = nw_ticker_read(visit->arena, page, &visit->ticker, err);
	if (found > 0)
		visit->story = story_of(visit->arena, visit->ticker);
	return found;
}

int nw_ticker_join(struct nw_visit *visit, const struct nw_page_input *page,
		   struct nw_error *err)
{
	struct nw_ticker *older;
	int found = nw_ticker_read(visit->arena, page, &older, err);

	if (found <= 0)
		return found;
	nw_page_join_updates(visit->arena, visit->story,
			     story_of(visit->arena, older));
	visit->ticker->briefs = visit->story->updates;
	visit->ticker->brief_count = visit->story->update_count;
	return 1;
}

/* One that is stored, from before the gap. */
static bool knows_one(const struct days *days)
{
	const struct brief *stored;
	size_t i;

	for (i = 0; i < days->count && days->stored_count; i++) {
		stored = bsearch(&days->briefs[i], days->stored,
				 days->stored_count, sizeof(*days->stored),
				 by_key);
		if (stored && (!days->gap_tries ||
			       stored->update->published_utc <= days->gap_utc))
			return true;
	}
	return false;
}

int nw_ticker_wants_older(const struct nw_visit *visit, unsigned *gap_tries_r,
			  int64_t *gap_utc_r, struct nw_error *err)
{
	int64_t ok_utc = visit->source.schedule.ok_utc;
	struct days days;

	if (ok_utc == NW_TIME_NONE)
		return 0;
	days = make_days(visit, visit->ticker);
	if (load_all(&days, err) < 0)
		return -1;
	*gap_tries_r = days.gap_tries;
	*gap_utc_r = days.gap_tries ? days.gap_utc : ok_utc;
	return !knows_one(&days);
}

int nw_ticker_days(struct nw_visit *visit, struct nw_error *err)
{
	struct nw_story *newest;

	if (take_days(visit, visit->ticker, err) < 0)
		return -1;
	newest = visit->stories[visit->story_count - 1];
	newest->gap_tries = visit->story->gap_tries;
	newest->gap_utc = visit->story->gap_utc;
	return 0;
}
