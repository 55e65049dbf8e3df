/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Updates that went from a page without a word.  A page may show a part of its
 * updates only, so one that is missing is taken for withdrawn when in two polls
 * an older and a younger one stand there still.  Further pages that were not
 * read hold what is older than all of these, unless the page leaves out some
 * in between.
 */
#include "config.h"

#include "post_private.h"

#define ABSENCES 2
/* More that are missing between two that are there, and more than one in so
 * many of those that are there, were hidden, not withdrawn. */
#define FEW    3
#define ONE_IN 4

/* What holds a place by its time: a pinned update may stand on the page though
 * all around it have left it. */
static bool is_witness(const struct nw_merged_update *merged)
{
	return merged->fresh && merged->stored &&
	       !((merged->fresh->marks | merged->stored->marks) &
		 (NW_UPDATE_PINNED | NW_UPDATE_SUMMARY | NW_UPDATE_WITHDRAWN));
}

static bool is_missing(const struct nw_merged_update *merged)
{
	return !merged->fresh && merged->update.message_id;
}

struct span {
	int64_t oldest, youngest;
	size_t there, missing;
};

/* The times between which the page shows what it did before. */
static struct span find_span(const struct nw_merge *merge)
{
	struct span span = { NW_TIME_NONE, NW_TIME_NONE, 0, 0 };
	size_t i;

	for (i = 0; i < merge->update_count; i++) {
		if (!is_witness(&merge->updates[i]))
			continue;
		if (!span.there++)
			span.oldest = merge->updates[i].update.published_utc;
		span.youngest = merge->updates[i].update.published_utc;
	}
	return span;
}

static bool is_within(const struct span *span,
		      const struct nw_merged_update *merged)
{
	int64_t utc = merged->update.published_utc;

	return is_missing(merged) && span->there && utc > span->oldest &&
	       utc < span->youngest;
}

void nw_post_count_absences(struct nw_merge *merge,
			    const struct nw_story *fresh)
{
	struct span span = find_span(merge);
	size_t i;

	for (i = 0; i < merge->update_count; i++)
		span.missing += is_within(&span, &merge->updates[i]);
	if (span.missing * ONE_IN > span.there &&
	    (span.missing > FEW || fresh->updates_partial))
		return;
	for (i = 0; i < merge->update_count; i++) {
		struct nw_update *update = &merge->updates[i].update;

		if (!is_within(&span, &merge->updates[i]))
			continue;
		if (++update->absences < ABSENCES)
			merge->waits = true;
		else
			update->marks |= NW_UPDATE_WITHDRAWN;
	}
}
