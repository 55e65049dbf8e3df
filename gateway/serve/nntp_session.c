/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newswire/config.h"
#include "newswire/nntp_server.h"

#include "nntp_errand_private.h"

/* Where a turn ends, so that one more piece is all that may be queued. */
#define TURN_BYTES (NW_NNTP_OUTPUT_BYTES - NW_NNTP_PIECE_BYTES)

static const char *const state_names[NW_NNTP_STATES] = {
	[NW_NNTP_OPEN] = "open",
	[NW_NNTP_FINISHING] = "finishing",
	[NW_NNTP_CLOSING] = "closing",
};

void nw_nntp_session_state(struct nw_nntp_session *session,
			   enum nw_nntp_state state)
{
	nw_log(session->server->options.log, NW_LOG_DEBUG, "serve", NULL,
	       "client %d: %s", session->stream.in, state_names[state]);
	session->state = state;
}

void nw_nntp_reply(struct nw_nntp_session *session, enum nw_nntp_code code,
		   const char *format, ...)
{
	va_list args;

	nw_buf_addf(session->reply, "%d ", (int)code);
	va_start(args, format);
	nw_buf_vaddf(session->reply, format, args);
	va_end(args);
	nw_buf_add(session->reply, "\r\n", 2);
}

void nw_nntp_reply_syntax(struct nw_nntp_session *session,
			  const struct nw_nntp_command *command)
{
	nw_nntp_reply(session, NW_NNTP_SYNTAX, "syntax: %s%s%s", command->name,
		      command->syntax[0] ? " " : "", command->syntax);
}

void nw_nntp_taker_begin(struct nw_nntp_session *session,
			 struct nw_nntp_taker *taker)
{
	session->taker = taker;
	nw_nntp_guard_began(session);
}

void nw_nntp_taker_end(struct nw_nntp_session *session)
{
	struct nw_nntp_taker *taker = session->taker;

	session->taker = NULL;
	nw_nntp_guard_ended(session);
	if (taker)
		taker->free(taker);
}

/* A command whose reply has not begun to leave gets 403 in its place. */
static void answer(struct nw_nntp_session *session, char *line, size_t len)
{
	size_t begin = session->reply->len;
	struct nw_error err;

	session->work += NW_NNTP_LOOK_BYTES;
	session->guard.commands++;
	if (nw_nntp_answer(session, line, len, &err) == 0)
		return;
	nw_nntp_fault(session->server, "a command failed", &err);
	nw_buf_cut(session->reply, begin);
	nw_nntp_reply(session, NW_NNTP_FAULT, "the store cannot be read now");
}

/*
 * Takes one line off the front and answers it: the octets taken, 0 when it is
 * not all there.  Of a line that is too long, the end need not come to be
 * refused.
 */
static size_t take_line(struct nw_nntp_session *session, char *data,
			size_t len)
{
	char *end = memchr(data, '\n', len);
	size_t taken = end ? (size_t)(end + 1 - data) : len;
	bool skipped = session->skipping;

	if (!end && !skipped && len < NW_NNTP_LINE_OCTETS)
		return 0;
	session->skipping = !end;
	if (end)
		nw_nntp_guard_ended(session);
	if (skipped)
		return taken;
	if (!end || taken > NW_NNTP_LINE_OCTETS) {
		nw_nntp_reply(session, NW_NNTP_SYNTAX,
			      "a line has %d octets at most",
			      NW_NNTP_LINE_OCTETS);
		return taken;
	}
	if (end > data && end[-1] == '\r')
		end--;
	*end = '\0';
	answer(session, data, (size_t)(end - data));
	return taken;
}

/* The same for octets of whatever kind. */
static size_t take(struct nw_nntp_session *session, char *data, size_t len)
{
	if (!len)
		return 0;
	if (!session->taker)
		return take_line(session, data, len);
	session->work += NW_NNTP_LOOK_BYTES;
	return session->taker->take(session, session->taker, data, len);
}

/*
 * Makes replies as long as there are commands and the turn is not spent: how
 * many of the octets were answered.  more_r: whether there is more to do
 * once this was sent.
 */
static size_t make_replies(struct nw_nntp_session *session, char *data,
			   size_t len, bool *more_r)
{
	size_t used = 0, taken;

	session->work = 0;
	*more_r = true;
	if (session->job && !session->waiting)
		nw_nntp_job_continue(session);
	while (session->state != NW_NNTP_CLOSING && !session->job &&
	       !nw_nntp_stream_upgrades(&session->stream) &&
	       session->reply->len + session->work < TURN_BYTES) {
		taken = take(session, data + used, len - used);
		if (!taken) {
			*more_r = false;
			break;
		}
		used += taken;
	}
	return used;
}

/* -1: the client is gone, or must go. */
static int send_reply(struct nw_nntp_session *session)
{
	const struct nw_buf *reply = session->reply;
	struct nw_error err;

	if (nw_buf_ok(reply))
		return nw_nntp_stream_send(&session->stream, reply->data,
					   reply->len);
	(void)nw_error_set(&err, NW_ERROR_INTERNAL,
			   "more than %zu octets in one turn", reply->max);
	nw_nntp_fault(session->server, "a reply was dropped", &err);
	return -1;
}

/* Input is not read while output waits: who does not take replies can send
 * no commands. */
static int watch(struct nw_nntp_session *session, enum nw_nntp_watch which)
{
	int result = 0;

	if (session->watch == which)
		return 0;
	if (session->watch == NW_NNTP_WATCH_INPUT)
		result |= event_del(&session->readable);
	else if (session->watch == NW_NNTP_WATCH_OUTPUT)
		result |= event_del(&session->writable);
	if (which == NW_NNTP_WATCH_INPUT)
		result |= event_add(&session->readable, NULL);
	else if (which == NW_NNTP_WATCH_OUTPUT)
		result |= event_add(&session->writable, NULL);
	session->watch = which;
	return result;
}

void nw_nntp_wait(struct nw_nntp_session *session)
{
	session->waiting = true;
}

/* Its turn comes when what it was last told has left. */
void nw_nntp_wake(struct nw_nntp_session *session)
{
	session->waiting = false;
	if (!session->guard.paused)
		(void)watch(session, NW_NNTP_WATCH_OUTPUT);
}

/* What to wait for next.  -1: nothing, this was all. */
static int settle(struct nw_nntp_session *session, bool more)
{
	const struct nw_nntp_stream *stream = &session->stream;

	if (stream->handshaking) {
		nw_nntp_guard_began(session);
		return watch(session, stream->wants_write
					      ? NW_NNTP_WATCH_OUTPUT
					      : NW_NNTP_WATCH_INPUT);
	}
	if (stream->rest.len)
		return watch(session, NW_NNTP_WATCH_OUTPUT);
	if (session->waiting)
		return watch(session, NW_NNTP_WATCH_NOTHING);
	more = more || nw_nntp_stream_buffered(stream);
	if (session->state == NW_NNTP_CLOSING ||
	    (!more && session->state != NW_NNTP_OPEN))
		return -1;
	if (session->guard.paused)
		return watch(session, NW_NNTP_WATCH_NOTHING);
	/* The event loop looks at the others before it comes back. */
	if (more) {
		nw_nntp_guard_sent(session, 0, 1);
		return watch(session, NW_NNTP_WATCH_OUTPUT);
	}
	if (session->input.len || session->skipping)
		nw_nntp_guard_began(session);
	return watch(session, NW_NNTP_WATCH_INPUT);
}

/* Keeps the octets that wait for their end, or for their turn. */
static int keep_input(struct nw_nntp_session *session, const char *data,
		      size_t len)
{
	nw_buf_free(&session->input);
	if (len)
		nw_buf_add(&session->input, data, len);
	return nw_buf_ok(&session->input) ? 0 : -1;
}

/* Whose octets come or go is not idle. */
static void look_at_stream(struct nw_nntp_session *session)
{
	struct nw_nntp_stream *stream = &session->stream;

	if (stream->came)
		session->idle = 0;
	nw_nntp_guard_sent(session, stream->taken,
			   stream->rest.len - stream->rest_sent);
	stream->came = false;
	stream->taken = 0;
}

/* One turn with len octets of the server's input buffer. */
static void serve(struct nw_nntp_session *session, size_t len)
{
	char *data = session->server->input;
	size_t used;
	bool more;

	used = make_replies(session, data, len, &more);
	(void)nw_nntp_guard_charge(session, session->reply->len);
	if (send_reply(session) < 0 ||
	    keep_input(session, data + used, len - used) < 0) {
		nw_nntp_session_free(session);
		return;
	}
	nw_nntp_stream_upgrade(&session->stream, &session->input);
	look_at_stream(session);
	if (settle(session, more) < 0)
		nw_nntp_session_free(session);
}

/* Puts the octets that were left over into the server's input buffer. */
static size_t take_input(struct nw_nntp_session *session)
{
	nw_buf_reset(session->reply);
	if (session->input.len)
		memcpy(session->server->input, session->input.data,
		       session->input.len);
	return session->input.len;
}

static void greet(struct nw_nntp_session *session)
{
	bool posts;

	nw_nntp_grant(session, NULL);
	posts = nw_nntp_invites_post(session);
	(void)take_input(session);
	nw_nntp_reply(session,
		      posts ? NW_NNTP_READY_POST : NW_NNTP_READY_NO_POST,
		      "%s %s %s ready, %s",
		      session->server->options.config->path_host,
		      PACKAGE_NAME, PACKAGE_VERSION,
		      posts ? "posting allowed" : "no posting");
	session->greeted = true;
	serve(session, 0);
}

static void shake(struct nw_nntp_session *session)
{
	struct nw_error err;
	int done = nw_nntp_tls_shake(&session->stream, &err);

	if (done > 0) {
		nw_nntp_guard_ended(session);
		nw_nntp_grant(session, NULL);
	}
	if (done < 0)
		nw_log(session->server->options.log, NW_LOG_DEBUG, "serve",
		       NULL, "client %d: TLS: %s", session->stream.in,
		       err.text);
	if (done > 0 && !session->greeted)
		greet(session);
	else if (done < 0 || settle(session, false) < 0)
		nw_nntp_session_free(session);
}

/* One turn with what was left over and, while there is room, what comes. */
static void turn(struct nw_nntp_session *session, bool reads)
{
	char *input = session->server->input;
	size_t len = take_input(session);
	ssize_t got = -1;

	errno = EAGAIN;
	/* Who was told good-bye is not made a client again by an end. */
	if (reads && session->state != NW_NNTP_CLOSING &&
	    len < NW_NNTP_INPUT_BYTES)
		got = nw_nntp_stream_read(&session->stream, input + len,
					  NW_NNTP_INPUT_BYTES - len);
	if (got > 0) {
		len += (size_t)got;
	} else if (got == 0) {
		nw_nntp_session_state(session, NW_NNTP_FINISHING);
	} else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
		nw_nntp_session_free(session);
		return;
	}
	serve(session, len);
}

void nw_nntp_session_resume(struct nw_nntp_session *session)
{
	/* Else it goes on when the rest is gone. */
	if (!session->stream.rest.len)
		turn(session, nw_nntp_stream_buffered(&session->stream));
}

static void on_readable(evutil_socket_t fd, short what, void *argument)
{
	struct nw_nntp_session *session = argument;

	(void)fd;
	(void)what;
	if (session->stream.handshaking)
		shake(session);
	else
		turn(session, true);
}

static void on_writable(evutil_socket_t fd, short what, void *argument)
{
	struct nw_nntp_session *session = argument;
	int sent;

	(void)fd;
	(void)what;
	if (session->stream.handshaking) {
		shake(session);
		return;
	}
	sent = nw_nntp_stream_flush(&session->stream);
	look_at_stream(session);
	if (sent < 0)
		nw_nntp_session_free(session);
	else if (sent > 0 && session->guard.paused)
		(void)watch(session, NW_NNTP_WATCH_NOTHING);
	else if (sent > 0)
		turn(session, nw_nntp_stream_buffered(&session->stream));
}

/* Of "newswire nntp": others may hold the same open files. */
static int unblock(int fd, int *flags_r)
{
	*flags_r = fcntl(fd, F_GETFL);
	return *flags_r < 0 ? -1 : fcntl(fd, F_SETFL, *flags_r | O_NONBLOCK);
}

static int prepare(struct nw_nntp_session *session, struct nw_error *err)
{
	struct nw_nntp_stream *stream = &session->stream;
	struct event_base *base = session->server->base;

	if (event_assign(&session->readable, base, stream->in,
			 EV_READ | EV_PERSIST, on_readable, session) < 0 ||
	    event_assign(&session->writable, base, stream->out,
			 EV_WRITE | EV_PERSIST, on_writable, session) < 0 ||
	    watch(session, NW_NNTP_WATCH_INPUT) < 0)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "a client cannot be watched");
	if (!session->alone)
		return 0;
	if (unblock(stream->in, &session->in_flags) < 0 ||
	    unblock(stream->out, &session->out_flags) < 0) {
		(void)watch(session, NW_NNTP_WATCH_NOTHING);
		return nw_error_errno(err, "the client's descriptors");
	}
	return 0;
}

/* TLS from the first octet, if that is asked for. */
static int begin(struct nw_nntp_session *session, enum nw_nntp_peer peer,
		 struct nw_error *err)
{
	struct nw_nntp_stream *stream = &session->stream;
	struct ssl_ctx_st *tls = session->server->tls;

	if (peer == NW_NNTP_TLS_CLIENT) {
		stream->tls = tls ? nw_nntp_tls_new(tls, stream) : NULL;
		stream->handshaking = true;
		nw_nntp_guard_began(session);
		if (!stream->tls)
			return nw_error_set(err, NW_ERROR_CONFIG,
					    "a client wants TLS, and there is "
					    "no certificate");
	}
	return prepare(session, err);
}

int nw_nntp_session_new(struct nw_nntp_server *server, int in, int out,
			enum nw_nntp_peer peer, struct nw_error *err)
{
	struct nw_nntp_session *session = calloc(1, sizeof(*session));

	if (!session)
		return nw_error_errno(err, "serve");
	session->server = server;
	session->reply = &server->reply;
	session->alone = peer == NW_NNTP_ALONE;
	nw_buf_init(&session->input, NW_NNTP_INPUT_BYTES);
	nw_nntp_stream_init(&session->stream, in, out,
			    server->reply.max + NW_NNTP_INPUT_BYTES);
	session->origin = nw_nntp_origin(in);
	if (nw_nntp_guard_enter(session, err) < 0 ||
	    begin(session, peer, err) < 0) {
		nw_nntp_guard_leave(session);
		nw_nntp_stream_free(&session->stream);
		free(session);
		return -1;
	}
	session->next = server->sessions;
	session->link = &server->sessions;
	if (session->next)
		session->next->link = &session->next;
	server->sessions = session;
	server->session_count++;
	if (!session->stream.handshaking)
		greet(session);
	return 0;
}

/* The descriptors of a client on the network are ours, others are not. */
static void leave(struct nw_nntp_session *session)
{
	const struct nw_nntp_stream *stream = &session->stream;

	if (!session->alone) {
		(void)close(stream->in);
		return;
	}
	/* Both may be one: what was read first is what it was. */
	(void)fcntl(stream->out, F_SETFL, session->out_flags);
	(void)fcntl(stream->in, F_SETFL, session->in_flags);
	(void)event_base_loopexit(session->server->base, NULL);
}

void nw_nntp_session_free(struct nw_nntp_session *session)
{
	(void)watch(session, NW_NNTP_WATCH_NOTHING);
	*session->link = session->next;
	if (session->next)
		session->next->link = session->link;
	session->server->session_count--;
	nw_nntp_guard_leave(session);
	nw_nntp_stream_free(&session->stream);
	leave(session);
	nw_nntp_taker_end(session);
	nw_nntp_errand_drop(session);
	nw_nntp_login_free(session);
	nw_buf_free(&session->input);
	free(session->job);
	free(session);
}
