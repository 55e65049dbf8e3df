/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "extract_private.h"

/*
 * Cards: what sites make of other stories, with a linked headline and a few
 * words.  One alone may be a part of the article; several in a row are a list
 * of stories, wherever they stand.
 */

/* Text of a headline that is a link. */
#define HEADLINE_MIN 15
#define CARD_MAX 800
#define CARDS_MIN 3

static bool is_headline(const struct nw_figure *figure)
{
	return figure->own >= HEADLINE_MIN &&
	       figure->own_link * 10 >= figure->own * 8;
}

static bool is_card(const struct nw_figures *figures, size_t at)
{
	const struct nw_figure *card = &figures->all[at];
	size_t i;

	if (!card->block || card->text > CARD_MAX || card->items > 2 ||
	    card->link < HEADLINE_MIN || card->tag == NW_TAG_PARAGRAPH ||
	    card->tag == NW_TAG_CELL)
		return false;
	/* All of a list's item: a list of links is not for here to judge. */
	if (card->own == card->text)
		return false;
	/* The headline stands before the words. */
	for (i = at; i < card->end && nw_work_pay(figures->work, 1); i++) {
		if (is_headline(&figures->all[i]))
			return true;
		if (nw_figure_own_mass(&figures->all[i]) >= 80)
			return false;
	}
	return false;
}

/* Called a teaser or a card, by itself or by what is around it. */
static bool is_named(const struct nw_figure *figure)
{
	return figure->words & (NW_WORD_DOUBTFUL | NW_WORD_RELATED);
}

static void mark_cards(struct nw_figures *figures, size_t parent)
{
	size_t i, k;

	for (i = parent + 1; i < figures->all[parent].end;
	     i = figures->all[i].end)
		if (!figures->all[i].out && is_card(figures, i))
			for (k = i; k < figures->all[i].end; k++)
				figures->all[k].card = true;
}

static void look_at(struct nw_figures *figures, size_t parent)
{
	const struct nw_figure *figure = &figures->all[parent];
	unsigned cards = 0, text = 0;
	size_t i;

	for (i = parent + 1; i < figure->end; i = figures->all[i].end) {
		if (figures->all[i].out || !is_card(figures, i))
			continue;
		cards += 1 + is_named(&figures->all[i]);
		text += figures->all[i].text;
	}
	if (cards >= CARDS_MIN && text * 10 > figure->text * 6)
		mark_cards(figures, parent);
}

void nw_cards_mark(struct nw_figures *figures)
{
	unsigned mass = 0;
	size_t i;

	for (i = 0; i < figures->count; i++)
		if (!figures->all[i].out && figures->all[i].block &&
		    figures->all[i].end > i + CARDS_MIN)
			look_at(figures, i);
	for (i = 0; i < figures->count; i++)
		if (figures->all[i].card && !figures->all[i].out)
			mass += nw_figure_own_mass(&figures->all[i]);
	/* A page made of cards: they are its article. */
	if (figures->count && mass * 20 > figures->all[0].mass * 17)
		for (i = 0; i < figures->count; i++)
			figures->all[i].card = false;
}
