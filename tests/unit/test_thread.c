/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a thread is made of: its root, its updates, what each answers.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "newswire/limits.h"
#include "thread_fixture.h"

static void new_story_is_a_root(void **state)
{
	struct nw_thread thread = plan(state, NULL,
		STORY("'published_utc':1000," PARAGRAPH("A.")));
	const struct nw_post *post = thread.posts;

	assert_int_equal(thread.post_count, 1);
	assert_true(thread.changed);
	assert_int_equal(post->kind, NW_POST_ROOT);
	assert_string_equal(post->message_id, story_id(state));
	assert_null(post->supersedes);
	assert_references(post, NULL, NULL, NULL);
	assert_string_equal(post->subject, "T");
	assert_int_equal(post->date_utc, 1000);
	assert_null(post->update);
	assert_null(post->update_key);
	assert_string_equal(thread.story->root_id, post->message_id);
	assert_string_equal(thread.story->message_id, post->message_id);
	assert_int_equal(thread.story->revision, 0);
}

/* An answer follows what it answers, its newer versions too, itself never. */
static void answer_follows_another_story(void **state)
{
	struct nw_thread_options options = {
		.id_domain = DOMAIN,
		.edits = NW_EDITS_SUPERSEDE,
		.now_utc = NOW,
		.parent_id = "<parent@d.invalid>",
	};
	const struct nw_story *story =
		model_story(*state, STORY(PARAGRAPH("A.")));
	struct nw_thread thread;

	assert_int_equal(nw_thread_plan(*state, NULL, story, &options, &thread,
					NULL), 0);
	assert_references(thread.posts, options.parent_id, NULL, NULL);
	story = thread.story;
	assert_int_equal(nw_thread_plan(*state, story,
					model_story(*state,
						    STORY(PARAGRAPH("B."))),
					&options, &thread, NULL), 0);
	assert_references(thread.posts, options.parent_id, story_id(state),
			  NULL);
	options.parent_id = story_id(state);
	assert_int_equal(nw_thread_plan(*state, NULL,
					model_story(*state,
						    STORY(PARAGRAPH("A."))),
					&options, &thread, NULL), 0);
	assert_references(thread.posts, NULL, NULL, NULL);
}

static void new_updates_follow_up_by_date(void **state)
{
	struct nw_thread thread = plan(state, NULL,
		STORY("'published_utc':2000,'updates':["
		      UPDATE("b", "1900", "B.") "," UPDATE("a", "2100", "A.") ","
		      UPDATE("c", "1500", "C.") ",{'key':'w','marks':16}]"));
	static const char *const keys[] = { "c", "b", "a" };
	size_t i;

	assert_int_equal(thread.post_count, 4);
	assert_int_equal(thread.posts[0].kind, NW_POST_ROOT);
	for (i = 0; i < 3; i++) {
		const struct nw_post *post = &thread.posts[i + 1];

		assert_int_equal(post->kind, NW_POST_UPDATE);
		assert_string_equal(post->update_key, keys[i]);
		assert_string_equal(post->update->key, keys[i]);
		assert_ptr_equal(post->update, &thread.story->updates[i]);
		assert_string_equal(post->message_id,
				    update_id(state, keys[i]));
		assert_string_equal(post->update->message_id,
				    post->message_id);
		assert_references(post, story_id(state), NULL, NULL);
		assert_null(post->supersedes);
	}
	assert_int_equal(thread.posts[1].date_utc, 1500);
	assert_int_equal(thread.story->update_count, 4);
}

static const char *const kinds[] = {
	STORY(PARAGRAPH("A.")),
	STORY("'published_utc':99999999999,'modified_utc':99999999999"),
	STORY("'corrections':['We erred.','We  ERRED','Again.']"),
	STORY("'updates':[" UPDATE("a", "5", "A.") ",{'key':'b'},"
	      "{'key':'c','marks':16}," UPDATE("a", "6", "twice") "]"),
	STORY("'updates':[{'key':'x','parent_key':'y'},"
	      "{'key':'y','parent_key':'x'}],'aliases':['7','7']"),
	"{'aliases':['7']}",
	"{'url':'https://a.example/s','canonical_url':'https://a.example/c'}",
};

static void same_story_again_brings_nothing(void **state)
{
	struct nw_thread first, again;
	int edits;
	size_t i;

	for (i = 0; i < COUNT(kinds); i++)
		for (edits = 0; edits < NW_EDITS_COUNT; edits++) {
			first = plan_with(state, NULL, kinds[i],
					  (enum nw_edits)edits);
			again = plan_with(state, first.story, kinds[i],
					  (enum nw_edits)edits);
			assert_int_equal(again.post_count, 0);
			assert_false(again.changed);
		}
}

static void ids_do_not_depend_on_the_clock(void **state)
{
	struct nw_thread_options options = { .id_domain = DOMAIN,
					     .now_utc = 7 };
	struct nw_thread first, other;
	struct nw_error err;
	size_t i;

	for (i = 0; i < COUNT(kinds); i++) {
		first = plan(state, NULL, kinds[i]);
		assert_int_equal(nw_thread_plan(*state, NULL,
						model_story(*state, kinds[i]),
						&options, &other, &err), 0);
		assert_int_equal(first.post_count, other.post_count);
		assert_string_equal(first.posts[0].message_id,
				    other.posts[0].message_id);
	}
}

static void later_update_follows_up(void **state)
{
	struct nw_thread thread = plan(state, NULL,
		STORY("'updates':[" UPDATE("b", "20", "B.") "]"));

	/* b is off the page now, and the late one is older than it */
	thread = plan(state, thread.story,
		      STORY("'updates':[" UPDATE("a", "10", "A.") "]"));
	assert_int_equal(thread.post_count, 1);
	assert_true(thread.changed);
	assert_int_equal(thread.posts[0].kind, NW_POST_UPDATE);
	assert_string_equal(thread.posts[0].message_id, update_id(state, "a"));
	assert_int_equal(thread.story->update_count, 2);
	assert_string_equal(thread.story->updates[0].key, "a");
	assert_string_equal(thread.story->updates[1].key, "b");
	assert_string_equal(thread.story->updates[1].message_id,
			    update_id(state, "b"));
}

static void answer_names_what_it_answers(void **state)
{
	struct nw_thread thread = plan(state, NULL,
		STORY("'updates':[{'key':'a','published_utc':1},"
		      "{'key':'b','published_utc':2,'parent_key':'a'},"
		      "{'key':'c','published_utc':3,'parent_key':'b'},"
		      "{'key':'d','published_utc':4,'parent_key':'gone'},"
		      "{'key':'e','published_utc':5,'parent_key':'f'},"
		      "{'key':'f','published_utc':6,'parent_key':'e'},"
		      "{'key':'g','published_utc':7,'parent_key':'g'},"
		      "{'key':'h','published_utc':8,'parent_key':'w'},"
		      "{'key':'w','published_utc':9,'marks':16}]"));
	const char *root = story_id(state);

	assert_int_equal(thread.post_count, 9);
	assert_references(&thread.posts[1], root, NULL, NULL);
	assert_references(&thread.posts[2], root, update_id(state, "a"), NULL);
	assert_references(&thread.posts[3], root, update_id(state, "a"),
			  update_id(state, "b"));
	assert_references(&thread.posts[4], root, NULL, NULL);
	assert_references(&thread.posts[5], root, update_id(state, "f"), NULL);
	assert_references(&thread.posts[6], root, update_id(state, "e"), NULL);
	assert_references(&thread.posts[7], root, NULL, NULL);
	assert_references(&thread.posts[8], root, NULL, NULL);
}

static struct nw_story *many_updates(struct nw_arena *arena, unsigned first,
				     unsigned count)
{
	struct nw_story *story = nw_story_new(arena);
	unsigned i;

	story->url = "https://a.example/s";
	story->title = "T";
	story->update_count = count;
	story->updates = nw_arena_alloc(arena,
					count * sizeof(*story->updates));
	for (i = 0; i < count; i++)
		story->updates[i] = (struct nw_update){
			.key = nw_arena_printf(arena, "%u", first + i),
			.parent_key = nw_arena_printf(arena, "%u",
						      first + i - 1),
			.published_utc = first + i,
			.modified_utc = NW_TIME_NONE,
		};
	return story;
}

static void long_chain_of_answers_is_capped(void **state)
{
	const struct nw_thread_options options = { .id_domain = DOMAIN,
						   .now_utc = NOW };
	struct nw_story *story = many_updates(*state, 1, 100);
	const struct nw_post *last;
	struct nw_thread thread;
	struct nw_error err;

	assert_int_equal(nw_thread_plan(*state, NULL, story, &options, &thread,
					&err), 0);
	last = &thread.posts[thread.post_count - 1];
	assert_true(last->reference_count <= NW_REFERENCES);
	assert_string_equal(last->references[0], story_id(state));
	assert_string_equal(last->references[last->reference_count - 1],
			    update_id(state, "99"));
}

static void oldest_updates_are_forgotten_past_the_cap(void **state)
{
	const struct nw_thread_options options = { .id_domain = DOMAIN,
						   .now_utc = NOW };
	struct nw_story *story = many_updates(*state, 1, NW_STORY_UPDATES);
	struct nw_thread thread;
	struct nw_error err;

	assert_int_equal(nw_thread_plan(*state, NULL, story, &options, &thread,
					&err), 0);
	/* the oldest is on the page still, the next ones are not */
	story = many_updates(*state, NW_STORY_UPDATES + 1, 3);
	story->updates[0] = thread.story->updates[0];
	assert_int_equal(nw_thread_plan(*state, thread.story, story, &options,
					&thread, &err), 0);
	assert_int_equal(thread.post_count, 2);
	assert_int_equal(thread.story->update_count, NW_STORY_UPDATES);
	assert_string_equal(thread.story->updates[0].key, "1");
	assert_string_equal(thread.story->updates[1].key, "4");
}

static void dates_are_never_in_the_future(void **state)
{
	struct nw_thread thread = plan(state, NULL,
		STORY("'published_utc':99999999999,'updates':["
		      UPDATE("a", "99999999999", "A.") ",{'key':'b'},"
		      UPDATE("c", "-5", "C.") "]"));
	size_t i;

	assert_int_equal(thread.posts[0].date_utc, NOW);
	assert_int_equal(thread.posts[1].date_utc, -5);
	for (i = 2; i < 4; i++)
		assert_int_equal(thread.posts[i].date_utc, NOW);
}

static void moved_story_keeps_its_root(void **state)
{
	struct nw_thread thread = plan(state, NULL,
		"{'url':'https://a.example/s','canonical_url':"
		"'https://a.example/s','title':'T','aliases':['g1']}");

	thread = plan(state, thread.story,
		      "{'url':'https://a.example/n','canonical_url':"
		      "'https://a.example/n','title':'T','aliases':['g2'],"
		      "'updates':[{'key':'a'}]}");
	assert_int_equal(thread.post_count, 1);
	assert_references(thread.posts, story_id(state), NULL, NULL);
	assert_string_equal(thread.story->root_id, story_id(state));
	assert_int_equal(thread.story->alias_count, 3);
	assert_string_equal(thread.story->aliases[0], "g1");
	assert_string_equal(thread.story->aliases[1], "https://a.example/s");
	assert_string_equal(thread.story->aliases[2], "g2");
}

static const char *const domains[] = {
	"", ".", "a..b", ".a", "a.", "a b", "a>b", "a\r\nb", "a@b",
	"\xc3\xa4.example", NULL,
};

static void bad_options_are_refused(void **state)
{
	struct nw_thread_options options = { .now_utc = NOW };
	struct nw_story *story = model_text(*state, "T", "A.");
	struct nw_thread thread = { NULL, NULL, 0, false, false };
	struct nw_error err;
	char long_domain[300];
	size_t i;

	for (i = 0; i < COUNT(domains); i++) {
		options.id_domain = domains[i];
		assert_int_equal(nw_thread_plan(*state, NULL, story, &options,
						&thread, &err), -1);
		assert_int_equal(err.code, NW_ERROR_USAGE);
	}
	memset(long_domain, 'a', sizeof(long_domain));
	long_domain[NW_MESSAGE_ID_OCTETS] = '\0';
	options.id_domain = long_domain;
	assert_int_equal(nw_thread_plan(*state, NULL, story, &options, &thread,
					&err), -1);
	options.id_domain = DOMAIN;
	assert_int_equal(nw_thread_plan(*state, NULL, nw_story_new(*state),
					&options, &thread, &err), -1);
	assert_int_equal(err.code, NW_ERROR_DATA);
	assert_null(thread.story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_story_is_a_root),
		cmocka_unit_test(answer_follows_another_story),
		cmocka_unit_test(new_updates_follow_up_by_date),
		cmocka_unit_test(same_story_again_brings_nothing),
		cmocka_unit_test(ids_do_not_depend_on_the_clock),
		cmocka_unit_test(later_update_follows_up),
		cmocka_unit_test(answer_names_what_it_answers),
		cmocka_unit_test(long_chain_of_answers_is_capped),
		cmocka_unit_test(oldest_updates_are_forgotten_past_the_cap),
		cmocka_unit_test(dates_are_never_in_the_future),
		cmocka_unit_test(moved_story_keeps_its_root),
		cmocka_unit_test(bad_options_are_refused),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
