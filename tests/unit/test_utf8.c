/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include <unictype.h>
#include <uninorm.h>

#include "newswire/utf8.h"

#define PLENTY 1000

struct sample {
	const char *in;
	const char *out;	/* NULL: nothing is left */
};

static void test_valid(void **state)
{
	static const struct {
		const char *bytes;
		size_t len, valid;
	} samples[] = {
		{ "", 0, 0 },
		{ "abc", 3, 3 },
		{ "abcdefghijklmnop", 16, 16 },
		{ "abcdefgh\xff", 9, 8 },
		{ "a\0b", 3, 3 },
		{ "\xc3\xa9", 2, 2 },
		{ "\xe2\x82\xac", 3, 3 },
		{ "\xf0\x9f\x98\x80", 4, 4 },
		{ "\xf4\x8f\xbf\xbf", 4, 4 },
		{ "\xed\x9f\xbf\xee\x80\x80", 6, 6 },
		/* cut short */
		{ "a\xc3", 2, 1 },
		{ "a\xe2\x82", 3, 1 },
		{ "a\xf0\x9f\x98", 4, 1 },
		/* overlong */
		{ "\xc0\x80", 2, 0 },
		{ "\xc1\xbf", 2, 0 },
		{ "\xe0\x9f\xbf", 3, 0 },
		{ "\xf0\x8f\xbf\xbf", 4, 0 },
		/* surrogates, past the last plane, no lead at all */
		{ "\xed\xa0\x80", 3, 0 },
		{ "\xed\xbf\xbf", 3, 0 },
		{ "\xf4\x90\x80\x80", 4, 0 },
		{ "\xf5\x80\x80\x80", 4, 0 },
		{ "\x80", 1, 0 },
		{ "\xfe", 1, 0 },
		{ "\xe2\x28\xa1", 3, 0 },
		{ "\xf0\x9f\x28\x80", 4, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(samples); i++)
		assert_int_equal(nw_utf8_valid(samples[i].bytes,
					       samples[i].len),
				 samples[i].valid);
}

/* Every code point is written, found valid and read again. */
static void test_put_and_next(void **state)
{
	char bytes[4];
	size_t at, len;
	uint32_t point;

	(void)state;
	for (point = 0; point <= 0x110000; point++) {
		len = nw_utf8_put(point, bytes);
		if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
			assert_int_equal(len, 0);
			continue;
		}
		at = 0;
		assert_int_equal(nw_utf8_valid(bytes, len), len);
		assert_int_equal(nw_utf8_next(bytes, len, &at), point);
		assert_int_equal(at, len);
	}
	at = 0;
	assert_int_equal(nw_utf8_next("\xe2\x82", 2, &at), 0xfffd);
	assert_int_equal(at, 1);
}

static void check_lines(const struct sample *samples, size_t count,
			char *(*clean)(struct nw_arena *, const char *,
				       size_t, size_t))
{
	struct nw_arena *arena = nw_arena_new();
	char *copy, *out;
	size_t i, len;

	for (i = 0; i < count; i++) {
		len = strlen(samples[i].in);
		copy = malloc(len + !len);
		assert_non_null(copy);
		memcpy(copy, samples[i].in, len);
		out = clean(arena, copy, len, PLENTY);
		free(copy);
		if (!samples[i].out)
			assert_null(out);
		else
			assert_string_equal(out, samples[i].out);
	}
	nw_arena_free(&arena);
}

static void test_line(void **state)
{
	static const struct sample samples[] = {
		{ "", NULL },
		{ " \n\t ", NULL },
		{ "\xc2\xa0\xe2\x80\x8b\xef\xbb\xbf", NULL },
		{ "plain", "plain" },
		{ "two words", "two words" },
		{ "  two \r\n\t words  ", "two words" },
		{ "a\xc2\xa0\xe2\x80\xa8 b", "a b" },
		{ "a\xe3\x80\x80" "b", "a b" },
		{ "a\xc2\x85" "b", "a b" },
		/* what takes no room does not part a word */
		{ "re\xc2\xad" "sum\xe2\x81\xa0" "e\xe2\x80\x8bs", "resumes" },
		{ "a \xe2\x80\x8b b", "a b" },
		/* controls, C1, bidi, byte order marks, noncharacters */
		{ "a\x01\x1b[31m\x7f" "b", "a[31mb" },
		{ "a\xc2\x9b" "b", "ab" },
		{ "a\xe2\x80\xae" "b\xe2\x81\xa6" "c\xe2\x80\xac", "abc" },
		{ "\xef\xbb\xbf" "a\xef\xbf\xbe\xef\xb7\x90\xf0\x9f\xbf\xbf",
		  "a" },
		{ "\xe2\x80\x8f" "a", "\xe2\x80\x8f" "a" },
		/* an invalid byte is one replacement each */
		{ "a\xff\xfe" "b", "a\xef\xbf\xbd\xef\xbf\xbd" "b" },
		{ "a\xe2\x82", "a\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		/* NFC */
		{ "cafe\xcc\x81", "caf\xc3\xa9" },
		{ "\xe2\x84\xab", "\xc3\x85" },
		{ "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xed\x95\x9c" },
		{ "\xef\xac\x81", "\xef\xac\x81" },
		{ "\xd0\xb8\xcc\x86", "\xd0\xb9" },
		{ "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80",
		  "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80" },
		{ "\xe2\x80\x9cquoted\xe2\x80\x9d  text",
		  "\xe2\x80\x9cquoted\xe2\x80\x9d text" },
	};

	(void)state;
	check_lines(samples, COUNT(samples), nw_utf8_line);
}

static void test_lines(void **state)
{
	static const struct sample samples[] = {
		{ "", NULL },
		{ " \n\t\r\n ", NULL },
		{ "a\r\nb\rc\nd", "a\nb\nc\nd" },
		{ "\n\n\tif (x)\n\t\ty();\n\n", "\tif (x)\n\t\ty();" },
		{ "  indented", "  indented" },
		{ "a  b\t\tc", "a  b\t\tc" },
		{ "a\xc2\xa0" "b", "a b" },
		{ "a\xe2\x80\xa8" "b\xe2\x80\xa9" "c", "a\nb\nc" },
		{ "a\x0c" "b\x1b", "ab" },
		{ "e\xcc\x81\r\n\xff", "\xc3\xa9\n\xef\xbf\xbd" },
	};

	(void)state;
	check_lines(samples, COUNT(samples), nw_utf8_lines);
}

static void test_null(void **state)
{
	struct nw_arena *arena = nw_arena_new();

	(void)state;
	assert_null(nw_utf8_line(arena, NULL, 5, PLENTY));
	assert_null(nw_utf8_lines(arena, NULL, 5, PLENTY));
	assert_string_equal(nw_utf8_line(arena, "a\0b", 3, PLENTY), "ab");
	nw_arena_free(&arena);
}

#define E "\xe2\x80\xa6"
#define FLAG "\xf0\x9f\x87\xba\xf0\x9f\x87\xa6"
#define FAMILY "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x9a\x80"

static void test_cut(void **state)
{
	static const struct {
		const char *in;
		size_t max;
		const char *out;
	} samples[] = {
		{ "abcdef", 6, "abcdef" },
		{ "abcdefg", 6, "abc" E },
		{ "abc defg", 7, "abc" E },
		{ "  abc   def ", 7, "abc def" },
		{ "abcdef", 3, "abc" },
		{ "abcdef", 0, NULL },
		{ "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 8,
		  "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9" },
		{ "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 7, "\xc3\xa9\xc3\xa9" E },
		{ "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", 6, "\xc3\xa9" E },
		{ "a" FLAG FLAG FLAG, 19, "a" FLAG E },
		{ "a" FLAG FLAG FLAG, 20, "a" FLAG FLAG E },
		{ "a" FLAG FLAG, 16, "a" FLAG E },
		{ "ab" FAMILY FAMILY "c", 20, "ab" FAMILY E },
		/* decomposed: too long before NFC, not after it */
		{ "e\xcc\x81" "e\xcc\x81" "e\xcc\x81", 6,
		  "\xc3\xa9\xc3\xa9\xc3\xa9" },
		{ "a\r\nb", 3, "a b" },
	};
	struct nw_arena *arena = nw_arena_new();
	char *out;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(samples); i++) {
		out = nw_utf8_line(arena, samples[i].in,
				   strlen(samples[i].in), samples[i].max);
		if (samples[i].out)
			assert_string_equal(out, samples[i].out);
		else
			assert_null(out);
	}
	nw_arena_free(&arena);
}

/* For every length: valid, no longer than asked, and a prefix. */
static void test_cut_everywhere(void **state)
{
	static const char text[] = "Z\xcc\xb6\xcc\xa1\xcc\xa2 na\xc3\xafve "
		FAMILY " \xed\x95\x9c\xea\xb5\xad " FLAG
		"\xe0\xa4\x95\xe0\xa5\x8d\xe0\xa4\xb7 end";
	struct nw_arena *arena = nw_arena_new();
	char *whole, *out;
	size_t max, len;

	(void)state;
	whole = nw_utf8_line(arena, text, sizeof(text) - 1, PLENTY);
	for (max = 0; max <= sizeof(text); max++) {
		out = nw_utf8_line(arena, text, sizeof(text) - 1, max);
		len = out ? strlen(out) : 0;
		assert_true(len <= max);
		if (!out || !strcmp(out, whole))
			continue;
		assert_int_equal(nw_utf8_valid(out, len), len);
		if (len > 3 && !strcmp(out + len - 3, E))
			len -= 3;
		assert_memory_equal(out, whole, max > 3 ? len : 0);
	}
	nw_arena_free(&arena);
}

/* One cluster without end, and millions of octets, take no long time. */
static void test_hostile(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	const size_t len = 4000000;
	char *text = malloc(len), *out;
	size_t i;

	(void)state;
	assert_non_null(text);
	for (i = 0; i < len; i += 2)
		memcpy(text + i, "\xcc\x81", 2);
	out = nw_utf8_line(arena, text, len, 100);
	assert_non_null(out);
	assert_true(strlen(out) <= 100);
	assert_int_equal(nw_utf8_valid(out, strlen(out)), strlen(out));
	memset(text, 0xff, len);
	out = nw_utf8_line(arena, text, len, 100);
	assert_int_equal(strlen(out), 99);
	memset(text, ' ', len);
	assert_null(nw_utf8_line(arena, text, len, 100));
	assert_null(nw_utf8_lines(arena, text, len, 100));
	free(text);
	nw_arena_free(&arena);
}

static bool is_normal(const char *text, size_t len)
{
	size_t normal_len;
	uint8_t *normal = u8_normalize(UNINORM_NFC, (const uint8_t *)text, len,
				       NULL, &normal_len);
	bool same = normal && normal_len == len && !memcmp(normal, text, len);

	free(normal);
	return same;
}

/*
 * The result is in NFC for each code point behind each kind of starter: the
 * table of those that need no normalising has no wrong row.
 */
static void test_nfc_of_all(void **state)
{
	static const char *const starters[] = {
		"a", "<", "\xce\xb1", "\xd0\xb8", "\xe1\x84\x92\xe1\x85\xa1",
		"\xe1\x84\x92", "\xed\x95\x98", "\xe3\x81\x8b",
		"\xe0\xa4\xa8", "\xe0\xaf\x86", "\xe0\xb3\x86", "\xe0\xb7\x99",
		"\xe1\x80\xa5", "\xf0\x91\x84\xb1", "\xe2\x88\xa3",
		"e\xcc\xa7",
	};
	struct nw_arena *arena = nw_arena_new();
	char text[16], *out;
	size_t i, len;
	uint32_t point;

	(void)state;
	for (point = 1; point < 0x30000; point++)
		for (i = 0; i < COUNT(starters); i++) {
			len = strlen(starters[i]);
			memcpy(text, starters[i], len);
			len += nw_utf8_put(point, text + len);
			out = nw_utf8_line(arena, text, len, PLENTY);
			if (!is_normal(out, strlen(out)))
				fail_msg("U+%04X behind \"%s\"", point,
					 starters[i]);
			if (nw_arena_bytes(arena) > 1 << 20) {
				nw_arena_free(&arena);
				arena = nw_arena_new();
			}
		}
	nw_arena_free(&arena);
}

/* Whether clean text may not hold the code point. */
static bool is_dirty(uint32_t point)
{
	return uc_is_general_category(point, UC_CONTROL) ||
	       uc_is_property_not_a_character(point) || point == 0xad ||
	       point == 0x200b || point == 0x2060 || point == 0xfeff ||
	       (point >= 0x202a && point <= 0x202e) ||
	       (point >= 0x2066 && point <= 0x2069);
}

/* Each code point between two letters is kept, dropped or a space. */
static void test_clean_of_all(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	char text[8], bytes[4], *out;
	size_t len;
	uint32_t point;

	(void)state;
	for (point = 0; point < 0x110000; point++) {
		len = nw_utf8_put(point, bytes);
		if (!len)
			continue;
		text[0] = 'a';
		memcpy(text + 1, bytes, len);
		text[++len] = 'b';
		out = nw_utf8_line(arena, text, ++len, PLENTY);
		if (uc_is_property_white_space(point))
			assert_string_equal(out, "a b");
		else if (is_dirty(point))
			assert_string_equal(out, "ab");
		else if (is_normal(text, len))
			assert_memory_equal(out, text, len);
		else
			assert_true(is_normal(out, strlen(out)));
		if (nw_arena_bytes(arena) > 1 << 20) {
			nw_arena_free(&arena);
			arena = nw_arena_new();
		}
	}
	nw_arena_free(&arena);
}

static void test_space(void **state)
{
	static const uint32_t spaces[] = {
		'\t', '\n', '\v', '\f', '\r', ' ', 0x85, 0xa0, 0x1680, 0x2000,
		0x200a, 0x200b, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
	};
	uint32_t point;
	size_t i, found = 0;

	(void)state;
	for (i = 0; i < COUNT(spaces); i++)
		assert_true(nw_utf8_is_space(spaces[i]));
	/* All of Unicode's property White_Space, and U+200B. */
	for (point = 0; point < 0x110000; point++) {
		if (point == 0x200b)
			continue;
		assert_int_equal(nw_utf8_is_space(point),
				 uc_is_property_white_space(point));
		found += nw_utf8_is_space(point);
	}
	assert_int_equal(found, 25);
}

static void test_key(void **state)
{
	static const struct sample samples[] = {
		{ "", "" },
		{ " - !", "" },
		{ "Hello, World 42", "helloworld42" },
		{ "caf\xc3\x89", "caf\xc3\xa9" },
		{ "cafe\xcc\x81 \xe2\x80\x9cX\xe2\x80\x9d", "caf\xc3\xa9x" },
		{ "Stra\xc3\x9f" "e", "strasse" },
		{ "\xef\xac\x81nal", "final" },
		{ "\xef\xbc\xa1\xef\xbc\x91", "a1" },
		{ "\xd0\x9f\xd0\xa0\xd0\x98\xd0\x92\xd0\x95\xd0\xa2",
		  "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82" },
		{ "\xe4\xb8\xad\xe3\x80\x81\xe6\x96\x87",
		  "\xe4\xb8\xad\xe6\x96\x87" },
		/* a vowel sign is part of its letter */
		{ "\xe0\xa4\x95\xe0\xa4\xbf", "\xe0\xa4\x95\xe0\xa4\xbf" },
		{ "a\xff" "b", "ab" },
		{ "\xe2\x80\x94", "" },
	};
	struct nw_arena *arena = nw_arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(samples); i++)
		assert_string_equal(nw_utf8_key(arena, samples[i].in),
				    samples[i].out);
	assert_string_equal(nw_utf8_key(arena, NULL), "");
	nw_arena_free(&arena);
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(nw_utf8_width("abc", 3), 3);
	assert_int_equal(nw_utf8_width("", 0), 0);
	assert_int_equal(nw_utf8_width("a\tb\x7f", 4), 2);
	assert_int_equal(nw_utf8_width("caf\xc3\xa9", 5), 4);
	assert_int_equal(nw_utf8_width("cafe\xcc\x81", 6), 4);
	assert_int_equal(nw_utf8_width("\xe4\xb8\xad\xe6\x96\x87", 6), 4);
	assert_int_equal(nw_utf8_width("\xef\xbd\xb1", 3), 1);
	assert_int_equal(nw_utf8_width("\xff\xff", 2), 2);
}

static void test_printable(void **state)
{
	static const struct sample samples[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "a\r\nb\x1b[0m\x7f", "a??b?[0m?" },
		{ "caf\xc3\xa9", "caf\xc3\xa9" },
		{ "a\xc2\x9b" "b\xe2\x80\xae" "c", "a?b?c" },
		{ "a\xff" "b", "a?b" },
		{ "\x80\x80", "??" },
		{ "a\xe2\x82", "a" },
		{ "a\xf0\x9f\x98", "a" },
		{ "\xe2", "" },
		{ "a\xe2\x82z", "a??z" },
		{ "\xef\xbf\xbd", "\xef\xbf\xbd" },
	};
	char text[32];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(samples); i++) {
		memcpy(text, samples[i].in, strlen(samples[i].in) + 1);
		nw_utf8_printable(text);
		assert_string_equal(text, samples[i].out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_put_and_next),
		cmocka_unit_test(test_line),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_null),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_nfc_of_all),
		cmocka_unit_test(test_clean_of_all),
		cmocka_unit_test(test_space),
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_printable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
