/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/limits.h"
#include "newswire/url.h"

struct sample {
	const char *base;
	const char *reference;
	const char *url;	/* NULL: none that newswire follows */
};

static void check(const struct sample *samples, size_t count)
{
	struct nw_arena *arena = nw_arena_new();
	char *url, *again;
	size_t i;

	for (i = 0; i < count; i++) {
		url = nw_url_resolve(arena, samples[i].base,
				     samples[i].reference);
		if (!url != !samples[i].url ||
		    (url && strcmp(url, samples[i].url)))
			fail_msg("\"%s\" against \"%s\": %s",
				 samples[i].reference,
				 samples[i].base ? samples[i].base : "",
				 url ? url : "none");
		if (!url)
			continue;
		/* What is normalised stays as it is. */
		again = nw_url_resolve(arena, NULL, url);
		assert_non_null(again);
		assert_string_equal(again, url);
	}
	nw_arena_free(&arena);
}

#define RFC "http://a/b/c/d;p?q"

/* RFC 3986 sections 5.4.1 and 5.4.2. */
static void test_rfc3986(void **state)
{
	static const struct sample samples[] = {
		{ RFC, "g:h", NULL },
		{ RFC, "g", "http://a/b/c/g" },
		{ RFC, "./g", "http://a/b/c/g" },
		{ RFC, "g/", "http://a/b/c/g/" },
		{ RFC, "/g", "http://a/g" },
		{ RFC, "//g", "http://g/" },
		{ RFC, "?y", "http://a/b/c/d;p?y" },
		{ RFC, "g?y", "http://a/b/c/g?y" },
		{ RFC, "#s", "http://a/b/c/d;p?q#s" },
		{ RFC, "g#s", "http://a/b/c/g#s" },
		{ RFC, "g?y#s", "http://a/b/c/g?y#s" },
		{ RFC, ";x", "http://a/b/c/;x" },
		{ RFC, "g;x", "http://a/b/c/g;x" },
		{ RFC, "g;x?y#s", "http://a/b/c/g;x?y#s" },
		{ RFC, "", "http://a/b/c/d;p?q" },
		{ RFC, ".", "http://a/b/c/" },
		{ RFC, "./", "http://a/b/c/" },
		{ RFC, "..", "http://a/b/" },
		{ RFC, "../", "http://a/b/" },
		{ RFC, "../g", "http://a/b/g" },
		{ RFC, "../..", "http://a/" },
		{ RFC, "../../", "http://a/" },
		{ RFC, "../../g", "http://a/g" },
		{ RFC, "../../../g", "http://a/g" },
		{ RFC, "../../../../g", "http://a/g" },
		{ RFC, "/./g", "http://a/g" },
		{ RFC, "/../g", "http://a/g" },
		{ RFC, "g.", "http://a/b/c/g." },
		{ RFC, ".g", "http://a/b/c/.g" },
		{ RFC, "g..", "http://a/b/c/g.." },
		{ RFC, "..g", "http://a/b/c/..g" },
		{ RFC, "./../g", "http://a/b/g" },
		{ RFC, "./g/.", "http://a/b/c/g/" },
		{ RFC, "g/./h", "http://a/b/c/g/h" },
		{ RFC, "g/../h", "http://a/b/c/h" },
		{ RFC, "g;x=1/./y", "http://a/b/c/g;x=1/y" },
		{ RFC, "g;x=1/../y", "http://a/b/c/y" },
		{ RFC, "g?y/./x", "http://a/b/c/g?y/./x" },
		{ RFC, "g?y/../x", "http://a/b/c/g?y/../x" },
		{ RFC, "g#s/./x", "http://a/b/c/g#s/./x" },
		{ RFC, "g#s/../x", "http://a/b/c/g#s/../x" },
		{ RFC, "http:g", "http://a/b/c/g" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

static void test_normal(void **state)
{
	static const struct sample samples[] = {
		{ NULL, "HTTP://Example.COM", "http://example.com/" },
		{ NULL, "https://example.com:443/a", "https://example.com/a" },
		{ NULL, "http://example.com:443/", "http://example.com:443/" },
		{ NULL, "http://example.com:/", "http://example.com/" },
		{ NULL, "http://example.com:0080/", "http://example.com/" },
		{ NULL, "http://example.com:65535/",
		  "http://example.com:65535/" },
		{ NULL, "http://example.com:65536/", NULL },
		{ NULL, "http://example.com:99999999999999999999/", NULL },
		{ NULL, "http://example.com:8a/", NULL },
		{ NULL, "http://user:pass@example.com/", "http://example.com/" },
		{ NULL, "http://a@b@example.com/", "http://example.com/" },
		{ NULL, "http://example.com?a", "http://example.com/?a" },
		{ NULL, "http://example.com#a", "http://example.com/#a" },
		{ NULL, "http://example.com./", "http://example.com/" },
		{ NULL, "http://h/%7euser/%41%2f%e2%82%ac",
		  "http://h/~user/A%2F%E2%82%AC" },
		{ NULL, "http://h/a b\"<>^`{|}c",
		  "http://h/a%20b%22%3C%3E%5E%60%7B%7C%7Dc" },
		{ NULL, "http://h/\xe2\x82\xac?\xc3\xa9#\xc3\xa9",
		  "http://h/%E2%82%AC?%C3%A9#%C3%A9" },
		{ NULL, "http://h/100%", "http://h/100%25" },
		{ NULL, "http://h/%zz%4", "http://h/%25zz%254" },
		{ NULL, "http://h/a/%2e%2E/b/%2e/c", "http://h/b/c" },
		{ NULL, "http://h/a//b/", "http://h/a//b/" },
		{ NULL, "http://h//../a", "http://h/a" },
		{ NULL, "http://h/?a=[1]&b=x|y", "http://h/?a=%5B1%5D&b=x%7Cy" },
		{ NULL, "http://h/?a?b/c:@", "http://h/?a?b/c:@" },
		{ NULL, "http://h/#a#b", "http://h/#a%23b" },
		{ NULL, "http://h/?", "http://h/?" },
		{ NULL, " \t\n http://h/a\nb\tc\r\n ", "http://h/abc" },
		{ NULL, "ht\ntp://h/", "http://h/" },
		{ NULL, "\x01http://h/\x1f", "http://h/" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

/* WHATWG URL: what people write and browsers follow. */
static void test_browser(void **state)
{
	static const struct sample samples[] = {
		{ NULL, "http:\\\\h\\a\\b", "http://h/a/b" },
		{ NULL, "http:h/a", "http://h/a" },
		{ NULL, "http:///h/a", "http://h/a" },
		{ NULL, "https:/h", "https://h/" },
		{ "https://x/y/", "https:a", "https://x/y/a" },
		{ "https://x/y/", "https:/a", "https://x/a" },
		{ "https://x/y/", "http:a", "http://a/" },
		{ "https://x/y/", "\\a", "https://x/a" },
		{ "https://x/y/", "\\\\h\\a", "https://h/a" },
		{ "https://x/y/", "///h/a", "https://h/a" },
		{ "https://x/y/", "a\\..\\b?c\\d", "https://x/y/b?c%5Cd" },
		{ "https://x/y?q", "?", "https://x/y?" },
		{ "https://x/y?q", "#", "https://x/y?q#" },
		{ " HTTPS://X/%7ea/y ", "b", "https://x/~a/b" },
		{ "https://x", "b", "https://x/b" },
		{ "https://x?q", "b", "https://x/b" },
		{ "https://u@x:444/a", "//y", "https://y/" },
		{ "https://u@x:444/a", "b", "https://x:444/b" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

static void test_hosts(void **state)
{
	static const struct sample samples[] = {
		{ NULL, "http://b\xc3\xbc" "cher.example/",
		  "http://xn--bcher-kva.example/" },
		{ NULL, "http://B\xc3\x9c" "CHER.example/",
		  "http://xn--bcher-kva.example/" },
		{ NULL, "http://b%C3%BCcher.example/",
		  "http://xn--bcher-kva.example/" },
		{ NULL, "http://fa\xc3\x9f.de/", "http://xn--fa-hia.de/" },
		{ NULL, "http://\xd0\xbf\xd1\x80\xd0\xb0\xd0\xb2\xd0\xb4\xd0"
		  "\xb0.\xd1\x83\xd0\xba\xd1\x80/",
		  "http://xn--80aafi6cg.xn--j1amh/" },
		{ NULL, "http://\xef\xbd\x87o.com/", "http://go.com/" },
		{ NULL, "http://ex%61mple.com/", "http://example.com/" },
		{ NULL, "http://a_b.example.com/", "http://a_b.example.com/" },
		{ NULL, "http://-a.example.com/", "http://-a.example.com/" },
		{ NULL, "http://127.0.0.1:8080/", "http://127.0.0.1:8080/" },
		{ NULL, "http://2130706433/", "http://127.0.0.1/" },
		{ NULL, "http://0x7f.1/", "http://127.0.0.1/" },
		{ NULL, "http://0177.0.0.01/", "http://127.0.0.1/" },
		{ NULL, "http://127.1./", "http://127.0.0.1/" },
		{ NULL, "http://255.255.65535/", "http://255.255.255.255/" },
		{ NULL, "http://4294967295/", "http://255.255.255.255/" },
		{ NULL, "http://0x/", "http://0.0.0.0/" },
		{ NULL, "http://1\xef\xbc\x92" "7.0.0.1/",
		  "http://127.0.0.1/" },
		{ NULL, "http://4294967296/", NULL },
		{ NULL, "http://1.2.3.4.5/", NULL },
		{ NULL, "http://1.2.3.256/", NULL },
		{ NULL, "http://256.2.3.4/", NULL },
		{ NULL, "http://09/", NULL },
		{ NULL, "http://a.1/", NULL },
		{ NULL, "http://1.a/", "http://1.a/" },
		{ NULL, "http://[::1]:80/", "http://[::1]/" },
		{ NULL, "http://[0:0:0:0:0:0:0:1]/", "http://[::1]/" },
		{ NULL, "http://[2001:DB8::1]:8080/",
		  "http://[2001:db8::1]:8080/" },
		{ NULL, "http://[::1/", NULL },
		{ NULL, "http://[::1]x/", NULL },
		{ NULL, "http://[::g]/", NULL },
		{ NULL, "http://[]/", NULL },
		{ NULL, "http://[fe80::1%25eth0]/", NULL },
		{ NULL, "http://a..b/", NULL },
		{ NULL, "http://.a/", NULL },
		{ NULL, "http://./", NULL },
		{ NULL, "http://a b/", NULL },
		{ NULL, "http://a%00b/", NULL },
		{ NULL, "http://a%2fb/", NULL },
		{ NULL, "http://a%40b/", NULL },
		{ NULL, "http://a<b/", NULL },
		{ NULL, "http://\xff\xff/", NULL },
		{ NULL, "http://\xe2\x80\xa8/", NULL },
	};

	(void)state;
	check(samples, COUNT(samples));
}

static void test_schemes(void **state)
{
	static const struct sample samples[] = {
		{ NULL, "mailto:Jo@Example.com?subject=a b",
		  "mailto:Jo@Example.com?subject=a%20b" },
		{ NULL, "MAILTO:a@b", "mailto:a@b" },
		{ NULL, "tel:+1-201-555-0123", "tel:+1-201-555-0123" },
		{ NULL, "news:comp.lang.c", "news:comp.lang.c" },
		{ NULL, "news:a%40b@c", "news:a%40b@c" },
		{ NULL, "news://News.Example/a.b", "news://news.example/a.b" },
		{ NULL, "nntp://h:119/a.b/1", "nntp://h/a.b/1" },
		{ NULL, "ftp://h:21/a", "ftp://h/a" },
		{ "http://h/a", "mailto:x@y", "mailto:x@y" },
		{ "mailto:x@y", "a", NULL },
		{ NULL, "mailto:", NULL },
		{ NULL, "http:", NULL },
		{ NULL, "http://", NULL },
		{ NULL, "https:///", NULL },
		{ NULL, "http://@/", NULL },
		{ NULL, "http://:80/", NULL },
		{ NULL, "http://?a", NULL },
		{ NULL, "", NULL },
		{ NULL, "   ", NULL },
		{ NULL, "a/b", NULL },
		{ NULL, "//h/a", NULL },
		{ NULL, "/a", NULL },
		{ NULL, "example.com/a", NULL },
		{ NULL, "javascript:alert(1)", NULL },
		{ "http://h/", "javascript:alert(1)", NULL },
		{ "http://h/", "JaVa\nScript:alert(1)", NULL },
		{ "http://h/", "\x01javascript:alert(1)", NULL },
		{ "http://h/", "data:text/html,x", NULL },
		{ "http://h/", "vbscript:x", NULL },
		{ "http://h/", "file:///etc/passwd", NULL },
		{ "http://h/", "about:blank", NULL },
		{ "http://h/", "1a:b", "http://h/1a:b" },
		{ "http://h/", "./javascript:x", "http://h/javascript:x" },
		{ "no base", "http://h/", NULL },
		{ "file:///", "a", NULL },
	};

	(void)state;
	check(samples, COUNT(samples));
	assert_null(nw_url_resolve(NULL, NULL, NULL));
}

static void test_long(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	const size_t len = 3000000;
	char *text = malloc(len + 1), *url;
	size_t i;

	(void)state;
	assert_non_null(text);
	memset(text, 'a', len);
	text[len] = '\0';
	assert_null(nw_url_resolve(arena, "http://h/", text));
	memcpy(text, "http://h/", 9);
	text[NW_FETCH_URL_BYTES] = '\0';
	url = nw_url_resolve(arena, NULL, text);
	assert_non_null(url);
	assert_int_equal(strlen(url), NW_FETCH_URL_BYTES);
	text[NW_FETCH_URL_BYTES] = 'a';
	text[NW_FETCH_URL_BYTES + 1] = '\0';
	assert_null(nw_url_resolve(arena, NULL, text));
	/* Short enough, but not once it is encoded. */
	memset(text + 9, ' ', 2000);
	text[2008] = 'a';
	text[2009] = '\0';
	assert_null(nw_url_resolve(arena, NULL, text));
	for (i = 9; i + 3 < 4000; i += 3)
		memcpy(text + i, "/..", 3);
	text[i] = '\0';
	assert_string_equal(nw_url_resolve(arena, NULL, text), "http://h/");
	memset(text, 'a', 300);
	memcpy(text, "http://", 7);
	text[300] = '\0';
	assert_null(nw_url_resolve(arena, NULL, text));
	free(text);
	nw_arena_free(&arena);
}

static void test_split(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_url url;

	(void)state;
	assert_int_equal(nw_url_split(arena, "https://example.com:8443/a/b?c=d"
				      "#e", &url), 0);
	assert_string_equal(url.scheme, "https");
	assert_string_equal(url.host, "example.com");
	assert_string_equal(url.port, "8443");
	assert_string_equal(url.path, "/a/b");
	assert_string_equal(url.query, "c=d");
	assert_string_equal(url.fragment, "e");
	assert_int_equal(nw_url_split(arena, "HTTP://u:p@[2001:DB8::1]", &url),
			 0);
	assert_string_equal(url.scheme, "http");
	assert_string_equal(url.host, "[2001:db8::1]");
	assert_null(url.port);
	assert_string_equal(url.path, "");
	assert_null(url.query);
	assert_null(url.fragment);
	assert_int_equal(nw_url_split(arena, "http://h:/?#", &url), 0);
	assert_null(url.port);
	assert_string_equal(url.query, "");
	assert_string_equal(url.fragment, "");
	assert_int_equal(nw_url_split(arena, "mailto:a@b", &url), 0);
	assert_null(url.host);
	assert_string_equal(url.path, "a@b");
	assert_int_equal(nw_url_split(arena, "/a", &url), -1);
	assert_int_equal(nw_url_split(arena, "", &url), -1);
	assert_int_equal(nw_url_split(arena, NULL, &url), -1);
	assert_int_equal(nw_url_split(arena, "http://", &url), -1);
	assert_int_equal(nw_url_split(arena, "http://:80/", &url), -1);
	assert_int_equal(nw_url_split(arena, "gopher://h/", &url), -1);
	nw_arena_free(&arena);
}

static void test_is_web(void **state)
{
	(void)state;
	assert_true(nw_url_is_web("http://h"));
	assert_true(nw_url_is_web("HTTPS://h/a"));
	assert_false(nw_url_is_web("http:///a"));
	assert_false(nw_url_is_web("http://"));
	assert_false(nw_url_is_web("http:/h"));
	assert_false(nw_url_is_web("ftp://h/"));
	assert_false(nw_url_is_web("mailto:a@h"));
	assert_false(nw_url_is_web("h"));
	assert_false(nw_url_is_web(""));
	assert_false(nw_url_is_web(NULL));
}

static void test_is_front_page(void **state)
{
	struct nw_arena *arena = nw_arena_new();

	(void)state;
	assert_true(nw_url_is_front_page(arena, "https://h/"));
	assert_true(nw_url_is_front_page(arena, "https://h:81/#top"));
	assert_false(nw_url_is_front_page(arena, "https://h/?p=1"));
	assert_false(nw_url_is_front_page(arena, "https://h/a"));
	assert_false(nw_url_is_front_page(arena, "mailto:a@h"));
	nw_arena_free(&arena);
}

static void test_tracking(void **state)
{
	static const struct {
		const char *url;
		bool keep_fragment;
		const char *stripped;
	} samples[] = {
		{ "https://h/a", false, "https://h/a" },
		{ "https://h/a#b", false, "https://h/a" },
		{ "https://h/a#b", true, "https://h/a#b" },
		{ "https://h/a?utm_source=x&utm_medium=y", false,
		  "https://h/a" },
		{ "https://h/a?utm_source=x#b", true, "https://h/a#b" },
		{ "https://h/a?id=1&utm_source=x&page=2", false,
		  "https://h/a?id=1&page=2" },
		{ "https://h/a?fbclid=x&id=1", false, "https://h/a?id=1" },
		{ "https://h/a?id=1&gclid=x", false, "https://h/a?id=1" },
		{ "https://h/a?UTM_Source=x&Id=1", false, "https://h/a?Id=1" },
		{ "https://h/a?at_medium=RSS&at_campaign=rss", false,
		  "https://h/a" },
		{ "https://h/a?CMP=x&xtor=RSS-1", false, "https://h/a" },
		{ "https://h/a?utm=1&gclids=2&mc_cid2=3", false,
		  "https://h/a?utm=1&gclids=2&mc_cid2=3" },
		{ "https://h/a?attack=1", false, "https://h/a?attack=1" },
		{ "https://h/a?b", false, "https://h/a?b" },
		{ "https://h/a?fbclid", false, "https://h/a" },
		{ "https://h/a?a=utm_source=x", false,
		  "https://h/a?a=utm_source=x" },
		{ "https://h/a?page=with:block-1#block-1", true,
		  "https://h/a?page=with:block-1#block-1" },
		{ "https://h/a?", false, "https://h/a" },
		{ "https://h/a?a&&b", false, "https://h/a?a&b" },
		{ "https://h/a#?utm_source=x", true,
		  "https://h/a#?utm_source=x" },
		/* names that mean it on one site only */
		{ "https://x.com/a/status/1?s=61&t=qeol", false,
		  "https://x.com/a/status/1" },
		{ "https://www.YouTube.com/watch?v=1&t=61&si=q", false,
		  "https://www.YouTube.com/watch?v=1&t=61" },
		{ "https://h/search?s=61&t=qeol&si=q", false,
		  "https://h/search?s=61&t=qeol&si=q" },
		{ "https://max.com/a?s=61", false, "https://max.com/a?s=61" },
		{ "https://h/x.com?s=61", false, "https://h/x.com?s=61" },
		/* what opens the page is none */
		{ "https://www.washingtonpost.com/a/?pwapi_token=eyJ0", false,
		  "https://www.washingtonpost.com/a/?pwapi_token=eyJ0" },
		{ "https://www.ft.com/content/1?syn-25a6b1a6=1", false,
		  "https://www.ft.com/content/1" },
		{ "https://h:8080/a?sh=1&intcmp=2", false,
		  "https://h:8080/a?sh=1" },
		{ "", false, "" },
	};
	struct nw_arena *arena = nw_arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(samples); i++)
		assert_string_equal(
			nw_url_strip_tracking(arena, samples[i].url,
					      samples[i].keep_fragment),
			samples[i].stripped);
	nw_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rfc3986),
		cmocka_unit_test(test_normal),
		cmocka_unit_test(test_browser),
		cmocka_unit_test(test_hosts),
		cmocka_unit_test(test_schemes),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_is_web),
		cmocka_unit_test(test_is_front_page),
		cmocka_unit_test(test_tracking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
