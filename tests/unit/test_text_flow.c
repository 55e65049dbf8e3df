/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RFC 3676: lines that are broken come back whole; and how large a text may be.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "newswire/utf8.h"
#include "text_fixture.h"

#define HAN20 HAN HAN HAN HAN HAN
#define EMOJI "\U0001f600\U0001f600 \U0001f1fa\U0001f1e6 \U0001f44d\U0001f3fd "
#define ACCENTS "e\u0301e\u0302e\u0303e\u0304 o\u0308o\u0308 "
#define ARABIC "\u0645\u0631\u062d\u0628\u064b\u0627 " \
	       "\u0628\u0627\u0644\u0639\u0627\u0644\u0645 (12.5%) "
#define KANA "\u30d5\u30a7\u30ea\u30fc\u306f\u6b63\u5348\u306b\u51fa" \
	     "\u822a\u3057\u305f\u3002"
/* 72 columns; nothing may be broken before a comma. */
#define COMMAS "、、、、、、、"
#define FULL_LINE "中" COMMAS COMMAS COMMAS COMMAS COMMAS

/*
 * RFC 3676 section 4 read anew, for a text of one paragraph: without stuffing
 * and marks, soft line ends joined.  The depth of the marks must not change.
 */
static void unflow(const char *text, bool delsp, struct nw_buf *out)
{
	size_t marks = strspn(text, ">"), len;

	for (;;) {
		assert_int_equal(strspn(text, ">"), marks);
		text += marks;
		text += *text == ' ';
		len = strcspn(text, "\n");
		if (!len || text[len - 1] != ' ')
			break;
		nw_buf_add(out, text, len - delsp);
		text += len + 1;
	}
	nw_buf_add(out, text, len);
	assert_int_equal(text[len], '\n');
}

static const struct {
	const char *text;
	bool delsp;
} flows[] = {
	{ LOREM " " LOREM " " LOREM, false },
	{ "Gr\xc3\xbc\xc3\x9f" "e " LOREM " " LOREM, false },
	{ "wo-rds wo-rds " LOREM "-" LOREM "-" LOREM, false },
	{ "\xc2\xab Bonjour \xc2\xbb " LOREM " \xc2\xab Oui ! \xc2\xbb", false },
	{ EMOJI EMOJI EMOJI EMOJI EMOJI LOREM EMOJI "x", false },
	{ ACCENTS ACCENTS ACCENTS ACCENTS LOREM, false },
	{ ARABIC ARABIC ARABIC ARABIC ARABIC "x", false },
	{ KANA KANA KANA KANA, true },
	{ HAN20 HAN20, true },
	{ HAN20 HAN20 " " HAN20 " " HAN20 HAN20 LOREM, true },
	{ LOREM HAN20 HAN20 HAN20, true },
	{ HAN " " HAN " " HAN20 " " HAN20, false },
	{ HAN20 HAN20 " https://l.example/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-b/c",
	  true },
	{ "\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4 \xed\x95\x9c\xea\xb5\xad\xec\x96"
	  "\xb4 \xed\x95\x9c\xea\xb5\xad\xec\x96\xb4 \xed\x95\x9c\xea\xb5\xad\xec"
	  "\x96\xb4 \xed\x95\x9c\xea\xb5\xad\xec\x96\xb4 \xed\x95\x9c\xea\xb5\xad"
	  "\xec\x96\xb4 \xed\x95\x9c\xea\xb5\xad\xec\x96\xb4 \xed\x95\x9c\xea\xb5"
	  "\xad\xec\x96\xb4 \xed\x95\x9c\xea\xb5\xad\xec\x96\xb4 " LOREM, false },
	/* a line of hyphens and the space that DelSp adds were a signature */
	{ "--" FULL_LINE HAN20 HAN20, true },
	{ "-- " FULL_LINE HAN20 HAN20, true },
	{ "-- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- "
	  "-- -- -- -- -- --", false },
};

static void assert_lines_fit(const char *text)
{
	size_t len;

	for (; *text; text += len + 1) {
		len = strcspn(text, "\n");
		/* two more for the spaces at its end */
		if (!memchr(text, '/', len) && !memchr(text, '-', len))
			assert_true(nw_utf8_width(text, len) <=
				    NW_TEXT_COLUMNS + 2);
	}
}

static void flowed_text_comes_back(void **state)
{
	const struct nw_post post = { .kind = NW_POST_ROOT };
	struct nw_buf out;
	unsigned quote;
	size_t i;

	for (i = 0; i < COUNT(flows); i++)
		for (quote = 0; quote < 3; quote++) {
			struct nw_story *story =
				model_text(*state, "T", flows[i].text);
			const char *text;
			bool delsp;

			story->body.blocks[0].quote = quote;
			text = text_of(state, story, &post, &delsp);
			nw_buf_init(&out, NW_MESSAGE_BYTES);
			unflow(text, delsp, &out);
			assert_string_equal(out.data, flows[i].text);
			assert_int_equal(delsp, flows[i].delsp);
			assert_lines_fit(text);
			assert_null(strstr(nw_arena_printf(*state, "\n%s",
							   text),
					   "\n-- \n"));
			nw_buf_free(&out);
		}
}

static void ceiling_is_kept(void **state)
{
	struct nw_story *story = model_text(*state, "T", LOREM);
	const struct nw_post post = { .kind = NW_POST_ROOT };
	struct nw_error err;
	struct nw_buf out;
	bool delsp;

	nw_buf_init(&out, 100);
	nw_buf_adds(&out, "before");
	assert_int_equal(nw_text_write(&out, story, &post, &delsp, &err), -1);
	assert_int_equal(err.code, NW_ERROR_REFUSED);
	assert_string_equal(out.data, "before");
	nw_buf_free(&out);
}

/* A page can hold as many links and cells as its size allows. */
static void large_text_takes_no_long_time(void **state)
{
	const struct nw_post post = { .kind = NW_POST_ROOT };
	struct nw_story *story = nw_story_new(*state);
	struct nw_block *block = nw_body_add(*state, &story->body,
					     NW_BLOCK_PARAGRAPH);
	const char *text;
	size_t i, count = 100000;
	bool delsp;

	block->spans = nw_arena_alloc(*state, count * sizeof(*block->spans));
	block->span_count = count;
	for (i = 0; i < count; i++) {
		block->spans[i].text = "x";
		block->spans[i].href = nw_arena_printf(
			*state, "https://l.example/%zu", i);
	}
	text = text_of(state, story, &post, &delsp);
	assert_non_null(strstr(text, "\n[100000] https://l.example/99999\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flowed_text_comes_back),
		cmocka_unit_test(ceiling_is_kept),
		cmocka_unit_test(large_text_takes_no_long_time),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
