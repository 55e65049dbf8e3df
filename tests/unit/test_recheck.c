/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of items that are read again: for edits, and while they are live. */
#include "config.h"

#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "pipeline_texts.h"
#include "pipeline_world.h"

#define GROUP "org.example.news"
#define MIN   60
#define HOUR  3600

/* 2025-11-24 16:00 UTC is the world's clock. */
#define FRESH(n, teaser) \
	"<item><title>Story " n "</title><link>@BASE@/" n ".html</link>" \
	"<guid isPermaLink=\"false\">guid-" n "</guid>" \
	"<pubDate>Mon, 24 Nov 2025 15:30:00 GMT</pubDate>" \
	"<description>" teaser "</description></item>"

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

/* Subscribes, and polls once. */
static struct document *begin(struct world *world, const char *page)
{
	struct document *document = world_put(world, "/1.html", 200, page);

	document->etag = "\"p1\"";
	world_put_feed(world, FEED(FRESH("1", "A teaser.")));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	return document;
}

static int64_t waiting(struct world *world, int64_t *due_utc_r)
{
	struct nw_error err;
	int64_t count;

	assert_int_equal(nw_store_waiting(world->store,
					  world_source(world, GROUP).id, &count,
					  due_utc_r, &err),
			 0);
	return count;
}

/* Sets the clock to when the next page is due, and reads what is. */
static int64_t go_on(struct world *world)
{
	int64_t before = world_clock(), due_utc;

	assert_true(waiting(world, &due_utc) > 0);
	world_set_clock(due_utc);
	world_poll_due(world, GROUP);
	return due_utc - before;
}

static void a_page_is_read_again_at_its_ages(void **state)
{
	static const int64_t ages_s[] = { 10 * MIN, HOUR, 6 * HOUR, 24 * HOUR };
	struct world *world = *state;
	struct document *feed, *page = begin(world,
					     PAGE("Story 1", "Words of one."));
	int64_t start = world_clock(), due_utc;
	size_t i;

	feed = &world->documents[1];
	assert_string_equal(feed->path, "/feed");
	for (i = 0; i < COUNT(ages_s); i++) {
		(void)go_on(world);
		assert_in_range(world_clock() - start, ages_s[i],
				ages_s[i] + ages_s[i] / 10);
		assert_int_equal(page->not_modified, i + 1);
		/* Nobody asks the feed for that. */
		if (!i)
			assert_int_equal(feed->hits, 1);
		/* Another process goes on. */
		world_start(world, "1");
	}
	assert_int_equal(waiting(world, &due_utc), 0);
	assert_int_equal(page->hits, 5);
	assert_int_equal(world_high(world, GROUP), 1);
}

static void an_edit_is_a_follow_up(void **state)
{
	struct world *world = *state;

	begin(world, PAGE("Story 1", "Words of 14 people."));
	world_put(world, "/1.html", 200,
		  PAGE("Story 1", "Words of 40 people and of their dogs, "
		       "which bark at whoever comes near the house."));
	(void)go_on(world);
	assert_int_equal(world_count(world, GROUP), 2);
	assert_has(world_flowed(world, GROUP, 2), "and of their dogs");
	assert_string_equal(world_header(world, GROUP, 2, "References"),
			    world_header(world, GROUP, 1, "Message-ID"));
	/* It is known by now. */
	(void)go_on(world);
	assert_int_equal(world_high(world, GROUP), 2);
	/* The feed's own poll finds nothing new in it either. */
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 2);
}

/* A title that the page does not have, and a standfirst. */
static void what_the_feed_said_stays(void **state)
{
	struct world *world = *state;

	begin(world, PAGE("The Daily Test", "Words of 14 people."));
	assert_string_equal(world_header(world, GROUP, 1, "Subject"),
			    "Story 1");
	assert_has(world_article(world, GROUP, 1), "A teaser.");
	world_put(world, "/1.html", 200,
		  PAGE("The Daily Test", "Words of 40 people and of their "
		       "dogs, which bark at whoever comes near the house."));
	(void)go_on(world);
	assert_int_equal(world_count(world, GROUP), 2);
	assert_has(world_header(world, GROUP, 2, "Subject"), "Story 1");
	assert_has(world_flowed(world, GROUP, 2), "A teaser.");
}

/* A full text in the feed, of which the page shows less. */
static void a_teaser_takes_nothing_away(void **state)
{
	struct world *world = *state;

#define TEASER(words) \
	"<html><title>Story 1</title><article><h1>Story 1</h1><p>" words \
	" This is all that those who do not pay may read of it here, and it " \
	"is not much.</p></article></html>"
	world_put(world, "/1.html", 200, TEASER("Words."));
	world_put_feed(world, FEED(
		"<item><title>Story 1</title><link>@BASE@/1.html</link>"
		"<pubDate>Mon, 24 Nov 2025 15:30:00 GMT</pubDate>"
		"<content:encoded xmlns:content=\"http://purl.org/rss/1.0/"
		"modules/content/\">&lt;p&gt;All of it is here, and it goes on "
		"for much longer than what the page has to show to those who "
		"look at it, for the feed is meant for those who read feeds."
		"&lt;/p&gt;&lt;p&gt;So the second paragraph is here as well, "
		"and has words of its own, and the third is left out for want "
		"of something to say.&lt;/p&gt;</content:encoded></item>"));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_has(world_flowed(world, GROUP, 1), "second paragraph");
	world_put(world, "/1.html", 200, TEASER("Other words."));
	(void)go_on(world);
	assert_int_equal(world_high(world, GROUP), 1);
}

static void a_notice_is_told_in_its_own_words(void **state)
{
	struct world *world = *state;

#define NOTICE \
	"<script type=\"application/ld+json\">{\"@context\":" \
	"\"https://schema.org\",\"@type\":\"NewsArticle\",\"headline\":" \
	"\"Story 1\",\"url\":\"@BASE@/1.html\",\"correction\":" \
	"\"Correction: there were 14 dogs, not 40.\"}</script>"
	begin(world, PAGE("Story 1", "Words of one."));
	world_put(world, "/1.html", 200,
		  PAGE("Story 1", "Words of one.") NOTICE);
	(void)go_on(world);
	assert_int_equal(world_count(world, GROUP), 2);
	assert_has(world_flowed(world, GROUP, 2), "there were 14 dogs");
}

/* The item is not in the feed any more. */
static void what_is_not_listed_is_read_too(void **state)
{
	struct world *world = *state;
	struct document *page;

	page = begin(world, PAGE("Story 1", "Words of one."));
	world_put(world, "/2.html", 200, PAGE("Story 2", "Words of two."));
	world_put_feed(world, FEED(FRESH("2", "Another.")))->etag = "\"2\"";
	world_set_clock(world_clock() + 5 * MIN);
	world_poll(world, GROUP);
	assert_int_equal(page->hits, 1);
	(void)go_on(world);
	assert_int_equal(page->hits, 2);
}

static void old_stories_are_left_alone(void **state)
{
	struct world *world = *state;
	int64_t due_utc;

	world_put_stories(world);
	world_put_feed(world, FEED(ITEM_3 ITEM_2 ITEM_1));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 3);
	assert_int_equal(waiting(world, &due_utc), 0);
}

static void nobody_who_ignores_edits_looks_for_them(void **state)
{
	struct world *world = *state;
	struct nw_source source;
	struct nw_error err;
	int64_t due_utc;

	world_put(world, "/1.html", 200, PAGE("Story 1", "Words of one."));
	world_put_feed(world, FEED(FRESH("1", "A teaser.")));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	source = world_source(world, GROUP);
	source.edits = NW_EDITS_IGNORE;
	assert_int_equal(nw_source_settle(world->store, &source, &err), 0);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_int_equal(waiting(world, &due_utc), 0);
}

static void a_source_has_ages_of_its_own(void **state)
{
	struct world *world = *state;
	struct nw_source source;
	struct nw_error err;
	int64_t due_utc;

	world_put(world, "/1.html", 200, PAGE("Story 1", "Words of one."));
	world_put_feed(world, FEED(FRESH("1", "A teaser.")));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	source = world_source(world, GROUP);
	source.recheck = "2h";
	assert_int_equal(nw_source_settle(world->store, &source, &err), 0);
	assert_string_equal(world_source(world, GROUP).recheck, "2h");
	world_poll(world, GROUP);
	assert_in_range(go_on(world), 2 * HOUR, 2 * HOUR + 12 * MIN);
	assert_int_equal(waiting(world, &due_utc), 0);
}

static void a_live_source_has_a_pace_of_its_own(void **state)
{
	struct world *world = *state;
	struct nw_source source;
	struct nw_error err;

	world_put(world, "/1.html", 200, LIVE_PAGE(LIVE_UPDATE("1", "10")));
	world_subscribe(world, "/1.html", NW_SOURCE_LIVE, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_source(world, GROUP).schedule.interval_s, MIN);
	world_poll(world, GROUP);
	assert_int_equal(world_source(world, GROUP).schedule.interval_s,
			 2 * MIN);
	source = world_source(world, GROUP);
	source.poll_live_s = HOUR;
	assert_int_equal(nw_source_settle(world->store, &source, &err), 0);
	world_poll(world, GROUP);
	assert_int_equal(world_source(world, GROUP).schedule.interval_s, HOUR);
	/* It is longer than the longest, and so that as well. */
	world_poll(world, GROUP);
	assert_int_equal(world_source(world, GROUP).schedule.interval_s, HOUR);
}

/* It is tried at the next age; one that is gone is not. */
static void a_page_that_fails_waits(void **state)
{
	struct world *world = *state;
	struct document *page;
	int64_t due_utc;

	page = begin(world, PAGE("Story 1", "Words of one."));
	page->status = 500;
	page->etag = NULL;
	(void)go_on(world);
	assert_has(world_log(world), "status 500, the story stays as it was");
	assert_int_equal(page->hits, 2);
	assert_int_equal(waiting(world, &due_utc), 1);
	assert_in_range(due_utc - world_clock(), 45 * MIN, 70 * MIN);
	page->status = 410;
	(void)go_on(world);
	assert_int_equal(waiting(world, &due_utc), 0);
	assert_int_equal(world_high(world, GROUP), 1);
}

/* All that was said of it goes, and it comes back with the same thread. */
static void a_page_that_is_gone_takes_its_story_along(void **state)
{
	struct world *world = *state;
	const char *root_id, *id;
	struct document *page;

	page = begin(world, PAGE("Story 1", "Words of 14 people."));
	root_id = world_header(world, GROUP, 1, "Message-ID");
	world_put(world, "/1.html", 200,
		  PAGE("Story 1", "Words of 40 people and of their dogs, "
		       "which bark at whoever comes near the house."));
	(void)go_on(world);
	assert_int_equal(world_count(world, GROUP), 2);
	page->status = 410;
	(void)go_on(world);
	assert_has(world_log(world), "status 410, the story is withdrawn\n");
	assert_int_equal(world_count(world, GROUP), 0);
	assert_int_equal(world_high(world, GROUP), 2);
	/* Listed again as it was, it stays away. */
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 2);
	page->status = 200;
	world_put_feed(world, FEED(FRESH("1", "Here again.")))->etag = "\"2\"";
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_int_equal(world_high(world, GROUP), 3);
	id = world_header(world, GROUP, 3, "Message-ID");
	assert_string_not_equal(id, root_id);
	assert_string_equal(world_header(world, GROUP, 3, "References"),
			    root_id);
	assert_null(world_header(world, GROUP, 3, "Supersedes"));
	assert_has(world_flowed(world, GROUP, 3), "and of their dogs");
	/* And so once more. */
	page->status = 410;
	world_put_feed(world, FEED(FRESH("1", "Not now.")))->etag = "\"3\"";
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 0);
	page->status = 200;
	world_put_feed(world, FEED(FRESH("1", "Once more.")))->etag = "\"4\"";
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_string_not_equal(world_header(world, GROUP, 4, "Message-ID"),
				id);
}

/* A source that is gone keeps what it brought, and is not asked again. */
static void a_live_page_that_is_gone_leaves_its_story(void **state)
{
	struct world *world = *state;

	world_put(world, "/1.html", 200, LIVE_PAGE(LIVE_UPDATE("1", "10")));
	world_subscribe(world, "/1.html", NW_SOURCE_LIVE, GROUP);
	world_poll(world, GROUP);
	world_put(world, "/1.html", 410, "");
	world_poll(world, GROUP);
	assert_non_null(world_article(world, GROUP, 1));
	assert_non_null(world_article(world, GROUP, 2));
	assert_true(world_source(world, GROUP).schedule.paused);
}

/* Of a story in several pages, the end being gone withdraws nothing. */
static void a_further_page_that_is_gone_takes_nothing_along(void **state)
{
	struct world *world = *state;

	begin(world, PAGE("Story 1", "Words of one."));
	world_put(world, "/1.html", 200,
		  "<link rel=next href='?page=2'>"
		  PAGE("Story 1", "Words of one."));
	world_put(world, "/1.html?page=2", 410, "");
	(void)go_on(world);
	assert_int_equal(world_count(world, GROUP), 1);
}

/* The first page of a story says nothing of an edit on its second one. */
static void an_edit_on_a_further_page_is_seen(void **state)
{
	struct world *world = *state;
	struct document *page;

#define FIRST \
	"<link rel=next href='/1.html?page=2'>" PAGE("Story 1", "Words of one.")
	world_put(world, "/1.html?page=2", 200,
		  PAGE("Story 1", "14 people came."))
		->etag = "\"s1\"";
	page = begin(world, FIRST);
	assert_has(world_flowed(world, GROUP, 1), "14 people came.");
	world_put(world, "/1.html?page=2", 200,
		  PAGE("Story 1", "40 people came, and so did their dogs, "
		       "which bark at whoever comes near the house."))
		->etag = "\"s2\"";
	(void)go_on(world);
	assert_int_equal(world_count(world, GROUP), 2);
	assert_has(world_flowed(world, GROUP, 2), "and so did their dogs");
	(void)go_on(world);
	assert_int_equal(world_high(world, GROUP), 2);
	assert_int_equal(page->not_modified, 0);
}

/* It comes when the pause is over, though the page says the same since then,
 * and another process looks. */
static void an_edit_that_is_held_back_is_not_lost(void **state)
{
	struct world *world = *state;
	int64_t start = world_clock();

	world->config.update_pause_s = 10 * MIN;
	begin(world, LIVE_PAGE(LIVE_UPDATE("1", "10")));
	assert_int_equal(world_count(world, GROUP), 2);
	world_put(world, "/1.html", 200,
		  LIVE_PAGE("{\"@type\":\"BlogPosting\",\"@id\":"
			    "\"@BASE@/1.html#u1\",\"headline\":\"Update 1\","
			    "\"datePublished\":\"2025-11-24T15:10:00Z\","
			    "\"articleBody\":\"It says another thing now.\"}"))
		->etag = "\"p2\"";
	(void)go_on(world);
	assert_int_equal(world_high(world, GROUP), 2);
	world_start(world, "1");
	while (world_clock() - start < 10 * MIN) {
		assert_int_equal(world_high(world, GROUP), 2);
		(void)go_on(world);
	}
	assert_int_equal(world_high(world, GROUP), 3);
	assert_has(world_flowed(world, GROUP, 3), "another thing now");
	(void)go_on(world);
	(void)go_on(world);
	assert_int_equal(world_high(world, GROUP), 3);
}

/* For those who want the story as it is now, and not for the others: no words
 * of it changed.  Another picture alone is nothing. */
static void a_picture_with_a_caption_is_an_edit(void **state)
{
	struct world *world = *state;
	struct nw_source source;
	struct nw_error err;

#define PICTURES(more) \
	"<html><title>Story 1</title><article><h1>Story 1</h1><p>Words of " \
	"one. It begins with a paragraph that is long enough to be taken for " \
	"the text of a story by any reader of pages.</p>" more "<p>A second " \
	"paragraph follows, and it has nothing to say either, but says it at " \
	"a length that leaves no doubt about its purpose.</p></article></html>"
#define FIGURE(name, caption) \
	"<figure><img src='/" name ".jpg' width=800 height=600><figcaption>" \
	caption "</figcaption></figure>"
	begin(world, PICTURES(FIGURE("a", "The bridge before the storm.")));
	world_put(world, "/1.html", 200,
		  PICTURES(FIGURE("b", "The bridge before the storm.")))
		->etag = "\"p2\"";
	(void)go_on(world);
	assert_int_equal(world_high(world, GROUP), 1);
	world_put(world, "/1.html", 200,
		  PICTURES(FIGURE("b", "The bridge before the storm.")
			   FIGURE("c", "What the storm left of it.")))
		->etag = "\"p3\"";
	(void)go_on(world);
	assert_int_equal(world_high(world, GROUP), 1);
	source = world_source(world, GROUP);
	source.edits = NW_EDITS_SUPERSEDE;
	assert_int_equal(nw_source_settle(world->store, &source, &err), 0);
	world_put(world, "/1.html", 200,
		  PICTURES(FIGURE("b", "The bridge before the storm.")
			   FIGURE("c", "What the storm left of the market.")))
		->etag = "\"p4\"";
	(void)go_on(world);
	assert_int_equal(world_high(world, GROUP), 2);
	assert_has(world_flowed(world, GROUP, 2),
		   "What the storm left of the market.");
	assert_non_null(world_header(world, GROUP, 2, "Supersedes"));
}

static void a_site_that_asks_for_patience_gets_it(void **state)
{
	struct world *world = *state;
	struct document *page;
	int64_t due_utc;

	page = begin(world, PAGE("Story 1", "Words of one."));
	page->status = 429;
	page->etag = NULL;
	page->headers = "Retry-After: 20000\r\n";
	(void)go_on(world);
	assert_int_equal(waiting(world, &due_utc), 1);
	assert_true(due_utc - world_clock() >= 20000);
}

/* However seldom the feed has something new, and without asking it. */
static void a_live_page_of_a_feed_is_read_as_long_as_it_lives(void **state)
{
	struct world *world = *state;
	struct document *page;
	int64_t due_utc, changed_utc;
	unsigned hits;

	page = begin(world, LIVE_PAGE(LIVE_UPDATE("1", "10")));
	assert_int_equal(world_count(world, GROUP), 2);
	world_put(world, "/1.html", 200,
		  LIVE_PAGE(LIVE_UPDATE("2", "20") ","
			    LIVE_UPDATE("1", "10")))->etag = "\"p2\"";
	assert_in_range(go_on(world), MIN, MIN + 6);
	assert_int_equal(world_count(world, GROUP), 3);
	assert_string_equal(world_header(world, GROUP, 3, "References"),
			    world_header(world, GROUP, 1, "Message-ID"));
	changed_utc = world_clock();
	/* Now it is quiet. */
	assert_in_range(go_on(world), MIN, MIN + 6);
	assert_in_range(go_on(world), 2 * MIN, 2 * MIN + 12);
	assert_in_range(go_on(world), 4 * MIN, 4 * MIN + 24);
	assert_int_equal(page->not_modified, 3);
	world_put(world, "/1.html", 200,
		  LIVE_PAGE(LIVE_UPDATE("3", "30") "," LIVE_UPDATE("2", "20") ","
			    LIVE_UPDATE("1", "10")));
	(void)go_on(world);
	assert_int_equal(world_count(world, GROUP), 4);
	assert_in_range(go_on(world), MIN, MIN + 6);
	assert_int_equal(world->documents[1].hits, 1);
	/* A day later it has ended. */
	for (hits = 0; waiting(world, &due_utc) && hits < 100; hits++)
		(void)go_on(world);
	assert_in_range(hits, 44, 60);
	assert_in_range(world_clock() - changed_utc, NW_LIVE_QUIET_S - HOUR,
			NW_LIVE_QUIET_S + HOUR);
	assert_int_equal(world_high(world, GROUP), 4);
}

/* Those of one poll are due one after the other. */
static void many_pages_do_not_come_all_at_once(void **state)
{
	enum { ITEMS = 40 };
	struct world *world = *state;
	const char *items = "", *path;
	int64_t start = world_clock(), due_utc, first_utc;
	unsigned i;

	for (i = 1; i <= ITEMS; i++) {
		items = nw_arena_printf(
			world->arena,
			"%s<item><title>Story %u</title><link>@BASE@/%u.html"
			"</link><pubDate>Mon, 24 Nov 2025 15:30:00 GMT"
			"</pubDate></item>", items, i, i);
		path = nw_arena_printf(world->arena, "/%u.html", i);
		world_put(world, path, 200,
			  PAGE("Story of the day", "Words."));
	}
	world_put_feed(world, nw_arena_printf(world->arena, FEED("%s"), items));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(waiting(world, &first_utc), ITEMS);
	assert_in_range(first_utc - start, 10 * MIN, 10 * MIN + 10);
	world_set_clock(start + 10 * MIN + 30);
	world_poll_due(world, GROUP);
	for (i = 0; i < ITEMS && waiting(world, &due_utc) &&
		    due_utc < start + 20 * MIN; i++)
		(void)go_on(world);
	/* About half of them were due in the first half minute. */
	assert_in_range(i, ITEMS / 5, ITEMS * 4 / 5);
	assert_int_equal(waiting(world, &due_utc), ITEMS);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_page_is_read_again_at_its_ages),
		TEST(an_edit_is_a_follow_up),
		TEST(what_the_feed_said_stays),
		TEST(a_teaser_takes_nothing_away),
		TEST(a_notice_is_told_in_its_own_words),
		TEST(what_is_not_listed_is_read_too),
		TEST(old_stories_are_left_alone),
		TEST(nobody_who_ignores_edits_looks_for_them),
		TEST(a_source_has_ages_of_its_own),
		TEST(a_live_source_has_a_pace_of_its_own),
		TEST(a_page_that_fails_waits),
		TEST(a_page_that_is_gone_takes_its_story_along),
		TEST(a_live_page_that_is_gone_leaves_its_story),
		TEST(a_further_page_that_is_gone_takes_nothing_along),
		TEST(an_edit_on_a_further_page_is_seen),
		TEST(an_edit_that_is_held_back_is_not_lost),
		TEST(a_picture_with_a_caption_is_an_edit),
		TEST(a_site_that_asks_for_patience_gets_it),
		TEST(a_live_page_of_a_feed_is_read_as_long_as_it_lives),
		TEST(many_pages_do_not_come_all_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
