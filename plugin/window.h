/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A window above Claws Mail's own that is left open beside it.
 */
#ifndef NEWSWIRE_PLUGIN_WINDOW_H
#define NEWSWIRE_PLUGIN_WINDOW_H

#include "claws.h"

#define NW_WINDOW_MARGIN 12

/* A dialog with a button to close it, which is not shown yet.  What is its data
 * is freed when the last widget is gone that has it as its own. */
GtkWidget *nw_window_new(const char *title, gint width, gint height,
			 gpointer data, GDestroyNotify data_free);

#endif
