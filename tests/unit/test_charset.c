/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/charset.h"
#include "newswire/utf8.h"

#define PLENTY ((size_t)64 << 20)

struct sample {
	const char *http;	/* NULL: the server says nothing */
	const char *bytes;
	size_t len;
	const char *used;
	const char *text;
};

/* A literal with its length: some hold NULs. */
#define BYTES(literal) literal, sizeof(literal) - 1

static void check(const struct sample *samples, size_t count)
{
	struct nw_error err;
	struct nw_buf out;
	const char *used;
	char *copy;
	size_t i;

	for (i = 0; i < count; i++) {
		nw_buf_init(&out, PLENTY);
		copy = malloc(samples[i].len + !samples[i].len);
		assert_non_null(copy);
		memcpy(copy, samples[i].bytes, samples[i].len);
		assert_int_equal(nw_charset_to_utf8(&out, copy,
						    samples[i].len,
						    samples[i].http, &used,
						    &err), 0);
		free(copy);
		if (strcmp(used, samples[i].used) ||
		    strcmp(out.data, samples[i].text))
			fail_msg("%zu: %s: \"%s\"", i, used, out.data);
		assert_int_equal(out.len, strlen(samples[i].text));
		nw_buf_free(&out);
	}
}

static void test_marks(void **state)
{
	static const struct sample samples[] = {
		{ NULL, BYTES("\xef\xbb\xbf" "a\xc3\xa9"), "UTF-8",
		  "a\xc3\xa9" },
		{ "windows-1251", BYTES("\xef\xbb\xbf" "a"), "UTF-8", "a" },
		{ NULL, BYTES("\xff\xfe" "a\0\xe9\0"), "UTF-16LE",
		  "a\xc3\xa9" },
		{ NULL, BYTES("\xfe\xff\0a\0\xe9"), "UTF-16BE", "a\xc3\xa9" },
		{ "utf-8", BYTES("\xfe\xff\xd8\x3d\xde\x00"), "UTF-16BE",
		  "\xf0\x9f\x98\x80" },
		{ NULL, BYTES("\xff\xfe\0\0a\0\0\0"), "UTF-32LE", "a" },
		{ NULL, BYTES("\0\0\xfe\xff\0\0\0a"), "UTF-32BE", "a" },
		/* a half pair and an odd octet cost one character each */
		{ NULL, BYTES("\xfe\xff\0a\xd8\x3d\0b\0"), "UTF-16BE",
		  "a\xef\xbf\xbd" "b\xef\xbf\xbd" },
		{ NULL, BYTES("\xef\xbb\xbf"), "UTF-8", "" },
		{ NULL, BYTES("\xff\xfe"), "UTF-16LE", "" },
		{ NULL, BYTES(""), "UTF-8", "" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

static void test_patterns(void **state)
{
	static const struct sample samples[] = {
		{ NULL, BYTES("<\0a\0>\0"), "UTF-16LE", "<a>" },
		{ NULL, BYTES("\0<\0a\0>"), "UTF-16BE", "<a>" },
		{ "utf-8", BYTES("<\0a\0>\0\xe9\0"), "UTF-16LE",
		  "<a>\xc3\xa9" },
		{ NULL, BYTES("<\0\0\0a\0\0\0"), "UTF-32LE", "<a" },
		{ NULL, BYTES("\0\0\0<\0\0\0a"), "UTF-32BE", "<a" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

/* What is valid UTF-8 is UTF-8, whatever anyone says. */
static void test_valid(void **state)
{
	static const struct sample samples[] = {
		{ NULL, BYTES("plain"), "UTF-8", "plain" },
		{ NULL, BYTES("caf\xc3\xa9"), "UTF-8", "caf\xc3\xa9" },
		{ "iso-8859-1", BYTES("caf\xc3\xa9"), "UTF-8", "caf\xc3\xa9" },
		{ "gb2312", BYTES("\xe4\xb8\xad"), "UTF-8", "\xe4\xb8\xad" },
		{ NULL, BYTES("<meta charset=windows-1251>\xd0\xb9"), "UTF-8",
		  "<meta charset=windows-1251>\xd0\xb9" },
		{ "utf-16", BYTES("plain"), "UTF-8", "plain" },
		{ "no-such-thing", BYTES("caf\xc3\xa9"), "UTF-8",
		  "caf\xc3\xa9" },
		{ "iso-2022-jp", BYTES("plain"), "UTF-8", "plain" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

static void test_repair(void **state)
{
	static const struct sample samples[] = {
		{ "utf-8", BYTES("\xc3\xa9 \x93quoted\x94 \x80"), "UTF-8",
		  "\xc3\xa9 \xe2\x80\x9cquoted\xe2\x80\x9d \xe2\x82\xac" },
		{ "utf-8", BYTES("caf\xe9 cr\xe8me"), "UTF-8",
		  "caf\xc3\xa9 cr\xc3\xa8me" },
		/* five octets of windows-1252 mean nothing */
		{ "utf-8", BYTES("\xc3\xa9\x81\x8d\x8f\x90\x9d."), "UTF-8",
		  "\xc3\xa9\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
		  "\xef\xbf\xbd." },
		{ NULL, BYTES("\xc3\xa9\xc3\xa9\x96"), "UTF-8",
		  "\xc3\xa9\xc3\xa9\xe2\x80\x93" },
		{ NULL, BYTES("caf\xe9"), "windows-1252", "caf\xc3\xa9" },
		{ NULL, BYTES("na\xefve caf\xe9"), "windows-1252",
		  "na\xc3\xafve caf\xc3\xa9" },
		/* cut in the middle of a sequence */
		{ "utf-8", BYTES("\xc3\xa9\xe2\x82"), "UTF-8",
		  "\xc3\xa9\xef\xbf\xbd" },
		{ NULL, BYTES("\xc3\xa9\xc3\xa9\xf0\x9f\x98"), "UTF-8",
		  "\xc3\xa9\xc3\xa9\xef\xbf\xbd" },
		/* one stray among many sequences belies the declaration */
		{ "windows-1251",
		  BYTES("\xd0\xb0\xd0\xb1\xd0\xb2\xd0\xb0\xd0\xb1\xd0\xb2"
			"\xd0\xb0\xd0\xb1\xd0\xb2\xd0\xb0\xd0\xb1\xd0\xb2"
			"\xd0\xb0\xd0\xb1\xd0\xb2\xd0\xb0\xd0\xb1\xd0\xb2"
			"\xd0\xb0\xd0\xb1\xd0\xb2\x97"), "UTF-8",
		  "\xd0\xb0\xd0\xb1\xd0\xb2\xd0\xb0\xd0\xb1\xd0\xb2"
		  "\xd0\xb0\xd0\xb1\xd0\xb2\xd0\xb0\xd0\xb1\xd0\xb2"
		  "\xd0\xb0\xd0\xb1\xd0\xb2\xd0\xb0\xd0\xb1\xd0\xb2"
		  "\xd0\xb0\xd0\xb1\xd0\xb2\xe2\x80\x94" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

static void test_labels(void **state)
{
	static const struct sample samples[] = {
		{ "iso-8859-1", BYTES("\x93\xe9\x80"), "windows-1252",
		  "\xe2\x80\x9c\xc3\xa9\xe2\x82\xac" },
		{ " \"Latin1\" ", BYTES("\xe9"), "windows-1252", "\xc3\xa9" },
		{ "us-ascii", BYTES("\x92"), "windows-1252", "\xe2\x80\x99" },
		{ "iso-8859-9", BYTES("\xfd\xfe"), "windows-1254",
		  "\xc4\xb1\xc5\x9f" },
		{ "WINDOWS-1251", BYTES("\xef\xf0\xe8\xe2\xe5\xf2"),
		  "windows-1251",
		  "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82" },
		{ "koi8-r", BYTES("\xd0\xd2\xc9\xd7\xc5\xd4"), "KOI8-R",
		  "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82" },
		{ "koi8-u", BYTES("\xa4\xa6\xa7\xad"), "KOI8-U",
		  "\xd1\x94\xd1\x96\xd1\x97\xd2\x91" },
		{ "iso-8859-2", BYTES("\xb1\xb6"), "ISO-8859-2",
		  "\xc4\x85\xc5\x9b" },
		{ "windows-1250", BYTES("\xb9\x9c"), "windows-1250",
		  "\xc4\x85\xc5\x9b" },
		{ "iso-8859-7", BYTES("\xc1\xdc"), "ISO-8859-7",
		  "\xce\x91\xce\xac" },
		{ "iso-8859-8-i", BYTES("\xe0\xe1"), "ISO-8859-8",
		  "\xd7\x90\xd7\x91" },
		{ "windows-1256", BYTES("\xc7\xe1"), "windows-1256",
		  "\xd8\xa7\xd9\x84" },
		{ "iso-8859-15", BYTES("\xa4"), "ISO-8859-15",
		  "\xe2\x82\xac" },
		{ "tis-620", BYTES("\xa1\xd2"), "windows-874",
		  "\xe0\xb8\x81\xe0\xb8\xb2" },
		{ "x-mac-cyrillic", BYTES("\x80\xa2"), "x-mac-cyrillic",
		  "\xd0\x90\xd2\x90" },
		{ "macintosh", BYTES("\x8e"), "macintosh", "\xc3\xa9" },
		{ "gb2312", BYTES("\xd6\xd0\xce\xc4"), "gb18030",
		  "\xe4\xb8\xad\xe6\x96\x87" },
		/* not in GB 2312, but in what the label means */
		{ "gb2312", BYTES("\xe9\x46"), "gb18030", "\xe9\x95\x95" },
		{ "gbk", BYTES("\x80"), "gb18030", "\xef\xbf\xbd" },
		{ "big5", BYTES("\xa4\xa4\xa4\xe5"), "Big5",
		  "\xe4\xb8\xad\xe6\x96\x87" },
		{ "shift_jis", BYTES("\x93\xfa\x96\x7b\x87\x40\xb1"),
		  "Shift_JIS",
		  "\xe6\x97\xa5\xe6\x9c\xac\xe2\x91\xa0\xef\xbd\xb1" },
		{ "euc-jp", BYTES("\xc6\xfc\xcb\xdc"), "EUC-JP",
		  "\xe6\x97\xa5\xe6\x9c\xac" },
		{ "iso-2022-jp", BYTES("\x1b$BF|K\\\x1b(B."), "ISO-2022-JP",
		  "\xe6\x97\xa5\xe6\x9c\xac." },
		{ "euc-kr", BYTES("\xc7\xd1\xb1\xdb\x81\x41"), "EUC-KR",
		  "\xed\x95\x9c\xea\xb8\x80\xea\xb0\x82" },
		{ "no-such-thing", BYTES("\xe9."), "windows-1252",
		  "\xc3\xa9." },
		{ "", BYTES("\xe9."), "windows-1252", "\xc3\xa9." },
		/* bad octets cost no more than themselves */
		{ "gb18030", BYTES("a\xff" "b\xd6\xd0\xd6"), "gb18030",
		  "a\xef\xbf\xbd" "b\xe4\xb8\xad\xef\xbf\xbd" },
		{ "euc-kr", BYTES("<p>\xc7\x3c/p>"), "EUC-KR",
		  "<p>\xef\xbf\xbd</p>" },
		{ "iso-8859-6", BYTES("\xa1\xc7"), "ISO-8859-6",
		  "\xef\xbf\xbd\xd8\xa7" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

#define TAIL "\xef\xf0\xe8"
#define PRI "\xd0\xbf\xd1\x80\xd0\xb8"
#define LATIN "\xc3\xaf\xc3\xb0\xc3\xa8"
#define DECLARED(head) { NULL, BYTES(head TAIL), "windows-1251", head PRI }
#define NOT_DECLARED(head) { NULL, BYTES(head TAIL), "windows-1252", head LATIN }

static void test_declared(void **state)
{
	static const struct sample samples[] = {
		DECLARED("<?xml version=\"1.0\" encoding=\"windows-1251\"?>"),
		DECLARED("\n<?xml version='1.0' encoding = 'CP1251' ?>"),
		DECLARED("<meta charset=windows-1251>"),
		DECLARED("<html><head><META Charset='windows-1251' />"),
		DECLARED("<meta name=a charset=\" windows-1251 \">"),
		DECLARED("<meta http-equiv=\"Content-Type\" content=\"text/html"
			 "; charset=windows-1251\">"),
		DECLARED("<meta content='text/html;charset = \"windows-1251\"'"
			 " http-equiv=content-type>"),
		DECLARED("<meta http-equiv=content-type content=\"charset;"
			 " charset=windows-1251; x=y\">"),
		DECLARED("<!-- <meta charset=koi8-r> --><meta "
			 "charset=windows-1251>"),
		DECLARED("<!--><meta charset=windows-1251>"),
		DECLARED("<a title='<meta charset=koi8-r>'><meta "
			 "charset=windows-1251>"),
		DECLARED("<?php <meta charset=koi8-r ?><meta "
			 "charset=windows-1251>"),
		DECLARED("</p><!doctype html><meta/charset=windows-1251>"),
		DECLARED("<meta charset=nothing><meta charset=windows-1251>"),
		NOT_DECLARED("<meta name=x content='text/html; "
			     "charset=windows-1251'>"),
		NOT_DECLARED("<metadata charset=windows-1251>"),
		NOT_DECLARED("<meta x=\"charset=windows-1251\">"),
		NOT_DECLARED("<!-- <meta charset=windows-1251>"),
		NOT_DECLARED("<meta charset>"),
		NOT_DECLARED("<meta content http-equiv>"),
		NOT_DECLARED("<meta charset="),
		NOT_DECLARED("<meta charset='windows-1251"),
		NOT_DECLARED("<meta http-equiv=content-type content=charset>"),
		/* a document that can be read so far is not in UTF-16 */
		{ NULL, BYTES("<meta charset=utf-16>\xc3\xa9\xe9 "), "UTF-8",
		  "<meta charset=utf-16>\xc3\xa9\xc3\xa9 " },
		/* the server is believed before the document */
		{ "koi8-r", BYTES("<meta charset=windows-1251>\xd0\xd2"),
		  "KOI8-R", "<meta charset=windows-1251>\xd0\xbf\xd1\x80" },
		{ NULL, BYTES("<meta charset=iso-2022-jp>\x1b$BF|K\\\x1b(B"),
		  "ISO-2022-JP",
		  "<meta charset=iso-2022-jp>\xe6\x97\xa5\xe6\x9c\xac" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

/* A declaration counts within the first 1,024 octets only. */
static void test_far(void **state)
{
	static const char meta[] = "<meta charset=windows-1251>";
	char bytes[1100];
	struct nw_buf out;
	const char *used;

	(void)state;
	nw_buf_init(&out, PLENTY);
	memset(bytes, ' ', sizeof(bytes));
	bytes[sizeof(bytes) - 1] = '\xe9';
	memcpy(bytes + 1024 - (sizeof(meta) - 1), meta, sizeof(meta) - 1);
	assert_int_equal(nw_charset_to_utf8(&out, bytes, sizeof(bytes), NULL,
					    &used, NULL), 0);
	assert_string_equal(used, "windows-1251");
	nw_buf_reset(&out);
	memset(bytes, ' ', 1024);
	memcpy(bytes + 1024, meta, sizeof(meta) - 1);
	assert_int_equal(nw_charset_to_utf8(&out, bytes, sizeof(bytes), NULL,
					    &used, NULL), 0);
	assert_string_equal(used, "windows-1252");
	nw_buf_free(&out);
}

static void test_appends(void **state)
{
	struct nw_buf out;

	(void)state;
	nw_buf_init(&out, PLENTY);
	nw_buf_adds(&out, "before ");
	assert_int_equal(nw_charset_to_utf8(&out, "\xe9", 1, NULL, NULL, NULL),
			 0);
	assert_string_equal(out.data, "before \xc3\xa9");
	nw_buf_free(&out);
}

/* The ceiling is met exactly or not at all, whatever the encoding. */
static void test_ceiling(void **state)
{
	static const struct {
		const char *http, *bytes;
		size_t len, need;
	} samples[] = {
		{ NULL, BYTES("abc"), 3 },
		{ NULL, BYTES("caf\xe9"), 5 },
		{ "utf-8", BYTES("\xc3\xa9\x93"), 5 },
		{ "gbk", BYTES("\xd6\xd0\xce\xc4"), 6 },
		{ "gbk", BYTES("\xd6\xd0\xff"), 6 },
		{ NULL, BYTES("\xff\xfe" "a\0\xe9\0"), 3 },
	};
	struct nw_error err;
	struct nw_buf out;
	const char *used;
	size_t i, max;

	(void)state;
	for (i = 0; i < COUNT(samples); i++)
		for (max = 0; max <= samples[i].need; max++) {
			nw_buf_init(&out, max + 2);
			nw_buf_adds(&out, "> ");
			used = "untouched";
			if (nw_charset_to_utf8(&out, samples[i].bytes,
					       samples[i].len,
					       samples[i].http, &used, &err)) {
				assert_true(max < samples[i].need);
				assert_int_equal(err.code, NW_ERROR_REFUSED);
				assert_string_equal(out.data, "> ");
				assert_string_equal(used, "untouched");
			} else {
				assert_int_equal(max, samples[i].need);
				assert_int_equal(out.len, max + 2);
			}
			nw_buf_free(&out);
		}
}

/* More than one chunk of iconv, and what a chunk cuts in two. */
static void test_large(void **state)
{
	const size_t count = 300001;
	char *bytes = malloc(2 * count);
	struct nw_buf out;
	size_t i;

	(void)state;
	assert_non_null(bytes);
	for (i = 0; i < count; i++)
		memcpy(bytes + 2 * i, "\xd6\xd0", 2);
	nw_buf_init(&out, PLENTY);
	assert_int_equal(nw_charset_to_utf8(&out, bytes, 2 * count, "gbk",
					    NULL, NULL), 0);
	assert_int_equal(out.len, 3 * count);
	for (i = 0; i < count; i++)
		assert_memory_equal(out.data + 3 * i, "\xe4\xb8\xad", 3);
	/* Nothing but bad octets: one character for each. */
	nw_buf_reset(&out);
	memset(bytes, 0xff, 2 * count);
	assert_int_equal(nw_charset_to_utf8(&out, bytes, 2 * count, "gbk",
					    NULL, NULL), 0);
	assert_int_equal(out.len, 3 * 2 * count);
	assert_int_equal(nw_utf8_valid(out.data, out.len), out.len);
	nw_buf_free(&out);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_repair),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_declared),
		cmocka_unit_test(test_far),
		cmocka_unit_test(test_appends),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
