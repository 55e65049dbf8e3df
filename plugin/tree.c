/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "claws.h"

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

struct nw_folder *nw_tree_has(gconstpointer folder)
{
	GList *folders = nw_tree_folders();
	GList *found = g_list_find(folders, folder);
	struct nw_folder *there = found ? found->data : NULL;

	g_list_free(folders);
	return there;
}

struct search {
	const char *path;
	FolderItem *found;
};

static gboolean is_found(GNode *node, gpointer data)
{
	FolderItem *item = node->data;
	struct search *search = data;

	if (g_strcmp0(item->path, search->path) == 0)
		search->found = item;
	return search->found != NULL;
}

/* path is not NULL, which is that of the root. */
static FolderItem *find_any(struct nw_folder *folder, const char *path)
{
	struct search search = { path, NULL };

	if (path && folder->folder.node)
		g_node_traverse(folder->folder.node, G_PRE_ORDER,
				G_TRAVERSE_ALL, -1, is_found, &search);
	return search.found;
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
		nw_item_make_group(item);
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

FolderItem *nw_tree_add_by_address(struct nw_folder *folder, const char *group,
				   const char *description)
{
	FolderItem *item = nw_tree_add(folder, group, description);
	struct nw_item *ours = (struct nw_item *)item;

	if (!item || ours->by_address)
		return item;
	ours->by_address = TRUE;
	nw_tree_changed();
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
	expanded = g_list_remove(expanded, item);
	(void)folder->klass->remove_folder(folder, item);
	nw_tree_expand(expanded);
	nw_tree_changed();
}
