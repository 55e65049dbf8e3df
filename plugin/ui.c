/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "claws.h"

#include "sync.h"
#include "tree.h"
#include "ui.h"

#define PROGRAM "newswire"
#define CHECK_EVERY_S 600

/* The state of the plugin, which Claws Mail's callbacks cannot carry. */
static struct {
	guint menu_id, timer_id, done_id;
	GThread *worker;
	struct nw_sync *sync;	/* of the worker; NULL when there is none */
} ui;

static void finish(void)
{
	(void)g_thread_join(ui.worker);
	ui.worker = NULL;
	nw_sync_free(ui.sync);
	ui.sync = NULL;
}

/* In the main thread: shows what the worker brought. */
static gboolean done(gpointer data)
{
	MainWindow *window = mainwindow_get_mainwindow();
	guint i;

	(void)data;
	ui.done_id = 0;
	for (i = 0; i < ui.sync->groups->len; i++) {
		const struct nw_sync_group *group = ui.sync->groups->pdata[i];

		nw_tree_show_group(group->name,
				   group->added || group->removed);
	}
	if (ui.sync->error)
		log_error(LOG_PROTOCOL, "Newswire: %s\n",
			  ui.sync->error->message);
	folder_write_list();
	if (window && !claws_is_exiting())
		STATUSBAR_POP(window);
	finish();
	return G_SOURCE_REMOVE;
}

/* No call into GTK or Claws Mail but the one that hands over. */
static gpointer work(gpointer data)
{
	nw_sync_run(data);
	ui.done_id = gdk_threads_add_idle(done, NULL);
	return NULL;
}

static void check(void)
{
	MainWindow *window = mainwindow_get_mainwindow();
	char *dir;

	if (ui.sync)
		return;
	dir = nw_tree_dir();
	ui.sync = nw_sync_new(PROGRAM, dir);
	g_free(dir);
	if (window)
		STATUSBAR_PUSH(window, "Newswire: checking web news");
	ui.worker = g_thread_new("newswire", work, ui.sync);
}

static gboolean check_by_timer(gpointer data)
{
	(void)data;
	if (!prefs_common_get_prefs()->work_offline)
		check();
	return G_SOURCE_CONTINUE;
}

static void check_by_user(GtkAction *action, gpointer data)
{
	(void)action;
	(void)data;
	if (prefs_common_get_prefs()->work_offline &&
	    !inc_offline_should_override(TRUE, "Newswire needs the network to "
					       "check web news."))
		return;
	check();
}

void nw_ui_start(void)
{
	static GtkActionEntry entries[] = {
		{ "Tools/NewswireCheck", NULL, "Check web ne_ws", NULL, NULL,
		  G_CALLBACK(check_by_user) },
	};
	MainWindow *window = mainwindow_get_mainwindow();

	gtk_action_group_add_actions(window->action_group, entries,
				     G_N_ELEMENTS(entries), window);
	MENUITEM_ADDUI_ID_MANAGER(window->ui_manager, "/Menu/Tools",
				  "NewswireCheck", "Tools/NewswireCheck",
				  GTK_UI_MANAGER_MENUITEM, ui.menu_id)
	ui.timer_id = g_timeout_add_seconds(CHECK_EVERY_S, check_by_timer,
					    NULL);
	(void)check_by_timer(NULL);
}

void nw_ui_stop(void)
{
	MainWindow *window = mainwindow_get_mainwindow();

	if (ui.timer_id)
		(void)g_source_remove(ui.timer_id);
	ui.timer_id = 0;
	if (ui.sync) {
		nw_sync_cancel(ui.sync);
		(void)g_thread_join(ui.worker);
		if (ui.done_id)
			(void)g_source_remove(ui.done_id);
		ui.done_id = 0;
		ui.worker = NULL;
		nw_sync_free(ui.sync);
		ui.sync = NULL;
	}
	if (window && !claws_is_exiting())
		MENUITEM_REMUI_MANAGER(window->ui_manager,
				       window->action_group,
				       "Tools/NewswireCheck", ui.menu_id)
}
