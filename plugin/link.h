/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A stream of bytes to a gateway: "newswire nntp" as a child process behind a
 * socket pair, or a TCP connection; above it TLS, and above that DEFLATE.  Each
 * of them is a mailstream_low of libetpan with a driver of ours that never
 * waits.  (libetpan's own TLS waits where nothing can end it: in the handshake,
 * and in a record that comes an octet at a time; its DEFLATE stops when an
 * answer fills the reader's buffer.)  They are called through the driver, not
 * by mailstream_low_read(), which would hand every byte to the logger that
 * Claws Mail sets for its own accounts.
 *
 * Waiting is done in one place, and has an end: when the GCancellable is
 * cancelled, and when the gateway is slower than the patience allows.
 */
#ifndef NEWSWIRE_PLUGIN_LINK_H
#define NEWSWIRE_PLUGIN_LINK_H

#include <gio/gio.h>

#include "gateway.h"

/* How long a gateway may take.  At the beginning it has answer_ms; each octet
 * that comes and each answer that is complete lets it have more, but never more
 * than answer_ms from now. */
struct nw_patience {
	guint connect_ms;	/* for all addresses together, and for TLS */
	guint answer_ms;
	guint octets_a_second;
	guint ms_an_answer;
	guint errand_ms;	/* for what a gateway does on the web first */
};
extern const struct nw_patience nw_patience_usual;

struct nw_link;

/* Connects, without TLS.  Errors are of NW_SESSION_ERROR.  patience must
 * outlive the link. */
struct nw_link *nw_link_open(const struct nw_gateway *gateway,
			     const struct nw_patience *patience,
			     GCancellable *cancel, GError **error);
/* Over a socket that is connected, which it takes, to who is called name. */
struct nw_link *nw_link_adopt(int fd, const char *name,
			      const struct nw_patience *patience,
			      GCancellable *cancel);
/* Ends the child; accepts NULL. */
void nw_link_close(struct nw_link *link);

/* TLS with the host's certificate verified against ca_file (PEM), or the
 * system's authorities if that is NULL.  FALSE: good for closing only. */
gboolean nw_link_encrypt(struct nw_link *link, const char *host,
			 const char *ca_file, GError **error);
/* DEFLATE in both directions (RFC 8054). */
gboolean nw_link_deflate(struct nw_link *link, GError **error);

/* As errors shall name it. */
const char *nw_link_name(const struct nw_link *link);
gboolean nw_link_is_local(const struct nw_link *link);
/* Nobody listens: a child, this machine, or TLS. */
gboolean nw_link_is_private(const struct nw_link *link);
/* Whether it was cancelled. */
gboolean nw_link_is_cancelled(const struct nw_link *link);

/* Neither waits: how many octets, or -1 with errno EAGAIN or another; reading 0
 * is the end.  Writing nothing sends what a layer holds back. */
gssize nw_link_read(struct nw_link *link, void *octets, gsize size);
gssize nw_link_write(struct nw_link *link, const void *octets, gsize len);
/* Until one of the events of poll(2); FALSE and error when the patience ends or
 * it is cancelled. */
gboolean nw_link_wait(struct nw_link *link, short events, GError **error);
/* Says why a read or write failed; with_errno is 0 when it came to the end.
 * What a child said last on its standard error is in it.  Always FALSE. */
gboolean nw_link_lost(struct nw_link *link, int with_errno, GError **error);

/* Words of the other side, fit for one line of an error (free with g_free). */
char *nw_link_shown(const char *words);

/* The gateway has its time from now on, also for an errand; or it has given an
 * answer. */
void nw_link_begin(struct nw_link *link);
void nw_link_begin_errand(struct nw_link *link);
void nw_link_answered(struct nw_link *link);

#endif
