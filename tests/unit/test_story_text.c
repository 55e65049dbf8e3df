/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include "../../plugin/story_text.h"

static void put(enum nw_story_piece piece, const char *text, gsize len,
		gpointer data)
{
	assert_true(len > 0);
	g_string_append_c(data, "pHwcs"[piece]);
	g_string_append_c(data, '{');
	g_string_append_len(data, text, (gssize)len);
	g_string_append_c(data, '}');
}

static void test_pieces(void **state)
{
	static const struct {
		const char *text, *pieces;
	} samples[] = {
		{ "", "" },
		{ "2026-01-01T00:00:00Z  edited, by A\n",
		  "H{2026-01-01T00:00:00Z  edited, by A\n}" },
		{ "                      small edit\n",
		  "H{                      small edit\n}" },
		{ "    plain\n", "p{    }p{plain\n}" },
		{ "\nNow\n    end", "p{\n}H{Now\n}p{    }p{end}" },
		{ "    a [-b-] c [+d+] e\n",
		  "p{    }p{a }s{[-}w{b}s{-]}p{ c }s{[+}c{d}s{+]}p{ e\n}" },
		{ "    [-b-][+d+]", "p{    }s{[-}w{b}s{-]}s{[+}c{d}s{+]}" },
		/* Over a line end, but not over an empty line. */
		{ "    [-a\n    b-] c\n", "p{    }s{[-}w{a\n}p{    }w{b}s{-]}p{ c\n}" },
		{ "    [+a\n\n    b+]\n", "p{    }s{[+}c{a\n}p{\n}p{    }p{b+]\n}" },
		/* What closes nothing is text, as is what opens inside. */
		{ "    a-] +] [+b-] [- c+] d",
		  "p{    }p{a-] +] }s{[+}c{b-] [- c}s{+]}p{ d}" },
		{ "    [--] [-", "p{    }s{[-}s{-]}p{ }s{[-}" },
		{ "[-no mark in a heading-]\n    x",
		  "H{[-no mark in a heading-]\n}p{    }p{x}" },
		{ "    [-a\nNow\n    b-]", "p{    }s{[-}w{a\n}H{Now\n}p{    }p{b-]}" },
		{ "    [", "p{    }p{[}" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(samples); i++) {
		GString *pieces = g_string_new(NULL);

		nw_story_text_read(samples[i].text, put, pieces);
		assert_string_equal(pieces->str, samples[i].pieces);
		(void)g_string_free(pieces, TRUE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
