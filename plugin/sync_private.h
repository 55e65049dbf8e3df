/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the sync share: one group on its way.
 *
 * A function that returns FALSE has set error: one of NW_SESSION_ERROR other
 * than REFUSED means that the session is over, anything else that this group
 * is.
 */
#ifndef NEWSWIRE_PLUGIN_SYNC_PRIVATE_H
#define NEWSWIRE_PLUGIN_SYNC_PRIVATE_H

#include "cache.h"
#include "session.h"
#include "sync.h"

struct nw_ancestry;

struct nw_sync {
	struct nw_session *session;
	const struct nw_sync_wish *wish;
	const struct nw_sync_calls *calls;
	struct nw_session_group now;	/* the marks and count; name is NULL */
	struct nw_cache *cache;
	struct nw_cache_state *state;	/* of the cache */
	struct nw_sync_outcome outcome;
	guint done, total;
	gint64 told_us;		/* when progress was told last */
	gint64 committed_us;

	/* The gateway's numbers: */
	GArray *listed;		/* ascending */
	gboolean whole;		/* … all of the group, not only the newest */
	GArray *missing;	/* to be fetched, ascending */
	/* Local numbers: */
	GArray *vanished;	/* here, but not listed; ascending */
	struct nw_ancestry *ancestry;	/* of those that vanished */
};

/* 0 when the gateway's number has no local one. */
guint32 nw_sync_local(const struct nw_sync *sync, guint32 number);
/* The local number below which nothing is listed. */
guint32 nw_sync_low(const struct nw_sync *sync);
gboolean nw_sync_is_listed(const struct nw_sync *sync, guint32 number);
gboolean nw_sync_array_has(const GArray *ascending, guint32 number);

/* FALSE and CANCELLED when the caller wants an end. */
gboolean nw_sync_tell(struct nw_sync *sync, gboolean at_once, GError **error);
/* Whether the session cannot go on after this error. */
gboolean nw_sync_is_over(const GError *error);

/* sync_list.c: what is listed, missing and vanished. */
gboolean nw_sync_look(struct nw_sync *sync, GError **error);
/* sync_overview.c: what the overviews of the missing ones say: which are too
 * old, and which are here under numbers of before. */
gboolean nw_sync_sift(struct nw_sync *sync, GError **error);
/* Whether the gateway's numbers began anew and not all are known again. */
gboolean nw_sync_begins_anew(const struct nw_sync *sync);
/* sync_fetch.c: the missing ones. */
gboolean nw_sync_fetch(struct nw_sync *sync, GError **error);
/* An article of which there are only the headers, as a message (takes it). */
GString *nw_sync_headers_message(GString *head);

/* sync_ancestry.c: the local number among the vanished that the article
 * supersedes, which is given once; 0. */
guint32 nw_sync_predecessor(struct nw_sync *sync, const GString *text);
void nw_ancestry_free(struct nw_ancestry *ancestry);

#endif
