/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/picture_cache.h"
#include "store_private.h"

/* Pictures of each kind, old ones and those that are too many, that go at most
 * in a transaction, as in the one that brings another: so that it is short, and
 * that the cache shrinks in time all the same. */
#define TRIM 32

/* Only types that are made here come out of the store. */
static const char *type_of(const struct nw_query *query, int column)
{
	static const char *const types[] = { "image/jpeg", "image/png" };
	size_t len, i;
	const char *type = nw_query_column_bytes(query, column, &len);

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strlen(types[i]) == len && !memcmp(types[i], type, len))
			return types[i];
	return NULL;
}

static struct nw_kept_picture read_kept(const struct nw_query *query,
					struct nw_arena *arena)
{
	struct nw_kept_picture kept = {
		.etag = nw_query_column_text(query, 0, arena),
		.last_modified = nw_query_column_text(query, 1, arena),
		.checked_utc = sqlite3_column_int64(query->stmt, 2),
		.used_utc = sqlite3_column_int64(query->stmt, 3),
		.reason = nw_query_column_text(query, 4, arena),
		.retry_utc = sqlite3_column_int64(query->stmt, 5),
		.picture = {
			.width = sqlite3_column_int(query->stmt, 7),
			.height = sqlite3_column_int(query->stmt, 8),
			.type = type_of(query, 6),
		},
	};
	const char *bytes;

	bytes = nw_query_column_bytes(query, 9, &kept.picture.len);
	if (kept.picture.type && bytes)
		kept.picture.bytes =
			nw_arena_strndup(arena, bytes, kept.picture.len);
	return kept;
}

int nw_picture_cache_find(struct nw_store *store, struct nw_arena *arena,
			  bool face, const char *url,
			  struct nw_kept_picture *kept_r, struct nw_error *err)
{
	struct nw_query query;
	int found;

	nw_query_start(&query, store, NW_SQL_PICTURE_FIND);
	nw_query_int(&query, face);
	nw_query_text(&query, url);
	found = nw_query_step(&query, err);
	if (found <= 0)
		return found;
	*kept_r = read_kept(&query, arena);
	kept_r->face = face;
	kept_r->picture.url = nw_arena_strdup(arena, url);
	nw_query_end(&query);
	return 1;
}

static int put(struct nw_store *store, const struct nw_kept_picture *kept,
	       int64_t now_utc, struct nw_error *err)
{
	const struct nw_picture *picture = &kept->picture;
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_PICTURE_PUT);
	nw_query_int(&query, kept->face);
	nw_query_text(&query, picture->url);
	nw_query_text(&query, kept->etag);
	nw_query_text(&query, kept->last_modified);
	nw_query_int(&query, kept->checked_utc);
	nw_query_int(&query, now_utc);
	nw_query_text(&query, kept->reason);
	nw_query_int(&query, kept->retry_utc);
	nw_query_text(&query, picture->type);
	nw_query_int(&query, picture->width);
	nw_query_int(&query, picture->height);
	nw_query_int(&query, (int64_t)picture->len);
	nw_query_bytes(&query, picture->bytes, picture->len);
	return nw_query_run(&query, err);
}

/* Whether there is too much; 1, 0, -1. */
static int is_full(struct nw_store *store, struct nw_error *err)
{
	struct nw_query query;
	int found, full;

	nw_query_start(&query, store, NW_SQL_PICTURE_TOTAL);
	found = nw_query_step(&query, err);
	if (found <= 0)
		return found;
	full = sqlite3_column_int64(query.stmt, 0) > NW_PICTURE_CACHE_COUNT ||
	       sqlite3_column_int64(query.stmt, 1) > NW_PICTURE_CACHE_BYTES;
	nw_query_end(&query);
	return full;
}

/* Adds to removed how many went. */
static int trim(struct nw_store *store, int64_t now_utc, uint64_t *removed,
		struct nw_error *err)
{
	struct nw_query query;
	int full = 0, i;

	nw_query_start(&query, store, NW_SQL_PICTURE_OLD);
	nw_query_int(&query, now_utc - NW_PICTURE_CACHE_AGE_S);
	nw_query_int(&query, TRIM);
	if (nw_query_run(&query, err))
		return -1;
	*removed += (uint64_t)sqlite3_changes(store->db);
	for (i = 0; i < TRIM && (full = is_full(store, err)) > 0; i++) {
		nw_query_start(&query, store, NW_SQL_PICTURE_SHRINK);
		if (nw_query_run(&query, err))
			return -1;
		++*removed;
	}
	return full < 0 ? -1 : 0;
}

int nw_picture_cache_put(struct nw_store *store,
			 const struct nw_kept_picture *kept, int64_t now_utc,
			 struct nw_error *err)
{
	uint64_t removed = 0;
	int result;

	if (nw_store_write_begin(store, err))
		return -1;
	result = put(store, kept, now_utc, err);
	if (!result)
		result = trim(store, now_utc, &removed, err);
	return nw_store_write_end(store, result, err);
}

int nw_picture_cache_expire(struct nw_store *store, int64_t now_utc,
			    uint64_t *expired_r, struct nw_error *err)
{
	uint64_t expired = 0, removed;
	int result;

	do {
		if (nw_store_write_begin(store, err))
			return -1;
		removed = 0;
		result = trim(store, now_utc, &removed, err);
		if (nw_store_write_end(store, result, err))
			return -1;
		expired += removed;
	} while (removed >= TRIM);
	*expired_r = expired;
	return 0;
}

int nw_picture_cache_touch(struct nw_store *store, bool face, const char *url,
			   int64_t checked_utc, int64_t now_utc,
			   struct nw_error *err)
{
	struct nw_query query;

	if (nw_store_write_begin(store, err))
		return -1;
	nw_query_start(&query, store, NW_SQL_PICTURE_TOUCH);
	nw_query_int(&query, face);
	nw_query_text(&query, url);
	nw_query_int(&query, checked_utc);
	nw_query_int(&query, now_utc);
	return nw_store_write_end(store, nw_query_run(&query, err), err);
}
