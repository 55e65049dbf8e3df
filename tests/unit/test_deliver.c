/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of the store goes to which mailbox.  Maildirs and MH folders are used
 * where it matters which messages are there, for they show it by names.
 */
#include "config.h"

#include "unit.h"

#include <string.h>
#include <unistd.h>

#include "deliver_fixture.h"

static void revise(struct world *world, const struct nw_source *source,
		   const char *old, const char *new)
{
	struct nw_commit_article article =
		fixture_article(world->store, new, old);
	struct nw_commit commit = { .source_id = source->id,
				    .group_ids = &source->group_id,
				    .group_count = 1,
				    .articles = &article,
				    .article_count = 1 };
	struct nw_commit_result result;

	article.bytes = nw_arena_printf(world->store->arena,
					"Supersedes: %s\r\n%s", old,
					article.bytes);
	article.len = strlen(article.bytes);
	fixture_commit(world->store, &commit, &result);
}

static void cancel(struct world *world, const char *message_id)
{
	struct nw_commit commit = { .cancels = &message_id,
				    .cancel_count = 1 };
	struct nw_commit_result result;

	fixture_commit(world->store, &commit, &result);
}

static void test_all(void **state)
{
	struct world *world = *state;
	struct nw_source a = fixture_source(world->store, "com.a");
	struct nw_source b = fixture_source(world->store, "org.b");
	const char *numbered[] = { "<1@x>", "<2@x>", "<3@x>" };

	(void)fixture_post(world->store, &b, numbered, 3);
	post(world, &a, "<4@x>");
	target(world, "mbox", "all");
	assert_int_equal(waiting(world), 4);
	deliver(world, 4, 0);
	assert_int_equal(world->result.groups, 2);
	assert_int_equal(waiting(world), 0);
	deliver(world, 0, 0);
	assert_string_equal(ids(world, "all"), "<4@x><1@x><2@x><3@x>");
	post(world, &b, "<5@x>");
	deliver(world, 1, 0);
	assert_string_equal(ids(world, "all"), "<4@x><1@x><2@x><3@x><5@x>");
}

static void test_groups(void **state)
{
	static const char *const wanted[] = { "com.*,!com.c", "org.b" };
	struct world *world = *state;
	struct nw_source sources[] = {
		fixture_source(world->store, "com.a"),
		fixture_source(world->store, "com.c"),
		fixture_source(world->store, "org.b"),
		fixture_source(world->store, "org.d"),
	};
	size_t i;

	for (i = 0; i < COUNT(sources); i++)
		post(world, &sources[i],
		     nw_arena_printf(world->store->arena, "<%zu@x>", i));
	target(world, "mbox", "{group}");
	world->job.groups = wanted;
	world->job.group_count = 2;
	assert_int_equal(waiting(world), 2);
	deliver(world, 2, 0);
	assert_int_equal(world->result.groups, 2);
	assert_string_equal(mailbox_list(world->boxes, ""), "com.a\norg.b\n");
	world->job.group_count = 0;
	deliver(world, 2, 0);
	assert_string_equal(mailbox_list(world->boxes, ""),
			    "com.a\ncom.c\norg.b\norg.d\n");
}

/* A group whose source was removed, numbers that are gone, a group without an
 * article. */
static void test_gone(void **state)
{
	struct world *world = *state;
	struct nw_source a = fixture_source(world->store, "com.a");
	const char *numbered[] = { "<1@x>", "<2@x>", "<3@x>", "<4@x>" };
	uint64_t expired;

	(void)fixture_source(world->store, "com.empty");
	(void)fixture_post(world->store, &a, numbered, 2);
	target(world, "mbox", "box");
	deliver(world, 2, 0);
	(void)fixture_post(world->store, &a, numbered + 2, 2);
	cancel(world, "<1@x>");
	cancel(world, "<3@x>");
	fixture_expect(world->store, 0,
		       nw_source_remove(world->store->store, a.id,
					&world->store->err));
	deliver(world, 1, 0);
	assert_string_equal(ids(world, "box"), "<1@x><2@x><4@x>");
	fixture_expect(world->store, 0,
		       nw_store_expire(world->store->store, 1, 0,
				       FIXTURE_NOW + 1000, &expired,
				       &world->store->err));
	assert_int_equal(expired, 2);
	deliver(world, 0, 0);
}

/* In two groups: once in a mailbox for all, in both where each has one. */
static void test_two_groups(void **state)
{
	struct world *world = *state;
	struct nw_source a = fixture_source(world->store, "com.a");
	struct nw_source b = fixture_source(world->store, "org.b");

	post(world, &a, "<1@x>");
	post(world, &b, "<1@x>");
	post(world, &b, "<2@x>");
	target(world, "mbox", "all");
	deliver(world, 2, 0);
	assert_string_equal(ids(world, "all"), "<1@x><2@x>");
	/* One that comes to a second group later. */
	post(world, &a, "<2@x>");
	deliver(world, 0, 0);
	assert_string_equal(ids(world, "all"), "<1@x><2@x>");
	target(world, "mbox", "one.{group}");
	deliver(world, 4, 0);
	assert_string_equal(ids(world, "one.com.a"), "<1@x><2@x>");
	assert_string_equal(ids(world, "one.org.b"), "<1@x><2@x>");
}

/* It has left the group by which it came before it is looked at in another. */
static void test_left_group(void **state)
{
	struct world *world = *state;
	struct nw_source b = fixture_source(world->store, "org.b");
	struct nw_source a = fixture_source(world->store, "com.a");
	const char *numbered[] = { "<1@x>", "<2@x>" };
	uint64_t expired;

	(void)fixture_post(world->store, &b, numbered, 2);
	target(world, "mbox", "all");
	deliver(world, 2, 0);
	post(world, &a, "<1@x>");
	fixture_expect(world->store, 0,
		       nw_store_expire(world->store->store, 0, 1,
				       FIXTURE_NOW, &expired,
				       &world->store->err));
	assert_int_equal(fixture_group(world->store, "org.b").low, 2);
	assert_int_equal(waiting(world), 1);
	deliver(world, 0, 0);
	assert_string_equal(ids(world, "all"), "<1@x><2@x>");
}

static void test_replace(void **state)
{
	struct world *world = *state;
	struct nw_source a = fixture_source(world->store, "com.a");
	struct mailbox_fixture *boxes = world->boxes;

	post(world, &a, "<1@x>");
	post(world, &a, "<other@x>");
	target(world, "mh", "d");
	deliver(world, 2, 0);
	revise(world, &a, "<1@x>", "<2@x>");
	deliver(world, 0, 1);
	assert_string_equal(ids(world, "d/1"), "<2@x>");
	/* Two revisions later, the one between them never came. */
	revise(world, &a, "<2@x>", "<3@x>");
	revise(world, &a, "<3@x>", "<4@x>");
	deliver(world, 0, 1);
	assert_string_equal(ids(world, "d/1"), "<4@x>");
	assert_string_equal(mailbox_list(boxes, "d"),
			    ".mh_sequences\n1\n2\n");
	/* One whose earlier revisions a reader has deleted is new. */
	assert_int_equal(unlink(mailbox_path(boxes, "d/1")), 0);
	revise(world, &a, "<4@x>", "<5@x>");
	deliver(world, 1, 0);
	assert_string_equal(ids(world, "d/3"), "<5@x>");
	/* And one that was revised before anything came. */
	post(world, &a, "<6@x>");
	revise(world, &a, "<6@x>", "<7@x>");
	deliver(world, 1, 0);
	assert_string_equal(ids(world, "d/4"), "<7@x>");
}

static void test_append(void **state)
{
	struct world *world = *state;
	struct nw_source a = fixture_source(world->store, "com.a");

	post(world, &a, "<1@x>");
	target(world, "mh", "d");
	world->job.edits = NW_DELIVER_APPEND;
	deliver(world, 1, 0);
	revise(world, &a, "<1@x>", "<2@x>");
	deliver(world, 1, 0);
	assert_string_equal(ids(world, "d/1"), "<1@x>");
	assert_string_equal(ids(world, "d/2"), "<2@x>");
	assert_non_null(strstr(mailbox_read(world->boxes, "d/2"),
			       "Supersedes: <1@x>\n"));
	/* A kind of mailbox that cannot replace. */
	target(world, "mbox", "box");
	world->job.edits = NW_DELIVER_REPLACE;
	deliver(world, 1, 0);
	revise(world, &a, "<2@x>", "<3@x>");
	deliver(world, 1, 0);
	assert_string_equal(ids(world, "box"), "<2@x><3@x>");
}

/* The longest chain of revisions that is followed to the one that came. */
static void test_long_chain(void **state)
{
	struct world *world = *state;
	struct nw_source a = fixture_source(world->store, "com.a");
	const char *old = "<0@x>", *new;
	int i;

	target(world, "mh", "d");
	post(world, &a, old);
	deliver(world, 1, 0);
	for (i = 1; i <= NW_DELIVER_REVISIONS; i++, old = new) {
		new = nw_arena_printf(world->boxes->arena, "<%d@x>", i);
		revise(world, &a, old, new);
	}
	deliver(world, 0, 1);
	assert_string_equal(ids(world, "d/1"), old);
}

/* A chain of revisions that does not end is followed so far. */
static void test_endless_chain(void **state)
{
	struct world *world = *state;
	struct nw_source a = fixture_source(world->store, "com.a");

	target(world, "mh", "d");
	post(world, &a, "<other@x>");
	deliver(world, 1, 0);
	post(world, &a, "<1@x>");
	revise(world, &a, "<1@x>", "<2@x>");
	(void)fixture_sql(world->store, "UPDATE message_ids SET supersedes = "
					"'<2@x>' WHERE message_id = '<1@x>'");
	deliver(world, 1, 0);
	assert_string_equal(ids(world, "d/2"), "<2@x>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_all),
		CASE(test_groups),
		CASE(test_gone),
		CASE(test_two_groups),
		CASE(test_left_group),
		CASE(test_replace),
		CASE(test_append),
		CASE(test_long_chain),
		CASE(test_endless_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
