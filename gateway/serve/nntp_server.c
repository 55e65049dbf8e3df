/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "newswire/nntp_server.h"

#include "nntp_private.h"

/* How often in the time that a client may be idle it is looked at. */
#define IDLE_TICKS 8
/* Clients taken in one turn, so that those who wait are served between. */
#define ACCEPTS 64
#define FAULTS_TOLD 10	/* between two ticks */
#define REPLY_BYTES_MAX (2 * (size_t)NW_NNTP_OUTPUT_BYTES)

int nw_nntp_turn(struct nw_nntp_server *server, struct nw_error *err)
{
	if (server->in_turn)
		return 0;
	if (nw_store_read_begin(server->store, err) < 0)
		return -1;
	server->in_turn = true;
	/* It comes behind all events that are active now, before the loop
	 * waits again. */
	event_active(&server->turn_end, EV_TIMEOUT, 0);
	return 0;
}

static void end_turn(struct nw_nntp_server *server)
{
	if (server->in_turn)
		nw_store_read_end(server->store);
	server->in_turn = false;
}

static void on_turn_end(evutil_socket_t fd, short what, void *argument)
{
	(void)fd;
	(void)what;
	end_turn(argument);
}

void nw_nntp_fault(struct nw_nntp_server *server, const char *what,
		   const struct nw_error *err)
{
	if (server->faults++ < FAULTS_TOLD)
		nw_log(server->options.log, NW_LOG_ERROR, "serve", what, "%s",
		       err->text);
}

static void on_tick(evutil_socket_t fd, short what, void *argument)
{
	struct nw_nntp_server *server = argument;
	struct nw_nntp_session *session, *next;

	(void)fd;
	(void)what;
	if (server->faults > FAULTS_TOLD)
		nw_log(server->options.log, NW_LOG_ERROR, "serve", NULL,
		       "%u more failures like these",
		       server->faults - FAULTS_TOLD);
	server->faults = 0;
	/* RFC 3977 section 3.1: no response is sent, the connection ends. */
	for (session = server->sessions; session; session = next) {
		next = session->next;
		if (session->idle++ >= IDLE_TICKS)
			nw_nntp_session_free(session);
	}
}

/* Too many open descriptors, here or in the system: whoever waits in the
 * queue is served when others have left. */
static void pause_accepting(struct nw_nntp_server *server)
{
	const struct timeval pause = { 0, 250000 };
	struct nw_nntp_listener *listener;

	if (!server->starved)
		nw_log(server->options.log, NW_LOG_WARNING, "serve", NULL,
		       "%s: new clients wait; raise the limit of open files",
		       strerror(errno));
	server->starved = true;
	for (listener = server->listeners; listener; listener = listener->next)
		(void)event_del(&listener->event);
	(void)event_add(&server->resume, &pause);
}

static void on_resume(evutil_socket_t fd, short what, void *argument)
{
	struct nw_nntp_server *server = argument;
	struct nw_nntp_listener *listener;

	(void)fd;
	(void)what;
	for (listener = server->listeners; listener; listener = listener->next)
		(void)event_add(&listener->event, NULL);
}

static void refuse(struct nw_nntp_server *server, int fd)
{
	static const char text[] = "400 too many connections, try later\r\n";
	ssize_t sent = write(fd, text, sizeof(text) - 1);

	(void)sent;	/* it goes away in any case */
	(void)close(fd);
	nw_log(server->options.log, NW_LOG_DEBUG, "serve", NULL,
	       "a client was refused: %u are connected",
	       server->session_count);
}

static void welcome(struct nw_nntp_server *server, int fd)
{
	struct nw_error err;
	const int on = 1;

	if (server->session_count >= server->options.connections_max) {
		refuse(server, fd);
		return;
	}
	/* Neither is of use on a socket of another family, nor needed. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	if (fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) {
		(void)close(fd);
		return;
	}
	if (nw_nntp_session_new(server, fd, fd, false, &err) < 0) {
		nw_nntp_fault(server, NULL, &err);
		(void)close(fd);
	}
}

static void on_client(evutil_socket_t listening, short what, void *argument)
{
	struct nw_nntp_listener *listener = argument;
	struct nw_nntp_server *server = listener->server;
	int fd, n;

	(void)what;
	for (n = 0; n < ACCEPTS; n++) {
		fd = accept(listening, NULL, NULL);
		if (fd >= 0) {
			server->starved = false;
			welcome(server, fd);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)
			pause_accepting(server);
		else if (errno == EINTR || errno == ECONNABORTED)
			continue;
		return;
	}
}

static int start_timers(struct nw_nntp_server *server, struct nw_error *err)
{
	unsigned tick_ms = server->options.idle_ms / IDLE_TICKS;
	const struct timeval tick = { tick_ms / 1000, tick_ms % 1000 * 1000 };

	if (event_assign(&server->turn_end, server->base, -1, 0, on_turn_end,
			 server) < 0 ||
	    event_assign(&server->resume, server->base, -1, 0, on_resume,
			 server) < 0 ||
	    event_assign(&server->tick, server->base, -1, EV_PERSIST, on_tick,
			 server) < 0 ||
	    event_add(&server->tick, &tick) < 0)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "no timer could be made");
	return 0;
}

int nw_nntp_server_new(struct nw_nntp_server **server_r,
		       struct event_base *base, struct nw_store *store,
		       const struct nw_nntp_options *options,
		       struct nw_error *err)
{
	struct nw_nntp_server *server = calloc(1, sizeof(*server));

	if (!server)
		return nw_error_errno(err, "serve");
	server->base = base;
	server->store = store;
	server->options = *options;
	if (!server->options.connections_max)
		server->options.connections_max = NW_NNTP_CONNECTIONS;
	if (!server->options.idle_ms)
		server->options.idle_ms = NW_NNTP_IDLE_S * 1000;
	nw_buf_init(&server->reply, REPLY_BYTES_MAX);
	if (start_timers(server, err) < 0) {
		free(server);
		return -1;
	}
	/* A client that leaves while it is written to is no reason to die. */
	(void)signal(SIGPIPE, SIG_IGN);
	*server_r = server;
	return 0;
}

void nw_nntp_server_free(struct nw_nntp_server **server_p)
{
	struct nw_nntp_server *server = *server_p;
	struct nw_nntp_listener *listener;

	if (!server)
		return;
	while (server->sessions)
		nw_nntp_session_free(server->sessions);
	while ((listener = server->listeners)) {
		server->listeners = listener->next;
		(void)event_del(&listener->event);
		free(listener);
	}
	end_turn(server);
	(void)event_del(&server->turn_end);
	(void)event_del(&server->tick);
	(void)event_del(&server->resume);
	nw_buf_free(&server->reply);
	free(server);
	*server_p = NULL;
}

int nw_nntp_server_listen(struct nw_nntp_server *server, int fd,
			  struct nw_error *err)
{
	struct nw_nntp_listener *listener = calloc(1, sizeof(*listener));

	if (!listener)
		return nw_error_errno(err, "serve");
	listener->server = server;
	if (event_assign(&listener->event, server->base, fd,
			 EV_READ | EV_PERSIST, on_client, listener) < 0 ||
	    event_add(&listener->event, NULL) < 0) {
		free(listener);
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "a listening socket cannot be watched");
	}
	listener->next = server->listeners;
	server->listeners = listener;
	return 0;
}

int nw_nntp_server_session(struct nw_nntp_server *server, int in, int out,
			   struct nw_error *err)
{
	return nw_nntp_session_new(server, in, out, true, err);
}
