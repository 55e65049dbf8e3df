/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one thread that works for a gateway: jobs go in, reports come out.  It
 * holds the session between jobs, so that a check with nothing new costs one
 * round trip.  It calls neither GTK nor Claws Mail; reports hold strings and
 * numbers only, and are handed over by the function that its owner gives.
 *
 * One job is done at a time, but on this computer: while newswire looks at the
 * web, which takes as long as the slowest site, the thread does other jobs that
 * wait, and then goes on.  During a CHECK that is all but other checks; of
 * those only one that a user asked for, of groups that are not in the one under
 * way, and none within that.  During a SUBSCRIBE it is ARTICLE, GROUPS and
 * HISTORY.  The reports of what is done meanwhile come between the others.
 */
#ifndef NEWSWIRE_PLUGIN_WORKER_H
#define NEWSWIRE_PLUGIN_WORKER_H

#include "gateway.h"
#include "sync.h"

enum nw_job_kind {
	NW_JOB_CHECK,		/* wishes: poll sources (local), then sync */
	NW_JOB_ARTICLE,		/* wishes[0], number: the rest of an article */
	NW_JOB_GROUPS,		/* list what there is */
	NW_JOB_SUBSCRIBE,	/* text: a web address */
	NW_JOB_UNSUBSCRIBE,	/* text: a group */
	NW_JOB_CHANGE,		/* text: a group; images, edits (local only) */
	NW_JOB_HISTORY,		/* text: a Message-ID */
	NW_JOB_IMPORT,		/* text: the path of an OPML file */
	NW_JOB_EXPORT,		/* text: the path; wishes: the groups */
};

struct nw_job {
	enum nw_job_kind kind;
	guint serial;		/* given by nw_worker_ask() */
	gboolean by_user;	/* sources are polled though not due */
	GPtrArray *wishes;	/* struct nw_sync_wish */
	char *text;
	guint32 number;
	char *images, *edits;	/* as newswire subscribe takes them, or NULL */
};
struct nw_job *nw_job_new(enum nw_job_kind kind, const char *text);

enum nw_report_kind {
	NW_REPORT_PHASE,	/* text: what is being done, for the user */
	NW_REPORT_PROGRESS,	/* outcome so far, done, total: read the
				   folder */
	NW_REPORT_GROUP,	/* outcome: a group is done */
	NW_REPORT_FAILED,	/* outcome.group, error: a group could not be */
	NW_REPORT_DONE,		/* the job is over, with error or without */
};

struct nw_report {
	enum nw_report_kind kind;
	enum nw_job_kind job;
	guint serial;
	gpointer owner;		/* as given to nw_worker_new() */
	struct nw_sync_outcome outcome;
	guint done, total;
	char *text;		/* DONE: the group subscribed to, a history */
	GPtrArray *groups;	/* struct nw_session_group: DONE of GROUPS, of
				   CHECK when local, of SUBSCRIBE when local:
				   the one that text names, and of IMPORT: those
				   that it brought, though error may say that
				   others were refused */
	gboolean may_manage;	/* DONE: the gateway takes addresses */
	GError *error;
};
void nw_report_free(struct nw_report *report);

struct nw_worker;

/* hand_over takes the report; it is called in the worker's thread. */
struct nw_worker *nw_worker_new(const struct nw_gateway *gateway,
				void (*hand_over)(struct nw_report *report),
				gpointer owner);
/* Takes the job; its serial, which is never 0.  A CHECK of groups that are
 * all in a check which waits or runs already joins that one.  ARTICLE, GROUPS
 * and HISTORY, which a user waits for, go before checks that wait.  What
 * changes subscriptions is done in the order in which it was asked for. */
guint nw_worker_ask(struct nw_worker *worker, struct nw_job *job);
/* Ends what is under way, drops what waits, joins the thread.  Reports that
 * were handed over before are the owner's to drop.  Accepts NULL. */
void nw_worker_stop(struct nw_worker *worker);

#endif
