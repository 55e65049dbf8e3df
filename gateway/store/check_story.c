/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>

#include "check_private.h"
#include "newswire/snapshot.h"

static void on_story(struct nw_check *check, sqlite3_stmt *stmt)
{
	struct nw_arena *arena = nw_arena_new();
	const char *json = sqlite3_column_blob(stmt, 1);
	size_t len = (size_t)sqlite3_column_bytes(stmt, 1);
	struct nw_story *story;
	char object[64];

	(void)snprintf(object, sizeof(object), "story %lld",
		       (long long)sqlite3_column_int64(stmt, 0));
	if (nw_snapshot_read(arena, json ? json : "", len, &story,
			     &check->err))
		nw_check_fault(check, object, "%s", check->err.text);
	nw_arena_free(&arena);
}

static void on_revision(struct nw_check *check, sqlite3_stmt *stmt)
{
	struct nw_arena *arena = nw_arena_new();
	const char *bytes = sqlite3_column_blob(stmt, 4);
	size_t len = (size_t)sqlite3_column_bytes(stmt, 4);
	int64_t size = sqlite3_column_int64(stmt, 3);
	struct nw_delta delta;
	char object[96];

	(void)snprintf(object, sizeof(object),
		       "story %lld, revision %lld",
		       (long long)sqlite3_column_int64(stmt, 1),
		       (long long)sqlite3_column_int64(stmt, 2));
	if (size < 0 || nw_delta_unpack(arena, bytes ? bytes : "", len,
					(size_t)size, &delta, &check->err))
		nw_check_fault(check, object, "it cannot be read");
	nw_arena_free(&arena);
}

void nw_check_stories(struct nw_check *check)
{
	nw_check_progress(check, "stories");
	nw_check_walk(check, "stories",
		      "SELECT id, snapshot FROM stories WHERE id > ?1 "
		      "ORDER BY id",
		      on_story);
	nw_check_walk(check, "revisions",
		      "SELECT id, story_id, number, size, delta "
		      "FROM revisions WHERE id > ?1 ORDER BY id",
		      on_revision);
}
