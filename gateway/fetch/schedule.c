/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <limits.h>

#include "newswire/schedule.h"

static int64_t longer(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t shorter(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
	return shorter(longer(value, least), most);
}

/* What the publisher asked for, in seconds; a wish past most is no wish
 * but a mistake. */
static int64_t asked(const struct nw_poll *poll, int64_t most)
{
	return clamp(longer(poll->ttl_s, poll->max_age_s), 0, most);
}

static int64_t feed_interval(const struct nw_poll *poll,
			     const struct nw_schedule_limits *limits)
{
	return clamp(asked(poll, limits->max_s), limits->min_s, limits->max_s);
}

/* An interval above live_max_s was that of a feed or of failures: coverage
 * begins anew. */
static int64_t live_interval(const struct nw_schedule *before,
			     const struct nw_poll *poll,
			     const struct nw_schedule_limits *limits)
{
	int64_t quiet = limits->live_min_s;

	if (poll->result == NW_POLL_SAME &&
	    before->interval_s <= limits->live_max_s)
		quiet = before->interval_s * 2;
	quiet = longer(quiet, asked(poll, limits->live_max_s));
	return clamp(quiet, limits->live_min_s, limits->live_max_s);
}

static int64_t failed_interval(const struct nw_schedule *before,
			       const struct nw_poll *poll,
			       const struct nw_schedule_limits *limits)
{
	int64_t least = poll->live ? limits->live_min_s : limits->min_s;
	int64_t most = limits->backoff_max_s;
	int64_t pause = clamp(before->interval_s, least, most);

	/* Not pause * 2, which could overflow. */
	pause = pause > most / 2 ? most : pause * 2;
	return clamp(poll->retry_after_s, pause, most);
}

/* The interval with up to a tenth added or taken, evenly over what is left
 * of that range above least: cutting at least would make half of all
 * sources due in the same second. */
static int64_t spread(int64_t interval, int64_t least, uint32_t random)
{
	int64_t tenth = interval / 10;
	int64_t low = longer(interval - tenth, least);

	return low + (int64_t)(random % (uint64_t)(interval + tenth - low + 1));
}

struct nw_schedule nw_schedule_next(const struct nw_schedule *before,
				    const struct nw_poll *poll,
				    const struct nw_schedule_limits *limits,
				    int64_t now_utc, uint32_t random)
{
	struct nw_schedule after = *before;
	int64_t least;

	switch (poll->result) {
	case NW_POLL_CHANGED:
		after.changed_utc = now_utc;
		/* fall through */
	case NW_POLL_SAME:
		after.ok_utc = now_utc;
		after.failures = 0;
		after.paused = false;
		after.interval_s = poll->live
					   ? live_interval(before, poll, limits)
					   : feed_interval(poll, limits);
		least = asked(poll, after.interval_s);
		break;
	case NW_POLL_GONE:
		after.paused = true;
		/* fall through */
	default:
		if (after.failures < UINT_MAX)
			after.failures++;
		after.interval_s = failed_interval(before, poll, limits);
		least = clamp(poll->retry_after_s, 0, after.interval_s);
		break;
	}
	after.due_utc = now_utc + spread(after.interval_s, least, random);
	return after;
}
