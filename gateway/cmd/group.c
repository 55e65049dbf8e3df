/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * group: newsgroups that no source feeds, for what readers write.
 */
#include "config.h"

#include <string.h>

#include "cmd_private.h"
#include "newswire/source.h"
#include "newswire/wildmat.h"

static const struct nw_option options[] = {
	{ "description", "TEXT", "what it is about, in a line" },
	{ NULL, NULL, NULL },
};

static int run(struct nw_context *context, struct nw_error *err)
{
	const struct nw_config *config = &context->config;
	const char *name = context->argv[1];
	struct nw_store *store = NULL;
	int result;

	if (strcmp(context->argv[0], "add"))
		return nw_error_set(err, NW_ERROR_USAGE,
				    "%s: there is only \"group add NAME\"",
				    context->argv[0]);
	if (nw_context_open_store(context, NW_STORE_WRITE, &store, err) < 0)
		return -1;
	result = nw_group_add(store, name,
			      nw_option_value(context, "description", 0),
			      nw_clock_now(), err);
	nw_store_close(&store);
	if (result == 0 && config->notes && nw_wildmat(config->notes, name))
		nw_log(&context->log, NW_LOG_INFO, "group", name,
		       "takes posts");
	else if (result == 0)
		nw_log(&context->log, NW_LOG_INFO, "group", name,
		       "takes posts when \"notes\" of %s names it",
		       config->config_path);
	return result;
}

const struct nw_command nw_command_group = {
	.name = "group",
	.operands = "add NAME",
	.help = "Make a newsgroup that no source feeds, for readers to post to",
	.man = "newswire(1), newswire.conf(5)",
	.options = options,
	.operands_min = 2,
	.operands_max = 2,
	.run = run,
};
