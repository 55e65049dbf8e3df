/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Foreign HTML to safe blocks.
 *
 * Elements are mapped to blocks and spans by a table; what the table does not
 * name gives only its text, and what is active (script, style, template,
 * iframe without a known embed, form …) gives nothing.  No byte of markup
 * passes: post/ writes new markup from the model.
 */
#ifndef NEWSWIRE_HTML_H
#define NEWSWIRE_HTML_H

#include "newswire/error.h"
#include "newswire/story.h"

/*
 * Reads a fragment in UTF-8, such as content:encoded of a feed, into body
 * (appended).  Links and images are resolved against base.  Pixels that
 * only count readers are dropped.
 */
int nw_html_read(struct nw_arena *arena, const char *html, size_t len,
		 const char *base, struct nw_body *body,
		 struct nw_error *err);

/* The text of a fragment as one clean line of at most max bytes (entities
 * decoded, tags gone); NULL when there is none. */
char *nw_html_line(struct nw_arena *arena, const char *html, size_t max);

#endif
