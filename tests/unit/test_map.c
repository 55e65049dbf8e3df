/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A reader that maps the store sees what others write: what is new, what was
 * written over, and a file that grows or shrinks under it.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "newswire/check.h"
#include "store_fixture.h"

#include "../../gateway/store/store_private.h"

#define ROUNDS 30
#define BODY   40000

static const char *id_of(struct fixture *fixture, int n)
{
	return nw_arena_printf(fixture->arena, "<%d@a.invalid>", n);
}

static void post(struct fixture *fixture, const struct nw_source *source, int n)
{
	struct nw_commit_article article = { .message_id = id_of(fixture, n) };
	struct nw_commit commit = { .source_id = source->id,
				    .group_ids = &source->group_id,
				    .group_count = 1,
				    .articles = &article,
				    .article_count = 1 };
	struct nw_commit_result result;
	char *bytes = nw_arena_alloc(fixture->arena, BODY);
	size_t len = (size_t)snprintf(bytes, BODY,
				      "Subject: %d\r\nMessage-ID: %s\r\n\r\n",
				      n, article.message_id);

	memset(bytes + len, 'a' + n % 26, BODY - len);
	article.bytes = bytes;
	article.len = BODY;
	fixture_commit(fixture, &commit, &result);
}

/* Its last octets before the end of the line and the terminator. */
static void check(struct fixture *fixture, struct nw_store *reader,
		  const struct nw_source *source, int n, bool there)
{
	struct nw_stored_article article;

	fixture_expect(fixture, 0, nw_store_read_begin(reader, &fixture->err));
	fixture_expect(fixture, there,
		       nw_group_article(reader, source->group_id, n, &article,
					&fixture->err));
	if (there) {
		assert_string_equal(article.message_id, id_of(fixture, n));
		assert_true(article.wire_len > BODY);
		assert_int_equal(article.wire[article.wire_len - 6],
				 'a' + n % 26);
	}
	nw_store_read_end(reader);
}

static void checkpoint(struct fixture *fixture)
{
	assert_string_equal(
		fixture_sql(fixture, "PRAGMA wal_checkpoint(TRUNCATE)"), "0");
}

static off_t size_of(const struct fixture *fixture)
{
	struct stat status;

	assert_int_equal(stat(fixture->path, &status), 0);
	return status.st_size;
}

static void test_grows(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_store *reader = fixture_open(fixture, NW_STORE_READ);
	int n, i;

	assert_non_null(reader->map.region);
	for (n = 1; n <= ROUNDS; n++) {
		post(fixture, &source, n);
		if (n % 3 == 0)
			checkpoint(fixture);
		for (i = 1; i <= n; i++)
			check(fixture, reader, &source, i, true);
	}
	checkpoint(fixture);
	/* What was read above is in the file by now, and in the map. */
	assert_true(reader->map.size > ROUNDS / 2 * BODY);
	nw_store_close(&reader);
}

static void test_shrinks(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_store *reader = fixture_open(fixture, NW_STORE_READ);
	const char *cancels[ROUNDS - 2];
	struct nw_commit commit = { .cancels = cancels,
				    .cancel_count = COUNT(cancels) };
	struct nw_commit_result result;
	int n;

	for (n = 1; n <= ROUNDS; n++)
		post(fixture, &source, n);
	checkpoint(fixture);
	for (n = 1; n <= ROUNDS; n++)
		check(fixture, reader, &source, n, true);
	for (n = 2; n < ROUNDS; n++)
		cancels[n - 2] = id_of(fixture, n);
	fixture_commit(fixture, &commit, &result);
	(void)fixture_sql(fixture, "VACUUM");
	checkpoint(fixture);
	for (n = 1; n <= ROUNDS; n++)
		check(fixture, reader, &source, n, n == 1 || n == ROUNDS);
	/* What a page that is gone had is not touched, whoever names it. */
	assert_true(reader->map.size <= size_of(fixture));
	nw_store_close(&reader);
}

/* A snapshot stays as it was, although its pages are written over. */
static void test_snapshot(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_store *reader;
	struct nw_stored_article article;
	int n;

	post(fixture, &source, 1);
	checkpoint(fixture);
	reader = fixture_open(fixture, NW_STORE_READ);
	fixture_expect(fixture, 0, nw_store_read_begin(reader, &fixture->err));
	fixture_expect(fixture, 1,
		       nw_group_article(reader, source.group_id, 1, &article,
					&fixture->err));
	for (n = 2; n <= ROUNDS; n++)
		post(fixture, &source, n);
	(void)fixture_sql(fixture, "PRAGMA wal_checkpoint(PASSIVE)");
	assert_string_equal(article.message_id, id_of(fixture, 1));
	for (n = 2; n <= ROUNDS; n++)
		fixture_expect(fixture, 0,
			       nw_group_article(reader, source.group_id, n,
						&article, &fixture->err));
	nw_store_read_end(reader);
	for (n = 1; n <= ROUNDS; n++)
		check(fixture, reader, &source, n, true);
	nw_store_close(&reader);
}

struct cut {
	struct fixture *fixture;
	unsigned faults;
	bool done;
};

static void on_fault(void *context, const char *object, const char *reason)
{
	(void)object;
	(void)reason;
	((struct cut *)context)->faults++;
}

static void cut_file(void *context, uint64_t done, uint64_t total,
		     const char *part)
{
	struct cut *cut = context;

	(void)done;
	(void)total;
	(void)part;
	if (cut->done)
		return;
	assert_int_equal(truncate(cut->fixture->path,
				  size_of(cut->fixture) / 8192 / 2 * 8192),
			 0);
	cut->done = true;
}

/* The check reads what the map would show: a page that cannot be read is a
 * fault for it, and no signal. */
static void test_check(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct cut cut = { .fixture = fixture };
	const struct nw_check_watch watch = { on_fault, cut_file, &cut };
	struct nw_store *reader;
	uint64_t faults = 0;
	int n;

	for (n = 1; n <= ROUNDS; n++)
		post(fixture, &source, n);
	checkpoint(fixture);
	reader = fixture_open(fixture, NW_STORE_READ);
	for (n = 1; n <= ROUNDS; n++)
		check(fixture, reader, &source, n, true);
	assert_non_null(reader->map.region);
	fixture_expect(fixture, 0,
		       nw_store_check(reader, &watch, &faults, &fixture->err));
	assert_true(cut.done);
	assert_true(faults > 0);
	assert_int_equal(faults, cut.faults);
	nw_store_close(&reader);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_grows),
		CASE(test_shrinks),
		CASE(test_snapshot),
		CASE(test_check),
	};

	return cmocka_run_group_tests_name("map", tests, NULL, NULL);
}
