/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Targets of the configuration, and a delivery that a person can watch and
 * interrupt.
 */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "cmd_private.h"

/* serve and fetch run in some folder or other: what a path in the configuration
 * is relative to would be chance. */
static bool is_relative(const char *target)
{
	const char *path = strchr(target, ':');

	return path && path[1] && path[1] != '/' &&
	       strncmp(path + 1, "~/", 2) != 0;
}

const char *nw_cmd_passwords(const struct nw_context *context)
{
	const char *config = context->config.config_path;
	const char *name = strrchr(config, '/');

	return nw_arena_printf(context->arena, "%.*spasswords",
			       name ? (int)(name + 1 - config) : 0, config);
}

static int read_job(struct nw_context *context,
		    const struct nw_config_deliver *deliver,
		    struct nw_deliver_job *job, struct nw_error *err)
{
	int edits = nw_option_choice("edits", deliver->edits,
				     nw_deliver_edits_names,
				     NW_DELIVER_EDITS, err);

	if (edits < 0 ||
	    nw_target_parse(context->arena, deliver->target, &job->target,
			    err) < 0)
		return -1;
	if (is_relative(deliver->target))
		return nw_error_set(err, NW_ERROR_USAGE,
				    "%s: write it as an absolute path",
				    deliver->target);
	job->target.password_file = deliver->password_file
					    ? deliver->password_file
					    : nw_cmd_passwords(context);
	job->target.ca_file = deliver->ca_file;
	job->edits = (enum nw_deliver_edits)edits;
	job->groups = deliver->groups;
	job->group_count = deliver->group_count;
	job->now = nw_clock_now;
	return 0;
}

int nw_cmd_deliver_jobs(struct nw_context *context,
			struct nw_deliver_job **jobs_r, size_t *count_r,
			struct nw_error *err)
{
	const struct nw_config *config = &context->config;
	struct nw_deliver_job *jobs =
		nw_arena_alloc(context->arena,
			       config->deliver_count * sizeof(*jobs));
	size_t i;

	for (i = 0; i < config->deliver_count; i++)
		if (read_job(context, &config->delivers[i], &jobs[i], err)) {
			err->code = NW_ERROR_CONFIG;
			return nw_error_prefix(err, "%s:%d: deliver",
					       config->config_path,
					       config->delivers[i].line);
		}
	*jobs_r = jobs;
	*count_r = config->deliver_count;
	return 0;
}

void nw_cmd_signals(sigset_t *set_r)
{
	(void)sigemptyset(set_r);
	(void)sigaddset(set_r, SIGINT);
	(void)sigaddset(set_r, SIGTERM);
}

void nw_cmd_signals_hold(sigset_t *before_r)
{
	sigset_t held;

	nw_cmd_signals(&held);
	(void)sigprocmask(SIG_BLOCK, &held, before_r);
}

bool nw_cmd_signals_came(void)
{
	sigset_t pending;

	(void)sigemptyset(&pending);
	(void)sigpending(&pending);
	return sigismember(&pending, SIGINT) == 1 ||
	       sigismember(&pending, SIGTERM) == 1;
}

void nw_cmd_signals_release(const sigset_t *before)
{
	(void)sigprocmask(SIG_SETMASK, before, NULL);
}

static bool stop(void *context)
{
	(void)context;
	return nw_cmd_signals_came();
}

static void progress(void *argument, uint64_t done, uint64_t total,
		     const char *group)
{
	const struct nw_context *context = argument;

	nw_log_progress(&context->log, "deliver", (unsigned long)done,
			(unsigned long)total, group);
}

void nw_cmd_log_delivered(const struct nw_log *log, const char *target,
			  const struct nw_deliver_result *result)
{
	uint64_t all = result->appended + result->replaced;
	const char *ending = all == 1 ? "" : "s";

	if (result->replaced)
		nw_log(log, NW_LOG_INFO, "deliver", target,
		       "%" PRIu64 " article%s delivered, %" PRIu64
		       " in the place of an earlier one",
		       all, ending, result->replaced);
	else
		nw_log(log, NW_LOG_INFO, "deliver", target,
		       "%" PRIu64 " article%s delivered", all, ending);
}

int nw_cmd_deliver(struct nw_context *context, struct nw_store *store,
		   struct nw_deliver_job *job, bool say_nothing,
		   struct nw_error *err)
{
	struct nw_deliver_result result = { 0, 0, 0 };
	sigset_t before;
	int failed;

	job->stop = stop;
	job->progress = progress;
	job->context = context;
	nw_cmd_signals_hold(&before);
	failed = nw_deliver(store, job, &result, err);
	nw_log_progress(&context->log, "deliver", 0, 0, NULL);
	if (say_nothing && !failed && !result.groups && job->group_count)
		failed = nw_error_set(err, NW_ERROR_MISSING,
				      "%s: there is no such group; newswire "
				      "list shows those there are",
				      job->groups[0]);
	if (result.appended || result.replaced || (say_nothing && !failed))
		nw_cmd_log_delivered(&context->log, job->target.name, &result);
	nw_cmd_signals_release(&before);
	return failed;
}

int nw_cmd_deliver_all(struct nw_context *context, struct nw_store *store,
		       struct nw_error *err)
{
	struct nw_error trouble = { NW_ERROR_NONE, "" };
	struct nw_deliver_job *jobs;
	size_t count, i;
	int result = 0;

	if (nw_cmd_deliver_jobs(context, &jobs, &count, err) < 0)
		return -1;
	for (i = 0; i < count; i++) {
		if (nw_cmd_deliver(context, store, &jobs[i], false,
				   &trouble) == 0)
			continue;
		if (result < 0)
			nw_log(&context->log, NW_LOG_ERROR, "deliver", NULL,
			       "%s", trouble.text);
		else
			*err = trouble;
		result = -1;
	}
	return result;
}
