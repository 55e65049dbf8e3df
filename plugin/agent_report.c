/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the workers report, noted with the items and shown: folders are read
 * anew, the status bar says how far it is, and the log what failed.
 */
#include "config.h"

#include "claws.h"

#include "agent_private.h"
#include "cache.h"
#include "folder_private.h"
#include "i18n.h"
#include "tree.h"

/* After a folder was read, the window is left alone for so many times as long
 * as that took: an open folder of thousands of articles is drawn anew. */
#define REST_RATIO 12
#define REST_MIN_MS 20
#define REST_MAX_MS 5000

static struct {
	GHashTable *soon;	/* identifiers of folders to be read anew */
	guint timer_id;
	gint64 rest_until_us;
	gboolean write;		/* folderlist.xml, when all is read */
	gboolean text;		/* the status bar has ours */
	guint text_id;
	gboolean progress;	/* the bar beside it is drawn */
} report;

static void log_failure(const char *name, const GError *why)
{
	log_error(LOG_PROTOCOL, _("Newswire: %s: %s\n"), name, why->message);
}

static void note_failure(char **error, gboolean *logged, const char *name,
			 const GError *why)
{
	if (*logged && g_strcmp0(*error, why->message) == 0)
		return;
	g_free(*error);
	*error = nw_folder_one_line(why->message, G_MAXINT);
	*logged = TRUE;
	report.write = TRUE;
	log_failure(name, why);
}

static void note_success(char **error, gboolean *logged)
{
	report.write |= *error != NULL;
	g_clear_pointer(error, g_free);
	*logged = FALSE;
}

/* In a context of its own, as Claws Mail takes away the last text of its
 * context, whosesoever it is.  Takes text. */
static void set_text(char *text)
{
	MainWindow *window = mainwindow_get_mainwindow();
	GtkStatusbar *bar;
	guint context;

	if (window && window->statusbar && !claws_is_exiting()) {
		bar = GTK_STATUSBAR(window->statusbar);
		context = gtk_statusbar_get_context_id(bar, "newswire");
		if (report.text)
			gtk_statusbar_remove(bar, context, report.text_id);
		if (text)
			report.text_id = gtk_statusbar_push(bar, context,
							    text);
	}
	report.text = text != NULL;
	g_free(text);
}

static void set_progress(guint done, guint total)
{
	if (claws_is_exiting() || (!total && !report.progress))
		return;
	report.progress = total > 0;
	statusbar_progress_all((gint)done, (gint)total, total ? 1 : 0);
}

void nw_agent_show_state(void)
{
	if (nw_agent_jobs()) {
		if (!report.text)
			set_text(g_strdup(_("Newswire: checking web news")));
		return;
	}
	set_text(NULL);
	set_progress(0, 0);
}

static gboolean refresh_one(gpointer data);

static void write_list(void)
{
	if (report.write)
		folder_write_list();
	report.write = FALSE;
}

static void schedule(void)
{
	gint64 rest_ms = (report.rest_until_us - g_get_monotonic_time()) / 1000;

	if (!report.timer_id)
		report.timer_id = gdk_threads_add_timeout(
			(guint)CLAMP(rest_ms, 1, REST_MAX_MS), refresh_one,
			NULL);
}

static FolderItem *take_item(void)
{
	FolderItem *item = NULL;
	GHashTableIter iter;
	gpointer identifier;

	g_hash_table_iter_init(&iter, report.soon);
	while (!item && g_hash_table_iter_next(&iter, &identifier, NULL)) {
		item = folder_find_item_from_identifier(identifier);
		g_hash_table_iter_remove(&iter);
	}
	return item;
}

static void refresh_and_rest(FolderItem *item)
{
	gint64 before_us = g_get_monotonic_time(), now_us, rest_ms;

	nw_item_refresh(item);
	now_us = g_get_monotonic_time();
	rest_ms = CLAMP((now_us - before_us) / 1000 * REST_RATIO, REST_MIN_MS,
			REST_MAX_MS);
	report.rest_until_us = now_us + rest_ms * 1000;
	if (debug_get_mode())
		g_print("newswire: %s read in %d us\n", item->path,
			(int)(now_us - before_us));
}

/* Claws Mail is about to show a message, whose folder must stay as it is until
 * it is known which one that is and that it is read. */
static gboolean is_showing(void)
{
	const MainWindow *window = mainwindow_get_mainwindow();

	return window && window->summaryview &&
	       summary_is_locked(window->summaryview);
}

static gboolean refresh_one(gpointer data)
{
	FolderItem *item = is_showing() ? NULL : take_item();

	(void)data;
	report.timer_id = 0;
	if (is_showing())
		report.rest_until_us = g_get_monotonic_time() +
				       (gint64)REST_MIN_MS * 1000;
	if (item)
		refresh_and_rest(item);
	if (g_hash_table_size(report.soon))
		schedule();
	else
		write_list();
	return G_SOURCE_REMOVE;
}

void nw_agent_refresh_soon(FolderItem *item)
{
	char *identifier = folder_item_get_identifier(item);

	if (!identifier)
		return;
	if (!report.soon)
		report.soon = g_hash_table_new_full(g_str_hash, g_str_equal,
						    g_free, NULL);
	(void)g_hash_table_add(report.soon, identifier);
	schedule();
}

static void report_phase(struct nw_folder *folder, const struct nw_report *what)
{
	(void)folder;
	if (what->text)
		set_text(g_strdup_printf(_("Newswire: %s"), what->text));
	set_progress(0, 0);
}

static void report_progress(struct nw_folder *folder,
			    const struct nw_report *what)
{
	FolderItem *item = nw_tree_find(folder, what->outcome.group);

	if (!item)
		return;
	set_text(g_strdup_printf(_("Newswire: %s: %u of %u articles"),
				 item->name, what->done, what->total));
	set_progress(what->done, what->total);
	if (what->outcome.added || what->outcome.removed)
		nw_agent_refresh_soon(item);
}

static void report_group(struct nw_folder *folder, const struct nw_report *what)
{
	FolderItem *item = nw_tree_find(folder, what->outcome.group);
	struct nw_item *ours = (struct nw_item *)item;
	char *dir;

	if (!item)
		return;
	ours->last_success_utc = nw_agent_now_utc();
	ours->last_new = what->outcome.added;
	note_success(&ours->last_error, &ours->error_logged);
	if (what->outcome.complete) {
		dir = nw_item_dir(item);
		nw_cache_forget_prune(dir, what->outcome.low);
		g_free(dir);
	}
	report.write |= what->outcome.added || what->outcome.removed;
	if (what->outcome.added || what->outcome.removed ||
	    item->folder->klass->scan_required(item->folder, item))
		nw_agent_refresh_soon(item);
	else
		nw_item_expire(item);
}

static void report_failed(struct nw_folder *folder,
			  const struct nw_report *what)
{
	FolderItem *item = nw_tree_find(folder, what->outcome.group);
	struct nw_item *ours = (struct nw_item *)item;

	if (item && what->error)
		note_failure(&ours->last_error, &ours->error_logged, item->name,
			     what->error);
}

static gboolean was_cancelled(const struct nw_report *what)
{
	return g_error_matches(what->error, NW_SESSION_ERROR,
			       NW_SESSION_ERROR_CANCELLED);
}

static gboolean is_awaited(const struct nw_folder *folder, guint worker_serial)
{
	const GList *at;

	for (at = nw_agent_jobs(); at; at = at->next) {
		const struct nw_agent_job *job = at->data;

		if (job->folder == folder && job->answer &&
		    job->worker_serial == worker_serial)
			return TRUE;
	}
	return FALSE;
}

/* The rest of an article that is open: it shows as soon as it is read. */
static void show_article(struct nw_folder *folder, guint worker_serial)
{
	const GList *at;

	for (at = nw_agent_jobs(); at; at = at->next) {
		const struct nw_agent_job *job = at->data;
		FolderItem *item;

		if (job->folder != folder || !job->group ||
		    job->worker_serial != worker_serial)
			continue;
		item = nw_tree_find(folder, job->group);
		if (item && is_showing())
			nw_agent_refresh_soon(item);
		else if (item)
			nw_item_refresh(item);
		return;
	}
}

static const char *description_of(const struct nw_report *subscribed)
{
	const struct nw_session_group *group;

	if (!subscribed->groups || !subscribed->groups->len)
		return NULL;
	group = subscribed->groups->pdata[0];
	return group->description;
}

/* A window that waits says itself what failed. */
static void report_done(struct nw_folder *folder, const struct nw_report *what)
{
	gboolean sync = what->job == NW_JOB_CHECK ||
			what->job == NW_JOB_ARTICLE;

	if (what->error && sync && !was_cancelled(what))
		note_failure(&folder->last_error, &folder->error_logged,
			     folder->folder.name, what->error);
	else if (what->error && !was_cancelled(what) &&
		 !is_awaited(folder, what->serial))
		log_failure(folder->folder.name, what->error);
	if (!what->error && sync)
		note_success(&folder->last_error, &folder->error_logged);
	if (!what->error && what->job == NW_JOB_CHECK)
		folder->last_success_utc = nw_agent_now_utc();
	if (!what->error && what->job == NW_JOB_ARTICLE)
		show_article(folder, what->serial);
	if (what->job == NW_JOB_CHECK && what->groups)
		nw_agent_take_groups(folder, what->groups);
	if (!what->error && what->job == NW_JOB_SUBSCRIBE && what->text)
		(void)nw_tree_add_by_address(folder, what->text,
					     description_of(what));
	if (!report.timer_id)
		write_list();
}

void nw_agent_report(struct nw_folder *folder, const struct nw_report *what)
{
	static void (*const act[])(struct nw_folder *,
				   const struct nw_report *) = {
		[NW_REPORT_PHASE] = report_phase,
		[NW_REPORT_PROGRESS] = report_progress,
		[NW_REPORT_GROUP] = report_group,
		[NW_REPORT_FAILED] = report_failed,
		[NW_REPORT_DONE] = report_done,
	};

	act[what->kind](folder, what);
}

void nw_agent_report_stop(void)
{
	set_text(NULL);
	set_progress(0, 0);
	if (report.timer_id)
		(void)g_source_remove(report.timer_id);
	report.timer_id = 0;
	report.rest_until_us = 0;
	report.write = FALSE;
	g_clear_pointer(&report.soon, g_hash_table_unref);
}
