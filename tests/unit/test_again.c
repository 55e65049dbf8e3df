/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Items that are read again: pages that could not be had, and items that could
 * not be read. */
#include "config.h"

#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "newswire/quarantine.h"
#include "pipeline_texts.h"
#include "pipeline_world.h"

#define GROUP "org.example.news"

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

	feed = world_put_feed(world, FEED(ITEM_1));
	world_put(world, "/1.html", 500, "broken");
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
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
	feed = world_put_feed(world, nw_arena_printf(world->arena,
					       FEED(ITEM_1 "<!-- %s -->"),
					       filling));
	world_put(world, "/1.html", 500, "broken");
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
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

	feed = world_put_feed(world, FEED(ITEM_1));
	page = world_put(world, "/1.html", 404, "no");
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
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

	world_put_feed(world, FEED(ITEM_1));
	page = world_put(world, "/1.html", 429, "");
	page->headers = "Retry-After: 20000\r\n";
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
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

	world_put_feed(world, FEED(ITEM_1));
	world_put(world, "/1.html", 429, "");
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 0);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 1);
	assert_has(world_article(world, GROUP, 1), "The first teaser.");
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

	world_put_stories(world);
	feed = world_put_feed(world, FEED(VOID("void", "") ITEM_1));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
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
	world_put_feed(world, FEED(VOID("void", "<title>All</title>") ITEM_1))
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

	world_put_stories(world);
	world_put_feed(world, FEED(VOID("void", "") ITEM_1));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	world_put_feed(world, FEED(ITEM_1));
	world_start(world, "2");
	world_poll(world, GROUP);
	(void)in_quarantine(world, &count);
	assert_int_equal(count, 0);
	feed = world_put_feed(world, FEED(ITEM_1));
	world_poll(world, GROUP);
	assert_int_equal(feed->not_modified, 1);
}

/* A server that says so though it was not asked. */
static void a_page_that_was_never_read_is_not_the_same(void **state)
{
	struct world *world = *state;

	world_put_feed(world, FEED(ITEM_1));
	world_put(world, "/1.html", 304, "");
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_has(world_article(world, GROUP, 1), "The first teaser.");
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_page_that_fails_is_had_later),
		TEST(a_large_feed_is_not_kept),
		TEST(a_page_that_never_comes_is_left_alone_in_the_end),
		TEST(a_site_that_asks_for_patience_gets_it),
		TEST(patience_ends_with_what_the_feed_says),
		TEST(a_broken_item_is_kept_in_quarantine),
		TEST(an_item_that_goes_leaves_quarantine),
		TEST(a_page_that_was_never_read_is_not_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
