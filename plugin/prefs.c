/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "claws.h"

#include <gtk/prefswindow.h>
#include <prefs_gtk.h>

#include "gateway_dialog.h"
#include "gateway_list.h"
#include "i18n.h"
#include "prefs.h"

#define BLOCK "Newswire"	/* of clawsrc */
#define CHECK_MINUTES 30
#define CHECK_MINUTES_MAX (7 * 24 * 60)
#define MARGIN 8
#define WEIGHT 30.0F

static struct nw_prefs prefs;

/* Claws Mail's table has no const; P_BOOL and P_INT are both int. */
static char minutes_name[] = "check_minutes";
static char minutes_default[] = G_STRINGIFY(CHECK_MINUTES);
static char at_start_name[] = "check_at_start";
static char at_start_default[] = "TRUE";
static PrefParam param[] = {
	{ minutes_name, minutes_default, &prefs.check_minutes, P_INT, NULL,
	  NULL, NULL },
	{ at_start_name, at_start_default, &prefs.check_at_start, P_BOOL, NULL,
	  NULL, NULL },
	{ NULL, NULL, NULL, P_OTHER, NULL, NULL, NULL },
};

static struct {
	PrefsPage page;		/* must be first */
	char *path[3];
	GtkWidget *at_start, *minutes;
} here;

const struct nw_prefs *nw_prefs(void)
{
	return &prefs;
}

static char *rc_path(void)
{
	return g_build_filename(get_rc_dir(), COMMON_RC, NULL);
}

static void read_prefs(void)
{
	char *path = rc_path();

	prefs_set_default(param);
	prefs_read_config(param, BLOCK, path, NULL);
	g_free(path);
	prefs.check_minutes = CLAMP(prefs.check_minutes, 0, CHECK_MINUTES_MAX);
	prefs.check_at_start = !!prefs.check_at_start;
}

static gboolean write_block(PrefFile *file)
{
	return prefs_set_block_label(file, BLOCK) >= 0 &&
	       prefs_write_param(param, file->fp) >= 0 &&
	       fputc('\n', file->fp) != EOF;
}

static void write_prefs(void)
{
	char *path = rc_path();
	PrefFile *file = prefs_write_open(path);

	g_free(path);
	if (!file)
		return;
	if (write_block(file))
		prefs_file_close(file);
	else
		prefs_file_close_revert(file);
}

/* A number between two halves of a sentence, which a label reads whole. */
static GtkWidget *minutes_row(void)
{
	GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, MARGIN);
	GtkWidget *label = gtk_label_new_with_mnemonic(_("Check e_very"));

	here.minutes = gtk_spin_button_new_with_range(0, CHECK_MINUTES_MAX, 5);
	gtk_spin_button_set_value(GTK_SPIN_BUTTON(here.minutes),
				  prefs.check_minutes);
	gtk_entry_set_activates_default(GTK_ENTRY(here.minutes), TRUE);
	gtk_label_set_mnemonic_widget(GTK_LABEL(label), here.minutes);
	gtk_box_pack_start(GTK_BOX(row), label, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(row), here.minutes, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(row),
			   gtk_label_new(_("minutes (0: only when asked)")),
			   FALSE, FALSE, 0);
	return row;
}

static void create_page(PrefsPage *page, GtkWindow *window, gpointer data)
{
	GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, MARGIN);

	(void)data;
	gtk_container_set_border_width(GTK_CONTAINER(box), MARGIN);
	here.at_start = gtk_check_button_new_with_mnemonic(
		_("Check web news at _start"));
	gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(here.at_start),
				     prefs.check_at_start);
	gtk_box_pack_start(GTK_BOX(box), here.at_start, FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(box), minutes_row(), FALSE, FALSE, 0);
	gtk_box_pack_start(GTK_BOX(box), nw_gateway_list_new(window), TRUE,
			   TRUE, 0);
	gtk_widget_show_all(box);
	page->widget = box;
}

/* The widgets are the window's to destroy. */
static void destroy_page(PrefsPage *page)
{
	(void)page;
	here.at_start = here.minutes = NULL;
}

static void save_page(PrefsPage *page)
{
	(void)page;
	prefs.check_at_start = gtk_toggle_button_get_active(
		GTK_TOGGLE_BUTTON(here.at_start));
	prefs.check_minutes = gtk_spin_button_get_value_as_int(
		GTK_SPIN_BUTTON(here.minutes));
	write_prefs();
}

void nw_prefs_start(void)
{
	read_prefs();
	/* As Claws Mail itself calls the parent of such pages. */
	here.path[0] = g_strdup(g_dgettext("claws-mail", "Plugins"));
	here.path[1] = g_strdup(_("Newswire"));
	here.page.path = here.path;
	here.page.weight = WEIGHT;
	here.page.create_widget = create_page;
	here.page.destroy_widget = destroy_page;
	here.page.save_page = save_page;
	prefs_gtk_register_page(&here.page);
}

void nw_prefs_stop(void)
{
	nw_gateway_dialog_close();
	prefs_gtk_unregister_page(&here.page);
	g_clear_pointer(&here.path[0], g_free);
	g_clear_pointer(&here.path[1], g_free);
}
