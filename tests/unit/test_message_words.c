/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Encoded words (RFC 2047) in the headers of messages.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "message_fixture.h"

#define HAN   "\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad\xe6\x96\x87"
#define HAN20 HAN HAN HAN HAN HAN
#define SMILE "\xf0\x9f\x98\x80"

static const char *const texts[] = {
	"Plain words",
	"Gr\xc3\xb6\xc3\x9f"
	"e",
	"A word Gr\xc3\xb6\xc3\x9f"
	"e and more Gr\xc3\xb6\xc3\x9f"
	"e "
	"Gr\xc3\xb6\xc3\x9f"
	"e",
	"\xd0\x97\xd0\xb5\xd0\xbb\xd0\xb5\xd0\xbd\xd1\x81\xd1\x8c\xd0\xba\xd0\xb8"
	"\xd0\xb9 \xd0\xb2 \xd0\x9a\xd0\xb8\xd1\x94\xd0\xb2\xd1\x96: 5 + 5 = 10",
	HAN20 HAN20 HAN20 HAN20,
	SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE
		SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE
			SMILE SMILE,
	"a" SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE,
	"ab" SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE,
	"abc" SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE SMILE,
	"=?UTF-8?Q?not_ours?= stays",
	"a =?b =?= c",
	"under_score and ?= marks",
	"\"quoted\" (and) <angled> a, b; c: d@e [f] \\g",
	"one-long-word-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	"many words of plain ASCII that need more than one line to stand on, and "
	"then some more of them so that there are three",
	"e\xcc\x81 combining",
};

static void check_subject(void **state, const char *text)
{
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_post post = message_root();
	const char *message, *value;

	post.subject = text;
	message = message_of(state, story, &post);
	message_check_words(state, message, "Subject");
	value = message_header(state, message, "Subject");
	assert_string_equal(message_decoded(state, value), text);
	/* GMime, and so Pan, takes words of base64 that stand side by side for
	 * one and ends where the first is padded. */
	assert_null(strstr(value, "=?= =?"));
}

static void subject_comes_back(void **state)
{
	size_t i;

	for (i = 0; i < COUNT(texts); i++)
		check_subject(state, texts[i]);
}

/* Every length of the words before it moves the edges of the encoded one. */
static void subject_comes_back_at_each_edge(void **state)
{
	char text[400];
	unsigned pad, kind;

	for (pad = 1; pad < 90; pad++)
		for (kind = 0; kind < 3; kind++) {
			memset(text, 0, sizeof(text));
			memset(text, 'x', pad);
			if (pad > 45)
				text[40] = ' ';
			(void)snprintf(text + pad, sizeof(text) - pad, "%s%s",
				       kind == 1 ? "" : " ",
				       kind == 2 ? "Gr\xc3\xb6\xc3\x9f"
						   "e-aaaaaa-"
						   "bbbbbb-cccccc-dddddd-eeeeee"
						   "-\xc3\xbc"
						 : HAN20);
			check_subject(state, text);
		}
}

#define KYIV \
	"\xd0\x97\xd0\xb5\xd0\xbb\xd0\xb5\xd0\xbd\xd0\xb8 \xd0\x9a\xd0\xb8\xd1\x97\xd0\xb2 "

/* A word that has room is not torn: a reader that shows the gap between two
 * encoded words shows it where a space is. */
static void encoded_words_end_at_spaces(void **state)
{
	static const char *const cases[] = {
		KYIV KYIV KYIV KYIV KYIV "\xd1\x97",
		"\xc3\x84gypten \xc3\xa4ndert \xc3\xb6lige \xc3\xbc"
		"ble "
		"\xc3\x84mter \xc3\xa4hnlich \xc3\xb6"
		"fter \xc3\xbc"
		"berall \xc3\xa4rmer",
	};
	struct nw_story *story = model_text(*state, "T", "Body.");
	struct nw_post post = message_root();
	const char *value, *at;
	char octets[100];
	size_t i, len, torn, words;
	bool at_space;

	for (i = 0; i < COUNT(cases); i++) {
		post.subject = cases[i];
		value = message_header(state, message_of(state, story, &post),
				       "Subject");
		torn = words = 0;
		at_space = true;
		for (at = value; (at = strstr(at, "=?UTF-8?")); words++) {
			bool q = at[8] == 'Q';

			at += strlen("=?UTF-8?Q?");
			len = (size_t)(strstr(at, "?=") - at);
			len = q ? message_q_octets(at, len, octets)
				: message_b_octets(at, len, octets);
			torn += !at_space && octets[0] != (q ? '_' : ' ');
			at_space = octets[len - 1] == (q ? '_' : ' ');
		}
		assert_true(words > 1);
		assert_int_equal(torn, 0);
		assert_string_equal(message_decoded(state, value), cases[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(subject_comes_back),
		cmocka_unit_test(subject_comes_back_at_each_edge),
		cmocka_unit_test(encoded_words_end_at_spaces),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
