/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "newswire/nntp_server.h"

#include "nntp_errand_private.h"

/* How often in the time that a client has it is looked at. */
#define TICKS 8
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

void nw_nntp_turn_over(struct nw_nntp_server *server)
{
	end_turn(server);
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
	if (server->refusals > NW_NNTP_REFUSALS_TOLD)
		nw_log(server->options.log, NW_LOG_WARNING, "serve", NULL,
		       "%u more wrong passwords",
		       server->refusals - NW_NNTP_REFUSALS_TOLD);
	server->refusals = 0;
	for (session = server->sessions; session; session = next) {
		next = session->next;
		if (!nw_nntp_guard_tick(session))
			nw_nntp_session_free(session);
	}
}

/* Whoever waits in the queue is served by another reader, or when others have
 * left. */
static void pause_accepting(struct nw_nntp_server *server)
{
	const struct timeval pause = { 0, 250000 };
	struct nw_nntp_listener *listener;

	for (listener = server->listeners; listener; listener = listener->next)
		(void)event_del(&listener->event);
	(void)event_add(&server->resume, &pause);
}

/* Too many open descriptors, here or in the system. */
static void starve(struct nw_nntp_server *server)
{
	if (!server->starved)
		nw_log(server->options.log, NW_LOG_WARNING, "serve", NULL,
		       "%s: new clients wait; raise the limit of open files",
		       strerror(errno));
	server->starved = true;
	pause_accepting(server);
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

static void refuse(struct nw_nntp_server *server, int fd, const char *why)
{
	char text[128];
	int len = snprintf(text, sizeof(text), "%d %s\r\n",
			   NW_NNTP_UNAVAILABLE, why);
	ssize_t sent = write(fd, text, (size_t)len);

	(void)sent;	/* it goes away in any case */
	(void)close(fd);
	nw_log(server->options.log, NW_LOG_DEBUG, "serve", NULL,
	       "a client was refused: %s; %u are connected", why,
	       server->session_count);
}

static bool is_full(const struct nw_nntp_server *server)
{
	return server->session_count >= server->options.connections_max;
}

static bool another_has_room(const struct nw_nntp_server *server)
{
	return server->options.limits &&
	       nw_nntp_limits_room(server->options.limits,
				   server->options.connections_max);
}

static void welcome(struct nw_nntp_server *server, int fd,
		    enum nw_nntp_peer peer)
{
	struct nw_error err;

	if (is_full(server)) {
		refuse(server, fd, "too many connections, try later");
		return;
	}
	if (nw_nntp_session_new(server, fd, fd, peer, &err) == 0)
		return;
	if (err.code == NW_ERROR_BUSY) {
		refuse(server, fd, err.text);
		return;
	}
	nw_nntp_fault(server, NULL, &err);
	(void)close(fd);
}

static void on_client(evutil_socket_t listening, short what, void *argument)
{
	struct nw_nntp_listener *listener = argument;
	struct nw_nntp_server *server = listener->server;
	int fd, n;

	(void)what;
	for (n = 0; n < ACCEPTS; n++) {
		if (is_full(server) && another_has_room(server)) {
			pause_accepting(server);
			return;
		}
		fd = accept4(listening, NULL, NULL,
			     SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			server->starved = false;
			welcome(server, fd, listener->tls ? NW_NNTP_TLS_CLIENT
							  : NW_NNTP_CLIENT);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
		    errno == ENOMEM)
			starve(server);
		else if (errno == EINTR || errno == ECONNABORTED)
			continue;
		return;
	}
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Of the shortest time, TICKS. */
static unsigned choose_ticks(struct nw_nntp_server *server)
{
	const struct nw_nntp_options *options = &server->options;
	unsigned ms = least(options->idle_ms,
			    least(options->command_ms, options->stall_ms));

	ms = ms > TICKS ? ms / TICKS : 1;
	server->idle_ticks = (options->idle_ms + ms - 1) / ms;
	server->command_ticks = (options->command_ms + ms - 1) / ms;
	server->stall_ticks = (options->stall_ms + ms - 1) / ms;
	return ms;
}

static int start_timers(struct nw_nntp_server *server, struct nw_error *err)
{
	unsigned tick_ms = choose_ticks(server);
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

/* As many clients as there are descriptors, but for those of the store and of
 * what else must be opened in between. */
static unsigned default_connections(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0 ||
	    files.rlim_cur >= NW_NNTP_CONNECTIONS + NW_NNTP_SPARE_FILES)
		return NW_NNTP_CONNECTIONS;
	return files.rlim_cur > NW_NNTP_SPARE_FILES
		       ? (unsigned)files.rlim_cur - NW_NNTP_SPARE_FILES
		       : 1;
}

static void fill_defaults(struct nw_nntp_options *options)
{
	if (!options->connections_max)
		options->connections_max = default_connections();
	if (!options->idle_ms)
		options->idle_ms = NW_NNTP_IDLE_S * 1000;
	if (!options->command_ms)
		options->command_ms = NW_NNTP_COMMAND_S * 1000;
	if (!options->stall_ms)
		options->stall_ms = NW_NNTP_STALL_S * 1000;
	if (!options->queued_max)
		options->queued_max = NW_NNTP_QUEUED_BYTES;
	if (!options->errand_ms)
		options->errand_ms = NW_ERRAND_MS;
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
	fill_defaults(&server->options);
	nw_buf_init(&server->reply, REPLY_BYTES_MAX);
	server->packers = nw_nntp_packers_new();
	if (!server->packers) {
		free(server);
		return nw_error_errno(err, "serve");
	}
	if (start_timers(server, err) < 0 ||
	    nw_checker_new(&server->checker, base, err) < 0) {
		nw_nntp_packers_free(&server->packers);
		free(server);
		return -1;
	}
	nw_nntp_users_refresh(server);
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
	nw_nntp_errands_free(server);
	nw_checker_free(&server->checker);
	nw_nntp_sasl_free(server);
	nw_users_free(&server->users);
	nw_nntp_poster_free(server);
	(void)event_del(&server->turn_end);
	(void)event_del(&server->tick);
	(void)event_del(&server->resume);
	nw_buf_free(&server->reply);
	nw_nntp_packers_free(&server->packers);
	(void)nw_nntp_server_certificate(server, NULL, NULL, NULL);
	free(server);
	*server_p = NULL;
}

int nw_nntp_server_listen(struct nw_nntp_server *server, int fd, bool tls,
			  struct nw_error *err)
{
	struct nw_nntp_listener *listener = calloc(1, sizeof(*listener));
	const int on = 1;

	if (!listener)
		return nw_error_errno(err, "serve");
	/* Clients' sockets have these from the one that listens.  Neither is
	 * of use on a socket of another family, nor needed. */
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	listener->server = server;
	listener->tls = tls;
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
	return nw_nntp_session_new(server, in, out, NW_NNTP_ALONE, err);
}
