/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the check share.
 *
 *	check.c		the whole of it; what SQL can ask
 *	check_article.c	articles, their overviews and Xref
 *	check_story.c	stories and their past
 */
#ifndef NEWSWIRE_CHECK_PRIVATE_H
#define NEWSWIRE_CHECK_PRIVATE_H

#include "newswire/check.h"
#include "store_private.h"

struct nw_check {
	struct nw_store *store;
	const struct nw_check_watch *watch;
	uint64_t faults;
	uint64_t done, total;	/* articles */
	struct nw_error err;	/* of the present look */
	bool stopped;		/* by err, which is no fault of the store */
};

/* Tells of a fault. */
void nw_check_fault(struct nw_check *check, const char *object,
		    const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Something could not be read, as check->err says: a fault, but if somebody
 * else holds the store, the check's end. */
void nw_check_failed(struct nw_check *check, const char *object);
void nw_check_progress(const struct nw_check *check, const char *part);

/*
 * Walks through the rows of a statement whose first column is an integer that
 * only grows and whose parameter ?1 is the one to go on behind.  Every so many
 * rows the read transaction ends, so that the log can be put away meanwhile.
 */
void nw_check_walk(struct nw_check *check, const char *object, const char *sql,
		   void (*row)(struct nw_check *check, sqlite3_stmt *stmt));

void nw_check_articles(struct nw_check *check);
void nw_check_stories(struct nw_check *check);

#endif
