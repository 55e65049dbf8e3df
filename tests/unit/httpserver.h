/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A web server on the test's own event base that answers with the bytes it
 * is told to, right or wrong.
 */
#ifndef NEWSWIRE_TESTS_HTTPSERVER_H
#define NEWSWIRE_TESTS_HTTPSERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;
struct evbuffer;
struct httpserver;

struct http_answer {
	struct evbuffer *bytes;	/* the whole answer, status line included */
	const void *repeat;	/* and then this, until the client leaves */
	size_t repeat_len;
	unsigned delay_ms;
	bool hang;		/* the connection stays open behind it */
};

/* request: the whole head as it came; path: without the query. */
typedef void http_handler(const char *path, const char *request,
			  struct http_answer *answer, void *context);

/* On 127.0.0.1, any port.  One request a connection. */
struct httpserver *httpserver_new(struct event_base *base,
				  http_handler *handler, void *context);
void httpserver_free(struct httpserver *server);

/* "http://127.0.0.1:PORT" */
const char *httpserver_url(const struct httpserver *server);
unsigned httpserver_port(const struct httpserver *server);
/* Requests so far, and the most connections that were open at once. */
unsigned httpserver_requests(const struct httpserver *server);
unsigned httpserver_peak(const struct httpserver *server);
/* The shortest and the longest time between two requests, in
 * milliseconds. */
int64_t httpserver_shortest_ms(const struct httpserver *server);
int64_t httpserver_longest_ms(const struct httpserver *server);
/* The head of the last request. */
const char *httpserver_last(const struct httpserver *server);

#endif
