/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <limits.h>

#include "newswire/date.h"
#include "newswire/limits.h"
#include "newswire/schedule.h"

#define HOUR_S 3600
#define DAY_S 86400
#define ALL_HOURS 0xffffffu
#define ALL_DAYS 0x7fu

/* 1970-01-01 was a Thursday. */
#define FIRST_DAY 4

/* Over so much of an hour are those spread that wait for it to begin. */
#define HOUR_SPREAD_S 900

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
static int64_t asked(const struct nw_schedule *after,
		     const struct nw_poll *poll, int64_t most)
{
	return clamp(longer(after->rhythm.ttl_s, poll->max_age_s), 0, most);
}

int64_t nw_schedule_gap(const int64_t *times_utc, size_t count,
			int64_t now_utc)
{
	if (count > NW_POLL_RECENT)
		count = NW_POLL_RECENT;
	if (!count)
		return 0;
	/* The pause since the newest one counts: a feed may have ended. */
	return longer((now_utc - times_utc[count - 1]) / (int64_t)count, 1);
}

/* By the source's own rhythm.  Times that a feed makes up anew at each poll
 * are corrected by what was seen of it. */
static int64_t own_interval(const struct nw_schedule *after,
			    const struct nw_schedule_limits *limits,
			    int64_t now_utc)
{
	int64_t gap = after->rhythm.gap_s;

	if (gap <= 0)
		gap = limits->usual_s * NW_POLL_PER_ITEM;
	if (after->changed_utc != NW_TIME_NONE)
		gap = longer(gap, (now_utc - after->changed_utc) /
					  NW_POLL_RECENT);
	return gap / NW_POLL_PER_ITEM;
}

static int64_t feed_interval(const struct nw_schedule *after,
			     const struct nw_poll *poll,
			     const struct nw_schedule_limits *limits,
			     int64_t now_utc)
{
	int64_t own = own_interval(after, limits, now_utc);

	if (poll->within_s > 0)
		own = shorter(own, poll->within_s);
	return clamp(longer(own, asked(after, poll, limits->max_s)),
		     limits->min_s, limits->max_s);
}

/* A pause above live_max_s was that of a feed or of failures: coverage begins
 * anew. */
int64_t nw_schedule_live(int64_t pause_s, bool changed,
			 const struct nw_schedule_limits *limits)
{
	if (changed || pause_s > limits->live_max_s)
		pause_s = 0;
	return clamp(pause_s * 2, limits->live_min_s, limits->live_max_s);
}

static int64_t live_interval(const struct nw_schedule *before,
			     const struct nw_poll *poll,
			     const struct nw_schedule_limits *limits)
{
	int64_t quiet = nw_schedule_live(before->interval_s,
					 poll->result != NW_POLL_SAME, limits);

	quiet = longer(quiet, asked(before, poll, limits->live_max_s));
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

static bool is_skipped(unsigned hours, unsigned days, int64_t utc)
{
	int64_t day = utc / DAY_S + FIRST_DAY;

	return hours >> utc % DAY_S / HOUR_S & 1 || days >> day % 7 & 1;
}

/* The first time from due on at which the feed may be asked.  One that wants
 * all hours or all days skipped has none, and wants no such thing. */
static int64_t pass_over(const struct nw_rhythm *rhythm, int64_t due_utc,
			 uint32_t random)
{
	unsigned hours = rhythm->skip_hours & ALL_HOURS;
	unsigned days = rhythm->skip_days & ALL_DAYS;
	int64_t hour_utc = due_utc - due_utc % HOUR_S;

	if (hours == ALL_HOURS)
		hours = 0;
	if (days == ALL_DAYS)
		days = 0;
	if (!is_skipped(hours, days, hour_utc))
		return due_utc;
	while (is_skipped(hours, days, hour_utc))
		hour_utc += HOUR_S;
	return hour_utc + random % HOUR_SPREAD_S;
}

struct nw_schedule nw_schedule_next(const struct nw_schedule *before,
				    const struct nw_poll *poll,
				    const struct nw_schedule_limits *limits,
				    int64_t now_utc, uint32_t random)
{
	struct nw_schedule after = *before;
	int64_t least, later = 0;

	if (poll->rhythm)
		after.rhythm = *poll->rhythm;
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
					   : feed_interval(&after, poll, limits,
							   now_utc);
		least = asked(&after, poll, after.interval_s);
		/* Of a page that it leads to. */
		later = clamp(poll->retry_after_s, 0, limits->backoff_max_s);
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
	after.due_utc = pass_over(&after.rhythm,
				  now_utc + longer(spread(after.interval_s,
							  least, random),
						   later),
				  random);
	return after;
}

int64_t nw_schedule_recheck(int64_t base_utc, const int64_t *ages_s,
			    size_t count, int64_t now_utc, uint32_t random)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (base_utc + ages_s[i] > now_utc)
			return base_utc + ages_s[i] +
			       random % (ages_s[i] / 10 + 1);
	return NW_TIME_NONE;
}
