/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "claws.h"

#include <glib/gstdio.h>
#include <string.h>

#include "sync.h"
#include "tree.h"

#define TREE_NAME "Newswire"
#define TREE_DIR "newswire"

static FolderClass *tree_class(void);

/* FolderItem must come first: Claws Mail casts between the two. */
struct group_item {
	FolderItem item;
	/* Flags of messages whose file was replaced, by number: Claws Mail
	 * drops them between is_msg_changed and get_msginfo. */
	GHashTable *flags;
};

static Folder *new_folder(const gchar *name, const gchar *path)
{
	Folder *folder = g_new0(Folder, 1);

	(void)path;
	folder->klass = tree_class();
	folder_init(folder, name);
	return folder;
}

static void destroy_folder(Folder *folder)
{
	(void)folder;
}

static FolderItem *item_new(Folder *folder)
{
	struct group_item *item = g_new0(struct group_item, 1);

	(void)folder;
	item->flags = g_hash_table_new(NULL, NULL);
	return &item->item;
}

static void item_destroy(Folder *folder, FolderItem *item)
{
	(void)folder;
	g_hash_table_unref(((struct group_item *)item)->flags);
	g_free(item);
}

static gchar *item_get_path(Folder *folder, FolderItem *item)
{
	(void)folder;
	return g_build_filename(get_rc_dir(), TREE_DIR, item->path, NULL);
}

static gint create_tree(Folder *folder)
{
	FolderItem *root;

	if (folder->node)
		return 0;
	root = folder_item_new(folder, folder->name, NULL);
	root->folder = folder;
	folder->node = root->node = g_node_new(root);
	return 0;
}

static gint scan_tree(Folder *folder)
{
	folder->outbox = folder->draft = folder->queue = folder->trash = NULL;
	return create_tree(folder);
}

static FolderItem *create_folder(Folder *folder, FolderItem *parent,
				 const gchar *name)
{
	FolderItem *item = folder_item_new(folder, name, name);
	gchar *path;

	/* A thread is the point of a group: Claws Mail has no call for a
	 * class's default order. */
	item->sort_key = SORT_BY_THREAD_DATE;
	item->sort_type = SORT_DESCENDING;
	item->threaded = TRUE;
	folder_item_append(parent, item);
	path = folder_item_get_path(item);
	(void)make_dir_hier(path);
	g_free(path);
	return item;
}

static gint rename_folder(Folder *folder, FolderItem *item, const gchar *name)
{
	(void)folder;
	g_free(item->name);
	item->name = g_strdup(name);
	return 0;
}

static gint remove_folder(Folder *folder, FolderItem *item)
{
	gchar *path = folder_item_get_path(item);

	(void)folder;
	(void)remove_dir_recursive(path);
	g_free(path);
	folder_item_remove(item);
	return 0;
}

static gint get_num_list(Folder *folder, FolderItem *item,
			 MsgNumberList **list, gboolean *old_uids_valid)
{
	gchar *path = folder_item_get_path(item);
	GDir *dir = g_dir_open(path, 0, NULL);
	const gchar *name;
	gint number, count = 0;

	(void)folder;
	*old_uids_valid = TRUE;
	g_free(path);
	if (!dir)
		return -1;
	while ((name = g_dir_read_name(dir))) {
		number = to_number(name);
		if (number <= 0)
			continue;
		*list = g_slist_prepend(*list, GINT_TO_POINTER(number));
		count++;
	}
	g_dir_close(dir);
	return count;
}

static gchar *message_path(FolderItem *item, gint number)
{
	gchar *dir = folder_item_get_path(item);
	gchar *path = g_strdup_printf("%s%c%d", dir, G_DIR_SEPARATOR, number);

	g_free(dir);
	return path;
}

static gchar *fetch_msg(Folder *folder, FolderItem *item, gint number)
{
	gchar *path = message_path(item, number);

	(void)folder;
	if (is_file_exist(path))
		return path;
	g_free(path);
	return NULL;
}

static MsgInfo *get_msginfo(Folder *folder, FolderItem *item, gint number)
{
	GHashTable *kept = ((struct group_item *)item)->flags;
	MsgFlags flags = { MSG_NEW | MSG_UNREAD, 0 };
	gchar *path = fetch_msg(folder, item, number);
	gpointer key = GINT_TO_POINTER(number), old;
	MsgInfo *info;

	if (!path)
		return NULL;
	if (g_hash_table_lookup_extended(kept, key, NULL, &old)) {
		flags.perm_flags = GPOINTER_TO_UINT(old);
		g_hash_table_remove(kept, key);
	}
	info = procheader_parse_file(path, flags, TRUE, FALSE);
	g_free(path);
	if (info) {
		info->msgnum = number;
		info->folder = item;
	}
	return info;
}

static gboolean is_msg_changed(Folder *folder, FolderItem *item,
			       MsgInfo *info)
{
	gchar *path = message_path(item, info->msgnum);
	GStatBuf file;
	gboolean changed;

	(void)folder;
	changed = g_stat(path, &file) < 0 || info->size != file.st_size ||
		  info->mtime != file.st_mtime;
	if (changed)
		g_hash_table_insert(((struct group_item *)item)->flags,
				    GINT_TO_POINTER(info->msgnum),
				    GUINT_TO_POINTER(info->flags.perm_flags));
	g_free(path);
	return changed;
}

static void set_mtime(Folder *folder, FolderItem *item)
{
	gchar *path = folder_item_get_path(item);
	GStatBuf file;

	(void)folder;
	if (g_stat(path, &file) == 0)
		item->mtime = file.st_mtime;
	g_free(path);
}

static gboolean scan_required(Folder *folder, FolderItem *item)
{
	gchar *path = folder_item_get_path(item);
	GStatBuf file;
	gboolean required = g_stat(path, &file) < 0 ||
			    file.st_mtime > item->mtime;

	(void)folder;
	g_free(path);
	return required;
}

/* The gateway still has it, so what was deleted must be remembered. */
static gint remove_msg(Folder *folder, FolderItem *item, gint number)
{
	gchar *path = fetch_msg(folder, item, number), *dir;
	gint result = -1;

	if (!path)
		return -1;
	dir = folder_item_get_path(item);
	if (nw_sync_forget(dir, (guint32)number))
		result = g_unlink(path);
	g_free(dir);
	g_free(path);
	return result;
}

/* Read only: articles come from the gateway. */
static gint add_msg(Folder *folder, FolderItem *item, const gchar *file,
		    MsgFlags *flags)
{
	(void)folder;
	(void)item;
	(void)file;
	(void)flags;
	return -1;
}

static void change_flags(Folder *folder, FolderItem *item, MsgInfo *info,
			 MsgPermFlags flags)
{
	(void)folder;
	(void)item;
	info->flags.perm_flags = flags;
}

/* Claws Mail wants the class writable and for ever in one place. */
static FolderClass *tree_class(void)
{
	static FolderClass class = {
		.type = F_UNKNOWN,
		.idstr = (gchar *)(guintptr)"newswire",
		.uistr = (gchar *)(guintptr)"Newswire",
		.new_folder = new_folder,
		.destroy_folder = destroy_folder,
		.set_xml = folder_set_xml,
		.get_xml = folder_get_xml,
		.scan_tree = scan_tree,
		.create_tree = create_tree,
		.item_new = item_new,
		.item_destroy = item_destroy,
		.item_get_path = item_get_path,
		.create_folder = create_folder,
		.rename_folder = rename_folder,
		.remove_folder = remove_folder,
		.get_num_list = get_num_list,
		.scan_required = scan_required,
		.set_mtime = set_mtime,
		.get_msginfo = get_msginfo,
		.fetch_msg = fetch_msg,
		.is_msg_changed = is_msg_changed,
		.add_msg = add_msg,
		.remove_msg = remove_msg,
		.change_flags = change_flags,
		.search_msgs = folder_item_search_msgs_local,
	};

	if (!class.copy_msg)
		class.copy_msg = mh_get_class()->copy_msg;
	return &class;
}

static Folder *find_tree(void)
{
	GList *at;

	for (at = folder_get_list(); at; at = at->next) {
		Folder *folder = at->data;

		if (folder->klass == tree_class())
			return folder;
	}
	return NULL;
}

void nw_tree_register(void)
{
	Folder *folder;

	folder_register_class(tree_class());
	if (find_tree())
		return;
	folder = folder_new(tree_class(), TREE_NAME, NULL);
	(void)scan_tree(folder);
	folder_add(folder);
	folder_write_list();
}

void nw_tree_unregister(void)
{
	folder_unregister_class(tree_class());
}

char *nw_tree_dir(void)
{
	return g_build_filename(get_rc_dir(), TREE_DIR, NULL);
}

void nw_tree_show_group(const char *name, gboolean changed)
{
	Folder *folder = find_tree();
	FolderItem *root, *item;

	if (!folder || !folder->node)
		return;
	root = FOLDER_ITEM(folder->node->data);
	item = folder_find_child_item_by_name(root, name);
	if (!item) {
		item = folder_create_folder(root, name);
		changed = TRUE;
	}
	if (item && changed)
		(void)folder_item_scan(item);
}
