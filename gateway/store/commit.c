/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>

#include "newswire/store.h"
#include "store_private.h"

/* What the caller must not get wrong. */
static int check(const struct nw_store *store, const struct nw_commit *commit,
		 struct nw_error *err)
{
	const char *wrong = NULL;

	if (commit->article_count && !commit->group_count)
		wrong = "articles without a group";
	else if (commit->group_count && !commit->path_host)
		wrong = "articles without a host for Xref";
	else if (commit->item_key && !(commit->item_hash && commit->source_id))
		wrong = "an item without a hash or a source";
	else if (commit->story && !commit->key_count)
		wrong = "a story without a key";
	if (wrong)
		return nw_error_set(err, NW_ERROR_INTERNAL, "%s: commit of %s",
				    store->path, wrong);
	return 0;
}

static int check_exists(struct nw_store *store, enum nw_statement which,
			int64_t id, struct nw_error *err)
{
	struct nw_query query;
	int found;

	nw_query_start(&query, store, which);
	nw_query_int(&query, id);
	found = nw_query_value(&query, &id, err);
	if (!found)
		return nw_error_set(err, NW_ERROR_MISSING,
				    "%s: %s %" PRId64 " is not there any more",
				    store->path,
				    which == NW_SQL_SOURCE_EXISTS ? "source"
								  : "group",
				    id);
	return found < 0 ? -1 : 0;
}

/* The source may have been removed while it was polled. */
static int check_named(struct nw_store *store, const struct nw_commit *commit,
		       struct nw_error *err)
{
	size_t i;

	if (commit->source_id &&
	    check_exists(store, NW_SQL_SOURCE_EXISTS, commit->source_id, err))
		return -1;
	for (i = 0; i < commit->group_count; i++)
		if (check_exists(store, NW_SQL_GROUP_EXISTS,
				 commit->group_ids[i], err))
			return -1;
	return 0;
}

/* Also those that its snapshot does not name: follow-ups with an edit or a
 * correction. */
static int withdraw(struct nw_work *work, struct nw_error *err)
{
	struct nw_query query;
	int64_t *ids;
	size_t count, i;

	if (!work->commit->withdraws || !work->commit->story_id)
		return 0;
	nw_query_start(&query, work->store, NW_SQL_STORY_ARTICLES);
	nw_query_int(&query, work->commit->story_id);
	if (nw_query_values(&query, work->arena, &ids, &count, err))
		return -1;
	for (i = 0; i < count; i++)
		if (nw_article_withdraw(work->store, work->arena, ids[i],
					err))
			return -1;
	return 0;
}

static int put_all(struct nw_work *work, struct nw_error *err)
{
	const struct nw_commit *commit = work->commit;
	size_t i;

	if (check_named(work->store, commit, err) || nw_story_put(work, err) ||
	    nw_story_join(work, err))
		return -1;
	for (i = 0; i < commit->article_count; i++)
		if (nw_article_put(work, &commit->articles[i], err))
			return -1;
	for (i = 0; i < commit->cancel_count; i++)
		if (nw_article_cancel(work->store, work->arena,
				      commit->cancels[i], err))
			return -1;
	if (withdraw(work, err))
		return -1;
	return nw_story_item_put(work, err);
}

int nw_store_commit(struct nw_store *store, const struct nw_commit *commit,
		    struct nw_commit_result *result_r, struct nw_error *err)
{
	struct nw_work work = { .store = store, .commit = commit };
	int result;

	if (check(store, commit, err) || nw_store_write_begin(store, err))
		return -1;
	work.arena = nw_arena_new();
	nw_buf_init(&work.bytes, NW_STORE_WIRE_BYTES);
	nw_buf_init(&work.wire, NW_STORE_WIRE_BYTES);
	nw_buf_init(&work.line, NW_STORE_OVERVIEW_BYTES);
	result = nw_store_write_end(store, put_all(&work, err), err);
	nw_buf_free(&work.line);
	nw_buf_free(&work.wire);
	nw_buf_free(&work.bytes);
	nw_arena_free(&work.arena);
	if (result)
		return -1;
	*result_r = (struct nw_commit_result){
		.story_id = work.story_id,
		.stored = work.stored,
		.known = work.known,
	};
	return 0;
}
