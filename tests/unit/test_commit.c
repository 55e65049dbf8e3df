/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one commit does: stories and their names, articles and their numbers,
 * items; and that it does all or nothing.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "newswire/wire.h"
#include "store_fixture.h"

#define ID(n) "<" #n "@example.invalid>"

static const char *const ids[] = { ID(1), ID(2), ID(3), ID(4), ID(5) };

static const char *const keys[] = { "example.com/story", "tag:story" };

static struct nw_story *story_of(struct fixture *fixture, const char *title)
{
	struct nw_story *story = nw_story_new(fixture->arena);

	story->url = "https://example.com/story";
	story->canonical_url = "https://example.com/story";
	story->title = title;
	return story;
}

/* What a poll brings: a story with some articles, for one source. */
static struct nw_commit commit_of(struct fixture *fixture,
				  const struct nw_source *source,
				  const struct nw_story *story,
				  const char *const *message_ids, size_t count)
{
	struct nw_commit_article *articles =
		nw_arena_alloc(fixture->arena, (count + 1) * sizeof(*articles));
	size_t i;

	for (i = 0; i < count; i++)
		articles[i] = fixture_article(fixture, message_ids[i], NULL);
	return (struct nw_commit){ .source_id = source->id,
				   .group_ids = &source->group_id,
				   .group_count = 1,
				   .item_key = "item",
				   .item_hash = "hash",
				   .story = story,
				   .keys = keys,
				   .key_count = story ? COUNT(keys) : 0,
				   .articles = articles,
				   .article_count = count };
}

static void check_group(struct fixture *fixture, const char *name, int low,
			int high, int count)
{
	struct nw_group group = fixture_group(fixture, name);

	assert_int_equal(group.low, low);
	assert_int_equal(group.high, high);
	assert_int_equal(group.count, count);
}

static void check_xref(struct fixture *fixture, const char *message_id,
		       const char *xref)
{
	char *text = fixture_text(fixture, message_id), *line;

	assert_non_null(text);
	line = strstr(text, "Xref: ");
	assert_non_null(line);
	assert_null(strstr(line + 1, "Xref: "));
	assert_true(strlen(line) > strlen(xref));
	assert_memory_equal(line, xref, strlen(xref));
	assert_memory_equal(line + strlen(xref), "\r\n", 2);
}

static void test_article(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_commit_result result =
		fixture_post(fixture, &source, ids, 2);
	struct nw_stored_article article;

	assert_int_equal(result.stored, 2);
	assert_int_equal(result.known, 0);
	check_group(fixture, "com.example", 1, 2, 2);
	assert_string_equal(
		fixture_text(fixture, ID(2)),
		"Path: news.example!not-for-mail\r\n"
		"From: Jane Doe <jane@example.invalid>\r\n"
		"Newsgroups: com.example\r\n"
		"Subject: About <2@example.invalid>\r\n"
		"Date: Sat, 26 Jul 2025 10:14:00 +0000\r\n"
		"Message-ID: <2@example.invalid>\r\n"
		"References: <root@example.invalid>\r\n"
		"Xref: news.example com.example:2\r\n"
		"\r\n"
		"The first line.\r\n"
		"..A line that begins with a dot.\r\n"
		".\r\n");
	fixture_expect(fixture, 1,
		       nw_group_article(fixture->store, source.group_id, 2,
					&article, &fixture->err));
	assert_memory_equal(article.wire + article.head_len, "\r\nThe", 5);
	assert_string_equal(
		fixture_overview(fixture, "com.example"),
		"1\tAbout <1@example.invalid>\t"
		"Jane Doe <jane@example.invalid>\t"
		"Sat, 26 Jul 2025 10:14:00 +0000\t<1@example.invalid>\t"
		"<root@example.invalid>\t327\t2\t"
		"Xref: news.example com.example:1\r\n"
		"2\tAbout <2@example.invalid>\t"
		"Jane Doe <jane@example.invalid>\t"
		"Sat, 26 Jul 2025 10:14:00 +0000\t<2@example.invalid>\t"
		"<root@example.invalid>\t327\t2\t"
		"Xref: news.example com.example:2\r\n");
}

/* The same commit twice changes nothing at all. */
static void test_twice(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_commit commit =
		commit_of(fixture, &source, story_of(fixture, "Title"), ids, 3);
	struct nw_commit_result first, again;
	char *dump;

	fixture_commit(fixture, &commit, &first);
	assert_int_equal(first.stored, 3);
	assert_true(first.story_id > 0);
	dump = fixture_dump(fixture);
	fixture_commit(fixture, &commit, &again);
	assert_int_equal(again.stored, 0);
	assert_int_equal(again.known, 3);
	assert_int_equal(again.story_id, first.story_id);
	assert_string_equal(fixture_dump(fixture), dump);
	commit.story_id = first.story_id;
	fixture_commit(fixture, &commit, &again);
	assert_string_equal(fixture_dump(fixture), dump);
}

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

/* A second source finds the story: its group gets all that is there, and from
 * then on both get what comes. */
static void test_second_source(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source a = fixture_source(fixture, "com.example.a");
	struct nw_source b = fixture_source(fixture, "com.example.b");
	struct nw_commit commit;
	struct nw_commit_result result;
	const char *cancel = ID(2);

	(void)fixture_post(fixture, &b, ids + 4, 1);
	commit = commit_of(fixture, &a, story_of(fixture, "Title"), ids, 3);
	commit.cancels = &cancel;
	commit.cancel_count = 1;
	fixture_commit(fixture, &commit, &result);
	commit = commit_of(fixture, &b, NULL, NULL, 0);
	commit.story_id = result.story_id;
	fixture_commit(fixture, &commit, &result);
	assert_int_equal(result.stored, 2);
	check_group(fixture, "com.example.a", 1, 3, 2);
	check_group(fixture, "com.example.b", 1, 3, 3);
	check_xref(fixture, ID(3),
		   "Xref: news.example com.example.a:3 com.example.b:3");
	assert_non_null(strstr(fixture_text(fixture, ID(3)),
			       "\r\n..A line that begins with a dot.\r\n"
			       ".\r\n"));
	assert_non_null(strstr(fixture_overview(fixture, "com.example.a"),
			       "com.example.a:3 com.example.b:3\r\n"));
	assert_non_null(strstr(fixture_overview(fixture, "com.example.b"),
			       "com.example.a:3 com.example.b:3\r\n"));
	/* An update that A finds. */
	commit = commit_of(fixture, &a, NULL, ids + 3, 1);
	commit.story_id = result.story_id;
	fixture_commit(fixture, &commit, &result);
	assert_int_equal(result.stored, 1);
	check_xref(fixture, ID(4),
		   "Xref: news.example com.example.a:4 com.example.b:4");
	/* Without its source, B stays as it is. */
	fixture_expect(fixture, 0,
		       nw_source_remove(fixture->store, b.id, &fixture->err));
	commit = commit_of(fixture, &a, NULL,
			   &(const char *const){ ID(6) }, 1);
	commit.story_id = result.story_id;
	fixture_commit(fixture, &commit, &result);
	check_group(fixture, "com.example.a", 1, 5, 4);
	check_group(fixture, "com.example.b", 1, 4, 4);
}

/* The article comes again with a group where it has no number yet. */
static void test_known_article_joins(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source a = fixture_source(fixture, "com.example.a");
	struct nw_source b = fixture_source(fixture, "com.example.b");
	struct nw_commit_result result;

	(void)fixture_post(fixture, &b, ids + 1, 1);
	(void)fixture_post(fixture, &a, ids, 1);
	result = fixture_post(fixture, &b, ids, 1);
	assert_int_equal(result.stored, 1);
	assert_int_equal(result.known, 1);
	check_xref(fixture, ID(1),
		   "Xref: news.example com.example.a:1 com.example.b:2");
	result = fixture_post(fixture, &b, ids, 1);
	assert_int_equal(result.stored, 0);
	assert_int_equal(result.known, 1);
	assert_string_equal(fixture_sql(fixture,
					"SELECT count(*) FROM articles"),
			    "2");
}

static void test_item(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_source other = fixture_source(fixture, "com.example.other");
	struct nw_commit commit = commit_of(fixture, &source, NULL, NULL, 0);
	struct nw_commit_result result;
	struct nw_stored_item item;

	fixture_expect(fixture, 0,
		       nw_store_item(fixture->store, fixture->arena, source.id,
				     "item", &item, &fixture->err));
	fixture_commit(fixture, &commit, &result);
	assert_int_equal(result.story_id, 0);
	fixture_expect(fixture, 1,
		       nw_store_item(fixture->store, fixture->arena, source.id,
				     "item", &item, &fixture->err));
	assert_string_equal(item.hash, "hash");
	assert_null(item.page_etag);
	assert_null(item.page_last_modified);
	assert_true(item.read_utc == commit.now_utc);
	commit.item_hash = "another";
	commit.page_etag = "\"1\"";
	commit.page_last_modified = "Sat, 26 Jul 2025 10:15:00 GMT";
	fixture_commit(fixture, &commit, &result);
	fixture_expect(fixture, 1,
		       nw_store_item(fixture->store, fixture->arena, source.id,
				     "item", &item, &fixture->err));
	assert_string_equal(item.hash, "another");
	assert_string_equal(item.page_etag, "\"1\"");
	assert_string_equal(item.page_last_modified, commit.page_last_modified);
	fixture_expect(fixture, 0,
		       nw_store_item(fixture->store, fixture->arena, other.id,
				     "item", &item, &fixture->err));
	fixture_expect(fixture, 0,
		       nw_source_remove(fixture->store, source.id,
					&fixture->err));
	fixture_expect(fixture, 0,
		       nw_store_item(fixture->store, fixture->arena, source.id,
				     "item", &item, &fixture->err));
}

/* Whatever is wrong with a commit, nothing of it is stored, no number is used
 * up, and the next one succeeds. */
static void test_all_or_nothing(void **state)
{
	static const int64_t no_group = 4711;
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_commit good = commit_of(
		fixture, &source, story_of(fixture, "Title"), ids, 3);
	struct nw_commit bad[7];
	enum nw_error_code codes[COUNT(bad)] = {
		NW_ERROR_DATA,	   NW_ERROR_MISSING,  NW_ERROR_MISSING,
		NW_ERROR_MISSING,  NW_ERROR_INTERNAL, NW_ERROR_INTERNAL,
		NW_ERROR_INTERNAL,
	};
	struct nw_commit_article broken[3];
	struct nw_commit_result result = { .story_id = -7 };
	char *dump = fixture_dump(fixture);
	size_t i;

	good.path_host = "news.example";
	good.now_utc = FIXTURE_NOW;
	memcpy(broken, good.articles, sizeof(broken));
	broken[2].bytes = "Subject: a\0b\r\n\r\n";
	broken[2].len = 16;
	for (i = 0; i < COUNT(bad); i++)
		bad[i] = good;
	bad[0].articles = broken;
	bad[1].source_id = 4711;
	bad[2].story_id = 4711;
	bad[3].group_ids = &no_group;
	bad[4].group_count = 0;
	bad[5].item_hash = NULL;
	bad[6].key_count = 0;
	for (i = 0; i < COUNT(bad); i++) {
		fixture_failed(fixture,
			       nw_store_commit(fixture->store, &bad[i],
					       &result, &fixture->err),
			       codes[i], "");
		assert_string_equal(fixture_dump(fixture), dump);
		assert_int_equal(result.story_id, -7);
	}
	fixture_expect(fixture, 0,
		       nw_store_commit(fixture->store, &good, &result,
				       &fixture->err));
	check_group(fixture, "com.example", 1, 3, 3);
}

/* RFC 3977 section 6: numbers end at 2,147,483,647. */
static void test_last_number(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_commit commit = commit_of(fixture, &source, NULL, ids, 2);
	struct nw_commit_result result;
	char *dump;

	(void)fixture_sql(fixture, "UPDATE groups SET high = 2147483646, "
				   "low = 2147483647");
	dump = fixture_dump(fixture);
	commit.path_host = "news.example";
	fixture_failed(fixture,
		       nw_store_commit(fixture->store, &commit, &result,
				       &fixture->err),
		       NW_ERROR_REFUSED, "com.example");
	assert_string_equal(fixture_dump(fixture), dump);
	commit.article_count = 1;
	fixture_expect(fixture, 0,
		       nw_store_commit(fixture->store, &commit, &result,
				       &fixture->err));
	assert_string_equal(fixture_numbers(fixture, "com.example"),
			    "2147483647\r\n");
	check_xref(fixture, ID(1), "Xref: news.example com.example:2147483647");
}

/* A group whose source went and came back goes on with its numbers. */
static void test_numbers_after_return(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_source again;

	(void)fixture_post(fixture, &source, ids, 2);
	fixture_expect(fixture, 0,
		       nw_source_remove(fixture->store, source.id,
					&fixture->err));
	assert_non_null(fixture_text(fixture, ID(1)));
	again = fixture_source(fixture, "com.example");
	assert_int_equal(again.group_id, source.group_id);
	assert_true(again.id > source.id);
	(void)fixture_post(fixture, &again, ids, 3);
	assert_string_equal(fixture_numbers(fixture, "com.example"),
			    "1\r\n2\r\n3\r\n");
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_article),
		CASE(test_twice),
		CASE(test_story),
		CASE(test_story_lost_race),
		CASE(test_story_keys_stay),
		CASE(test_supersede),
		CASE(test_supersede_in_all_groups),
		CASE(test_cancel),
		CASE(test_second_source),
		CASE(test_known_article_joins),
		CASE(test_item),
		CASE(test_all_or_nothing),
		CASE(test_last_number),
		CASE(test_numbers_after_return),
	};

	return cmocka_run_group_tests_name("commit", tests, NULL, NULL);
}
