/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text/plain part of a message: format=flowed; delsp=yes where a line has
 * no spaces to break at (RFC 3676).
 *
 * 72 columns by Unicode line breaking and width, sub-headlines, lists, quotes
 * ("> "), tables as aligned text, code untouched but for the spaces that end
 * its lines, images as "[image: caption (credit)]" in their place (those that
 * have no words are left out, unless there is nothing else), embeds as titled
 * links, enclosures with their type and size, links as numbered footnotes at
 * the end (one whose text is its URL is not repeated), each author's role and
 * biography after "-- ".  Lines end in LF.
 */
#ifndef NEWSWIRE_TEXT_H
#define NEWSWIRE_TEXT_H

#include "newswire/buf.h"
#include "newswire/thread.h"

/* Appends the text of a post.  delsp_r says whether it was written with
 * DelSp=yes, which the Content-Type must then say too. */
int nw_text_write(struct nw_buf *out, const struct nw_story *story,
		  const struct nw_post *post, bool *delsp_r,
		  struct nw_error *err);

/* Appends a standfirst and a body alone, for a terminal: the lines are not
 * marked as flowed.  Words that were deleted stand in "[-" and "-]", those that
 * were inserted in "[+" and "+]". */
int nw_text_write_body(struct nw_buf *out, const char *standfirst,
		       const struct nw_body *body, struct nw_error *err);

#endif
