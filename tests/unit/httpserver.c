/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit.h"
#include "httpserver.h"

#define HEAD_BYTES 8192
#define PEERS 64

struct peer {
	struct httpserver *server;
	struct bufferevent *stream;
	struct event *timer;
	struct http_answer answer;
	bool answered;
};

struct httpserver {
	struct event_base *base;
	struct evconnlistener *listener;
	http_handler *handler;
	void *context;
	struct peer *peers[PEERS];
	unsigned port, requests, open, peak;
	int64_t last_ms, shortest_ms, longest_ms;
	char url[64];
	char last[HEAD_BYTES];
};

static void peer_free(struct peer *peer)
{
	struct httpserver *server = peer->server;
	unsigned i;

	for (i = 0; server->peers[i] != peer; i++)
		assert_true(i + 1 < PEERS);
	server->peers[i] = NULL;
	server->open--;
	bufferevent_free(peer->stream);
	evbuffer_free(peer->answer.bytes);
	event_free(peer->timer);
	free(peer);
}

static void send_answer(evutil_socket_t fd, short what, void *context)
{
	struct peer *peer = context;

	(void)fd;
	(void)what;
	peer->answered = true;
	/* An empty answer: the write callback still has to be called. */
	if (evbuffer_get_length(peer->answer.bytes) == 0 &&
	    !peer->answer.hang)
		peer_free(peer);
	else
		(void)bufferevent_write_buffer(peer->stream,
					       peer->answer.bytes);
}

static void on_written(struct bufferevent *stream, void *context)
{
	struct peer *peer = context;

	if (!peer->answered)
		return;
	if (peer->answer.repeat)
		(void)bufferevent_write(stream, peer->answer.repeat,
					peer->answer.repeat_len);
	else if (!peer->answer.hang)
		peer_free(peer);
}

static void on_end(struct bufferevent *stream, short what, void *context)
{
	(void)stream;
	(void)what;
	peer_free(context);
}

static void path_of(const char *head, char *path, size_t size)
{
	const char *start = strchr(head, ' ');
	size_t len;

	assert_non_null(start);
	len = strcspn(++start, " ?");
	assert_true(len < size);
	memcpy(path, start, len);
	path[len] = '\0';
}

static void note_time(struct httpserver *server)
{
	struct timespec now;
	int64_t now_ms, gap_ms;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	gap_ms = now_ms - server->last_ms;
	server->last_ms = now_ms;
	if (!server->requests++)
		return;
	if (gap_ms < server->shortest_ms)
		server->shortest_ms = gap_ms;
	if (gap_ms > server->longest_ms)
		server->longest_ms = gap_ms;
}

static void on_request(struct bufferevent *stream, void *context)
{
	struct peer *peer = context;
	struct httpserver *server = peer->server;
	struct evbuffer *input = bufferevent_get_input(stream);
	struct timeval pause = { 0, 0 };
	char path[512];
	size_t len;

	if (evbuffer_search(input, "\r\n\r\n", 4, NULL).pos < 0)
		return;
	len = evbuffer_get_length(input);
	assert_true(len < sizeof(server->last));
	(void)evbuffer_remove(input, server->last, len);
	server->last[len] = '\0';
	note_time(server);
	path_of(server->last, path, sizeof(path));
	server->handler(path, server->last, &peer->answer, server->context);
	pause.tv_usec = peer->answer.delay_ms * 1000;
	(void)evtimer_add(peer->timer, &pause);
}

static void on_connection(struct evconnlistener *listener, evutil_socket_t fd,
			  struct sockaddr *address, int len, void *context)
{
	struct httpserver *server = context;
	struct peer *peer = calloc(1, sizeof(*peer));
	unsigned i;

	(void)listener;
	(void)address;
	(void)len;
	assert_non_null(peer);
	for (i = 0; server->peers[i]; i++)
		assert_true(i + 1 < PEERS);
	server->peers[i] = peer;
	if (++server->open > server->peak)
		server->peak = server->open;
	peer->server = server;
	peer->answer.bytes = evbuffer_new();
	peer->timer = evtimer_new(server->base, send_answer, peer);
	peer->stream = bufferevent_socket_new(server->base, fd,
					      BEV_OPT_CLOSE_ON_FREE);
	bufferevent_setcb(peer->stream, on_request, on_written, on_end, peer);
	(void)bufferevent_enable(peer->stream, EV_READ | EV_WRITE);
}

struct httpserver *httpserver_new(struct event_base *base,
				  http_handler *handler, void *context)
{
	struct httpserver *server = calloc(1, sizeof(*server));
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);

	assert_non_null(server);
	server->base = base;
	server->shortest_ms = INT64_MAX;
	server->handler = handler;
	server->context = context;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	server->listener = evconnlistener_new_bind(
		base, on_connection, server,
		LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, -1,
		(struct sockaddr *)&address, sizeof(address));
	assert_non_null(server->listener);
	assert_int_equal(getsockname(evconnlistener_get_fd(server->listener),
				     (struct sockaddr *)&address, &len),
			 0);
	server->port = ntohs(address.sin_port);
	(void)snprintf(server->url, sizeof(server->url),
		       "http://127.0.0.1:%u", server->port);
	return server;
}

void httpserver_free(struct httpserver *server)
{
	unsigned i;

	for (i = 0; i < PEERS; i++)
		if (server->peers[i])
			peer_free(server->peers[i]);
	evconnlistener_free(server->listener);
	free(server);
}

const char *httpserver_url(const struct httpserver *server)
{
	return server->url;
}

unsigned httpserver_port(const struct httpserver *server)
{
	return server->port;
}

unsigned httpserver_requests(const struct httpserver *server)
{
	return server->requests;
}

unsigned httpserver_peak(const struct httpserver *server)
{
	return server->peak;
}

int64_t httpserver_shortest_ms(const struct httpserver *server)
{
	return server->shortest_ms;
}

int64_t httpserver_longest_ms(const struct httpserver *server)
{
	return server->longest_ms;
}

const char *httpserver_last(const struct httpserver *server)
{
	return server->last;
}
