/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Jobs that bring articles: newswire looks at the web (on this computer), then
 * the groups are made equal.
 */
#include "config.h"

#include <string.h>

#include "i18n.h"
#include "program.h"
#include "worker.h"
#include "worker_private.h"

#define PROGRESS_US (G_USEC_PER_SEC / 4) /* between two reports */
#define LOOKING	    N_("Looking for news on the web")

static struct nw_report *report_of(const struct nw_work *work,
				   enum nw_report_kind kind,
				   const struct nw_sync_outcome *outcome)
{
	struct nw_report *report = nw_worker_report(work, kind);

	work->worker->told = TRUE;
	report->outcome = *outcome;
	report->outcome.group = g_strdup(outcome->group);
	return report;
}

static gboolean tell_progress(const struct nw_sync_outcome *so_far, guint done,
			      guint total, gpointer data)
{
	const struct nw_work *work = data;
	struct nw_worker *worker = work->worker;
	gint64 now_us = g_get_monotonic_time();
	struct nw_report *report;

	if (now_us - worker->told_us >= PROGRESS_US) {
		worker->told_us = now_us;
		report = report_of(work, NW_REPORT_PROGRESS, so_far);
		report->done = done;
		report->total = total;
		nw_worker_tell(work, report);
	}
	return !g_cancellable_is_cancelled(worker->cancel);
}

static void tell_finished(const struct nw_sync_outcome *outcome, gpointer data)
{
	const struct nw_work *work = data;

	nw_worker_tell(work, report_of(work, NW_REPORT_GROUP, outcome));
}

static void tell_failed(const char *group, const GError *why, gpointer data)
{
	const struct nw_work *work = data;
	const struct nw_sync_outcome outcome = { .group = (char *)group };
	struct nw_report *report = report_of(work, NW_REPORT_FAILED, &outcome);

	report->error = g_error_copy(why);
	nw_worker_tell(work, report);
}

static gboolean sync_in_session(struct nw_session *session,
				const struct nw_work *work, GError **error)
{
	const struct nw_sync_calls calls = {
		.progress = tell_progress,
		.finished = tell_finished,
		.failed = tell_failed,
		.data = (gpointer)work,
	};

	if (!nw_sync_groups(session, work->job->wishes, &calls, error))
		return FALSE;
	if (nw_gateway_is_local(work->worker->gateway))
		work->done->groups = nw_session_groups(session, error);
	return work->done->groups ||
	       !nw_gateway_is_local(work->worker->gateway);
}

/* What could not be polled keeps nothing back that newswire has. */
gboolean nw_work_check(const struct nw_work *work, GError **error)
{
	GError *poll_error = NULL;
	gboolean synced;

	if (nw_gateway_is_local(work->worker->gateway))
		(void)nw_work_poll(work, &poll_error);
	nw_worker_phase(work, _("Fetching articles"));
	synced = nw_worker_in_session(work, sync_in_session, error);
	if (synced && poll_error)
		g_propagate_error(error, poll_error);
	else
		g_clear_error(&poll_error);
	return synced;
}

static gboolean article_in_session(struct nw_session *session,
				   const struct nw_work *work, GError **error)
{
	return nw_sync_article(session, work->job->wishes->pdata[0],
			       work->job->number, error);
}

gboolean nw_work_article(const struct nw_work *work, GError **error)
{
	g_return_val_if_fail(work->job->wishes->len, FALSE);
	nw_worker_phase(work, _("Fetching the article"));
	return nw_worker_in_session(work, article_in_session, error);
}

static gboolean groups_in_session(struct nw_session *session,
				  const struct nw_work *work, GError **error)
{
	work->done->groups = nw_session_groups(session, error);
	return work->done->groups != NULL;
}

gboolean nw_work_groups(const struct nw_work *work, GError **error)
{
	nw_worker_phase(work, _("Asking for the list of groups"));
	return nw_worker_in_session(work, groups_in_session, error);
}

/* Of the lines "GROUP TAB …" those whose group is wished; others_r is how many
 * are not. */
static void add_wished(GPtrArray *arguments, const struct nw_job *job,
		       char *const *lines, guint *others_r)
{
	for (; *lines; lines++) {
		char *tab = strchr(*lines, '\t');

		if (!tab)
			continue;
		*tab = '\0';
		if (nw_job_wishes(job, *lines))
			g_ptr_array_add(arguments, *lines);
		else
			++*others_r;
	}
}

static gboolean fetch(const struct nw_work *work, const char *const *arguments,
		      GError **error)
{
	char *said = nw_worker_run(work, _(LOOKING), arguments, error);

	g_free(said);
	return said != NULL;
}

/* The user asks: what is not due is polled as well.  A group whose source is
 * not subscribed to any more is not named, as newswire would refuse all. */
static gboolean poll_listed(const struct nw_work *work, char *const *lines,
			    GError **error)
{
	GPtrArray *arguments = g_ptr_array_new();
	guint others = 0, named;
	gboolean polled;

	g_ptr_array_add(arguments, (gpointer) "--quiet");
	g_ptr_array_add(arguments, (gpointer) "fetch");
	g_ptr_array_add(arguments, (gpointer) "--");
	named = arguments->len;
	add_wished(arguments, work->job, lines, &others);
	named = arguments->len - named;
	if (!others || !work->job->wishes->len) {
		g_ptr_array_set_size(arguments, 2);
		g_ptr_array_add(arguments, (gpointer) "--all");
		named = 1;
	}
	g_ptr_array_add(arguments, NULL);
	polled = !named ||
		 fetch(work, (const char *const *)arguments->pdata, error);
	g_ptr_array_unref(arguments);
	return polled;
}

static gboolean poll_asked(const struct nw_work *work, GError **error)
{
	const char *const list[] = { "--quiet", "list", NULL };
	char *said, **lines;
	gboolean polled;

	/* Before the first subscription there is nothing that it could list. */
	said = nw_program_run(list, work->worker->cancel, NULL);
	lines = g_strsplit(said ? said : "", "\n", -1);
	polled = poll_listed(work, lines, error);
	g_strfreev(lines);
	g_free(said);
	return polled;
}

/* What was unsubscribed from meanwhile may have been so before newswire looked
 * up what it was told to poll: then it is asked again, for the others. */
gboolean nw_work_poll(const struct nw_work *work, GError **error)
{
	const char *const due[] = { "--quiet", "fetch", NULL };
	GError *why = NULL;
	gboolean polled;
	guint left;

	nw_worker_phase(work, _(LOOKING));
	if (!work->job->by_user)
		return fetch(work, due, error);
	do {
		g_clear_error(&why);
		left = work->worker->left;
		polled = poll_asked(work, &why);
	} while (!polled && left != work->worker->left &&
		 !g_cancellable_is_cancelled(work->worker->cancel));
	if (!polled)
		g_propagate_error(error, why);
	return polled;
}
