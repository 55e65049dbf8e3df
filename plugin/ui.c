/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "claws.h"

#include "ui.h"

#include <alertpanel.h>
#include <gtk/gtkcmctree.h>
#include <gtk/inputdialog.h>
#include <prefs_toolbar.h>
#include <string.h>
#include <summaryview.h>

#include "agent.h"
#include "gateway_dialog.h"
#include "i18n.h"
#include "notice.h"
#include "story.h"
#include "subscribe.h"
#include "tree.h"

#define TOOLBAR_NAME "Newswire"
#define POPUP "FolderViewPopup/"

static FolderItem *selected_item(void)
{
	MainWindow *window = mainwindow_get_mainwindow();
	FolderItem *item = folderview_get_selected_item(window->folderview);

	return item && nw_folder_is_ours(item->folder) ? item : NULL;
}

/* The gateway whose folder is selected, or that of this computer. */
static struct nw_folder *selected_folder(void)
{
	FolderItem *item = selected_item();

	return item ? (struct nw_folder *)item->folder : nw_tree_local();
}

/* The one message that is selected, when it is ours. */
static MsgInfo *selected_message(void)
{
	MainWindow *window = mainwindow_get_mainwindow();
	MsgInfo *info;

	if (summary_get_selection_type(window->summaryview) !=
	    SUMMARY_SELECTED_SINGLE)
		return NULL;
	info = summary_get_selected_msg(window->summaryview);
	return info && info->folder && nw_folder_is_ours(info->folder->folder)
		       ? info
		       : NULL;
}

static void check_all(void)
{
	nw_agent_check_all(TRUE);
}

static void open_subscribe(void)
{
	nw_subscribe_open(selected_folder());
}

static void import(void)
{
	struct nw_folder *folder = selected_folder();

	if (folder)
		nw_subscribe_import(folder);
}

static void export(void)
{
	struct nw_folder *folder = selected_folder();

	if (folder)
		nw_subscribe_export(folder);
}

static void open_page(void)
{
	MsgInfo *info = selected_message();

	if (info)
		nw_story_open_page(info);
}

static void open_history(void)
{
	MsgInfo *info = selected_message();

	if (info)
		nw_story_open_history(info);
}

/* Of a group that group, otherwise all of the gateway. */
static void check_selected(void)
{
	FolderItem *item = selected_item();

	if (!item)
		return;
	if (nw_item_of_group(item))
		nw_agent_check_item(item, TRUE);
	else
		nw_agent_check_folder((struct nw_folder *)item->folder, TRUE);
}

static void rename_selected(void)
{
	FolderItem *item = selected_item();
	char *question, *name;

	if (!item || !nw_item_of_group(item))
		return;
	question = g_strdup_printf(_("New name for \"%s\":"), item->name);
	name = input_dialog(_("Rename"), question, item->name);
	g_free(question);
	/* The folder may have gone while the dialog was open. */
	if (name && *g_strstrip(name) && item == selected_item()) {
		(void)folder_item_rename(item, name);
		folder_write_list();
	}
	g_free(name);
}

static void unsubscribe_selected(void)
{
	FolderItem *item = selected_item();
	AlertValue answer;
	char *question, *markup;

	if (!item || !nw_item_of_group(item))
		return;
	question = nw_subscribe_question(item);
	markup = g_markup_escape_text(question, -1);
	answer = alertpanel(_("Unsubscribe"), markup, NULL, _("_Keep"), NULL,
			    _("_Unsubscribe"), NULL, NULL, ALERTFOCUS_FIRST);
	g_free(markup);
	g_free(question);
	if (answer == G_ALERTALTERNATE && item == selected_item())
		nw_agent_unsubscribe(item);
}

static void open_settings(void)
{
	nw_gateway_dialog_open(selected_folder());
}

/* Where an entry of the folder popup stands; the others always do. */
enum place {
	EVERYWHERE,
	AT_GROUP,
	AT_GATEWAY_ELSEWHERE,
};

/*
 * The entries.  The name of an action is the menu's and, behind the slash, that
 * of the entry in it.  Letters and the key are those that Claws Mail 4 leaves
 * free.
 */
static const struct entry {
	const char *action, *label, *key;
	void (*call)(void);
	enum place place;
} entries[] = {
	{ "Tools/NewswireCheck", N_("Check _web news"), "<Primary><Shift>n",
	  check_all, EVERYWHERE },
	{ "Tools/NewswireSubscribe", N_("Su_bscribe to web news…"), NULL,
	  open_subscribe, EVERYWHERE },
	{ "Tools/NewswireImport", N_("_Import web news subscriptions…"), NULL,
	  import, EVERYWHERE },
	{ "Tools/NewswireExport", N_("Expo_rt web news subscriptions…"), NULL,
	  export, EVERYWHERE },
	{ "Message/NewswirePage", N_("Original _page"), NULL, open_page,
	  EVERYWHERE },
	{ "Message/NewswireHistory", N_("Story h_istory"), NULL, open_history,
	  EVERYWHERE },
	{ POPUP "NewswireCheck", N_("Check _web news"), NULL, check_selected,
	  EVERYWHERE },
	{ POPUP "NewswireSubscribe", N_("Su_bscribe to web news…"), NULL,
	  open_subscribe, EVERYWHERE },
	{ POPUP "NewswireRename", N_("Rena_me…"), NULL, rename_selected,
	  AT_GROUP },
	{ POPUP "NewswireUnsubscribe", N_("Unsubs_cribe…"), NULL,
	  unsubscribe_selected, AT_GROUP },
	{ POPUP "NewswireSettings", N_("_Gateway settings…"), NULL,
	  open_settings, AT_GATEWAY_ELSEWHERE },
};

/* Claws Mail's callbacks carry no state of ours. */
static struct {
	guint merge_ids[G_N_ELEMENTS(entries)];
	GtkActionEntry popup_entries[G_N_ELEMENTS(entries)];
	FolderViewPopup popup;
	gulong row_ids[2], show_id;
	guint update_id, call_id;
	void (*call)(void);	/* of call_id */
} ui;

static gboolean is_in_popup(const struct entry *entry)
{
	return g_str_has_prefix(entry->action, POPUP);
}

static gboolean call(gpointer data)
{
	(void)data;
	ui.call_id = 0;
	ui.call();
	return G_SOURCE_REMOVE;
}

/* Called later: dialogs of Claws Mail wait in a main loop of their own, in
 * which a screen reader that activated the entry would get no answer. */
static void activate(GtkAction *action, gpointer data)
{
	const char *name = gtk_action_get_name(action);
	gsize i;

	(void)data;
	for (i = 0; i < G_N_ELEMENTS(entries); i++)
		if (g_strcmp0(entries[i].action, name) == 0)
			ui.call = entries[i].call;
	if (!ui.call_id)
		ui.call_id = gdk_threads_add_idle(call, NULL);
}

static GtkActionEntry action_of(const struct entry *entry)
{
	return (GtkActionEntry){
		.name = entry->action,
		.label = _(entry->label),
		.accelerator = entry->key,
		.callback = G_CALLBACK(activate),
	};
}

static gboolean is_at(const FolderItem *item, enum place place)
{
	const struct nw_folder *folder =
		(const struct nw_folder *)item->folder;

	if (place == AT_GROUP)
		return nw_item_of_group((FolderItem *)(guintptr)item) != NULL;
	if (place == AT_GATEWAY_ELSEWHERE)
		return !folder_item_parent((FolderItem *)(guintptr)item) &&
		       !nw_gateway_is_local(&folder->gateway);
	return TRUE;
}

/* Claws Mail makes the popup anew each time that it opens. */
static void add_popup_entries(GtkUIManager *manager, FolderItem *item)
{
	gsize i;

	for (i = 0; i < G_N_ELEMENTS(entries); i++)
		if (is_in_popup(&entries[i]) && is_at(item, entries[i].place))
			MENUITEM_ADDUI_MANAGER(
				manager, "/Popup/FolderViewPopup",
				entries[i].action + strlen(POPUP),
				entries[i].action, GTK_UI_MANAGER_MENUITEM)
	MENUITEM_ADDUI_MANAGER(manager, "/Popup/FolderViewPopup",
			       "NewswireSeparator", "FolderViewPopup/---",
			       GTK_UI_MANAGER_SEPARATOR)
}

static void set_popup_sensitivity(GtkUIManager *manager, FolderItem *item)
{
	(void)manager;
	(void)item;
}

static void start_popup(void)
{
	gint count = 0;
	gsize i;

	for (i = 0; i < G_N_ELEMENTS(entries); i++)
		if (is_in_popup(&entries[i]))
			ui.popup_entries[count++] = action_of(&entries[i]);
	ui.popup = (FolderViewPopup){
		.klass = nw_folder_class()->idstr,
		.path = (gchar *)(guintptr) "<newswire>",
		.entries = ui.popup_entries,
		.n_entries = count,
		.add_menuitems = add_popup_entries,
		.set_sensitivity = set_popup_sensitivity,
	};
	folderview_register_popup(&ui.popup);
}

/* The part of a menu's path in Claws Mail's interface. */
static char *menu_path(const struct entry *entry)
{
	const char *slash = strchr(entry->action, '/');

	return g_strdup_printf("/Menu/%.*s", (int)(slash - entry->action),
			       entry->action);
}

static void start_menus(MainWindow *window)
{
	gsize i;

	for (i = 0; i < G_N_ELEMENTS(entries); i++) {
		const struct entry *entry = &entries[i];
		GtkActionEntry action = action_of(entry);
		char *path;

		if (is_in_popup(entry))
			continue;
		path = menu_path(entry);
		gtk_action_group_add_actions(window->action_group, &action, 1,
					     NULL);
		MENUITEM_ADDUI_ID_MANAGER(window->ui_manager, path,
					  strchr(entry->action, '/') + 1,
					  entry->action,
					  GTK_UI_MANAGER_MENUITEM,
					  ui.merge_ids[i])
		g_free(path);
	}
}

static void stop_menus(MainWindow *window)
{
	gsize i;

	for (i = 0; i < G_N_ELEMENTS(entries); i++) {
		if (!ui.merge_ids[i])
			continue;
		MENUITEM_REMUI_MANAGER(window->ui_manager,
				       window->action_group, entries[i].action,
				       ui.merge_ids[i])
		ui.merge_ids[i] = 0;
	}
}

/* What is asked of a message is asked of one of ours. */
static gboolean update_message_menu(gpointer data)
{
	MainWindow *window = mainwindow_get_mainwindow();
	gboolean ours = selected_message() != NULL;
	gsize i;

	(void)data;
	ui.update_id = 0;
	for (i = 0; i < G_N_ELEMENTS(entries); i++)
		if (g_str_has_prefix(entries[i].action, "Message/"))
			gtk_action_set_sensitive(gtk_action_group_get_action(
				window->action_group, entries[i].action),
				ours);
	return G_SOURCE_REMOVE;
}

/* Later: while a row is selected the list may not be whole. */
static void update_message_menu_soon(void)
{
	if (!ui.update_id)
		ui.update_id = gdk_threads_add_idle(update_message_menu, NULL);
}

static void show_message_menu(void)
{
	(void)update_message_menu(NULL);
}

static GtkWidget *message_menu(MainWindow *window)
{
	return gtk_menu_item_get_submenu(GTK_MENU_ITEM(
		gtk_ui_manager_get_widget(window->ui_manager,
					  "/Menu/Message")));
}

static void start_message_menu(MainWindow *window)
{
	GtkWidget *list = window->summaryview->ctree;

	ui.row_ids[0] = g_signal_connect(list, "tree-select-row",
					 update_message_menu_soon, NULL);
	ui.row_ids[1] = g_signal_connect(list, "tree-unselect-row",
					 update_message_menu_soon, NULL);
	ui.show_id = g_signal_connect(message_menu(window), "show",
				      G_CALLBACK(show_message_menu), NULL);
	(void)update_message_menu(NULL);
}

static void stop_message_menu(MainWindow *window)
{
	GtkWidget *list = window->summaryview->ctree;

	g_signal_handler_disconnect(list, ui.row_ids[0]);
	g_signal_handler_disconnect(list, ui.row_ids[1]);
	g_signal_handler_disconnect(message_menu(window), ui.show_id);
	if (ui.update_id)
		(void)g_source_remove(ui.update_id);
	ui.update_id = 0;
}

static void toolbar_pressed(gpointer parent, const gchar *name, gpointer data)
{
	(void)parent;
	(void)name;
	(void)data;
	check_all();
}

void nw_ui_start(void)
{
	MainWindow *window = mainwindow_get_mainwindow();

	start_menus(window);
	start_message_menu(window);
	start_popup();
	prefs_toolbar_register_plugin_item(TOOLBAR_MAIN, TOOLBAR_NAME,
					   _("Check web news"),
					   toolbar_pressed, NULL);
}

void nw_ui_stop(void)
{
	MainWindow *window = mainwindow_get_mainwindow();

	prefs_toolbar_unregister_plugin_item(TOOLBAR_MAIN, TOOLBAR_NAME,
					     _("Check web news"));
	if (ui.call_id)
		(void)g_source_remove(ui.call_id);
	ui.call_id = 0;
	if (!window || claws_is_exiting())
		return;
	nw_notice_drop();
	folderview_unregister_popup(&ui.popup);
	stop_message_menu(window);
	stop_menus(window);
}
