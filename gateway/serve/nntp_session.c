/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newswire/nntp_server.h"

#include "nntp_private.h"

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
	       "client %d: %s", session->in, state_names[state]);
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

int nw_nntp_long(struct nw_nntp_session *session, struct nw_nntp_job *job,
		 struct nw_error *err)
{
	int more = job->more(session, job, err);

	if (more < 0)
		return -1;
	if (!more) {
		nw_buf_adds(session->reply, job->end);
		return 0;
	}
	session->job = malloc(sizeof(*session->job));
	if (!session->job)
		return nw_error_errno(err, "serve");
	*session->job = *job;
	return 0;
}

/* Half a reply cannot be taken back: the client sees the connection end. */
static void break_off(struct nw_nntp_session *session, const char *what,
		      const struct nw_error *err)
{
	nw_nntp_fault(session->server, what, err);
	nw_nntp_session_state(session, NW_NNTP_CLOSING);
}

static void continue_job(struct nw_nntp_session *session)
{
	struct nw_nntp_job *job = session->job;
	struct nw_error err;
	int more = nw_nntp_turn(session->server, &err);

	if (more == 0)
		more = job->more(session, job, &err);
	if (more > 0)
		return;
	if (more == 0)
		nw_buf_adds(session->reply, job->end);
	else
		break_off(session, "a reply was broken off", &err);
	free(job);
	session->job = NULL;
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
	if (session->job)
		continue_job(session);
	while (session->state != NW_NNTP_CLOSING && !session->job &&
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

/* Sends what the client takes at once and keeps the rest.  -1: it is gone, or
 * must go. */
static int send_reply(struct nw_nntp_session *session)
{
	const struct nw_buf *reply = session->reply;
	struct nw_error err;
	ssize_t sent;

	if (!nw_buf_ok(reply)) {
		(void)nw_error_set(&err, NW_ERROR_INTERNAL,
				   "more than %zu octets in one turn",
				   reply->max);
		nw_nntp_fault(session->server, "a reply was dropped", &err);
		return -1;
	}
	if (!reply->len)
		return 0;
	sent = write(session->out, reply->data, reply->len);
	if (sent < 0) {
		if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
			return -1;
		sent = 0;
	}
	nw_nntp_guard_sent(session, (size_t)sent, reply->len - (size_t)sent);
	if ((size_t)sent == reply->len)
		return 0;
	session->rest_sent = 0;
	nw_buf_add(&session->rest, reply->data + sent,
		   reply->len - (size_t)sent);
	return nw_buf_ok(&session->rest) ? 0 : -1;
}

/* Sends more of the rest: 1 when all of it is gone, 0 when the client is
 * slow, -1 when it is gone. */
static int send_rest(struct nw_nntp_session *session)
{
	size_t left = session->rest.len - session->rest_sent;
	ssize_t sent;

	if (!left)
		return 1;
	sent = write(session->out, session->rest.data + session->rest_sent,
		     left);
	if (sent < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK ||
		       errno == EINTR ? 0 : -1;
	nw_nntp_guard_sent(session, (size_t)sent, left - (size_t)sent);
	session->rest_sent += (size_t)sent;
	if ((size_t)sent < left)
		return 0;
	nw_buf_free(&session->rest);
	session->rest_sent = 0;
	return 1;
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

/* What to wait for next.  -1: nothing, this was all. */
static int settle(struct nw_nntp_session *session, bool more)
{
	if (session->rest.len)
		return watch(session, NW_NNTP_WATCH_OUTPUT);
	if (session->state == NW_NNTP_CLOSING ||
	    (!more && session->state != NW_NNTP_OPEN))
		return -1;
	if (session->guard.paused)
		return watch(session, NW_NNTP_WATCH_NOTHING);
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

/* One turn with len octets of the server's input buffer. */
static void serve(struct nw_nntp_session *session, size_t len)
{
	char *data = session->server->input;
	size_t used;
	bool more;

	used = make_replies(session, data, len, &more);
	(void)nw_nntp_guard_charge(session, session->reply->len);
	if (send_reply(session) < 0 ||
	    keep_input(session, data + used, len - used) < 0 ||
	    settle(session, more) < 0)
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

void nw_nntp_session_resume(struct nw_nntp_session *session)
{
	/* Else it goes on when the rest is gone. */
	if (!session->rest.len)
		serve(session, take_input(session));
}

static void on_readable(evutil_socket_t fd, short what, void *argument)
{
	struct nw_nntp_session *session = argument;
	size_t len = take_input(session);
	ssize_t got;

	(void)what;
	/* Half a command is shorter than the buffer: there is room. */
	got = read(fd, session->server->input + len,
		   NW_NNTP_INPUT_BYTES - len);
	if (got < 0) {
		if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
			nw_nntp_session_free(session);
		return;
	}
	if (got == 0)
		nw_nntp_session_state(session, NW_NNTP_FINISHING);
	session->idle = 0;
	serve(session, len + (size_t)got);
}

static void on_writable(evutil_socket_t fd, short what, void *argument)
{
	struct nw_nntp_session *session = argument;
	int sent = send_rest(session);

	(void)fd;
	(void)what;
	if (sent < 0)
		nw_nntp_session_free(session);
	else if (sent > 0 && session->guard.paused)
		(void)watch(session, NW_NNTP_WATCH_NOTHING);
	else if (sent > 0)
		serve(session, take_input(session));
}

/* Of "newswire nntp": others may hold the same open files. */
static int unblock(int fd, int *flags_r)
{
	*flags_r = fcntl(fd, F_GETFL);
	return *flags_r < 0 ? -1 : fcntl(fd, F_SETFL, *flags_r | O_NONBLOCK);
}

static int prepare(struct nw_nntp_session *session, bool alone,
		   struct nw_error *err)
{
	struct event_base *base = session->server->base;

	if (event_assign(&session->readable, base, session->in,
			 EV_READ | EV_PERSIST, on_readable, session) < 0 ||
	    event_assign(&session->writable, base, session->out,
			 EV_WRITE | EV_PERSIST, on_writable, session) < 0 ||
	    watch(session, NW_NNTP_WATCH_INPUT) < 0)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "a client cannot be watched");
	if (!alone)
		return 0;
	if (unblock(session->in, &session->in_flags) < 0 ||
	    unblock(session->out, &session->out_flags) < 0) {
		(void)watch(session, NW_NNTP_WATCH_NOTHING);
		return nw_error_errno(err, "the client's descriptors");
	}
	return 0;
}

static void greet(struct nw_nntp_session *session)
{
	(void)take_input(session);
	nw_nntp_reply(session, NW_NNTP_READY_NO_POST,
		      "%s %s %s ready, no posting",
		      session->server->options.path_host, PACKAGE_NAME,
		      PACKAGE_VERSION);
	serve(session, 0);
}

int nw_nntp_session_new(struct nw_nntp_server *server, int in, int out,
			bool alone, struct nw_error *err)
{
	struct nw_nntp_session *session = calloc(1, sizeof(*session));

	if (!session)
		return nw_error_errno(err, "serve");
	session->server = server;
	session->reply = &server->reply;
	session->in = in;
	session->out = out;
	session->alone = alone;
	nw_buf_init(&session->input, NW_NNTP_INPUT_BYTES);
	nw_buf_init(&session->rest, server->reply.max);
	if (nw_nntp_guard_enter(session, in, err) < 0 ||
	    prepare(session, alone, err) < 0) {
		nw_nntp_guard_leave(session);
		free(session);
		return -1;
	}
	session->next = server->sessions;
	session->link = &server->sessions;
	if (session->next)
		session->next->link = &session->next;
	server->sessions = session;
	server->session_count++;
	greet(session);
	return 0;
}

/* The descriptors of a client on the network are ours, others are not. */
static void leave(struct nw_nntp_session *session)
{
	if (!session->alone) {
		(void)close(session->in);
		return;
	}
	/* Both may be one: what was read first is what it was. */
	(void)fcntl(session->out, F_SETFL, session->out_flags);
	(void)fcntl(session->in, F_SETFL, session->in_flags);
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
	leave(session);
	nw_nntp_taker_end(session);
	nw_buf_free(&session->input);
	nw_buf_free(&session->rest);
	free(session->job);
	free(session);
}
