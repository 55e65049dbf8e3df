/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "extract_private.h"

/* Meanings that mark a subtree as no part of the text. */
#define OUT_WORDS                                                              \
	(NW_WORD_FURNITURE | NW_WORD_BIO | NW_WORD_TAGS | NW_WORD_HIDDEN)

/* Prose that makes an article, and the least that a short one has. */
#define REST_MIN 200
#define SHORT_MIN 80
/* How far a sub-headline may be from the next one. */
#define SIBLINGS 32
/* What is longer is no caption, whatever it is called. */
#define CAPTION_MAX 1000
/* The way to a story, with its headline. */
#define TRAIL_MAX 300
/* Words around what a reader answers. */
#define CONTROL_MAX 800

/* Whether so much of the page's prose is in it that its words must mean
 * something else. */
static bool is_large(const struct nw_figure *figure, unsigned page_mass)
{
	return figure->mass > page_mass / 3;
}

/* Comments, and the small print on cookies, may be longer than the story; but
 * they are not all there is, and the headline is not among them. */
static bool is_beside(const struct nw_figures *figures,
		      const struct nw_figure *figure)
{
	unsigned page_mass = figures->all[0].mass;

	if (figure->mass > page_mass - page_mass / 20)
		return false;
	return !is_large(figure, page_mass) ||
	       (!(figure->words & NW_WORD_BODY) && !figure->headline);
}

static const char *is_other_text(const struct nw_figures *figures, size_t at)
{
	const struct nw_figure *figure = &figures->all[at];

	if (!(figure->words & (NW_WORD_COMMENT | NW_WORD_CONSENT)) ||
	    !is_beside(figures, figure))
		return NULL;
	return figure->words & NW_WORD_COMMENT ?
		       "its name is that of comments" :
		       "its name is that of consent to cookies";
}

/* Elements that hold no article unless they hold the page. */
static const char *is_site(const struct nw_figures *figures, size_t at)
{
	const struct nw_figure *figure = &figures->all[at];
	unsigned page_mass = figures->all[0].mass;

	if ((figure->tag != NW_TAG_NAV && figure->tag != NW_TAG_FOOTER) ||
	    (page_mass - figure->mass < SHORT_MIN &&
	     is_large(figure, page_mass)))
		return NULL;
	return "nav or footer element";
}

/* A picture in a figure is one of the article: its classes tell what happens
 * to it ("lightbox"). */
static bool is_figured(const struct nw_figures *figures,
		       const struct nw_figure *figure)
{
	enum { LEVELS = 4 };
	unsigned level;

	if (figure->tag != NW_TAG_IMAGE)
		return false;
	for (level = 0; level < LEVELS; level++) {
		figure = &figures->all[figure->parent];
		if (figure->tag == NW_TAG_FIGURE)
			return true;
	}
	return false;
}

static bool is_aside(const struct nw_figure *figure)
{
	return figure->tag == NW_TAG_ASIDE || figure->tag == NW_TAG_FORM;
}

/* Galleries hide the captions of pictures that are not in turn. */
static bool is_called_furniture(const struct nw_figure *figure)
{
	return (figure->words & OUT_WORDS) && figure->tag != NW_TAG_CAPTION;
}

/* A "story-list" without links is a list in a story. */
static bool is_related(const struct nw_figure *figure)
{
	return (figure->words & NW_WORD_RELATED) &&
	       (figure->tag != NW_TAG_LIST || figure->link * 8 > figure->text);
}

static bool is_doubtful(const struct nw_figure *figure)
{
	return (figure->words & (NW_WORD_DOUBTFUL | NW_WORD_SIDE)) &&
	       figure->link * 2 > figure->text;
}

static bool is_byline(const struct nw_figure *figure)
{
	return (figure->words &
		(NW_WORD_BYLINE | NW_WORD_DATE | NW_WORD_KICKER)) &&
	       !figure->caption && figure->text < 300;
}

/* A poll, a search, consent to what is embedded. */
static bool is_question(const struct nw_figure *figure)
{
	return figure->control && figure->block && !figure->headline &&
	       figure->text < CONTROL_MAX && figure->items <= 2;
}

/* Whether the last words of an item are a link. */
static bool ends_with_link(const xmlNode *item)
{
	const xmlNode *node = item->last;

	while (node && !nw_dom_is(node, "a"))
		node = xmlIsBlankNode((xmlNode *)(uintptr_t)node) ? node->prev :
								    node->last;
	return node != NULL;
}

/* "Kicker: headline", where the headline is a link: other stories.  A link and
 * what it is good for are part of the text. */
static bool is_headlines(const struct nw_figure *list)
{
	const xmlNode *item;

	if (list->link * 2 <= list->text)
		return false;
	for (item = list->node->children; item; item = item->next)
		if (item->type == XML_ELEMENT_NODE && !ends_with_link(item))
			return false;
	return true;
}

static bool is_link_list(const struct nw_figure *figure)
{
	return figure->tag == NW_TAG_LIST && figure->text > 20 &&
	       (figure->link * 4 > figure->text * 3 || is_headlines(figure));
}

/* Whether an address is that of a site's front page, as it is written. */
static bool is_front(const char *href)
{
	const char *host = strstr(href, "://");

	if (host)
		href = host + 3 + strcspn(host + 3, "/");
	return (host || *href) && !href[strspn(href, "/")];
}

static const xmlNode *next_element(const xmlNode *node)
{
	while (node && node->type != XML_ELEMENT_NODE)
		node = node->next;
	return node;
}

/* The way from the front page to the story: links, and the story's name, which
 * may be none. */
static bool is_trail(const struct nw_figure *list)
{
	const xmlNode *item = next_element(list->node->children);
	const xmlNode *link = item ? nw_dom_find(item, "a") : NULL, *next;
	const char *href = link ? nw_dom_attr(link, "href") : NULL;

	if (list->tag != NW_TAG_LIST || list->text > TRAIL_MAX || !href ||
	    !is_front(href) || !next_element(item->next))
		return false;
	for (; item; item = next) {
		const struct nw_figure *figure = nw_figure_of(item);

		next = next_element(item->next);
		if (!figure ||
		    (next ? figure->link != figure->text : figure->marks != 0))
			return false;
	}
	return true;
}

/* What marks a part of the page as furniture, in the order in which it is
 * asked; why is for who writes rules. */
static const struct rule {
	bool (*is)(const struct nw_figure *figure);
	const char *why;
} rules[] = {
	{ is_aside, "aside or form element" },
	{ is_called_furniture, "its name is that of a site's furniture, a "
			       "biography, topics or what is hidden" },
	{ is_related, "its name is that of other stories" },
	{ is_doubtful, "its name is doubtful, and it is mostly links" },
	{ is_byline, "its name is that of a byline, a date or a kicker" },
	{ is_question, "a field to fill in, with few words" },
	{ is_link_list, "a list of links" },
	{ is_trail, "a list that begins with the front page" },
};

static const char *is_furniture(const struct nw_figures *figures, size_t at)
{
	const struct nw_figure *figure = &figures->all[at];
	const char *site = is_site(figures, at);
	size_t i;

	if (site || is_large(figure, figures->all[0].mass) ||
	    (figure->headline && figure->mass >= REST_MIN) ||
	    is_figured(figures, figure))
		return site;
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].is(figure))
			return rules[i].why;
	return NULL;
}

static const char *is_unseen(const struct nw_figures *figures, size_t at)
{
	return figures->all[at].unseen ? "not shown at first" : NULL;
}

/* Prose that is not shown at first is no part of the article, unless there is
 * so much of it that it must be: behind an offer, or until a script runs. */
static bool shows_later(const struct nw_figures *figures)
{
	unsigned mass = 0;
	size_t i = 1;

	while (i < figures->count) {
		if (figures->all[i].unseen && !figures->all[i].out) {
			mass += figures->all[i].mass;
			i = figures->all[i].end;
		} else {
			i++;
		}
	}
	return mass * 10 > figures->all[0].mass * 7;
}

static void mark(struct nw_figures *figures,
		 const char *(*is)(const struct nw_figures *figures, size_t at))
{
	const char *why;
	size_t i = 1;

	while (i < figures->count) {
		why = figures->all[i].out ? NULL : is(figures, i);
		if (why) {
			nw_figures_leave_out(figures, i, why);
			i = figures->all[i].end;
		} else {
			i++;
		}
	}
	nw_figures_weigh(figures);
}

/* Words on a picture are its caption, wherever html.c puts them. */
static void mark_captions(struct nw_figures *figures)
{
	struct nw_figure *all = figures->all;
	size_t i, k;

	for (i = 1; i < figures->count; i++) {
		if (all[i].caption || all[i].text > CAPTION_MAX ||
		    (all[i].tag != NW_TAG_CAPTION &&
		     !(all[i].words & NW_WORD_CAPTION)))
			continue;
		for (k = i; k < all[i].end; k++)
			all[k].caption = true;
	}
	nw_figures_weigh(figures);
}

/* The element behind one, with what is left out passed over or not. */
static const struct nw_figure *next_of(const struct nw_figure *figure,
				       bool pass)
{
	const xmlNode *node = figure->node;
	unsigned looks = 0;

	while ((node = node->next) && looks++ < SIBLINGS) {
		figure = node->type == XML_ELEMENT_NODE ? nw_figure_of(node) :
							  NULL;
		if (figure && figure->text && !(pass && figure->out))
			return figure;
	}
	return NULL;
}

/* A sub-headline goes with all that stood between it and the next one. */
static void mark_headings(struct nw_figures *figures)
{
	const struct nw_figure *next;
	size_t i;

	for (i = 1; i < figures->count; i++) {
		if (figures->all[i].tag != NW_TAG_HEADING ||
		    figures->all[i].out)
			continue;
		next = next_of(&figures->all[i], false);
		if (!next || !next->out)
			continue;
		next = next_of(&figures->all[i], true);
		if (next && next->tag == NW_TAG_HEADING)
			nw_figures_leave_out(figures, i,
					     "heads what was left out");
	}
	nw_figures_weigh(figures);
}

static void forget(struct nw_figures *figures)
{
	size_t i;

	for (i = 0; i < figures->count; i++)
		figures->all[i].out = NULL;
	nw_figures_weigh(figures);
}

void nw_furniture_mark(struct nw_figures *figures)
{
	unsigned all;

	if (!figures->count)
		return;
	mark_captions(figures);
	mark(figures, is_other_text);
	mark(figures, is_site);
	if (!shows_later(figures))
		mark(figures, is_unseen);
	all = figures->all[0].mass;
	mark(figures, is_furniture);
	mark_headings(figures);
	/* Names that leave hardly anything do not mean what they say. */
	if (figures->all[0].mass < REST_MIN && figures->all[0].mass < all / 4) {
		forget(figures);
		mark(figures, is_other_text);
		mark(figures, is_site);
	}
	nw_cards_mark(figures);
}
