/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <event2/event.h>
#include <string.h>

#include "unit.h"
#include "pipeline_texts.h"
#include "pipeline_world.h"

#define GROUP "org.example.news"

static void the_oldest_gets_the_first_number(void **state)
{
	struct world *world = *state;

	world_put_stories(world);
	world_put_feed(world, FEED(ITEM_3 ITEM_1 ITEM_2));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 3);
	assert_string_equal(world_header(world, GROUP, 1, "Subject"),
			    "Story 1");
	assert_string_equal(world_header(world, GROUP, 2, "Subject"),
			    "Story 2");
	assert_string_equal(world_header(world, GROUP, 3, "Subject"),
			    "Story 3");
	assert_has(world_article(world, GROUP, 2), "Words of two.");
	assert_int_equal(nw_pipeline_stats(world->pipeline)->articles, 3);
	assert_int_equal(nw_pipeline_stats(world->pipeline)->stories, 3);
}

static void nothing_new_costs_one_request(void **state)
{
	struct world *world = *state;
	struct document *feed;
	const char *before;

	world_put_stories(world);
	feed = world_put_feed(world, FEED(ITEM_2 ITEM_1));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	before = world_article(world, GROUP, 1);
	assert_string_equal(world_source(world, GROUP).etag, "\"1\"");
	world_set_clock(world_clock() + 3600);
	world_poll(world, GROUP);
	assert_int_equal(feed->not_modified, 1);
	/* The feed twice, two pages, and once what pages there may be. */
	assert_int_equal(httpserver_requests(world->server), 5);
	/* And without validators the items are known. */
	feed->etag = NULL;
	world_poll(world, GROUP);
	assert_int_equal(httpserver_requests(world->server), 6);
	assert_int_equal(world_high(world, GROUP), 2);
	assert_string_equal(world_article(world, GROUP, 1), before);
	assert_int_equal(nw_pipeline_stats(world->pipeline)->unchanged, 2);
}

#define WORDS \
	"is long enough to be taken for the text of a story, and goes on to " \
	"say so at a length that leaves no doubt about its purpose, which is " \
	"to be as long as the texts that blogs put into their feeds, if not " \
	"a little longer, so that nobody could want more of it. And yet there " \
	"is more where it came from, as it always is."

/* As of a blog: the feed has the whole text, the page the caption and the
 * author's biography as well. */
static void a_full_text_is_read_with_its_page(void **state)
{
	static const char text[] = "<p>The first paragraph " WORDS "</p>"
				   "<p>The second paragraph " WORDS "</p>"
				   "<p>The third paragraph " WORDS "</p>"
				   "<p>The fourth paragraph " WORDS "</p>";
	struct world *world = *state;
	const char *article;
	char feed[4096], page[4096];

	(void)snprintf(feed, sizeof(feed), FEED("<item><title>Story 1</title>"
		       "<link>@BASE@/1.html</link>"
		       "<dc:creator>Jane Doe</dc:creator>"
		       "<content:encoded><![CDATA[%s]]></content:encoded>"
		       "</item>"), text);
	(void)snprintf(page, sizeof(page),
		       "<html><head><title>Story 1</title>"
		       "<meta name='author' content='Jane Doe'></head><body>"
		       "<article><h1>Story 1</h1><figure>"
		       "<img src='/pier.jpg' width='900' height='600'>"
		       "<figcaption>The pier at dawn.</figcaption></figure>%s"
		       "<div class='author-bio'><p>Jane Doe has written about "
		       "harbours, piers and the sea for twenty years.</p></div>"
		       "</article></body></html>", text);
	world_put(world, "/1.html", 200, page);
	world_put_feed(world, feed);
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	article = world_article(world, GROUP, 1);
	assert_has(article, "[image: The pier at dawn.]");
	assert_has(article, "Jane Doe has written about harbours");
}

static void a_story_that_leads_to_the_front_page_is_not_it(void **state)
{
	struct world *world = *state;
	struct document *page;

	world_put_feed(world, FEED(ITEM_1));
	world_put(world, "/", 200, PAGE("Front page", "All the news."));
	page = world_put(world, "/1.html", 302, "");
	page->headers = "Location: /\r\n";
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_string_equal(world_header(world, GROUP, 1, "Subject"),
			    "Story 1");
	assert_has(world_article(world, GROUP, 1), "The first teaser.");
}

static void one_id_for_all_items_names_none(void **state)
{
	struct world *world = *state;

	world_put_stories(world);
	world_put_feed(world,
		 FEED("<item><title>Story 1</title>"
		      "<guid isPermaLink=\"false\">same</guid>"
		      "<link>@BASE@/1.html</link></item>"
		      "<item><title>Story 2</title>"
		      "<guid isPermaLink=\"false\">same</guid>"
		      "<link>@BASE@/2.html</link></item>"));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 2);
	assert_string_equal(world_header(world, GROUP, 1, "Subject"),
			    "Story 2");
	assert_string_equal(world_header(world, GROUP, 2, "Subject"),
			    "Story 1");
}

/* "1" is an id in half of all feeds. */
static void equal_ids_of_two_feeds_are_two_stories(void **state)
{
	static const char item[] =
		"<rss version=\"2.0\"><channel><title>Blog %1$s</title>"
		"<link>@BASE@/blog-%1$s/</link><item><title>Story %1$s</title>"
		"<guid isPermaLink=\"false\">1</guid>"
		"<link>@BASE@/%1$s.html</link></item></channel></rss>";
	struct world *world = *state;

	world_put_stories(world);
	world_put(world, "/feed", 200,
		  nw_arena_printf(world->arena, item, "1"));
	world_put(world, "/other", 200,
		  nw_arena_printf(world->arena, item, "2"));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_subscribe(world, "/other", NW_SOURCE_FEED, "org.example.other");
	world_poll(world, GROUP);
	world_poll(world, "org.example.other");
	assert_int_equal(world_count(world, GROUP), 1);
	assert_int_equal(world_count(world, "org.example.other"), 1);
	assert_string_equal(world_header(world, "org.example.other", 1,
					 "Subject"),
			    "Story 2");
}

static void a_repeated_item_is_one(void **state)
{
	struct world *world = *state;

	world_put_stories(world);
	world_put_feed(world, FEED(ITEM_1 ITEM("1", "19", "An older teaser.")));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 1);
}

static void an_item_without_text_or_page_is_a_title(void **state)
{
	struct world *world = *state;

	world_put_feed(world, FEED("<item><title>Only a title</title>"
			     "<guid isPermaLink=\"false\">t</guid></item>"
			     ITEM_1));
	world_put(world, "/1.html", 200, PAGE("Story 1", "Words of one."));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 2);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 2);
}

/* Nothing that a message could be made of. */
static void a_broken_item_is_told_and_stops_no_other(void **state)
{
	struct world *world = *state;
	int i;

	world_put_stories(world);
	world_put_feed(world, FEED("<item><guid isPermaLink=\"false\">void</guid>"
			     "<pubDate>21 Jul 2025 10:00:00 GMT</pubDate>"
			     "</item>" ITEM_1 ITEM_3));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 2);
	assert_string_equal(world_log(world),
			    "item: void: the item has neither a title nor a "
			    "text nor an address\n"
			    "fetch: org.example.news: 2 new articles\n");
	for (i = 0; i < 4; i++)
		world_poll(world, GROUP);
	assert_string_equal(world_log(world), "");
}

static void a_withdrawn_item_goes(void **state)
{
	static const char entry[] =
		"<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>T</title>"
		"<id>@BASE@/feed</id><updated>2025-07-20T10:00:00Z</updated>"
		"<entry><title>Story 1</title><id>tag:example.org,2025:1</id>"
		"<link href=\"@BASE@/1.html\"/>"
		"<updated>2025-07-20T10:00:00Z</updated></entry></feed>";
	static const char tombstone[] =
		"<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:at=\""
		"http://purl.org/atompub/tombstones/1.0\"><title>T</title>"
		"<id>@BASE@/feed</id><updated>2025-07-21T10:00:00Z</updated>"
		"<at:deleted-entry ref=\"tag:example.org,2025:1\" "
		"when=\"2025-07-21T10:00:00Z\"/></feed>";
	struct world *world = *state;

	world_put(world, "/1.html", 200, PAGE("Story 1", "Words of one."));
	world_put(world, "/feed", 200, entry);
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	world_put(world, "/feed", 200, tombstone);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 0);
	assert_int_equal(world_high(world, GROUP), 1);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 1);
}

/* Its page says 410: so does the group.  One that was never there is stored
 * as far as the feed tells it. */
static void a_story_whose_page_is_gone_goes(void **state)
{
	struct world *world = *state;

	world_put(world, "/1.html", 200, PAGE("Story 1", "Words of one."));
	world_put(world, "/feed", 200, FEED(ITEM_1));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	world_put(world, "/1.html", 410, "");
	world_put(world, "/2.html", 410, "");
	world_put(world, "/feed", 200,
		  FEED(ITEM_2 "<item><title>Story 1, changed</title>"
			      "<link>@BASE@/1.html</link></item>"));
	world_poll(world, GROUP);
	assert_null(world_article(world, GROUP, 1));
	assert_int_equal(world_count(world, GROUP), 1);
	assert_string_equal(world_header(world, GROUP, 2, "Subject"),
			    "Story 2");
}

static void an_index_leads_to_its_newest_sitemap(void **state)
{
	struct world *world = *state;

	world_put_stories(world);
	world_put(world, "/feed", 200,
		  "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/"
		  "sitemap/0.9\"><sitemap><loc>@BASE@/old.xml</loc>"
		  "<lastmod>2025-06-01</lastmod></sitemap>"
		  "<sitemap><loc>@BASE@/new.xml</loc>"
		  "<lastmod>2025-07-01</lastmod></sitemap></sitemapindex>")
		->etag = "\"index\"";
	world_put(world, "/new.xml", 200,
		  "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/"
		  "0.9\"><url><loc>@BASE@/1.html</loc>"
		  "<lastmod>2025-07-01</lastmod></url></urlset>");
	world_subscribe(world, "/feed", NW_SOURCE_SITEMAP, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_string_equal(world_header(world, GROUP, 1, "Subject"),
			    "Story 1");
	assert_null(world_source(world, GROUP).etag);
}

/* In the middle of everything: nothing may be left behind or called. */
static void a_pipeline_that_goes_leaves_nothing(void **state)
{
	struct world *world = *state;
	struct nw_source source;
	struct nw_error err;

	world_put_stories(world);
	world_put_feed(world, FEED(ITEM_1 ITEM_2 ITEM_3));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	source = world_source(world, GROUP);
	assert_int_equal(nw_pipeline_poll(world->pipeline, &source, &err), 0);
	assert_int_equal(nw_pipeline_poll(world->pipeline, &source, &err), 0);
	while (httpserver_requests(world->server) < 3)
		assert_int_equal(event_base_loop(world->base, EVLOOP_ONCE), 0);
	nw_pipeline_free(&world->pipeline);
	assert_null(world->pipeline);
	(void)event_base_loop(world->base, EVLOOP_NONBLOCK);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_oldest_gets_the_first_number),
		TEST(nothing_new_costs_one_request),
		TEST(a_full_text_is_read_with_its_page),
		TEST(a_story_that_leads_to_the_front_page_is_not_it),
		TEST(one_id_for_all_items_names_none),
		TEST(equal_ids_of_two_feeds_are_two_stories),
		TEST(a_repeated_item_is_one),
		TEST(an_item_without_text_or_page_is_a_title),
		TEST(a_broken_item_is_told_and_stops_no_other),
		TEST(a_withdrawn_item_goes),
		TEST(a_story_whose_page_is_gone_goes),
		TEST(an_index_leads_to_its_newest_sitemap),
		TEST(a_pipeline_that_goes_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
