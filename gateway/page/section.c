/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "section_private.h"

/* Cards in a row or of one look, which need no headline by their markup;
 * stories of a page that is a list; letters of a card; letters of prose beside
 * the cards where the page may be a story itself. */
enum { ROW_MIN = 3, STORIES_MIN = 3, CARD_MAX = 1000, PROSE_MAX = 300 };

/* What an element leads to, when it is no story's place in section->links. */
enum { NOTHING, SEVERAL, FIRST };

struct section {
	const struct nw_page *page;
	struct nw_figures figures;
	struct nw_section_link *links;	/* in the page's order */
	size_t count;
	size_t *leads;		/* of each figure: FIRST + the story's place */
	unsigned *cards;	/* of each figure: those that stand in it */
};

/* Meanings of what holds no list of the page's own. */
#define OUT_WORDS                                                              \
	(NW_WORD_FURNITURE | NW_WORD_COMMENT | NW_WORD_BYLINE | NW_WORD_BIO |  \
	 NW_WORD_HIDDEN | NW_WORD_TAGS | NW_WORD_SIDE)

/* How lists are called that repeat what stands elsewhere; of a class only the
 * letters are compared. */
static const char *const rankings[] = {
	"mostread", "mostpopular", "mostviewed", "mostshared", "mostcommented",
	"popular", "trending", "recommended", "sponsored", "meistgelesen",
	"lesplus", "plusvus", "maslei", "masvist", "piulett", "piuvist",
	"maislid", "mestlest", "mestlast", "meestgelezen",
};

static bool is_ranking(const xmlNode *node)
{
	const char *class = nw_dom_attr(node, "class");
	char letters[128];
	size_t len = 0, i;

	for (; class && *class && len < sizeof(letters) - 1; class++)
		if (isalpha((unsigned char)*class))
			letters[len++] =
				(char)tolower((unsigned char)*class);
	letters[len] = '\0';
	for (i = 0; i < sizeof(rankings) / sizeof(rankings[0]); i++)
		if (strstr(letters, rankings[i]))
			return true;
	return false;
}

/* Whether so much of the page's links or prose is in it that its words must
 * mean something else. */
static bool is_large(const struct nw_figures *figures,
		     const struct nw_figure *figure)
{
	return figure->link > figures->all[0].link / 2 ||
	       figure->mass > figures->all[0].mass / 2;
}

static bool is_aside(const struct nw_figures *figures,
		     const struct nw_figure *figure)
{
	if (figure->tag == NW_TAG_NAV || figure->tag == NW_TAG_FOOTER ||
	    figure->tag == NW_TAG_HIDDEN)
		return true;
	return !is_large(figures, figure) &&
	       (figure->tag == NW_TAG_ASIDE || figure->tag == NW_TAG_FORM ||
		figure->unseen || (figure->words & OUT_WORDS) ||
		is_ranking(figure->node));
}

static void leave_out_asides(struct nw_figures *figures)
{
	size_t i = 1;

	while (i < figures->count) {
		if (!is_aside(figures, &figures->all[i])) {
			i++;
			continue;
		}
		nw_figures_leave_out(figures, i, "beside the list of stories");
		i = figures->all[i].end;
	}
	nw_figures_weigh(figures);
}

static void find_links(struct section *section)
{
	const struct nw_page *page = section->page;
	const struct nw_figures *figures = &section->figures;
	const char *own = page->url ? nw_ident_key(page->arena, page->url)
				    : NULL;
	struct nw_section_link *link;
	size_t i, room = 0;

	for (i = 1; i < figures->count && room < NW_SECTION_LINKS; i++)
		room += figures->all[i].tag == NW_TAG_LINK;
	section->links = nw_arena_alloc(page->arena,
					(room + 1) * sizeof(*link));
	for (i = 1; i < figures->count && section->count < room; i++) {
		link = &section->links[section->count];
		if (figures->all[i].tag == NW_TAG_LINK &&
		    !figures->all[i].out &&
		    nw_section_link(page, figures, &figures->all[i], link) &&
		    (!own || strcmp(link->key, own)))
			section->count++;
	}
}

static int by_key(const void *a, const void *b)
{
	const struct nw_section_link *const *left = a, *const *right = b;
	int order = strcmp((*left)->key, (*right)->key);

	if (order)
		return order;
	return (*left > *right) - (*left < *right);
}

/* The first link to a story stands for it and takes the best of its titles:
 * the first that is a headline. */
static void join_links(struct section *section)
{
	struct nw_section_link **links = nw_arena_alloc(
		section->page->arena, section->count * sizeof(*links));
	struct nw_section_link *story = NULL;
	size_t i;

	for (i = 0; i < section->count; i++)
		links[i] = &section->links[i];
	qsort(links, section->count, sizeof(*links), by_key);
	for (i = 0; i < section->count; i++) {
		if (!story || strcmp(story->key, links[i]->key))
			story = links[i];
		links[i]->story = story;
		if (story->headline || !links[i]->headline)
			continue;
		story->title = links[i]->title;
		story->figure = links[i]->figure;
		story->headline = true;
		story->bare = false;
	}
}

static size_t place_of(const struct section *section,
		       const struct nw_figure *figure)
{
	return (size_t)(figure - section->figures.all);
}

/* What each element leads to: nothing, one story or several. */
static void find_leads(struct section *section)
{
	const struct nw_figures *figures = &section->figures;
	size_t *leads = nw_arena_alloc(section->page->arena,
				       figures->count * sizeof(*leads));
	size_t i;

	for (i = 0; i < section->count; i++) {
		const struct nw_section_link *link = &section->links[i];

		leads[place_of(section, link->figure)] =
			FIRST + (size_t)(link->story - section->links);
	}
	for (i = figures->count; i-- > 1;) {
		size_t *around = &leads[figures->all[i].parent];

		if (*around == NOTHING)
			*around = leads[i];
		else if (leads[i] != NOTHING && leads[i] != *around)
			*around = SEVERAL;
	}
	section->leads = leads;
}

static bool is_card(const struct section *section, size_t at, size_t lead)
{
	return at && section->leads[at] == lead &&
	       section->figures.all[at].text <= CARD_MAX;
}

static void find_cards(struct section *section)
{
	const struct nw_figures *figures = &section->figures;
	size_t i, at;

	section->cards = nw_arena_alloc(
		section->page->arena,
		figures->count * sizeof(*section->cards));
	for (i = 0; i < section->count; i++) {
		struct nw_section_link *link = &section->links[i];

		if (link->story != link)
			continue;
		at = place_of(section, link->figure);
		while (is_card(section, figures->all[at].parent, FIRST + i))
			at = figures->all[at].parent;
		link->card = &figures->all[at];
		section->cards[link->card->parent]++;
		if (link->bare && !link->headline)
			nw_section_headline(section->page,
					    &section->figures, link);
	}
}

static bool is_listed(const struct section *section,
		      const struct nw_section_link *link)
{
	return link->story == link &&
	       (link->headline || link->kin >= ROW_MIN ||
		section->cards[link->card->parent] >= ROW_MIN);
}

/* Letters of what was not left out. */
static unsigned kept_text(const struct nw_figures *figures)
{
	unsigned letters = 0;
	size_t i;

	for (i = 0; i < figures->count; i++)
		letters += figures->all[i].out ? 0 : figures->all[i].own;
	return letters;
}

static bool says_article(const struct nw_page *page)
{
	const xmlNode *node = page->html;

	for (; node; node = nw_dom_next(node, page->html, false)) {
		const char *name = nw_dom_is(node, "meta")
					   ? nw_dom_attr(node, "property")
					   : NULL;
		const char *content = name ? nw_dom_attr(node, "content")
					   : NULL;

		if (content && !strcasecmp(name, "og:type"))
			return !strcasecmp(content, "article");
	}
	return false;
}

/* Whether the page is made of its cards.  One that says that it is an article
 * or has the address of one must not have prose of its own; one with both is
 * believed. */
static bool is_list(const struct section *section)
{
	const struct nw_page *page = section->page;
	unsigned own = section->figures.all[0].mass, text = 0, doubts;
	size_t stories = 0, i;

	for (i = 0; i < section->count; i++) {
		const struct nw_section_link *link = &section->links[i];

		if (!is_listed(section, link))
			continue;
		stories++;
		text += link->card->text;
		own -= link->card->mass;
	}
	doubts = says_article(page) + nw_section_is_story(page, page->url);
	return stories >= STORIES_MIN && own < text / 2 &&
	       text > kept_text(&section->figures) / 5 &&
	       (!doubts || (doubts == 1 && own < PROSE_MAX));
}

/* rel=next, of a link element or of a link that is seen. */
static const char *next_url(const struct nw_page *page)
{
	const xmlNode *node = page->html;

	for (; node; node = nw_dom_next(node, page->html, false)) {
		const char *rel = nw_dom_attr(node, "rel");
		const char *href = nw_dom_attr(node, "href");
		const char *url;

		if (!rel || !href || strcasecmp(rel, "next"))
			continue;
		url = nw_url_resolve(page->arena, page->base, href);
		if (url && nw_url_is_web(url))
			return url;
	}
	return NULL;
}

static struct nw_feed *make_feed(const struct section *section)
{
	const struct nw_page *page = section->page;
	const xmlNode *title =
		page->head ? nw_dom_find(page->head, "title") : NULL;
	struct nw_feed *feed = nw_arena_alloc(page->arena, sizeof(*feed));
	size_t i;

	*feed = (struct nw_feed){
		.version = "section",
		.title = title ? nw_dom_text(page->arena, title,
					     NW_STORY_TITLE_BYTES)
			       : NULL,
		.home_url = page->url,
		.feed_url = page->url,
		.published_utc = NW_TIME_NONE,
		.updated_utc = NW_TIME_NONE,
		.ttl_s = -1,
		.next_url = next_url(page),
	};
	feed->items = nw_arena_alloc(page->arena,
				     section->count * sizeof(*feed->items));
	for (i = 0; i < section->count; i++)
		if (is_listed(section, &section->links[i]))
			nw_section_card(page, &section->figures,
					&section->links[i],
					&feed->items[feed->item_count++]);
	return feed;
}

int nw_section_read(struct nw_arena *arena, const struct nw_page_input *input,
		    struct nw_feed **feed_r, struct nw_error *err)
{
	struct nw_page page = { .arena = arena };
	struct section section = { .page = &page };
	bool found;

	if (nw_page_open(&page, input, err) < 0)
		return -1;
	page.words = nw_words_new(arena);
	nw_figures_make(&page, page.body, &section.figures);
	leave_out_asides(&section.figures);
	find_links(&section);
	join_links(&section);
	find_leads(&section);
	find_cards(&section);
	nw_section_count_kin(&page, section.links, section.count);
	found = is_list(&section);
	if (found)
		*feed_r = make_feed(&section);
	xmlFreeDoc(page.doc);
	return found;
}
