/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What taking a post and storing it have in common.
 */
#ifndef NEWSWIRE_NNTP_POST_PRIVATE_H
#define NEWSWIRE_NNTP_POST_PRIVATE_H

#include "newswire/inject.h"

#include "nntp_private.h"

enum nw_nntp_outcome {
	NW_NNTP_STORED,
	NW_NNTP_KNOWN,	   /* its Message-ID was there already */
	NW_NNTP_BUSY,	   /* others write all the time */
	NW_NNTP_UNSTORED,  /* the operator was told why */
	NW_NNTP_QUEUED,	   /* not known yet: its session will be woken */
};

/* An article that is right, on its way into the store. */
struct nw_nntp_posting {
	struct nw_nntp_posting *next;
	struct nw_nntp_session *session;
	struct nw_arena *arena;
	struct nw_buf article;
	struct nw_injected injected;
	int64_t group_ids[NW_POST_GROUPS];
	int64_t deadline_ms;
	enum nw_nntp_outcome outcome;
};

/* Stores it, at once if that is possible; what it returns becomes the
 * outcome. */
enum nw_nntp_outcome nw_nntp_poster_put(struct nw_nntp_server *server,
					struct nw_nntp_posting *posting);
/* It is not wanted any more. */
void nw_nntp_poster_forget(struct nw_nntp_server *server,
			   struct nw_nntp_posting *posting);
#endif
