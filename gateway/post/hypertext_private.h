/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files that write HTML share.
 */
#ifndef NEWSWIRE_HYPERTEXT_PRIVATE_H
#define NEWSWIRE_HYPERTEXT_PRIVATE_H

#include "post_private.h"

struct nw_hyper {
	struct nw_buf *out;
	size_t line;		/* where the last line starts in out */
	bool preformatted;	/* white space counts */
	struct nw_arena *arena;
	const char *own;	/* address of the story, or NULL */
	const struct nw_attachments *attachments;
};

/* Markup of our own, as it is. */
void nw_hyper_adds(struct nw_hyper *html, const char *markup);
/* Foreign text, escaped for an element or a quoted attribute; lines are
 * broken where that changes nothing. */
void nw_hyper_text(struct nw_hyper *html, const char *text);
/* Opens a link; false where it may not be followed, and nothing is open. */
bool nw_hyper_open_link(struct nw_hyper *html, const char *href);
/* A link; its words alone where it may not be followed.  words may be
 * NULL. */
void nw_hyper_link(struct nw_hyper *html, const char *href, const char *words);

/* hypertext_body.c */
void nw_hyper_body(struct nw_hyper *html, const struct nw_body *body);

#endif
