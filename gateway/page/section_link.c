/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "section_private.h"

/* Columns of a title: of a headline by its markup, of any other link, and
 * more than any headline has. */
enum { HEADLINE_MIN = 10, TITLE_MIN = 20, TITLE_MAX = 250 };

/* How many elements around a link may make a headline of it. */
#define HEADLINE_LEVELS 4

/* Parts of a path that lead to a list or to the site itself. */
static const char *const list_parts[] = {
	"abo", "about", "account", "author", "authors", "autor", "autoren",
	"auteur", "categories", "category", "contact", "contributor",
	"contributors", "feed", "help", "impressum", "kategorie", "login",
	"newsletter", "newsletters", "page", "people", "privacy", "profile",
	"profiles", "register", "rss", "search", "section", "sections",
	"signin", "subscribe", "tag", "tags", "terms", "thema", "themen",
	"topic", "topics",
};

static bool is_list_part(const char *part, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(list_parts) / sizeof(list_parts[0]); i++)
		if (strlen(list_parts[i]) == len &&
		    !strncasecmp(list_parts[i], part, len))
			return true;
	return false;
}

/* What the last part of a path looks like. */
struct shape {
	unsigned words;		/* between "-", "_", "+" and "." */
	unsigned digits;	/* the longest run */
	unsigned mixes;		/* changes between letters and digits */
};

static struct shape shape_of(const char *part, size_t len)
{
	struct shape shape = { .words = 1 };
	unsigned run = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)part[i];

		if (strchr("-_+.,", c))
			shape.words++;
		if (i && isalnum(c) && isalnum((unsigned char)part[i - 1]) &&
		    !isdigit(c) != !isdigit((unsigned char)part[i - 1]))
			shape.mixes++;
		run = isdigit(c) ? run + 1 : 0;
		if (run > shape.digits)
			shape.digits = run;
	}
	return shape;
}

/* "/2025/07/" */
static bool is_dated(const char *path)
{
	for (; (path = strstr(path, "/20")); path++)
		if (isdigit((unsigned char)path[3]) &&
		    isdigit((unsigned char)path[4]) &&
		    strchr("/-", path[5]) && path[5] &&
		    isalnum((unsigned char)path[6]))
			return true;
	return false;
}

/* How much an address looks like a story's: 0 for one that may be, below for
 * one of a list. */
static int rank_address(const struct nw_url *url)
{
	const char *part = url->path, *last = part;
	size_t len = 0, last_len = 0;
	struct shape shape;
	int rank = 0;

	for (; *part; part += len) {
		part += strspn(part, "/");
		len = strcspn(part, "/");
		if (!len)
			break;
		if (is_list_part(part, len))
			rank -= 3;
		last = part;
		last_len = len;
	}
	shape = shape_of(last, last_len);
	rank += shape.words >= 4 ? 2 : shape.words == 3;
	rank += shape.digits >= 5 ? 2 : 0;
	rank += shape.mixes >= 3 && last_len >= 8 ? 2 : 0;
	if (is_dated(url->path))
		rank += 2;
	else if (shape.words == 1 && !shape.digits && !url->query)
		rank--;	/* "/world", "/news/europe" */
	if (url->query && shape_of(url->query, strlen(url->query)).digits >= 3)
		rank++;
	return rank;
}

/* Labels below which a country registers names. */
static const char *const registries[] = { "ac.", "co.",	 "com.", "edu.", "go.",
					  "gob.", "gov.", "ne.", "net.", "or.",
					  "org." };

static const char *label_before(const char *host, const char *at)
{
	while (at > host && at[-1] != '.')
		at--;
	return at;
}

/* "example.com" of "www.example.com": news lie on sub-domains too. */
static const char *site_of(const char *host)
{
	const char *last = label_before(host, host + strlen(host));
	const char *site = last > host ? label_before(host, last - 1) : host;
	size_t i;

	for (i = 0; i < sizeof(registries) / sizeof(registries[0]); i++)
		if (site > host &&
		    !strncmp(site, registries[i], strlen(registries[i])))
			return label_before(host, site - 1);
	return site;
}

static bool is_same_site(const struct nw_page *page, const struct nw_url *url)
{
	struct nw_url own;

	return page->base &&
	       nw_url_split(page->arena, page->base, &own) == 0 && own.host &&
	       url->host && !strcmp(site_of(own.host), site_of(url->host));
}

static bool is_headline_markup(const struct nw_figure *figure)
{
	return figure->tag == NW_TAG_HEADING ||
	       (figure->words & NW_WORD_TITLE);
}

/* The element that makes a headline of the link: in it or around it; NULL when
 * there is none. */
static const struct nw_figure *headline(const struct nw_figures *figures,
					const struct nw_figure *link)
{
	const struct nw_figure *figure, *best = NULL;
	unsigned level;

	/* A kicker may be a heading too, of a lower rank. */
	for (figure = link; figure < figures->all + link->end; figure++)
		if (figure->tag == NW_TAG_HEADING &&
		    (!best || figure->node->name[1] < best->node->name[1]))
			best = figure;
	if (best)
		return best;
	for (figure = link; figure < figures->all + link->end; figure++)
		if (figure->words & NW_WORD_TITLE)
			return figure;
	figure = link;
	for (level = 0; level < HEADLINE_LEVELS; level++) {
		figure = &figures->all[figure->parent];
		if (is_headline_markup(figure))
			return figure;
		/* A headline has one link, a card has more to say. */
		if (figure->link > 2 * TITLE_MAX)
			break;
	}
	return NULL;
}

/* Of a link that holds all of its card the first block that is long enough for
 * a headline; otherwise the link. */
static const struct nw_figure *first_block(const struct nw_figures *figures,
					   const struct nw_figure *link)
{
	static const unsigned others = NW_WORD_BYLINE | NW_WORD_DATE |
				       NW_WORD_KICKER | NW_WORD_CAPTION;
	const struct nw_figure *figure = link;

	for (; figure < figures->all + link->end; figure++)
		if (figure->block && figure->own >= HEADLINE_MIN &&
		    figure->tag != NW_TAG_CAPTION && !(figure->words & others))
			return figure;
	return link;
}

/* What a link without words, stretched over its card, says to those who cannot
 * see. */
static const char *label_of(const struct nw_page *page, const xmlNode *node)
{
	const char *label = nw_dom_attr(node, "aria-label");

	if (!label)
		label = nw_dom_attr(node, "title");
	return label ? nw_utf8_line(page->arena, label, strlen(label),
				    NW_STORY_TITLE_BYTES)
		     : NULL;
}

/* Where a kicker stands before the headline in one link, the link's title is
 * often the headline alone. */
static const char *without_kicker(const struct nw_page *page,
				  const xmlNode *node, const char *text)
{
	const char *label = label_of(page, node);
	size_t len = strlen(text), label_len = label ? strlen(label) : 0;

	if (!label_len || label_len >= len ||
	    strcmp(text + len - label_len, label))
		return text;
	return label;
}

static bool read_title(const struct nw_page *page,
		       const struct nw_figures *figures,
		       struct nw_section_link *link)
{
	const struct nw_figure *figure = link->figure;
	const struct nw_figure *mark = headline(figures, figure);
	const struct nw_figure *from =
		mark && mark > figure ? mark : first_block(figures, figure);
	const char *class = nw_dom_attr(figure->node, "class");
	size_t columns;

	link->headline = mark ||
			 (class && (nw_words_of(page->words, class) &
				    NW_WORD_TITLE));
	link->title = nw_dom_text(page->arena, from->node,
				  NW_STORY_TITLE_BYTES);
	link->bare = !link->title;
	link->title = link->bare ? label_of(page, figure->node)
				 : without_kicker(page, figure->node,
						  link->title);
	if (!link->title)
		return false;
	columns = nw_utf8_width(link->title, strlen(link->title));
	return columns >= (link->headline || link->bare ? HEADLINE_MIN
							 : TITLE_MIN) &&
	       columns <= TITLE_MAX && !nw_phrase_is_furniture(link->title);
}

bool nw_section_link(const struct nw_page *page,
		     const struct nw_figures *figures,
		     const struct nw_figure *figure,
		     struct nw_section_link *link)
{
	const char *href = nw_dom_attr(figure->node, "href");
	struct nw_url url;
	int rank;

	*link = (struct nw_section_link){ .figure = figure };
	if (!href || !*href || *href == '#')
		return false;
	link->url = nw_url_resolve(page->arena, page->base, href);
	if (!link->url || !nw_url_is_web(link->url) ||
	    nw_url_split(page->arena, link->url, &url) < 0 ||
	    !is_same_site(page, &url))
		return false;
	rank = rank_address(&url);
	if (rank < 0 || (!strcmp(url.path, "/") && !url.query) ||
	    !read_title(page, figures, link))
		return false;
	link->key = nw_ident_key(page->arena, link->url);
	return link->key && (rank > 0 || link->headline);
}

bool nw_section_is_story(const struct nw_page *page, const char *url)
{
	struct nw_url parts;

	return url && nw_url_split(page->arena, url, &parts) == 0 &&
	       rank_address(&parts) >= 2;
}
