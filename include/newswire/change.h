/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an edit changed: white space, punctuation, the case of letters, image
 * addresses, link targets, relative times ("5 minutes ago"), share buttons and
 * labels of advertisements are no edit; words and numbers are.
 *
 * A picture counts by its caption.  A text that gains, loses or changes one is
 * edited, but slightly when it is a story and nothing else changed: no
 * follow-up comes for it, as it would say nothing in words; an update, and a
 * story whose edits supersede it, is replaced.  Another picture with the same
 * caption, and one without any, is no edit: sites change crops, sizes and
 * addresses all the time.  The next message that shows the text has it.
 */
#ifndef NEWSWIRE_CHANGE_H
#define NEWSWIRE_CHANGE_H

#include "newswire/story.h"

/* What comparing two texts finds; 0: a reader would call them equal. */
enum nw_change {
	NW_CHANGE_CUT = 1 << 0,	   /* the fresh body is only the stored one cut
				   * short, such as a teaser after a full
				   * text: keep that */
	NW_CHANGE_WORDS = 1 << 1,  /* words or numbers differ */
	NW_CHANGE_SLIGHT = 1 << 2, /* only with WORDS, of a story: less than 3
				   * words in 100, less than a quarter of the
				   * headline, no number and no name; a
				   * reader need not be told */
};

/* The words of a story without its updates (title, standfirst, body; not its
 * correction notices) or of one update, in a form in which two texts are
 * equal when a reader would call them equal.  Message-IDs of revisions derive
 * from it. */
char *nw_change_story_content(struct nw_arena *arena,
			      const struct nw_story *story);
char *nw_change_update_content(struct nw_arena *arena,
			       const struct nw_update *update);

/* enum nw_change, combined. */
unsigned nw_change_story(struct nw_arena *arena,
			 const struct nw_story *stored,
			 const struct nw_story *fresh);
unsigned nw_change_update(struct nw_arena *arena,
			  const struct nw_update *stored,
			  const struct nw_update *fresh);

#endif
