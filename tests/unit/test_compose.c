/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "unit.h"

#include "newswire/buf.h"
#include "newswire/compose.h"
#include "newswire/limits.h"

#define URL "https://example.com/2025/one"
#define DAY 86400
#define MIDNIGHT (INT64_C(20295) * DAY)
#define MORNING (MIDNIGHT + 8 * 3600)

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

static const struct nw_feed feed = {
	.version = "rss20",
	.title = "The Example",
	.home_url = "https://example.com/",
	.feed_url = "https://example.com/rss",
	.language = "en",
};

static struct nw_item new_item(void)
{
	return (struct nw_item){ .id = "tag:example.com,2025:1",
				 .url = URL,
				 .title = "Title of the item",
				 .published_utc = MORNING,
				 .updated_utc = NW_TIME_NONE,
				 .base_url = URL };
}

static void add_paragraph(struct nw_story *story, const char *text)
{
	struct nw_block *block = nw_body_add(arena, &story->body,
					     NW_BLOCK_PARAGRAPH);

	block->spans = nw_arena_alloc(arena, sizeof(*block->spans));
	block->spans[0].text = text;
	block->span_count = 1;
}

static struct nw_story *new_page(const char *text)
{
	struct nw_story *page = nw_story_new(arena);

	page->url = URL;
	page->canonical_url = URL;
	page->title = "Title of the page";
	page->publisher = "Example Media";
	page->published_utc = MORNING - 60;
	if (text)
		add_paragraph(page, text);
	return page;
}

static struct nw_story *compose(const struct nw_item *item,
				const struct nw_story *page)
{
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_story *story = NULL;

	assert_int_equal(nw_compose(arena, &feed, item, page, &story, &err), 0);
	assert_non_null(story);
	return story;
}

static bool has_alias(const struct nw_story *story, const char *alias)
{
	size_t i;

	for (i = 0; i < story->alias_count; i++)
		if (strcmp(story->aliases[i], alias) == 0)
			return true;
	return false;
}

static void test_without_page(void **state)
{
	struct nw_item item = new_item();
	struct nw_image image = { .url = "https://example.com/i.jpg" };
	const char *tags[] = { "World" };
	struct nw_story *story;

	(void)state;
	item.summary_html = "<p>The teaser.</p>";
	item.content_html = "<p>The <b>text</b>.</p><p>More.</p>";
	item.image = &image;
	item.tags = tags;
	item.tag_count = 1;
	item.updated_utc = MORNING + 60;
	story = compose(&item, NULL);
	assert_string_equal(story->url, URL);
	assert_string_equal(story->canonical_url, URL);
	assert_true(has_alias(story, "tag:example.com,2025:1"));
	assert_string_equal(story->title, "Title of the item");
	assert_string_equal(story->description, "The teaser.");
	assert_string_equal(nw_body_text(arena, &story->body),
			    "The text.\n\nMore.");
	assert_string_equal(story->publisher, "The Example");
	assert_string_equal(story->language, "en");
	assert_string_equal(story->topics[0], "World");
	assert_int_equal(story->published_utc, MORNING);
	assert_int_equal(story->modified_utc, MORNING + 60);
	assert_ptr_equal(story->lead_image, &image);
}

/* The teaser is the text then, and is not said twice. */
static void test_summary_only(void **state)
{
	struct nw_item item = new_item();
	struct nw_story *story;

	(void)state;
	item.summary_html = "<p>The teaser.</p>";
	story = compose(&item, NULL);
	assert_string_equal(nw_body_text(arena, &story->body), "The teaser.");
	assert_null(story->description);
}

static void test_with_page(void **state)
{
	struct nw_item item = new_item();
	struct nw_story *page = new_page("The text of the page.");
	struct nw_story *story;

	(void)state;
	item.summary_html = "A teaser.";
	nw_story_add_topic(arena, page, "War");
	story = compose(&item, page);
	assert_string_equal(story->title, "Title of the page");
	assert_string_equal(story->description, "A teaser.");
	assert_string_equal(story->publisher, "Example Media");
	assert_int_equal(story->published_utc, MORNING - 60);
	assert_string_equal(nw_body_text(arena, &story->body),
			    "The text of the page.");
	/* The page stays as it was. */
	nw_story_add_topic(arena, story, "Peace");
	assert_int_equal(page->topic_count, 1);
	assert_int_equal(page->alias_count, 0);
}

static void test_site_name_as_title(void **state)
{
	struct nw_item item = new_item();
	struct nw_story *page = new_page("Text");

	(void)state;
	page->title = "EXAMPLE media";
	assert_string_equal(compose(&item, page)->title, "Title of the item");
	page->title = "The Example";
	assert_string_equal(compose(&item, page)->title, "Title of the item");
	page->title = NULL;
	assert_string_equal(compose(&item, page)->title, "Title of the item");
	item.title = NULL;
	page->title = "The page's";
	assert_string_equal(compose(&item, page)->title, "The page's");
}

static const struct {
	const char *what, *content, *page;
	bool paywalled, live, item_wins;
} bodies[] = {
	{ "the page has more", "<p>x</p>", "xxxx", false, false, false },
	{ "about the same", "<p>xxxxx</p>", "xxxx", false, false, false },
	{ "the item has more", "<p>xxxxxx</p>", "xxxx", false, false, true },
	{ "but it is cut off", "<p>xxxxxx…</p>", "xxxx", false, false, false },
	{ "a paywall", "<p>xxxxx</p>", "xxxx", true, false, true },
	{ "a live page", "<p>xxxxxxxxx</p>", "xxxx", false, true, false },
	{ "an empty page", "<p>x…</p>", NULL, false, false, true },
	{ "an empty item", "<script>x</script>", "xxxx", false, false, false },
};

static void test_body(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bodies); i++) {
		struct nw_item item = new_item();
		struct nw_story *page = new_page(bodies[i].page), *story;
		bool item_wins;

		item.content_html = bodies[i].content;
		page->paywalled = bodies[i].paywalled;
		page->live = bodies[i].live;
		story = compose(&item, page);
		item_wins = story->body.blocks != page->body.blocks;
		if (item_wins != bodies[i].item_wins)
			fail_msg("%s: the %s won", bodies[i].what,
				 item_wins ? "item" : "page");
		if (item_wins)
			assert_false(story->paywalled);
		else
			assert_int_equal(story->paywalled, bodies[i].paywalled);
	}
}

static void test_furniture(void **state)
{
	struct nw_item item = new_item();
	struct nw_story *story;

	(void)state;
	item.content_html = "<p>Text.</p><p><a href='" URL "'>Read on</a></p>"
			    "<p>The post <a href='" URL "'>One</a> appeared on "
			    "<a href='https://example.com/'>Example</a>.</p>";
	story = compose(&item, NULL);
	assert_string_equal(nw_body_text(arena, &story->body), "Text.");
	item.content_html = "<p>See <a href='" URL "'>this</a> and more.</p>";
	story = compose(&item, NULL);
	assert_string_equal(nw_body_text(arena, &story->body),
			    "See this and more.");
}

/* A description that opens the text, or is the title, says nothing. */
static void test_description(void **state)
{
	struct nw_item item = new_item();

	(void)state;
	item.content_html = "<p>It was, he said, a dark night. And so on.</p>";
	item.summary_html = "It was, he said, a dark […]";
	assert_null(compose(&item, NULL)->description);
	item.summary_html = "<b>TITLE</b> of the item.";
	assert_null(compose(&item, NULL)->description);
	item.summary_html = "Something else";
	assert_string_equal(compose(&item, NULL)->description,
			    "Something else");
}

static void test_times(void **state)
{
	static const struct {
		int64_t page, item, updated, published, modified;
	} cases[] = {
		{ MORNING, MORNING + 9, NW_TIME_NONE, MORNING, NW_TIME_NONE },
		{ NW_TIME_NONE, MORNING, NW_TIME_NONE, MORNING, NW_TIME_NONE },
		{ NW_TIME_NONE, NW_TIME_NONE, MORNING, MORNING, NW_TIME_NONE },
		{ MIDNIGHT, MORNING, MORNING, MORNING, NW_TIME_NONE },
		{ MIDNIGHT, MORNING + 2 * DAY, NW_TIME_NONE, MIDNIGHT,
		  NW_TIME_NONE },
		{ MIDNIGHT, MIDNIGHT + DAY, NW_TIME_NONE, MIDNIGHT,
		  NW_TIME_NONE },
		{ MORNING, MORNING, MORNING + 5, MORNING, MORNING + 5 },
		{ MORNING, MORNING, MORNING - 5, MORNING, NW_TIME_NONE },
		{ NW_TIME_NONE, NW_TIME_NONE, NW_TIME_NONE, NW_TIME_NONE,
		  NW_TIME_NONE },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct nw_item item = new_item();
		struct nw_story *page = new_page("x"), *story;

		page->published_utc = cases[i].page;
		item.published_utc = cases[i].item;
		item.updated_utc = cases[i].updated;
		story = compose(&item, page);
		assert_int_equal(story->published_utc, cases[i].published);
		assert_int_equal(story->modified_utc, cases[i].modified);
	}
}

static void test_authors(void **state)
{
	struct nw_author of_item[] = {
		{ .name = "JANE DOE", .email = "jane@example.com" },
		{ .name = "webmaster" },
		{ .email = "desk@example.com" },
	};
	struct nw_author of_page[] = { { .name = "Jane Doe", .role = "R" } };
	struct nw_item item = new_item();
	struct nw_story *page = new_page("x"), *story;

	(void)state;
	item.authors = of_item;
	item.author_count = COUNT(of_item);
	page->authors = of_page;
	page->author_count = 1;
	story = compose(&item, page);
	assert_int_equal(story->author_count, 1);
	assert_string_equal(story->authors[0].name, "Jane Doe");
	assert_string_equal(story->authors[0].email, "jane@example.com");
	assert_null(page->authors[0].email);
	story = compose(&item, NULL);
	assert_int_equal(story->author_count, 3);
	assert_string_equal(story->authors[2].name, "desk");
}

static void test_names(void **state)
{
	struct nw_item item = new_item();
	struct nw_story *page = new_page("x"), *story;

	(void)state;
	page->url = URL "?utm_source=rss";
	page->canonical_url = "https://example.com/";
	story = compose(&item, page);
	assert_string_equal(story->canonical_url, URL "?utm_source=rss");
	assert_true(has_alias(story, URL));
	assert_true(has_alias(story, "tag:example.com,2025:1"));

	/* An id that is the site's address would be every story's. */
	item.id = "https://www.example.com";
	assert_false(has_alias(compose(&item, NULL), item.id));

	/* Only the site tells its "7" from others. */
	item.id = "7";
	story = compose(&item, NULL);
	assert_false(has_alias(story, "7"));
	assert_true(has_alias(story, "example.com#7"));
	item.url = NULL;
	story = compose(&item, NULL);
	assert_null(story->canonical_url);
	assert_int_equal(story->alias_count, 1);
	assert_string_equal(story->aliases[0], "example.com#7");
}

static void test_enclosures(void **state)
{
	struct nw_enclosure of_item[] = {
		{ .url = "https://example.com/a.mp3", .type = "audio/mpeg" },
		{ .url = "https://example.com/i.jpg", .type = "image/jpeg" },
	};
	struct nw_enclosure of_page[] = {
		{ .url = "https://example.com/a.mp3" },
		{ .url = "https://example.com/b.pdf" },
	};
	struct nw_image image = { .url = "https://example.com/i.jpg" };
	struct nw_item item = new_item();
	struct nw_story *page = new_page("x"), *story;

	(void)state;
	item.enclosures = of_item;
	item.enclosure_count = COUNT(of_item);
	page->enclosures = of_page;
	page->enclosure_count = COUNT(of_page);
	story = compose(&item, page);
	assert_int_equal(story->enclosure_count, 3);
	item.image = &image;
	story = compose(&item, page);
	assert_int_equal(story->enclosure_count, 2);
	assert_string_equal(story->enclosures[1].url,
			    "https://example.com/b.pdf");
}

static void test_nothing(void **state)
{
	const struct nw_item item = { .published_utc = NW_TIME_NONE,
				      .updated_utc = NW_TIME_NONE };
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_story *story = NULL;

	(void)state;
	assert_int_equal(nw_compose(arena, &feed, &item, NULL, &story, &err),
			 -1);
	assert_int_equal(err.code, NW_ERROR_DATA);
	assert_null(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_page),
		cmocka_unit_test(test_summary_only),
		cmocka_unit_test(test_with_page),
		cmocka_unit_test(test_site_name_as_title),
		cmocka_unit_test(test_body),
		cmocka_unit_test(test_furniture),
		cmocka_unit_test(test_description),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_authors),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_enclosures),
		cmocka_unit_test(test_nothing),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
