/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups of a gateway of the test's own, synced into folders.
 */
#ifndef NEWSWIRE_TESTS_SYNC_FIXTURE_H
#define NEWSWIRE_TESTS_SYNC_FIXTURE_H

#include "session_fake.h"
#include "sync.h"

#define GROUP "org.example.news"

struct bench {
	char *root;		/* a folder for the test, removed at its end */
	struct fake *fake;
	struct fake_group *group;	/* GROUP */
	struct nw_sync_wish *wish;	/* for it */
	GString *told;		/* what the last sync told of groups */
	struct nw_sync_outcome last;	/* its group is not kept */
	GError *error;		/* of the last sync's session */
	guint ends_at;		/* progress that ends it; 0 */
	guint progresses;
};

int bench_set_up(void **state);
int bench_tear_down(void **state);

/* One sync of the wish, in a session of its own; what nw_sync_groups() said. */
gboolean bench_sync(struct bench *bench);
gboolean bench_sync_wishes(struct bench *bench, const GPtrArray *wishes);
/* It must go well, and fetch and remove so many. */
void bench_expect(struct bench *bench, guint added, guint removed);
/* Names in the folder but the state's, sorted, "N" of articles; a space between
 * each two. */
void bench_expect_files(const struct bench *bench, const char *names);
void bench_expect_asked(const char *asked);
/* Whether the article's file has the text. */
gboolean bench_has(const struct bench *bench, guint32 number,
		   const char *text);
char *bench_path(const struct bench *bench, const char *name);

#endif
