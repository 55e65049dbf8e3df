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

static int read_top(const struct nw_page *page, struct nw_figures *figures,
		    const struct nw_figure *top, struct nw_story *story,
		    struct nw_error *err)
{
	const struct nw_html_options options = { .base = page->base,
						 .skip = skip };

	nw_trim(figures, top);
	show(figures, top);
	if (nw_html_blocks(page->arena, top->node, &options, &story->body,
			   err) < 0)
		return -1;
	if (nw_lead_add(page, figures, top, story, err) < 0)
		return -1;
	if (nw_standfirst_add(page, figures, top, story, err) < 0)
		return -1;
	nw_bio_read(page, figures, story);
	nw_polish(page, figures, top, story);
	return 0;
}

int nw_extract_body(const struct nw_page *page, struct nw_story *story,
		    struct nw_error *err)
{
	struct nw_figures figures;
	const struct nw_figure *top;

	nw_figures_make(page, page->body, &figures);
	nw_furniture_mark(&figures);
	top = nw_score_choose(page, &figures);
	if (top && read_top(page, &figures, top, story, err) < 0)
		return -1;
	return nw_vote(page, story, err);
}
