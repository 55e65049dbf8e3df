/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "unit.h"
#include "../../gateway/fetch/fetch_private.h"
#include "newswire/date.h"
#include "newswire/limits.h"

/* Sat, 26 Jul 2025 10:15:00 GMT */
#define NOW 1753524900

static void retry_after_is_read(void **state)
{
	static const struct {
		const char *value;
		int64_t seconds;
	} cases[] = {
		{ "0", 0 },
		{ "120", 120 },
		{ " 120 ", 120 },
		{ "120.5", 120 },
		{ "99999999999999999999999999", NW_BACKOFF_MAX_S },
		{ "Sat, 26 Jul 2025 10:16:00 GMT", 60 },
		{ "Saturday, 26-Jul-25 10:16:00 GMT", 60 },
		{ "Sat Jul 26 10:16:00 2025", 60 },
		{ "Sat, 26 Jul 2025 10:14:00 GMT", 0 },
		{ "Sat, 26 Jul 2036 10:14:00 GMT", NW_BACKOFF_MAX_S },
		{ "", -1 },
		{ "-1", -1 },
		{ "soon", -1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		if (nw_fetch_retry_after(cases[i].value, NOW) !=
		    cases[i].seconds)
			fail_msg("\"%s\"", cases[i].value);
}

static void max_age_is_read(void **state)
{
	static const struct {
		const char *value;
		int64_t seconds;
	} cases[] = {
		{ "max-age=300", 300 },
		{ "public, MAX-AGE=300, must-revalidate", 300 },
		{ "max-age=\"300\"", 300 },
		{ "max-age = 300", 300 },
		{ "s-maxage=9, max-age=300", 300 },
		{ "max-age=0", 0 },
		{ "max-age=99999999999999999999", NW_BACKOFF_MAX_S },
		{ "max-age=300, no-cache", 0 },
		{ "No-Store", 0 },
		{ "no-cache=\"set-cookie\"", 0 },
		{ "s-maxage=300", -1 },
		{ "max-ages=300", -1 },
		{ "max-age", -1 },
		{ "max-age,300", -1 },
		{ "max-age=x", -1 },
		{ ",,, ,", -1 },
		{ "public", -1 },
		{ "", -1 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		if (nw_fetch_max_age(cases[i].value) != cases[i].seconds)
			fail_msg("\"%s\"", cases[i].value);
}

static void expires_is_read(void **state)
{
	(void)state;
	assert_int_equal(nw_fetch_expires("Sat, 26 Jul 2025 10:25:00 GMT",
					  NOW),
			 600);
	assert_int_equal(nw_fetch_expires("Sat, 26 Jul 2025 10:15:00 GMT",
					  NOW),
			 0);
	assert_int_equal(nw_fetch_expires("Thu, 01 Jan 1970 00:00:00 GMT",
					  NOW),
			 0);
	assert_int_equal(nw_fetch_expires("0", NOW), 0);
	assert_int_equal(nw_fetch_expires("-1", NOW), 0);
	assert_int_equal(nw_fetch_expires("Sat, 26 Jul 2025 10:25:00 GMT",
					  NW_TIME_NONE),
			 0);
}

static void content_type_is_read(void **state)
{
	static const struct {
		const char *value, *type, *charset;
	} cases[] = {
		{ "text/html", "text/html", NULL },
		{ " Text/HTML ; Charset=UTF-8", "text/html", "UTF-8" },
		{ "text/html;charset=\"utf-8\"", "text/html", "utf-8" },
		{ "text/html;charset='koi8-r'", "text/html", "koi8-r" },
		{ "text/html; a=b; charset=x; c=d", "text/html", "x" },
		{ "text/html, text/html; charset=x", "text/html", "x" },
		{ "text/html; charset=", "text/html", NULL },
		{ "text/html; charset=\"\"", "text/html", NULL },
		{ "text/html; notcharset=x", "text/html", NULL },
		{ "; charset=x", NULL, "x" },
		{ ";;;", NULL, NULL },
		{ "", NULL, NULL },
	};
	struct nw_arena *arena = nw_arena_new();
	const char *type, *charset;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		nw_fetch_content_type(arena, cases[i].value, &type, &charset);
		if (!cases[i].type != !type ||
		    (type && strcmp(type, cases[i].type)) ||
		    !cases[i].charset != !charset ||
		    (charset && strcmp(charset, cases[i].charset)))
			fail_msg("\"%s\": \"%s\" \"%s\"", cases[i].value,
				 type ? type : "-", charset ? charset : "-");
	}
	nw_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(retry_after_is_read),
		cmocka_unit_test(max_age_is_read),
		cmocka_unit_test(expires_is_read),
		cmocka_unit_test(content_type_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
