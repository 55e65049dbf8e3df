/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <event2/event.h>
#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "newswire/quarantine.h"
#include "pipeline_texts.h"
#include "pipeline_world.h"

#define GROUP "org.example.news"

#define ITEM_1 ITEM("1", "20", "The first teaser.")
#define ITEM_2 ITEM("2", "21", "The second teaser.")
#define ITEM_3 ITEM("3", "22", "The third teaser.")

static void put_pages(struct world *world)
{
	world_put(world, "/1.html", 200, PAGE("Story 1", "Words of one."));
	world_put(world, "/2.html", 200, PAGE("Story 2", "Words of two."));
	world_put(world, "/3.html", 200, PAGE("Story 3", "Words of three."));
}

static struct document *put_feed(struct world *world, const char *body)
{
	struct document *feed = world_put(world, "/feed", 200, body);

	feed->etag = "\"1\"";
	return feed;
}

static void subscribe(struct world *world)
{
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
}

static void the_oldest_gets_the_first_number(void **state)
{
	struct world *world = *state;

	put_pages(world);
	put_feed(world, FEED(ITEM_3 ITEM_1 ITEM_2));
	subscribe(world);
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

	put_pages(world);
	feed = put_feed(world, FEED(ITEM_2 ITEM_1));
	subscribe(world);
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
	put_feed(world, feed);
	subscribe(world);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	article = world_article(world, GROUP, 1);
	assert_has(article, "[image: The pier at dawn.]");
	assert_has(article, "Jane Doe has written about harbours");
}

static bool is_kept(struct world *world)
{
	struct nw_kept_feed feed;
	struct nw_error err;
	int found = nw_source_kept_feed(world->store, world->arena,
					world_source(world, GROUP).id, &feed,
					&err);

	assert_true(found >= 0);
	return found > 0;
}

static void a_page_that_fails_is_had_later(void **state)
{
	struct world *world = *state;
	struct document *feed;

	feed = put_feed(world, FEED(ITEM_1));
	world_put(world, "/1.html", 500, "broken");
	subscribe(world);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_has(world_article(world, GROUP, 1), "The first teaser.");
	assert_has(world_log(world),
		   world_text(world, "page: @BASE@/1.html: the server "
				     "answered with status 500, the feed's "
				     "own words are used\n"));
	assert_string_equal(world_source(world, GROUP).etag, "\"1\"");
	assert_true(is_kept(world));
	/* Sooner than a feed whose newest item is months old. */
	assert_true(world_source(world, GROUP).schedule.interval_s ==
		    NW_POLL_DEFAULT_S);
	world_put(world, "/1.html", 200, PAGE("Story 1", "Words of one."));
	world_poll(world, GROUP);
	assert_int_equal(feed->not_modified, 1);
	assert_int_equal(world_count(world, GROUP), 2);
	assert_has(world_article(world, GROUP, 2), "Words of one.");
	assert_string_equal(world_header(world, GROUP, 2, "References"),
			    world_header(world, GROUP, 1, "Message-ID"));
	assert_false(is_kept(world));
	world_poll(world, GROUP);
	assert_int_equal(feed->not_modified, 2);
	assert_int_equal(world_high(world, GROUP), 2);
}

/* One that is too large to be kept comes again itself. */
static void a_large_feed_is_not_kept(void **state)
{
	struct world *world = *state;
	char *filling = nw_arena_alloc(world->arena, NW_POLL_KEPT_BYTES + 1);
	struct document *feed;

	memset(filling, 'x', NW_POLL_KEPT_BYTES);
	feed = put_feed(world, nw_arena_printf(world->arena,
					       FEED(ITEM_1 "<!-- %s -->"),
					       filling));
	world_put(world, "/1.html", 500, "broken");
	subscribe(world);
	world_poll(world, GROUP);
	assert_null(world_source(world, GROUP).etag);
	assert_false(is_kept(world));
	world_put(world, "/1.html", 200, PAGE("Story 1", "Words of one."));
	world_poll(world, GROUP);
	assert_int_equal(feed->not_modified, 0);
	assert_has(world_article(world, GROUP, 2), "Words of one.");
	assert_string_equal(world_source(world, GROUP).etag, "\"1\"");
}

static void a_page_that_never_comes_is_left_alone_in_the_end(void **state)
{
	struct world *world = *state;
	struct document *feed, *page;
	int i;

	feed = put_feed(world, FEED(ITEM_1));
	page = world_put(world, "/1.html", 404, "no");
	subscribe(world);
	for (i = 0; i < 6; i++)
		world_poll(world, GROUP);
	assert_int_equal(page->hits, NW_POLL_TRIES);
	assert_int_equal(feed->not_modified, 5);
	assert_int_equal(world_high(world, GROUP), 1);
}

static void a_site_that_asks_for_patience_gets_it(void **state)
{
	struct world *world = *state;
	struct document *page;
	struct nw_source source;

	put_feed(world, FEED(ITEM_1));
	page = world_put(world, "/1.html", 429, "");
	page->headers = "Retry-After: 20000\r\n";
	subscribe(world);
	world_poll(world, GROUP);
	/* No teaser now that would have to be edited soon. */
	assert_int_equal(world_high(world, GROUP), 0);
	source = world_source(world, GROUP);
	assert_true(source.schedule.due_utc >= world_clock() + 20000);
	assert_null(source.error);
	world_put(world, "/1.html", 200, PAGE("Story 1", "Words of one."));
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_has(world_article(world, GROUP, 1), "Words of one.");
}

static void patience_ends_with_what_the_feed_says(void **state)
{
	struct world *world = *state;

	put_feed(world, FEED(ITEM_1));
	world_put(world, "/1.html", 429, "");
	subscribe(world);
	world_poll(world, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 0);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 1);
	assert_has(world_article(world, GROUP, 1), "The first teaser.");
}

static void a_story_that_leads_to_the_front_page_is_not_it(void **state)
{
	struct world *world = *state;
	struct document *page;

	put_feed(world, FEED(ITEM_1));
	world_put(world, "/", 200, PAGE("Front page", "All the news."));
	page = world_put(world, "/1.html", 302, "");
	page->headers = "Location: /\r\n";
	subscribe(world);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_string_equal(world_header(world, GROUP, 1, "Subject"),
			    "Story 1");
	assert_has(world_article(world, GROUP, 1), "The first teaser.");
}

static void one_id_for_all_items_names_none(void **state)
{
	struct world *world = *state;

	put_pages(world);
	put_feed(world,
		 FEED("<item><title>Story 1</title>"
		      "<guid isPermaLink=\"false\">same</guid>"
		      "<link>@BASE@/1.html</link></item>"
		      "<item><title>Story 2</title>"
		      "<guid isPermaLink=\"false\">same</guid>"
		      "<link>@BASE@/2.html</link></item>"));
	subscribe(world);
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

	put_pages(world);
	world_put(world, "/feed", 200,
		  nw_arena_printf(world->arena, item, "1"));
	world_put(world, "/other", 200,
		  nw_arena_printf(world->arena, item, "2"));
	subscribe(world);
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

	put_pages(world);
	put_feed(world, FEED(ITEM_1 ITEM("1", "19", "An older teaser.")));
	subscribe(world);
	world_poll(world, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 1);
}

static void an_item_without_text_or_page_is_a_title(void **state)
{
	struct world *world = *state;

	put_feed(world, FEED("<item><title>Only a title</title>"
			     "<guid isPermaLink=\"false\">t</guid></item>"
			     ITEM_1));
	world_put(world, "/1.html", 200, PAGE("Story 1", "Words of one."));
	subscribe(world);
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

	put_pages(world);
	put_feed(world, FEED("<item><guid isPermaLink=\"false\">void</guid>"
			     "<pubDate>21 Jul 2025 10:00:00 GMT</pubDate>"
			     "</item>" ITEM_1 ITEM_3));
	subscribe(world);
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

#define VOID(id, more) \
	"<item><guid isPermaLink=\"false\">" id "</guid>" more "</item>"

static struct nw_quarantined *in_quarantine(struct world *world,
					    size_t *count_r)
{
	struct nw_quarantined *items;
	struct nw_error err;

	assert_int_equal(nw_quarantine_list(world->store, world->arena,
					    world_source(world, GROUP).id,
					    &items, count_r, &err),
			 0);
	return items;
}

/* Its feed is the same all the time: 304, but for what is said below. */
static void a_broken_item_is_kept_in_quarantine(void **state)
{
	struct world *world = *state;
	struct nw_quarantined *items;
	struct document *feed;
	size_t count;

	put_pages(world);
	feed = put_feed(world, FEED(VOID("void", "") ITEM_1));
	subscribe(world);
	world_poll(world, GROUP);
	items = in_quarantine(world, &count);
	assert_int_equal(count, 1);
	assert_string_equal(items->label, "void");
	assert_has(items->reason, "neither a title");
	assert_int_equal(items->tries, 1);
	world_poll(world, GROUP);
	assert_int_equal(feed->not_modified, 1);
	/* Another version of the program reads the feed and tries it again. */
	world_start(world, "2");
	world_set_clock(world_clock() + 60);
	world_poll(world, GROUP);
	assert_int_equal(feed->not_modified, 1);
	items = in_quarantine(world, &count);
	assert_int_equal(count, 1);
	assert_int_equal(items->tries, 2);
	assert_int_equal(items->tried_utc - items->since_utc, 60);
	world_poll(world, GROUP);
	assert_int_equal(feed->not_modified, 2);
	/* It changes, and is an article. */
	put_feed(world, FEED(VOID("void", "<title>All</title>") ITEM_1))
		->etag = "\"2\"";
	world_poll(world, GROUP);
	(void)in_quarantine(world, &count);
	assert_int_equal(count, 0);
	assert_int_equal(world_count(world, GROUP), 2);
}

/* Then no version will ever try it again. */
static void an_item_that_goes_leaves_quarantine(void **state)
{
	struct world *world = *state;
	struct document *feed;
	size_t count;

	put_pages(world);
	put_feed(world, FEED(VOID("void", "") ITEM_1));
	subscribe(world);
	world_poll(world, GROUP);
	put_feed(world, FEED(ITEM_1));
	world_start(world, "2");
	world_poll(world, GROUP);
	(void)in_quarantine(world, &count);
	assert_int_equal(count, 0);
	feed = put_feed(world, FEED(ITEM_1));
	world_poll(world, GROUP);
	assert_int_equal(feed->not_modified, 1);
}

#define LIVE_UPDATE(n, minute) \
	"{\"@type\":\"BlogPosting\",\"@id\":\"@BASE@/1.html#u" n "\"," \
	"\"headline\":\"Update " n "\"," \
	"\"datePublished\":\"2025-11-24T15:" minute ":00Z\"," \
	"\"articleBody\":\"What update " n " has to say.\"}"
#define LIVE_PAGE(updates) \
	"<!DOCTYPE html><html><head><title>Story 1</title>" \
	"<script type=\"application/ld+json\">{\"@context\":" \
	"\"https://schema.org\",\"@type\":\"LiveBlogPosting\"," \
	"\"headline\":\"Story 1\",\"url\":\"@BASE@/1.html\"," \
	"\"datePublished\":\"2025-11-24T15:00:00Z\"," \
	"\"liveBlogUpdate\":[" updates "]}</script></head><body><article>" \
	"<h1>Story 1</h1><p>The page of a story that goes on.</p></article>" \
	"</body></html>"

/* 2025-11-24 16:00 UTC is the world's clock. */
static void a_live_page_of_a_feed_is_read_as_long_as_it_lives(void **state)
{
	struct world *world = *state;
	struct document *feed, *page;

	feed = put_feed(world, FEED(ITEM_1));
	world_put(world, "/1.html", 200, LIVE_PAGE(LIVE_UPDATE("1", "10")));
	subscribe(world);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 2);
	world_put(world, "/1.html", 200,
		  LIVE_PAGE(LIVE_UPDATE("2", "20") ","
			    LIVE_UPDATE("1", "10")));
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 3);
	assert_string_equal(world_header(world, GROUP, 3, "References"),
			    world_header(world, GROUP, 1, "Message-ID"));
	/* However seldom the feed has something new. */
	assert_true(world_source(world, GROUP).schedule.interval_s ==
		    world->config.poll_min_s);
	world_set_clock(world_clock() + NW_LIVE_QUIET_S);
	world_poll(world, GROUP);
	assert_int_equal(feed->not_modified, 2);
	page = world_put(world, "/1.html", 500, "");
	world_poll(world, GROUP);
	assert_int_equal(feed->not_modified, 3);
	assert_int_equal(page->hits, 0);
	assert_int_equal(world_high(world, GROUP), 3);
}

/* Its validators are sent back, and 304 is no end of it by itself. */
static void a_live_page_that_is_the_same_is_not_read_again(void **state)
{
	struct world *world = *state;
	struct document *page;

	put_feed(world, FEED(ITEM_1));
	page = world_put(world, "/1.html", 200,
			 LIVE_PAGE(LIVE_UPDATE("1", "10")));
	page->etag = "\"p1\"";
	subscribe(world);
	world_poll(world, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(page->not_modified, 1);
	assert_int_equal(world_high(world, GROUP), 2);
	world_put(world, "/1.html", 200,
		  LIVE_PAGE(LIVE_UPDATE("2", "20") ","
			    LIVE_UPDATE("1", "10")))
		->etag = "\"p2\"";
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 3);
	world_poll(world, GROUP);
	assert_int_equal(page->not_modified, 1);
	world_set_clock(world_clock() + NW_LIVE_QUIET_S);
	world_poll(world, GROUP);
	assert_int_equal(page->not_modified, 2);
	/* It was quiet for a day. */
	world_poll(world, GROUP);
	assert_int_equal(page->hits, 3);
	assert_int_equal(world_high(world, GROUP), 3);
}

/* A server that says so though it was not asked. */
static void a_page_that_was_never_read_is_not_the_same(void **state)
{
	struct world *world = *state;

	put_feed(world, FEED(ITEM_1));
	world_put(world, "/1.html", 304, "");
	subscribe(world);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_has(world_article(world, GROUP, 1), "The first teaser.");
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
	subscribe(world);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	world_put(world, "/feed", 200, tombstone);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 0);
	assert_int_equal(world_high(world, GROUP), 1);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 1);
}

static void an_index_leads_to_its_newest_sitemap(void **state)
{
	struct world *world = *state;

	put_pages(world);
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

	put_pages(world);
	put_feed(world, FEED(ITEM_1 ITEM_2 ITEM_3));
	subscribe(world);
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
		TEST(a_page_that_fails_is_had_later),
		TEST(a_large_feed_is_not_kept),
		TEST(a_page_that_never_comes_is_left_alone_in_the_end),
		TEST(a_site_that_asks_for_patience_gets_it),
		TEST(patience_ends_with_what_the_feed_says),
		TEST(a_story_that_leads_to_the_front_page_is_not_it),
		TEST(one_id_for_all_items_names_none),
		TEST(equal_ids_of_two_feeds_are_two_stories),
		TEST(a_repeated_item_is_one),
		TEST(an_item_without_text_or_page_is_a_title),
		TEST(a_broken_item_is_told_and_stops_no_other),
		TEST(a_broken_item_is_kept_in_quarantine),
		TEST(an_item_that_goes_leaves_quarantine),
		TEST(a_live_page_of_a_feed_is_read_as_long_as_it_lives),
		TEST(a_live_page_that_is_the_same_is_not_read_again),
		TEST(a_page_that_was_never_read_is_not_the_same),
		TEST(a_withdrawn_item_goes),
		TEST(an_index_leads_to_its_newest_sitemap),
		TEST(a_pipeline_that_goes_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
