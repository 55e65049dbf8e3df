/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "newswire/opml.h"

static const char nested[] =
	"\n<opml version='1.0'><head><title>x</title></head><body>\n"
	"<outline text='World'>\n"
	"  <outline text='A &amp; B' title='A &amp; &quot;B&quot;' type='rss'"
	" xmlUrl='https://a.example/feed?x=1&amp;y=2'/>\n"
	"  <outline text='No feed' htmlUrl='https://b.example/'/>\n"
	"</outline>\n"
	"<outline XMLURL=' https://c.example/rss ' newsgroup='c.news'/>\n"
	"</body></opml>";

static size_t read_text(struct nw_arena *arena, const char *text,
			struct nw_outline **outlines_r)
{
	struct nw_error err;
	size_t count = 0;

	assert_int_equal(nw_opml_read(arena, text, strlen(text), outlines_r,
				      &count, &err),
			 0);
	return count;
}

static void nested_outlines_are_read(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_outline *outlines;

	(void)state;
	assert_int_equal(read_text(arena, nested, &outlines), 2);
	assert_string_equal(outlines[0].text, "A & \"B\"");
	assert_string_equal(outlines[0].xml_url,
			    "https://a.example/feed?x=1&y=2");
	assert_string_equal(outlines[0].type, "rss");
	assert_null(outlines[0].group);
	assert_string_equal(outlines[1].xml_url, "https://c.example/rss");
	assert_string_equal(outlines[1].group, "c.news");
	assert_null(outlines[1].text);
	nw_arena_free(&arena);
}

static void what_is_written_is_read_back(void **state)
{
	const struct nw_outline list[] = {
		{ "A <b> & \"c\" \xc3\xa9", "https://a.example/?a=1&b=2",
		  "rss", "example.a" },
		{ NULL, "https://b.example/", NULL, NULL },
	};
	struct nw_arena *arena = nw_arena_new();
	struct nw_outline *outlines;
	struct nw_error err;
	struct nw_buf out;

	(void)state;
	nw_buf_init(&out, 4096);
	assert_int_equal(nw_opml_write(&out, "mine & yours", list, 2, &err), 0);
	assert_non_null(strstr(out.data, "<title>mine &amp; yours</title>"));
	assert_int_equal(read_text(arena, out.data, &outlines), 2);
	assert_string_equal(outlines[0].text, list[0].text);
	assert_string_equal(outlines[0].xml_url, list[0].xml_url);
	assert_string_equal(outlines[0].group, list[0].group);
	assert_string_equal(outlines[1].xml_url, list[1].xml_url);
	assert_null(outlines[1].text);
	nw_buf_free(&out);
	nw_arena_free(&arena);
}

static void what_is_no_opml_is_refused(void **state)
{
	static const char *const texts[] = { "", "hello", "<rss/>", "<",
					     "<html><outline xmlUrl='x'/>" };
	struct nw_arena *arena = nw_arena_new();
	struct nw_outline *outlines = NULL;
	size_t i, count = 0;

	(void)state;
	for (i = 0; i < COUNT(texts); i++) {
		struct nw_error err;

		assert_int_equal(nw_opml_read(arena, texts[i],
					      strlen(texts[i]), &outlines,
					      &count, &err),
				 -1);
		assert_int_equal(err.code, NW_ERROR_DATA);
	}
	nw_arena_free(&arena);
}

static void a_small_ceiling_is_an_error(void **state)
{
	const struct nw_outline list[] = { { "a", "https://a.example/", NULL,
					     NULL } };
	struct nw_error err;
	struct nw_buf out;

	(void)state;
	nw_buf_init(&out, 16);
	assert_int_equal(nw_opml_write(&out, "t", list, 1, &err), -1);
	assert_int_equal(err.code, NW_ERROR_REFUSED);
	nw_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nested_outlines_are_read),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(what_is_no_opml_is_refused),
		cmocka_unit_test(a_small_ceiling_is_an_error),
	};

	return cmocka_run_group_tests_name("opml", tests, NULL, NULL);
}
