/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of the articles that vanished an article takes the place of.
 *
 * The one whose Message-ID its header Supersedes names; else, where versions
 * between the two were never here, the one with the same identity: newswire
 * calls the first version <s.HASH@domain> (of a story) or <u.HASH@domain> (of
 * an update), and each later one <s.HASH.REVISION@domain>.  Those that vanished
 * since the last sync are looked at first, as nearly always it is one of them;
 * what expired long ago and is kept is read only if it is not.
 */
#include "config.h"

#include <string.h>

#include "cache.h"
#include "sync_private.h"

#define SUPERSEDED_MAX 16 /* in one header; RFC 5536 allows one */

/* Recently vanished, or long ago. */
#define TIERS 2

struct nw_ancestry {
	GHashTable *by_id[TIERS]; /* to local numbers; NULL: not read */
	GHashTable *by_identity[TIERS];
};

static char *identity_of(const char *id)
{
	const char *hash = id + 3, *at = strchr(id, '@');
	gsize len;

	if (!at || id[0] != '<' || (id[1] != 's' && id[1] != 'u') ||
	    id[2] != '.')
		return NULL;
	len = strspn(hash, "abcdefghijklmnopqrstuvwxyz234567");
	if (!len || (hash[len] != '.' && hash[len] != '@'))
		return NULL;
	return g_strdup_printf("%.*s%s", (int)(hash + len - id), id, at);
}

static GHashTable *new_table(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* Of several versions the last one, as the others are its predecessors. */
static void learn(const struct nw_sync *sync, guint tier, guint32 number)
{
	struct nw_ancestry *ancestry = sync->ancestry;
	gpointer value = GUINT_TO_POINTER(number);
	char *id, *identity;

	if (nw_cache_is_replaced(sync->cache, number))
		return;
	id = nw_cache_header(sync->cache, number, "Message-ID");
	identity = id ? identity_of(id) : NULL;
	if (identity)
		g_hash_table_insert(ancestry->by_identity[tier], identity,
				    value);
	if (id)
		g_hash_table_insert(ancestry->by_id[tier], id, value);
}

static guint tier_of(const struct nw_sync *sync, guint32 number)
{
	return number >= (guint64)sync->state->low + sync->state->offset ? 0
									 : 1;
}

static void read_tier(struct nw_sync *sync, guint tier)
{
	guint32 number;
	guint i;

	if (!sync->ancestry)
		sync->ancestry = g_new0(struct nw_ancestry, 1);
	if (sync->ancestry->by_id[tier])
		return;
	sync->ancestry->by_id[tier] = new_table();
	sync->ancestry->by_identity[tier] = new_table();
	for (i = 0; i < sync->vanished->len; i++) {
		number = g_array_index(sync->vanished, guint32, i);
		if (tier_of(sync, number) == tier)
			learn(sync, tier, number);
	}
}

static void forget(GHashTable *table, guint32 number)
{
	GHashTableIter iter;
	gpointer value;

	g_hash_table_iter_init(&iter, table);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		if (GPOINTER_TO_UINT(value) == number)
			g_hash_table_iter_remove(&iter);
}

static guint32 take(const struct nw_ancestry *ancestry, GHashTable *const *from,
		    const char *key)
{
	guint32 number = 0;
	guint tier;

	for (tier = 0; tier < TIERS && !number; tier++)
		if (from[tier])
			number = GPOINTER_TO_UINT(
				g_hash_table_lookup(from[tier], key));
	for (tier = 0; tier < TIERS && number; tier++) {
		if (!ancestry->by_id[tier])
			continue;
		forget(ancestry->by_id[tier], number);
		forget(ancestry->by_identity[tier], number);
	}
	return number;
}

static guint32 by_ids(const struct nw_sync *sync, char *const *ids)
{
	guint32 number = 0;

	for (; *ids && !number; ids++)
		number = take(sync->ancestry, sync->ancestry->by_id, *ids);
	return number;
}

static guint32 by_identity(const struct nw_sync *sync, char *const *ids)
{
	guint32 number = 0;
	char *identity;

	for (; *ids && !number; ids++) {
		identity = identity_of(*ids);
		if (identity)
			number = take(sync->ancestry,
				      sync->ancestry->by_identity, identity);
		g_free(identity);
	}
	return number;
}

/* Each word in angle brackets. */
static char **split_ids(const char *header)
{
	GPtrArray *ids = g_ptr_array_new();
	const char *end;

	while (ids->len < SUPERSEDED_MAX && (header = strchr(header, '<')) &&
	       (end = strchr(header, '>'))) {
		g_ptr_array_add(ids,
				g_strndup(header, (gsize)(end + 1 - header)));
		header = end + 1;
	}
	g_ptr_array_add(ids, NULL);
	return (char **)g_ptr_array_free(ids, FALSE);
}

guint32 nw_sync_predecessor(struct nw_sync *sync, const GString *text)
{
	char *header, **ids;
	guint32 number = 0;
	guint tier;

	if (!sync->vanished->len)
		return 0;
	header = nw_cache_header_of(text->str, text->len, "Supersedes");
	if (!header)
		return 0;
	ids = split_ids(header);
	for (tier = 0; tier < TIERS && !number; tier++) {
		read_tier(sync, tier);
		number = by_ids(sync, ids);
	}
	if (!number)
		number = by_identity(sync, ids);
	g_strfreev(ids);
	g_free(header);
	return number;
}

void nw_ancestry_free(struct nw_ancestry *ancestry)
{
	guint tier;

	if (!ancestry)
		return;
	for (tier = 0; tier < TIERS; tier++) {
		g_clear_pointer(&ancestry->by_id[tier], g_hash_table_unref);
		g_clear_pointer(&ancestry->by_identity[tier],
				g_hash_table_unref);
	}
	g_free(ancestry);
}
