/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "arena_state.h"
#include "newswire/ident.h"
#include "newswire/limits.h"

#define NUMBERS "1234567890"

static const struct {
	const char *name, *key;
} keys[] = {
	{ "https://example.com/a/b", "example.com/a/b" },
	{ "http://www.example.com/a/b/", "example.com/a/b" },
	{ "HTTPS://WWW.Example.COM:443/a/b#top", "example.com/a/b" },
	{ "https://example.com:8443/a", "example.com:8443/a" },
	{ "  https://example.com/a\n", "example.com/a" },
	{ "https://example.com", "example.com" },
	{ "https://example.com/a/../b/./c", "example.com/b/c" },
	{ "https://example.com/a%7Eb", "example.com/a~b" },
	/* variants of a page */
	{ "https://amp.example.com/a", "example.com/a" },
	{ "https://m.example.com/a", "example.com/a" },
	{ "https://mobile.example.com/a", "example.com/a" },
	{ "https://www.amp.example.com/a", "example.com/a" },
	{ "https://example.com/a/amp", "example.com/a" },
	{ "https://example.com/a/amp/", "example.com/a" },
	{ "https://example.com/a.amp", "example.com/a" },
	{ "https://example.com/a?outputType=amp", "example.com/a" },
	{ "https://example.com/a?amp", "example.com/a" },
	{ "https://example.com/a?amp=1&id=5", "example.com/a?id=5" },
	{ "https://example.com/a?id=5&amp", "example.com/a?id=5" },
	{ "https://example.com/a?page=with:block-0123#block-0123",
	  "example.com/a" },
	{ "https://example.com/a?page=with%3Ablock-0123", "example.com/a" },
	{ "https://example.com/a?utm_source=x&id=5&fbclid=y",
	  "example.com/a?id=5" },
	/* what only looks like one */
	{ "https://amp.com/a", "amp.com/a" },
	{ "https://www.com/", "www.com" },
	{ "https://example.com/lamp", "example.com/lamp" },
	{ "https://example.com/a?page=2", "example.com/a?page=2" },
	{ "https://example.com/a?amp=2", "example.com/a?amp=2" },
	{ "https://example.com/a?outputType=json",
	  "example.com/a?outputType=json" },
	{ "https://mexample.com/a", "mexample.com/a" },
	{ "https://example.com/A", "example.com/A" },
	{ "https://example.com/?p=12", "example.com?p=12" },
	/* other names */
	{ "tag:example.com,2024:1", "tag:example.com,2024:1" },
	{ " 12345 ", "12345" },
	{ "a\r\nb", "a b" },
	{ "", NULL },
	{ " \t\n", NULL },
	{ NULL, NULL },
};

static void key_joins_variants(void **state)
{
	size_t i;

	for (i = 0; i < COUNT(keys); i++) {
		const char *key = nw_ident_key(*state, keys[i].name);

		if (!keys[i].key)
			assert_null(key);
		else
			assert_string_equal(key ? key : "", keys[i].key);
	}
}

static void keys_are_canonical_first_and_once(void **state)
{
	struct nw_story *story = nw_story_new(*state);
	const char **found;

	assert_int_equal(nw_ident_keys(*state, story, &found), 0);
	story->url = "https://m.example.com/old-slug?utm_source=x";
	story->canonical_url = "https://www.example.com/new-slug";
	nw_story_add_alias(*state, story, "https://example.com/new-slug/amp");
	nw_story_add_alias(*state, story, "tag:example.com,2024:7");
	nw_story_add_alias(*state, story, "7");
	nw_story_add_alias(*state, story, "https://example.com/?p=7");
	assert_int_equal(nw_ident_keys(*state, story, &found), 5);
	assert_string_equal(found[0], "example.com/new-slug");
	assert_string_equal(found[1], "example.com/old-slug");
	assert_string_equal(found[2], "tag:example.com,2024:7");
	/* a bare number means nothing outside of its site */
	assert_string_equal(found[3], "example.com#7");
	assert_string_equal(found[4], "example.com?p=7");
}

static void keys_without_address_are_the_aliases(void **state)
{
	struct nw_story *story = nw_story_new(*state);
	const char **found;

	nw_story_add_alias(*state, story, "7");
	assert_int_equal(nw_ident_keys(*state, story, &found), 1);
	assert_string_equal(found[0], "7");
}

/* printf 'story\0example.com/a' | sha256sum | cut -c 1-32 | xxd -r -p |
 * base32, in lower case and without padding; the others likewise. */
#define STORY_HASH "k3wkg4zbhxv56ywx2jcclnxtjm"
#define UPDATE_HASH "dnhidx7ueqgfocvwv756tmxg6u"
#define REVISION_HASH "gu32vwjn"
#define ABC_HASH "xj4bnp4pahh6uqkbidpf3lrcem"

static void ids_are_what_the_header_says(void **state)
{
	const char *id = nw_ident_story_id(*state, "example.com/a", "d.example");

	assert_string_equal(id, "<s." STORY_HASH "@d.example>");
	assert_string_equal(nw_ident_revision_id(*state, id, "1\ntext"),
			    "<s." STORY_HASH "." REVISION_HASH "@d.example>");
	id = nw_ident_update_id(*state, "example.com/a", "k1", "d.example");
	assert_string_equal(id, "<u." UPDATE_HASH "@d.example>");
	assert_string_equal(nw_ident_revision_id(*state, id, "1\ntext"),
			    "<u." UPDATE_HASH "." REVISION_HASH "@d.example>");
	assert_string_equal(nw_ident_hash(*state, "abc", 3), ABC_HASH);
	assert_int_equal(strlen(nw_ident_hash(*state, "", 0)), 26);
}

static void ids_keep_words_apart(void **state)
{
	assert_string_not_equal(
		nw_ident_update_id(*state, "a", "bc", "d.example"),
		nw_ident_update_id(*state, "ab", "c", "d.example"));
}

static const struct {
	const char *url, *name;
} groups[] = {
	{ "https://www.example.com/world/rss.xml", "com.example.world" },
	{ "https://example.com/", "com.example" },
	{ "https://feeds.example.co.uk/news/world/feed/",
	  "uk.co.example.news.world" },
	{ "https://rss.example.com/services/xml/rss/nyt/World.xml",
	  "com.example.services.nyt.world" },
	{ "https://world.example.com/index.html", "com.example.world" },
	{ "https://example.com/news-archive/rss/",
	  "com.example.news-archive" },
	{ "https://example.com/A_b%20C/C++.atom", "com.example.a-b-c.c++" },
	{ "https://example.com/%C3%9Cber/Stra%C3%9Fe",
	  "com.example.uber.strasse" },
	{ "https://example.com/%D0%BD%D0%BE%D0%B2/x", "com.example.x" },
	{ "https://example.com/2024/11", "com.example.n2024.n11" },
	{ "https://example.com/all/ctl/x", "com.example.x" },
	{ "https://b\xc3\xbc" "cher.example/x", "example.xn--bcher-kva.x" },
	{ "https://news.example.to/a", "nto.example.news.a" },
	{ "http://localhost:8080/a.xml", "localhost.port8080.a" },
	{ "http://192.0.2.1/feed", "ip.n192.n0.n2.n1" },
	{ "http://192.0.2.1:81/a", "ip.n192.n0.n2.n1.port81.a" },
	{ "https://www.example/feed.json?x=y", "example.www" },
};

static void group_is_named_after_its_source(void **state)
{
	struct nw_error err;
	const char *name;
	size_t i;

	for (i = 0; i < COUNT(groups); i++) {
		assert_int_equal(nw_ident_group(*state, groups[i].url, &name,
						&err), 0);
		assert_string_equal(name, groups[i].name);
		assert_int_equal(nw_ident_group_check(name, &err), 0);
	}
}

static void group_is_capped(void **state)
{
	char url[4000] = "https://example.com/";
	struct nw_error err;
	const char *name, *dot;
	size_t len = strlen(url), i;

	for (i = 0; i < 100; i++)
		len += (size_t)snprintf(url + len, sizeof(url) - len,
					"a%zu-" NUMBERS NUMBERS NUMBERS "/", i);
	assert_int_equal(nw_ident_group(*state, url, &name, &err), 0);
	assert_true(strlen(name) <= NW_GROUP_OCTETS);
	dot = strrchr(name, '.');
	assert_true(strlen(dot + 1) <= NW_GROUP_COMPONENT_OCTETS);
	assert_int_equal(nw_ident_group_check(name, &err), 0);
}

static void group_needs_a_web_address(void **state)
{
	static const char *const urls[] = { "", "example.com",
					    "mailto:a@b.example",
					    "javascript:alert(1)" };
	const char *name = "untouched";
	struct nw_error err;
	size_t i;

	for (i = 0; i < COUNT(urls); i++) {
		assert_int_equal(nw_ident_group(*state, urls[i], &name, &err),
				 -1);
		assert_int_equal(err.code, NW_ERROR_USAGE);
		assert_string_equal(name, "untouched");
	}
}

static void group_try_counts_on(void **state)
{
	char name[NW_GROUP_OCTETS + 1] = "com.example.", *other;
	struct nw_error err;
	size_t i;

	assert_string_equal(nw_ident_group_try(*state, "com.a", 0), "com.a");
	assert_string_equal(nw_ident_group_try(*state, "com.a", 1), "com.a");
	assert_string_equal(nw_ident_group_try(*state, "com.a", 2),
			    "com.a-2");
	assert_string_equal(nw_ident_group_try(*state, "a", 4000000000u),
			    "a-4000000000");
	for (i = strlen(name); i < NW_GROUP_OCTETS; i++)
		name[i] = i % 20 == 3 ? '.' : 'x';
	other = nw_ident_group_try(*state, name, 12);
	assert_int_equal(strlen(other), NW_GROUP_OCTETS);
	assert_string_equal(other + NW_GROUP_OCTETS - 3, "-12");
	assert_int_equal(nw_ident_group_check(other, &err), 0);
	other = nw_ident_group_try(*state, "a." NUMBERS NUMBERS NUMBERS, 2);
	assert_string_equal(other, "a." NUMBERS NUMBERS "12345678-2");
}

static const struct {
	const char *name;
	int result;
} checks[] = {
	{ "com.example.news", 0 },
	{ "news", 0 },
	{ "a.b-c.d+e.f_g.x2", 0 },
	{ "a." NUMBERS "12345678901234567890", -1 },
	{ "a.b" NUMBERS NUMBERS "123456789", 0 },
	{ "a.b" NUMBERS NUMBERS NUMBERS, -1 },
	{ "", -1 },	      { ".", -1 },	{ "a.", -1 },
	{ ".a", -1 },	      { "a..b", -1 },	{ "A.b", -1 },
	{ "a b", -1 },	      { "a,b", -1 },	{ "a.b\r\nX: y", -1 },
	{ "a.2024", -1 },     { "a._b", -1 },	{ "a.all", -1 },
	{ "ctl.a", -1 },      { "to.a", -1 },	{ "a.to", 0 },
	{ "control.a", -1 },  { "junk", -1 },	{ "poster", -1 },
	{ "a.\xc3\xa4", -1 }, { "a.*", -1 },	{ "!a", -1 },
	{ "a.b.c.d.e.f.g.h.i.j.k.l", 0 },
	{ "a.b.c.d.e.f.g.h.i.j.k.l.m", -1 },
};

static void group_check_follows_the_rfc(void **state)
{
	struct nw_error err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(checks); i++) {
		assert_int_equal(nw_ident_group_check(checks[i].name, &err),
				 checks[i].result);
		if (checks[i].result)
			assert_int_equal(err.code, NW_ERROR_USAGE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_joins_variants),
		cmocka_unit_test(keys_are_canonical_first_and_once),
		cmocka_unit_test(keys_without_address_are_the_aliases),
		cmocka_unit_test(ids_are_what_the_header_says),
		cmocka_unit_test(ids_keep_words_apart),
		cmocka_unit_test(group_is_named_after_its_source),
		cmocka_unit_test(group_is_capped),
		cmocka_unit_test(group_needs_a_web_address),
		cmocka_unit_test(group_try_counts_on),
		cmocka_unit_test(group_check_follows_the_rfc),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
