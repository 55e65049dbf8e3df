/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files that read section pages share.
 *
 *	section.c	which links are stories, and whether they make a list
 *	section_link.c	whether one link may lead to a story
 *	section_look.c	which links are marked up alike
 *	section_card.c	what the card around it says of the story
 */
#ifndef NEWSWIRE_SECTION_PRIVATE_H
#define NEWSWIRE_SECTION_PRIVATE_H

#include "extract_private.h"
#include "newswire/section.h"

/* A link that may lead to a story. */
struct nw_section_link {
	const struct nw_figure *figure;
	const char *url;
	const char *key;		/* nw_ident_key() of it */
	const char *title;
	bool headline;			/* by its markup */
	bool bare;			/* it has no words of its own */
	unsigned kin;			/* stories whose links look the same */
	struct nw_section_link *story;	/* the first link to the same */
	const struct nw_figure *card;	/* of the first link: around the best */
};

/* section_link.c: whether figure, an a element, is such a link. */
bool nw_section_link(const struct nw_page *page,
		     const struct nw_figures *figures,
		     const struct nw_figure *figure,
		     struct nw_section_link *link);

/* Whether an address (or NULL) is rather a story's than a list's. */
bool nw_section_is_story(const struct nw_page *page, const char *url);

/* section_look.c: counts the kin of each story. */
void nw_section_count_kin(const struct nw_page *page,
			  struct nw_section_link *links, size_t link_count);

/* section_card.c */
/* The headline that the card of a link without words has. */
void nw_section_headline(const struct nw_page *page,
			 const struct nw_figures *figures,
			 struct nw_section_link *link);
void nw_section_card(const struct nw_page *page,
		     const struct nw_figures *figures,
		     const struct nw_section_link *link, struct nw_item *item);

#endif
