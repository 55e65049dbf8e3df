/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "newswire/snapshot.h"
#include "store_private.h"

/* What stays of a history that met a cap, so that not each commit must make
 * room: three quarters of it. */
#define KEPT(cap) ((cap) / 4 * 3)

static struct nw_stored_revision read_row(const struct nw_query *query)
{
	return (struct nw_stored_revision) {
		.at_utc = sqlite3_column_int64(query->stmt, 0),
		.merged = (unsigned)sqlite3_column_int64(query->stmt, 1),
		.delta = { .marks = (unsigned)sqlite3_column_int64(query->stmt,
								   2) },
		.number = sqlite3_column_int64(query->stmt, 5),
	};
}

int nw_revision_read(struct nw_store *store, struct nw_arena *arena,
		     int64_t story_id, size_t most,
		     struct nw_stored_revision **revisions_r, size_t *count_r,
		     struct nw_error *err)
{
	struct nw_stored_revision *list = NULL;
	struct nw_query query;
	const char *bytes;
	size_t count = 0, len;
	int more;

	nw_query_start(&query, store, NW_SQL_REVISIONS);
	nw_query_int(&query, story_id);
	nw_query_int(&query, (int64_t)most);
	while ((more = nw_query_step(&query, err)) > 0) {
		list = nw_arena_grow(arena, list, count, sizeof(*list));
		list[count] = read_row(&query);
		bytes = nw_query_column_bytes(&query, 4, &len);
		if (nw_delta_unpack(arena, bytes, len,
				    (size_t)sqlite3_column_int64(query.stmt, 3),
				    &list[count++].delta, err)) {
			nw_query_end(&query);
			return nw_error_prefix(err, "%s", store->path);
		}
	}
	if (more < 0)
		return -1;
	*revisions_r = list;
	*count_r = count;
	return 0;
}

/* Runs a statement whose last parameters are what a delta takes. */
static int put_delta(struct nw_query *query, const struct nw_delta *delta,
		     struct nw_error *err)
{
	struct nw_buf bytes;
	size_t size;
	int result;

	nw_buf_init(&bytes, 2 * NW_STORE_SNAPSHOT_BYTES);
	result = nw_delta_pack(&bytes, delta, &size, err);
	if (result) {
		nw_query_end(query);
	} else {
		nw_query_int(query, delta->marks);
		nw_query_int(query, (int64_t)size);
		nw_query_blob(query, &bytes);
		result = nw_query_run(query, err);
	}
	nw_buf_free(&bytes);
	return result;
}

static int add(struct nw_work *work, const struct nw_delta *delta,
	       struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, work->store, NW_SQL_REVISION_ADD);
	nw_query_int(&query, work->story_id);
	nw_query_int(&query, work->commit->now_utc);
	return put_delta(&query, delta, err);
}

/* How many of the oldest must become one; 0 below the caps. */
static int count_old(struct nw_work *work, size_t *old_r, struct nw_error *err)
{
	struct nw_query query;
	int64_t *sizes, bytes = 0;
	size_t count, i, old = 0;

	nw_query_start(&query, work->store, NW_SQL_REVISION_SIZES);
	nw_query_int(&query, work->story_id);
	if (nw_query_values(&query, work->arena, &sizes, &count, err))
		return -1;
	for (i = 0; i < count; i++)
		bytes += sizes[i];
	if (count > NW_HISTORY_REVISIONS || bytes > NW_HISTORY_BYTES)
		while (old < count &&
		       (count - old > KEPT(NW_HISTORY_REVISIONS) ||
			bytes > KEPT(NW_HISTORY_BYTES)))
			bytes -= sizes[old++];
	*old_r = old;
	return 0;
}

/* One of many in a row, in the place of the last of them. */
static int put_joined(struct nw_work *work,
		      const struct nw_stored_revision *last, unsigned merged,
		      const struct nw_delta *delta, struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, work->store, NW_SQL_REVISION_JOIN);
	nw_query_int(&query, work->story_id);
	nw_query_int(&query, last->number);
	nw_query_int(&query, merged);
	if (put_delta(&query, delta, err))
		return -1;
	nw_query_start(&query, work->store, NW_SQL_REVISIONS_LEAVE);
	nw_query_int(&query, work->story_id);
	nw_query_int(&query, last->number);
	return nw_query_run(&query, err);
}

static int join(struct nw_work *work, size_t most, struct nw_error *err)
{
	struct nw_stored_revision *old;
	struct nw_delta *deltas, joined;
	size_t count, i;
	unsigned merged = 0;

	if (nw_revision_read(work->store, work->arena, work->story_id, most,
			     &old, &count, err))
		return -1;
	if (count < 2)
		return 0;
	deltas = nw_arena_alloc(work->arena, count * sizeof(*deltas));
	for (i = 0; i < count; i++) {
		deltas[i] = old[i].delta;
		merged += old[i].merged + (i > 0);
	}
	nw_delta_join(work->arena, deltas, count, &joined);
	return put_joined(work, &old[count - 1], merged, &joined, err);
}

static int add_capped(struct nw_work *work, const struct nw_delta *delta,
		      struct nw_error *err)
{
	size_t old;

	if (add(work, delta, err) || count_old(work, &old, err))
		return -1;
	return old ? join(work, old, err) : 0;
}

int nw_revision_put(struct nw_work *work, const char *json, size_t len,
		    struct nw_error *err)
{
	struct nw_story *before;
	struct nw_delta delta;

	if (nw_snapshot_read(work->arena, json, len, &before, err))
		return nw_error_prefix(err, "%s: story %lld", work->store->path,
				       (long long)work->story_id);
	if (!nw_delta_make(work->arena, before, work->commit->story, &delta))
		return 0;
	return add_capped(work, &delta, err);
}
