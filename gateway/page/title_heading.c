/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The headings that a page shows, and what they are by their markup.
 */
#include "config.h"

#include <string.h>

#include "extract_private.h"
#include "html_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "title_private.h"

/* Elements around a heading that say what it is. */
#define CRUMB_STEPS 4
#define LOGO_STEPS 2

static bool skip_kicker(const xmlNode *node, void *context)
{
	const struct nw_page *page = context;
	const char *class = nw_dom_attr(node, "class");

	return class && (nw_words_of(page->words, class) & NW_WORD_KICKER);
}

/* The words of a heading without a kicker in it, unless that is all of it or
 * a colon joins them; with the marks that are for the eye only. */
static const char *heading_text(const struct nw_page *page,
				const xmlNode *node)
{
	const struct nw_html_options options = {
		.skip = skip_kicker,
		.context = (void *)(uintptr_t)page,
	};
	const char *text = nw_html_text_line(page->arena, node, &options,
					     NW_STORY_TITLE_BYTES);
	const char *whole = nw_dom_text(page->arena, node,
					NW_STORY_TITLE_BYTES);

	if (!text || !whole || *text == ':' || !strcmp(text, whole) ||
	    !strcmp(nw_utf8_key(page->arena, text),
		    nw_utf8_key(page->arena, whole)))
		return whole;
	return text;
}

/* Search engines are served a line of their own as the last of the path of
 * sections; readers see the headline below it. */
static bool is_crumb(const xmlNode *node)
{
	unsigned steps;

	for (steps = 0; node && steps < CRUMB_STEPS; steps++) {
		const char *class = nw_class_of(node);

		if (nw_dom_is(node, "nav") || nw_dom_is(node, "li") ||
		    (class && strcasestr(class, "breadcrumb")))
			return true;
		node = node->parent;
	}
	return false;
}

/* Whether an address is one that the page's own lies below: the front page, or
 * a section's. */
static bool is_above(const struct nw_page *page, const char *href)
{
	const char *url = nw_url_resolve(page->arena, page->base, href);
	size_t len = url ? strlen(url) : 0;

	return len && page->url && url[len - 1] == '/' &&
	       !strncmp(url, page->url, len) && page->url[len];
}

/* The site's name is a heading on many: it leads to the front page, or its
 * class says so. */
static bool is_logo(const struct nw_page *page, const xmlNode *node)
{
	static const char *const names[] = {
		"logo", "site-title", "site-name", "branding", "blog-title",
		"sitetitle", "sitename", "blogtitle",
	};
	const xmlNode *link = nw_dom_find(node, "a");
	const char *href = link ? nw_dom_attr(link, "href") : NULL;
	unsigned steps;
	size_t i;

	if (href && is_above(page, href))
		return true;
	for (steps = 0; node && steps < LOGO_STEPS; steps++) {
		const char *class = nw_class_of(node);
		const char *id = nw_dom_attr(node, "id");

		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if ((class && nw_has_word(class, names[i])) ||
			    (id && nw_has_word(id, names[i])))
				return true;
		node = node->parent;
	}
	return false;
}

static void add(struct title_headings *headings, const struct title_line *line)
{
	if (headings->count < TITLE_HEADINGS)
		headings->lines[headings->count++] = *line;
}

void title_add_headings(struct title_vote *vote, const struct nw_claims *claims,
			enum nw_place kind, struct title_headings *headings)
{
	const struct nw_places *places = &claims->places[kind];
	size_t i;

	for (i = 0; i < places->count && headings->count < TITLE_HEADINGS;
	     i++) {
		const xmlNode *node = places->nodes[i];
		struct title_line line = title_line_make(
			vote->arena, heading_text(claims->page, node));

		if (!*line.key || title_is_site(vote, line.key))
			continue;
		line.node = node;
		line.order = places->order[i];
		line.logo = is_logo(claims->page, node);
		if (line.logo && !*vote->logo)
			vote->logo = line.key;
		add(is_crumb(node) ? &vote->crumbs : headings, &line);
	}
}
