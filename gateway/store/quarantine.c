/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>

#include "newswire/quarantine.h"
#include "store_private.h"

static int put(struct nw_store *store, int64_t source_id,
	       const struct nw_quarantined *item, int64_t now_utc,
	       struct nw_error *err)
{
	struct nw_query query;
	int64_t id;
	int found;

	nw_query_start(&query, store, NW_SQL_QUARANTINE_PUT);
	nw_query_int(&query, source_id);
	nw_query_text(&query, item->key);
	nw_query_text(&query, item->hash);
	nw_query_text(&query, item->label);
	nw_query_text(&query, item->reason);
	nw_query_text(&query, item->version);
	nw_query_int(&query, now_utc);
	found = nw_query_value(&query, &id, err);
	if (!found)
		return nw_error_set(err, NW_ERROR_MISSING,
				    "%s: source %" PRId64 " is not there any "
				    "more",
				    store->path, source_id);
	if (found < 0)
		return -1;
	nw_query_start(&query, store, NW_SQL_QUARANTINE_SHRINK);
	nw_query_int(&query, source_id);
	nw_query_int(&query, NW_QUARANTINE_ITEMS);
	return nw_query_run(&query, err);
}

int nw_quarantine_put(struct nw_store *store, int64_t source_id,
		      const struct nw_quarantined *item, int64_t now_utc,
		      struct nw_error *err)
{
	if (nw_store_write_begin(store, err))
		return -1;
	return nw_store_write_end(store,
				  put(store, source_id, item, now_utc, err),
				  err);
}

int nw_quarantine_holds(struct nw_store *store, int64_t source_id,
			const char *key, const char *hash, const char *version,
			struct nw_error *err)
{
	struct nw_query query;
	int64_t one;

	nw_query_start(&query, store, NW_SQL_QUARANTINE_HOLDS);
	nw_query_int(&query, source_id);
	nw_query_text(&query, key);
	nw_query_text(&query, hash);
	nw_query_text(&query, version);
	return nw_query_value(&query, &one, err);
}

int nw_quarantine_is_outdated(struct nw_store *store, int64_t source_id,
			      const char *version, struct nw_error *err)
{
	struct nw_query query;
	int64_t one;

	nw_query_start(&query, store, NW_SQL_QUARANTINE_OUTDATED);
	nw_query_int(&query, source_id);
	nw_query_text(&query, version);
	return nw_query_value(&query, &one, err);
}

int nw_quarantine_forget(struct nw_store *store, int64_t source_id,
			 const char *version, struct nw_error *err)
{
	struct nw_query query;

	if (nw_store_write_begin(store, err))
		return -1;
	nw_query_start(&query, store, NW_SQL_QUARANTINE_FORGET);
	nw_query_int(&query, source_id);
	nw_query_text(&query, version);
	return nw_store_write_end(store, nw_query_run(&query, err), err);
}

static struct nw_quarantined read_item(const struct nw_query *query,
				       struct nw_arena *arena)
{
	return (struct nw_quarantined){
		.key = nw_query_column_text(query, 0, arena),
		.hash = nw_query_column_text(query, 1, arena),
		.label = nw_query_column_text(query, 2, arena),
		.reason = nw_query_column_text(query, 3, arena),
		.version = nw_query_column_text(query, 4, arena),
		.since_utc = sqlite3_column_int64(query->stmt, 5),
		.tried_utc = sqlite3_column_int64(query->stmt, 6),
		.tries = (unsigned)sqlite3_column_int64(query->stmt, 7),
	};
}

int nw_quarantine_list(struct nw_store *store, struct nw_arena *arena,
		       int64_t source_id, struct nw_quarantined **items_r,
		       size_t *count_r, struct nw_error *err)
{
	struct nw_quarantined *items = NULL;
	struct nw_query query;
	size_t count = 0;
	int more;

	nw_query_start(&query, store, NW_SQL_QUARANTINE_LIST);
	nw_query_int(&query, source_id);
	while ((more = nw_query_step(&query, err)) > 0) {
		items = nw_arena_grow(arena, items, count, sizeof(*items));
		items[count++] = read_item(&query, arena);
	}
	if (more < 0)
		return -1;
	*items_r = items;
	*count_r = count;
	return 0;
}
