/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "newswire/buf.h"
#include "newswire/limits.h"
#include "newswire/robots.h"

#define AGENT "newswire/1.2 (+https://newswire.example/)"

struct path_case {
	const char *path;
	bool allowed;
};

struct robots_case {
	const char *what;
	const char *text;
	struct path_case paths[9]; /* up to one without a path */
};

static const struct robots_case cases[] = {
	{ "nothing forbids nothing", "", { { "/", true }, { "/a?b", true } } },
	{ "what is no robots.txt does not either",
	  "<!DOCTYPE html><p>Disallow: it\n\n<b>user-agent</b>: *",
	  { { "/", true }, { "/it", true } } },
	{ "a group for everybody",
	  "User-agent: *\nDisallow: /private/\n",
	  { { "/", true },
	    { "/private", true },
	    { "/private/", false },
	    { "/private/a.html?b", false },
	    { "/PRIVATE/", true } } },
	{ "everything",
	  "user-agent: *\ndisallow: /",
	  { { "/", false }, { "/a", false }, { "/robots.txt", true } } },
	{ "an empty rule is none",
	  "User-agent: *\nDisallow:\n",
	  { { "/", true }, { "/a", true } } },
	{ "our group counts, not that for everybody",
	  "User-agent: *\nDisallow: /\n\nUser-agent: NewsWire\n"
	  "Disallow: /a\n",
	  { { "/b", true }, { "/a", false } } },
	{ "wherever it stands",
	  "User-agent: newswire\nAllow: /\nUser-agent: *\nDisallow: /\n",
	  { { "/b", true } } },
	{ "a group of ours without rules allows",
	  "User-agent: *\nDisallow: /\n\nUser-agent: newswire\n",
	  { { "/b", true } } },
	{ "a group of others is not ours",
	  "User-agent: newswirebot\nUser-agent: news\nDisallow: /\n",
	  { { "/b", true } } },
	{ "a version behind the name",
	  "User-agent: newswire/7 beta\nDisallow: /\n",
	  { { "/b", false } } },
	{ "several names, one group",
	  "User-agent: a\nUser-agent: newswire\n\nUser-agent: b\n"
	  "Disallow: /x\n",
	  { { "/x", false } } },
	{ "other lines end no list of names",
	  "User-agent: newswire\nCrawl-delay: 1\nSitemap: /s.xml\n"
	  "User-agent: b\nDisallow: /x\n",
	  { { "/x", false } } },
	{ "rules do",
	  "User-agent: newswire\nDisallow: /x\nUser-agent: b\n"
	  "Disallow: /y\n",
	  { { "/x", false }, { "/y", true } } },
	{ "groups of one name are one",
	  "User-agent: newswire\nDisallow: /x\nUser-agent: b\n"
	  "Disallow: /z\nUser-agent: newswire\nDisallow: /y\n",
	  { { "/x", false }, { "/y", false }, { "/z", true } } },
	{ "rules in front of all groups are nobody's",
	  "Disallow: /\nUser-agent: *\nDisallow: /x\n",
	  { { "/y", true }, { "/x", false } } },
	{ "the longest match decides",
	  "User-agent: *\nAllow: /example/page/\n"
	  "Disallow: /example/page/disallowed.gif\nDisallow: /example\n",
	  { { "/example/page/", true },
	    { "/example/page/allowed.gif", true },
	    { "/example/page/disallowed.gif", false },
	    { "/example/", false } } },
	{ "of equal ones the one that allows",
	  "User-agent: *\nDisallow: /page\nAllow: /page\nAllow: /*ge\n"
	  "Disallow: /pa*\n",
	  { { "/page", true } } },
	{ "a star is anything, also nothing",
	  "User-agent: *\nDisallow: /a*z\nDisallow: *.gif\n",
	  { { "/az", false },
	    { "/abcz/d", false },
	    { "/ab", true },
	    { "/x/y.gif?z", false },
	    { "/baz", true } } },
	{ "a dollar is the end",
	  "User-agent: *\nDisallow: /*.php$\nDisallow: /exact$\n"
	  "Disallow: /a*b*b$\n",
	  { { "/x.php", false },
	    { "/x.php?y", true },
	    { "/x.php.php", false },
	    { "/exact", false },
	    { "/exactly", true },
	    { "/abb", false },
	    { "/ab", true },
	    { "/abxb", false } } },
	{ "elsewhere it is itself",
	  "User-agent: *\nDisallow: /a$b\nDisallow: /$\n",
	  { { "/a$bc", false }, { "/", false }, { "/a", true } } },
	{ "stars in a row",
	  "User-agent: *\nDisallow: /a**b***$\n",
	  { { "/ab", false }, { "/axbx", false }, { "/a", true } } },
	{ "encoding makes no difference",
	  "User-agent: *\nDisallow: /foo/bar/\xe3\x83\x84\n"
	  "Disallow: /b%61r/%62%61%7a\nDisallow: /q%3fx\n"
	  "Disallow: /%7ejoe/\nDisallow: /\"q\"\n",
	  { { "/foo/bar/%E3%83%84", false },
	    { "/foo/bar/%e3%83%84", false },
	    { "/bar/baz", false },
	    { "/q?x", true },
	    { "/q%3Fx", false },
	    { "/~joe/", false },
	    { "/%22q%22", false } } },
	{ "an encoded star or dollar is no sign",
	  "User-agent: *\nDisallow: /a%2Ab\nDisallow: /c%24\n"
	  "Disallow: /100%\n",
	  { { "/axb", true },
	    { "/a%2Ab", false },
	    { "/c", true },
	    { "/c%24d", false },
	    { "/100%25", false } } },
	{ "spaces, comments, capitals",
	  "\xef\xbb\xbf  USER-AGENT\t:  *  # all\n # Disallow: /c\n"
	  "disALLOW:/a b # c\nDisallow : \t/d\t\n",
	  { { "/a%20b", false }, { "/c", true }, { "/d", false } } },
	{ "line ends of all kinds",
	  "User-agent: *\rDisallow: /a\r\n\r\nDisallow: /b\n\n",
	  { { "/a", false }, { "/b", false }, { "/c", true } } },
	{ "lines that are none",
	  "User-agent *\nUser-agent: *\nDisallow\n:\n: /x\nAllowed: /y\n"
	  "Disallow: /z: 1\n",
	  { { "/x", true }, { "/z", true }, { "/z:%201", false } } },
	{ "queries belong to the path",
	  "User-agent: *\nDisallow: /*?\n",
	  { { "/a", true }, { "/a?b", false } } },
	{ "a pattern without a slash matches no path",
	  "User-agent: *\nDisallow: private\n",
	  { { "/private", true } } },
};

static bool allows(const char *text, size_t len, const char *agent,
		   const char *path)
{
	struct nw_arena *arena = nw_arena_new();
	bool allowed = nw_robots_allows(
		nw_robots_parse(arena, text, len, agent), path);

	nw_arena_free(&arena);
	return allowed;
}

static void test_rules(void **state)
{
	const struct path_case *path;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		for (path = cases[i].paths; path->path; path++)
			if (allows(cases[i].text, strlen(cases[i].text), AGENT,
				   path->path) != path->allowed)
				fail_msg("%s: %s", cases[i].what, path->path);
}

/* A text that ends anywhere is read without a look past its end. */
static void test_any_end(void **state)
{
	static const char text[] = "User-agent: *\nDisallow: /a%2\nAllow: %\n"
				   "Disallow: /b#";
	char *copy;
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(text); len++) {
		struct nw_arena *arena = nw_arena_new();

		copy = test_malloc(len + 1);
		memcpy(copy, text, len);
		copy[len] = '!';
		(void)nw_robots_parse(arena, copy, len, AGENT);
		test_free(copy);
		nw_arena_free(&arena);
	}
}

static void test_agents(void **state)
{
	static const char text[] = "User-agent: my-reader\nDisallow: /\n";

	(void)state;
	assert_false(allows(text, strlen(text), "My-Reader (x)", "/a"));
	assert_false(allows(text, strlen(text), "my-reader2-x", "/a"));
	assert_true(allows(text, strlen(text), "my-readers", "/a"));
	assert_true(allows(text, strlen(text), "", "/a"));
	assert_true(allows("User-agent: \nDisallow: /\n", 25, "", "/a"));
}

static void test_delay(void **state)
{
	static const struct {
		const char *value;
		unsigned ms;
	} delays[] = {
		{ "5", 5000 },	   { "0", 0 },	    { "0.5", 1000 },
		{ "1.5", 2000 },   { "", 0 },	    { "soon", 0 },
		{ "-1", 0 },	   { "30", 30000 }, { "31", 30000 },
		{ "3600", 30000 }, { "99999999999999999999", 30000 },
	};
	struct nw_arena *arena = nw_arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(delays); i++) {
		const char *text = nw_arena_printf(
			arena, "User-agent: *\nCrawl-delay: %s\nAllow: /\n",
			delays[i].value);

		assert_int_equal(nw_robots_parse(arena, text, strlen(text),
						 AGENT)->delay_ms,
				 delays[i].ms);
	}
	nw_arena_free(&arena);
}

/* What lies behind the cap is not read, nor a line that it cuts. */
static void test_size(void **state)
{
	static const char start[] = "User-agent: *\n";
	static const char rule[] = "Disallow: /abcdef\n";
	size_t room = NW_ROBOTS_BYTES + 100;
	char *text = test_malloc(room);
	size_t i;

	(void)state;
	for (i = NW_ROBOTS_BYTES - strlen(rule) - 2; i < NW_ROBOTS_BYTES + 3;
	     i++) {
		memset(text, '\n', room);
		memcpy(text, start, strlen(start));
		memcpy(text + i, rule, strlen(rule));
		assert_true(allows(text, room, AGENT, "/abc"));
		assert_int_equal(allows(text, room, AGENT, "/abcdef"),
				 i + strlen(rule) - 1 > NW_ROBOTS_BYTES);
	}
	test_free(text);
}

static void test_many_rules(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_robots *robots;
	struct nw_buf text;
	int i;

	(void)state;
	nw_buf_init(&text, NW_ROBOTS_BYTES);
	nw_buf_adds(&text, "User-agent: *\n");
	for (i = 0; i < NW_ROBOTS_RULES + 5; i++)
		nw_buf_addf(&text, "Disallow: /%d$\n", i);
	assert_true(nw_buf_ok(&text));
	robots = nw_robots_parse(arena, text.data, text.len, AGENT);
	assert_int_equal(robots->rule_count, NW_ROBOTS_RULES);
	assert_false(nw_robots_allows(robots, "/0"));
	assert_true(nw_robots_allows(robots, "/x"));
	nw_buf_free(&text);
	nw_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_any_end),
		cmocka_unit_test(test_agents),
		cmocka_unit_test(test_delay),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_many_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
