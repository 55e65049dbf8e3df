/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdbool.h>
#include <string.h>

#include "newswire/utf8.h"

/* Texts with "|" where a line may be broken. */
static const char *const texts[] = {
	"",
	"word",
	"one |two |three",
	" |leading",
	"two  |spaces",
	"trailing ",
	"well-known |and/or |a.b",
	"stop . |here",
	"is |it ? |yes ! |no",
	"open |( word ) |close",
	"\xc3\xa4 |\xc3\xb6",
	"\xe4\xb8\xad|\xe6\x96\x87|\xe4\xba\xba",
	/* no line begins with a full stop or a closing bracket */
	"\xe4\xb8\xad|\xe6\x96\x87\xe3\x80\x82|\xe4\xba\xba",
	"\xe3\x80\x8c\xe4\xb8\xad\xe3\x80\x8d|\xe4\xba\xba",
	"a|\xe2\x80\x94|b",
	/* never within a cluster */
	"e\xcc\x81 |e\xcc\x81",
};

static void lines_break_where_they_may(void **state)
{
	char text[100], shown[200];
	bool marks[100];
	size_t i, j, len, out;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		for (j = len = 0; texts[i][j]; j++)
			if (texts[i][j] != '|')
				text[len++] = texts[i][j];
		nw_utf8_breaks(text, len, marks);
		for (j = out = 0; j < len; j++) {
			if (marks[j])
				shown[out++] = '|';
			shown[out++] = text[j];
		}
		shown[out] = '\0';
		assert_string_equal(shown, texts[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_break_where_they_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
