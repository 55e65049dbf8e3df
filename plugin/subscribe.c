/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "claws.h"

#include "subscribe.h"

#include <hooks.h>
#include <string.h>

#include "address.h"
#include "agent.h"
#include "i18n.h"
#include "subscribe_private.h"
#include "tree.h"
#include "window.h"

#define SPACING 6
#define WIDTH 640
#define HEIGHT 520
/* A line of the answer is about this long before it is wrapped. */
#define ANSWER_CHARS 60

/* The one that is open. */
static struct nw_subscribe *open_window;

void nw_subscribe_name(GtkWidget *widget, const char *name)
{
	atk_object_set_name(gtk_widget_get_accessible(widget), name);
}

GtkWidget *nw_subscribe_label(struct nw_subscribe *window, const char *text,
			      GtkWidget *widget)
{
	GtkWidget *label = gtk_label_new_with_mnemonic(text);

	gtk_label_set_mnemonic_widget(GTK_LABEL(label), widget);
	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_size_group_add_widget(window->labels, label);
	return label;
}

void nw_subscribe_say(struct nw_subscribe *window, const char *text)
{
	gtk_label_set_text(GTK_LABEL(window->status), text);
}

static gboolean may_subscribe(const struct nw_subscribe *window)
{
	return gtk_widget_get_sensitive(window->address);
}

static void show_waiting(struct nw_subscribe *window)
{
	gboolean waits = window->asked_address != 0;

	gtk_widget_set_visible(window->cancel, waits);
	gtk_widget_set_visible(window->spinner, waits);
	gtk_widget_set_sensitive(window->subscribe,
				 !waits && may_subscribe(window));
	if (waits)
		gtk_spinner_start(GTK_SPINNER(window->spinner));
	else
		gtk_spinner_stop(GTK_SPINNER(window->spinner));
}

void nw_subscribe_may(struct nw_subscribe *window, gboolean may)
{
	gboolean loses_focus = gtk_widget_has_focus(window->address);

	gtk_widget_set_sensitive(window->address, may);
	show_waiting(window);
	if (may)
		return;
	nw_subscribe_say(window, _("This gateway does not take addresses from "
				   "you: choose among its groups below, or ask "
				   "who runs it."));
	if (loses_focus)
		gtk_widget_grab_focus(window->search);
}

/* How the group that was subscribed to last fares. */
static void tell_subscribed(struct nw_subscribe *window)
{
	FolderItem *item = nw_tree_find(window->folder, window->subscribed);
	struct nw_item *group = item ? nw_item_of_group(item) : NULL;
	const char *name = window->subscribed;
	char *text;
	guint here = item ? (guint)item->total_msgs : 0;

	if (group && group->description)
		name = group->description;
	if (group && group->last_error)
		text = g_strdup_printf(_("Subscribed: %s. Its articles could "
					 "not be fetched: %s"),
				       name, group->last_error);
	else if (here)
		text = g_strdup_printf(
			ngettext("Subscribed: %s. %u article is here.",
				 "Subscribed: %s. %u articles are here.",
				 here),
			name, here);
	else
		text = g_strdup_printf(_("Subscribed: %s. Its articles are "
					 "being fetched."),
				       name);
	nw_subscribe_say(window, text);
	g_free(text);
}

/* What the gateway said, and what can be done about it where it did not say
 * that: a refusal is about the address. */
static void tell_failure(struct nw_subscribe *window, const GError *error)
{
	char *text;

	if (!g_error_matches(error, NW_SESSION_ERROR,
			     NW_SESSION_ERROR_REFUSED)) {
		nw_subscribe_say(window, error->message);
		return;
	}
	text = g_strdup_printf("%s\n%s", error->message,
			       _("Check the address, or try that of another "
				 "page of the site or of one of its feeds."));
	nw_subscribe_say(window, text);
	g_free(text);
}

static void answered(struct nw_folder *folder, const struct nw_report *done,
		     gpointer data)
{
	struct nw_subscribe *window = data;

	(void)folder;
	window->asked_address = 0;
	show_waiting(window);
	if (done->error) {
		tell_failure(window, done->error);
		gtk_widget_grab_focus(window->address);
		return;
	}
	gtk_entry_set_text(GTK_ENTRY(window->address), "");
	g_free(window->subscribed);
	window->subscribed = g_strdup(done->text ? done->text : "");
	tell_subscribed(window);
	nw_subscribe_groups_ask(window);
}

static void forget_address(struct nw_subscribe *window)
{
	if (window->asked_address)
		nw_agent_forget(window->asked_address);
	window->asked_address = 0;
}

/* NULL when it is none, which has been said then, or not the time for it. */
static char *take_address(struct nw_subscribe *window)
{
	const char *typed = gtk_entry_get_text(GTK_ENTRY(window->address));
	char *address;

	if (window->asked_address || !may_subscribe(window))
		return NULL;
	address = nw_address_of_text(typed);
	if (address)
		return address;
	nw_subscribe_say(window,
			 *typed ? _("That is no web address: it begins with "
				    "https:// or http:// and has no spaces.")
				: _("Paste the address of a news site first."));
	gtk_widget_grab_focus(window->address);
	return NULL;
}

static void subscribe(struct nw_subscribe *window)
{
	char *address = take_address(window), *text;

	if (!address)
		return;
	/* The window may be closed while the user is asked. */
	if (!nw_agent_may_use_network(TRUE) || window != open_window) {
		g_free(address);
		return;
	}
	g_clear_pointer(&window->subscribed, g_free);
	text = g_strdup_printf(_("Reading %s … A slow site takes half a "
				 "minute."),
			       address);
	nw_subscribe_say(window, text);
	window->asked_address = nw_agent_ask(
		window->folder, nw_job_new(NW_JOB_SUBSCRIBE, address), answered,
		window);
	show_waiting(window);
	g_free(text);
	g_free(address);
}

static void cancel(struct nw_subscribe *window)
{
	forget_address(window);
	show_waiting(window);
	nw_subscribe_say(window, _("Not waiting any longer. If the site can be "
				   "read after all, its group appears by "
				   "itself."));
	gtk_widget_grab_focus(window->address);
}

static void select_gateway(struct nw_subscribe *window,
			   struct nw_folder *folder)
{
	if (window->folder == folder)
		return;
	forget_address(window);
	g_clear_pointer(&window->subscribed, g_free);
	window->folder = folder;
	gtk_widget_set_sensitive(window->address, TRUE);
	show_waiting(window);
	nw_subscribe_say(window, _("Paste the address of a news site, or of "
				   "one of its feeds."));
	nw_subscribe_groups_clear(window);
	nw_subscribe_groups_ask(window);
}

static void gateway_changed(struct nw_subscribe *window)
{
	gint row = gtk_combo_box_get_active(GTK_COMBO_BOX(window->gateways));
	GList *folders = nw_tree_folders();
	struct nw_folder *folder =
		row < 0 ? NULL : g_list_nth_data(folders, (guint)row);

	g_list_free(folders);
	if (folder)
		select_gateway(window, folder);
}

/* The gateways that there are now; which is none of a choice for most. */
static void fill_gateways(struct nw_subscribe *window)
{
	GtkComboBoxText *combo = GTK_COMBO_BOX_TEXT(window->gateways);
	GList *folders = nw_tree_folders(), *at;
	gboolean several = folders && folders->next;

	g_signal_handlers_block_by_func(combo, gateway_changed, window);
	gtk_combo_box_text_remove_all(combo);
	for (at = folders; at; at = at->next)
		gtk_combo_box_text_append_text(combo,
					       FOLDER(at->data)->name);
	gtk_combo_box_set_active(GTK_COMBO_BOX(combo),
				 g_list_index(folders, window->folder));
	g_signal_handlers_unblock_by_func(combo, gateway_changed, window);
	gtk_widget_set_visible(window->gateway_label, several);
	gtk_widget_set_visible(window->gateways, several);
	g_list_free(folders);
}

/* Later than the hook, which is called before anything has happened. */
static gboolean refresh(gpointer data)
{
	struct nw_subscribe *window = data;

	window->refresh_id = 0;
	if (!nw_tree_has(window->folder)) {
		nw_subscribe_close();
		return G_SOURCE_REMOVE;
	}
	fill_gateways(window);
	nw_subscribe_groups_tick(window);
	if (window->subscribed)
		tell_subscribed(window);
	return G_SOURCE_REMOVE;
}

static void refresh_soon(struct nw_subscribe *window)
{
	if (!window->refresh_id)
		window->refresh_id = gdk_threads_add_idle(refresh, window);
}

static gboolean tree_changed(gpointer source, gpointer data)
{
	(void)source;
	refresh_soon(data);
	return FALSE;
}

static gboolean item_changed(gpointer source, gpointer data)
{
	const FolderItemUpdateData *update = source;
	struct nw_subscribe *window = data;

	if (window->subscribed &&
	    update->item->folder == &window->folder->folder)
		refresh_soon(window);
	return FALSE;
}

static GtkWidget *address_new(struct nw_subscribe *window)
{
	GtkWidget *entry = gtk_entry_new();

	gtk_entry_set_input_purpose(GTK_ENTRY(entry), GTK_INPUT_PURPOSE_URL);
	gtk_entry_set_max_length(GTK_ENTRY(entry), NW_ADDRESS_BYTES);
	gtk_entry_set_placeholder_text(GTK_ENTRY(entry),
				       "https://www.example.com/");
	gtk_widget_set_hexpand(entry, TRUE);
	nw_subscribe_name(entry, _("Web address"));
	g_signal_connect_swapped(entry, "activate", G_CALLBACK(subscribe),
				 window);
	return entry;
}

static GtkWidget *answer_new(struct nw_subscribe *window)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, SPACING);

	window->spinner = gtk_spinner_new();
	window->status = gtk_label_new(NULL);
	gtk_label_set_line_wrap(GTK_LABEL(window->status), TRUE);
	gtk_label_set_line_wrap_mode(GTK_LABEL(window->status),
				     PANGO_WRAP_WORD_CHAR);
	gtk_label_set_max_width_chars(GTK_LABEL(window->status), ANSWER_CHARS);
	gtk_label_set_xalign(GTK_LABEL(window->status), 0);
	gtk_label_set_selectable(GTK_LABEL(window->status), TRUE);
	gtk_widget_set_can_focus(window->status, FALSE);
	window->cancel = gtk_button_new_with_mnemonic(_("Ca_ncel"));
	gtk_widget_set_valign(window->cancel, GTK_ALIGN_START);
	g_signal_connect_swapped(window->cancel, "clicked", G_CALLBACK(cancel),
				 window);
	gtk_box_pack_start(GTK_BOX(box), window->spinner, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(box), window->status, TRUE, TRUE, 0);
	gtk_box_pack_end(GTK_BOX(box), window->cancel, FALSE, FALSE, 0);
	gtk_widget_show_all(box);
	return box;
}

static GtkWidget *address_part_new(struct nw_subscribe *window)
{
	GtkGrid *grid = GTK_GRID(gtk_grid_new());

	gtk_grid_set_row_spacing(grid, SPACING);
	gtk_grid_set_column_spacing(grid, SPACING);
	window->address = address_new(window);
	window->subscribe = gtk_button_new_with_mnemonic(_("_Subscribe"));
	gtk_style_context_add_class(
		gtk_widget_get_style_context(window->subscribe),
		GTK_STYLE_CLASS_SUGGESTED_ACTION);
	g_signal_connect_swapped(window->subscribe, "clicked",
				 G_CALLBACK(subscribe), window);
	window->gateways = gtk_combo_box_text_new();
	nw_subscribe_name(window->gateways, _("Gateway"));
	g_signal_connect_swapped(window->gateways, "changed",
				 G_CALLBACK(gateway_changed), window);
	window->gateway_label = nw_subscribe_label(window, _("_Gateway:"),
						   window->gateways);
	gtk_grid_attach(grid, nw_subscribe_label(window, _("Web _address:"),
						 window->address), 0, 0, 1, 1);
	gtk_grid_attach(grid, window->address, 1, 0, 1, 1);
	gtk_grid_attach(grid, window->subscribe, 2, 0, 1, 1);
	gtk_grid_attach(grid, window->gateway_label, 0, 1, 1, 1);
	gtk_grid_attach(grid, window->gateways, 1, 1, 2, 1);
	gtk_widget_show_all(GTK_WIDGET(grid));
	gtk_grid_attach(grid, answer_new(window), 1, 2, 2, 1);
	return GTK_WIDGET(grid);
}

/* Nothing comes any more. */
static void destroyed(struct nw_subscribe *window)
{
	forget_address(window);
	nw_subscribe_groups_stop(window);
	hooks_unregister_hook(FOLDER_UPDATE_HOOKLIST, window->tree_hook);
	hooks_unregister_hook(FOLDER_ITEM_UPDATE_HOOKLIST, window->item_hook);
	if (window->refresh_id)
		(void)g_source_remove(window->refresh_id);
	open_window = NULL;
}

static void window_free(gpointer data)
{
	struct nw_subscribe *window = data;

	g_object_unref(window->labels);
	g_clear_object(&window->found);
	g_object_unref(window->groups);
	g_string_chunk_free(window->texts);
	g_free(window->needle);
	g_free(window->subscribed);
	g_free(window->doubtful);
	g_free(window);
}

static struct nw_subscribe *window_new(void)
{
	struct nw_subscribe *window = g_new0(struct nw_subscribe, 1);
	GtkWidget *content;

	window->labels = gtk_size_group_new(GTK_SIZE_GROUP_HORIZONTAL);
	window->window = nw_window_new(_("Subscribe to web news"), WIDTH,
				       HEIGHT, window, window_free);
	content = gtk_dialog_get_content_area(GTK_DIALOG(window->window));
	gtk_box_set_spacing(GTK_BOX(content), NW_WINDOW_MARGIN);
	gtk_box_pack_start(GTK_BOX(content), address_part_new(window), FALSE,
			   FALSE, 0);
	gtk_box_pack_start(GTK_BOX(content), nw_subscribe_groups_new(window),
			   TRUE, TRUE, 0);
	g_signal_connect_swapped(window->window, "destroy",
				 G_CALLBACK(destroyed), window);
	window->tree_hook = hooks_register_hook(FOLDER_UPDATE_HOOKLIST,
						tree_changed, window);
	window->item_hook = hooks_register_hook(FOLDER_ITEM_UPDATE_HOOKLIST,
						item_changed, window);
	return window;
}

/* Opens the window, or shows the one that is open; NULL without a gateway. */
static struct nw_subscribe *show(struct nw_folder *folder)
{
	if (!folder)
		folder = open_window ? open_window->folder : nw_tree_local();
	if (!folder)
		return NULL;
	if (!open_window)
		open_window = window_new();
	select_gateway(open_window, folder);
	fill_gateways(open_window);
	gtk_window_present(GTK_WINDOW(open_window->window));
	return open_window;
}

/* It may come late, after the user began to type. */
static void pasted(GtkClipboard *clipboard, const char *text, gpointer data)
{
	char *address;

	(void)clipboard;
	if (!text || !open_window || open_window != data ||
	    gtk_entry_get_text_length(GTK_ENTRY(open_window->address)))
		return;
	address = nw_address_of_clipboard(text);
	if (address) {
		gtk_entry_set_text(GTK_ENTRY(open_window->address), address);
		gtk_editable_select_region(GTK_EDITABLE(open_window->address),
					   0, -1);
	}
	g_free(address);
}

void nw_subscribe_open(struct nw_folder *folder)
{
	struct nw_subscribe *window = show(folder);

	if (!window)
		return;
	gtk_widget_grab_focus(window->address);
	gtk_clipboard_request_text(gtk_clipboard_get(GDK_SELECTION_CLIPBOARD),
				   pasted, window);
}

void nw_subscribe_close(void)
{
	if (open_window)
		gtk_widget_destroy(open_window->window);
}

gboolean nw_subscribe_uri(const char *uri)
{
	struct nw_subscribe *window;
	char *address;

	if (!nw_address_is_uri(uri))
		return FALSE;
	window = show(nw_tree_local());
	if (!window)
		return TRUE;
	forget_address(window);
	show_waiting(window);
	address = nw_address_of_uri(uri);
	gtk_entry_set_text(GTK_ENTRY(window->address), address ? address : "");
	nw_subscribe_say(window,
			 address ? _("A link asks to subscribe to this "
				     "address. Is that what you want?")
				 : _("The link that was opened names no web "
				     "address."));
	gtk_widget_grab_focus(address ? window->subscribe : window->address);
	g_free(address);
	return TRUE;
}
