/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the plugin does, in the main thread: it asks the workers of the gateways
 * and lets what they report be seen: folders are read anew, the status bar says
 * how far it is, a failure is told once in the log window, never by a dialog.
 * The timer of checks is here as well.
 */
#ifndef NEWSWIRE_PLUGIN_AGENT_H
#define NEWSWIRE_PLUGIN_AGENT_H

#include "folder.h"

/* Checks at start and then by the clock, while Claws Mail is online. */
void nw_agent_start(void);
/* Ends and joins all workers; drops what they have handed over. */
void nw_agent_stop(void);
/* The gateway was changed, or goes: its worker ends. */
void nw_agent_stop_folder(struct nw_folder *folder);

/* While Claws Mail is offline, only if it is the user who wants it and says
 * that it may be (in a dialog, which runs a main loop); this computer's gateway
 * can be reached without a network, though it needs one to read sites.  FALSE
 * also when the folder has gone meanwhile. */
gboolean nw_agent_may_use_network(gboolean by_user);
gboolean nw_agent_may_reach(struct nw_folder *folder, gboolean by_user);

/* Checks all gateways, one, or one group.  by_user: sources are polled though
 * they are not due, and offline the user is asked first. */
void nw_agent_check_all(gboolean by_user);
void nw_agent_check_folder(struct nw_folder *folder, gboolean by_user);
void nw_agent_check_item(FolderItem *item, gboolean by_user);
/* Claws Mail wants it to be read offline, and asks so of each group by itself:
 * what it asks for at once is checked at once, and to its end also when it goes
 * offline meanwhile.  The user is asked as above, but later. */
void nw_agent_synchronise(FolderItem *item);
/* Fetches what is missing of an article, then shows it. */
void nw_agent_fetch_article(FolderItem *item, guint32 number);

/* Asks the worker; answer is called once in the main thread with the report
 * DONE, which it does not own, unless the plugin ends before.  What was
 * subscribed to has its item by then, and its articles are fetched after.  The
 * serial, for nw_agent_forget(). */
typedef void nw_agent_answer_fn(struct nw_folder *folder,
				const struct nw_report *done, gpointer data);
guint nw_agent_ask(struct nw_folder *folder, struct nw_job *job,
		   nw_agent_answer_fn *answer, gpointer data);
/* A window that waited is gone: its answer is not called any more. */
void nw_agent_forget(guint serial);

/* Shows a group of the gateway and checks it. */
void nw_agent_show_group(struct nw_folder *folder, const char *group,
			 const char *description);
/* The group and its messages go; a group of this computer, or one that was
 * subscribed to here by its address, is unsubscribed from at the gateway. */
void nw_agent_unsubscribe(FolderItem *item);
/* What the user changed of a group's images and edits goes to the gateway. */
void nw_agent_change(FolderItem *item);

#endif
