/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the trees share.
 */
#ifndef NEWSWIRE_PLUGIN_TREE_PRIVATE_H
#define NEWSWIRE_PLUGIN_TREE_PRIVATE_H

#include "folder.h"

/* All items but the root, parents first (free with g_list_free). */
GList *nw_tree_all(struct nw_folder *folder);

/* tree_settle.c.  Many changes are shown and written at once, when Claws
 * Mail is idle next. */
void nw_tree_changed(void);
void nw_tree_added(FolderItem *item);
/* It is being freed. */
void nw_tree_forget(FolderItem *item);
/* The rows of items that go take those of their children along, and a row that
 * loses its last child so is noted as collapsed, which nobody wanted: what is
 * expanded before, without what goes, is to be so after (which frees it). */
GList *nw_tree_expanded(struct nw_folder *folder);
void nw_tree_expand(GList *expanded);
/* At once, without windows: what is not yet written. */
void nw_tree_settle_stop(void);

/* tree_gateway.c */
/* What Claws Mail's store has for it, or NULL (overwrite, then free it with
 * g_free). */
char *nw_tree_password(const struct nw_folder *folder);

#endif
