/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Correction notices within a text: "Correction: …", "An earlier version of
 * this article said …", or a heading "Clarification" and the paragraph below
 * it, in the main languages.
 *
 * Pure.  The reading of pages asks, so that a notice is not taken for words of
 * the site, and so does threading, which tells readers of it.
 */
#ifndef NEWSWIRE_NOTICE_H
#define NEWSWIRE_NOTICE_H

#include "newswire/story.h"

/* A longer paragraph tells more than what was wrong. */
#define NW_NOTICE_BYTES 2000

/* Whether a text is one, or, alone_r, the heading of one. */
bool nw_notice_is(const char *text, bool *alone_r);

/* How many blocks from at on are one, 0 for none; text_r gets its words, one
 * line in the arena. */
size_t nw_notice_at(struct nw_arena *arena, const struct nw_body *body,
		    size_t at, const char **text_r);

#endif
