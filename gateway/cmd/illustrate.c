/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pictures of a message that nothing is kept of: by the pipeline as ever,
 * into a store that is nowhere but in memory.
 */
#include "config.h"

#include <event2/event.h>

#include "cmd_private.h"
#include "newswire/pipeline.h"

#define IN_MEMORY ":memory:"

static int wait_for(struct nw_pipeline *pipeline, struct event_base *base,
		    struct nw_error *err)
{
	while (nw_pipeline_active(pipeline))
		if (event_base_loop(base, EVLOOP_ONCE) < 0)
			return nw_error_set(err, NW_ERROR_INTERNAL,
					    "the event loop failed");
	return 0;
}

static int get(struct nw_context *context, struct event_base *base,
	       struct nw_store *store, const struct nw_thread *thread,
	       struct nw_error *err)
{
	const struct nw_pipeline_options options = {
		.config = &context->config,
		.log = &context->log,
		.now = nw_clock_now,
		.version = PACKAGE_VERSION,
	};
	struct nw_pipeline *pipeline = NULL;
	int result;

	if (nw_pipeline_new(&pipeline, base, store, &options, err) < 0)
		return -1;
	nw_pipeline_illustrate(pipeline, context->arena, thread);
	result = wait_for(pipeline, base, err);
	nw_pipeline_free(&pipeline);
	return result;
}

int nw_cmd_illustrate(struct nw_context *context,
		      const struct nw_thread *thread,
		      struct nw_message_options *options, struct nw_error *err)
{
	struct event_base *base = event_base_new();
	struct nw_store *store = NULL;
	int result = -1;

	if (!base)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "no event loop could be made");
	if (nw_store_open(&store, IN_MEMORY, NW_STORE_WRITE, err) == 0)
		result = get(context, base, store, thread, err);
	if (result == 0)
		result = nw_pipeline_album(store, context->arena,
					   &context->config, thread, options,
					   err);
	nw_store_close(&store);
	event_base_free(base);
	return result;
}
