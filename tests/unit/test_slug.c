/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "newswire/utf8.h"

static const struct {
	const char *text, *slug;
	size_t max;
} slugs[] = {
	{ "Jane Doe", "jane-doe", 64 },
	{ "  Jane -- Doe! ", "jane-doe", 64 },
	{ "Jos\xc3\xa9 Garc\xc3\xad" "a", "jose-garcia", 64 },
	{ "O'Brien O\xe2\x80\x99" "Brien", "obrien-obrien", 64 },
	{ "\xc3\x86r\xc3\xb8 Stra\xc3\x9f" "e \xc5\x81\xc3\xb3" "d\xc5\xba",
	  "aero-strasse-lodz", 64 },
	{ "C++ 11", "c++-11", 64 },
	{ "\xef\xac\x81ne \xe2\x85\xa3", "fine-iv", 64 },
	{ "a\r\nb\tc", "a-b-c", 64 },
	{ "\xd0\x9a\xd0\xb8\xd1\x97\xd0\xb2 x \xd0\x9a", "x", 64 },
	{ "\xd0\x9a\xd0\xb8\xd1\x97\xd0\xb2", NULL, 64 },
	{ "--", NULL, 64 },
	{ "", NULL, 64 },
	{ "abc def", "abc", 3 },
	{ "abc def", "abc", 4 },
	{ "abc def", "abc-d", 5 },
	{ "a\xc3\x9f", "a", 2 },
	{ "abc", NULL, 0 },
	{ "a\xff" "b", "a-b", 64 },
};

static void slug_keeps_letters_and_digits(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(slugs); i++) {
		const char *slug = nw_utf8_slug(arena, slugs[i].text,
						slugs[i].max);

		if (slugs[i].slug)
			assert_string_equal(slug ? slug : "", slugs[i].slug);
		else
			assert_null(slug);
	}
	nw_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slug_keeps_letters_and_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
