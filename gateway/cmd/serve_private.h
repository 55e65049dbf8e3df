/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of "newswire serve" share.
 *
 *	serve.c		the processes and what each of them does
 *	serve_listen.c	where the readers listen
 */
#ifndef NEWSWIRE_SERVE_PRIVATE_H
#define NEWSWIRE_SERVE_PRIVATE_H

#include "newswire/command.h"
#include "newswire/nntp_server.h"

/*
 * Opens what --listen says, else what the configuration says, and logs each
 * address.  On failure none is left open.
 */
int nw_serve_listen(const struct nw_context *context,
		    struct nw_nntp_sockets *sockets, struct nw_error *err);

#endif
