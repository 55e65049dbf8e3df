/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of one delivery share.
 */
#ifndef NEWSWIRE_DELIVER_PRIVATE_H
#define NEWSWIRE_DELIVER_PRIVATE_H

#include "newswire/buf.h"
#include "newswire/deliver.h"
#include "newswire/delivery.h"

/* A run to one target. */
struct nw_run {
	struct nw_store *store;
	const struct nw_deliver_job *job;
	int64_t target_id;
	struct nw_mailbox *mailbox; /* NULL: none is open */
	struct nw_buf letter;
	struct nw_deliver_result result;
	uint64_t total;		/* for progress */
	uint64_t done;
	bool stopped;
};

/* batch.c: what the target lacks of one group. */
int nw_run_group(struct nw_run *run, const struct nw_group *group,
		 struct nw_error *err);
/* Of a batch that was interrupted, what it lacks. */
int nw_run_recover(struct nw_run *run, const struct nw_group *group,
		   struct nw_error *err);

#endif
