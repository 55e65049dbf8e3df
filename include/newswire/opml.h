/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists of subscriptions (OPML 2.0, http://opml.org/spec2.opml).
 */
#ifndef NEWSWIRE_OPML_H
#define NEWSWIRE_OPML_H

#include "newswire/arena.h"
#include "newswire/buf.h"
#include "newswire/error.h"

/* An outline that names a feed. */
struct nw_outline {
	const char *text;	/* its title, or NULL */
	const char *xml_url;	/* of the feed; as given */
	const char *type;	/* "rss", a kind of newswire/source.h, NULL */
	const char *group;	/* our own attribute: the newsgroup; or NULL */
};

/* Reads the outlines with an xmlUrl, nested ones too, in document order, up
 * to NW_OPML_OUTLINES.  NW_ERROR_DATA when the bytes are no OPML. */
int nw_opml_read(struct nw_arena *arena, const char *bytes, size_t len,
		 struct nw_outline **outlines_r, size_t *count_r,
		 struct nw_error *err);

/* Appends a document; group goes into the attribute "newsgroup". */
int nw_opml_write(struct nw_buf *out, const char *title,
		  const struct nw_outline *outlines, size_t count,
		  struct nw_error *err);

#endif
