/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "newswire/nntp_server.h"

#include "nntp_private.h"

struct capability {
	const char *line;
	/* Adds what follows on its line, or NULL. */
	void (*words)(const struct nw_nntp_session *session,
		      struct nw_buf *out);
	/* Whether it holds now; NULL: always. */
	bool (*offered)(const struct nw_nntp_session *session);
};

static bool may_compress(const struct nw_nntp_session *session)
{
	return !nw_nntp_is_compressed(session);
}

/* In the order that they are listed; VERSION must come first (RFC 3977
 * section 5.2.2). */
static const struct capability capabilities[] = {
	{ "VERSION 2", NULL, NULL },
	{ "IMPLEMENTATION " PACKAGE_NAME " " PACKAGE_VERSION, NULL, NULL },
	{ "AUTHINFO", nw_nntp_login_words, nw_nntp_may_login },
	{ "COMPRESS DEFLATE", NULL, may_compress },
	{ "HDR", NULL, NULL },
	{ "LIST", nw_nntp_list_words, NULL },
	{ "NEWNEWS", NULL, NULL },
	{ "OVER MSGID", NULL, NULL },
	{ "POST", NULL, nw_nntp_offers_post },
	{ "READER", NULL, NULL },
	{ "SASL", nw_nntp_sasl_words, nw_nntp_sasl_offered },
	{ "STARTTLS", NULL, nw_nntp_may_start_tls },
	{ "XFEATURE-COMPRESS GZIP TERMINATOR", NULL, may_compress },
	{ "XNEWSWIRE SUBSCRIBE UNSUBSCRIBE HISTORY", NULL,
	  nw_nntp_may_manage },
	{ "XPAT", NULL, NULL },
};

int nw_nntp_capabilities(struct nw_nntp_session *session,
			 const struct nw_nntp_command *command,
			 char *const *words, struct nw_error *err)
{
	const struct capability *one;
	size_t i;

	(void)err;
	nw_nntp_users_refresh(session->server);
	if (words[0] && !nw_nntp_is_keyword(words[0])) {
		nw_nntp_reply(session, NW_NNTP_SYNTAX, "not a keyword");
		return 0;
	}
	nw_nntp_reply(session, command->code, "capabilities follow");
	for (i = 0; i < sizeof(capabilities) / sizeof(*capabilities); i++) {
		one = &capabilities[i];
		if (one->offered && !one->offered(session))
			continue;
		nw_buf_adds(session->reply, one->line);
		if (one->words)
			one->words(session, session->reply);
		nw_buf_adds(session->reply, "\r\n");
	}
	nw_buf_adds(session->reply, ".\r\n");
	return 0;
}
