/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups that are not kept whole: by age, or by headers only.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "unit.h"
#include "cache.h"
#include "sync_fixture.h"

#define OLD "Mon, 1 Jan 2024 10:00:00 +0000"

/* So many days ago, in a zone. */
static char *days_ago(int days)
{
	GTimeZone *zone = g_time_zone_new_offset(-5 * 3600);
	GDateTime *now = g_date_time_new_now(zone);
	GDateTime *then = g_date_time_add_days(now, -days);
	char *text = g_date_time_format(then, "%a, %d %b %Y %H:%M:%S -0500");

	g_date_time_unref(then);
	g_date_time_unref(now);
	g_time_zone_unref(zone);
	return text;
}

static void put(struct bench *bench, guint32 number, int days)
{
	char *id = g_strdup_printf("<a%u@x>", number), *date = days_ago(days);

	fake_put(bench->group, number, id, date);
	g_free(date);
	g_free(id);
}

static void what_is_too_old_is_not_fetched(void **state)
{
	struct bench *bench = *state;

	put(bench, 1, 40);
	put(bench, 2, 8);
	put(bench, 3, 6);
	put(bench, 900, 0);
	fake_put(bench->group, 901, "<odd@x>", "the day before");
	bench->wish->retention_days = 7;
	bench_expect(bench, 3, 0);
	bench_expect_asked("counts\nnumbers " GROUP " 1- 0\n"
			   "overviews 1-3\noverviews 900-901\n"
			   "articles 3\n");
	bench_expect_files(bench, "3 900 901");
	bench_expect(bench, 0, 0);
	bench_expect_asked("counts\n");
	put(bench, 902, 0);
	bench_expect(bench, 1, 0);
	bench_expect_asked("counts\nnumbers " GROUP " 902- 901\n"
			   "overviews 902-902\narticles 1\n");
	/* Something went, so that all is looked at: the old ones are known. */
	fake_drop(bench->group, "<a3@x>");
	bench_expect(bench, 0, 1);
	bench_expect_asked("counts\nnumbers " GROUP " 1- 902\n");
}

/* As RFC 5322 section 4.3 reads it. */
static void a_short_year_is_of_these_centuries(void **state)
{
	struct bench *bench = *state;
	GDateTime *now = g_date_time_new_now_utc();
	char *date = g_date_time_format(now, "%d %b %y %H:%M:%S GMT");

	fake_put(bench->group, 1, "<a1@x>", "1 Jan 98 10:00:00 GMT");
	fake_put(bench->group, 2, "<a2@x>", "1 Jan 124 10:00:00 GMT");
	fake_put(bench->group, 3, "<a3@x>", "1 Jan 01 10:00:00 GMT");
	fake_put(bench->group, 4, "<a4@x>", date);
	bench->wish->retention_days = 7;
	bench_expect(bench, 1, 0);
	bench_expect_files(bench, "4");
	bench->wish->retention_days = 365 * 50;
	bench_expect(bench, 3, 0);
	g_free(date);
	g_date_time_unref(now);
}

static void a_longer_retention_fetches_more(void **state)
{
	static const struct {
		gint32 days;
		const char *files;
	} cases[] = {
		{ 7, "3" },
		{ 10, "2 3" },
		{ 5, "2 3" },
		{ NW_RETENTION_FOR_EVER, "1 2 3" },
		{ NW_RETENTION_GATEWAY, "1 2 3" },
	};
	struct bench *bench = *state;
	gsize i;

	put(bench, 1, 40);
	put(bench, 2, 8);
	put(bench, 3, 1);
	for (i = 0; i < COUNT(cases); i++) {
		bench->wish->retention_days = cases[i].days;
		assert_true(bench_sync(bench));
		bench_expect_files(bench, cases[i].files);
		bench_expect(bench, 0, 0);
	}
}

/* The main thread took away what had grown too old. */
static void what_grew_old_does_not_come_back(void **state)
{
	struct bench *bench = *state;
	char *path = bench_path(bench, "1");

	put(bench, 1, 40);
	put(bench, 2, 1);
	put(bench, 3, 1);
	bench_expect(bench, 3, 0);
	bench->wish->retention_days = 30;
	bench_expect(bench, 0, 0);
	assert_int_equal(g_unlink(path), 0);
	fake_drop(bench->group, "<a3@x>");
	bench_expect(bench, 0, 1);
	bench_expect_files(bench, "2");
	g_free(path);
}

static void headers_alone_say_that_they_are(void **state)
{
	struct bench *bench = *state;

	(void)fake_add(bench->group, "<a1@x>", NULL);
	(void)fake_add(bench->group, "<a2@x>", NULL);
	bench->wish->headers_only = TRUE;
	bench_expect(bench, 2, 0);
	bench_expect_asked("counts\nnumbers " GROUP " 1- 0\nheads 2\n");
	bench_expect_files(bench, ".1.headers .2.headers 1 2");
	assert_true(nw_cache_is_headers_only(bench->wish->dir, 1));
	assert_true(bench_has(bench, 1,
			      "Message-ID: <a1@x>\nMIME-Version: "
			      "1.0\nContent-Type: text/plain; "
			      "charset=UTF-8\n"));
	assert_true(bench_has(bench, 1, "\nX-Newswire-Partial: headers\n\n"));
	assert_false(bench_has(bench, 1, "charset=x"));
	assert_false(bench_has(bench, 1, "Text of"));
	bench_expect(bench, 0, 0);
	bench_expect_asked("counts\n");
}

static void the_rest_of_one_is_fetched(void **state)
{
	struct bench *bench = *state;
	struct nw_session *session;

	(void)fake_add(bench->group, "<a1@x>", NULL);
	(void)fake_add(bench->group, "<a2@x>", NULL);
	bench->wish->headers_only = TRUE;
	bench_expect(bench, 2, 0);
	session = nw_session_open(NULL, NULL, NULL);
	assert_true(nw_sync_article(session, bench->wish, 2, NULL));
	bench_expect_files(bench, ".1.headers 1 2");
	assert_true(bench_has(bench, 2, "Text of <a2@x>.\n"));
	/* It is whole already. */
	assert_true(nw_sync_article(session, bench->wish, 2, NULL));
	fake_drop(bench->group, "<a1@x>");
	assert_false(nw_sync_article(session, bench->wish, 1, &bench->error));
	assert_true(g_error_matches(bench->error, NW_SESSION_ERROR,
				    NW_SESSION_ERROR_REFUSED));
	bench_expect_files(bench, ".1.headers 1 2");
	/* Its number is another's now. */
	g_clear_error(&bench->error);
	fake_begin_anew(bench->group);
	(void)fake_add(bench->group, "<other@x>", NULL);
	assert_false(nw_sync_article(session, bench->wish, 1, &bench->error));
	bench_expect_files(bench, ".1.headers 1 2");
	nw_session_close(session);
}

static void the_rest_of_all_is_fetched(void **state)
{
	struct bench *bench = *state;

	(void)fake_add(bench->group, "<a1@x>", NULL);
	(void)fake_add(bench->group, "<a2@x>", NULL);
	(void)fake_add(bench->group, "<a3@x>", NULL);
	bench->wish->headers_only = TRUE;
	bench_expect(bench, 3, 0);
	bench->wish->headers_only = FALSE;
	bench->fake->cut_after = 1;
	assert_false(bench_sync(bench));
	bench_expect_files(bench, ".2.headers .3.headers 1 2 3");
	bench->fake->cut_after = -1;
	(void)fake_add(bench->group, "<a4@x>", NULL);
	bench_expect(bench, 3, 0);
	bench_expect_files(bench, "1 2 3 4");
	assert_true(bench_has(bench, 3, "Text of <a3@x>.\n"));
	bench_expect(bench, 0, 0);
}

/* What expired can never be made whole, and is not asked for each time. */
static void expired_headers_stay_as_they_are(void **state)
{
	struct bench *bench = *state;

	(void)fake_add(bench->group, "<a1@x>", NULL);
	(void)fake_add(bench->group, "<a2@x>", NULL);
	bench->wish->headers_only = TRUE;
	bench_expect(bench, 2, 0);
	fake_drop(bench->group, "<a1@x>");
	bench->wish->headers_only = FALSE;
	bench_expect(bench, 1, 0);
	bench_expect_files(bench, ".1.headers 1 2");
	bench_expect(bench, 0, 0);
	bench_expect_asked("counts\n");
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_too_old_is_not_fetched),
		TEST(a_short_year_is_of_these_centuries),
		TEST(a_longer_retention_fetches_more),
		TEST(what_grew_old_does_not_come_back),
		TEST(headers_alone_say_that_they_are),
		TEST(the_rest_of_one_is_fetched),
		TEST(the_rest_of_all_is_fetched),
		TEST(expired_headers_stay_as_they_are),
	};

	return cmocka_run_group_tests_name("sync_part", tests, NULL, NULL);
}
