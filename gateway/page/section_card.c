/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "html_private.h"
#include "newswire/limits.h"
#include "section_private.h"

/* Letters of a teaser; of a headline. */
#define TEASER_MIN 40
#define HEADLINE_MIN 10

static bool is_teaser(const struct nw_figure *figure)
{
	static const unsigned others = NW_WORD_BYLINE | NW_WORD_DATE |
				       NW_WORD_KICKER | NW_WORD_TAGS |
				       NW_WORD_TITLE | NW_WORD_CAPTION;
	unsigned plain = figure->own - figure->own_link;

	if (figure->tag == NW_TAG_HEADING || figure->tag == NW_TAG_CAPTION ||
	    figure->own < TEASER_MIN || (figure->words & others))
		return false;
	/* In a card that is one link the words of all of it are. */
	return figure->tag == NW_TAG_PARAGRAPH ||
	       (figure->words & NW_WORD_STANDFIRST) || plain >= TEASER_MIN;
}

static const char *escape(struct nw_arena *arena, const char *text)
{
	xmlChar *escaped = xmlEncodeSpecialChars(NULL, (const xmlChar *)text);
	const char *copy;

	if (!escaped)
		return NULL;
	copy = nw_arena_strdup(arena, (const char *)escaped);
	xmlFree(escaped);
	return copy;
}

static void read_teaser(const struct nw_page *page,
			const struct nw_figure *figure, struct nw_item *item)
{
	const char *text = nw_dom_text(page->arena, figure->node,
				       NW_STORY_SUMMARY_BYTES);

	if (text && strcmp(text, item->title))
		item->summary_html = escape(page->arena, text);
}

/* Of several times the earliest is that of publication. */
static void read_time(const struct nw_page *page,
		      const struct nw_figure *figure, struct nw_item *item)
{
	const char *text = nw_dom_attr(figure->node, "datetime");
	int64_t utc;

	if (!text)
		text = nw_dom_text(page->arena, figure->node,
				   NW_STORY_NAME_BYTES);
	utc = nw_date_utc(text);
	if (utc == NW_TIME_NONE || utc > page->now_utc)
		return;
	if (item->published_utc == NW_TIME_NONE || utc < item->published_utc)
		item->published_utc = utc;
}

static void read_image(const struct nw_page *page,
		       const struct nw_figure *figure, struct nw_item *item)
{
	const struct nw_html_options options = { .base = page->base };
	struct nw_html_reader reader;

	nw_html_reader_init(&reader, page->arena, &options, NW_HTML_LINE);
	item->image = nw_html_image(&reader, figure->node);
	nw_html_reader_free(&reader);
}

void nw_section_headline(const struct nw_page *page,
			 const struct nw_figures *figures,
			 struct nw_section_link *link)
{
	const struct nw_figure *figure = link->card;
	const struct nw_figure *end = figures->all + figure->end;

	while (figure < end && (figure->tag != NW_TAG_HEADING ||
				figure->text < HEADLINE_MIN))
		figure++;
	if (figure == end)
		return;
	link->title = nw_dom_text(page->arena, figure->node,
				  NW_STORY_TITLE_BYTES);
	link->headline = true;
}

void nw_section_card(const struct nw_page *page,
		     const struct nw_figures *figures,
		     const struct nw_section_link *link, struct nw_item *item)
{
	const struct nw_figure *figure = link->card;
	const struct nw_figure *end = figures->all + figure->end;

	*item = (struct nw_item){
		.url = link->url,
		.title = link->title,
		.published_utc = NW_TIME_NONE,
		.updated_utc = NW_TIME_NONE,
		.base_url = page->base,
	};
	for (; figure < end; figure++) {
		if (figure->out)
			continue;
		if (!item->summary_html && is_teaser(figure))
			read_teaser(page, figure, item);
		else if (nw_dom_is(figure->node, "time"))
			read_time(page, figure, item);
		else if (!item->image && nw_dom_is(figure->node, "img"))
			read_image(page, figure, item);
	}
}
