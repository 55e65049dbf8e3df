/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "claws.h"

#include "notice.h"

#define SHOWN_S 6

/* The message in Claws Mail's status bar, and what takes it away. */
static struct {
	guint context_id, message_id, timer_id;
} notice;

static gboolean is_over(gpointer data)
{
	(void)data;
	notice.timer_id = 0;
	nw_notice_drop();
	return G_SOURCE_REMOVE;
}

void nw_notice_show(const char *text)
{
	MainWindow *window = mainwindow_get_mainwindow();
	GtkStatusbar *bar;

	nw_notice_drop();
	if (!window || !window->statusbar)
		return;
	bar = GTK_STATUSBAR(window->statusbar);
	notice.context_id = gtk_statusbar_get_context_id(bar, "Newswire");
	notice.message_id = gtk_statusbar_push(bar, notice.context_id, text);
	notice.timer_id = gdk_threads_add_timeout_seconds(SHOWN_S, is_over,
							  NULL);
}

void nw_notice_drop(void)
{
	MainWindow *window = mainwindow_get_mainwindow();

	if (notice.timer_id)
		(void)g_source_remove(notice.timer_id);
	notice.timer_id = 0;
	if (notice.message_id && window && window->statusbar)
		gtk_statusbar_remove(GTK_STATUSBAR(window->statusbar),
				     notice.context_id, notice.message_id);
	notice.message_id = 0;
}
