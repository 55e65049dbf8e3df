/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "unit.h"

#include "newswire/limits.h"
#include "newswire/schedule.h"

#define NOW	INT64_C(1753524900)
#define NONE	INT64_MIN
#define HOUR	3600
#define DAY	86400
#define WEEK	(7 * DAY)
#define CENTURY (INT64_C(36525) * DAY)

static const struct nw_schedule_limits limits = {
	.min_s = NW_POLL_MIN_S,
	.max_s = NW_POLL_MAX_S,
	.usual_s = HOUR,
	.live_min_s = NW_POLL_LIVE_MIN_S,
	.live_max_s = NW_POLL_LIVE_MAX_S,
	.backoff_max_s = NW_BACKOFF_MAX_S,
};

/* What a poll said, the feed's ttl among it. */
struct said {
	enum nw_poll_result result;
	bool live;
	int64_t ttl_s, max_age_s, retry_after_s;
};

static struct nw_schedule next(const struct nw_schedule *before,
			       const struct said *said, int64_t now_utc,
			       uint32_t random)
{
	const struct nw_rhythm rhythm = { .ttl_s = said->ttl_s };
	const struct nw_poll poll = {
		.result = said->result,
		.live = said->live,
		.max_age_s = said->max_age_s,
		.retry_after_s = said->retry_after_s,
		.rhythm = &rhythm,
	};

	return nw_schedule_next(before, &poll, &limits, now_utc, random);
}

struct interval_case {
	const char *what;
	int64_t before_s;    /* interval */
	struct said said;
	int64_t after_s;     /* interval */
	int64_t least_s;     /* what the publisher asked for */
};

static const struct interval_case intervals[] = {
	{ "a feed without a wish",
	  0,
	  { NW_POLL_CHANGED, false, -1, -1, -1 },
	  HOUR,
	  0 },
	{ "nothing new makes no difference",
	  HOUR,
	  { NW_POLL_SAME, false, -1, -1, -1 },
	  HOUR,
	  0 },
	{ "ttl is longer",
	  HOUR,
	  { NW_POLL_CHANGED, false, 2 * HOUR, HOUR, -1 },
	  2 * HOUR,
	  2 * HOUR },
	{ "max-age is longer",
	  HOUR,
	  { NW_POLL_SAME, false, 60, 3 * HOUR, -1 },
	  3 * HOUR,
	  3 * HOUR },
	{ "both are shorter",
	  HOUR,
	  { NW_POLL_CHANGED, false, 60, 600, -1 },
	  HOUR,
	  600 },
	{ "a wish past the ceiling",
	  HOUR,
	  { NW_POLL_CHANGED, false, CENTURY, -1, -1 },
	  DAY,
	  DAY },
	{ "a wish that overflows",
	  HOUR,
	  { NW_POLL_CHANGED, false, INT64_MAX, INT64_MAX, -1 },
	  DAY,
	  DAY },
	{ "success after failures",
	  WEEK,
	  { NW_POLL_SAME, false, -1, -1, -1 },
	  HOUR,
	  0 },

	{ "a live page that moves",
	  960,
	  { NW_POLL_CHANGED, true, -1, -1, -1 },
	  60,
	  0 },
	{ "a quiet one doubles",
	  60,
	  { NW_POLL_SAME, true, -1, -1, -1 },
	  120,
	  0 },
	{ "up to its ceiling",
	  960,
	  { NW_POLL_SAME, true, -1, -1, -1 },
	  1800,
	  0 },
	{ "and stays there",
	  1800,
	  { NW_POLL_SAME, true, -1, -1, -1 },
	  1800,
	  0 },
	{ "a feed's pause is not doubled",
	  HOUR,
	  { NW_POLL_SAME, true, -1, -1, -1 },
	  60,
	  0 },
	{ "the first poll of a live page",
	  0,
	  { NW_POLL_SAME, true, -1, -1, -1 },
	  60,
	  0 },
	{ "its max-age is kept",
	  60,
	  { NW_POLL_CHANGED, true, -1, 300, -1 },
	  300,
	  300 },
	{ "but not for ever",
	  60,
	  { NW_POLL_CHANGED, true, -1, WEEK, -1 },
	  1800,
	  1800 },

	{ "a failure doubles",
	  HOUR,
	  { NW_POLL_FAILED, false, -1, -1, -1 },
	  2 * HOUR,
	  0 },
	{ "a first poll that fails",
	  0,
	  { NW_POLL_FAILED, false, -1, -1, -1 },
	  2 * NW_POLL_MIN_S,
	  0 },
	{ "a live page that fails",
	  60,
	  { NW_POLL_FAILED, true, -1, -1, -1 },
	  120,
	  0 },
	{ "up to the longest pause",
	  5 * DAY,
	  { NW_POLL_FAILED, false, -1, -1, -1 },
	  WEEK,
	  0 },
	{ "a stored interval that is absurd",
	  INT64_MAX,
	  { NW_POLL_FAILED, false, -1, -1, -1 },
	  WEEK,
	  0 },
	{ "the ttl of a failed poll says nothing",
	  HOUR,
	  { NW_POLL_FAILED, false, DAY, DAY, -1 },
	  2 * HOUR,
	  0 },
	{ "Retry-After is longer",
	  HOUR,
	  { NW_POLL_LIMITED, false, -1, -1, 9 * HOUR },
	  9 * HOUR,
	  9 * HOUR },
	{ "Retry-After is shorter",
	  HOUR,
	  { NW_POLL_LIMITED, false, -1, -1, 60 },
	  2 * HOUR,
	  60 },
	{ "Retry-After past the longest pause",
	  HOUR,
	  { NW_POLL_LIMITED, false, -1, -1, CENTURY },
	  WEEK,
	  WEEK },
	{ "limited without a time",
	  HOUR,
	  { NW_POLL_LIMITED, false, -1, -1, -1 },
	  2 * HOUR,
	  0 },
	{ "gone", HOUR, { NW_POLL_GONE, false, -1, -1, -1 }, 2 * HOUR, 0 },
};

/* Numbers at both ends and in between. */
static const uint32_t randoms[] = {
	0,   1,	    59,		360,	    361,	719,	   720,
	721, 86399, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff
};

static void test_intervals(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(intervals); i++) {
		const struct interval_case *c = &intervals[i];
		const struct nw_schedule before = {
			.interval_s = c->before_s,
			.changed_utc = NONE,
		};

		for (j = 0; j < COUNT(randoms); j++) {
			struct nw_schedule after =
				next(&before, &c->said, NOW, randoms[j]);
			int64_t wait = after.due_utc - NOW;

			if (after.interval_s != c->after_s ||
			    wait < c->after_s - c->after_s / 10 ||
			    wait < c->least_s ||
			    wait > c->after_s + c->after_s / 10)
				fail_msg("%s: interval %lld, wait %lld",
					 c->what, (long long)after.interval_s,
					 (long long)wait);
		}
	}
}

/* Each second of the range is met: neither end is a wall. */
static void test_spread(void **state)
{
	const struct nw_schedule before = { .interval_s = 0 };
	const struct said free = { NW_POLL_SAME, true, -1, -1, -1 };
	const struct said bound = { NW_POLL_SAME, true, -1, 60, -1 };
	bool seen[13] = { false };
	uint32_t random;
	size_t i;

	(void)state;
	for (random = 0; random < 26; random++) {
		struct nw_schedule after = next(&before, &free, NOW, random);

		assert_in_range(after.due_utc - NOW, 54, 66);
		seen[after.due_utc - NOW - 54] = true;
		after = next(&before, &bound, NOW, random);
		assert_int_equal(after.due_utc - NOW, 60 + random % 7);
	}
	for (i = 0; i < COUNT(seen); i++)
		assert_true(seen[i]);
}

struct state_case {
	enum nw_poll_result result;
	struct nw_schedule before, after;
};

static const struct state_case states[] = {
	{ NW_POLL_CHANGED,
	  { 0, NONE, NONE, HOUR, 0, false, { 0 } },
	  { 0, NOW, NOW, HOUR, 0, false, { 0 } } },
	{ NW_POLL_SAME,
	  { 0, NOW - 9, NOW - 99, HOUR, 3, false, { 0 } },
	  { 0, NOW, NOW - 99, HOUR, 0, false, { 0 } } },
	{ NW_POLL_FAILED,
	  { 0, NOW - 9, NOW - 99, HOUR, 3, false, { 0 } },
	  { 0, NOW - 9, NOW - 99, 2 * HOUR, 4, false, { 0 } } },
	{ NW_POLL_LIMITED,
	  { 0, NONE, NONE, 0, UINT32_MAX, false, { 0 } },
	  { 0, NONE, NONE, 2 * NW_POLL_MIN_S, UINT32_MAX, false, { 0 } } },
	{ NW_POLL_GONE,
	  { 0, NOW - 9, NOW - 99, HOUR, 0, false, { 0 } },
	  { 0, NOW - 9, NOW - 99, 2 * HOUR, 1, true, { 0 } } },
	/* Someone asked for a paused source by hand, and it is back. */
	{ NW_POLL_CHANGED,
	  { 0, NOW - 9, NOW - 99, 2 * HOUR, 1, true, { 0 } },
	  { 0, NOW, NOW, HOUR, 0, false, { 0 } } },
};

static void test_states(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(states); i++) {
		const struct said said = { states[i].result, false, -1, -1,
					   -1 };
		const struct nw_schedule *want = &states[i].after;
		struct nw_schedule after =
			next(&states[i].before, &said, NOW, 7);

		assert_int_equal(after.ok_utc, want->ok_utc);
		assert_int_equal(after.changed_utc, want->changed_utc);
		assert_int_equal(after.interval_s, want->interval_s);
		assert_int_equal(after.failures, want->failures);
		assert_int_equal(after.paused, want->paused);
	}
}

/* A day of a live page: busy, then quiet; then a night of failures. */
static void test_story_of_a_page(void **state)
{
	static const int64_t want[] = { 60,   120,  240,  480,	960,
					1800, 1800, 60,	  120,	240,
					480,  960,  1920, 3840, 60 };
	static const enum nw_poll_result results[] = {
		NW_POLL_CHANGED, NW_POLL_SAME,	  NW_POLL_SAME,
		NW_POLL_SAME,	 NW_POLL_SAME,	  NW_POLL_SAME,
		NW_POLL_SAME,	 NW_POLL_CHANGED, NW_POLL_FAILED,
		NW_POLL_FAILED,	 NW_POLL_FAILED,  NW_POLL_FAILED,
		NW_POLL_FAILED,	 NW_POLL_FAILED,  NW_POLL_SAME,
	};
	struct nw_schedule schedule = { .ok_utc = NONE, .changed_utc = NONE };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(want); i++) {
		const struct said said = { results[i], true, -1, -1, -1 };

		schedule = next(&schedule, &said, NOW + (int64_t)i, 0);
		assert_int_equal(schedule.interval_s, want[i]);
	}
	assert_int_equal(schedule.failures, 0);
	assert_int_equal(schedule.changed_utc, NOW + 7);
}

struct rhythm_case {
	const char *what;
	struct nw_rhythm stored; /* by the polls before */
	bool read;
	struct nw_rhythm said;	 /* by this one, when the feed was read */
	int64_t quiet_s;	 /* since the last change; -1: none yet */
	int64_t interval_s;
};

static const struct rhythm_case rhythms[] = {
	{ "not known", { 0 }, false, { 0 }, -1, HOUR },
	{ "two polls an item", { 0 }, true, { 0, 4 * HOUR, 0, 0 }, 0,
	  2 * HOUR },
	{ "kept when nothing was read", { 0, 4 * HOUR, 0, 0 }, false, { 0 }, 0,
	  2 * HOUR },
	{ "as is the ttl", { 3 * HOUR, 600, 0, 0 }, false, { 0 }, 0,
	  3 * HOUR },
	{ "until it says another one", { 3 * HOUR, 600, 0, 0 }, true,
	  { 0, HOUR, 0, 0 }, 0, HOUR / 2 },
	{ "not below the least", { 0 }, true, { 0, 1, 0, 0 }, 0,
	  NW_POLL_MIN_S },
	{ "not above the most", { 0 }, true, { 0, 90 * DAY, 0, 0 }, 0, DAY },
	{ "a ttl is no shorter pause", { 0 }, true, { 60, 8 * HOUR, 0, 0 }, 0,
	  4 * HOUR },
	{ "slower the longer it is quiet", { 0, HOUR, 0, 0 }, false, { 0 },
	  NW_POLL_RECENT * 6 * HOUR, 3 * HOUR },
	{ "whatever its times say", { 0 }, true, { 0, 1, 0, 0 },
	  NW_POLL_RECENT * 6 * HOUR, 3 * HOUR },
	{ "absurd", { INT64_MIN, INT64_MAX, 0, 0 }, false, { 0 }, 0, DAY },
};

static void test_rhythms(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rhythms); i++) {
		const struct rhythm_case *c = &rhythms[i];
		const struct nw_schedule before = {
			.interval_s = HOUR,
			.ok_utc = NOW - HOUR,
			.changed_utc = c->quiet_s < 0 ? NONE : NOW - c->quiet_s,
			.rhythm = c->stored,
		};
		const struct nw_poll poll = {
			.result = NW_POLL_SAME,
			.max_age_s = -1,
			.retry_after_s = -1,
			.rhythm = c->read ? &c->said : NULL,
		};
		struct nw_schedule after =
			nw_schedule_next(&before, &poll, &limits, NOW, 0);

		if (after.interval_s != c->interval_s ||
		    memcmp(&after.rhythm, c->read ? &c->said : &c->stored,
			   sizeof(after.rhythm)) != 0)
			fail_msg("%s: %lld s", c->what,
				 (long long)after.interval_s);
	}
}

static void test_within(void **state)
{
	const struct nw_schedule before = {
		.changed_utc = NOW - 9 * DAY,
		.rhythm = { .gap_s = DAY },
	};
	struct nw_poll poll = {
		.result = NW_POLL_SAME,
		.within_s = 2 * HOUR,
		.max_age_s = -1,
		.retry_after_s = -1,
	};

	(void)state;
	assert_true(nw_schedule_next(&before, &poll, &limits, NOW, 0)
			    .interval_s == 2 * HOUR);
	poll.within_s = DAY;
	assert_true(nw_schedule_next(&before, &poll, &limits, NOW, 0)
			    .interval_s == DAY / 2);
	poll.within_s = 1;
	assert_true(nw_schedule_next(&before, &poll, &limits, NOW, 0)
			    .interval_s == NW_POLL_MIN_S);
	poll.max_age_s = HOUR;
	assert_true(nw_schedule_next(&before, &poll, &limits, NOW, 0)
			    .interval_s == HOUR);
}

static void test_gap(void **state)
{
	int64_t times[NW_POLL_RECENT + 3];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(times); i++)
		times[i] = NOW - HOUR * (int64_t)(i + 1);
	assert_true(nw_schedule_gap(times, 0, NOW) == 0);
	assert_true(nw_schedule_gap(times, 1, NOW) == HOUR);
	assert_true(nw_schedule_gap(times, COUNT(times), NOW) == HOUR);
	assert_true(nw_schedule_gap(times, 2, NOW + 10 * HOUR) == 6 * HOUR);
	times[0] = NOW;
	assert_true(nw_schedule_gap(times, 1, NOW) == 1);
}

#define HOURS(from, to) ((1u << (to)) - (1u << (from)))
#define AT(day, hour)	(NOW - NOW % DAY + (day) * DAY + (hour) * HOUR)

/* NOW is 10:15 on a Saturday. */
static const struct {
	const char *what;
	unsigned hours, days;
	int64_t least, most;
} skips[] = {
	{ "an hour that is free", HOURS(0, 10) | HOURS(14, 24), 0,
	  NOW + HOUR - HOUR / 10, NOW + HOUR + HOUR / 10 },
	{ "the night after that", HOURS(11, 24) | HOURS(0, 6), 0, AT(1, 6),
	  AT(1, 6) + 900 },
	{ "one hour", HOURS(11, 12), 0, AT(0, 12), AT(0, 12) + 900 },
	{ "the weekend", 0, 1u << 0 | 1u << 6, AT(2, 0), AT(2, 0) + 900 },
	{ "today, and the morning", HOURS(0, 9), 1u << 6, AT(1, 9),
	  AT(1, 9) + 900 },
	{ "all but Friday's last hour", HOURS(0, 23), 0x7f & ~(1u << 5),
	  AT(6, 23), AT(6, 23) + 900 },
	{ "all hours: no wish", HOURS(0, 24), 0, NOW + HOUR - HOUR / 10,
	  NOW + HOUR + HOUR / 10 },
	{ "all days: no wish", 0, 0x7f, NOW + HOUR - HOUR / 10,
	  NOW + HOUR + HOUR / 10 },
	{ "bits that mean nothing", 0xff000000u, 0xffffff80u,
	  NOW + HOUR - HOUR / 10, NOW + HOUR + HOUR / 10 },
};

static void test_skips(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(skips); i++) {
		const struct nw_schedule before = {
			.changed_utc = NONE,
			.rhythm = { .skip_hours = skips[i].hours,
				    .skip_days = skips[i].days },
		};
		const struct nw_poll poll = {
			.result = NW_POLL_SAME,
			.max_age_s = -1,
			.retry_after_s = -1,
		};

		for (j = 0; j < COUNT(randoms); j++) {
			int64_t due_utc =
				nw_schedule_next(&before, &poll, &limits, NOW,
						 randoms[j])
					.due_utc;

			if (due_utc < skips[i].least || due_utc > skips[i].most)
				fail_msg("%s: %lld h", skips[i].what,
					 (long long)(due_utc - NOW) / HOUR);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_intervals),
		cmocka_unit_test(test_spread),
		cmocka_unit_test(test_rhythms),
		cmocka_unit_test(test_within),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_skips),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_story_of_a_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
