/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bodies as lines that a person can read and a test can compare:
 *
 *	> text		a block quote, once for each level
 *	## text		a heading of level 2
 *	- text		an item; two spaces before it for each level past 1
 *	3. text		an item with a number
 *	  text		a paragraph of an item has spaces for each level
 *	``` text	code
 *	| a | #b |	a row of a table; # is a header
 *	image URL WxH alt=… caption=… credit=…
 *	embed URL title
 *	---		a rule
 *
 * Within text, {s text} is strong, {e text} emphasis and so on (enum
 * nw_span_style by the first letter, ^ super, _ sub), [text](URL) a link, and
 * "\n" a line break.
 */
#ifndef NEWSWIRE_TESTS_BODY_DUMP_H
#define NEWSWIRE_TESTS_BODY_DUMP_H

#include "newswire/buf.h"
#include "newswire/story.h"

void body_dump(struct nw_buf *out, const struct nw_body *body);

#endif
