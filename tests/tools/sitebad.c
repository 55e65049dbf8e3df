/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "gzipbomb.h"
#include "sitehttpd.h"

/* Four elements each. */
#define DEEP 75
#define PIECE_REPEATS 4096

/* A reply of one status, without more. */
static const struct status {
	const char *name;
	int status;
	const char *reason;
	const char *header, *value;
} statuses[] = {
	{ "404", 404, "Not Found", NULL, NULL },
	{ "410", 410, "Gone", NULL, NULL },
	{ "429", 429, "Too Many Requests", "Retry-After", "7200" },
	{ "500", 500, "Internal Server Error", NULL, NULL },
	{ "503", 503, "Service Unavailable", "Retry-After", "5400" },
	{ "redirect-loop", 302, "Found", "Location", "/bad/redirect-loop" },
	{ "redirect-file", 302, "Found", "Location", "file:///etc/passwd" },
};

/* A body without an end, in pieces as fast as the client takes them. */
static const struct endless {
	const char *name, *type, *encoding;
	const void *start, *piece;
	size_t start_len, piece_len;
} endless[] = {
	{ "huge", "text/html", NULL, "<!DOCTYPE html><body>", "<p>More.</p>",
	  21, 12 },
	{ "gzip-bomb", "text/html", "gzip", gzipbomb_start, gzipbomb_piece,
	  sizeof(gzipbomb_start), sizeof(gzipbomb_piece) },
};

/* Bytes of windows-1252 that are said to be UTF-8, twice. */
static const char charset_lie[] =
	"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
	"<rss version=\"2.0\"><channel><title>Caf\xe9 Ledger</title>\n"
	"<link>http://127.0.0.1/</link><description>d</description>\n"
	"<item><title>The caf\xe9 that moved \x96 twice</title>\n"
	"<guid isPermaLink=\"false\">charset-lie-1</guid>\n"
	"<pubDate>Sat, 26 Jul 2025 10:15:00 GMT</pubDate>\n"
	"<description>Na\xefve bytes, na\xefvely declared.</description>\n"
	"</item></channel></rss>\n";

static bool send_status(struct evhttp_request *request, const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		if (strcmp(statuses[i].name, name) != 0)
			continue;
		if (statuses[i].header)
			site_header(request, statuses[i].header,
				    statuses[i].value);
		site_send(request, statuses[i].status, statuses[i].reason,
			  statuses[i].reason);
		return true;
	}
	return false;
}

/* A reply under way; freed with its connection. */
struct flow {
	struct evhttp_request *request;
	const struct endless *kind;
	struct event *timer;
};

static void flow_free(struct evhttp_connection *connection, void *context)
{
	struct flow *flow = context;

	(void)connection;
	if (flow->timer)
		event_free(flow->timer);
	free(flow);
}

static void send_pieces(struct evhttp_connection *connection, void *context)
{
	struct flow *flow = context;
	struct evbuffer *pieces = evbuffer_new();
	int i;

	(void)connection;
	if (!pieces)
		return;
	for (i = 0; i < PIECE_REPEATS; i++)
		(void)evbuffer_add(pieces, flow->kind->piece,
				   flow->kind->piece_len);
	evhttp_send_reply_chunk_with_cb(flow->request, pieces, send_pieces,
					flow);
	evbuffer_free(pieces);
}

static struct flow *start_flow(struct evhttp_request *request)
{
	struct flow *flow = calloc(1, sizeof(*flow));

	if (!flow)
		abort();
	flow->request = request;
	evhttp_connection_set_closecb(evhttp_request_get_connection(request),
				      flow_free, flow);
	return flow;
}

static bool send_endless(struct evhttp_request *request, const char *name)
{
	const struct endless *kind = endless;
	struct evbuffer *start;
	struct flow *flow;
	size_t i;

	for (i = 0; strcmp(kind->name, name) != 0; i++, kind++)
		if (i + 1 == sizeof(endless) / sizeof(endless[0]))
			return false;
	site_header(request, "Content-Type", kind->type);
	if (kind->encoding)
		site_header(request, "Content-Encoding", kind->encoding);
	flow = start_flow(request);
	flow->kind = kind;
	start = evbuffer_new();
	if (!start)
		abort();
	(void)evbuffer_add(start, kind->start, kind->start_len);
	evhttp_send_reply_start(request, 200, "OK");
	evhttp_send_reply_chunk_with_cb(request, start, send_pieces, flow);
	evbuffer_free(start);
	return true;
}

/* One octet each second. */
static void drip(evutil_socket_t fd, short what, void *context)
{
	struct flow *flow = context;
	struct evbuffer *drop = evbuffer_new();

	(void)fd;
	(void)what;
	if (!drop)
		return;
	(void)evbuffer_add(drop, ".", 1);
	evhttp_send_reply_chunk(flow->request, drop);
	evbuffer_free(drop);
}

static void send_slowly(struct site *site, struct evhttp_request *request)
{
	struct timeval second = { 1, 0 };
	struct flow *flow = start_flow(request);

	site_header(request, "Content-Type", "text/html");
	evhttp_send_reply_start(request, 200, "OK");
	flow->timer = event_new(site->events, -1, EV_PERSIST, drip, flow);
	if (flow->timer)
		(void)evtimer_add(flow->timer, &second);
}

static void send_bytes(struct evhttp_request *request, const char *type,
		       struct evbuffer *body)
{
	site_header(request, "Content-Type", type);
	evhttp_send_reply(request, 200, "OK", body);
	evbuffer_free(body);
}

static void send_deep(struct evhttp_request *request)
{
	struct evbuffer *body = evbuffer_new();
	int i;

	if (!body)
		abort();
	(void)evbuffer_add_printf(body, "<!DOCTYPE html><title>Deep</title>"
					"<body>");
	for (i = 0; i < DEEP; i++)
		(void)evbuffer_add_printf(body, "<div><blockquote><ul><li>");
	(void)evbuffer_add_printf(body, "<p>The bottom of it.</p>");
	send_bytes(request, "text/html", body);
}

static void send_charset_lie(struct evhttp_request *request)
{
	struct evbuffer *body = evbuffer_new();

	if (!body)
		abort();
	(void)evbuffer_add(body, charset_lie, strlen(charset_lie));
	send_bytes(request, "text/xml; charset=UTF-8", body);
}

bool site_bad(struct site *site, struct evhttp_request *request,
	      const char *name)
{
	if (strcmp(name, "slow") == 0)
		send_slowly(site, request);
	else if (strcmp(name, "deep.html") == 0)
		send_deep(request);
	else if (strcmp(name, "charset-lie.xml") == 0)
		send_charset_lie(request);
	else
		return send_status(request, name) ||
		       send_endless(request, name);
	return true;
}
