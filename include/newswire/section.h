/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Section pages to items: the front page of a site, or of one of its sections,
 * as the list of stories that it is.
 *
 * Pure, as newswire/page.h.  The stories are found by structure: a link to
 * a page of the same site whose address and words are those of a story, in a
 * card of its own, which is the largest element that leads to that story only.
 * A card counts when its link is a headline by its markup, when it stands in a
 * row of cards, or when the links of others look the same.  Menus, footers,
 * what is most read, topics and authors are passed over.
 */
#ifndef NEWSWIRE_SECTION_H
#define NEWSWIRE_SECTION_H

#include "newswire/feed.h"
#include "newswire/page.h"

/*
 * Reads a section page: 1 and a feed whose items stand in the page's order,
 * with title and url, and with teaser, time and image where the card gives
 * them; its next_url is the page's rel=next.  0 when the page holds no list of
 * stories or more text of its own than a list has, as an article with links to
 * others does: *feed_r stays as it is.  Fails as nw_page_read() does.
 */
int nw_section_read(struct nw_arena *arena, const struct nw_page_input *input,
		    struct nw_feed **feed_r, struct nw_error *err);

#endif
