/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Feeds that bring very much, or the same under other names: no duplicate and
 * no flood.
 */
#include "config.h"

#include <event2/event.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"
#include "newswire/buf.h"
#include "newswire/limits.h"
#include "pipeline_texts.h"
#include "pipeline_world.h"

#define GROUP "org.example.news"

/* What stands for a title, a guid or a link that an item does not have. */
#define LACKS NULL

static void add_item(struct nw_buf *feed, const char *title, const char *guid,
		     const char *link, const char *date)
{
	nw_buf_addf(feed, "<item><title>%s</title>", title);
	if (guid)
		nw_buf_addf(feed, "<guid isPermaLink=\"false\">%s</guid>",
			    guid);
	if (link)
		nw_buf_addf(feed, "<link>@BASE@%s</link>", link);
	if (date)
		nw_buf_addf(feed, "<pubDate>%s</pubDate>", date);
	nw_buf_addf(feed, "<description>The text of %s.</description></item>",
		    title);
}

static struct document *put_items(struct world *world, const char *items)
{
	return world_put(world, "/feed", 200,
			 nw_arena_printf(world->arena, FEED("%s"), items));
}

/* A feed of one item. */
static void put_one(struct world *world, const char *guid, const char *link,
		    const char *date)
{
	struct nw_buf items;

	nw_buf_init(&items, 1u << 16);
	add_item(&items, "One", guid, link, date);
	put_items(world, items.data);
	nw_buf_free(&items);
}

/* Without links, so that no page is fetched; every tenth without a date. */
static void put_many(struct world *world, const char *guid, unsigned count)
{
	struct nw_arena *arena = nw_arena_new();
	char date[NW_DATE_BYTES];
	struct nw_buf items;
	unsigned i;

	nw_buf_init(&items, 4u << 20);
	for (i = 0; i < count; i++) {
		nw_date_rfc5322(world_clock() - 60 * (int64_t)i, date);
		add_item(&items, nw_arena_printf(arena, "Item %u", i),
			 nw_arena_printf(arena, "%s-%u", guid, i), LACKS,
			 i % 10 ? date : LACKS);
	}
	assert_true(nw_buf_ok(&items));
	put_items(world, items.data);
	nw_buf_free(&items);
	nw_arena_free(&arena);
}

static void subscribe(struct world *world)
{
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
}

/* The newest ones, in their order, once. */
static void five_thousand_at_once(void **state)
{
	struct world *world = *state;

	put_many(world, "guid", 5000);
	subscribe(world);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), NW_POLL_ITEMS);
	assert_string_equal(world_header(world, GROUP, 1, "Subject"),
			    nw_arena_printf(world->arena, "Item %d",
					    NW_POLL_ITEMS - 1));
	assert_string_equal(world_header(world, GROUP, NW_POLL_ITEMS,
					 "Subject"),
			    "Item 0");
	assert_has(world_log(world), "4000 items are left out");
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), NW_POLL_ITEMS);
}

/* One commit an item, and others have their turn between two. */
static void a_flood_keeps_no_other_source_waiting(void **state)
{
	struct world *world = *state;
	struct nw_source flood, other;

	put_many(world, "guid", 5000);
	subscribe(world);
	world_put(world, "/other", 200, FEED(ITEM("9", "20", "Nine.")));
	world_subscribe(world, "/other", NW_SOURCE_FEED, "org.example.other");
	flood = world_source(world, GROUP);
	other = world_source(world, "org.example.other");
	assert_int_equal(nw_pipeline_poll(world->pipeline, &flood, NULL), 0);
	while (!world_high(world, GROUP))
		assert_int_equal(event_base_loop(world->base, EVLOOP_ONCE), 0);
	assert_int_equal(nw_pipeline_poll(world->pipeline, &other, NULL), 0);
	while (!world_high(world, "org.example.other"))
		assert_int_equal(event_base_loop(world->base, EVLOOP_ONCE), 0);
	assert_true(world_high(world, GROUP) < NW_POLL_ITEMS / 4);
}

static void other_guids_for_the_same_links(void **state)
{
	static const char *const guids[] = { "first-name-of-it",
					     "https://example.org/?p=2", LACKS,
					     "1" };
	struct world *world = *state;
	size_t i;

	world_put(world, "/1.html", 200, PAGE("One", "Words of one."));
	subscribe(world);
	for (i = 0; i < COUNT(guids); i++) {
		put_one(world, guids[i], "/1.html",
			"Mon, 24 Nov 2025 10:00:00 GMT");
		world_poll(world, GROUP);
		assert_int_equal(world_high(world, GROUP), 1);
	}
}

static void other_links_for_the_same_guid(void **state)
{
	static const char *const links[] = { "/1.html", "/1.html?utm_source=x",
					     "/moved/1.html" };
	struct world *world = *state;
	size_t i;

	subscribe(world);
	for (i = 0; i < COUNT(links); i++) {
		world_put(world, i < 2 ? "/1.html" : links[i], 200,
			  PAGE("One", "Words of one."));
		put_one(world, "tag:example.org,2025:one", links[i],
			"Mon, 24 Nov 2025 10:00:00 GMT");
		world_poll(world, GROUP);
		assert_int_equal(world_high(world, GROUP), 1);
	}
}

/* A repeated guid: what it is of is told by the links. */
static void one_guid_for_all(void **state)
{
	struct world *world = *state;
	struct nw_buf items;
	int i;

	nw_buf_init(&items, 1u << 20);
	for (i = 0; i < 20; i++)
		add_item(&items, nw_arena_printf(world->arena, "Item %d", i % 5),
			 "the-only-guid-here",
			 nw_arena_printf(world->arena, "/%d.html", i % 5),
			 LACKS);
	put_items(world, items.data);
	nw_buf_free(&items);
	subscribe(world);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 5);
	world_poll(world, GROUP);
	world_poll(world, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 5);
}

/* It comes and goes: then it is the time of the first sight that stays. */
static void dates_that_are_missing(void **state)
{
	static const char *const dates[] = {
		LACKS, "yesterday", "Mon, 24 Nov 2025 10:00:00 GMT", LACKS,
		"Wed, 24 Nov 2125 10:00:00 GMT",
	};
	struct world *world = *state;
	const char *first = NULL;
	size_t i;

	subscribe(world);
	for (i = 0; i < COUNT(dates); i++) {
		put_one(world, "tag:example.org,2025:one", LACKS, dates[i]);
		world_set_clock(world_clock() + 3600);
		world_poll(world, GROUP);
		assert_int_equal(world_high(world, GROUP), 1);
		if (!first)
			first = world_header(world, GROUP, 1, "Date");
		assert_string_equal(world_header(world, GROUP, 1, "Date"),
				    first);
	}
	assert_string_equal(first, "Mon, 24 Nov 2025 17:00:00 +0000");
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(five_thousand_at_once),
		TEST(a_flood_keeps_no_other_source_waiting),
		TEST(other_guids_for_the_same_links),
		TEST(other_links_for_the_same_guid),
		TEST(one_guid_for_all),
		TEST(dates_that_are_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
