/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <unistd.h>

#include "program.h"
#include "worker.h"
#include "worker_private.h"

static nw_work_fn *const acts[] = {
	[NW_JOB_CHECK] = nw_work_check,
	[NW_JOB_ARTICLE] = nw_work_article,
	[NW_JOB_GROUPS] = nw_work_groups,
	[NW_JOB_SUBSCRIBE] = nw_work_subscribe,
	[NW_JOB_UNSUBSCRIBE] = nw_work_unsubscribe,
	[NW_JOB_CHANGE] = nw_work_change,
	[NW_JOB_HISTORY] = nw_work_history,
	[NW_JOB_IMPORT] = nw_work_import,
	[NW_JOB_EXPORT] = nw_work_export,
};

struct nw_job *nw_job_new(enum nw_job_kind kind, const char *text)
{
	struct nw_job *job = g_new0(struct nw_job, 1);

	job->kind = kind;
	job->text = g_strdup(text);
	job->wishes = g_ptr_array_new_with_free_func(nw_sync_wish_free);
	return job;
}

static void free_job(gpointer data)
{
	struct nw_job *job = data;

	if (!job)
		return;
	g_ptr_array_unref(job->wishes);
	g_free(job->text);
	g_free(job->images);
	g_free(job->edits);
	g_free(job);
}

void nw_report_free(struct nw_report *report)
{
	if (!report)
		return;
	g_free(report->outcome.group);
	g_free(report->text);
	if (report->groups)
		g_ptr_array_unref(report->groups);
	g_clear_error(&report->error);
	g_free(report);
}

struct nw_report *nw_worker_report(const struct nw_work *work,
				   enum nw_report_kind kind)
{
	struct nw_report *report = g_new0(struct nw_report, 1);

	report->kind = kind;
	report->job = work->job->kind;
	report->serial = work->job->serial;
	report->owner = work->worker->owner;
	return report;
}

/* When the owner waits for the end, it wants to hear no more. */
void nw_worker_tell(const struct nw_work *work, struct nw_report *report)
{
	if (g_cancellable_is_cancelled(work->worker->cancel))
		nw_report_free(report);
	else
		work->worker->hand_over(report);
}

void nw_worker_phase(const struct nw_work *work, const char *text)
{
	struct nw_report *report = nw_worker_report(work, NW_REPORT_PHASE);

	report->text = g_strdup(text);
	nw_worker_tell(work, report);
}

GPtrArray *nw_worker_groups_new(void)
{
	return g_ptr_array_new_with_free_func(nw_session_group_free);
}

struct nw_session_group *nw_worker_group(const char *name,
					 const char *description)
{
	struct nw_session_group *group = g_new0(struct nw_session_group, 1);

	group->name = g_strdup(name);
	group->description = g_strdup(description);
	return group;
}

/* FALSE when it was no session that could be had. */
static gboolean open_session(struct nw_worker *worker, GError **error)
{
	if (!worker->session)
		worker->session =
			nw_session_open(worker->gateway, worker->cancel, error);
	return worker->session != NULL;
}

static void close_session(struct nw_worker *worker)
{
	nw_session_close(worker->session);
	worker->session = NULL;
}

/* A held session may have been cut off while nobody looked. */
static gboolean is_stale(const struct nw_worker *worker, const GError *why)
{
	return !worker->told && (g_error_matches(why, NW_SESSION_ERROR,
						 NW_SESSION_ERROR_BROKEN) ||
				 g_error_matches(why, NW_SESSION_ERROR,
						 NW_SESSION_ERROR_NETWORK));
}

static gboolean act_once(const struct nw_work *work, nw_work_in_session_fn *act,
			 GError **error)
{
	struct nw_worker *worker = work->worker;
	GError *why = NULL;

	if (!open_session(worker, error))
		return FALSE;
	work->done->may_manage = nw_gateway_is_local(worker->gateway) ||
				 nw_session_may_manage(worker->session);
	if (act(worker->session, work, &why)) {
		if (nw_gateway_is_local(worker->gateway))
			close_session(worker);
		return TRUE;
	}
	if (nw_gateway_is_local(worker->gateway) ||
	    !g_error_matches(why, NW_SESSION_ERROR, NW_SESSION_ERROR_REFUSED))
		close_session(worker);
	g_propagate_error(error, why);
	return FALSE;
}

gboolean nw_worker_in_session(const struct nw_work *work,
			      nw_work_in_session_fn *act, GError **error)
{
	struct nw_worker *worker = work->worker;
	gboolean held = worker->session != NULL, done;
	GError *why = NULL;

	worker->told = FALSE;
	done = act_once(work, act, &why);
	if (!done && held && is_stale(worker, why)) {
		g_clear_error(&why);
		done = act_once(work, act, &why);
	}
	if (!done)
		g_propagate_error(error, why);
	return done;
}

/* Before the end is told, so that no job joins one whose end was told. */
static void leave_job(const struct nw_work *work)
{
	struct nw_worker *worker = work->worker;

	g_mutex_lock(&worker->lock);
	worker->running = work->beside;
	g_mutex_unlock(&worker->lock);
}

static void run_job(struct nw_work *work)
{
	work->done = nw_worker_report(work, NW_REPORT_DONE);
	(void)acts[work->job->kind](work, &work->done->error);
	leave_job(work);
	nw_worker_tell(work, work->done);
}

gboolean nw_job_wishes(const struct nw_job *job, const char *group)
{
	guint i;

	for (i = 0; i < job->wishes->len; i++) {
		const struct nw_sync_wish *wish = job->wishes->pdata[i];

		if (g_str_equal(wish->group, group))
			return TRUE;
	}
	return FALSE;
}

/* A source of the check that is under way is not polled twice at a time, nor
 * one before it is due that the user did not ask for. */
static gboolean may_check_beside(const struct nw_job *job,
				 const struct nw_job *check)
{
	guint i;

	for (i = 0; i < job->wishes->len; i++) {
		const struct nw_sync_wish *wish = job->wishes->pdata[i];

		if (nw_job_wishes(check, wish->group))
			return FALSE;
	}
	return job->by_user && job->wishes->len;
}

/* What a user looks at waits for no check that has not begun, and for nothing
 * that newswire does on the web. */
static gboolean is_urgent(const struct nw_job *job)
{
	return job->kind == NW_JOB_ARTICLE || job->kind == NW_JOB_GROUPS ||
	       job->kind == NW_JOB_HISTORY;
}

/* What changes subscriptions keeps its order. */
static gboolean may_be_done(const struct nw_job *job,
			    const struct nw_work *beside)
{
	if (is_urgent(job))
		return TRUE;
	if (beside->job->kind != NW_JOB_CHECK)
		return FALSE;
	return job->kind != NW_JOB_CHECK ||
	       (!beside->beside && may_check_beside(job, beside->job));
}

/* The first that may be done beside it, or NULL.  Under the lock. */
static struct nw_job *take_beside(struct nw_worker *worker,
				  const struct nw_work *beside)
{
	GList *at = worker->waiting.head;
	struct nw_job *job;

	while (at && !may_be_done(at->data, beside))
		at = at->next;
	if (!at)
		return NULL;
	job = at->data;
	g_queue_delete_link(&worker->waiting, at);
	return job;
}

/* The first there is, or NULL at the end.  Under the lock. */
static struct nw_job *await_job(struct nw_worker *worker)
{
	while (!worker->stopping && g_queue_is_empty(&worker->waiting))
		g_cond_wait(&worker->wake, &worker->lock);
	return worker->stopping ? NULL : g_queue_pop_head(&worker->waiting);
}

/* FALSE when there is none, or it is the end. */
static gboolean do_next(struct nw_worker *worker, const struct nw_work *beside)
{
	struct nw_work work = { .worker = worker, .beside = beside };
	struct nw_job *job = NULL;

	g_mutex_lock(&worker->lock);
	if (!beside)
		job = await_job(worker);
	else if (!worker->stopping)
		job = take_beside(worker, beside);
	work.job = job;
	if (job)
		worker->running = &work;
	g_mutex_unlock(&worker->lock);
	if (job)
		run_job(&work);
	free_job(job);
	return job != NULL;
}

static void attend(const struct nw_worker *worker)
{
	/* When there is no room, it has attention. */
	(void)!write(worker->attention[1], "", 1);
}

struct pause {
	const struct nw_work *work;
	const char *phase;
};

static void do_others(gpointer data)
{
	const struct pause *pause = data;
	struct nw_worker *worker = pause->work->worker;
	gboolean did = FALSE;
	char bytes[64];

	while (read(worker->attention[0], bytes, sizeof(bytes)) > 0)
		;
	while (do_next(worker, pause->work))
		did = TRUE;
	if (did)
		nw_worker_phase(pause->work, pause->phase);
}

/* What waits already is looked at once. */
char *nw_worker_run(const struct nw_work *work, const char *phase,
		    const char *const *arguments, GError **error)
{
	struct pause pause = { .work = work, .phase = phase };
	const struct nw_program_meanwhile meanwhile = {
		.fd = work->worker->attention[0],
		.call = do_others,
		.data = &pause,
	};

	attend(work->worker);
	return nw_program_run_meanwhile(arguments, &meanwhile,
					work->worker->cancel, error);
}

static gpointer work_until_stopped(gpointer data)
{
	struct nw_worker *worker = data;

	while (do_next(worker, NULL))
		;
	close_session(worker);
	return NULL;
}

/* Without it, what waits does so to the end. */
static void open_attention(struct nw_worker *worker)
{
	int i;

	if (!g_unix_open_pipe(worker->attention, FD_CLOEXEC, NULL))
		worker->attention[0] = worker->attention[1] = -1;
	for (i = 0; i < 2; i++)
		(void)g_unix_set_fd_nonblocking(worker->attention[i], TRUE,
						NULL);
}

static void close_attention(struct nw_worker *worker)
{
	int i;

	for (i = 0; i < 2; i++)
		if (worker->attention[i] >= 0)
			(void)close(worker->attention[i]);
}

struct nw_worker *nw_worker_new(const struct nw_gateway *gateway,
				void (*hand_over)(struct nw_report *report),
				gpointer owner)
{
	struct nw_worker *worker = g_new0(struct nw_worker, 1);

	worker->gateway = nw_gateway_copy(gateway);
	worker->hand_over = hand_over;
	worker->owner = owner;
	worker->cancel = g_cancellable_new();
	open_attention(worker);
	g_mutex_init(&worker->lock);
	g_cond_init(&worker->wake);
	g_queue_init(&worker->waiting);
	worker->thread = g_thread_new("newswire", work_until_stopped, worker);
	return worker;
}

static gboolean wants_same(const struct nw_sync_wish *wish,
			   const struct nw_sync_wish *other)
{
	return g_str_equal(wish->group, other->group) &&
	       g_str_equal(wish->dir, other->dir) &&
	       wish->retention_days == other->retention_days &&
	       wish->headers_only == other->headers_only;
}

static gboolean is_in(const struct nw_sync_wish *wish, const GPtrArray *wishes)
{
	guint i;

	for (i = 0; i < wishes->len; i++)
		if (wants_same(wish, wishes->pdata[i]))
			return TRUE;
	return FALSE;
}

/* Whether all of a job is done by the other as well. */
static gboolean is_part_of(const struct nw_job *job, const struct nw_job *other)
{
	guint i;

	if (job->kind != NW_JOB_CHECK || other->kind != NW_JOB_CHECK ||
	    job->by_user > other->by_user)
		return FALSE;
	for (i = 0; i < job->wishes->len; i++)
		if (!is_in(job->wishes->pdata[i], other->wishes))
			return FALSE;
	return TRUE;
}

/* Under the lock. */
static const struct nw_job *find_whole(const struct nw_worker *worker,
				       const struct nw_job *job)
{
	const struct nw_work *work;
	const GList *at;

	for (work = worker->running; work; work = work->beside)
		if (is_part_of(job, work->job))
			return work->job;
	for (at = worker->waiting.head; at; at = at->next)
		if (is_part_of(job, at->data))
			return at->data;
	return NULL;
}

static void enqueue(GQueue *waiting, struct nw_job *job)
{
	GList *at = is_urgent(job) ? waiting->head : NULL;

	while (at && ((const struct nw_job *)at->data)->kind != NW_JOB_CHECK)
		at = at->next;
	/* Before NULL is at the end. */
	g_queue_insert_before(waiting, at, job);
}

guint nw_worker_ask(struct nw_worker *worker, struct nw_job *job)
{
	const struct nw_job *whole;
	guint serial;

	g_mutex_lock(&worker->lock);
	whole = find_whole(worker, job);
	if (whole) {
		serial = whole->serial;
		g_clear_pointer(&job, free_job);
	} else {
		if (++worker->serial == 0)
			worker->serial = 1;
		serial = job->serial = worker->serial;
		enqueue(&worker->waiting, job);
		g_cond_signal(&worker->wake);
		attend(worker);
	}
	g_mutex_unlock(&worker->lock);
	return serial;
}

void nw_worker_stop(struct nw_worker *worker)
{
	if (!worker)
		return;
	g_mutex_lock(&worker->lock);
	worker->stopping = TRUE;
	g_cond_signal(&worker->wake);
	g_mutex_unlock(&worker->lock);
	g_cancellable_cancel(worker->cancel);
	(void)g_thread_join(worker->thread);
	g_queue_clear_full(&worker->waiting, free_job);
	close_attention(worker);
	g_cond_clear(&worker->wake);
	g_mutex_clear(&worker->lock);
	g_object_unref(worker->cancel);
	nw_gateway_free(worker->gateway);
	g_free(worker);
}
