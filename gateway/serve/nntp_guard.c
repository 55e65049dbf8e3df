/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <time.h>

#include "newswire/nntp_limit.h"
#include "newswire/nntp_server.h"

#include "nntp_private.h"

static int64_t monotonic_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static void on_resume(evutil_socket_t fd, short what, void *argument)
{
	struct nw_nntp_session *session = argument;

	(void)fd;
	(void)what;
	session->guard.paused = false;
	nw_nntp_session_resume(session);
}

static void tell(const struct nw_nntp_server *server, unsigned sessions)
{
	if (server->options.limits)
		nw_nntp_limits_tell(server->options.limits,
				    server->options.reader, sessions);
}

int nw_nntp_guard_enter(struct nw_nntp_session *session, struct nw_error *err)
{
	const struct nw_nntp_options *options = &session->server->options;
	struct nw_nntp_guard *guard = &session->guard;

	if (event_assign(&guard->resume, session->server->base, -1, 0,
			 on_resume, session) < 0)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "no timer could be made");
	tell(session->server, session->server->session_count + 1);
	if (!options->limits || !session->origin.has_address ||
	    nw_nntp_limit_address(options->limits, options->reader,
				  session->origin.address,
				  &guard->parties[NW_NNTP_ADDRESS]))
		return 0;
	return nw_error_set(err, NW_ERROR_BUSY,
			    "too many connections from your address");
}

bool nw_nntp_guard_user(struct nw_nntp_session *session, const char *name)
{
	const struct nw_nntp_options *options = &session->server->options;
	struct nw_nntp_party **party = &session->guard.parties[NW_NNTP_USER];

	if (!options->limits)
		return true;
	nw_nntp_limit_leave(options->limits, options->reader, *party);
	return nw_nntp_limit_user(options->limits, options->reader, name,
				  party);
}

void nw_nntp_guard_leave(struct nw_nntp_session *session)
{
	const struct nw_nntp_options *options = &session->server->options;
	size_t kind;

	(void)event_del(&session->guard.resume);
	session->server->queued -= session->guard.left;
	tell(session->server, session->server->session_count);
	for (kind = 0; kind < NW_NNTP_PARTY_KINDS; kind++)
		if (session->guard.parties[kind])
			nw_nntp_limit_leave(options->limits, options->reader,
					    session->guard.parties[kind]);
}

bool nw_nntp_guard_charge(struct nw_nntp_session *session, size_t bytes)
{
	struct nw_nntp_guard *guard = &session->guard;
	struct timeval pause;
	int64_t wait_us, longest_us = 0, now_us = 0;
	size_t kind;

	for (kind = 0; kind < NW_NNTP_PARTY_KINDS; kind++) {
		if (!guard->parties[kind])
			continue;
		if (!now_us)
			now_us = monotonic_us();
		wait_us = nw_nntp_limit_charge(session->server->options.limits,
					       guard->parties[kind],
					       guard->commands, bytes, now_us);
		if (wait_us > longest_us)
			longest_us = wait_us;
	}
	guard->commands = 0;
	guard->paused = longest_us > 0;
	if (!guard->paused)
		return false;
	pause.tv_sec = longest_us / 1000000;
	pause.tv_usec = longest_us % 1000000;
	(void)event_add(&guard->resume, &pause);
	return true;
}

bool nw_nntp_guard_post(struct nw_nntp_session *session, bool count)
{
	struct nw_nntp_limits *limits = session->server->options.limits;
	const char *user = nw_nntp_user(session);

	if (!limits || (!user && !session->origin.has_address))
		return true;
	return nw_nntp_limit_post(limits, session->origin.address, user,
				  count, monotonic_us());
}

void nw_nntp_guard_began(struct nw_nntp_session *session)
{
	if (!session->guard.unfinished)
		session->guard.unfinished = 1;
}

void nw_nntp_guard_ended(struct nw_nntp_session *session)
{
	session->guard.unfinished = 0;
}

/* Memory is for those who take what they ask for. */
static void make_room(struct nw_nntp_session *newcomer)
{
	struct nw_nntp_session *longest = NULL, *session;

	for (session = newcomer->server->sessions; session;
	     session = session->next)
		if (session != newcomer && session->guard.left &&
		    (!longest ||
		     session->guard.waiting >= longest->guard.waiting))
			longest = session;
	if (longest)
		nw_nntp_session_free(longest);
}

void nw_nntp_guard_sent(struct nw_nntp_session *session, size_t octets,
			size_t left)
{
	struct nw_nntp_server *server = session->server;
	struct nw_nntp_guard *guard = &session->guard;

	if (octets)
		session->idle = 0;
	server->queued += left - guard->left;
	guard->left = left;
	if (left && server->queued > server->options.queued_max)
		make_room(session);
	if (!left) {
		guard->waiting = 0;
		return;
	}
	if (!guard->waiting) {
		guard->waiting = 1;
		guard->taken = 0;
	}
	guard->taken += octets;
}

/* The client had the whole time to take what waits for it. */
static bool took_enough(struct nw_nntp_session *session)
{
	struct nw_nntp_guard *guard = &session->guard;
	const struct nw_nntp_options *options = &session->server->options;
	bool enough = guard->taken >= (size_t)options->stall_ms *
					      NW_NNTP_STALL_BYTES_S / 1000;

	guard->waiting = 1;
	guard->taken = 0;
	return enough;
}

bool nw_nntp_guard_tick(struct nw_nntp_session *session)
{
	const struct nw_nntp_server *server = session->server;
	struct nw_nntp_guard *guard = &session->guard;
	unsigned patience = session->taker ? server->idle_ticks
					   : server->command_ticks;

	/* RFC 3977 section 3.1: no response is sent, the connection ends. */
	if (!guard->paused && session->idle++ >= server->idle_ticks)
		return false;
	if (guard->unfinished && guard->unfinished++ > patience)
		return false;
	return !guard->waiting || guard->waiting++ <= server->stall_ticks ||
	       took_enough(session);
}
