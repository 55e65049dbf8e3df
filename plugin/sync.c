/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "i18n.h"
#include "sync.h"
#include "sync_private.h"

#define TELL_US	 (G_USEC_PER_SEC / 2)
#define ID_BYTES 250 /* RFC 5536 section 3.1.3 */

struct nw_sync_wish *nw_sync_wish_new(const char *group, const char *dir)
{
	struct nw_sync_wish *wish = g_new0(struct nw_sync_wish, 1);

	wish->group = g_strdup(group);
	wish->dir = g_strdup(dir);
	return wish;
}

void nw_sync_wish_free(gpointer data)
{
	struct nw_sync_wish *wish = data;

	if (!wish)
		return;
	g_free(wish->group);
	g_free(wish->dir);
	g_free(wish);
}

guint32 nw_sync_local(const struct nw_sync *sync, guint32 number)
{
	guint64 local = (guint64)number + sync->state->offset;

	return number && local <= G_MAXINT32 ? (guint32)local : 0;
}

guint32 nw_sync_low(const struct nw_sync *sync)
{
	guint64 low = (guint64)sync->now.low + sync->state->offset;

	return (guint32)MIN(low, G_MAXUINT32);
}

gboolean nw_sync_array_has(const GArray *ascending, guint32 number)
{
	guint from = 0, to = ascending->len, mid;

	while (from < to) {
		mid = from + (to - from) / 2;
		if (g_array_index(ascending, guint32, mid) == number)
			return TRUE;
		if (g_array_index(ascending, guint32, mid) < number)
			from = mid + 1;
		else
			to = mid;
	}
	return FALSE;
}

gboolean nw_sync_is_listed(const struct nw_sync *sync, guint32 number)
{
	return nw_sync_array_has(sync->listed, number);
}

gboolean nw_sync_is_over(const GError *error)
{
	return error->domain == NW_SESSION_ERROR &&
	       error->code != NW_SESSION_ERROR_REFUSED;
}

gboolean nw_sync_tell(struct nw_sync *sync, gboolean at_once, GError **error)
{
	const struct nw_sync_calls *calls = sync->calls;
	gint64 now_us = g_get_monotonic_time();

	if (!at_once && now_us - sync->told_us < TELL_US)
		return TRUE;
	sync->told_us = now_us;
	if (!calls->progress || calls->progress(&sync->outcome, sync->done,
						sync->total, calls->data))
		return TRUE;
	g_set_error_literal(error, NW_SESSION_ERROR, NW_SESSION_ERROR_CANCELLED,
			    _("Cancelled."));
	return FALSE;
}

/* Forms of an empty group that RFC 3977 section 6.1.1.2 allows say its low
 * water mark in three ways: it is behind all that ever was. */
static void settle_marks(struct nw_sync *sync)
{
	struct nw_session_group *now = &sync->now;

	if (now->count)
		return;
	now->low = MAX(now->low, MAX(now->high, sync->state->high) + 1);
	now->high = now->low - 1;
}

/* Headers-only articles that are listed still, or may be. */
static gboolean lacks_text(const struct nw_sync *sync)
{
	GArray *numbers;
	guint32 number;
	gboolean lacks = FALSE;
	guint i;

	if (sync->wish->headers_only)
		return FALSE;
	numbers = nw_cache_numbers(sync->cache);
	for (i = 0; i < numbers->len && !lacks; i++) {
		number = g_array_index(numbers, guint32, i);
		lacks = number >= nw_sync_low(sync) &&
			nw_cache_has_headers_only(sync->cache, number);
	}
	g_array_unref(numbers);
	return lacks;
}

static gboolean is_unchanged(const struct nw_sync *sync)
{
	const struct nw_cache_state *state = sync->state;
	const struct nw_session_group *now = &sync->now;

	return state->high && now->low == state->low &&
	       now->high == state->high && now->count == state->count &&
	       state->retention_days == sync->wish->retention_days &&
	       !lacks_text(sync);
}

/* A longer retention wants what was too old. */
static void settle_retention(struct nw_sync *sync)
{
	gint32 was = sync->state->retention_days;
	gint32 is = sync->wish->retention_days;

	if (is <= 0 || (was > 0 && is > was))
		g_array_set_size(sync->state->skipped, 0);
}

/* What the gateway does not have any more.  An article whose flags are to be
 * carried stays until they are; numbers of before the gateway began anew are
 * not among those it let expire. */
static gboolean remove_vanished(struct nw_sync *sync, GError **error)
{
	gboolean keeps_expired =
		sync->wish->retention_days != NW_RETENTION_GATEWAY;
	guint32 low = nw_sync_low(sync), number;
	guint i;

	for (i = 0; i < sync->vanished->len; i++) {
		number = g_array_index(sync->vanished, guint32, i);
		if ((number < low && keeps_expired) ||
		    nw_cache_is_replaced(sync->cache, number))
			continue;
		if (!nw_cache_remove(sync->cache, number, error))
			return FALSE;
		sync->outcome.removed++;
	}
	return TRUE;
}

static gboolean is_sane_id(const char *id)
{
	return id && *id == '<' && strlen(id) <= ID_BYTES &&
	       !strpbrk(id, " \t\r\n");
}

/* The newest that is here and listed. */
static void drop_anchor(struct nw_sync *sync)
{
	struct nw_cache_state *state = sync->state;
	guint i = sync->listed->len;
	guint32 number;
	char *id;

	while (i--) {
		number = nw_sync_local(sync,
				       g_array_index(sync->listed, guint32, i));
		if (number == state->anchor)
			return;
		if (!nw_cache_has(sync->cache, number))
			continue;
		id = nw_cache_header(sync->cache, number, "Message-ID");
		if (is_sane_id(id)) {
			g_free(state->anchor_id);
			state->anchor = number;
			state->anchor_id = id;
			return;
		}
		g_free(id);
	}
}

static void drop_below(GArray *numbers, guint32 low)
{
	guint kept = 0, i;

	for (i = 0; i < numbers->len; i++)
		if (g_array_index(numbers, guint32, i) >= low)
			g_array_index(numbers, guint32, kept++) =
				g_array_index(numbers, guint32, i);
	g_array_set_size(numbers, kept);
}

static gboolean save_success(struct nw_sync *sync, GError **error)
{
	struct nw_cache_state *state = sync->state;

	drop_anchor(sync);
	drop_below(state->skipped, nw_sync_low(sync));
	drop_below(state->unwanted, nw_sync_low(sync));
	state->low = sync->now.low;
	state->high = sync->now.high;
	state->count = sync->now.count;
	state->retention_days = sync->wish->retention_days;
	return nw_cache_save(sync->cache, error);
}

static gboolean make_equal(struct nw_sync *sync, GError **error)
{
	settle_retention(sync);
	return nw_sync_look(sync, error) && nw_sync_sift(sync, error) &&
	       nw_sync_fetch(sync, error) && remove_vanished(sync, error) &&
	       save_success(sync, error);
}

static gboolean sync_open(struct nw_sync *sync, GError **error)
{
	sync->cache = nw_cache_open(sync->wish->dir, error);
	if (!sync->cache)
		return FALSE;
	sync->state = nw_cache_state(sync->cache);
	if (sync->now.missing) {
		g_set_error(error, NW_SESSION_ERROR, NW_SESSION_ERROR_REFUSED,
			    _("The gateway does not have the group %s, or not "
			      "for this user.  What came of it stays here."),
			    sync->wish->group);
		return FALSE;
	}
	settle_marks(sync);
	return TRUE;
}

static void sync_close(struct nw_sync *sync)
{
	nw_ancestry_free(sync->ancestry);
	g_clear_pointer(&sync->listed, g_array_unref);
	g_clear_pointer(&sync->missing, g_array_unref);
	g_clear_pointer(&sync->vanished, g_array_unref);
	nw_cache_close(sync->cache);
	g_free(sync->outcome.group);
}

static gboolean sync_group(struct nw_sync *sync, GError **error)
{
	gboolean equal = sync_open(sync, error) &&
			 (is_unchanged(sync) || make_equal(sync, error));

	if (equal) {
		sync->outcome.low = nw_sync_low(sync);
		sync->outcome.complete = TRUE;
		if (sync->calls->finished)
			sync->calls->finished(&sync->outcome,
					      sync->calls->data);
	}
	return equal;
}

/* FALSE and error when the session is over. */
static gboolean sync_one(struct nw_session *session,
			 const struct nw_sync_wish *wish,
			 const struct nw_session_group *now,
			 const struct nw_sync_calls *calls, GError **error)
{
	struct nw_sync sync = {
		.session = session,
		.wish = wish,
		.calls = calls,
		.now = { .low = now->low,
			 .high = now->high,
			 .count = now->count,
			 .missing = now->missing },
		.outcome = { .group = g_strdup(wish->group) },
		.committed_us = g_get_monotonic_time(),
	};
	GError *why = NULL;
	gboolean goes_on = TRUE;

	if (!sync_group(&sync, &why)) {
		goes_on = !nw_sync_is_over(why);
		if (goes_on && calls->failed)
			calls->failed(wish->group, why, calls->data);
	}
	sync_close(&sync);
	if (goes_on)
		g_clear_error(&why);
	else
		g_propagate_error(error, why);
	return goes_on;
}

gboolean nw_sync_groups(struct nw_session *session, const GPtrArray *wishes,
			const struct nw_sync_calls *calls, GError **error)
{
	GPtrArray *groups =
		g_ptr_array_new_with_free_func(nw_session_group_free);
	gboolean goes_on;
	guint i;

	for (i = 0; i < wishes->len; i++) {
		const struct nw_sync_wish *wish = wishes->pdata[i];
		struct nw_session_group *group =
			g_new0(struct nw_session_group, 1);

		group->name = g_strdup(wish->group);
		g_ptr_array_add(groups, group);
	}
	goes_on = !groups->len || nw_session_counts(session, groups, error);
	for (i = 0; i < wishes->len && goes_on; i++)
		goes_on = sync_one(session, wishes->pdata[i], groups->pdata[i],
				   calls, error);
	g_ptr_array_unref(groups);
	return goes_on;
}
