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

struct nw_page_input {
	const char *bytes;
	size_t len;
	const char *url;	    /* where it was fetched from, or NULL */
	const char *http_charset;
	int64_t now_utc;	    /* no date of the page is later */
	nw_page_explain *explain;   /* is told each decision, or NULL */
	void *explain_context;
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

/* A feed that a page names (link rel=alternate). */
struct nw_page_link {
	const char *url;
	const char *title;
	const char *type;
};

/* The feeds of a page, best first (its own before those of comments). */
int nw_page_feeds(struct nw_arena *arena, const struct nw_page_input *input,
		  struct nw_page_link **links_r, size_t *count_r,
		  struct nw_error *err);

#endif
