/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "extract_private.h"

/*
 * The article is the subtree with the greatest gain: prose counts for it, what
 * is no prose (links, scattered words) counts against it, and what was left
 * out does not count.  So a subtree grows over parts of a split body, and
 * stops where more furniture than prose would come in.
 */

/* A card of a list of stories: a link and a few words. */
static bool is_card(const struct nw_figure *figure)
{
	return figure->items <= 1 && figure->text < 800 &&
	       figure->link * 10 > figure->text;
}

static bool in_card(const struct nw_figures *figures,
		    const struct nw_figure *figure)
{
	unsigned level;

	for (level = 0; level < 4; level++) {
		if (figure == &figures->all[0])
			return false;
		figure = &figures->all[figure->parent];
		if (figure->items > 1)
			return false;
		if (is_card(figure))
			return true;
	}
	return false;
}

static int own_gain(const struct nw_figures *figures,
		    const struct nw_figure *figure, int mass)
{
	int own = (int)figure->own;

	if (!own)
		return 0;
	if (figure->card)
		return -own / 4;
	if (mass)
		return in_card(figures, figure) ? mass / 4 : mass;
	if (figure->tag == NW_TAG_HEADING || figure->tag == NW_TAG_CAPTION)
		return 0;
	return figure->own_link * 2 > figure->own ? -own * 3 / 4 : -own / 4;
}

/* What is called a side bar, unless it is called the article's too. */
static bool is_aside(const struct nw_figure *figure)
{
	return (figure->words & NW_WORD_SIDE) &&
	       !(figure->words & (NW_WORD_ARTICLE | NW_WORD_BODY));
}

static void count_gains(struct nw_figures *figures)
{
	struct nw_figure *all = figures->all;
	size_t i;

	for (i = 0; i < figures->count; i++)
		all[i].gain = all[i].out ? 0 :
					   own_gain(figures, &all[i],
						    nw_figure_own_mass(
							    &all[i]));
	for (i = figures->count; i-- > 1;) {
		if (all[i].out)
			continue;
		if (is_aside(&all[i]) && all[i].gain > 0)
			all[i].gain /= 2;
		all[all[i].parent].gain += all[i].gain;
	}
}

/* The child with the greatest gain, or 0. */
static size_t best_child(const struct nw_figures *figures, size_t at)
{
	size_t best = 0, i;

	for (i = at + 1; i < figures->all[at].end; i = figures->all[i].end) {
		const struct nw_figure *figure = &figures->all[i];

		if (!figure->out && figure->gain > 0 &&
		    (!best || figure->gain > figures->all[best].gain))
			best = i;
	}
	return best;
}

/* Down as long as one child holds nearly all of it, but not into a single
 * paragraph. */
static size_t descend(const struct nw_figures *figures, size_t at)
{
	const struct nw_figure *all = figures->all;
	size_t child;

	while ((child = best_child(figures, at)) != 0) {
		if (all[child].gain * 20 < all[at].gain * 19 ||
		    all[child].tag == NW_TAG_PARAGRAPH)
			break;
		at = child;
	}
	return at;
}

struct nw_figure *nw_score_choose(struct nw_figures *figures)
{
	size_t best = 0, i;

	if (!figures->count)
		return NULL;
	count_gains(figures);
	for (i = 1; i < figures->count; i++)
		if (!figures->all[i].out && figures->all[i].block &&
		    figures->all[i].gain > figures->all[best].gain)
			best = i;
	return &figures->all[descend(figures, best)];
}

static bool is_apart(const struct nw_figures *figures,
		     const struct nw_figure *one, const struct nw_figure *other)
{
	return figures->all + one->end <= other ||
	       figures->all + other->end <= one;
}

static void note(const struct nw_page *page, const char *what,
		 const struct nw_figure *figure, const char *why)
{
	nw_page_note_node(page, what, figure->node,
			  nw_arena_printf(page->arena,
					  "%s: gain %d, %u paragraphs, "
					  "%u letters, %u in links",
					  why, figure->gain, figure->items,
					  figure->text, figure->link));
}

void nw_score_explain(const struct nw_page *page,
		      const struct nw_figures *figures,
		      const struct nw_figure *top)
{
	const struct nw_figure *next = NULL;
	size_t i;

	if (!page->explain)
		return;
	note(page, "body", top, "the most prose and the least else");
	for (i = 1; i < figures->count; i++) {
		const struct nw_figure *figure = &figures->all[i];

		if (!figure->out && figure->block && figure->gain > 0 &&
		    is_apart(figures, figure, top) &&
		    (!next || figure->gain > next->gain))
			next = figure;
	}
	if (next)
		note(page, "runner-up", next, "less of it");
}
