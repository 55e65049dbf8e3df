/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the operator is told.
 *
 * One event, one line: "area: object: what happened", for example
 * "fetch: https://example.com/feed: status 503, next try in 20 min".  Only
 * the commands, the pipeline and the server log; library code returns a
 * struct nw_error.  Lines go to one file descriptor by one write(2) each, so
 * that several processes may share it.  On a terminal, warnings and errors are
 * coloured unless NO_COLOR is set (no-color.org); in a pipe each line of a
 * service starts with the time.
 */
#ifndef NEWSWIRE_LOG_H
#define NEWSWIRE_LOG_H

#include <stdbool.h>

enum nw_log_level {
	NW_LOG_ERROR,
	NW_LOG_WARNING,
	NW_LOG_INFO,
	NW_LOG_DEBUG,
	NW_LOG_LEVELS
};

struct nw_log {
	int fd;
	enum nw_log_level level; /* what is less important is dropped */
	bool color;
	bool stamp;		 /* each line starts with the time in UTC */
};

/* To standard error, NW_LOG_INFO (quiet: NW_LOG_WARNING); colour when it is a
 * terminal and NO_COLOR is not set. */
void nw_log_init(struct nw_log *log, bool quiet);

/* log may be NULL: then nothing happens.  Control characters of the
 * arguments are replaced, so that one call is one line. */
void nw_log(const struct nw_log *log, enum nw_log_level level,
	    const char *area, const char *object, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* Progress of long work, on a terminal only: rewrites one line "area: done
 * of total, what"; what NULL wipes it.  Never in a pipe, never when quiet. */
void nw_log_progress(const struct nw_log *log, const char *area,
		     unsigned long done, unsigned long total,
		     const char *what);

#endif
