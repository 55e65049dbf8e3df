/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commands of newswire(1): what each file of gateway/cmd offers to the
 * table in gateway/main.c.
 */
#ifndef NEWSWIRE_COMMAND_H
#define NEWSWIRE_COMMAND_H

#include <stdbool.h>
#include <stdio.h>

#include "newswire/arena.h"
#include "newswire/config.h"
#include "newswire/error.h"
#include "newswire/log.h"
#include "newswire/store.h"

/* An option of a command; --help prints the rows. */
struct nw_option {
	const char *name;	/* "group": --group NAME or --group=NAME */
	const char *argument;	/* "NAME"; NULL: a switch */
	const char *help;
};

struct nw_command;

/* An option as it was given. */
struct nw_given {
	const char *name;
	const char *value;	/* "" for a switch */
};

/* What a running command is given. */
struct nw_context {
	const struct nw_command *command;
	struct nw_arena *arena;	     /* for the whole run */
	struct nw_config config;
	struct nw_log log;
	FILE *out;
	const char *home;	     /* --home, or NULL */
	struct nw_given *given;
	size_t given_count;
	char **argv;		     /* operands left after the options */
	int argc;
};

/*
 * A row of the table.  run returns 0, or -1 with err: main prints it and
 * exits by nw_error_exit().  Options are terminated by a NULL name; those
 * that all commands share (--home, --quiet, --help) are main's.
 */
struct nw_command {
	const char *name;
	const char *operands;	/* "[GROUP…]" */
	const char *help;	/* one line, for "newswire --help" */
	const char *more;	/* sentences for its own --help, or NULL */
	const char *man;	/* "newswire(1)" */
	const struct nw_option *options;
	int operands_min, operands_max; /* max -1: any number */
	int (*run)(struct nw_context *context, struct nw_error *err);
};

/*
 * Takes the words behind the command's name apart: options (--name VALUE,
 * --name=VALUE, "--" ends them) into given, the rest into argv.  "-" is an
 * operand.  shared are the options of all commands, looked up after the
 * command's own.  Fails with NW_ERROR_USAGE.
 */
int nw_options_parse(struct nw_context *context, const struct nw_option *shared,
		     int argc, char **argv, struct nw_error *err);

/* The value of an option: NULL when it was not given, "" for a switch.
 * For one that may be repeated, the n-th (from 0). */
const char *nw_option_value(const struct nw_context *context,
			    const char *name, unsigned n);
/* The index of value in names[count], or -1 with an error that lists what is
 * allowed. */
int nw_option_choice(const char *option, const char *value,
		     const char *const *names, int count,
		     struct nw_error *err);

/* Opens the store of the configuration; for writing, its folder is made; for
 * reading, one that is not there is an error that says what begins it. */
int nw_context_open_store(const struct nw_context *context,
			  enum nw_store_mode mode, struct nw_store **store_r,
			  struct nw_error *err);

/* The present, for the functions that take a clock. */
int64_t nw_clock_now(void);

extern const struct nw_command nw_command_subscribe;
extern const struct nw_command nw_command_unsubscribe;
extern const struct nw_command nw_command_list;
extern const struct nw_command nw_command_fetch;
extern const struct nw_command nw_command_serve;
extern const struct nw_command nw_command_nntp;
extern const struct nw_command nw_command_convert;
extern const struct nw_command nw_command_feed;
extern const struct nw_command nw_command_rules;
extern const struct nw_command nw_command_import;
extern const struct nw_command nw_command_export;
extern const struct nw_command nw_command_status;
extern const struct nw_command nw_command_expire;
extern const struct nw_command nw_command_deliver;
extern const struct nw_command nw_command_history;
extern const struct nw_command nw_command_passwd;
extern const struct nw_command nw_command_group;
extern const struct nw_command nw_command_check;
extern const struct nw_command nw_command_recover;

#endif
