/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the gateway lists, and how it differs from what is here.
 *
 * Where as many came as the count grew by, nothing else can have changed, and
 * only the newest are asked for.  In the same round trip goes a question for
 * the Message-ID of an article that is here (the anchor): when it is another's,
 * the gateway began its numbers anew.
 */
#include "config.h"

#include "i18n.h"
#include "sync.h"
#include "sync_private.h"

static void take_list(struct nw_sync *sync, gboolean whole,
		      struct nw_session_numbers *numbers)
{
	g_clear_pointer(&sync->listed, g_array_unref);
	sync->listed = g_array_ref(numbers->numbers);
	sync->whole = whole;
}

/* The anchor by the gateway's number; 0 when there is none. */
static guint32 anchor_there(const struct nw_sync *sync)
{
	const struct nw_cache_state *state = sync->state;

	return state->anchor > state->offset && state->anchor_id
		       ? state->anchor - state->offset
		       : 0;
}

enum verdict { SAME, ANOTHER, UNKNOWN };

static enum verdict judge(const struct nw_sync *sync, const char *anchor_id)
{
	if (!anchor_there(sync) || !anchor_id)
		return UNKNOWN;
	return g_str_equal(anchor_id, sync->state->anchor_id) ? SAME : ANOTHER;
}

/* From the number first on. */
static gboolean list(struct nw_sync *sync, guint32 first,
		     enum verdict *verdict_r, GError **error)
{
	struct nw_session_numbers *numbers =
		nw_session_numbers(sync->session, sync->wish->group, first,
				   anchor_there(sync), error);
	gboolean sane;

	if (!numbers)
		return FALSE;
	sane = first > 1 || numbers->numbers->len || !sync->now.count;
	if (sane) {
		*verdict_r = judge(sync, numbers->anchor_id);
		take_list(sync, first == 1, numbers);
	} else {
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_REFUSED,
			    _("The gateway's list of the articles of %s cannot "
			      "be right.  Nothing was changed here."),
			    sync->wish->group);
	}
	nw_session_numbers_free(numbers);
	return sane;
}

static gboolean is_cheap(const struct nw_sync *sync)
{
	const struct nw_cache_state *state = sync->state;

	return state->high && sync->now.high > state->high &&
	       sync->now.low == state->low && sync->now.count > state->count &&
	       anchor_there(sync) &&
	       state->retention_days == sync->wish->retention_days;
}

struct witness {
	const struct nw_sync *sync;
	guint32 number;
	enum verdict verdict;
};

static gboolean hear(const struct nw_session_overview *line, gpointer data)
{
	struct witness *witness = data;
	const struct nw_sync *sync = witness->sync;
	char *id;

	if (line->number != witness->number || !line->message_id)
		return TRUE;
	id = nw_cache_header(sync->cache, nw_sync_local(sync, line->number),
			     "Message-ID");
	if (id)
		witness->verdict =
			g_str_equal(id, line->message_id) ? SAME : ANOTHER;
	g_free(id);
	return TRUE;
}

/* The anchor is gone: the newest that is here and listed tells instead. */
static gboolean ask_another(struct nw_sync *sync, enum verdict *verdict_r,
			    GError **error)
{
	struct witness witness = { .sync = sync, .verdict = UNKNOWN };
	guint i = sync->listed->len;
	guint32 number;

	while (i-- && !witness.number) {
		number = g_array_index(sync->listed, guint32, i);
		if (nw_cache_has(sync->cache, nw_sync_local(sync, number)))
			witness.number = number;
	}
	if (witness.number &&
	    !nw_session_overviews(sync->session, witness.number, witness.number,
				  hear, &witness, error))
		return FALSE;
	*verdict_r = witness.verdict;
	return TRUE;
}

/* All that is here keeps its number, and what comes gets numbers behind it. */
static gboolean begin_anew(struct nw_sync *sync, GError **error)
{
	struct nw_cache_state *state = sync->state;

	state->offset = nw_cache_last_number(sync->cache);
	state->low = state->high = state->count = state->anchor = 0;
	g_clear_pointer(&state->anchor_id, g_free);
	g_array_set_size(state->skipped, 0);
	g_array_set_size(state->unwanted, 0);
	return nw_cache_save(sync->cache, error);
}

static gboolean list_whole(struct nw_sync *sync, GError **error)
{
	enum verdict verdict = UNKNOWN;
	const struct nw_cache_state *state = sync->state;
	gboolean fell = sync->now.high < state->high;
	/* What numbers the articles have that are here, nobody knows. */
	gboolean lost = !state->high && !state->offset &&
			nw_cache_last_number(sync->cache);

	if (!sync->now.count) {
		sync->listed = g_array_new(FALSE, FALSE, sizeof(guint32));
		sync->whole = TRUE;
		return TRUE;
	}
	if (!list(sync, 1, &verdict, error))
		return FALSE;
	if (verdict == UNKNOWN && !ask_another(sync, &verdict, error))
		return FALSE;
	if (verdict == ANOTHER || (verdict == UNKNOWN && (fell || lost)))
		return begin_anew(sync, error);
	return TRUE;
}

static gboolean list_newest(struct nw_sync *sync, gboolean *enough_r,
			    GError **error)
{
	enum verdict verdict = UNKNOWN;

	if (!list(sync, sync->state->high + 1, &verdict, error))
		return FALSE;
	*enough_r = verdict == SAME &&
		    sync->state->count + sync->listed->len == sync->now.count;
	return TRUE;
}

/* Each number of an article to complete or to fetch. */
static gboolean is_missing(const struct nw_sync *sync, guint32 local)
{
	const struct nw_cache_state *state = sync->state;

	if (nw_cache_has(sync->cache, local))
		return !sync->wish->headers_only &&
		       nw_cache_has_headers_only(sync->cache, local);
	return !nw_cache_is_deleted(sync->cache, local) &&
	       !nw_sync_array_has(state->skipped, local) &&
	       !nw_sync_array_has(state->unwanted, local);
}

/* What is here was listed when the newest were not. */
static void miss_texts(struct nw_sync *sync, const GArray *here)
{
	guint32 first = sync->listed->len
				? g_array_index(sync->listed, guint32, 0)
				: G_MAXUINT32;
	guint32 number;
	guint i;

	for (i = 0; i < here->len; i++) {
		number = g_array_index(here, guint32, i);
		if (number < nw_sync_low(sync) || !is_missing(sync, number))
			continue;
		number -= sync->state->offset;
		if (number < first)
			g_array_append_val(sync->missing, number);
	}
}

static gboolean find_missing(struct nw_sync *sync, GError **error)
{
	guint32 number, local;
	guint i;

	for (i = 0; i < sync->listed->len; i++) {
		number = g_array_index(sync->listed, guint32, i);
		local = nw_sync_local(sync, number);
		if (!local) {
			g_set_error(error, NW_SESSION_ERROR,
				    NW_SESSION_ERROR_REFUSED,
				    _("The article numbers of %s are too "
				      "large."),
				    sync->wish->group);
			return FALSE;
		}
		if (is_missing(sync, local))
			g_array_append_val(sync->missing, number);
	}
	return TRUE;
}

static void find_vanished(struct nw_sync *sync, const GArray *here)
{
	guint32 number;
	guint i;

	for (i = 0; i < here->len; i++) {
		number = g_array_index(here, guint32, i);
		if (number > sync->state->offset &&
		    !nw_sync_is_listed(sync, number - sync->state->offset))
			g_array_append_val(sync->vanished, number);
	}
}

gboolean nw_sync_look(struct nw_sync *sync, GError **error)
{
	gboolean enough = FALSE, result;
	GArray *here;

	if (is_cheap(sync) && !list_newest(sync, &enough, error))
		return FALSE;
	if (!enough && !list_whole(sync, error))
		return FALSE;
	sync->missing = g_array_new(FALSE, FALSE, sizeof(guint32));
	sync->vanished = g_array_new(FALSE, FALSE, sizeof(guint32));
	here = nw_cache_numbers(sync->cache);
	if (sync->whole)
		find_vanished(sync, here);
	else
		miss_texts(sync, here);
	result = find_missing(sync, error);
	g_array_unref(here);
	return result;
}
