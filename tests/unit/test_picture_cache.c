/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the store keeps of the web's pictures.
 */
#include "config.h"

#include <string.h>

#include "unit.h"

#include "newswire/limits.h"
#include "newswire/picture_cache.h"
#include "store_fixture.h"

/* A NUL within: the bytes are no text. */
static const char bytes[] = "\x89PNG\0picture";

#define URL "https://example.org/a.jpg?size=1600"

static struct nw_kept_picture picture(const char *url)
{
	return (struct nw_kept_picture){
		.picture = { .url = url, .type = "image/png", .bytes = bytes,
			     .len = sizeof(bytes), .width = 640,
			     .height = 480 },
		.etag = "\"1\"",
		.last_modified = "Sat, 26 Jul 2025 10:00:00 GMT",
		.checked_utc = FIXTURE_NOW,
	};
}

static void put(struct fixture *fixture, const struct nw_kept_picture *kept)
{
	fixture_expect(fixture, 0,
		       nw_picture_cache_put(fixture->store, kept,
					    fixture->now_utc, &fixture->err));
}

static int find(struct fixture *fixture, bool face, const char *url,
		struct nw_kept_picture *kept_r)
{
	return nw_picture_cache_find(fixture->store, fixture->arena, face, url,
				     kept_r, &fixture->err);
}

static void test_kept(void **state)
{
	struct fixture *fixture = *state;
	struct nw_kept_picture kept = picture(URL);

	fixture_expect(fixture, 0, find(fixture, false, URL, &kept));
	put(fixture, &kept);
	memset(&kept, 0, sizeof(kept));
	fixture_expect(fixture, 1, find(fixture, false, URL, &kept));
	assert_string_equal(kept.picture.url, URL);
	assert_string_equal(kept.picture.type, "image/png");
	assert_int_equal(kept.picture.len, sizeof(bytes));
	assert_memory_equal(kept.picture.bytes, bytes, sizeof(bytes));
	assert_int_equal(kept.picture.width, 640);
	assert_int_equal(kept.picture.height, 480);
	assert_string_equal(kept.etag, "\"1\"");
	assert_string_equal(kept.last_modified,
			    "Sat, 26 Jul 2025 10:00:00 GMT");
	assert_true(kept.checked_utc == FIXTURE_NOW);
	assert_true(kept.used_utc == FIXTURE_NOW);
	assert_null(kept.reason);
	/* Another address, and a face of the same, are others. */
	fixture_expect(fixture, 0, find(fixture, false, URL "0", &kept));
	fixture_expect(fixture, 0, find(fixture, true, URL, &kept));
}

static void test_face_is_apart(void **state)
{
	struct fixture *fixture = *state;
	struct nw_kept_picture one = picture(URL), face = picture(URL), kept;

	face.face = true;
	face.picture.width = face.picture.height = 48;
	put(fixture, &one);
	put(fixture, &face);
	fixture_expect(fixture, 1, find(fixture, false, URL, &kept));
	assert_int_equal(kept.picture.width, 640);
	assert_false(kept.face);
	fixture_expect(fixture, 1, find(fixture, true, URL, &kept));
	assert_int_equal(kept.picture.width, 48);
	assert_true(kept.face);
}

static void test_refused(void **state)
{
	struct fixture *fixture = *state;
	struct nw_kept_picture one = picture(URL), kept;
	const struct nw_kept_picture refused = {
		.picture = { .url = URL },
		.checked_utc = FIXTURE_NOW,
		.reason = "is no picture (it begins like HTML)",
		.retry_utc = FIXTURE_NOW + NW_PICTURE_REFUSED_S,
	};

	put(fixture, &one);
	put(fixture, &refused);
	fixture_expect(fixture, 1, find(fixture, false, URL, &kept));
	assert_null(kept.picture.bytes);
	assert_null(kept.picture.type);
	assert_null(kept.etag);
	assert_int_equal(kept.picture.len, 0);
	assert_string_equal(kept.reason, refused.reason);
	assert_true(kept.retry_utc == FIXTURE_NOW + NW_PICTURE_REFUSED_S);
	/* And it is a picture again when it was mended. */
	put(fixture, &one);
	fixture_expect(fixture, 1, find(fixture, false, URL, &kept));
	assert_null(kept.reason);
	assert_non_null(kept.picture.bytes);
}

static void test_touch(void **state)
{
	struct fixture *fixture = *state;
	struct nw_kept_picture kept = picture(URL);

	put(fixture, &kept);
	fixture_expect(fixture, 0,
		       nw_picture_cache_touch(fixture->store, false, URL,
					      FIXTURE_NOW + 100,
					      FIXTURE_NOW + 200,
					      &fixture->err));
	fixture_expect(fixture, 1, find(fixture, false, URL, &kept));
	assert_true(kept.checked_utc == FIXTURE_NOW + 100);
	assert_true(kept.used_utc == FIXTURE_NOW + 200);
	assert_non_null(kept.picture.bytes);
	/* One that is not there stays away. */
	fixture_expect(fixture, 0,
		       nw_picture_cache_touch(fixture->store, true, URL,
					      FIXTURE_NOW, FIXTURE_NOW,
					      &fixture->err));
	fixture_expect(fixture, 0, find(fixture, true, URL, &kept));
}

/* A type that nobody here writes is no picture, whoever put it there. */
static void test_foreign_type(void **state)
{
	struct fixture *fixture = *state;
	struct nw_kept_picture kept = picture(URL);

	put(fixture, &kept);
	(void)fixture_sql(fixture,
			  "UPDATE pictures SET type = 'image/svg+xml'");
	fixture_expect(fixture, 1, find(fixture, false, URL, &kept));
	assert_null(kept.picture.type);
	assert_null(kept.picture.bytes);
}

static void test_age(void **state)
{
	struct fixture *fixture = *state;
	struct nw_kept_picture old = picture(URL), used = picture(URL "&used"),
			       fresh = picture(URL "&fresh"), kept;

	put(fixture, &old);
	put(fixture, &used);
	fixture->now_utc += NW_PICTURE_CACHE_AGE_S;
	fixture_expect(fixture, 0,
		       nw_picture_cache_touch(fixture->store, false,
					      URL "&used", FIXTURE_NOW,
					      fixture->now_utc,
					      &fixture->err));
	fixture->now_utc++;
	put(fixture, &fresh);
	fixture_expect(fixture, 0, find(fixture, false, URL, &kept));
	fixture_expect(fixture, 1, find(fixture, false, URL "&used", &kept));
	fixture_expect(fixture, 1, find(fixture, false, URL "&fresh", &kept));
}

/* The sizes of the rows are what counts; they need no such bytes. */
static void test_size(void **state)
{
	struct fixture *fixture = *state;
	struct nw_kept_picture kept = picture(URL "&last");
	struct nw_store_counts counts;

	(void)fixture_sql(fixture,
			  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
			  "	SELECT i + 1 FROM n WHERE i < 100) "
			  "INSERT INTO pictures (face, url, checked_utc,"
			  "	used_utc, retry_utc, type, width, height,"
			  "	size, bytes) "
			  "SELECT 0, 'https://example.org/' || i, 0,"
			  "	1753524900 - i, 0, 'image/png', 1, 1,"
			  "	4 << 20, x'00' FROM n");
	put(fixture, &kept);
	/* A few at a time, … */
	assert_string_equal(fixture_sql(fixture,
					"SELECT count(*) FROM pictures"),
			    "69");
	kept = picture(URL "&next");
	put(fixture, &kept);
	/* … until all fit: 63 of 4 MiB, and the two; those that were used
	 * last. */
	assert_string_equal(fixture_sql(fixture,
					"SELECT count(*) FROM pictures"),
			    "65");
	fixture_expect(fixture, 1,
		       find(fixture, false, "https://example.org/63", &kept));
	fixture_expect(fixture, 0,
		       find(fixture, false, "https://example.org/64", &kept));
	fixture_expect(fixture, 0,
		       nw_store_count(fixture->store, &counts,
				      &fixture->err));
	assert_int_equal(counts.pictures, 65);
	assert_int_equal(counts.picture_bytes,
			 63 * (4 << 20) + 2 * sizeof(bytes));
}

/* Where no picture comes any more, the old ones go all the same. */
static void test_expire(void **state)
{
	struct fixture *fixture = *state;
	struct nw_kept_picture kept = picture(URL);
	uint64_t expired = 4711;

	(void)fixture_sql(fixture,
			  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL"
			  "	SELECT i + 1 FROM n WHERE i < 100) "
			  "INSERT INTO pictures (face, url, checked_utc,"
			  "	used_utc, retry_utc, type, width, height,"
			  "	size, bytes) "
			  "SELECT i % 2, 'https://example.org/' || i, 0,"
			  "	1753524900 - i, 0, 'image/png', 1, 1,"
			  "	1, x'00' FROM n");
	fixture->now_utc = 1753524900 - 30 + NW_PICTURE_CACHE_AGE_S;
	fixture_expect(fixture, 0,
		       nw_picture_cache_expire(fixture->store, fixture->now_utc,
					       &expired, &fixture->err));
	assert_int_equal(expired, 70);
	fixture_expect(fixture, 1,
		       find(fixture, false, "https://example.org/30", &kept));
	fixture_expect(fixture, 0,
		       find(fixture, true, "https://example.org/31", &kept));
	fixture_expect(fixture, 0,
		       nw_picture_cache_expire(fixture->store, fixture->now_utc,
					       &expired, &fixture->err));
	assert_int_equal(expired, 0);
	(void)fixture_sql(fixture, "UPDATE pictures SET size = 64 << 20");
	fixture_expect(fixture, 0,
		       nw_picture_cache_expire(fixture->store, fixture->now_utc,
					       &expired, &fixture->err));
	assert_int_equal(expired, 26);
}

/* A reader's store has no turn at writing. */
static void test_readers_only_read(void **state)
{
	struct fixture *fixture = *state;
	struct nw_kept_picture kept = picture(URL);
	struct nw_store *reader;

	put(fixture, &kept);
	reader = fixture_open(fixture, NW_STORE_READ);
	assert_int_equal(nw_picture_cache_find(reader, fixture->arena, false,
					       URL, &kept, &fixture->err),
			 1);
	assert_int_equal(nw_picture_cache_put(reader, &kept, FIXTURE_NOW,
					      &fixture->err),
			 -1);
	nw_store_close(&reader);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_kept),
		TEST(test_face_is_apart),
		TEST(test_refused),
		TEST(test_touch),
		TEST(test_foreign_type),
		TEST(test_age),
		TEST(test_size),
		TEST(test_expire),
		TEST(test_readers_only_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
