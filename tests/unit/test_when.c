/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdlib.h>

#include "plugin/when.h"

/* 3 March 2026, 14:05 in a place that is three hours ahead of UTC. */
#define NOW INT64_C(1772535900)
#define MINUTE 60
#define HOUR 3600
#define DAY (24 * HOUR)

static void check(gint64 ago_s, const char *want)
{
	char *words = nw_when_words(NOW - ago_s, NOW);

	assert_string_equal(words, want);
	g_free(words);
}

static void what_was_just_now_is_counted(void **state)
{
	(void)state;
	check(0, "just now");
	check(59, "just now");
	check(MINUTE, "1 minute ago");
	check(2 * MINUTE + 59, "2 minutes ago");
	check(HOUR - 1, "59 minutes ago");
}

static void days_are_those_of_this_place(void **state)
{
	(void)state;
	check(HOUR, "today at 13:05");
	check(14 * HOUR + 5 * MINUTE, "today at 00:00");
	check(14 * HOUR + 6 * MINUTE, "yesterday at 23:59");
	check(DAY, "yesterday at 14:05");
	check(2 * DAY, "on 1 March 2026 at 14:05");
	check(3 * DAY, "on 28 February 2026 at 14:05");
}

/* The clock may have been wrong, and a file may say anything. */
static void odd_times_are_said_too(void **state)
{
	char *words;

	(void)state;
	check(-10, "today at 14:05");
	check(-DAY, "on 4 March 2026 at 14:05");
	words = nw_when_words(0, NOW);
	assert_string_equal(words, "never");
	g_free(words);
	words = nw_when_words(-1, NOW);
	assert_string_equal(words, "never");
	g_free(words);
	words = nw_when_words(G_MAXINT64, NOW);
	assert_string_equal(words, "9223372036854775807");
	g_free(words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_just_now_is_counted),
		cmocka_unit_test(days_are_those_of_this_place),
		cmocka_unit_test(odd_times_are_said_too),
	};

	(void)setenv("TZ", "<+03>-3", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
