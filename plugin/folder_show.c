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

/* That of the main window first; a copy, as showing and closing changes the
 * list (free with g_list_free). */
static GList *message_views(void)
{
	const SummaryView *main_view = summary();
	GList *views = g_list_copy(
		(GList *)(guintptr)messageview_get_msgview_list());

	if (!main_view || !main_view->messageview)
		return views;
	views = g_list_remove(views, main_view->messageview);
	return g_list_prepend(views, main_view->messageview);
}

static void show_one(const struct again *again)
{
	GList *at, *views = message_views();

	for (at = views; at; at = at->next) {
		MessageView *view = at->data;
		MsgInfo *info;

		if (!means(view->msginfo, again))
			continue;
		info = folder_item_get_msginfo(again->item,
					       (gint)again->number);
		if (info)
			(void)messageview_show(view, info, view->all_headers);
		procmsg_msginfo_free(&info);
	}
	g_list_free(views);
}

/* What is shown may have Claws Mail ask the user something: then items go and
 * others are added meanwhile. */
static gboolean show_all(gpointer data)
{
	guint i;

	(void)data;
	for (i = 0; show.again && i < show.again->len; i++) {
		const struct again again = g_array_index(show.again,
							 struct again, i);

		if (again.item)
			show_one(&again);
	}
	g_clear_pointer(&show.again, g_array_unref);
	show.idle_id = 0;
	return G_SOURCE_REMOVE;
}

gboolean nw_show_has(FolderItem *item, guint32 number)
{
	const struct again wanted = { item, number };
	GList *at, *views = message_views();
	gboolean shown = FALSE;

	for (at = views; at && !shown; at = at->next)
		shown = means(((const MessageView *)at->data)->msginfo,
			      &wanted);
	g_list_free(views);
	return shown;
}

void nw_show_again(FolderItem *item, guint32 number)
{
	const struct again again = { item, number };

	if (!nw_show_has(item, number))
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
