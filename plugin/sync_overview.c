/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be told of missing articles without fetching them: those that are
 * older than the retention are noted and left; after the gateway began its
 * numbers anew, those that are here get their new numbers as links, and those
 * that the user deleted stay deleted.
 */
#include "config.h"

#include <libetpan/libetpan.h>
#include <string.h>

#include "sync.h"
#include "sync_private.h"

#define RUN_GAP	       256 /* overviews read in vain, not to ask again */
#define COMMIT_MAX     64
#define DAY_S	       ((gint64)24 * 60 * 60)
#define ZONE_HOURS_MAX 14

struct sieve {
	struct nw_sync *sync;
	GHashTable *here;    /* Message-IDs of before: local numbers; NULL */
	GHashTable *settled; /* the gateway's numbers */
	gint64 oldest_utc;   /* G_MININT64: as old as they like */
	GError *trouble;
};

gboolean nw_sync_begins_anew(const struct nw_sync *sync)
{
	return sync->state->offset && !sync->state->high;
}

/* RFC 5322 section 4.3: some leave the century away, others count from 1900. */
static int whole_year(int year)
{
	if (year < 0 || year > 999)
		return year;
	return year + (year < 50 ? 2000 : 1900);
}

static gboolean seconds_of(const struct mailimf_date_time *date, gint64 *utc_r)
{
	GDateTime *time =
		g_date_time_new_utc(whole_year(date->dt_year), date->dt_month,
				    date->dt_day, date->dt_hour, date->dt_min,
				    CLAMP(date->dt_sec, 0, 59));
	int hours = date->dt_zone / 100, minutes = date->dt_zone % 100;

	if (!time || ABS(hours) > ZONE_HOURS_MAX) {
		g_clear_pointer(&time, g_date_time_unref);
		return FALSE;
	}
	*utc_r =
		g_date_time_to_unix(time) - ((gint64)hours * 60 + minutes) * 60;
	g_date_time_unref(time);
	return TRUE;
}

/* What has no readable date is not old. */
static gboolean is_older(const char *text, gint64 oldest_utc)
{
	struct mailimf_date_time *date = NULL;
	gint64 utc = 0;
	size_t at = 0;
	gboolean older;

	if (!text || oldest_utc == G_MININT64 ||
	    mailimf_date_time_parse(text, strlen(text), &at, &date) !=
		    MAILIMF_NO_ERROR)
		return FALSE;
	older = seconds_of(date, &utc) && utc < oldest_utc;
	mailimf_date_time_free(date);
	return older;
}

/* TRUE when it is here or not wanted, and so not to be fetched. */
static gboolean settle_known(struct sieve *sieve, const char *id, guint32 local)
{
	struct nw_sync *sync = sieve->sync;
	gpointer from = NULL;

	if (!sieve->here || !id)
		return FALSE;
	if (nw_cache_is_deleted_id(sync->cache, id)) {
		g_array_append_val(sync->state->unwanted, local);
		return TRUE;
	}
	from = g_hash_table_lookup(sieve->here, id);
	if (!from)
		return FALSE;
	nw_cache_renumber(sync->cache, GPOINTER_TO_UINT(from), local);
	g_hash_table_remove(sieve->here, id);
	return TRUE;
}

/* A new number is news to the folder, too. */
static gboolean commit(struct nw_sync *sync, GError **error)
{
	int named = nw_cache_commit(sync->cache, error);

	if (named > 0)
		sync->outcome.added += (guint)named;
	return named >= 0;
}

static gboolean sift_line(const struct nw_session_overview *line, gpointer data)
{
	struct sieve *sieve = data;
	struct nw_sync *sync = sieve->sync;
	gpointer key = GUINT_TO_POINTER(line->number);
	guint32 local = nw_sync_local(sync, line->number);
	gsize bytes;

	if (!nw_sync_array_has(sync->missing, line->number) ||
	    nw_cache_has(sync->cache, local) ||
	    g_hash_table_contains(sieve->settled, key))
		return TRUE;
	if (settle_known(sieve, line->message_id, local)) {
		g_hash_table_add(sieve->settled, key);
	} else if (is_older(line->date, sieve->oldest_utc)) {
		g_array_append_val(sync->state->skipped, local);
		g_hash_table_add(sieve->settled, key);
	}
	if (nw_cache_waiting(sync->cache, &bytes) >= COMMIT_MAX)
		(void)commit(sync, sieve->trouble ? NULL : &sieve->trouble);
	return nw_sync_tell(sync, FALSE,
			    sieve->trouble ? NULL : &sieve->trouble);
}

static GHashTable *ids_of_before(const struct nw_sync *sync)
{
	GHashTable *ids =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	GArray *numbers = nw_cache_numbers(sync->cache);
	guint32 number;
	char *id;
	guint i;

	for (i = 0; i < numbers->len; i++) {
		number = g_array_index(numbers, guint32, i);
		if (number > sync->state->offset ||
		    nw_cache_is_replaced(sync->cache, number))
			continue;
		id = nw_cache_header(sync->cache, number, "Message-ID");
		if (id)
			g_hash_table_insert(ids, id, GUINT_TO_POINTER(number));
	}
	g_array_unref(numbers);
	return ids;
}

/* The missing ones in runs, each of which is one question. */
static gboolean ask_runs(struct sieve *sieve, GError **error)
{
	const GArray *missing = sieve->sync->missing;
	guint from = 0, to;
	guint32 first, last;

	for (; from < missing->len; from = to) {
		first = last = g_array_index(missing, guint32, from);
		for (to = from + 1; to < missing->len; to++) {
			if (g_array_index(missing, guint32, to) - last >
			    RUN_GAP)
				break;
			last = g_array_index(missing, guint32, to);
		}
		if (!nw_session_overviews(sieve->sync->session, first, last,
					  sift_line, sieve, error))
			return FALSE;
		if (sieve->trouble)
			return FALSE;
	}
	return commit(sieve->sync, error);
}

static void drop_settled(struct nw_sync *sync, GHashTable *settled)
{
	guint kept = 0, i;
	guint32 number;

	for (i = 0; i < sync->missing->len; i++) {
		number = g_array_index(sync->missing, guint32, i);
		if (!g_hash_table_contains(settled, GUINT_TO_POINTER(number)))
			g_array_index(sync->missing, guint32, kept++) = number;
	}
	g_array_set_size(sync->missing, kept);
	g_array_sort(sync->state->skipped, nw_cache_by_number);
	g_array_sort(sync->state->unwanted, nw_cache_by_number);
}

gboolean nw_sync_sift(struct nw_sync *sync, GError **error)
{
	gint32 days = sync->wish->retention_days;
	struct sieve sieve = { .sync = sync, .oldest_utc = G_MININT64 };
	GError *why = NULL;
	gboolean sifted;

	if (!sync->missing->len || (days <= 0 && !nw_sync_begins_anew(sync)))
		return TRUE;
	if (days > 0)
		sieve.oldest_utc =
			g_get_real_time() / G_USEC_PER_SEC - days * DAY_S;
	if (nw_sync_begins_anew(sync))
		sieve.here = ids_of_before(sync);
	sieve.settled = g_hash_table_new(NULL, NULL);
	sifted = ask_runs(&sieve, &why);
	drop_settled(sync, sieve.settled);
	g_hash_table_unref(sieve.settled);
	g_clear_pointer(&sieve.here, g_hash_table_unref);
	if (sieve.trouble) {
		/* It came first, and is why the session said that it ended. */
		g_clear_error(&why);
		why = sieve.trouble;
	}
	if (!sifted)
		g_propagate_error(error, why);
	return sifted;
}
