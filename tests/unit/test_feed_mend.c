/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Feeds that are no XML, and those that mean harm. */
#include "config.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "unit.h"

#include "feed_dump.h"
#include "newswire/limits.h"

#define HEAD "<rss version='2.0'><channel>"
#define TAIL "</channel></rss>"
#define ONE "version=rss20\nitem\n"
#define NO_FEED \
	"error: it is no feed that newswire knows (RSS, Atom, JSON Feed, " \
	"sitemap)\n"

static const struct feed_case cases[] = {
	{ "entities of HTML",
	  HEAD "<title>a&nbsp;b &eacute;&Eacute; &hearts;</title>" TAIL,
	  "version=rss20\ntitle=a b éÉ ♥\n" },
	{ "ampersands that are none",
	  HEAD "<title>AT&T & R&D; &#; &#x; &#xD800; &</title>"
	       "<link>https://example.com/?a=1&b=2</link>" TAIL,
	  "version=rss20\ntitle=AT&T & R&D; &#; &#x; &\n"
	  "home=https://example.com/?a=1&b=2\n" },
	{ "numbers without a semicolon",
	  HEAD "<title>a &#8217 b &#x2019 c</title>" TAIL,
	  "version=rss20\ntitle=a ’ b ’ c\n" },
	{ "control characters",
	  HEAD "<title>a\x01\x08"
	       "b&#1;c\x1f</title>" TAIL,
	  "version=rss20\ntitle=abc\n" },
	{ "less-than in text",
	  HEAD "<title>1 < 2 <3 <= x</title>" TAIL,
	  "version=rss20\ntitle=1 < 2 <3 <= x\n" },
	{ "attributes without quotes, twice, without value",
	  HEAD "<item><enclosure url=/a.mp3 length=5 length='6' checked"
	       " type=audio/mpeg/><title>t</title></item>" TAIL,
	  ONE "title=t\nenclosure=https://example.com/a.mp3|audio/mpeg|5\n" },
	{ "junk before and behind",
	  "\n<br />\n<b>Warning</b>: mysql in <b>x.php</b> on line 1<br />\n"
	  "<?xml version='1.0'?>" HEAD "<title>t</title>" TAIL "<p>x</html>",
	  "version=rss20\ntitle=t\n" },
	{ "white space before the declaration",
	  "\r\n  <?xml version='1.0' encoding='utf-16'?>" HEAD
	  "<title>ü</title>" TAIL,
	  "version=rss20\ntitle=ü\n" },
	{ "HTML that was not escaped",
	  HEAD "<item><description><p>a<br>b<img src=x.png><b>c</p>"
	       "</description><title>t</title></item>" TAIL,
	  ONE "title=t\nsummary=<p>a<br>b<img src=\"x.png\"><b>c</b></p>\n" },
	{ "end tags of nothing",
	  HEAD "<item></p><title>a</title></div></item>"
	       "<item><title>b</title></item>" TAIL,
	  ONE "title=a\nitem\ntitle=b\n" },
	{ "end tags in another case", HEAD "<item><Title>a</title></ITEM>" TAIL,
	  ONE "title=a\n" },
	{ "items that are not closed",
	  HEAD "<item><title>a</title><item><title>b</title>" TAIL,
	  ONE "title=a\nitem\ntitle=b\n" },
	{ "elements that are not closed",
	  HEAD "<item><title>a</title><description>b</item>"
	       "<item><title>c</title></item>" TAIL,
	  ONE "title=a\nsummary=b\nitem\ntitle=c\n" },
	{ "cut off in a text",
	  HEAD "<item><title>a</title><link>https://example.com/lon",
	  ONE "title=a\n" },
	{ "cut off in a tag",
	  HEAD "<item><title>a</title><enclosure url='https://exam",
	  ONE "title=a\n" },
	{ "cut off in CDATA",
	  HEAD "<item><title>a</title><description><![CDATA[<p>b",
	  ONE "title=a\nsummary=<p>b\n" },
	{ "a comment without an end",
	  HEAD "<!-- <title>a</title>" TAIL,
	  "version=rss20\ntitle=a\n" },
	{ "a comment with one", HEAD "<!-- <title>a</title> -->" TAIL,
	  "version=rss20\n" },
	{ "CDATA's end in text", HEAD "<title>a ]]> b</title>" TAIL,
	  "version=rss20\ntitle=a ]]> b\n" },
	{ "an entity of the document",
	  "<!DOCTYPE rss [<!-- ]> --><!ENTITY a 'b&#169;&amp;<i>'>]>" HEAD
	  "<title>&a;c</title>" TAIL,
	  "version=rss20\ntitle=b©&c\n" },
	{ "a public document type",
	  "<!DOCTYPE rss PUBLIC '-//N//DTD RSS 0.91//EN' 'http://x/r.dtd'>" HEAD
	  "<title>t</title>" TAIL,
	  "version=rss20\ntitle=t\n" },
	{ "a document type without an end",
	  "<!DOCTYPE rss [<!ENTITY a" HEAD "<title>t</title>" TAIL, NO_FEED },
	{ "entities of entities",
	  "<!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]>" HEAD
	  "<title>&b;</title>" TAIL,
	  "version=rss20\ntitle=&a;&a;\n" },
	{ "files of this machine",
	  "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>"
	  "<!ENTITY % p SYSTEM 'file:///etc/passwd'>%p;]>" HEAD
	  "<title>a&x;b</title>" TAIL,
	  "version=rss20\ntitle=a&x;b\n" },
	{ "XInclude is only a name",
	  HEAD "<title><xi:include xmlns:xi='http://www.w3.org/2001/XInclude'"
	       " href='file:///etc/passwd' parse='text'/></title>" TAIL,
	  "version=rss20\n" },
	{ "only openings", "<<<<<<<<<<<!<!<?<!--<![CDATA[</", NO_FEED },
	{ "half a root", "<rss", NO_FEED },
	{ "an attribute of which the parser has an opinion",
	  HEAD "<title xml:id='1 2'>t</title>" TAIL,
	  "version=rss20\ntitle=t\n" },
	{ "a root and no more", "<rss>", "version=rss\n" },
	{ "a page that names one", "<html><rss><channel>" TAIL,
	  "error: it is an HTML page, not a feed\n" },
	{ "a page without its first tag", "<!doctype html>\n<head><title>x",
	  "error: it is an HTML page, not a feed\n" },
};

static void test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		check_feed(&cases[i]);
}

/* The library tells its caller what is wrong, and nobody else. */
static void test_says_nothing(void **state)
{
	FILE *said = tmpfile();
	int standard_error = dup(STDERR_FILENO);
	size_t i;

	(void)state;
	assert_non_null(said);
	assert_true(standard_error >= 0);
	(void)dup2(fileno(said), STDERR_FILENO);
	for (i = 0; i < COUNT(cases); i++) {
		struct nw_arena *arena = nw_arena_new();
		struct nw_feed *feed = NULL;

		(void)nw_feed_read(arena, cases[i].bytes,
				   strlen(cases[i].bytes), SOURCE, NULL, &feed,
				   NULL);
		nw_arena_free(&arena);
	}
	(void)fflush(stderr);
	(void)dup2(standard_error, STDERR_FILENO);
	(void)close(standard_error);
	assert_int_equal(lseek(fileno(said), 0, SEEK_END), 0);
	(void)fclose(said);
}

/* Each beginning of a feed can be read or is refused, and ends in the same
 * items as far as they go. */
static void test_every_cut(void **state)
{
	static const char whole[] =
		"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY e 'x'>]>" HEAD
		"<title>T &e; &amp;</title><!-- c --><item><title>A</title>"
		"<link>https://example.com/a?b=1&amp;c=2</link>"
		"<description><![CDATA[<p>x</p>]]></description>"
		"<enclosure url='/e' type=\"audio/ogg\"/></item>"
		"<item><title>B</title></item>" TAIL;
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(whole); len++) {
		struct nw_arena *arena = nw_arena_new();
		struct nw_feed *feed = NULL;
		const char *url;

		if (nw_feed_read(arena, whole, len, SOURCE, NULL, &feed,
				 NULL) == 0 &&
		    feed->item_count) {
			url = feed->items[0].url;
			if (feed->items[0].title)
				assert_string_equal(feed->items[0].title, "A");
			if (url)
				assert_string_equal(
					url, "https://example.com/a?b=1&c=2");
		}
		nw_arena_free(&arena);
	}
}

/* One piece again and again, between a beginning and an end. */
static const struct {
	const char *before, *piece, *after;
} floods[] = {
	{ HEAD, "<", "" },
	{ HEAD, "<a", "" },
	{ HEAD, "<a>", "" },
	{ HEAD "<a><b><c>", "</x>", "" },
	{ HEAD, "<!--", "" },
	{ HEAD, "<![CDATA[", "" },
	{ HEAD, "<?", "" },
	{ "", "<!DOCTYPE [", "" },
	{ "<!DOCTYPE r [", "<!ENTITY a 'b'>", "]>" HEAD TAIL },
	{ HEAD "<title>", "&", "</title>" TAIL },
	{ HEAD "<title>", "&x;", "</title>" TAIL },
	{ HEAD "<title>", "&lt;b", "</title>" TAIL },
	{ HEAD "<title>", "&lt;!--", "</title>" TAIL },
	{ HEAD, "<a b='", "" },
	{ HEAD, "<a b=\"' ", "" },
	{ "<rss", " a=''", ">" TAIL },
	{ "<rss", " xmlns:a='u'", ">" TAIL },
	{ HEAD, "<b xmlns:a='u' xmlns:b='v'>", "<c:d/>" },
	{ HEAD, "<item>x</item>", TAIL },
	{ HEAD, "<item>", TAIL },
	{ HEAD "<item>", "<category>c</category>", "</item>" TAIL },
	{ HEAD "<item>", "<author>a@b (c)</author>", "</item>" TAIL },
	{ HEAD "<item>", "<media:content url='/a'/>", "</item>" TAIL },
	{ HEAD "<item>", "<media:group>", "</item>" TAIL },
	{ HEAD "<item><description>", "<b>", "</description></item>" TAIL },
	{ "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'>]>"
	  HEAD "<title>", "&a;", "</title>" TAIL },
	{ "{\"items\":", "[", "" },
	{ "{\"items\":[", "{\"id\":1},", "{}]}" },
	{ "<urlset>", "<url><loc>https://example.com/</loc></url>", "</urlset>" },
};

#define FLOOD_BYTES (1u << 20)
#define FLOOD_SECONDS 5.0

static double processor_seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

/* A megabyte of each takes milliseconds; what grows as the square would take
 * hours.  The bound leaves room for a slow machine and its sanitizers. */
static void test_floods(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(floods); i++) {
		struct nw_arena *arena = nw_arena_new();
		struct nw_feed *feed = NULL;
		struct nw_buf text;
		double start = processor_seconds();

		nw_buf_init(&text, 2 * FLOOD_BYTES);
		nw_buf_adds(&text, floods[i].before);
		while (text.len < FLOOD_BYTES)
			nw_buf_adds(&text, floods[i].piece);
		nw_buf_adds(&text, floods[i].after);
		assert_true(nw_buf_ok(&text));
		if (nw_feed_read(arena, text.data, text.len, SOURCE, NULL,
				 &feed, NULL) == 0)
			assert_true(feed->item_count <= NW_SITEMAP_ENTRIES);
		assert_true(nw_arena_bytes(arena) < 64 * FLOOD_BYTES);
		if (processor_seconds() - start > FLOOD_SECONDS)
			fail_msg("%s%s… takes %.1f s", floods[i].before,
				 floods[i].piece,
				 processor_seconds() - start);
		nw_buf_free(&text);
		nw_arena_free(&arena);
	}
}

static size_t count_items(const char *piece, size_t pieces)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_feed *feed = NULL;
	struct nw_buf text;
	size_t count, i;

	nw_buf_init(&text, 16u << 20);
	nw_buf_adds(&text, HEAD);
	for (i = 0; i < pieces; i++)
		nw_buf_adds(&text, piece);
	nw_buf_adds(&text, TAIL);
	assert_int_equal(nw_feed_read(arena, text.data, text.len, SOURCE, NULL,
				      &feed, NULL),
			 0);
	count = feed->item_count;
	nw_buf_free(&text);
	nw_arena_free(&arena);
	return count;
}

static void test_caps(void **state)
{
	static const char item[] = "<item><title>t</title></item>";

	(void)state;
	assert_int_equal(count_items(item, NW_FEED_ITEMS), NW_FEED_ITEMS);
	assert_int_equal(count_items(item, NW_FEED_ITEMS + 9), NW_FEED_ITEMS);
	assert_int_equal(count_items("<item/>", 9), 0);
}

/* A text of more than NW_FEED_TEXT_BYTES is cut between two characters. */
static void test_long_text(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_feed *feed = NULL;
	struct nw_buf text;
	size_t len;

	(void)state;
	nw_buf_init(&text, 16u << 20);
	nw_buf_adds(&text, HEAD "<item><description>a");
	while (text.len < 2 * NW_FEED_TEXT_BYTES + 4096)
		nw_buf_adds(&text, "€");
	nw_buf_adds(&text, "</description><title>t</title></item>" TAIL);
	assert_int_equal(nw_feed_read(arena, text.data, text.len, SOURCE, NULL,
				      &feed, NULL),
			 0);
	len = strlen(feed->items[0].summary_html);
	assert_in_range(len, NW_FEED_TEXT_BYTES - 2, NW_FEED_TEXT_BYTES);
	assert_int_equal((len - 1) % strlen("€"), 0);
	assert_string_equal(feed->items[0].title, "t");
	nw_buf_free(&text);
	nw_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_says_nothing),
		cmocka_unit_test(test_every_cut),
		cmocka_unit_test(test_floods), cmocka_unit_test(test_caps),
		cmocka_unit_test(test_long_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
