/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <poll.h>

#include "i18n.h"
#include "session_private.h"

/* GLib keeps the name when the plugin has been unloaded: it has to be a copy,
 * which that of G_DEFINE_QUARK() is not. */
GQuark nw_session_error_quark(void)
{
	return g_quark_from_string("nw-session-error-quark");
}

/* STARTTLS (RFC 4642 section 2.2). */
static gboolean start_tls(struct nw_session *session,
			  const struct nw_gateway *gateway, GError **error)
{
	const char *words;
	int code;

	nw_lines_say(session->lines, "STARTTLS");
	code = nw_session_answer(session, &words, error);
	if (!code)
		return FALSE;
	if (code != NW_NNTP_START_TLS) {
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_TLS,
			    _("%s does not offer STARTTLS. Choose TLS from the "
			      "beginning, or ask who runs it."),
			    nw_link_name(session->link));
		return FALSE;
	}
	/* What came in clear behind it would be taken for encrypted. */
	if (nw_lines_has_more(session->lines)) {
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_TLS,
			    _("Somebody between here and %s has put something "
			      "into the connection."),
			    nw_link_name(session->link));
		return FALSE;
	}
	return nw_link_encrypt(session->link, gateway->host, gateway->ca_file,
			       error);
}

static gboolean greet(struct nw_session *session, GError **error)
{
	const char *words;
	int code = nw_session_answer(session, &words, error);

	if (code == NW_NNTP_READY_POST || code == NW_NNTP_READY_NO_POST)
		return TRUE;
	return code ? nw_session_refused(session, code, words, error) : FALSE;
}

/* Before a child has said anything, all that can be wrong is its start. */
static void blame_start(const struct nw_link *link, GError **error)
{
	if (nw_link_is_local(link) && error && *error &&
	    (*error)->code == NW_SESSION_ERROR_BROKEN)
		(*error)->code = NW_SESSION_ERROR_START;
}

struct nw_session *nw_session_begin(struct nw_link *link,
				    const struct nw_gateway *gateway,
				    GError **error)
{
	struct nw_session *session = g_new0(struct nw_session, 1);
	gboolean tls_first = gateway->security == NW_SECURITY_TLS &&
			     !nw_gateway_is_local(gateway);
	gboolean tls_later = gateway->security == NW_SECURITY_STARTTLS &&
			     !nw_gateway_is_local(gateway);

	session->link = link;
	session->lines = nw_lines_new(link);
	if (tls_first &&
	    !nw_link_encrypt(link, gateway->host, gateway->ca_file, error))
		goto fail;
	if (!greet(session, error)) {
		blame_start(link, error);
		goto fail;
	}
	if ((!tls_later || start_tls(session, gateway, error)) &&
	    nw_session_log_in(session, gateway, error))
		return session;
fail:
	session->broken = TRUE;
	nw_session_close(session);
	return NULL;
}

struct nw_session *nw_session_open_with(const struct nw_gateway *gateway,
					const struct nw_patience *patience,
					GCancellable *cancel, GError **error)
{
	struct nw_link *link = nw_link_open(gateway, patience, cancel, error);

	return link ? nw_session_begin(link, gateway, error) : NULL;
}

struct nw_session *nw_session_open(const struct nw_gateway *gateway,
				   GCancellable *cancel, GError **error)
{
	return nw_session_open_with(gateway, &nw_patience_usual, cancel, error);
}

void nw_session_close(struct nw_session *session)
{
	if (!session)
		return;
	if (!session->broken) {
		nw_lines_say(session->lines, "QUIT");
		nw_lines_flush_now(session->lines);
	}
	nw_lines_free(session->lines);
	nw_link_close(session->link);
	g_free(session);
}

gboolean nw_session_may_manage(const struct nw_session *session)
{
	return session->may_manage;
}
