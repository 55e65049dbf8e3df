/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text/html part of a message: written anew from the model, every
 * character escaped, nothing active and nothing remote in it.  Images are words
 * with a link; only newswire/message.h shows pictures, by their Content-ID.
 */
#ifndef NEWSWIRE_HYPERTEXT_H
#define NEWSWIRE_HYPERTEXT_H

#include "newswire/buf.h"
#include "newswire/thread.h"

/* Appends a whole document for a post.  Lines end in LF and are at most
 * NW_LINE_OCTETS long. */
int nw_hypertext_write(struct nw_buf *out, const struct nw_story *story,
		       const struct nw_post *post, struct nw_error *err);

/* Appends a body as a fragment. */
int nw_hypertext_body(struct nw_buf *out, const struct nw_body *body,
		      struct nw_error *err);

#endif
