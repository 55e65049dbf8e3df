/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_fixture.h"

#define ID(n) "<" #n "@example.invalid>"
#define ROOM (1u << 20)

static const char *const ids[] = { ID(1), ID(2), ID(3), ID(4),
				   ID(5), ID(6), ID(7) };

/* A group with the numbers 2, 3, 5 and 7. */
static struct nw_source gaps(struct fixture *fixture)
{
	static const char *const cancels[] = { ID(1), ID(4), ID(6) };
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_commit commit = { .source_id = source.id,
				    .cancels = cancels,
				    .cancel_count = COUNT(cancels) };
	struct nw_commit_result result;

	(void)fixture_post(fixture, &source, ids, COUNT(ids));
	fixture_commit(fixture, &commit, &result);
	return source;
}

/* Commits one article whose head and body are given. */
static void post_text(struct fixture *fixture, const struct nw_source *source,
		      const char *message_id, const char *bytes, size_t len)
{
	struct nw_commit_article article = { .message_id = message_id,
					     .bytes = bytes,
					     .len = len };
	struct nw_commit commit = { .source_id = source->id,
				    .group_ids = &source->group_id,
				    .group_count = 1,
				    .articles = &article,
				    .article_count = 1 };
	struct nw_commit_result result;

	fixture_commit(fixture, &commit, &result);
	assert_int_equal(result.stored, 1);
}

static void test_groups(void **state)
{
	static const char *const names[] = { "org.b", "com.a.b", "com.a",
					     "com.a-b", "net.z" };
	static const char *const sorted[] = { "com.a", "com.a-b", "com.a.b",
					      "net.z", "org.b" };
	struct fixture *fixture = *state;
	struct nw_group group = { .name = "" };
	size_t i;

	fixture_expect(fixture, 0,
		       nw_group_after(fixture->store, "", &group,
				      &fixture->err));
	for (i = 0; i < COUNT(names); i++)
		(void)fixture_source(fixture, names[i]);
	for (i = 0; i < COUNT(sorted); i++) {
		fixture_expect(fixture, 1,
			       nw_group_after(fixture->store, group.name,
					      &group, &fixture->err));
		assert_string_equal(group.name, sorted[i]);
	}
	fixture_expect(fixture, 0,
		       nw_group_after(fixture->store, group.name, &group,
				      &fixture->err));
	fixture_expect(fixture, 0,
		       nw_group_find(fixture->store, "com", &group,
				     &fixture->err));
	fixture_expect(fixture, 0,
		       nw_group_find(fixture->store, "COM.A", &group,
				     &fixture->err));
	group = fixture_group(fixture, "com.a-b");
	assert_string_equal(group.description, "News of com.a-b");
	assert_int_equal(group.created_utc, FIXTURE_NOW);
	assert_int_equal(group.low, 1);
	assert_int_equal(group.high, 0);
	assert_int_equal(group.count, 0);
}

static void test_article(void **state)
{
	static const struct {
		int64_t number;
		const char *message_id;
	} cases[] = {
		{ INT64_MIN, NULL },  { -1, NULL },    { 0, NULL },
		{ 1, NULL },	      { 2, ID(2) },    { 4, NULL },
		{ 7, ID(7) },	      { 8, NULL },     { 4294967298, NULL },
		{ INT64_MAX, NULL },
	};
	static const int64_t no_groups[] = { INT64_MIN, -1,	    0,
					     99,	4294967296, INT64_MAX };
	struct fixture *fixture = *state;
	struct nw_source source = gaps(fixture);
	struct nw_stored_article article;
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		fixture_expect(fixture, cases[i].message_id != NULL,
			       nw_group_article(fixture->store,
						source.group_id,
						cases[i].number, &article,
						&fixture->err));
		if (!cases[i].message_id)
			continue;
		assert_string_equal(article.message_id, cases[i].message_id);
		assert_int_equal(article.number, cases[i].number);
		assert_memory_equal(article.wire + article.wire_len - 3,
				    ".\r\n", 3);
	}
	for (i = 0; i < COUNT(no_groups); i++)
		fixture_expect(fixture, 0,
			       nw_group_article(fixture->store, no_groups[i],
						2, &article, &fixture->err));
	fixture_expect(fixture, 1,
		       nw_group_article_by_id(fixture->store, ID(5), &article,
					      &fixture->err));
	assert_int_equal(article.number, 0);
	fixture_expect(fixture, 0,
		       nw_group_article_by_id(fixture->store, ID(4), &article,
					      &fixture->err));
	fixture_expect(fixture, 0,
		       nw_group_article_by_id(fixture->store, "<5@example",
					      &article, &fixture->err));
}

/* An article of many pages, and a small one behind it. */
static void test_large_article(void **state)
{
	static const char head[] = "Subject: Large\r\nMessage-ID: " ID(1)
				   "\r\n\r\n";
	const size_t len = 3u << 20;
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_stored_article article;
	char *bytes = malloc(len);
	size_t i;

	assert_non_null(bytes);
	memcpy(bytes, head, sizeof(head) - 1);
	for (i = sizeof(head) - 1; i < len; i++)
		bytes[i] = i % 64 == 62 ? '\r' : i % 64 == 63 ? '\n' :
			   (char)('a' + i / 64 % 26);
	post_text(fixture, &source, ID(1), bytes, len);
	(void)fixture_post(fixture, &source, ids + 1, 1);
	for (i = 0; i < 2; i++) {
		fixture_expect(fixture, 1,
			       nw_group_article(fixture->store,
						source.group_id, 1, &article,
						&fixture->err));
		assert_true(article.wire_len > len);
		assert_memory_equal(article.wire + article.wire_len - 3 - 4096,
				    bytes + len - 4096, 4096);
		assert_string_equal(article.message_id, ID(1));
		fixture_expect(fixture, 1,
			       nw_group_article(fixture->store,
						source.group_id, 2, &article,
						&fixture->err));
		assert_string_equal(article.message_id, ID(2));
	}
	free(bytes);
}

static void test_stat(void **state)
{
	static const struct {
		int64_t number;
		enum nw_group_step step;
		int64_t found;	/* 0: nothing */
	} cases[] = {
		{ 2, NW_GROUP_AT, 2 },
		{ 4, NW_GROUP_AT, 0 },
		{ 0, NW_GROUP_AT, 0 },
		{ -5, NW_GROUP_AT, 0 },
		{ INT64_MAX, NW_GROUP_AT, 0 },
		{ INT64_MIN, NW_GROUP_NEXT, 2 },
		{ 0, NW_GROUP_NEXT, 2 },
		{ 1, NW_GROUP_NEXT, 2 },
		{ 2, NW_GROUP_NEXT, 3 },
		{ 3, NW_GROUP_NEXT, 5 },
		{ 6, NW_GROUP_NEXT, 7 },
		{ 7, NW_GROUP_NEXT, 0 },
		{ NW_NUMBER_MAX, NW_GROUP_NEXT, 0 },
		{ INT64_MAX, NW_GROUP_NEXT, 0 },
		{ INT64_MIN, NW_GROUP_LAST, 0 },
		{ 1, NW_GROUP_LAST, 0 },
		{ 2, NW_GROUP_LAST, 0 },
		{ 3, NW_GROUP_LAST, 2 },
		{ 5, NW_GROUP_LAST, 3 },
		{ 7, NW_GROUP_LAST, 5 },
		{ 8, NW_GROUP_LAST, 7 },
		{ INT64_MAX, NW_GROUP_LAST, 7 },
	};
	struct fixture *fixture = *state;
	struct nw_source source = gaps(fixture), next;
	const char *id;
	int64_t number;
	size_t i;

	/* A neighbour whose numbers must not be taken for this group's. */
	next = fixture_source(fixture, "com.next");
	(void)fixture_post(fixture, &next, (const char *[]){ ID(99) }, 1);
	for (i = 0; i < COUNT(cases); i++) {
		fixture_expect(fixture, cases[i].found != 0,
			       nw_group_stat(fixture->store, source.group_id,
					     cases[i].number, cases[i].step,
					     &number, &id, &fixture->err));
		if (!cases[i].found)
			continue;
		assert_int_equal(number, cases[i].found);
		assert_string_equal(id, ids[number - 1]);
	}
	fixture_expect(fixture, 0,
		       nw_group_stat(fixture->store, 99, 1, NW_GROUP_NEXT,
				     &number, &id, &fixture->err));
}

typedef int range_fn(struct nw_store *store, int64_t group_id, int64_t *next,
		     int64_t last, size_t piece, struct nw_buf *out,
		     struct nw_error *err);

/* Reads a range piece by piece into a buffer that holds no more than max
 * bytes, and joins the pieces. */
static char *pieces(struct fixture *fixture, const struct nw_source *source,
		    range_fn *read, size_t piece, size_t max)
{
	struct nw_buf out, all;
	int64_t next = INT64_MIN;
	char *text;
	int more;

	nw_buf_init(&out, max);
	nw_buf_init(&all, ROOM);
	do {
		const int64_t from = next;

		more = read(fixture->store, source->group_id, &next,
			    INT64_MAX, piece, &out, &fixture->err);
		fixture_expect(fixture, more != 0, more);
		assert_true(nw_buf_ok(&out));
		assert_true(!more || out.len);
		assert_true(next > from);
		nw_buf_add(&all, out.data, out.len);
		nw_buf_reset(&out);
	} while (more);
	assert_int_equal(next, (int64_t)NW_NUMBER_MAX + 1);
	text = nw_arena_strndup(fixture->arena, all.data, all.len);
	nw_buf_free(&all);
	nw_buf_free(&out);
	return text;
}

static int read_subjects(struct nw_store *store, int64_t group_id,
			 int64_t *next, int64_t last, size_t piece,
			 struct nw_buf *out, struct nw_error *err)
{
	return nw_group_header(store, group_id, "Subject", next, last, piece,
			       out, err);
}

static int read_newsgroups(struct nw_store *store, int64_t group_id,
			   int64_t *next, int64_t last, size_t piece,
			   struct nw_buf *out, struct nw_error *err)
{
	return nw_group_header(store, group_id, "Newsgroups", next, last,
			       piece, out, err);
}

static void test_pieces(void **state)
{
	static range_fn *const reads[] = { nw_group_overview,
					   nw_group_numbers, read_subjects,
					   read_newsgroups };
	static const size_t sizes[] = { 1, 10, 100, 400, ROOM };
	struct fixture *fixture = *state;
	struct nw_source source = gaps(fixture), next;
	size_t i, j;
	char *whole;

	next = fixture_source(fixture, "com.next");
	(void)fixture_post(fixture, &next, (const char *[]){ ID(99) }, 1);
	assert_string_equal(pieces(fixture, &source, nw_group_numbers, ROOM,
				   ROOM),
			    "2\r\n3\r\n5\r\n7\r\n");
	assert_string_equal(pieces(fixture, &source, read_newsgroups, ROOM,
				   ROOM),
			    "2 com.example\r\n3 com.example\r\n"
			    "5 com.example\r\n7 com.example\r\n");
	for (i = 0; i < COUNT(reads); i++) {
		whole = pieces(fixture, &source, reads[i], ROOM, ROOM);
		for (j = 0; j < COUNT(sizes); j++) {
			assert_string_equal(pieces(fixture, &source, reads[i],
						   sizes[j], ROOM),
					    whole);
			/* The buffer is smaller than the piece. */
			assert_string_equal(pieces(fixture, &source, reads[i],
						   ROOM, 200 + sizes[j]),
					    whole);
		}
	}
}

static void test_bounds(void **state)
{
	static const struct {
		int64_t next, last;
		const char *numbers;
	} cases[] = {
		{ 3, 5, "3\r\n5\r\n" },	 { 5, 3, "" },
		{ 4, 4, "" },		 { 7, 7, "7\r\n" },
		{ 8, INT64_MAX, "" },	 { INT64_MAX, INT64_MAX, "" },
		{ INT64_MIN, 0, "" },	 { INT64_MIN, 2, "2\r\n" },
		{ 4294967298, 4294967303, "" },
	};
	struct fixture *fixture = *state;
	struct nw_source source = gaps(fixture);
	struct nw_buf out;
	int64_t next;
	size_t i;

	nw_buf_init(&out, ROOM);
	for (i = 0; i < COUNT(cases); i++) {
		next = cases[i].next;
		nw_buf_reset(&out);
		fixture_expect(fixture, 0,
			       nw_group_numbers(fixture->store,
						source.group_id, &next,
						cases[i].last, 1000, &out,
						&fixture->err));
		assert_string_equal(out.data, cases[i].numbers);
	}
	next = 1;
	fixture_expect(fixture, 0,
		       nw_group_overview(fixture->store, 99, &next, 10, 1000,
					 &out, &fixture->err));
	nw_buf_free(&out);
}

/* A line that fits in no buffer is an error, not an endless loop. */
static void test_no_room(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = gaps(fixture);
	int64_t next = 1;
	struct nw_buf out;

	nw_buf_init(&out, 30);
	fixture_failed(fixture,
		       nw_group_overview(fixture->store, source.group_id,
					 &next, 10, 1000, &out, &fixture->err),
		       NW_ERROR_REFUSED, "30 bytes");
	fixture_failed(fixture,
		       nw_group_overview_by_id(fixture->store, ID(5), &out,
					       &fixture->err),
		       NW_ERROR_REFUSED, "30 bytes");
	assert_int_equal(out.len, 0);
	nw_buf_free(&out);
}

static void test_header(void **state)
{
	static const char text[] =
		"Path: a!b\r\nFrom: J =?UTF-8?Q?D=C3=B6?= <j@example>\r\n"
		"Newsgroups: com.example\r\nSubject: Long\r\n and\ttabbed\r\n"
		"Date: Sat, 26 Jul 2025 10:14:00 +0000\r\n"
		"Message-ID: " ID(2) "\r\nArchived-At:\r\n"
		" <https://example.com/>\r\nKeywords:\r\n\r\n.\r\nBody\r\n";
	static const struct {
		const char *name, *lines;
	} cases[] = {
		{ "Subject", "1 About " ID(1) "\r\n2 Long and tabbed\r\n" },
		{ "sUBJECT", "1 About " ID(1) "\r\n2 Long and tabbed\r\n" },
		{ "From", "1 Jane Doe <jane@example.invalid>\r\n"
			  "2 J =?UTF-8?Q?D=C3=B6?= <j@example>\r\n" },
		{ "Date", "1 Sat, 26 Jul 2025 10:14:00 +0000\r\n"
			  "2 Sat, 26 Jul 2025 10:14:00 +0000\r\n" },
		{ "Message-ID", "1 " ID(1) "\r\n2 " ID(2) "\r\n" },
		{ "References", "1 <root@example.invalid>\r\n2 \r\n" },
		{ ":bytes", "1 327\r\n2 272\r\n" },
		{ ":lines", "1 2\r\n2 2\r\n" },
		{ "Xref", "1 news.example com.example:1\r\n"
			  "2 news.example com.example:2\r\n" },
		{ "Archived-At", "1 \r\n2 <https://example.com/>\r\n" },
		{ "ARCHIVED-AT", "1 \r\n2 <https://example.com/>\r\n" },
		{ "Keywords", "1 \r\n2 \r\n" },
		{ "Bytes", "1 \r\n2 \r\n" },
		{ "Body", "1 \r\n2 \r\n" },
		{ "", "1 \r\n2 \r\n" },
	};
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_buf out;
	int64_t next;
	size_t i;

	(void)fixture_post(fixture, &source, ids, 1);
	post_text(fixture, &source, ID(2), text, sizeof(text) - 1);
	nw_buf_init(&out, ROOM);
	for (i = 0; i < COUNT(cases); i++) {
		next = 1;
		nw_buf_reset(&out);
		fixture_expect(fixture, 0,
			       nw_group_header(fixture->store,
					       source.group_id, cases[i].name,
					       &next, 10, ROOM, &out,
					       &fixture->err));
		assert_string_equal(out.data, cases[i].lines);
	}
	nw_buf_free(&out);
}

static void test_overview_by_id(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = gaps(fixture);
	struct nw_buf line, all;
	int64_t next = 5;

	nw_buf_init(&line, ROOM);
	nw_buf_init(&all, ROOM);
	fixture_expect(fixture, 1,
		       nw_group_overview_by_id(fixture->store, ID(5), &line,
					       &fixture->err));
	fixture_expect(fixture, 0,
		       nw_group_overview(fixture->store, source.group_id,
					 &next, 5, ROOM, &all, &fixture->err));
	assert_int_equal(line.data[0], '0');
	assert_int_equal(all.data[0], '5');
	assert_string_equal(line.data + 1, all.data + 1);
	fixture_expect(fixture, 0,
		       nw_group_overview_by_id(fixture->store, ID(4), &line,
					       &fixture->err));
	nw_buf_free(&all);
	nw_buf_free(&line);
}

/* After any call, and without read_end, nothing keeps the log from being
 * emptied: no statement is left open. */
static void test_nothing_held(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = gaps(fixture);
	struct nw_store *reader = fixture_open(fixture, NW_STORE_READ);
	struct nw_stored_article article;
	struct nw_group group;
	struct nw_buf out;
	int64_t number, next = 1;
	const char *id;

	nw_buf_init(&out, ROOM);
	fixture_expect(fixture, 1,
		       nw_group_after(reader, "", &group, &fixture->err));
	fixture_expect(fixture, 1,
		       nw_group_article(reader, source.group_id, 2, &article,
					&fixture->err));
	fixture_expect(fixture, 1,
		       nw_group_stat(reader, source.group_id, 2,
				     NW_GROUP_NEXT, &number, &id,
				     &fixture->err));
	fixture_expect(fixture, 1,
		       nw_group_overview(reader, source.group_id, &next, 10, 1,
					 &out, &fixture->err));
	fixture_expect(fixture, 1,
		       nw_group_header(reader, source.group_id, "Newsgroups",
				       &next, 10, 1, &out, &fixture->err));
	fixture_expect(fixture, 1,
		       nw_group_overview_by_id(reader, ID(5), &out,
					       &fixture->err));
	nw_buf_free(&out);
	assert_string_equal(
		fixture_sql(fixture, "PRAGMA wal_checkpoint(TRUNCATE)"), "0");
	nw_store_close(&reader);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_groups),	   CASE(test_article),
		CASE(test_large_article),  CASE(test_stat),
		CASE(test_pieces),	   CASE(test_bounds),
		CASE(test_no_room),	   CASE(test_header),
		CASE(test_overview_by_id), CASE(test_nothing_held),
	};

	return cmocka_run_group_tests_name("group", tests, NULL, NULL);
}
