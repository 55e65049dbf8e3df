/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "i18n.h"
#include "session_private.h"

/* They are not kept here, so there may be many: so long on the average, and so
 * long all of them. */
#define USUAL_OCTETS 1024
#define MOST_OCTETS  ((guint64)4 << 30)

/* RFC 3977 section 8.3.2: number, Subject, From, Date, Message-ID, References,
 * :bytes, :lines, and what else a server has. */
enum field {
	FIELD_NUMBER,
	FIELD_DATE = 3,
	FIELD_MESSAGE_ID,
	FIELD_BYTES = 6,
	FIELDS
};

/* FALSE for a line that is none, or not of an article that was asked for. */
static gboolean parse(char *line, guint32 above, guint32 last,
		      struct nw_session_overview *overview_r)
{
	const char *fields[FIELDS] = { NULL };
	const char *number, *octets;
	gsize i;

	for (i = 0; i < FIELDS && line; i++) {
		char *tab = strchr(line, '\t');

		fields[i] = line;
		if (tab)
			*tab = '\0';
		line = tab ? tab + 1 : NULL;
	}
	if (i <= FIELD_MESSAGE_ID)
		return FALSE;
	number = fields[FIELD_NUMBER];
	if (!nw_session_number(&number, &overview_r->number) ||
	    overview_r->number <= above || overview_r->number > last ||
	    !nw_session_is_message_id(fields[FIELD_MESSAGE_ID]))
		return FALSE;
	overview_r->message_id = fields[FIELD_MESSAGE_ID];
	overview_r->date = fields[FIELD_DATE];
	octets = fields[FIELD_BYTES];
	if (!octets || !nw_session_number(&octets, &overview_r->octets))
		overview_r->octets = 0;
	return TRUE;
}

struct range {
	guint32 first, last;
	nw_session_overview_fn *each;
	gpointer data;
};

static gboolean read_overviews(struct nw_session *session,
			       const struct range *range, GError **error)
{
	struct nw_session_overview overview;
	guint32 above = range->first ? range->first - 1 : 0;
	struct nw_line line;
	int got;

	nw_session_block_begin(session);
	if (range->last > range->first)
		session->block_left =
			CLAMP((guint64)(range->last - range->first) *
				      USUAL_OCTETS,
			      session->block_left, MOST_OCTETS);
	while ((got = nw_session_block_next(session, &line, error)) > 0) {
		if (!parse(line.text, above, range->last, &overview))
			continue;
		above = overview.number;
		if (!range->each(&overview, range->data)) {
			g_set_error(error, NW_SESSION_ERROR,
				    NW_SESSION_ERROR_CANCELLED,
				    _("Cancelled."));
			return nw_session_breaks(session);
		}
	}
	return got == 0;
}

gboolean nw_session_overviews(struct nw_session *session, guint32 first,
			      guint32 last, nw_session_overview_fn *each,
			      gpointer data, GError **error)
{
	const struct range range = { first, last, each, data };
	const char *words;
	int code;

	if (!nw_session_ready(session, error))
		return FALSE;
	nw_lines_say(session->lines, "%s %u-%u",
		     session->old_over ? "XOVER" : "OVER", first, last);
	code = nw_session_answer(session, &words, error);
	if (!session->old_over &&
	    (code == NW_NNTP_UNKNOWN || code == NW_NNTP_UNSUPPORTED)) {
		session->old_over = TRUE;
		return nw_session_overviews(session, first, last, each, data,
					    error);
	}
	if (code == NW_NNTP_OVER)
		return read_overviews(session, &range, error);
	if (code == NW_NNTP_NO_SUCH_NUMBER || code == NW_NNTP_NO_CURRENT)
		return TRUE;
	return code ? nw_session_refused(session, code, words, error) : FALSE;
}
