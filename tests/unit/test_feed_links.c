/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The addresses that a feed names, and what they are relative to.
 */
#include "config.h"

#include "unit.h"

#include "feed_texts.h"

static const struct feed_case links[] = {
	{ "links are relative to the site",
	  RSS("<link>https://site.example/</link><item><link>a/b</link>"
	      "</item>"),
	  "version=rss20\nhome=https://site.example/\n"
	  "item\nurl=https://site.example/a/b\n" },
	{ "without one, to the feed", ITEM("<link>a/b</link>"),
	  ONE "url=https://example.com/news/a/b\n" },
	{ "xml:base is stronger",
	  "<rss version='2.0' xml:base='https://b.example/x/'><channel>"
	  "<link>https://site.example/</link>"
	  "<item xml:base='y/'><link>a</link></item></channel></rss>",
	  "version=rss20\nhome=https://site.example/\n"
	  "item\nurl=https://b.example/x/y/a\n" },
	{ "xml:base within contents",
	  ENTRY("<content type='xhtml'><div xmlns='http://www.w3.org/1999/"
		"xhtml'><p xml:base='https://b.example/x/'>"
		"<a href='y' title='y'>z</a></p></div></content>"),
	  ONE_ATOM "content=<p><a href=\"https://b.example/x/y\" title=\"y\">"
		   "z</a></p>\n" },
	{ "a guid is a link", ITEM("<guid>https://example.com/1</guid>"),
	  ONE "id=https://example.com/1\nurl=https://example.com/1\n" },
	{ "unless it denies it, or is no address",
	  RSS("<item><guid isPermaLink='false'>x</guid></item>"
	      "<item><guid>12</guid></item>"),
	  "version=rss20\nitem\nid=x\nitem\nid=12\n" },
	{ "the link is stronger than the guid",
	  ITEM("<guid>https://g.example/</guid>"
	       "<link>https://l.example/</link>"),
	  ONE "id=https://g.example/\nurl=https://l.example/\n" },
	{ "the last of several links",
	  ITEM("<link>https://a.example/</link><link/>"
	       "<link href='https://b.example/'/>"
	       "<a:link href='https://c.example/'/>"),
	  ONE "url=https://b.example/\n" },
	{ "FeedBurner knows the original",
	  "<rss version='2.0' xmlns:f='http://rssnamespace.org/feedburner/ext/"
	  "1.0'><channel><item><link>https://proxy.example/1</link>"
	  "<enclosure url='https://proxy.example/1.mp3'/>"
	  "<f:origLink>https://example.com/1</f:origLink>"
	  "<f:origEnclosureLink>/1.mp3</f:origEnclosureLink></item>"
	  "</channel></rss>",
	  ONE "url=https://example.com/1\n"
	      "enclosure=https://example.com/1.mp3||0\n" },
	{ "no script, no sentence",
	  ITEM("<link>javascript:alert(1)</link>"
	       "<comments>no comments yet</comments><title>t</title>"),
	  ONE "title=t\n" },
	{ "an id that several addresses share is none",
	  RSS("<item><guid isPermaLink='false'>0</guid><link>/1</link></item>"
	      "<item><guid isPermaLink='false'>1</guid><link>/2</link></item>"
	      "<item><guid isPermaLink='false'>0</guid><link>/3</link></item>"),
	  "version=rss20\nitem\nurl=https://example.com/1\n"
	  "item\nid=1\nurl=https://example.com/2\n"
	  "item\nurl=https://example.com/3\n" },
};

static void test_links(void **state)
{
	(void)state;
	check_all(links, COUNT(links));
}

static void test_base_url(void **state)
{
	static const struct {
		const char *bytes, *base;
	} cases[] = {
		{ ITEM("<description>d</description>"), SOURCE },
		{ RSS("<link>https://s.example/</link><item><description>d"
		      "</description></item>"),
		  "https://s.example/" },
		{ ITEM("<link>/1</link><description>d</description>"),
		  "https://example.com/1" },
		{ ENTRY("<summary xml:base='https://a.example/'>s</summary>"
			"<content xml:base='https://b.example/'>c</content>"),
		  "https://b.example/" },
		{ ENTRY("<content xml:base='https://b.example/'>c</content>"
			"<summary xml:base='https://a.example/'>s</summary>"),
		  "https://b.example/" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct nw_arena *arena = nw_arena_new();
		struct nw_feed *feed = NULL;

		assert_int_equal(nw_feed_read(arena, cases[i].bytes,
					      strlen(cases[i].bytes), SOURCE,
					      NULL, &feed, NULL),
				 0);
		assert_string_equal(feed->items[0].base_url, cases[i].base);
		nw_arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_base_url),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
