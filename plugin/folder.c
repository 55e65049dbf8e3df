/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "claws.h"

#include <folder_item_prefs.h>
#include <glib/gstdio.h>
#include <string.h>
#include <time.h>

#include "agent.h"
#include "cache.h"
#include "folder.h"
#include "folder_private.h"
#include "subscribe.h"
#include "tree_private.h"

#define CACHES_DIR "newswire"

static Folder *new_folder(const gchar *name, const gchar *path)
{
	struct nw_folder *folder = g_new0(struct nw_folder, 1);

	(void)path;
	folder->folder.klass = nw_folder_class();
	folder->hidden = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       NULL);
	folder_init(&folder->folder, name);
	return &folder->folder;
}

/* The struct itself is freed by Claws Mail. */
static void destroy_folder(Folder *folder)
{
	struct nw_folder *ours = (struct nw_folder *)folder;

	nw_agent_stop_folder(ours);
	g_free(ours->gateway.host);
	g_free(ours->gateway.user);
	g_free(ours->gateway.ca_file);
	g_free(ours->dir);
	g_free(ours->last_error);
	g_hash_table_unref(ours->hidden);
}

static FolderItem *item_new(Folder *folder)
{
	struct nw_item *item = g_new0(struct nw_item, 1);

	(void)folder;
	item->carried = nw_carry_table_new();
	return &item->item;
}

static void item_destroy(Folder *folder, FolderItem *item)
{
	struct nw_item *ours = (struct nw_item *)item;

	nw_show_nothing_of(folder, item);
	nw_tree_forget(item);
	g_hash_table_unref(ours->carried);
	g_free(ours->images);
	g_free(ours->edits);
	g_free(ours->description);
	g_free(ours->last_error);
	g_free(ours);
}

/* Also for what has no messages, as Claws Mail asks it of every item. */
static gchar *item_get_path(Folder *folder, FolderItem *item)
{
	const struct nw_folder *ours = (const struct nw_folder *)folder;
	const char *dir = ours->dir ? ours->dir : "unknown";

	return g_build_filename(get_rc_dir(), CACHES_DIR, dir, item->path,
				NULL);
}

/* folder_new() has made the root. */
static gint create_tree(Folder *folder)
{
	return folder->node ? 0 : -1;
}

/* The tree is what the user subscribed to, and not read from anywhere. */
static gint scan_tree(Folder *folder)
{
	folder->outbox = folder->draft = folder->queue = folder->trash = NULL;
	return create_tree(folder);
}

void nw_item_make_group(FolderItem *item)
{
	item->no_select = FALSE;
	item->sort_key = SORT_BY_THREAD_DATE;
	item->sort_type = SORT_DESCENDING;
	item->threaded = TRUE;
	item->prefs->offlinesync = TRUE;
}

/* name is that of a group. */
static FolderItem *create_folder(Folder *folder, FolderItem *parent,
				 const gchar *name)
{
	FolderItem *item;
	gchar *path;

	if (!nw_folder_is_safe_name(name))
		return NULL;
	item = folder_item_new(folder, name, name);
	nw_item_make_group(item);
	folder_item_append(parent, item);
	path = folder_item_get_path(item);
	(void)make_dir_hier(path);
	g_free(path);
	return item;
}

static gint rename_folder(Folder *folder, FolderItem *item, const gchar *name)
{
	char *line = nw_folder_one_line(name, NW_ITEM_NAME_MAX);

	(void)folder;
	if (!line)
		return -1;
	g_free(item->name);
	item->name = line;
	((struct nw_item *)item)->renamed = TRUE;
	return 0;
}

static gint remove_folder(Folder *folder, FolderItem *item)
{
	gchar *path = folder_item_get_path(item);

	nw_show_nothing_of(folder, item);
	if (is_dir_exist(path))
		(void)remove_dir_recursive(path);
	g_free(path);
	folder_item_remove(item);
	return 0;
}

/* Claws Mail keeps whole seconds: what comes in the second that is noted would
 * not be seen, so a second that may not be over is not noted. */
static void set_mtime(Folder *folder, FolderItem *item)
{
	gchar *path = folder_item_get_path(item);
	GStatBuf file;

	(void)folder;
	if (g_stat(path, &file) == 0)
		item->mtime = file.st_mtime -
			      (file.st_mtime >= time(NULL) - 1 ? 1 : 0);
	g_free(path);
}

static gboolean scan_required(Folder *folder, FolderItem *item)
{
	gchar *path = folder_item_get_path(item);
	GStatBuf file;
	gboolean required = g_stat(path, &file) == 0 &&
			    file.st_mtime > item->mtime;

	(void)folder;
	g_free(path);
	return required;
}

static GSList *numbers_of(GHashTable *here)
{
	GHashTableIter iter;
	GSList *list = NULL;
	gpointer number;

	g_hash_table_iter_init(&iter, here);
	while (g_hash_table_iter_next(&iter, &number, NULL))
		list = g_slist_prepend(list, number);
	return list;
}

static gint get_num_list(Folder *folder, FolderItem *item,
			 MsgNumberList **list, gboolean *old_uids_valid)
{
	char *path = nw_item_of_group(item) ? nw_item_dir(item) : NULL;
	GDir *dir = path ? g_dir_open(path, 0, NULL) : NULL;
	GArray *replacing;
	GHashTable *here;
	const gchar *name;
	guint32 number;
	gint count;

	g_free(path);
	*old_uids_valid = TRUE;
	if (!dir)
		return -1;
	/* Before the look, so that what comes meanwhile is looked at again. */
	set_mtime(folder, item);
	replacing = g_array_new(FALSE, FALSE, sizeof(guint32));
	here = g_hash_table_new(NULL, NULL);
	while ((name = g_dir_read_name(dir))) {
		number = nw_cache_number(name);
		if (number)
			g_hash_table_add(here, GUINT_TO_POINTER(number));
		else if ((number = nw_cache_replaces_number(name)))
			g_array_append_val(replacing, number);
	}
	g_dir_close(dir);
	if (!nw_carry_replaced(item, replacing, here))
		item->mtime = 0;
	*list = g_slist_concat(numbers_of(here), *list);
	count = (gint)g_hash_table_size(here);
	g_hash_table_unref(here);
	g_array_unref(replacing);
	return count;
}

static gchar *message_path(FolderItem *item, guint32 number)
{
	char *dir = nw_item_dir(item);
	char *path = g_strdup_printf("%s/%u", dir, number);

	g_free(dir);
	return path;
}

/* What is here is shown; what is missing of it is shown when it comes. */
static gchar *fetch_msg(Folder *folder, FolderItem *item, gint number)
{
	gchar *path = message_path(item, (guint32)number), *dir;

	(void)folder;
	if (!is_file_exist(path)) {
		g_free(path);
		return NULL;
	}
	dir = nw_item_dir(item);
	if (nw_cache_is_headers_only(dir, (guint32)number))
		nw_agent_fetch_article(item, (guint32)number);
	g_free(dir);
	return path;
}

MsgInfo *nw_folder_parse(FolderItem *item, guint32 number)
{
	MsgFlags flags = { MSG_NEW | MSG_UNREAD, 0 };
	char *path = message_path(item, number);
	MsgInfo *info = procheader_parse_file(path, flags, TRUE, FALSE);

	if (info) {
		info->msgnum = number;
		info->folder = item;
		nw_folder_name_as_first(info, path);
	}
	g_free(path);
	return info;
}

static MsgInfo *get_msginfo(Folder *folder, FolderItem *item, gint number)
{
	MsgInfo *info = nw_folder_parse(item, (guint32)number);

	(void)folder;
	if (info)
		(void)nw_carry_give(item, info);
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
	if (changed) {
		nw_carry_keep(item, info);
		nw_show_again(item, info->msgnum);
	}
	g_free(path);
	return changed;
}

/* The gateway still has it, so what the user deleted must be remembered.  What
 * is past the retention must not: a longer one brings it back. */
static gint remove_msg(Folder *folder, FolderItem *item, gint number)
{
	const struct nw_item *ours = nw_item_of_group(item);
	char *dir = nw_item_dir(item);
	gint result = -1;
	gchar *path;

	(void)folder;
	if ((ours && ours->expiring) || nw_cache_forget(dir, (guint32)number)) {
		path = message_path(item, (guint32)number);
		result = g_unlink(path);
		g_free(path);
	}
	g_free(dir);
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

static gint copy_msg(Folder *folder, FolderItem *to, MsgInfo *info)
{
	(void)folder;
	(void)to;
	(void)info;
	return -1;
}

static void change_flags(Folder *folder, FolderItem *item, MsgInfo *info,
			 MsgPermFlags flags)
{
	(void)folder;
	(void)item;
	info->flags.perm_flags = flags;
}

static void synchronise(FolderItem *item, gint days)
{
	(void)days;
	nw_agent_synchronise(item);
}

static gboolean subscribe(Folder *folder, const gchar *uri)
{
	return nw_folder_is_ours(folder) && nw_subscribe_uri(uri);
}

static void get_sort_type(Folder *folder, FolderSortKey *key,
			  FolderSortType *type)
{
	(void)folder;
	if (key)
		*key = SORT_BY_THREAD_DATE;
	if (type)
		*type = SORT_DESCENDING;
}

FolderClass *nw_folder_class(void)
{
	static FolderClass class = {
		.type = F_UNKNOWN,
		.idstr = (gchar *)(guintptr)"newswire",
		.uistr = (gchar *)(guintptr)"Newswire",
		.new_folder = new_folder,
		.destroy_folder = destroy_folder,
		.set_xml = nw_folder_set_xml,
		.get_xml = nw_folder_get_xml,
		.scan_tree = scan_tree,
		.create_tree = create_tree,
		.item_new = item_new,
		.item_destroy = item_destroy,
		.item_set_xml = nw_folder_set_item_xml,
		.item_get_xml = nw_folder_get_item_xml,
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
		.copy_msg = copy_msg,
		.remove_msg = remove_msg,
		.change_flags = change_flags,
		.synchronise = synchronise,
		.subscribe = subscribe,
		.get_sort_type = get_sort_type,
		.search_msgs = folder_item_search_msgs_local,
	};

	return &class;
}

gboolean nw_folder_is_ours(const Folder *folder)
{
	return folder && folder->klass == nw_folder_class();
}

struct nw_item *nw_item_of_group(FolderItem *item)
{
	if (!item || !nw_folder_is_ours(item->folder) || !item->path ||
	    item->no_select)
		return NULL;
	return (struct nw_item *)item;
}

char *nw_item_dir(FolderItem *item)
{
	return item_get_path(item->folder, item);
}

struct nw_sync_wish *nw_item_wish(FolderItem *item)
{
	const struct nw_item *ours = nw_item_of_group(item);
	struct nw_sync_wish *wish;
	char *dir;

	if (!ours)
		return NULL;
	dir = nw_item_dir(item);
	wish = nw_sync_wish_new(item->path, dir);
	wish->retention_days = ours->retention_days;
	wish->headers_only = ours->headers_only;
	g_free(dir);
	return wish;
}
