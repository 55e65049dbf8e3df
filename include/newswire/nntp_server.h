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

#include <stdbool.h>
#include <stddef.h>

#include "newswire/error.h"
#include "newswire/limits.h"
#include "newswire/log.h"
#include "newswire/store.h"

struct event_base;
struct nw_config;
struct nw_nntp_limits;
struct nw_nntp_server;

/* Configuration and log outlive the server. */
struct nw_nntp_options {
	/* It may change between two turns of the event loop; strings that were
	 * in it stay where they are. */
	const struct nw_config *config;
	const struct nw_log *log;
	int64_t (*now)(void);	   /* UTC seconds */
	unsigned connections_max;  /* 0: NW_NNTP_CONNECTIONS, or as many as
				    * the process may have open files */
	unsigned idle_ms;	   /* 0: NW_NNTP_IDLE_S */
	unsigned command_ms;	   /* 0: NW_NNTP_COMMAND_S */
	unsigned stall_ms;	   /* 0: NW_NNTP_STALL_S */
	size_t queued_max;	   /* 0: NW_NNTP_QUEUED_BYTES */
	struct nw_nntp_limits *limits; /* NULL: none */
	unsigned reader;	   /* whose row of them is this process's */
	/* newswire itself, to be run for what is no reader's work (XNEWSWIRE),
	 * and its --home or NULL; program NULL: that is not to be had. */
	const char *program, *home;
	unsigned errand_ms;	   /* 0: NW_ERRAND_MS */
};

/* From here on the process ignores SIGPIPE. */
int nw_nntp_server_new(struct nw_nntp_server **server_r,
		       struct event_base *base, struct nw_store *store,
		       const struct nw_nntp_options *options,
		       struct nw_error *err);
/* Closes every session and listener; sets the pointer to NULL. */
void nw_nntp_server_free(struct nw_nntp_server **server);

/* Accepts clients on a listening, non-blocking socket; takes no ownership.
 * tls: they begin with a TLS handshake (NNTPS, RFC 4642 section 1). */
int nw_nntp_server_listen(struct nw_nntp_server *server, int fd, bool tls,
			  struct nw_error *err);

/*
 * Whether a certificate could be used: PEM, those of its authorities behind
 * it; key NULL: it is in the same file.  Fails with NW_ERROR_CONFIG and
 * "OPTION: FILE: what is wrong; what to do"; warns of a key that others can
 * read.
 */
int nw_nntp_certificate_check(const char *certificate, const char *key,
			      const struct nw_log *log, struct nw_error *err);
/* Gives clients TLS from now on, without disturbing those that are there.  On
 * failure what was in force stays.  certificate NULL: no more TLS. */
int nw_nntp_server_certificate(struct nw_nntp_server *server,
			       const char *certificate, const char *key,
			       struct nw_error *err);

/* One session on a pair of descriptors (standard input and output of
 * "newswire nntp"); the event loop ends when it ends.  They stay the caller's
 * and get their flags back. */
int nw_nntp_server_session(struct nw_nntp_server *server, int in, int out,
			   struct nw_error *err);

/* Where clients come from. */
struct nw_nntp_sockets {
	struct nw_nntp_socket {
		int fd;
		bool ours;	/* made here: removed from the file system */
		bool tls;	/* clients begin with it */
	} of[NW_NNTP_LISTENERS];
	size_t count;
};

#define NW_NNTP_UNIX "unix:"

/*
 * Adds a listening socket, which does not block, for each address of
 * "ADDRESS:PORT", "[ADDRESS]:PORT" or "PORT" (loopback; port 0: one that is
 * free), or one at "unix:/PATH" with the permissions of mode.  A socket there
 * that nobody listens on any more is replaced.  An IPv6 address takes no IPv4
 * clients, so that both can have the same port.  Fails with nothing added,
 * with NW_ERROR_BUSY when somebody else listens there.
 */
int nw_nntp_listen(const char *where, unsigned mode, bool tls,
		   struct nw_nntp_sockets *sockets, struct nw_error *err);
/* Adds one that another program made; nothing but a listening stream socket
 * will do. */
int nw_nntp_listen_adopt(int fd, bool tls, struct nw_nntp_sockets *sockets,
			 struct nw_error *err);
/* Closes all, as a process does that does not serve. */
void nw_nntp_listen_close(struct nw_nntp_sockets *sockets);
/* The same, and removes our own from the file system. */
void nw_nntp_listen_end(struct nw_nntp_sockets *sockets);

#endif
