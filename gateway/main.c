/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * newswire: the table of commands and what all of them share.
 */
#include "config.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "newswire/command.h"

/* As --help lists them: who begins needs the first group alone. */
static const struct group {
	const char *title;
	const struct nw_command *commands[8];	/* to the first NULL */
} groups[] = {
	{ "Commands",
	  { &nw_command_subscribe, &nw_command_serve, &nw_command_list,
	    &nw_command_status, &nw_command_unsubscribe } },
	{ "Without a server that runs",
	  { &nw_command_fetch, &nw_command_deliver, &nw_command_nntp } },
	{ "Readers",
	  { &nw_command_passwd, &nw_command_group } },
	{ "Subscriptions of other programs",
	  { &nw_command_import, &nw_command_export } },
	{ "Pages, feeds and stories",
	  { &nw_command_convert, &nw_command_feed, &nw_command_rules,
	    &nw_command_history } },
	{ "The store",
	  { &nw_command_expire, &nw_command_check, &nw_command_recover } },
};
#define GROUPS (sizeof(groups) / sizeof(groups[0]))

static const struct nw_option shared[] = {
	{ "home", "DIR", "keep store and configuration in DIR" },
	{ "quiet", NULL, "say only what went wrong" },
	{ "help", NULL, "explain the command" },
	{ NULL, NULL, NULL },
};

static const char introduction[] =
	"newswire turns web news into newsgroups.\n"
	"\n"
	"Subscribe to a news site, poll it, and read it with any news client:\n"
	"\n"
	"    newswire subscribe https://www.example.com/\n"
	"    newswire serve\n"
	"\n"
	"then open the news server 127.0.0.1, port 1119, in Claws Mail, "
	"Thunderbird,\n"
	"slrn, tin, Pan or Gnus.\n";

static void print_options(const struct nw_option *options, FILE *out)
{
	char left[64];

	for (; options && options->name; options++) {
		(void)snprintf(left, sizeof(left), "--%s %s", options->name,
			       options->argument ? options->argument : "");
		(void)fprintf(out, "  %-28s %s\n", left, options->help);
	}
}

static void print_help(FILE *out)
{
	const struct nw_command *const *at;
	size_t i;

	(void)fprintf(out, "%s\nUsage: newswire [--home DIR] [--quiet] COMMAND "
			   "…\n",
		      introduction);
	for (i = 0; i < GROUPS; i++) {
		(void)fprintf(out, "\n%s:\n", groups[i].title);
		for (at = groups[i].commands; *at; at++)
			(void)fprintf(out, "  %-12s %s\n", (*at)->name,
				      (*at)->help);
	}
	(void)fputs("\nOptions of every command:\n", out);
	print_options(shared, out);
	(void)fputs("\n\"newswire --version\" prints the version.\n"
		    "\"newswire COMMAND --help\" explains a command; the "
		    "manual is newswire(1),\nthe configuration "
		    "newswire.conf(5).\n",
		    out);
}

static void print_command_help(const struct nw_command *command, FILE *out)
{
	(void)fprintf(out, "Usage: newswire %s%s%s%s\n\n%s.\n",
		      command->name, command->options ? " [OPTION…]" : "",
		      *command->operands ? " " : "", command->operands,
		      command->help);
	if (command->more)
		(void)fprintf(out, "%s\n", command->more);
	(void)fputs("\nOptions:\n", out);
	print_options(command->options, out);
	print_options(shared, out);
	(void)fprintf(out, "\nManual: %s\n", command->man);
}

static const struct nw_command *find_command(const char *name)
{
	const struct nw_command *const *at;
	size_t i;

	for (i = 0; i < GROUPS; i++)
		for (at = groups[i].commands; *at; at++)
			if (strcmp((*at)->name, name) == 0)
				return *at;
	return NULL;
}

/*
 * Standard output is flushed here, so that a full disk behind it is an error
 * and not a silently cut file.
 */
static int run(struct nw_context *context, struct nw_error *err)
{
	if (nw_option_value(context, "help", 0)) {
		print_command_help(context->command, context->out);
	} else {
		nw_log_init(&context->log,
			    nw_option_value(context, "quiet", 0) != NULL);
		context->home = nw_option_value(context, "home", 0);
		if (nw_config_load(context->arena, context->home,
				   &context->config, err) < 0 ||
		    context->command->run(context, err) < 0)
			return -1;
	}
	if (fflush(context->out) != 0)
		return nw_error_errno(err, "standard output");
	return 0;
}

/* Where in argv the command's name stands: behind shared options. */
static int command_at(int argc, char **argv)
{
	int at = 1;

	while (at < argc && argv[at][0] == '-' &&
	       (strcmp(argv[at], "--quiet") == 0 ||
		strncmp(argv[at], "--home", 6) == 0))
		at += strcmp(argv[at], "--home") == 0 ? 2 : 1;
	return at < argc ? at : argc;
}

static int usage(const char *name)
{
	(void)fprintf(stderr,
		      "newswire: there is no command \"%s\"; newswire --help "
		      "lists those there are\n",
		      name);
	return EX_USAGE;
}

/* The words behind the program's name, the command's own taken out. */
static char **words(struct nw_arena *arena, int argc, char **argv, int at)
{
	char **rest = nw_arena_alloc(arena, (size_t)argc * sizeof(*rest));
	int i, n = 0;

	for (i = 1; i < argc; i++)
		if (i != at)
			rest[n++] = argv[i];
	return rest;
}

static int run_command(int argc, char **argv, int at)
{
	struct nw_context context = { .out = stdout };
	struct nw_error err = { NW_ERROR_NONE, "" };
	int code = EX_OK;

	context.command = find_command(argv[at]);
	if (!context.command)
		return usage(argv[at]);
	context.arena = nw_arena_new();
	if (nw_options_parse(&context, shared, argc - 2,
			     words(context.arena, argc, argv, at), &err) < 0 ||
	    run(&context, &err) < 0) {
		(void)fflush(stdout);
		(void)fprintf(stderr, "newswire: %s\n", err.text);
		code = nw_error_exit(&err);
	}
	nw_arena_free(&context.arena);
	return code;
}

int main(int argc, char **argv)
{
	int at = command_at(argc, argv);

	/* For the width and the case of characters; numbers stay C's. */
	(void)setlocale(LC_CTYPE, "");
	(void)signal(SIGPIPE, SIG_IGN);
	/* A file at the limit of its size is an error of write(2). */
	(void)signal(SIGXFSZ, SIG_IGN);
	/* Ignored, as it may have been handed on, it hides how a child ends. */
	(void)signal(SIGCHLD, SIG_DFL);
	if (at == argc) {
		print_help(stderr);
		return EX_USAGE;
	}
	if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "help") == 0) {
		print_help(stdout);
		return fflush(stdout) == 0 ? EX_OK : EX_IOERR;
	}
	if (strcmp(argv[at], "--version") == 0) {
		(void)printf("%s %s\n", PACKAGE_NAME, PACKAGE_VERSION);
		return fflush(stdout) == 0 ? EX_OK : EX_IOERR;
	}
	return run_command(argc, argv, at);
}
