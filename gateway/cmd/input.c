/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cmd_private.h"
#include "newswire/buf.h"
#include "newswire/limits.h"
#include "newswire/url.h"

int nw_cmd_format(const struct nw_context *context, const char *const *names,
		  int count, struct nw_error *err)
{
	const char *value = nw_option_value(context, "format", 0);

	return value ? nw_option_choice("format", value, names, count, err) : 0;
}

struct nw_fetch_policy nw_cmd_fetch_policy(const struct nw_config *config)
{
	return (struct nw_fetch_policy){
		.user_agent = config->user_agent,
		.allow_private = config->allow_private,
		.body_bytes = config->fetch_body_bytes,
		.connect_ms = NW_FETCH_CONNECT_MS,
		.total_ms = config->fetch_total_ms,
		.per_host = NW_FETCH_PER_HOST,
		.pause_ms = config->host_pause_ms,
		.proxy = config->proxy,
		.parallel = NW_FETCH_PARALLEL,
	};
}

static int read_all(struct nw_buf *buf, FILE *file, const char *name,
		    struct nw_error *err)
{
	char piece[65536];
	size_t got;

	while ((got = fread(piece, 1, sizeof(piece), file)) > 0)
		nw_buf_add(buf, piece, got);
	if (ferror(file))
		return nw_error_errno(err, "%s", name);
	if (!nw_buf_ok(buf))
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "%s: larger than %zu bytes (fetch-size in "
				    "newswire.conf)",
				    name, buf->max);
	return 0;
}

static int read_stream(struct nw_arena *arena, FILE *file, const char *name,
		       size_t bytes_max, struct nw_input *input_r,
		       struct nw_error *err)
{
	struct nw_buf buf;
	int result;

	nw_buf_init(&buf, bytes_max);
	result = read_all(&buf, file, name, err);
	if (result == 0)
		*input_r = (struct nw_input){
			.bytes = nw_arena_strndup(arena, buf.data, buf.len),
			.len = buf.len,
		};
	nw_buf_free(&buf);
	return result;
}

int nw_cmd_read_file(struct nw_arena *arena, const char *path,
		     size_t bytes_max, struct nw_input *input_r,
		     struct nw_error *err)
{
	FILE *file = fopen(path, "rb");
	int result;

	if (!file)
		return nw_error_errno(err, "%s", path);
	result = read_stream(arena, file, path, bytes_max, input_r, err);
	(void)fclose(file);
	return result;
}

/* Where the reply of a fetch goes. */
struct fetched {
	struct nw_arena *arena;
	const char *url;
	struct nw_input *input;
	struct nw_error *err;
	int result;
};

static void keep_reply(const struct nw_fetch_reply *reply,
		       const struct nw_error *err, void *context)
{
	struct fetched *fetched = context;

	if (!reply) {
		*fetched->err = *err;
		return;
	}
	if (nw_fetch_check(reply, fetched->err) < 0) {
		(void)nw_error_prefix(fetched->err, "%s", fetched->url);
		return;
	}
	*fetched->input = (struct nw_input){
		.bytes = nw_arena_strndup(fetched->arena, reply->body,
					  reply->body_len),
		.len = reply->body_len,
		.url = nw_arena_strdup(fetched->arena, reply->url),
		.charset = nw_arena_strdup(fetched->arena, reply->charset),
	};
	fetched->result = 0;
}

static int read_url(struct nw_context *context, const char *url,
		    struct nw_input *input_r, struct nw_error *err)
{
	struct nw_fetch_policy policy = nw_cmd_fetch_policy(&context->config);
	struct nw_fetch_request request = { .url = url };
	struct fetched fetched = {
		.arena = context->arena,
		.url = url,
		.input = input_r,
		.err = err,
		.result = -1,
	};

	if (nw_fetch_wait(&policy, &request, keep_reply, &fetched, err) < 0)
		return -1;
	return fetched.result;
}

int nw_cmd_read_input(struct nw_context *context, const char *operand,
		      struct nw_input *input_r, struct nw_error *err)
{
	size_t max = context->config.fetch_body_bytes;

	if (strcmp(operand, "-") == 0)
		return read_stream(context->arena, stdin, "standard input",
				   max, input_r, err);
	if (nw_url_is_web(operand))
		return read_url(context, operand, input_r, err);
	return nw_cmd_read_file(context->arena, operand, max, input_r, err);
}
