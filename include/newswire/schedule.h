/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When a source is polled next: pure functions of what was seen, the clock
 * and a random number that the caller passes in.
 */
#ifndef NEWSWIRE_SCHEDULE_H
#define NEWSWIRE_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "newswire/error.h"

/* Kept in the store for each source. */
struct nw_schedule {
	int64_t due_utc;	/* not before this */
	int64_t ok_utc;		/* last success, NW_TIME_NONE: none yet */
	int64_t changed_utc;	/* last poll that brought something new */
	int64_t interval_s;	/* the present pause between two polls */
	unsigned failures;	/* in a row */
	bool paused;		/* 410: the publisher ended it */
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
	int64_t ttl_s;		/* of the feed (RSS ttl, sy:update*); -1 */
	int64_t max_age_s;	/* Cache-Control or Expires; -1 */
	int64_t retry_after_s;	/* -1 */
};

struct nw_schedule_limits {
	int64_t min_s, max_s;		/* of feeds and pages */
	int64_t live_min_s, live_max_s;
	int64_t backoff_max_s;
};

/*
 * The schedule after a poll at now.  A feed comes back after the longest of
 * min_s, ttl and max-age, at most max_s; a live page after live_min_s, doubling
 * to live_max_s while nothing changes, and not before its max-age; a failure
 * doubles the interval up to backoff_max_s; Retry-After is kept when it is
 * longer.  Then up to a tenth is added or taken by random (any 32 bits), never
 * below what the publisher asked for.
 */
struct nw_schedule nw_schedule_next(const struct nw_schedule *before,
				    const struct nw_poll *poll,
				    const struct nw_schedule_limits *limits,
				    int64_t now_utc, uint32_t random);

#endif
