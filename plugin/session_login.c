/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "i18n.h"
#include "session_private.h"

/* RFC 4643 section 2.3.2: what a command line of 512 octets leaves. */
#define SECRET_OCTETS 480

/* A line of CAPABILITIES has a label and its arguments. */
static gboolean offers(const char *line, const char *label,
		       const char *argument)
{
	char **words = g_strsplit_set(line, " \t", -1);
	gboolean found = words[0] && !g_ascii_strcasecmp(words[0], label);
	char **word;

	if (found && argument) {
		found = FALSE;
		for (word = words + 1; *word; word++)
			found |= !g_ascii_strcasecmp(*word, argument);
	}
	g_strfreev(words);
	return found;
}

/* A server that does not know the command is one of RFC 977, which has none of
 * them. */
static gboolean ask_capabilities(struct nw_session *session, GError **error)
{
	struct nw_line line;
	const char *words;
	int code, got;

	session->has_reader = session->has_mode_reader = FALSE;
	session->has_compress = session->may_manage = FALSE;
	nw_lines_say(session->lines, "CAPABILITIES");
	code = nw_session_answer(session, &words, error);
	if (code != NW_NNTP_CAPABILITIES)
		return code >= NW_NNTP_UNAVAILABLE ||
		       (code && nw_session_garbage(session, error));
	nw_session_block_begin(session);
	while ((got = nw_session_block_next(session, &line, error)) > 0) {
		session->has_reader |= offers(line.text, "READER", NULL);
		session->has_mode_reader |=
			offers(line.text, "MODE-READER", NULL);
		session->has_compress |=
			offers(line.text, "COMPRESS", "DEFLATE");
		session->may_manage |=
			offers(line.text, "XNEWSWIRE", "SUBSCRIBE");
	}
	return got == 0;
}

/* RFC 3977 section 5.3: the server may become another one, so nothing may be
 * sent behind it before its answer. */
static gboolean be_reader(struct nw_session *session, GError **error)
{
	const char *words;
	int code;

	nw_lines_say(session->lines, "MODE READER");
	code = nw_session_answer(session, &words, error);
	if (!code)
		return FALSE;
	/* What does not know it has no other mode. */
	if (code == NW_NNTP_UNKNOWN || code == NW_NNTP_SYNTAX ||
	    code == NW_NNTP_LOGIN_FIRST)
		return TRUE;
	if (code != NW_NNTP_READY_POST && code != NW_NNTP_READY_NO_POST)
		return nw_session_refused(session, code, words, error);
	return ask_capabilities(session, error);
}

static gboolean login_error(const struct nw_session *session,
			    const char *format, GError **error)
{
	char *text = g_strdup(format);

	g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_LOGIN, "%s: %s",
		    nw_link_name(session->link), text);
	g_free(text);
	return FALSE;
}

static gboolean is_secret(const char *text)
{
	const char *at;

	for (at = text; *at; at++)
		if (g_ascii_iscntrl(*at))
			return FALSE;
	return at > text && (gsize)(at - text) <= SECRET_OCTETS;
}

static gboolean may_log_in(const struct nw_session *session,
			   const struct nw_gateway *gateway, GError **error)
{
	if (!nw_link_is_private(session->link))
		return login_error(session,
				   _("a password is not sent in clear. Choose "
				     "STARTTLS or TLS in the settings of the "
				     "gateway."),
				   error);
	if (!gateway->password || !*gateway->password)
		return login_error(session,
				   _("no password is known for this user. "
				     "Enter it in the settings of the "
				     "gateway."),
				   error);
	if (!is_secret(gateway->password) ||
	    !nw_session_is_word(gateway->user) || !is_secret(gateway->user))
		return login_error(session,
				   _("the user or the password is too long or "
				     "has signs that none may have."),
				   error);
	return TRUE;
}

/* AUTHINFO USER and PASS (RFC 4643 section 2.3). */
static gboolean log_in(struct nw_session *session,
		       const struct nw_gateway *gateway, GError **error)
{
	const char *words;
	int code;

	if (!may_log_in(session, gateway, error))
		return FALSE;
	nw_lines_say(session->lines, "AUTHINFO USER %s", gateway->user);
	code = nw_session_answer(session, &words, error);
	if (code == NW_NNTP_LOGIN_PASSWORD) {
		nw_lines_say(session->lines, "AUTHINFO PASS %s",
			     gateway->password);
		session->secret = gateway->password;
		code = nw_session_answer(session, &words, error);
		session->secret = NULL;
	}
	if (code == NW_NNTP_LOGGED_IN)
		return TRUE;
	if (!code)
		return FALSE;
	if (code == NW_NNTP_LOGIN_ENCRYPTED)
		return nw_session_refused(session, code, words, error);
	if (code == NW_NNTP_LOGIN_FAILED || code == NW_NNTP_LOGIN_ORDER ||
	    code == NW_NNTP_DENIED)
		return login_error(session,
				   _("the user or the password is wrong. Enter "
				     "them anew in the settings of the "
				     "gateway."),
				   error);
	if (code == NW_NNTP_UNKNOWN || code == NW_NNTP_SYNTAX ||
	    code == NW_NNTP_UNSUPPORTED)
		return login_error(session,
				   _("it knows no users. Leave the user empty "
				     "in the settings of the gateway."),
				   error);
	return nw_session_refused(session, code, words, error);
}

/* RFC 8054 section 2.2.2; a refusal is no failure. */
static gboolean compress(struct nw_session *session, GError **error)
{
	const char *words;
	int code;

	nw_lines_say(session->lines, "COMPRESS DEFLATE");
	code = nw_session_answer(session, &words, error);
	if (code >= NW_NNTP_UNAVAILABLE)
		return TRUE;
	if (code != NW_NNTP_COMPRESS || nw_lines_has_more(session->lines))
		return code && nw_session_garbage(session, error);
	return nw_link_deflate(session->link, error);
}

gboolean nw_session_log_in(struct nw_session *session,
			   const struct nw_gateway *gateway, GError **error)
{
	gboolean has_user = gateway->user && *gateway->user;

	if (!ask_capabilities(session, error) ||
	    (!session->has_reader && !be_reader(session, error)))
		return FALSE;
	if (has_user && (!log_in(session, gateway, error) ||
			 !ask_capabilities(session, error)))
		return FALSE;
	/* It may have wanted the login before anything else. */
	if (!session->has_reader && session->has_mode_reader &&
	    !be_reader(session, error))
		return FALSE;
	if (session->has_compress && !nw_link_is_local(session->link))
		return compress(session, error);
	return TRUE;
}
