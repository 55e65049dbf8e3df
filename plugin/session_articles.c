/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "i18n.h"
#include "newswire/limits.h"
#include "session_private.h"

/* One larger than ours can be is read over and counts as gone; one that has no
 * end breaks the session. */
#define ARTICLE_OCTETS (NW_MESSAGE_BYTES + (1u << 20))
#define ENDLESS_OCTETS ((gsize)4 * ARTICLE_OCTETS)
#define LINE_OCTETS    (1u << 20)

/* What is under way. */
struct fetch {
	const GArray *numbers;
	const char *command;
	int code; /* of its answer */
	nw_session_article_fn *each;
	gpointer data;
	GError *refused; /* an article, not because it is gone */
};

/* Octets that no header or text may have would end it early for others. */
static void append(GString *text, const struct nw_line *line)
{
	const char *at = line->text, *end = line->text + line->len, *nul;

	while ((nul = memchr(at, '\0', (gsize)(end - at)))) {
		g_string_append_len(text, at, nul - at);
		at = nul + 1;
	}
	g_string_append_len(text, at, end - at);
	g_string_append_c(text, '\n');
}

/* To the line with the dot; only behind CR LF is it one.  NULL and error; an
 * empty text when it was too large. */
static GString *read_text(struct nw_session *session, GError **error)
{
	GString *text = g_string_new(NULL);
	struct nw_line line;
	gboolean at_start = TRUE;
	gsize octets = 0;

	while (nw_lines_next(session->lines, LINE_OCTETS, &line, error)) {
		if (at_start && line.text[0] == '.' && line.len) {
			if (line.len == 1 && line.crlf)
				return text;
			line.text++;
			line.len--;
		}
		at_start = line.crlf;
		octets += line.len + 1;
		if (octets > ENDLESS_OCTETS) {
			(void)nw_session_garbage(session, error);
			break;
		}
		if (octets <= ARTICLE_OCTETS)
			append(text, &line);
		else
			g_string_truncate(text, 0);
	}
	(void)g_string_free(text, TRUE);
	(void)nw_session_breaks(session);
	return NULL;
}

static gboolean hand_over(struct nw_session *session, struct fetch *fetch,
			  guint32 number, GString *text, GError **error)
{
	if (text && !text->len) {
		(void)g_string_free(text, TRUE);
		text = NULL;
	}
	if (fetch->each(number, text, fetch->data, error))
		return TRUE;
	return nw_session_breaks(session);
}

static gboolean read_article(struct nw_session *session, struct fetch *fetch,
			     guint32 number, GError **error)
{
	const char *words;
	guint32 answered;
	GString *text;
	int code = nw_session_answer(session, &words, error);

	if (!code)
		return FALSE;
	if (code == fetch->code) {
		/* Another's text must not be kept under this number. */
		if (!nw_session_number(&words, &answered) || answered != number)
			return nw_session_garbage(session, error);
		text = read_text(session, error);
		return text && hand_over(session, fetch, number, text, error);
	}
	if (code == NW_NNTP_NO_SUCH_NUMBER || code == NW_NNTP_NO_SUCH_ID)
		return hand_over(session, fetch, number, NULL, error);
	return nw_session_goes_on(session, code, words, &fetch->refused, error);
}

/* After a refusal nothing more is asked, but what is under way comes. */
static gboolean fetch_all(struct nw_session *session, struct fetch *fetch,
			  GError **error)
{
	guint asked = 0, got, until;
	const GArray *numbers = fetch->numbers;

	for (got = 0; got < numbers->len; got++) {
		until = fetch->refused
				? 0
				: MIN(numbers->len, got + NW_SESSION_WINDOW);
		/* By halves, so that they go in few packets. */
		if (asked - got <= NW_SESSION_WINDOW / 2)
			for (; asked < until; asked++)
				nw_lines_say(session->lines, "%s %u",
					     fetch->command,
					     g_array_index(numbers, guint32,
							   asked));
		if (asked == got)
			break;
		if (!read_article(session, fetch,
				  g_array_index(numbers, guint32, got), error))
			return FALSE;
	}
	return TRUE;
}

gboolean nw_session_articles(struct nw_session *session, const GArray *numbers,
			     gboolean headers_only, nw_session_article_fn *each,
			     gpointer data, GError **error)
{
	struct fetch fetch = {
		.numbers = numbers,
		.command = headers_only ? "HEAD" : "ARTICLE",
		.code = headers_only ? NW_NNTP_HEAD : NW_NNTP_ARTICLE,
		.each = each,
		.data = data,
	};

	if (!nw_session_ready(session, error))
		return FALSE;
	if (fetch_all(session, &fetch, error))
		return nw_session_all_good(fetch.refused, error);
	g_clear_error(&fetch.refused);
	return FALSE;
}
