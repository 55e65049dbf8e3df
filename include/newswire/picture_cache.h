/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures that were fetched and made anew, kept in the store by the address of
 * the original, so that each is fetched once however many messages show it.
 *
 * Kept as well is what cannot be shown, with the reason and until when it is
 * not asked for again.  The face that was made of a picture is kept apart from
 * the picture.  All together have a ceiling (NW_PICTURE_CACHE_BYTES, _COUNT,
 * _AGE_S): what was used longest ago goes first, a few for each that comes; all
 * that is too old goes with nw_picture_cache_expire(), for where none comes any
 * more.
 * Messages carry their own copies, so nothing is lost by it.
 */
#ifndef NEWSWIRE_PICTURE_CACHE_H
#define NEWSWIRE_PICTURE_CACHE_H

#include "newswire/picture.h"
#include "newswire/store.h"

struct nw_kept_picture {
	bool face;		     /* nw_picture_face() made it */
	struct nw_picture picture;   /* url is the key; bytes NULL: refused */
	const char *etag, *last_modified; /* of the original, or NULL */
	int64_t checked_utc;	     /* its server was asked */
	int64_t used_utc;
	const char *reason;	     /* refused: why, and … */
	int64_t retry_utc;	     /* … not asked for before */
};

/* 1 and what is known of that address, in the arena; 0 for nothing; -1. */
int nw_picture_cache_find(struct nw_store *store, struct nw_arena *arena,
			  bool face, const char *url,
			  struct nw_kept_picture *kept_r,
			  struct nw_error *err);
/* Keeps it in place of what was known of its address; it is used now. */
int nw_picture_cache_put(struct nw_store *store,
			 const struct nw_kept_picture *kept, int64_t now_utc,
			 struct nw_error *err);
/* It is used now, and its server was last asked then. */
int nw_picture_cache_touch(struct nw_store *store, bool face,
			   const char *url, int64_t checked_utc,
			   int64_t now_utc, struct nw_error *err);
/* Removes what is past the ceilings, a few in each transaction, so that others
 * get their turn; expired_r: how many went. */
int nw_picture_cache_expire(struct nw_store *store, int64_t now_utc,
			    uint64_t *expired_r, struct nw_error *err);

#endif
