/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "extract_private.h"

static bool skip(const xmlNode *node, void *context)
{
	const struct nw_figure *figure = nw_figure_of(node);

	(void)context;
	return figure && figure->out;
}

/* Shows prose that a browser would show later only. */
static void show(const struct nw_figures *figures, const struct nw_figure *top)
{
	size_t i = (size_t)(top - figures->all) + 1;

	for (; i < top->end; i++) {
		const struct nw_figure *figure = &figures->all[i];

		if (!figure->unseen || figure->out || !figure->mass)
			continue;
		(void)xmlUnsetProp(figure->node, (const xmlChar *)"style");
		(void)xmlUnsetProp(figure->node, (const xmlChar *)"hidden");
	}
}

/* Where the article is in the page, and what is read for it: the same, unless
 * rules select it. */
struct choice {
	struct nw_figures around, within;
	const struct nw_figure *at, *top; /* NULL: there is none */
	bool as_it_is;	/* rules want nothing to be trimmed */
};

static void choose(const struct nw_page *page, struct choice *choice)
{
	xmlNode *ruled;

	nw_figures_make(page, page->body, &choice->around);
	nw_furniture_mark(&choice->around);
	choice->at = nw_score_choose(page, &choice->around);
	choice->within = choice->around;
	choice->top = choice->at;
	choice->as_it_is = false;
	if (!nw_rules_body(page, choice->at ? choice->at->mass : 0, &ruled))
		return;
	choice->at = choice->top = NULL;
	if (!ruled)
		return;
	choice->at = nw_figure_of(ruled);
	nw_figures_make(page, ruled, &choice->within);
	nw_furniture_mark(&choice->within);
	choice->top = choice->within.all;
	choice->as_it_is = !nw_rules_prune(page);
}

int nw_extract_body(const struct nw_page *page, struct nw_story *story,
		    struct nw_error *err)
{
	const struct nw_html_options options = { .base = page->base,
						 .skip = skip };
	struct choice choice;

	choose(page, &choice);
	if (!choice.top)
		return 0;
	if (!choice.as_it_is)
		nw_trim(&choice.within, choice.top);
	show(&choice.within, choice.top);
	if (nw_html_blocks(page->arena, choice.top->node, &options,
			   &story->body, err) < 0)
		return -1;
	if (nw_standfirst_add(page, &choice.around, choice.at, story, err) < 0)
		return -1;
	nw_bio_read(page, &choice.around, story);
	nw_polish(page, &choice.within, choice.top, story);
	return 0;
}
