/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../tools/storedump.h"
#include "store_fixture.h"

int fixture_setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	(void)snprintf(fixture->dir, sizeof(fixture->dir),
		       "/tmp/newswire-store-XXXXXX");
	assert_non_null(mkdtemp(fixture->dir));
	(void)snprintf(fixture->path, sizeof(fixture->path), "%s/newswire.db",
		       fixture->dir);
	fixture->arena = nw_arena_new();
	fixture->now_utc = FIXTURE_NOW;
	fixture->store = fixture_open(fixture, NW_STORE_WRITE);
	*state = fixture;
	return 0;
}

int fixture_teardown(void **state)
{
	static const char *const endings[] = { "", "-wal", "-shm",
					       "-journal" };
	struct fixture *fixture = *state;
	char path[128];
	size_t i;

	nw_store_close(&fixture->store);
	for (i = 0; i < COUNT(endings); i++) {
		(void)snprintf(path, sizeof(path), "%s%s", fixture->path,
			       endings[i]);
		(void)unlink(path);
	}
	(void)rmdir(fixture->dir);
	nw_arena_free(&fixture->arena);
	free(fixture);
	return 0;
}

void fixture_failed(const struct fixture *fixture, int got,
		    enum nw_error_code code, const char *word)
{
	outcome_failed(&fixture->err, got, code, word);
}

struct nw_store *fixture_open(struct fixture *fixture,
			      enum nw_store_mode mode)
{
	struct nw_store *store = NULL;

	fixture_expect(fixture, 0,
		       nw_store_open(&store, fixture->path, mode,
				     &fixture->err));
	return store;
}

struct nw_source fixture_source(struct fixture *fixture, const char *group)
{
	struct nw_source source = {
		.url = nw_arena_printf(fixture->arena, "https://%s/", group),
		.kind = NW_SOURCE_FEED,
		.name = nw_arena_printf(fixture->arena, "News of %s", group),
		.group = group,
		.images = NW_IMAGES_LINK,
		.edits = NW_EDITS_FOLLOW_UP,
		.schedule = { .due_utc = FIXTURE_NOW,
			      .ok_utc = NW_TIME_NONE,
			      .changed_utc = NW_TIME_NONE },
	};

	fixture_expect(fixture, 0,
		       nw_source_add(fixture->store, &source,
				     fixture->now_utc, &fixture->err));
	return source;
}

struct nw_commit_article fixture_article(struct fixture *fixture,
					 const char *message_id,
					 const char *supersedes)
{
	struct nw_commit_article article = {
		.message_id = message_id,
		.date_utc = FIXTURE_NOW - 60,
		.supersedes = supersedes,
	};

	article.bytes = nw_arena_printf(fixture->arena,
		"Path: news.example!not-for-mail\r\n"
		"From: Jane Doe <jane@example.invalid>\r\n"
		"Newsgroups: com.example\r\n"
		"Subject: About %s\r\n"
		"Date: Sat, 26 Jul 2025 10:14:00 +0000\r\n"
		"Message-ID: %s\r\n"
		"References: <root@example.invalid>\r\n"
		"\r\n"
		"The first line.\r\n"
		".A line that begins with a dot.\r\n", message_id, message_id);
	article.len = strlen(article.bytes);
	return article;
}

void fixture_commit(struct fixture *fixture, struct nw_commit *commit,
		    struct nw_commit_result *result_r)
{
	commit->path_host = "news.example";
	commit->now_utc = fixture->now_utc;
	fixture_expect(fixture, 0,
		       nw_store_commit(fixture->store, commit, result_r,
				       &fixture->err));
}

struct nw_commit_result fixture_post(struct fixture *fixture,
				     const struct nw_source *source,
				     const char *const *message_ids,
				     size_t count)
{
	struct nw_commit_article *articles =
		nw_arena_alloc(fixture->arena, count * sizeof(*articles));
	struct nw_commit commit = { .source_id = source->id,
				    .group_ids = &source->group_id,
				    .group_count = 1,
				    .articles = articles,
				    .article_count = count };
	struct nw_commit_result result;
	size_t i;

	for (i = 0; i < count; i++)
		articles[i] = fixture_article(fixture, message_ids[i], NULL);
	fixture_commit(fixture, &commit, &result);
	return result;
}

static sqlite3 *raw(struct fixture *fixture)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open_v2(fixture->path, &db,
					 SQLITE_OPEN_READWRITE, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_busy_timeout(db, 10000), SQLITE_OK);
	return db;
}

char *fixture_sql(struct fixture *fixture, const char *sql)
{
	sqlite3 *db = raw(fixture);
	sqlite3_stmt *stmt = NULL;
	char *value = NULL;
	int code;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW)
		if (!value)
			value = nw_arena_strdup(
				fixture->arena,
				(const char *)sqlite3_column_text(stmt, 0));
	if (code != SQLITE_DONE)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(db);
	return value ? value : nw_arena_strdup(fixture->arena, "");
}

char *fixture_dump(struct fixture *fixture)
{
	char *dump = store_dump(fixture->path), *copy;

	assert_non_null(dump);
	copy = nw_arena_strdup(fixture->arena, dump);
	free(dump);
	return copy;
}

struct nw_group fixture_group(struct fixture *fixture, const char *name)
{
	struct nw_group group;

	fixture_expect(fixture, 1,
		       nw_group_find(fixture->store, name, &group,
				     &fixture->err));
	return group;
}

static char *range(struct fixture *fixture, const char *group,
		   int (*read)(struct nw_store *store, int64_t group_id,
			       int64_t *next, int64_t last, size_t piece,
			       struct nw_buf *out, struct nw_error *err))
{
	struct nw_group found = fixture_group(fixture, group);
	struct nw_buf out;
	int64_t next = 1;
	char *text;

	nw_buf_init(&out, 64u << 20);
	fixture_expect(fixture, 0,
		       read(fixture->store, found.id, &next, NW_NUMBER_MAX,
			    64u << 20, &out, &fixture->err));
	text = nw_arena_strndup(fixture->arena, out.data, out.len);
	nw_buf_free(&out);
	return text;
}

char *fixture_overview(struct fixture *fixture, const char *group)
{
	return range(fixture, group, nw_group_overview);
}

char *fixture_numbers(struct fixture *fixture, const char *group)
{
	return range(fixture, group, nw_group_numbers);
}

char *fixture_text(struct fixture *fixture, const char *message_id)
{
	struct nw_stored_article article;
	int found = nw_group_article_by_id(fixture->store, message_id,
					   &article, &fixture->err);

	if (!found)
		return NULL;
	fixture_expect(fixture, 1, found);
	assert_string_equal(article.message_id, message_id);
	return nw_arena_strndup(fixture->arena, article.wire,
				article.wire_len);
}
