/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a reader posts, made an article (RFC 5537 section 3.5, "Duties of an
 * Injecting Agent").
 *
 * A proto-article that could not be right everywhere (RFC 5536) is refused
 * with a reason for the person who wrote it.  Of one that is taken, nothing
 * is changed but that header fields without a body go (erratum 4468) and that
 * those of the server come: Path, Injection-Info, and Injection-Date, Date and
 * Message-ID where they are missing.  The body is passed untouched, whatever
 * it says of itself.
 *
 * Pure: the clock, chance and the client come in as arguments; whether the
 * groups are there and take posts is for the caller to ask.
 */
#ifndef NEWSWIRE_INJECT_H
#define NEWSWIRE_INJECT_H

#include <stddef.h>
#include <stdint.h>

#include "newswire/arena.h"
#include "newswire/buf.h"
#include "newswire/error.h"

#define NW_INJECT_CHANCE_OCTETS 16

struct nw_inject {
	const char *path_host;
	const char *id_domain;	/* of Message-IDs; nobody else makes any in
				 * it, or a reader could take the one that a
				 * story is going to have */
	const char *account;	/* who has authenticated, or NULL */
	const char *host;	/* the address of the client, or NULL */
	int64_t now_utc;
	unsigned char chance[NW_INJECT_CHANCE_OCTETS]; /* nobody can guess it */
};

struct nw_injected {
	const char *message_id;
	int64_t date_utc;
	const char **groups;	/* of Newsgroups, each once */
	size_t group_count;
};

/*
 * Appends the article to out, CRLF lines, without dot-stuffing.  The
 * proto-article's lines end in CRLF too.  injected_r lives in the arena.
 * Fails with NW_ERROR_DATA; the text begins with the header that is wrong.
 */
int nw_inject(struct nw_arena *arena, const char *proto, size_t len,
	      const struct nw_inject *by, struct nw_buf *out,
	      struct nw_injected *injected_r, struct nw_error *err);

#endif
