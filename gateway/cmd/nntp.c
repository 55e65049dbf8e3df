/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * nntp: one reader on standard input and output, for programs that want the
 * news without a daemon, a port or a configuration.
 */
#include "config.h"

#include <event2/event.h>
#include <unistd.h>

#include "cmd_private.h"
#include "newswire/nntp_server.h"

/* Standard input may be a file, which epoll does not wait for. */
static struct event_base *make_base(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base = NULL;

	if (config &&
	    event_config_require_features(config, EV_FEATURE_FDS) == 0)
		base = event_base_new_with_config(config);
	if (config)
		event_config_free(config);
	return base;
}

static int serve(struct nw_context *context, struct event_base *base,
		 struct nw_store *store, struct nw_error *err)
{
	const struct nw_nntp_options nntp_options = {
		.config = &context->config,
		.log = &context->log,
		.now = nw_clock_now,
		.program = NW_CMD_PROGRAM,
		.home = context->home,
	};
	struct nw_nntp_server *server = NULL;
	int result = nw_nntp_server_new(&server, base, store, &nntp_options,
					err);

	if (result == 0)
		result = nw_nntp_server_session(server, STDIN_FILENO,
						STDOUT_FILENO, err);
	if (result == 0 && event_base_dispatch(base) < 0)
		result = nw_error_set(err, NW_ERROR_INTERNAL,
				      "the event loop failed");
	nw_nntp_server_free(&server);
	return result;
}

/* Who reads before anything is subscribed to meets a server without groups. */
static int open_store(struct nw_context *context, struct nw_store **store,
		      struct nw_error *err)
{
	int result = nw_context_open_store(context, NW_STORE_READ, store, err);

	if (result == 0 || err->code != NW_ERROR_MISSING)
		return result;
	if (nw_context_open_store(context, NW_STORE_WRITE, store, err) < 0)
		return -1;
	nw_store_close(store);
	return nw_context_open_store(context, NW_STORE_READ, store, err);
}

static int run(struct nw_context *context, struct nw_error *err)
{
	struct event_base *base = make_base();
	struct nw_store *store = NULL;
	int result;

	if (!base)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "no event loop could be made");
	result = nw_cmd_check_users(context, err);
	if (result == 0)
		result = open_store(context, &store, err);
	if (result == 0)
		result = serve(context, base, store, err);
	nw_store_close(&store);
	event_base_free(base);
	return result;
}

const struct nw_command nw_command_nntp = {
	.name = "nntp",
	.operands = "",
	.help = "Serve one news reader on standard input and output",
	.more = "It ends with QUIT or with its input.",
	.man = "newswire(1)",
	.run = run,
};
