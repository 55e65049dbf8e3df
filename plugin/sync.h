/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The groups of a gateway made equal to folders of files: one file an article,
 * named by its number.
 *
 * What the gateway has and the folder lacks is fetched, written to a temporary
 * name, synced and renamed; what the gateway no longer has goes; what the user
 * deleted stays deleted.  Interrupted anywhere, it resumes.  Knows nothing of
 * Claws Mail; runs in the worker's thread.
 */
#ifndef NEWSWIRE_PLUGIN_SYNC_H
#define NEWSWIRE_PLUGIN_SYNC_H

#include <glib.h>

struct nw_sync_group {
	char *name;
	char *description;
	unsigned added, removed;
};

struct nw_sync {
	char *program;		/* "newswire" */
	char *dir;		/* one folder a group is made below it */
	gint cancelled;		/* atomic; see nw_sync_cancel() */
	gint poller;		/* atomic; process id of "newswire fetch" */
	GPtrArray *groups;	/* result: struct nw_sync_group */
	GError *error;		/* result: the first failure, or NULL */
};

struct nw_sync *nw_sync_new(const char *program, const char *dir);
void nw_sync_free(struct nw_sync *sync);

/* Polls the sources that are due ("newswire fetch"), then copies. */
void nw_sync_run(struct nw_sync *sync);
/* From another thread: it ends soon, between two articles. */
void nw_sync_cancel(struct nw_sync *sync);

/* Notes in the folder of a group that the user deleted an article. */
gboolean nw_sync_forget(const char *group_dir, guint32 number);

#endif
