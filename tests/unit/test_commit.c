/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one commit does: articles and their numbers, items; and that it does
 * all or nothing.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "commit_fixture.h"

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

/* What a reader posts under the Message-ID of an article that is there, or was,
 * does not so much as put that one into another group. */
static void test_strange(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source a = fixture_source(fixture, "com.example.a");
	struct nw_source b = fixture_source(fixture, "com.example.b");
	struct nw_commit commit;
	struct nw_commit_result result;
	const char *cancel = ID(2);
	char *dump;

	commit = commit_of(fixture, &a, NULL, ids, 2);
	commit.cancels = &cancel;
	commit.cancel_count = 1;
	fixture_commit(fixture, &commit, &result);
	dump = fixture_dump(fixture);
	commit = commit_of(fixture, &b, NULL, ids, 2);
	commit.source_id = 0;
	commit.item_key = NULL;
	commit.strange = true;
	fixture_commit(fixture, &commit, &result);
	assert_int_equal(result.stored, 0);
	assert_int_equal(result.known, 2);
	assert_string_equal(fixture_dump(fixture), dump);
	commit = commit_of(fixture, &b, NULL, ids + 2, 1);
	commit.strange = true;
	fixture_commit(fixture, &commit, &result);
	assert_int_equal(result.stored, 1);
	check_group(fixture, "com.example.b", 1, 1, 1);
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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_article),
		CASE(test_twice),
		CASE(test_strange),
		CASE(test_second_source),
		CASE(test_known_article_joins),
		CASE(test_item),
		CASE(test_all_or_nothing),
		CASE(test_last_number),
		CASE(test_numbers_after_return),
	};

	return cmocka_run_group_tests_name("commit", tests, NULL, NULL);
}
