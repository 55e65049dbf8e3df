/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which pictures the message of a post shows, before it is written: what is
 * to be fetched for it, and nothing else.
 */
#ifndef NEWSWIRE_SHOWN_H
#define NEWSWIRE_SHOWN_H

#include "newswire/thread.h"

/* The addresses of its pictures, the lead image first, then in the order of
 * the body, each once; how many.  An array in the arena. */
size_t nw_shown_images(struct nw_arena *arena, const struct nw_story *story,
		       const struct nw_post *post, const char ***urls_r);

/* The address of the picture that is its Face: the portrait of the first of its
 * authors who has one, else the site's icon; NULL. */
const char *nw_shown_face(const struct nw_story *story,
			  const struct nw_post *post);

#endif
