/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person typed of a gateway, made fit to be used: nothing of it can lead
 * out of a line of the protocol or of a file's name.  Knows nothing of Claws
 * Mail.
 */
#ifndef NEWSWIRE_PLUGIN_TYPED_H
#define NEWSWIRE_PLUGIN_TYPED_H

#include <gio/gio.h>

/* The name or address of a host in ASCII, lower case, or NULL and error, which
 * says what is wrong in words (free with g_free).  White space around it and
 * the brackets of an IPv6 address are taken off. */
char *nw_typed_host(const char *text, GError **error);
/* A user or a password as AUTHINFO takes it (RFC 4643, 2.3.2): NULL when it is
 * empty; NULL and error (free with g_free). */
char *nw_typed_user(const char *text, GError **error);
char *nw_typed_password(const char *text, GError **error);

#endif
