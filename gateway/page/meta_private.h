/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files that read a page's facts share: everything that the page says
 * of itself, gathered in one walk, before it is decided whom to believe.
 */
#ifndef NEWSWIRE_META_PRIVATE_H
#define NEWSWIRE_META_PRIVATE_H

#include "page_private.h"

/* What a meta element can say; META_NAMES in claims.c has the names. */
enum nw_claim {
	NW_CLAIM_TITLE,
	NW_CLAIM_DESCRIPTION,
	NW_CLAIM_SITE,
	NW_CLAIM_PUBLISHED,
	NW_CLAIM_MODIFIED,
	NW_CLAIM_EXPIRES,
	NW_CLAIM_AUTHOR,
	NW_CLAIM_SECTION,
	NW_CLAIM_TAGS,
	NW_CLAIM_LANGUAGE,
	NW_CLAIM_IMAGE,
	NW_CLAIM_URL,
	NW_CLAIMS
};

#define NW_CLAIM_VALUES 32	/* kept of each */
#define NW_PLACES 64		/* kept of each kind of element */

/* Elements of the visible page that state a fact. */
enum nw_place {
	NW_PLACE_HEADLINE,	/* h1, itemprop=headline */
	NW_PLACE_SUBHEAD,	/* h2 */
	NW_PLACE_BYLINE,	/* rel, itemprop or class of an author */
	NW_PLACE_SIGNED,	/* text that begins as bylines do */
	NW_PLACE_DATE,		/* time, itemprop=datePublished, date classes */
	NW_PLACE_KICKER,
	NW_PLACE_STANDFIRST,
	NW_PLACE_CORRECTION,
	NW_PLACES_KINDS
};

struct nw_places {
	const xmlNode *nodes[NW_PLACES];
	size_t order[NW_PLACES];	/* position in the document */
	size_t count;
};

struct nw_claims {
	const struct nw_page *page;
	const json_t *article;	/* JSON-LD of the story, or NULL */
	/* Values in the page's order, the better names first. */
	const char *values[NW_CLAIMS][NW_CLAIM_VALUES];
	const char *names[NW_CLAIMS][NW_CLAIM_VALUES]; /* of the elements */
	unsigned ranks[NW_CLAIMS][NW_CLAIM_VALUES];
	size_t counts[NW_CLAIMS];
	const char *language;	/* of the page, once it is known */
	const char *head_title;	/* of the title element */
	const char *canonical, *amp;
	const char *icon;	/* of the site */
	int icon_rank;
	struct nw_places places[NW_PLACES_KINDS];
	const xmlNode *headline; /* the heading that says it; NULL */
	size_t headline_order;
};

/* claims.c */
void nw_claims_gather(struct nw_claims *claims, const struct nw_page *page);
/* The best value of a claim; NULL. */
const char *nw_claim(const struct nw_claims *claims, enum nw_claim claim);
/* The same, said to whoever asks where a field comes from. */
const char *nw_claim_noted(const struct nw_claims *claims, enum nw_claim claim,
			   const char *field);
/* title.c: the vote over the headline; sets headline and headline_order. */
char *nw_title_choose(struct nw_claims *claims, const char *publisher);

/* claims.c: whether text holds the words, with no letter or digit beside
 * them; case does not count. */
bool nw_has_word(const char *text, const char *words);

/* claims.c: an element's class; NULL for none, and for one so long that asking
 * it of each element within would cost too much. */
const char *nw_class_of(const xmlNode *node);

/* claims.c: whether an element is about something else: it stands in a
 * quotation, a picture, comments, other stories.  What is around the headline
 * too does not tell. */
bool nw_is_elsewhere(const struct nw_claims *claims, const xmlNode *node);

/* summary.c: the standfirst, as the page claims it. */
void nw_summary_read(const struct nw_claims *claims, struct nw_story *story);

/* icon.c: a link element, if it names an icon. */
void nw_icon_consider(struct nw_claims *claims, const xmlNode *link);

/* topics.c */
/* Whether a text may be the name of a topic or a section: it is short, and not
 * the headline (or NULL). */
bool nw_topic_is_phrase(const struct nw_page *page, const char *title,
			const char *text);
void nw_topics_read(const struct nw_claims *claims, struct nw_story *story);

/* people.c */
void nw_people_read(const struct nw_claims *claims, struct nw_story *story);

/* times.c: published, modified, expires; none is later than now. */
void nw_times_read(const struct nw_claims *claims, struct nw_story *story);
/* The date, if a page of today can carry it; else its utc is NW_TIME_NONE. */
struct nw_date nw_times_sane(const struct nw_claims *claims,
			     struct nw_date date);
/* The same of a text that is a date (or NULL). */
struct nw_date nw_times_of(const struct nw_claims *claims, const char *text);

/* times_seen.c: the date that readers see; near: close to the headline. */
/* In elements whose markup says that they hold a date. */
struct nw_date nw_seen_marked(const struct nw_claims *claims, bool near);
/* In any short text; further away it must say what the date is of. */
struct nw_date nw_seen_text(const struct nw_claims *claims, bool near);

#endif
