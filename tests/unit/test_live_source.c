/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A live page as a source, poll by poll, as its group shows it.
 */
#include "config.h"

#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "pipeline_world.h"

#define GROUP "org.example.live"

/* 2025-11-24 16:00 UTC is the world's clock. */
#define UPDATE(n, minute, text)                                               \
	"<div id=\"u77" n "\" data-sort-time=\"17639964" minute "\"><p>" text \
	"</p></div>\n"
#define PAGE(body, updates)                                                   \
	"<!DOCTYPE html><html amp lang=\"en\"><head><title>The storm</title>" \
	"</head><body><h1>The storm</h1><p>" body " It is told on this page " \
	"as long as it goes on, with all that happens on the coast.</p>"      \
	"<p>The coast guard, the harbour master and the council of the town " \
	"say what they know, and so do those who are out there.</p>"          \
	"<amp-live-list id=\"l\"><div items>\n" updates "</div>"              \
	"</amp-live-list></body></html>"

static void subscribe(struct world *world, enum nw_edits edits)
{
	struct nw_source source = {
		.url = world_text(world, "@BASE@/live"),
		.kind = NW_SOURCE_LIVE,
		.name = "Live",
		.group = GROUP,
		.edits = edits,
		.schedule = {
			.due_utc = world_clock(),
			.ok_utc = NW_TIME_NONE,
			.changed_utc = NW_TIME_NONE,
		},
	};
	struct nw_error err;

	if (nw_source_add(world->store, &source, world_clock(), &err) < 0)
		fail_msg("%s", err.text);
}

static void poll_later(struct world *world, int64_t seconds)
{
	world_set_clock(world_clock() + seconds);
	world_poll(world, GROUP);
}

static void assert_header(struct world *world, int64_t number, const char *name,
			  const char *first, const char *second)
{
	const char *value = world_header(world, GROUP, number, name);

	assert_non_null(value);
	assert_string_equal(value,
			    second ? nw_arena_printf(world->arena, "%s %s",
						     first, second)
				   : first);
}

/* Followers name the first root first, so a client that holds the old one, or
 * the new one, or both, has one thread. */
static void thread_stays_whole_when_its_root_is_superseded(void **state)
{
	struct world *world = *state;
	const char *root, *newer, *newest, *edited;

	world_put(world, "/live", 200,
		  PAGE("The storm is near.", UPDATE("1", "10", "Wind.")));
	subscribe(world, NW_EDITS_SUPERSEDE);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 2);
	root = world_header(world, GROUP, 1, "Message-ID");
	assert_header(world, 2, "References", root, NULL);
	/* another root, and an update with it */
	world_put(world, "/live", 200,
		  PAGE("The storm has come.",
		       UPDATE("2", "20", "Rain.") UPDATE("1", "10", "Wind.")));
	poll_later(world, 3600);
	assert_int_equal(world_high(world, GROUP), 4);
	newer = world_header(world, GROUP, 3, "Message-ID");
	assert_header(world, 3, "Supersedes", root, NULL);
	assert_header(world, 3, "References", root, NULL);
	assert_header(world, 4, "References", root, newer);
	assert_null(world_article(world, GROUP, 1));
	assert_header(world, 2, "References", root, NULL);
	/* an update that was posted before it, edited */
	world_put(world, "/live", 200,
		  PAGE("The storm has come.",
		       UPDATE("2", "20", "Rain.")
			       UPDATE("1", "10", "Wind of 90 knots.")));
	poll_later(world, 3600);
	assert_int_equal(world_high(world, GROUP), 5);
	edited = world_header(world, GROUP, 5, "Message-ID");
	assert_header(world, 5, "References", root, newer);
	assert_null(world_article(world, GROUP, 2));
	/* and the root once more */
	world_put(world, "/live", 200,
		  PAGE("The storm is over.",
		       UPDATE("3", "30", "Sun.") UPDATE("2", "20", "Rain.")
			       UPDATE("1", "10", "Wind of 90 knots.")));
	poll_later(world, 3600);
	newest = world_header(world, GROUP, 6, "Message-ID");
	assert_header(world, 6, "Supersedes", newer, NULL);
	assert_header(world, 6, "References", root, NULL);
	assert_header(world, 7, "References", root, newest);
	assert_header(world, 5, "Message-ID", edited, NULL);
	assert_int_equal(world_count(world, GROUP), 4);
}

static void same_bytes_are_not_read_again(void **state)
{
	static const char page[] =
		PAGE("The storm is near.", UPDATE("1", "10", "Wind."));
	struct world *world = *state;
	struct nw_stored_item item, again;
	struct nw_error err;
	int64_t id;

	world_put(world, "/live", 200, page);
	subscribe(world, NW_EDITS_FOLLOW_UP);
	world_poll(world, GROUP);
	id = world_source(world, GROUP).id;
	assert_int_equal(nw_store_item(world->store, world->arena, id, "page",
				       &item, &err),
			 1);
	poll_later(world, 60);
	assert_int_equal(nw_store_item(world->store, world->arena, id, "page",
				       &again, &err),
			 1);
	assert_true(item.read_utc == again.read_utc);
	assert_int_equal(world_high(world, GROUP), 2);
	/* another version may see more in them */
	world_start(world, "another");
	poll_later(world, 60);
	assert_int_equal(nw_store_item(world->store, world->arena, id, "page",
				       &again, &err),
			 1);
	assert_true(item.read_utc < again.read_utc);
	assert_int_equal(world_high(world, GROUP), 2);
}

/* Its last poll within the pause must not be its last: neither the same bytes
 * nor a 304 keep the edit back. */
static void edit_that_waits_is_not_lost(void **state)
{
	struct world *world = *state;
	struct document *page;

	page = world_put(world, "/live", 200,
			 PAGE("The storm is near.",
			      UPDATE("1", "10", "One boat.")));
	page->etag = "\"1\"";
	world->config.update_pause_s = NW_UPDATE_PAUSE_S;
	subscribe(world, NW_EDITS_FOLLOW_UP);
	world_poll(world, GROUP);
	poll_later(world, 60);
	assert_int_equal(page->not_modified, 1);
	page = world_put(world, "/live", 200,
			 PAGE("The storm is near.",
			      UPDATE("1", "10", "Two boats.")));
	page->etag = "\"2\"";
	poll_later(world, 60);
	assert_int_equal(world_high(world, GROUP), 2);
	poll_later(world, 60);
	assert_int_equal(world_high(world, GROUP), 2);
	poll_later(world, NW_UPDATE_PAUSE_S);
	assert_int_equal(page->not_modified, 0);
	assert_int_equal(world_high(world, GROUP), 3);
	assert_has(world_article(world, GROUP, 3), "Two boats.");
	assert_has(world_article(world, GROUP, 3), "Updated 16:13 UTC");
	assert_null(world_article(world, GROUP, 2));
	/* then all is as it was */
	poll_later(world, 60);
	assert_int_equal(page->not_modified, 1);
	assert_int_equal(world_high(world, GROUP), 3);
}

static void absence_is_seen_in_a_page_that_stays_as_it_is(void **state)
{
	struct world *world = *state;
	struct document *page;

	world_put(world, "/live", 200,
		  PAGE("The storm is near.",
		       UPDATE("3", "30", "Sun.") UPDATE("2", "20", "Rain.")
			       UPDATE("1", "10", "Wind.")));
	subscribe(world, NW_EDITS_FOLLOW_UP);
	world_poll(world, GROUP);
	page = world_put(world, "/live", 200,
			 PAGE("The storm is near.",
			      UPDATE("3", "30", "Sun.")
				      UPDATE("1", "10", "Wind.")));
	page->etag = "\"2\"";
	poll_later(world, 60);
	assert_int_equal(world_count(world, GROUP), 4);
	poll_later(world, 60);
	assert_int_equal(world_count(world, GROUP), 3);
	assert_null(world_article(world, GROUP, 3));
	poll_later(world, 60);
	assert_int_equal(page->not_modified, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
		TEST(thread_stays_whole_when_its_root_is_superseded),
		TEST(same_bytes_are_not_read_again),
		TEST(edit_that_waits_is_not_lost),
		TEST(absence_is_seen_in_a_page_that_stays_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
