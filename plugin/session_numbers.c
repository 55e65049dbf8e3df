/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "i18n.h"
#include "session_private.h"

#define NUMBERS_MAX 2000000 /* of a group, that are listed */

/* "number message-id" (RFC 3977 section 6.2.4). */
static char *anchor_id(const char *words, guint32 anchor)
{
	char **fields;
	char *id = NULL;
	guint32 number;

	if (!nw_session_number(&words, &number) || number != anchor)
		return NULL;
	fields = g_strsplit_set(words, " \t", 2);
	if (fields[0] && nw_session_is_message_id(fields[0]))
		id = g_strdup(fields[0]);
	g_strfreev(fields);
	return id;
}

/* A number that there cannot be is passed over, and so is what the range did
 * not ask for. */
static gboolean read_numbers(struct nw_session *session, guint32 first,
			     GArray *numbers, GError **error)
{
	struct nw_line line;
	int got;

	nw_session_block_begin(session);
	while ((got = nw_session_block_next(session, &line, error)) > 0) {
		const char *at = line.text;
		guint32 number;

		if (!nw_session_number(&at, &number) || !number ||
		    number < first)
			continue;
		if (numbers->len >= NUMBERS_MAX)
			return nw_session_garbage(session, error);
		g_array_append_val(numbers, number);
	}
	return got == 0;
}

static gint ascending(gconstpointer a, gconstpointer b)
{
	const guint32 *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

/* They should come in order, and each once. */
static void put_in_order(GArray *numbers)
{
	guint32 *all = (guint32 *)(gpointer)numbers->data;
	guint from, to = 0;

	g_array_sort(numbers, ascending);
	for (from = 0; from < numbers->len; from++)
		if (!to || all[from] != all[to - 1])
			all[to++] = all[from];
	g_array_set_size(numbers, to);
}

/* What is asked for, and what the commands came to. */
struct listing {
	const char *group;
	guint32 first, anchor;
	struct nw_session_numbers *numbers;
	GError *refused; /* GROUP or STAT, or LISTGROUP at last */
	gboolean listed;
	int list_code;
	char *list_words; /* why it was not listed */
};

static gboolean read_group(struct nw_session *session, struct listing *listing,
			   GError **error)
{
	struct nw_session_numbers *numbers = listing->numbers;
	const char *words;
	guint32 count;
	int code = nw_session_answer(session, &words, error);

	if (!code)
		return FALSE;
	if (code != NW_NNTP_GROUP)
		return nw_session_goes_on(session, code, words,
					  &listing->refused, error);
	if (nw_session_number(&words, &count) &&
	    nw_session_number(&words, &numbers->low) &&
	    nw_session_number(&words, &numbers->high))
		return TRUE;
	/* There are servers with more than 2^31 articles in a group. */
	g_set_error(&listing->refused, NW_SESSION_ERROR,
		    NW_SESSION_ERROR_REFUSED,
		    _("%s has numbers in %s that are too large to be read."),
		    nw_link_name(session->link), listing->group);
	return TRUE;
}

static gboolean read_list(struct nw_session *session, struct listing *listing,
			  GError **error)
{
	const char *words;
	int code = nw_session_answer(session, &words, error);

	if (!code)
		return FALSE;
	listing->listed = code == NW_NNTP_GROUP;
	if (listing->listed)
		return read_numbers(session, listing->first,
				    listing->numbers->numbers, error);
	if (code < NW_NNTP_UNAVAILABLE)
		return nw_session_garbage(session, error);
	listing->list_code = code;
	g_free(listing->list_words);
	listing->list_words = g_strdup(words);
	return TRUE;
}

static gboolean read_anchor(struct nw_session *session, struct listing *listing,
			    GError **error)
{
	const char *words;
	int code = nw_session_answer(session, &words, error);

	if (!code)
		return FALSE;
	if (code == NW_NNTP_STAT)
		listing->numbers->anchor_id = anchor_id(words, listing->anchor);
	return code == NW_NNTP_STAT || code == NW_NNTP_NO_SUCH_NUMBER ||
	       code == NW_NNTP_NO_SUCH_ID ||
	       nw_session_goes_on(session, code, words, &listing->refused,
				  error);
}

/* All in one round trip; once more if the server is one whose LISTGROUP knows
 * no ranges (RFC 2980 section 2.4). */
static gboolean converse(struct nw_session *session, struct listing *listing,
			 GError **error)
{
	nw_lines_say(session->lines, "GROUP %s", listing->group);
	if (listing->first > 1)
		nw_lines_say(session->lines, "LISTGROUP %s %u-", listing->group,
			     listing->first);
	else
		nw_lines_say(session->lines, "LISTGROUP %s", listing->group);
	if (listing->anchor)
		nw_lines_say(session->lines, "STAT %u", listing->anchor);
	if (!read_group(session, listing, error) ||
	    !read_list(session, listing, error) ||
	    (listing->anchor && !read_anchor(session, listing, error)))
		return FALSE;
	if (!listing->refused && !listing->listed && listing->first > 1) {
		nw_lines_say(session->lines, "LISTGROUP %s", listing->group);
		if (!read_list(session, listing, error))
			return FALSE;
	}
	if (!listing->listed)
		return nw_session_goes_on(session, listing->list_code,
					  listing->list_words,
					  &listing->refused, error);
	return TRUE;
}

static void widen(struct nw_session_numbers *numbers)
{
	const guint32 *all = (const guint32 *)(gpointer)numbers->numbers->data;
	guint len = numbers->numbers->len;

	if (!len)
		return;
	numbers->low = MIN(numbers->low, all[0]);
	numbers->high = MAX(numbers->high, all[len - 1]);
}

struct nw_session_numbers *nw_session_numbers(struct nw_session *session,
					      const char *group, guint32 first,
					      guint32 anchor, GError **error)
{
	struct listing listing = { .group = group,
				   .first = first,
				   .anchor = anchor };
	struct nw_session_numbers *numbers;
	gboolean good;

	if (!nw_session_ready(session, error))
		return NULL;
	if (!nw_session_is_group(group)) {
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_REFUSED,
			    _("%s cannot have a group of that name."),
			    nw_link_name(session->link));
		return NULL;
	}
	numbers = g_new0(struct nw_session_numbers, 1);
	numbers->numbers = g_array_new(FALSE, FALSE, sizeof(guint32));
	listing.numbers = numbers;
	good = converse(session, &listing, error);
	if (good)
		good = nw_session_all_good(listing.refused, error);
	else
		g_clear_error(&listing.refused);
	g_free(listing.list_words);
	if (!good) {
		nw_session_numbers_free(numbers);
		return NULL;
	}
	put_in_order(numbers->numbers);
	widen(numbers);
	return numbers;
}

void nw_session_numbers_free(struct nw_session_numbers *numbers)
{
	if (!numbers)
		return;
	g_array_unref(numbers->numbers);
	g_free(numbers->anchor_id);
	g_free(numbers);
}
