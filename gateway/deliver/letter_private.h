/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Articles as mail.
 */
#ifndef NEWSWIRE_LETTER_PRIVATE_H
#define NEWSWIRE_LETTER_PRIVATE_H

#include "newswire/buf.h"
#include "newswire/group.h"
#include "newswire/mailbox.h"

/*
 * Appends a stored article as mail, with CRLF line ends: without dot-stuffing
 * and without the headers that a news server writes for others of its kind
 * (Path, Xref, Injection-Date, Injection-Info).  Newsgroups is called
 * X-Newsgroups: a mail reader that finds Newsgroups takes a reply for a post.
 * What threads and lists are known by stays, Supersedes too, by which mutt
 * marks an earlier revision.
 */
int nw_letter_write(struct nw_buf *out,
		    const struct nw_stored_article *article,
		    struct nw_error *err);
/* Appends bytes with each CRLF as LF, and an LF at the end if none is
 * there. */
void nw_letter_lf(struct nw_buf *out, const char *bytes, size_t len);

/* What a Message-ID is called in the names of files: 26 characters. */
#define NW_LETTER_KEY 26
const char *nw_letter_key(struct nw_arena *arena, const char *message_id);

#endif
