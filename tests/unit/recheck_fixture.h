/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page of an item, and the polls that read it again.
 */
#ifndef NEWSWIRE_TESTS_RECHECK_FIXTURE_H
#define NEWSWIRE_TESTS_RECHECK_FIXTURE_H

#include "unit.h"
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
static inline struct document *begin(struct world *world, const char *page)
{
	struct document *document = world_put(world, "/1.html", 200, page);

	document->etag = "\"p1\"";
	world_put_feed(world, FEED(FRESH("1", "A teaser.")));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	return document;
}

static inline int64_t waiting(struct world *world, int64_t *due_utc_r)
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
static inline int64_t go_on(struct world *world)
{
	int64_t before = world_clock(), due_utc;

	assert_true(waiting(world, &due_utc) > 0);
	world_set_clock(due_utc);
	world_poll_due(world, GROUP);
	return due_utc - before;
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)

#endif
