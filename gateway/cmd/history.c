/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd_private.h"
#include "history_private.h"
#include "newswire/group.h"
#include "newswire/ident.h"

static const char *const formats[] = { "text", "json" };

static const struct nw_option options[] = {
	{ "full", NULL, "whole texts, not only what changed in them" },
	{ "format", "FORMAT", "text (default) or json" },
	{ NULL, NULL, NULL },
};

static bool is_url(const char *word)
{
	return !strncmp(word, "http://", 7) || !strncmp(word, "https://", 8);
}

/* 1, 0, -1. */
static int find_by_url(struct nw_context *context, struct nw_store *store,
		       const char *url, int64_t *story_id_r,
		       struct nw_error *err)
{
	const char *key = nw_ident_key(context->arena, url);
	struct nw_story *story;

	if (!key)
		return 0;
	return nw_store_story(store, context->arena, &key, 1, &story,
			      story_id_r, err);
}

static int find_by_id(struct nw_context *context, struct nw_store *store,
		      const char *word, int64_t *story_id_r,
		      struct nw_error *err)
{
	const char *id =
		*word == '<' ? word
			     : nw_arena_printf(context->arena, "<%s>", word);
	int found = nw_history_of_article(store, id, story_id_r, err);

	if (found > 0 && !*story_id_r)
		return nw_error_set(err, NW_ERROR_MISSING,
				    "%s: is known, but not of which story it "
				    "told; give the URL of the story",
				    id);
	return found;
}

static int print_story(struct nw_context *context, struct nw_store *store,
		       int64_t story_id, bool json, struct nw_error *err)
{
	const char *no_colour = getenv("NO_COLOR");
	const struct nw_history_style style = {
		.full = nw_option_value(context, "full", 0),
		.colour = isatty(fileno(context->out)) &&
			  (!no_colour || !*no_colour),
	};
	struct nw_history history;
	int found =
		nw_history_read(store, context->arena, story_id, &history, err);

	if (found < 0)
		return -1;
	if (!found)
		return nw_error_set(err, NW_ERROR_MISSING,
				    "the story is not there any more");
	return json ? nw_history_print_json(context->out, context->arena,
					    &history, err)
		    : nw_history_print(context->out, context->arena, &history,
				       &style, err);
}

static int print_group(struct nw_context *context, struct nw_store *store,
		       const struct nw_group *group, bool json,
		       struct nw_error *err)
{
	struct nw_history_line *lines;
	size_t count;

	if (nw_history_list(store, context->arena, group->id, &lines, &count,
			    err))
		return -1;
	if (!count)
		nw_log(&context->log, NW_LOG_INFO, "history", group->name,
		       "none of its stories was changed since newswire has "
		       "them");
	if (json)
		return nw_history_print_list_json(context->out, lines, count,
						  err);
	nw_history_print_list(context->out, context->arena, lines, count);
	return 0;
}

static int unknown(const char *word, struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_MISSING,
			    "history: nothing is known of \"%s\"; give a group "
			    "(newswire list), the Message-ID of an article, or "
			    "the URL of a story",
			    word);
}

static int print(struct nw_context *context, struct nw_store *store, bool json,
		 struct nw_error *err)
{
	const char *word = context->argv[0];
	struct nw_group group;
	int64_t story_id;
	int found;

	if (is_url(word)) {
		found = find_by_url(context, store, word, &story_id, err);
	} else if (strchr(word, '@')) {
		found = find_by_id(context, store, word, &story_id, err);
	} else {
		found = nw_group_find(store, word, &group, err);
		if (found > 0)
			return print_group(context, store, &group, json, err);
	}
	if (found < 0)
		return -1;
	return found ? print_story(context, store, story_id, json, err)
		     : unknown(word, err);
}

static int run(struct nw_context *context, struct nw_error *err)
{
	int format = nw_cmd_format(context, formats, 2, err), result;
	struct nw_store *store = NULL;

	if (format < 0 ||
	    nw_context_open_store(context, NW_STORE_READ, &store, err) < 0)
		return -1;
	result = print(context, store, format, err);
	nw_store_close(&store);
	return result;
}

const struct nw_command nw_command_history = {
	.name = "history",
	.operands = "GROUP|MESSAGE-ID|URL",
	.help = "Show how a story was changed, or which stories were",
	.more = "Of a group, its stories that were changed; of a story, named "
		"by its URL or by\nthe Message-ID of any of its articles, each "
		"revision and what it changed.",
	.man = "newswire(1)",
	.options = options,
	.operands_min = 1,
	.operands_max = 1,
	.run = run,
};
