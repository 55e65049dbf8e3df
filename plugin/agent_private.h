/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the agent share.
 */
#ifndef NEWSWIRE_PLUGIN_AGENT_PRIVATE_H
#define NEWSWIRE_PLUGIN_AGENT_PRIVATE_H

#include "agent.h"

/* agent.c.  A job that has been asked and not answered. */
struct nw_agent_job {
	struct nw_folder *folder;
	enum nw_job_kind kind;
	guint serial, worker_serial;
	nw_agent_answer_fn *answer;
	gpointer data;
	char *group;	/* and number: of an article that is fetched */
	guint32 number;
};
/* All of them (struct nw_agent_job), in the order of asking. */
const GList *nw_agent_jobs(void);
/* Whether one of them is the folder's, which may be gone. */
gboolean nw_agent_is_busy(gconstpointer folder);
/* The sessions with gateways elsewhere end, but for what is synchronised. */
void nw_agent_stop_elsewhere(void);
/* As nw_agent_ask(), for an article. */
void nw_agent_ask_article(FolderItem *item, guint32 number);

/* agent_report.c.  What a report says of the folder's items is noted and shown,
 * before it is answered. */
void nw_agent_report(struct nw_folder *folder, const struct nw_report *report);
/* The group's folder is to be read anew, soon but not too often. */
void nw_agent_refresh_soon(FolderItem *item);
/* The status bar, when jobs came or went. */
void nw_agent_show_state(void);
void nw_agent_report_stop(void);

/* agent_check.c */
void nw_agent_check_start(void);
void nw_agent_check_stop(void);
/* Whether the folder, which may be gone, is being synchronised. */
gboolean nw_agent_is_synchronising(gconstpointer folder);
/* Groups that this computer has: new ones are shown and checked. */
void nw_agent_take_groups(struct nw_folder *folder, const GPtrArray *groups);

/* agent_subscribe.c.  Removes what is left on disk of groups that were taken
 * away while the worker was busy with them, unless it is busy still.  The
 * folder may be gone. */
void nw_agent_sweep(gconstpointer folder);
/* Fetches what a group that was just subscribed to has.  The folder may be
 * gone. */
void nw_agent_check_subscribed(gconstpointer folder, const char *group);
void nw_agent_subscribe_stop(void);

gint64 nw_agent_now_utc(void);

#endif
