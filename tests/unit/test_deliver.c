/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of the store goes to which mailbox.  Maildirs and MH folders are used
 * where it matters which messages are there, for they show it by names.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../gateway/deliver/mailbox_private.h"
#include "mailbox_fixture.h"
#include "newswire/deliver.h"
#include "newswire/delivery.h"
#include "newswire/limits.h"
#include "store_fixture.h"

/* A store and a folder for mailboxes. */
struct world {
	struct fixture *store;
	struct mailbox_fixture *boxes;
	struct nw_deliver_job job;
	struct nw_deliver_result result;
	unsigned stop_after;	/* articles; 0: never */
	unsigned asked;
};

static int64_t now(void)
{
	return FIXTURE_NOW + 1000;
}

static bool stop(void *context)
{
	struct world *world = context;

	return world->stop_after && world->asked++ >= world->stop_after;
}

static int setup(void **state)
{
	struct world *world = calloc(1, sizeof(*world));
	void *part;

	assert_non_null(world);
	assert_int_equal(fixture_setup(&part), 0);
	world->store = part;
	assert_int_equal(mailbox_setup(&part), 0);
	world->boxes = part;
	*state = world;
	return 0;
}

static int teardown(void **state)
{
	struct world *world = *state;
	void *part = world->boxes;
	char dir[64];

	(void)mailbox_teardown(&part);
	memcpy(dir, world->store->dir, sizeof(dir));
	part = world->store;
	(void)fixture_teardown(&part);
	/* The lock stays beside the store. */
	mailbox_remove(dir);
	free(world);
	return 0;
}

static void target(struct world *world, const char *scheme, const char *path)
{
	struct mailbox_fixture *boxes = world->boxes;

	world->job.now = now;
	world->job.stop = stop;
	world->job.context = world;
	mailbox_expect(boxes, 0,
		       nw_target_parse(boxes->arena,
				       nw_arena_printf(boxes->arena, "%s:%s/%s",
						       scheme, boxes->dir,
						       path),
				       &world->job.target, &boxes->err));
}

static int try(struct world *world)
{
	world->asked = 0;
	return nw_deliver(world->store->store, &world->job, &world->result,
			  &world->boxes->err);
}

static void deliver(struct world *world, uint64_t appended, uint64_t replaced)
{
	mailbox_expect(world->boxes, 0, try(world));
	assert_int_equal(world->result.appended, appended);
	assert_int_equal(world->result.replaced, replaced);
}

static uint64_t waiting(struct world *world)
{
	uint64_t count;

	mailbox_expect(world->boxes, 0,
		       nw_deliver_waiting(world->store->store, &world->job,
					  &count, &world->boxes->err));
	return count;
}

static void post(struct world *world, const struct nw_source *source,
		 const char *message_id)
{
	(void)fixture_post(world->store, source, &message_id, 1);
}

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

/* The Message-IDs in an mbox or MH folder, in their order. */
static const char *ids(struct world *world, const char *path)
{
	struct mailbox_fixture *boxes = world->boxes;
	char *text = mailbox_read(boxes, path), *at;
	char *list = nw_arena_strdup(boxes->arena, "");

	for (at = text; at && (at = strstr(at, "\nMessage-ID: ")); at++)
		list = nw_arena_printf(boxes->arena, "%s%.*s", list,
				       (int)strcspn(at + 13, "\n"), at + 13);
	return list;
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

/* Batches have caps, and a run can be ended between two articles. */
static void test_batches(void **state)
{
	enum { ALL = 2 * NW_DELIVER_BATCH + 50 };
	struct world *world = *state;
	struct nw_source a = fixture_source(world->store, "com.a");
	const char *numbered[ALL];
	struct nw_buf all;
	size_t i;

	nw_buf_init(&all, 1 << 20);
	for (i = 0; i < ALL; i++) {
		numbered[i] = nw_arena_printf(world->store->arena, "<%zu@x>",
					      i);
		nw_buf_adds(&all, numbered[i]);
	}
	(void)fixture_post(world->store, &a, numbered, ALL);
	target(world, "mbox", "box");
	world->stop_after = NW_DELIVER_BATCH + 30;
	mailbox_expect(world->boxes, 0, try(world));
	assert_true(world->result.appended > NW_DELIVER_BATCH);
	assert_true(world->result.appended < ALL);
	assert_int_equal(waiting(world), ALL - world->result.appended);
	world->stop_after = 0;
	deliver(world, ALL - world->result.appended, 0);
	assert_string_equal(ids(world, "box"), all.data);
	nw_buf_free(&all);
}

/* What a batch left that was interrupted, and how the next run goes on. */
static void test_in_doubt(void **state)
{
	struct world *world = *state;
	struct nw_source a = fixture_source(world->store, "com.a");
	const char *numbered[] = { "<1@x>", "<2@x>", "<3@x>", "<4@x>" };
	struct nw_delivery_cursor cursor = { 1, 3, 0 };
	struct stat st;
	int64_t id;

	(void)fixture_post(world->store, &a, numbered, 1);
	target(world, "mbox", "box");
	deliver(world, 1, 0);
	assert_int_equal(stat(mailbox_path(world->boxes, "box"), &st), 0);
	cursor.mark = st.st_size;
	(void)fixture_post(world->store, &a, numbered + 1, 3);
	mailbox_open(world->boxes, "mbox", "box");
	mailbox_append(world->boxes, "<2@x>");
	mailbox_append(world->boxes, "<3@x>");
	mailbox_sync(world->boxes);
	assert_int_equal(stat(mailbox_path(world->boxes, "box"), &st), 0);
	assert_int_equal(truncate(mailbox_path(world->boxes, "box"),
				  st.st_size - 10), 0);
	fixture_expect(world->store, 0,
		       nw_delivery_target(world->store->store,
					  world->job.target.name, &id,
					  &world->store->err));
	fixture_expect(world->store, 0,
		       nw_delivery_begin(world->store->store, id, a.group_id,
					 &cursor, &world->store->err));
	deliver(world, 2, 0);
	assert_string_equal(ids(world, "box"), "<1@x><2@x><3@x><4@x>");
}

/* What cannot be written: the others are, nothing of it is marked, and the
 * store says what it was. */
static void test_failure(void **state)
{
	struct world *world = *state;
	struct nw_source a = fixture_source(world->store, "com.a");
	struct nw_source b = fixture_source(world->store, "org.b");
	struct nw_delivery delivery;

	post(world, &a, "<1@x>");
	post(world, &b, "<2@x>");
	target(world, "mbox", "{group}");
	assert_int_equal(mkdir(mailbox_path(world->boxes, "com.a"), 0700), 0);
	mailbox_failed(world->boxes, try(world), NW_ERROR_IO,
		       "/com.a: is a folder; name a file in it");
	assert_int_equal(world->result.appended, 1);
	assert_string_equal(ids(world, "org.b"), "<2@x>");
	assert_int_equal(waiting(world), 1);
	fixture_expect(world->store, 1,
		       nw_delivery_find(world->store->store,
					world->store->arena,
					world->job.target.name, &delivery,
					&world->store->err));
	assert_non_null(strstr(delivery.error, "is a folder"));
	assert_true(delivery.ok_utc == NW_TIME_NONE);
	assert_int_equal(rmdir(mailbox_path(world->boxes, "com.a")), 0);
	deliver(world, 1, 0);
	assert_string_equal(ids(world, "com.a"), "<1@x>");
	fixture_expect(world->store, 1,
		       nw_delivery_find(world->store->store,
					world->store->arena,
					world->job.target.name, &delivery,
					&world->store->err));
	assert_null(delivery.error);
	assert_true(delivery.ok_utc == FIXTURE_NOW + 1000);
}

/* A failed batch of a mailbox for all groups is settled before another group's
 * articles, of which one may be the same, come into it. */
static void test_failure_of_all(void **state)
{
	struct world *world = *state;
	struct nw_source a = fixture_source(world->store, "com.a");
	struct nw_source b = fixture_source(world->store, "org.b");
	struct nw_delivery_cursor cursor = { 0, 1, 0 };
	int64_t id;

	post(world, &a, "<1@x>");
	post(world, &b, "<1@x>");
	target(world, "mbox", "box");
	fixture_expect(world->store, 0,
		       nw_delivery_target(world->store->store,
					  world->job.target.name, &id,
					  &world->store->err));
	fixture_expect(world->store, 0,
		       nw_delivery_begin(world->store->store, id, b.group_id,
					 &cursor, &world->store->err));
	mailbox_open(world->boxes, "mbox", "box");
	mailbox_append(world->boxes, "<1@x>");
	mailbox_append(world->boxes, "<foreign@x>");
	mailbox_sync(world->boxes);
	deliver(world, 0, 0);
	assert_string_equal(ids(world, "box"), "<1@x>");
}

/* A server that refuses: where the number of the port says why, and where the
 * user counts how often it was asked. */
static int refuse(struct nw_mailbox *mailbox, struct nw_error *err)
{
	unsigned *asked = (unsigned *)(uintptr_t)mailbox->target->user;

	(*asked)++;
	return nw_error_set(err, (enum nw_error_code)mailbox->target->port,
			    "mail.example: refused");
}

static void test_server(void **state)
{
	static const struct nw_mailbox_driver driver = { .scheme = "test",
							 .open = refuse };
	static const struct {
		enum nw_error_code code;
		const char *path;
		unsigned asked;
	} cases[] = {
		{ NW_ERROR_NETWORK, "{group}", 1 },
		{ NW_ERROR_CONFIG, "{group}", 1 },
		{ NW_ERROR_REFUSED, "{group}", 1 },
		{ NW_ERROR_IO, "{group}", 3 },
		{ NW_ERROR_IO, "all", 1 },
	};
	struct world *world = *state;
	struct nw_source sources[] = {
		fixture_source(world->store, "com.a"),
		fixture_source(world->store, "com.b"),
		fixture_source(world->store, "org.c"),
	};
	unsigned asked;
	size_t i;

	for (i = 0; i < COUNT(sources); i++)
		post(world, &sources[i],
		     nw_arena_printf(world->store->arena, "<%zu@x>", i));
	for (i = 0; i < COUNT(cases); i++) {
		asked = 0;
		world->job.now = now;
		world->job.target = (struct nw_target){
			.name = cases[i].path,
			.path = cases[i].path,
			.driver = &driver,
			.user = (const char *)&asked,
			.port = cases[i].code,
		};
		mailbox_failed(world->boxes, try(world), cases[i].code,
			       "mail.example: refused");
		assert_int_equal(asked, cases[i].asked);
		assert_int_equal(waiting(world), 3);
	}
}

#define CASE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_all),		  CASE(test_groups),
		CASE(test_gone),	  CASE(test_two_groups),
		CASE(test_left_group),	  CASE(test_replace),
		CASE(test_append),	  CASE(test_endless_chain),
		CASE(test_batches),	  CASE(test_in_doubt),
		CASE(test_failure),	  CASE(test_failure_of_all),
		CASE(test_server),	  CASE(test_long_chain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
