/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Retention, in transactions of a bounded size, so that a poller waits only
 * shortly for its turn.  Stopped between two of them, it goes on where it was
 * when it is run again.
 */
#include "config.h"

#include "newswire/store.h"
#include "store_private.h"

#define BATCH 500

/* What one transaction does. */
struct batch {
	struct nw_store *store;
	struct nw_arena *arena;
	int64_t limit;	  /* stored before this, or count kept */
	int64_t group_id; /* by count: the group under way */
	int64_t done;	  /* numbers or articles that went */
	uint64_t removed; /* articles that went */
};

static int expire_old(struct batch *batch, struct nw_error *err)
{
	struct nw_query query;
	int64_t *ids;
	size_t count, i;

	nw_query_start(&query, batch->store, NW_SQL_EXPIRE_OLD);
	nw_query_int(&query, batch->limit);
	nw_query_int(&query, BATCH);
	if (nw_query_values(&query, batch->arena, &ids, &count, err))
		return -1;
	for (i = 0; i < count; i++)
		if (nw_article_expire(batch->store, batch->arena, ids[i], err))
			return -1;
	batch->done += (int64_t)count;
	batch->removed += count;
	return 0;
}

/* The next group, this one first, that holds more than the limit: 1 and how
 * many more, 0, -1. */
static int next_group(struct batch *batch, int64_t *excess_r,
		      struct nw_error *err)
{
	struct nw_query query;
	int found;

	nw_query_start(&query, batch->store, NW_SQL_EXPIRE_GROUP);
	nw_query_int(&query, batch->group_id);
	nw_query_int(&query, batch->limit);
	found = nw_query_step(&query, err);
	if (found <= 0)
		return found;
	batch->group_id = sqlite3_column_int64(query.stmt, 0);
	*excess_r = sqlite3_column_int64(query.stmt, 1);
	nw_query_end(&query);
	return 1;
}

static int expire_first(struct batch *batch, int64_t count,
			struct nw_error *err)
{
	struct nw_query query;
	int64_t *places;
	size_t found, i;

	nw_query_start(&query, batch->store, NW_SQL_EXPIRE_FIRST);
	nw_query_int(&query, nw_place(batch->group_id, 1));
	nw_query_int(&query, nw_place(batch->group_id, NW_NUMBER_MAX));
	nw_query_int(&query, count);
	if (nw_query_values(&query, batch->arena, &places, &found, err))
		return -1;
	if (!found)
		return nw_store_fail(batch->store, SQLITE_CORRUPT, err);
	for (i = 0; i < found; i++)
		if (nw_article_leave(batch->store, batch->arena, places[i],
				     &batch->removed, err))
			return -1;
	batch->done += (int64_t)found;
	return 0;
}

static int expire_many(struct batch *batch, struct nw_error *err)
{
	int64_t excess, room;
	int found;

	while ((room = BATCH - batch->done) > 0) {
		found = next_group(batch, &excess, err);
		if (found <= 0)
			return found;
		if (expire_first(batch, excess < room ? excess : room, err))
			return -1;
	}
	return 0;
}

static int expire(struct batch *batch,
		  int (*step)(struct batch *batch, struct nw_error *err),
		  uint64_t *expired, struct nw_error *err)
{
	int result;

	do {
		if (nw_store_write_begin(batch->store, err))
			return -1;
		batch->arena = nw_arena_new();
		batch->done = 0;
		batch->removed = 0;
		result =
			nw_store_write_end(batch->store, step(batch, err), err);
		nw_arena_free(&batch->arena);
		if (!result)
			*expired += batch->removed;
	} while (!result && batch->done >= BATCH);
	return result;
}

int nw_store_expire(struct nw_store *store, int64_t age_s, int64_t count,
		    int64_t now_utc, uint64_t *expired_r, struct nw_error *err)
{
	struct batch old = { .store = store, .limit = now_utc - age_s };
	struct batch many = { .store = store, .limit = count };
	uint64_t expired = 0;

	if (age_s > 0 && expire(&old, expire_old, &expired, err))
		return -1;
	if (count > 0 && expire(&many, expire_many, &expired, err))
		return -1;
	*expired_r = expired;
	return 0;
}
