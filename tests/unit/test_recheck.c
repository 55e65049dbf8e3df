/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When pages of items are read again: at their ages, and while they are live.
 */
#include "config.h"

#include "unit.h"
#include "newswire/limits.h"
#include "recheck_fixture.h"

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

/* Subscribes to a feed of one page, and settles what its source wants. */
static void subscribe(struct world *world, enum nw_edits edits,
		      const char *recheck)
{
	struct nw_source source;
	struct nw_error err;

	world_put(world, "/1.html", 200, PAGE("Story 1", "Words of one."));
	world_put_feed(world, FEED(FRESH("1", "A teaser.")));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	source = world_source(world, GROUP);
	source.edits = edits;
	source.recheck = recheck;
	assert_int_equal(nw_source_settle(world->store, &source, &err), 0);
}

static void nobody_who_ignores_edits_looks_for_them(void **state)
{
	struct world *world = *state;
	int64_t due_utc;

	subscribe(world, NW_EDITS_IGNORE, NULL);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_int_equal(waiting(world, &due_utc), 0);
}

static void a_source_has_ages_of_its_own(void **state)
{
	struct world *world = *state;
	int64_t due_utc;

	subscribe(world, NW_EDITS_FOLLOW_UP, "2h");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_page_is_read_again_at_its_ages),
		TEST(what_is_not_listed_is_read_too),
		TEST(old_stories_are_left_alone),
		TEST(nobody_who_ignores_edits_looks_for_them),
		TEST(a_source_has_ages_of_its_own),
		TEST(a_live_source_has_a_pace_of_its_own),
		TEST(a_page_that_fails_waits),
		TEST(a_site_that_asks_for_patience_gets_it),
		TEST(a_live_page_of_a_feed_is_read_as_long_as_it_lives),
		TEST(many_pages_do_not_come_all_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
