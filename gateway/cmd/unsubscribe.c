/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "cmd_private.h"
#include "newswire/group.h"
#include "newswire/source.h"
#include "subscribe_private.h"

/* A group that nothing feeds any more is none the less no address: who names
 * it means no other group, which a source of that address may feed. */
static int find(struct nw_context *context, struct nw_store *store,
		struct nw_source *source, struct nw_error *err)
{
	const char *operand = context->argv[0], *url;
	struct nw_group group;
	int found = nw_source_find(store, context->arena, operand, source, err);

	if (found)
		return found;
	found = nw_group_find(store, operand, &group, err);
	if (found)
		return found < 0 ? -1 : 0;
	url = nw_source_address(context->arena, operand);
	return url ? nw_source_find(store, context->arena, url, source, err)
		   : 0;
}

static int run(struct nw_context *context, struct nw_error *err)
{
	struct nw_store *store = NULL;
	struct nw_source source;
	int found;

	if (nw_context_open_store(context, NW_STORE_WRITE, &store, err) < 0)
		return -1;
	found = find(context, store, &source, err);
	if (found > 0)
		found = nw_source_remove(store, source.id, err) < 0 ? -1 : 1;
	else if (found == 0)
		(void)nw_error_set(err, NW_ERROR_MISSING,
				   "%s: not subscribed to; newswire list shows "
				   "what is",
				   context->argv[0]);
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
