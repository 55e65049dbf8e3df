/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <event2/event.h>
#include <signal.h>

#include "cmd_private.h"
#include "newswire/pipeline.h"

static const struct nw_option options[] = {
	{ "all", NULL, "poll every source, due or not" },
	{ NULL, NULL, NULL },
};

/* The sources that are named, all of them, or those that are due. */
static int choose(struct nw_context *context, struct nw_store *store,
		  struct nw_source **sources_r, size_t *count_r,
		  struct nw_error *err)
{
	bool all = nw_option_value(context, "all", 0) != NULL;
	struct nw_source *sources;
	int i, found;

	if (!context->argc)
		return nw_source_list(store, context->arena,
				      all ? NW_TIME_NONE : nw_clock_now(),
				      sources_r, count_r, err);
	sources = nw_arena_alloc(context->arena,
				 (size_t)context->argc * sizeof(*sources));
	for (i = 0; i < context->argc; i++) {
		found = nw_source_find(store, context->arena, context->argv[i],
				       &sources[i], err);
		if (found == 0)
			return nw_error_set(err, NW_ERROR_MISSING,
					    "%s: not subscribed to; newswire "
					    "list shows what is",
					    context->argv[i]);
		if (found < 0)
			return -1;
	}
	*sources_r = sources;
	*count_r = (size_t)context->argc;
	return 0;
}

/* On SIGINT and SIGTERM: what is stored is whole, what is under way is left
 * for the next run. */
static void stop(evutil_socket_t signal_number, short what, void *base)
{
	(void)signal_number;
	(void)what;
	(void)event_base_loopbreak(base);
}

static int poll_all(struct nw_context *context, struct event_base *base,
		    struct nw_store *store, struct nw_pipeline_stats *stats_r,
		    struct nw_error *err)
{
	const struct nw_pipeline_options options_of_run = {
		.config = &context->config,
		.log = &context->log,
		.now = nw_clock_now,
		.version = PACKAGE_VERSION,
	};
	struct nw_pipeline *pipeline = NULL;
	struct nw_source *sources = NULL;
	size_t count = 0, i;
	int result;

	if (choose(context, store, &sources, &count, err) < 0 ||
	    nw_pipeline_new(&pipeline, base, store, &options_of_run, err) < 0)
		return -1;
	result = 0;
	for (i = 0; i < count && result == 0; i++)
		result = context->argc || nw_option_value(context, "all", 0)
				 ? nw_pipeline_poll(pipeline, &sources[i], err)
				 : nw_pipeline_poll_due(pipeline, &sources[i],
							err);
	/* The signal handlers alone would keep the loop alive. */
	while (result == 0 && nw_pipeline_active(pipeline) &&
	       !event_base_got_break(base))
		if (event_base_loop(base, EVLOOP_ONCE) < 0)
			result = nw_error_set(err, NW_ERROR_INTERNAL,
					      "the event loop failed");
	*stats_r = *nw_pipeline_stats(pipeline);
	nw_pipeline_free(&pipeline);
	return result;
}

/* What to do where there was nothing to do. */
static int log_nothing(struct nw_context *context, struct nw_store *store,
		       struct nw_error *err)
{
	int64_t due_utc;

	if (nw_source_next_due(store, &due_utc, err) < 0)
		return -1;
	nw_log(&context->log, NW_LOG_INFO, "fetch", NULL, "%s",
	       due_utc == NW_TIME_NONE
		       ? "nothing is subscribed to yet; newswire subscribe URL "
			 "begins"
		       : "nothing is due; newswire fetch --all polls every "
			 "source all the same");
	return 0;
}

static int poll_and_say(struct nw_context *context, struct event_base *base,
			struct nw_store *store, struct nw_error *err)
{
	struct nw_pipeline_stats stats = { .sources = 0 };

	if (poll_all(context, base, store, &stats, err) < 0)
		return -1;
	if (stats.rechecks)
		nw_log(&context->log, NW_LOG_INFO, "fetch", NULL,
		       "%u pages read again for edits", stats.rechecks);
	if (!stats.sources)
		return stats.rechecks ? 0 : log_nothing(context, store, err);
	nw_log(&context->log, NW_LOG_INFO, "fetch", NULL,
	       "%u sources polled, %u unchanged, %u failed; %u stories, %u "
	       "articles stored",
	       stats.sources, stats.unchanged, stats.failed, stats.stories,
	       stats.articles);
	if (stats.sources && stats.failed == stats.sources)
		return nw_error_set(err, NW_ERROR_NETWORK,
				    "none of the %u sources could be read; "
				    "newswire status says why",
				    stats.sources);
	return 0;
}

/* What could not be polled keeps nothing back that is stored. */
static int run_on(struct nw_context *context, struct event_base *base,
		  struct nw_store *store, struct nw_error *err)
{
	struct nw_error trouble = { NW_ERROR_NONE, "" };
	int result = poll_and_say(context, base, store, err);

	if (event_base_got_break(base) || !context->config.deliver_count ||
	    !nw_cmd_deliver_all(context, store, &trouble))
		return result;
	if (result < 0)
		nw_log(&context->log, NW_LOG_ERROR, "deliver", NULL, "%s",
		       trouble.text);
	else
		*err = trouble;
	return -1;
}

static int run(struct nw_context *context, struct nw_error *err)
{
	struct event_base *base = event_base_new();
	struct event *interrupt = NULL, *terminate = NULL;
	struct nw_store *store = NULL;
	int result = -1;

	if (!base)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "no event loop could be made");
	interrupt = evsignal_new(base, SIGINT, stop, base);
	terminate = evsignal_new(base, SIGTERM, stop, base);
	if (!interrupt || !terminate || event_add(interrupt, NULL) < 0 ||
	    event_add(terminate, NULL) < 0)
		(void)nw_error_set(err, NW_ERROR_INTERNAL,
				   "no signal handler could be made");
	else if (nw_context_open_store(context, NW_STORE_WRITE, &store,
				       err) == 0)
		result = run_on(context, base, store, err);
	nw_store_close(&store);
	if (interrupt)
		event_free(interrupt);
	if (terminate)
		event_free(terminate);
	event_base_free(base);
	return result;
}

const struct nw_command nw_command_fetch = {
	.name = "fetch",
	.operands = "[GROUP…]",
	.help = "Poll the sources that are due (or those named), once",
	.more = "Then it delivers to the mailboxes of the configuration.",
	.man = "newswire(1), newswire.conf(5)",
	.options = options,
	.operands_max = -1,
	.run = run,
};
