/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "store_fixture.h"

#define ID(n) "<" #n "@example.invalid>"
#define ROOM (1u << 20)
#define MANY 300

static const char *const first[] = { ID(1), ID(2) };
static const char *const second[] = { ID(3), ID(4) };
static const char *const third[] = { ID(5) };

/* What a test wants: one group, or all; and how often it was asked. */
struct choice {
	const char *group;
	unsigned asked;
};

static bool is_chosen(void *context, const char *group)
{
	struct choice *choice = context;

	choice->asked++;
	return !choice->group || !strcmp(choice->group, group);
}

/* All of the news since a time, in pieces of that size; counts them. */
static char *news(struct fixture *fixture, const char *group,
		  int64_t since_utc, size_t piece, unsigned *pieces_r)
{
	struct choice choice = { .group = group };
	struct nw_news news = { .since_utc = since_utc,
				.wanted = is_chosen,
				.context = &choice };
	struct nw_buf out;
	char *text;
	int more;

	*pieces_r = 0;
	nw_buf_init(&out, ROOM);
	do {
		more = nw_group_news(fixture->store, &news, piece, &out,
				     &fixture->err);
		(*pieces_r)++;
	} while (more > 0);
	assert_int_equal(more, 0);
	text = nw_arena_strndup(fixture->arena, out.data, out.len);
	nw_buf_free(&out);
	return text;
}

static void expect(struct fixture *fixture, const char *group,
		   int64_t since_utc, const char *wanted)
{
	static const size_t pieces[] = { 1, 20, 64, 4096 };
	unsigned count;
	size_t i;

	for (i = 0; i < COUNT(pieces); i++)
		assert_string_equal(news(fixture, group, since_utc, pieces[i],
					 &count),
				    wanted);
}

/* An article that is in both groups, as one commit puts it there. */
static void post_to_both(struct fixture *fixture, const struct nw_source *a,
			 const struct nw_source *b, const char *message_id)
{
	const int64_t group_ids[] = { a->group_id, b->group_id };
	struct nw_commit_article article =
		fixture_article(fixture, message_id, NULL);
	struct nw_commit commit = { .source_id = a->id,
				    .group_ids = group_ids,
				    .group_count = COUNT(group_ids),
				    .articles = &article,
				    .article_count = 1 };
	struct nw_commit_result result;

	fixture_commit(fixture, &commit, &result);
	assert_int_equal(result.stored, 1);
}

static void test_since(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source a = fixture_source(fixture, "com.a");
	struct nw_source b = fixture_source(fixture, "com.b");
	const int64_t now = fixture->now_utc;
	const char *const cancels[] = { ID(2) };
	struct nw_commit commit = { .source_id = a.id,
				    .cancels = cancels,
				    .cancel_count = 1 };
	struct nw_commit_result result;

	expect(fixture, NULL, 0, "");
	(void)fixture_post(fixture, &a, first, COUNT(first));
	fixture->now_utc = now + 1;
	(void)fixture_post(fixture, &b, second, COUNT(second));
	fixture->now_utc = now + 2;
	(void)fixture_post(fixture, &a, third, COUNT(third));
	post_to_both(fixture, &a, &b, ID(6));

	/* Once, whatever the number of its groups. */
	expect(fixture, NULL, 0,
	       ID(1) "\r\n" ID(2) "\r\n" ID(3) "\r\n" ID(4) "\r\n" ID(5)
	       "\r\n" ID(6) "\r\n");
	expect(fixture, "com.a", INT64_MIN,
	       ID(1) "\r\n" ID(2) "\r\n" ID(5) "\r\n" ID(6) "\r\n");
	expect(fixture, "com.b", 0,
	       ID(3) "\r\n" ID(4) "\r\n" ID(6) "\r\n");
	expect(fixture, "com.c", 0, "");
	/* The second itself, and the one behind it. */
	expect(fixture, "com.b", now + 1,
	       ID(3) "\r\n" ID(4) "\r\n" ID(6) "\r\n");
	expect(fixture, "com.b", now + 2, ID(6) "\r\n");
	expect(fixture, NULL, now + 3, "");
	expect(fixture, NULL, INT64_MAX, "");
	/* What is gone is no news. */
	fixture_commit(fixture, &commit, &result);
	expect(fixture, "com.a", now, ID(1) "\r\n" ID(5) "\r\n" ID(6) "\r\n");
}

/* What is not wanted takes turns too. */
static void test_work(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source a = fixture_source(fixture, "com.a");
	const char *ids[MANY];
	unsigned pieces;
	size_t i;

	for (i = 0; i < MANY; i++)
		ids[i] = nw_arena_printf(fixture->arena, "<%zu@x.invalid>", i);
	(void)fixture_post(fixture, &a, ids, MANY);
	assert_string_equal(news(fixture, "com.c", 0, 640, &pieces), "");
	assert_in_range(pieces, MANY / 11, MANY / 9);
}

/* A group is asked about once in a piece, not once for each article. */
static void test_asked(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source a = fixture_source(fixture, "com.a");
	struct choice choice = { .group = NULL };
	struct nw_news news = { .wanted = is_chosen, .context = &choice };
	struct nw_buf out;

	(void)fixture_post(fixture, &a, first, COUNT(first));
	nw_buf_init(&out, ROOM);
	fixture_expect(fixture, 0,
		       nw_group_news(fixture->store, &news, ROOM, &out,
				     &fixture->err));
	assert_int_equal(choice.asked, 1);
	nw_buf_free(&out);
}

static void test_no_room(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source a = fixture_source(fixture, "com.a");
	struct choice choice = { .group = NULL };
	struct nw_news news = { .wanted = is_chosen, .context = &choice };
	struct nw_buf out;

	(void)fixture_post(fixture, &a, first, COUNT(first));
	nw_buf_init(&out, 4);
	fixture_failed(fixture,
		       nw_group_news(fixture->store, &news, ROOM, &out,
				     &fixture->err),
		       NW_ERROR_REFUSED, "does not fit");
	nw_buf_free(&out);
}

static bool stop_at_b(void *context, const struct nw_group *group)
{
	struct nw_buf *names = context;

	nw_buf_addf(names, "%s ", group->name);
	return strcmp(group->name, "com.b") != 0;
}

static void test_each(void **state)
{
	struct fixture *fixture = *state;
	struct nw_buf names;

	(void)fixture_source(fixture, "com.c");
	(void)fixture_source(fixture, "com.b");
	(void)fixture_source(fixture, "com.a");
	nw_buf_init(&names, ROOM);
	fixture_expect(fixture, 1,
		       nw_group_each(fixture->store, "", stop_at_b, &names,
				     &fixture->err));
	assert_string_equal(names.data, "com.a com.b ");
	fixture_expect(fixture, 0,
		       nw_group_each(fixture->store, "com.b", stop_at_b,
				     &names, &fixture->err));
	assert_string_equal(names.data, "com.a com.b com.c ");
	/* No statement is left open. */
	assert_string_equal(
		fixture_sql(fixture, "PRAGMA wal_checkpoint(TRUNCATE)"), "0");
	nw_buf_free(&names);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_since),   CASE(test_work), CASE(test_asked),
		CASE(test_no_room), CASE(test_each),
	};

	return cmocka_run_group_tests_name("news", tests, NULL, NULL);
}
