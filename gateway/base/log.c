/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "newswire/buf.h"
#include "newswire/date.h"
#include "newswire/log.h"

#define LINE_BYTES 2048

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
	ssize_t written = write(log->fd, line->data, line->len);

	(void)written;	/* there is nobody left to tell */
}

static void add_clean(struct nw_buf *line, const char *text)
{
	for (; *text; text++)
		nw_buf_addc(line, (unsigned char)*text < 0x20 ||
				  *text == 0x7f ? '?' : *text);
}

void nw_log(const struct nw_log *log, enum nw_log_level level,
	    const char *area, const char *object, const char *format, ...)
{
	struct nw_buf line, text;
	char stamp[NW_DATE_BYTES];
	bool color;
	va_list args;

	if (!log || level > log->level)
		return;
	color = log->color && *colors[level];
	nw_buf_init(&line, LINE_BYTES);
	nw_buf_init(&text, LINE_BYTES / 2);
	va_start(args, format);
	nw_buf_vaddf(&text, format, args);
	va_end(args);
	if (log->stamp) {
		nw_date_iso8601(time(NULL), stamp);
		nw_buf_addf(&line, "%s ", stamp);
	}
	nw_buf_addf(&line, "%s%s: ", color ? colors[level] : "", area);
	if (object) {
		add_clean(&line, object);
		nw_buf_adds(&line, ": ");
	}
	add_clean(&line, text.data);
	nw_buf_adds(&line, color ? "\033[0m\n" : "\n");
	write_line(log, &line);
	nw_buf_free(&text);
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
		nw_buf_addf(&line, "%s: %lu of %lu, ", area, done, total);
		add_clean(&line, what);
	}
	write_line(log, &line);
	nw_buf_free(&line);
}
