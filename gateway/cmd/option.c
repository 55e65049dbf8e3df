/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <time.h>

#include "newswire/buf.h"
#include "newswire/command.h"

static const struct nw_option *find(const struct nw_option *options,
				    const char *name, size_t len)
{
	for (; options && options->name; options++)
		if (strlen(options->name) == len &&
		    memcmp(options->name, name, len) == 0)
			return options;
	return NULL;
}

static void add_given(struct nw_context *context, const char *name,
		      const char *value)
{
	context->given = nw_arena_grow(context->arena, context->given,
				       context->given_count,
				       sizeof(*context->given));
	context->given[context->given_count++] =
		(struct nw_given){ .name = name, .value = value };
}

/* Takes the option at argv[0], with its value; returns the words used, or
 * -1. */
static int take(struct nw_context *context, const struct nw_option *shared,
		char **argv, struct nw_error *err)
{
	const char *name = argv[0] + 2, *equals = strchr(name, '=');
	size_t len = equals ? (size_t)(equals - name) : strlen(name);
	const struct nw_option *option;

	option = find(context->command->options, name, len);
	if (!option)
		option = find(shared, name, len);
	if (!option)
		return nw_error_set(err, NW_ERROR_USAGE,
				    "there is no option %s; newswire %s --help "
				    "lists those there are",
				    argv[0], context->command->name);
	if (!option->argument) {
		if (equals)
			return nw_error_set(err, NW_ERROR_USAGE,
					    "--%s takes no value",
					    option->name);
		add_given(context, option->name, "");
		return 1;
	}
	if (!equals && !argv[1])
		return nw_error_set(err, NW_ERROR_USAGE, "--%s needs %s",
				    option->name, option->argument);
	add_given(context, option->name, equals ? equals + 1 : argv[1]);
	return equals ? 1 : 2;
}

static int check_operands(const struct nw_context *context,
			  struct nw_error *err)
{
	const struct nw_command *command = context->command;

	if (nw_option_value(context, "help", 0))
		return 0;
	if (context->argc < command->operands_min)
		return nw_error_set(err, NW_ERROR_USAGE,
				    "%s needs %s; see newswire %s --help",
				    command->name, command->operands,
				    command->name);
	if (command->operands_max >= 0 &&
	    context->argc > command->operands_max)
		return nw_error_set(err, NW_ERROR_USAGE,
				    "%s: \"%s\" is too much; see newswire %s "
				    "--help",
				    command->name,
				    context->argv[command->operands_max],
				    command->name);
	return 0;
}

int nw_options_parse(struct nw_context *context, const struct nw_option *shared,
		     int argc, char **argv, struct nw_error *err)
{
	bool options = true;
	int at = 0, used;

	context->argv = nw_arena_alloc(context->arena, ((size_t)argc + 1) *
							       sizeof(*argv));
	context->argc = 0;
	while (at < argc) {
		if (options && strcmp(argv[at], "--") == 0) {
			options = false;
			at++;
		} else if (options && strncmp(argv[at], "--", 2) == 0) {
			used = take(context, shared, argv + at, err);
			if (used < 0)
				return -1;
			at += used;
		} else if (options && argv[at][0] == '-' && argv[at][1]) {
			return nw_error_set(err, NW_ERROR_USAGE,
					    "there is no option %s; all "
					    "options are long: --help",
					    argv[at]);
		} else {
			context->argv[context->argc++] = argv[at++];
		}
	}
	return check_operands(context, err);
}

const char *nw_option_value(const struct nw_context *context,
			    const char *name, unsigned n)
{
	size_t i;

	for (i = 0; i < context->given_count; i++)
		if (strcmp(context->given[i].name, name) == 0 && n-- == 0)
			return context->given[i].value;
	return NULL;
}

int nw_option_choice(const char *option, const char *value,
		     const char *const *names, int count,
		     struct nw_error *err)
{
	struct nw_buf list;
	int i;

	for (i = 0; i < count; i++)
		if (strcmp(names[i], value) == 0)
			return i;
	nw_buf_init(&list, 256);
	for (i = 0; i < count; i++)
		nw_buf_addf(&list, "%s%s", i ? ", " : "", names[i]);
	(void)nw_error_set(err, NW_ERROR_USAGE, "--%s %s: it must be one of %s",
			   option, value, list.data);
	nw_buf_free(&list);
	return -1;
}

int nw_context_open_store(const struct nw_context *context,
			  enum nw_store_mode mode, struct nw_store **store_r,
			  struct nw_error *err)
{
	const char *path = context->config.store_path;

	if (mode == NW_STORE_WRITE &&
	    nw_config_make_dir(&context->config, err) < 0)
		return -1;
	if (nw_store_open(store_r, path, mode, err) == 0)
		return 0;
	if (mode == NW_STORE_READ && err->code == NW_ERROR_MISSING)
		return nw_error_set(err, NW_ERROR_MISSING,
				    "%s: nothing is subscribed to yet; "
				    "newswire subscribe URL begins",
				    path);
	return -1;
}

int64_t nw_clock_now(void)
{
	return (int64_t)time(NULL);
}
