/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * import and export: subscriptions as OPML.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cmd_private.h"
#include "newswire/limits.h"
#include "newswire/opml.h"
#include "subscribe_private.h"

#define OPML_BYTES (64u << 20)

/* The kind that an outline names; what is unknown is a feed. */
static enum nw_source_kind kind_of(const char *type)
{
	int kind = type ? nw_option_choice("kind", type, nw_source_kind_names,
					   NW_SOURCE_KINDS, NULL)
			: -1;

	return kind < 0 ? NW_SOURCE_FEED : (enum nw_source_kind)kind;
}

static const struct nw_option import_options[] = {
	{ "layout", "HOW", "alternative (text and HTML), mixed or text" },
	{ NULL, NULL, NULL },
};

static int defaults(struct nw_context *context, struct nw_source *source_r,
		    struct nw_error *err)
{
	const char *given = nw_option_value(context, "layout", 0);
	struct nw_source source = nw_source_new(&context->config);
	int layout = given ? nw_option_choice("layout", given, nw_layout_names,
					      NW_LAYOUT_COUNT, err)
			   : (int)source.layout;

	if (layout < 0)
		return -1;
	source.layout = (enum nw_message_layout)layout;
	*source_r = source;
	return 0;
}

/* What is there keeps its settings. */
static int is_there(struct nw_context *context, struct nw_store *store,
		    const char *xml_url, struct nw_error *err)
{
	const char *url = nw_source_address(context->arena, xml_url);
	struct nw_source there;

	return url ? nw_source_find(store, context->arena, url, &there, err)
		   : 0;
}

/* 1 when it was added, 0 when it was there or is refused (and logged). */
static int import_one(struct nw_context *context, struct nw_store *store,
		      const struct nw_outline *outline, struct nw_error *err)
{
	struct nw_source source;
	int there;

	if (defaults(context, &source, err) < 0)
		return -1;
	there = is_there(context, store, outline->xml_url, err);
	if (there)
		return there < 0 ? -1 : 0;
	source.url = outline->xml_url;
	source.name = outline->text;
	source.group = outline->group;
	source.kind = kind_of(outline->type);
	if (nw_subscribe(context, store, &source, false, err) >= 0)
		return 1;
	if (err->code != NW_ERROR_USAGE)
		return -1;
	nw_log(&context->log, NW_LOG_WARNING, "import", NULL, "%s", err->text);
	return 0;
}

static int import_all(struct nw_context *context,
		      const struct nw_outline *outlines, size_t count,
		      struct nw_error *err)
{
	struct nw_store *store = NULL;
	size_t i, added = 0;
	int result = 0;

	if (nw_context_open_store(context, NW_STORE_WRITE, &store, err) < 0)
		return -1;
	for (i = 0; i < count && result >= 0; i++) {
		nw_log_progress(&context->log, "import", i + 1, count,
				outlines[i].xml_url);
		result = import_one(context, store, &outlines[i], err);
		added += result > 0;
	}
	nw_log_progress(&context->log, "import", 0, 0, NULL);
	nw_store_close(&store);
	if (result < 0)
		return -1;
	nw_log(&context->log, NW_LOG_INFO, "import", NULL,
	       "%zu of %zu feeds added", added, count);
	return 0;
}

static int run_import(struct nw_context *context, struct nw_error *err)
{
	struct nw_outline *outlines = NULL;
	struct nw_input input;
	size_t count = 0;

	if (nw_cmd_read_input(context, context->argv[0], &input, err) < 0)
		return -1;
	if (nw_opml_read(context->arena, input.bytes, input.len, &outlines,
			 &count, err) < 0)
		return nw_error_prefix(err, "%s", context->argv[0]);
	return import_all(context, outlines, count, err);
}

static int write_file(const char *path, const struct nw_buf *text,
		      struct nw_error *err)
{
	FILE *file = fopen(path, "wbx");
	bool written;

	if (!file && errno == EEXIST)
		return nw_error_set(err, NW_ERROR_USAGE,
				    "%s: it is there already; name another "
				    "file",
				    path);
	if (!file)
		return nw_error_errno(err, "%s", path);
	written = fwrite(text->data, 1, text->len, file) == text->len;
	if (fclose(file) != 0 || !written) {
		(void)nw_error_errno(err, "%s", path);
		(void)remove(path);
		return -1;
	}
	return 0;
}

static int export_sources(struct nw_context *context, struct nw_buf *out,
			  struct nw_error *err)
{
	struct nw_source *sources = NULL;
	struct nw_outline *outlines;
	struct nw_store *store = NULL;
	size_t count = 0, i;
	int result;

	if (nw_context_open_store(context, NW_STORE_READ, &store, err) < 0)
		return -1;
	result = nw_source_list(store, context->arena, NW_TIME_NONE, &sources,
				&count, err);
	nw_store_close(&store);
	if (result < 0)
		return -1;
	outlines = nw_arena_alloc(context->arena,
				  (count + 1) * sizeof(*outlines));
	for (i = 0; i < count; i++)
		outlines[i] = (struct nw_outline){
			.text = sources[i].name,
			.xml_url = sources[i].url,
			/* The one type that other programs know. */
			.type = sources[i].kind == NW_SOURCE_FEED
					? "rss"
					: nw_source_kind_names[sources[i].kind],
			.group = sources[i].group,
		};
	return nw_opml_write(out, "newswire", outlines, count, err);
}

static int run_export(struct nw_context *context, struct nw_error *err)
{
	struct nw_buf out;
	int result;

	nw_buf_init(&out, OPML_BYTES);
	result = export_sources(context, &out, err);
	if (result == 0 && context->argc)
		result = write_file(context->argv[0], &out, err);
	else if (result == 0)
		(void)fwrite(out.data, 1, out.len, context->out);
	nw_buf_free(&out);
	return result;
}

const struct nw_command nw_command_import = {
	.name = "import",
	.operands = "OPML",
	.options = import_options,
	.help = "Subscribe to the feeds of an OPML file",
	.more = "Feeds that are subscribed to already are passed over.",
	.man = "newswire(1)",
	.operands_min = 1,
	.operands_max = 1,
	.run = run_import,
};

const struct nw_command nw_command_export = {
	.name = "export",
	.operands = "[OPML]",
	.help = "Write the subscriptions as OPML",
	.more = "Without a file name it goes to standard output.",
	.man = "newswire(1)",
	.operands_max = 1,
	.run = run_export,
};
