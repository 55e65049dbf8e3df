/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of page/ share: the parsed page and small looks at its tree.
 */
#ifndef NEWSWIRE_PAGE_PRIVATE_H
#define NEWSWIRE_PAGE_PRIVATE_H

#include <jansson.h>
#include <libxml/tree.h>

#include "newswire/html.h"
#include "newswire/limits.h"
#include "newswire/page.h"

/*
 * What a page costs, in looks at elements, so that it does not depend on the
 * machine: walks that may look at an element more than once pay for it here.
 */
struct nw_work {
	size_t looks;
	const char *over;	/* the cap that was met, in words; NULL: none */
};

/* Pays; false when the page is past NW_PAGE_WORK: then go without. */
static inline bool nw_work_pay(struct nw_work *work, size_t looks)
{
	if (!work)
		return true;
	work->looks += looks;
	if (work->looks > NW_PAGE_WORK && !work->over)
		work->over = "too many looks at elements";
	return work->looks <= NW_PAGE_WORK;
}

struct nw_page {
	struct nw_arena *arena;	/* of the results; outlives the page */
	xmlDoc *doc;
	xmlNode *html, *head, *body; /* head may be NULL; body is html where
				      * there is none */
	const char *url;	/* where it was fetched from, or NULL */
	const char *base;	/* for links: base element, else url */
	int64_t now_utc;
	json_t **jsonld;	/* every typed object of the page's JSON-LD,
				 * members of @graph and of arrays included,
				 * in document order; borrowed */
	size_t jsonld_count;
	json_t *jsonld_root;	/* owns them */
	struct nw_words *words;	/* extract_private.h */
	nw_page_explain *explain; /* see page.h; NULL: nobody asks */
	void *explain_context;
	const struct nw_rules *rules; /* NULL: none */
	struct nw_work *work;	/* NULL: nobody counts */
};

/* page.c: parses the page and finds its parts; free page->doc by
 * xmlFreeDoc(). */
int nw_page_open(struct nw_page *page, const struct nw_page_input *input,
		 struct nw_error *err);

/* explain.c: says a decision, when somebody asks; any but what may be NULL. */
void nw_page_note(const struct nw_page *page, const char *what,
		  const char *place, const char *why, const char *text);
/* The same of an element, by its XPath and its first words. */
void nw_page_note_node(const struct nw_page *page, const char *what,
		       const xmlNode *node, const char *why);

/* The same of a block that was read, by its first words. */
void nw_page_note_text(const struct nw_page *page, const char *what,
		       const char *why, const char *text);

/* prepare.c: copies HTML in UTF-8 without what libxml2 would misread or nobody
 * reads (scripts but JSON-LD, styles, comments, drawings). */
struct nw_buf;
void nw_page_prepare(struct nw_buf *out, const char *html, size_t len);

/* reference.c: adds text (or a tag) with the references of HTML 5 and of
 * windows-1252 in it as characters. */
void nw_page_put_text(struct nw_buf *out, const char *at, const char *end);

/* parse.c: the tree of HTML in UTF-8, not nested deeper than NW_PAGE_DEPTH,
 * and cut behind NW_PAGE_NODES elements; free it by xmlFreeDoc().  work: told
 * of it, or NULL. */
xmlDoc *nw_page_parse(const char *html, size_t len, struct nw_work *work,
		      struct nw_error *err);

/* dom.c: looks at the tree.  Names are lower case. */
bool nw_dom_is(const xmlNode *node, const char *element);
/* The attribute's value, borrowed from the tree; NULL when absent. */
const char *nw_dom_attr(const xmlNode *node, const char *name);
/* Whether its content is no text of the page (script, style, template, iframe,
 * noscript, textarea, comments …). */
bool nw_dom_is_hidden(const xmlNode *node);
/* Whether its text stands apart from the text around it (p, div, br, li …). */
bool nw_dom_is_block(const xmlNode *node);
/* Whether class or id hold the word, as a whole class token. */
bool nw_dom_has_class(const xmlNode *node, const char *token);
/* The next node in document order, not leaving top; skip_children passes over
 * what is below node. */
xmlNode *nw_dom_next(const xmlNode *node, const xmlNode *top,
		     bool skip_children);
/* Whether node is outer or within it. */
bool nw_dom_contains(const xmlNode *outer, const xmlNode *node);
/* First element below top (top excluded) of that name, NULL if none. */
xmlNode *nw_dom_find(const xmlNode *top, const char *element);
/* The visible text below node as one clean line of at most max bytes;
 * script, style, template and the like left out; NULL when there is none. */
char *nw_dom_text(struct nw_arena *arena, const xmlNode *node, size_t max);

/* jsonclean.c: the first JSON value in text, mended where publishers break
 * it; NULL when there is none.  used_r: the bytes up to behind it. */
json_t *nw_jsonld_parse(const char *text, size_t len, size_t *used_r);

/* jsonld.c */
void nw_jsonld_load(struct nw_page *page);
void nw_jsonld_free(struct nw_page *page);
/* Whether @type is, or holds, the type ("NewsArticle"; with or without
 * "http://schema.org/" before it). */
bool nw_jsonld_is(const json_t *object, const char *type);
/* A text of JSON-LD or of an attribute as a clean line: entities decoded,
 * doubly escaped ones too, tags gone; NULL for none. */
char *nw_jsonld_line(struct nw_arena *arena, const char *text, size_t max);
/* A text property as a clean line (entities decoded, doubly escaped ones
 * too; of an array the first; of an object its name); NULL. */
char *nw_jsonld_text(struct nw_arena *arena, const json_t *object,
		     const char *key, size_t max);
/* A URL property, resolved (string, @id, url, contentUrl); NULL. */
char *nw_jsonld_url(const struct nw_page *page, const json_t *object,
		    const char *key);
/* A date property; its utc is NW_TIME_NONE when there is none. */
struct nw_date nw_jsonld_date(const json_t *object, const char *key);
int64_t nw_jsonld_time(const json_t *object, const char *key);
/* Adds the people of a property (string, object or array of them). */
void nw_jsonld_authors(const struct nw_page *page, const json_t *object,
		       const char *key, struct nw_author **authors,
		       size_t *count);

/* jsonld_body.c: the blocks of an articleBody, which holds text, markup, or
 * escaped markup. */
int nw_jsonld_body(const struct nw_page *page, const char *text,
		   struct nw_body *body, struct nw_error *err);

/* byline.c: the names in a byline ("By Jane Doe and John Roe, Reporters | 3
 * July"), each added with the other fields of author (its name is not
 * used).  What is no name of a person or an organisation adds nothing. */
void nw_byline_add(struct nw_arena *arena, const char *text,
		   const struct nw_author *author, struct nw_author **authors,
		   size_t *count);

/* The same of a text that is given as the name of an author: when nothing in
 * it looks like one ("dpa", "Staff reporter"), all of it is. */
void nw_byline_add_given(struct nw_arena *arena, const char *text,
			 const struct nw_author *author,
			 struct nw_author **authors, size_t *count);

/* Whether a name is that of an organisation: by a word of it, or an acronym. */
bool nw_byline_is_organisation(const char *name);

/* meta.c: everything of a story but its body and updates, from JSON-LD,
 * OpenGraph, meta, rel, microdata and the byline. */
void nw_meta_read(const struct nw_page *page, struct nw_story *story);

/* extract.c: the body, its images, and author's biographies that stand
 * beside it. */
int nw_extract_body(const struct nw_page *page, struct nw_story *story,
		    struct nw_error *err);

/* live.c: live, coverage_end_utc and the updates.  Runs before
 * nw_extract_body() and takes the nodes of the updates that it found out of
 * the tree (unlinked and freed, after the last look at them), so the body
 * cannot hold them; html, head and body stay. */
int nw_live_read(const struct nw_page *page, struct nw_story *story,
		 struct nw_error *err);

/* rules_edit.c: changes strings in the HTML as rules say (NULL: none). */
void nw_rules_replace(const struct nw_rules *rules, struct nw_buf *html);
/* Whether the page's JSON-LD is not to be read. */
bool nw_rules_skip_jsonld(const struct nw_rules *rules);

/* rules_fact.c: fields of the story and links to its other pages, as rules
 * say them; then takes away what they strip. */
void nw_rules_apply(const struct nw_page *page, struct nw_story *story,
		    struct nw_page_links *links);

/* links.c: the page behind this one, by rel=next; NULL where it is not surely
 * of the same story. */
const char *nw_page_next(const struct nw_page *page);
/* Whether an address is numbered as the page behind another one. */
bool nw_page_is_further(struct nw_arena *arena, const char *own,
			const char *other);

/* live_older.c: the page with the older updates of a live one, by rel=next or
 * a link that is called so; NULL when there is none. */
const char *nw_live_older(const struct nw_page *page,
			  const struct nw_story *story);

/* html.c: the tree below node as blocks. */
struct nw_html_options {
	const char *base;
	/* Whether a subtree is left out; NULL: none is. */
	bool (*skip)(const xmlNode *node, void *context);
	void *context;
	/* Pays for the reading; past a cap of stories what was read until then
	 * is kept.  NULL: then reading fails there (NW_ERROR_REFUSED). */
	struct nw_work *work;
};
int nw_html_blocks(struct nw_arena *arena, const xmlNode *node,
		   const struct nw_html_options *options,
		   struct nw_body *body, struct nw_error *err);

#endif
