/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A feed's item and its page as one story: a pure function.
 */
#ifndef NEWSWIRE_COMPOSE_H
#define NEWSWIRE_COMPOSE_H

#include "newswire/feed.h"
#include "newswire/story.h"

/* What the item is called: its title, else the first sentence of its text,
 * else its address; NULL when it has none of these. */
const char *nw_compose_item_title(struct nw_arena *arena,
				  const struct nw_item *item);

/*
 * The story of an item; page is what nw_page_read() made of its page, or
 * NULL when it could not be fetched.  Each field comes from where it is
 * more trustworthy: the body from the one that has more of the story, the
 * time of publication from the page unless it lacks one, the title
 * from the page unless it is the site's name; the guid becomes an alias,
 * a short one only together with the site.
 * The story points into feed, item and page.
 */
int nw_compose(struct nw_arena *arena, const struct nw_feed *feed,
	       const struct nw_item *item, const struct nw_story *page,
	       struct nw_story **story_r, struct nw_error *err);

/* Key and content hash by which a source's item is known to be unchanged. */
char *nw_compose_item_key(struct nw_arena *arena,
			  const struct nw_item *item);
char *nw_compose_item_hash(struct nw_arena *arena,
			   const struct nw_item *item);

#endif
