/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "arena_state.h"
#include "newswire/limits.h"
#include "newswire/snapshot.h"

/* Every field of the model, each with a value of its own. */
static const char full[] =
	"{\"aliases\":[\"guid\",\"tag:a\"],"
	"\"authors\":[{\"avatar\":\"https://a.example/i\",\"bio\":\"B.\","
	"\"email\":\"j@a.example\",\"name\":\"J\",\"role\":\"R\","
	"\"url\":\"https://a.example/j\"}],"
	"\"body\":{\"blocks\":["
	"{\"kind\":\"paragraph\",\"quote\":2,\"spans\":["
	"{\"href\":\"https://a.example/\",\"style\":3,"
	"\"text\":\"\xc3\xa4 \\\"q\\\"\\n\"},{\"text\":\"\"}]},"
	"{\"kind\":\"heading\",\"level\":2},"
	"{\"kind\":\"item\",\"level\":1,\"ordinal\":-7},"
	"{\"kind\":\"code\"},"
	"{\"kind\":\"table\",\"table\":{\"rows\":[{\"cells\":["
	"{\"header\":true,\"spans\":[{\"text\":\"c\"}]},{}]},{}]}},"
	"{\"image\":{\"alt\":\"a\",\"caption\":\"c\",\"credit\":\"d\","
	"\"height\":9,\"url\":\"https://a.example/p\",\"width\":16},"
	"\"kind\":\"image\"},"
	"{\"embed\":{\"title\":\"t\",\"url\":\"https://a.example/v\"},"
	"\"kind\":\"embed\"},{\"kind\":\"rule\"}]},"
	"\"canonical_url\":\"https://a.example/c\","
	"\"corrections\":[\"We erred.\"],\"coverage_end_utc\":0,"
	"\"description\":\"D\","
	"\"enclosures\":[{\"bytes\":5000000000,\"title\":\"t\","
	"\"type\":\"audio/mpeg\",\"url\":\"https://a.example/m\"}],"
	"\"expires_utc\":4,\"kicker\":\"K\",\"language\":\"de\","
	"\"lead_image\":{\"url\":\"https://a.example/p\"},\"live\":true,"
	"\"message_id\":\"<m@a>\",\"modified_utc\":-5,\"paywalled\":true,"
	"\"posted\":{\"body\":{\"blocks\":[{\"kind\":\"rule\"}]},"
	"\"description\":\"E\",\"title\":\"S\"},\"posted_utc\":6,"
	"\"published_utc\":1753524000,\"publisher\":\"P\",\"revision\":3,"
	"\"root_id\":\"<r@a>\",\"section\":\"S\",\"title\":\"T\","
	"\"topics\":[\"x\"],"
	"\"updates\":[{\"absences\":1,\"authors\":[{\"name\":\"U\"}],"
	"\"body\":{\"blocks\":[{\"kind\":\"rule\"}]},"
	"\"derived_key\":true,\"key\":\"k1\","
	"\"marks\":17,\"message_id\":\"<u@a>\",\"modified_utc\":2,"
	"\"parent_key\":\"k0\",\"posted_utc\":7,\"published_utc\":1,\"revision\":2,"
	"\"title\":\"t\",\"unshown\":true,"
	"\"url\":\"https://a.example/c#k1\"},"
	"{\"key\":\"k2\"}],"
	"\"url\":\"https://a.example/u\"}";

static struct nw_story *read_story(void **state, const char *json)
{
	struct nw_story *story = NULL;
	struct nw_error err;

	assert_int_equal(nw_snapshot_read(*state, json, strlen(json), &story,
					  &err), 0);
	return story;
}

static void snapshot_comes_back_byte_for_byte(void **state)
{
	static const char *const stories[] = { full, "{}" };
	struct nw_error err;
	struct nw_buf out;
	size_t i;

	for (i = 0; i < COUNT(stories); i++) {
		struct nw_story *story = read_story(state, stories[i]);

		nw_buf_init(&out, 10000);
		assert_int_equal(nw_snapshot_write(&out, story, &err), 0);
		assert_string_equal(out.data, stories[i]);
		nw_buf_free(&out);
	}
}

/* The bytes alone would not show a field that is read into another's place. */
static void fields_are_in_their_places(void **state)
{
	struct nw_story *story = read_story(state, full);
	const struct nw_block *blocks = story->body.blocks;
	const struct nw_update *update = &story->updates[0];

	assert_string_equal(story->title, "T");
	assert_string_equal(story->url, "https://a.example/u");
	assert_string_equal(story->canonical_url, "https://a.example/c");
	assert_int_equal(story->alias_count, 2);
	assert_string_equal(story->aliases[1], "tag:a");
	assert_string_equal(story->authors[0].role, "R");
	assert_string_equal(story->authors[0].email, "j@a.example");
	assert_int_equal(story->published_utc, 1753524000);
	assert_int_equal(story->modified_utc, -5);
	assert_int_equal(story->coverage_end_utc, 0);
	assert_true(story->live && story->paywalled);
	assert_int_equal(story->revision, 3);
	assert_int_equal(story->body.count, 8);
	assert_int_equal(blocks[0].kind, NW_BLOCK_PARAGRAPH);
	assert_int_equal(blocks[0].quote, 2);
	assert_int_equal(blocks[0].spans[0].style,
			 NW_SPAN_STRONG | NW_SPAN_EMPHASIS);
	assert_string_equal(blocks[0].spans[0].text, "\xc3\xa4 \"q\"\n");
	assert_string_equal(blocks[0].spans[1].text, "");
	assert_int_equal(blocks[1].level, 2);
	assert_int_equal(blocks[2].ordinal, -7);
	assert_true(blocks[4].table->rows[0].cells[0].header);
	assert_int_equal(blocks[4].table->rows[0].cell_count, 2);
	assert_int_equal(blocks[4].table->rows[1].cell_count, 0);
	assert_int_equal(blocks[5].image->width, 16);
	assert_string_equal(blocks[6].embed.title, "t");
	assert_true(story->enclosures[0].bytes == INT64_C(5000000000));
	assert_int_equal(story->update_count, 2);
	assert_int_equal(update->marks,
			 NW_UPDATE_KEY_EVENT | NW_UPDATE_WITHDRAWN);
	assert_string_equal(update->parent_key, "k0");
	assert_int_equal(update->body.blocks[0].kind, NW_BLOCK_RULE);
	assert_true(story->updates[1].published_utc == NW_TIME_NONE);
	assert_null(story->updates[1].message_id);
}

static void unknown_keys_are_passed_over(void **state)
{
	struct nw_story *story = read_story(state,
		"{\"zz\":{\"a\":[1,null]},\"title\":\"T\","
		"\"body\":{\"blocks\":[{\"kind\":\"hologram\","
		"\"spans\":[{\"text\":\"seen\"}]}]}}");

	assert_string_equal(story->title, "T");
	assert_int_equal(story->body.blocks[0].kind, NW_BLOCK_PARAGRAPH);
	assert_string_equal(story->body.blocks[0].spans[0].text, "seen");
}

static const struct {
	const char *json, *title;
} strings[] = {
	{ "{\"title\":\"\\u00e4\\uD83D\\ude00\\/\\n\\\"\"}",
	  "\xc3\xa4\xf0\x9f\x98\x80/\n\"" },
	{ " { \"title\" : \"a\" , \"zz\" : [ ] } ", "a" },
	{ "{\"zz\":{\"a\":[true,null,{},-1.5e3,\"]\"]},\"title\":\"\"}", "" },
	{ "{\"titl\\u0065\":\"a\"}", "a" },
};

static void strings_are_read_with_their_escapes(void **state)
{
	size_t i;

	for (i = 0; i < COUNT(strings); i++)
		assert_string_equal(read_story(state, strings[i].json)->title,
				    strings[i].title);
}

static void numbers_are_read_to_their_ends(void **state)
{
	assert_true(read_story(state, "{\"modified_utc\":"
				      "-9223372036854775807}")
			    ->modified_utc == -INT64_MAX);
	assert_true(read_story(state, "{\"modified_utc\":"
				      "9223372036854775807}")
			    ->modified_utc == INT64_MAX);
}

static const char *const bad[] = {
	"{\"title\":\"\\ud83d\"}", "{\"title\":\"\\ude00\"}",
	"{\"title\":\"\\ud83dxxxxxx\"}", "{\"title\":\"\\ud83d\\u0041\"}",
	"{\"title\":\"\\u00g0\"}", "{\"title\":\"\\u00", "{\"title\":\"\\x\"}",
	"{\"title\":\"a\nb\"}", "{\"title\":\"a\\", "{\"title\" \"a\"}",
	"{,}", "{\"zz\":1,}", "{\"zz\":[1,]}", "{\"zz\":}", "{\"zz\":tru}",
	"{\"zz\":\"\\q\"}", "{\"zz\":1 2}", "{title:\"a\"}",
	"{\"modified_utc\":9223372036854775808}",
	"{\"modified_utc\":-9223372036854775809}", "{\"modified_utc\":-}",
	"{\"modified_utc\":1e3}",
	"", "x", "[]", "null", "\"t\"", "{", "{}{}", "{\"title\":1}",
	"{\"title\":null}", "{\"title\":\"a\\u0000b\"}", "{\"title\":\"\xff\"}",
	"{\"aliases\":\"a\"}", "{\"aliases\":[1]}", "{\"aliases\":{}}",
	"{\"live\":1}", "{\"modified_utc\":\"1\"}", "{\"modified_utc\":1.5}",
	"{\"modified_utc\":99999999999999999999}", "{\"revision\":-1}",
	"{\"revision\":4294967296}", "{\"body\":[]}",
	"{\"body\":{\"blocks\":{}}}", "{\"body\":{\"blocks\":[1]}}",
	"{\"lead_image\":[]}", "{\"lead_image\":{\"width\":2147483648}}",
	"{\"updates\":[{}]}", "{\"updates\":[{\"key\":7}]}",
	"{\"body\":{\"blocks\":[{\"spans\":[{}]}]}}",
	"{\"title\":\"a\",\"title\":2}",
};

static void what_is_no_snapshot_is_refused(void **state)
{
	struct nw_story *story = NULL;
	struct nw_error err;
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		err.code = NW_ERROR_NONE;
		assert_int_equal(nw_snapshot_read(*state, bad[i],
						  strlen(bad[i]), &story,
						  &err), -1);
		assert_int_equal(err.code, NW_ERROR_DATA);
		assert_null(story);
	}
}

static void every_cut_of_a_snapshot_is_refused(void **state)
{
	struct nw_story *story = NULL;
	struct nw_error err;
	size_t len;

	for (len = 0; len < strlen(full); len++)
		assert_int_equal(nw_snapshot_read(*state, full, len, &story,
						  &err), -1);
	assert_null(story);
}

static void nested_deep_is_refused(void **state)
{
	struct nw_story *story = NULL;
	struct nw_error err;
	struct nw_buf json;
	unsigned i;

	nw_buf_init(&json, 1 << 20);
	nw_buf_adds(&json, "{\"zz\":");
	for (i = 0; i < 100000; i++)
		nw_buf_addc(&json, '[');
	assert_int_equal(nw_snapshot_read(*state, json.data, json.len, &story,
					  &err), -1);
	nw_buf_free(&json);
}

static void write_keeps_to_the_ceiling(void **state)
{
	struct nw_story *story = read_story(state, full);
	struct nw_error err;
	struct nw_buf out;

	nw_buf_init(&out, strlen(full) + 2);
	nw_buf_adds(&out, "abc");
	assert_int_equal(nw_snapshot_write(&out, story, &err), -1);
	assert_int_equal(err.code, NW_ERROR_REFUSED);
	assert_string_equal(out.data, "abc");
	nw_buf_free(&out);
	story->title = "\xff";
	nw_buf_init(&out, 10000);
	assert_int_equal(nw_snapshot_write(&out, story, &err), -1);
	assert_int_equal(err.code, NW_ERROR_INTERNAL);
	assert_int_equal(out.len, 0);
	nw_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(snapshot_comes_back_byte_for_byte),
		cmocka_unit_test(fields_are_in_their_places),
		cmocka_unit_test(unknown_keys_are_passed_over),
		cmocka_unit_test(strings_are_read_with_their_escapes),
		cmocka_unit_test(numbers_are_read_to_their_ends),
		cmocka_unit_test(what_is_no_snapshot_is_refused),
		cmocka_unit_test(every_cut_of_a_snapshot_is_refused),
		cmocka_unit_test(nested_deep_is_refused),
		cmocka_unit_test(write_keeps_to_the_ceiling),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
