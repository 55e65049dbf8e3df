/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A store that has a row in each table, and copies of its file to be damaged.
 */
#ifndef NEWSWIRE_TESTS_DAMAGE_FIXTURE_H
#define NEWSWIRE_TESTS_DAMAGE_FIXTURE_H

#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model.h"
#include "newswire/delivery.h"
#include "newswire/quarantine.h"
#include "store_fixture.h"

#define PAGE 8192
#define ARTICLES 60
#define GROUPS 3

static const char *const groups[GROUPS] = { "com.example", "org.example",
					    "net.example.news" };

struct world {
	struct fixture *fixture;
	char *bytes;		/* of the whole file */
	size_t len;
	char path[128], saved[128];
	uint64_t faults, unseen;
	int64_t high[GROUPS];
	char last[512];		/* fault */
};

/* The story of that key. */
static inline struct nw_story *story_of(struct world *world, const char *key,
				 const char *title, const char *body)
{
	struct nw_arena *arena = world->fixture->arena;
	struct nw_story *story = model_text(arena, title, body);

	story->url = nw_arena_printf(arena, "https://%s", key);
	story->canonical_url = story->url;
	return story;
}

static inline void post(struct world *world, const struct nw_source *source, int n,
		 int64_t story_id)
{
	struct fixture *fixture = world->fixture;
	const char *id = nw_arena_printf(fixture->arena, "<%d@x.invalid>", n);
	const char *key = nw_arena_printf(fixture->arena, "a.example/%d", n);
	struct nw_commit_article article =
		fixture_article(fixture, id,
				n % 10 == 9 ? nw_arena_printf(fixture->arena,
							      "<%d@x.invalid>",
							      n - 1)
					    : NULL);
	const struct nw_recheck recheck = { key, "words", FIXTURE_NOW + n,
					    FIXTURE_NOW, 0 };
	const char *body = nw_arena_printf(fixture->arena, "%0*d", n * 150,
					   story_id ? n : -n);
	struct nw_commit commit = {
		.source_id = source->id,
		.group_ids = &source->group_id,
		.group_count = 1,
		.item_key = key,
		.item_hash = "hash",
		.recheck = n % 3 ? NULL : &recheck,
		.story_id = story_id,
		.story = story_of(world, key, id, body),
		.keys = &key,
		.key_count = 1,
		.articles = &article,
		.article_count = 1,
	};
	struct nw_commit_result result;

	/* Some go on in further pages. */
	if (n % 7 == 0) {
		article.bytes = nw_arena_printf(fixture->arena, "%s%s\r\n",
						article.bytes, body);
		article.len = strlen(article.bytes);
	}
	fixture_commit(fixture, &commit, &result);
	if (!story_id && n % 4 == 0)
		post(world, source, n, result.story_id);
}

/* The same story by a second source: an article with two numbers. */
static inline void join(struct world *world, const struct nw_source *source, int n)
{
	const char *key = nw_arena_printf(world->fixture->arena,
					  "a.example/%d", n);
	struct nw_commit commit = {
		.source_id = source->id,
		.group_ids = &source->group_id,
		.group_count = 1,
		.story = story_of(world, key, "t", "b"),
		.keys = &key,
		.key_count = 1,
	};
	struct nw_commit_result result;

	fixture_commit(world->fixture, &commit, &result);
}

static inline void deliver(struct world *world, int64_t group_id)
{
	struct fixture *fixture = world->fixture;
	const struct nw_delivery_cursor cursor = { 0, 10, 0 };
	int64_t id;

	fixture_expect(fixture, 0,
		       nw_delivery_target(fixture->store, "mbox:/x", &id,
					  &fixture->err));
	fixture_expect(fixture, 0,
		       nw_delivery_begin(fixture->store, id, group_id, &cursor,
					 &fixture->err));
	fixture_expect(fixture, 0,
		       nw_delivery_end(fixture->store, id, group_id, 10,
				       &fixture->err));
}

static inline void fill(struct world *world)
{
	struct fixture *fixture = world->fixture;
	struct nw_source sources[GROUPS];
	const struct nw_kept_feed feed = { "https://a/", NULL, "<rss/>", 6 };
	const struct nw_quarantined item = { "k", "h", "l", "r", "v", 0, 0,
					     1 };
	uint64_t expired;
	int i;

	for (i = 0; i < GROUPS; i++)
		sources[i] = fixture_source(fixture, groups[i]);
	for (i = 1; i <= ARTICLES; i++) {
		fixture->now_utc = FIXTURE_NOW + i;
		post(world, &sources[i % 2], i, 0);
	}
	for (i = 5; i < ARTICLES; i += 5)
		join(world, &sources[2], i);
	deliver(world, sources[0].group_id);
	fixture_expect(fixture, 0,
		       nw_source_keep_feed(fixture->store, sources[0].id,
					   &feed, &fixture->err));
	fixture_expect(fixture, 0,
		       nw_quarantine_put(fixture->store, sources[0].id, &item,
					 FIXTURE_NOW, &fixture->err));
	fixture_expect(fixture, 0,
		       nw_store_expire(fixture->store, 0, 25, FIXTURE_NOW + 99,
				       &expired, &fixture->err));
	for (i = 0; i < GROUPS; i++)
		world->high[i] = fixture_group(fixture, groups[i]).high;
}

static inline void read_whole(struct world *world)
{
	struct stat status;
	int fd = open(world->fixture->path, O_RDONLY);

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &status), 0);
	world->len = (size_t)status.st_size;
	world->bytes = malloc(world->len);
	assert_non_null(world->bytes);
	assert_int_equal(read(fd, world->bytes, world->len), world->len);
	(void)close(fd);
	assert_int_equal(world->len % PAGE, 0);
}

static inline void begin(struct world *world, void **state)
{
	*world = (struct world){ .fixture = *state };
	fill(world);
	nw_store_close(&world->fixture->store);
	read_whole(world);
	(void)snprintf(world->path, sizeof(world->path), "%s/damaged",
		       world->fixture->dir);
	(void)snprintf(world->saved, sizeof(world->saved), "%s/saved",
		       world->fixture->dir);
}

static inline void remove_store(const char *path)
{
	static const char *const endings[] = { "", "-wal", "-shm" };
	char name[160];
	size_t i;

	for (i = 0; i < COUNT(endings); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		(void)unlink(name);
	}
}

static inline void end(struct world *world)
{
	remove_store(world->path);
	remove_store(world->saved);
	free(world->bytes);
}

static inline void write_damaged(const struct world *world, const char *bytes,
			  size_t len)
{
	int fd;

	remove_store(world->path);
	fd = open(world->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(close(fd), 0);
}

static inline char *ask(const struct world *world, const char *path, const char *sql)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *stmt = NULL;
	char *value = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	(void)sqlite3_exec(db, nw_arena_printf(world->fixture->arena,
					       "ATTACH '%s' AS before",
					       world->fixture->path),
			   NULL, NULL, NULL);
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		value = nw_arena_strdup(
			world->fixture->arena,
			(const char *)sqlite3_column_text(stmt, 0));
	(void)sqlite3_finalize(stmt);
	(void)sqlite3_close(db);
	return value;
}

#endif
