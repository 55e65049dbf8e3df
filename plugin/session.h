/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An NNTP session with the gateway on this computer: "newswire nntp" as a child
 * process at the other end of a socket pair, spoken to by libetpan.  Knows
 * nothing of Claws Mail; runs in the worker's thread.
 */
#ifndef NEWSWIRE_PLUGIN_SESSION_H
#define NEWSWIRE_PLUGIN_SESSION_H

#include <glib.h>

struct nw_session;

struct nw_session_group {
	char *name;
	char *description;
};

/* Starts program (found by PATH) with the argument "nntp"; NULL and error when
 * it cannot be started or does not greet. */
struct nw_session *nw_session_open(const char *program, GError **error);
/* Says QUIT, waits for the child; accepts NULL. */
void nw_session_close(struct nw_session *session);

/* The groups as an array of struct nw_session_group, the caller's (free with
 * g_ptr_array_unref); NULL and error. */
GPtrArray *nw_session_groups(struct nw_session *session, GError **error);

/* The numbers of a group, ascending, as an array of guint32 (free with
 * g_array_unref), and the group selected; NULL and error. */
GArray *nw_session_numbers(struct nw_session *session, const char *group,
			   GError **error);

/* An article of the selected group with LF line ends (free with
 * g_string_free); NULL without error when it is gone, NULL and error when the
 * session broke. */
GString *nw_session_article(struct nw_session *session, guint32 number,
			    GError **error);

#endif
