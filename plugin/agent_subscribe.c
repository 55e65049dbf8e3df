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

static gboolean is_busy(gconstpointer folder)
{
	const GList *at;

	for (at = nw_agent_jobs(); at; at = at->next)
		if (((const struct nw_agent_job *)at->data)->folder == folder)
			return TRUE;
	return FALSE;
}

void nw_agent_sweep(gconstpointer folder)
{
	GHashTableIter iter;
	gpointer dir, of;

	if (!doomed || is_busy(folder))
		return;
	g_hash_table_iter_init(&iter, doomed);
	while (g_hash_table_iter_next(&iter, &dir, &of)) {
		if (of != folder)
			continue;
		/* The user may have taken it back. */
		if (is_dir_exist(dir) && !folder_find_item_from_real_path(dir))
			(void)remove_dir_recursive(dir);
		g_hash_table_iter_remove(&iter);
	}
}

void nw_agent_subscribe_stop(void)
{
	g_clear_pointer(&doomed, g_hash_table_unref);
}

guint nw_agent_subscribe(struct nw_folder *folder, const char *url,
			 nw_agent_answer_fn *answer, gpointer data)
{
	return nw_agent_ask(folder, nw_job_new(NW_JOB_SUBSCRIBE, url), answer,
			    data);
}

void nw_agent_take_subscribed(struct nw_folder *folder, const char *group)
{
	FolderItem *item = nw_tree_add(folder, group, NULL);

	if (!item)
		return;
	((struct nw_item *)item)->by_address = TRUE;
	nw_agent_check_item(item, FALSE);
}

void nw_agent_show_group(struct nw_folder *folder, const char *group,
			 const char *description)
{
	FolderItem *item = nw_tree_add(folder, group, description);

	if (item)
		nw_agent_check_item(item, FALSE);
}

/* A group of this computer has its articles still, and so is hidden. */
void nw_agent_unsubscribe(FolderItem *item)
{
	struct nw_folder *folder = (struct nw_folder *)item->folder;
	const struct nw_item *ours = nw_item_of_group(item);
	gboolean local = nw_gateway_is_local(&folder->gateway);
	char *dir;

	if (!ours)
		return;
	if (local)
		(void)g_hash_table_add(folder->hidden, g_strdup(item->path));
	dir = nw_item_dir(item);
	if (is_busy(folder))
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
