/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "i18n.h"
#include "newswire/limits.h"
#include "session_private.h"

/* RFC 3977 section 3.1 has 512; servers that greet at length have more. */
#define STATUS_OCTETS 4096
#define LINE_OCTETS   (64u << 10) /* of a list or an overview */
#define BLOCK_OCTETS  (64u << 20)
/* RFC 3977 section 9.8 sets no end, INN takes 497; a folder's name has 255. */
#define GROUP_OCTETS 255

gboolean nw_session_breaks(struct nw_session *session)
{
	session->broken = TRUE;
	return FALSE;
}

gboolean nw_session_garbage(struct nw_session *session, GError **error)
{
	g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_BROKEN,
		    _("%s gives answers that make no sense. See whether it is "
		      "a news server."),
		    nw_link_name(session->link));
	return nw_session_breaks(session);
}

gboolean nw_session_ready(struct nw_session *session, GError **error)
{
	nw_link_begin(session->link);
	if (nw_link_is_cancelled(session->link)) {
		(void)nw_link_lost(session->link, 0, error);
		return nw_session_breaks(session);
	}
	if (!session->broken)
		return TRUE;
	g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_BROKEN,
		    _("The connection to %s is broken."),
		    nw_link_name(session->link));
	return FALSE;
}

static gboolean leaves(struct nw_session *session, const char *words,
		       GError **error)
{
	char *text = nw_link_shown(words);

	g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_BROKEN,
		    _("%s ends the connection: %s"),
		    nw_link_name(session->link), text);
	g_free(text);
	return nw_session_breaks(session);
}

int nw_session_answer(struct nw_session *session, const char **words_r,
		      GError **error)
{
	struct nw_line line;
	int code;

	if (!nw_lines_next(session->lines, STATUS_OCTETS, &line, error)) {
		(void)nw_session_breaks(session);
		return 0;
	}
	nw_link_answered(session->link);
	if (line.len < 3 || !g_ascii_isdigit(line.text[1]) ||
	    !g_ascii_isdigit(line.text[2]) || line.text[0] < '1' ||
	    line.text[0] > '5' || (line.text[3] != ' ' && line.text[3] != '\0'))
		return nw_session_garbage(session, error);
	code = (line.text[0] - '0') * 100 + (line.text[1] - '0') * 10 +
	       (line.text[2] - '0');
	*words_r = line.text + 3 + (line.text[3] == ' ');
	/* There are servers that say back what they were told. */
	if (session->secret && strstr(*words_r, session->secret))
		*words_r = "";
	if (code == NW_NNTP_UNAVAILABLE)
		return leaves(session, *words_r, error);
	return code;
}

gboolean nw_session_refused(struct nw_session *session, int code,
			    const char *words, GError **error)
{
	const char *name = nw_link_name(session->link);
	char *text;

	if (code < NW_NNTP_UNAVAILABLE)
		return nw_session_garbage(session, error);
	text = nw_link_shown(words);
	if (code == NW_NNTP_LOGIN_FIRST)
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_LOGIN,
			    _("%s wants a user and a password: enter them in "
			      "the settings of the gateway. It says: %s"),
			    name, text);
	else if (code == NW_NNTP_LOGIN_ENCRYPTED)
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_LOGIN,
			    _("%s wants to be asked over TLS: choose it in the "
			      "settings of the gateway. It says: %s"),
			    name, text);
	else
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_REFUSED,
			    _("%s says no: %s"), name, text);
	g_free(text);
	return FALSE;
}

gboolean nw_session_goes_on(struct nw_session *session, int code,
			    const char *words, GError **refused, GError **error)
{
	if (code < NW_NNTP_UNAVAILABLE)
		return nw_session_garbage(session, error);
	if (!*refused)
		(void)nw_session_refused(session, code, words, refused);
	return TRUE;
}

gboolean nw_session_all_good(GError *refused, GError **error)
{
	if (refused)
		g_propagate_error(error, refused);
	return !refused;
}

void nw_session_block_begin(struct nw_session *session)
{
	session->block_left = BLOCK_OCTETS;
}

int nw_session_block_next(struct nw_session *session, struct nw_line *line_r,
			  GError **error)
{
	char *nul;

	if (!nw_lines_next(session->lines, LINE_OCTETS, line_r, error)) {
		(void)nw_session_breaks(session);
		return -1;
	}
	if (line_r->len >= session->block_left) {
		(void)nw_session_garbage(session, error);
		return -1;
	}
	session->block_left -= line_r->len + 1;
	if (line_r->text[0] == '.') {
		if (line_r->len == 1) {
			nw_link_answered(session->link);
			return 0;
		}
		line_r->text++;
		line_r->len--;
	}
	/* No line of a list may end early, or be taken for another. */
	while ((nul = memchr(line_r->text, '\0', line_r->len)))
		*nul = '\177';
	return 1;
}

gboolean nw_session_block_skip(struct nw_session *session, GError **error)
{
	struct nw_line line;
	int got;

	while ((got = nw_session_block_next(session, &line, error)) > 0)
		;
	return got == 0;
}

gboolean nw_session_number(const char **at, guint32 *number_r)
{
	const char *text = *at;
	guint64 number = 0;

	if (!g_ascii_isdigit(*text))
		return FALSE;
	for (; g_ascii_isdigit(*text); text++)
		if (number <= NW_SESSION_NUMBER_MAX)
			number = number * 10 + (guint64)(*text - '0');
	if (number > NW_SESSION_NUMBER_MAX ||
	    (*text && !g_ascii_isspace(*text)))
		return FALSE;
	while (g_ascii_isspace(*text))
		text++;
	*at = text;
	*number_r = (guint32)number;
	return TRUE;
}

gboolean nw_session_is_word(const char *word)
{
	const char *at;

	for (at = word; *at; at++)
		if ((unsigned char)*at <= ' ' || *at == '\177')
			return FALSE;
	return at > word;
}

gboolean nw_session_is_message_id(const char *id)
{
	gsize len = strlen(id);

	return len >= 3 && len <= NW_MESSAGE_ID_OCTETS && id[0] == '<' &&
	       id[len - 1] == '>' && nw_session_is_word(id);
}

gboolean nw_session_is_group(const char *name)
{
	return nw_session_is_word(name) && *name != '.' &&
	       strlen(name) <= GROUP_OCTETS && !strpbrk(name, "/\\") &&
	       g_utf8_validate(name, -1, NULL);
}
