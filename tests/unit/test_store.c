/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening a store, what may be wrong with its file, and who may do what at the
 * same time.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store_fixture.h"

#define NEWEST "11"
#define SCHEMA \
	"SELECT group_concat(sql, ';' || char(10)) FROM " \
	"(SELECT sql FROM sqlite_schema ORDER BY name)"

static const char *const ids[] = { "<1@example.invalid>", "<2@example.invalid>",
				   "<3@example.invalid>" };

static void write_file(const char *path, const char *bytes, size_t len,
		       long offset)
{
	FILE *file = fopen(path, offset ? "r+b" : "wb");

	assert_non_null(file);
	assert_int_equal(fseek(file, offset, SEEK_SET), 0);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	assert_int_equal(fclose(file), 0);
}

static char *read_all(struct fixture *fixture, size_t *len_r)
{
	FILE *file = fopen(fixture->path, "rb");
	char *bytes = nw_arena_alloc(fixture->arena, 1u << 20);

	assert_non_null(file);
	*len_r = fread(bytes, 1, 1u << 20, file);
	assert_int_equal(fclose(file), 0);
	return bytes;
}

/* Opening fails in this way. */
static void refused(struct fixture *fixture, enum nw_store_mode mode,
		    enum nw_error_code code, const char *word)
{
	struct nw_store *store = NULL;
	int got = nw_store_open(&store, fixture->path, mode, &fixture->err);

	fixture_failed(fixture, got, code, word);
	fixture_failed(fixture, got, code, fixture->path);
	assert_null(store);
}

static void test_made(void **state)
{
	struct fixture *fixture = *state;

	assert_string_equal(fixture_sql(fixture, "PRAGMA journal_mode"),
			    "wal");
	assert_string_equal(fixture_sql(fixture, "PRAGMA application_id"),
			    "1853322100");
	assert_string_equal(fixture_sql(fixture, "PRAGMA user_version"),
			    NEWEST);
	nw_store_close(&fixture->store);
	assert_null(fixture->store);
	nw_store_close(&fixture->store);
	fixture->store = fixture_open(fixture, NW_STORE_READ);
}

static void test_missing(void **state)
{
	struct fixture *fixture = *state;

	nw_store_close(&fixture->store);
	assert_int_equal(unlink(fixture->path), 0);
	refused(fixture, NW_STORE_READ, NW_ERROR_MISSING, "No such file");
	assert_int_equal(access(fixture->path, F_OK), -1);
	/* Nothing was written yet: for a reader as if it were not there. */
	write_file(fixture->path, "", 0, 0);
	refused(fixture, NW_STORE_READ, NW_ERROR_MISSING, "empty");
	fixture->store = fixture_open(fixture, NW_STORE_WRITE);
	(void)fixture_source(fixture, "com.example");
}

static void test_no_directory(void **state)
{
	struct fixture *fixture = *state;
	struct nw_store *store = NULL;
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/none/newswire.db",
		       fixture->dir);
	fixture_failed(fixture,
		       nw_store_open(&store, path, NW_STORE_WRITE,
				     &fixture->err),
		       NW_ERROR_MISSING, path);
	/* A directory is no file. */
	fixture_failed(fixture,
		       nw_store_open(&store, fixture->dir, NW_STORE_WRITE,
				     &fixture->err),
		       NW_ERROR_IO, fixture->dir);
}

static void test_no_database(void **state)
{
	static const char text[] = "Dear diary, this is no database at all. "
				   "It is only long enough to be taken for "
				   "one: more than a hundred octets of prose.";
	struct fixture *fixture = *state;
	size_t len;
	char *bytes;

	nw_store_close(&fixture->store);
	write_file(fixture->path, text, sizeof(text), 0);
	refused(fixture, NW_STORE_READ, NW_ERROR_DATA, "not a store");
	refused(fixture, NW_STORE_WRITE, NW_ERROR_DATA, "not a store");
	bytes = read_all(fixture, &len);
	assert_int_equal(len, sizeof(text));
	assert_memory_equal(bytes, text, len);
}

static void test_foreign_database(void **state)
{
	struct fixture *fixture = *state;
	size_t before, after;
	char *bytes;

	nw_store_close(&fixture->store);
	assert_int_equal(unlink(fixture->path), 0);
	write_file(fixture->path, "", 0, 0);
	(void)fixture_sql(fixture, "CREATE TABLE bookmarks (url TEXT)");
	bytes = read_all(fixture, &before);
	refused(fixture, NW_STORE_READ, NW_ERROR_DATA, "another program");
	refused(fixture, NW_STORE_WRITE, NW_ERROR_DATA, "another program");
	assert_memory_equal(read_all(fixture, &after), bytes, before);
	assert_int_equal(after, before);
}

static void test_newer_and_older(void **state)
{
	struct fixture *fixture = *state;
	char *dump;

	(void)fixture_source(fixture, "com.example");
	nw_store_close(&fixture->store);
	(void)fixture_sql(fixture, "PRAGMA user_version = 99");
	dump = fixture_dump(fixture);
	refused(fixture, NW_STORE_READ, NW_ERROR_DATA, "newer newswire");
	refused(fixture, NW_STORE_WRITE, NW_ERROR_DATA, "upgrade");
	assert_string_equal(fixture_dump(fixture), dump);
	assert_string_equal(fixture_sql(fixture, "PRAGMA user_version"), "99");
}

/* What a store of format 1 lacks; what it has must all be there afterwards. */
static const char *const back_to_1[] = {
	FIXTURE_BACK_TO_9,
	"ALTER TABLE sources DROP COLUMN ttl_s",
	"ALTER TABLE sources DROP COLUMN gap_s",
	"ALTER TABLE sources DROP COLUMN skip_hours",
	"ALTER TABLE sources DROP COLUMN skip_days",
	"DROP TABLE quarantine",
	"DROP TABLE kept_feeds",
	"DROP TABLE deliveries",
	"DROP TABLE targets",
	"ALTER TABLE message_ids DROP COLUMN supersedes",
	"ALTER TABLE message_ids DROP COLUMN story_id",
	"ALTER TABLE stories DROP COLUMN whole",
	"DROP TABLE revisions",
	"ALTER TABLE sources DROP COLUMN layout",
	"DROP TABLE pictures",
	"ALTER TABLE sources DROP COLUMN poll_live_s",
	"ALTER TABLE sources DROP COLUMN recheck",
	"DROP TABLE rechecks",
	"ALTER TABLE items DROP COLUMN page_etag",
	"ALTER TABLE items DROP COLUMN page_last_modified",
	"DROP INDEX articles_news",
	"CREATE INDEX articles_stored ON articles(stored_utc)",
	"PRAGMA user_version = 1",
};

static void test_older_is_migrated(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	char *dump, *schema;
	size_t i;

	(void)fixture_post(fixture, &source, ids, 3);
	nw_store_close(&fixture->store);
	dump = fixture_dump(fixture);
	schema = fixture_sql(fixture, SCHEMA);
	for (i = 0; i < COUNT(back_to_1); i++)
		(void)fixture_sql(fixture, back_to_1[i]);
	refused(fixture, NW_STORE_READ, NW_ERROR_DATA, "older newswire");
	fixture->store = fixture_open(fixture, NW_STORE_WRITE);
	assert_string_equal(fixture_dump(fixture), dump);
	assert_string_equal(fixture_sql(fixture, SCHEMA), schema);
	assert_string_equal(fixture_sql(fixture, "PRAGMA user_version"),
			    NEWEST);
}

/* A step that fails leaves the file as it was. */
static void test_migration_is_one_transaction(void **state)
{
	struct fixture *fixture = *state;

	nw_store_close(&fixture->store);
	assert_int_equal(unlink(fixture->path), 0);
	write_file(fixture->path, "", 0, 0);
	(void)fixture_sql(fixture, "PRAGMA application_id = 1853322100");
	(void)fixture_sql(fixture, "CREATE TABLE overviews (x)");
	refused(fixture, NW_STORE_WRITE, NW_ERROR_INTERNAL, "format 1");
	assert_string_equal(fixture_sql(fixture, "SELECT group_concat(name) "
						 "FROM sqlite_schema"),
			    "overviews");
	assert_string_equal(fixture_sql(fixture, "PRAGMA user_version"), "0");
	(void)fixture_sql(fixture, "DROP TABLE overviews");
	fixture->store = fixture_open(fixture, NW_STORE_WRITE);
	(void)fixture_source(fixture, "com.example");
}

static void test_damaged(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_stored_article article;
	char *junk;
	struct stat status;

	(void)fixture_post(fixture, &source, ids, 3);
	nw_store_close(&fixture->store);
	assert_int_equal(stat(fixture->path, &status), 0);
	junk = nw_arena_alloc(fixture->arena, (size_t)status.st_size);
	memset(junk, 0xa5, (size_t)status.st_size);
	/* All pages but the first, which holds the schema's root. */
	write_file(fixture->path, junk, (size_t)status.st_size - 8192, 8192);
	fixture->store = fixture_open(fixture, NW_STORE_WRITE);
	fixture_failed(fixture,
		       nw_group_article(fixture->store, source.group_id, 1,
					&article, &fixture->err),
		       NW_ERROR_DAMAGED, "damaged");
	fixture_failed(fixture,
		       nw_source_remove(fixture->store, source.id,
					&fixture->err),
		       NW_ERROR_DAMAGED, fixture->path);
}

static void test_modes(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_store *reader = fixture_open(fixture, NW_STORE_READ);

	fixture_failed(fixture,
		       nw_source_remove(reader, source.id, &fixture->err),
		       NW_ERROR_INTERNAL, "for reading");
	nw_store_close(&reader);
	fixture_expect(fixture, 0,
		       nw_store_read_begin(fixture->store, &fixture->err));
	fixture_failed(fixture,
		       nw_source_remove(fixture->store, source.id,
					&fixture->err),
		       NW_ERROR_INTERNAL, "within a read");
	nw_store_read_end(fixture->store);
	fixture_expect(fixture, 0,
		       nw_source_remove(fixture->store, source.id,
					&fixture->err));
}

static int64_t high(struct fixture *fixture, struct nw_store *store)
{
	struct nw_group group;

	fixture_expect(fixture, 1,
		       nw_group_find(store, "com.example", &group,
				     &fixture->err));
	return group.high;
}

/* One read transaction sees one state; without one, each call the newest. */
static void test_read_transaction(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_store *reader = fixture_open(fixture, NW_STORE_READ);
	struct nw_stored_article article;

	nw_store_read_end(reader);
	(void)fixture_post(fixture, &source, ids, 1);
	assert_int_equal(high(fixture, reader), 1);
	fixture_expect(fixture, 0, nw_store_read_begin(reader, &fixture->err));
	assert_int_equal(high(fixture, reader), 1);
	(void)fixture_post(fixture, &source, ids, 2);
	fixture_expect(fixture, 0, nw_store_read_begin(reader, &fixture->err));
	assert_int_equal(high(fixture, reader), 1);
	fixture_expect(fixture, 0,
		       nw_group_article(reader, source.group_id, 2, &article,
					&fixture->err));
	nw_store_read_end(reader);
	nw_store_read_end(reader);
	assert_int_equal(high(fixture, reader), 2);
	fixture_expect(fixture, 1,
		       nw_group_article(reader, source.group_id, 2, &article,
					&fixture->err));
	nw_store_close(&reader);
}

/* Time passes without anybody waiting for it. */
static int no_sleep(sqlite3_vfs *vfs, int us)
{
	(void)vfs;
	return us;
}

static void test_busy(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source;
	sqlite3_vfs *real = sqlite3_vfs_find(NULL), hasty = *real;
	sqlite3 *other = NULL;

	hasty.zName = "hasty";
	hasty.xSleep = no_sleep;
	assert_int_equal(sqlite3_vfs_register(&hasty, 1), SQLITE_OK);
	nw_store_close(&fixture->store);
	fixture->store = fixture_open(fixture, NW_STORE_WRITE);
	source = fixture_source(fixture, "com.example");
	assert_int_equal(sqlite3_open(fixture->path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL,
				      NULL),
			 SQLITE_OK);
	fixture_failed(fixture,
		       nw_source_remove(fixture->store, source.id,
					&fixture->err),
		       NW_ERROR_BUSY, "another process");
	/* Readers go on, also those that come now. */
	assert_int_equal(high(fixture, fixture->store), 0);
	(void)sqlite3_close(other);
	fixture_expect(fixture, 0,
		       nw_source_remove(fixture->store, source.id,
					&fixture->err));
	nw_store_close(&fixture->store);
	assert_int_equal(sqlite3_vfs_unregister(&hasty), SQLITE_OK);
	assert_int_equal(sqlite3_vfs_register(real, 1), SQLITE_OK);
}

/* Who serves others does not wait, neither to open nor to write. */
static void test_at_once(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_store *hasty = NULL;
	struct timespec before, after;
	sqlite3 *other = NULL;

	assert_int_equal(sqlite3_open(fixture->path, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL,
				      NULL),
			 SQLITE_OK);
	(void)clock_gettime(CLOCK_MONOTONIC, &before);
	hasty = fixture_open(fixture, NW_STORE_AT_ONCE);
	fixture_failed(fixture,
		       nw_source_remove(hasty, source.id, &fixture->err),
		       NW_ERROR_BUSY, "another process");
	(void)clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true(after.tv_sec - before.tv_sec < NW_STORE_BUSY_MS / 1000 / 2);
	(void)sqlite3_close(other);
	fixture_expect(fixture, 0,
		       nw_source_remove(hasty, source.id, &fixture->err));
	nw_store_close(&hasty);
	/* It makes none. */
	nw_store_close(&fixture->store);
	assert_int_equal(unlink(fixture->path), 0);
	refused(fixture, NW_STORE_AT_ONCE, NW_ERROR_MISSING, "No such file");
	assert_int_equal(access(fixture->path, F_OK), -1);
}

#define RACERS 6
#define LAPS 10

/* One of many that find no store, make one, and write to it. */
static int race(const char *path, int racer)
{
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_store *store = NULL;
	struct nw_source source;
	char group[32], url[32];
	int lap;

	for (lap = 0; lap < LAPS; lap++) {
		(void)snprintf(group, sizeof(group), "com.r%d.l%d", racer,
			       lap);
		(void)snprintf(url, sizeof(url), "https://r%d/%d", racer, lap);
		source = (struct nw_source){ .url = url, .group = group };
		if (nw_store_open(&store, path, NW_STORE_WRITE, &err) ||
		    nw_source_add(store, &source, FIXTURE_NOW, &err)) {
			print_error("racer %d: %s\n", racer, err.text);
			return 1;
		}
		nw_store_close(&store);
	}
	return 0;
}

static void test_race(void **state)
{
	struct fixture *fixture = *state;
	struct nw_store_counts counts;
	int racer, status, failed = 0;

	nw_store_close(&fixture->store);
	assert_int_equal(unlink(fixture->path), 0);
	for (racer = 0; racer < RACERS; racer++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (!pid)
			_exit(race(fixture->path, racer));
	}
	for (racer = 0; racer < RACERS; racer++) {
		assert_true(wait(&status) > 0);
		failed += !WIFEXITED(status) || WEXITSTATUS(status);
	}
	assert_int_equal(failed, 0);
	fixture->store = fixture_open(fixture, NW_STORE_READ);
	fixture_expect(fixture, 0,
		       nw_store_count(fixture->store, &counts, &fixture->err));
	assert_int_equal(counts.sources, RACERS * LAPS);
	assert_int_equal(counts.groups, RACERS * LAPS);
}

static void test_count(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_store_counts counts;

	(void)fixture_source(fixture, "com.example.second");
	(void)fixture_post(fixture, &source, ids, 3);
	fixture_expect(fixture, 0,
		       nw_source_remove(fixture->store, source.id,
					&fixture->err));
	fixture_expect(fixture, 0,
		       nw_store_count(fixture->store, &counts, &fixture->err));
	assert_int_equal(counts.sources, 1);
	assert_int_equal(counts.groups, 2);
	assert_int_equal(counts.stories, 0);
	assert_int_equal(counts.articles, 3);
	assert_true(counts.file_bytes >= 8192 &&
		    counts.file_bytes % 8192 == 0);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_made),
		CASE(test_missing),
		CASE(test_no_directory),
		CASE(test_no_database),
		CASE(test_foreign_database),
		CASE(test_newer_and_older),
		CASE(test_older_is_migrated),
		CASE(test_migration_is_one_transaction),
		CASE(test_damaged),
		CASE(test_modes),
		CASE(test_read_transaction),
		CASE(test_busy),
		CASE(test_at_once),
		CASE(test_race),
		CASE(test_count),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
