/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a poll brings, for tests to commit to a store.
 */
#ifndef NEWSWIRE_TESTS_COMMIT_FIXTURE_H
#define NEWSWIRE_TESTS_COMMIT_FIXTURE_H

#include "unit.h"

#include <string.h>

#include "store_fixture.h"

#define ID(n) "<" #n "@example.invalid>"

static const char *const ids[] = { ID(1), ID(2), ID(3), ID(4), ID(5) };

static const char *const keys[] = { "example.com/story", "tag:story" };

static inline struct nw_story *story_of(struct fixture *fixture,
					const char *title)
{
	struct nw_story *story = nw_story_new(fixture->arena);

	story->url = "https://example.com/story";
	story->canonical_url = "https://example.com/story";
	story->title = title;
	return story;
}

/* What a poll brings: a story with some articles, for one source. */
static inline struct nw_commit commit_of(struct fixture *fixture,
					 const struct nw_source *source,
					 const struct nw_story *story,
					 const char *const *message_ids,
					 size_t count)
{
	struct nw_commit_article *articles =
		nw_arena_alloc(fixture->arena, (count + 1) * sizeof(*articles));
	size_t i;

	for (i = 0; i < count; i++)
		articles[i] = fixture_article(fixture, message_ids[i], NULL);
	return (struct nw_commit){ .source_id = source->id,
				   .group_ids = &source->group_id,
				   .group_count = 1,
				   .item_key = "item",
				   .item_hash = "hash",
				   .story = story,
				   .keys = keys,
				   .key_count = story ? COUNT(keys) : 0,
				   .articles = articles,
				   .article_count = count };
}

static inline void check_group(struct fixture *fixture, const char *name,
			       int low, int high, int count)
{
	struct nw_group group = fixture_group(fixture, name);

	assert_int_equal(group.low, low);
	assert_int_equal(group.high, high);
	assert_int_equal(group.count, count);
}

static inline void check_xref(struct fixture *fixture, const char *message_id,
			      const char *xref)
{
	char *text = fixture_text(fixture, message_id), *line;

	assert_non_null(text);
	line = strstr(text, "Xref: ");
	assert_non_null(line);
	assert_null(strstr(line + 1, "Xref: "));
	assert_true(strlen(line) > strlen(xref));
	assert_memory_equal(line, xref, strlen(xref));
	assert_memory_equal(line + strlen(xref), "\r\n", 2);
}

#define CASE(test) \
	cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)

#endif
