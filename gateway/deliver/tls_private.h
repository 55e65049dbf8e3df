/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLS 1.2 or newer (RFC 8446, RFC 5246) on a socket that does not block, with
 * a server whose certificate is checked (RFC 5280, RFC 9525) before the first
 * byte of ours is sent.
 *
 * libetpan's own TLS checks nothing, and does not let a caller know what a
 * chain was refused for; so OpenSSL does it here.  A write to a socket that
 * the other side has closed raises no SIGPIPE.
 */
#ifndef NEWSWIRE_TLS_PRIVATE_H
#define NEWSWIRE_TLS_PRIVATE_H

#include <stddef.h>

#include "newswire/error.h"

struct tls;

enum tls_step {
	TLS_DONE,
	TLS_AGAIN,  /* wait for tls_events() and call again */
	TLS_CLOSED, /* by the other side */
	TLS_FAILED, /* tls_explain() says why */
};

/* The socket stays the caller's.  Believes the certificates of ca_file and no
 * other; NULL: the system's. */
int tls_new(struct tls **tls_r, int fd, const char *host, const char *ca_file,
	    struct nw_error *err);
void tls_free(struct tls **tls);

enum tls_step tls_handshake(struct tls *tls);
enum tls_step tls_read(struct tls *tls, void *bytes, size_t size,
		       size_t *got_r);
enum tls_step tls_write(struct tls *tls, const void *bytes, size_t len,
			size_t *sent_r);

/* For poll(2). */
short tls_events(const struct tls *tls);

/* What is wrong with the certificate or the protocol, and what to do;
 * returns -1. */
int tls_explain(const struct tls *tls, struct nw_error *err);

#endif
