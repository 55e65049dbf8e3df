/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is new, filled in, deleted or cut off.
 */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "unit.h"
#include "cache.h"
#include "sync_fixture.h"

static void add_many(struct bench *bench, guint n)
{
	guint i;

	for (i = 0; i < n; i++) {
		char *id = g_strdup_printf("<a%u@x>", bench->group->high + 1);

		(void)fake_add(bench->group, id, NULL);
		g_free(id);
	}
}

static gint64 changed_ns(const char *path)
{
	GStatBuf about;

	assert_int_equal(g_stat(path, &about), 0);
	return (gint64)about.st_mtim.tv_sec * 1000000000 +
	       about.st_mtim.tv_nsec;
}

/* Of each file and the folder, in whatever order they are listed. */
static gint64 sum_of_times(const struct bench *bench)
{
	GDir *dir = g_dir_open(bench->wish->dir, 0, NULL);
	gint64 sum = changed_ns(bench->wish->dir) / 1000;
	const char *name;

	assert_non_null(dir);
	while ((name = g_dir_read_name(dir))) {
		char *path = bench_path(bench, name);

		sum += changed_ns(path) / 1000 % 1000000000;
		g_free(path);
	}
	g_dir_close(dir);
	return sum;
}

static void all_of_a_group_comes(void **state)
{
	struct bench *bench = *state;

	add_many(bench, 3);
	bench_expect(bench, 3, 0);
	bench_expect_files(bench, "1 2 3");
	bench_expect_asked("counts\nnumbers " GROUP " 1- 0\narticles 3\n");
	assert_true(bench_has(bench, 2, "\n\nText of <a2@x>.\n"));
	assert_int_equal(bench->last.low, 1);
	assert_true(bench->progresses > 0);
}

static void a_second_time_changes_nothing(void **state)
{
	struct bench *bench = *state;
	gint64 sum;

	add_many(bench, 3);
	bench_expect(bench, 3, 0);
	sum = sum_of_times(bench);
	bench_expect(bench, 0, 0);
	bench_expect_asked("counts\n");
	assert_int_equal(sum_of_times(bench), sum);
}

static void of_new_ones_only_those_are_listed(void **state)
{
	struct bench *bench = *state;

	add_many(bench, 3);
	bench_expect(bench, 3, 0);
	add_many(bench, 2);
	bench_expect(bench, 2, 0);
	bench_expect_asked("counts\nnumbers " GROUP " 4- 3\narticles 2\n");
	bench_expect_files(bench, "1 2 3 4 5");
}

static void what_is_filled_in_comes(void **state)
{
	struct bench *bench = *state;

	fake_put(bench->group, 2, "<a2@x>", "Mon, 1 Jan 2024 10:00:00 +0000");
	fake_put(bench->group, 9, "<a9@x>", "Mon, 1 Jan 2024 10:00:00 +0000");
	bench_expect(bench, 2, 0);
	fake_put(bench->group, 5, "<a5@x>", "Mon, 1 Jan 2024 10:00:00 +0000");
	bench_expect(bench, 1, 0);
	bench_expect_files(bench, "2 5 9");
	fake_put(bench->group, 1, "<a1@x>", "Mon, 1 Jan 2024 10:00:00 +0000");
	(void)fake_add(bench->group, "<a10@x>", NULL);
	bench_expect(bench, 2, 0);
	bench_expect_files(bench, "1 2 5 9 10");
}

/* As many as came went: the count adds up for neither list. */
static void what_came_while_another_went_comes(void **state)
{
	struct bench *bench = *state;

	add_many(bench, 3);
	bench_expect(bench, 3, 0);
	fake_drop(bench->group, "<a2@x>");
	add_many(bench, 2);
	bench_expect(bench, 2, 1);
	bench_expect_files(bench, "1 3 4 5");
}

static void what_is_cancelled_goes(void **state)
{
	struct bench *bench = *state;

	add_many(bench, 4);
	bench_expect(bench, 4, 0);
	fake_drop(bench->group, "<a2@x>");
	fake_drop(bench->group, "<a4@x>");
	bench_expect(bench, 0, 2);
	bench_expect_files(bench, "1 3");
	bench_expect(bench, 0, 0);
}

static void what_the_user_deleted_does_not_come_back(void **state)
{
	struct bench *bench = *state;
	char *path = bench_path(bench, "2");

	add_many(bench, 3);
	bench_expect(bench, 3, 0);
	assert_true(nw_cache_forget(bench->wish->dir, 2));
	assert_int_equal(g_unlink(path), 0);
	fake_drop(bench->group, "<a1@x>");
	bench_expect(bench, 0, 0);
	bench_expect_files(bench, "1 3");
	g_free(path);
}

static void it_goes_on_where_it_was_cut_off(void **state)
{
	struct bench *bench = *state;
	guint total = 0;
	int cut;

	add_many(bench, 150);
	for (cut = 0;; cut += 1 + cut / 3) {
		bench->fake->cut_after = cut;
		if (bench_sync(bench))
			break;
		assert_true(g_error_matches(bench->error, NW_SESSION_ERROR,
					    NW_SESSION_ERROR_BROKEN));
		assert_string_equal(bench->told->str, "");
		total += (guint)cut;
	}
	/* Nothing was fetched twice. */
	assert_true(cut > 10);
	assert_int_equal(total + bench->last.added, 150);
	bench->fake->cut_after = -1;
	assert_true(bench_has(bench, 150, "\n\nText of <a150@x>.\n"));
	bench_expect(bench, 0, 0);
}

static void the_caller_may_end_it(void **state)
{
	struct bench *bench = *state;

	add_many(bench, 300);
	bench->ends_at = 2;
	assert_false(bench_sync(bench));
	assert_true(g_error_matches(bench->error, NW_SESSION_ERROR,
				    NW_SESSION_ERROR_CANCELLED));
	bench->ends_at = 0;
	assert_true(bench_sync(bench));
	assert_in_range(bench->last.added, 1, 299);
	bench_expect(bench, 0, 0);
}

static void a_gone_article_is_passed_over(void **state)
{
	struct bench *bench = *state;

	add_many(bench, 3);
	bench->group->low_said = 1;
	fake_drop(bench->group, "<a1@x>");
	bench_expect(bench, 2, 0);
	bench_expect_files(bench, "2 3");
}

static void one_group_fails_alone(void **state)
{
	struct bench *bench = *state;
	GPtrArray *wishes = g_ptr_array_new_with_free_func(nw_sync_wish_free);
	struct fake_group *other = fake_group("org.example.other");
	char *dir = g_build_filename(bench->root, "other", NULL);

	add_many(bench, 1);
	(void)fake_add(other, "<o1@x>", NULL);
	other->refuses = TRUE;
	g_ptr_array_add(wishes, nw_sync_wish_new("org.example.other", dir));
	g_ptr_array_add(wishes, nw_sync_wish_new(GROUP, bench->wish->dir));
	assert_true(bench_sync_wishes(bench, wishes));
	assert_string_equal(bench->told->str, "failed org.example.other\n"
					      "done " GROUP "\n");
	bench_expect_files(bench, "1");
	g_free(dir);
	g_ptr_array_unref(wishes);
}

/* One that this user may not read never had an article for him. */
static void a_group_that_is_away_loses_nothing(void **state)
{
	struct bench *bench = *state;

	bench->group->away = TRUE;
	assert_true(bench_sync(bench));
	assert_string_equal(bench->told->str, "failed " GROUP "\n");
	bench->group->away = FALSE;
	bench_expect(bench, 0, 0);
	add_many(bench, 2);
	bench_expect(bench, 2, 0);
	bench->group->away = TRUE;
	assert_true(bench_sync(bench));
	assert_string_equal(bench->told->str, "failed " GROUP "\n");
	bench_expect_files(bench, "1 2");
	bench->group->away = FALSE;
	bench_expect(bench, 0, 0);
}

static void a_list_that_cannot_be_right_changes_nothing(void **state)
{
	struct bench *bench = *state;

	add_many(bench, 3);
	bench_expect(bench, 3, 0);
	fake_drop(bench->group, "<a3@x>");
	bench->group->lists_none = TRUE;
	assert_true(bench_sync(bench));
	assert_string_equal(bench->told->str, "failed " GROUP "\n");
	bench_expect_files(bench, "1 2 3");
}

static void a_folder_that_cannot_be_made_fails(void **state)
{
	struct bench *bench = *state;

	add_many(bench, 1);
	assert_true(g_file_set_contents(bench->wish->dir, "a file", -1, NULL));
	assert_true(bench_sync(bench));
	assert_string_equal(bench->told->str, "failed " GROUP "\n");
}

/* The limit of a file's size stands for a full disk. */
static void a_full_disk_leaves_no_half_article(void **state)
{
	struct bench *bench = *state;
	struct rlimit was, none = { 0, 0 };
	void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);

	add_many(bench, 2);
	bench_expect(bench, 2, 0);
	add_many(bench, 100);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	none.rlim_max = was.rlim_max;
	none.rlim_cur = 60;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_true(bench_sync(bench));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	(void)signal(SIGXFSZ, handler);
	assert_string_equal(bench->told->str, "failed " GROUP "\n");
	bench_expect_files(bench, "1 2");
	bench_expect(bench, 100, 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_of_a_group_comes),
		TEST(a_second_time_changes_nothing),
		TEST(of_new_ones_only_those_are_listed),
		TEST(what_is_filled_in_comes),
		TEST(what_came_while_another_went_comes),
		TEST(what_is_cancelled_goes),
		TEST(what_the_user_deleted_does_not_come_back),
		TEST(it_goes_on_where_it_was_cut_off),
		TEST(the_caller_may_end_it),
		TEST(a_gone_article_is_passed_over),
		TEST(one_group_fails_alone),
		TEST(a_group_that_is_away_loses_nothing),
		TEST(a_list_that_cannot_be_right_changes_nothing),
		TEST(a_folder_that_cannot_be_made_fails),
		TEST(a_full_disk_leaves_no_half_article),
	};

	return cmocka_run_group_tests_name("sync", tests, NULL, NULL);
}
