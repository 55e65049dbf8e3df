/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "serve_private.h"

static struct nw_nntp_allowance
allowance(const struct nw_config_allowance *configured)
{
	return (struct nw_nntp_allowance){ configured->connections,
					   configured->commands_s,
					   configured->bytes_s };
}

/* The networks are in the arena. */
static struct nw_nntp_limit_options limits_of(struct nw_arena *arena,
					      const struct nw_config *config)
{
	struct nw_net *nets = nw_arena_alloc(arena, config->unlimited_count *
							    sizeof(*nets));
	struct nw_nntp_limit_options options = {
		.allowances = {
			[NW_NNTP_ADDRESS] = allowance(&config->per_address),
			[NW_NNTP_USER] = allowance(&config->per_user),
		},
		.unlimited = nets,
		.readers = config->readers,
	};
	size_t i;

	/* "none" is no network, and was checked. */
	for (i = 0; i < config->unlimited_count; i++)
		if (nw_net_read(config->unlimited[i],
				&nets[options.unlimited_count]))
			options.unlimited_count++;
	return options;
}

int nw_serve_limits(struct nw_context *context,
		    struct nw_nntp_limits **limits_r, struct nw_error *err)
{
	const struct nw_nntp_limit_options options =
		limits_of(context->arena, &context->config);

	return nw_nntp_limits_new(limits_r, &options, err);
}

int nw_serve_take(struct nw_context *context, struct nw_nntp_limits *limits,
		  struct nw_error *err)
{
	struct nw_nntp_limit_options options;
	struct nw_config config;

	if (nw_config_load(context->arena, context->home, &config, err) < 0)
		return -1;
	options = limits_of(context->arena, &config);
	if (nw_nntp_limits_change(limits, &options, err) < 0)
		return -1;
	context->config = config;
	return 0;
}
