/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Groups that come and go because the user wants it.
 */
#include "config.h"

#include "claws.h"

#include "agent_private.h"
#include "tree.h"

/* Directories of groups that were taken away, and whose worker may still write
 * there: the folder, by the path. */
static GHashTable *doomed;

static void doom(const struct nw_folder *folder, const char *dir)
{
	if (!doomed)
		doomed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free,
					       NULL);
	g_hash_table_insert(doomed, g_strdup(dir), (gpointer)(guintptr)folder);
}

static void sweep(gconstpointer folder)
{
	GHashTableIter iter;
	gpointer dir, of;

	g_hash_table_iter_init(&iter, doomed);
	while (g_hash_table_iter_next(&iter, &dir, &of)) {
		if (folder && of != folder)
			continue;
		/* The user may have taken it back. */
		if (is_dir_exist(dir) && !folder_find_item_from_real_path(dir))
			(void)remove_dir_recursive(dir);
		g_hash_table_iter_remove(&iter);
	}
}

void nw_agent_sweep(gconstpointer folder)
{
	if (doomed && !nw_agent_is_busy(folder))
		sweep(folder);
}

/* No worker writes any more. */
void nw_agent_subscribe_stop(void)
{
	if (doomed)
		sweep(NULL);
	g_clear_pointer(&doomed, g_hash_table_unref);
}

/* The user waits for it, so it is not behind the sites of others (worker.h);
 * offline it comes with the next check, without a question. */
void nw_agent_check_subscribed(gconstpointer folder, const char *group)
{
	struct nw_folder *there = nw_tree_has(folder);
	FolderItem *item = there ? nw_tree_find(there, group) : NULL;

	if (item && nw_agent_may_use_network(FALSE))
		nw_agent_check_item(item, TRUE);
}

void nw_agent_show_group(struct nw_folder *folder, const char *group,
			 const char *description)
{
	FolderItem *item = nw_tree_add(folder, group, description);

	if (item)
		nw_agent_check_item(item, FALSE);
}

/* FALSE also when the item has gone while the user was asked. */
static gboolean may_tell_gateway(FolderItem *item)
{
	struct nw_folder *folder = (struct nw_folder *)item->folder;
	char *group = g_strdup(item->path);
	gboolean may = nw_agent_may_reach(folder, TRUE) &&
		       nw_tree_find(folder, group) == item;

	g_free(group);
	return may;
}

/* A group of this computer has its articles still, and so is hidden. */
void nw_agent_unsubscribe(FolderItem *item)
{
	struct nw_folder *folder = (struct nw_folder *)item->folder;
	const struct nw_item *ours = nw_item_of_group(item);
	gboolean local = nw_gateway_is_local(&folder->gateway);
	char *dir;

	if (!ours || (ours->by_address && !may_tell_gateway(item)))
		return;
	if (local)
		(void)g_hash_table_add(folder->hidden, g_strdup(item->path));
	dir = nw_item_dir(item);
	if (nw_agent_is_busy(folder))
		doom(folder, dir);
	g_free(dir);
	if (local || ours->by_address)
		(void)nw_agent_ask(folder,
				   nw_job_new(NW_JOB_UNSUBSCRIBE, item->path),
				   NULL, NULL);
	nw_tree_remove(item);
}

void nw_agent_change(FolderItem *item)
{
	const struct nw_item *ours = nw_item_of_group(item);
	struct nw_job *job;

	if (!ours)
		return;
	job = nw_job_new(NW_JOB_CHANGE, item->path);
	job->images = g_strdup(ours->images);
	job->edits = g_strdup(ours->edits);
	(void)nw_agent_ask((struct nw_folder *)item->folder, job, NULL, NULL);
}
