/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an edit changed, to be read: a paragraph for each sentence that was
 * reworded, with the words that went marked NW_SPAN_DELETED and those that came
 * NW_SPAN_INSERTED, and for sentences that went or came as a whole.
 */
#ifndef NEWSWIRE_DIFF_H
#define NEWSWIRE_DIFF_H

#include "newswire/story.h"

/*
 * The changes of headline, standfirst and body, in the order of the fresh
 * text; an empty body when no words differ.  NULL when the texts differ in
 * so many places that the marks would tell a reader nothing.
 */
const struct nw_body *nw_diff_story(struct nw_arena *arena,
				    const struct nw_texts *before,
				    const struct nw_texts *after);

#endif
