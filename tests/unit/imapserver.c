/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "imapserver.h"

#define LINE_BYTES 65536

struct play {
	FILE *in;
	int fd;
	char line[LINE_BYTES]; /* the client's last one */
	char tag[32];
};

static void fail(const struct play *play, const char *step)
{
	fprintf(stderr, "# the script has \"%s\", the client's line was %s\n",
		step, play->line);
	_exit(1);
}

static bool read_line(struct play *play)
{
	if (!fgets(play->line, sizeof(play->line), play->in))
		return false;
	play->line[strcspn(play->line, "\r\n")] = '\0';
	return true;
}

static void expect(struct play *play, const char *text, bool tagged)
{
	const char *at = play->line;
	size_t len;

	(void)snprintf(play->line, sizeof(play->line), "(none)");
	if (!read_line(play))
		fail(play, text);
	if (tagged) {
		len = strcspn(at, " ");
		if (!len || len >= sizeof(play->tag) || at[len] != ' ')
			fail(play, text);
		memcpy(play->tag, at, len);
		play->tag[len] = '\0';
		at += len + 1;
	}
	if (strncmp(at, text, strlen(text)))
		fail(play, text);
}

/* False when the client has left. */
static bool put(const struct play *play, const char *bytes, size_t len)
{
	while (len) {
		ssize_t sent = send(play->fd, bytes, len, MSG_NOSIGNAL);

		if (sent <= 0)
			return false;
		bytes += sent;
		len -= (size_t)sent;
	}
	return true;
}

static size_t expand(const struct play *play, const char *text, bool end,
		     char out[LINE_BYTES])
{
	size_t len = 0;

	for (; *text && len + 64 < LINE_BYTES; text++) {
		const char *piece = *text == '%'   ? play->tag
				    : *text == '|' ? "\r\n"
						   : NULL;

		if (!piece) {
			out[len++] = *text;
			continue;
		}
		memcpy(out + len, piece, strlen(piece));
		len += strlen(piece);
	}
	if (end) {
		memcpy(out + len, "\r\n", 2);
		len += 2;
	}
	return len;
}

static void read_octets(struct play *play, unsigned long count)
{
	for (; count; count--)
		if (getc(play->in) == EOF)
			fail(play, "a literal");
}

static void read_literal(struct play *play)
{
	const char *at = strrchr(play->line, '{');
	int c;

	if (!at)
		fail(play, "a literal");
	read_octets(play, strtoul(at + 1, NULL, 10));
	c = getc(play->in);
	if (c != '\r' || getc(play->in) != '\n')
		fail(play, "the line's end behind a literal");
}

static void send_for_ever(const struct play *play, const char *text,
			  bool slowly)
{
	char out[LINE_BYTES];
	size_t len = expand(play, text, false, out), at = 0;

	for (;;) {
		if (!put(play, out + at, slowly ? 1 : len))
			return;
		if (!slowly)
			continue;
		at = (at + 1) % len;
		(void)usleep(20000);
	}
}

/* What a client says after the script but LOGOUT is wrong. */
static void finish(struct play *play)
{
	while (read_line(play)) {
		const char *at = strchr(play->line, ' ');

		if (!at || strcmp(at + 1, "LOGOUT"))
			fail(play, "(its end)");
		(void)put(play, "* BYE\r\n", 7);
		return;
	}
}

static const char *rest(const char *step, const char *word)
{
	size_t len = strlen(word);

	return strncmp(step, word, len) ? NULL
					: step + len + (step[len] == ' ');
}

static void follow(struct play *play, const char *step)
{
	char out[LINE_BYTES];
	const char *text;

	if ((text = rest(step, "C:")))
		expect(play, text, true);
	else if ((text = rest(step, "c:")))
		expect(play, text, false);
	else if ((text = rest(step, "S:")))
		(void)put(play, out, expand(play, text, true, out));
	else if ((text = rest(step, "P:")))
		(void)put(play, out, expand(play, text, false, out));
	else if (rest(step, "L:"))
		read_literal(play);
	else if ((text = rest(step, "l:")))
		read_octets(play, strtoul(text, NULL, 10));
	else if ((text = rest(step, "drip:")))
		send_for_ever(play, text, true);
	else if ((text = rest(step, "flood:")))
		send_for_ever(play, text, false);
	else if (!strcmp(step, "stall"))
		while (read_line(play))
			;
	else if (!strcmp(step, "close"))
		_exit(0);
	else
		fail(play, step);
}

static void play_script(int fd, const char *script)
{
	static struct play play;
	char step[LINE_BYTES];

	play.fd = fd;
	play.in = fdopen(fd, "r");
	if (!play.in)
		_exit(2);
	while (scripted_step(&script, step, sizeof(step)))
		follow(&play, step);
	finish(&play);
}

void imapserver_start(struct scripted *server, const char *script)
{
	scripted_start(server, play_script, script);
}
