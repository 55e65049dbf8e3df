/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Deliveries that stop half-way or fail: nothing is lost, nothing comes twice.
 */
#include "config.h"

#include "unit.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "deliver_fixture.h"
#include "newswire/delivery.h"
#include "newswire/limits.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_batches),
		CASE(test_in_doubt),
		CASE(test_failure),
		CASE(test_failure_of_all),
		CASE(test_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
