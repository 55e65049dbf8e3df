/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cache_fixture.h"

#define KILLS	     40
#define SCATTERED    600000
#define KILLED_BATCH 8
#define LINES	     200 /* of an article that a killed child wrote */

static void an_article_has_its_name_after_the_commit(void **state)
{
	struct folder *folder = *state;
	struct nw_cache *cache = open_cache(folder);

	add(cache, 7, "a: b\n\nc\n", 0);
	add(cache, 9, "a: b\n\nc\n", 7);
	assert_false(nw_cache_has(cache, 7));
	assert_false(is_there(folder, "7"));
	assert_int_equal(nw_cache_commit(cache, NULL), 2);
	assert_true(nw_cache_has(cache, 7));
	assert_true(is_there(folder, "9"));
	assert_true(nw_cache_is_replaced(cache, 7));
	assert_int_equal(nw_cache_replaced(folder->dir, 9), 7);
	assert_int_equal(nw_cache_commit(cache, NULL), 0);
	add(cache, 10, "a: b\n\nc\n", 9);
	nw_cache_close(cache);
	assert_false(is_there(folder, "10"));
	assert_false(is_there(folder, ".10.tmp"));
	assert_false(is_there(folder, ".10.replaces"));
}

static void what_an_interruption_left_is_cleared(void **state)
{
	static const char *const left[] = { ".4.tmp", ".4.replaces",
					    ".5.headers",
					    ".newswire_state.tmp" };
	struct folder *folder = *state;
	struct nw_cache *cache;
	gsize i;

	nw_cache_close(open_cache(folder));
	for (i = 0; i < COUNT(left); i++)
		put(folder, left[i], "3");
	put(folder, "3", "whole\n");
	put(folder, ".3.replaces", "2\n");
	put(folder, ".3.headers", "");
	put(folder, ".claws_mark", "another's");
	cache = open_cache(folder);
	for (i = 0; i < COUNT(left); i++)
		assert_false(is_there(folder, left[i]));
	assert_true(is_there(folder, ".claws_mark"));
	assert_true(nw_cache_has_headers_only(cache, 3));
	assert_true(nw_cache_is_replaced(cache, 2));
	assert_false(nw_cache_has(cache, 4));
	nw_cache_close(cache);
}

/* Each article says its number in every line, and how it ends. */
static GString *long_article(guint32 number)
{
	GString *text = g_string_new("Subject: x\n\n");
	guint i;

	for (i = 0; i < LINES; i++)
		g_string_append_printf(text, "%u\n", number);
	g_string_append(text, "end\n");
	return text;
}

static void write_until_killed(const struct folder *folder, int ready)
{
	struct nw_cache *cache = nw_cache_open(folder->dir, NULL);
	guint32 number = nw_cache_last_number(cache) + 1;

	for (;; number++) {
		GString *text = long_article(number);

		(void)nw_cache_add(cache, number, text, number % 3 == 0,
				   number > 5 ? number - 5 : 0, NULL);
		(void)g_string_free(text, TRUE);
		if (number % KILLED_BATCH == 0 &&
		    (nw_cache_commit(cache, NULL) < 0 ||
		     write(ready, "x", 1) != 1))
			_exit(1);
	}
}

/* Killed after so many commits, wherever it is then. */
static void run_and_kill(const struct folder *folder, guint commits)
{
	int ends[2], status;
	char byte;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		write_until_killed(folder, ends[1]);
	while (commits--)
		assert_int_equal(read(ends[0], &byte, 1), 1);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void check_whole(const struct folder *folder, guint32 number)
{
	char *name = g_strdup_printf("%u", number);
	char *path = g_build_filename(folder->dir, name, NULL), *text = NULL;
	GString *expected = long_article(number);

	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	assert_string_equal(text, expected->str);
	if (number > 5)
		assert_int_equal(nw_cache_replaced(folder->dir, number),
				 number - 5);
	assert_int_equal(nw_cache_is_headers_only(folder->dir, number),
			 number % 3 == 0);
	(void)g_string_free(expected, TRUE);
	g_free(text);
	g_free(path);
	g_free(name);
}

/* Before the folder is opened again: whoever reads it sees no half. */
static guint check_folder(const struct folder *folder)
{
	GDir *dir = g_dir_open(folder->dir, 0, NULL);
	const char *name;
	guint whole = 0;

	assert_non_null(dir);
	while ((name = g_dir_read_name(dir))) {
		guint32 number = nw_cache_number(name);

		if (number)
			check_whole(folder, number);
		whole += number != 0;
	}
	g_dir_close(dir);
	return whole;
}

static void a_kill_leaves_no_half_article(void **state)
{
	struct folder *folder = *state;
	struct nw_cache *cache;
	GArray *numbers;
	guint i, whole;

	nw_cache_close(open_cache(folder));
	for (i = 0; i < KILLS; i++) {
		run_and_kill(folder, i % 4);
		whole = check_folder(folder);
		cache = open_cache(folder);
		numbers = nw_cache_numbers(cache);
		assert_int_equal(numbers->len, whole);
		assert_int_equal(nw_cache_last_number(cache), whole);
		g_array_unref(numbers);
		nw_cache_close(cache);
	}
}

static void no_file_grows_past(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	(void)signal(SIGXFSZ, bytes == RLIM_INFINITY ? SIG_DFL : SIG_IGN);
}

/* What there is no room for is an error, and leaves nothing behind. */
static void a_full_disk_leaves_no_half(void **state)
{
	struct folder *folder = *state;
	struct nw_cache *cache = open_cache(folder);
	GString *text = long_article(1);
	GError *error = NULL;

	put(folder, ".newswire_deleted", "1\n");
	no_file_grows_past(3);
	assert_false(nw_cache_add(cache, 1, text, FALSE, 0, &error));
	assert_non_null(error);
	g_clear_error(&error);
	assert_false(is_there(folder, ".1.tmp"));
	nw_cache_state(cache)->high = 5;
	assert_false(nw_cache_save(cache, &error));
	assert_non_null(error);
	g_clear_error(&error);
	assert_false(is_there(folder, ".newswire_state.tmp"));
	/* Of "23" there is room for "2". */
	assert_false(nw_cache_forget(folder->dir, 23));
	no_file_grows_past(RLIM_INFINITY);
	assert_true(nw_cache_forget(folder->dir, 4));
	nw_cache_close(cache);
	cache = open_cache(folder);
	assert_int_equal(nw_cache_state(cache)->high, 0);
	assert_true(nw_cache_is_deleted(cache, 1));
	assert_false(nw_cache_is_deleted(cache, 2));
	assert_true(nw_cache_is_deleted(cache, 4));
	nw_cache_close(cache);
	(void)g_string_free(text, TRUE);
}

/* The user deletes the headers while the text is on its way. */
static void a_deleted_article_is_not_completed(void **state)
{
	struct folder *folder = *state;
	struct nw_cache *cache;
	char *path;

	nw_cache_close(open_cache(folder));
	put(folder, "1", "a: b\n\n");
	put(folder, ".1.headers", "");
	path = g_build_filename(folder->dir, "1", NULL);
	cache = open_cache(folder);
	add(cache, 1, "a: b\n\nall\n", 0);
	assert_int_equal(g_unlink(path), 0);
	assert_int_equal(nw_cache_commit(cache, NULL), 0);
	assert_false(is_there(folder, "1"));
	assert_false(is_there(folder, ".1.tmp"));
	nw_cache_close(cache);
	g_free(path);
}

/* Else headers would pass for the whole. */
static void headers_stay_headers_until_the_commit(void **state)
{
	struct folder *folder = *state;
	struct nw_cache *cache;

	nw_cache_close(open_cache(folder));
	put(folder, "1", "a: b\n\n");
	put(folder, ".1.headers", "");
	cache = open_cache(folder);
	add(cache, 1, "a: b\n\nall\n", 0);
	nw_cache_close(cache);
	assert_true(nw_cache_is_headers_only(folder->dir, 1));
	assert_false(is_there(folder, ".1.tmp"));
	cache = open_cache(folder);
	add(cache, 1, "a: b\n\nall\n", 0);
	assert_int_equal(nw_cache_commit(cache, NULL), 1);
	nw_cache_close(cache);
	assert_false(nw_cache_is_headers_only(folder->dir, 1));
}

/* One that the user deletes meanwhile: the next sync asks for its new number
 * again, and finds it among the deleted. */
static void a_deleted_article_is_not_renumbered(void **state)
{
	struct folder *folder = *state;
	struct nw_cache *cache;
	GError *error = NULL;

	nw_cache_close(open_cache(folder));
	put(folder, "1", "a: b\n\n");
	cache = open_cache(folder);
	nw_cache_renumber(cache, 1, 5);
	nw_cache_renumber(cache, 2, 6);
	assert_int_equal(nw_cache_commit(cache, &error), -1);
	assert_non_null(error);
	g_clear_error(&error);
	assert_true(is_there(folder, "5"));
	assert_int_equal(nw_cache_replaced(folder->dir, 5), 1);
	assert_false(nw_cache_has(cache, 6));
	assert_false(is_there(folder, ".6.replaces"));
	nw_cache_close(cache);
}

/* Old articles of which every other one was superseded. */
static void a_long_state_is_kept(void **state)
{
	struct folder *folder = *state;
	struct nw_cache *cache = open_cache(folder);
	struct nw_cache_state *kept = nw_cache_state(cache);
	guint32 number = 1000001;
	guint i;

	kept->offset = 3;
	for (i = 0; i < SCATTERED; i++, number += 2)
		g_array_append_val(kept->skipped, number);
	assert_true(nw_cache_save(cache, NULL));
	nw_cache_close(cache);
	cache = open_cache(folder);
	kept = nw_cache_state(cache);
	assert_int_equal(kept->offset, 3);
	assert_int_equal(kept->skipped->len, SCATTERED);
	assert_int_equal(g_array_index(kept->skipped, guint32, SCATTERED - 1),
			 number - 2);
	nw_cache_close(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_article_has_its_name_after_the_commit),
		TEST(what_an_interruption_left_is_cleared),
		TEST(a_kill_leaves_no_half_article),
		TEST(a_full_disk_leaves_no_half),
		TEST(a_deleted_article_is_not_completed),
		TEST(headers_stay_headers_until_the_commit),
		TEST(a_deleted_article_is_not_renumbered),
		TEST(a_long_state_is_kept),
	};

	return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
