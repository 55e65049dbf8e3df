/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>

#include "newswire/command.h"

static int run(struct nw_context *context, struct nw_error *err)
{
	const struct nw_config *config = &context->config;
	struct nw_store *store = NULL;
	uint64_t expired = 0;
	int result;

	if (!config->expire_age_s && !config->expire_count) {
		nw_log(&context->log, NW_LOG_INFO, "expire", NULL,
		       "articles are kept for ever; expire-age and "
		       "expire-count in %s change that",
		       config->config_path);
		return 0;
	}
	if (nw_context_open_store(context, NW_STORE_WRITE, &store, err) < 0)
		return -1;
	result = nw_store_expire(store, config->expire_age_s,
				 config->expire_count, nw_clock_now(),
				 &expired, err);
	nw_store_close(&store);
	if (result < 0)
		return -1;
	nw_log(&context->log, NW_LOG_INFO, "expire", NULL,
	       "%" PRIu64 " articles removed", expired);
	return 0;
}

const struct nw_command nw_command_expire = {
	.name = "expire",
	.operands = "",
	.help = "Remove articles that are past the configured age or count",
	.man = "newswire(1), newswire.conf(5)",
	.run = run,
};
