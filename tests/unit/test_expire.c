/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "model.h"
#include "store_fixture.h"

#define DAY INT64_C(86400)

/* Posts articles "<PREFIX.first@x>" … in one commit. */
static void post(struct fixture *fixture, const struct nw_source *source,
		 const char *prefix, unsigned first, unsigned count)
{
	const char **ids =
		nw_arena_alloc(fixture->arena, count * sizeof(*ids));
	unsigned i;

	for (i = 0; i < count; i++)
		ids[i] = nw_arena_printf(fixture->arena, "<%s.%u@x>", prefix,
					 first + i);
	(void)fixture_post(fixture, source, ids, count);
}

static uint64_t expire(struct fixture *fixture, int64_t age_s, int64_t count)
{
	uint64_t expired = 4711;

	fixture_expect(fixture, 0,
		       nw_store_expire(fixture->store, age_s, count,
				       fixture->now_utc, &expired,
				       &fixture->err));
	return expired;
}

static void check_group(struct fixture *fixture, const char *name, int low,
			int high, int count)
{
	struct nw_group group = fixture_group(fixture, name);

	assert_int_equal(group.low, low);
	assert_int_equal(group.high, high);
	assert_int_equal(group.count, count);
}

#define LINE_FEEDS "length(lines) - length(replace(lines, x'0a', ''))"

/* Every number leads to an article and to a line, and to nothing else. */
static void check_whole(struct fixture *fixture)
{
	assert_string_equal(
		fixture_sql(fixture,
			    "SELECT (SELECT count(*) FROM numbers n "
			    "LEFT JOIN articles a ON a.id = n.article_id "
			    "LEFT JOIN overviews o ON o.place = n.place & ~31 "
			    "AND instr(char(10) || CAST(lines AS TEXT), "
			    "char(10) || (n.place & 0xffffffff) || char(9)) "
			    "WHERE a.id IS NULL OR o.place IS NULL) || '/' || "
			    "(SELECT coalesce(sum(" LINE_FEEDS "), 0) - "
			    "(SELECT count(*) FROM numbers) "
			    "FROM overviews) || '/' || "
			    "(SELECT count(*) FROM articles WHERE id "
			    "NOT IN (SELECT article_id FROM numbers)) || '/' ||"
			    "(SELECT count(*) FROM message_ids WHERE "
			    "article_id > 0 AND "
			    "article_id NOT IN (SELECT id FROM articles)) "
			    "|| '/' || (SELECT count(*) FROM articles WHERE id "
			    "NOT IN (SELECT place FROM numbers))"),
		"0/0/0/0/0");
	assert_string_equal(fixture_sql(fixture, "PRAGMA integrity_check"),
			    "ok");
}

static void test_off(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");

	post(fixture, &source, "a", 1, 3);
	fixture->now_utc += 1000 * DAY;
	assert_int_equal(expire(fixture, 0, 0), 0);
	check_group(fixture, "com.example", 1, 3, 3);
}

static void test_age(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");

	post(fixture, &source, "a", 1, 2);
	fixture->now_utc += DAY;
	post(fixture, &source, "a", 3, 2);
	/* "More than": exactly as old stays. */
	assert_int_equal(expire(fixture, DAY, 0), 0);
	fixture->now_utc++;
	assert_int_equal(expire(fixture, DAY, 0), 2);
	check_group(fixture, "com.example", 3, 4, 2);
	assert_null(fixture_text(fixture, "<a.2@x>"));
	assert_int_equal(expire(fixture, DAY, 0), 0);
	/* What expired does not come back, and its numbers neither. */
	post(fixture, &source, "a", 1, 2);
	check_group(fixture, "com.example", 3, 4, 2);
	fixture->now_utc += 9 * DAY;
	assert_int_equal(expire(fixture, DAY, 0), 2);
	check_group(fixture, "com.example", 5, 4, 0);
	post(fixture, &source, "b", 1, 1);
	check_group(fixture, "com.example", 5, 5, 1);
	check_whole(fixture);
}

static void test_count(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source a = fixture_source(fixture, "com.example.a");
	struct nw_source b = fixture_source(fixture, "com.example.b");
	struct nw_source c = fixture_source(fixture, "com.example.c");
	const char *cancel = "<a.4@x>";
	struct nw_commit commit = { .source_id = a.id,
				    .cancels = &cancel,
				    .cancel_count = 1 };
	struct nw_commit_result result;

	post(fixture, &a, "a", 1, 6);
	post(fixture, &b, "b", 1, 3);
	post(fixture, &c, "c", 1, 2);
	fixture_commit(fixture, &commit, &result);
	assert_int_equal(expire(fixture, 0, 3), 2);
	check_group(fixture, "com.example.a", 3, 6, 3);
	check_group(fixture, "com.example.b", 1, 3, 3);
	assert_int_equal(expire(fixture, 0, 2), 2);
	assert_string_equal(fixture_numbers(fixture, "com.example.a"),
			    "5\r\n6\r\n");
	assert_string_equal(fixture_numbers(fixture, "com.example.b"),
			    "2\r\n3\r\n");
	check_group(fixture, "com.example.c", 1, 2, 2);
	check_whole(fixture);
}

/* The low water mark stays when the first article is withdrawn, and rises past
 * the gap when the next ones expire. */
static void test_low_water_mark(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	const char *cancels[] = { "<a.1@x>", "<a.3@x>" };
	struct nw_commit commit = { .source_id = source.id,
				    .cancels = cancels,
				    .cancel_count = 2 };
	struct nw_commit_result result;

	post(fixture, &source, "a", 1, 5);
	fixture_commit(fixture, &commit, &result);
	assert_int_equal(expire(fixture, 0, 3), 0);
	check_group(fixture, "com.example", 1, 5, 3);
	assert_int_equal(expire(fixture, 0, 2), 1);
	check_group(fixture, "com.example", 4, 5, 2);
	check_whole(fixture);
}

/* An article that one group has no room for stays in the other one. */
static void test_count_of_crossposts(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source a = fixture_source(fixture, "com.example.a");
	struct nw_source b = fixture_source(fixture, "com.example.b");
	struct nw_stored_article article;

	post(fixture, &a, "x", 1, 2);
	post(fixture, &b, "x", 1, 2);
	post(fixture, &a, "y", 1, 2);
	assert_int_equal(expire(fixture, 0, 2), 0);
	check_group(fixture, "com.example.a", 3, 4, 2);
	check_group(fixture, "com.example.b", 1, 2, 2);
	assert_non_null(fixture_text(fixture, "<x.1@x>"));
	/* Where it still has a number, and where it has none any more. */
	fixture_expect(fixture, 1,
		       nw_group_article(fixture->store, b.group_id, 1,
					&article, &fixture->err));
	assert_string_equal(article.message_id, "<x.1@x>");
	fixture_expect(fixture, 0,
		       nw_group_article(fixture->store, a.group_id, 1,
					&article, &fixture->err));
	check_whole(fixture);
	assert_int_equal(expire(fixture, 0, 1), 2);
	assert_null(fixture_text(fixture, "<x.1@x>"));
	assert_non_null(fixture_text(fixture, "<x.2@x>"));
	check_whole(fixture);
	/* By age, an article leaves all its groups at once and counts once. */
	fixture->now_utc += 2;
	assert_int_equal(expire(fixture, 1, 0), 2);
	check_group(fixture, "com.example.a", 5, 4, 0);
	check_group(fixture, "com.example.b", 3, 2, 0);
	check_whole(fixture);
}

/* What has expired in one group does not come back there when its story is
 * read again. */
static void test_story_again(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source a = fixture_source(fixture, "com.example.a");
	struct nw_source b = fixture_source(fixture, "com.example.b");
	struct nw_commit_article article =
		fixture_article(fixture, "<x.1@x>", NULL);
	const char *key = "a.example/1";
	struct nw_commit commit = {
		.source_id = a.id,
		.group_ids = &a.group_id,
		.group_count = 1,
		.story = model_text(fixture->arena, "t", "b"),
		.keys = &key,
		.key_count = 1,
		.articles = &article,
		.article_count = 1,
	};
	struct nw_commit_result result;

	fixture_commit(fixture, &commit, &result);
	commit.group_ids = &b.group_id;
	commit.source_id = b.id;
	fixture_commit(fixture, &commit, &result);
	post(fixture, &a, "y", 1, 2);
	assert_int_equal(expire(fixture, 0, 2), 0);
	assert_string_equal(fixture_numbers(fixture, "com.example.a"),
			    "2\r\n3\r\n");
	fixture_commit(fixture, &commit, &result);
	assert_int_equal(result.known, 1);
	assert_string_equal(fixture_numbers(fixture, "com.example.a"),
			    "2\r\n3\r\n");
	assert_string_equal(fixture_numbers(fixture, "com.example.b"),
			    "1\r\n");
	check_whole(fixture);
}

/* More than one transaction holds. */
static void test_many(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source a = fixture_source(fixture, "com.example.a");
	struct nw_source b = fixture_source(fixture, "com.example.b");

	post(fixture, &a, "a", 1, 1300);
	post(fixture, &b, "b", 1, 600);
	assert_int_equal(expire(fixture, 0, 50), 1250 + 550);
	check_group(fixture, "com.example.a", 1251, 1300, 50);
	check_group(fixture, "com.example.b", 551, 600, 50);
	post(fixture, &a, "c", 1, 1000);
	fixture->now_utc += 2;
	assert_int_equal(expire(fixture, 1, 10), 1100);
	check_group(fixture, "com.example.a", 2301, 2300, 0);
	check_whole(fixture);
	assert_string_equal(fixture_sql(fixture,
					"SELECT count(*) FROM message_ids"),
			    "2900");
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_off),			CASE(test_age),
		CASE(test_count),		CASE(test_many),
		CASE(test_count_of_crossposts), CASE(test_low_water_mark),
		CASE(test_story_again),
	};

	return cmocka_run_group_tests_name("expire", tests, NULL, NULL);
}
