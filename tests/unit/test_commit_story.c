/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one commit does to a story, to its names and to the articles that it
 * replaces or takes back.
 */
#include "config.h"

#include "unit.h"

#include "commit_fixture.h"

static void test_story(void **state)
{
	static const char *const one[] = { "unknown", "tag:story" };
	static const char *const more[] = { "example.com/moved" };
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_commit commit = commit_of(
		fixture, &source, story_of(fixture, "Title"), NULL, 0);
	struct nw_commit_result result;
	struct nw_story *story = NULL;
	int64_t id = 0;

	fixture_expect(fixture, 0,
		       nw_store_story(fixture->store, fixture->arena, one, 2,
				      &story, &id, &fixture->err));
	assert_null(story);
	fixture_commit(fixture, &commit, &result);
	fixture_expect(fixture, 1,
		       nw_store_story(fixture->store, fixture->arena, one, 2,
				      &story, &id, &fixture->err));
	assert_int_equal(id, result.story_id);
	assert_string_equal(story->title, "Title");
	/* A new snapshot under a further name. */
	commit.story_id = id;
	commit.story = story_of(fixture, "Edited");
	commit.keys = more;
	commit.key_count = 1;
	fixture_commit(fixture, &commit, &result);
	assert_int_equal(result.story_id, id);
	fixture_expect(fixture, 1,
		       nw_store_story(fixture->store, fixture->arena, more, 1,
				      &story, &id, &fixture->err));
	assert_int_equal(id, result.story_id);
	assert_string_equal(story->title, "Edited");
	/* No snapshot: it stays. */
	commit.story = NULL;
	fixture_commit(fixture, &commit, &result);
	fixture_expect(fixture, 1,
		       nw_store_story(fixture->store, fixture->arena, one, 2,
				      &story, &id, &fixture->err));
	assert_string_equal(story->title, "Edited");
}

/* Two polls find a new story at once: the second one joins the first. */
static void test_story_lost_race(void **state)
{
	static const char *const others[] = { "tag:other", "tag:story" };
	struct fixture *fixture = *state;
	struct nw_source a = fixture_source(fixture, "com.example.a");
	struct nw_source b = fixture_source(fixture, "com.example.b");
	struct nw_commit commit =
		commit_of(fixture, &a, story_of(fixture, "First"), ids, 1);
	struct nw_commit_result first, second;
	struct nw_story *story = NULL;
	int64_t id = 0;

	fixture_commit(fixture, &commit, &first);
	commit = commit_of(fixture, &b, story_of(fixture, "Second"), ids, 2);
	commit.keys = others;
	fixture_commit(fixture, &commit, &second);
	assert_int_equal(second.story_id, first.story_id);
	assert_int_equal(second.known, 1);
	fixture_expect(fixture, 1,
		       nw_store_story(fixture->store, fixture->arena, others,
				      1, &story, &id, &fixture->err));
	assert_int_equal(id, first.story_id);
	assert_string_equal(story->title, "First");
	check_group(fixture, "com.example.a", 1, 2, 2);
	check_group(fixture, "com.example.b", 1, 2, 2);
}

/* One key names one story, for good. */
static void test_story_keys_stay(void **state)
{
	static const char *const mixed[] = { "example.com/other",
					     "example.com/story" };
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_commit commit = commit_of(
		fixture, &source, story_of(fixture, "One"), NULL, 0);
	struct nw_commit_result one, other;
	struct nw_story *story = NULL;
	int64_t id = 0;

	fixture_commit(fixture, &commit, &one);
	commit.story = story_of(fixture, "Other");
	commit.keys = mixed;
	commit.key_count = 1;
	fixture_commit(fixture, &commit, &other);
	assert_true(other.story_id != one.story_id);
	commit.story_id = other.story_id;
	commit.key_count = 2;
	fixture_commit(fixture, &commit, &other);
	fixture_expect(fixture, 1,
		       nw_store_story(fixture->store, fixture->arena, keys, 1,
				      &story, &id, &fixture->err));
	assert_int_equal(id, one.story_id);
	assert_string_equal(story->title, "One");
}

static void test_supersede(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_commit commit =
		commit_of(fixture, &source, NULL, ids + 3, 1);
	struct nw_commit_article article =
		fixture_article(fixture, ID(4), ID(1));
	struct nw_commit_result result;

	(void)fixture_post(fixture, &source, ids, 3);
	commit.articles = &article;
	fixture_commit(fixture, &commit, &result);
	assert_int_equal(result.stored, 1);
	assert_null(fixture_text(fixture, ID(1)));
	check_group(fixture, "com.example", 1, 4, 3);
	assert_string_equal(fixture_numbers(fixture, "com.example"),
			    "2\r\n3\r\n4\r\n");
	/* What went never comes back. */
	result = fixture_post(fixture, &source, ids, 1);
	assert_int_equal(result.stored, 0);
	assert_int_equal(result.known, 1);
	assert_null(fixture_text(fixture, ID(1)));
	check_group(fixture, "com.example", 1, 4, 3);
	/* Of an article that was never there nothing goes. */
	article = fixture_article(fixture, ID(5), ID(99));
	fixture_commit(fixture, &commit, &result);
	check_group(fixture, "com.example", 1, 5, 4);
	/* Nor does one that says it supersedes itself. */
	article = fixture_article(fixture, ID(6), ID(6));
	fixture_commit(fixture, &commit, &result);
	check_group(fixture, "com.example", 1, 6, 5);
}

/* In every group where the old article was, the new one takes its place. */
static void test_supersede_in_all_groups(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source a = fixture_source(fixture, "com.example.a");
	struct nw_source b = fixture_source(fixture, "com.example.b");
	struct nw_commit commit = commit_of(fixture, &a, NULL, ids, 1);
	struct nw_commit_article article =
		fixture_article(fixture, ID(2), ID(1));
	int64_t both[2] = { a.group_id, b.group_id };
	struct nw_commit_result result;

	commit.group_ids = both;
	commit.group_count = 2;
	fixture_commit(fixture, &commit, &result);
	assert_int_equal(result.stored, 1);
	commit.group_count = 1;
	commit.articles = &article;
	fixture_commit(fixture, &commit, &result);
	check_group(fixture, "com.example.a", 1, 2, 1);
	check_group(fixture, "com.example.b", 1, 2, 1);
	check_xref(fixture, ID(2),
		   "Xref: news.example com.example.a:2 com.example.b:2");
}

static void test_cancel(void **state)
{
	static const struct {
		const char *cancelled;
		const char *numbers;
		int low, count;
	} steps[] = {
		{ ID(2), "1\r\n3\r\n4\r\n", 1, 3 },
		{ ID(1), "3\r\n4\r\n", 1, 2 },
		{ ID(1), "3\r\n4\r\n", 1, 2 },
		{ ID(99), "3\r\n4\r\n", 1, 2 },
		{ ID(4), "3\r\n", 1, 1 },
		{ ID(3), "", 5, 0 },
	};
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_commit commit = commit_of(fixture, &source, NULL, NULL, 0);
	struct nw_commit_result result;
	size_t i;

	(void)fixture_post(fixture, &source, ids, 4);
	for (i = 0; i < COUNT(steps); i++) {
		commit.cancels = &steps[i].cancelled;
		commit.cancel_count = 1;
		fixture_commit(fixture, &commit, &result);
		assert_null(fixture_text(fixture, steps[i].cancelled));
		assert_string_equal(fixture_numbers(fixture, "com.example"),
				    steps[i].numbers);
		check_group(fixture, "com.example", steps[i].low, 4,
			    steps[i].count);
	}
	/* Numbers go on where they were. */
	result = fixture_post(fixture, &source, ids, 5);
	assert_int_equal(result.known, 4);
	assert_string_equal(fixture_numbers(fixture, "com.example"), "5\r\n");
	check_group(fixture, "com.example", 5, 5, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_story),
		CASE(test_story_lost_race),
		CASE(test_story_keys_stay),
		CASE(test_supersede),
		CASE(test_supersede_in_all_groups),
		CASE(test_cancel),
	};

	return cmocka_run_group_tests_name("commit_story", tests, NULL, NULL);
}
