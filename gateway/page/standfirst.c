/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "extract_private.h"

/*
 * The standfirst: one to three paragraphs between the headline and the text,
 * often outside of the element that holds the text.
 */

/* Blocks with text that are looked at behind the headline. */
#define LOOKS 12
#define PARTS 3
#define SENTENCE_MIN 50
#define LINE_MIN 25
/* Bytes of a key that tell two texts apart. */
#define SAME_BYTES 60

/* What no standfirst is called, nor what is around it. */
#define OTHER_WORDS                                                            \
	(NW_WORD_BYLINE | NW_WORD_DATE | NW_WORD_CAPTION | NW_WORD_KICKER |    \
	 NW_WORD_TAGS | NW_WORD_BIO | NW_WORD_COMMENT | NW_WORD_RELATED |      \
	 NW_WORD_HIDDEN | NW_WORD_FURNITURE | NW_WORD_SIDE)

static bool is_other_tag(enum nw_tag tag)
{
	switch (tag) {
	case NW_TAG_FIGURE:
	case NW_TAG_CAPTION:
	case NW_TAG_FORM:
	case NW_TAG_NAV:
	case NW_TAG_ASIDE:
	case NW_TAG_FOOTER:
	case NW_TAG_TABLE:
	case NW_TAG_CELL:
	case NW_TAG_HIDDEN:
		return true;
	default:
		return false;
	}
}

/* Whether two texts begin alike, as keys. */
static bool same_beginning(struct nw_arena *arena, const char *one,
			   const char *two)
{
	const char *a = nw_utf8_key(arena, one), *b = nw_utf8_key(arena, two);
	size_t len = strlen(a) < strlen(b) ? strlen(a) : strlen(b);

	return len >= LINE_MIN &&
	       !strncmp(a, b, len < SAME_BYTES ? len : SAME_BYTES);
}

/* What is called a standfirst up to the element that holds the headline
 * too; false for what is called something else. */
static bool read_words(const struct nw_figures *figures, size_t at,
		       size_t headline, bool *named_r)
{
	const struct nw_figure *figure = &figures->all[at];

	*named_r = false;
	while (headline < (size_t)(figure - figures->all)) {
		if ((figure->words & OTHER_WORDS) ||
		    is_other_tag(figure->tag))
			return false;
		if (figure->words & NW_WORD_STANDFIRST)
			*named_r = true;
		figure = &figures->all[figure->parent];
	}
	return true;
}

static bool is_part(const struct nw_page *page, const struct nw_story *story,
		    const struct nw_figures *figures, size_t at,
		    size_t headline)
{
	const struct nw_figure *figure = &figures->all[at];
	const char *text;
	bool named;

	if (figure->own < LINE_MIN || figure->own_link * 2 > figure->own ||
	    figure->own > 1000 || !read_words(figures, at, headline, &named))
		return false;
	if (named)
		return true;
	text = story->description ? nw_dom_text(page->arena, figure->node,
						NW_STORY_SUMMARY_BYTES) :
				    NULL;
	if (text && same_beginning(page->arena, text, story->description))
		return true;
	return figure->marks && figure->own >= SENTENCE_MIN &&
	       (figure->tag == NW_TAG_PARAGRAPH ||
		figure->tag == NW_TAG_HEADING);
}

/* Whether the body says it already in one of its first paragraphs. */
static bool is_said(struct nw_arena *arena, const struct nw_body *body,
		    const struct nw_body *part)
{
	const char *text = nw_body_text(arena, part);
	size_t i;

	if (!*text)
		return true;
	for (i = 0; i < body->count && i < LOOKS; i++) {
		const struct nw_block *block = &body->blocks[i];

		if (block->span_count &&
		    same_beginning(arena, text,
				   nw_spans_text(arena, block->spans,
						 block->span_count)))
			return true;
	}
	return false;
}

static int read_part(const struct nw_page *page, const xmlNode *node,
		     struct nw_body *body, struct nw_error *err)
{
	const struct nw_html_options options = { .base = page->base,
						 .work = page->work };
	struct nw_body part = { NULL, 0 };
	size_t i;

	if (nw_html_blocks(page->arena, node, &options, &part, err) < 0)
		return -1;
	if (is_said(page->arena, body, &part))
		return 0;
	for (i = 0; i < part.count; i++) {
		if (part.blocks[i].kind == NW_BLOCK_IMAGE)
			continue;
		*nw_body_add(page->arena, body, NW_BLOCK_PARAGRAPH) =
			part.blocks[i];
	}
	return 0;
}

static void prepend(struct nw_arena *arena, struct nw_body *body,
		    const struct nw_body *first)
{
	struct nw_body joined = { NULL, 0 };
	size_t i;

	for (i = 0; i < first->count; i++)
		*nw_body_add(arena, &joined, NW_BLOCK_PARAGRAPH) =
			first->blocks[i];
	for (i = 0; i < body->count; i++)
		*nw_body_add(arena, &joined, NW_BLOCK_PARAGRAPH) =
			body->blocks[i];
	*body = joined;
}

int nw_standfirst_add(const struct nw_page *page,
		      const struct nw_figures *figures,
		      const struct nw_figure *top, struct nw_story *story,
		      struct nw_error *err)
{
	struct nw_body first = { NULL, 0 };
	size_t end = (size_t)(top - figures->all), i;
	size_t headline = nw_figures_headline(figures, end);
	unsigned looks = 0, parts = 0;

	if (!headline)
		return 0;
	i = figures->all[headline].end;
	for (; i < end && looks < LOOKS && parts < PARTS; i++) {
		const struct nw_figure *figure = &figures->all[i];

		if (!figure->own || !figure->block)
			continue;
		looks++;
		if (!is_part(page, story, figures, i, headline))
			continue;
		parts++;
		if (read_part(page, figure->node, &first, err) < 0)
			return -1;
	}
	if (first.count && !is_said(page->arena, &story->body, &first))
		prepend(page->arena, &story->body, &first);
	return 0;
}
