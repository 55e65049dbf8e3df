/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is wrong with a store.
 *
 * First SQLite looks at every page, index and reference of the file, then we
 * at what newswire promises of its rows: each number has an article and an
 * overview line that says what the article says, articles are in wire form
 * (newswire/wire.h) and their Xref names their numbers, the marks of a group
 * hold its numbers, each article is known by its Message-ID, stories and what
 * was kept of their past can be read.  A changed octet within a text is not
 * found: nothing keeps a sum of it.
 *
 * Nothing is written.  Whoever uses the store meanwhile is not disturbed, but
 * while SQLite looks at the file, the log beside it can only grow.
 */
#ifndef NEWSWIRE_CHECK_H
#define NEWSWIRE_CHECK_H

#include "newswire/store.h"

/* Who hears of it. */
struct nw_check_watch {
	/* One fault: where, and what is wrong there. */
	void (*fault)(void *context, const char *object, const char *reason);
	/* May be NULL: so many articles of all were looked at. */
	void (*progress)(void *context, uint64_t done, uint64_t total,
			 const char *part);
	void *context;
};

/* faults_r: how many there are, 0 when all is well.  -1 when the store could
 * not be looked at for a reason that is no fault of it. */
int nw_store_check(struct nw_store *store, const struct nw_check_watch *watch,
		   uint64_t *faults_r, struct nw_error *err);

#endif
