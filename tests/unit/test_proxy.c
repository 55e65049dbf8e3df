/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The test's web server as a proxy: what it is asked for, and what not.
 */
#include "config.h"

#include <event2/event.h>
#include <string.h>

#include "unit.h"
#include "fetch_fixture.h"

/* Loopback, which no policy without allow_private would connect to. */
static void use_proxy(struct fixture *fixture)
{
	fixture->policy.allow_private = false;
	fixture->policy.proxy = at(fixture, "");
}

static void a_proxy_is_asked_for_the_whole_address(void **state)
{
	struct fixture *fixture = *state;
	struct nw_fetch_request request = {
		.url = "http://news.example/ok?q=1",
	};

	use_proxy(fixture);
	get_request(fixture, &request);
	assert_int_equal(httpserver_requests(fixture->server), 1);
	assert_non_null(strstr(httpserver_last(fixture->server),
			       "GET http://news.example/ok?q=1 HTTP/1.1\r\n"
			       "Host: news.example\r\n"));
}

/* Several hosts at once, though they all go through one. */
static void a_proxy_is_not_the_host_that_is_spared(void **state)
{
	struct fixture *fixture = *state;
	struct nw_fetch_request request = { .url = NULL };
	int i;

	use_proxy(fixture);
	fixture->policy.pause_ms = 60000;
	need_fetcher(fixture);
	for (i = 0; i < 4; i++) {
		request.url = nw_arena_printf(fixture->arena,
					      "http://n%d.example/slowly", i);
		assert_int_equal(nw_fetch_start(fixture->fetcher, &request,
						on_done, fixture, NULL),
				 0);
	}
	run_until_idle(fixture);
	assert_int_equal(httpserver_requests(fixture->server), 4);
	assert_int_equal(httpserver_peak(fixture->server), 4);
}

static void a_proxy_is_not_asked_for_what_is_private(void **state)
{
	static const char *const hosts[] = {
		"127.0.0.1", "localhost",	   "LOCALHOST.", "a.localhost",
		"127.1",     "2130706433",	   "10.0.0.1",	 "192.168.1.1",
		"[::1]",     "[::ffff:127.0.0.1]", "[fd00::1]",	 "169.254.1.1",
	};
	struct fixture *fixture = *state;
	struct nw_fetch_request request = { .url = NULL };
	size_t i;

	use_proxy(fixture);
	for (i = 0; i < COUNT(hosts); i++) {
		request.url = nw_arena_printf(fixture->arena, "http://%s/ok",
					      hosts[i]);
		get_request(fixture, &request);
		if (fixture->seen.replied ||
		    fixture->seen.err.code != NW_ERROR_REFUSED ||
		    !strstr(fixture->seen.err.text, "allow-private"))
			fail_msg("%s: %s", hosts[i], fixture->seen.err.text);
	}
	assert_int_equal(httpserver_requests(fixture->server), 0);
	fixture->policy.allow_private = true;
	nw_fetcher_free(&fixture->fetcher);
	request.url = "http://10.0.0.1/ok";
	get_request(fixture, &request);
	assert_int_equal(httpserver_requests(fixture->server), 1);
}

static void nor_when_a_redirect_leads_there(void **state)
{
	struct fixture *fixture = *state;
	struct nw_fetch_request request = {
		.url = "http://news.example/to-private",
	};

	use_proxy(fixture);
	get_request(fixture, &request);
	assert_int_equal(fixture->seen.err.code, NW_ERROR_REFUSED);
	assert_non_null(strstr(fixture->seen.err.text,
			       "redirected to http://192.168.0.1/: "
			       "192.168.0.1 is private"));
	assert_int_equal(httpserver_requests(fixture->server), 1);
}

static void a_proxy_that_is_not_there_is_named(void **state)
{
	struct fixture *fixture = *state;
	struct nw_fetch_request request = { .url = "http://news.example/" };

	fixture->policy.proxy = "socks5h://127.0.0.1:1";
	get_request(fixture, &request);
	assert_false(fixture->seen.replied);
	assert_int_equal(fixture->seen.err.code, NW_ERROR_NETWORK);
	nw_fetcher_free(&fixture->fetcher);
	fixture->policy.proxy = "http://no-such-host.invalid:3128";
	get_request(fixture, &request);
	assert_non_null(strstr(fixture->seen.err.text,
			       "the proxy's name is unknown"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_proxy_is_asked_for_the_whole_address),
		TEST(a_proxy_is_not_the_host_that_is_spared),
		TEST(a_proxy_is_not_asked_for_what_is_private),
		TEST(nor_when_a_redirect_leads_there),
		TEST(a_proxy_that_is_not_there_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
