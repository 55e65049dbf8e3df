/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the store knows of deliveries.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#include "newswire/delivery.h"
#include "store_fixture.h"

static const char *const ids[] = { "<1@x>", "<2@x>", "<3@x>", "<4@x>",
				   "<5@x>" };

static int64_t target(struct fixture *fixture, const char *name)
{
	int64_t id = 0;

	fixture_expect(fixture, 0,
		       nw_delivery_target(fixture->store, name, &id,
					  &fixture->err));
	return id;
}

static struct nw_delivery_cursor cursor(struct fixture *fixture, int64_t id,
					int64_t group_id)
{
	struct nw_delivery_cursor found = { -1, -1, -1 };

	fixture_expect(fixture, 0,
		       nw_delivery_cursor(fixture->store, id, group_id, &found,
					  &fixture->err));
	return found;
}

#define expect_cursor(fixture, id, group_id, a, b, c) \
	do { \
		const struct nw_delivery_cursor found = \
			cursor(fixture, id, group_id); \
		assert_int_equal(found.done, a); \
		assert_int_equal(found.batch, b); \
		assert_int_equal(found.mark, c); \
	} while (0)

static void test_cursor(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_source other = fixture_source(fixture, "org.example");
	int64_t id = target(fixture, "mbox:/a"), b = target(fixture, "mbox:/b");
	struct nw_delivery_cursor begun = { 0, 7, 1234 };

	assert_true(id != b);
	assert_int_equal(target(fixture, "mbox:/a"), id);
	expect_cursor(fixture, id, source.group_id, 0, 0, 0);
	fixture_expect(fixture, 0,
		       nw_delivery_begin(fixture->store, id, source.group_id,
					 &begun, &fixture->err));
	expect_cursor(fixture, id, source.group_id, 0, 7, 1234);
	expect_cursor(fixture, id, other.group_id, 0, 0, 0);
	expect_cursor(fixture, b, source.group_id, 0, 0, 0);
	fixture_expect(fixture, 0,
		       nw_delivery_end(fixture->store, id, source.group_id, 7,
				       &fixture->err));
	expect_cursor(fixture, id, source.group_id, 7, 0, 0);
	begun = (struct nw_delivery_cursor){ 7, 9, 99 };
	fixture_expect(fixture, 0,
		       nw_delivery_begin(fixture->store, id, source.group_id,
					 &begun, &fixture->err));
	expect_cursor(fixture, id, source.group_id, 7, 9, 99);
	/* It outlives the source. */
	fixture_expect(fixture, 0,
		       nw_source_remove(fixture->store, source.id,
					&fixture->err));
	expect_cursor(fixture, id, source.group_id, 7, 9, 99);
}

static void test_note(void **state)
{
	struct fixture *fixture = *state;
	int64_t id = target(fixture, "mbox:/b");
	struct nw_delivery *all, one;
	size_t count;

	(void)target(fixture, "mbox:/a");
	fixture_expect(fixture, 0,
		       nw_delivery_find(fixture->store, fixture->arena,
					"mbox:/c", &one, &fixture->err));
	fixture_expect(fixture, 0,
		       nw_delivery_note(fixture->store, id, NULL, 100,
					&fixture->err));
	fixture_expect(fixture, 0,
		       nw_delivery_note(fixture->store, id, "it is full", 200,
					&fixture->err));
	fixture_expect(fixture, 0,
		       nw_delivery_list(fixture->store, fixture->arena, &all,
					&count, &fixture->err));
	assert_int_equal(count, 2);
	assert_string_equal(all[0].name, "mbox:/a");
	assert_true(all[0].ok_utc == NW_TIME_NONE);
	assert_null(all[0].error);
	assert_int_equal(all[1].ok_utc, 100);
	assert_string_equal(all[1].error, "it is full");
	fixture_expect(fixture, 0,
		       nw_delivery_note(fixture->store, id, NULL, 300,
					&fixture->err));
	fixture_expect(fixture, 1,
		       nw_delivery_find(fixture->store, fixture->arena,
					"mbox:/b", &one, &fixture->err));
	assert_int_equal(one.id, id);
	assert_int_equal(one.ok_utc, 300);
	assert_null(one.error);
}

static void test_plan(void **state)
{
	static const struct {
		int64_t done, count_max, bytes_max, count, last;
	} cases[] = {
		{ 0, 10, 1 << 20, 4, 5 }, { 0, 2, 1 << 20, 2, 2 },
		{ 2, 2, 1 << 20, 2, 5 },  { 5, 10, 1 << 20, 0, 0 },
		{ 0, 10, 1, 1, 1 },	  { 3, 10, 1, 1, 4 },
		{ NW_NUMBER_MAX, 10, 1, 0, 0 },
	};
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	const char *gone[] = { "<3@x>" };
	struct nw_commit commit = { .group_ids = &source.group_id,
				    .group_count = 1,
				    .cancels = gone,
				    .cancel_count = 1 };
	struct nw_commit_result result;
	int64_t waiting;
	size_t i;

	(void)fixture_post(fixture, &source, ids, COUNT(ids));
	fixture_commit(fixture, &commit, &result);
	for (i = 0; i < COUNT(cases); i++) {
		struct nw_delivery_plan plan = {
			.count_max = cases[i].count_max,
			.bytes_max = cases[i].bytes_max,
		};

		fixture_expect(fixture, 0,
			       nw_delivery_plan(fixture->store, source.group_id,
						cases[i].done, &plan,
						&fixture->err));
		assert_int_equal(plan.count, cases[i].count);
		assert_int_equal(plan.last, cases[i].last);
	}
	fixture_expect(fixture, 0,
		       nw_delivery_waiting(fixture->store, source.group_id, 1,
					   &waiting, &fixture->err));
	assert_int_equal(waiting, 3);
	fixture_expect(fixture, 0,
		       nw_delivery_waiting(fixture->store, source.group_id, 5,
					   &waiting, &fixture->err));
	assert_int_equal(waiting, 0);
}

static void test_next(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	const char *gone[] = { "<3@x>" };
	struct nw_commit commit = { .group_ids = &source.group_id,
				    .group_count = 1,
				    .cancels = gone,
				    .cancel_count = 1 };
	struct nw_stored_article article;
	struct nw_commit_result result;
	int64_t date_utc = 0;

	(void)fixture_post(fixture, &source, ids, COUNT(ids));
	fixture_commit(fixture, &commit, &result);
	fixture_expect(fixture, 1,
		       nw_delivery_next(fixture->store, source.group_id, 2, 5,
					&article, &date_utc, &fixture->err));
	assert_int_equal(article.number, 4);
	assert_string_equal(article.message_id, "<4@x>");
	assert_true(date_utc == FIXTURE_NOW - 60);
	assert_true(article.head_len < article.wire_len);
	assert_memory_equal(article.wire + article.wire_len - 5, "\r\n.\r\n",
			    5);
	fixture_expect(fixture, 0,
		       nw_delivery_next(fixture->store, source.group_id, 2, 3,
					&article, &date_utc, &fixture->err));
	fixture_expect(fixture, 0,
		       nw_delivery_next(fixture->store, source.group_id, 5, 5,
					&article, &date_utc, &fixture->err));
}

/* The chain of revisions can be followed when all but the last are gone. */
static void test_superseded(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_commit_article article;
	struct nw_commit commit = { .source_id = source.id,
				    .group_ids = &source.group_id,
				    .group_count = 1,
				    .articles = &article,
				    .article_count = 1 };
	struct nw_commit_result result;
	const char *old = ids[3];
	size_t i;

	(void)fixture_post(fixture, &source, ids, 1);
	for (i = 1; i < 4; i++) {
		article = fixture_article(fixture, ids[i], ids[i - 1]);
		fixture_commit(fixture, &commit, &result);
	}
	assert_null(fixture_text(fixture, ids[2]));
	for (i = 3; i > 0; i--) {
		fixture_expect(fixture, 1,
			       nw_delivery_superseded(fixture->store,
						      fixture->arena, old,
						      &old, &fixture->err));
		assert_string_equal(old, ids[i - 1]);
	}
	fixture_expect(fixture, 0,
		       nw_delivery_superseded(fixture->store, fixture->arena,
					      old, &old, &fixture->err));
	fixture_expect(fixture, 0,
		       nw_delivery_superseded(fixture->store, fixture->arena,
					      "<never@x>", &old,
					      &fixture->err));
}

/* What a second process gets when it asks for the lock. */
static int other_process(struct fixture *fixture, int64_t id)
{
	int status = -1, fd = -1;
	pid_t pid = fork();

	if (!pid)
		_exit(nw_delivery_lock(fixture->store, id, &fd, &fixture->err)
			      ? (int)fixture->err.code : 0);
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_lock(void **state)
{
	struct fixture *fixture = *state;
	int64_t a = target(fixture, "mbox:/a"), b = target(fixture, "mbox:/b");
	char path[128];
	int fd = -1;

	fixture_expect(fixture, 0,
		       nw_delivery_lock(fixture->store, a, &fd,
					&fixture->err));
	assert_int_equal(other_process(fixture, a), NW_ERROR_BUSY);
	assert_int_equal(other_process(fixture, b), 0);
	nw_delivery_unlock(&fd);
	assert_int_equal(fd, -1);
	assert_int_equal(other_process(fixture, a), 0);
	(void)snprintf(path, sizeof(path), "%s-deliver", fixture->path);
	assert_int_equal(unlink(path), 0);
}

static void test_version(void **state)
{
	struct fixture *fixture = *state;
	struct nw_store *other = fixture_open(fixture, NW_STORE_WRITE);
	int64_t first, second, third, id;

	fixture_expect(fixture, 0,
		       nw_delivery_version(other, &first, &fixture->err));
	fixture_expect(fixture, 0,
		       nw_delivery_target(other, "mbox:/own", &id,
					  &fixture->err));
	fixture_expect(fixture, 0,
		       nw_delivery_version(other, &second, &fixture->err));
	(void)fixture_source(fixture, "com.example");
	fixture_expect(fixture, 0,
		       nw_delivery_version(other, &third, &fixture->err));
	assert_true(first == second);
	assert_true(second != third);
	nw_store_close(&other);
}

#define CASE(function) \
	cmocka_unit_test_setup_teardown(function, fixture_setup, \
					fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(test_cursor), CASE(test_note),	  CASE(test_plan),
		CASE(test_next),   CASE(test_superseded), CASE(test_lock),
		CASE(test_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
