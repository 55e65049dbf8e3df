/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Web pages to stories.
 *
 * Pure: bytes in, a model in the caller's arena out.  The page's own data
 * (JSON-LD, microdata, OpenGraph, meta, rel, byline markup) and the visible
 * page are read and checked against each other; the body is found by structure
 * and density, in safe blocks; furniture is left out.
 */
#ifndef NEWSWIRE_PAGE_H
#define NEWSWIRE_PAGE_H

#include "newswire/error.h"
#include "newswire/story.h"

/*
 * Where a field came from, or what became of a part of the page and why, in
 * words that the writer of a rule can use.  Strings live as long as the call.
 */
struct nw_page_note {
	const char *what;   /* "title", "authors" …; "keep", "drop" a part */
	const char *place;  /* "JSON-LD headline", or an XPath to the part */
	const char *why;    /* what decided, or NULL */
	const char *text;   /* the value, or how the part begins; or NULL */
};
typedef void nw_page_explain(const struct nw_page_note *note, void *context);

/* Where the rest of a story is, when it has several pages. */
struct nw_page_links {
	const char *single_url;	/* all of it on one page, or NULL */
	const char *next_url;	/* the page behind this one, or NULL; of a live
				 * page, the one with its older updates */
};

struct nw_rules;

struct nw_page_input {
	const char *bytes;
	size_t len;
	const char *url;	    /* where it was fetched from, or NULL */
	const char *http_charset;
	int64_t now_utc;	    /* no date of the page is later */
	nw_page_explain *explain;   /* is told each decision, or NULL */
	void *explain_context;
	const struct nw_rules *rules; /* of its host (newswire/rules.h), or
				       * NULL */
	struct nw_page_links *links;  /* is filled, or NULL */
};

/*
 * Reads one page.  A page without any article text still gives a story, with an
 * empty body; of one that is past a cap on elements, on work or on what a story
 * may hold, the beginning is kept, and a note "teaser" tells which cap.  Fails
 * with NW_ERROR_DATA for what is no HTML at all (a picture, an empty reply),
 * and with NW_ERROR_REFUSED for more than NW_FETCH_BODY_BYTES.
 */
int nw_page_read(struct nw_arena *arena, const struct nw_page_input *input,
		 struct nw_story **story_r, struct nw_error *err);

/*
 * Appends the body of a story's further page to its first one, without what
 * that page says again: headline, standfirst, pictures, paragraphs.  Both are
 * in the arena.  What passes a cap of the story is left out; a caller follows
 * struct nw_page_links to at most NW_PAGE_PARTS pages.
 */
void nw_page_join(struct nw_arena *arena, struct nw_story *first,
		  const struct nw_story *next);

/*
 * Puts the updates of a live page's further page in between those of its first
 * one, but for those that are there already; past NW_STORY_UPDATES the oldest
 * are left out.
 */
void nw_page_join_updates(struct nw_arena *arena, struct nw_story *first,
			  const struct nw_story *next);

/* A feed that a page names. */
struct nw_page_link {
	const char *url;
	const char *title;
	const char *type;
	bool guessed;	/* from the address alone: read it first */
};

/*
 * The feeds of a page, best first: what it declares (link rel=alternate with a
 * type of feeds), then what only has the address of a feed, links that are seen
 * last; of each its own before those of comments.
 */
int nw_page_feeds(struct nw_arena *arena, const struct nw_page_input *input,
		  struct nw_page_link **links_r, size_t *count_r,
		  struct nw_error *err);

#endif
