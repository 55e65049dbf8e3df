/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The news server for readers (RFC 3977), on an event base.
 *
 * One server is one reader process: it accepts on the sockets that its master
 * made, serves each client from the store, and holds no read transaction
 * while a client is slow.  Commands are one table (gateway/serve/
 * nntp_command.c); HELP and CAPABILITIES print its rows.
 */
#ifndef NEWSWIRE_NNTP_SERVER_H
#define NEWSWIRE_NNTP_SERVER_H

#include "newswire/error.h"
#include "newswire/log.h"
#include "newswire/store.h"

struct event_base;
struct nw_config;
struct nw_nntp_server;

/* Strings, configuration and log outlive the server. */
struct nw_nntp_options {
	const char *path_host;	   /* named in the greeting */
	const struct nw_config *config; /* the operator's lists; NULL: none */
	const struct nw_log *log;
	int64_t (*now)(void);	   /* UTC seconds, for DATE */
	unsigned connections_max;  /* 0: NW_NNTP_CONNECTIONS */
	unsigned idle_ms;	   /* 0: NW_NNTP_IDLE_S */
};

/* From here on the process ignores SIGPIPE. */
int nw_nntp_server_new(struct nw_nntp_server **server_r,
		       struct event_base *base, struct nw_store *store,
		       const struct nw_nntp_options *options,
		       struct nw_error *err);
/* Closes every session and listener; sets the pointer to NULL. */
void nw_nntp_server_free(struct nw_nntp_server **server);

/* Accepts clients on a listening, non-blocking socket; takes no ownership. */
int nw_nntp_server_listen(struct nw_nntp_server *server, int fd,
			  struct nw_error *err);

/* One session on a pair of descriptors (standard input and output of
 * "newswire nntp"); the event loop ends when it ends.  They stay the caller's
 * and get their flags back. */
int nw_nntp_server_session(struct nw_nntp_server *server, int in, int out,
			   struct nw_error *err);

/* Opens a listening socket for "ADDRESS:PORT", "[ADDRESS]:PORT" or "PORT"
 * (loopback; port 0: one that is free): returns the descriptor, which does
 * not block, or -1. */
int nw_nntp_listen_socket(const char *where, struct nw_error *err);

#endif
