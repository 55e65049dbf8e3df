/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "i18n.h"
#include "newswire/limits.h"
#include "session_private.h"

#define HISTORY_OCTETS (16u << 20)

/* What cannot be an argument is refused before the gateway sees it. */
static gboolean ask(struct nw_session *session, const char *verb,
		    const char *argument, GError **error)
{
	if (!nw_session_ready(session, error))
		return FALSE;
	if (!nw_session_is_word(argument) ||
	    strlen(argument) > NW_FETCH_URL_BYTES) {
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_REFUSED,
			    _("%s takes no address that is so long, or has "
			      "spaces in it."),
			    nw_link_name(session->link));
		return FALSE;
	}
	nw_link_begin_errand(session->link);
	nw_lines_say(session->lines, "XNEWSWIRE %s %s", verb, argument);
	return TRUE;
}

char *nw_session_subscribe(struct nw_session *session, const char *url,
			   GError **error)
{
	const char *words;
	char **fields, *group;
	int code;

	if (!ask(session, "SUBSCRIBE", url, error))
		return NULL;
	code = nw_session_answer(session, &words, error);
	if (code != NW_NNTP_SUBSCRIBED) {
		if (code)
			(void)nw_session_refused(session, code, words, error);
		return NULL;
	}
	fields = g_strsplit_set(words, " \t", 2);
	group = g_strdup(fields[0]);
	g_strfreev(fields);
	if (group && nw_session_is_group(group))
		return group;
	g_free(group);
	(void)nw_session_garbage(session, error);
	return NULL;
}

gboolean nw_session_unsubscribe(struct nw_session *session, const char *group,
				GError **error)
{
	const char *words;
	int code;

	if (!ask(session, "UNSUBSCRIBE", group, error))
		return FALSE;
	code = nw_session_answer(session, &words, error);
	if (code == NW_NNTP_UNSUBSCRIBED)
		return TRUE;
	return code ? nw_session_refused(session, code, words, error) : FALSE;
}

static char *read_history(struct nw_session *session, GError **error)
{
	GString *text = g_string_new(NULL);
	struct nw_line line;
	char *valid;
	int got;

	nw_session_block_begin(session);
	while ((got = nw_session_block_next(session, &line, error)) > 0 &&
	       text->len + line.len < HISTORY_OCTETS) {
		g_string_append_len(text, line.text, (gssize)line.len);
		g_string_append_c(text, '\n');
	}
	if (got > 0)
		(void)nw_session_garbage(session, error);
	valid = got ? NULL : g_utf8_make_valid(text->str, (gssize)text->len);
	(void)g_string_free(text, TRUE);
	return valid;
}

char *nw_session_history(struct nw_session *session, const char *message_id,
			 GError **error)
{
	const char *words;
	int code;

	if (!ask(session, "HISTORY", message_id, error))
		return NULL;
	code = nw_session_answer(session, &words, error);
	if (code == NW_NNTP_HISTORY)
		return read_history(session, error);
	if (code)
		(void)nw_session_refused(session, code, words, error);
	return NULL;
}
