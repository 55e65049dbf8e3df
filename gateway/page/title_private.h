/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files that find the headline share: the lines that may be it.
 */
#ifndef NEWSWIRE_TITLE_PRIVATE_H
#define NEWSWIRE_TITLE_PRIVATE_H

#include "meta_private.h"

#define TITLE_HEADINGS 8
/* Words of 64 bits of the set of a key's pairs of octets. */
#define TITLE_SET 16

struct title_line {
	const char *text;
	const char *key;	/* nw_utf8_key() of it; "" without a text */
	uint64_t pairs[TITLE_SET];
	/* Of a heading: */
	const xmlNode *node;
	size_t order;
	bool logo;		/* it names the site, by its markup */
};

struct title_headings {
	struct title_line lines[TITLE_HEADINGS];
	size_t count;
};

struct title_vote {
	struct nw_arena *arena;
	const char *sites[3];	/* keys of the site's names, "" for none */
	const char *logo;	/* the same of a heading */
	struct title_headings first;	/* h1 */
	struct title_headings second;	/* h2 */
	struct title_headings crumbs;	/* h1 that ends a path of sections */
	/* JSON-LD, OpenGraph, the title element */
	struct title_line data, social, head;
};

/* title_line.c */
struct title_line title_line_make(struct nw_arena *arena, const char *text);
bool title_line_same(const struct title_line *a, const struct title_line *b);
/* Of 100: how much of the longer line is in the other. */
unsigned title_line_likeness(const struct title_line *a,
			     const struct title_line *b);

/* title_heading.c: adds the headings that the page shows of a kind; those that
 * end a path of sections to crumbs. */
void title_add_headings(struct title_vote *vote, const struct nw_claims *claims,
			enum nw_place kind, struct title_headings *headings);

/* title_site.c: the site's names, and a title without them (it may be
 * NULL); element: it is the title element, which ends with one as a rule. */
void title_name_sites(struct title_vote *vote, const struct nw_claims *claims,
		      const char *publisher);
bool title_is_site(const struct title_vote *vote, const char *key);
const char *title_cut_site(const struct title_vote *vote, const char *title,
			   bool element);

#endif
