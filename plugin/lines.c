/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "i18n.h"
#include "lines.h"
#include "session.h"

#define PIECE	  65536
#define AHEAD_MAX (4u << 20) /* that come while commands still go out */

struct nw_lines {
	struct nw_link *link;
	GString *in; /* what came; of it at octets are read */
	gsize at;
	gsize searched; /* behind at, without a line end */
	GString *out;
	gsize sent;    /* of it */
	gboolean held; /* a layer may hold something back */
};

struct nw_lines *nw_lines_new(struct nw_link *link)
{
	struct nw_lines *lines = g_new0(struct nw_lines, 1);

	lines->link = link;
	lines->in = g_string_sized_new(PIECE);
	lines->out = g_string_new(NULL);
	return lines;
}

static void forget_sent(struct nw_lines *lines)
{
	explicit_bzero(lines->out->str, lines->out->len);
	g_string_truncate(lines->out, 0);
	lines->sent = 0;
}

void nw_lines_free(struct nw_lines *lines)
{
	if (!lines)
		return;
	forget_sent(lines);
	(void)g_string_free(lines->in, TRUE);
	(void)g_string_free(lines->out, TRUE);
	g_free(lines);
}

void nw_lines_say(struct nw_lines *lines, const char *format, ...)
{
	gsize at = lines->out->len;
	va_list arguments;
	int len;

	va_start(arguments, format);
	len = g_vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	/* In place: g_string_append_vprintf() would leave a copy of a password
	 * behind. */
	g_string_set_size(lines->out, at + (gsize)len);
	va_start(arguments, format);
	(void)g_vsnprintf(lines->out->str + at, (gulong)len + 1, format,
			  arguments);
	va_end(arguments);
	g_string_append(lines->out, "\r\n");
}

static gboolean would_wait(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK;
}

/* 1 when something came, 0 when nothing is there, -1 with error. */
static int take(struct nw_lines *lines, GError **error)
{
	gsize len;
	gssize got;

	if (lines->at) {
		g_string_erase(lines->in, 0, (gssize)lines->at);
		lines->at = 0;
	}
	len = lines->in->len;
	g_string_set_size(lines->in, len + PIECE);
	got = nw_link_read(lines->link, lines->in->str + len, PIECE);
	g_string_set_size(lines->in, len + (got > 0 ? (gsize)got : 0));
	if (got > 0)
		return 1;
	if (got < 0 && would_wait())
		return 0;
	(void)nw_link_lost(lines->link, got < 0 ? errno : 0, error);
	return -1;
}

/* As take(), for the other way: 1 when all is sent.  Who takes no more may have
 * said why before: what came is read first. */
static int give(struct nw_lines *lines, GError **error)
{
	gssize sent = 0;

	while (sent >= 0 && lines->sent < lines->out->len) {
		sent = nw_link_write(lines->link, lines->out->str + lines->sent,
				     lines->out->len - lines->sent);
		lines->sent += sent > 0 ? (gsize)sent : 0;
		lines->held = TRUE;
	}
	if (sent >= 0)
		sent = nw_link_write(lines->link, "", 0);
	if (sent < 0 && would_wait())
		return 0;
	forget_sent(lines);
	lines->held = FALSE;
	if (!sent || errno == EPIPE || errno == ECONNRESET)
		return 1;
	(void)nw_link_lost(lines->link, errno, error);
	return -1;
}

gboolean nw_lines_flush(struct nw_lines *lines, GError **error)
{
	int given;

	while ((lines->held || lines->out->len) &&
	       (given = give(lines, error)) <= 0) {
		gboolean room = lines->in->len - lines->at < AHEAD_MAX;
		int taken = given < 0 || !room ? 0 : take(lines, error);

		if (given < 0 || taken < 0)
			return FALSE;
		if (!taken &&
		    !nw_link_wait(lines->link,
				  room ? POLLOUT | POLLIN : POLLOUT, error))
			return FALSE;
	}
	return TRUE;
}

void nw_lines_flush_now(struct nw_lines *lines)
{
	(void)give(lines, NULL);
}

static char *find_end(struct nw_lines *lines)
{
	gsize from = lines->at + lines->searched;
	char *end = memchr(lines->in->str + from, '\n', lines->in->len - from);

	lines->searched = lines->in->len - lines->at;
	return end;
}

static void cut_line(struct nw_lines *lines, char *end, struct nw_line *line)
{
	line->text = lines->in->str + lines->at;
	line->len = (gsize)(end - line->text);
	line->crlf = line->len && end[-1] == '\r';
	line->len -= line->crlf;
	line->text[line->len] = '\0';
	lines->at += (gsize)(end + 1 - line->text);
	lines->searched = 0;
}

gboolean nw_lines_next(struct nw_lines *lines, gsize max,
		       struct nw_line *line_r, GError **error)
{
	char *end;
	int taken;

	if (!nw_lines_flush(lines, error))
		return FALSE;
	while (!(end = find_end(lines)) && lines->searched <= max) {
		taken = take(lines, error);
		if (taken < 0 ||
		    (!taken && !nw_link_wait(lines->link, POLLIN, error)))
			return FALSE;
	}
	/* Bytes that come without a pause never wait. */
	if (nw_link_is_cancelled(lines->link))
		return nw_link_lost(lines->link, 0, error);
	if (end && (gsize)(end - lines->in->str) - lines->at <= max) {
		cut_line(lines, end, line_r);
		return TRUE;
	}
	g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_BROKEN,
		    _("%s sent a line without end."),
		    nw_link_name(lines->link));
	return FALSE;
}

gboolean nw_lines_has_more(const struct nw_lines *lines)
{
	return lines->at < lines->in->len;
}
