/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>

#include "../../gateway/page/extract_private.h"

static void test_names(void **state)
{
	static const struct {
		const char *list;
		unsigned means;
	} cases[] = {
		{ "", 0 },
		{ "c-1f3 x", 0 },
		{ "alsoread", NW_WORD_RELATED },
		{ "AlsoRead", NW_WORD_RELATED },
		{ "x  also-read\n", NW_WORD_RELATED },
		{ "taglist", NW_WORD_TAGS },
		{ "sronly", NW_WORD_HIDDEN | NW_WORD_FURNITURE },
	};
	struct nw_arena *arena = nw_arena_new();
	struct nw_words *words = nw_words_new(arena);
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		if (nw_words_of(words, cases[i].list) != cases[i].means)
			fail_msg("%s: %#x", cases[i].list,
				 nw_words_of(words, cases[i].list));
	nw_arena_free(&arena);
}

/* What is remembered of a list outlives it: live updates are taken out of the
 * tree before the body is looked for. */
static void test_list_changes(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_words *words = nw_words_new(arena);
	char list[16], other[16];
	unsigned i;

	(void)state;
	for (i = 0; i < 20000; i++) {
		(void)snprintf(list, sizeof(list), "related");
		assert_int_equal(nw_words_of(words, list), NW_WORD_RELATED);
		(void)snprintf(list, sizeof(list), "z%u", i);
		(void)snprintf(other, sizeof(other), "z%u", i);
		assert_int_equal(nw_words_of(words, other), 0);
	}
	nw_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_list_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
