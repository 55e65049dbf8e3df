/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When sources are polled, and what becomes of those that fail.
 */
#include "config.h"

#include <event2/event.h>
#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "pipeline_world.h"

#define EMPTY \
	"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>" \
	"<title>T</title><link>@BASE@/</link><description>d</description>" \
	"<item><title>One</title><guid isPermaLink=\"false\">1</guid>" \
	"<description>A text.</description></item></channel></rss>"

/* One line: the source, the reason, and what comes next. */
static void assert_logged(struct world *world, const char *why,
			  const char *next)
{
	const char *log = world_log(world);
	const char *line = nw_arena_printf(
		world->arena, "fetch: %s: %s, %s",
		world_text(world, "@BASE@/feed"), why, next);

	if (strncmp(log, line, strlen(line)) != 0 ||
	    strchr(log, '\n') != log + strlen(log) - 1)
		fail_msg("not \"%s\" but \"%s\"", line, log);
}

static void failures_are_kept(void **state)
{
	static const struct {
		int status;
		const char *headers, *body, *why;
		int64_t least_s;
		bool paused;
	} cases[] = {
		{ 404, NULL, "", "nothing at this address (404)", 7200,
		  false },
		{ 500, NULL, "", "status 500", 7200, false },
		{ 200, NULL, "<html><body><p>No feed.</body></html>", "", 7200,
		  false },
		{ 200, NULL, "", "", 7200, false },
		{ 429, "Retry-After: 50000\r\n", "", "fewer requests", 50000,
		  false },
		{ 503, "Retry-After: 50000\r\n", "", "overloaded", 50000,
		  false },
		{ 302, "Location: /feed\r\n", "", "redirects", 7200, false },
		{ 410, NULL, "", "ended it for good (410)", 0, true },
	};
	struct world *world = *state;
	struct document *feed;
	struct nw_source source;
	int64_t pause;
	size_t i;

	feed = world_put(world, "/feed", 200, EMPTY);
	feed->etag = "\"1\"";
	world_subscribe(world, "/feed", NW_SOURCE_FEED, "org.example");
	for (i = 0; i < COUNT(cases); i++) {
		world_put(world, "/feed", 200, EMPTY)->etag = "\"1\"";
		world_poll(world, "org.example");
		source = world_source(world, "org.example");
		assert_null(source.error);
		assert_int_equal(source.schedule.failures, 0);
		feed = world_put(world, "/feed", cases[i].status,
				 cases[i].body);
		feed->headers = cases[i].headers;
		(void)world_log(world);
		world_poll(world, "org.example");
		source = world_source(world, "org.example");
		pause = source.schedule.due_utc - world_clock();
		assert_non_null(source.error);
		if (!strstr(source.error, cases[i].why) ||
		    strstr(source.error, "http://127.0.0.1") ==
			    source.error ||
		    source.schedule.paused != cases[i].paused ||
		    source.schedule.failures != 1 ||
		    pause < cases[i].least_s - cases[i].least_s / 10)
			fail_msg("case %zu: %s, %lld s", i, source.error,
				 (long long)pause);
		assert_logged(world, source.error,
			      cases[i].paused ? "it is not polled any more\n"
					      : "next try in ");
		/* They are good for the next time that it works. */
		assert_string_equal(source.etag, "\"1\"");
	}
	/* The last one is an article. */
	assert_int_equal(world_high(world, "org.example"), 2);
}

static void fail_often(struct world *world, int times)
{
	while (times--) {
		world_set_clock(world_clock() + 60);
		world_poll(world, "org.example");
	}
}

static void a_source_that_fails_says_so_once(void **state)
{
	struct world *world = *state;
	const char *first;

	world_put(world, "/feed", 200, EMPTY);
	world_subscribe(world, "/feed", NW_SOURCE_FEED, "org.example");
	world_poll(world, "org.example");
	world_put(world, "/feed", 404, "");
	fail_often(world, NW_POLL_TROUBLE - 1);
	assert_int_equal(world_high(world, "org.example"), 1);
	fail_often(world, NW_POLL_TROUBLE + 2);
	assert_int_equal(world_high(world, "org.example"), 2);
	assert_string_equal(world_header(world, "org.example", 2, "Subject"),
			    "Test cannot be read");
	assert_has(world_header(world, "org.example", 2, "From"),
		   "newswire <newswire@");
	first = world_flowed(world, "org.example", 2);
	assert_has(first, "since Mon, 24 Nov 2025 16:00:00 +0000");
	assert_has(first, "The reason: there is nothing at this address (404).");
	assert_has(first, "The next attempt is due on ");
	assert_has(first, "newswire unsubscribe org.example\r\n");
	assert_has(first, world_text(world, "@BASE@/feed"));
	/* It comes back, and that is the end of it. */
	world_put(world, "/feed", 200, EMPTY);
	fail_often(world, 1);
	assert_int_equal(world_high(world, "org.example"), 2);
	/* The next time it is another trouble. */
	world_put(world, "/feed", 500, "");
	fail_often(world, 2 * NW_POLL_TROUBLE);
	assert_int_equal(world_high(world, "org.example"), 3);
	assert_has(world_flowed(world, "org.example", 3), "status 500");
	assert_string_not_equal(world_header(world, "org.example", 2,
					     "Message-ID"),
				world_header(world, "org.example", 3,
					     "Message-ID"));
}

static void a_source_that_never_worked_says_so(void **state)
{
	struct world *world = *state;

	world_put(world, "/feed", 200, "no feed at all");
	world_subscribe(world, "/feed", NW_SOURCE_FEED, "org.example");
	fail_often(world, NW_POLL_TROUBLE);
	assert_int_equal(world_high(world, "org.example"), 1);
	assert_has(world_flowed(world, "org.example", 1), "never could");
}

static void a_source_that_ended_says_so_at_once(void **state)
{
	struct world *world = *state;

	world_put(world, "/feed", 410, "");
	world_subscribe(world, "/feed", NW_SOURCE_FEED, "org.example");
	fail_often(world, 2);
	assert_int_equal(world_high(world, "org.example"), 1);
	assert_has(world_flowed(world, "org.example", 1),
		   "It is not polled any more.");
}

/* Nobody answers, and of no other host it is known that it would. */
static void a_network_that_is_down_is_no_trouble_of_a_source(void **state)
{
	struct world *world = *state;
	struct nw_source other;

	world_subscribe(world, "/feed", NW_SOURCE_FEED, "org.example");
	world_subscribe(world, "/feed?2", NW_SOURCE_FEED, "org.example.other");
	other = world_source(world, "org.example");
	other.url = "http://127.0.0.2:1/feed";
	assert_int_equal(nw_source_update(world->store, &other, NULL), 0);
	fail_often(world, NW_POLL_TROUBLE + 1);
	assert_int_equal(world_high(world, "org.example"), 0);
	/* Another one is read: it is the source after all. */
	world_put(world, "/feed", 200, EMPTY);
	world_poll(world, "org.example.other");
	fail_often(world, 2);
	assert_int_equal(world_high(world, "org.example"), 1);
	assert_has(world_flowed(world, "org.example", 1),
		   "the host cannot be reached");
}

/* There is no other host that could tell. */
static void a_single_host_that_is_down_is_told(void **state)
{
	struct world *world = *state;
	struct nw_source source;

	world_subscribe(world, "/feed", NW_SOURCE_FEED, "org.example");
	source = world_source(world, "org.example");
	source.url = "http://127.0.0.1:1/feed";
	assert_int_equal(nw_source_update(world->store, &source, NULL), 0);
	world_subscribe(world, "/feed", NW_SOURCE_FEED, "org.example.other");
	fail_often(world, NW_POLL_TROUBLE);
	assert_int_equal(world_high(world, "org.example"), 1);
}

/* The article is stored, but that it was is forgotten. */
static void a_power_cut_makes_no_second_one(void **state)
{
	struct world *world = *state;
	struct nw_source before;

	world_put(world, "/feed", 404, "");
	world_subscribe(world, "/feed", NW_SOURCE_FEED, "org.example");
	fail_often(world, NW_POLL_TROUBLE - 1);
	before = world_source(world, "org.example");
	fail_often(world, 1);
	assert_int_equal(nw_source_update(world->store, &before, NULL), 0);
	fail_often(world, 1);
	assert_int_equal(world_source(world, "org.example").schedule.failures,
			 NW_POLL_TROUBLE);
	assert_int_equal(world_high(world, "org.example"), 1);
}

static void a_permanent_redirect_needs_two_polls(void **state)
{
	struct world *world = *state;
	struct document *old;
	struct nw_source source;

	old = world_put(world, "/old", 301, "");
	old->headers = "Location: /new\r\n";
	world_put(world, "/new", 200, EMPTY)->etag = "\"1\"";
	world_put(world, "/other", 200, EMPTY)->etag = "\"1\"";
	world_subscribe(world, "/old", NW_SOURCE_FEED, "org.example");
	world_poll(world, "org.example");
	source = world_source(world, "org.example");
	assert_string_equal(source.url, world_text(world, "@BASE@/old"));
	assert_string_equal(source.moved_url, world_text(world, "@BASE@/new"));
	/* Another way in between: counted from the start. */
	old->headers = "Location: /other\r\n";
	world_poll(world, "org.example");
	assert_int_equal(world_source(world, "org.example").moved_count, 1);
	old->status = 302;
	world_poll(world, "org.example");
	source = world_source(world, "org.example");
	assert_null(source.moved_url);
	assert_int_equal(source.moved_count, 0);
	old->status = 308;
	world_poll(world, "org.example");
	assert_string_equal(world_source(world, "org.example").url,
			    world_text(world, "@BASE@/old"));
	world_poll(world, "org.example");
	source = world_source(world, "org.example");
	assert_string_equal(source.url, world_text(world, "@BASE@/other"));
	assert_null(source.moved_url);
	assert_string_equal(source.group, "org.example");
	assert_int_equal(old->hits, 5);
	world_poll(world, "org.example");
	assert_int_equal(old->hits, 5);
	assert_int_equal(world_high(world, "org.example"), 1);
}

static void a_failure_confirms_no_redirect(void **state)
{
	struct world *world = *state;

	world_put(world, "/old", 301, "")->headers = "Location: /new\r\n";
	world_put(world, "/new", 404, "");
	world_subscribe(world, "/old", NW_SOURCE_FEED, "org.example");
	world_poll(world, "org.example");
	world_poll(world, "org.example");
	world_poll(world, "org.example");
	assert_string_equal(world_source(world, "org.example").url,
			    world_text(world, "@BASE@/old"));
}

#define DATED(hour) \
	"<item><title>At " hour "</title><guid isPermaLink=\"false\">" hour \
	"</guid><pubDate>Mon, 24 Nov 2025 " hour ":00:00 GMT</pubDate>" \
	"<description>A text.</description></item>"
#define DAY_OF(channel) \
	"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>" \
	"<title>T</title><link>@BASE@/</link><description>d</description>" \
	channel DATED("14") DATED("10") DATED("04") "</channel></rss>"

/* It is 16:00: an item every four hours, so a poll every two. */
static void a_feed_is_polled_by_its_own_rhythm(void **state)
{
	struct world *world = *state;
	struct document *feed;
	struct nw_source source;

	feed = world_put(world, "/feed", 200, DAY_OF(""));
	feed->etag = "\"1\"";
	world_subscribe(world, "/feed", NW_SOURCE_FEED, "org.example");
	world_poll(world, "org.example");
	source = world_source(world, "org.example");
	assert_true(source.schedule.rhythm.gap_s == 4 * 3600);
	assert_true(source.schedule.interval_s == 2 * 3600);
	world_put(world, "/feed", 200, DAY_OF("<ttl>180</ttl>"))->etag =
		"\"2\"";
	world_poll(world, "org.example");
	assert_true(world_source(world, "org.example").schedule.interval_s ==
		    3 * 3600);
	/* Which is remembered when the feed does not come again. */
	world_poll(world, "org.example");
	assert_int_equal(feed->not_modified, 1);
	assert_true(world_source(world, "org.example").schedule.interval_s ==
		    3 * 3600);
}

static const char *group_of(struct world *world, int n)
{
	return nw_arena_printf(world->arena, "org.example.g%d", n);
}

static void subscribe_many(struct world *world, int from, int to)
{
	int n;

	for (n = from; n < to; n++)
		world_subscribe(world,
				nw_arena_printf(world->arena, "/feed?%d", n),
				NW_SOURCE_FEED, group_of(world, n));
}

static void run_until(struct world *world, unsigned sources)
{
	while (nw_pipeline_stats(world->pipeline)->sources < sources)
		assert_int_equal(event_base_loop(world->base, EVLOOP_ONCE), 0);
}

/* More than fit at once, one that fails among them. */
static void all_that_is_due_is_polled(void **state)
{
	struct world *world = *state;
	int many = NW_POLL_VISITS + 8, n;

	world_put(world, "/feed", 200, EMPTY);
	subscribe_many(world, 0, many);
	world_subscribe(world, "/none", NW_SOURCE_FEED, "org.example.none");
	world_set_clock(world_clock() - 10);
	world_subscribe(world, "/feed?late", NW_SOURCE_FEED, "org.example.x");
	assert_int_equal(nw_pipeline_run(world->pipeline, NULL), 0);
	run_until(world, 1);
	assert_int_equal(world_count(world, "org.example.x"), 1);
	assert_int_equal(world_count(world, "org.example.g1"), 0);
	world_set_clock(world_clock() + 10);
	run_until(world, (unsigned)many + 2);
	for (n = 0; n < many; n++)
		assert_int_equal(world_count(world, group_of(world, n)), 1);
	assert_int_equal(nw_pipeline_stats(world->pipeline)->failed, 1);
	assert_int_equal(nw_pipeline_active(world->pipeline), 0);
}

/* The last one of many, by another name of the same server. */
static void a_busy_host_keeps_no_other_waiting(void **state)
{
	struct world *world = *state;
	struct nw_source source;
	unsigned before;
	int many = NW_POLL_VISITS + 8, n;

	world_put(world, "/feed", 200, EMPTY);
	subscribe_many(world, 0, many);
	world_subscribe(world, "/feed", NW_SOURCE_FEED, "org.example.x");
	source = world_source(world, "org.example.x");
	source.url = nw_arena_printf(world->arena, "http://localhost:%u/feed",
				     httpserver_port(world->server));
	assert_int_equal(nw_source_update(world->store, &source, NULL), 0);
	for (n = 0; n < many; n++) {
		struct nw_source one = world_source(world, group_of(world, n));

		assert_int_equal(nw_pipeline_poll(world->pipeline, &one, NULL),
				 0);
	}
	assert_int_equal(nw_pipeline_poll(world->pipeline, &source, NULL), 0);
	while (!world_count(world, "org.example.x"))
		assert_int_equal(event_base_loop(world->base, EVLOOP_ONCE), 0);
	before = nw_pipeline_stats(world->pipeline)->sources;
	assert_true(before < 3 * NW_POLL_HOST_VISITS);
	run_until(world, (unsigned)many + 1);
}

static void a_new_source_is_noticed(void **state)
{
	struct world *world = *state;

	world_put(world, "/feed", 200, EMPTY);
	assert_int_equal(nw_pipeline_run(world->pipeline, NULL), 0);
	(void)event_base_loop(world->base, EVLOOP_ONCE);
	assert_int_equal(nw_pipeline_stats(world->pipeline)->sources, 0);
	subscribe_many(world, 0, 1);
	run_until(world, 1);
	assert_int_equal(world_count(world, group_of(world, 0)), 1);
}

static void a_source_asked_for_twice_is_polled_once(void **state)
{
	struct world *world = *state;
	struct nw_source source;

	world_put(world, "/feed", 200, EMPTY);
	subscribe_many(world, 0, 1);
	source = world_source(world, group_of(world, 0));
	assert_int_equal(nw_pipeline_poll(world->pipeline, &source, NULL), 0);
	world_poll(world, group_of(world, 0));
	assert_int_equal(world_count(world, group_of(world, 0)), 1);
	assert_int_equal(nw_pipeline_stats(world->pipeline)->sources, 1);
	assert_int_equal(httpserver_requests(world->server), 1);
}

static void a_source_that_went_meanwhile_is_let_go(void **state)
{
	struct world *world = *state;
	struct nw_source source;

	world_put(world, "/feed", 200, EMPTY);
	subscribe_many(world, 0, 1);
	source = world_source(world, group_of(world, 0));
	assert_int_equal(nw_pipeline_poll(world->pipeline, &source, NULL), 0);
	while (!httpserver_requests(world->server))
		assert_int_equal(event_base_loop(world->base, EVLOOP_ONCE), 0);
	assert_int_equal(nw_source_remove(world->store, source.id, NULL), 0);
	while (nw_pipeline_active(world->pipeline))
		assert_int_equal(event_base_loop(world->base, EVLOOP_ONCE), 0);
	assert_int_equal(world_count(world, group_of(world, 0)), 0);
	assert_string_equal(world_log(world), "");
}

static void an_address_that_cannot_be_fetched_is_a_failure(void **state)
{
	struct world *world = *state;
	struct nw_source source;

	world_subscribe(world, "/feed", NW_SOURCE_FEED, "org.example");
	source = world_source(world, "org.example");
	source.url = "gopher://example.org/";
	assert_int_equal(nw_source_update(world->store, &source, NULL), 0);
	world_poll(world, "org.example");
	assert_non_null(strstr(world_source(world, "org.example").error,
			       "no web address"));
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(failures_are_kept),
		TEST(a_source_that_fails_says_so_once),
		TEST(a_source_that_never_worked_says_so),
		TEST(a_source_that_ended_says_so_at_once),
		TEST(a_network_that_is_down_is_no_trouble_of_a_source),
		TEST(a_single_host_that_is_down_is_told),
		TEST(a_power_cut_makes_no_second_one),
		TEST(a_permanent_redirect_needs_two_polls),
		TEST(a_failure_confirms_no_redirect),
		TEST(a_feed_is_polled_by_its_own_rhythm),
		TEST(all_that_is_due_is_polled),
		TEST(a_busy_host_keeps_no_other_waiting),
		TEST(a_new_source_is_noticed),
		TEST(a_source_asked_for_twice_is_polled_once),
		TEST(a_source_that_went_meanwhile_is_let_go),
		TEST(an_address_that_cannot_be_fetched_is_a_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
