/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Items that could not be read, with the reason: a list that the store keeps
 * for each source.
 *
 * An item that is in it is let alone until its source says something else of
 * it or another version of the program comes; when it is stored after all
 * (nw_store_commit()), it leaves the list in the same transaction.
 */
#ifndef NEWSWIRE_QUARANTINE_H
#define NEWSWIRE_QUARANTINE_H

#include "newswire/store.h"

struct nw_quarantined {
	const char *key;	/* of the item, as in struct nw_commit */
	const char *hash;	/* what the source said of it */
	const char *label;	/* its address or title, for people */
	const char *reason;
	const char *version;	/* of the program that tried it last */
	int64_t since_utc, tried_utc;
	unsigned tries;
};

/* Puts an item in, or again: since_utc is then kept, and a try counted unless
 * hash and version are what they were.  Of a source the newest
 * NW_QUARANTINE_ITEMS stay.  NW_ERROR_MISSING when the source was removed. */
int nw_quarantine_put(struct nw_store *store, int64_t source_id,
		      const struct nw_quarantined *item, int64_t now_utc,
		      struct nw_error *err);
/* Whether the item is in it with this hash and this version: 1, 0, -1. */
int nw_quarantine_holds(struct nw_store *store, int64_t source_id,
			const char *key, const char *hash,
			const char *version, struct nw_error *err);
/* Whether there are any that another version tried: 1, 0, -1. */
int nw_quarantine_is_outdated(struct nw_store *store, int64_t source_id,
			      const char *version, struct nw_error *err);
/* Lets those go: the source does not name them any more. */
int nw_quarantine_forget(struct nw_store *store, int64_t source_id,
			 const char *version, struct nw_error *err);
/* All of a source, those that were tried last first. */
int nw_quarantine_list(struct nw_store *store, struct nw_arena *arena,
		       int64_t source_id, struct nw_quarantined **items_r,
		       size_t *count_r, struct nw_error *err);

#endif
