/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "unit.h"
#include "fetch_fixture.h"

static void a_reply_tells_what_it_carries(void **state)
{
	struct fixture *fixture = *state;
	struct nw_fetch_reply *reply = &fixture->seen.reply;

	get(fixture, "/rich");
	assert_true(fixture->seen.replied);
	assert_int_equal(reply->status, 200);
	assert_string_equal(reply->url, at(fixture, "/rich"));
	assert_null(reply->permanent_url);
	assert_int_equal(reply->body_len, 7);
	assert_string_equal(reply->body, "<p>rich");
	assert_string_equal(reply->content_type, "text/html");
	assert_string_equal(reply->charset, "UTF-8");
	assert_string_equal(reply->etag, "W/\"a, b\"");
	assert_string_equal(reply->last_modified,
			    "Sat, 26 Jul 2025 10:15:00 GMT");
	assert_int_equal(reply->max_age_s, 77);
	assert_int_equal(reply->retry_after_s, -1);
	get(fixture, "/ok");
	assert_null(reply->content_type);
	assert_null(reply->charset);
	assert_null(reply->etag);
	assert_null(reply->last_modified);
	assert_int_equal(reply->max_age_s, -1);
	get(fixture, "/expires");
	assert_int_equal(reply->max_age_s, 600);
}

static void statuses_are_replies(void **state)
{
	struct fixture *fixture = *state;

	get(fixture, "/404");
	assert_true(fixture->seen.replied);
	assert_int_equal(fixture->seen.reply.status, 404);
	assert_string_equal(fixture->seen.reply.body, "gone astray");
	get(fixture, "/429");
	assert_int_equal(fixture->seen.reply.status, 429);
	assert_int_equal(fixture->seen.reply.retry_after_s, 120);
	get(fixture, "/304");
	assert_int_equal(fixture->seen.reply.status, 304);
	assert_int_equal(fixture->seen.reply.body_len, 0);
	assert_string_equal(fixture->seen.reply.etag, "\"n\"");
}

static void a_redirect_can_be_held(void **state)
{
	struct fixture *fixture = *state;
	struct nw_fetch_request request = { .url = at(fixture, "/302"),
					    .hold_redirect = true };

	get_request(fixture, &request);
	assert_true(fixture->seen.replied);
	assert_int_equal(fixture->seen.reply.status, 302);
	assert_string_equal(fixture->seen.reply.url, at(fixture, "/302"));
	assert_string_equal(fixture->seen.reply.redirect_url,
			    at(fixture, "/ok"));
	assert_int_equal(httpserver_requests(fixture->server), 1);
	request.url = at(fixture, "/to-file");
	get_request(fixture, &request);
	assert_false(fixture->seen.replied);
	request.url = at(fixture, "/ok");
	get_request(fixture, &request);
	assert_null(fixture->seen.reply.redirect_url);
}

static void only_what_is_due_is_sent(void **state)
{
	struct fixture *fixture = *state;
	struct nw_fetch_request request = {
		.etag = "W/\"a, b\"",
		.last_modified = "Sat, 26 Jul 2025 10:15:00 GMT",
		.accept = "text/html;q=0.9",
	};
	const char *head;

	request.url = at(fixture, "/cookie");
	get_request(fixture, &request);
	assert_int_equal(httpserver_requests(fixture->server), 2);
	head = httpserver_last(fixture->server);
	assert_non_null(strstr(head, "GET /ok HTTP/1.1\r\n"));
	assert_non_null(strstr(head, "\r\nIf-None-Match: W/\"a, b\"\r\n"));
	assert_non_null(strstr(head, "\r\nIf-Modified-Since: Sat, 26 Jul 2025 "
				     "10:15:00 GMT\r\n"));
	assert_non_null(strstr(head, "\r\nAccept: text/html;q=0.9\r\n"));
	assert_non_null(strstr(head, "\r\nUser-Agent: newswire-test/1\r\n"));
	assert_non_null(strstr(head, "gzip"));
	assert_null(strstr(head, "Cookie"));
	assert_null(strstr(head, "Referer"));
	get(fixture, "/ok");
	head = httpserver_last(fixture->server);
	assert_null(strstr(head, "If-"));
	assert_null(strstr(head, "Cookie"));
}

/* What is asked to be sent goes to the host that it is meant for. */
static void a_cookie_stays_with_its_host(void **state)
{
	struct fixture *fixture = *state;
	struct nw_fetch_request request = {
		.user_agent = "reader/1",
		.referer = "https://a.example/",
		.cookie = "consent=1",
	};
	const char *head;

	request.url = at(fixture, "/302");
	get_request(fixture, &request);
	head = httpserver_last(fixture->server);
	assert_non_null(strstr(head, "GET /ok HTTP/1.1\r\n"));
	assert_non_null(strstr(head, "\r\nUser-Agent: reader/1\r\n"));
	assert_non_null(strstr(head, "\r\nReferer: https://a.example/\r\n"));
	assert_non_null(strstr(head, "\r\nCookie: consent=1\r\n"));
	request.url = at(fixture, "/elsewhere");
	get_request(fixture, &request);
	assert_true(fixture->seen.replied);
	head = httpserver_last(fixture->server);
	assert_non_null(strstr(head, "GET /ok HTTP/1.1\r\n"));
	assert_null(strstr(head, "Cookie"));
	assert_null(strstr(head, "Referer"));
}

static void a_validator_brings_no_header_of_its_own(void **state)
{
	struct fixture *fixture = *state;
	struct nw_fetch_request request = {
		.etag = "\"a\"\r\nX-Evil: 1",
		.last_modified = "never\nX-Evil: 1",
	};

	request.url = at(fixture, "/ok");
	get_request(fixture, &request);
	assert_true(fixture->seen.replied);
	assert_null(strstr(httpserver_last(fixture->server), "Evil"));
}

static void redirects_are_followed(void **state)
{
	static const struct {
		const char *path, *last, *permanent;
		int status;
	} cases[] = {
		{ "/301", "/ok", "/ok", 200 },
		{ "/308", "/ok", "/ok", 200 },
		{ "/302", "/ok", NULL, 200 },
		{ "/303", "/ok", NULL, 200 },
		{ "/307", "/ok", NULL, 200 },
		{ "/301-308", "/ok", "/ok", 200 },
		{ "/301-302", "/ok", "/302", 200 },
		{ "/302-301", "/ok", NULL, 200 },
		{ "/301-304", "/304", "/304", 304 },
		{ "/300", "/300", NULL, 300 },
		{ "/301-nowhere", "/301-nowhere", NULL, 301 },
		{ "/back", "/ok", "/ok", 200 },
	};
	struct fixture *fixture = *state;
	struct nw_fetch_reply *reply = &fixture->seen.reply;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		get(fixture, cases[i].path);
		if (!fixture->seen.replied)
			fail_msg("%s: %s", cases[i].path,
				 fixture->seen.err.text);
		assert_int_equal(reply->status, cases[i].status);
		assert_string_equal(reply->url, at(fixture, cases[i].last));
		if (!cases[i].permanent)
			assert_null(reply->permanent_url);
		else
			assert_string_equal(reply->permanent_url,
					    at(fixture, cases[i].permanent));
	}
}

/* Each fails with that code, names the URL, and says why. */
static void failures_say_why(void **state)
{
	static const struct {
		const char *path;
		enum nw_error_code code;
		const char *why;
	} cases[] = {
		{ "/loop", NW_ERROR_REFUSED, "more than 8 redirects" },
		{ "/to-file", NW_ERROR_REFUSED, "no web address" },
		{ "/to-ftp", NW_ERROR_REFUSED, "no web address" },
		{ "/larger", NW_ERROR_REFUSED, "larger than 100000 bytes" },
		{ "/one-more", NW_ERROR_REFUSED, "larger than 100000 bytes" },
		{ "/endless", NW_ERROR_REFUSED, "larger than 100000 bytes" },
		{ "/gzip-bomb", NW_ERROR_REFUSED, "larger than 100000 bytes" },
		{ "/headers", NW_ERROR_REFUSED, "headers are too large" },
		{ "/cut", NW_ERROR_NETWORK, "cut short" },
		{ "/empty", NW_ERROR_NETWORK, "without an answer" },
		{ "/silent", NW_ERROR_NETWORK, "not finished after 0.3 s" },
		{ "/stalls", NW_ERROR_NETWORK, "not finished after 0.3 s" },
		{ "/no-http", NW_ERROR_DATA, "no HTTP" },
		{ "/no-gzip", NW_ERROR_DATA, "compression" },
	};
	struct fixture *fixture = *state;
	size_t i;

	fixture->policy.total_ms = 300;
	for (i = 0; i < COUNT(cases); i++) {
		get(fixture, cases[i].path);
		assert_false(fixture->seen.replied);
		if (fixture->seen.err.code != cases[i].code ||
		    !strstr(fixture->seen.err.text, cases[i].why) ||
		    strncmp(fixture->seen.err.text,
			    at(fixture, cases[i].path),
			    strlen(at(fixture, cases[i].path))))
			fail_msg("%s: %s", cases[i].path,
				 fixture->seen.err.text);
	}
	get(fixture, "/ok");
	assert_true(fixture->seen.replied);
}

static void a_body_as_large_as_the_cap_passes(void **state)
{
	struct fixture *fixture = *state;

	get(fixture, "/exactly");
	assert_true(fixture->seen.replied);
	assert_int_equal(fixture->seen.reply.body_len, CAP_BYTES);
}

/* Lower caps hold for one request, higher ones for none. */
static void a_request_has_caps_of_its_own(void **state)
{
	struct fixture *fixture = *state;
	struct nw_fetch_request request = { .url = at(fixture, "/exactly"),
					    .body_bytes = CAP_BYTES - 1 };

	get_request(fixture, &request);
	assert_false(fixture->seen.replied);
	assert_int_equal(fixture->seen.err.code, NW_ERROR_REFUSED);
	assert_non_null(strstr(fixture->seen.err.text,
			       "larger than 99999 bytes"));
	/* It is not what the operator can change. */
	assert_null(strstr(fixture->seen.err.text, "fetch-size"));
	request.body_bytes = CAP_BYTES;
	get_request(fixture, &request);
	assert_true(fixture->seen.replied);
	request.url = at(fixture, "/one-more");
	request.body_bytes = 2 * CAP_BYTES;
	get_request(fixture, &request);
	assert_false(fixture->seen.replied);
	assert_non_null(strstr(fixture->seen.err.text, "fetch-size"));
	request.url = at(fixture, "/stalls");
	request.total_ms = 200;
	get_request(fixture, &request);
	assert_false(fixture->seen.replied);
	assert_non_null(strstr(fixture->seen.err.text,
			       "not finished after 0.2 s"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_reply_tells_what_it_carries),
		TEST(statuses_are_replies),
		TEST(a_redirect_can_be_held),
		TEST(only_what_is_due_is_sent),
		TEST(a_cookie_stays_with_its_host),
		TEST(a_validator_brings_no_header_of_its_own),
		TEST(redirects_are_followed),
		TEST(failures_say_why),
		TEST(a_body_as_large_as_the_cap_passes),
		TEST(a_request_has_caps_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
