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

/* Says which subtrees are left out, each by the rule that did it. */
static void explain_drops(const struct nw_page *page,
			  const struct nw_figures *figures)
{
	size_t i = 0;

	while (page->explain && i < figures->count) {
		const struct nw_figure *figure = &figures->all[i];

		if (figure->out && figure->text)
			nw_page_note_node(page, "drop", figure->node,
					  figure->out);
		i = figure->out ? figure->end : i + 1;
	}
}

/* Of a page past a cap the beginning is kept. */
static void keep_teaser(const struct nw_page *page, struct nw_story *story)
{
	struct nw_body *body = &story->body;
	size_t bytes = 0, i;

	for (i = 0; i < body->count && i < NW_PAGE_TEASER_BLOCKS; i++) {
		const struct nw_block *block = &body->blocks[i];

		bytes += strlen(nw_spans_text(page->arena, block->spans,
					      block->span_count));
		if (block->table || bytes > NW_PAGE_TEASER_BYTES)
			break;
	}
	nw_page_note(page, "teaser", NULL, page->work->over, NULL);
	body->count = i;
	if (i || !story->description)
		return;
	nw_body_add(page->arena, body, NW_BLOCK_PARAGRAPH)->spans =
		nw_arena_alloc(page->arena, sizeof(struct nw_span));
	body->blocks[0].spans[0].text = story->description;
	body->blocks[0].span_count = 1;
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
	choice->at = nw_score_choose(&choice->around);
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

static int read_choice(const struct nw_page *page, struct choice *choice,
		       struct nw_story *story, struct nw_error *err)
{
	const struct nw_html_options options = { .base = page->base,
						 .skip = skip,
						 .work = page->work };

	nw_score_explain(page, &choice->around, choice->at);
	if (!choice->as_it_is)
		nw_trim(&choice->within, choice->top);
	explain_drops(page, &choice->within);
	show(&choice->within, choice->top);
	if (nw_html_blocks(page->arena, choice->top->node, &options,
			   &story->body, err) < 0)
		return -1;
	if (nw_lead_add(page, &choice->around, choice->at, story, err) < 0)
		return -1;
	if (nw_standfirst_add(page, &choice->around, choice->at, story, err) <
	    0)
		return -1;
	nw_bio_read(page, &choice->around, story);
	nw_polish(page, &choice->within, choice->top, story);
	return 0;
}

int nw_extract_body(const struct nw_page *page, struct nw_story *story,
		    struct nw_error *err)
{
	struct choice choice;

	choose(page, &choice);
	if (choice.top && read_choice(page, &choice, story, err) < 0)
		return -1;
	if (nw_vote(page, story, err) < 0)
		return -1;
	if (page->work->over)
		keep_teaser(page, story);
	return 0;
}
