/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <jansson.h>

#include "cmd_private.h"
#include "newswire/group.h"
#include "newswire/source.h"

static const char *const formats[] = { "text", "json" };

static const struct nw_option options[] = {
	{ "format", "FORMAT", "text (default) or json" },
	{ NULL, NULL, NULL },
};

static int print_text(FILE *out, const struct nw_source *sources, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		(void)fprintf(out, "%s\t%s\t%s\t%s\n", sources[i].group,
			      nw_source_kind_names[sources[i].kind],
			      sources[i].url, sources[i].name);
	return 0;
}

static json_t *source_json(const struct nw_source *source)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "group",
			 source->group, "kind",
			 nw_source_kind_names[source->kind], "url",
			 source->url, "name", source->name, "images",
			 nw_images_names[source->images], "edits",
			 nw_edits_names[source->edits], "layout",
			 nw_layout_names[source->layout]);
}

static int print_json(FILE *out, const struct nw_source *sources, size_t count,
		      struct nw_error *err)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < count; i++)
		(void)json_array_append_new(list, source_json(&sources[i]));
	return nw_cmd_print_json(out, list, JSON_INDENT(2), err);
}

static int run(struct nw_context *context, struct nw_error *err)
{
	struct nw_store *store = NULL;
	struct nw_source *sources = NULL;
	int format = nw_cmd_format(context, formats, 2, err);
	size_t count = 0;
	int result;

	if (format < 0 ||
	    nw_context_open_store(context, NW_STORE_READ, &store, err) < 0)
		return -1;
	result = nw_source_list(store, context->arena, NW_TIME_NONE, &sources,
				&count, err);
	nw_store_close(&store);
	if (result < 0)
		return -1;
	if (!count)
		nw_log(&context->log, NW_LOG_INFO, "list", NULL,
		       "nothing is subscribed to yet: newswire subscribe URL");
	return format ? print_json(context->out, sources, count, err)
		      : print_text(context->out, sources, count);
}

const struct nw_command nw_command_list = {
	.name = "list",
	.operands = "",
	.help = "List the sources: group, kind, URL, name",
	.man = "newswire(1)",
	.options = options,
	.run = run,
};
