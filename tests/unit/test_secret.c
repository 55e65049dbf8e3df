/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is kept of a password.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "newswire/limits.h"
#include "newswire/secret.h"

/* The hash of a secret, which is cut there. */
static const char *hash_of(struct nw_buf *secret, const char *password)
{
	struct nw_error err;
	char *colon;

	nw_buf_reset(secret);
	assert_int_equal(nw_secret_make(password, secret, &err), 0);
	colon = strchr(secret->data, ':');
	assert_non_null(colon);
	assert_int_equal(strncmp(colon, ":SCRAM-SHA-256$16384:", 21), 0);
	*colon = '\0';
	return secret->data;
}

static void test_check(void **state)
{
	struct nw_buf secret, other;
	const char *hash;

	(void)state;
	nw_buf_init(&secret, 1024);
	nw_buf_init(&other, 1024);
	hash = hash_of(&secret, "a pass phrase: with a colon");
	assert_int_equal(strncmp(hash, "$y$", 3), 0);
	assert_true(nw_secret_check("a pass phrase: with a colon", hash));
	assert_false(nw_secret_check("a pass phrase: with a colo", hash));
	assert_false(nw_secret_check("", hash));
	assert_false(nw_secret_check("\xff", hash));
	assert_false(nw_secret_check("x", ""));
	assert_false(nw_secret_check("x", "*0"));
	/* Each has a salt of its own. */
	assert_string_not_equal(hash, hash_of(&other, "a pass phrase: with "
						      "a colon"));
	nw_buf_free(&secret);
	nw_buf_free(&other);
}

/* One password, however a keyboard writes it (RFC 4013 section 2.2). */
static void test_prepared(void **state)
{
	struct nw_buf secret;
	const char *hash;

	(void)state;
	nw_buf_init(&secret, 1024);
	hash = hash_of(&secret, "caf\xc3\xa9");
	assert_true(nw_secret_check("caf\xc3\xa9", hash));
	assert_true(nw_secret_check("cafe\xcc\x81", hash));
	assert_true(nw_secret_check("caf\xc3\xa9\xc2\xad", hash));
	assert_false(nw_secret_check("cafe", hash));
	nw_buf_free(&secret);
}

static void test_refused(void **state)
{
	static const struct {
		const char *password, *why;
	} samples[] = {
		{ "", "is empty" },
		{ " a", "begins or ends with a space" },
		{ "a ", "begins or ends with a space" },
		{ "a\tb", "holds a control character" },
		{ "a\x7f", "holds a control character" },
		{ "a\r", "holds a control character" },
		{ "\xe9", "is not in UTF-8" },
		{ "\xc2\xad", "SASLprep" },	  /* nothing is left of it */
		{ "\xee\x80\x80", "SASLprep" },	  /* private use */
		{ "a b", NULL },
		{ "1 2 3 4 5 6 7 8 9 a b c d e", NULL },
		{ "1 2 3 4 5 6 7 8 9 a b c d e f", "too many words" },
		{ "\xf0\x9f\x94\x91", NULL },
	};
	char longest[NW_USER_PASSWORD_OCTETS + 2];
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(samples); i++) {
		why = nw_secret_refused(samples[i].password);
		if (!samples[i].why)
			assert_null(why);
		else if (!why || !strstr(why, samples[i].why))
			fail_msg("\"%s\": %s", samples[i].password,
				 why ? why : "was taken");
	}
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	assert_string_equal(nw_secret_refused(longest), "is too long");
	longest[sizeof(longest) - 2] = '\0';
	assert_null(nw_secret_refused(longest));
}

/* The same for a name each time, others for another name or seed, and as long
 * as real ones. */
static void test_pretend(void **state)
{
	struct nw_secret_keys one, again, other;

	(void)state;
	assert_int_equal(nw_secret_pretend("nobody", "seed", &one), 0);
	assert_int_equal(nw_secret_pretend("nobody", "seed", &again), 0);
	assert_string_equal(one.salt, again.salt);
	assert_string_equal(one.stored_key, again.stored_key);
	assert_string_equal(one.server_key, again.server_key);
	assert_int_equal(strlen(one.salt), 24);
	assert_int_equal(strlen(one.stored_key), 44);
	assert_int_equal(strlen(one.server_key), 44);
	assert_int_equal(nw_secret_pretend("nobodz", "seed", &other), 0);
	assert_string_not_equal(one.salt, other.salt);
	assert_int_equal(nw_secret_pretend("nobody", "seee", &other), 0);
	assert_string_not_equal(one.salt, other.salt);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_prepared),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_pretend),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
