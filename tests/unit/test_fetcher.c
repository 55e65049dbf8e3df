/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <event2/event.h>
#include <string.h>

#include "unit.h"
#include "fetch_fixture.h"

static void hosts_that_cannot_be_reached(void **state)
{
	struct fixture *fixture = *state;
	struct nw_fetch_request request = {
		.url = "http://no-such-host.invalid/",
	};

	get_request(fixture, &request);
	assert_int_equal(fixture->seen.err.code, NW_ERROR_NETWORK);
	assert_non_null(strstr(fixture->seen.err.text, "name is unknown"));
	request.url = "http://127.0.0.1:1/feed";
	get_request(fixture, &request);
	assert_int_equal(fixture->seen.err.code, NW_ERROR_NETWORK);
	assert_string_equal(fixture->seen.err.text,
			    "http://127.0.0.1:1/feed: the host cannot be "
			    "reached or refuses the connection");
}

static void private_addresses_are_refused(void **state)
{
	static const char *const hosts[] = {
		"127.0.0.1",	 "localhost",  "127.1",	 "2130706433",
		"0x7f000001",	 "0177.0.0.1", "0.0.0.0", "[::1]",
		"[::ffff:127.0.0.1]",
	};
	struct fixture *fixture = *state;
	struct nw_fetch_request request;
	size_t i;

	fixture->policy.allow_private = false;
	for (i = 0; i < COUNT(hosts); i++) {
		request = (struct nw_fetch_request){
			.url = nw_arena_printf(
				fixture->arena, "http://%s:%u/ok", hosts[i],
				httpserver_port(fixture->server)),
		};
		get_request(fixture, &request);
		assert_false(fixture->seen.replied);
		if (fixture->seen.err.code != NW_ERROR_REFUSED ||
		    !strstr(fixture->seen.err.text, "allow-private"))
			fail_msg("%s: %s", hosts[i], fixture->seen.err.text);
	}
	assert_int_equal(httpserver_peak(fixture->server), 0);
}

static void what_is_no_web_address_does_not_start(void **state)
{
	static const char *const urls[] = {
		"file:///etc/passwd", "ftp://127.0.0.1/", "news:a.b", "/ok",
		"", "http://", "gopher://127.0.0.1/", "javascript:1",
	};
	struct fixture *fixture = *state;
	struct nw_fetch_request request = { .url = NULL };
	struct nw_error err;
	size_t i;

	need_fetcher(fixture);
	for (i = 0; i < COUNT(urls); i++) {
		request.url = urls[i];
		if (nw_fetch_start(fixture->fetcher, &request, on_done,
				   fixture, &err) == 0)
			fail_msg("\"%s\"", urls[i]);
		assert_int_equal(err.code, NW_ERROR_USAGE);
	}
	assert_int_equal(nw_fetcher_active(fixture->fetcher), 0);
	assert_int_equal(fixture->seen.calls, 0);
}

static void start_many(struct fixture *fixture, unsigned count)
{
	struct nw_fetch_request request = { .url = at(fixture, "/slowly") };
	struct nw_error err;

	need_fetcher(fixture);
	while (count--)
		assert_int_equal(nw_fetch_start(fixture->fetcher, &request,
						on_done, fixture, &err),
				 0);
}

static void one_host_gets_few_connections(void **state)
{
	struct fixture *fixture = *state;

	fixture->policy.per_host = 2;
	start_many(fixture, 9);
	assert_int_equal(nw_fetcher_active(fixture->fetcher), 9);
	run_until_idle(fixture);
	assert_int_equal(fixture->seen.calls, 9);
	assert_true(fixture->seen.replied);
	assert_int_equal(httpserver_requests(fixture->server), 9);
	assert_int_equal(httpserver_peak(fixture->server), 2);
}

static void unless_told_otherwise_it_gets_one(void **state)
{
	struct fixture *fixture = *state;

	start_many(fixture, 5);
	run_until_idle(fixture);
	assert_int_equal(fixture->seen.calls, 5);
	assert_int_equal(httpserver_peak(fixture->server), 1);
}

static void all_hosts_together_get_no_more_than_parallel(void **state)
{
	struct fixture *fixture = *state;

	fixture->policy.per_host = 9;
	fixture->policy.parallel = 3;
	start_many(fixture, 9);
	run_until_idle(fixture);
	assert_int_equal(fixture->seen.calls, 9);
	assert_int_equal(httpserver_peak(fixture->server), 3);
}

/* Waiting for a place is no part of the transfer's own time. */
static void a_long_queue_does_not_time_out(void **state)
{
	struct fixture *fixture = *state;

	fixture->policy.per_host = 1;
	fixture->policy.total_ms = 150;
	start_many(fixture, 15);
	run_until_idle(fixture);
	assert_int_equal(fixture->seen.calls, 15);
	assert_true(fixture->seen.replied);
}

/* Each of three requests is redirected once. */
static void a_host_is_left_alone_between_two_requests(void **state)
{
	struct fixture *fixture = *state;
	struct nw_fetch_request request = { .url = at(fixture, "/302") };
	int i;

	fixture->policy.pause_ms = 40;
	/* The time in the queue is not the transfer's. */
	fixture->policy.total_ms = 150;
	need_fetcher(fixture);
	for (i = 0; i < 3; i++)
		assert_int_equal(nw_fetch_start(fixture->fetcher, &request,
						on_done, fixture, NULL),
				 0);
	run_until_idle(fixture);
	assert_int_equal(fixture->seen.calls, 3);
	assert_true(fixture->seen.replied);
	assert_int_equal(httpserver_requests(fixture->server), 6);
	assert_int_equal(httpserver_peak(fixture->server), 1);
	assert_true(httpserver_shortest_ms(fixture->server) >= 39);
}

static void a_host_may_ask_for_a_longer_pause(void **state)
{
	struct fixture *fixture = *state;
	struct nw_fetch_request request = { .url = at(fixture, "/ok"),
					    .pause_ms = 60 };

	get_request(fixture, &request);
	request.pause_ms = 0;
	get_request(fixture, &request);
	assert_true(httpserver_shortest_ms(fixture->server) >= 59);
}

static void a_fetcher_that_goes_calls_nobody(void **state)
{
	struct fixture *fixture = *state;

	fixture->policy.per_host = 2;
	start_many(fixture, 5);
	while (httpserver_requests(fixture->server) < 2)
		assert_int_equal(event_base_loop(fixture->base, EVLOOP_ONCE),
				 0);
	nw_fetcher_free(&fixture->fetcher);
	assert_null(fixture->fetcher);
	(void)event_base_loop(fixture->base, EVLOOP_NONBLOCK);
	assert_int_equal(fixture->seen.calls, 0);
}

/* Starts the same again from within the callback. */
static void again(const struct nw_fetch_reply *reply,
		  const struct nw_error *err, void *context)
{
	struct fixture *fixture = context;

	(void)err;
	assert_non_null(reply);
	if (++fixture->seen.calls < 4) {
		struct nw_fetch_request request = { .url = reply->url };

		assert_int_equal(nw_fetch_start(fixture->fetcher, &request,
						again, fixture, NULL),
				 0);
	}
}

static void a_callback_may_start_more(void **state)
{
	struct fixture *fixture = *state;
	struct nw_fetch_request request = { .url = at(fixture, "/ok") };

	need_fetcher(fixture);
	assert_int_equal(nw_fetch_start(fixture->fetcher, &request, again,
					fixture, NULL),
			 0);
	run_until_idle(fixture);
	assert_int_equal(fixture->seen.calls, 4);
}

/* The server lives on another base here, so waiting can only fail: which is
 * what is looked at, beside the one call. */
static void waiting_calls_once(void **state)
{
	struct fixture *fixture = *state;
	struct nw_fetch_request request = { .url = "http://127.0.0.1:1/" };
	struct nw_error err;

	assert_int_equal(nw_fetch_wait(&fixture->policy, &request, on_done,
				       fixture, &err),
			 -1);
	assert_int_equal(fixture->seen.calls, 1);
	assert_string_equal(err.text, fixture->seen.err.text);
	request.url = "nonsense";
	assert_int_equal(nw_fetch_wait(&fixture->policy, &request, on_done,
				       fixture, &err),
			 -1);
	assert_int_equal(fixture->seen.calls, 2);
	assert_int_equal(err.code, NW_ERROR_USAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hosts_that_cannot_be_reached),
		TEST(private_addresses_are_refused),
		TEST(what_is_no_web_address_does_not_start),
		TEST(one_host_gets_few_connections),
		TEST(unless_told_otherwise_it_gets_one),
		TEST(a_host_is_left_alone_between_two_requests),
		TEST(a_host_may_ask_for_a_longer_pause),
		TEST(all_hosts_together_get_no_more_than_parallel),
		TEST(a_long_queue_does_not_time_out),
		TEST(a_fetcher_that_goes_calls_nobody),
		TEST(a_callback_may_start_more),
		TEST(waiting_calls_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
