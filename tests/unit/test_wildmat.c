/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <string.h>
#include <time.h>

#include "newswire/wildmat.h"

static const struct {
	const char *wildmat, *name;
	bool matches;
} cases[] = {
	/* exact names and the two wild characters */
	{ "com.example", "com.example", true },
	{ "com.example", "com.example.x", false },
	{ "com.example", "com.exampl", false },
	{ "com.example", "", false },
	{ "", "", true },
	{ "", "com", false },
	{ "*", "", true },
	{ "*", "com.example", true },
	{ "**", "com", true },
	{ "com.*", "com.example.news", true },
	{ "com.*", "com", false },
	{ "*.news", "com.example.news", true },
	{ "*.news", "com.example.news.world", false },
	{ "*example*", "com.example.news", true },
	{ "*a*b*c", "xaybzc", true },
	{ "*a*b*c", "xaybz", false },
	{ "*ab", "aab", true },
	{ "*aab", "aaab", true },
	{ "c?m", "com", true },
	{ "c?m", "cm", false },
	{ "c??m", "com", false },
	{ "?", "", false },
	{ "?*", "a", true },
	{ "*?", "a", true },
	{ "*?", "", false },
	{ "COM.*", "com.example", false },
	/* "?" is a character, not an octet */
	{ "caf?", "caf\xc3\xa9", true },
	{ "caf??", "caf\xc3\xa9", false },
	{ "*?", "\xe6\x96\xb0", true },
	{ "??", "\xe6\x96\xb0", false },
	{ "?", "\xf0\x9f\x93\xb0", true },
	{ "caf\xc3\xa9", "caf\xc3\xa9", true },
	{ "?x", "\xffx", true },
	/* lists: the rightmost that matches decides (RFC 3977 section 4.4) */
	{ "a*,!*b,*c*", "aaa", true },
	{ "a*,!*b,*c*", "abb", false },
	{ "a*,!*b,*c*", "ccb", true },
	{ "a*,!*b,*c*", "xxx", false },
	{ "a,b", "a", true },
	{ "a,b", "b", true },
	{ "a,b", "a,b", false },
	{ "!a", "a", false },
	{ "!a", "b", false },
	{ "*,!a", "b", true },
	{ "*,!a", "a", false },
	{ "!*,a", "a", true },
	{ "*,!com.*,com.example", "com.example", true },
	{ "*,!com.*,com.example", "com.other", false },
	/* characters without a meaning here */
	{ "[a]", "a", false },
	{ "[a]", "[a]", true },
	{ "a\\*", "a\\bc", true },
	{ "a!", "a!", true },
	{ "!!a", "!a", false },
	{ "*,!!a", "!a", false },
	{ "*,!!a", "a", true },
	{ ",", "", true },
	{ ",a,", "a", true },
	{ ",,", "a", false },
	{ "!", "a", false },
	{ "!", "", false },
};

static void test_table(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		if (nw_wildmat(cases[i].wildmat, cases[i].name) !=
		    cases[i].matches)
			fail_msg("\"%s\" and \"%s\": not %d", cases[i].wildmat,
				 cases[i].name, cases[i].matches);
}

static const struct {
	const char *pattern, *text;
	bool matches;
} texts[] = {
	{ "*", "", true },
	{ "", "", true },
	{ "", "a", false },
	{ "*ferr*", "First ferry leaves", true },
	{ "*Ferr*", "First ferry leaves", false },
	/* as Thunderbird writes it, whatever the case */
	{ "*[fF][eE][rR][rR][yY] [lL]*", "First ferry leaves", true },
	{ "*[fF][eE][rR][rR][yY] [mM]*", "First ferry leaves", false },
	/* sets */
	{ "[abc]", "b", true },
	{ "[abc]", "d", false },
	{ "[a-c]x", "bx", true },
	{ "[a-c]", "d", false },
	{ "[^a-c]", "d", true },
	{ "[^a-c]", "b", false },
	{ "[^a-c]", "", false },
	{ "[]]", "]", true },
	{ "[]a]", "a", true },
	{ "[^]]", "]", false },
	{ "[^]]", "a", true },
	{ "[a-]", "-", true },
	{ "[-a]", "-", true },
	{ "[a-]", "b", false },
	{ "[*]", "*", true },
	{ "[*]", "a", false },
	{ "[?]", "a", false },
	{ "[^]", "a", false },
	{ "[]", "a", false },
	{ "[", "[", false },
	{ "[ab", "a", false },
	{ "*[", "[", false },
	{ "[a-", "a", false },
	{ "*[0-9][0-9]*", "in 1949", true },
	{ "*[0-9][0-9]*", "in 1 or 2", false },
	/* characters, not octets */
	{ "caf[\xc3\xa9\xc3\xa8]", "caf\xc3\xa9", true },
	{ "caf[\xc3\xa0-\xc3\xaa]", "caf\xc3\xa9", true },
	{ "caf[a-z]", "caf\xc3\xa9", false },
	{ "[^a]", "\xe6\x96\xb0", true },
	{ "?x", "\xffx", true },
	/* escapes; no lists, no negation */
	{ "\\*", "*", true },
	{ "\\*", "a", false },
	{ "\\[a]", "[a]", true },
	{ "\\\\", "\\", true },
	{ "a\\", "a\\", true },
	{ "a,b", "a,b", true },
	{ "a,b", "a", false },
	{ "!a", "!a", true },
	{ "!a", "b", false },
};

static void test_texts(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(texts); i++)
		if (nw_wildmat_text(texts[i].pattern, texts[i].text) !=
		    texts[i].matches)
			fail_msg("\"%s\" and \"%s\": not %d",
				 texts[i].pattern, texts[i].text,
				 texts[i].matches);
}

/* A matcher that tries every "*" again needs longer than the universe has. */
static void test_hostile(void **state)
{
	char wildmat[512], name[129];
	clock_t begin = clock();
	size_t i;

	(void)state;
	for (i = 0; i + 2 < sizeof(wildmat); i += 2)
		memcpy(wildmat + i, "*a", 2);
	memcpy(wildmat + i - 2, "*b", 3);
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (i = 0; i < 100; i++)
		assert_false(nw_wildmat(wildmat, name));
	memset(wildmat, '*', sizeof(wildmat) - 1);
	wildmat[sizeof(wildmat) - 1] = '\0';
	assert_true(nw_wildmat(wildmat, name));
	assert_true(clock() - begin < 5 * CLOCKS_PER_SEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
