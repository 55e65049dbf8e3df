/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a gateway is and how to get in: a value that goes to the worker's
 * thread as a copy.  Knows nothing of Claws Mail.
 */
#ifndef NEWSWIRE_PLUGIN_GATEWAY_H
#define NEWSWIRE_PLUGIN_GATEWAY_H

#include <glib.h>

enum nw_security {
	NW_SECURITY_NONE,	/* a password then goes to this machine only */
	NW_SECURITY_STARTTLS,
	NW_SECURITY_TLS,
};

struct nw_gateway {
	char *host;		/* NULL: this computer, by "newswire nntp" */
	guint16 port;		/* 0: 119, or 563 of NW_SECURITY_TLS */
	enum nw_security security;
	char *user;		/* NULL: no login */
	char *password;
	char *ca_file;		/* PEM; NULL: the system's authorities */
};

struct nw_gateway *nw_gateway_copy(const struct nw_gateway *gateway);
/* Overwrites the password; accepts NULL. */
void nw_gateway_free(struct nw_gateway *gateway);

gboolean nw_gateway_is_local(const struct nw_gateway *gateway);
guint16 nw_gateway_port(const struct nw_gateway *gateway);

#endif
