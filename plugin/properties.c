/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "claws.h"

#include <folder_item_prefs.h>
#include <gtk/prefswindow.h>
#include <prefs_folder_item.h>
#include <string.h>

#include "agent.h"
#include "fare.h"
#include "i18n.h"
#include "properties.h"

#define MARGIN 8
#define SPACING 6
#define COLUMN_SPACING 12
#define WEIGHT 30.0F
#define DAYS 30
#define DAYS_MAX 36500
#define MINUTES 30
#define MINUTES_MAX (7 * 24 * 60)
#define WORDS_CHARS 60

/* What newswire subscribe takes (newswire(1)), and what it means.  The first is
 * also what was never chosen here; then the gateway is not told. */
#define DEFAULT "default"
struct choice {
	const char *value, *words;
};
static const struct choice images[] = {
	{ DEFAULT, N_("as the gateway is set up to do") },
	{ "inline", N_("in the messages, to be seen offline") },
	{ "link", N_("captions and links") },
	{ "none", N_("captions only") },
	{ NULL, NULL },
};
static const struct choice edits[] = {
	{ DEFAULT, N_("as the gateway is set up to do") },
	{ "follow-up", N_("a reply that says what changed") },
	{ "supersede", N_("a message in the place of the earlier one") },
	{ "ignore", N_("nothing") },
	{ NULL, NULL },
};

/* How long and how often: a list, and a number for one of its rows. */
enum keep { KEEP_GATEWAY, KEEP_FOR_EVER, KEEP_DAYS };
static const char *const keep_words[] = {
	[KEEP_GATEWAY] = N_("as long as the gateway does"),
	[KEEP_FOR_EVER] = N_("for ever"),
	[KEEP_DAYS] = N_("for some days:"),
	NULL,
};
enum check { CHECK_AS_ALL, CHECK_WHEN_ASKED, CHECK_MINUTES };
static const char *const check_words[] = {
	[CHECK_AS_ALL] = N_("as often as all groups"),
	[CHECK_WHEN_ASKED] = N_("only when asked"),
	[CHECK_MINUTES] = N_("every so many minutes:"),
	NULL,
};

struct measure {
	GtkWidget *row, *list, *number;
	gint numbered;		/* the row of the list that takes a number */
};

static struct {
	PrefsPage page;		/* must be first */
	char *path[2];
	char *item;		/* its identifier: it may go meanwhile */
	GtkWidget *images, *edits, *offline;
	struct measure keep, check;
} here;

static struct nw_item *item_here(void)
{
	FolderItem *item = here.item ?
		folder_find_item_from_identifier(here.item) : NULL;

	return item && nw_folder_is_ours(item->folder) ?
		nw_item_of_group(item) : NULL;
}

static gboolean is_elsewhere(const struct nw_item *item)
{
	const struct nw_folder *folder =
		(const struct nw_folder *)item->item.folder;

	return !nw_gateway_is_local(&folder->gateway);
}

/* A list whose rows may be longer, in some languages, than the page is wide. */
static GtkWidget *make_list(void)
{
	GtkWidget *list = gtk_combo_box_text_new();
	GList *cells = gtk_cell_layout_get_cells(GTK_CELL_LAYOUT(list)), *each;

	for (each = cells; each; each = each->next)
		g_object_set(each->data, "ellipsize", PANGO_ELLIPSIZE_END,
			     NULL);
	g_list_free(cells);
	gtk_widget_set_hexpand(list, TRUE);
	return list;
}

static GtkWidget *make_choice(const struct choice *choices, const char *value)
{
	GtkWidget *box = make_list();
	const struct choice *each;

	for (each = choices; each->value; each++)
		gtk_combo_box_text_append(GTK_COMBO_BOX_TEXT(box), each->value,
					  _(each->words));
	(void)gtk_combo_box_set_active_id(GTK_COMBO_BOX(box),
					  value ? value : DEFAULT);
	return box;
}

/* Takes the choice over; whether it is another one. */
static gboolean take_choice(GtkWidget *box, char **value)
{
	const char *chosen = gtk_combo_box_get_active_id(GTK_COMBO_BOX(box));

	if (!chosen || strcmp(chosen, *value ? *value : DEFAULT) == 0)
		return FALSE;
	g_free(*value);
	*value = g_strdup(chosen);
	return TRUE;
}

static gboolean is_numbered(const struct measure *measure)
{
	return gtk_combo_box_get_active(GTK_COMBO_BOX(measure->list)) ==
	       measure->numbered;
}

static void measure_changed(GtkComboBox *list, gpointer data)
{
	const struct measure *measure = data;

	(void)list;
	gtk_widget_set_sensitive(measure->number, is_numbered(measure));
}

static void make_measure(struct measure *measure, const char *const *words,
			 gint max, const char *unit)
{
	gint rows = 0;

	measure->row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, SPACING);
	measure->list = make_list();
	measure->number = gtk_spin_button_new_with_range(1, max, 1);
	for (; words[rows]; rows++)
		gtk_combo_box_text_append_text(
			GTK_COMBO_BOX_TEXT(measure->list), _(words[rows]));
	measure->numbered = rows - 1;
	atk_object_set_name(gtk_widget_get_accessible(measure->number), unit);
	gtk_entry_set_activates_default(GTK_ENTRY(measure->number), TRUE);
	g_signal_connect(measure->list, "changed", G_CALLBACK(measure_changed),
			 measure);
	gtk_box_pack_start(GTK_BOX(measure->row), measure->list, TRUE, TRUE,
			   0);
	gtk_box_pack_start(GTK_BOX(measure->row), measure->number, FALSE,
			   FALSE, 0);
}

static void set_measure(struct measure *measure, gint row, gint number)
{
	gtk_spin_button_set_value(GTK_SPIN_BUTTON(measure->number), number);
	gtk_combo_box_set_active(GTK_COMBO_BOX(measure->list), row);
	measure_changed(NULL, measure);
}

static gint number_of(const struct measure *measure)
{
	return gtk_spin_button_get_value_as_int(
		GTK_SPIN_BUTTON(measure->number));
}

static void show_keep(gint32 days)
{
	make_measure(&here.keep, keep_words, DAYS_MAX, _("Days"));
	if (days > 0)
		set_measure(&here.keep, KEEP_DAYS, days);
	else
		set_measure(&here.keep, days == NW_RETENTION_FOR_EVER ?
				    KEEP_FOR_EVER : KEEP_GATEWAY, DAYS);
}

static gint32 keep_chosen(void)
{
	if (is_numbered(&here.keep))
		return number_of(&here.keep);
	return gtk_combo_box_get_active(GTK_COMBO_BOX(here.keep.list)) ==
			       KEEP_FOR_EVER ?
		NW_RETENTION_FOR_EVER : NW_RETENTION_GATEWAY;
}

static void show_check(gint minutes)
{
	make_measure(&here.check, check_words, MINUTES_MAX, _("Minutes"));
	if (minutes > 0)
		set_measure(&here.check, CHECK_MINUTES, minutes);
	else
		set_measure(&here.check, minutes < 0 ? CHECK_WHEN_ASKED :
						       CHECK_AS_ALL, MINUTES);
}

static gint check_chosen(void)
{
	if (is_numbered(&here.check))
		return number_of(&here.check);
	return gtk_combo_box_get_active(GTK_COMBO_BOX(here.check.list)) ==
			       CHECK_WHEN_ASKED ? -1 : 0;
}

static GtkWidget *make_words(const char *words)
{
	GtkWidget *label = gtk_label_new(words);

	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_label_set_line_wrap(GTK_LABEL(label), TRUE);
	gtk_label_set_max_width_chars(GTK_LABEL(label), WORDS_CHARS);
	return label;
}

/* The mnemonic goes to target, which stands in widget. */
static void add_row(GtkWidget *grid, const char *name, GtkWidget *widget,
		    GtkWidget *target)
{
	GtkWidget *label = gtk_label_new_with_mnemonic(name);
	gint row = GPOINTER_TO_INT(g_object_get_data(G_OBJECT(grid), "rows"));

	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_label_set_mnemonic_widget(GTK_LABEL(label), target);
	gtk_grid_attach(GTK_GRID(grid), label, 0, row, 1, 1);
	gtk_grid_attach(GTK_GRID(grid), widget, 1, row, 1, 1);
	g_object_set_data(G_OBJECT(grid), "rows", GINT_TO_POINTER(row + 1));
}

static GtkWidget *make_settings(const struct nw_item *item)
{
	GtkWidget *grid = gtk_grid_new();

	gtk_grid_set_row_spacing(GTK_GRID(grid), SPACING);
	gtk_grid_set_column_spacing(GTK_GRID(grid), COLUMN_SPACING);
	here.images = make_choice(images, item->images);
	here.edits = make_choice(edits, item->edits);
	show_keep(item->retention_days);
	show_check(item->check_minutes);
	add_row(grid, _("_Pictures:"), here.images, here.images);
	add_row(grid, _("An _edited story brings:"), here.edits, here.edits);
	add_row(grid, _("_Keep messages:"), here.keep.row, here.keep.list);
	add_row(grid, _("C_heck:"), here.check.row, here.check.list);
	return grid;
}

static void fill_page(GtkWidget *box, struct nw_item *item)
{
	gtk_box_pack_start(GTK_BOX(box), make_settings(item), FALSE, FALSE, 0);
	if (is_elsewhere(item)) {
		gtk_widget_set_sensitive(here.images, FALSE);
		gtk_widget_set_sensitive(here.edits, FALSE);
		gtk_box_pack_start(
			GTK_BOX(box),
			make_words(_("What becomes of pictures and of edited "
				     "stories is decided at the gateway, which "
				     "is not on this computer.")),
			FALSE, FALSE, 0);
	}
	here.offline = gtk_check_button_new_with_mnemonic(
		_("Fetch _whole messages, to be read offline"));
	gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(here.offline),
				     !item->headers_only);
	gtk_box_pack_start(GTK_BOX(box), here.offline, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(box),
			   gtk_separator_new(GTK_ORIENTATION_HORIZONTAL),
			   FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(box), nw_fare_new(item), FALSE, FALSE, 0);
}

static void create_page(PrefsPage *page, GtkWindow *window, gpointer data)
{
	FolderItem *item = data;
	struct nw_item *group = nw_item_of_group(item);
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, MARGIN);

	(void)window;
	gtk_container_set_border_width(GTK_CONTAINER(box), MARGIN);
	if (group) {
		here.item = folder_item_get_identifier(item);
		fill_page(box, group);
	} else {
		gtk_box_pack_start(
			GTK_BOX(box),
			make_words(_("This folder holds no messages; each "
				     "newsgroup below it has settings of its "
				     "own.")),
			FALSE, FALSE, 0);
	}
	gtk_widget_show_all(box);
	page->widget = box;
}

/* The widgets are the window's to destroy. */
static void destroy_page(PrefsPage *page)
{
	(void)page;
	g_clear_pointer(&here.item, g_free);
}

/* A shorter time, or whole messages where there were headers, is seen to at
 * once. */
static void save_page(PrefsPage *page)
{
	struct nw_item *item = item_here();
	gboolean headers_only, told, kept;
	gint32 days;

	(void)page;
	if (!item)
		return;
	days = keep_chosen();
	headers_only = !gtk_toggle_button_get_active(
		GTK_TOGGLE_BUTTON(here.offline));
	told = take_choice(here.images, &item->images);
	told |= take_choice(here.edits, &item->edits);
	kept = days != item->retention_days ||
	       headers_only != item->headers_only;
	item->retention_days = days;
	item->headers_only = headers_only;
	item->item.prefs->offlinesync = !headers_only;
	item->check_minutes = check_chosen();
	folder_write_list();
	if (told)
		nw_agent_change(&item->item);
	if (kept) {
		item->last_expiry_utc = 0;	/* now, not within the hour */
		nw_item_refresh(&item->item);
		nw_agent_check_item(&item->item, FALSE);
	}
}

void nw_properties_start(void)
{
	here.path[0] = g_strdup(_("Web news"));
	here.page.path = here.path;
	here.page.weight = WEIGHT;
	here.page.create_widget = create_page;
	here.page.destroy_widget = destroy_page;
	here.page.save_page = save_page;
	prefs_folder_item_register_page(&here.page, nw_folder_class());
}

void nw_properties_stop(void)
{
	prefs_folder_item_unregister_page(&here.page, nw_folder_class());
	g_clear_pointer(&here.path[0], g_free);
}
