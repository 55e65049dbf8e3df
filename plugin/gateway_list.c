/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "claws.h"

#include "gateway_dialog.h"
#include "gateway_list.h"
#include "i18n.h"
#include "tree.h"
#include "when.h"

#define SPACING 6
#define HEIGHT 140

enum column {
	COLUMN_NAME,
	COLUMN_SECURITY,
	COLUMN_USER,
	COLUMN_STATE,
	COLUMN_TIP,		/* the state, whole, as Pango's markup */
	COLUMN_FOLDER,		/* to be looked up before it is used */
	COLUMNS,
};

/* Belongs to the list, by g_object_set_data_full(). */
struct list {
	GtkWidget *box, *view, *edit, *remove;
	GtkListStore *store;
	GtkWindow *window;
};

static const char *security_words(const struct nw_gateway *gateway)
{
	static const char *const words[] = {
		[NW_SECURITY_NONE] = N_("not encrypted"),
		[NW_SECURITY_STARTTLS] = N_("STARTTLS"),
		[NW_SECURITY_TLS] = N_("TLS"),
	};

	if (nw_gateway_is_local(gateway))
		return "";
	return _(words[gateway->security]);
}

static char *name_words(const struct nw_gateway *gateway)
{
	if (nw_gateway_is_local(gateway))
		return g_strdup(_("This computer"));
	if (!gateway->port)
		return g_strdup(gateway->host);
	/* Translators: a host and a port. */
	return g_strdup_printf(_("%s, port %u"), gateway->host, gateway->port);
}

static char *state_words(const struct nw_folder *folder)
{
	char *when, *words;

	if (folder->last_error)
		return g_strdup(folder->last_error);
	if (!folder->last_success_utc)
		return g_strdup(_("not checked yet"));
	when = nw_when_words(folder->last_success_utc,
			     g_get_real_time() / G_USEC_PER_SEC);
	/* Translators: %s is "5 minutes ago" or "today at 14:05". */
	words = g_strdup_printf(_("checked %s"), when);
	g_free(when);
	return words;
}

static void add_row(struct list *list, struct nw_folder *folder,
		    gboolean select)
{
	const struct nw_gateway *gateway = &folder->gateway;
	char *name = name_words(gateway), *state = state_words(folder);
	char *tip = g_markup_escape_text(state, -1);
	GtkTreeIter row;

	gtk_list_store_append(list->store, &row);
	gtk_list_store_set(list->store, &row, COLUMN_NAME, name,
			   COLUMN_SECURITY, security_words(gateway),
			   COLUMN_USER, gateway->user ? gateway->user : "",
			   COLUMN_STATE, state, COLUMN_TIP, tip,
			   COLUMN_FOLDER, folder, -1);
	if (select)
		gtk_tree_selection_select_iter(
			gtk_tree_view_get_selection(GTK_TREE_VIEW(list->view)),
			&row);
	g_free(name);
	g_free(state);
	g_free(tip);
}

/* A gateway that was taken away meanwhile is none any more. */
static struct nw_folder *selected(struct list *list)
{
	GtkTreeSelection *selection =
		gtk_tree_view_get_selection(GTK_TREE_VIEW(list->view));
	GtkTreeModel *model;
	GtkTreeIter row;
	gpointer folder = NULL;

	if (!gtk_tree_selection_get_selected(selection, &model, &row))
		return NULL;
	gtk_tree_model_get(model, &row, COLUMN_FOLDER, &folder, -1);
	return nw_tree_has(folder);
}

static void update_buttons(struct list *list)
{
	struct nw_folder *folder = selected(list);
	gboolean elsewhere = folder && !nw_gateway_is_local(&folder->gateway);

	gtk_widget_set_sensitive(list->edit, elsewhere);
	gtk_widget_set_sensitive(list->remove, elsewhere);
}

static void selection_changed(GtkTreeSelection *selection, gpointer data)
{
	(void)selection;
	update_buttons(data);
}

static struct list *list_of(GtkWidget *box)
{
	return g_object_get_data(G_OBJECT(box), "newswire-list");
}

static void fill(GtkWidget *box)
{
	struct list *list = list_of(box);
	struct nw_folder *was = selected(list);
	GList *folders = nw_tree_folders(), *each;

	gtk_list_store_clear(list->store);
	for (each = folders; each; each = each->next)
		add_row(list, each->data, each->data == was);
	g_list_free(folders);
	update_buttons(list);
}

static void add_clicked(GtkButton *button, gpointer data)
{
	struct list *list = data;

	(void)button;
	nw_gateway_dialog_open_above(list->window, NULL, fill, list->box);
}

static void edit_selected(struct list *list)
{
	struct nw_folder *folder = selected(list);

	if (folder)
		nw_gateway_dialog_open_above(list->window, folder, fill,
					     list->box);
}

static void edit_clicked(GtkButton *button, gpointer data)
{
	(void)button;
	edit_selected(data);
}

static void row_activated(GtkTreeView *view, GtkTreePath *path,
			  GtkTreeViewColumn *column, gpointer data)
{
	(void)view;
	(void)path;
	(void)column;
	edit_selected(data);
}

static void count_messages(gpointer data, gpointer total)
{
	const FolderItem *item = data;

	*(guint *)total += item->total_msgs > 0 ? (guint)item->total_msgs : 0;
}

static char *removal_words(struct nw_folder *folder)
{
	GList *items = nw_tree_items(folder);
	guint groups = g_list_length(items), messages = 0;
	char *group_words, *words;

	g_list_foreach(items, count_messages, &messages);
	g_list_free(items);
	if (!groups)
		return g_strdup(_("Nothing of it is kept on this computer."));
	group_words = g_strdup_printf(ngettext("%u group", "%u groups",
					       groups), groups);
	/* Translators: %s is "3 groups". */
	words = g_strdup_printf(
		ngettext("%s with %u message on this computer will be "
			 "deleted. The gateway itself keeps what it has.",
			 "%s with %u messages on this computer will be "
			 "deleted. The gateway itself keeps what it has.",
			 messages), group_words, messages);
	g_free(group_words);
	return words;
}

static void removal_answered(GtkDialog *dialog, gint response, gpointer data)
{
	struct list *list = data;
	struct nw_folder *folder = selected(list);

	gtk_widget_destroy(GTK_WIDGET(dialog));
	if (response != GTK_RESPONSE_ACCEPT || !folder)
		return;
	nw_tree_remove_gateway(folder);
	fill(list->box);
}

/* It is modal above the window, so that the selection stays. */
static void remove_clicked(GtkButton *button, gpointer data)
{
	struct list *list = data;
	struct nw_folder *folder = selected(list);
	GtkWidget *dialog;
	char *words;

	(void)button;
	if (!folder)
		return;
	words = removal_words(folder);
	dialog = gtk_message_dialog_new(
		list->window, GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
		GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE,
		_("Remove the gateway %s?"), folder->gateway.host);
	gtk_window_set_title(GTK_WINDOW(dialog), _("Remove gateway"));
	gtk_message_dialog_format_secondary_text(GTK_MESSAGE_DIALOG(dialog),
						 "%s", words);
	gtk_dialog_add_buttons(GTK_DIALOG(dialog), _("_Cancel"),
			       GTK_RESPONSE_CANCEL, _("_Remove"),
			       GTK_RESPONSE_ACCEPT, NULL);
	gtk_dialog_set_default_response(GTK_DIALOG(dialog),
					GTK_RESPONSE_CANCEL);
	g_signal_connect(dialog, "response", G_CALLBACK(removal_answered),
			 list);
	gtk_widget_show(dialog);
	g_free(words);
}

static void add_column(GtkWidget *view, const char *title, gint column)
{
	GtkCellRenderer *cell = gtk_cell_renderer_text_new();
	GtkTreeViewColumn *made = gtk_tree_view_column_new_with_attributes(
		title, cell, "text", column, NULL);

	g_object_set(cell, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
	gtk_tree_view_column_set_resizable(made, TRUE);
	gtk_tree_view_column_set_expand(made, column == COLUMN_NAME ||
						      column == COLUMN_STATE);
	if (column != COLUMN_NAME && column != COLUMN_STATE)
		g_object_set(cell, "ellipsize", PANGO_ELLIPSIZE_NONE, NULL);
	gtk_tree_view_append_column(GTK_TREE_VIEW(view), made);
}

static GtkWidget *make_view(struct list *list)
{
	GtkWidget *frame = gtk_scrolled_window_new(NULL, NULL);

	list->store = gtk_list_store_new(COLUMNS, G_TYPE_STRING, G_TYPE_STRING,
					 G_TYPE_STRING, G_TYPE_STRING,
					 G_TYPE_STRING, G_TYPE_POINTER);
	list->view = gtk_tree_view_new_with_model(GTK_TREE_MODEL(list->store));
	g_object_unref(list->store);
	add_column(list->view, _("Gateway"), COLUMN_NAME);
	add_column(list->view, _("Security"), COLUMN_SECURITY);
	add_column(list->view, _("User"), COLUMN_USER);
	add_column(list->view, _("State"), COLUMN_STATE);
	gtk_tree_view_set_tooltip_column(GTK_TREE_VIEW(list->view),
					 COLUMN_TIP);
	g_signal_connect(list->view, "row-activated",
			 G_CALLBACK(row_activated), list);
	g_signal_connect(gtk_tree_view_get_selection(
				 GTK_TREE_VIEW(list->view)),
			 "changed", G_CALLBACK(selection_changed), list);
	gtk_scrolled_window_set_shadow_type(GTK_SCROLLED_WINDOW(frame),
					    GTK_SHADOW_IN);
	gtk_scrolled_window_set_min_content_height(GTK_SCROLLED_WINDOW(frame),
						   HEIGHT);
	gtk_container_add(GTK_CONTAINER(frame), list->view);
	return frame;
}

static GtkWidget *add_button(struct list *list, GtkWidget *row,
			     const char *label, GCallback clicked)
{
	GtkWidget *button = gtk_button_new_with_mnemonic(label);

	g_signal_connect(button, "clicked", clicked, list);
	gtk_box_pack_start(GTK_BOX(row), button, FALSE, FALSE, 0);
	return button;
}

static GtkWidget *make_buttons(struct list *list)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, SPACING);

	(void)add_button(list, row, _("A_dd…"), G_CALLBACK(add_clicked));
	list->edit = add_button(list, row, _("_Edit…"),
				G_CALLBACK(edit_clicked));
	list->remove = add_button(list, row, _("_Remove…"),
				  G_CALLBACK(remove_clicked));
	return row;
}

GtkWidget *nw_gateway_list_new(GtkWindow *window)
{
	struct list *list = g_new0(struct list, 1);
	GtkWidget *title = gtk_label_new_with_mnemonic(_("_Gateways"));

	list->window = window;
	list->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, SPACING);
	g_object_set_data_full(G_OBJECT(list->box), "newswire-list", list,
			       g_free);
	gtk_widget_set_halign(title, GTK_ALIGN_START);
	gtk_box_pack_start(GTK_BOX(list->box), title, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(list->box), make_view(list), TRUE, TRUE, 0);
	gtk_label_set_mnemonic_widget(GTK_LABEL(title), list->view);
	gtk_box_pack_start(GTK_BOX(list->box), make_buttons(list), FALSE,
			   FALSE, 0);
	fill(list->box);
	return list->box;
}
