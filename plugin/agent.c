/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The workers of the gateways, what they are asked and who waits for it.
 */
#include "config.h"

#include "claws.h"

#include <string.h>

#include "agent.h"
#include "agent_private.h"
#include "i18n.h"
#include "tree.h"
#include "tree_private.h"

/* The inbox is the one thing that the threads share: workers put reports in,
 * one idle source takes them out. */
static struct {
	GMutex lock;
	GQueue inbox;
	guint idle_id;
} shared = { .inbox = G_QUEUE_INIT };

static struct {
	GList *jobs;
	guint last_serial;
} agent;

gint64 nw_agent_now_utc(void)
{
	return g_get_real_time() / G_USEC_PER_SEC;
}

const GList *nw_agent_jobs(void)
{
	return agent.jobs;
}

static void free_job(struct nw_agent_job *job)
{
	g_free(job->group);
	g_free(job);
}

static struct nw_report *take_report(void)
{
	struct nw_report *report;

	g_mutex_lock(&shared.lock);
	report = g_queue_pop_head(&shared.inbox);
	if (!report)
		shared.idle_id = 0;
	g_mutex_unlock(&shared.lock);
	return report;
}

static struct nw_agent_job *find_job(gconstpointer folder, guint worker_serial)
{
	GList *at;

	for (at = agent.jobs; at; at = at->next) {
		struct nw_agent_job *job = at->data;

		if (job->folder == folder &&
		    (!worker_serial || job->worker_serial == worker_serial))
			return job;
	}
	return NULL;
}

/* Several may have asked for one check.  An answer may ask anew, or take the
 * folder away. */
static void answer_all(gconstpointer folder, const struct nw_report *done)
{
	struct nw_agent_job *job;

	while ((job = find_job(folder, done->serial))) {
		agent.jobs = g_list_remove(agent.jobs, job);
		if (job->answer)
			job->answer(job->folder, done, job->data);
		free_job(job);
	}
	nw_agent_sweep(folder);
	nw_agent_show_state();
}

/* What a window asks when it is answered goes before the articles of the group
 * that was subscribed to. */
static void finish(const struct nw_report *done)
{
	answer_all(done->owner, done);
	if (done->job == NW_JOB_SUBSCRIBE && !done->error && done->text)
		nw_agent_check_subscribed(done->owner, done->text);
}

static gboolean deliver(gpointer data)
{
	struct nw_report *report = take_report();

	(void)data;
	if (!report)
		return G_SOURCE_REMOVE;
	nw_agent_report(report->owner, report);
	if (report->kind == NW_REPORT_DONE)
		finish(report);
	nw_report_free(report);
	return G_SOURCE_CONTINUE;
}

/* In the worker's thread. */
static void hand_over(struct nw_report *report)
{
	g_mutex_lock(&shared.lock);
	g_queue_push_tail(&shared.inbox, report);
	if (!shared.idle_id)
		shared.idle_id = gdk_threads_add_idle(deliver, NULL);
	g_mutex_unlock(&shared.lock);
}

/* Of a worker that has ended, so that none comes after. */
static void drop_reports(gconstpointer owner)
{
	GList *at, *next;

	g_mutex_lock(&shared.lock);
	for (at = shared.inbox.head; at; at = next) {
		struct nw_report *report = at->data;

		next = at->next;
		if (report->owner != owner)
			continue;
		nw_report_free(report);
		g_queue_delete_link(&shared.inbox, at);
	}
	g_mutex_unlock(&shared.lock);
}

static struct nw_worker *worker_of(struct nw_folder *folder)
{
	struct nw_gateway gateway = folder->gateway;

	if (folder->worker)
		return folder->worker;
	gateway.password = nw_tree_password(folder);
	folder->worker = nw_worker_new(&gateway, hand_over, folder);
	if (gateway.password)
		explicit_bzero(gateway.password, strlen(gateway.password));
	g_free(gateway.password);
	return folder->worker;
}

static struct nw_agent_job *ask(struct nw_folder *folder, struct nw_job *job)
{
	struct nw_agent_job *asked = g_new0(struct nw_agent_job, 1);
	struct nw_worker *worker = worker_of(folder);

	asked->folder = folder;
	asked->kind = job->kind;
	asked->number = job->number;
	if (!++agent.last_serial)
		agent.last_serial = 1;
	asked->serial = agent.last_serial;
	asked->worker_serial = nw_worker_ask(worker, job);
	agent.jobs = g_list_append(agent.jobs, asked);
	nw_agent_show_state();
	return asked;
}

guint nw_agent_ask(struct nw_folder *folder, struct nw_job *job,
		   nw_agent_answer_fn *answer, gpointer data)
{
	struct nw_agent_job *asked = ask(folder, job);

	asked->answer = answer;
	asked->data = data;
	return asked->serial;
}

void nw_agent_ask_article(FolderItem *item, guint32 number)
{
	struct nw_job *job = nw_job_new(NW_JOB_ARTICLE, NULL);
	struct nw_agent_job *asked;

	g_ptr_array_add(job->wishes, nw_item_wish(item));
	job->number = number;
	asked = ask((struct nw_folder *)item->folder, job);
	asked->group = g_strdup(item->path);
}

void nw_agent_forget(guint serial)
{
	GList *at;

	for (at = agent.jobs; at; at = at->next) {
		struct nw_agent_job *job = at->data;

		if (job->serial == serial)
			job->answer = NULL;
	}
}

static void stop_worker(struct nw_folder *folder)
{
	struct nw_worker *worker = folder->worker;

	folder->worker = NULL;
	nw_worker_stop(worker);
	drop_reports(folder);
}

/* Who waits for the worker is told why it ended. */
static void end_worker(struct nw_folder *folder, const char *why)
{
	struct nw_report done = {
		.kind = NW_REPORT_DONE,
		.owner = folder,
	};

	if (!folder->worker)
		return;
	stop_worker(folder);
	done.error = g_error_new_literal(NW_SESSION_ERROR,
					 NW_SESSION_ERROR_CANCELLED, why);
	answer_all(folder, &done);
	g_clear_error(&done.error);
}

void nw_agent_stop_folder(struct nw_folder *folder)
{
	end_worker(folder, _("The gateway was changed."));
}

gboolean nw_agent_is_busy(gconstpointer folder)
{
	return find_job(folder, 0) != NULL;
}

/* What was under way is due again. */
static void end_elsewhere(struct nw_folder *folder)
{
	GList *at, *items;

	if (nw_agent_is_busy(folder)) {
		items = nw_tree_items(folder);
		for (at = items; at; at = at->next)
			((struct nw_item *)at->data)->last_check_utc = 0;
		g_list_free(items);
	}
	end_worker(folder, _("Claws Mail went offline."));
}

void nw_agent_stop_elsewhere(void)
{
	GList *at, *folders = nw_tree_folders();

	for (at = folders; at; at = at->next) {
		struct nw_folder *folder = at->data;

		if (!nw_gateway_is_local(&folder->gateway) &&
		    !nw_agent_is_synchronising(folder))
			end_elsewhere(folder);
	}
	g_list_free(folders);
}

void nw_agent_start(void)
{
	nw_agent_check_start();
}

void nw_agent_stop(void)
{
	GList *at, *folders = nw_tree_folders();

	nw_agent_check_stop();
	for (at = folders; at; at = at->next)
		stop_worker(at->data);
	g_list_free(folders);
	if (shared.idle_id)
		(void)g_source_remove(shared.idle_id);
	shared.idle_id = 0;
	g_list_free_full(agent.jobs, (GDestroyNotify)free_job);
	agent.jobs = NULL;
	nw_agent_subscribe_stop();
	nw_agent_report_stop();
}
