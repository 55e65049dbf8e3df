/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>

#include "newswire/check.h"
#include "newswire/command.h"
#include "newswire/limits.h"

struct report {
	struct nw_context *context;
	uint64_t printed;
};

static void progress(void *argument, uint64_t done, uint64_t total,
		     const char *part)
{
	const struct report *report = argument;

	nw_log_progress(&report->context->log, "check", (unsigned long)done,
			(unsigned long)total, part);
}

static void fault(void *argument, const char *object, const char *reason)
{
	struct report *report = argument;

	if (report->printed++ >= NW_CHECK_FAULTS)
		return;
	progress(argument, 0, 0, NULL);
	(void)fprintf(report->context->out, "%s: %s\n", object, reason);
}

static int tell(struct report *report, uint64_t faults,
		struct nw_error *err)
{
	struct nw_context *context = report->context;
	const char *path = context->config.store_path;

	progress(report, 0, 0, NULL);
	if (report->printed > NW_CHECK_FAULTS)
		(void)fprintf(context->out, "and %" PRIu64 " more\n",
			      report->printed - NW_CHECK_FAULTS);
	if (faults)
		return nw_error_set(err, NW_ERROR_DAMAGED,
				    "%s: has %" PRIu64 " fault%s; newswire "
				    "recover saves what can be saved",
				    path, faults, faults == 1 ? "" : "s");
	nw_log(&context->log, NW_LOG_INFO, "check", path,
	       "nothing is wrong with it");
	return 0;
}

static int run(struct nw_context *context, struct nw_error *err)
{
	struct report report = { .context = context };
	const struct nw_check_watch watch = { fault, progress, &report };
	struct nw_store *store = NULL;
	uint64_t faults;
	int result;

	if (nw_context_open_store(context, NW_STORE_READ, &store, err) < 0)
		return -1;
	result = nw_store_check(store, &watch, &faults, err);
	if (result == 0)
		result = tell(&report, faults, err);
	nw_store_close(&store);
	return result;
}

const struct nw_command nw_command_check = {
	.name = "check",
	.operands = "",
	.help = "Say what is wrong with the store",
	.more = "A line for each fault; the exit code is 0 when there is none, "
		"else 65.",
	.man = "newswire(1)",
	.run = run,
};
