/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages that a site's robots.txt keeps from us.
 */
#include "config.h"

#include <event2/event.h>
#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "pipeline_texts.h"
#include "pipeline_world.h"

#define GROUP "org.example.news"


/* The robots.txt, which forbids the feed as well: but that one somebody
 * subscribed to. */
static struct document *put_site(struct world *world, int status,
				 const char *robots)
{
	world_put(world, "/feed", 200, FEED(ITEM_2 ITEM_1));
	world_put(world, "/1.html", 200, PAGE("Story 1", "Words of one."));
	world_put(world, "/2.html", 200, PAGE("Story 2", "Words of two."));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	return world_put(world, "/robots.txt", status, robots);
}

static void a_page_that_is_forbidden_is_not_read(void **state)
{
	struct world *world = *state;
	struct document *robots, *page;

	robots = put_site(world, 200,
			  "User-agent: *\nDisallow: /\n\n"
			  "User-agent: newswire-test\nDisallow: /feed\n"
			  "Disallow: /1.html\n");
	page = world_put(world, "/1.html", 200, PAGE("Story 1", "Words."));
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 2);
	assert_has(world_article(world, GROUP, 1), "The first teaser.");
	assert_has(world_article(world, GROUP, 2), "Words of two.");
	assert_int_equal(page->hits, 0);
	assert_int_equal(robots->hits, 1);
	assert_string_equal(world_log(world),
			    world_text(world,
				       "page: @BASE@/1.html: its robots.txt "
				       "does not allow to read it, the feed's "
				       "own words are used\n"
				       "fetch: org.example.news: 2 new "
				       "articles\n"));
	/* And that is that: nothing is tried again. */
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 2);
	assert_int_equal(robots->hits, 1);
}

/* By itself, or by another name of the same server, which is another site. */
static void nor_one_that_a_redirect_leads_to(void **state)
{
	struct world *world = *state;
	struct document *robots, *page;

	robots = put_site(world, 200, "User-agent: *\nDisallow: /private/\n");
	page = world_put(world, "/private/x.html", 200, PAGE("X", "Words."));
	world_put(world, "/1.html", 302, "")->headers =
		"Location: /private/x.html\r\n";
	world_put(world, "/2.html", 301, "")->headers =
		nw_arena_printf(world->arena,
				"Location: http://localhost:%u/3.html\r\n",
				httpserver_port(world->server));
	world_put(world, "/3.html", 200, PAGE("Story 3", "Words of three."));
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 2);
	assert_has(world_article(world, GROUP, 1), "The first teaser.");
	assert_has(world_article(world, GROUP, 2), "Words of three.");
	assert_int_equal(page->hits, 0);
	assert_int_equal(robots->hits, 2);
}

static void redirects_come_to_an_end(void **state)
{
	struct world *world = *state;
	struct document *page;

	put_site(world, 404, "");
	page = world_put(world, "/1.html", 302, "");
	page->headers = "Location: /1.html\r\n";
	world_poll(world, GROUP);
	assert_int_equal(page->hits, NW_FETCH_REDIRECTS + 1);
	assert_has(world_article(world, GROUP, 1), "The first teaser.");
	assert_has(world_log(world), "status 302, the feed's own words");
}

static void a_site_says_so_once_a_poll(void **state)
{
	struct world *world = *state;
	const char *log;

	put_site(world, 200, "User-agent: *\nDisallow: /\n");
	world_poll(world, GROUP);
	log = world_log(world);
	assert_has(log, "robots.txt");
	assert_null(strstr(strstr(log, "robots.txt") + 1, "robots.txt"));
}

static void what_is_not_there_forbids_nothing(void **state)
{
	static const int statuses[] = { 404, 403, 401, 410, 200 };
	struct world *world = *state;
	size_t i;

	for (i = 0; i < COUNT(statuses); i++) {
		world_teardown(state);
		world_setup(state);
		world = *state;
		put_site(world, statuses[i], "<html>Disallow: /</html>");
		world_poll(world, GROUP);
		assert_has(world_article(world, GROUP, 1), "Words of one.");
	}
}

/* The stories wait for it, but not for ever. */
static void what_cannot_be_had_forbids_for_now(void **state)
{
	static const int statuses[] = { 500, 503, 429 };
	struct world *world = *state;
	struct document *robots;
	size_t i;

	for (i = 0; i < COUNT(statuses); i++) {
		world_teardown(state);
		world_setup(state);
		world = *state;
		robots = put_site(world, statuses[i], "");
		world_poll(world, GROUP);
		assert_int_equal(world_high(world, GROUP), 0);
		assert_has(world_log(world),
			   nw_arena_printf(world->arena,
					   "/robots.txt: the server answered "
					   "with status %d, the story waits "
					   "for the next poll",
					   statuses[i]));
		/* Asked for again in a while, and then the pages come. */
		world_poll(world, GROUP);
		assert_int_equal(robots->hits, 1);
		assert_int_equal(world_high(world, GROUP), 0);
		if (i == 0) {
			world_poll(world, GROUP);
			assert_has(world_article(world, GROUP, 1),
				   "The first teaser.");
			continue;
		}
		robots->status = 404;
		world_set_clock(world_clock() + NW_ROBOTS_RETRY_S);
		world_poll(world, GROUP);
		assert_int_equal(robots->hits, 2);
		assert_int_equal(world_high(world, GROUP), 2);
		assert_has(world_article(world, GROUP, 1), "Words of one.");
	}
}

static void it_is_believed_for_a_day(void **state)
{
	struct world *world = *state;
	struct document *robots;

	robots = put_site(world, 200, "User-agent: *\nDisallow: /1.html\n");
	world_poll(world, GROUP);
	assert_int_equal(robots->hits, 1);
	world_put(world, "/feed", 200, FEED(ITEM("2", "22", "Another.")));
	world_set_clock(world_clock() + NW_ROBOTS_KEPT_S - 1);
	world_poll(world, GROUP);
	assert_int_equal(robots->hits, 1);
	world_put(world, "/feed", 200, FEED(ITEM("1", "23", "Another.")));
	robots = world_put(world, "/robots.txt", 200, "");
	world_set_clock(world_clock() + 1);
	world_poll(world, GROUP);
	assert_int_equal(robots->hits, 1);
	assert_has(world_article(world, GROUP, world_high(world, GROUP)),
		   "Words of one.");
}

static void a_crawl_delay_is_kept(void **state)
{
	struct world *world = *state;

	put_site(world, 200, "User-agent: *\nCrawl-delay: 1\n");
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 2);
	assert_int_equal(httpserver_requests(world->server), 4);
	assert_true(httpserver_longest_ms(world->server) >= 999);
}

/* Whoever waits for it is gone when the answer comes. */
static void a_pipeline_that_goes_asks_no_more(void **state)
{
	struct world *world = *state;
	struct nw_source source;

	put_site(world, 200, "");
	source = world_source(world, GROUP);
	assert_int_equal(nw_pipeline_poll(world->pipeline, &source, NULL), 0);
	while (httpserver_requests(world->server) < 2)
		assert_int_equal(event_base_loop(world->base, EVLOOP_ONCE), 0);
	nw_pipeline_free(&world->pipeline);
	(void)event_base_loop(world->base, EVLOOP_NONBLOCK);
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_page_that_is_forbidden_is_not_read),
		TEST(nor_one_that_a_redirect_leads_to),
		TEST(redirects_come_to_an_end),
		TEST(a_site_says_so_once_a_poll),
		TEST(what_is_not_there_forbids_nothing),
		TEST(what_cannot_be_had_forbids_for_now),
		TEST(it_is_believed_for_a_day),
		TEST(a_crawl_delay_is_kept),
		TEST(a_pipeline_that_goes_asks_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
