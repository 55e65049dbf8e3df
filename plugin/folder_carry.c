/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Claws Mail knows flags and tags by number, and drops them with the message
 * when its file is another.  Here they go along, in Claws Mail's own cache and
 * before it looks, so that to its scan the new file is one that it knows.
 *
 * In this order, so that after an interruption between any two steps the next
 * scan goes on where this one ended: the cache in memory, the cache on disk,
 * the replaced file, the note that it is replaced.  As long as the note is
 * there, the replaced article in the cache means that its flags are still to
 * come along; that it is missing there means that they have.
 */
#include "config.h"

#include "claws.h"

#include <glib/gstdio.h>
#include <msgcache.h>

#include "cache.h"
#include "folder.h"
#include "folder_private.h"

struct carried {
	MsgPermFlags flags;
	GSList *tags;
};

struct replacement {
	guint32 to, from;
};

static void free_carried(gpointer data)
{
	struct carried *carried = data;

	g_slist_free(carried->tags);
	g_free(carried);
}

GHashTable *nw_carry_table_new(void)
{
	return g_hash_table_new_full(NULL, NULL, NULL, free_carried);
}

void nw_carry_keep(FolderItem *item, const MsgInfo *info)
{
	struct nw_item *ours = (struct nw_item *)item;
	struct carried *carried = g_new0(struct carried, 1);

	carried->flags = info->flags.perm_flags;
	carried->tags = g_slist_copy(info->tags);
	g_hash_table_insert(ours->carried, GUINT_TO_POINTER(info->msgnum),
			    carried);
}

static void give(MsgInfo *info, MsgPermFlags flags, const GSList *tags)
{
	info->flags.perm_flags = flags;
	g_slist_free(info->tags);
	info->tags = g_slist_copy((GSList *)(guintptr)tags);
}

gboolean nw_carry_give(FolderItem *item, MsgInfo *info)
{
	struct nw_item *ours = (struct nw_item *)item;
	gpointer key = GUINT_TO_POINTER(info->msgnum);
	const struct carried *carried = g_hash_table_lookup(ours->carried, key);

	if (!carried)
		return FALSE;
	give(info, carried->flags, carried->tags);
	g_hash_table_remove(ours->carried, key);
	return TRUE;
}

/* The rows and windows that hold the old message now mean the new one, which
 * stays selected when Claws Mail lists the folder anew. */
static gboolean replace_in_cache(FolderItem *item, MsgInfo *old, guint32 to)
{
	guint32 from = old->msgnum;
	MsgInfo *info = nw_folder_parse(item, to);

	if (!info)
		return FALSE;
	give(info, old->flags.perm_flags, old->tags);
	msgcache_remove_msg(item->cache, to);
	msgcache_remove_msg(item->cache, from);
	msgcache_add_msg(item->cache, info);
	procmsg_msginfo_free(&info);
	old->msgnum = to;
	item->update_flags |= F_ITEM_UPDATE_CONTENT | F_ITEM_UPDATE_MSGCNT;
	nw_show_again(item, to);
	return TRUE;
}

/* Whether the note can be taken away once the cache is written. */
static gboolean settle(FolderItem *item, const struct replacement *replacement)
{
	MsgInfo *old = msgcache_get_msg(item->cache, replacement->from);
	gboolean settled = TRUE;

	if (old)
		settled = replace_in_cache(item, old, replacement->to);
	procmsg_msginfo_free(&old);
	return settled;
}

static guint64 file_of_marks(const char *dir)
{
	char *path = g_build_filename(dir, MARK_FILE, NULL);
	GStatBuf file;
	guint64 id = g_stat(path, &file) == 0 ? (guint64)file.st_ino : 0;

	g_free(path);
	return id;
}

/* Claws Mail does not say whether it could; a file that was written is another
 * file. */
static gboolean write_cache(FolderItem *item, const char *dir)
{
	guint64 before = file_of_marks(dir), after;

	item->cache_dirty = item->mark_dirty = item->tags_dirty = TRUE;
	folder_item_write_cache(item);
	after = file_of_marks(dir);
	return after && after != before;
}

/* Reads Claws Mail's cache when it is not there yet.  An empty one says
 * nothing: Claws Mail may be about to build it, and has not read the marks. */
static gboolean has_cache(FolderItem *item)
{
	GSList *infos;
	gboolean filled;

	infos = item->cache ? msgcache_get_msg_list(item->cache) :
			      folder_item_get_msg_list(item);
	filled = infos != NULL;
	procmsg_msg_list_free(infos);
	return filled && item->cache;
}

static gint by_number(gconstpointer a, gconstpointer b)
{
	const struct replacement *one = a, *other = b;

	return one->to < other->to ? -1 : one->to > other->to;
}

/* Ascending: of a chain of replacements, the earlier comes first. */
static GArray *replacements(const char *dir, const GArray *replacing,
			    GHashTable *here)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(struct replacement));
	guint i;

	for (i = 0; i < replacing->len; i++) {
		struct replacement one = { .to = g_array_index(replacing,
							       guint32, i) };

		if (!g_hash_table_contains(here, GUINT_TO_POINTER(one.to)))
			continue;
		one.from = nw_cache_replaced(dir, one.to);
		if (one.from && one.from != one.to)
			g_array_append_val(found, one);
	}
	g_array_sort(found, by_number);
	return found;
}

static void finish(const char *dir, const GArray *settled)
{
	guint i;

	for (i = 0; i < settled->len; i++) {
		const struct replacement *one =
			&g_array_index(settled, struct replacement, i);
		char *path = g_strdup_printf("%s/%u", dir, one->from);

		(void)g_unlink(path);
		nw_cache_replaced_done(dir, one->to);
		g_free(path);
	}
}

gboolean nw_carry_replaced(FolderItem *item, const GArray *replacing,
		       GHashTable *here)
{
	char *dir = nw_item_dir(item);
	GArray *found = replacements(dir, replacing, here);
	GArray *settled = g_array_new(FALSE, FALSE, sizeof(struct replacement));
	gboolean all;
	guint i;

	for (i = 0; found->len && has_cache(item) && i < found->len; i++) {
		const struct replacement *one =
			&g_array_index(found, struct replacement, i);

		if (!settle(item, one))
			continue;
		g_array_append_val(settled, *one);
		g_hash_table_remove(here, GUINT_TO_POINTER(one->from));
	}
	all = settled->len == found->len;
	if (settled->len && write_cache(item, dir))
		finish(dir, settled);
	g_array_unref(settled);
	g_array_unref(found);
	g_free(dir);
	return all;
}
