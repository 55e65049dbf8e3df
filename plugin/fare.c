/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "claws.h"

#include "fare.h"
#include "i18n.h"
#include "when.h"

#define SPACING 6
#define COLUMN_SPACING 12
#define WORDS_CHARS 52

static void add_row(GtkWidget *grid, const char *name, const char *value)
{
	GtkWidget *label = gtk_label_new(name), *text = gtk_label_new(value);
	gint row = GPOINTER_TO_INT(g_object_get_data(G_OBJECT(grid), "rows"));

	gtk_label_set_xalign(GTK_LABEL(label), 0);
	gtk_widget_set_valign(label, GTK_ALIGN_START);
	gtk_label_set_xalign(GTK_LABEL(text), 0);
	gtk_label_set_line_wrap(GTK_LABEL(text), TRUE);
	gtk_label_set_line_wrap_mode(GTK_LABEL(text), PANGO_WRAP_WORD_CHAR);
	gtk_label_set_max_width_chars(GTK_LABEL(text), WORDS_CHARS);
	gtk_label_set_selectable(GTK_LABEL(text), TRUE);
	gtk_label_set_mnemonic_widget(GTK_LABEL(label), text);
	gtk_grid_attach(GTK_GRID(grid), label, 0, row, 1, 1);
	gtk_grid_attach(GTK_GRID(grid), text, 1, row, 1, 1);
	g_object_set_data(G_OBJECT(grid), "rows", GINT_TO_POINTER(row + 1));
}

static void add_and_free(GtkWidget *grid, const char *name, char *value)
{
	add_row(grid, name, value);
	g_free(value);
}

/* Of a gateway elsewhere as a URI (RFC 5538), which other news readers take. */
static char *address_of(const struct nw_gateway *gateway, const char *group)
{
	const char *scheme =
		gateway->security == NW_SECURITY_TLS ? "nntps" : "nntp";
	char *path = g_strconcat("/", group, NULL);
	char *address = g_uri_join(G_URI_FLAGS_NONE, scheme, NULL,
				   gateway->host,
				   gateway->port ? gateway->port : -1, path,
				   NULL, NULL);

	g_free(path);
	return address;
}

static char *brought(guint count)
{
	if (!count)
		return g_strdup(_("nothing new"));
	return g_strdup_printf(ngettext("%u new message", "%u new messages",
					count), count);
}

static void add_place(GtkWidget *grid, struct nw_item *item)
{
	const struct nw_folder *folder =
		(struct nw_folder *)item->item.folder;
	const char *group = item->item.path;

	if (item->description)
		add_row(grid, _("Description:"), item->description);
	add_row(grid, _("Newsgroup:"), group);
	if (nw_gateway_is_local(&folder->gateway))
		add_row(grid, _("Gateway:"), _("this computer"));
	else
		add_and_free(grid, _("Address:"),
			     address_of(&folder->gateway, group));
}

GtkWidget *nw_fare_new(struct nw_item *item)
{
	GtkWidget *grid = gtk_grid_new();
	gint64 now_utc = g_get_real_time() / G_USEC_PER_SEC;

	gtk_grid_set_row_spacing(GTK_GRID(grid), SPACING);
	gtk_grid_set_column_spacing(GTK_GRID(grid), COLUMN_SPACING);
	add_place(grid, item);
	add_and_free(grid, _("Last success:"),
		     nw_when_words(item->last_success_utc, now_utc));
	if (item->last_success_utc)
		add_and_free(grid, _("It brought:"), brought(item->last_new));
	if (item->last_error)
		add_row(grid, _("Last error:"), item->last_error);
	return grid;
}
