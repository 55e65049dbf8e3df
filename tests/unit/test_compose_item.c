/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is known of an item by itself. */
#include "config.h"

#include <string.h>

#include "unit.h"

#include "newswire/compose.h"

#define URL "https://example.com/2025/one"
#define MORNING (INT64_C(20295) * 86400 + 8 * 3600)

#define LOREM \
	"Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam " \
	"nonumy eirmod tempor invidunt ut labore et dolore magna aliquyam " \
	"erat, sed diam voluptua. At vero eos et accusam et justo duo dolores " \
	"et ea rebum. Stet clita kasd gubergren, no sea takimata sanctus est " \
	"Lorem ipsum dolor sit amet, consetetur sadipscing elitr, sed diam " \
	"nonumy eirmod tempor invidunt ut labore et dolore magna aliquyam. "
#define PARAGRAPH "<p>" LOREM "</p>"
#define WHOLE PARAGRAPH PARAGRAPH PARAGRAPH PARAGRAPH

static struct nw_arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = nw_arena_new();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	nw_arena_free(&arena);
	return 0;
}

static struct nw_item new_item(void)
{
	return (struct nw_item){ .id = "tag:example.com,2025:1",
				 .url = URL,
				 .title = "Title of the item",
				 .published_utc = MORNING,
				 .updated_utc = NW_TIME_NONE,
				 .base_url = URL };
}

struct title_case {
	const char *title, *summary, *content, *want;
};

static const struct title_case titles[] = {
	{ "T", "S", "C", "T" },
	{ NULL, "<p>Some text.</p>", "C", "Some text." },
	{ NULL, NULL, "AT&amp;T bought <b>by SBC</b>!", "AT&T bought by SBC!" },
	{ NULL, "The first sentence is here. The second is not.", NULL,
	  "The first sentence is here." },
	{ NULL, "Mr. Smith of 3.5 went on. And on.", NULL,
	  "Mr. Smith of 3.5 went on." },
	{ NULL,
	  "A sentence without an end goes on and on and on, and no reader "
	  "of a list of subjects ever sees what it is that it wanted to say "
	  "to the world",
	  NULL,
	  "A sentence without an end goes on and on and on, and no reader "
	  "of a list of subjects ever sees what it is that it wan…" },
	{ NULL, "<img src='x.png'>", NULL, URL },
	{ NULL, NULL, NULL, URL },
};

static void test_item_title(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(titles); i++) {
		struct nw_item item = new_item();

		item.title = titles[i].title;
		item.summary_html = titles[i].summary;
		item.content_html = titles[i].content;
		assert_string_equal(nw_compose_item_title(arena, &item),
				    titles[i].want);
	}
}

static const struct {
	const char *what, *summary, *content;
	bool item;	/* its text is the story's, not the page's */
} texts[] = {
	{ "more than the page has", NULL, WHOLE, true },
	{ "a long summary", WHOLE, NULL, false },
	{ "less than the page has", NULL, "<p>Short.</p>", false },
	{ "cut off", NULL, WHOLE "<p>And then […]</p>", false },
	{ "cut off with dots", NULL, WHOLE "<p>And then...</p>", false },
	{ "a link to the rest", NULL,
	  WHOLE "<p><a href='" URL "?utm_source=rss'>Weiterlesen</a> »</p>",
	  false },
	{ "a blog's last line", NULL,
	  WHOLE "<p>The post <a href='" URL "'>One</a> appeared first on "
		"<a href='https://example.com'>Example</a>.</p>",
	  true },
	{ "both", NULL,
	  WHOLE "<p>And […]</p><p>L’article <a href='" URL "'>One</a> est "
		"apparu en premier sur <a href='https://example.com/'>E</a>."
		"</p>",
	  false },
	{ "a last link to somewhere else", NULL,
	  WHOLE "<p><a href='https://other.example/'>Source</a></p>", true },
};

static void test_text_of_item_or_page(void **state)
{
	const struct nw_feed feed = { .ttl_s = -1 };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(texts); i++) {
		struct nw_item item = new_item();
		struct nw_story *page = nw_story_new(arena), *story;
		struct nw_span *span = nw_arena_alloc(arena, sizeof(*span));
		struct nw_block *block;
		struct nw_error err;

		block = nw_body_add(arena, &page->body, NW_BLOCK_PARAGRAPH);
		span->text = "What the page says of it.";
		block->spans = span;
		block->span_count = 1;
		item.summary_html = texts[i].summary;
		item.content_html = texts[i].content;
		assert_int_equal(nw_compose(arena, &feed, &item, page, &story,
					    &err),
				 0);
		if ((story->body.blocks != page->body.blocks) != texts[i].item)
			fail_msg("%s: is %sthe text", texts[i].what,
				 texts[i].item ? "not " : "");
	}
}

static void test_key_and_hash(void **state)
{
	struct nw_item a = new_item(), b = new_item();

	(void)state;
	assert_string_equal(nw_compose_item_key(arena, &a),
			    "tag:example.com,2025:1");
	a.id = NULL;
	assert_string_equal(nw_compose_item_key(arena, &a),
			    "example.com/2025/one");
	a.url = NULL;
	assert_string_equal(nw_compose_item_key(arena, &a),
			    nw_compose_item_hash(arena, &a));
	a = new_item();
	assert_string_equal(nw_compose_item_hash(arena, &a),
			    nw_compose_item_hash(arena, &b));
	/* Each field counts, and where one ends and the next begins. */
	b.summary_html = "x";
	assert_string_not_equal(nw_compose_item_hash(arena, &a),
				nw_compose_item_hash(arena, &b));
	a.content_html = "x";
	assert_string_not_equal(nw_compose_item_hash(arena, &a),
				nw_compose_item_hash(arena, &b));
	a = b;
	a.updated_utc = MORNING;
	assert_string_not_equal(nw_compose_item_hash(arena, &a),
				nw_compose_item_hash(arena, &b));
	a = b;
	a.withdrawn = true;
	assert_string_not_equal(nw_compose_item_hash(arena, &a),
				nw_compose_item_hash(arena, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_item_title),
		cmocka_unit_test(test_text_of_item_or_page),
		cmocka_unit_test(test_key_and_hash),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
