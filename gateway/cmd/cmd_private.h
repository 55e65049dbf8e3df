/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What several commands share.
 */
#ifndef NEWSWIRE_CMD_PRIVATE_H
#define NEWSWIRE_CMD_PRIVATE_H

#include <jansson.h>

#include <signal.h>

#include "newswire/command.h"
#include "newswire/deliver.h"
#include "newswire/fetch.h"
#include "newswire/message.h"
#include "newswire/story.h"

/* The values of --format, and the choice that was made: the index in
 * names[count], 0 when it was not given, -1 with an error. */
int nw_cmd_format(const struct nw_context *context, const char *const *names,
		  int count, struct nw_error *err);

/* A document that a command was pointed at. */
struct nw_input {
	const char *bytes;
	size_t len;
	const char *url;	/* of the last hop; NULL for a file */
	const char *charset;	/* of the HTTP header, or NULL */
};

/*
 * Reads FILE, a web address (http:// or https://) or "-" for standard input
 * into the context's arena, up to fetch-size of the configuration.  A status
 * other than 2xx is an error.
 */
int nw_cmd_read_input(struct nw_context *context, const char *operand,
		      struct nw_input *input_r, struct nw_error *err);

/* The same for one file into any arena (convert --batch). */
int nw_cmd_read_file(struct nw_arena *arena, const char *path,
		     size_t bytes_max, struct nw_input *input_r,
		     struct nw_error *err);

/* A story as the JSON object that newswire(1) describes; a new reference. */
json_t *nw_cmd_story_json(struct nw_arena *arena, const struct nw_story *story);

/* Prints and frees a value; flags as of json_dumpf().  NULL (memory was short)
 * fails. */
int nw_cmd_print_json(FILE *out, json_t *value, size_t flags,
		      struct nw_error *err);

/* Fetches the pictures of the thread's first message and fills pictures and
 * face of the options, in the context's arena. */
int nw_cmd_illustrate(struct nw_context *context,
		      const struct nw_thread *thread,
		      struct nw_message_options *options,
		      struct nw_error *err);

/* What the configuration says of fetching. */
struct nw_fetch_policy nw_cmd_fetch_policy(const struct nw_config *config);

/*
 * The "deliver" sections of the configuration as jobs, in the context's arena.
 * stop and progress are left to the caller.  Fails with NW_ERROR_CONFIG:
 * "FILE:LINE: deliver: why".
 */
int nw_cmd_deliver_jobs(struct nw_context *context,
			struct nw_deliver_job **jobs_r, size_t *count_r,
			struct nw_error *err);
/* The file of passwords beside newswire.conf, whether or not it is there. */
const char *nw_cmd_passwords(const struct nw_context *context);
/* Delivers, with progress, until it is done or SIGINT or SIGTERM comes, which
 * then takes its effect; says how much it was, and with say_nothing also that
 * it was nothing. */
int nw_cmd_deliver(struct nw_context *context, struct nw_store *store,
		   struct nw_deliver_job *job, bool say_nothing,
		   struct nw_error *err);
/* Delivers to all that the configuration names; the first failure is the one
 * that is returned, the others are logged. */
int nw_cmd_deliver_all(struct nw_context *context, struct nw_store *store,
		       struct nw_error *err);
/* deliverer.c: delivers whenever the store has news, until SIGTERM or SIGINT
 * comes or the lifeline ends.  Returns 0, or -1 when it cannot go on. */
int nw_cmd_deliverer(struct nw_context *context, struct nw_store *store,
		     int lifeline, struct nw_error *err);
/* "3 articles delivered, 1 of them in the place of earlier ones". */
void nw_cmd_log_delivered(const struct nw_log *log, const char *target,
			  const struct nw_deliver_result *result);

/* passwd.c: a mistake in the file of users is told before anything starts, and
 * who has rights but no password. */
int nw_cmd_check_users(struct nw_context *context, struct nw_error *err);

/* This program, also when its file was replaced since it began. */
#define NW_CMD_PROGRAM "/proc/self/exe"

/* SIGINT and SIGTERM: while they are held, one that has come can be asked
 * for. */
void nw_cmd_signals(sigset_t *set_r);
void nw_cmd_signals_hold(sigset_t *before_r);
bool nw_cmd_signals_came(void);
void nw_cmd_signals_release(const sigset_t *before);

/* Whether the configuration's certificate could be used, and is there when
 * something needs it. */
int nw_cmd_certificate_check(const struct nw_config *config,
			     const struct nw_log *log, struct nw_error *err);
struct nw_nntp_server;
/* Gives it to a reader that begins.  It was good when the master began: if it
 * is not now, the reader logs it and serves without TLS. */
void nw_cmd_certificate_first(const struct nw_config *config,
			      const struct nw_log *log,
			      struct nw_nntp_server *server);

#endif
