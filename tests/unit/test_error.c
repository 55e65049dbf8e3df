/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <errno.h>
#include <string.h>
#include <sysexits.h>

#include "newswire/error.h"

static void test_set(void **state)
{
	struct nw_error err;

	(void)state;
	assert_int_equal(nw_error_set(&err, NW_ERROR_DATA, "%s: line %d",
				      "feed", 7), -1);
	assert_int_equal(err.code, NW_ERROR_DATA);
	assert_string_equal(err.text, "feed: line 7");
	assert_int_equal(nw_error_set(NULL, NW_ERROR_DATA, "x"), -1);
	assert_int_equal(nw_error_set(&err, NW_ERROR_IO, "%s", ""), -1);
	assert_string_equal(err.text, "");
}

/* Foreign bytes make one line that a terminal can bear. */
static void test_clean(void **state)
{
	static const struct {
		const char *in, *out;
	} samples[] = {
		{ "a\r\nb\tc", "a??b?c" },
		{ "\x1b[2J\x7f", "?[2J?" },
		{ "caf\xc3\xa9", "caf\xc3\xa9" },
		{ "\xc2\x9b" "2J", "?2J" },
		/* short texts that begin with the middle of a sequence */
		{ "\x80", "?" },
		{ "\x80\x80", "??" },
		{ "\xbf\xbf\xbf", "???" },
		{ "a\xbf\xbf", "a??" },
		{ "\xe2", "" },
		{ "\xe2\x82", "" },
		{ "x\xe2\x82\xac", "x\xe2\x82\xac" },
	};
	struct nw_error err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(samples); i++) {
		/* What stands before the text must not matter. */
		memset(&err, 0xe2, sizeof(err));
		(void)nw_error_set(&err, NW_ERROR_DATA, "%s", samples[i].in);
		assert_string_equal(err.text, samples[i].out);
		assert_int_equal(err.code, NW_ERROR_DATA);
	}
}

/* A cut leaves no half of a character, wherever it falls. */
static void test_long(void **state)
{
	struct nw_error err;
	char text[600];
	size_t start, i;

	(void)state;
	for (start = 0; start < 3; start++) {
		memset(text, 'a', sizeof(text));
		for (i = start; i + 3 < sizeof(text); i += 3)
			memcpy(text + i, "\xe2\x82\xac", 3);
		text[sizeof(text) - 1] = '\0';
		(void)nw_error_set(&err, NW_ERROR_DATA, "%s", text);
		assert_int_equal(strlen(err.text),
				 start + (sizeof(err.text) - 1 - start) / 3 *
						 3);
		assert_memory_equal(err.text, text, strlen(err.text));
	}
}

static void test_prefix(void **state)
{
	struct nw_error err;
	size_t i;

	(void)state;
	(void)nw_error_set(&err, NW_ERROR_NETWORK, "status 503");
	assert_int_equal(nw_error_prefix(&err, "https://%s/", "h"), -1);
	assert_string_equal(err.text, "https://h/: status 503");
	assert_int_equal(err.code, NW_ERROR_NETWORK);
	assert_int_equal(nw_error_prefix(NULL, "x"), -1);
	/* The text itself may be an argument. */
	assert_int_equal(nw_error_set(&err, NW_ERROR_DATA, "<%s>", err.text),
			 -1);
	assert_string_equal(err.text, "<https://h/: status 503>");
	for (i = 0; i < 100; i++)
		(void)nw_error_prefix(&err, "%s", "a longer prefix");
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_int_equal(err.code, NW_ERROR_DATA);
}

static void test_errno(void **state)
{
	struct nw_error err;

	(void)state;
	errno = ENOENT;
	assert_int_equal(nw_error_errno(&err, "%s", "/nowhere"), -1);
	assert_int_equal(err.code, NW_ERROR_MISSING);
	assert_string_equal(err.text, "/nowhere: No such file or directory");
	errno = EACCES;
	(void)nw_error_errno(&err, "/root");
	assert_int_equal(err.code, NW_ERROR_IO);
	assert_string_equal(err.text, "/root: Permission denied");
	assert_int_equal(nw_error_errno(NULL, "x"), -1);
}

static void test_exit(void **state)
{
	static const int exits[NW_ERROR_CODES] = {
		[NW_ERROR_NONE] = EX_OK,
		[NW_ERROR_USAGE] = EX_USAGE,
		[NW_ERROR_DATA] = EX_DATAERR,
		[NW_ERROR_DAMAGED] = EX_DATAERR,
		[NW_ERROR_MISSING] = EX_NOINPUT,
		[NW_ERROR_NETWORK] = EX_UNAVAILABLE,
		[NW_ERROR_REFUSED] = EX_NOPERM,
		[NW_ERROR_IO] = EX_IOERR,
		[NW_ERROR_BUSY] = EX_TEMPFAIL,
		[NW_ERROR_CONFIG] = EX_CONFIG,
		[NW_ERROR_INTERNAL] = EX_SOFTWARE,
	};
	struct nw_error err;
	int code;

	(void)state;
	for (code = 0; code < NW_ERROR_CODES; code++) {
		(void)nw_error_set(&err, (enum nw_error_code)code, "x");
		assert_int_equal(nw_error_exit(&err), exits[code]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_prefix),
		cmocka_unit_test(test_errno),
		cmocka_unit_test(test_exit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
