/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "cmd_private.h"

static const struct nw_option options[] = {
	{ "edits", "HOW", "replace (default) or append" },
	{ NULL, NULL, NULL },
};

/* A target that the configuration has too gets the rest from there. */
static int inherit(struct nw_context *context, struct nw_deliver_job *job,
		   struct nw_error *err)
{
	struct nw_deliver_job *jobs;
	size_t count, i;

	if (nw_cmd_deliver_jobs(context, &jobs, &count, err) < 0)
		return -1;
	for (i = 0; i < count; i++)
		if (strcmp(jobs[i].target.name, job->target.name) == 0)
			*job = jobs[i];
	return 0;
}

static int read_job(struct nw_context *context, struct nw_deliver_job *job,
		    struct nw_error *err)
{
	const char *edits = nw_option_value(context, "edits", 0);
	int choice;

	if (nw_target_parse(context->arena, context->argv[0], &job->target,
			    err) < 0 ||
	    inherit(context, job, err) < 0)
		return -1;
	if (edits) {
		choice = nw_option_choice("edits", edits,
					  nw_deliver_edits_names,
					  NW_DELIVER_EDITS, err);
		if (choice < 0)
			return -1;
		job->edits = (enum nw_deliver_edits)choice;
	}
	if (context->argc > 1) {
		job->groups = (const char *const *)(context->argv + 1);
		job->group_count = (size_t)context->argc - 1;
	}
	job->now = nw_clock_now;
	return 0;
}

static int run(struct nw_context *context, struct nw_error *err)
{
	struct nw_deliver_job job = { .edits = NW_DELIVER_REPLACE };
	struct nw_store *store = NULL;
	int result;

	if (read_job(context, &job, err) < 0 ||
	    nw_context_open_store(context, NW_STORE_WRITE, &store, err) < 0)
		return -1;
	result = nw_cmd_deliver(context, store, &job, true, err);
	nw_store_close(&store);
	return result;
}

const struct nw_command nw_command_deliver = {
	.name = "deliver",
	.operands = "TARGET [GROUP…]",
	.help = "Put what is stored, and not there yet, into a mailbox",
	.more = "TARGET is mbox:FILE, maildir:DIR, mh:DIR, imap://USER@HOST/"
		"FOLDER or\nimaps://USER@HOST/FOLDER; {group} in it is the "
		"name of the group.",
	.man = "newswire(1), newswire.conf(5)",
	.options = options,
	.operands_min = 1,
	.operands_max = -1,
	.run = run,
};
