/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON-LD as publishers write it: what is read of it, and what is mended.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "newswire/buf.h"
#include "newswire/page.h"

#define NOW 1784000000	/* 2026-07-14T03:33:20Z */
#define URL "https://news.example.org/story.html"

/* Reads a page with the script and nothing else that names an author. */
static struct nw_story *read_script(struct nw_arena *arena, const char *script)
{
	char *html = nw_arena_printf(
		arena,
		"<html><head><script type=\"application/ld+json\">%s</script>"
		"</head><body><p>The council voted to keep the mill open, and "
		"the mayor promised to listen.</p></body></html>",
		script);
	const struct nw_page_input input = { .bytes = html,
					     .len = strlen(html),
					     .url = URL,
					     .now_utc = NOW };
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_story *story = NULL;

	if (nw_page_read(arena, &input, &story, &err) < 0)
		fail_msg("%s", err.text);
	return story;
}

static const char *authors_of(struct nw_arena *arena,
			      const struct nw_story *story)
{
	const char *names = "";
	size_t i;

	for (i = 0; i < story->author_count; i++)
		names = nw_arena_printf(arena, "%s%s%s", names, i ? "; " : "",
					story->authors[i].name);
	return names;
}

#define ARTICLE "\"@type\":\"NewsArticle\",\"headline\":\"The mill stays\""

/* Scripts, the headline and the authors that are read from them. */
static const struct {
	const char *script, *title, *authors;
} scripts[] = {
	/* shapes */
	{ "{" ARTICLE ",\"author\":\"Jane Doe\"}", "The mill stays",
	  "Jane Doe" },
	{ "{" ARTICLE ",\"author\":{\"@type\":\"Person\",\"name\":"
	  "\"Jane Doe\"}}",
	  "The mill stays", "Jane Doe" },
	{ "{" ARTICLE ",\"author\":[{\"name\":\"Jane Doe\"},"
	  "{\"name\":\"John Roe\"}]}",
	  "The mill stays", "Jane Doe; John Roe" },
	{ "[{\"@type\":\"WebSite\",\"name\":\"Example\"},{" ARTICLE "}]",
	  "The mill stays", "" },
	{ "{\"@graph\":[{\"@type\":\"WebPage\"},{" ARTICLE "}]}",
	  "The mill stays", "" },
	{ "{\"@type\":\"WebPage\",\"mainEntity\":{" ARTICLE "}}",
	  "The mill stays", "" },
	{ "{\"@type\":[\"Article\",\"NewsArticle\"],\"headline\":\"A mill\"}",
	  "A mill", "" },
	{ "{\"@type\":\"http://schema.org/NewsArticle\",\"headline\":"
	  "\"A mill\"}",
	  "A mill", "" },
	{ "{\"@graph\":[{" ARTICLE ",\"author\":{\"@id\":\"#jane\"}},"
	  "{\"@type\":\"Person\",\"@id\":\"#jane\",\"name\":\"Jane Doe\"}]}",
	  "The mill stays", "Jane Doe" },
	/* two values in one script */
	{ "{\"@type\":\"WebSite\"}\n{" ARTICLE "}", "The mill stays", "" },
	/* escapes, entities, twice over */
	{ "{\"@type\":\"Article\",\"headline\":\"Caf\\u00e9 \\/ bar\"}",
	  "Café / bar", "" },
	{ "{\"@type\":\"Article\",\"headline\":\"Mum &amp; Dad\"}",
	  "Mum & Dad", "" },
	{ "{\"@type\":\"Article\",\"headline\":\"Mum &amp;amp; Dad\"}",
	  "Mum & Dad", "" },
	{ "{\"@type\":\"Article\",\"headline\":\"<b>Bold</b> mill\"}",
	  "Bold mill", "" },
	{ "{\"@type\":\"Article\",\"headline\":\"\\ud83d\\ude00 mill\"}",
	  "\U0001F600 mill", "" },
	/* what is no JSON */
	{ "<!-- {" ARTICLE "} -->", "The mill stays", "" },
	{ "//<![CDATA[\n{" ARTICLE "}\n//]]>", "The mill stays", "" },
	{ "{" ARTICLE ",}", "The mill stays", "" },
	{ "{" ARTICLE ",\"author\":[\"Jane Doe\",]}", "The mill stays",
	  "Jane Doe" },
	{ "{" ARTICLE ",\"author\":\"Jane Doe\"", "The mill stays",
	  "Jane Doe" },
	{ "{" ARTICLE ",\"author\":[\"Jane Doe", "The mill stays",
	  "Jane Doe" },
	{ "{" ARTICLE "};", "The mill stays", "" },
	{ "{\"@type\":\"Article\",\"headline\":\"The\n\tmill\"}", "The mill",
	  "" },
	{ "{\"@type\":\"Article\",\"headline\":\"The mill\\'s end\"}",
	  "The mill's end", "" },
	{ "{\"@type\":\"Article\",\"headline\":\"The \"old\" mill\"}",
	  "The \"old\" mill", "" },
	{ "{\"@type\":\"Article\",\"headline\":\"A \\ud83d mill\"}",
	  "A \uFFFD mill", "" },
	{ "{\"@type\":\"Article\",\"headline\":\"A \\u0000mill\"}",
	  "A \uFFFDmill", "" },
	{ "{\"@type\":\"Article\",\"headline\":\"A \\uzz mill\"}", "A uzz mill",
	  "" },
};

static void test_scripts(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(scripts); i++) {
		struct nw_arena *arena = nw_arena_new();
		const struct nw_story *story =
			read_script(arena, scripts[i].script);

		if (!story->title || strcmp(story->title, scripts[i].title))
			fail_msg("'%s' instead of '%s': %s",
				 story->title ? story->title : "(none)",
				 scripts[i].title, scripts[i].script);
		if (strcmp(authors_of(arena, story), scripts[i].authors))
			fail_msg("'%s' instead of '%s': %s",
				 authors_of(arena, story), scripts[i].authors,
				 scripts[i].script);
		nw_arena_free(&arena);
	}
}

static void test_author_fields(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	const struct nw_story *story = read_script(
		arena,
		"{" ARTICLE ",\"author\":{\"@type\":\"Person\",\"name\":"
		"\"Jane Doe\",\"url\":\"/staff/jane\",\"jobTitle\":"
		"\"Reporter\",\"description\":\"Writes on mills.\",\"image\":"
		"{\"@type\":\"ImageObject\",\"url\":\"/jane.jpg\"}}}");
	const struct nw_author *author = story->authors;

	(void)state;
	assert_int_equal(story->author_count, 1);
	assert_string_equal(author->url, "https://news.example.org/staff/jane");
	assert_string_equal(author->role, "Reporter");
	assert_string_equal(author->bio, "Writes on mills.");
	assert_string_equal(author->avatar,
			    "https://news.example.org/jane.jpg");
	nw_arena_free(&arena);
}

static void test_times(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	const struct nw_story *story = read_script(
		arena, "{" ARTICLE ",\"datePublished\":"
		       "\"2025-07-26T12:15:00+02:00\",\"dateModified\":"
		       "{\"@value\":\"2025-07-26T13:00:00Z\"}}");

	(void)state;
	assert_int_equal(story->published_utc, 1753524900);
	assert_int_equal(story->modified_utc, 1753534800);
	nw_arena_free(&arena);
}

/* Past its caps a script is not read, and nothing else suffers. */
static void test_hostile(void **state)
{
	static const struct {
		const char *piece;
		size_t times;
	} heaps[] = {
		{ "[", 100000 },	 { "{\"@graph\":", 100000 },
		{ "\"", 100000 },	 { "\\u", 100000 },
		{ "{\"a\":1},", 100000 }, { "{\"@type\":\"A\"}", 20000 },
		{ "}", 100000 },	 { "<!--<script>", 20000 },
	};
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(heaps); i++) {
		struct nw_arena *arena = nw_arena_new();
		const struct nw_story *story;
		struct nw_buf script;

		nw_buf_init(&script, 16u << 20);
		for (k = 0; k < heaps[i].times; k++)
			nw_buf_adds(&script, heaps[i].piece);
		story = read_script(arena, script.data);
		assert_true(story->author_count == 0);
		nw_buf_free(&script);
		nw_arena_free(&arena);
	}
}

/* Every beginning of a script is read without a fault. */
/* Texts of updates, with markup, references or neither. */
static const struct {
	const char *text, *body;
} bodies[] = {
	{ "A plain  text.", "A plain text." },
	{ "One.\\nTwo.\\n\\nThree.", "One.\n\nTwo.\n\nThree." },
	{ "&#x201C;Two&#8221; &amp; three&apos;s &quot;q&quot;",
	  "\xe2\x80\x9cTwo\xe2\x80\x9d & three's \"q\"" },
	{ "<p>One &amp; two</p><p>Three</p>", "One & two\n\nThree" },
	{ "5 &lt; 6", "5 < 6" },
	{ "Salt & pepper, R&D", "Salt & pepper, R&D" },
	{ "&amp;lt;p&amp;gt;One&amp;lt;/p&amp;gt;", "One" },
	{ "&amp;copy; here", "&copy; here" },
	{ "Two&#x2014;three&#151;four",
	  "Two\xe2\x80\x94three\xe2\x80\x94" "four" },
	{ "&#x;&#;&#99999999999999999999;&# end", NULL },
	{ "&#xd800;&#xfeff;&#x0; end", NULL },
};

static void test_bodies(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bodies); i++) {
		struct nw_arena *arena = nw_arena_new();
		const struct nw_story *story = read_script(
			arena,
			nw_arena_printf(arena,
					"{\"@type\":\"LiveBlogPosting\","
					"\"liveBlogUpdate\":[{\"@id\":"
					"\"#u77\",\"datePublished\":"
					"\"2026-07-01T10:00:00Z\","
					"\"articleBody\":\"%s\"}]}",
					bodies[i].text));
		const char *text;

		assert_int_equal(story->update_count, 1);
		text = nw_body_text(arena, &story->updates[0].body);
		if (bodies[i].body ? strcmp(text, bodies[i].body) != 0
				   : !strstr(text, "end"))
			fail_msg("%s: %s", bodies[i].text, text);
		nw_arena_free(&arena);
	}
}

static void test_cut(void **state)
{
	static const char script[] =
		"{\"@context\":\"https://schema.org\",\"@graph\":[{" ARTICLE
		",\"author\":[{\"name\":\"J\\u00fcrgen \\\"J\\\" Doe\"}],"
		"\"image\":[\"/a.jpg\"],\"datePublished\":1753524900}]}";
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(script); len++) {
		struct nw_arena *arena = nw_arena_new();

		(void)read_script(arena,
				  nw_arena_strndup(arena, script, len));
		nw_arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_author_fields),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
