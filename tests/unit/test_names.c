/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include "newswire/names.h"

static void a_set_has_its_names(void **state)
{
	const char *names[] = { "b", "", "a", "b", "\xc3\xa4", "B", "ab" };
	const size_t count = sizeof(names) / sizeof(*names);
	size_t i;

	(void)state;
	nw_names_sort(names, count);
	assert_string_equal(names[0], "");
	assert_string_equal(names[1], "B");
	assert_string_equal(names[count - 1], "\xc3\xa4");
	for (i = 0; i < count; i++)
		assert_true(nw_names_have(names, count, names[i]));
	assert_false(nw_names_have(names, count, "c"));
	assert_false(nw_names_have(names, count, "A"));
	assert_false(nw_names_have(names, count, "abc"));
}

static void an_empty_one_has_none(void **state)
{
	(void)state;
	nw_names_sort(NULL, 0);
	assert_false(nw_names_have(NULL, 0, ""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_set_has_its_names),
		cmocka_unit_test(an_empty_one_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
