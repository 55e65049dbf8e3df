/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the MH driver share.
 */
#ifndef NEWSWIRE_MH_PRIVATE_H
#define NEWSWIRE_MH_PRIVATE_H

#include "newswire/arena.h"
#include "newswire/error.h"

/* The beginning of the names of files that are on their way; readers of MH look
 * at numbers only. */
#define NW_MH_TEMPORARY ".newswire-"

/*
 * Adds a number to the sequence "unseen" of the folder's .mh_sequences, which
 * is where mutt and nmh look for what is new.  All else in that file stays as
 * it is; it is written beside and moved into place.
 */
int nw_mh_add_unseen(const char *dir, long number, struct nw_error *err);

/* mh_index.c */

struct nw_mh_message {
	const char *message_id;
	long number;
};

/* The number of the last message, 0 when there is none. */
int nw_mh_last(const char *dir, long *last_r, struct nw_error *err);
/* All that have a Message-ID, in the order of it. */
int nw_mh_index(struct nw_arena *arena, const char *dir,
		struct nw_mh_message **messages_r, size_t *count_r,
		struct nw_error *err);
const struct nw_mh_message *nw_mh_find(const struct nw_mh_message *messages,
				       size_t count, const char *message_id);

#endif
