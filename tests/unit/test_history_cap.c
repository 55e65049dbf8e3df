/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How much the store keeps of what stories said.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "history_fixture.h"
#include "newswire/limits.h"

/* Copies the newest revision until the store has all that it may have: as
 * many commits would take long. */
static void fill(struct world *world)
{
	(void)fixture_sql(world->fixture,
			  nw_arena_printf(world->fixture->arena,
		"WITH RECURSIVE newest AS (SELECT * FROM revisions "
		"	ORDER BY number DESC LIMIT 1),"
		" n(i) AS (SELECT number + 1 FROM newest "
		"	UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
		"INSERT INTO revisions SELECT NULL, story_id, i, at_utc, 0,"
		"	marks, size, delta FROM newest, n",
		NW_HISTORY_REVISIONS));
}

static void test_capped_by_count(void **state)
{
	struct world world = begin(*state);
	struct nw_history history;

	commit(&world, text(&world, "Version 0."));
	commit(&world, text(&world, "Version 1."));
	commit(&world, text(&world, "Version 2."));
	fill(&world);
	assert_int_equal(read_history(&world).count, NW_HISTORY_REVISIONS);
	commit(&world, text(&world, "Version 3."));
	history = read_history(&world);
	assert_int_equal(history.count, NW_HISTORY_REVISIONS / 4 * 3 + 1);
	assert_int_equal(history.revisions[0].merged + history.count,
			 NW_HISTORY_REVISIONS + 1);
	assert_int_equal(history.revisions[1].merged, 0);
	assert_string_equal(body_of(&world, &history.first), "Version 0.");
	assert_string_equal(told(&world, &history.revisions[0]),
			    "edited (no article): Version 0. > Version 1.");
	assert_string_equal(told(&world, &history.revisions[history.count - 1]),
			    "edited (no article): Version 2. > Version 3.");
	/* There is room again. */
	commit(&world, text(&world, "Version 4."));
	assert_int_equal(read_history(&world).count, history.count + 1);
}

/* A text of a megabyte or so. */
static struct nw_story *large(struct world *world, unsigned version)
{
	struct nw_buf words;
	struct nw_story *story;

	nw_buf_init(&words, 2u << 20);
	nw_buf_addf(&words, "Version %u.\n", version);
	while (words.len < 1u << 20)
		nw_buf_adds(&words, PARAGRAPH);
	story = text(world, words.data);
	nw_buf_free(&words);
	return story;
}

static void test_capped_by_bytes(void **state)
{
	struct world world = begin(*state);
	struct nw_history history;
	unsigned i;

	for (i = 0; i <= 20; i++)
		commit(&world, large(&world, i));
	assert_string_equal(
		fixture_sql(world.fixture,
			    nw_arena_printf(world.fixture->arena,
					    "SELECT sum(size) <= %u AND "
					    "sum(length(delta)) < %u "
					    "FROM revisions",
					    NW_HISTORY_BYTES,
					    NW_HISTORY_BYTES / 10)),
		"1");
	history = read_history(&world);
	assert_true(history.count < 20);
	assert_int_equal(history.revisions[0].merged + history.count, 20);
	assert_memory_equal(body_of(&world, &history.first), "Version 0.", 10);
}

/* Joined, the oldest of each update is what counts. */
static void test_joined_updates(void **state)
{
	struct world world = begin(*state);
	struct nw_history history;
	struct nw_story *story;

	commit_live(&world);
	story = live(&world, NULL, 0);
	story->updates = read_history(&world).story->updates;
	story->update_count = 3;
	story->title = "Ferry, later";
	commit(&world, story);
	fill(&world);
	story->title = "Ferry, in the end";
	commit(&world, story);
	history = read_history(&world);
	assert_true(history.revisions[0].merged > 3);
	assert_string_equal(history.first.texts.title, "Ferry");
	assert_int_equal(history.update_count, 2);
	assert_string_equal(nw_body_text(world.fixture->arena,
					 &history.updates[1]->body),
			    "No ferry.");
	assert_int_equal(history.revisions[0].count, 3);
	assert_string_equal(told(&world, &history.revisions[0]) +
				    strlen("edited (no article): " PARAGRAPH
					   " > " PARAGRAPH) - 2,
			    "; update withdrawn b: No ferry. > One ferry."
			    "; update added c:  > A crate.");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_capped_by_count),
		CASE(test_capped_by_bytes),
		CASE(test_joined_updates),
	};

	return cmocka_run_group_tests_name("history_cap", tests, NULL, NULL);
}
