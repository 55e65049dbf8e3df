/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What logging in by a password and by SASL have in common.
 */
#ifndef NEWSWIRE_NNTP_LOGIN_PRIVATE_H
#define NEWSWIRE_NNTP_LOGIN_PRIVATE_H

#include "nntp_private.h"

struct Gsasl_session;

/* Of a client that has tried to log in. */
struct nw_nntp_login {
	struct nw_nntp_taker taker; /* while SASL asks */
	struct nw_nntp_session *session;
	struct Gsasl_session *sasl; /* NULL: no exchange is under way */
	struct nw_check *check;	    /* NULL: no password is being checked */
	struct event pause;	    /* before a refusal is told */
	unsigned failures;
	bool named;		    /* AUTHINFO USER came */
	bool pending;		    /* until code and text are known */
	bool done;		    /* it has logged in */
	enum nw_nntp_code code;
	const char *text;
	/* Who it says it is; "" for a name that nobody can have. */
	char user[NW_USER_OCTETS + 1];
};

void nw_nntp_login_name(struct nw_nntp_login *login, const char *name);
/* Has the password of login->user checked, and replies when that is done. */
void nw_nntp_login_check(struct nw_nntp_login *login, const char *password);
/* The client is login->user from now on; false when that one has too many
 * connections, which NW_NNTP_CROWDED says. */
bool nw_nntp_login_succeed(struct nw_nntp_login *login);
#define NW_NNTP_CROWDED "too many connections of this user"

/* Replies that it is not, after a pause. */
void nw_nntp_login_fail(struct nw_nntp_login *login);

/* nntp_sasl.c */

/* AUTHINFO SASL; initial may be NULL. */
void nw_nntp_sasl_begin(struct nw_nntp_login *login, const char *mechanism,
			const char *initial);
/* Ends an exchange, if there is one. */
void nw_nntp_sasl_end(struct nw_nntp_login *login);

#endif
