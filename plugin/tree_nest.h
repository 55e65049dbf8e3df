/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which groups stand below which in the list of folders, by their dotted names.
 * A branch is a prefix of at least two labels that at least two groups share
 * and behind which they part, so that no branch has one child only; a group
 * that is the prefix of others is their parent itself.  Pure; knows nothing of
 * Claws Mail.
 */
#ifndef NEWSWIRE_PLUGIN_TREE_NEST_H
#define NEWSWIRE_PLUGIN_TREE_NEST_H

#include <glib.h>

/* All names of the tree, groups and branches (a set of char *; free with
 * g_hash_table_unref). */
GHashTable *nw_nest_tree(const GPtrArray *groups);
/* The name that it stands below, or NULL (free with g_free). */
char *nw_nest_parent(GHashTable *tree, const char *name);
/* What is left of the name behind its parent, or all of it. */
const char *nw_nest_label(const char *name, const char *parent);

#endif
