/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text of a story's history, as "newswire history" writes it, in pieces
 * that can be shown: lines that begin at the margin, or where their words begin
 * behind the time, are headings; words that went stand in "[-" and "-]", those
 * that came in "[+" and "+]", over line ends but not over an empty line.  Knows
 * nothing of Claws Mail.
 */
#ifndef NEWSWIRE_PLUGIN_STORY_TEXT_H
#define NEWSWIRE_PLUGIN_STORY_TEXT_H

#include <glib.h>

enum nw_story_piece {
	NW_STORY_PLAIN,
	NW_STORY_HEADING,
	NW_STORY_WENT,
	NW_STORY_CAME,
	NW_STORY_SIGN,	/* around words that went or came */
	NW_STORY_PIECES
};

/* Calls each for all pieces in order, never for an empty one: together they are
 * the text. */
typedef void nw_story_piece_fn(enum nw_story_piece piece, const char *text,
			       gsize len, gpointer data);
void nw_story_text_read(const char *text, nw_story_piece_fn *each,
			gpointer data);

#endif
