/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include "plugin/typed.h"

struct sample {
	const char *text, *want;	/* NULL: refused */
};

static void check_host(const struct sample *sample)
{
	GError *error = NULL;
	char *host = nw_typed_host(sample->text, &error);

	if (g_strcmp0(host, sample->want))
		fail_msg("\"%s\" is \"%s\"", sample->text, host ? host : "-");
	assert_int_equal(host == NULL, error != NULL);
	if (error)
		assert_true(*error->message);
	g_clear_error(&error);
	g_free(host);
}

static void hosts_are_names_or_addresses(void **state)
{
	static const struct sample samples[] = {
		{ "news.example.org", "news.example.org" },
		{ "  News.Example.ORG\n", "news.example.org" },
		{ "localhost", "localhost" },
		{ "127.0.0.1", "127.0.0.1" },
		{ "::1", "::1" },
		{ "[2001:db8::5]", "2001:db8::5" },
		{ "nachrichten-küche.example",
		  "xn--nachrichten-kche-vzb.example" },
		{ "under_score.example", "under_score.example" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < G_N_ELEMENTS(samples); i++)
		check_host(&samples[i]);
}

static void hosts_lead_nowhere_else(void **state)
{
	static const char *const texts[] = {
		"", " ", "[]", "[", "]", "a b", "a/b", "../x", "nntp://host",
		"host:119", "user@host", "-option", ".hidden", "a\r\nQUIT",
		"a\tb", "a\x01", "a%0d", "\xff\xfe", "a?b", "a#b", "::g",
		"a\\b",
	};
	struct sample sample = { NULL, NULL };
	char *endless = g_strnfill(300, 'a');
	size_t i;

	(void)state;
	for (i = 0; i < G_N_ELEMENTS(texts); i++) {
		sample.text = texts[i];
		check_host(&sample);
	}
	sample.text = endless;
	check_host(&sample);
	g_free(endless);
}

static void check_login(char *(*login)(const char *text, GError **error),
			const struct sample *samples, size_t count)
{
	GError *error = NULL;
	char *word;
	size_t i;

	for (i = 0; i < count; i++) {
		word = login(samples[i].text, &error);
		assert_null(error);
		if (g_strcmp0(word, samples[i].want))
			fail_msg("\"%s\"", samples[i].text);
		g_free(word);
	}
}

static void logins_stay_in_their_line(void **state)
{
	static const char *const texts[] = { "a\r\nQUIT", "a\nb", "a\x7f",
					     "\xff", "a\tb" };
	char *endless = g_strnfill(201, 'a');
	GError *error = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < G_N_ELEMENTS(texts); i++) {
		assert_null(nw_typed_user(texts[i], &error));
		assert_non_null(error);
		g_clear_error(&error);
		assert_null(nw_typed_password(texts[i], &error));
		assert_non_null(error);
		g_clear_error(&error);
	}
	assert_null(nw_typed_password(endless, &error));
	assert_non_null(error);
	g_clear_error(&error);
	g_free(endless);
}

static void logins_are_words(void **state)
{
	static const struct sample users[] = {
		{ "", NULL }, { "  ", NULL }, { " anna ", "anna" },
		{ "Ганна", "Ганна" },
	};
	/* Of a password, blanks are a part. */
	static const struct sample passwords[] = {
		{ "", NULL }, { " a b ", " a b " },
	};

	(void)state;
	check_login(nw_typed_user, users, G_N_ELEMENTS(users));
	check_login(nw_typed_password, passwords, G_N_ELEMENTS(passwords));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_are_names_or_addresses),
		cmocka_unit_test(hosts_lead_nowhere_else),
		cmocka_unit_test(logins_are_words),
		cmocka_unit_test(logins_stay_in_their_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
