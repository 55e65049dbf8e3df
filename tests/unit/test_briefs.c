/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tickers through the pipeline: a root for each day, a follow-up for each
 * brief. */
#include "config.h"

#include <string.h>

#include "unit.h"
#include "newswire/date.h"
#include "pipeline_texts.h"
#include "pipeline_world.h"

#define GROUP "org.example.ticker"

#define TICKER(briefs) \
	"<!DOCTYPE html><html lang=\"en\"><head><title>The News</title>" \
	"<link rel=\"canonical\" href=\"@BASE@/news\">" \
	"<meta property=\"og:site_name\" content=\"The Daily Test\"></head>" \
	"<body><main><h1>The News</h1></main><aside class=\"newsFeed\">" \
	"<h2>News Feed</h2>" briefs "<button>Show More</button></aside>" \
	"</body></html>"
#define BRIEF_SAYS(n, time, words) \
	"<article><div class=\"time\"><time datetime=\"2025-07-" time ":00Z\">" \
	"</time> (Updated: )</div><h3><a href=\"/story-" n "\">Brief " n \
	"</a></h3><p>" words "</p></article>"
#define BRIEF(n, time) BRIEF_SAYS(n, time, "What brief " n " has to say.")

static void poll_at(struct world *world, const char *utc, const char *html)
{
	world_set_clock(nw_date_utc(utc));
	world_put(world, "/news", 200, html);
	world_poll(world, GROUP);
}

static void begin(struct world *world)
{
	world_set_clock(nw_date_utc("2025-07-25T22:00:00Z"));
	world_subscribe(world, "/news", NW_SOURCE_LIVE, GROUP);
}

static void assert_header(struct world *world, int64_t number,
			  const char *name, const char *value)
{
	assert_string_equal(world_header(world, GROUP, number, name),
			    world_text(world, value));
}

static void each_day_has_its_root(void **state)
{
	struct world *world = *state;
	const char *first, *second;

	begin(world);
	poll_at(world, "2025-07-25T22:30:00Z",
		TICKER(BRIEF("2", "25T22:10") BRIEF("1", "25T21:00")));
	assert_int_equal(world_count(world, GROUP), 3);
	assert_header(world, 1, "Subject", "News Feed, 25 July 2025");
	assert_header(world, 1, "Date", "Fri, 25 Jul 2025 21:00:00 +0000");
	assert_header(world, 2, "Subject", "Brief 1");
	assert_header(world, 2, "Archived-At", "<@BASE@/story-1>");
	assert_header(world, 3, "Date", "Fri, 25 Jul 2025 22:10:00 +0000");
	assert_has(world_flowed(world, GROUP, 3), "What brief 2 has to say.");
	assert_has(world_flowed(world, GROUP, 3),
		   world_text(world, "Source: @BASE@/story-2"));
	first = world_header(world, GROUP, 1, "Message-ID");
	assert_string_equal(world_header(world, GROUP, 3, "References"), first);
	/* Two of yesterday come late, one of today is out. */
	poll_at(world, "2025-07-26T00:20:00Z",
		TICKER(BRIEF("5", "26T00:10") BRIEF("4", "25T23:50")
		       BRIEF("3", "25T22:00") BRIEF("2", "25T22:10")));
	assert_int_equal(world_count(world, GROUP), 7);
	assert_header(world, 4, "Subject", "Brief 3");
	assert_header(world, 5, "Subject", "Brief 4");
	assert_string_equal(world_header(world, GROUP, 5, "References"), first);
	assert_header(world, 6, "Subject", "News Feed, 26 July 2025");
	second = world_header(world, GROUP, 6, "Message-ID");
	assert_header(world, 7, "Subject", "Brief 5");
	assert_string_equal(world_header(world, GROUP, 7, "References"),
			    second);
	/* Yesterday is as it was: its root and the brief that is not listed any
	 * more. */
	assert_string_equal(world_header(world, GROUP, 1, "Message-ID"), first);
	assert_header(world, 2, "Subject", "Brief 1");
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 7);
}

/* Its time says today now, and it is the same brief. */
static void a_brief_stays_with_its_day(void **state)
{
	struct world *world = *state;

	begin(world);
	poll_at(world, "2025-07-25T23:59:00Z", TICKER(BRIEF("1", "25T23:55")));
	poll_at(world, "2025-07-26T00:10:00Z",
		TICKER(BRIEF("2", "26T00:06") BRIEF("1", "26T00:05")));
	assert_int_equal(world_high(world, GROUP), 4);
	assert_header(world, 2, "Subject", "Brief 1");
	assert_header(world, 3, "Subject", "News Feed, 26 July 2025");
	assert_header(world, 4, "Subject", "Brief 2");
}

static void an_edited_brief_replaces_itself(void **state)
{
	struct world *world = *state;
	const char *id;

	begin(world);
	poll_at(world, "2025-07-25T22:00:00Z",
		TICKER(BRIEF("2", "25T21:30") BRIEF("1", "25T21:00")));
	id = world_header(world, GROUP, 2, "Message-ID");
	poll_at(world, "2025-07-25T23:00:00Z",
		TICKER(BRIEF("2", "25T21:30")
		       BRIEF_SAYS("1", "25T21:00",
				  "There were 40 of them, not 14.")));
	assert_int_equal(world_count(world, GROUP), 3);
	assert_header(world, 4, "Subject", "Brief 1");
	assert_string_equal(world_header(world, GROUP, 4, "Supersedes"), id);
	assert_null(world_article(world, GROUP, 2));
}

#define PAGED(briefs, n) \
	TICKER(briefs "<nav><a rel=next href=\"?page=" n "\">Next</a></nav>")

/* Subjects of all articles from a number on. */
static const char *subjects(struct world *world, int64_t number)
{
	const char *all = "";

	for (; number <= world_high(world, GROUP); number++)
		all = nw_arena_printf(world->arena, "%s%s,", all,
				      world_header(world, GROUP, number,
						   "Subject"));
	return all;
}

/* None of the first page is known: what came and went is on the next one. */
static void a_gap_is_filled(void **state)
{
	struct world *world = *state;
	struct document *second, *third;

	begin(world);
	second = world_put(world, "/news?page=2", 200,
			   PAGED(BRIEF("3", "25T22:20") BRIEF("2", "25T22:10"),
				 "3"));
	third = world_put(world, "/news?page=3", 200,
			  TICKER(BRIEF("1", "25T22:00") BRIEF("0", "25T21:00")));
	/* A ticker has no beginning. */
	poll_at(world, "2025-07-25T22:15:00Z",
		PAGED(BRIEF("2", "25T22:10") BRIEF("1", "25T22:00"), "2"));
	assert_int_equal(second->hits, 0);
	assert_string_equal(subjects(world, 2), "Brief 1,Brief 2,");
	poll_at(world, "2025-07-25T23:00:00Z",
		PAGED(BRIEF("5", "25T22:50") BRIEF("4", "25T22:40"), "2"));
	assert_string_equal(subjects(world, 4), "Brief 3,Brief 4,Brief 5,");
	assert_int_equal(second->hits, 1);
	assert_int_equal(third->hits, 0);
	world_poll(world, GROUP);
	assert_int_equal(second->hits, 1);
}

static void a_gap_is_filled_later(void **state)
{
	struct world *world = *state;
	struct document *second;

	begin(world);
	second = world_put(world, "/news?page=2", 500, "");
	poll_at(world, "2025-07-25T22:15:00Z",
		TICKER(BRIEF("2", "25T22:10") BRIEF("1", "25T22:00")));
	poll_at(world, "2025-07-25T23:50:00Z",
		PAGED(BRIEF("5", "25T22:50") BRIEF("4", "25T22:40"), "2"));
	assert_has(world_log(world), "older updates are asked for again");
	assert_string_equal(subjects(world, 4), "Brief 4,Brief 5,");
	/* The day ends, and the process. */
	world_start(world, "1");
	poll_at(world, "2025-07-26T00:20:00Z",
		PAGED(BRIEF("6", "26T00:10") BRIEF("5", "25T22:50")
		      BRIEF("4", "25T22:40"), "2"));
	assert_int_equal(second->hits, 2);
	second->status = 200;
	second->body = world_text(world, PAGED(BRIEF("3", "25T22:20")
					       BRIEF("2", "25T22:10"), "3"));
	world_set_clock(nw_date_utc("2025-07-26T00:30:00Z"));
	world_poll(world, GROUP);
	assert_string_equal(subjects(world, 6),
			    "News Feed, 26 July 2025,Brief 6,Brief 3,");
	assert_string_equal(world_header(world, GROUP, 8, "References"),
			    world_header(world, GROUP, 1, "Message-ID"));
	world_poll(world, GROUP);
	assert_int_equal(second->hits, 3);
}

static void a_page_with_neither_is_a_story(void **state)
{
	struct world *world = *state;

	world_put(world, "/1.html", 200, PAGE("Story 1", "Words of one."));
	world_subscribe(world, "/1.html", NW_SOURCE_LIVE, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_has(world_log(world), "neither live updates nor a ticker");
	/* Once is enough. */
	world_poll(world, GROUP);
	assert_null(strstr(world_log(world), "neither"));
}

/* Its updates are gone for a moment, and there is a list of other stories. */
static void a_live_page_never_becomes_a_ticker(void **state)
{
	struct world *world = *state;
	const char *live = "<html><head><link rel=canonical href='@BASE@/news'>"
			   "</head><body><h1>The News</h1>"
			   "<div id='block-67c5a1008f08aaaa00000001' "
			   "class='block'><time datetime="
			   "'2025-07-25T21:00:00Z'></time><p>What update 1 "
			   "says.</p></div></body></html>";

	begin(world);
	poll_at(world, "2025-07-25T22:00:00Z", live);
	assert_int_equal(world_count(world, GROUP), 2);
	poll_at(world, "2025-07-25T23:00:00Z",
		TICKER(BRIEF("2", "25T21:30") BRIEF("1", "25T21:00")));
	assert_int_equal(world_high(world, GROUP), 2);
}

/* The story of its page came from a feed, and stays what it is. */
static void the_ticker_of_a_known_page_is_one(void **state)
{
	struct world *world = *state;

	world_put(world, "/1.html", 200,
		  PAGE("Story 1", "Words of one.")
		  "<aside class=\"newsFeed\"><h2>News Feed</h2>"
		  BRIEF("2", "25T21:30") BRIEF("1", "25T21:00") "</aside>");
	world_put_feed(world, FEED(ITEM_1));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, "org.example.feed");
	world_poll(world, "org.example.feed");
	assert_int_equal(world_count(world, "org.example.feed"), 1);
	world_subscribe(world, "/1.html", NW_SOURCE_LIVE, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 3);
	assert_header(world, 1, "Subject", "News Feed, 25 July 2025");
	assert_int_equal(world_high(world, "org.example.feed"), 1);
}

/* Beside an article it is no part of it. */
static void an_article_does_not_change_with_its_ticker(void **state)
{
	struct world *world = *state;

#define ARTICLE(briefs) \
	PAGE("Story 1", "Words of one.") "<aside class=\"newsFeed\"><h2>News " \
	"Feed</h2>" briefs "</aside>"
	world_put_feed(world, FEED(ITEM_1));
	world_put(world, "/1.html", 200, ARTICLE(BRIEF("1", "25T21:00")));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_null(strstr(world_article(world, GROUP, 1), "brief"));
	world_put(world, "/1.html", 200,
		  ARTICLE(BRIEF("2", "25T22:00") BRIEF("1", "25T21:00")));
	world_put_feed(world, FEED(ITEM("1", "21", "The first teaser.")))->etag =
		"\"2\"";
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 1);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_day_has_its_root),
		TEST(a_brief_stays_with_its_day),
		TEST(an_edited_brief_replaces_itself),
		TEST(a_gap_is_filled),
		TEST(a_gap_is_filled_later),
		TEST(a_page_with_neither_is_a_story),
		TEST(a_live_page_never_becomes_a_ticker),
		TEST(the_ticker_of_a_known_page_is_one),
		TEST(an_article_does_not_change_with_its_ticker),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
