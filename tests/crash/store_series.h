/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A deterministic life of a store, as a table of operations.  Each is one
 * call of the store's interface that changes it, and may be repeated: done a
 * second time it changes nothing.
 */
#ifndef NEWSWIRE_TESTS_STORE_SERIES_H
#define NEWSWIRE_TESTS_STORE_SERIES_H

#include "newswire/store.h"

struct series {
	const char *path;
	struct nw_store *store;	/* NULL before the first operation and after
				 * the last one */
	struct nw_arena *arena;
	struct nw_error err;
};

struct series_operation {
	const char *name;
	int (*run)(struct series *series);
};

extern const struct series_operation series_operations[];
extern const unsigned series_count;

void series_init(struct series *series, const char *path);
/* Closes the store if it is open. */
void series_end(struct series *series);
/* Runs one operation; one that needs a store opens it first. */
int series_run(struct series *series, unsigned operation);

#endif
