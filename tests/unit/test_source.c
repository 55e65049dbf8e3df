/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "store_fixture.h"

/* A source with no field left as it is by default. */
static struct nw_source full(void)
{
	return (struct nw_source){
		.url = "https://example.com/live",
		.kind = NW_SOURCE_LIVE,
		.name = "Live \xc2\xb7 Example",
		.group = "com.example.live",
		.images = NW_IMAGES_NONE,
		.edits = NW_EDITS_SUPERSEDE,
		.layout = NW_LAYOUT_MIXED,
		.etag = "\"abc\"",
		.last_modified = "Sat, 26 Jul 2025 10:15:00 GMT",
		.schedule = { .due_utc = FIXTURE_NOW + 60,
			      .ok_utc = FIXTURE_NOW - 1,
			      .changed_utc = FIXTURE_NOW - 2,
			      .interval_s = 61,
			      .failures = 3,
			      .paused = true,
			      .rhythm = { .ttl_s = 62,
					  .gap_s = 63,
					  .skip_hours = 1u << 23,
					  .skip_days = 1u << 6 } },
		.error = "status 503",
		.moved_url = "https://example.com/moved",
		.moved_count = 2,
	};
}

static void check_text(const char *got, const char *wanted)
{
	if (!wanted)
		assert_null(got);
	else
		assert_string_equal(got, wanted);
}

static void check_same(const struct nw_source *got,
		       const struct nw_source *wanted)
{
	assert_int_equal(got->id, wanted->id);
	check_text(got->url, wanted->url);
	assert_int_equal(got->kind, wanted->kind);
	check_text(got->name, wanted->name);
	check_text(got->group, wanted->group);
	assert_int_equal(got->group_id, wanted->group_id);
	assert_int_equal(got->images, wanted->images);
	assert_int_equal(got->edits, wanted->edits);
	assert_int_equal(got->layout, wanted->layout);
	check_text(got->etag, wanted->etag);
	check_text(got->last_modified, wanted->last_modified);
	assert_true(got->schedule.due_utc == wanted->schedule.due_utc);
	assert_true(got->schedule.ok_utc == wanted->schedule.ok_utc);
	assert_true(got->schedule.changed_utc == wanted->schedule.changed_utc);
	assert_true(got->schedule.interval_s == wanted->schedule.interval_s);
	assert_int_equal(got->schedule.failures, wanted->schedule.failures);
	assert_int_equal(got->schedule.paused, wanted->schedule.paused);
	assert_memory_equal(&got->schedule.rhythm, &wanted->schedule.rhythm,
			    sizeof(got->schedule.rhythm));
	check_text(got->error, wanted->error);
	check_text(got->moved_url, wanted->moved_url);
	assert_int_equal(got->moved_count, wanted->moved_count);
}

static struct nw_source found(struct fixture *fixture, const char *name)
{
	struct nw_source source;

	fixture_expect(fixture, 1,
		       nw_source_find(fixture->store, fixture->arena, name,
				      &source, &fixture->err));
	return source;
}

static int add(struct fixture *fixture, struct nw_source *source)
{
	return nw_source_add(fixture->store, source, FIXTURE_NOW,
			     &fixture->err);
}

static void test_round_trip(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source sources[2] = { full() }, got;
	size_t i;

	sources[1] = (struct nw_source){
		.url = "https://example.com/feed",
		.group = "com.example",
		.schedule = { .due_utc = 0,
			      .ok_utc = NW_TIME_NONE,
			      .changed_utc = NW_TIME_NONE },
	};
	for (i = 0; i < COUNT(sources); i++) {
		fixture_expect(fixture, 0, add(fixture, &sources[i]));
		assert_true(sources[i].id > 0 && sources[i].group_id > 0);
		got = found(fixture, sources[i].url);
		check_same(&got, &sources[i]);
		got = found(fixture, sources[i].group);
		check_same(&got, &sources[i]);
	}
	fixture_expect(fixture, 0,
		       nw_source_find(fixture->store, fixture->arena,
				      "https://example.com/", &got,
				      &fixture->err));
	assert_string_equal(fixture_group(fixture, "com.example").description,
			    "");
}

/* Every name of every choice comes back as what it was. */
static void test_choices(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = full(), got;
	int i;

	for (i = 0; i < NW_SOURCE_KINDS; i++) {
		source.url = nw_arena_printf(fixture->arena, "https://%d/", i);
		source.group = nw_arena_printf(fixture->arena, "com.g%d", i);
		source.kind = (enum nw_source_kind)i;
		source.images = (enum nw_images)(i % NW_IMAGES_COUNT);
		source.edits = (enum nw_edits)(i % NW_EDITS_COUNT);
		fixture_expect(fixture, 0, add(fixture, &source));
		got = found(fixture, source.url);
		check_same(&got, &source);
	}
	(void)fixture_sql(fixture, "UPDATE sources SET kind = 'telex'");
	fixture_failed(fixture,
		       nw_source_find(fixture->store, fixture->arena,
				      source.url, &got, &fixture->err),
		       NW_ERROR_DATA, "telex");
}

static void test_taken(void **state)
{
	static const struct {
		const char *url, *group;
		enum nw_error_code code;
		const char *word;
	} cases[] = {
		{ "https://example.com/live", "com.other", NW_ERROR_USAGE,
		  "com.example.live" },
		{ "https://other.com/", "com.example.live", NW_ERROR_USAGE,
		  "https://example.com/live" },
		{ "https://other.com/", "com other", NW_ERROR_USAGE, "" },
		{ "https://other.com/", "", NW_ERROR_USAGE, "" },
	};
	struct fixture *fixture = *state;
	struct nw_source first = full(), second;
	char *dump;
	size_t i;

	fixture_expect(fixture, 0, add(fixture, &first));
	dump = fixture_dump(fixture);
	for (i = 0; i < COUNT(cases); i++) {
		second = full();
		second.url = cases[i].url;
		second.group = cases[i].group;
		fixture_failed(fixture, add(fixture, &second), cases[i].code,
			       cases[i].word);
		assert_int_equal(second.id, 0);
		assert_int_equal(second.group_id, 0);
		assert_string_equal(fixture_dump(fixture), dump);
	}
	/* The very same once more, its id included. */
	second = first;
	fixture_failed(fixture, add(fixture, &second), NW_ERROR_USAGE, "URL");
	assert_string_equal(fixture_dump(fixture), dump);
	/* A URL that is spelled like a group is no clash with it. */
	second = full();
	second.url = "com.example.live";
	second.group = "com.other";
	fixture_expect(fixture, 0, add(fixture, &second));
	assert_string_equal(found(fixture, "com.example.live").group,
			    "com.other");
}

/* Longer than a description may be, in letters of two octets. */
static void test_description(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = full();
	struct nw_group group;
	char name[402] = "x", text[600];
	size_t i;

	for (i = 0; i < 200; i++)
		memcpy(name + 1 + 2 * i, "\xc3\xa4", 3);
	source.name = name;
	fixture_expect(fixture, 0, add(fixture, &source));
	group = fixture_group(fixture, source.group);
	assert_in_range(strlen(group.description), 250, 255);
	assert_memory_equal(group.description, name, 240);
	assert_string_equal(found(fixture, source.url).name, name);
	/* One line, whatever the feed's title was. */
	fixture_expect(fixture, 0,
		       nw_source_remove(fixture->store, source.id,
					&fixture->err));
	source.name = "Two\r\nlines\tand a tab";
	fixture_expect(fixture, 0, add(fixture, &source));
	assert_string_equal(fixture_group(fixture, source.group).description,
			    "Two lines and a tab");
	/* Even one that was not written by us keeps within its field. */
	(void)snprintf(text, sizeof(text),
		       "UPDATE groups SET description = '%s'", name);
	(void)fixture_sql(fixture, text);
	group = fixture_group(fixture, source.group);
	assert_int_equal(strlen(group.description), 255);
	assert_memory_equal(group.description, name, 255);
}

static void test_list(void **state)
{
	static const struct {
		const char *group;
		int64_t due_utc;
		bool paused;
	} rows[] = {
		{ "com.d", 40, false }, { "com.b", 10, false },
		{ "com.c", 5, true },	{ "com.a", 30, false },
	};
	static const struct {
		int64_t due_utc;
		const char *groups;
	} cases[] = {
		{ NW_TIME_NONE, "com.a com.b com.c com.d " },
		{ 9, "" },
		{ 10, "com.b " },
		{ 35, "com.b com.a " },
		{ 1000, "com.b com.a com.d " },
	};
	struct fixture *fixture = *state;
	struct nw_source source, *list;
	struct nw_buf groups;
	int64_t due_utc = 0;
	size_t i, j, count;

	fixture_expect(fixture, 0,
		       nw_source_next_due(fixture->store, &due_utc,
					  &fixture->err));
	assert_true(due_utc == NW_TIME_NONE);
	for (i = 0; i < COUNT(rows); i++) {
		source = full();
		source.url = rows[i].group;
		source.group = rows[i].group;
		source.schedule.due_utc = rows[i].due_utc;
		source.schedule.paused = rows[i].paused;
		fixture_expect(fixture, 0, add(fixture, &source));
	}
	nw_buf_init(&groups, 1000);
	for (i = 0; i < COUNT(cases); i++) {
		fixture_expect(fixture, 0,
			       nw_source_list(fixture->store, fixture->arena,
					      cases[i].due_utc, &list, &count,
					      &fixture->err));
		nw_buf_reset(&groups);
		for (j = 0; j < count; j++)
			nw_buf_addf(&groups, "%s ", list[j].group);
		assert_string_equal(groups.data, cases[i].groups);
	}
	nw_buf_free(&groups);
	fixture_expect(fixture, 0,
		       nw_source_next_due(fixture->store, &due_utc,
					  &fixture->err));
	assert_int_equal(due_utc, 10);
}

static void test_due_at_once(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = full();

	source.schedule.due_utc = NW_TIME_NONE;
	fixture_expect(fixture, 0, add(fixture, &source));
	assert_true(found(fixture, source.url).schedule.due_utc ==
		    FIXTURE_NOW);
}

static void test_update(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = full(), other = full(), got;

	other.url = "https://other.com/";
	other.group = "com.other";
	fixture_expect(fixture, 0, add(fixture, &source));
	fixture_expect(fixture, 0, add(fixture, &other));
	source.url = "https://example.com/new";
	source.etag = NULL;
	source.last_modified = "never";
	source.schedule = (struct nw_schedule){ .due_utc = 1,
						.ok_utc = NW_TIME_NONE,
						.changed_utc = 2,
						.interval_s = 3,
						.failures = 4 };
	source.error = NULL;
	source.moved_url = NULL;
	source.moved_count = 7;
	fixture_expect(fixture, 0,
		       nw_source_update(fixture->store, &source,
					&fixture->err));
	got = found(fixture, source.url);
	check_same(&got, &source);
	got = found(fixture, other.url);
	check_same(&got, &other);
	/* Its own URL is not taken; another's is. */
	fixture_expect(fixture, 0,
		       nw_source_update(fixture->store, &source,
					&fixture->err));
	source.url = other.url;
	fixture_failed(fixture,
		       nw_source_update(fixture->store, &source,
					&fixture->err),
		       NW_ERROR_USAGE, "com.other");
}

static void test_remove(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = full(), got;
	const int64_t id = 1;

	fixture_expect(fixture, 0, add(fixture, &source));
	fixture_expect(fixture, 0,
		       nw_source_remove(fixture->store, source.id,
					&fixture->err));
	fixture_expect(fixture, 0,
		       nw_source_find(fixture->store, fixture->arena,
				      source.url, &got, &fixture->err));
	(void)fixture_group(fixture, source.group);
	fixture_failed(fixture,
		       nw_source_remove(fixture->store, source.id,
					&fixture->err),
		       NW_ERROR_MISSING, "not there any more");
	fixture_failed(fixture,
		       nw_source_update(fixture->store, &source,
					&fixture->err),
		       NW_ERROR_MISSING, "not there any more");
	/* What is still polled for the old one must not meet the new one. */
	assert_int_equal(source.id, id);
	fixture_expect(fixture, 0, add(fixture, &source));
	assert_int_equal(source.id, id + 1);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

static void test_kept_feed(void **state)
{
	static const char bytes[] = "<rss>\0</rss>";
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	const struct nw_kept_feed feed = {
		.url = "https://example.com/feed",
		.charset = NULL,
		.bytes = bytes,
		.len = sizeof(bytes) - 1,
	};
	struct nw_kept_feed got;
	int i;

#define KEPT() \
	nw_source_kept_feed(fixture->store, fixture->arena, source.id, &got, \
			    &fixture->err)
#define KEEP(feed) \
	fixture_expect(fixture, 0, \
		       nw_source_keep_feed(fixture->store, source.id, feed, \
					   &fixture->err))
	fixture_expect(fixture, 0, KEPT());
	KEEP(NULL);
	for (i = 0; i < 2; i++) {
		KEEP(&feed);
		fixture_expect(fixture, 1, KEPT());
		assert_string_equal(got.url, feed.url);
		assert_null(got.charset);
		assert_int_equal(got.len, feed.len);
		assert_memory_equal(got.bytes, bytes, feed.len);
	}
	KEEP(NULL);
	fixture_expect(fixture, 0, KEPT());
	KEEP(&feed);
	fixture_expect(fixture, 0,
		       nw_source_remove(fixture->store, source.id,
					&fixture->err));
	fixture_expect(fixture, 0, KEPT());
	KEEP(&feed);
	fixture_expect(fixture, 0, KEPT());
}

/* Nothing but what readers choose, and a poll takes none of it back. */
static void test_settle(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = full(), polled, got;

	fixture_expect(fixture, 0,
		       nw_source_add(fixture->store, &source, FIXTURE_NOW,
				     &fixture->err));
	polled = source;
	source.name = "Another name";
	source.images = NW_IMAGES_INLINE;
	source.edits = NW_EDITS_IGNORE;
	source.layout = NW_LAYOUT_TEXT;
	fixture_expect(fixture, 0,
		       nw_source_settle(fixture->store, &source,
					&fixture->err));
	fixture_expect(fixture, 0,
		       nw_source_update(fixture->store, &polled,
					&fixture->err));
	fixture_expect(fixture, 1,
		       nw_source_find(fixture->store, fixture->arena,
				      source.group, &got, &fixture->err));
	check_same(&got, &source);
	fixture_expect(fixture, 0,
		       nw_source_remove(fixture->store, source.id,
					&fixture->err));
	fixture_failed(fixture,
		       nw_source_settle(fixture->store, &source,
					&fixture->err),
		       NW_ERROR_MISSING, "not there any more");
}

/* A group for readers, which a source may have later, but none that has one. */
static void test_group_add(void **state)
{
	struct fixture *fixture = *state;
	struct nw_source source = fixture_source(fixture, "com.example");
	struct nw_store *store = fixture->store;

	fixture_expect(fixture, 0,
		       nw_group_add(store, "local.talk", "Small\r\ntalk",
				    FIXTURE_NOW, &fixture->err));
	assert_string_equal(fixture_group(fixture, "local.talk").description,
			    "Small talk");
	fixture_expect(fixture, 0,
		       nw_group_add(store, "local.talk", NULL, FIXTURE_NOW + 1,
				    &fixture->err));
	assert_string_equal(fixture_group(fixture, "local.talk").description,
			    "Small talk");
	assert_int_equal(fixture_group(fixture, "local.talk").created_utc,
			 FIXTURE_NOW);
	fixture_expect(fixture, 0,
		       nw_group_add(store, "local.talk", "", FIXTURE_NOW + 1,
				    &fixture->err));
	assert_string_equal(fixture_group(fixture, "local.talk").description,
			    "");
	fixture_failed(fixture,
		       nw_group_add(store, source.group, "mine", FIXTURE_NOW,
				    &fixture->err),
		       NW_ERROR_USAGE, "the group is taken by the source");
	assert_string_equal(fixture_group(fixture, "com.example").description,
			    "News of com.example");
	fixture_failed(fixture,
		       nw_group_add(store, "local.12", NULL, FIXTURE_NOW,
				    &fixture->err),
		       NW_ERROR_USAGE, "local.12");
	source = fixture_source(fixture, "local.talk");
	assert_int_equal(source.group_id,
			 fixture_group(fixture, "local.talk").id);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(test_round_trip),	CASE(test_choices),
		CASE(test_taken),	CASE(test_description),
		CASE(test_list),	CASE(test_due_at_once),
		CASE(test_update),	CASE(test_remove),
		CASE(test_kept_feed),	CASE(test_settle),
		CASE(test_group_add),
	};

	return cmocka_run_group_tests_name("source", tests, NULL, NULL);
}
