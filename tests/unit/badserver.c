/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gnutls/gnutls.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "badserver.h"

#define LINE_BYTES 65536
#define QUIET_MS   200

struct play {
	int fd;
	bool singly;
	gnutls_session_t tls; /* NULL: in clear */
	char in[LINE_BYTES];
	size_t len;
	char line[LINE_BYTES]; /* the client's last one */
};

static void fail(const struct play *play, const char *step)
{
	fprintf(stderr, "# the script has \"%s\", the client's line was %s\n",
		step, play->line);
	_exit(1);
}

static ssize_t get(const struct play *play, void *bytes, size_t size)
{
	return play->tls ? gnutls_record_recv(play->tls, bytes, size)
			 : recv(play->fd, bytes, size, 0);
}

/* False when the client has left. */
static bool put(const struct play *play, const char *bytes, size_t len)
{
	while (len) {
		size_t piece = play->singly ? 1 : len;
		ssize_t sent =
			play->tls ? gnutls_record_send(play->tls, bytes, piece)
				  : send(play->fd, bytes, piece, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		bytes += sent;
		len -= (size_t)sent;
	}
	return true;
}

static bool read_line(struct play *play)
{
	char *end;
	ssize_t got;

	while (!(end = memchr(play->in, '\n', play->len))) {
		if (play->len == sizeof(play->in))
			return false;
		got = get(play, play->in + play->len,
			  sizeof(play->in) - play->len);
		if (got <= 0)
			return false;
		play->len += (size_t)got;
	}
	*end = '\0';
	memcpy(play->line, play->in, (size_t)(end - play->in) + 1);
	play->len -= (size_t)(end + 1 - play->in);
	memmove(play->in, end + 1, play->len);
	play->line[strcspn(play->line, "\r")] = '\0';
	return true;
}

static void expect(struct play *play, const char *text)
{
	(void)snprintf(play->line, sizeof(play->line), "(none)");
	if (!read_line(play) || strcmp(play->line, text))
		fail(play, text);
}

/* "|", "~" and "^" of a script; "%" if number is not negative. */
static size_t expand(const char *text, long number, char out[LINE_BYTES])
{
	size_t len = 0;

	for (; *text && len + 64 < LINE_BYTES; text++) {
		if (*text == '|') {
			out[len++] = '\r';
			out[len++] = '\n';
		} else if (*text == '%' && number >= 0) {
			len += (size_t)snprintf(out + len, 32, "%ld", number);
		} else {
			out[len++] = *text == '~'   ? '\0'
				     : *text == '^' ? '\n'
						    : *text;
		}
	}
	out[len] = '\0';
	return len;
}

static void say(const struct play *play, const char *text, long number,
		bool end)
{
	char out[LINE_BYTES];
	size_t len = expand(text, number, out);

	if (end) {
		memcpy(out + len, "\r\n", 2);
		len += 2;
	}
	(void)put(play, out, len);
}

static void many(struct play *play, const char *step, bool heard)
{
	char *at, out[LINE_BYTES];
	long from = strtol(step, &at, 10), to = strtol(at, &at, 10);

	for (at += *at == ' '; from <= to; from++) {
		(void)expand(at, from, out);
		if (heard)
			expect(play, out);
		else
			say(play, at, from, true);
	}
}

static void send_for_ever(const struct play *play, const char *text,
			  unsigned pause_ms)
{
	char out[LINE_BYTES];
	size_t len = expand(text, -1, out), at = 0;
	struct pollfd left = { .fd = play->fd, .events = POLLRDHUP };

	while (put(play, out + at, pause_ms ? 1 : len)) {
		if (!pause_ms)
			continue;
		at = (at + 1) % len;
		if (poll(&left, 1, (int)pause_ms) > 0)
			return;
	}
}

/* A stream of empty stored blocks that are not the last. */
static void send_zeros(const struct play *play)
{
	char block[5 + 256] = { 0, 0, 1, (char)0xff, (char)0xfe };

	while (put(play, block, sizeof(block)))
		;
}

static void be_quiet(struct play *play)
{
	struct pollfd polled = { .fd = play->fd, .events = POLLIN };

	if (play->len || poll(&polled, 1, QUIET_MS) > 0) {
		(void)read_line(play);
		fail(play, "quiet");
	}
}

static void start_tls(struct play *play, const char *file,
		      const char *priorities)
{
	gnutls_certificate_credentials_t keys;
	int done;

	if (gnutls_certificate_allocate_credentials(&keys) < 0 ||
	    gnutls_certificate_set_x509_key_file(keys, file, file,
						 GNUTLS_X509_FMT_PEM) < 0 ||
	    gnutls_init(&play->tls, GNUTLS_SERVER | GNUTLS_NO_SIGNAL) < 0 ||
	    gnutls_priority_set_direct(play->tls, priorities, NULL) < 0 ||
	    gnutls_credentials_set(play->tls, GNUTLS_CRD_CERTIFICATE, keys) < 0)
		fail(play, file);
	gnutls_transport_set_int(play->tls, play->fd);
	do
		done = gnutls_handshake(play->tls);
	while (done < 0 && !gnutls_error_is_fatal(done));
	/* The client does not like the certificate: that ends the script. */
	if (done < 0)
		_exit(0);
}

static void be_called(struct play *play, const char *name)
{
	size_t size = sizeof(play->line);
	unsigned type;

	if (gnutls_server_name_get(play->tls, play->line, &size, &type, 0) < 0)
		play->line[0] = '\0';
	if (strcmp(play->line, name))
		fail(play, name);
}

static void reset(const struct play *play)
{
	struct linger linger = { .l_onoff = 1 };

	(void)setsockopt(play->fd, SOL_SOCKET, SO_LINGER, &linger,
			 sizeof(linger));
	(void)close(play->fd);
	_exit(0);
}

static const char *rest(const char *step, const char *word)
{
	size_t len = strlen(word);

	return strncmp(step, word, len) ? NULL
					: step + len + (step[len] == ' ');
}

static void follow(struct play *play, const char *step)
{
	const char *text;
	char *at;

	if ((text = rest(step, "C:"))) {
		expect(play, text);
	} else if ((text = rest(step, "C*:"))) {
		many(play, text, true);
	} else if ((text = rest(step, "S:"))) {
		say(play, text, -1, true);
	} else if ((text = rest(step, "S*:"))) {
		many(play, text, false);
	} else if ((text = rest(step, "P:"))) {
		say(play, text, -1, false);
	} else if ((text = rest(step, "drip:"))) {
		unsigned ms = (unsigned)strtoul(text, &at, 10);

		send_for_ever(play, at + 1, ms);
	} else if ((text = rest(step, "flood:"))) {
		send_for_ever(play, text, 0);
	} else if ((text = rest(step, "tls:"))) {
		start_tls(play, text, "NORMAL");
	} else if ((text = rest(step, "tls 1.1:"))) {
		start_tls(play, text, "NORMAL:-VERS-ALL:+VERS-TLS1.1");
	} else if ((text = rest(step, "sni:"))) {
		be_called(play, text);
	} else if (!strcmp(step, "zeros")) {
		send_zeros(play);
	} else if (!strcmp(step, "hear")) {
		if (!play->len && get(play, play->in, sizeof(play->in)) <= 0)
			fail(play, step);
	} else if (!strcmp(step, "quiet")) {
		be_quiet(play);
	} else if (!strcmp(step, "stall")) {
		while (read_line(play))
			;
	} else if (!strcmp(step, "singly")) {
		play->singly = true;
	} else if (!strcmp(step, "close")) {
		_exit(0);
	} else if (!strcmp(step, "reset")) {
		reset(play);
	} else {
		fail(play, step);
	}
}

static void play_script(int fd, const char *script)
{
	static struct play play;
	char step[LINE_BYTES];

	play.fd = fd;
	while (scripted_step(&script, step, sizeof(step)))
		follow(&play, step);
	while (read_line(&play))
		if (strcmp(play.line, "QUIT"))
			fail(&play, "(its end)");
}

void badserver_start(struct scripted *server, const char *script)
{
	scripted_start(server, play_script, script);
}
