/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What pages that are read again tell: edits and notices, or that they are gone.
 */
#include "config.h"

#include "unit.h"

#include "recheck_fixture.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_edit_is_a_follow_up),
		TEST(what_the_feed_said_stays),
		TEST(a_teaser_takes_nothing_away),
		TEST(a_notice_is_told_in_its_own_words),
		TEST(a_page_that_is_gone_takes_its_story_along),
		TEST(a_live_page_that_is_gone_leaves_its_story),
		TEST(a_further_page_that_is_gone_takes_nothing_along),
		TEST(an_edit_on_a_further_page_is_seen),
		TEST(an_edit_that_is_held_back_is_not_lost),
		TEST(a_picture_with_a_caption_is_an_edit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
