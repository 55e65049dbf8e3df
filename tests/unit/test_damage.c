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
#include <unistd.h>

#include "damage_fixture.h"
#include "newswire/check.h"
#include "newswire/recover.h"

/* What one page can hold of articles, and of those that go on in it. */
#define LOST_MAX 24

static void on_fault(void *context, const char *object, const char *reason)
{
	struct world *world = context;

	world->faults++;
	(void)snprintf(world->last, sizeof(world->last), "%s: %s", object,
		       reason);
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
