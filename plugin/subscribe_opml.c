/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Subscriptions read from files of other programs, and written for them.
 */
#include "config.h"

#include "claws.h"

#include <alertpanel.h>
#include <gtk/filesel.h>
#include <string.h>

#include "agent.h"
#include "i18n.h"
#include "notice.h"
#include "subscribe.h"
#include "tree.h"

#define FILE_NAME "newswire.opml"

/* Where an answer comes that no window waits for. */
static void tell(const char *text, const GError *error)
{
	char *notice;

	if (error) {
		text = error->message;
		log_error(LOG_PROTOCOL, "Newswire: %s\n", text);
	} else {
		log_message(LOG_PROTOCOL, "Newswire: %s\n", text);
	}
	notice = g_strdup_printf(_("Newswire: %s"), text);
	nw_notice_show(notice);
	g_free(notice);
}

/* Those that were unsubscribed from before as well. */
static void show_groups(struct nw_folder *folder, const GPtrArray *groups)
{
	guint i;

	for (i = 0; groups && i < groups->len; i++) {
		const struct nw_session_group *group = groups->pdata[i];

		if (group->by_address)
			(void)nw_tree_add_by_address(folder, group->name,
						     group->description);
		else
			(void)nw_tree_add(folder, group->name,
					  group->description);
	}
}

/* What was refused keeps nothing back that was not. */
static void imported(struct nw_folder *folder, const struct nw_report *done,
		     gpointer data)
{
	(void)data;
	show_groups(folder, done->groups);
	tell(_("The subscriptions were imported."), done->error);
	if (!done->error || done->groups)
		nw_agent_check_folder(folder, TRUE);
}

static void exported(struct nw_folder *folder, const struct nw_report *done,
		     gpointer data)
{
	(void)folder;
	(void)data;
	tell(_("The subscriptions were exported."), done->error);
}

void nw_subscribe_import(struct nw_folder *folder)
{
	char *path, *notice;

	if (!nw_agent_may_reach(folder, TRUE))
		return;
	path = filesel_select_file_open(_("Import web news subscriptions"),
					NULL);
	/* The dialog ran a main loop. */
	if (!path || !nw_tree_has(folder)) {
		g_free(path);
		return;
	}
	notice = g_strdup_printf(_("Newswire: importing %s …"), path);
	nw_notice_show(notice);
	g_free(notice);
	(void)nw_agent_ask(folder, nw_job_new(NW_JOB_IMPORT, path), imported,
			   NULL);
	g_free(path);
}

static gboolean may_write(const char *path)
{
	char *question;
	gboolean may;

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return TRUE;
	/* It takes markup. */
	question = g_markup_printf_escaped(_("Replace the file \"%s\"?"), path);
	may = alertpanel(_("Export web news subscriptions"), question, NULL,
			 _("_Cancel"), NULL, _("_Replace"), NULL, NULL,
			 ALERTFOCUS_FIRST) == G_ALERTALTERNATE;
	g_free(question);
	return may;
}

static GPtrArray *wishes_of(struct nw_folder *folder)
{
	GPtrArray *wishes = g_ptr_array_new_with_free_func(nw_sync_wish_free);
	GList *items = nw_tree_items(folder), *at;

	for (at = items; at; at = at->next)
		g_ptr_array_add(wishes, nw_item_wish(at->data));
	g_list_free(items);
	return wishes;
}

void nw_subscribe_export(struct nw_folder *folder)
{
	char *path = filesel_select_file_save(
		_("Export web news subscriptions"), FILE_NAME);
	struct nw_job *job;

	if (path && may_write(path) && nw_tree_has(folder)) {
		job = nw_job_new(NW_JOB_EXPORT, path);
		g_clear_pointer(&job->wishes, g_ptr_array_unref);
		job->wishes = wishes_of(folder);
		(void)nw_agent_ask(folder, job, exported, NULL);
	}
	g_free(path);
}
