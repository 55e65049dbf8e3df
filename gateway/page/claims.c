/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "extract_private.h"
#include "meta_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"

#define CLASS_BYTES 4096
#define AROUND 8	/* elements around one that say what it is about */

/* Names of meta elements (name, property, itemprop); of one claim the lower
 * rank is believed first. */
static const struct meta_name {
	const char *name;
	enum nw_claim claim;
	unsigned rank;
} meta_names[] = {
	{ "og:title", NW_CLAIM_TITLE, 0 },
	{ "twitter:title", NW_CLAIM_TITLE, 1 },
	{ "parsely-title", NW_CLAIM_TITLE, 2 },
	{ "sailthru.title", NW_CLAIM_TITLE, 2 },
	{ "dc.title", NW_CLAIM_TITLE, 3 },
	{ "dcterms.title", NW_CLAIM_TITLE, 3 },
	{ "og:description", NW_CLAIM_DESCRIPTION, 1 },
	{ "description", NW_CLAIM_DESCRIPTION, 0 },
	{ "twitter:description", NW_CLAIM_DESCRIPTION, 2 },
	{ "dc.description", NW_CLAIM_DESCRIPTION, 3 },
	{ "og:site_name", NW_CLAIM_SITE, 0 },
	{ "application-name", NW_CLAIM_SITE, 1 },
	{ "dc.publisher", NW_CLAIM_SITE, 2 },
	{ "article:published_time", NW_CLAIM_PUBLISHED, 0 },
	{ "og:article:published_time", NW_CLAIM_PUBLISHED, 0 },
	{ "og:published_time", NW_CLAIM_PUBLISHED, 0 },
	{ "datepublished", NW_CLAIM_PUBLISHED, 1 },
	{ "article:published", NW_CLAIM_PUBLISHED, 1 },
	{ "article.published", NW_CLAIM_PUBLISHED, 1 },
	{ "rnews:datepublished", NW_CLAIM_PUBLISHED, 1 },
	{ "parsely-pub-date", NW_CLAIM_PUBLISHED, 1 },
	{ "sailthru.date", NW_CLAIM_PUBLISHED, 2 },
	{ "cxenseparse:recs:publishtime", NW_CLAIM_PUBLISHED, 1 },
	{ "cxenseparse:publishtime", NW_CLAIM_PUBLISHED, 1 },
	{ "pubdate", NW_CLAIM_PUBLISHED, 2 },
	{ "publishdate", NW_CLAIM_PUBLISHED, 2 },
	{ "publish-date", NW_CLAIM_PUBLISHED, 2 },
	{ "publish_date", NW_CLAIM_PUBLISHED, 2 },
	{ "publication_date", NW_CLAIM_PUBLISHED, 2 },
	{ "publicationdate", NW_CLAIM_PUBLISHED, 2 },
	{ "published-date", NW_CLAIM_PUBLISHED, 2 },
	{ "citation_publication_date", NW_CLAIM_PUBLISHED, 2 },
	{ "citation_date", NW_CLAIM_PUBLISHED, 2 },
	{ "dc.date.issued", NW_CLAIM_PUBLISHED, 2 },
	{ "dc.date.created", NW_CLAIM_PUBLISHED, 3 },
	{ "dc.date", NW_CLAIM_PUBLISHED, 3 },
	{ "dcterms.issued", NW_CLAIM_PUBLISHED, 2 },
	{ "dcterms.date", NW_CLAIM_PUBLISHED, 3 },
	{ "dcterms.created", NW_CLAIM_PUBLISHED, 3 },
	{ "datecreated", NW_CLAIM_PUBLISHED, 4 },
	{ "article_date_original", NW_CLAIM_PUBLISHED, 2 },
	{ "originalpublicationdate", NW_CLAIM_PUBLISHED, 2 },
	{ "date", NW_CLAIM_PUBLISHED, 4 },
	{ "article:modified_time", NW_CLAIM_MODIFIED, 0 },
	{ "og:article:modified_time", NW_CLAIM_MODIFIED, 0 },
	{ "og:updated_time", NW_CLAIM_MODIFIED, 1 },
	{ "datemodified", NW_CLAIM_MODIFIED, 1 },
	{ "last-modified", NW_CLAIM_MODIFIED, 2 },
	{ "lastmod", NW_CLAIM_MODIFIED, 2 },
	{ "dcterms.modified", NW_CLAIM_MODIFIED, 2 },
	{ "dc.date.modified", NW_CLAIM_MODIFIED, 2 },
	{ "article:expiration_time", NW_CLAIM_EXPIRES, 0 },
	{ "article:author", NW_CLAIM_AUTHOR, 0 },
	{ "article:author_name", NW_CLAIM_AUTHOR, 0 },
	{ "og:article:author", NW_CLAIM_AUTHOR, 0 },
	{ "author", NW_CLAIM_AUTHOR, 1 },
	{ "authors", NW_CLAIM_AUTHOR, 1 },
	{ "shareaholic:article_author_name", NW_CLAIM_AUTHOR, 1 },
	{ "parsely-author", NW_CLAIM_AUTHOR, 1 },
	{ "sailthru.author", NW_CLAIM_AUTHOR, 1 },
	{ "cxenseparse:author", NW_CLAIM_AUTHOR, 1 },
	{ "byl", NW_CLAIM_AUTHOR, 0 },
	{ "dc.creator", NW_CLAIM_AUTHOR, 1 },
	{ "dcterms.creator", NW_CLAIM_AUTHOR, 1 },
	{ "citation_author", NW_CLAIM_AUTHOR, 1 },
	{ "article:section", NW_CLAIM_SECTION, 0 },
	{ "og:section", NW_CLAIM_SECTION, 1 },
	{ "parsely-section", NW_CLAIM_SECTION, 1 },
	{ "section", NW_CLAIM_SECTION, 2 },
	{ "article:tag", NW_CLAIM_TAGS, 0 },
	{ "news_keywords", NW_CLAIM_TAGS, 1 },
	{ "parsely-tags", NW_CLAIM_TAGS, 1 },
	{ "sailthru.tags", NW_CLAIM_TAGS, 1 },
	{ "keywords", NW_CLAIM_TAGS, 2 },
	{ "content-language", NW_CLAIM_LANGUAGE, 0 },
	{ "dc.language", NW_CLAIM_LANGUAGE, 1 },
	{ "inlanguage", NW_CLAIM_LANGUAGE, 1 },
	{ "og:locale", NW_CLAIM_LANGUAGE, 2 },
	{ "og:image", NW_CLAIM_IMAGE, 0 },
	{ "og:image:url", NW_CLAIM_IMAGE, 1 },
	{ "og:image:secure_url", NW_CLAIM_IMAGE, 1 },
	{ "twitter:image", NW_CLAIM_IMAGE, 2 },
	{ "twitter:image:src", NW_CLAIM_IMAGE, 2 },
	{ "og:url", NW_CLAIM_URL, 0 },
};

/* Types of JSON-LD that are a story, the surest first. */
static const char *const article_types[] = {
	"LiveBlogPosting",   "NewsArticle",	    "ReportageNewsArticle",
	"OpinionNewsArticle", "AnalysisNewsArticle", "BackgroundNewsArticle",
	"ReviewNewsArticle", "AskPublicNewsArticle", "AdvertiserContentArticle",
	"Report",	     "BlogPosting",	    "Article",
	"TechArticle",	     "ScholarlyArticle",    "Review",
	"CreativeWork",	     "Recipe",		    "SocialMediaPosting",
	"DiscussionForumPosting", "WebPage",
};
#define ARTICLE_TYPES (sizeof(article_types) / sizeof(article_types[0]))

static unsigned article_rank(const json_t *object)
{
	unsigned i;

	for (i = 0; i < ARTICLE_TYPES; i++)
		if (nw_jsonld_is(object, article_types[i]))
			return i;
	return ARTICLE_TYPES;
}

/*
 * Among several (teasers of other stories, updates of a live page) the one that
 * says it is this page wins, then the first of the surest type with a time or a
 * headline.
 */
static const json_t *find_article(const struct nw_page *page)
{
	unsigned best = 2 * ARTICLE_TYPES, rank;
	const json_t *found = NULL;
	size_t i;

	for (i = 0; i < page->jsonld_count; i++) {
		const json_t *object = page->jsonld[i];
		const char *url;

		rank = article_rank(object);
		if (rank == ARTICLE_TYPES ||
		    !(json_object_get(object, "headline") ||
		      json_object_get(object, "datePublished")))
			continue;
		url = nw_jsonld_url(page, object, "mainEntityOfPage");
		if (!url)
			url = nw_jsonld_url(page, object, "url");
		/* A page about itself says less than a story in it. */
		if (!url || !page->url || strcmp(url, page->url) != 0 ||
		    nw_jsonld_is(object, "WebPage"))
			rank += ARTICLE_TYPES;
		if (rank < best) {
			best = rank;
			found = object;
		}
	}
	return found;
}

/* Inserts behind those of the same rank. */
static void add_claim(struct nw_claims *claims, const struct meta_name *meta,
		      const char *value)
{
	enum nw_claim claim = meta->claim;
	size_t count = claims->counts[claim], at = count;

	if (count == NW_CLAIM_VALUES || !value)
		return;
	while (at && claims->ranks[claim][at - 1] > meta->rank) {
		claims->values[claim][at] = claims->values[claim][at - 1];
		claims->names[claim][at] = claims->names[claim][at - 1];
		claims->ranks[claim][at] = claims->ranks[claim][at - 1];
		at--;
	}
	claims->values[claim][at] = value;
	claims->names[claim][at] = meta->name;
	claims->ranks[claim][at] = meta->rank;
	claims->counts[claim]++;
}

/* Sites make up names of their own: "w-published-date", "pub_date". */
static bool is_publication(const char *name)
{
	static const char *const others[] = { "expir", "last", "modif",
					      "unpub", "updat" };
	size_t i;

	if (!strcasestr(name, "pub") ||
	    (!strcasestr(name, "date") && !strcasestr(name, "time")))
		return false;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcasestr(name, others[i]))
			return false;
	return true;
}

static const struct meta_name *find_meta(const char *name)
{
	static const struct meta_name publication = {
		"a name of its own", NW_CLAIM_PUBLISHED, 5,
	};
	size_t i;

	for (i = 0; i < sizeof(meta_names) / sizeof(meta_names[0]); i++)
		if (strcasecmp(name, meta_names[i].name) == 0)
			return &meta_names[i];
	return is_publication(name) ? &publication : NULL;
}

static void read_meta(struct nw_claims *claims, const xmlNode *node)
{
	static const char *const attributes[] = { "property", "name",
						  "itemprop", "http-equiv" };
	const char *content = nw_dom_attr(node, "content"), *name;
	const struct meta_name *meta = NULL;
	size_t i;

	if (!content)
		content = nw_dom_attr(node, "value");
	if (!content || !*content)
		return;
	for (i = 0; i < sizeof(attributes) / sizeof(attributes[0]) && !meta;
	     i++) {
		name = nw_dom_attr(node, attributes[i]);
		meta = name ? find_meta(name) : NULL;
	}
	if (meta)
		add_claim(claims, meta,
			  nw_jsonld_line(claims->page->arena, content,
					 NW_STORY_SUMMARY_BYTES));
}

bool nw_has_word(const char *text, const char *words)
{
	size_t len = strlen(words);
	const char *at;

	for (at = strcasestr(text, words); at;
	     at = strcasestr(at + 1, words))
		if ((at == text || !isalnum((unsigned char)at[-1])) &&
		    !isalnum((unsigned char)at[len]))
			return true;
	return false;
}

/* Whether an address is that of an author's own page. */
static bool is_author_link(const xmlNode *node)
{
	static const char *const parts[] = {
		"/author/", "/authors/", "/auteur/", "/autor/", "/autoren/",
		"/autorin/", "/autores/", "/by/", "/contributor/",
		"/contributors/", "/journalist/", "/people/", "/profile/author",
		"/reporter/", "/reporters/", "/staff/", "/writer/", "/writers/",
		"/team/", "/person/", "/skribent/", "/autore/", "/redakteur/",
	};
	const char *href = nw_dom_attr(node, "href");
	size_t i;

	for (i = 0; href && i < sizeof(parts) / sizeof(parts[0]); i++) {
		const char *at = strstr(href, parts[i]);

		if (at && at[strlen(parts[i])])
			return true;
	}
	return false;
}

static bool has_rel(const xmlNode *node, const char *token)
{
	const char *rel = nw_dom_attr(node, "rel");

	return rel && nw_has_word(rel, token);
}

static void read_link(struct nw_claims *claims, const xmlNode *node)
{
	const char *href = nw_dom_attr(node, "href");
	const struct nw_page *page = claims->page;

	if (!href)
		return;
	if (!claims->canonical && has_rel(node, "canonical"))
		claims->canonical = nw_url_resolve(page->arena, page->base,
						   href);
	else if (!claims->amp && has_rel(node, "amphtml"))
		claims->amp = nw_url_resolve(page->arena, page->base, href);
	else
		nw_icon_consider(claims, node);
}

static void add_place(struct nw_claims *claims, enum nw_place kind,
		      const xmlNode *node, size_t order)
{
	struct nw_places *places = &claims->places[kind];

	if (places->count == NW_PLACES)
		return;
	places->nodes[places->count] = node;
	places->order[places->count++] = order;
}

/* itemprop of microdata (schema.org), which is surer than a class. */
static bool place_by_itemprop(struct nw_claims *claims, const xmlNode *node,
			      size_t order)
{
	static const struct {
		const char *prop;
		enum nw_place kind;
	} rows[] = {
		{ "headline", NW_PLACE_HEADLINE },
		{ "datePublished", NW_PLACE_DATE },
		{ "author", NW_PLACE_BYLINE },
		{ "correction", NW_PLACE_CORRECTION },
	};
	const char *prop = nw_dom_attr(node, "itemprop");
	size_t i;

	for (i = 0; prop && i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!nw_has_word(prop, rows[i].prop))
			continue;
		add_place(claims, rows[i].kind, node, order);
		return true;
	}
	return false;
}

/* "By Jane Doe", whatever the markup calls it. */
static bool is_signed(const xmlNode *node)
{
	static const char *const starts[] = { "by",  "by:", "von", "von:",
					      "par", "por", "door" };
	const xmlNode *text = node->children;
	const char *at;
	size_t i;

	if (!text || text->type != XML_TEXT_NODE)
		return false;
	at = (const char *)text->content;
	at += strspn(at, " \t\r\n");
	/* Most texts are not: asked of each element. */
	if (!*at || !strchr("bBvVpPdD", *at))
		return false;
	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		size_t len = strlen(starts[i]);

		if (strncasecmp(at, starts[i], len) ||
		    !isspace((unsigned char)at[len]))
			continue;
		at += len + strspn(at + len, " \t\r\n");
		return !*at || isupper((unsigned char)*at) ||
		       (unsigned char)*at >= 0x80;
	}
	return false;
}

static void place_by_class(struct nw_claims *claims, const xmlNode *node,
			   size_t order)
{
	static const struct {
		unsigned word;
		enum nw_place kind;
	} rows[] = {
		{ NW_WORD_BYLINE, NW_PLACE_BYLINE },
		{ NW_WORD_DATE, NW_PLACE_DATE },
		{ NW_WORD_KICKER, NW_PLACE_KICKER },
		{ NW_WORD_STANDFIRST, NW_PLACE_STANDFIRST },
	};
	const char *class = nw_dom_attr(node, "class");
	const char *id = nw_dom_attr(node, "id");
	unsigned words = 0;
	size_t i;

	if (class)
		words |= nw_words_of(claims->page->words, class);
	if (id)
		words |= nw_words_of(claims->page->words, id);
	if (words & (NW_WORD_COMMENT | NW_WORD_RELATED))
		return;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (words & rows[i].word)
			add_place(claims, rows[i].kind, node, order);
}

static void read_element(struct nw_claims *claims, const xmlNode *node,
			 size_t order)
{
	if (nw_dom_is(node, "meta"))
		read_meta(claims, node);
	else if (nw_dom_is(node, "link"))
		read_link(claims, node);
	else if (nw_dom_is(node, "title") && !claims->head_title)
		claims->head_title = nw_jsonld_line(
			claims->page->arena,
			node->children ? (const char *)node->children->content
				       : NULL,
			NW_STORY_TITLE_BYTES);
	else if (nw_dom_is(node, "h1"))
		add_place(claims, NW_PLACE_HEADLINE, node, order);
	else if (nw_dom_is(node, "time"))
		add_place(claims, NW_PLACE_DATE, node, order);
	else if (nw_dom_is(node, "a") &&
		 (has_rel(node, "author") || is_author_link(node)))
		add_place(claims, NW_PLACE_BYLINE, node, order);
	else if (!place_by_itemprop(claims, node, order)) {
		if (nw_dom_is(node, "h2"))
			add_place(claims, NW_PLACE_SUBHEAD, node, order);
		if (is_signed(node))
			add_place(claims, NW_PLACE_SIGNED, node, order);
		place_by_class(claims, node, order);
	}
}

void nw_claims_gather(struct nw_claims *claims, const struct nw_page *page)
{
	const xmlNode *node = page->html;
	size_t order = 0;

	memset(claims, 0, sizeof(*claims));
	claims->page = page;
	claims->article = find_article(page);
	for (; node; node = nw_dom_next(node, page->html, false))
		if (node->type == XML_ELEMENT_NODE)
			read_element(claims, node, ++order);
}

const char *nw_claim(const struct nw_claims *claims, enum nw_claim claim)
{
	return claims->counts[claim] ? claims->values[claim][0] : NULL;
}

const char *nw_claim_noted(const struct nw_claims *claims, enum nw_claim claim,
			   const char *field)
{
	const char *value = nw_claim(claims, claim);

	if (value)
		nw_page_note(claims->page, field, claims->names[claim][0],
			     claims->counts[claim] > 1 ?
				     "the surest of several meta elements" :
				     "the only meta element of it",
			     value);
	return value;
}

const char *nw_class_of(const xmlNode *node)
{
	const char *class = nw_dom_attr(node, "class");

	return class && strnlen(class, CLASS_BYTES) < CLASS_BYTES ? class :
								    NULL;
}

/* Comments and other stories; but "news-list-date" is a date. */
static bool is_beside(const struct nw_page *page, const xmlNode *node)
{
	const char *class = nw_class_of(node);
	unsigned words = class ? nw_words_of(page->words, class) : 0;

	return words & (NW_WORD_COMMENT | NW_WORD_RELATED) &&
	       !(words & (NW_WORD_DATE | NW_WORD_BYLINE));
}

bool nw_is_elsewhere(const struct nw_claims *claims, const xmlNode *node)
{
	unsigned steps;

	for (steps = 0; node && steps < AROUND; steps++) {
		if (claims->headline && nw_dom_contains(node, claims->headline))
			return false;
		if (nw_dom_is(node, "blockquote") ||
		    nw_dom_is(node, "figure") || nw_dom_is(node, "nav") ||
		    is_beside(claims->page, node))
			return true;
		node = node->parent;
	}
	return false;
}
