/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an edit changed: white space, image addresses, link
 * targets and relative times are no edit; words are.
 */
#ifndef NEWSWIRE_CHANGE_H
#define NEWSWIRE_CHANGE_H

#include <stdbool.h>

#include "newswire/story.h"

/* The words of a story without its updates (title, standfirst, body) or of
 * one update, in a form in which two texts are equal when a
 * reader would call them equal.  Message-IDs of revisions derive from it. */
char *nw_change_story_content(struct nw_arena *arena,
			      const struct nw_story *story);
char *nw_change_update_content(struct nw_arena *arena,
			       const struct nw_update *update);

/* Whether a reader should be told: false as well when the fresh text is only
 * the stored one cut short (a teaser after a full text). */
bool nw_change_story(struct nw_arena *arena, const struct nw_story *stored,
		     const struct nw_story *fresh);
bool nw_change_update(struct nw_arena *arena, const struct nw_update *stored,
		      const struct nw_update *fresh);

#endif
