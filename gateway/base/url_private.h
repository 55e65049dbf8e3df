/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pieces of a normalised URL, each added to the end of a text.
 */
#ifndef NEWSWIRE_URL_PRIVATE_H
#define NEWSWIRE_URL_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>

#include "newswire/buf.h"

/* The host in lower case: a name (an internationalised one as punycode), an
 * IPv4 address in any of the forms that browsers read, or an IPv6 address in
 * brackets.  -1 when no host can be called that. */
int url_add_host(struct nw_buf *out, const char *host, size_t len);

/* Octets with unreserved characters decoded and all others but RFC 3986's
 * pchar, valid escapes and those of keep encoded. */
void url_add_encoded(struct nw_buf *out, const char *bytes, size_t len,
		     const char *keep);

/* The same for a path; in one of a web address "\" is "/". */
void url_add_path(struct nw_buf *out, const char *bytes, size_t len, bool web);

#endif
