/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>

#include "newswire/command.h"
#include "newswire/picture_cache.h"

static int expire_articles(struct nw_context *context, struct nw_store *store,
			   struct nw_error *err)
{
	const struct nw_config *config = &context->config;
	uint64_t expired;

	if (!config->expire_age_s && !config->expire_count) {
		nw_log(&context->log, NW_LOG_INFO, "expire", NULL,
		       "articles are kept for ever; expire-age and "
		       "expire-count in %s change that",
		       config->config_path);
		return 0;
	}
	if (nw_store_expire(store, config->expire_age_s, config->expire_count,
			    nw_clock_now(), &expired, err) < 0)
		return -1;
	nw_log(&context->log, NW_LOG_INFO, "expire", NULL,
	       "%" PRIu64 " article%s removed", expired,
	       expired == 1 ? "" : "s");
	return 0;
}

static int expire_pictures(struct nw_context *context, struct nw_store *store,
			   struct nw_error *err)
{
	uint64_t expired;

	if (nw_picture_cache_expire(store, nw_clock_now(), &expired, err) < 0)
		return -1;
	if (expired)
		nw_log(&context->log, NW_LOG_INFO, "expire", NULL,
		       "%" PRIu64 " picture%s removed", expired,
		       expired == 1 ? "" : "s");
	return 0;
}

static int run(struct nw_context *context, struct nw_error *err)
{
	struct nw_store *store = NULL;
	int result;

	if (nw_context_open_store(context, NW_STORE_WRITE, &store, err) < 0)
		return -1;
	result = expire_articles(context, store, err);
	if (result == 0)
		result = expire_pictures(context, store, err);
	nw_store_close(&store);
	return result;
}

const struct nw_command nw_command_expire = {
	.name = "expire",
	.operands = "",
	.help = "Remove articles that are past the configured age or count",
	.man = "newswire(1), newswire.conf(5)",
	.run = run,
};
