/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When a source is polled next: pure functions of what was seen, the clock
 * and a random number that the caller passes in.
 */
#ifndef NEWSWIRE_SCHEDULE_H
#define NEWSWIRE_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "newswire/error.h"

/* What a feed says of its own rhythm: kept until it says something else, for
 * most polls bring no feed (304).  0 or less: not known, or not wished. */
struct nw_rhythm {
	int64_t ttl_s;		/* RSS ttl, sy:update* */
	int64_t gap_s;		/* between two of its items, as of late */
	unsigned skip_hours;	/* bit 0 … 23: not at this hour, UTC */
	unsigned skip_days;	/* bit 0 … 6: not on Sunday … Saturday, UTC */
};

/* Kept in the store for each source. */
struct nw_schedule {
	int64_t due_utc;	/* not before this */
	int64_t ok_utc;		/* last success, NW_TIME_NONE: none yet */
	int64_t changed_utc;	/* last poll that brought something new */
	int64_t interval_s;	/* the present pause between two polls */
	unsigned failures;	/* in a row */
	bool paused;		/* 410: the publisher ended it */
	struct nw_rhythm rhythm;
};

enum nw_poll_result {
	NW_POLL_CHANGED,	/* new items */
	NW_POLL_SAME,		/* 304, or nothing new */
	NW_POLL_FAILED,		/* network, 5xx, unreadable */
	NW_POLL_LIMITED,	/* 429, 503: come back later */
	NW_POLL_GONE,		/* 410 */
};

/* What one poll said. */
struct nw_poll {
	enum nw_poll_result result;
	bool live;		/* a live page with coverage under way */
	int64_t max_age_s;	/* Cache-Control or Expires; -1 */
	int64_t retry_after_s;	/* also of a page that it leads to; -1 */
	int64_t within_s;	/* until pages that a feed leads to and that
				 * could not be had are asked for again; 0:
				 * there are none */
	const struct nw_rhythm *rhythm; /* of a feed that was read, or NULL */
};

struct nw_schedule_limits {
	int64_t min_s, max_s;		/* of feeds and pages */
	int64_t usual_s;		/* while their rhythm is not known */
	int64_t live_min_s, live_max_s;
	int64_t backoff_max_s;
};

/*
 * The schedule after a poll at now.  A feed comes back NW_POLL_PER_ITEM times
 * for each item that it brings, less often the longer it brings none, and not
 * before its ttl and max-age, all between min_s and max_s; within_s brings it
 * back sooner, if it may; a live page comes back after live_min_s, doubling to
 * live_max_s while nothing changes, and not before its max-age; a failure
 * doubles the interval up to backoff_max_s; Retry-After is kept when it is
 * longer.  Then up to a tenth is added or taken by random (any 32 bits), never
 * below what the publisher asked for; and what would be due in an hour or on a
 * day that the feed wants skipped waits for the next one that it does not.
 */
struct nw_schedule nw_schedule_next(const struct nw_schedule *before,
				    const struct nw_poll *poll,
				    const struct nw_schedule_limits *limits,
				    int64_t now_utc, uint32_t random);

/* The gap_s of a feed whose newest items, up to NW_POLL_RECENT of them and
 * the newest first, were published then. */
int64_t nw_schedule_gap(const int64_t *times_utc, size_t count,
			int64_t now_utc);

/*
 * Pages of stories that a source leads to are read again for edits when the
 * story was known for so long, and those that are live as long as they are.
 */

/* When the page of a story that is known since base is read again: at the
 * next of its ages (rising), with up to a tenth added by random, so that those
 * of one poll do not all come at once; NW_TIME_NONE when all have passed. */
int64_t nw_schedule_recheck(int64_t base_utc, const int64_t *ages_s,
			    size_t count, int64_t now_utc, uint32_t random);

/* The pause before the next look at a live page, after one of pause_s (0: it
 * is new) that brought something or did not: live_min_s, doubling to
 * live_max_s while nothing changes. */
int64_t nw_schedule_live(int64_t pause_s, bool changed,
			 const struct nw_schedule_limits *limits);

#endif
