/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Claws Mail's windows and the articles that they show: an article with another
 * text is shown again, and what goes is let go of before it is freed.
 */
#include "config.h"

#include "claws.h"

#include <messageview.h>
#include <summaryview.h>

#include "folder.h"
#include "folder_private.h"

struct again {
	FolderItem *item;
	guint32 number;
};

/* What is to be shown again; Claws Mail is in the middle of a scan when it
 * becomes known. */
static struct {
	GArray *again;
	guint idle_id;
} show;

static SummaryView *summary(void)
{
	MainWindow *window = mainwindow_get_mainwindow();

	return window ? window->summaryview : NULL;
}

static gboolean means(const MsgInfo *info, const struct again *again)
{
	return info && info->folder == again->item &&
	       info->msgnum == again->number;
}

/* A copy, as showing and closing changes it (free with g_list_free). */
static GList *message_views(void)
{
	return g_list_copy((GList *)(guintptr)messageview_get_msgview_list());
}

static void show_in_windows(const struct again *again)
{
	GList *at, *views = message_views();

	for (at = views; at; at = at->next) {
		MessageView *view = at->data;
		MsgInfo *info;

		if (!view->new_window || !means(view->msginfo, again))
			continue;
		info = folder_item_get_msginfo(again->item,
					       (gint)again->number);
		if (info)
			(void)messageview_show(view, info, view->all_headers);
		procmsg_msginfo_free(&info);
	}
	g_list_free(views);
}

static void show_in_main_window(const struct again *again)
{
	SummaryView *view = summary();

	if (view && view->folder_item == again->item && view->displayed &&
	    summary_get_msgnum(view, view->displayed) == again->number)
		summary_redisplay_msg(view);
}

static gboolean show_all(gpointer data)
{
	GArray *list = show.again;
	guint i;

	(void)data;
	show.again = NULL;
	show.idle_id = 0;
	for (i = 0; i < list->len; i++) {
		const struct again *again = &g_array_index(list, struct again,
							   i);

		if (!again->item)
			continue;
		show_in_main_window(again);
		show_in_windows(again);
	}
	g_array_unref(list);
	return G_SOURCE_REMOVE;
}

/* Whether any window shows it; most articles are shown nowhere. */
static gboolean is_shown(const struct again *again)
{
	const SummaryView *view = summary();
	const GList *at;

	if (view && view->messageview &&
	    means(view->messageview->msginfo, again))
		return TRUE;
	for (at = messageview_get_msgview_list(); at; at = at->next)
		if (means(((const MessageView *)at->data)->msginfo, again))
			return TRUE;
	return FALSE;
}

void nw_show_again(FolderItem *item, guint32 number)
{
	struct again again = { item, number };

	if (!is_shown(&again))
		return;
	if (!show.again)
		show.again = g_array_new(FALSE, FALSE, sizeof(struct again));
	g_array_append_val(show.again, again);
	if (!show.idle_id)
		show.idle_id = gdk_threads_add_idle(show_all, NULL);
}

static gboolean is_of(const FolderItem *one, const Folder *folder,
		      const FolderItem *item)
{
	return one && (item ? one == item : one->folder == folder);
}

static void close_windows(const Folder *folder, const FolderItem *item)
{
	GList *at, *views = message_views();

	for (at = views; at; at = at->next) {
		MessageView *view = at->data;

		if (view->msginfo &&
		    is_of(view->msginfo->folder, folder, item)) {
			if (view->new_window)
				messageview_destroy(view);
			else
				messageview_clear(view);
		}
	}
	g_list_free(views);
}

void nw_show_nothing_of(const Folder *folder, FolderItem *item)
{
	SummaryView *view = summary();
	guint i;

	for (i = 0; show.again && i < show.again->len; i++) {
		struct again *again = &g_array_index(show.again, struct again,
						     i);

		if (is_of(again->item, folder, item))
			again->item = NULL;
	}
	if (!view || claws_is_exiting())
		return;
	if (is_of(view->folder_item, folder, item)) {
		folderview_unselect(view->folderview);
		summary_clear_all(view);
	}
	close_windows(folder, item);
}

void nw_show_stop(void)
{
	if (show.idle_id)
		(void)g_source_remove(show.idle_id);
	show.idle_id = 0;
	g_clear_pointer(&show.again, g_array_unref);
}
