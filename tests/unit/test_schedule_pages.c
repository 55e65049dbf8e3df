/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When pages that a source leads to are read again. */
#include "config.h"

#include "unit.h"

#include "newswire/limits.h"
#include "newswire/schedule.h"

#define NOW  INT64_C(1753524900)
#define NONE INT64_MIN
#define MIN  60
#define HOUR 3600

static const int64_t ages_s[] = { 10 * MIN, HOUR, 6 * HOUR, 24 * HOUR };

static void a_story_is_looked_at_when_it_has_its_ages(void **state)
{
	static const struct {
		int64_t known_s; /* since when */
		int64_t due_s;	 /* after that; or NONE */
	} cases[] = {
		{ 0, 10 * MIN },
		{ 10 * MIN - 1, 10 * MIN },
		{ 10 * MIN, HOUR },
		{ 11 * MIN, HOUR },
		/* What was missed is not made up for. */
		{ 3 * HOUR, 6 * HOUR },
		{ 23 * HOUR, 24 * HOUR },
		{ 24 * HOUR, NONE },
		{ 1000 * HOUR, NONE },
		/* A clock that was set back. */
		{ -HOUR, 10 * MIN },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		int64_t base = NOW - cases[i].known_s;
		int64_t due = nw_schedule_recheck(base, ages_s, COUNT(ages_s),
						  NOW, 0);

		assert_true(due == (cases[i].due_s == NONE
					    ? NONE
					    : base + cases[i].due_s));
	}
	assert_true(nw_schedule_recheck(NOW, ages_s, 0, NOW, 7) == NONE);
}

/* Never earlier, and at most a tenth later. */
static void those_of_one_poll_are_spread(void **state)
{
	enum { ITEMS = 1000, BINS = 10 };
	unsigned bins[BINS] = { 0 };
	uint32_t random = 1;
	size_t i;

	(void)state;
	for (i = 0; i < ITEMS; i++) {
		int64_t late;

		random = random * 1664525 + 1013904223;
		late = nw_schedule_recheck(NOW, ages_s, COUNT(ages_s), NOW,
					   random >> 8) -
		       NOW - 10 * MIN;
		assert_in_range(late, 0, MIN);
		bins[late * BINS / (MIN + 1)]++;
	}
	for (i = 0; i < BINS; i++)
		assert_in_range(bins[i], ITEMS / BINS / 2, 2 * ITEMS / BINS);
}

static void a_live_page_is_looked_at_less_while_it_is_quiet(void **state)
{
	const struct nw_schedule_limits limits = {
		.live_min_s = MIN, .live_max_s = 30 * MIN,
	};
	static const int64_t quiet[] = { 1, 2, 4, 8, 16, 30, 30 };
	int64_t pause = 0;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(quiet); i++) {
		pause = nw_schedule_live(pause, false, &limits);
		assert_int_equal(pause, quiet[i] * MIN);
	}
	assert_int_equal(nw_schedule_live(pause, true, &limits), MIN);
	/* That of something else. */
	assert_int_equal(nw_schedule_live(HOUR, false, &limits), MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_story_is_looked_at_when_it_has_its_ages),
		cmocka_unit_test(those_of_one_poll_are_spread),
		cmocka_unit_test(
			a_live_page_is_looked_at_less_while_it_is_quiet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
