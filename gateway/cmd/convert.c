/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "cmd_private.h"
#include "newswire/buf.h"
#include "newswire/hypertext.h"
#include "newswire/limits.h"
#include "newswire/message.h"
#include "newswire/page.h"
#include "newswire/rules.h"
#include "newswire/text.h"
#include "newswire/thread.h"

enum format { MESSAGE, JSON, TEXT, HTML, FORMATS };

static const char *const formats[FORMATS] = { "message", "json", "text",
					      "html" };

static const struct nw_option options[] = {
	{ "url", "URL", "where the page came from; links are resolved" },
	{ "format", "FORMAT", "message (default), json, text or html" },
	{ "images", "HOW", "link (default), inline (fetched) or none" },
	{ "layout", "HOW", "alternative (text and HTML), mixed or text" },
	{ "batch", NULL, "PATH<TAB>URL lines in, a JSON object a line out" },
	{ "explain", NULL, "where each field came from, what was left out" },
	{ NULL, NULL, NULL },
};

static const char *or_dash(const char *text)
{
	return text && *text ? text : "-";
}

static void print_note(const struct nw_page_note *note, void *out)
{
	(void)fprintf(out, "%s\t%s\t%s\t%s\n", note->what,
		      or_dash(note->place), or_dash(note->why),
		      or_dash(note->text));
}

/* explain: where the page's decisions are told, or NULL. */
static int read_page(const struct nw_context *context, struct nw_arena *arena,
		     const struct nw_input *input, FILE *explain,
		     struct nw_story **story_r, struct nw_error *err)
{
	struct nw_page_input page = {
		.explain = explain ? print_note : NULL,
		.explain_context = explain,
		.bytes = input->bytes,
		.len = input->len,
		.url = input->url,
		.http_charset = input->charset,
		.now_utc = nw_clock_now(),
	};

	if (nw_rules_find(arena, context->config.rules_dirs,
			  context->config.rules_dir_count, input->url,
			  &page.rules, err) < 0)
		return -1;
	return nw_page_read(arena, &page, story_r, err);
}

/* Nobody asked for pictures, so none is fetched. */
static int choose_message(const struct nw_context *context,
			  struct nw_message_options *options_r,
			  struct nw_error *err)
{
	static const char *const newsgroups[] = { "newswire.convert" };
	const char *images = nw_option_value(context, "images", 0);
	const char *layout = nw_option_value(context, "layout", 0);
	int image_choice, layout_choice;

	image_choice = nw_option_choice("images", images ? images : "link",
					nw_images_names, NW_IMAGES_COUNT, err);
	if (image_choice < 0)
		return -1;
	layout_choice = nw_option_choice(
		"layout", layout ? layout : context->config.layout,
		nw_layout_names, NW_LAYOUT_COUNT, err);
	if (layout_choice < 0)
		return -1;
	*options_r = (struct nw_message_options){
		.newsgroups = newsgroups,
		.newsgroup_count = 1,
		.path_host = context->config.path_host,
		.now_utc = nw_clock_now(),
		.images = (enum nw_images)image_choice,
		.layout = (enum nw_message_layout)layout_choice,
	};
	return 0;
}

static int write_message(struct nw_buf *out, struct nw_context *context,
			 const struct nw_thread *thread, struct nw_error *err)
{
	struct nw_message_options message;

	if (choose_message(context, &message, err) < 0)
		return -1;
	if (message.images == NW_IMAGES_INLINE &&
	    message.layout != NW_LAYOUT_TEXT &&
	    nw_cmd_illustrate(context, thread, &message, err) < 0)
		return -1;
	return nw_message_write(out, thread->story, &thread->posts[0],
				&message, err);
}

static int write_post(struct nw_buf *out, struct nw_context *context,
		      const struct nw_thread *thread, enum format format,
		      struct nw_error *err)
{
	const struct nw_story *story = thread->story;
	const struct nw_post *post = &thread->posts[0];
	bool delsp;

	switch (format) {
	case TEXT:
		return nw_text_write(out, story, post, &delsp, err);
	case HTML:
		return nw_hypertext_write(out, story, post, err);
	default:
		return write_message(out, context, thread, err);
	}
}

/* What the root of the story's thread would be in an empty store. */
static int print_post(struct nw_context *context, const struct nw_story *story,
		      enum format format, struct nw_error *err)
{
	const struct nw_thread_options plan = {
		.id_domain = context->config.id_domain,
		.now_utc = nw_clock_now(),
	};
	struct nw_thread thread;
	struct nw_buf out;
	int result;

	if (nw_thread_plan(context->arena, NULL, story, &plan, &thread, err) <
	    0)
		return -1;
	if (!thread.post_count)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "the page became no article");
	nw_buf_init(&out, NW_MESSAGE_BYTES);
	result = write_post(&out, context, &thread, format, err);
	if (result == 0)
		(void)fwrite(out.data, 1, out.len, context->out);
	nw_buf_free(&out);
	return result;
}

static json_t *error_json(const struct nw_error *why)
{
	json_t *object = json_object();

	(void)json_object_set_new(object, "error", json_string(why->text));
	return object;
}

/* line: "PATH", or "PATH<TAB>URL". */
static json_t *convert_line(const struct nw_context *context,
			    struct nw_arena *arena, char *line)
{
	struct nw_error why = { NW_ERROR_NONE, "" };
	char *tab = strchr(line, '\t');
	struct nw_input input;
	struct nw_story *story;

	if (tab)
		*tab = '\0';
	if (nw_cmd_read_file(arena, line, context->config.fetch_body_bytes,
			     &input, &why) < 0)
		return error_json(&why);
	input.url = tab && tab[1] ? tab + 1 : NULL;
	if (read_page(context, arena, &input, NULL, &story, &why) < 0)
		return error_json(&why);
	return nw_cmd_story_json(arena, story);
}

static int run_batch(struct nw_context *context, struct nw_error *err)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	int result = 0;

	while (result == 0 && (len = getline(&line, &room, stdin)) >= 0) {
		struct nw_arena *arena = nw_arena_new();

		if (len && line[len - 1] == '\n')
			line[len - 1] = '\0';
		result = nw_cmd_print_json(context->out,
					   convert_line(context, arena, line),
					   JSON_COMPACT, err);
		nw_arena_free(&arena);
	}
	free(line);
	return result;
}

static int run(struct nw_context *context, struct nw_error *err)
{
	const char *url = nw_option_value(context, "url", 0);
	int format = nw_cmd_format(context, formats, FORMATS, err);
	struct nw_story *story;
	struct nw_input input;
	FILE *explain = NULL;

	if (format < 0)
		return -1;
	if (nw_option_value(context, "batch", 0))
		return run_batch(context, err);
	if (!context->argc)
		return nw_error_set(err, NW_ERROR_USAGE,
				    "convert: which page? FILE, URL, or - for "
				    "standard input");
	if (nw_cmd_read_input(context, context->argv[0], &input, err) < 0)
		return -1;
	if (url)
		input.url = url;
	if (nw_option_value(context, "explain", 0))
		explain = context->out;
	if (read_page(context, context->arena, &input, explain, &story,
		      err) < 0)
		return nw_error_prefix(err, "%s", context->argv[0]);
	if (explain)
		return 0;
	if (format == JSON)
		return nw_cmd_print_json(context->out,
					 nw_cmd_story_json(context->arena,
							   story),
					 JSON_INDENT(2), err);
	return print_post(context, story, (enum format)format, err);
}

const struct nw_command nw_command_convert = {
	.name = "convert",
	.operands = "FILE|URL|-",
	.help = "Turn one page into a message on standard output",
	.man = "newswire(1)",
	.options = options,
	.operands_max = 1,
	.run = run,
};
