/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "claws.h"

#include "i18n.h"
#include "window.h"

GtkWidget *nw_window_new(const char *title, gint width, gint height,
			 gpointer data, GDestroyNotify data_free)
{
	MainWindow *main_window = mainwindow_get_mainwindow();
	GtkWidget *window = gtk_dialog_new_with_buttons(
		title, main_window ? GTK_WINDOW(main_window->window) : NULL,
		GTK_DIALOG_DESTROY_WITH_PARENT, _("_Close"),
		GTK_RESPONSE_CLOSE, NULL);

	gtk_window_set_default_size(GTK_WINDOW(window), width, height);
	gtk_container_set_border_width(GTK_CONTAINER(window),
				       NW_WINDOW_MARGIN);
	g_signal_connect(window, "response", G_CALLBACK(gtk_widget_destroy),
			 NULL);
	g_object_set_data_full(G_OBJECT(window), "newswire", data, data_free);
	return window;
}
