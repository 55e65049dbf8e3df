/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Saves what can be saved of a damaged store into a new one.
 *
 * The damaged file and the log beside it are read page by page and never
 * written to.  Rows come from the trees of their tables as far as these can be
 * followed, then from pages that no tree leads to any more.  Kept are
 * articles with their numbers and Message-IDs, Message-IDs of what is gone,
 * sources, stories and their past, mailboxes and how far they are.  Number,
 * Xref and overview each tell the number of an article: where they differ,
 * two win over one.  What follows from other rows (overviews, counts, marks,
 * names of stories) is made anew.
 *
 * A number that readers may have seen is never given again: the high water
 * mark of a group is no lower than any number that is known of it anywhere,
 * and NW_RECOVER_JUMP higher when its own mark was lost.
 */
#ifndef NEWSWIRE_RECOVER_H
#define NEWSWIRE_RECOVER_H

#include "newswire/store.h"

struct nw_recover_watch {
	/* A line for the operator: of what, and what became of it. */
	void (*tell)(void *context, const char *object, const char *what);
	/* May be NULL. */
	void (*progress)(void *context, uint64_t done, uint64_t total,
			 const char *part);
	void *context;
};

struct nw_recovery {
	uint64_t articles, stories, sources, groups; /* that were saved */
	uint64_t lost; /* articles, as far as it is known of them */
};

/*
 * Makes the store to, which must not exist.  now_utc is the time when groups
 * whose row was lost are said to be made.  When it fails, to may be left half
 * made.
 */
int nw_store_recover(const char *path, const char *to, int64_t now_utc,
		     const struct nw_recover_watch *watch,
		     struct nw_recovery *recovery_r, struct nw_error *err);

/*
 * Puts a recovered store in the place of the damaged one, which is kept, with
 * its log, under the name kept_r of at most NW_PATH_BYTES: "PATH.damaged-DATE".
 * NW_ERROR_BUSY when another process has it open.
 */
int nw_store_replace(const char *path, const char *recovered, int64_t now_utc,
		     char *kept_r, struct nw_error *err);
/* Whether another process has the store open: 0, or -1 with NW_ERROR_BUSY. */
int nw_store_is_free(const char *path, struct nw_error *err);

#endif
