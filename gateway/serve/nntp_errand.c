/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "newswire/helper.h"
#include "newswire/nntp_server.h"
#include "newswire/utf8.h"

#include "nntp_errand_private.h"

#define NICENESS 10
#define READ_BYTES (16u << 10)
#define WORDS 8
#define REASON_BYTES 480 /* of a line of 512 (RFC 3977 section 3.1) */
/* A child's pipes are closed a moment before it can be reaped. */
#define REAP_MS 5

#ifndef POLLRDHUP
#define POLLRDHUP 0
#endif

enum { OUTPUT, WORDS_SAID };

static int64_t clock_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void look_in(struct nw_nntp_errand *errand, unsigned ms)
{
	const struct timeval pause = { ms / 1000, ms % 1000 * 1000 };

	(void)event_add(&errand->look, &pause);
}

static void close_pipe(struct nw_nntp_errand *errand, int which)
{
	if (errand->fds[which] < 0)
		return;
	(void)event_del(&errand->readable[which]);
	(void)close(errand->fds[which]);
	errand->fds[which] = -1;
}

static void stop(struct nw_nntp_errand *errand)
{
	(void)kill(errand->pid, SIGKILL);
	close_pipe(errand, OUTPUT);
	close_pipe(errand, WORDS_SAID);
	errand->stopping = true;
	look_in(errand, REAP_MS);
}

/* Without readers that share their limits, there is one client. */
static int take_place(struct nw_nntp_errand *errand, const char *user,
		      struct nw_error *err)
{
	const struct nw_nntp_options *options = &errand->server->options;

	if (options->limits)
		errand->place = nw_nntp_limit_errand(options->limits,
						     options->reader, user);
	return errand->place < 0
		       ? nw_error_set(err, NW_ERROR_BUSY,
				      "too much of this is under way; try "
				      "again later")
		       : 0;
}

static void leave_place(const struct nw_nntp_errand *errand)
{
	const struct nw_nntp_options *options = &errand->server->options;

	if (options->limits)
		nw_nntp_limit_errand_end(options->limits, options->reader,
					 errand->place);
}

static void errand_free(struct nw_nntp_errand *errand)
{
	close_pipe(errand, OUTPUT);
	close_pipe(errand, WORDS_SAID);
	(void)event_del(&errand->look);
	*errand->link = errand->next;
	if (errand->next)
		errand->next->link = errand->link;
	nw_buf_free(&errand->output);
	leave_place(errand);
	free(errand);
}

void nw_nntp_errand_drop(struct nw_nntp_session *session)
{
	struct nw_nntp_errand *errand = session->errand;

	if (!errand)
		return;
	session->errand = NULL;
	errand->session = NULL;
	if (errand->pid)
		stop(errand);
	else
		errand_free(errand);
}

void nw_nntp_errands_free(struct nw_nntp_server *server)
{
	struct nw_nntp_errand *errand;

	while ((errand = server->errands)) {
		if (errand->pid) {
			(void)kill(errand->pid, SIGKILL);
			while (waitpid(errand->pid, NULL, 0) < 0 &&
			       errno == EINTR)
				continue;
		}
		errand_free(errand);
	}
}

/* The child is no more: whoever waits for it hears of it. */
static void reap(struct nw_nntp_errand *errand)
{
	int status = 0;
	pid_t pid = waitpid(errand->pid, &status, WNOHANG);

	if (pid == 0) {
		if (clock_ms() >= errand->deadline_ms)
			(void)kill(errand->pid, SIGKILL);
		look_in(errand, REAP_MS);
		return;
	}
	errand->pid = 0;
	if (errand->end == NW_NNTP_ERRAND_RUNS) {
		errand->end = pid > 0 && WIFEXITED(status)
				      ? NW_NNTP_ERRAND_ENDED
				      : NW_NNTP_ERRAND_KILLED;
		errand->code = WEXITSTATUS(status);
	}
	if (errand->session)
		nw_nntp_wake(errand->session);
	else
		errand_free(errand);
}

/* Whether it sent more commands.  What TLS has not read yet may be no more than
 * a good-bye. */
static bool asks_more(const struct nw_nntp_session *session)
{
	const struct nw_nntp_stream *stream = &session->stream;
	int octets = 0;

	return session->input.len || nw_nntp_stream_buffered(stream) ||
	       (!stream->tls && ioctl(stream->in, FIONREAD, &octets) == 0 &&
		octets > 0);
}

/*
 * While a session waits, nothing is read that would tell its end.  A client
 * that closed its side and has nothing more to ask has left, as far as anybody
 * can tell (RFC 3977 section 5.4); one that sent more commands, such as QUIT,
 * waits for their answers.
 */
static bool is_client_gone(const struct nw_nntp_session *session)
{
	struct pollfd out = { .fd = session->stream.out, .events = POLLRDHUP };

	return poll(&out, 1, 0) > 0 &&
	       (out.revents != POLLRDHUP || !asks_more(session));
}

static void on_look(evutil_socket_t fd, short what, void *argument)
{
	struct nw_nntp_errand *errand = argument;

	(void)fd;
	(void)what;
	if (errand->stopping) {
		reap(errand);
	} else if (is_client_gone(errand->session)) {
		nw_nntp_session_free(errand->session);
	} else if (clock_ms() >= errand->deadline_ms) {
		errand->end = NW_NNTP_ERRAND_LATE;
		stop(errand);
	} else {
		look_in(errand, NW_ERRAND_LOOK_MS);
	}
}

/* Of what it says, the end is why it failed. */
static void keep_words(struct nw_nntp_errand *errand, const char *bytes,
		       size_t len)
{
	size_t kept = errand->words_len, most = NW_ERRAND_WORDS_BYTES;

	if (len > most) {
		bytes += len - most;
		len = most;
	}
	if (kept > most - len)
		kept = most - len;
	memmove(errand->words, errand->words + errand->words_len - kept, kept);
	memcpy(errand->words + kept, bytes, len);
	errand->words_len = kept + len;
}

static void on_readable(struct nw_nntp_errand *errand, int which)
{
	char bytes[READ_BYTES];
	ssize_t len = read(errand->fds[which], bytes, sizeof(bytes));

	if (len < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (len > 0 && which == WORDS_SAID) {
		keep_words(errand, bytes, (size_t)len);
	} else if (len > 0) {
		nw_buf_add(&errand->output, bytes, (size_t)len);
		if (!nw_buf_ok(&errand->output)) {
			errand->end = NW_NNTP_ERRAND_LARGE;
			stop(errand);
		}
	} else {
		close_pipe(errand, which);
		errand->stopping = errand->fds[OUTPUT] < 0 &&
				   errand->fds[WORDS_SAID] < 0;
		if (errand->stopping)
			look_in(errand, 0);
	}
}

static void on_output(evutil_socket_t fd, short what, void *argument)
{
	(void)fd;
	(void)what;
	on_readable(argument, OUTPUT);
}

static void on_words(evutil_socket_t fd, short what, void *argument)
{
	(void)fd;
	(void)what;
	on_readable(argument, WORDS_SAID);
}

static void __attribute__((noreturn))
run(const struct nw_nntp_options *options, const char *const *words)
{
	const char *argv[4 + WORDS + 1] = { PACKAGE_NAME };
	size_t count = 1;

	if (options->home) {
		argv[count++] = "--home";
		argv[count++] = options->home;
	}
	argv[count++] = "--quiet";
	while (*words && count < 4 + WORDS)
		argv[count++] = *words++;
	(void)execv(options->program, (char *const *)argv);
	(void)dprintf(STDERR_FILENO, "%s: %s\n", options->program,
		      strerror(errno));
	_exit(EX_OSERR);
}

/* Its ends of the pipes are written to errand->fds: 0, -1. */
static int spawn(struct nw_nntp_errand *errand, const char *const *words)
{
	pid_t parent = getpid();
	int out[2], said[2];

	if (pipe2(out, O_CLOEXEC) < 0)
		return -1;
	if (pipe2(said, O_CLOEXEC) < 0) {
		(void)close(out[0]);
		(void)close(out[1]);
		return -1;
	}
	errand->fds[OUTPUT] = out[0];
	errand->fds[WORDS_SAID] = said[0];
	errand->pid = fork();
	if (errand->pid == 0) {
		nw_helper_become(out[1], said[1], parent, NICENESS);
		run(&errand->server->options, words);
	}
	(void)close(out[1]);
	(void)close(said[1]);
	if (errand->pid > 0)
		return 0;
	(void)close(out[0]);
	(void)close(said[0]);
	return -1;
}

/* In the event loop; what fails here shows as silence until the deadline. */
static void watch(struct nw_nntp_errand *errand)
{
	static const event_callback_fn calls[] = { on_output, on_words };
	struct event_base *base = errand->server->base;
	int i;

	(void)event_assign(&errand->look, base, -1, 0, on_look, errand);
	for (i = 0; i < 2; i++) {
		(void)evutil_make_socket_nonblocking(errand->fds[i]);
		(void)event_assign(&errand->readable[i], base, errand->fds[i],
				   EV_READ | EV_PERSIST, calls[i], errand);
		(void)event_add(&errand->readable[i], NULL);
	}
	look_in(errand, NW_ERRAND_LOOK_MS);
}

int nw_nntp_errand_begin(struct nw_nntp_session *session,
			 const char *const *words, struct nw_error *err)
{
	struct nw_nntp_server *server = session->server;
	struct nw_nntp_errand *errand = calloc(1, sizeof(*errand));

	if (!errand)
		return nw_error_errno(err, "serve");
	errand->server = server;
	if (take_place(errand, nw_nntp_user(session), err) < 0) {
		free(errand);
		return -1;
	}
	if (spawn(errand, words) < 0) {
		(void)nw_error_errno(err, "a child process");
		leave_place(errand);
		free(errand);
		return -1;
	}
	nw_buf_init(&errand->output, NW_ERRAND_BYTES);
	errand->deadline_ms = clock_ms() + server->options.errand_ms;
	errand->session = session;
	session->errand = errand;
	errand->next = server->errands;
	errand->link = &server->errands;
	if (errand->next)
		errand->next->link = &errand->next;
	server->errands = errand;
	watch(errand);
	return 0;
}

const char *nw_nntp_errand_reason(struct nw_nntp_errand *errand)
{
	static const char name[] = PACKAGE_NAME ": ";
	char *line = errand->words, *end;

	while (errand->words_len && line[errand->words_len - 1] == '\n')
		errand->words_len--;
	line[errand->words_len] = '\0';
	end = strrchr(line, '\n');
	if (end)
		line = end + 1;
	if (!strncmp(line, name, sizeof(name) - 1))
		line += sizeof(name) - 1;
	if (strlen(line) > REASON_BYTES)
		line[REASON_BYTES] = '\0';
	nw_utf8_printable(line);
	return *line ? line : "it does not say why";
}
