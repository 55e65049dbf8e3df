/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "newswire/buf.h"
#include "newswire/date.h"
#include "newswire/log.h"
#include "newswire/utf8.h"

/* A write to a pipe that is no longer than PIPE_BUF does not mix with those of
 * other processes; the parts, stamp and colours of a line fit into one. */
#define LINE_BYTES 4096
#define AREA_BYTES 64
#define OBJECT_BYTES 1536
#define TEXT_BYTES 2304

static const char *const colors[NW_LOG_LEVELS] = {
	[NW_LOG_ERROR] = "\033[31m",
	[NW_LOG_WARNING] = "\033[33m",
	[NW_LOG_INFO] = "",
	[NW_LOG_DEBUG] = "\033[2m",
};

void nw_log_init(struct nw_log *log, bool quiet)
{
	const char *no_color = getenv("NO_COLOR");

	*log = (struct nw_log){
		.fd = STDERR_FILENO,
		.level = quiet ? NW_LOG_WARNING : NW_LOG_INFO,
		.color = isatty(STDERR_FILENO) && !(no_color && *no_color),
	};
}

static void write_line(const struct nw_log *log, const struct nw_buf *line)
{
	ssize_t written;

	do
		written = write(log->fd, line->data, line->len);
	while (written < 0 && errno == EINTR);
	/* There is nobody left to tell of any other failure. */
}

/* Adds text, cut to so many bytes, with "…" where something was cut. */
static void add_text(struct nw_buf *line, const char *text, size_t max)
{
	char clean[TEXT_BYTES];
	bool cut;

	if (max > sizeof(clean))
		max = sizeof(clean);
	cut = (size_t)snprintf(clean, max, "%s", text) >= max;
	nw_utf8_printable(clean);
	nw_buf_adds(line, clean);
	if (cut)
		nw_buf_adds(line, "…");
}

void nw_log(const struct nw_log *log, enum nw_log_level level,
	    const char *area, const char *object, const char *format, ...)
{
	char stamp[NW_DATE_BYTES], text[TEXT_BYTES + 1];
	struct nw_buf line;
	bool color;
	va_list args;

	if (!log || level > log->level)
		return;
	color = log->color && *colors[level];
	nw_buf_init(&line, LINE_BYTES);
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (log->stamp) {
		nw_date_iso8601(time(NULL), stamp);
		nw_buf_addf(&line, "%s ", stamp);
	}
	nw_buf_adds(&line, color ? colors[level] : "");
	add_text(&line, area, AREA_BYTES);
	nw_buf_adds(&line, ": ");
	if (object) {
		add_text(&line, object, OBJECT_BYTES);
		nw_buf_adds(&line, ": ");
	}
	add_text(&line, text, TEXT_BYTES);
	nw_buf_adds(&line, color ? "\033[0m\n" : "\n");
	write_line(log, &line);
	nw_buf_free(&line);
}

void nw_log_progress(const struct nw_log *log, const char *area,
		     unsigned long done, unsigned long total,
		     const char *what)
{
	struct nw_buf line;

	if (!log || log->level < NW_LOG_INFO || log->stamp || !isatty(log->fd))
		return;
	nw_buf_init(&line, LINE_BYTES);
	nw_buf_adds(&line, "\r\033[K");
	if (what) {
		add_text(&line, area, AREA_BYTES);
		nw_buf_addf(&line, ": %lu of %lu, ", done, total);
		add_text(&line, what, OBJECT_BYTES);
	}
	write_line(log, &line);
	nw_buf_free(&line);
}
