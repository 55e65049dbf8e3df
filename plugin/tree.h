/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The gateway's groups as folders of Claws Mail: a FolderClass whose messages
 * are files named by article number.  Flags and threads are Claws Mail's.
 */
#ifndef NEWSWIRE_PLUGIN_TREE_H
#define NEWSWIRE_PLUGIN_TREE_H

#include <glib.h>

#include "claws.h"

/* Registers the class and makes the tree when there is none. */
void nw_tree_register(void);
void nw_tree_unregister(void);

/* Where the folders of the tree lie (free with g_free). */
char *nw_tree_dir(void);

/* Shows what a sync brought to a group: makes its folder when it is new,
 * reads its files when they changed. */
void nw_tree_show_group(const char *name, gboolean changed);

#endif
