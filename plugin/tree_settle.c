/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The items put where tree_nest.h says, by the names that it gives, then shown
 * and written.  Items are moved, never made anew: Claws Mail knows them by
 * their paths, which stay.
 */
#include "config.h"

#include "claws.h"

#include <common/hooks.h>

#include "folder_private.h"
#include "tree.h"
#include "tree_nest.h"
#include "tree_private.h"

/* A longer description is no name to read in a list of folders. */
#define DESCRIPTION_NAME_MAX 48

static struct {
	GList *added;	/* items that have no row yet */
	guint idle_id;
} waiting;

static GHashTable *by_path(GList *all)
{
	GHashTable *items = g_hash_table_new(g_str_hash, g_str_equal);
	GList *at;

	for (at = all; at; at = at->next)
		g_hash_table_insert(items, ((FolderItem *)at->data)->path,
				    at->data);
	return items;
}

static GHashTable *wanted(struct nw_folder *folder)
{
	GList *at, *groups = nw_tree_items(folder);
	GPtrArray *names = g_ptr_array_new();
	GHashTable *tree;

	for (at = groups; at; at = at->next)
		g_ptr_array_add(names, ((FolderItem *)at->data)->path);
	tree = nw_nest_tree(names);
	g_ptr_array_unref(names);
	g_list_free(groups);
	return tree;
}

static gboolean make_branches(struct nw_folder *folder, GHashTable *tree)
{
	GList *all = nw_tree_all(folder);
	GHashTable *items = by_path(all);
	FolderItem *root = FOLDER_ITEM(folder->folder.node->data);
	gboolean made = FALSE;
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, tree);
	while (g_hash_table_iter_next(&iter, &name, NULL)) {
		FolderItem *item;

		if (g_hash_table_contains(items, name))
			continue;
		item = folder_item_new(&folder->folder, name, name);
		item->no_select = TRUE;
		folder_item_append(root, item);
		made = TRUE;
	}
	g_hash_table_unref(items);
	g_list_free(all);
	return made;
}

GList *nw_tree_expanded(struct nw_folder *folder)
{
	GList *at, *all = nw_tree_all(folder), *expanded = NULL;

	for (at = all; at; at = at->next)
		if (!((const FolderItem *)at->data)->collapsed)
			expanded = g_list_prepend(expanded, at->data);
	g_list_free(all);
	return expanded;
}

void nw_tree_expand(GList *expanded)
{
	GList *at;

	for (at = expanded; at; at = at->next)
		((FolderItem *)at->data)->collapsed = FALSE;
	g_list_free(expanded);
}

static gboolean drop_branches(struct nw_folder *folder, GHashTable *tree)
{
	GList *at, *all = nw_tree_all(folder);
	GList *expanded = nw_tree_expanded(folder);
	gboolean dropped = FALSE;

	for (at = all; at; at = at->next) {
		FolderItem *item = at->data;

		if (!item->no_select || g_hash_table_contains(tree, item->path))
			continue;
		expanded = g_list_remove(expanded, item);
		folder_item_remove(item);
		dropped = TRUE;
	}
	nw_tree_expand(expanded);
	g_list_free(all);
	return dropped;
}

static void put_below(FolderItem *item, GNode *parent)
{
	g_node_unlink(item->node);
	g_node_append(parent, item->node);
}

static GNode *right_parent(FolderItem *item, GHashTable *tree,
			   GHashTable *items)
{
	char *name = nw_nest_parent(tree, item->path);
	FolderItem *parent = name ? g_hash_table_lookup(items, name) : NULL;

	g_free(name);
	return parent ? parent->node : item->folder->node;
}

/* All that stand wrong to the root first: whatever folderlist.xml said, none is
 * put below one of its own children so. */
static gboolean move_items(struct nw_folder *folder, GHashTable *tree)
{
	GList *at, *all = nw_tree_all(folder);
	GHashTable *items = by_path(all);
	gboolean moved = FALSE;

	for (at = all; at; at = at->next) {
		FolderItem *item = at->data;

		if (item->node->parent == right_parent(item, tree, items))
			continue;
		put_below(item, folder->folder.node);
		moved = TRUE;
	}
	for (at = all; moved && at; at = at->next) {
		FolderItem *item = at->data;
		GNode *parent = right_parent(item, tree, items);

		if (item->node->parent != parent)
			put_below(item, parent);
	}
	g_hash_table_unref(items);
	g_list_free(all);
	return moved;
}

static char *name_of(FolderItem *item)
{
	const struct nw_item *ours = (struct nw_item *)item;
	const FolderItem *parent = folder_item_parent(item);

	if (!item->no_select && ours->description &&
	    g_utf8_strlen(ours->description, -1) <= DESCRIPTION_NAME_MAX)
		return g_strdup(ours->description);
	return g_strdup(nw_nest_label(item->path, parent->path));
}

static gboolean name_items(struct nw_folder *folder)
{
	GList *at, *all = nw_tree_all(folder);
	gboolean named = FALSE;

	for (at = all; at; at = at->next) {
		FolderItem *item = at->data;
		char *name;

		if (((struct nw_item *)item)->renamed)
			continue;
		name = name_of(item);
		named |= g_strcmp0(name, item->name) != 0;
		g_free(item->name);
		item->name = name;
	}
	g_list_free(all);
	return named;
}

static void invoke(struct nw_folder *folder, FolderItem *item,
		   FolderUpdateFlags what)
{
	FolderUpdateData update = {
		.folder = &folder->folder,
		.item = item,
		.update_flags = what,
	};

	hooks_invoke(FOLDER_UPDATE_HOOKLIST, &update);
}

/* Claws Mail draws all rows anew and then stands at the first. */
static void draw_tree(struct nw_folder *folder)
{
	MainWindow *window = mainwindow_get_mainwindow();
	FolderView *view = window ? window->folderview : NULL;
	GtkAdjustment *position = NULL;
	gdouble height = 0;

	if (view) {
		position = gtk_scrolled_window_get_vadjustment(
			GTK_SCROLLED_WINDOW(view->scrolledwin));
		height = gtk_adjustment_get_value(position);
	}
	invoke(folder, NULL, FOLDER_TREE_CHANGED);
	if (!view)
		return;
	gtk_adjustment_set_value(position, height);
	if (view->selected && !view->open_folder)
		gtk_cmctree_select(GTK_CMCTREE(view->ctree), view->selected);
}

static void draw(struct nw_folder *folder, gboolean rebuilt)
{
	GList *at;

	if (rebuilt)
		draw_tree(folder);
	for (at = waiting.added; at; at = at->next) {
		FolderItem *item = at->data;

		if (item->folder == &folder->folder && !rebuilt)
			invoke(folder, item,
			       FOLDER_TREE_CHANGED | FOLDER_ADD_FOLDERITEM);
	}
}

/* Whether rows stand elsewhere or are called otherwise than before; those of
 * items that were only added are not meant. */
static gboolean settle(struct nw_folder *folder)
{
	GHashTable *tree;
	gboolean rebuilt, named;

	if (!folder->folder.node)
		return FALSE;
	tree = wanted(folder);
	rebuilt = make_branches(folder, tree);
	rebuilt |= move_items(folder, tree);
	rebuilt |= drop_branches(folder, tree);
	named = name_items(folder);
	g_hash_table_unref(tree);
	return rebuilt || named;
}

static void settle_all(gboolean shown)
{
	GList *at, *folders = nw_tree_folders();

	for (at = folders; at; at = at->next) {
		gboolean rebuilt = settle(at->data);

		if (shown)
			draw(at->data, rebuilt);
	}
	g_list_free(folders);
	g_clear_pointer(&waiting.added, g_list_free);
	folder_write_list();
}

static gboolean settle_when_idle(gpointer data)
{
	(void)data;
	waiting.idle_id = 0;
	settle_all(TRUE);
	return G_SOURCE_REMOVE;
}

void nw_tree_changed(void)
{
	if (!waiting.idle_id)
		waiting.idle_id = gdk_threads_add_idle(settle_when_idle, NULL);
}

void nw_tree_added(FolderItem *item)
{
	waiting.added = g_list_append(waiting.added, item);
	nw_tree_changed();
}

void nw_tree_forget(FolderItem *item)
{
	waiting.added = g_list_remove(waiting.added, item);
}

void nw_tree_settle_stop(void)
{
	if (!waiting.idle_id)
		return;
	(void)g_source_remove(waiting.idle_id);
	waiting.idle_id = 0;
	settle_all(FALSE);
}
