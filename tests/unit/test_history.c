/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the store keeps of what stories said before they were changed.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "model.h"
#include "newswire/history.h"
#include "newswire/limits.h"
#include "store_fixture.h"

#define ID(n) "<" #n "@example.invalid>"
#define ROWS "SELECT count(*) FROM revisions"

#define PARAGRAPH                                                           \
	"The ferry runs every half hour and free of charge for all who "    \
	"live on the far bank, says the council, until the bridge is open " \
	"again, which it may be in May.\n"

static const char *const keys[] = { "a.example/s" };

/* The source and the story that the tests below change. */
struct world {
	struct fixture *fixture;
	struct nw_source source;
	int64_t story_id;
};

static struct world begin(struct fixture *fixture)
{
	return (struct world){ fixture,
			       fixture_source(fixture, "com.example"), 0 };
}

/* Commits a snapshot a minute after the last one. */
static void commit_articles(struct world *world, const struct nw_story *story,
			    const struct nw_commit_article *articles,
			    size_t count)
{
	struct nw_commit commit = { .source_id = world->source.id,
				    .group_ids = &world->source.group_id,
				    .group_count = 1,
				    .story_id = world->story_id,
				    .story = story,
				    .keys = keys,
				    .key_count = 1,
				    .articles = articles,
				    .article_count = count };
	struct nw_commit_result result;

	world->fixture->now_utc += 60;
	fixture_commit(world->fixture, &commit, &result);
	world->story_id = result.story_id;
}

static void commit(struct world *world, const struct nw_story *story)
{
	commit_articles(world, story, NULL, 0);
}

static struct nw_story *text(struct world *world, const char *words)
{
	return model_text(world->fixture->arena, "Ferry", words);
}

/* The same story with these updates, as "key=text". */
static struct nw_story *live(struct world *world, const char *const *updates,
			     size_t count)
{
	struct nw_arena *arena = world->fixture->arena;
	struct nw_story *story = text(world, PARAGRAPH);
	size_t i;

	story->live = true;
	story->updates =
		nw_arena_alloc(arena, count * sizeof(*story->updates));
	story->update_count = count;
	for (i = 0; i < count; i++) {
		const char *words = strchr(updates[i], '=');

		story->updates[i] = (struct nw_update){
			.key = nw_arena_strndup(arena, updates[i],
						(size_t)(words - updates[i])),
			.body = model_text(arena, NULL, words + 1)->body,
			.published_utc = FIXTURE_NOW + (int64_t)i,
			.modified_utc = NW_TIME_NONE,
			.posted_utc = FIXTURE_NOW,
		};
	}
	return story;
}

static struct nw_history read_history(struct world *world)
{
	struct nw_history history;

	fixture_expect(world->fixture, 1,
		       nw_history_read(world->fixture->store,
				       world->fixture->arena, world->story_id,
				       &history, &world->fixture->err));
	return history;
}

static const char *body_of(struct world *world,
			   const struct nw_version *version)
{
	return nw_body_text(world->fixture->arena, &version->texts.body);
}

/* "edited: before > after; …" of a revision. */
static const char *told(struct world *world, const struct nw_revision *revision)
{
	struct nw_arena *arena = world->fixture->arena;
	const char *line = "";
	size_t i;

	for (i = 0; i < revision->count; i++) {
		const struct nw_history_change *change = &revision->changes[i];

		line = nw_arena_printf(
			arena, "%s%s%s%s: %s > %s", line, i ? "; " : "",
			nw_history_names[change->kind],
			change->update ? nw_arena_printf(arena, " %s",
							 change->update->key)
				       : "",
			body_of(world, &change->before),
			body_of(world, &change->after));
	}
	return line;
}

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

/* What four polls of a live page find. */
static void commit_live(struct world *world)
{
	static const char *const first[] = { "a=Fog.", "b=No ferry." };
	static const char *const second[] = { "a=Fog.", "b=No ferry.",
					      "c=A crate." };
	static const char *const third[] = { "a=Fog.", "b=One ferry.",
					     "c=A crate." };
	struct nw_story *story;

	commit(world, live(world, first, 2));
	commit(world, live(world, second, 3));
	commit(world, live(world, third, 3));
	story = live(world, third, 3);
	story->updates[1].marks = NW_UPDATE_WITHDRAWN;
	commit(world, story);
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

static const char *const back_to_8[] = {
	"ALTER TABLE message_ids DROP COLUMN story_id",
	"ALTER TABLE stories DROP COLUMN whole",
	"DROP TABLE revisions",
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

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_edits),
		CASE(test_slight),
		CASE(test_bookkeeping),
		CASE(test_twice),
		CASE(test_correction),
		CASE(test_updates),
		CASE(test_gone),
		CASE(test_small),
		CASE(test_capped_by_count),
		CASE(test_capped_by_bytes),
		CASE(test_joined_updates),
		CASE(test_found_by_article),
		CASE(test_migrated),
		CASE(test_list),
		CASE(test_all_or_nothing),
		CASE(test_damaged),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
