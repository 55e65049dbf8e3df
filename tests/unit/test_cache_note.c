/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is noted beside articles: the state, what the user deleted; and how
 * names and headers are read.
 */
#include "config.h"

#include <string.h>

#include "cache_fixture.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_state_lasts),
		TEST(a_damaged_state_is_none),
		TEST(the_deleted_are_remembered),
		TEST(zeros_hide_none_of_the_deleted),
		cmocka_unit_test(names_are_numbers_or_not),
		cmocka_unit_test(headers_are_found),
	};

	return cmocka_run_group_tests_name("cache_note", tests, NULL, NULL);
}
