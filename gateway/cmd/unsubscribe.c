/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cmd_private.h"
#include "newswire/source.h"
#include "subscribe_private.h"

static int run(struct nw_context *context, struct nw_error *err)
{
	const char *operand = context->argv[0], *url;
	struct nw_store *store = NULL;
	struct nw_source source;
	int found;

	if (nw_context_open_store(context, NW_STORE_WRITE, &store, err) < 0)
		return -1;
	found = nw_source_find(store, context->arena, operand, &source, err);
	url = found == 0 ? nw_source_address(context->arena, operand) : NULL;
	if (url)
		found = nw_source_find(store, context->arena, url, &source,
				       err);
	if (found > 0)
		found = nw_source_remove(store, source.id, err) < 0 ? -1 : 1;
	else if (found == 0)
		(void)nw_error_set(err, NW_ERROR_MISSING,
				   "%s: not subscribed to; newswire list shows "
				   "what is",
				   operand);
	nw_store_close(&store);
	if (found <= 0)
		return -1;
	nw_log(&context->log, NW_LOG_INFO, "unsubscribe", source.group,
	       "%s is not polled any more; its articles stay", source.url);
	return 0;
}

const struct nw_command nw_command_unsubscribe = {
	.name = "unsubscribe",
	.operands = "GROUP|URL",
	.help = "Stop polling a source; its articles stay readable",
	.man = "newswire(1)",
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
