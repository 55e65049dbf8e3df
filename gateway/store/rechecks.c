/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "newswire/store.h"
#include "store_private.h"

static void put(struct nw_query *query, struct nw_work *work)
{
	const struct nw_recheck *recheck = work->commit->recheck;

	nw_query_start(query, work->store, NW_SQL_RECHECK_PUT);
	nw_query_int(query, work->commit->source_id);
	nw_query_text(query, work->commit->item_key);
	nw_query_int(query, recheck->due_utc);
	nw_query_int(query, recheck->base_utc);
	nw_query_int(query, recheck->pause_s);
	nw_query_text(query, recheck->url);
	nw_query_text(query, recheck->words);
}

int nw_recheck_put(struct nw_work *work, struct nw_error *err)
{
	const struct nw_commit *commit = work->commit;
	struct nw_query query;

	if (!commit->recheck)
		return 0;
	if (commit->recheck->due_utc != NW_TIME_NONE) {
		put(&query, work);
	} else {
		nw_query_start(&query, work->store, NW_SQL_RECHECK_REMOVE);
		nw_query_int(&query, commit->source_id);
		nw_query_text(&query, commit->item_key);
	}
	return nw_query_run(&query, err);
}

static struct nw_due_item read_item(const struct nw_query *query,
				    struct nw_arena *arena)
{
	return (struct nw_due_item){
		.key = nw_query_column_text(query, 4, arena),
		.stored = {
			.hash = nw_query_column_text(query, 0, arena),
			.page_etag = nw_query_column_text(query, 1, arena),
			.page_last_modified =
				nw_query_column_text(query, 2, arena),
			.read_utc = sqlite3_column_int64(query->stmt, 3),
		},
		.recheck = {
			.url = nw_query_column_text(query, 5, arena),
			.words = nw_query_column_text(query, 6, arena),
			.due_utc = sqlite3_column_int64(query->stmt, 7),
			.base_utc = sqlite3_column_int64(query->stmt, 8),
			.pause_s = sqlite3_column_int64(query->stmt, 9),
		},
	};
}

int nw_store_rechecks(struct nw_store *store, struct nw_arena *arena,
		      int64_t source_id, int64_t now_utc, size_t most,
		      struct nw_due_item **items_r, size_t *count_r,
		      struct nw_error *err)
{
	struct nw_due_item *items = NULL;
	struct nw_query query;
	size_t count = 0;
	int more;

	nw_query_start(&query, store, NW_SQL_RECHECKS_DUE);
	nw_query_int(&query, source_id);
	nw_query_int(&query, now_utc);
	nw_query_int(&query, (int64_t)most);
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

int nw_store_waiting(struct nw_store *store, int64_t source_id,
		     int64_t *count_r, int64_t *due_utc_r, struct nw_error *err)
{
	struct nw_query query;
	int found;

	nw_query_start(&query, store, NW_SQL_RECHECKS_WAITING);
	nw_query_int(&query, source_id);
	found = nw_query_step(&query, err);
	if (found < 0)
		return -1;
	*count_r = sqlite3_column_int64(query.stmt, 0);
	*due_utc_r = nw_query_column_time(&query, 1);
	nw_query_end(&query);
	return 0;
}
