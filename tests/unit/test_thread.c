/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "model.h"
#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/thread.h"

#define NOW INT64_C(1753524000)
#define DOMAIN "d.invalid"
#define KEY "a.example/s"

#define PARAGRAPH(text) \
	"'body':{'blocks':[{'kind':'paragraph','spans':[{'text':'" text "'}]}]}"
#define STORY(rest) "{'url':'https://a.example/s','title':'T'," rest "}"
#define UPDATE(key, time, text) \
	"{'key':'" key "','published_utc':" time "," PARAGRAPH(text) "}"

static int setup(void **state)
{
	*state = nw_arena_new();
	return 0;
}

static int teardown(void **state)
{
	struct nw_arena *arena = *state;

	nw_arena_free(&arena);
	return 0;
}

static struct nw_thread plan_with(void **state, const struct nw_story *stored,
				  const char *fresh, enum nw_edits edits)
{
	const struct nw_thread_options options = {
		.id_domain = DOMAIN,
		.edits = edits,
		.now_utc = NOW,
	};
	struct nw_thread thread = { NULL, NULL, 0, false, false };
	struct nw_error err;

	assert_int_equal(nw_thread_plan(*state, stored,
					model_story(*state, fresh), &options,
					&thread, &err), 0);
	return thread;
}

static struct nw_thread plan(void **state, const struct nw_story *stored,
			     const char *fresh)
{
	return plan_with(state, stored, fresh, NW_EDITS_FOLLOW_UP);
}

static const char *story_id(void **state)
{
	return nw_ident_story_id(*state, KEY, DOMAIN);
}

static const char *update_id(void **state, const char *key)
{
	return nw_ident_update_id(*state, KEY, key, DOMAIN);
}

static void assert_references(const struct nw_post *post, const char *first,
			      const char *second, const char *third)
{
	const char *const ids[] = { first, second, third };
	size_t i, count = first ? second ? third ? 3 : 2 : 1 : 0;

	assert_int_equal(post->reference_count, count);
	for (i = 0; i < count; i++)
		assert_string_equal(post->references[i], ids[i]);
}

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

#define SEVENTY \
	"ten letter ten letter ten letter ten letter ten letter ten letter " \
	"ten letter"
static const struct {
	const char *update, *subject;
} subjects[] = {
	{ "'title':'Own title'", "Own title" },
	{ "'title':'THE HEADLINE!'," PARAGRAPH("Text."), "Text." },
	{ "'title':'The headline'", "Re: The headline" },
	{ "'key2':1", "Re: The headline" },
	{ PARAGRAPH("First sentence. Second."), "First sentence." },
	{ PARAGRAPH("Mr. Smith of the U.S. Army spoke. Second."),
	  "Mr. Smith of the U.S. Army spoke." },
	{ PARAGRAPH("It rose by 3.5 percent! Second."),
	  "It rose by 3.5 percent!" },
	{ PARAGRAPH("Is it over? Yes."), "Is it over?" },
	{ PARAGRAPH("\xe2\x80\x9cThey left.\xe2\x80\x9d Then more."),
	  "\xe2\x80\x9cThey left.\xe2\x80\x9d" },
	{ PARAGRAPH("See example.com for more"), "See example.com for more" },
	{ PARAGRAPH("\xe4\xb8\xad\xe6\x96\x87\xe3\x80\x82\xe4\xba\xba"),
	  "\xe4\xb8\xad\xe6\x96\x87\xe3\x80\x82" },
	/* 76 characters, then a word too many */
	{ PARAGRAPH(SEVENTY " word word"), SEVENTY "\xe2\x80\xa6" },
	{ PARAGRAPH(SEVENTY " abc"), SEVENTY " abc" },
	{ "'body':{'blocks':[{'kind':'image','image':{'caption':"
	  "'A mill. At night.','alt':'x'}}]}", "A mill." },
	{ "'body':{'blocks':[{'kind':'rule'},{'kind':'image','image':{'url':"
	  "'https://a.example/i'}}]}", "Re: The headline" },
	{ "'body':{'blocks':[{'kind':'embed','embed':{'title':'A video'}}]}",
	  "A video" },
	{ "'body':{'blocks':[{'kind':'code','spans':[{'text':'a\\nb'}]}]}",
	  "a b" },
	{ "'title':'evil\\r\\nBcc: x'", "evil Bcc: x" },
};

static void update_has_a_subject_of_its_own(void **state)
{
	struct nw_thread thread;
	size_t i;

	for (i = 0; i < COUNT(subjects); i++) {
		thread = plan(state, NULL,
			      nw_arena_printf(*state,
					      "{'url':'https://a.example/s',"
					      "'title':'The headline',"
					      "'updates':[{'key':'a',%s}]}",
					      subjects[i].update));
		assert_int_equal(thread.post_count, 2);
		assert_string_equal(thread.posts[1].subject,
				    subjects[i].subject);
	}
}

static void long_word_is_cut_at_eighty_characters(void **state)
{
	char json[2000] = "{'url':'https://a.example/s','title':'T','updates':"
			  "[{'key':'a',"
			  "'body':{'blocks':[{'kind':'paragraph','spans':"
			  "[{'text':'";
	struct nw_thread thread;
	size_t len = strlen(json), i;

	for (i = 0; i < 200; i++)
		len += (size_t)snprintf(json + len, sizeof(json) - len,
					"\xe4\xb8\xad");
	(void)snprintf(json + len, sizeof(json) - len, "'}]}]}}]}");
	thread = plan(state, NULL, json);
	assert_int_equal(strlen(thread.posts[1].subject), 80 * 3);
	assert_string_equal(thread.posts[1].subject + 79 * 3, "\xe2\x80\xa6");
}

static const struct {
	const char *story, *subject;
} roots[] = {
	{ "'title':'A'", "A" },
	{ "'description':'Stand first. More.'", "Stand first." },
	{ PARAGRAPH("Text here. More."), "Text here." },
	{ "'publisher':'The Paper'", "The Paper" },
	{ "'live':true", "(no title)" },
};

static void root_has_a_subject_in_any_case(void **state)
{
	size_t i;

	for (i = 0; i < COUNT(roots); i++)
		assert_string_equal(
			plan(state, NULL,
			     nw_arena_printf(*state,
					     "{'url':'https://a.example/s',%s}",
					     roots[i].story))
				.posts[0].subject, roots[i].subject);
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

static void stored_story_without_a_root_gets_one(void **state)
{
	struct nw_story *stored = model_story(*state, edit_before);
	struct nw_thread thread = plan(state, stored, edit_after);

	assert_int_equal(thread.post_count, 2);
	assert_int_equal(thread.posts[0].kind, NW_POST_ROOT);
	assert_string_equal(thread.posts[0].message_id, story_id(state));
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
		cmocka_unit_test(answer_names_what_it_answers),
		cmocka_unit_test(long_chain_of_answers_is_capped),
		cmocka_unit_test(oldest_updates_are_forgotten_past_the_cap),
		cmocka_unit_test(update_has_a_subject_of_its_own),
		cmocka_unit_test(long_word_is_cut_at_eighty_characters),
		cmocka_unit_test(root_has_a_subject_in_any_case),
		cmocka_unit_test(dates_are_never_in_the_future),
		cmocka_unit_test(moved_story_keeps_its_root),
		cmocka_unit_test(stored_story_without_a_root_gets_one),
		cmocka_unit_test(bad_options_are_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
