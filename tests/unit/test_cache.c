/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"
#include "cache.h"

#define KILLS	     40
#define KILLED_BATCH 8
#define LINES	     200 /* of an article that a killed child wrote */

struct folder {
	char *root, *dir;
};

static int set_up(void **state)
{
	struct folder *folder = g_new0(struct folder, 1);

	folder->root = g_dir_make_tmp("newswire-cache-XXXXXX", NULL);
	folder->dir = g_build_filename(folder->root, "a", "group", NULL);
	*state = folder;
	return folder->root ? 0 : -1;
}

static void remove_tree(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		char *inner = g_build_filename(path, name, NULL);

		remove_tree(inner);
		g_free(inner);
	}
	if (dir)
		g_dir_close(dir);
	(void)g_remove(path);
}

static int tear_down(void **state)
{
	struct folder *folder = *state;

	remove_tree(folder->root);
	g_free(folder->root);
	g_free(folder->dir);
	g_free(folder);
	return 0;
}

static struct nw_cache *open_cache(const struct folder *folder)
{
	GError *error = NULL;
	struct nw_cache *cache = nw_cache_open(folder->dir, &error);

	assert_null(error);
	return cache;
}

static void add(struct nw_cache *cache, guint32 number, const char *text,
		guint32 replaces)
{
	GString *bytes = g_string_new(text);

	assert_true(nw_cache_add(cache, number, bytes, FALSE, replaces, NULL));
	(void)g_string_free(bytes, TRUE);
}

static void put(const struct folder *folder, const char *name, const char *text)
{
	char *path = g_build_filename(folder->dir, name, NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
	g_free(path);
}

static gboolean is_there(const struct folder *folder, const char *name)
{
	char *path = g_build_filename(folder->dir, name, NULL);
	gboolean there = g_file_test(path, G_FILE_TEST_EXISTS);

	g_free(path);
	return there;
}

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

static void the_state_lasts(void **state)
{
	struct folder *folder = *state;
	struct nw_cache *cache = open_cache(folder);
	struct nw_cache_state *kept = nw_cache_state(cache);
	guint32 numbers[] = { 3, 5, 6, 7, 9, 2147483646, 2147483647 };

	assert_int_equal(kept->high, 0);
	kept->offset = 10;
	kept->low = 2;
	kept->high = G_MAXINT32 - 10;
	kept->count = 4;
	kept->anchor = 14;
	kept->anchor_id = g_strdup("<a@x>");
	kept->retention_days = -1;
	g_array_append_vals(kept->skipped, numbers, COUNT(numbers));
	g_array_append_vals(kept->unwanted, numbers, 1);
	assert_true(nw_cache_save(cache, NULL));
	nw_cache_close(cache);
	cache = open_cache(folder);
	kept = nw_cache_state(cache);
	assert_int_equal(kept->offset, 10);
	assert_int_equal(kept->low, 2);
	assert_int_equal(kept->high, G_MAXINT32 - 10);
	assert_int_equal(kept->count, 4);
	assert_int_equal(kept->anchor, 14);
	assert_string_equal(kept->anchor_id, "<a@x>");
	assert_int_equal(kept->retention_days, -1);
	assert_int_equal(kept->skipped->len, COUNT(numbers));
	assert_memory_equal(kept->skipped->data, numbers, sizeof(numbers));
	assert_int_equal(kept->unwanted->len, 1);
	nw_cache_close(cache);
}

#define STATE(line) "newswire-state 1\nhigh 5\nskipped 1-4\n" line "\nend\n"

static void a_damaged_state_is_none(void **state)
{
	static const char *const damaged[] = {
		"",
		"newswire-state 1\nhigh 5\n",
		"high 5\nend\n",
		"newswire-state 2\nhigh 5\nend\n",
		STATE("offset x"),
		STATE("offset -1"),
		STATE("offset 99999999999999999999"),
		STATE("offset 2147483643"),
		STATE("low 4294967296"),
		STATE("high 2147483648"),
		STATE("retention 2147483648"),
		STATE("anchor 5"),
		STATE("anchor 0 <a@x>"),
	};
	struct folder *folder = *state;
	gsize i;

	nw_cache_close(open_cache(folder));
	for (i = 0; i < COUNT(damaged); i++) {
		struct nw_cache *cache;

		put(folder, ".newswire_state", damaged[i]);
		cache = open_cache(folder);
		assert_int_equal(nw_cache_state(cache)->offset, 0);
		assert_int_equal(nw_cache_state(cache)->high, 0);
		assert_int_equal(nw_cache_state(cache)->skipped->len, 0);
		nw_cache_close(cache);
	}
}

static void the_deleted_are_remembered(void **state)
{
	struct folder *folder = *state;
	struct nw_cache *cache;

	assert_false(nw_cache_forget(folder->dir, 1));
	nw_cache_close(open_cache(folder));
	put(folder, "4", "Message-Id:\n <four@x>\n\n");
	/* Of "35" only the first half was written. */
	put(folder, ".newswire_deleted", "2 <two@x>\n3");
	cache = open_cache(folder);
	assert_true(nw_cache_is_deleted(cache, 2));
	assert_false(nw_cache_is_deleted(cache, 3));
	nw_cache_close(cache);
	assert_true(nw_cache_forget(folder->dir, 4));
	assert_true(nw_cache_forget(folder->dir, 5));
	cache = open_cache(folder);
	assert_true(nw_cache_is_deleted(cache, 2));
	assert_false(nw_cache_is_deleted(cache, 3));
	assert_true(nw_cache_is_deleted(cache, 4));
	assert_true(nw_cache_is_deleted(cache, 5));
	assert_int_equal(nw_cache_last_number(cache), 5);
	assert_true(nw_cache_is_deleted_id(cache, "<two@x>"));
	assert_true(nw_cache_is_deleted_id(cache, "<four@x>"));
	nw_cache_close(cache);
	nw_cache_forget_prune(folder->dir, 4);
	cache = open_cache(folder);
	assert_false(nw_cache_is_deleted(cache, 2));
	assert_false(nw_cache_is_deleted(cache, 3));
	assert_true(nw_cache_is_deleted(cache, 4));
	assert_true(nw_cache_is_deleted_id(cache, "<four@x>"));
	nw_cache_close(cache);
}

/* A crash of the system may leave zeros at the end. */
static void zeros_hide_none_of_the_deleted(void **state)
{
	static const char zeros[] = "2\n3\0\0";
	struct folder *folder = *state;
	struct nw_cache *cache;
	char *path;

	nw_cache_close(open_cache(folder));
	path = g_build_filename(folder->dir, ".newswire_deleted", NULL);
	assert_true(g_file_set_contents(path, zeros, sizeof(zeros) - 1, NULL));
	assert_true(nw_cache_forget(folder->dir, 4));
	nw_cache_forget_prune(folder->dir, 3);
	cache = open_cache(folder);
	assert_false(nw_cache_is_deleted(cache, 2));
	assert_true(nw_cache_is_deleted(cache, 4));
	nw_cache_close(cache);
	g_free(path);
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

static void names_are_numbers_or_not(void **state)
{
	static const struct {
		const char *name;
		guint32 number, replaces;
	} cases[] = {
		{ "1", 1, 0 },
		{ "2147483647", 2147483647, 0 },
		{ "2147483648", 0, 0 },
		{ "0", 0, 0 },
		{ "01", 0, 0 },
		{ "-1", 0, 0 },
		{ "+1", 0, 0 },
		{ " 1", 0, 0 },
		{ "1a", 0, 0 },
		{ "", 0, 0 },
		{ ".12.replaces", 0, 12 },
		{ ".12.headers", 0, 0 },
		{ "..replaces", 0, 0 },
		{ ".x.replaces", 0, 0 },
		{ ".12.replaces2", 0, 0 },
		{ "12.replaces", 0, 0 },
		{ ".99999999999999999999999999999999999999999999999999999999"
		  "99999999.replaces",
		  0, 0 },
	};
	gsize i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		assert_int_equal(nw_cache_number(cases[i].name),
				 cases[i].number);
		assert_int_equal(nw_cache_replaces_number(cases[i].name),
				 cases[i].replaces);
	}
}

static void headers_are_found(void **state)
{
	static const struct {
		const char *text, *name, *value;
	} cases[] = {
		{ "A: b\n\n", "a", "b" },
		{ "A: b\n c\n\td\n\n", "A", "b c\td" },
		{ "AA: x\nA:b\n\n", "A", "b" },
		{ "B: c\n\nA: b\n", "A", NULL },
		{ "A: b", "A", "b" },
		{ "A:", "A", "" },
		{ "A", "A", NULL },
		{ "", "A", NULL },
		{ "X: y\n A: b\n\n", "A", NULL },
		{ "A: b\r\n\r\n", "A", "b" },
	};
	gsize i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		char *value =
			nw_cache_header_of(cases[i].text, strlen(cases[i].text),
					   cases[i].name);

		if (cases[i].value)
			assert_string_equal(value, cases[i].value);
		else
			assert_null(value);
		g_free(value);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_article_has_its_name_after_the_commit),
		TEST(what_an_interruption_left_is_cleared),
		TEST(a_kill_leaves_no_half_article),
		TEST(the_state_lasts),
		TEST(a_damaged_state_is_none),
		TEST(the_deleted_are_remembered),
		TEST(zeros_hide_none_of_the_deleted),
		TEST(a_full_disk_leaves_no_half),
		TEST(a_deleted_article_is_not_completed),
		TEST(headers_stay_headers_until_the_commit),
		TEST(a_deleted_article_is_not_renumbered),
		cmocka_unit_test(names_are_numbers_or_not),
		cmocka_unit_test(headers_are_found),
	};

	return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
