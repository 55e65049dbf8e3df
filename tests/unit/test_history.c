/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the store keeps of what stories said before they were changed.
 */
#include "config.h"

#include "unit.h"

#include "history_fixture.h"

#define ROWS "SELECT count(*) FROM revisions"

static void test_edits(void **state)
{
	struct world world = begin(*state);
	struct nw_story *story;
	struct nw_history history;

	commit(&world, text(&world, "One is old."));
	story = text(&world, "Two is new.");
	story->revision = 1;
	commit(&world, story);
	/* Without an article: the revision that readers know is the same. */
	story = text(&world, "Three is untold.");
	story->revision = 1;
	commit(&world, story);
	history = read_history(&world);
	assert_int_equal(history.count, 2);
	assert_true(history.whole);
	assert_int_equal(history.stored_utc, FIXTURE_NOW + 60);
	assert_int_equal(history.revisions[0].at_utc, FIXTURE_NOW + 120);
	assert_int_equal(history.revisions[1].at_utc, FIXTURE_NOW + 180);
	assert_string_equal(body_of(&world, &history.first), "One is old.");
	assert_string_equal(told(&world, &history.revisions[0]),
			    "edited: One is old. > Two is new.");
	assert_string_equal(told(&world, &history.revisions[1]),
			    "edited (no article): Two is new. > "
			    "Three is untold.");
}

static void test_slight(void **state)
{
	struct world world = begin(*state);
	struct nw_history history;

	commit(&world, text(&world, PARAGRAPH PARAGRAPH "It runs untill May."));
	commit(&world, text(&world, PARAGRAPH PARAGRAPH "It runs until May."));
	history = read_history(&world);
	assert_int_equal(history.count, 1);
	assert_int_equal(history.revisions[0].count, 1);
	assert_int_equal(history.revisions[0].changes[0].kind,
			 NW_HISTORY_SLIGHT);
}

/* What a reader does not see is no revision, though the snapshot changes. */
static void test_bookkeeping(void **state)
{
	struct world world = begin(*state);
	struct nw_story *story = text(&world, "One is  old.");

	commit(&world, text(&world, "One is old."));
	story->message_id = ID(1);
	story->posted_utc = FIXTURE_NOW;
	commit(&world, story);
	assert_string_equal(fixture_sql(world.fixture, ROWS), "0");
	assert_string_equal(read_history(&world).story->message_id, ID(1));
}

static void test_twice(void **state)
{
	struct world world = begin(*state);
	struct nw_story *story = text(&world, "Two is new.");
	char *rows;

	commit(&world, text(&world, "One is old."));
	commit(&world, story);
	rows = fixture_dump(world.fixture);
	commit(&world, story);
	assert_string_equal(fixture_dump(world.fixture), rows);
	assert_string_equal(fixture_sql(world.fixture, ROWS), "1");
}

static void test_correction(void **state)
{
	static const char *notices[] = { "It is the Ostra." };
	struct world world = begin(*state);
	struct nw_story *story = text(&world, "One is old.");
	struct nw_history history;

	commit(&world, text(&world, "One is old."));
	story->corrections = notices;
	story->correction_count = 1;
	commit(&world, story);
	history = read_history(&world);
	assert_int_equal(history.count, 1);
	assert_int_equal(history.revisions[0].count, 1);
	assert_int_equal(history.revisions[0].changes[0].kind,
			 NW_HISTORY_CORRECTION);
	assert_string_equal(history.revisions[0].changes[0].notice,
			    "It is the Ostra.");
}

static void test_updates(void **state)
{
	struct world world = begin(*state);
	struct nw_history history;

	commit_live(&world);
	history = read_history(&world);
	assert_int_equal(history.count, 3);
	assert_string_equal(told(&world, &history.revisions[0]),
			    "update added c:  > A crate.");
	assert_string_equal(told(&world, &history.revisions[1]),
			    "update edited b: No ferry. > One ferry.");
	assert_string_equal(told(&world, &history.revisions[2]),
			    "update withdrawn b: One ferry. > One ferry.");
	assert_int_equal(history.update_count, 2);
	assert_string_equal(history.updates[0]->key, "a");
	assert_string_equal(history.updates[1]->key, "b");
	assert_string_equal(nw_body_text(world.fixture->arena,
					 &history.updates[1]->body),
			    "No ferry.");
}

/* A snapshot whose history cannot be kept is not changed. */
static void test_all_or_nothing(void **state)
{
	struct world world = begin(*state);
	struct fixture *fixture = world.fixture;
	struct nw_commit commit_two = { .source_id = world.source.id,
					.story = text(&world, "Two is new."),
					.keys = keys,
					.key_count = 1,
					.now_utc = FIXTURE_NOW + 120 };
	struct nw_commit_result result;
	char *rows;

	commit(&world, text(&world, "One is old."));
	(void)fixture_sql(fixture,
			  "CREATE TRIGGER refuse BEFORE INSERT ON revisions "
			  "BEGIN SELECT RAISE(ABORT, 'refused'); END");
	rows = fixture_dump(fixture);
	commit_two.story_id = world.story_id;
	assert_int_equal(nw_store_commit(fixture->store, &commit_two, &result,
					 &fixture->err), -1);
	assert_string_equal(fixture_dump(fixture), rows);
	(void)fixture_sql(fixture, "DROP TRIGGER refuse");
	commit(&world, text(&world, "Two is new."));
	assert_string_equal(told(&world, read_history(&world).revisions),
			    "edited (no article): One is old. > Two is new.");
}

/* A publisher takes a story back, which each poll finds again, and publishes
 * it anew. */
static void test_gone(void **state)
{
	struct world world = begin(*state);
	struct nw_commit_article article =
		fixture_article(world.fixture, ID(1), NULL);
	struct nw_story *story = text(&world, "One is old.");
	struct nw_commit end = { .source_id = world.source.id,
				 .keys = keys,
				 .key_count = 1,
				 .story = story,
				 .withdraws = true };
	struct nw_commit_result result;
	struct nw_history history;

	commit_articles(&world, story, &article, 1);
	end.story_id = world.story_id;
	story->withdrawn = true;
	fixture_commit(world.fixture, &end, &result);
	end.story = NULL;
	fixture_commit(world.fixture, &end, &result);
	assert_null(fixture_text(world.fixture, ID(1)));
	history = read_history(&world);
	assert_int_equal(history.count, 1);
	assert_string_equal(told(&world, &history.revisions[0]),
			    "withdrawn with all its articles: One is old. > ");
	assert_string_equal(body_of(&world, &history.first), "One is old.");
	story->withdrawn = false;
	commit(&world, story);
	history = read_history(&world);
	assert_int_equal(history.count, 2);
	assert_string_equal(told(&world, &history.revisions[1]),
			    "published again:  > One is old.");
}

/* An update of a long page costs what it says, not what the page says. */
static void test_small(void **state)
{
	struct world world = begin(*state);
	const char *updates[400];
	size_t i;

	for (i = 0; i < COUNT(updates); i++)
		updates[i] = nw_arena_printf(world.fixture->arena,
					     "u%zu=" PARAGRAPH, i);
	commit(&world, live(&world, updates, COUNT(updates) - 1));
	commit(&world, live(&world, updates, COUNT(updates)));
	updates[200] = "u200=The ferry lies at the quay.";
	commit(&world, live(&world, updates, COUNT(updates)));
	assert_string_equal(fixture_sql(world.fixture, ROWS), "2");
	assert_string_equal(fixture_sql(world.fixture,
					"SELECT max(size) < 500 AND "
					"max(length(delta)) < 300 "
					"FROM revisions"),
			    "1");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_edits),
		CASE(test_slight),
		CASE(test_bookkeeping),
		CASE(test_twice),
		CASE(test_correction),
		CASE(test_updates),
		CASE(test_all_or_nothing),
		CASE(test_gone),
		CASE(test_small),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
