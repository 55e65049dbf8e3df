/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes pictures (newswire/picture.h) in child processes, a new one for each:
 * one that a hostile picture crashes, fills or keeps busy is ended, and its
 * order fails; the poller goes on.  It has no files and can open none, and has
 * limits of memory and processor time (newswire/limits.h).  Children end with
 * the process that made the studio.
 */
#ifndef NEWSWIRE_STUDIO_H
#define NEWSWIRE_STUDIO_H

#include "newswire/picture.h"

struct event_base;
struct nw_studio;

enum nw_studio_use {
	NW_STUDIO_PICTURE,	/* nw_picture_remake() */
	NW_STUDIO_FACE,		/* nw_picture_face() */
};

struct nw_studio_order {
	enum nw_studio_use use;
	const char *bytes;	/* of the original; copied */
	size_t len;
	size_t bytes_max;	/* PICTURE: at most NW_PICTURE_BUDGET_BYTES */
};

/* Called once for each order, never from within nw_studio_order(): the
 * picture, which lives until it returns, or NULL and why.  It may order
 * more. */
typedef void nw_studio_done(const struct nw_picture *picture,
			    const struct nw_error *err, void *context);

/* Starts the children, so call it early: before the process has much memory or
 * a thread of a library's.  SIGPIPE must be ignored. */
int nw_studio_new(struct nw_studio **studio_r, struct event_base *base,
		  struct nw_error *err);
/* Ends the children, without calling back; sets the pointer to NULL.  Not
 * from within a callback. */
void nw_studio_free(struct nw_studio **studio);

/* Queues an order; NW_STUDIO_CHILDREN work at a time.  NW_ERROR_BUSY when
 * NW_STUDIO_QUEUE_BYTES wait: try again when one is done. */
int nw_studio_order(struct nw_studio *studio,
		    const struct nw_studio_order *order,
		    nw_studio_done *done, void *context,
		    struct nw_error *err);

#endif
