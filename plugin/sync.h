/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A group of a gateway and its folder made equal, over a session.
 *
 * What the gateway has and the folder lacks is fetched, whatever its number:
 * new articles, and those filled in later.  What is gone above the low water
 * mark was cancelled or superseded, and goes; what is gone below it expired
 * there, and stays as long as the group's retention says.  What the user
 * deleted stays deleted.  Of an article that supersedes one which is here, the
 * earlier one stays until the main thread has carried its flags (cache.h).
 * Runs in the worker's thread and knows nothing of Claws Mail.
 */
#ifndef NEWSWIRE_PLUGIN_SYNC_H
#define NEWSWIRE_PLUGIN_SYNC_H

#include "cache.h"
#include "session.h"

/* Retention: how long articles stay, by their Date. */
#define NW_RETENTION_GATEWAY 0	/* as long as the gateway keeps them */
#define NW_RETENTION_FOR_EVER (-1)

/* One group as the user wants it. */
struct nw_sync_wish {
	char *group;
	char *dir;		/* of its cache */
	gint32 retention_days;	/* or NW_RETENTION_… */
	gboolean headers_only;	/* it is not kept offline */
};

struct nw_sync_wish *nw_sync_wish_new(const char *group, const char *dir);
void nw_sync_wish_free(gpointer wish);

/* What became of it.  Numbers are local. */
struct nw_sync_outcome {
	char *group;
	guint added, removed;
	guint32 low;		/* below it nothing is listed by the gateway */
	gboolean complete;	/* to the end, without an error */
};

/* After each commit of articles, and at least each second while articles
 * come: done of total.  FALSE ends it (as incomplete). */
typedef gboolean nw_sync_progress_fn(const struct nw_sync_outcome *so_far,
				     guint done, guint total, gpointer data);

/*
 * Compares the water marks and counts of all groups in one round trip; those
 * that changed, or are not known to be complete, are made equal.  Of each wish
 * finished() tells the outcome, or failed() the failure of this group (REFUSED,
 * a full disk), which does not stop the others.  A broken session does, with
 * error, and so does progress().
 */
struct nw_sync_calls {
	nw_sync_progress_fn *progress;
	void (*finished)(const struct nw_sync_outcome *outcome, gpointer data);
	void (*failed)(const char *group, const GError *why, gpointer data);
	gpointer data;
};
gboolean nw_sync_groups(struct nw_session *session, const GPtrArray *wishes,
			const struct nw_sync_calls *calls, GError **error);

/* The whole of an article of which only the headers are here. */
gboolean nw_sync_article(struct nw_session *session,
			 const struct nw_sync_wish *wish, guint32 number,
			 GError **error);

#endif
