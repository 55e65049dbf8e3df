/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

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
	.min_s = NW_POLL_DEFAULT_S,
	.max_s = NW_POLL_MAX_S,
	.live_min_s = NW_POLL_LIVE_MIN_S,
	.live_max_s = NW_POLL_LIVE_MAX_S,
	.backoff_max_s = NW_BACKOFF_MAX_S,
};

struct interval_case {
	const char *what;
	int64_t before_s;    /* interval */
	struct nw_poll poll; /* result, live, ttl, max-age, retry-after */
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
	  2 * HOUR,
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
		const struct nw_schedule before = { .interval_s = c->before_s };

		for (j = 0; j < COUNT(randoms); j++) {
			struct nw_schedule after =
				nw_schedule_next(&before, &c->poll, &limits,
						 NOW, randoms[j]);
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
	const struct nw_poll free = { NW_POLL_SAME, true, -1, -1, -1 };
	const struct nw_poll bound = { NW_POLL_SAME, true, -1, 60, -1 };
	bool seen[13] = { false };
	uint32_t random;
	size_t i;

	(void)state;
	for (random = 0; random < 26; random++) {
		struct nw_schedule after =
			nw_schedule_next(&before, &free, &limits, NOW, random);

		assert_in_range(after.due_utc - NOW, 54, 66);
		seen[after.due_utc - NOW - 54] = true;
		after = nw_schedule_next(&before, &bound, &limits, NOW, random);
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
	  { 0, NONE, NONE, HOUR, 0, false },
	  { 0, NOW, NOW, HOUR, 0, false } },
	{ NW_POLL_SAME,
	  { 0, NOW - 9, NOW - 99, HOUR, 3, false },
	  { 0, NOW, NOW - 99, HOUR, 0, false } },
	{ NW_POLL_FAILED,
	  { 0, NOW - 9, NOW - 99, HOUR, 3, false },
	  { 0, NOW - 9, NOW - 99, 2 * HOUR, 4, false } },
	{ NW_POLL_LIMITED,
	  { 0, NONE, NONE, 0, UINT32_MAX, false },
	  { 0, NONE, NONE, 2 * HOUR, UINT32_MAX, false } },
	{ NW_POLL_GONE,
	  { 0, NOW - 9, NOW - 99, HOUR, 0, false },
	  { 0, NOW - 9, NOW - 99, 2 * HOUR, 1, true } },
	/* Someone asked for a paused source by hand, and it is back. */
	{ NW_POLL_CHANGED,
	  { 0, NOW - 9, NOW - 99, 2 * HOUR, 1, true },
	  { 0, NOW, NOW, HOUR, 0, false } },
};

static void test_states(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(states); i++) {
		const struct nw_poll poll = { states[i].result, false, -1, -1,
					      -1 };
		const struct nw_schedule *want = &states[i].after;
		struct nw_schedule after =
			nw_schedule_next(&states[i].before, &poll, &limits, NOW,
					 7);

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
		const struct nw_poll poll = { results[i], true, -1, -1, -1 };

		schedule = nw_schedule_next(&schedule, &poll, &limits,
					    NOW + (int64_t)i, 0);
		assert_int_equal(schedule.interval_s, want[i]);
	}
	assert_int_equal(schedule.failures, 0);
	assert_int_equal(schedule.changed_utc, NOW + 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_intervals),
		cmocka_unit_test(test_spread),
		cmocka_unit_test(test_states),
		cmocka_unit_test(test_story_of_a_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
