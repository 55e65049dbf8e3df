/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The window "Subscribe to web news", as its files share it: subscribe.c has
 * the address and its answer, subscribe_groups.c the list of groups,
 * subscribe_ask.c the question before messages go.
 */
#ifndef NEWSWIRE_PLUGIN_SUBSCRIBE_PRIVATE_H
#define NEWSWIRE_PLUGIN_SUBSCRIBE_PRIVATE_H

#include "subscribe.h"

struct nw_subscribe {
	GtkWidget *window;
	GtkWidget *address, *subscribe;
	GtkWidget *gateway_label, *gateways;
	GtkWidget *status, *spinner, *cancel;
	GtkWidget *search, *list, *count;
	GtkWidget *question, *question_text, *keep;
	GtkSizeGroup *labels;	/* are as wide as each other */
	GtkListStore *groups;
	GStringChunk *texts;	/* of groups, to be searched */
	GtkTreeModel *found;	/* of groups, what is searched for; NULL while
				   the list is filled */
	char *needle;		/* folded; NULL: all are shown */
	GPtrArray *filling;	/* struct nw_session_group, or NULL; filled of
				   them are in groups */
	guint filled, fill_id;
	guint missing;		/* folders whose groups are not listed */
	struct nw_folder *folder;	/* that is subscribed at */
	guint asked_address, asked_groups;	/* serials; 0: none waits */
	gboolean unanswered;	/* the groups were asked for in vain */
	char *subscribed;	/* group whose first articles are awaited */
	char *doubtful;		/* group that the question is about */
	gulong tree_hook, item_hook, offline_hook;
	guint refresh_id;
};

/* For those who hear the window instead of seeing it. */
void nw_subscribe_name(GtkWidget *widget, const char *name);
/* With a mnemonic for the widget, in the column of labels. */
GtkWidget *nw_subscribe_label(struct nw_subscribe *window, const char *text,
			      GtkWidget *widget);
/* The answer, in the window. */
void nw_subscribe_say(struct nw_subscribe *window, const char *text);
/* Whether the gateway takes addresses, now that it said so. */
void nw_subscribe_may(struct nw_subscribe *window, gboolean may);

/* The list with its search, and the question above it. */
GtkWidget *nw_subscribe_groups_new(struct nw_subscribe *window);
/* Asks the gateway for its groups; what is listed stays until they come. */
void nw_subscribe_groups_ask(struct nw_subscribe *window);
/* The window is being destroyed. */
void nw_subscribe_groups_stop(struct nw_subscribe *window);
/* The list is another gateway's. */
void nw_subscribe_groups_clear(struct nw_subscribe *window);
/* Ticks what is shown as a folder now; asks again when there is a folder more
 * that the list does not have. */
void nw_subscribe_groups_tick(struct nw_subscribe *window);

GtkWidget *nw_subscribe_question_new(struct nw_subscribe *window);
/* Asks before the group and its messages go; without messages they just go. */
void nw_subscribe_question_ask(struct nw_subscribe *window, FolderItem *item);
void nw_subscribe_question_drop(struct nw_subscribe *window);

#endif
