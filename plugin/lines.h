/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines over a link: commands are queued and go together, answers are read
 * line by line, each with a cap.  While commands go out, answers are taken in,
 * so that two sides that both send cannot wait for each other.
 */
#ifndef NEWSWIRE_PLUGIN_LINES_H
#define NEWSWIRE_PLUGIN_LINES_H

#include "link.h"

struct nw_lines;

/* The link stays its owner's, and must outlive it. */
struct nw_lines *nw_lines_new(struct nw_link *link);
/* Overwrites what was to be sent; accepts NULL. */
void nw_lines_free(struct nw_lines *lines);

/* Queues a line; CR LF is added.  The words in it may hold no control
 * characters. */
void nw_lines_say(struct nw_lines *lines, const char *format, ...)
	G_GNUC_PRINTF(2, 3);
/* Sends what is queued, and forgets it. */
gboolean nw_lines_flush(struct nw_lines *lines, GError **error);
/* The same, as far as it goes without waiting. */
void nw_lines_flush_now(struct nw_lines *lines);

struct nw_line {
	char *text;	/* without its line end; NUL follows; until the next */
	gsize len;
	gboolean crlf;	/* it ended in CR LF, not in LF alone */
};
/* Sends what is queued, then waits for a line of no more than max octets. */
gboolean nw_lines_next(struct nw_lines *lines, gsize max,
		       struct nw_line *line_r, GError **error);
/* Whether something has come that was not asked for. */
gboolean nw_lines_has_more(const struct nw_lines *lines);

#endif
