/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files that find the body share: figures of every element, made in
 * one pass, and what they decide from.
 */
#ifndef NEWSWIRE_EXTRACT_PRIVATE_H
#define NEWSWIRE_EXTRACT_PRIVATE_H

#include "page_private.h"

/* What the words of class and id say of an element. */
enum nw_word {
	NW_WORD_BODY = 1 << 0,	     /* it is the text of an article */
	NW_WORD_ARTICLE = 1 << 1,    /* it may hold one */
	NW_WORD_FURNITURE = 1 << 2,  /* it belongs to the site */
	NW_WORD_DOUBTFUL = 1 << 3,   /* it may belong to the site */
	NW_WORD_COMMENT = 1 << 4,    /* readers wrote it */
	NW_WORD_RELATED = 1 << 5,    /* other stories */
	NW_WORD_BYLINE = 1 << 6,     /* authors */
	NW_WORD_BIO = 1 << 7,	     /* about an author */
	NW_WORD_CAPTION = 1 << 8,
	NW_WORD_STANDFIRST = 1 << 9,
	NW_WORD_KICKER = 1 << 10,
	NW_WORD_DATE = 1 << 11,
	NW_WORD_TITLE = 1 << 12,
	NW_WORD_HIDDEN = 1 << 13,
	NW_WORD_TAGS = 1 << 14,
	NW_WORD_SIDE = 1 << 15,	     /* beside the article */
	NW_WORD_CONSENT = 1 << 16,   /* to cookies and the like */
};

/* Elements by what they mean for an article. */
enum nw_tag {
	NW_TAG_INLINE,	   /* and every element that has no row */
	NW_TAG_LINK,
	NW_TAG_HIDDEN,	   /* its content is no text */
	NW_TAG_BREAK,
	NW_TAG_PARAGRAPH,
	NW_TAG_DIVISION,
	NW_TAG_SECTION,
	NW_TAG_ARTICLE,
	NW_TAG_MAIN,
	NW_TAG_HEADER,
	NW_TAG_FOOTER,
	NW_TAG_NAV,
	NW_TAG_ASIDE,
	NW_TAG_FORM,
	NW_TAG_HEADING,
	NW_TAG_LIST,
	NW_TAG_ITEM,
	NW_TAG_QUOTE,
	NW_TAG_PRE,
	NW_TAG_TABLE,
	NW_TAG_CELL,
	NW_TAG_FIGURE,
	NW_TAG_CAPTION,
	NW_TAG_IMAGE,
	NW_TAG_CONTROL,
	NW_TAG_DETAILS,
};

/* One element.  Lengths are of letters as a reader sees them (an ideograph
 * counts for two), white space once. */
struct nw_figure {
	xmlNode *node;
	unsigned parent;	/* index; the root is its own */
	unsigned end;		/* index behind its subtree */
	enum nw_tag tag;
	unsigned words;		/* enum nw_word */
	bool block;
	bool unseen;		/* a browser does not show it at first */
	bool headline;		/* in its subtree is h1 or main */
	bool control;		/* in its subtree a reader may answer */
	bool card;		/* in one of a row of cards */
	bool caption;		/* in the words on a picture */
	bool notice;		/* nothing but a notice of a correction */
	const char *out;	/* why it, or what is around it, is left out;
				 * NULL: it is not */
	unsigned own, own_link;	/* text whose nearest block it is; of that
				 * within links */
	unsigned marks;		/* commas, full stops and the like in own */
	unsigned text, link;	/* the same of the whole subtree */
	unsigned mass;		/* of the subtree: text that reads like prose */
	unsigned items;		/* paragraphs that gave the mass */
	int gain;		/* of the subtree: what score.c counts */
};

struct nw_figures {
	struct nw_figure *all;	/* in document order */
	size_t count;
	struct nw_work *work;	/* of the page */
};

/* words.c: what the words of a class or id list say (enum nw_word). */
struct nw_words;
struct nw_words *nw_words_new(struct nw_arena *arena);
unsigned nw_words_of(struct nw_words *words, const char *list);

/* figures.c: the figures of top's subtree; node->_private of each element
 * points at its own. */
void nw_figures_make(const struct nw_page *page, xmlNode *top,
		     struct nw_figures *figures);
/* What the element's own text gives to the mass. */
unsigned nw_figure_own_mass(const struct nw_figure *figure);
/* Adds mass and items up again after something was left out. */
void nw_figures_weigh(struct nw_figures *figures);
/* The last headline (h1) that begins before that index; 0 when none does. */
size_t nw_figures_headline(const struct nw_figures *figures, size_t before);
static inline struct nw_figure *nw_figure_of(const xmlNode *node)
{
	return node->_private;
}

/* Leaves out a subtree; why: the rule, in words for who writes rules.  A notice
 * of a correction stays, unless what is around it goes. */
void nw_figures_leave_out(struct nw_figures *figures, size_t at,
			  const char *why);

/* furniture.c: marks what the site puts around and into every article. */
void nw_furniture_mark(struct nw_figures *figures);

/* cards.c: marks lists of other stories. */
void nw_cards_mark(struct nw_figures *figures);

/* score.c: the element that holds the article; NULL when there is none. */
struct nw_figure *nw_score_choose(struct nw_figures *figures);
/* Says of which element it was, and which one came next. */
void nw_score_explain(const struct nw_page *page,
		      const struct nw_figures *figures,
		      const struct nw_figure *top);

/* bio.c */
/* Biographies and pictures out of the boxes about the story's authors. */
void nw_bio_read(const struct nw_page *page, const struct nw_figures *figures,
		 struct nw_story *story);
/* Whether a line begins with an author's name, as biographies at the end of a
 * text do; it then becomes the author's, unless there is one. */
bool nw_bio_take_line(struct nw_arena *arena, struct nw_story *story,
		      const char *text);
/* Whether the words on a picture name an author and hardly say more. */
bool nw_bio_is_portrait(const struct nw_story *story,
			const struct nw_image *image);
/* The keys of the authors' names, and NULL behind them. */
const char **nw_bio_names(struct nw_arena *arena, const struct nw_story *story);
/* Whether a key is that of one of the names, or of a byline with it. */
bool nw_bio_is_name(const char *const *names, const char *key);

/* phrases.c: whether a line is one that sites write into every article. */
bool nw_phrase_is_furniture(const char *text);
/* Whether a line at the end of an article speaks of the site, its helpers or
 * what readers may do next. */
bool nw_phrase_is_closing(const char *text);
/* Whether a text stops without the mark that ends a sentence. */
bool nw_phrase_is_open(const char *text);
/* Whether a line at the start or the end of a teaser says that the rest is for
 * those who pay or sign in. */
bool nw_phrase_is_wall(const char *text);

/* polish.c: drops the blocks of the story's body that say nothing new. */
void nw_polish(const struct nw_page *page, const struct nw_figures *figures,
	       const struct nw_figure *top, struct nw_story *story);

/* lead.c: puts the lead picture that stands before top first in the story's
 * body, unless the body has it. */
int nw_lead_add(const struct nw_page *page, const struct nw_figures *figures,
		const struct nw_figure *top, struct nw_story *story,
		struct nw_error *err);

/* standfirst.c: puts the standfirst that stands before top first in the
 * story's body, unless the body has it. */
int nw_standfirst_add(const struct nw_page *page,
		      const struct nw_figures *figures,
		      const struct nw_figure *top, struct nw_story *story,
		      struct nw_error *err);

/* vote.c: the articleBody of JSON-LD as a vote on the story's body: it ends
 * where both end, and is the articleBody where the page shows little of it. */
int nw_vote(const struct nw_page *page, struct nw_story *story,
	    struct nw_error *err);

/* trim.c: marks what stands within the article and is no part of it. */
void nw_trim(struct nw_figures *figures, const struct nw_figure *top);

/* rules_body.c: whether rules decide on the body: the element that they
 * select, or NULL for none.  found: the mass of what is found without them. */
bool nw_rules_body(const struct nw_page *page, unsigned found,
		   xmlNode **body_r);
/* Whether furniture goes out of the body that was selected. */
bool nw_rules_prune(const struct nw_page *page);

#endif
