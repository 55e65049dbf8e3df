/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the store knows of deliveries: for each target and group the last number
 * that the target has, and the batch that is under way.
 *
 * The order of things is what makes it safe to be interrupted anywhere:
 * nw_delivery_begin() says which numbers are now put into the mailbox, then
 * they are, then nw_delivery_end() says that they are there.  A batch that is
 * still there at the next start was interrupted: of its articles, and of no
 * others, the mailbox must be asked before they are put there.
 *
 * Rows outlive the sources and the configuration: a target that is named again
 * goes on where it was.
 */
#ifndef NEWSWIRE_DELIVERY_H
#define NEWSWIRE_DELIVERY_H

#include "newswire/group.h"
#include "newswire/store.h"

/* A target and how it fares. */
struct nw_delivery {
	int64_t id;
	const char *name;	/* newswire/mailbox.h */
	int64_t ok_utc;		/* last success; NW_TIME_NONE: never */
	const char *error;	/* of the last try, NULL when it went well */
};

/* 1, 0 when nothing was ever delivered there, -1. */
int nw_delivery_find(struct nw_store *store, struct nw_arena *arena,
		     const char *name, struct nw_delivery *delivery_r,
		     struct nw_error *err);
/* All, by name. */
int nw_delivery_list(struct nw_store *store, struct nw_arena *arena,
		     struct nw_delivery **deliveries_r, size_t *count_r,
		     struct nw_error *err);
/* The id of a target, which is put down when it is new. */
int nw_delivery_target(struct nw_store *store, const char *name,
		       int64_t *id_r, struct nw_error *err);
/* How a try went: error NULL for well. */
int nw_delivery_note(struct nw_store *store, int64_t id, const char *error,
		     int64_t now_utc, struct nw_error *err);

/*
 * One process at a time delivers to a target: the lock goes with the process,
 * however it ends.  NW_ERROR_BUSY when another one has it.  A process holds one
 * at a time.
 */
int nw_delivery_lock(struct nw_store *store, int64_t id, int *fd_r,
		     struct nw_error *err);
void nw_delivery_unlock(int *fd);

/* How far a target is in a group. */
struct nw_delivery_cursor {
	int64_t done;		/* the last number that it has; 0 */
	int64_t batch;		/* the last one of a batch under way; 0 */
	int64_t mark;		/* nw_mailbox_mark() before that batch */
};

/* All 0 when there is none yet. */
int nw_delivery_cursor(struct nw_store *store, int64_t id, int64_t group_id,
		       struct nw_delivery_cursor *cursor_r,
		       struct nw_error *err);
int nw_delivery_begin(struct nw_store *store, int64_t id, int64_t group_id,
		      const struct nw_delivery_cursor *cursor,
		      struct nw_error *err);
/* The target has all up to done. */
int nw_delivery_end(struct nw_store *store, int64_t id, int64_t group_id,
		    int64_t done, struct nw_error *err);

/* A batch: how many articles of a group that come after a number, and up to
 * which number, are at most so many and (but for one that is larger alone) have
 * at most so many bytes.  And how many come after it at all. */
struct nw_delivery_plan {
	int64_t count_max, bytes_max;
	int64_t count, last;	/* 0: nothing is there */
};
int nw_delivery_plan(struct nw_store *store, int64_t group_id, int64_t done,
		     struct nw_delivery_plan *plan, struct nw_error *err);
int nw_delivery_waiting(struct nw_store *store, int64_t group_id,
			int64_t done, int64_t *count_r, struct nw_error *err);
/* The first article after a number, up to last, and its date: 1, 0, -1;
 * pointers as in newswire/group.h. */
int nw_delivery_next(struct nw_store *store, int64_t group_id, int64_t after,
		     int64_t last, struct nw_stored_article *article_r,
		     int64_t *date_utc_r, struct nw_error *err);

/* The Message-ID that a stored article, even one that is not there any more,
 * superseded: 1, 0, -1. */
int nw_delivery_superseded(struct nw_store *store, struct nw_arena *arena,
			   const char *message_id, const char **superseded_r,
			   struct nw_error *err);

/* Changes when another process has written to the store. */
int nw_delivery_version(struct nw_store *store, int64_t *version_r,
			struct nw_error *err);

#endif
