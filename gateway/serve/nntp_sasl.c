/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gsasl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "newswire/nntp_server.h"
#include "newswire/secret.h"

#include "nntp_login_private.h"

/* In the order of CAPABILITIES. */
static const struct mechanism {
	const char *name;
	bool in_clear;		/* others could read the password */
	bool by_keys;		/* that the file of users must have */
} mechanisms[] = {
	{ "PLAIN", true, false },
	{ "SCRAM-SHA-256", false, true },
};

#define MECHANISMS (sizeof(mechanisms) / sizeof(mechanisms[0]))

static bool is_offered(const struct nw_nntp_session *session,
		       const struct mechanism *mechanism)
{
	if (mechanism->by_keys && !session->server->users.scram)
		return false;
	return !mechanism->in_clear || nw_nntp_is_private(session);
}

void nw_nntp_sasl_words(const struct nw_nntp_session *session,
			struct nw_buf *out)
{
	size_t i;

	for (i = 0; i < MECHANISMS; i++)
		if (is_offered(session, &mechanisms[i]))
			nw_buf_addf(out, " %s", mechanisms[i].name);
}

bool nw_nntp_sasl_offered(const struct nw_nntp_session *session)
{
	size_t i;

	for (i = 0; i < MECHANISMS && nw_nntp_may_login(session); i++)
		if (is_offered(session, &mechanisms[i]))
			return true;
	return false;
}

/* Those of the user, or some that look like it; in base64, though the manual of
 * GNU SASL says otherwise. */
static int set_keys(struct nw_nntp_login *login, Gsasl_session *sasl)
{
	const struct nw_users *users = &login->session->server->users;
	const char *name = gsasl_property_fast(sasl, GSASL_AUTHID);
	const struct nw_user *user = name ? nw_users_find(users, name) : NULL;
	struct nw_user nobody = { .name = NULL };
	struct nw_secret_keys keys;
	char iterations[16];
	int result;

	if (!name || !users->scram)
		return GSASL_AUTHENTICATION_ERROR;
	if (!user || !user->salt) {
		if (nw_secret_pretend(name, users->scram->server_key,
				      &keys) < 0)
			return GSASL_AUTHENTICATION_ERROR;
		nobody.salt = keys.salt;
		nobody.stored_key = keys.stored_key;
		nobody.server_key = keys.server_key;
		nobody.iterations = users->scram->iterations;
		user = &nobody;
	}
	(void)snprintf(iterations, sizeof(iterations), "%u",
		       user->iterations);
	result = gsasl_property_set(sasl, GSASL_SCRAM_ITER, iterations);
	if (result == GSASL_OK)
		result = gsasl_property_set(sasl, GSASL_SCRAM_SALT,
					    user->salt);
	if (result == GSASL_OK)
		result = gsasl_property_set(sasl, GSASL_SCRAM_STOREDKEY,
					    user->stored_key);
	if (result == GSASL_OK)
		result = gsasl_property_set(sasl, GSASL_SCRAM_SERVERKEY,
					    user->server_key);
	return result;
}

static int callback(Gsasl *context, Gsasl_session *sasl,
		    Gsasl_property property)
{
	(void)context;
	switch (property) {
	case GSASL_SCRAM_ITER:
	case GSASL_SCRAM_SALT:
	case GSASL_SCRAM_STOREDKEY:
	case GSASL_SCRAM_SERVERKEY:
		return set_keys(gsasl_session_hook_get(sasl), sasl);
	case GSASL_VALIDATE_SIMPLE:
		/* It is well written; whether it is right, comes after. */
		return GSASL_OK;
	default:
		return GSASL_NO_CALLBACK;
	}
}

static Gsasl *library(struct nw_nntp_server *server)
{
	if (!server->sasl && gsasl_init(&server->sasl) == GSASL_OK)
		gsasl_callback_set(server->sasl, callback);
	return server->sasl;
}

void nw_nntp_sasl_free(struct nw_nntp_server *server)
{
	if (server->sasl)
		gsasl_done(server->sasl);
	server->sasl = NULL;
}

void nw_nntp_sasl_end(struct nw_nntp_login *login)
{
	if (login->sasl)
		gsasl_finish(login->sasl);
	login->sasl = NULL;
	if (login->session->taker == &login->taker)
		nw_nntp_taker_end(login->session);
}

/* Nobody acts for another. */
static bool is_oneself(Gsasl_session *sasl)
{
	const char *name = gsasl_property_fast(sasl, GSASL_AUTHID);
	const char *as = gsasl_property_fast(sasl, GSASL_AUTHZID);

	return name && (!as || !*as || !strcmp(as, name));
}

/* The exchange went well: RFC 4643 section 2.4.2.  By SCRAM nobody gets here
 * who has no keys, but for one who guesses those that were made up. */
static void conclude(struct nw_nntp_login *login, const char *output)
{
	const struct nw_user *user = nw_users_find(
		&login->session->server->users, login->user);
	const char *password =
		gsasl_property_fast(login->sasl, GSASL_PASSWORD);

	if (!is_oneself(login->sasl)) {
		nw_nntp_login_fail(login);
	} else if (password) {
		nw_nntp_login_check(login, password);
	} else if (!user || !user->salt) {
		nw_nntp_login_fail(login);
	} else if (!nw_nntp_login_succeed(login)) {
		nw_nntp_reply(login->session, NW_NNTP_LOGIN_FAILED,
			      NW_NNTP_CROWDED);
	} else {
		nw_nntp_reply(login->session,
			      *output ? NW_NNTP_LOGGED_IN_BY_SASL
				      : NW_NNTP_LOGGED_IN,
			      "%s", *output ? output : "welcome");
	}
}

static void refuse(struct nw_nntp_login *login, int why)
{
	if (why == GSASL_AUTHENTICATION_ERROR)
		nw_nntp_login_fail(login);
	else
		nw_nntp_reply(login->session, NW_NNTP_LOGIN_ORDER,
			      "that is no message of the mechanism");
}

static void take_name(struct nw_nntp_login *login)
{
	const char *name = gsasl_property_fast(login->sasl, GSASL_AUTHID);

	nw_nntp_login_name(login, name ? name : "");
	login->named = false;
}

/* What the client says, without base64: whether there is more to come. */
static bool take_message(struct nw_nntp_login *login, const char *message,
			 size_t len)
{
	char *output = NULL, *text = NULL;
	size_t output_len = 0;
	int result = gsasl_step(login->sasl, message, len, &output,
				&output_len);

	if (result == GSASL_OK || result == GSASL_NEEDS_MORE) {
		const int coded = gsasl_base64_to(output ? output : "",
						  output_len, &text, NULL);

		if (coded != GSASL_OK)
			result = coded;
	}
	/* There is no mechanism here in which the server speaks first. */
	if (result == GSASL_NEEDS_MORE && !len)
		result = GSASL_MECHANISM_PARSE_ERROR;
	take_name(login);
	if (result == GSASL_NEEDS_MORE)
		nw_nntp_reply(login->session, NW_NNTP_LOGIN_MORE, "%s",
			      *text ? text : "=");
	else if (result == GSASL_OK)
		conclude(login, text);
	else
		refuse(login, result);
	gsasl_free(output);
	gsasl_free(text);
	return result == GSASL_NEEDS_MORE;
}

/* The same in base64, of which "=" is nothing and "*" gives up. */
static bool take_response(struct nw_nntp_login *login, const char *response,
			  size_t len)
{
	char *message = NULL;
	size_t message_len = 0;
	bool more;

	if (len == 1 && *response == '*') {
		nw_nntp_reply(login->session, NW_NNTP_LOGIN_FAILED,
			      "as you wish");
		return false;
	}
	if (len == 1 && *response == '=')
		return take_message(login, "", 0);
	if (!len || gsasl_base64_from(response, len, &message,
				      &message_len) != GSASL_OK) {
		nw_nntp_reply(login->session, NW_NNTP_BASE64,
			      "that is no base64");
		return false;
	}
	more = take_message(login, message, message_len);
	explicit_bzero(message, message_len);
	gsasl_free(message);
	return more;
}

/* A line (RFC 4643 section 2.4.2): it may be longer than a command. */
static size_t take(struct nw_nntp_session *session,
		   struct nw_nntp_taker *taker, char *data, size_t len)
{
	struct nw_nntp_login *login = session->login;
	char *end = memchr(data, '\n', len);
	size_t line_len = end ? (size_t)(end - data) : len;

	(void)taker;
	if (!end && len < NW_NNTP_SASL_OCTETS)
		return 0;
	if (!end || line_len >= NW_NNTP_SASL_OCTETS) {
		session->skipping = !end;
		nw_nntp_sasl_end(login);
		nw_nntp_reply(session, NW_NNTP_SYNTAX,
			      "a response has %d octets at most",
			      NW_NNTP_SASL_OCTETS);
		return end ? line_len + 1 : len;
	}
	if (line_len && data[line_len - 1] == '\r')
		line_len--;
	if (!take_response(login, data, line_len))
		nw_nntp_sasl_end(login);
	explicit_bzero(data, line_len);
	return (size_t)(end + 1 - data);
}

/* It belongs to the login. */
static void taker_free(struct nw_nntp_taker *taker)
{
	(void)taker;
}

static const struct mechanism *find(const char *name)
{
	size_t i;

	for (i = 0; i < MECHANISMS; i++)
		if (!strcasecmp(mechanisms[i].name, name))
			return &mechanisms[i];
	return NULL;
}

static void start(struct nw_nntp_login *login,
		  const struct mechanism *mechanism, const char *initial)
{
	Gsasl *sasl = library(login->session->server);

	login->named = false;
	if (!sasl || gsasl_server_start(sasl, mechanism->name,
					&login->sasl) != GSASL_OK) {
		nw_nntp_reply(login->session, NW_NNTP_FAULT,
			      "SASL is not to be had now");
		return;
	}
	gsasl_session_hook_set(login->sasl, login);
	login->taker.take = take;
	login->taker.free = taker_free;
	nw_nntp_taker_begin(login->session, &login->taker);
	/* The client begins: what it did not say yet, it is asked for. */
	if (!initial)
		nw_nntp_reply(login->session, NW_NNTP_LOGIN_MORE, "=");
	else if (!take_response(login, initial, strlen(initial)))
		nw_nntp_sasl_end(login);
}

void nw_nntp_sasl_begin(struct nw_nntp_login *login, const char *name,
			const char *initial)
{
	const struct mechanism *mechanism = find(name);
	struct nw_nntp_session *session = login->session;

	if (mechanism && mechanism->in_clear && !nw_nntp_is_private(session))
		nw_nntp_reply(session, NW_NNTP_LOGIN_ENCRYPTED,
			      "no password without encryption");
	else if (!mechanism || !is_offered(session, mechanism))
		nw_nntp_reply(session, NW_NNTP_UNSUPPORTED,
			      "no such mechanism here");
	else
		start(login, mechanism, initial);
}
