/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "claws.h"

#include <folder_item_prefs.h>
#include <msgcache.h>

#include "folder_private.h"
#include "tree.h"
#include "tree_private.h"

static gboolean collect(GNode *node, gpointer data)
{
	GList **list = data;

	*list = g_list_prepend(*list, node->data);
	return FALSE;
}

GList *nw_tree_all(struct nw_folder *folder)
{
	GNode *root = folder->folder.node;
	GList *list = NULL;

	if (!root)
		return NULL;
	g_node_traverse(root, G_PRE_ORDER, G_TRAVERSE_ALL, -1, collect, &list);
	list = g_list_reverse(list);
	/* Without the root itself. */
	return g_list_delete_link(list, list);
}

GList *nw_tree_items(struct nw_folder *folder)
{
	GList *at, *all = nw_tree_all(folder), *groups = NULL;

	for (at = all; at; at = at->next)
		if (nw_item_of_group(at->data))
			groups = g_list_prepend(groups, at->data);
	g_list_free(all);
	return g_list_reverse(groups);
}

GList *nw_tree_folders(void)
{
	GList *at, *folders = NULL, *local = NULL;

	for (at = folder_get_list(); at; at = at->next) {
		struct nw_folder *folder = at->data;

		if (!nw_folder_is_ours(at->data))
			continue;
		if (nw_gateway_is_local(&folder->gateway))
			local = g_list_append(local, folder);
		else
			folders = g_list_append(folders, folder);
	}
	return g_list_concat(local, folders);
}

struct nw_folder *nw_tree_local(void)
{
	GList *folders = nw_tree_folders();
	struct nw_folder *first = folders ? folders->data : NULL;

	g_list_free(folders);
	return first && nw_gateway_is_local(&first->gateway) ? first : NULL;
}

static FolderItem *find_any(struct nw_folder *folder, const char *path)
{
	GList *at, *all = nw_tree_all(folder);
	FolderItem *found = NULL;

	for (at = all; at && !found; at = at->next)
		if (g_strcmp0(((FolderItem *)at->data)->path, path) == 0)
			found = at->data;
	g_list_free(all);
	return found;
}

FolderItem *nw_tree_find(struct nw_folder *folder, const char *group)
{
	FolderItem *item = find_any(folder, group);

	return nw_item_of_group(item) ? item : NULL;
}

/* As Claws Mail does for a folder that it makes itself; a cache that is on disk
 * from earlier is read instead. */
static void begin_cache(FolderItem *item)
{
	char *dir = nw_item_dir(item);
	char *path = g_build_filename(dir, CACHE_FILE, NULL);

	if (!item->cache && !is_file_exist(path)) {
		item->cache = msgcache_new();
		item->cache_dirty = item->mark_dirty = item->tags_dirty = TRUE;
	}
	(void)make_dir_hier(dir);
	g_free(path);
	g_free(dir);
}

static FolderItem *new_group(struct nw_folder *folder, const char *group)
{
	Folder *base = &folder->folder;

	if (!base->node)
		return NULL;
	return base->klass->create_folder(base, FOLDER_ITEM(base->node->data),
					  group);
}

/* A shared part of names becomes a group itself. */
static void make_group(FolderItem *item)
{
	item->no_select = FALSE;
	item->threaded = TRUE;
	item->sort_key = SORT_BY_THREAD_DATE;
	item->sort_type = SORT_DESCENDING;
	item->prefs->offlinesync = TRUE;
}

static void describe(FolderItem *item, const char *description)
{
	struct nw_item *ours = (struct nw_item *)item;
	char *line = nw_folder_one_line(description, NW_ITEM_NAME_MAX);

	if (!line || g_strcmp0(line, ours->description) == 0) {
		g_free(line);
		return;
	}
	g_free(ours->description);
	ours->description = line;
	nw_tree_changed();
}

FolderItem *nw_tree_add(struct nw_folder *folder, const char *group,
			const char *description)
{
	FolderItem *item;

	if (!nw_folder_is_safe_name(group))
		return NULL;
	item = find_any(folder, group);
	if (item && nw_item_of_group(item)) {
		describe(item, description);
		return item;
	}
	if (item)
		make_group(item);
	else
		item = new_group(folder, group);
	if (!item)
		return NULL;
	(void)g_hash_table_remove(folder->hidden, group);
	begin_cache(item);
	describe(item, description);
	nw_tree_added(item);
	return item;
}

void nw_tree_remove(FolderItem *item)
{
	Folder *folder = item->folder;
	GList *expanded = nw_tree_expanded((struct nw_folder *)folder);
	GNode *child, *next;

	/* What stands below it is not its own. */
	for (child = item->node->children; child; child = next) {
		next = child->next;
		g_node_unlink(child);
		g_node_append(folder->node, child);
	}
	nw_tree_forget(item);
	expanded = g_list_remove(expanded, item);
	(void)folder->klass->remove_folder(folder, item);
	nw_tree_expand(expanded);
	nw_tree_changed();
}
