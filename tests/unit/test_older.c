/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Live pages with their older updates on further pages, through the
 * pipeline. */
#include "config.h"

#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "pipeline_texts.h"
#include "pipeline_world.h"

#define GROUP "org.example.storm"

#define UPDATE(id, time) \
	"<div id='block-67c5a1008f08aaaa0000000" id "' class='block'>" \
	"<time datetime='2025-11-24T" time ":00Z'></time><h2>Update " id \
	"</h2><p>What update " id " says.</p></div>"
#define LIVE(updates, more) \
	"<!DOCTYPE html><html><head><link rel=canonical " \
	"href='@BASE@/1.html'></head><body><h1>Storm, live</h1>" updates more \
	"</body></html>"
#define NEXT(n) "<nav><a href='?page=" n "#nav'><span>Next</span></a></nav>"

struct pages {
	struct document *first, *second, *third;
};

static struct pages put_pages(struct world *world)
{
	struct pages pages;

	pages.first = world_put(world, "/1.html", 200,
				LIVE(UPDATE("6", "15:00")
				     UPDATE("5", "14:00"), NEXT("2")));
	pages.second = world_put(world, "/1.html?page=2", 200,
				 LIVE(UPDATE("4", "13:00")
				      UPDATE("3", "12:00"), NEXT("3")));
	pages.third = world_put(world, "/1.html?page=3", 200,
				LIVE(UPDATE("2", "11:00")
				     UPDATE("1", "10:00"), ""));
	return pages;
}

static void assert_subjects(struct world *world, const char *subjects)
{
	int64_t number;
	const char *all = "";

	for (number = 2; number <= world_high(world, GROUP); number++)
		all = nw_arena_printf(world->arena, "%s%s,", all,
				      world_header(world, GROUP, number,
						   "Subject") + strlen("Update "));
	assert_string_equal(all, subjects);
}

/* Sets the clock to when the next page is due, and reads what is. */
static void go_on(struct world *world)
{
	int64_t count, due_utc;
	struct nw_error err;

	assert_int_equal(nw_store_waiting(world->store,
					  world_source(world, GROUP).id, &count,
					  &due_utc, &err),
			 0);
	assert_true(count > 0);
	world_set_clock(due_utc);
	world_poll_due(world, GROUP);
}

static void all_pages_are_read_at_first(void **state)
{
	struct world *world = *state;
	struct pages pages = put_pages(world);

	world_subscribe(world, "/1.html", NW_SOURCE_LIVE, GROUP);
	world_poll(world, GROUP);
	assert_subjects(world, "1,2,3,4,5,6,");
	assert_string_equal(world_header(world, GROUP, 2, "References"),
			    world_header(world, GROUP, 1, "Message-ID"));
	assert_int_equal(pages.second->hits, 1);
	assert_int_equal(pages.third->hits, 1);
	/* Nothing is missing. */
	world_poll(world, GROUP);
	assert_int_equal(pages.first->hits, 2);
	assert_int_equal(pages.second->hits, 1);
	assert_int_equal(world_high(world, GROUP), 7);
}

static void a_gap_is_filled(void **state)
{
	struct world *world = *state;
	struct pages pages;

	world_put(world, "/1.html", 200,
		  LIVE(UPDATE("3", "12:00") UPDATE("2", "11:00"), ""));
	world_subscribe(world, "/1.html", NW_SOURCE_LIVE, GROUP);
	world_poll(world, GROUP);
	assert_subjects(world, "2,3,");
	pages = put_pages(world);
	world_poll(world, GROUP);
	assert_subjects(world, "2,3,4,5,6,");
	assert_int_equal(pages.second->hits, 1);
	/* The second one holds one that is known. */
	assert_int_equal(pages.third->hits, 0);
}

/* One that stays on top says nothing of those that came and went. */
static void a_pinned_update_hides_no_gap(void **state)
{
	struct world *world = *state;
	struct pages pages;

#define PINNED \
	"<div id='block-67c5a1008f08aaaa00000002' class='block pinned'>" \
	"<time datetime='2025-11-24T11:00:00Z'></time><h2>Update 2</h2>" \
	"<p>What update 2 says.</p></div>"
	world_put(world, "/1.html", 200,
		  LIVE(PINNED UPDATE("3", "12:00"), ""));
	world_subscribe(world, "/1.html", NW_SOURCE_LIVE, GROUP);
	world_poll(world, GROUP);
	pages = put_pages(world);
	pages.first = world_put(world, "/1.html", 200,
				LIVE(PINNED UPDATE("6", "15:00")
				     UPDATE("5", "14:00"), NEXT("2")));
	world_poll(world, GROUP);
	assert_subjects(world, "2,3,4,5,6,");
	assert_int_equal(pages.second->hits, 1);
}

static void a_page_that_is_missing_ends_it(void **state)
{
	struct world *world = *state;

	put_pages(world);
	world_put(world, "/1.html?page=2", 404, "");
	world_subscribe(world, "/1.html", NW_SOURCE_LIVE, GROUP);
	world_poll(world, GROUP);
	assert_subjects(world, "5,6,");
	assert_has(world_log(world), "?page=2: the server answered with status "
				     "404, older updates may be missed\n");
	assert_null(world_source(world, GROUP).error);
	world_poll(world, GROUP);
	assert_int_equal(world->documents[1].hits, 1);
}

/* What failed is asked for again, also by another process, and though the
 * first page has not changed. */
static void a_page_that_fails_is_had_later(void **state)
{
	struct world *world = *state;
	struct pages pages = put_pages(world);

	pages.first->etag = "\"1\"";
	pages.third->status = 500;
	world_subscribe(world, "/1.html", NW_SOURCE_LIVE, GROUP);
	world_poll(world, GROUP);
	assert_subjects(world, "3,4,5,6,");
	assert_has(world_log(world), "?page=3: the server answered with status "
				     "500, older updates are asked for again\n");
	world_start(world, "1");
	world_poll(world, GROUP);
	assert_int_equal(pages.third->hits, 2);
	assert_int_equal(world_high(world, GROUP), 5);
	pages.third->status = 200;
	world_poll(world, GROUP);
	assert_subjects(world, "3,4,5,6,1,2,");
	assert_string_equal(world_header(world, GROUP, 6, "Date"),
			    "Mon, 24 Nov 2025 10:00:00 +0000");
	assert_string_equal(world_header(world, GROUP, 6, "References"),
			    world_header(world, GROUP, 1, "Message-ID"));
	/* Now nothing is missing. */
	world_poll(world, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(pages.second->hits, 3);
	assert_int_equal(pages.third->hits, 3);
	assert_int_equal(pages.first->not_modified, 2);
}

/* A gap is filled up to what was there before it, whatever came since. */
static void a_gap_is_filled_later(void **state)
{
	struct world *world = *state;
	struct pages pages;

	world_put(world, "/1.html", 200,
		  LIVE(UPDATE("3", "12:00") UPDATE("2", "11:00"), ""));
	world_subscribe(world, "/1.html", NW_SOURCE_LIVE, GROUP);
	world_poll(world, GROUP);
	pages = put_pages(world);
	pages.second->status = 503;
	world_poll(world, GROUP);
	assert_subjects(world, "2,3,5,6,");
	world_put(world, "/1.html", 200,
		  LIVE(UPDATE("7", "15:30") UPDATE("6", "15:00"), NEXT("2")));
	world_poll(world, GROUP);
	assert_subjects(world, "2,3,5,6,7,");
	pages.second->status = 200;
	world_poll(world, GROUP);
	assert_subjects(world, "2,3,5,6,7,4,");
	assert_int_equal(pages.third->hits, 0);
	world_poll(world, GROUP);
	assert_int_equal(pages.second->hits, 3);
}

static void it_is_not_tried_for_ever(void **state)
{
	struct world *world = *state;
	struct pages pages = put_pages(world);
	unsigned i;

	pages.second->status = 500;
	world_subscribe(world, "/1.html", NW_SOURCE_LIVE, GROUP);
	for (i = 0; i < NW_OLDER_TRIES + 2; i++)
		world_poll(world, GROUP);
	assert_int_equal(pages.second->hits, NW_OLDER_TRIES);
	assert_has(world_log(world), "500, older updates may be missed\n");
	pages.second->status = 200;
	world_poll(world, GROUP);
	assert_subjects(world, "5,6,");
}

static void a_site_that_asks_for_patience_gets_it(void **state)
{
	struct world *world = *state;
	struct pages pages = put_pages(world);
	struct nw_source source;

	pages.second->status = 429;
	pages.second->headers = "Retry-After: 20000\r\n";
	world_subscribe(world, "/1.html", NW_SOURCE_LIVE, GROUP);
	world_poll(world, GROUP);
	assert_subjects(world, "5,6,");
	source = world_source(world, GROUP);
	assert_true(source.schedule.due_utc >= world_clock() + 20000);
	pages.second->status = 200;
	world_poll(world, GROUP);
	assert_subjects(world, "5,6,1,2,3,4,");
}

static void robots_that_cannot_be_had_are_waited_for(void **state)
{
	struct world *world = *state;
	struct pages pages = put_pages(world);
	struct document *robots = world_put(world, "/robots.txt", 500, "");

	world_subscribe(world, "/1.html", NW_SOURCE_LIVE, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(pages.second->hits, 0);
	assert_subjects(world, "5,6,");
	robots->status = 404;
	world_set_clock(world_clock() + NW_ROBOTS_RETRY_S + 1);
	world_poll(world, GROUP);
	assert_subjects(world, "5,6,1,2,3,4,");
}

static void pages_without_end_end(void **state)
{
	struct world *world = *state;
	struct document *page;
	unsigned i, hits = 0;

	world_put(world, "/1.html", 200, LIVE(UPDATE("1", "10:00"), NEXT("2")));
	for (i = 2; i < NW_PAGE_PARTS + 5; i++) {
		const char *html = nw_arena_printf(
			world->arena,
			LIVE(UPDATE("1", "10:00"),
			     "<a href='?page=%u'>Next</a>"), i + 1);

		world_put(world,
			  nw_arena_printf(world->arena, "/1.html?page=%u", i),
			  200, html);
	}
	world_subscribe(world, "/1.html", NW_SOURCE_LIVE, GROUP);
	world_poll(world, GROUP);
	for (i = 0; i < world->document_count; i++) {
		page = &world->documents[i];
		hits += page->hits;
	}
	assert_int_equal(hits, NW_PAGE_PARTS);
	assert_subjects(world, "1,");
}

static void robots_count(void **state)
{
	struct world *world = *state;
	struct pages pages = put_pages(world);

	world_put(world, "/robots.txt", 200,
		  "User-agent: *\nDisallow: /*?page=\n");
	world_subscribe(world, "/1.html", NW_SOURCE_LIVE, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(pages.second->hits, 0);
	assert_subjects(world, "5,6,");
}

/* A live page that a feed leads to. */
static void so_it_is_with_a_feed(void **state)
{
	struct world *world = *state;
	struct pages pages = put_pages(world);

	world_put_feed(world, FEED(ITEM_1));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_subjects(world, "1,2,3,4,5,6,");
	assert_int_equal(pages.second->hits, 1);
	assert_int_equal(pages.third->hits, 1);
}

/* It says what is new meanwhile. */
static void a_page_of_a_feed_is_had_later(void **state)
{
	struct world *world = *state;
	struct pages pages = put_pages(world);

	pages.first->etag = "\"1\"";
	pages.second->status = 503;
	world_put_feed(world, FEED(ITEM_1));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_subjects(world, "5,6,");
	pages.first = world_put(world, "/1.html", 200,
				LIVE(UPDATE("7", "15:30") UPDATE("6", "15:00")
				     UPDATE("5", "14:00"), NEXT("2")));
	go_on(world);
	assert_int_equal(pages.second->hits, 2);
	assert_subjects(world, "5,6,7,");
	pages.second->status = 200;
	go_on(world);
	assert_subjects(world, "5,6,7,1,2,3,4,");
	go_on(world);
	assert_int_equal(pages.second->hits, 3);
	assert_int_equal(world_high(world, GROUP), 8);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_pages_are_read_at_first),
		TEST(a_gap_is_filled),
		TEST(a_pinned_update_hides_no_gap),
		TEST(a_page_that_is_missing_ends_it),
		TEST(a_page_that_fails_is_had_later),
		TEST(a_gap_is_filled_later),
		TEST(it_is_not_tried_for_ever),
		TEST(a_site_that_asks_for_patience_gets_it),
		TEST(robots_that_cannot_be_had_are_waited_for),
		TEST(pages_without_end_end),
		TEST(robots_count),
		TEST(so_it_is_with_a_feed),
		TEST(a_page_of_a_feed_is_had_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
