/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of the store goes to which mailbox.
 *
 * Each article goes to each target once, in the order of its numbers.  A target
 * with "{group}" in its path has a mailbox for each group, and an article that
 * is in two groups is in both; any other target gets it once.  What the store
 * notes and in which order is in newswire/delivery.h: killed at any moment, the
 * next run goes on, loses nothing and puts nothing there twice.
 *
 * An article that supersedes an earlier one takes its place in the mailbox,
 * with its flags, or is put beside it.  What is cancelled or expires in the
 * store stays in mailboxes.
 */
#ifndef NEWSWIRE_DELIVER_H
#define NEWSWIRE_DELIVER_H

#include <stdbool.h>

#include "newswire/mailbox.h"
#include "newswire/store.h"

enum nw_deliver_edits {
	NW_DELIVER_REPLACE,
	NW_DELIVER_APPEND,
	NW_DELIVER_EDITS
};
/* "replace", "append". */
extern const char *const nw_deliver_edits_names[NW_DELIVER_EDITS];

struct nw_deliver_job {
	struct nw_target target;
	enum nw_deliver_edits edits;
	const char *const *groups;	/* wildmats; none: all groups */
	size_t group_count;
	int64_t (*now)(void);
	/* Asked between two articles; true ends the run, in good order.  May
	 * be NULL, as progress may. */
	bool (*stop)(void *context);
	void (*progress)(void *context, uint64_t done, uint64_t total,
			 const char *group);
	void *context;
};

struct nw_deliver_result {
	unsigned groups;	/* that match */
	uint64_t appended, replaced;
};

/*
 * Delivers what the target lacks.  result_r is filled on failure too.  When a
 * mailbox cannot be written to, the others of the target are, unless it is a
 * server that cannot be used at all; the first failure is the one that is told,
 * also to nw_delivery_note().  NW_ERROR_BUSY when another process delivers
 * there, of which nothing is noted.
 */
int nw_deliver(struct nw_store *store, const struct nw_deliver_job *job,
	       struct nw_deliver_result *result_r, struct nw_error *err);

/* How many articles the target lacks in the groups of the job; superseded and
 * doubly posted ones may be counted that will not be put there. */
int nw_deliver_waiting(struct nw_store *store,
		       const struct nw_deliver_job *job, uint64_t *waiting_r,
		       struct nw_error *err);

#endif
