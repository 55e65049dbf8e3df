/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was superseded, what expired, and gateways that begin anew.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "unit.h"
#include "cache.h"
#include "sync_fixture.h"

#define OLD  "Mon, 1 Jan 2024 10:00:00 +0000"
#define HASH "abcdefghijklmnopqrstuvwxyz"

/* What the main thread does once flags have been carried. */
static void carry(const struct bench *bench, guint32 number)
{
	guint32 from = nw_cache_replaced(bench->wish->dir, number);
	char *name = g_strdup_printf("%u", from);
	char *path = bench_path(bench, name);

	assert_int_not_equal(from, 0);
	(void)g_unlink(path);
	nw_cache_replaced_done(bench->wish->dir, number);
	g_free(path);
	g_free(name);
}

static guint32 replaced(const struct bench *bench, guint32 number)
{
	return nw_cache_replaced(bench->wish->dir, number);
}

static void three(struct bench *bench)
{
	(void)fake_add(bench->group, "<a@x>", NULL);
	(void)fake_add(bench->group, "<b@x>", NULL);
	(void)fake_add(bench->group, "<c@x>", NULL);
	bench_expect(bench, 3, 0);
}

static void what_is_superseded_waits_for_its_flags(void **state)
{
	struct bench *bench = *state;

	three(bench);
	fake_drop(bench->group, "<b@x>");
	(void)fake_add(bench->group, "<b2@x>", "<b@x>");
	bench_expect(bench, 1, 0);
	bench_expect_files(bench, ".4.replaces 1 2 3 4");
	assert_int_equal(replaced(bench, 4), 2);
	(void)fake_add(bench->group, "<d@x>", NULL);
	fake_drop(bench->group, "<a@x>");
	bench->wish->retention_days = NW_RETENTION_GATEWAY;
	bench_expect(bench, 1, 1);
	bench_expect_files(bench, ".4.replaces 2 3 4 5");
	carry(bench, 4);
	fake_drop(bench->group, "<c@x>");
	bench_expect(bench, 0, 1);
	bench_expect_files(bench, "4 5");
}

/* The lowest of a group that is superseded is gone below the low mark. */
static void the_first_may_be_superseded(void **state)
{
	struct bench *bench = *state;

	three(bench);
	fake_drop(bench->group, "<a@x>");
	(void)fake_add(bench->group, "<a2@x>", "<zz@x> <a@x>");
	bench_expect(bench, 1, 0);
	assert_int_equal(replaced(bench, 4), 1);
}

static void what_is_still_listed_is_not_replaced(void **state)
{
	struct bench *bench = *state;

	three(bench);
	(void)fake_add(bench->group, "<a2@x>", "<a@x>");
	bench_expect(bench, 1, 0);
	bench_expect_files(bench, "1 2 3 4");
	fake_drop(bench->group, "<c@x>");
	bench_expect(bench, 0, 1);
	bench_expect_files(bench, "1 2 4");
}

/* Versions in between came and went unseen. */
static void missed_versions_are_bridged(void **state)
{
	struct bench *bench = *state;

	(void)fake_add(bench->group, "<s." HASH "@x>", NULL);
	(void)fake_add(bench->group, "<u." HASH ".aaaaaaaa@x>", NULL);
	(void)fake_add(bench->group, "<s." HASH "@other>", NULL);
	bench_expect(bench, 3, 0);
	fake_drop(bench->group, "<s." HASH "@x>");
	fake_drop(bench->group, "<u." HASH ".aaaaaaaa@x>");
	fake_drop(bench->group, "<s." HASH "@other>");
	(void)fake_add(bench->group, "<s." HASH ".cccccccc@x>",
		       "<s." HASH ".bbbbbbbb@x>");
	(void)fake_add(bench->group, "<u." HASH ".cccccccc@x>",
		       "<u." HASH ".bbbbbbbb@x>");
	(void)fake_add(bench->group, "<s." HASH ".dddddddd@other>", NULL);
	bench_expect(bench, 3, 0);
	assert_int_equal(replaced(bench, 4), 1);
	assert_int_equal(replaced(bench, 5), 2);
	assert_int_equal(replaced(bench, 6), 0);
}

/* An interruption after the marker is none for the one that it names. */
static void a_predecessor_survives_an_interruption(void **state)
{
	struct bench *bench = *state;
	guint i;

	three(bench);
	fake_drop(bench->group, "<b@x>");
	(void)fake_add(bench->group, "<b2@x>", "<b@x>");
	for (i = 0; i < 80; i++) {
		char *id = g_strdup_printf("<n%u@x>", i);

		(void)fake_add(bench->group, id, NULL);
		g_free(id);
	}
	bench->fake->cut_after = 70;
	assert_false(bench_sync(bench));
	bench->fake->cut_after = -1;
	bench_expect(bench, 11, 0);
	assert_true(bench_has(bench, 2, "Text of <b@x>"));
	assert_int_equal(replaced(bench, 4), 2);
}

static void what_expires_stays_or_goes(void **state)
{
	static const struct {
		gint32 days;
		guint removed;
		const char *files;
	} cases[] = {
		{ NW_RETENTION_FOR_EVER, 0, "1 2 3" },
		{ 30, 0, "1 2 3" },
		{ NW_RETENTION_GATEWAY, 2, "3" },
	};
	struct bench *bench = *state;
	gsize i;

	three(bench);
	fake_drop(bench->group, "<a@x>");
	fake_drop(bench->group, "<b@x>");
	for (i = 0; i < COUNT(cases); i++) {
		bench->wish->retention_days = cases[i].days;
		bench_expect(bench, 0, cases[i].removed);
		bench_expect_files(bench, cases[i].files);
		assert_int_equal(bench->last.low, 3);
	}
}

static void an_empty_group_wipes_nothing(void **state)
{
	struct bench *bench = *state;

	three(bench);
	g_ptr_array_set_size(bench->group->articles, 0);
	bench_expect(bench, 0, 0);
	bench_expect_files(bench, "1 2 3");
	assert_int_equal(bench->last.low, 4);
	bench_expect(bench, 0, 0);
	bench_expect_asked("counts\n");
	(void)fake_add(bench->group, "<d@x>", NULL);
	bench_expect(bench, 1, 0);
	bench_expect_files(bench, "1 2 3 4");
}

/* "0 0 0" is a form of an empty group, too. */
static void an_empty_group_may_say_zeros(void **state)
{
	struct bench *bench = *state;

	three(bench);
	g_ptr_array_set_size(bench->group->articles, 0);
	bench->group->high = 0;
	bench->group->low_said = 2;
	bench_expect(bench, 0, 0);
	bench_expect_files(bench, "1 2 3");
}

static void numbers_that_begin_anew_lose_nothing(void **state)
{
	struct bench *bench = *state;
	char *gone = bench_path(bench, "2");

	three(bench);
	assert_true(nw_cache_forget(bench->wish->dir, 2));
	assert_int_equal(g_unlink(gone), 0);
	fake_begin_anew(bench->group);
	(void)fake_add(bench->group, "<new@x>", NULL);
	(void)fake_add(bench->group, "<c@x>", NULL);
	(void)fake_add(bench->group, "<b@x>", NULL);
	(void)fake_add(bench->group, "<more@x>", NULL);
	bench->wish->retention_days = NW_RETENTION_GATEWAY;
	bench_expect(bench, 3, 0);
	bench_expect_files(bench, ".5.replaces 1 3 4 5 7");
	assert_int_equal(replaced(bench, 5), 3);
	assert_true(bench_has(bench, 4, "Text of <new@x>"));
	assert_true(bench_has(bench, 5, "Text of <c@x>"));
	bench_expect(bench, 0, 0);
	carry(bench, 5);
	fake_drop(bench->group, "<new@x>");
	(void)fake_add(bench->group, "<last@x>", NULL);
	bench_expect(bench, 1, 1);
	bench_expect_files(bench, "1 5 7 8");
	g_free(gone);
}

static void beginning_anew_may_be_cut_off(void **state)
{
	struct bench *bench = *state;
	int cut;

	three(bench);
	fake_begin_anew(bench->group);
	(void)fake_add(bench->group, "<new@x>", NULL);
	(void)fake_add(bench->group, "<c@x>", NULL);
	(void)fake_add(bench->group, "<a@x>", NULL);
	(void)fake_add(bench->group, "<more@x>", NULL);
	for (cut = 0; cut < 2; cut++) {
		bench->fake->cut_after = cut;
		assert_false(bench_sync(bench));
	}
	bench->fake->cut_after = -1;
	bench_expect(bench, 1, 0);
	bench_expect_files(bench, ".5.replaces .6.replaces 1 2 3 4 5 6 7");
	assert_int_equal(replaced(bench, 5), 3);
	assert_int_equal(replaced(bench, 6), 1);
	bench_expect(bench, 0, 0);
}

/* The anchor alone was cancelled: that is no new beginning. */
static void a_lost_anchor_is_no_new_beginning(void **state)
{
	struct bench *bench = *state;

	three(bench);
	fake_drop(bench->group, "<c@x>");
	(void)fake_add(bench->group, "<d@x>", NULL);
	bench_expect(bench, 1, 1);
	bench_expect_files(bench, "1 2 4");
}

/* All that was known is another's now, though the numbers are higher. */
static void a_new_beginning_shows_by_the_anchor(void **state)
{
	struct bench *bench = *state;
	guint i;

	three(bench);
	fake_begin_anew(bench->group);
	for (i = 0; i < 5; i++) {
		char *id = g_strdup_printf("<n%u@x>", i);

		(void)fake_add(bench->group, id, NULL);
		g_free(id);
	}
	bench_expect(bench, 5, 0);
	bench_expect_files(bench, "1 2 3 4 5 6 7 8");
	assert_true(bench_has(bench, 1, "Text of <a@x>"));
	assert_true(bench_has(bench, 4, "Text of <n0@x>"));
}

/* Whatever the numbers were: what is here keeps its own, and nothing is taken
 * for another. */
static void a_lost_state_loses_nothing(void **state)
{
	struct bench *bench = *state;
	char *path = bench_path(bench, ".newswire_state");

	three(bench);
	fake_begin_anew(bench->group);
	(void)fake_add(bench->group, "<c@x>", NULL);
	(void)fake_add(bench->group, "<d@x>", NULL);
	bench_expect(bench, 2, 0);
	carry(bench, 4);
	bench_expect_files(bench, "1 2 4 5");
	assert_int_equal(g_unlink(path), 0);
	(void)fake_add(bench->group, "<e@x>", NULL);
	(void)fake_add(bench->group, "<f@x>", NULL);
	bench->wish->retention_days = NW_RETENTION_GATEWAY;
	bench_expect(bench, 4, 0);
	assert_true(bench_has(bench, 1, "Text of <a@x>"));
	assert_int_equal(replaced(bench, 6), 4);
	assert_int_equal(replaced(bench, 7), 5);
	assert_true(bench_has(bench, 8, "Text of <e@x>"));
	assert_true(bench_has(bench, 9, "Text of <f@x>"));
	/* Nor when nothing that is here is listed. */
	assert_int_equal(g_unlink(path), 0);
	fake_begin_anew(bench->group);
	(void)fake_add(bench->group, "<g@x>", NULL);
	fake_drop(bench->group, "<g@x>");
	fake_put(bench->group, 20, "<h@x>", OLD);
	bench_expect(bench, 1, 0);
	assert_true(bench_has(bench, 9, "Text of <f@x>"));
	assert_true(bench_has(bench, 29, "Text of <h@x>"));
	g_free(path);
}

static void numbers_have_an_end(void **state)
{
	struct bench *bench = *state;

	fake_put(bench->group, G_MAXINT32, "<last@x>", OLD);
	bench_expect(bench, 1, 0);
	fake_put(bench->group, G_MAXUINT32, "<past@x>", OLD);
	assert_true(bench_sync(bench));
	assert_string_equal(bench->told->str, "failed " GROUP "\n");
	bench_expect_files(bench, "2147483647");
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_superseded_waits_for_its_flags),
		TEST(the_first_may_be_superseded),
		TEST(what_is_still_listed_is_not_replaced),
		TEST(missed_versions_are_bridged),
		TEST(a_predecessor_survives_an_interruption),
		TEST(what_expires_stays_or_goes),
		TEST(an_empty_group_wipes_nothing),
		TEST(an_empty_group_may_say_zeros),
		TEST(numbers_that_begin_anew_lose_nothing),
		TEST(beginning_anew_may_be_cut_off),
		TEST(a_lost_anchor_is_no_new_beginning),
		TEST(a_new_beginning_shows_by_the_anchor),
		TEST(a_lost_state_loses_nothing),
		TEST(numbers_have_an_end),
	};

	return cmocka_run_group_tests_name("sync_gone", tests, NULL, NULL);
}
