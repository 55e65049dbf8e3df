/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "newswire/command.h"
#include "newswire/limits.h"
#include "newswire/recover.h"

static const struct nw_option options[] = {
	{ "to", "FILE", "save into FILE (newswire.db.recovered)" },
	{ "replace", NULL, "put what was saved in the place of the store" },
	{ NULL, NULL, NULL },
};

static void progress(void *argument, uint64_t done, uint64_t total,
		     const char *part)
{
	const struct nw_context *context = argument;

	nw_log_progress(&context->log, "recover", (unsigned long)done,
			(unsigned long)total, part);
}

static void tell(void *argument, const char *object, const char *what)
{
	struct nw_context *context = argument;

	progress(context, 0, 0, NULL);
	nw_log(&context->log, NW_LOG_INFO, "recover", object, "%s", what);
}

static void tell_saved(struct nw_context *context, const char *to,
		       const struct nw_recovery *saved)
{
	progress(context, 0, 0, NULL);
	nw_log(&context->log, NW_LOG_INFO, "recover", to,
	       "%" PRIu64 " articles in %" PRIu64 " groups, %" PRIu64
	       " stories and %" PRIu64 " sources saved; %" PRIu64
	       " articles are lost",
	       saved->articles, saved->groups, saved->stories, saved->sources,
	       saved->lost);
}

static int replace(struct nw_context *context, const char *to,
		   struct nw_error *err)
{
	const char *path = context->config.store_path;
	char kept[NW_PATH_BYTES];

	if (nw_store_replace(path, to, nw_clock_now(), kept, err) < 0)
		return -1;
	nw_log(&context->log, NW_LOG_INFO, "recover", path,
	       "is what was saved; the damaged store is kept as %s", kept);
	return 0;
}

static int run(struct nw_context *context, struct nw_error *err)
{
	const struct nw_recover_watch watch = { tell, progress, context };
	const char *path = context->config.store_path;
	const char *to = nw_option_value(context, "to", 0);
	bool replaces = nw_option_value(context, "replace", 0) != NULL;
	struct nw_recovery saved = { .lost = 0 };

	if (access(path, F_OK) && errno == ENOENT)
		return nw_error_set(err, NW_ERROR_MISSING,
				    "%s: is not there; --home names the "
				    "folder of the store", path);
	if (!to)
		to = nw_arena_printf(context->arena, "%s.recovered", path);
	if (replaces && nw_store_is_free(path, err) < 0)
		return -1;
	if (nw_store_recover(path, to, nw_clock_now(), &watch, &saved, err) < 0)
		return -1;
	tell_saved(context, to, &saved);
	return replaces ? replace(context, to, err) : 0;
}

const struct nw_command nw_command_recover = {
	.name = "recover",
	.operands = "",
	.help = "Save what can be saved of a damaged store",
	.more = "The damaged store is only read; with --replace it is kept "
		"under another name.\nEnd newswire serve before that.",
	.man = "newswire(1)",
	.options = options,
	.run = run,
};
