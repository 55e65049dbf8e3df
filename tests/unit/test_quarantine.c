/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the store keeps of items that could not be read.
 */
#include "config.h"

#include <string.h>

#include "unit.h"

#include "newswire/quarantine.h"
#include "store_fixture.h"

static void put(struct fixture *fixture, const struct nw_source *source,
		const char *key, const char *hash, const char *version)
{
	const struct nw_quarantined item = {
		.key = key,
		.hash = hash,
		.label = "A title",
		.reason = "it is empty",
		.version = version,
	};

	fixture_expect(fixture, 0,
		       nw_quarantine_put(fixture->store, source->id, &item,
					 fixture->now_utc, &fixture->err));
}

static size_t list(struct fixture *fixture, const struct nw_source *source,
		   struct nw_quarantined **items_r)
{
	struct nw_quarantined *items;
	size_t count;

	fixture_expect(fixture, 0,
		       nw_quarantine_list(fixture->store, fixture->arena,
					  source->id, &items, &count,
					  &fixture->err));
	if (items_r)
		*items_r = items;
	return count;
}

static void test_put_and_list(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_source other = fixture_source(fixture, "org.example");
	struct nw_quarantined *items;
	int64_t first_utc = fixture->now_utc;

	put(fixture, &source, "a", "hash", "1");
	fixture->now_utc += 5;
	put(fixture, &source, "b", "hash", "1");
	assert_int_equal(list(fixture, &other, NULL), 0);
	assert_int_equal(list(fixture, &source, &items), 2);
	assert_string_equal(items[0].key, "b");
	assert_string_equal(items[1].key, "a");
	assert_string_equal(items[1].label, "A title");
	assert_string_equal(items[1].reason, "it is empty");
	assert_string_equal(items[1].version, "1");
	assert_true(items[1].since_utc == first_utc);
	assert_true(items[1].tried_utc == first_utc);
	assert_int_equal(items[1].tries, 1);
}

static void test_tries(void **state)
{
	static const struct {
		const char *hash, *version;
		unsigned tries;
	} steps[] = {
		{ "x", "1", 1 }, { "x", "1", 1 }, { "y", "1", 2 },
		{ "y", "2", 3 }, { "y", "2", 3 }, { "x", "1", 4 },
	};
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	int64_t first_utc = fixture->now_utc;
	struct nw_quarantined *items;
	size_t i;

	for (i = 0; i < COUNT(steps); i++) {
		put(fixture, &source, "a", steps[i].hash, steps[i].version);
		assert_int_equal(list(fixture, &source, &items), 1);
		assert_int_equal(items->tries, steps[i].tries);
		assert_true(items->since_utc == first_utc);
		assert_true(items->tried_utc == fixture->now_utc);
		fixture->now_utc++;
	}
}

static int holds(struct fixture *fixture, const struct nw_source *source,
		 const char *key, const char *hash, const char *version)
{
	return nw_quarantine_holds(fixture->store, source->id, key, hash,
				   version, &fixture->err);
}

static void test_holds(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_source other = fixture_source(fixture, "org.example");

	put(fixture, &source, "a", "x", "1");
	fixture_expect(fixture, 1, holds(fixture, &source, "a", "x", "1"));
	fixture_expect(fixture, 0, holds(fixture, &source, "b", "x", "1"));
	fixture_expect(fixture, 0, holds(fixture, &source, "a", "y", "1"));
	fixture_expect(fixture, 0, holds(fixture, &source, "a", "x", "2"));
	fixture_expect(fixture, 0, holds(fixture, &other, "a", "x", "1"));
}

static int is_outdated(struct fixture *fixture, const struct nw_source *source,
		       const char *version)
{
	return nw_quarantine_is_outdated(fixture->store, source->id, version,
					 &fixture->err);
}

static void test_outdated(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_source other = fixture_source(fixture, "org.example");

	put(fixture, &source, "a", "x", "1");
	put(fixture, &source, "b", "x", "2");
	put(fixture, &other, "a", "x", "1");
	fixture_expect(fixture, 1, is_outdated(fixture, &source, "2"));
	fixture_expect(fixture, 0, is_outdated(fixture, &other, "1"));
	fixture_expect(fixture, 0,
		       nw_quarantine_forget(fixture->store, source.id, "2",
					    &fixture->err));
	fixture_expect(fixture, 0, is_outdated(fixture, &source, "2"));
	assert_int_equal(list(fixture, &source, NULL), 1);
	assert_int_equal(list(fixture, &other, NULL), 1);
}

static void test_leave(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_commit commit = {
		.source_id = source.id,
		.item_key = "a",
		.item_hash = "y",
		.now_utc = fixture->now_utc,
	};
	struct nw_commit_result result;

	put(fixture, &source, "a", "x", "1");
	put(fixture, &source, "b", "x", "1");
	fixture_commit(fixture, &commit, &result);
	fixture_expect(fixture, 0, holds(fixture, &source, "a", "x", "1"));
	fixture_expect(fixture, 1, holds(fixture, &source, "b", "x", "1"));
}

static void test_source_removed(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	const struct nw_quarantined item = {
		.key = "b", .hash = "x", .label = "", .reason = "",
		.version = "1",
	};

	put(fixture, &source, "a", "x", "1");
	fixture_expect(fixture, 0,
		       nw_source_remove(fixture->store, source.id,
					&fixture->err));
	assert_int_equal(list(fixture, &source, NULL), 0);
	fixture_failed(fixture,
		       nw_quarantine_put(fixture->store, source.id, &item,
					 fixture->now_utc, &fixture->err),
		       NW_ERROR_MISSING, "not there any more");
}

static void test_cap(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_quarantined *items;
	size_t i;

	(void)fixture_sql(fixture,
			  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT"
			  " i + 1 FROM n LIMIT 3000) INSERT INTO quarantine"
			  " SELECT sources.id, 'k' || i, '', '', '', '', i, i,"
			  " 1 FROM n, sources");
	put(fixture, &source, "a", "x", "1");
	assert_int_equal(list(fixture, &source, &items), NW_QUARANTINE_ITEMS);
	assert_string_equal(items[0].key, "a");
	for (i = 1; i < NW_QUARANTINE_ITEMS; i++)
		assert_true(items[i].since_utc == 3001 - (int64_t)i);
}

#define CASE(function) \
	cmocka_unit_test_setup_teardown(function, fixture_setup, \
					fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_put_and_list), CASE(test_tries),
		CASE(test_holds),	 CASE(test_outdated),
		CASE(test_leave),	 CASE(test_source_removed),
		CASE(test_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
