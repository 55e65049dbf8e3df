/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"
#include "../tools/gzipbomb.h"
#include "fetch_fixture.h"

/* How a path answers; what is not here is answered by code below. */
static const struct route {
	const char *path, *answer;
	bool hang;
} routes[] = {
	{ "/ok", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false },
	{ "/rich",
	  "HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=\"UTF-8\"\r\n"
	  "ETag: W/\"a, b\"\r\n"
	  "Last-Modified: Sat, 26 Jul 2025 10:15:00 GMT\r\n"
	  "Cache-Control: public\r\nCache-Control: max-age=77\r\n"
	  "Expires: Sat, 26 Jul 2036 10:15:00 GMT\r\n\r\n<p>rich",
	  false },
	{ "/expires",
	  "HTTP/1.1 200 OK\r\nDate: Sat, 26 Jul 2025 10:15:00 GMT\r\n"
	  "Expires: Sat, 26 Jul 2025 10:25:00 GMT\r\n\r\nx",
	  false },
	{ "/304",
	  "HTTP/1.1 304 Not Modified\r\nETag: \"n\"\r\n"
	  "Location: /404\r\n\r\n",
	  false },
	{ "/404", "HTTP/1.1 404 Not Found\r\n\r\ngone astray", false },
	{ "/429", "HTTP/1.1 429 Slow Down\r\nRetry-After: 120\r\n\r\n",
	  false },
	{ "/301", "HTTP/1.1 301 Moved\r\nLocation: /ok\r\n\r\n", false },
	{ "/302", "HTTP/1.1 302 Found\r\nLocation: ok\r\n\r\n", false },
	{ "/303", "HTTP/1.1 303 See Other\r\nLocation: /ok\r\n\r\n", false },
	{ "/307", "HTTP/1.1 307 For Now\r\nLocation: /ok\r\n\r\n", false },
	{ "/308", "HTTP/1.1 308 Moved\r\nLocation: /ok\r\n\r\n", false },
	{ "/301-308", "HTTP/1.1 301 Moved\r\nLocation: /308\r\n\r\n", false },
	{ "/301-302", "HTTP/1.1 301 Moved\r\nLocation: /302\r\n\r\n", false },
	{ "/302-301", "HTTP/1.1 302 Found\r\nLocation: /301\r\n\r\n", false },
	{ "/301-304", "HTTP/1.1 301 Moved\r\nLocation: /304\r\n\r\n", false },
	{ "/300", "HTTP/1.1 300 Choose\r\nLocation: /ok\r\n\r\n", false },
	{ "/301-nowhere", "HTTP/1.1 301 Moved\r\n\r\nwhere?", false },
	{ "/back", "HTTP/1.1 301 Moved\r\nLocation: /back-2\r\n\r\n",
	  false },
	{ "/loop", "HTTP/1.1 302 Found\r\nLocation: /loop\r\n\r\n", false },
	{ "/to-file",
	  "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n",
	  false },
	{ "/to-ftp",
	  "HTTP/1.1 302 Found\r\nLocation: ftp://127.0.0.1/x\r\n\r\n",
	  false },
	{ "/to-private",
	  "HTTP/1.1 302 Found\r\nLocation: http://192.168.0.1/\r\n\r\n",
	  false },
	{ "/cookie",
	  "HTTP/1.1 302 Found\r\nSet-Cookie: me=1; Path=/\r\n"
	  "Location: /ok\r\n\r\n",
	  false },
	{ "/larger", "HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n",
	  true },
	{ "/cut", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhel", false },
	{ "/empty", "", false },
	{ "/silent", "", true },
	{ "/stalls", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhel",
	  true },
	{ "/no-http", "220 mail.example.com ESMTP\r\n", false },
	{ "/no-gzip",
	  "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot at all",
	  false },
};

static void answer_sized(struct http_answer *answer, size_t len)
{
	char *body = calloc(1, len + 1);

	assert_non_null(body);
	memset(body, 'x', len);
	(void)evbuffer_add_printf(answer->bytes,
				  "HTTP/1.1 200 OK\r\n"
				  "Content-Length: %zu\r\n\r\n%s",
				  len, body);
	free(body);
}

static void answer_endlessly(const char *path, struct http_answer *answer)
{
	static const char text[] = "all work and no play\n";
	static const char header[] = "X-Header: of many that never end\r\n";

	if (strcmp(path, "/gzip-bomb") == 0) {
		(void)evbuffer_add_printf(answer->bytes,
					  "HTTP/1.1 200 OK\r\n"
					  "Content-Encoding: gzip\r\n\r\n");
		(void)evbuffer_add(answer->bytes, gzipbomb_start,
				   sizeof(gzipbomb_start));
		answer->repeat = gzipbomb_piece;
		answer->repeat_len = sizeof(gzipbomb_piece);
	} else if (strcmp(path, "/headers") == 0) {
		(void)evbuffer_add_printf(answer->bytes, "HTTP/1.1 200 OK\r\n");
		answer->repeat = header;
		answer->repeat_len = strlen(header);
	} else {
		(void)evbuffer_add_printf(answer->bytes,
					  "HTTP/1.1 200 OK\r\n\r\n");
		answer->repeat = text;
		answer->repeat_len = strlen(text);
	}
}

/* A proxy is asked for the whole address. */
static const char *without_host(const char *path)
{
	static const char http[] = "http://";

	if (strncmp(path, http, strlen(http)) != 0)
		return path;
	return strchr(path + strlen(http), '/');
}

/* The same server by another name. */
static void answer_elsewhere(const char *request, struct http_answer *answer)
{
	static const char host[] = "\r\nHost: 127.0.0.1:";
	const char *port = strstr(request, host);

	assert_non_null(port);
	port += strlen(host);
	(void)evbuffer_add_printf(answer->bytes,
				  "HTTP/1.1 302 Found\r\n"
				  "Location: http://localhost:%.*s/ok\r\n\r\n",
				  (int)strcspn(port, "\r"), port);
}

static void answer(const char *path, const char *request,
		   struct http_answer *answer, void *context)
{
	size_t i;

	(void)context;
	path = without_host(path);
	if (strcmp(path, "/elsewhere") == 0)
		answer_elsewhere(request, answer);
	else if (strcmp(path, "/back-2") == 0)
		(void)evbuffer_add_printf(answer->bytes,
					  "HTTP/1.1 301 Moved\r\n"
					  "Location: /ok\r\n\r\n");
	else if (strcmp(path, "/slowly") == 0) {
		answer->delay_ms = 20;
		answer_sized(answer, 10);
	} else if (strcmp(path, "/exactly") == 0)
		answer_sized(answer, CAP_BYTES);
	else if (strcmp(path, "/one-more") == 0)
		answer_sized(answer, CAP_BYTES + 1);
	else
		for (i = 0; i < COUNT(routes); i++) {
			if (strcmp(routes[i].path, path) != 0)
				continue;
			(void)evbuffer_add_printf(answer->bytes, "%s",
						  routes[i].answer);
			answer->hang = routes[i].hang;
			return;
		}
	if (evbuffer_get_length(answer->bytes) == 0)
		answer_endlessly(path, answer);
}

int fetch_setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	/* Were it asked, nothing would work. */
	assert_int_equal(setenv("http_proxy", "http://127.0.0.1:1/", 1), 0);
	fixture->arena = nw_arena_new();
	fixture->base = event_base_new();
	fixture->server = httpserver_new(fixture->base, answer, fixture);
	fixture->policy = (struct nw_fetch_policy){
		.user_agent = "newswire-test/1",
		.allow_private = true,
		.body_bytes = CAP_BYTES,
		.connect_ms = 2000,
		.total_ms = 10000,
	};
	*state = fixture;
	return 0;
}

int fetch_teardown(void **state)
{
	struct fixture *fixture = *state;

	nw_fetcher_free(&fixture->fetcher);
	httpserver_free(fixture->server);
	event_base_free(fixture->base);
	nw_arena_free(&fixture->arena);
	free(fixture);
	return 0;
}

void need_fetcher(struct fixture *fixture)
{
	struct nw_error err;

	if (!fixture->fetcher)
		assert_int_equal(nw_fetcher_new(&fixture->fetcher,
						fixture->base,
						&fixture->policy, &err),
				 0);
}

void on_done(const struct nw_fetch_reply *reply, const struct nw_error *err,
	     void *context)
{
	struct fixture *fixture = context;
	struct seen *seen = &fixture->seen;

	seen->calls++;
	seen->replied = reply != NULL;
	if (!reply) {
		assert_non_null(err);
		seen->err = *err;
		return;
	}
	assert_null(err);
	seen->reply = *reply;
#define COPY(field) \
	seen->reply.field = nw_arena_strdup(fixture->arena, reply->field)
	COPY(url);
	COPY(redirect_url);
	COPY(permanent_url);
	COPY(content_type);
	COPY(charset);
	COPY(etag);
	COPY(last_modified);
	COPY(body);
#undef COPY
}

const char *at(struct fixture *fixture, const char *path)
{
	return nw_arena_printf(fixture->arena, "%s%s",
			       httpserver_url(fixture->server), path);
}

void run_until_idle(struct fixture *fixture)
{
	while (nw_fetcher_active(fixture->fetcher))
		assert_int_equal(event_base_loop(fixture->base, EVLOOP_ONCE),
				 0);
}

void get_request(struct fixture *fixture,
		 const struct nw_fetch_request *request)
{
	struct nw_error err;

	need_fetcher(fixture);
	fixture->seen = (struct seen){ .calls = 0 };
	assert_int_equal(nw_fetch_start(fixture->fetcher, request, on_done,
					fixture, &err),
			 0);
	assert_int_equal(fixture->seen.calls, 0);
	run_until_idle(fixture);
	assert_int_equal(fixture->seen.calls, 1);
}

void get(struct fixture *fixture, const char *path)
{
	struct nw_fetch_request request = { .url = at(fixture, path) };

	get_request(fixture, &request);
}
