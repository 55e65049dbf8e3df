/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "extract_private.h"

/*
 * What stands amid an article and is no part of it, by its shape: lines that
 * are links, crumbs of text outside of paragraphs, cards of other stories,
 * and what follows the last paragraph.
 */

/* Elements around a picture that may be its link or its figure. */
#define TEASER_LEVELS 6

struct trim {
	struct nw_figures *figures;
	size_t top, end;
	bool paragraphs;	/* the prose stands in p elements */
};

static bool is_link_line(const struct nw_figure *figure)
{
	return figure->own_link * 10 >= figure->own * 8;
}

static bool is_prose(const struct nw_figure *figure)
{
	return !figure->out && !figure->card &&
	       nw_figure_own_mass(figure) >= 80;
}

static bool is_crumb(const struct trim *trim, const struct nw_figure *figure)
{
	switch (figure->tag) {
	case NW_TAG_DIVISION:
	case NW_TAG_SECTION:
	case NW_TAG_ARTICLE:
	case NW_TAG_HEADER:
		if (is_link_line(figure))
			return true;
		return trim->paragraphs && figure->own < 80 && !figure->marks;
	default:
		return false;
	}
}

static void trim_crumbs(struct trim *trim)
{
	size_t i;

	for (i = trim->top + 1; i < trim->end; i++) {
		struct nw_figure *figure = &trim->figures->all[i];

		if (!figure->out && figure->own && figure->block &&
		    figure->text == figure->own && is_crumb(trim, figure))
			nw_figures_leave_out(trim->figures, i,
					     "a link or a few words, outside "
					     "of paragraphs");
	}
}

/* Before the first paragraph of prose there are the headline and what goes
 * with it. */
static void trim_head(struct trim *trim)
{
	struct nw_figure *all = trim->figures->all;
	size_t i;

	for (i = trim->top + 1; i < trim->end && !is_prose(&all[i]); i++) {
		const struct nw_figure *figure = &all[i];

		if (figure->out || !figure->own || !figure->block)
			continue;
		if (!strcmp((const char *)figure->node->name, "h1") ||
		    (figure->tag == NW_TAG_DIVISION &&
		     figure->text == figure->own))
			nw_figures_leave_out(trim->figures, i,
					     "before the first paragraph");
	}
}

static bool is_picture_file(const char *href)
{
	static const char *const ends[] = { ".jpg",  ".jpeg", ".png",
					    ".webp", ".gif",  ".avif" };
	size_t len = strcspn(href, "?#"), i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t end = strlen(ends[i]);

		if (len > end && !strncasecmp(href + len - end, ends[i], end))
			return true;
	}
	return false;
}

/* A picture without words that leads to a page: another story's, or an offer
 * of the site. */
static bool is_teaser(const struct trim *trim, size_t at)
{
	const struct nw_figure *all = trim->figures->all;
	bool leads = all[at].card;
	unsigned level;

	if (all[at].tag != NW_TAG_IMAGE)
		return false;
	for (level = 0; level < TEASER_LEVELS && at > trim->top; level++) {
		const char *href = all[at].tag == NW_TAG_LINK
					   ? nw_dom_attr(all[at].node, "href")
					   : NULL;

		if (all[at].tag == NW_TAG_FIGURE && all[at].text)
			return false;
		if (href && *href != '#' && !is_picture_file(href))
			leads = true;
		at = all[at].parent;
	}
	return leads;
}

/* Behind the last paragraph of prose only sentences, lists and pictures of the
 * story are left. */
static void trim_tail(struct trim *trim)
{
	struct nw_figure *all = trim->figures->all;
	size_t i = trim->end;

	while (--i > trim->top && !is_prose(&all[i])) {
		const struct nw_figure *figure = &all[i];

		if (!figure->out && is_teaser(trim, i))
			nw_figures_leave_out(trim->figures, i,
					     "behind the last paragraph, a "
					     "picture that leads elsewhere");
		if (figure->out || !figure->own || !figure->block)
			continue;
		if (figure->card || figure->tag == NW_TAG_HEADING ||
		    is_link_line(figure) ||
		    (figure->tag == NW_TAG_DIVISION && figure->own < 80))
			nw_figures_leave_out(trim->figures, i,
					     "behind the last paragraph");
	}
}

/* The element that has most of the prose as its children's own. */
static size_t find_core(const struct trim *trim, unsigned *share_r)
{
	const struct nw_figure *all = trim->figures->all;
	unsigned *direct = calloc(trim->end - trim->top, sizeof(*direct));
	unsigned sum = 0, own;
	size_t core = trim->top, i;

	*share_r = 0;
	if (!direct)
		return core;
	for (i = trim->top; i < trim->end; i++) {
		own = all[i].out ? 0 : nw_figure_own_mass(&all[i]);
		sum += own;
		if (all[i].tag != NW_TAG_PARAGRAPH || i == trim->top)
			direct[i - trim->top] += own;
		else if (all[i].parent >= trim->top)
			direct[all[i].parent - trim->top] += own;
	}
	for (i = trim->top; i < trim->end; i++)
		if (direct[i - trim->top] > direct[core - trim->top])
			core = i;
	if (sum)
		*share_r = direct[core - trim->top] * 100 / sum;
	free(direct);
	return core;
}

static bool same_class(const struct nw_figure *a, const struct nw_figure *b)
{
	const char *one = nw_dom_attr(a->node, "class");
	const char *two = nw_dom_attr(b->node, "class");

	return one && two ? !strcmp(one, two) : !one && !two;
}

/*
 * Where one element holds the prose, what comes behind it and is of another
 * kind is an annex: an offer, a biography, other stories.
 */
static void trim_annexes(struct trim *trim)
{
	struct nw_figure *all = trim->figures->all;
	unsigned share;
	size_t at = find_core(trim, &share), i;

	for (; at > trim->top; at = all[at].parent) {
		const struct nw_figure *parent = &all[all[at].parent];

		for (i = all[at].end; i < parent->end; i = all[i].end) {
			if (!all[i].block || same_class(&all[i], &all[at]))
				continue;
			if (share > 60 ||
			    (share > 30 && all[i].tag != all[at].tag))
				nw_figures_leave_out(
					trim->figures, i,
					"behind the element with the prose, "
					"and of another class");
		}
	}
}

static bool prose_is_in_paragraphs(const struct trim *trim)
{
	unsigned mass = 0, in = 0;
	size_t i;

	for (i = trim->top; i < trim->end; i++) {
		const struct nw_figure *figure = &trim->figures->all[i];
		unsigned own = figure->out ? 0 : nw_figure_own_mass(figure);

		mass += own;
		if (figure->tag == NW_TAG_PARAGRAPH)
			in += own;
	}
	return in * 10 >= mass * 7;
}

void nw_trim(struct nw_figures *figures, const struct nw_figure *top)
{
	struct trim trim = { .figures = figures };

	trim.top = (size_t)(top - figures->all);
	trim.end = top->end;
	trim.paragraphs = prose_is_in_paragraphs(&trim);
	trim_annexes(&trim);
	trim_crumbs(&trim);
	trim_head(&trim);
	trim_tail(&trim);
}
