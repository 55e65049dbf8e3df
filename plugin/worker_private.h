/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the worker share.
 */
#ifndef NEWSWIRE_PLUGIN_WORKER_PRIVATE_H
#define NEWSWIRE_PLUGIN_WORKER_PRIVATE_H

#include <gio/gio.h>

#include "worker.h"

struct nw_worker {
	struct nw_gateway *gateway;
	void (*hand_over)(struct nw_report *report);
	gpointer owner;
	GThread *thread;
	GCancellable *cancel;	/* of all that is under way */
	int attention[2];	/* a pipe: something waits, or did; -1 */

	GMutex lock;		/* for what follows */
	GCond wake;
	GQueue waiting;		/* struct nw_job */
	const struct nw_work *running;	/* with those it is done beside */
	guint serial;
	gboolean stopping;

	/* The thread's own: */
	struct nw_session *session;	/* held, or NULL */
	gboolean told;		/* something of this job's articles */
	gint64 told_us;
	guint left;		/* how often sources were unsubscribed from */
};

/* A job in hand. */
struct nw_work {
	struct nw_worker *worker;
	const struct nw_job *job;
	struct nw_report *done;	/* being filled; handed over at the end */
	const struct nw_work *beside;	/* what waits for newswire meanwhile;
					   NULL */
};

struct nw_report *nw_worker_report(const struct nw_work *work,
				   enum nw_report_kind kind);
/* Takes the report. */
void nw_worker_tell(const struct nw_work *work, struct nw_report *report);
/* What is being done now; text is translated already. */
void nw_worker_phase(const struct nw_work *work, const char *text);

/* Runs newswire for a job of this computer, which holds no session then.  What
 * may be done beside it is done meanwhile, after which phase is told again.
 * The output and error are those of nw_program_run(). */
char *nw_worker_run(const struct nw_work *work, const char *phase,
		    const char *const *arguments, GError **error);
/* Whether the group is among its wishes. */
gboolean nw_job_wishes(const struct nw_job *job, const char *group);

/* Does it with the session, which is opened when there is none.  One that was
 * held and turns out to be broken is opened anew, once. */
typedef gboolean nw_work_in_session_fn(struct nw_session *session,
				       const struct nw_work *work,
				       GError **error);
gboolean nw_worker_in_session(const struct nw_work *work,
			      nw_work_in_session_fn *act, GError **error);

struct nw_session_group *nw_worker_group(const char *name,
					 const char *description);
GPtrArray *nw_worker_groups_new(void);

/* What each kind of job does; FALSE and error. */
typedef gboolean nw_work_fn(const struct nw_work *work, GError **error);
nw_work_fn nw_work_check, nw_work_article, nw_work_groups, nw_work_subscribe,
	nw_work_unsubscribe, nw_work_change, nw_work_history, nw_work_import,
	nw_work_export;

/* Has newswire look at the web, for CHECK on this computer. */
gboolean nw_work_poll(const struct nw_work *work, GError **error);

#endif
