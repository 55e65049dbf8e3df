/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Blocks of overview lines: whatever was stored and taken away, a range is the
 * lines of its numbers, each of which is asked for alone.
 */
#include "config.h"

#include "unit.h"

#include <inttypes.h>
#include <string.h>

#include "store_fixture.h"

#define ROOM (1u << 20)
#define ARTICLES 100
#define BLOCK	 32

static char *read_range(struct fixture *fixture, int64_t group_id,
			int64_t first, int64_t last, size_t piece)
{
	struct nw_buf out;
	char *text;
	int more;

	nw_buf_init(&out, ROOM);
	do {
		more = nw_group_overview(fixture->store, group_id, &first,
					 last, piece, &out, &fixture->err);
		fixture_expect(fixture, more != 0, more);
	} while (more);
	text = nw_arena_strndup(fixture->arena, out.data, out.len);
	nw_buf_free(&out);
	return text;
}

/* The lines of the articles of a range, by their Message-IDs. */
static char *join(struct fixture *fixture, const bool *there, int64_t first,
		  int64_t last)
{
	struct nw_buf out, line;
	char *text, *id;
	int64_t n;

	nw_buf_init(&out, ROOM);
	nw_buf_init(&line, ROOM);
	for (n = first; n <= last; n++) {
		id = nw_arena_printf(fixture->arena, "<%" PRId64 "@a.invalid>",
				     n);
		nw_buf_reset(&line);
		fixture_expect(fixture, there[n] ? 1 : 0,
			       nw_group_overview_by_id(fixture->store, id,
						       &line, &fixture->err));
		if (there[n])
			nw_buf_addf(&out, "%" PRId64 "%s", n, line.data + 1);
	}
	text = nw_arena_strndup(fixture->arena, out.data, out.len);
	nw_buf_free(&line);
	nw_buf_free(&out);
	return text;
}

static void check(struct fixture *fixture, int64_t group_id, const bool *there)
{
	static const int64_t ends[] = { 1, 2, 31, 32, 33, 63, 64, 65, 99, 100 };
	static const size_t pieces[] = { 1, 1000, ROOM };
	size_t i, j, k;
	char *wanted;

	for (i = 0; i < COUNT(ends); i++)
		for (j = i; j < COUNT(ends); j++) {
			wanted = join(fixture, there, ends[i], ends[j]);
			for (k = 0; k < COUNT(pieces); k++)
				assert_string_equal(
					read_range(fixture, group_id, ends[i],
						   ends[j], pieces[k]),
					wanted);
		}
}

/* The numbers 1 to 100; two transactions, the second one begins inside of a
 * block. */
static struct nw_source fill(struct fixture *fixture, bool *there)
{
	struct nw_source source = fixture_source(fixture, "com.example");
	const char *ids[ARTICLES];
	size_t i;

	for (i = 0; i < ARTICLES; i++)
		ids[i] = nw_arena_printf(fixture->arena, "<%zu@a.invalid>",
					 i + 1);
	(void)fixture_post(fixture, &source, ids, 40);
	(void)fixture_post(fixture, &source, ids + 40, ARTICLES - 40);
	there[0] = false;
	for (i = 1; i <= ARTICLES; i++)
		there[i] = true;
	return source;
}

static void cancel(struct fixture *fixture, bool *there, int first, int last)
{
	const char *ids[ARTICLES];
	struct nw_commit commit = { .cancels = ids };
	struct nw_commit_result result;
	int n;

	for (n = first; n <= last; n++) {
		ids[commit.cancel_count++] = nw_arena_printf(
			fixture->arena, "<%d@a.invalid>", n);
		there[n] = false;
	}
	fixture_commit(fixture, &commit, &result);
}

static void test_blocks(void **state)
{
	struct fixture *fixture = *state;
	bool there[ARTICLES + 1];
	struct nw_source source = fill(fixture, there);

	check(fixture, source.group_id, there);
	/* The first and the last of a block, one inside, all of a block. */
	cancel(fixture, there, 1, 1);
	cancel(fixture, there, 31, 32);
	cancel(fixture, there, 50, 50);
	check(fixture, source.group_id, there);
	cancel(fixture, there, 60, ARTICLES);
	check(fixture, source.group_id, there);
	cancel(fixture, there, 2, 59);
	check(fixture, source.group_id, there);
	assert_string_equal(fixture_sql(fixture, "SELECT count(*) FROM "
						 "overviews"), "0");
}

/* A second group changes Xref in the lines of the first one. */
static void test_lines_change(void **state)
{
	struct fixture *fixture = *state;
	bool there[ARTICLES + 1];
	struct nw_source source = fill(fixture, there);
	struct nw_source other = fixture_source(fixture, "com.other");
	const char *const ids[] = { "<32@a.invalid>", "<33@a.invalid>",
				    "<100@a.invalid>" };
	char *text;

	assert_int_equal(fixture_post(fixture, &other, ids, 3).stored, 3);
	check(fixture, source.group_id, there);
	text = read_range(fixture, source.group_id, 32, 33, ROOM);
	assert_non_null(strstr(text, "com.example:32 com.other:1\r\n33\t"));
	assert_non_null(strstr(text, "com.example:33 com.other:2\r\n"));
	text = read_range(fixture, other.group_id, 1, 9, ROOM);
	assert_memory_equal(text, "1\t", 2);
	assert_non_null(strstr(text, "com.example:100 com.other:3\r\n"));
}

/* What a transaction that failed had under way is gone. */
static void test_undone(void **state)
{
	struct fixture *fixture = *state;
	bool there[ARTICLES + 1];
	struct nw_source source = fill(fixture, there);
	struct nw_commit_article articles[] = {
		fixture_article(fixture, "<101@a.invalid>", NULL),
		fixture_article(fixture, "<102@a.invalid>", NULL),
	};
	struct nw_commit commit = { .group_ids = &source.group_id,
				    .group_count = 1,
				    .articles = articles,
				    .article_count = 2,
				    .path_host = "news.example",
				    .now_utc = FIXTURE_NOW };
	struct nw_commit_result result;
	char *before = fixture_dump(fixture);

	articles[1].bytes = "Subject: a\0b\r\n\r\n";
	articles[1].len = 16;
	fixture_failed(fixture,
		       nw_store_commit(fixture->store, &commit, &result,
				       &fixture->err),
		       NW_ERROR_DATA, "102");
	assert_string_equal(fixture_dump(fixture), before);
	cancel(fixture, there, 99, 99);
	check(fixture, source.group_id, there);
}

static void test_damaged(void **state)
{
	static const char *const damages[] = { "''", "'1'", "'x'",
					       "char(10)", "'a'||char(9,10)" };
	struct fixture *fixture = *state;
	bool there[ARTICLES + 1];
	struct nw_source source = fill(fixture, there);
	int64_t first;
	struct nw_buf out;
	size_t i;

	nw_buf_init(&out, ROOM);
	for (i = 0; i < COUNT(damages); i++) {
		(void)fixture_sql(fixture, nw_arena_printf(fixture->arena,
			"UPDATE overviews SET lines = CAST(%s AS BLOB)",
			damages[i]));
		first = 2;
		fixture_failed(fixture,
			       nw_group_overview(fixture->store,
						 source.group_id, &first, 9,
						 ROOM, &out, &fixture->err),
			       NW_ERROR_DAMAGED, "damaged");
		fixture_failed(fixture,
			       nw_group_overview_by_id(fixture->store,
						       "<2@a.invalid>", &out,
						       &fixture->err),
			       NW_ERROR_DAMAGED, "damaged");
	}
	nw_buf_free(&out);
}

static const char *const back_to_9[] = { FIXTURE_BACK_TO_9,
					 "DROP INDEX articles_news",
					 "CREATE INDEX articles_stored"
					 "	ON articles(stored_utc)",
					 "PRAGMA user_version = 9" };

static void test_migrated(void **state)
{
	struct fixture *fixture = *state;
	bool there[ARTICLES + 1];
	struct nw_source source = fill(fixture, there);
	char *before;
	size_t i;

	cancel(fixture, there, 30, 34);
	cancel(fixture, there, 64, 96);
	before = fixture_dump(fixture);
	nw_store_close(&fixture->store);
	for (i = 0; i < COUNT(back_to_9); i++)
		(void)fixture_sql(fixture, back_to_9[i]);
	fixture->store = fixture_open(fixture, NW_STORE_WRITE);
	assert_string_equal(fixture_dump(fixture), before);
	check(fixture, source.group_id, there);
}

/* Before format 10 the id of an article said nothing of its number. */
static void test_older_article(void **state)
{
	static const char *const back[] = {
		"UPDATE articles SET id = id & 0xffffffff",
		"UPDATE numbers SET article_id = article_id & 0xffffffff",
		"UPDATE message_ids SET article_id = article_id & 0xffffffff",
	};
	static const char *const ids[] = { "<1@a.invalid>", "<2@a.invalid>",
					   "<3@a.invalid>" };
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_stored_article article;
	size_t i;

	(void)fixture_post(fixture, &source, ids, 2);
	for (i = 0; i < COUNT(back); i++)
		(void)fixture_sql(fixture, back[i]);
	(void)fixture_post(fixture, &source, ids + 2, 1);
	for (i = 0; i < 3; i++) {
		fixture_expect(fixture, 1,
			       nw_group_article(fixture->store,
						source.group_id,
						(int64_t)i + 1, &article,
						&fixture->err));
		assert_string_equal(article.message_id, ids[i]);
		assert_non_null(fixture_text(fixture, ids[i]));
	}
}

/* A header that is in no overview is looked for in each article, which counts
 * in a piece though there is nothing to be said. */
static void test_looks(void **state)
{
	static const char *const ids[] = { "<1@a.invalid>", "<2@a.invalid>",
					   "<3@a.invalid>" };
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.a");
	struct nw_buf out;
	int64_t next = 1;

	(void)fixture_post(fixture, &source, ids, COUNT(ids));
	nw_buf_init(&out, ROOM);
	fixture_expect(fixture, 1,
		       nw_group_header(fixture->store, source.group_id, "X-No",
				       &next, 3, 100, &out, &fixture->err));
	assert_string_equal(out.data, "1 \r\n2 \r\n");
	fixture_expect(fixture, 0,
		       nw_group_header(fixture->store, source.group_id, "X-No",
				       &next, 3, 100, &out, &fixture->err));
	assert_string_equal(out.data, "1 \r\n2 \r\n3 \r\n");
	nw_buf_free(&out);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_blocks),  CASE(test_lines_change), CASE(test_undone),
		CASE(test_damaged), CASE(test_migrated),
		CASE(test_older_article), CASE(test_looks),
	};

	return cmocka_run_group_tests_name("overview", tests, NULL, NULL);
}
