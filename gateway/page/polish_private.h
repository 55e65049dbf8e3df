/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files share that look at the blocks of the body last.
 *
 *	polish.c	what is said twice, and lines of the site
 *	polish_ends.c	what stands before the text and behind it
 *	polish_pictures.c the words on pictures
 */
#ifndef NEWSWIRE_POLISH_PRIVATE_H
#define NEWSWIRE_POLISH_PRIVATE_H

#include "extract_private.h"

/* A shorter line without an end is a crumb. */
#define CRUMB_BYTES 80

struct nw_line {
	const char *text;	/* of the block; NULL: it has no words */
	const char *key;	/* of its beginning */
	const char *out;	/* the rule that drops it, or NULL */
	bool notice;		/* of a correction: words of the story */
};

struct nw_polish {
	struct nw_arena *arena;
	const struct nw_figures *figures;
	const struct nw_figure *top;
	struct nw_story *story;
	struct nw_body *body;
	struct nw_line *lines;	/* one a block */
	bool wall;		/* an offer to read on was met */
};

/* The key of a text's beginning; "" for none. */
const char *nw_polish_key(struct nw_arena *arena, const char *text);

/* Drops pictures of authors, and what is said on pictures and beside them, or
 * in the headline. */
void nw_polish_pictures(struct nw_polish *polish);

/* Drops labels and rules before the text; offers, biographies and what heads
 * nothing behind it; and says whether the text is a teaser. */
void nw_polish_ends(struct nw_polish *polish);

#endif
