/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include "feed_dump.h"

#define FEED(members) \
	"{\"version\":\"https://jsonfeed.org/version/1.1\"" members "}"
#define ITEM(members) FEED(",\"items\":[{" members "}]")
#define ONE "version=jsonfeed11\nitem\n"

static const struct feed_case cases[] = {
	{ "all that 1.1 has",
	  FEED(",\"title\":\"T\",\"home_page_url\":\"https://example.com/\","
	       "\"feed_url\":\"/feed.json\",\"description\":\"D\","
	       "\"next_url\":\"/feed.json?page=2\",\"icon\":\"/i.png\","
	       "\"language\":\"en\",\"authors\":[{\"name\":\"Desk\"}],"
	       "\"hubs\":[{\"type\":\"WebSub\",\"url\":\"https://h.example\"}]"
	       ",\"items\":[{\"id\":\"1\",\"url\":\"/1\",\"title\":\"One\","
	       "\"external_url\":\"https://other.example/\","
	       "\"content_html\":\"<p>x</p>\",\"content_text\":\"x\","
	       "\"summary\":\"S < T\",\"image\":\"/p.jpg\","
	       "\"date_published\":\"2025-07-26T10:00:00+02:00\","
	       "\"date_modified\":\"2025-07-26T11:00:00.5+02:00\","
	       "\"authors\":[{\"name\":\"Jane\",\"url\":\"/jane\"}],"
	       "\"tags\":[\" a \",\"b\",\"a\",\" \"],\"language\":\"fr_CA\","
	       "\"attachments\":[{\"url\":\"/a.mp3\",\"mime_type\":"
	       "\"audio/mpeg\",\"size_in_bytes\":7},{\"url\":\"\"}]}]"),
	  "version=jsonfeed11\ntitle=T\ndescription=D\n"
	  "home=https://example.com/\nself=https://example.com/feed.json\n"
	  "language=en\nicon=https://example.com/i.png\n"
	  "published=2025-07-26T08:00:00Z\nupdated=2025-07-26T09:00:00Z\n"
	  "next=https://example.com/feed.json?page=2\n"
	  "hub=https://h.example/\nauthor=Desk||\n"
	  "item\nid=1\nurl=https://example.com/1\ntitle=One\n"
	  "author=Jane||https://example.com/jane\n"
	  "published=2025-07-26T08:00:00Z\nupdated=2025-07-26T09:00:00Z\n"
	  "summary=S &lt; T\ncontent=<p>x</p>\ntag=a\ntag=b\n"
	  "language=fr-CA\nenclosure=https://example.com/a.mp3|audio/mpeg|7\n"
	  "image=https://example.com/p.jpg|0|0\n" },
	{ "1.0, its author, and an item without one",
	  "{\"version\":\"https://jsonfeed.org/version/1\","
	  "\"home_page_url\":\"https://example.com/\","
	  "\"author\":{\"name\":\"Jane\",\"url\":\"mailto:j@x.example\"},"
	  "\"items\":[{\"id\":2}]}",
	  "version=jsonfeed10\ntitle=https://example.com/\n"
	  "home=https://example.com/\nauthor=Jane|j@x.example|\n"
	  "item\nid=2\nauthor=Jane|j@x.example|\n" },
	{ "authors are one each, in the last place that names them",
	  ITEM("\"authors\":[{\"name\":\"B\"},{\"name\":\"C\"},{\"name\":"
	       "\"A\"},{\"name\":\"b\"}],\"author\":{\"name\":\"A\"}"),
	  ONE "author=C||\nauthor=A||\nauthor=b||\n" },
	{ "lines of plain text are meant",
	  ITEM("\"content_text\":\"a & <b>\\n\\nc\""),
	  ONE "content=a &amp; &lt;b&gt;<br>\n<br>\nc\n" },
	{ "a title is no markup", ITEM("\"title\":\"</example> &amp;\""),
	  ONE "title=</example> &amp;\n" },
	{ "an external address, where there is no other",
	  ITEM("\"external_url\":\"https://o.example/\""),
	  ONE "url=https://o.example/\n" },
	{ "an id that is an address", ITEM("\"id\":\"https://o.example/\""),
	  ONE "id=https://o.example/\nurl=https://o.example/\n" },
	{ "wrong types",
	  FEED(",\"title\":[1],\"home_page_url\":{},\"authors\":\"x\","
	       "\"items\":[7,{\"id\":null,\"title\":{},\"tags\":\"x\","
	       "\"authors\":[1,{\"name\":2}],\"attachments\":[[]],"
	       "\"date_published\":\"Tomorrow\"}]"),
	  ONE "author=2||\n" },
	{ "no web address",
	  ITEM("\"url\":\"javascript:x\",\"image\":\"data:image/png,x\","
	       "\"title\":\"t\""),
	  ONE "title=t\n" },
	{ "NUL and control characters",
	  ITEM("\"title\":\"a\\u0000b\\u0007c\",\"content_html\":\"x\\u0000y\""),
	  ONE "title=abc\ncontent=x y\n" },
	{ "raw line ends in strings", ITEM("\"title\":\"a\nb\\\"\tc\""),
	  ONE "title=a b\" c\n" },
	{ "cut off in the second item",
	  FEED(",\"items\":[{\"title\":\"a\",\"tags\":[\"}\"]},{\"title\":\"b"),
	  ONE "title=a\ntag=}\n" },
	{ "cut off behind the first",
	  FEED(",\"items\":[{\"title\":\"a\""), ONE "title=a\n" },
	{ "cut off in the first",
	  "{\"version\":\"x\",\"items\":[{\"title\":\"a",
	  "error: it is no JSON: line 1: premature end of input near '\"a'\n" },
	{ "no feed", " {\"a\":[]}", "error: it is JSON, but no JSON Feed\n" },
	{ "no items", FEED(""), "version=jsonfeed11\n" },
};

static void test_cases(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++)
		check_feed(&cases[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
