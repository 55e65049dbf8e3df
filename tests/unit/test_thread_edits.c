/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a thread makes of a story that reads otherwise than it did: edits,
 * withdrawals, corrections.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "thread_fixture.h"

static void edited_update_supersedes_and_never_repeats_an_id(void **state)
{
	static const char *const polls[] = {
		STORY("'updates':[" UPDATE("a", "10", "One.") "]"),
		STORY("'updates':[" UPDATE("a", "99", "Two.") "]"),
		STORY("'updates':[" UPDATE("a", "10", "One.") "]"),
		STORY("'updates':[" UPDATE("a", "10", "Two.") "]"),
	};
	const char *ids[COUNT(polls)];
	struct nw_thread thread = { NULL, NULL, 0, false, false };
	size_t i, j;

	for (i = 0; i < COUNT(polls); i++) {
		const struct nw_post *post;

		thread = plan(state, thread.story, polls[i]);
		post = &thread.posts[thread.post_count - 1];
		assert_int_equal(thread.post_count, i ? 1 : 2);
		assert_int_equal(post->kind, NW_POST_UPDATE);
		assert_int_equal(post->date_utc, 10);
		assert_references(post, story_id(state), NULL, NULL);
		ids[i] = post->message_id;
		if (i)
			assert_string_equal(post->supersedes, ids[i - 1]);
		for (j = 0; j < i; j++)
			assert_string_not_equal(ids[i], ids[j]);
		assert_int_equal(thread.story->updates[0].revision, i);
		assert_string_equal(thread.story->updates[0].message_id,
				    ids[i]);
	}
	assert_int_equal(strncmp(ids[1], ids[0], strlen("<u.") + 26), 0);
}

static void withdrawn_update_is_cancelled_once(void **state)
{
	static const char gone[] = STORY("'updates':[{'key':'a','marks':16}]");
	static const char here[] =
		STORY("'updates':[" UPDATE("a", "10", "One.") "]");
	struct nw_thread thread = plan(state, NULL, here);
	const char *again;

	thread = plan(state, thread.story, gone);
	assert_int_equal(thread.post_count, 1);
	assert_int_equal(thread.posts[0].kind, NW_POST_CANCEL);
	assert_string_equal(thread.posts[0].message_id, update_id(state, "a"));
	assert_string_equal(thread.posts[0].update_key, "a");
	assert_null(thread.story->updates[0].message_id);
	thread = plan(state, thread.story, gone);
	assert_int_equal(thread.post_count, 0);
	assert_false(thread.changed);
	/* it comes back: as a new article, for its id was used */
	thread = plan(state, thread.story, here);
	assert_int_equal(thread.post_count, 1);
	assert_int_equal(thread.posts[0].kind, NW_POST_UPDATE);
	assert_null(thread.posts[0].supersedes);
	again = thread.posts[0].message_id;
	assert_string_not_equal(again, update_id(state, "a"));
	/* and goes and comes once more */
	thread = plan(state, thread.story, gone);
	assert_string_equal(thread.posts[0].message_id, again);
	thread = plan(state, thread.story, here);
	assert_string_not_equal(thread.posts[0].message_id, again);
	assert_string_not_equal(thread.posts[0].message_id,
				update_id(state, "a"));
}

static void withdrawn_story_comes_back_in_its_thread(void **state)
{
	static const char here[] =
		STORY(PARAGRAPH("A.") ",'updates':["
		      UPDATE("a", "10", "One.") "]");
	struct nw_thread thread = plan(state, NULL, here);
	const struct nw_story *stored = thread.story;
	const struct nw_texts posted = { .title = "S" };
	const char *root, *update;

	thread.story->posted = &posted;
	stored = nw_thread_withdraw(*state, stored);
	assert_true(stored->withdrawn);
	assert_null(stored->message_id);
	assert_null(stored->updates[0].message_id);
	/* nothing of it is out any more */
	assert_null(stored->posted);
	assert_true(stored->posted_utc == NW_TIME_NONE);
	assert_true(stored->updates[0].posted_utc == NW_TIME_NONE);
	assert_string_equal(thread.story->updates[0].message_id,
			    update_id(state, "a"));
	thread = plan(state, stored, here);
	assert_int_equal(thread.post_count, 2);
	assert_int_equal(thread.posts[0].kind, NW_POST_ROOT);
	root = thread.posts[0].message_id;
	assert_string_not_equal(root, story_id(state));
	assert_null(thread.posts[0].supersedes);
	assert_references(&thread.posts[0], story_id(state), NULL, NULL);
	assert_int_equal(thread.posts[1].kind, NW_POST_UPDATE);
	update = thread.posts[1].message_id;
	assert_string_not_equal(update, update_id(state, "a"));
	assert_references(&thread.posts[1], story_id(state), root, NULL);
	assert_false(thread.story->withdrawn);
	thread = plan(state, thread.story, here);
	assert_int_equal(thread.post_count, 0);
	/* once more: no id comes twice */
	stored = nw_thread_withdraw(*state, thread.story);
	thread = plan(state, stored, here);
	assert_string_not_equal(thread.posts[0].message_id, root);
	assert_string_not_equal(thread.posts[1].message_id, update);
}

static void cut_text_is_no_edit_and_not_kept(void **state)
{
	struct nw_thread thread = plan(state, NULL,
		STORY(PARAGRAPH("One two three.") ",'updates':["
		      UPDATE("a", "10", "Four five.") "]"));

	thread = plan(state, thread.story,
		      STORY("'paywalled':true," PARAGRAPH("One two...")
			    ",'updates':[" UPDATE("a", "10", "Four") "]"));
	assert_int_equal(thread.post_count, 0);
	assert_false(thread.changed);
	assert_string_equal(nw_body_text(*state, &thread.story->body),
			    "One two three.");
	assert_string_equal(nw_body_text(*state,
					 &thread.story->updates[0].body),
			    "Four five.");
}

/* A story and what comes after it; polled once more, that is no news. */
static const char *const pairs[][2] = {
	/* a teaser that is the new standfirst, in place of the text */
	{ STORY("'description':'Old words.'," PARAGRAPH("Long text.")),
	  STORY("'description':'New words here.'," PARAGRAPH("New words")) },
	/* the old standfirst in its place, with a new one or with none */
	{ STORY("'description':'Old words.'," PARAGRAPH("Long text.")),
	  STORY("'description':'New here.'," PARAGRAPH("Old")) },
	{ STORY("'description':'Old words.'," PARAGRAPH("Long text.")),
	  "{'url':'https://a.example/s','title':'U'," PARAGRAPH("Old") "}" },
	/* a paragraph that is called a notice later, over a text cut short */
	{ STORY(PARAGRAPH("We erred.")),
	  STORY("'corrections':['We erred.']," PARAGRAPH("We")) },
};

static void change_is_told_once(void **state)
{
	struct nw_thread thread;
	int edits;
	size_t i;

	for (i = 0; i < COUNT(pairs); i++)
		for (edits = 0; edits < NW_EDITS_COUNT; edits++) {
			thread = plan_with(state, NULL, pairs[i][0],
					   (enum nw_edits)edits);
			thread = plan_with(state, thread.story, pairs[i][1],
					   (enum nw_edits)edits);
			thread = plan_with(state, thread.story, pairs[i][1],
					   (enum nw_edits)edits);
			assert_int_equal(thread.post_count, 0);
			assert_false(thread.changed);
		}
}

static const char edit_before[] =
	STORY("'published_utc':1000,'modified_utc':1100,"
	      "'description':'D.'," PARAGRAPH("One two three."));
static const char edit_after[] =
	STORY("'published_utc':1050,'modified_utc':1200,"
	      PARAGRAPH("One two four.") ",'updates':["
	      UPDATE("a", "1300", "A.") "]");

static void edited_story_is_followed_up(void **state)
{
	struct nw_thread thread = plan(state, NULL, edit_before);
	const struct nw_post *post;

	thread = plan(state, thread.story, edit_after);
	assert_int_equal(thread.post_count, 2);
	post = &thread.posts[0];
	assert_int_equal(post->kind, NW_POST_EDIT);
	assert_string_equal(post->subject, "Updated: T");
	assert_int_equal(post->date_utc, 1200);
	assert_null(post->supersedes);
	assert_references(post, story_id(state), NULL, NULL);
	assert_non_null(post->changes);
	assert_string_equal(nw_body_text(*state, post->changes),
			    "One two three. four. ");
	assert_int_equal(strncmp(post->message_id, story_id(state), 29), 0);
	assert_references(&thread.posts[1], story_id(state), NULL, NULL);
	assert_string_equal(thread.story->message_id, story_id(state));
	assert_int_equal(thread.story->revision, 1);
	assert_int_equal(thread.story->published_utc, 1000);
	/* the words of the old standfirst went with the old text */
	assert_null(thread.story->description);
}

static void edited_story_supersedes_where_asked(void **state)
{
	struct nw_thread thread = plan(state, NULL, edit_before);
	const struct nw_post *post;
	const char *first, *second;

	thread = plan_with(state, thread.story, edit_after,
			   NW_EDITS_SUPERSEDE);
	assert_int_equal(thread.post_count, 2);
	post = &thread.posts[0];
	first = post->message_id;
	assert_int_equal(post->kind, NW_POST_ROOT);
	assert_string_equal(post->subject, "T");
	assert_string_equal(post->supersedes, story_id(state));
	assert_int_equal(post->date_utc, 1000);
	assert_references(post, story_id(state), NULL, NULL);
	/* followers name the first id of the root, then the newest */
	assert_references(&thread.posts[1], story_id(state), first, NULL);
	assert_string_equal(thread.story->root_id, story_id(state));
	assert_string_equal(thread.story->message_id, first);
	thread = plan_with(state, thread.story, edit_before,
			   NW_EDITS_SUPERSEDE);
	assert_int_equal(thread.post_count, 1);
	second = thread.posts[0].message_id;
	assert_string_equal(thread.posts[0].supersedes, first);
	/* which has gone, so that nothing answers it any more */
	assert_references(&thread.posts[0], story_id(state), NULL, NULL);
	assert_string_not_equal(second, first);
	assert_string_not_equal(second, story_id(state));
}

static void edited_story_is_ignored_where_asked(void **state)
{
	struct nw_thread thread = plan(state, NULL, edit_before);

	thread = plan_with(state, thread.story, edit_after, NW_EDITS_IGNORE);
	assert_int_equal(thread.post_count, 1);
	assert_int_equal(thread.posts[0].kind, NW_POST_UPDATE);
	assert_int_equal(thread.story->revision, 0);
}

static void stale_time_of_an_edit_is_not_believed(void **state)
{
	static const char *const times[] = { "900", "1100", "99999999999" };
	struct nw_thread thread;
	const char *after;
	size_t i;

	for (i = 0; i < COUNT(times); i++) {
		thread = plan(state, NULL, edit_before);
		after = nw_arena_printf(*state,
					"{'url':'https://a.example/s',"
					"'title':'New','modified_utc':%s}",
					times[i]);
		thread = plan(state, thread.story, after);
		assert_int_equal(thread.post_count, 1);
		assert_int_equal(thread.posts[0].date_utc, NOW);
	}
}

static void correction_is_followed_up_once(void **state)
{
	static const char with[] =
		STORY(PARAGRAPH("A.") ",'corrections':['We erred.']");
	struct nw_thread thread = plan(state, NULL, STORY(PARAGRAPH("A.")));
	const struct nw_post *post;
	const char *first;

	thread = plan(state, thread.story, with);
	assert_int_equal(thread.post_count, 1);
	post = thread.posts;
	assert_int_equal(post->kind, NW_POST_CORRECTION);
	assert_string_equal(post->subject, "Correction: T");
	assert_string_equal(post->notice, "We erred.");
	assert_references(post, story_id(state), NULL, NULL);
	first = post->message_id;
	thread = plan(state, thread.story, STORY(PARAGRAPH("A.")));
	assert_int_equal(thread.post_count, 0);
	thread = plan(state, thread.story, with);
	assert_int_equal(thread.post_count, 0);
	thread = plan(state, thread.story,
		      STORY(PARAGRAPH("A.")
			    ",'corrections':['We  ERRED','Twice.']"));
	assert_int_equal(thread.post_count, 1);
	assert_string_equal(thread.posts[0].notice, "Twice.");
	assert_string_not_equal(thread.posts[0].message_id, first);
	/* an update that is named like it has another id */
	assert_string_not_equal(first, update_id(state, "correctionweerred"));
}

static void stored_story_without_a_root_gets_one(void **state)
{
	struct nw_story *stored = model_story(*state, edit_before);
	struct nw_thread thread = plan(state, stored, edit_after);

	assert_int_equal(thread.post_count, 2);
	assert_int_equal(thread.posts[0].kind, NW_POST_ROOT);
	assert_string_equal(thread.posts[0].message_id, story_id(state));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			edited_update_supersedes_and_never_repeats_an_id),
		cmocka_unit_test(withdrawn_update_is_cancelled_once),
		cmocka_unit_test(withdrawn_story_comes_back_in_its_thread),
		cmocka_unit_test(cut_text_is_no_edit_and_not_kept),
		cmocka_unit_test(change_is_told_once),
		cmocka_unit_test(edited_story_is_followed_up),
		cmocka_unit_test(edited_story_supersedes_where_asked),
		cmocka_unit_test(edited_story_is_ignored_where_asked),
		cmocka_unit_test(stale_time_of_an_edit_is_not_believed),
		cmocka_unit_test(correction_is_followed_up_once),
		cmocka_unit_test(stored_story_without_a_root_gets_one),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
