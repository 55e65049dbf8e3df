/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The FolderClass "Newswire": a Folder for each gateway, a FolderItem for each
 * group, whose messages are the files of its cache (cache.h).  Flags, tags and
 * threads are Claws Mail's; those of an article that was replaced come along.
 * Nothing here waits for the network.
 */
#ifndef NEWSWIRE_PLUGIN_FOLDER_H
#define NEWSWIRE_PLUGIN_FOLDER_H

#include "claws.h"

#include "gateway.h"
#include "sync.h"
#include "worker.h"

/* A gateway.  Kept in folderlist.xml, its password in Claws Mail's store. */
struct nw_folder {
	Folder folder;		/* must be first */
	struct nw_gateway gateway;
	char *dir;		/* below the folder of the plugin; for ever */
	GHashTable *hidden;	/* groups of this computer not to be shown */
	struct nw_worker *worker;	/* agent.h's, or NULL */
	gint64 last_success_utc, last_check_utc;
	char *last_error;	/* UTF-8; NULL after a success */
	gboolean error_logged;	/* since Claws Mail was started; not kept */
};

/* A group, or (no_select) a part of names that several groups share.  What the
 * user wants of it and how it fares, kept in folderlist.xml. */
struct nw_item {
	FolderItem item;	/* must be first; its path is a name */
	gint32 retention_days;	/* or NW_RETENTION_… of sync.h */
	gboolean headers_only;	/* is not kept offline */
	gint check_minutes;	/* 0: as all are; -1: only when asked */
	char *images, *edits;	/* as the gateway was told; NULL: default */
	char *description;	/* the gateway's */
	gboolean renamed;	/* by the user: its name stays */
	gboolean by_address;	/* subscribed here by a web address */
	gint64 last_success_utc, last_check_utc;
	guint last_new;		/* articles that the last success brought */
	char *last_error;	/* UTF-8; NULL after a success */
	gboolean error_logged;	/* as above */
	gint64 last_expiry_utc;	/* folder_refresh.c's; not kept */
	gboolean expiring;	/* what goes now may come back */
	GHashTable *carried;	/* folder_carry.c's: flags and tags */
};

/* Characters of a name that the user gives. */
#define NW_ITEM_NAME_MAX 100

FolderClass *nw_folder_class(void);
gboolean nw_folder_is_ours(const Folder *folder);
/* NULL for the items of other folders, of the root and of shared parts. */
struct nw_item *nw_item_of_group(FolderItem *item);

/* Where the cache of a group is (free with g_free). */
char *nw_item_dir(FolderItem *item);
/* As the worker wants it (free with nw_sync_wish_free). */
struct nw_sync_wish *nw_item_wish(FolderItem *item);

/* Reads the files anew: what came, went or was replaced shows.  Then what is
 * past the retention goes, but for what is marked or locked. */
void nw_item_refresh(FolderItem *item);

#endif
