/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "arena_state.h"
#include "newswire/limits.h"
#include "newswire/story.h"

static void new_story_knows_nothing(void **state)
{
	struct nw_story *story = nw_story_new(*state);

	assert_null(story->title);
	assert_null(story->updates);
	assert_int_equal(story->body.count, 0);
	assert_true(story->published_utc == NW_TIME_NONE);
	assert_true(story->modified_utc == NW_TIME_NONE);
	assert_true(story->expires_utc == NW_TIME_NONE);
	assert_true(story->coverage_end_utc == NW_TIME_NONE);
}

static void body_text_has_words_only(void **state)
{
	struct nw_span parts[] = { { "One ", NULL, 0 },
				   { "two", "https://a.example/", 0 },
				   { NULL, NULL, 0 },
				   { ".", NULL, NW_SPAN_STRONG } };
	struct nw_span code[] = { { "a\n\tb", NULL, 0 } };
	struct nw_cell first[] = { { parts, 1, true }, { parts + 1, 1, true } };
	struct nw_cell second[] = { { parts + 3, 1, false } };
	struct nw_row rows[] = { { first, 2 }, { second, 1 } };
	struct nw_table table = { rows, 2 };
	struct nw_image image = { .caption = "not text" };
	struct nw_body body = { NULL, 0 };
	struct nw_block *block;

	assert_string_equal(nw_body_text(*state, &body), "");
	nw_body_add(*state, &body, NW_BLOCK_IMAGE)->image = &image;
	block = nw_body_add(*state, &body, NW_BLOCK_PARAGRAPH);
	block->spans = parts;
	block->span_count = COUNT(parts);
	(void)nw_body_add(*state, &body, NW_BLOCK_RULE);
	(void)nw_body_add(*state, &body, NW_BLOCK_HEADING);
	block = nw_body_add(*state, &body, NW_BLOCK_CODE);
	block->spans = code;
	block->span_count = 1;
	nw_body_add(*state, &body, NW_BLOCK_TABLE)->table = &table;
	nw_body_add(*state, &body, NW_BLOCK_EMBED)->embed.title = "not text";
	assert_int_equal(body.count, 7);
	assert_string_equal(nw_body_text(*state, &body),
			    "One two.\n\na\n\tb\n\nOne \ttwo\n.");
	assert_string_equal(nw_spans_text(*state, parts, 3), "One two");
	assert_string_equal(nw_spans_text(*state, NULL, 0), "");
}

static void added_block_is_zeroed(void **state)
{
	struct nw_body body = { NULL, 0 };
	size_t i;

	for (i = 0; i < 100; i++) {
		struct nw_block *block =
			nw_body_add(*state, &body, NW_BLOCK_ITEM);

		assert_int_equal(block->kind, NW_BLOCK_ITEM);
		assert_int_equal(block->level, 0);
		assert_null(block->spans);
		block->level = (unsigned)i;
	}
	for (i = 0; i < 100; i++)
		assert_int_equal(body.blocks[i].level, i);
}

static void alias_is_added_once(void **state)
{
	struct nw_story *story = nw_story_new(*state);
	char name[16] = "guid";
	unsigned i;

	nw_story_add_alias(*state, story, NULL);
	nw_story_add_alias(*state, story, "");
	nw_story_add_alias(*state, story, name);
	nw_story_add_alias(*state, story, "guid");
	nw_story_add_alias(*state, story, "GUID");
	assert_int_equal(story->alias_count, 2);
	name[0] = 'x';
	assert_string_equal(story->aliases[0], "guid");
	for (i = 0; i < 2 * NW_STORY_ALIASES; i++) {
		(void)snprintf(name, sizeof(name), "%u", i);
		nw_story_add_alias(*state, story, name);
	}
	assert_int_equal(story->alias_count, NW_STORY_ALIASES);
}

static void topic_is_added_once_in_any_case(void **state)
{
	struct nw_story *story = nw_story_new(*state);
	char name[16];
	unsigned i;

	nw_story_add_topic(*state, story, NULL);
	nw_story_add_topic(*state, story, "War");
	nw_story_add_topic(*state, story, "WAR");
	nw_story_add_topic(*state, story, "Київ");
	nw_story_add_topic(*state, story, "київ");
	nw_story_add_topic(*state, story, "Kyiv");
	assert_int_equal(story->topic_count, 3);
	assert_string_equal(story->topics[0], "War");
	assert_string_equal(story->topics[1], "Київ");
	assert_string_equal(story->topics[2], "Kyiv");
	for (i = 0; i < 2 * NW_STORY_TOPICS; i++) {
		(void)snprintf(name, sizeof(name), "%u", i);
		nw_story_add_topic(*state, story, name);
	}
	assert_int_equal(story->topic_count, NW_STORY_TOPICS);
}

static void author_fills_what_the_first_lacks(void **state)
{
	struct nw_author first = { .name = "Jane Doe", .role = "Reporter" };
	struct nw_author again = { .name = "JANE DOE", .role = "Editor",
				   .bio = "Jane writes.",
				   .email = "jane@a.example" };
	struct nw_author nameless = { .role = "Nobody" };
	struct nw_author *authors = NULL;
	char name[16];
	size_t count = 0;
	unsigned i;

	nw_story_add_author(*state, &authors, &count, NULL);
	nw_story_add_author(*state, &authors, &count, &nameless);
	assert_int_equal(count, 0);
	nw_story_add_author(*state, &authors, &count, &first);
	nw_story_add_author(*state, &authors, &count, &again);
	assert_int_equal(count, 1);
	assert_string_equal(authors[0].name, "Jane Doe");
	assert_string_equal(authors[0].role, "Reporter");
	assert_string_equal(authors[0].bio, "Jane writes.");
	assert_string_equal(authors[0].email, "jane@a.example");
	assert_null(authors[0].url);
	for (i = 0; i < 2 * NW_STORY_AUTHORS; i++) {
		(void)snprintf(name, sizeof(name), "%u", i);
		first.name = name;
		nw_story_add_author(*state, &authors, &count, &first);
	}
	assert_int_equal(count, NW_STORY_AUTHORS);
	assert_string_equal(authors[1].name, "0");
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, arena_setup, arena_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(new_story_knows_nothing),
		TEST(body_text_has_words_only),
		TEST(added_block_is_zeroed),
		TEST(alias_is_added_once),
		TEST(topic_is_added_once_in_any_case),
		TEST(author_fills_what_the_first_lacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
