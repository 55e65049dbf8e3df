/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The trees of Newswire in Claws Mail's list of folders: one a gateway, with
 * the groups nested by the parts of names that at least two of them share.
 */
#ifndef NEWSWIRE_PLUGIN_TREE_H
#define NEWSWIRE_PLUGIN_TREE_H

#include "folder.h"

/* Registers the class, which brings back the trees of folderlist.xml, and makes
 * the tree of this computer when there is none. */
void nw_tree_register(void);
void nw_tree_unregister(void);
/* While Claws Mail exits: writes what is not written yet, and touches no
 * window. */
void nw_tree_stop(void);

/* The folders of all gateways, that of this computer first, as struct
 * nw_folder (free with g_list_free). */
GList *nw_tree_folders(void);
struct nw_folder *nw_tree_local(void);
/* What was a folder of a gateway once; NULL when it is gone. */
struct nw_folder *nw_tree_has(gconstpointer folder);

/* A new tree for a gateway elsewhere, or what is changed of one; stores the
 * password. */
struct nw_folder *nw_tree_add_gateway(const struct nw_gateway *gateway);
void nw_tree_change_gateway(struct nw_folder *folder,
			    const struct nw_gateway *gateway);
/* With all its messages. */
void nw_tree_remove_gateway(struct nw_folder *folder);

/* A group's item; NULL when it is not shown. */
FolderItem *nw_tree_find(struct nw_folder *folder, const char *group);
/* Shows a group, under its parent; what is there already stays as it is. */
FolderItem *nw_tree_add(struct nw_folder *folder, const char *group,
			const char *description);
/* The same of one that feeds from an address which the user gave. */
FolderItem *nw_tree_add_by_address(struct nw_folder *folder, const char *group,
				   const char *description);
/* Takes a group away with its messages, and parts that it alone was below. */
void nw_tree_remove(FolderItem *item);
/* All items of groups (free with g_list_free). */
GList *nw_tree_items(struct nw_folder *folder);

#endif
