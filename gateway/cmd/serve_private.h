/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of "newswire serve" share.
 *
 *	serve.c		the processes and what each of them does
 *	serve_config.c	what they take of the configuration
 *	serve_listen.c	where the readers listen
 *	serve_systemd.c	what systemd says to it and hears of it
 */
#ifndef NEWSWIRE_SERVE_PRIVATE_H
#define NEWSWIRE_SERVE_PRIVATE_H

#include "newswire/command.h"
#include "newswire/nntp_limit.h"
#include "newswire/nntp_server.h"

/* The limits of the configuration. */
int nw_serve_limits(struct nw_context *context,
		    struct nw_nntp_limits **limits_r, struct nw_error *err);
/* Reads the configuration again and puts it, and its limits, in force in this
 * process.  On failure what was in force stays. */
int nw_serve_take(struct nw_context *context, struct nw_nntp_limits *limits,
		  struct nw_error *err);

/*
 * Takes the sockets of socket activation and opens what --listen says; when
 * there is neither, what the configuration says.  Logs each address.  On
 * failure none is left open.
 */
int nw_serve_listen(const struct nw_context *context,
		    struct nw_nntp_sockets *sockets, struct nw_error *err);

/* Without systemd, or built without its library, these find nothing, and
 * nobody. */

/* Adds the sockets of socket activation, those called "nntps" for TLS: how
 * many, or -1. */
int nw_serve_adopt(struct nw_nntp_sockets *sockets, struct nw_error *err);
/* sd_notify(3); context is not used. */
void nw_serve_notify(const char *state, void *context);
/* How long systemd waits for WATCHDOG=1; 0: it does not. */
unsigned nw_serve_watchdog_ms(void);

#endif
