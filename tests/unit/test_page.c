/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes to a parsed page: what is no page, what libxml2 would misread, depths
 * and sizes, and the feeds that a page names.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newswire/buf.h"
#include "newswire/limits.h"
#include "newswire/page.h"

#define NOW 1784000000	/* 2026-07-14T03:33:20Z */
#define URL "https://news.example.org/world/story.html"

static struct nw_page_input input_of(const char *bytes, size_t len)
{
	return (struct nw_page_input){ .bytes = bytes,
				       .len = len,
				       .url = URL,
				       .now_utc = NOW };
}

static char *body_of(struct nw_arena *arena, const char *html, size_t len)
{
	const struct nw_page_input input = input_of(html, len);
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_story *story = NULL;

	if (nw_page_read(arena, &input, &story, &err) < 0)
		fail_msg("%s", err.text);
	return nw_body_text(arena, &story->body);
}

static void test_no_page(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} cases[] = {
		{ "", 0 },		      { " \r\n\t ", 5 },
		{ "\x89PNG\r\n\x1a\n....", 12 }, { "\xff\xd8\xff\xe0....", 8 },
		{ "GIF89a....", 10 },	      { "%PDF-1.7 ...", 12 },
		{ "PK\x03\x04......", 10 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		const struct nw_page_input input =
			input_of(cases[i].bytes, cases[i].len);
		struct nw_arena *arena = nw_arena_new();
		struct nw_error err = { NW_ERROR_NONE, "" };
		struct nw_story *story = NULL;

		assert_int_equal(nw_page_read(arena, &input, &story, &err), -1);
		assert_int_equal(err.code, NW_ERROR_DATA);
		assert_null(story);
		assert_true(err.text[0]);
		nw_arena_free(&arena);
	}
}

static void test_too_large(void **state)
{
	size_t len = (size_t)NW_FETCH_BODY_BYTES + 1;
	char *bytes = malloc(len);
	struct nw_page_input input;
	struct nw_arena *arena = nw_arena_new();
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_story *story = NULL;

	(void)state;
	assert_non_null(bytes);
	memset(bytes, 'a', len);
	input = input_of(bytes, len);
	assert_int_equal(nw_page_read(arena, &input, &story, &err), -1);
	assert_int_equal(err.code, NW_ERROR_REFUSED);
	nw_arena_free(&arena);
	free(bytes);
}

static void test_no_article(void **state)
{
	static const char *const pages[] = {
		"<p></p>", "<html></html>", "<!doctype html>", "plain",
		"<frameset><frame></frameset>",
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(pages); i++) {
		const struct nw_page_input input =
			input_of(pages[i], strlen(pages[i]));
		struct nw_arena *arena = nw_arena_new();
		struct nw_story *story = NULL;
		struct nw_error err = { NW_ERROR_NONE, "" };

		if (nw_page_read(arena, &input, &story, &err) == 0)
			assert_non_null(story);
		else
			assert_int_equal(err.code, NW_ERROR_DATA);
		nw_arena_free(&arena);
	}
}

#define A "The council voted to keep the old mill open until next spring, " \
	  "and the mayor promised to listen to those who live beside it."
#define B "Nobody had expected the vote to be so close, said the clerk, who " \
	  "has counted hands in the hall for more than thirty years."

/* What stands in the source, and what of it is read. */
static const struct {
	const char *html, *text;
} sources[] = {
	{ "<p>" A "<p>" B, A "\n\n" B },
	/* not shown, or no text */
	{ "<p>" A "</p><script>document.write('<p>" B "</p>')</script>", A },
	{ "<p>" A "</p><script><!-- <script> " B " </script> --></script>",
	  A },
	{ "<p>" A "</p><style>p { content: '" B "' }</style>", A },
	{ "<p>" A "</p><template><p>" B "</p></template>", A },
	{ "<p>" A "</p><textarea><p>" B "</p></textarea>", A },
	{ "<p>" A "</p><iframe><p>" B "</p></iframe>", A },
	{ "<p>" A "</p><noscript><p>" B "</p></noscript>", A },
	{ "<p>" A "</p><svg><title>" B "</title><text>" B "</text></svg>",
	  A },
	{ "<p>" A "</p><!-- <p>" B "</p> -->", A },
	{ "<p>" A "</p><!-- <p>no</p> --!><p>" B "</p>", A "\n\n" B },
	{ "<p>" A "</p><!--><p>" B "</p>", A "\n\n" B },
	{ "<p>" A "</p><![if !IE]><p>" B "</p><![endif]>", A "\n\n" B },
	/* attributes do not end at ">" within quotes */
	{ "<p title='a > <script>'>" A "</p><p>" B "</p>", A "\n\n" B },
	{ "<p title=it's>" A "</p><p>" B "</p>", A "\n\n" B },
	/* buttons */
	{ "<p>" A " <button>Click <div>here</button></p><p>" B "</p>",
	  A "\n\n" B },
	{ "<p>" A "</p><h2><button>Why is that?</button></h2><p>" B "</p>",
	  A "\n\nWhy is that?\n\n" B },
	/* an end tag of the whole page in its middle */
	{ "<body><p>" A "</p></body></html><p>" B "</p>", A "\n\n" B },
	/* references */
	{ "<p>" A "</p><p>&#147;Well&#148; &#x96; " B "</p>",
	  A "\n\n“Well” – " B },
	{ "<p>" A "</p><p>one&NewLine;two &lbrack;3&rbrack; " B "</p>",
	  A "\n\none two [3] " B },
	{ "<p>" A "</p><p>1 < 2 & 3 > 2, said " B "</p>",
	  A "\n\n1 < 2 & 3 > 2, said " B },
	/* white space between elements that HTML 4 does not know */
	{ "<p><data>one</data> <time>two</time>, " A "</p><p>" B "</p>",
	  "one two, " A "\n\n" B },
};

static void test_sources(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(sources); i++) {
		struct nw_arena *arena = nw_arena_new();
		const char *text = body_of(arena, sources[i].html,
					   strlen(sources[i].html));

		if (strcmp(text, sources[i].text))
			fail_msg("'%s' instead of '%s': %s", text,
				 sources[i].text, sources[i].html);
		nw_arena_free(&arena);
	}
}

/* The text of a page nested deeper than any page is not lost, and closing
 * what was never opened costs no time. */
static void test_deep(void **state)
{
	static const struct {
		const char *open, *close;
		bool text;
	} heaps[] = {
		{ "<div>", "</div>", true },
		{ "<b>", "", true },
		{ "<ul><li>", "", false },
		{ "<table><tr><td>", "", false },
		{ "<div>", "</section>", true },
		{ "<p><object>", "", false },
	};
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(heaps); i++) {
		struct nw_arena *arena = nw_arena_new();
		struct nw_buf html;
		const char *text;

		nw_buf_init(&html, 16u << 20);
		for (k = 0; k < 20000; k++)
			nw_buf_adds(&html, heaps[i].open);
		nw_buf_adds(&html, "<p>" A "</p><p>" B "</p>");
		for (k = 0; k < 20000; k++)
			nw_buf_adds(&html, heaps[i].close);
		text = body_of(arena, html.data, html.len);
		if (heaps[i].text && !strstr(text, "so close"))
			fail_msg("%s: '%s'", heaps[i].open, text);
		nw_buf_free(&html);
		nw_arena_free(&arena);
	}
}

/* One bad byte costs that byte, not what is behind it. */
static void test_charset(void **state)
{
	static const char gb2312[] =
		"<meta charset=gb2312><p>\xd6\xd0\xb9\xfa \x81\x30\x81\x30 " A
		"</p><p>" B "</p>";
	struct nw_arena *arena = nw_arena_new();
	const char *text = body_of(arena, gb2312, sizeof(gb2312) - 1);

	(void)state;
	assert_non_null(strstr(text, "中国"));
	assert_non_null(strstr(text, "thirty years."));
	nw_arena_free(&arena);
}

/* Every beginning of a page, and the page with each byte turned over. */
static void read_broken(const char *html, size_t len)
{
	const struct nw_page_input input = input_of(html, len);
	struct nw_arena *arena = nw_arena_new();
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_story *story = NULL;

	if (nw_page_read(arena, &input, &story, &err) == 0)
		assert_non_null(story);
	else
		assert_int_equal(err.code, NW_ERROR_DATA);
	nw_arena_free(&arena);
}

static void test_broken(void **state)
{
	static const char page[] =
		"<!doctype html><html lang=en><head><title>A &amp; B | C"
		"</title><meta property='og:title' content='A &#147; B'>"
		"<script type='application/ld+json'>{\"@type\":\"Article\"}"
		"</script></head><body><h1>A</h1><figure><img src=a.jpg "
		"width=640 height=480><figcaption>Cap</figcaption></figure>"
		"<!-- c --><ul class='share'><li><a href='#x'>x</a></ul><p>" A
		"<table><tr><td>1<td>2</table><svg><p></svg></body></html>";
	char copy[sizeof(page)];
	size_t i;

	(void)state;
	for (i = 1; i < sizeof(page); i++) {
		read_broken(page, i);
		memcpy(copy, page, sizeof(page));
		copy[i - 1] ^= 0x15;
		read_broken(copy, sizeof(page) - 1);
	}
}

static void test_feeds(void **state)
{
	static const char html[] =
		"<base href='https://cdn.example.org/x/'>"
		"<link rel=alternate type=application/rss+xml "
		"title='Comments on this' href=/comments.xml>"
		"<link rel='alternate stylesheet' href=a.css>"
		"<link rel=alternate type='application/atom+xml; charset=utf-8' "
		"title=' World  news ' href=world.atom>"
		"<link rel=alternate hreflang=de href=/de>"
		"<link rel=Alternate type=APPLICATION/RSS+XML href=//a.example/r>"
		"<link rel=alternate type=application/rss+xml href=world.atom>"
		"<link rel=alternate type=application/rss+xml href=''>";
	const struct nw_page_input input = input_of(html, sizeof(html) - 1);
	struct nw_arena *arena = nw_arena_new();
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_page_link *links = NULL;
	size_t count = 0;

	(void)state;
	assert_int_equal(nw_page_feeds(arena, &input, &links, &count, &err),
			 0);
	assert_int_equal(count, 3);
	assert_string_equal(links[0].url,
			    "https://cdn.example.org/x/world.atom");
	assert_string_equal(links[0].title, "World news");
	assert_string_equal(links[0].type, "application/atom+xml");
	assert_string_equal(links[1].url, "https://a.example/r");
	assert_null(links[1].title);
	assert_string_equal(links[2].url,
			    "https://cdn.example.org/comments.xml");
	nw_arena_free(&arena);
}

/* What only looks like a feed stands behind what is declared as one. */
static void test_guessed_feeds(void **state)
{
	static const char html[] =
		"<link rel=alternate hreflang=de href=/de>"
		"<link rel=alternate href=/news/feed/>"
		"<link rel=alternate type=text/xml href=/all.rss>"
		"<link rel=alternate type=text/html href=/rss>"
		"<link rel=feed href=/feed.json>"
		"<link rel=icon href=/atom.xml>"
		"<body><a href='/rss'>RSS</a><a href='/feed-the-birds'>x</a>"
		"<a href='https://other.example/feed'>x</a>"
		"<a href='https://feeds.other.example/index.rdf'>x</a>"
		"<a href='/story/comments/feed/'>x</a><a href='#rss'>x</a>"
		"<link rel=alternate type=application/atom+xml href=/a>";
	static const struct {
		const char *url;
		bool guessed;
	} feeds[] = {
		{ "https://www.example.org/a", false },
		{ "https://www.example.org/news/feed/", true },
		{ "https://www.example.org/all.rss", true },
		{ "https://www.example.org/feed.json", true },
		{ "https://www.example.org/rss", true },
		{ "https://feeds.other.example/index.rdf", true },
		{ "https://www.example.org/story/comments/feed/", true },
	};
	struct nw_page_input input = input_of(html, sizeof(html) - 1);
	struct nw_arena *arena = nw_arena_new();
	struct nw_page_link *links = NULL;
	struct nw_error err;
	size_t count = 0, i;

	(void)state;
	input.url = "https://www.example.org/news";
	assert_int_equal(nw_page_feeds(arena, &input, &links, &count, &err),
			 0);
	assert_int_equal(count, COUNT(feeds));
	for (i = 0; i < COUNT(feeds); i++) {
		assert_string_equal(links[i].url, feeds[i].url);
		assert_int_equal(links[i].guessed, feeds[i].guessed);
	}
	nw_arena_free(&arena);
}

static void test_feeds_cap(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_page_link *links = NULL;
	struct nw_page_input input;
	struct nw_buf html;
	size_t count = 0, i;

	(void)state;
	nw_buf_init(&html, 1u << 20);
	for (i = 0; i < 4 * NW_PAGE_FEEDS; i++)
		nw_buf_addf(&html,
			    "<link rel=alternate type=application/rss+xml "
			    "href=/%zu>",
			    i);
	input = input_of(html.data, html.len);
	assert_int_equal(nw_page_feeds(arena, &input, &links, &count, &err),
			 0);
	assert_int_equal(count, NW_PAGE_FEEDS);
	nw_buf_free(&html);
	nw_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_page),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_no_article),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_deep),
		cmocka_unit_test(test_charset),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_feeds),
		cmocka_unit_test(test_guessed_feeds),
		cmocka_unit_test(test_feeds_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
