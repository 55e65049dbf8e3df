/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How what stories said is found again: by an article, in a list, in a store
 * that is older or damaged.
 */
#include "config.h"

#include "unit.h"

#include "history_fixture.h"

static int64_t story_of(struct world *world, const char *message_id)
{
	int64_t story_id = -1;

	fixture_expect(world->fixture, 1,
		       nw_history_of_article(world->fixture->store, message_id,
					     &story_id, &world->fixture->err));
	return story_id;
}

static void test_found_by_article(void **state)
{
	struct fixture *fixture = *state;
	struct world world = begin(fixture);
	struct nw_commit_article articles[] = {
		fixture_article(fixture, ID(1), NULL),
		fixture_article(fixture, ID(2), ID(1)),
		fixture_article(fixture, ID(3), ID(2)),
	};
	static const char *const notes[] = { ID(note) };
	int64_t story_id = 5;
	uint64_t expired;
	size_t i;

	for (i = 0; i < COUNT(articles); i++)
		commit_articles(&world, i ? NULL : text(&world, "One."),
				&articles[i], 1);
	(void)fixture_post(fixture, &world.source, notes, 1);
	fixture_expect(fixture, 0,
		       nw_store_expire(fixture->store, 1, 0,
				       fixture->now_utc + 100, &expired,
				       &fixture->err));
	assert_null(fixture_text(fixture, ID(3)));
	for (i = 0; i < COUNT(articles); i++)
		assert_int_equal(story_of(&world, articles[i].message_id),
				 world.story_id);
	assert_int_equal(story_of(&world, ID(note)), 0);
	fixture_expect(fixture, 0,
		       nw_history_of_article(fixture->store, ID(none),
					     &story_id, &fixture->err));
	assert_int_equal(story_id, 5);
}

static bool add_name(void *context, const struct nw_group *group)
{
	nw_buf_addf(context, "%s ", group->name);
	return true;
}

static void expect_groups(struct fixture *fixture, const char *message_id,
			  const char *names)
{
	struct nw_buf got;

	nw_buf_init(&got, 1024);
	fixture_expect(fixture, 0,
		       nw_group_each_of_story(fixture->store, message_id,
					      add_name, &got, &fixture->err));
	assert_string_equal(got.data, names);
	nw_buf_free(&got);
}

/* Whoever may read one of them may see how the story was changed. */
static void test_groups_of_story(void **state)
{
	struct fixture *fixture = *state;
	struct world world = begin(fixture);
	struct nw_source other = fixture_source(fixture, "com.other");
	struct nw_commit_article articles[] = {
		fixture_article(fixture, ID(1), NULL),
		fixture_article(fixture, ID(2), ID(1)),
	};
	static const char *const notes[] = { ID(note) };
	uint64_t expired;
	size_t i;

	for (i = 0; i < COUNT(articles); i++)
		commit_articles(&world, i ? NULL : text(&world, "One."),
				&articles[i], 1);
	(void)fixture_post(fixture, &other, notes, 1);
	expect_groups(fixture, ID(1), "com.example ");
	expect_groups(fixture, ID(2), "com.example ");
	expect_groups(fixture, ID(note), "com.other ");
	expect_groups(fixture, ID(none), "");
	/* The story is in no group any more; what is there of it is. */
	fixture_expect(fixture, 0,
		       nw_source_remove(fixture->store, world.source.id,
					&fixture->err));
	expect_groups(fixture, ID(1), "com.example ");
	fixture_expect(fixture, 0,
		       nw_store_expire(fixture->store, 1, 0,
				       fixture->now_utc + 100, &expired,
				       &fixture->err));
	expect_groups(fixture, ID(1), "");
	expect_groups(fixture, ID(note), "");
}

/* Of one that all articles have left. */
static void test_groups_of_removed(void **state)
{
	struct fixture *fixture = *state;
	struct world world = begin(fixture);
	const struct nw_commit_article article =
		fixture_article(fixture, ID(1), NULL);
	uint64_t expired;

	commit_articles(&world, text(&world, "One."), &article, 1);
	fixture_expect(fixture, 0,
		       nw_store_expire(fixture->store, 1, 0,
				       fixture->now_utc + 100, &expired,
				       &fixture->err));
	assert_null(fixture_text(fixture, ID(1)));
	expect_groups(fixture, ID(1), "com.example ");
}

static const char *const back_to_8[] = {
	FIXTURE_BACK_TO_9,
	"ALTER TABLE message_ids DROP COLUMN story_id",
	"ALTER TABLE stories DROP COLUMN whole",
	"DROP TABLE revisions",
	"DROP INDEX articles_news",
	"CREATE INDEX articles_stored ON articles(stored_utc)",
	"PRAGMA user_version = 8",
};

/* Its story is known of what is there, and of what that superseded. */
static void test_migrated(void **state)
{
	struct fixture *fixture = *state;
	struct world world = begin(fixture);
	struct nw_commit_article articles[] = {
		fixture_article(fixture, ID(1), NULL),
		fixture_article(fixture, ID(2), ID(1)),
		fixture_article(fixture, ID(3), ID(2)),
		fixture_article(fixture, ID(4), NULL),
	};
	struct nw_history history;
	size_t i;

	for (i = 0; i < COUNT(articles); i++)
		commit_articles(&world, i ? NULL : text(&world, "One."),
				&articles[i], 1);
	nw_store_close(&fixture->store);
	(void)fixture_sql(fixture, "UPDATE message_ids SET article_id = NULL "
				   "WHERE message_id = '" ID(4) "'");
	for (i = 0; i < COUNT(back_to_8); i++)
		(void)fixture_sql(fixture, back_to_8[i]);
	fixture->store = fixture_open(fixture, NW_STORE_WRITE);
	for (i = 0; i < 3; i++)
		assert_int_equal(story_of(&world, articles[i].message_id),
				 world.story_id);
	assert_int_equal(story_of(&world, ID(4)), 0);
	history = read_history(&world);
	assert_false(history.whole);
	assert_int_equal(history.count, 0);
	commit(&world, text(&world, "Two."));
	history = read_history(&world);
	assert_false(history.whole);
	assert_int_equal(history.count, 1);
	assert_string_equal(body_of(&world, &history.first), "One.");
}

static void test_list(void **state)
{
	struct fixture *fixture = *state;
	struct world world = begin(fixture);
	struct nw_history_line *lines;
	struct nw_group group = fixture_group(fixture, "com.example");
	struct nw_story *story = text(&world, "Two.");
	size_t count;

	commit(&world, text(&world, "One."));
	fixture_expect(fixture, 0,
		       nw_history_list(fixture->store, fixture->arena,
				       group.id, &lines, &count,
				       &fixture->err));
	assert_int_equal(count, 0);
	story->message_id = ID(2);
	commit(&world, story);
	commit(&world, text(&world, "Three."));
	fixture_expect(fixture, 0,
		       nw_history_list(fixture->store, fixture->arena,
				       group.id, &lines, &count,
				       &fixture->err));
	assert_int_equal(count, 1);
	assert_int_equal(lines[0].count, 2);
	assert_int_equal(lines[0].story_id, world.story_id);
	assert_int_equal(lines[0].at_utc, FIXTURE_NOW + 180);
	assert_string_equal(lines[0].title, "Ferry");
	assert_null(lines[0].message_id);
}

/* A damaged delta is an error, not a wrong history. */
static void test_damaged(void **state)
{
	static const char *const damages[] = {
		"UPDATE revisions SET delta = x'789c'",
		"UPDATE revisions SET size = size - 1",
		"UPDATE revisions SET size = 1 << 40",
		"UPDATE revisions SET delta = x'7b7d', size = 3",
		"UPDATE revisions SET delta = x'5b', size = 1",
		"UPDATE revisions SET delta = x'', size = 0",
	};
	struct world world = begin(*state);
	struct fixture *fixture = world.fixture;
	struct nw_history history;
	size_t i;

	commit(&world, text(&world, PARAGRAPH PARAGRAPH));
	commit(&world, text(&world, "Another."));
	(void)fixture_sql(fixture, "CREATE TABLE kept AS SELECT id, size, "
				   "delta FROM revisions");
	for (i = 0; i < COUNT(damages); i++) {
		(void)fixture_sql(fixture, damages[i]);
		fixture_failed(fixture,
			       nw_history_read(fixture->store, fixture->arena,
					       world.story_id, &history,
					       &fixture->err),
			       NW_ERROR_DATA, fixture->path);
		(void)fixture_sql(fixture,
				  "UPDATE revisions SET (size, delta) = "
				  "(SELECT size, delta FROM kept)");
	}
	assert_int_equal(read_history(&world).count, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_found_by_article),
		CASE(test_groups_of_story),
		CASE(test_groups_of_removed),
		CASE(test_migrated),
		CASE(test_list),
		CASE(test_damaged),
	};

	return cmocka_run_group_tests_name("history_find", tests, NULL, NULL);
}
