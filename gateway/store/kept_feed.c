/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "newswire/source.h"
#include "store_private.h"

int nw_source_kept_feed(struct nw_store *store, struct nw_arena *arena,
			int64_t id, struct nw_kept_feed *feed_r,
			struct nw_error *err)
{
	struct nw_query query;
	const char *bytes;
	size_t len;
	int found;

	nw_query_start(&query, store, NW_SQL_FEED_KEPT);
	nw_query_int(&query, id);
	found = nw_query_step(&query, err);
	if (found <= 0)
		return found;
	bytes = nw_query_column_bytes(&query, 2, &len);
	*feed_r = (struct nw_kept_feed){
		.url = nw_query_column_text(&query, 0, arena),
		.charset = nw_query_column_text(&query, 1, arena),
		.bytes = nw_arena_strndup(arena, bytes ? bytes : "", len),
		.len = len,
	};
	nw_query_end(&query);
	return 1;
}

static int keep(struct nw_store *store, int64_t id,
		const struct nw_kept_feed *feed, struct nw_error *err)
{
	struct nw_query query;
	struct nw_buf bytes;
	int result;

	nw_buf_init(&bytes, NW_POLL_KEPT_BYTES);
	nw_buf_add(&bytes, feed->bytes, feed->len);
	nw_query_start(&query, store, NW_SQL_FEED_KEEP);
	nw_query_int(&query, id);
	nw_query_text(&query, feed->url);
	nw_query_text(&query, feed->charset);
	nw_query_blob(&query, &bytes);
	result = nw_query_run(&query, err);
	nw_buf_free(&bytes);
	return result;
}

static int forget(struct nw_store *store, int64_t id, struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_FEED_FORGET);
	nw_query_int(&query, id);
	return nw_query_run(&query, err);
}

/* Whether there is one at all, without a turn at writing. */
static int has_one(struct nw_store *store, int64_t id, struct nw_error *err)
{
	struct nw_query query;
	int found;

	nw_query_start(&query, store, NW_SQL_FEED_KEPT);
	nw_query_int(&query, id);
	found = nw_query_step(&query, err);
	nw_query_end(&query);
	return found;
}

int nw_source_keep_feed(struct nw_store *store, int64_t id,
			const struct nw_kept_feed *feed, struct nw_error *err)
{
	int found = feed ? 1 : has_one(store, id, err);

	if (found <= 0)
		return found;
	if (nw_store_write_begin(store, err))
		return -1;
	return nw_store_write_end(store,
				  feed ? keep(store, id, feed, err)
				       : forget(store, id, err),
				  err);
}
