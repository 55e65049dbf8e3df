/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A store that has a row in each table is damaged at each of its pages, in
 * several ways, and each time: nothing crashes; the check says that something is
 * wrong, or readers are told the same numbers as before; what is recovered is
 * whole, gives no article another number, forgets no Message-ID and lowers no
 * mark, and the damaged file is as it was.
 */
#include "config.h"

#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model.h"
#include "newswire/check.h"
#include "newswire/delivery.h"
#include "newswire/quarantine.h"
#include "newswire/recover.h"
#include "store_fixture.h"

#define PAGE 8192
#define ARTICLES 60
#define GROUPS 3
/* What one page can hold of articles, and of those that go on in it. */
#define LOST_MAX 24

static const char *const groups[GROUPS] = { "com.example", "org.example",
					    "net.example.news" };

struct world {
	struct fixture *fixture;
	char *bytes;		/* of the whole file */
	size_t len;
	char path[128], saved[128], log[144];
	uint64_t faults, unseen;
	int64_t high[GROUPS];
	char last[512];		/* fault */
};

static void on_fault(void *context, const char *object, const char *reason)
{
	struct world *world = context;

	world->faults++;
	(void)snprintf(world->last, sizeof(world->last), "%s: %s", object,
		       reason);
}

/* The story of that key. */
static struct nw_story *story_of(struct world *world, const char *key,
				 const char *title, const char *body)
{
	struct nw_arena *arena = world->fixture->arena;
	struct nw_story *story = model_text(arena, title, body);

	story->url = nw_arena_printf(arena, "https://%s", key);
	story->canonical_url = story->url;
	return story;
}

static void post(struct world *world, const struct nw_source *source, int n,
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
static void join(struct world *world, const struct nw_source *source, int n)
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

static void deliver(struct world *world, int64_t group_id)
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

static void fill(struct world *world)
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

static void read_whole(struct world *world)
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

static void begin(struct world *world, void **state)
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

static void remove_store(const char *path)
{
	static const char *const endings[] = { "", "-wal", "-shm" };
	char name[160];
	size_t i;

	for (i = 0; i < COUNT(endings); i++) {
		(void)snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		(void)unlink(name);
	}
}

static void end(struct world *world)
{
	remove_store(world->path);
	remove_store(world->saved);
	free(world->bytes);
}

static void write_damaged(const struct world *world, const char *bytes,
			  size_t len)
{
	int fd;

	remove_store(world->path);
	fd = open(world->path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(close(fd), 0);
}

static char *ask(const struct world *world, const char *path, const char *sql)
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

/* What readers are told of numbers. */
#define NUMBERS \
	"SELECT group_concat(name || low || high || count) || (SELECT " \
	"group_concat(place || message_id) FROM (SELECT place, message_id " \
	"FROM main.numbers JOIN main.articles ON id = article_id " \
	"ORDER BY place)) FROM main.groups"

/* Whether the check has something to say. */
static bool is_found(struct world *world)
{
	const struct nw_check_watch watch = { on_fault, NULL, world };
	struct nw_store *store = NULL;
	struct nw_error err;
	uint64_t faults = 0;
	int result;

	world->faults = 0;
	if (nw_store_open(&store, world->path, NW_STORE_READ, &err))
		return true;
	result = nw_store_check(store, &watch, &faults, &err);
	nw_store_close(&store);
	assert_true(result || faults == world->faults);
	return result || faults;
}

static void check_file(struct world *world, const char *bytes, size_t len,
		       const char *what)
{
	char *now, *then;

	write_damaged(world, bytes, len);
	if (is_found(world))
		return;
	world->unseen++;
	now = ask(world, world->path, NUMBERS);
	then = ask(world, world->fixture->path, NUMBERS);
	if (!now || strcmp(now, then) != 0)
		fail_msg("%s: nothing is found, and numbers differ", what);
}

static void expect(const struct world *world, const char *what,
		   const char *name, const char *sql)
{
	char *got = ask(world, world->saved, sql);

	if (!got || strcmp(got, "0") != 0)
		fail_msg("%s: %s: %s", what, name, got ? got : "cannot tell");
}

static void check_saved(const struct world *world, const char *what)
{
	size_t i;

	expect(world, what, "articles have other numbers",
	       "SELECT count(*) FROM main.numbers n JOIN main.articles a"
	       "	ON a.id = n.article_id"
	       "	JOIN main.groups g ON g.id = n.place >> 32 "
	       "WHERE NOT EXISTS (SELECT 1 FROM before.numbers m"
	       "	JOIN before.articles b ON b.id = m.article_id"
	       "	JOIN before.groups h ON h.id = m.place >> 32"
	       "	WHERE h.name = g.name AND b.message_id = a.message_id"
	       "	AND m.place & 0xffffffff = n.place & 0xffffffff)");
	expect(world, what, "Message-IDs are forgotten",
	       "SELECT count(*) FROM before.articles WHERE message_id NOT IN"
	       "	(SELECT message_id FROM main.message_ids)");
	for (i = 0; i < GROUPS; i++)
		expect(world, what, "a mark was lowered",
		       nw_arena_printf(world->fixture->arena,
				       "SELECT count(*) FROM (SELECT max(high)"
				       "	AS high FROM main.groups"
				       "	WHERE name = '%s') "
				       "WHERE high IS NULL OR high < %d",
				       groups[i], (int)world->high[i]));
	expect(world, what, "too many are lost",
	       nw_arena_printf(world->fixture->arena,
			       "SELECT lost > %d FROM (SELECT (SELECT count(*)"
			       "	FROM before.articles) - (SELECT count(*)"
			       "	FROM main.articles) AS lost)",
			       LOST_MAX));
}

static void recover_file(struct world *world, const char *bytes, size_t len,
			 const char *what)
{
	const struct nw_recover_watch watch = { on_fault, NULL, world };
	struct nw_recovery saved;
	struct nw_error err;
	char *after = malloc(len);
	int fd;

	write_damaged(world, bytes, len);
	remove_store(world->saved);
	if (nw_store_recover(world->path, world->saved, FIXTURE_NOW, &watch,
			     &saved, &err))
		fail_msg("%s: %s; %s", what, err.text, world->last);
	check_saved(world, what);
	fd = open(world->path, O_RDONLY);
	assert_int_equal(read(fd, after, len), len);
	(void)close(fd);
	assert_memory_equal(after, bytes, len);
	free(after);
}

static void try_file(struct world *world, const char *bytes, size_t len,
		     const char *what)
{
	check_file(world, bytes, len, what);
	recover_file(world, bytes, len, what);
}

static void test_whole(void **state)
{
	struct world world;

	begin(&world, state);
	write_damaged(&world, world.bytes, world.len);
	if (is_found(&world))
		fail_msg("%s", world.last);
	recover_file(&world, world.bytes, world.len, "the whole store");
	/* Of a store that is whole all is saved, row by row. */
	assert_string_equal(ask(&world, world.saved, NUMBERS),
			    ask(&world, world.fixture->path, NUMBERS));
	end(&world);
}

/* All tables of two stores but the cache. */
static void test_all_rows(void **state)
{
	static const char *const tables[] = {
		"groups",      "sources",	"stories",    "articles",
		"message_ids", "numbers",	"overviews",  "revisions",
		"story_keys",  "story_groups", "items",      "rechecks",
		"quarantine",  "targets",	"deliveries", "kept_feeds",
		"sqlite_sequence",
	};
	struct world world;
	size_t i;

	begin(&world, state);
	recover_file(&world, world.bytes, world.len, "the whole store");
	for (i = 0; i < COUNT(tables); i++)
		expect(&world, tables[i], "rows differ",
		       nw_arena_printf(world.fixture->arena,
				       "SELECT (SELECT count(*) FROM (SELECT * "
				       "FROM main.%s EXCEPT SELECT * FROM "
				       "before.%s)) + (SELECT count(*) FROM "
				       "(SELECT * FROM before.%s EXCEPT SELECT "
				       "* FROM main.%s)) + NOT (SELECT "
				       "count(*) FROM main.%s)",
				       tables[i], tables[i], tables[i],
				       tables[i], tables[i]));
	end(&world);
}

/* Where in a page: its kind, how many cells, where they begin, their pointers,
 * the last child, in the middle, in the last cell. */
static const size_t places[] = { 0, 3, 4, 5, 6, 8, 9, 11, 12, 13, 4096, 6000,
				 7800, 8100, 8180, 8191 };

static void test_flips(void **state)
{
	struct world world;
	size_t page, i, at, tried = 0;
	char what[64];

	begin(&world, state);
	for (page = 0; page < world.len / PAGE; page++)
		for (i = page % 4; i < COUNT(places); i += 4) {
			at = page * PAGE + places[i];
			world.bytes[at] = (char)~world.bytes[at];
			(void)snprintf(what, sizeof(what),
				       "octet %zu of page %zu", places[i],
				       page + 1);
			try_file(&world, world.bytes, world.len, what);
			world.bytes[at] = (char)~world.bytes[at];
			tried++;
		}
	print_message("%zu flips, %d without a fault\n", tried,
		      (int)world.unseen);
	/* Most of them are in what has a form. */
	assert_true(world.unseen * 2 < tried);
	end(&world);
}

static void test_lost_pages(void **state)
{
	static const int fillings[] = { 0, 0xa5, 0x0d };
	struct world world;
	char kept[PAGE], what[64];
	size_t page;

	begin(&world, state);
	for (page = 0; page < world.len / PAGE; page++) {
		memcpy(kept, world.bytes + page * PAGE, PAGE);
		memset(world.bytes + page * PAGE, fillings[page % 3], PAGE);
		(void)snprintf(what, sizeof(what), "page %zu is lost",
			       page + 1);
		try_file(&world, world.bytes, world.len, what);
		memcpy(world.bytes + page * PAGE, kept, PAGE);
	}
	end(&world);
}

static void test_short_file(void **state)
{
	struct world world;
	const struct nw_recover_watch watch = { on_fault, NULL, &world };
	struct nw_recovery saved;
	struct nw_error err;
	size_t len;

	begin(&world, state);
	for (len = 0; len < world.len; len += world.len / 7 + 11) {
		write_damaged(&world, world.bytes, len);
		assert_true(is_found(&world));
		write_damaged(&world, world.bytes, len);
		remove_store(world.saved);
		if (nw_store_recover(world.path, world.saved, FIXTURE_NOW,
				     &watch, &saved, &err))
			fail_msg("%zu octets: %s; %s", len, err.text,
				 world.last);
	}
	end(&world);
}

/* Nothing but noise in each page, as a tree that runs in circles has it. */
static void test_noise(void **state)
{
	struct world world;
	const struct nw_recover_watch watch = { on_fault, NULL, &world };
	struct nw_recovery saved;
	struct nw_error err;
	unsigned seed = 1, round;
	size_t i;

	begin(&world, state);
	for (round = 0; round < 20; round++) {
		for (i = 0; i < 400; i++) {
			seed = seed * 1103515245u + 12345u;
			world.bytes[(seed >> 8) % world.len] =
				(char)(seed >> 16);
		}
		write_damaged(&world, world.bytes, world.len);
		(void)is_found(&world);
		write_damaged(&world, world.bytes, world.len);
		remove_store(world.saved);
		if (nw_store_recover(world.path, world.saved, FIXTURE_NOW,
				     &watch, &saved, &err))
			fail_msg("round %u: %s; %s", round, err.text,
				 world.last);
	}
	end(&world);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_whole),      CASE(test_all_rows),
		CASE(test_flips),      CASE(test_lost_pages),
		CASE(test_short_file), CASE(test_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
