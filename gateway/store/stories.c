/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/snapshot.h"
#include "newswire/store.h"
#include "store_private.h"

/* The story that the first of the keys names that names one. */
static int find(struct nw_store *store, const char *const *keys, size_t count,
		int64_t *story_id_r, struct nw_error *err)
{
	struct nw_query query;
	size_t i;
	int found;

	for (i = 0; i < count; i++) {
		nw_query_start(&query, store, NW_SQL_STORY_BY_KEY);
		nw_query_text(&query, keys[i]);
		found = nw_query_value(&query, story_id_r, err);
		if (found)
			return found;
	}
	return 0;
}

int nw_store_story(struct nw_store *store, struct nw_arena *arena,
		   const char *const *keys, size_t key_count,
		   struct nw_story **story_r, int64_t *story_id_r,
		   struct nw_error *err)
{
	struct nw_query query;
	const char *json;
	int64_t id;
	size_t len;
	int found = find(store, keys, key_count, &id, err);

	if (found <= 0)
		return found;
	nw_query_start(&query, store, NW_SQL_STORY_READ);
	nw_query_int(&query, id);
	found = nw_query_step(&query, err);
	if (found <= 0)
		return found;
	json = nw_query_column_bytes(&query, 0, &len);
	if (nw_snapshot_read(arena, json, len, story_r, err))
		found = nw_error_prefix(err, "%s: story %s", store->path,
					keys[0]);
	else
		*story_id_r = id;
	nw_query_end(&query);
	return found;
}

int nw_store_item(struct nw_store *store, struct nw_arena *arena,
		  int64_t source_id, const char *item_key,
		  struct nw_stored_item *item_r, struct nw_error *err)
{
	struct nw_query query;
	int found;

	nw_query_start(&query, store, NW_SQL_ITEM);
	nw_query_int(&query, source_id);
	nw_query_text(&query, item_key);
	found = nw_query_step(&query, err);
	if (found <= 0)
		return found;
	*item_r = (struct nw_stored_item){
		.hash = nw_query_column_text(&query, 0, arena),
		.page_etag = nw_query_column_text(&query, 1, arena),
		.page_last_modified = nw_query_column_text(&query, 2, arena),
		.read_utc = sqlite3_column_int64(query.stmt, 3),
	};
	nw_query_end(&query);
	return 1;
}

/* Keeps what the snapshot says until now: 1, 0 when the new one is the
 * same, -1. */
static int keep_revision(struct nw_work *work, const struct nw_buf *json,
			 struct nw_error *err)
{
	struct nw_query query;
	const char *bytes;
	size_t len;
	int found;

	nw_query_start(&query, work->store, NW_SQL_STORY_READ);
	nw_query_int(&query, work->story_id);
	found = nw_query_step(&query, err);
	if (found <= 0)
		return found;
	bytes = nw_query_column_bytes(&query, 0, &len);
	if (len == json->len && !memcmp(bytes, json->data, len))
		found = 0;
	else if (nw_revision_put(work, bytes, len, err))
		found = -1;
	nw_query_end(&query);
	return found;
}

static int change_snapshot(struct nw_work *work, const struct nw_buf *json,
			   struct nw_error *err)
{
	struct nw_query query;
	int changed = keep_revision(work, json, err);

	if (changed <= 0)
		return changed;
	nw_query_start(&query, work->store, NW_SQL_STORY_UPDATE);
	nw_query_int(&query, work->story_id);
	nw_query_text(&query, json->data);
	nw_query_int(&query, work->commit->now_utc);
	return nw_query_run(&query, err);
}

/* Stores the snapshot, as a new story when there is no id yet. */
static int put_snapshot(struct nw_work *work, struct nw_error *err)
{
	const struct nw_commit *commit = work->commit;
	struct nw_query query;
	struct nw_buf json;
	int result;

	nw_buf_init(&json, NW_STORE_SNAPSHOT_BYTES);
	result = nw_snapshot_write(&json, commit->story, err);
	if (!result && work->story_id) {
		result = change_snapshot(work, &json, err);
	} else if (!result) {
		nw_query_start(&query, work->store, NW_SQL_STORY_ADD);
		nw_query_text(&query, json.data);
		nw_query_int(&query, commit->now_utc);
		result = nw_query_value(&query, &work->story_id, err) < 0 ? -1
									  : 0;
	}
	nw_buf_free(&json);
	return result;
}

static int put_keys(struct nw_work *work, struct nw_error *err)
{
	struct nw_query query;
	size_t i;

	for (i = 0; i < work->commit->key_count; i++) {
		nw_query_start(&query, work->store, NW_SQL_STORY_KEY_ADD);
		nw_query_text(&query, work->commit->keys[i]);
		nw_query_int(&query, work->story_id);
		if (nw_query_run(&query, err))
			return -1;
	}
	return 0;
}

static int check_exists(struct nw_work *work, struct nw_error *err)
{
	struct nw_query query;
	int64_t id;
	int found;

	nw_query_start(&query, work->store, NW_SQL_STORY_EXISTS);
	nw_query_int(&query, work->story_id);
	found = nw_query_value(&query, &id, err);
	if (!found)
		return nw_error_set(err, NW_ERROR_MISSING,
				    "%s: has no story %lld", work->store->path,
				    (long long)work->story_id);
	return found < 0 ? -1 : 0;
}

int nw_story_put(struct nw_work *work, struct nw_error *err)
{
	const struct nw_commit *commit = work->commit;
	int found;

	work->story_id = commit->story_id;
	if (work->story_id) {
		if (check_exists(work, err) ||
		    (commit->story && put_snapshot(work, err)))
			return -1;
		return put_keys(work, err);
	}
	/*
	 * New, unless somebody stored it between the caller's look and this
	 * transaction.  Then the snapshot that is there stays, for the articles
	 * that are there were made from it; the next poll compares with it.
	 */
	found = find(work->store, commit->keys, commit->key_count,
		     &work->story_id, err);
	if (found < 0)
		return -1;
	if (!found && commit->story && put_snapshot(work, err))
		return -1;
	return work->story_id ? put_keys(work, err) : 0;
}

/* The articles that are there get numbers in a group that found the story
 * later than others. */
static int bring_articles(struct nw_work *work, int64_t group_id,
			  struct nw_error *err)
{
	struct nw_query query;
	int64_t *ids;
	size_t count, i;

	nw_query_start(&query, work->store, NW_SQL_STORY_ARTICLES);
	nw_query_int(&query, work->story_id);
	if (nw_query_values(&query, work->arena, &ids, &count, err))
		return -1;
	for (i = 0; i < count; i++)
		if (nw_article_join(work, ids[i], &group_id, 1, err))
			return -1;
	return 0;
}

int nw_story_join(struct nw_work *work, struct nw_error *err)
{
	const struct nw_commit *commit = work->commit;
	struct nw_query query;
	int64_t group_id;
	size_t i;
	int joined;

	if (!work->story_id)
		return 0;
	for (i = 0; i < commit->group_count; i++) {
		nw_query_start(&query, work->store, NW_SQL_STORY_GROUP_ADD);
		nw_query_int(&query, work->story_id);
		nw_query_int(&query, commit->group_ids[i]);
		joined = nw_query_value(&query, &group_id, err);
		if (joined < 0 ||
		    (joined && bring_articles(work, group_id, err)))
			return -1;
	}
	return 0;
}

int nw_story_has(struct nw_work *work, const char *message_id,
		 struct nw_error *err)
{
	struct nw_query query;
	int64_t story_id = 0;

	nw_query_start(&query, work->store, NW_SQL_HISTORY_ARTICLE);
	nw_query_text(&query, message_id);
	if (nw_query_value(&query, &story_id, err) < 0)
		return -1;
	return story_id && story_id == work->story_id;
}

int nw_story_item_put(struct nw_work *work, struct nw_error *err)
{
	const struct nw_commit *commit = work->commit;
	struct nw_query query;

	if (!commit->item_key)
		return 0;
	nw_query_start(&query, work->store, NW_SQL_ITEM_PUT);
	nw_query_int(&query, commit->source_id);
	nw_query_text(&query, commit->item_key);
	nw_query_text(&query, commit->item_hash);
	nw_query_int(&query, commit->now_utc);
	nw_query_text(&query, commit->page_etag);
	nw_query_text(&query, commit->page_last_modified);
	if (nw_query_run(&query, err) || nw_recheck_put(work, err))
		return -1;
	nw_query_start(&query, work->store, NW_SQL_QUARANTINE_LEAVE);
	nw_query_int(&query, commit->source_id);
	nw_query_text(&query, commit->item_key);
	return nw_query_run(&query, err);
}
