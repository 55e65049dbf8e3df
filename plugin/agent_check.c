/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When to check: at start, by the clock, on going online, when the user asks,
 * and when Claws Mail synchronises its folders.
 */
#include "config.h"

#include "claws.h"

#include <common/hooks.h>

#include "agent_private.h"
#include "folder_private.h"
#include "i18n.h"
#include "notice.h"
#include "prefs.h"
#include "tree.h"

#define TICK_S 60
/* The window is drawn first. */
#define START_AFTER_S 2
/* What searches through articles of which only headers are here does not fetch
 * them all. */
#define ARTICLES_MAX 8
/* Groups of this computer that are shown; more are not read by anyone. */
#define GROUPS_MAX 2000

static struct {
	guint tick_id, start_id;
	gulong hook_id;
	gboolean start_due;	/* offline at start: when online first */
	GHashTable *wanted;	/* identifiers of groups to synchronise */
	guint wanted_id;
} check;

static gboolean is_offline(void)
{
	return prefs_common_get_prefs()->work_offline;
}

gboolean nw_agent_may_use_network(gboolean by_user)
{
	if (!is_offline())
		return TRUE;
	return by_user && inc_offline_should_override(
				  TRUE, _("Newswire needs the network for "
					  "this."));
}

gboolean nw_agent_may_reach(struct nw_folder *folder, gboolean by_user)
{
	if (nw_gateway_is_local(&folder->gateway))
		return TRUE;
	return nw_agent_may_use_network(by_user) && nw_tree_has(folder);
}

/* The clock may have been set back since. */
static gboolean is_past(gint64 last_utc, gint minutes)
{
	gint64 now = nw_agent_now_utc();

	return minutes > 0 &&
	       (last_utc > now || now - last_utc >= (gint64)minutes * 60);
}

static gboolean is_item_due(const struct nw_item *item)
{
	gint minutes = item->check_minutes ? item->check_minutes :
					     nw_prefs()->check_minutes;

	return is_past(item->last_check_utc, minutes);
}

static void wish_for(struct nw_job *job, FolderItem *item)
{
	g_ptr_array_add(job->wishes, nw_item_wish(item));
	((struct nw_item *)item)->last_check_utc = nw_agent_now_utc();
}

static struct nw_job *new_check(gboolean by_user)
{
	struct nw_job *job = nw_job_new(NW_JOB_CHECK, NULL);

	job->by_user = by_user;
	return job;
}

/* A gateway elsewhere of which nothing is shown has nothing to say. */
static gboolean is_worth(const struct nw_folder *folder, const GList *items)
{
	return items || nw_gateway_is_local(&folder->gateway);
}

static void ask_check(struct nw_folder *folder, const GList *items,
		      gboolean by_user, nw_agent_answer_fn *answer)
{
	struct nw_job *job = new_check(by_user);

	for (; items; items = items->next)
		wish_for(job, items->data);
	folder->last_check_utc = nw_agent_now_utc();
	(void)nw_agent_ask(folder, job, answer, NULL);
}

static void check_items(struct nw_folder *folder, const GList *items,
			gboolean by_user)
{
	if (is_worth(folder, items))
		ask_check(folder, items, by_user, NULL);
}

typedef gboolean nw_wanted_fn(const struct nw_item *item);

static gboolean is_any(const struct nw_item *item)
{
	(void)item;
	return TRUE;
}

static gboolean is_not_manual(const struct nw_item *item)
{
	return item->check_minutes >= 0;
}

static GList *items_that(struct nw_folder *folder, nw_wanted_fn *is_wanted)
{
	GList *at, *all = nw_tree_items(folder), *some = NULL;

	for (at = all; at; at = at->next)
		if (is_wanted(at->data))
			some = g_list_prepend(some, at->data);
	g_list_free(all);
	return g_list_reverse(some);
}

static void check_those(struct nw_folder *folder, nw_wanted_fn *is_wanted,
			gboolean by_user)
{
	GList *items = items_that(folder, is_wanted);

	check_items(folder, items, by_user);
	g_list_free(items);
}

static void check_due(struct nw_folder *folder)
{
	GList *items = items_that(folder, is_item_due);

	if (items ||
	    is_past(folder->last_check_utc, nw_prefs()->check_minutes))
		check_items(folder, items, FALSE);
	g_list_free(items);
}

static void check_all(gboolean by_user)
{
	GList *at, *folders = nw_tree_folders();

	for (at = folders; at; at = at->next)
		check_those(at->data, by_user ? is_any : is_not_manual,
			    by_user);
	g_list_free(folders);
}

void nw_agent_check_all(gboolean by_user)
{
	if (nw_agent_may_use_network(by_user))
		check_all(by_user);
}

void nw_agent_check_folder(struct nw_folder *folder, gboolean by_user)
{
	if (nw_agent_may_use_network(by_user) && nw_tree_has(folder))
		check_those(folder, by_user ? is_any : is_not_manual, by_user);
}

void nw_agent_check_item(FolderItem *item, gboolean by_user)
{
	GList one = { .data = NULL };
	char *identifier;

	if (!nw_item_of_group(item))
		return;
	identifier = folder_item_get_identifier(item);
	if (nw_agent_may_use_network(by_user))
		one.data = folder_find_item_from_identifier(identifier);
	g_free(identifier);
	if (one.data == item)
		check_items((struct nw_folder *)item->folder, &one, by_user);
}

/* The user may wait for it to pull a plug.  What failed is in the log. */
static void tell_synchronised(const struct nw_folder *folder)
{
	/* Translators: %s is the name of a gateway's folders. */
	char *text = g_strdup_printf(_("Newswire: %s can be read offline now."),
				     folder->folder.name);

	nw_notice_show(text);
	g_free(text);
}

static void synchronised(struct nw_folder *folder,
			 const struct nw_report *done, gpointer data)
{
	(void)data;
	if (!done->error)
		tell_synchronised(folder);
	if (is_offline())
		nw_agent_stop_elsewhere();
}

gboolean nw_agent_is_synchronising(gconstpointer folder)
{
	const GList *at;

	for (at = nw_agent_jobs(); at; at = at->next) {
		const struct nw_agent_job *job = at->data;

		if (job->folder == folder && job->answer == synchronised)
			return TRUE;
	}
	return FALSE;
}

static gboolean is_wanted(const struct nw_item *item)
{
	char *identifier =
		folder_item_get_identifier((FolderItem *)(guintptr)item);
	gboolean wanted = identifier && g_hash_table_contains(check.wanted,
							      identifier);

	g_free(identifier);
	return wanted;
}

static void synchronise_wanted(void)
{
	GList *at, *folders = nw_tree_folders();

	for (at = folders; at; at = at->next) {
		GList *items = items_that(at->data, is_wanted);

		if (items)
			ask_check(at->data, items, TRUE, synchronised);
		g_list_free(items);
	}
	g_list_free(folders);
	g_clear_pointer(&check.wanted, g_hash_table_unref);
}

static gboolean synchronise(gpointer data)
{
	(void)data;
	check.wanted_id = 0;
	if (check.wanted && nw_agent_may_use_network(TRUE))
		synchronise_wanted();
	g_clear_pointer(&check.wanted, g_hash_table_unref);
	return G_SOURCE_REMOVE;
}

/* Later, as Claws Mail walks through its trees. */
void nw_agent_synchronise(FolderItem *item)
{
	if (!nw_item_of_group(item))
		return;
	if (!check.wanted)
		check.wanted = g_hash_table_new_full(g_str_hash, g_str_equal,
						     g_free, NULL);
	(void)g_hash_table_add(check.wanted, folder_item_get_identifier(item));
	if (!check.wanted_id)
		check.wanted_id = gdk_threads_add_idle(synchronise, NULL);
}

/* This computer's articles need no network. */
void nw_agent_fetch_article(FolderItem *item, guint32 number)
{
	const struct nw_folder *folder = (struct nw_folder *)item->folder;
	const GList *at;
	guint under_way = 0;

	if (is_offline() && !nw_gateway_is_local(&folder->gateway))
		return;
	for (at = nw_agent_jobs(); at; at = at->next) {
		const struct nw_agent_job *job = at->data;

		if (!job->group)
			continue;
		if (job->folder == folder && job->number == number &&
		    g_strcmp0(job->group, item->path) == 0)
			return;
		under_way++;
	}
	if (under_way < ARTICLES_MAX)
		nw_agent_ask_article(item, number);
}

void nw_agent_take_groups(struct nw_folder *folder, const GPtrArray *groups)
{
	GList *fresh = NULL;
	guint i;

	for (i = 0; i < groups->len && i < GROUPS_MAX; i++) {
		const struct nw_session_group *group = groups->pdata[i];
		gboolean known = nw_tree_find(folder, group->name) != NULL;
		FolderItem *item;

		if (!known && g_hash_table_contains(folder->hidden,
						    group->name))
			continue;
		item = nw_tree_add(folder, group->name, group->description);
		if (item && !known)
			fresh = g_list_prepend(fresh, item);
	}
	fresh = g_list_reverse(fresh);
	if (fresh)
		check_items(folder, fresh, FALSE);
	g_list_free(fresh);
}

static gboolean tick(gpointer data)
{
	GList *at, *folders;

	(void)data;
	if (is_offline())
		return G_SOURCE_CONTINUE;
	folders = nw_tree_folders();
	for (at = folders; at; at = at->next)
		check_due(at->data);
	g_list_free(folders);
	return G_SOURCE_CONTINUE;
}

static void check_at_start(void)
{
	check.start_due = is_offline();
	if (!check.start_due)
		check_all(FALSE);
}

static gboolean started(gpointer data)
{
	(void)data;
	check.start_id = 0;
	check_at_start();
	return G_SOURCE_REMOVE;
}

/* What is to be synchronised now is what the user wanted before it. */
static void went_offline(void)
{
	if (check.wanted)
		synchronise_wanted();
	nw_agent_stop_elsewhere();
}

/* Claws Mail has set the new state before it calls. */
static gboolean switched(gpointer source, gpointer data)
{
	(void)source;
	(void)data;
	if (is_offline())
		went_offline();
	else if (check.start_due)
		check_at_start();
	else
		(void)tick(NULL);
	return FALSE;
}

void nw_agent_check_start(void)
{
	check.tick_id = gdk_threads_add_timeout_seconds(TICK_S, tick, NULL);
	check.hook_id = hooks_register_hook(OFFLINE_SWITCH_HOOKLIST, switched,
					    NULL);
	if (nw_prefs()->check_at_start)
		check.start_id = gdk_threads_add_timeout_seconds(
			START_AFTER_S, started, NULL);
}

void nw_agent_check_stop(void)
{
	if (check.tick_id)
		(void)g_source_remove(check.tick_id);
	if (check.start_id)
		(void)g_source_remove(check.start_id);
	if (check.hook_id)
		hooks_unregister_hook(OFFLINE_SWITCH_HOOKLIST, check.hook_id);
	if (check.wanted_id)
		(void)g_source_remove(check.wanted_id);
	g_clear_pointer(&check.wanted, g_hash_table_unref);
	check.tick_id = check.start_id = check.wanted_id = 0;
	check.hook_id = 0;
	check.start_due = FALSE;
}
