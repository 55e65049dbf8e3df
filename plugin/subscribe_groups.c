/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The groups of a gateway in the window "Subscribe to web news".
 */
#include "config.h"

#include "claws.h"

#include <common/hooks.h>
#include <string.h>

#include "agent.h"
#include "i18n.h"
#include "subscribe_private.h"
#include "tree.h"

#define SPACING 6
#define NAME_WIDTH 240
#define TICK_WIDTH 40
/* At once, of what is searched. */
#define TEXTS_BYTES 65536
/* Of a gateway with many thousands of groups, so many are listed before Claws
 * Mail may do something else. */
#define ROWS_AT_ONCE 1000

/* The title is what the folder is called: the description, or the name. */
enum {
	COLUMN_SHOWN,
	COLUMN_TITLE,
	COLUMN_NAME,
	COLUMN_DESCRIPTION,
	COLUMN_FOLDED,	/* in texts; a copy for each search would cost more */
	COLUMNS
};

/* What is searched: a name and a description without case. */
static char *folded(const char *name, const char *description)
{
	char *all = g_strdup_printf("%s\n%s", name, description);
	char *result = g_utf8_casefold(all, -1);

	g_free(all);
	return result;
}

static gboolean is_found(GtkTreeModel *model, GtkTreeIter *iter, gpointer data)
{
	const struct nw_subscribe *window = data;
	const char *text = NULL;

	gtk_tree_model_get(model, iter, COLUMN_FOLDED, &text, -1);
	return text && strstr(text, window->needle);
}

static void tell_count(struct nw_subscribe *window)
{
	gint all = gtk_tree_model_iter_n_children(
		GTK_TREE_MODEL(window->groups), NULL);
	gint found = gtk_tree_model_iter_n_children(window->found, NULL);
	char *text;

	if (!all)
		text = g_strdup(_("There are no groups here yet."));
	else if (window->needle)
		text = g_strdup_printf(ngettext("%d of %d group",
						"%d of %d groups", all),
				       found, all);
	else
		text = g_strdup_printf(ngettext("%d group", "%d groups", all),
				       all);
	gtk_label_set_text(GTK_LABEL(window->count), text);
	g_free(text);
}

/* Neither view nor filter looks on while thousands of rows go or come: both
 * would do something for each. */
static void detach(struct nw_subscribe *window)
{
	gtk_tree_view_set_model(GTK_TREE_VIEW(window->list), NULL);
	g_clear_object(&window->found);
}

static GtkTreeModel *found_new(struct nw_subscribe *window)
{
	GtkTreeModel *all = GTK_TREE_MODEL(window->groups), *found;

	if (!window->needle)
		return g_object_ref(all);
	found = gtk_tree_model_filter_new(all, NULL);
	gtk_tree_model_filter_set_visible_func(GTK_TREE_MODEL_FILTER(found),
					       is_found, window, NULL);
	return found;
}

static void attach(struct nw_subscribe *window)
{
	GtkTreeView *view = GTK_TREE_VIEW(window->list);
	GtkTreePath *first = gtk_tree_path_new_first();

	window->found = found_new(window);
	gtk_tree_view_set_model(view, window->found);
	if (gtk_tree_model_iter_n_children(window->found, NULL))
		gtk_tree_view_set_cursor(view, first, NULL, FALSE);
	gtk_tree_path_free(first);
	tell_count(window);
}

static void search(struct nw_subscribe *window)
{
	const char *text = gtk_entry_get_text(GTK_ENTRY(window->search));

	g_free(window->needle);
	window->needle = *text ? g_utf8_casefold(text, -1) : NULL;
	/* Else it is searched for once all are listed. */
	if (window->found) {
		detach(window);
		attach(window);
	}
}

/* The names of the groups that are shown as folders; they are the items'. */
static GHashTable *shown_groups(struct nw_folder *folder)
{
	GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);
	GList *items = nw_tree_items(folder), *at;

	for (at = items; at; at = at->next)
		(void)g_hash_table_add(names, ((FolderItem *)at->data)->path);
	g_list_free(items);
	return names;
}

/* How many folders there are whose groups are not listed. */
static guint tick(struct nw_subscribe *window)
{
	GtkTreeModel *model = GTK_TREE_MODEL(window->groups);
	GHashTable *names = shown_groups(window->folder);
	guint missing = g_hash_table_size(names);
	GtkTreeIter iter;
	gboolean more = gtk_tree_model_get_iter_first(model, &iter);

	for (; more; more = gtk_tree_model_iter_next(model, &iter)) {
		gboolean was, is;
		char *name;

		gtk_tree_model_get(model, &iter, COLUMN_SHOWN, &was,
				   COLUMN_NAME, &name, -1);
		is = g_hash_table_contains(names, name);
		missing -= is && missing;
		if (is != was)
			gtk_list_store_set(window->groups, &iter, COLUMN_SHOWN,
					   is, -1);
		g_free(name);
	}
	g_hash_table_unref(names);
	return missing;
}

void nw_subscribe_groups_tick(struct nw_subscribe *window)
{
	guint before = window->missing;

	/* Then that is still to come. */
	if (window->filling)
		return;
	window->missing = tick(window);
	if (window->missing > before && !window->asked_groups)
		nw_subscribe_groups_ask(window);
}

static void stop_filling(struct nw_subscribe *window)
{
	if (window->fill_id)
		(void)g_source_remove(window->fill_id);
	window->fill_id = 0;
	g_clear_pointer(&window->filling, g_ptr_array_unref);
}

void nw_subscribe_groups_clear(struct nw_subscribe *window)
{
	stop_filling(window);
	detach(window);
	gtk_list_store_clear(window->groups);
	attach(window);
	nw_subscribe_question_drop(window);
}

static void add_row(struct nw_subscribe *window,
		    const struct nw_session_group *group)
{
	const char *description = group->description ? group->description : "";
	char *text = folded(group->name, description);

	gtk_list_store_insert_with_values(
		window->groups, NULL, -1, COLUMN_TITLE,
		*description ? description : group->name, COLUMN_NAME,
		group->name, COLUMN_DESCRIPTION, group->description,
		COLUMN_FOLDED, g_string_chunk_insert(window->texts, text), -1);
	g_free(text);
}

/* Some rows, then what of them is shown as a folder, then the view: whether
 * there is more to do. */
static gboolean fill_step(struct nw_subscribe *window)
{
	const GPtrArray *groups = window->filling;
	guint end;

	if (!groups) {
		attach(window);
		return FALSE;
	}
	end = window->filled + MIN(groups->len - window->filled, ROWS_AT_ONCE);
	while (window->filled < end)
		add_row(window, groups->pdata[window->filled++]);
	if (end == groups->len) {
		g_clear_pointer(&window->filling, g_ptr_array_unref);
		window->missing = tick(window);
	}
	return TRUE;
}

static gboolean fill_more(gpointer data)
{
	struct nw_subscribe *window = data;

	if (fill_step(window))
		return G_SOURCE_CONTINUE;
	window->fill_id = 0;
	return G_SOURCE_REMOVE;
}

/* A list as most are is not seen empty meanwhile. */
static void fill(struct nw_subscribe *window, GPtrArray *groups)
{
	gboolean more = TRUE;

	stop_filling(window);
	detach(window);
	gtk_list_store_clear(window->groups);
	g_string_chunk_clear(window->texts);
	window->filling = g_ptr_array_ref(groups);
	window->filled = 0;
	while (more && groups->len <= ROWS_AT_ONCE)
		more = fill_step(window);
	if (more)
		window->fill_id = gdk_threads_add_idle(fill_more, window);
}

static void answered(struct nw_folder *folder, const struct nw_report *done,
		     gpointer data)
{
	struct nw_subscribe *window = data;

	window->asked_groups = 0;
	if (done->error) {
		gtk_label_set_text(GTK_LABEL(window->count),
				   done->error->message);
		return;
	}
	window->unanswered = FALSE;
	if (!nw_gateway_is_local(&folder->gateway))
		nw_subscribe_may(window, done->may_manage);
	if (done->groups)
		fill(window, done->groups);
}

void nw_subscribe_groups_ask(struct nw_subscribe *window)
{
	if (window->asked_groups)
		nw_agent_forget(window->asked_groups);
	window->asked_groups = 0;
	window->unanswered = TRUE;
	if (!nw_agent_may_reach(window->folder, FALSE)) {
		gtk_label_set_text(GTK_LABEL(window->count),
				   _("Claws Mail is offline. The groups are "
				     "listed when it is online again."));
		return;
	}
	if (!gtk_tree_model_iter_n_children(GTK_TREE_MODEL(window->groups),
					    NULL))
		gtk_label_set_text(GTK_LABEL(window->count),
				   _("Asking for the groups …"));
	window->asked_groups = nw_agent_ask(window->folder,
					    nw_job_new(NW_JOB_GROUPS, NULL),
					    answered, window);
}

static gboolean switched(gpointer source, gpointer data)
{
	struct nw_subscribe *window = data;

	(void)source;
	if (!prefs_common_get_prefs()->work_offline && window->unanswered &&
	    !window->asked_groups)
		nw_subscribe_groups_ask(window);
	return FALSE;
}

static void toggle(struct nw_subscribe *window, GtkTreePath *path)
{
	GtkTreeIter iter;
	FolderItem *item;
	char *name, *description;

	if (!window->found ||
	    !gtk_tree_model_get_iter(window->found, &iter, path))
		return;
	gtk_tree_model_get(window->found, &iter, COLUMN_NAME, &name,
			   COLUMN_DESCRIPTION, &description, -1);
	nw_subscribe_question_drop(window);
	item = nw_tree_find(window->folder, name);
	if (item)
		nw_subscribe_question_ask(window, item);
	else
		nw_agent_show_group(window->folder, name, description);
	nw_subscribe_groups_tick(window);
	g_free(name);
	g_free(description);
}

static void ticked(GtkCellRendererToggle *cell, const char *path_text,
		   gpointer data)
{
	GtkTreePath *path = gtk_tree_path_new_from_string(path_text);

	(void)cell;
	toggle(data, path);
	gtk_tree_path_free(path);
}

/* A double click on the check box has toggled it twice already. */
static void activated(GtkTreeView *view, GtkTreePath *path,
		      GtkTreeViewColumn *column, gpointer data)
{
	if (column != gtk_tree_view_get_column(view, COLUMN_SHOWN))
		toggle(data, path);
}

static gboolean key_pressed(GtkWidget *view, const GdkEventKey *event,
			    gpointer data)
{
	GtkTreePath *path = NULL;

	if ((event->keyval != GDK_KEY_space &&
	     event->keyval != GDK_KEY_KP_Space) ||
	    event->state & gtk_accelerator_get_default_mod_mask())
		return FALSE;
	gtk_tree_view_get_cursor(GTK_TREE_VIEW(view), &path, NULL);
	if (path)
		toggle(data, path);
	gtk_tree_path_free(path);
	return TRUE;
}

static void add_text_column(GtkTreeView *view, const char *title, gint column,
			    gint width)
{
	GtkCellRenderer *cell = gtk_cell_renderer_text_new();
	GtkTreeViewColumn *shown = gtk_tree_view_column_new_with_attributes(
		title, cell, "text", column, NULL);

	g_object_set(cell, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
	gtk_tree_view_column_set_sizing(shown, GTK_TREE_VIEW_COLUMN_FIXED);
	gtk_tree_view_column_set_resizable(shown, TRUE);
	if (width)
		gtk_tree_view_column_set_fixed_width(shown, width);
	else
		gtk_tree_view_column_set_expand(shown, TRUE);
	gtk_tree_view_append_column(view, shown);
}

static GtkWidget *list_new(struct nw_subscribe *window)
{
	GtkWidget *list = gtk_tree_view_new();
	GtkTreeView *view = GTK_TREE_VIEW(list);
	GtkCellRenderer *cell = gtk_cell_renderer_toggle_new();
	GtkTreeViewColumn *column = gtk_tree_view_column_new_with_attributes(
		NULL, cell, "active", COLUMN_SHOWN, NULL);

	g_signal_connect(cell, "toggled", G_CALLBACK(ticked), window);
	gtk_tree_view_column_set_sizing(column, GTK_TREE_VIEW_COLUMN_FIXED);
	gtk_tree_view_column_set_fixed_width(column, TICK_WIDTH);
	gtk_tree_view_append_column(view, column);
	add_text_column(view, _("Title"), COLUMN_TITLE, 0);
	add_text_column(view, _("Group"), COLUMN_NAME, NAME_WIDTH);
	gtk_tree_view_set_fixed_height_mode(view, TRUE);
	/* There is an entry for it, and Space is for the check box. */
	gtk_tree_view_set_enable_search(view, FALSE);
	g_signal_connect(list, "row-activated", G_CALLBACK(activated), window);
	g_signal_connect(list, "key-press-event", G_CALLBACK(key_pressed),
			 window);
	nw_subscribe_name(list, _("Groups"));
	return list;
}

static GtkWidget *search_new(struct nw_subscribe *window)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, SPACING);

	window->search = gtk_search_entry_new();
	nw_subscribe_name(window->search, _("Search groups"));
	g_signal_connect_swapped(window->search, "search-changed",
				 G_CALLBACK(search), window);
	gtk_box_pack_start(GTK_BOX(box),
			   nw_subscribe_label(window, _("S_earch groups:"),
					      window->search),
			   FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(box), window->search, TRUE, TRUE, 0);
	return box;
}

void nw_subscribe_groups_stop(struct nw_subscribe *window)
{
	if (window->asked_groups)
		nw_agent_forget(window->asked_groups);
	stop_filling(window);
	hooks_unregister_hook(OFFLINE_SWITCH_HOOKLIST, window->offline_hook);
}

GtkWidget *nw_subscribe_groups_new(struct nw_subscribe *window)
{
	GtkBox *box = GTK_BOX(gtk_box_new(GTK_ORIENTATION_VERTICAL, SPACING));
	GtkWidget *scrolled = gtk_scrolled_window_new(NULL, NULL);

	window->groups = gtk_list_store_new(COLUMNS, G_TYPE_BOOLEAN,
					    G_TYPE_STRING, G_TYPE_STRING,
					    G_TYPE_STRING, G_TYPE_POINTER);
	window->texts = g_string_chunk_new(TEXTS_BYTES);
	window->list = list_new(window);
	window->count = gtk_label_new(NULL);
	window->offline_hook = hooks_register_hook(OFFLINE_SWITCH_HOOKLIST,
						   switched, window);
	attach(window);
	gtk_label_set_xalign(GTK_LABEL(window->count), 0);
	gtk_label_set_line_wrap(GTK_LABEL(window->count), TRUE);
	gtk_scrolled_window_set_shadow_type(GTK_SCROLLED_WINDOW(scrolled),
					    GTK_SHADOW_IN);
	gtk_container_add(GTK_CONTAINER(scrolled), window->list);
	gtk_box_pack_start(box, search_new(window), FALSE, FALSE, 0);
	gtk_box_pack_start(box, scrolled, TRUE, TRUE, 0);
	gtk_box_pack_start(box, window->count, FALSE, FALSE, 0);
	gtk_widget_show_all(GTK_WIDGET(box));
	gtk_box_pack_start(box, nw_subscribe_question_new(window), FALSE,
			   FALSE, 0);
	return GTK_WIDGET(box);
}
