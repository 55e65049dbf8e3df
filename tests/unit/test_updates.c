/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Updates of a live page over several polls: those that are edited often, or
 * that have no permanent id.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "newswire/limits.h"
#include "updates_fixture.h"

static void burst_of_edits_is_one_revision(void **state)
{
	struct page *page = *state;
	const char *first;

	poll_at(page, 0, "a | 0 | One.");
	first = page->thread.posts[1].message_id;
	assert_false(page->thread.waits);
	poll_at(page, 60, "a | 0 | Two.");
	assert_quiet(page);
	assert_true(page->thread.waits);
	assert_false(page->thread.changed);
	poll_at(page, 120, "a | 0 | Three.");
	assert_quiet(page);
	assert_true(page->thread.waits);
	/* the page stays as it is; the edit still goes out */
	poll_at(page, PAUSE, "a | 0 | Three.");
	assert_string_equal(only_post(page, NW_POST_UPDATE, "a")->supersedes,
			    first);
	assert_false(page->thread.waits);
	assert_string_equal(nw_body_text(page->arena,
					 &page->stored->updates[0].body),
			    "Three.");
	/* the pause begins anew */
	poll_at(page, PAUSE + 60, "a | 0 | Four.");
	assert_quiet(page);
	poll_at(page, 2 * PAUSE, "a | 0 | Four.");
	(void)only_post(page, NW_POST_UPDATE, "a");
}

static void edit_that_is_taken_back_is_none(void **state)
{
	struct page *page = *state;

	poll_at(page, 0, "a | 0 | One.");
	poll_at(page, 60, "a | 0 | Two.");
	poll_at(page, 120, "a | 0 | One.");
	assert_quiet(page);
	assert_false(page->thread.waits);
	poll_at(page, PAUSE, "a | 0 | One.");
	assert_quiet(page);
}

static void held_edit_survives_that_the_update_leaves_the_page(void **state)
{
	struct page *page = *state;

	poll_at(page, 0, "a | 0 | One.");
	poll_at(page, 60, "a | 0 | Two.");
	poll_at(page, 120, "b | 100 | New.");
	poll_at(page, 2 * PAUSE, "a | 0 | Two.\nb | 100 | New.");
	(void)only_post(page, NW_POST_UPDATE, "a");
}

static void withdrawal_and_correction_do_not_wait(void **state)
{
	struct page *page = *state;
	const struct nw_post *post;

	poll_at(page, 0, "a | 0 | One.\nb | 0 | Other.");
	poll_at(page, 60, "a | 0 | -\nb | 0 | Other.");
	(void)only_post(page, NW_POST_CANCEL, "a");
	page->stored->updates[0].modified_utc = NW_TIME_NONE;
	poll_at(page, 120, "b | 0 | Correction: not the other.");
	post = only_post(page, NW_POST_UPDATE, "b");
	assert_string_equal(post->notice, "Correction: not the other.");
	assert_true(post->updated_utc == NOW + 120);
	/* the notice is told once */
	poll_at(page, 5 * PAUSE, "b | 0 | Correction: not the other. Sorry.");
	post = only_post(page, NW_POST_UPDATE, "b");
	assert_non_null(post->notice);
	poll_at(page, 9 * PAUSE,
		"b | 0 | Correction: not the other. Sorry./More");
	assert_null(only_post(page, NW_POST_UPDATE, "b")->notice);
}

/* An update that newer ones push off the page is known from the structured data
 * alone, which lack parts of it: no edit, unless they say a later time. */
static void hidden_update_is_not_edited(void **state)
{
	static const char whole[] = "a | 0 | Rain fell./A list./It is over.";
	static const char part[] = "a | 0 | Rain fell./It is over.";
	static const struct {
		bool stored, fresh;
		int64_t stored_utc, fresh_utc;
		bool told;
	} polls[] = {
		{ false, true, NW_TIME_NONE, NW_TIME_NONE, false },
		{ true, false, NW_TIME_NONE, NW_TIME_NONE, false },
		{ false, true, NOW + 5, NOW + 5, false },
		{ false, true, NOW + 5, NOW + 50, true },
		{ false, true, NW_TIME_NONE, NOW + 50, true },
		{ false, true, NW_TIME_NONE, NOW, false },
		{ false, false, NW_TIME_NONE, NW_TIME_NONE, true },
	};
	struct page *page = *state;
	size_t i, k;

	for (i = 0; i < COUNT(polls); i++)
		for (k = 0; k < 2; k++) {
			struct nw_story *story;

			page->stored = NULL;
			page->unshown = polls[i].stored;
			page->modified_utc = polls[i].stored_utc;
			poll_at(page, 0, polls[i].stored ? part : whole);
			page->unshown = polls[i].fresh;
			page->modified_utc = polls[i].fresh_utc;
			poll_at(page, 2 * PAUSE,
				   polls[i].stored ? whole : part);
			assert_int_equal(page->thread.post_count,
					 polls[i].told);
			story = page->thread.story;
			if (!polls[i].told)
				assert_int_equal(story->updates[0].unshown,
						 polls[i].stored);
		}
}

/* Derived keys: the first poll, the second, and what becomes of it: "edited"
 * (superseded), "same", or "new". */
static const struct {
	const char *first, *second, *becomes;
} identities[] = {
	/* another headline, another text, another minute */
	{ "~1 | 0 | The police closed the bridge over the river at noon.",
	  "~2 | 0 | The police closed the old bridge over the river at noon.",
	  "edited" },
	{ "~1 | 0 | Police have closed the bridge over the river.",
	  "~2 | 60 | Police have now closed the bridge over the river.",
	  "edited" },
	{ "~1 | 0 | Police have closed the bridge over the river.",
	  "~2 | 60 | Police have closed the bridge over the river.", "same" },
	{ "~1 | 0 | \xe8\xad\xa6\xe5\xaf\x9f\xe5\xb0\x81\xe9\x94\x81\xe4\xba\x86"
	  "\xe5\xa4\xa7\xe6\xa1\xa5",
	  "~2 | 0 | \xe8\xad\xa6\xe5\xaf\x9f\xe5\xb7\xb2\xe5\xb0\x81\xe9\x94\x81"
	  "\xe5\xa4\xa7\xe6\xa1\xa5",
	  "edited" },
	/* ten minutes later, when most words are the same */
	{ "~1 | 0 | Police have closed the old bridge over the river until the "
	  "morning of next Monday.",
	  "~2 | 600 | Police have now closed the old bridge over the river until "
	  "the morning of next Monday.", "edited" },
	/* its id is known now */
	{ "~1 | 0 | Police have closed the bridge over the river.",
	  "77 | 0 | Police have closed the bridge over the river.", "same" },
	/* others */
	{ "~1 | 0 | Police have closed the bridge over the river.",
	  "~2 | 0 | In Goole the mayor opens the new school today.", "new" },
	{ "~1 | 0 | Police have closed the bridge over the river.",
	  "~2 | 3600 | Police have closed the bridge over the river.", "new" },
	{ "~1 | 0 | Police have closed the bridge over the river.",
	  "~2 | 600 | Police have closed the road along the river.", "new" },
	/* permanent ids are believed */
	{ "1 | 0 | Police have closed the bridge over the river.",
	  "2 | 0 | Police have closed the bridge over the river.", "new" },
	/* which of two it is, nobody can say */
	{ "~1 | 0 | Goal for the guests.\n~2 | 10 | Goal for the guests.",
	  "~3 | 0 | Goal for the guests!  It is one.", "new" },
};

static void update_without_an_id_is_known_again(void **state)
{
	struct page *page = *state;
	size_t i;

	for (i = 0; i < COUNT(identities); i++) {
		const struct nw_post *post;

		page->stored = NULL;
		poll_at(page, 0, identities[i].first);
		poll_at(page, 2 * PAUSE, identities[i].second);
		post = page->thread.posts;
		if (page->thread.post_count !=
			    (strcmp(identities[i].becomes, "same") != 0) ||
		    (post && page->thread.post_count &&
		     !post->supersedes !=
			     !strcmp(identities[i].becomes, "new")))
			fail_msg("%s is not %s", identities[i].second,
				 identities[i].becomes);
		/* and once more, that is no news */
		poll_at(page, 4 * PAUSE, identities[i].second);
		assert_quiet(page);
	}
}

/* Of two that are alike enough, it is the one that is more so; the other one
 * stays what it was. */
static void likest_is_the_same(void **state)
{
	struct page *page = *state;
	const char *first, *second;

	poll_at(page, 0,
		"~1 | 0 | Police have closed the bridge over the river.\n"
		"~2 | 10 | Police have closed the bridge and the road along the "
		"river today.");
	first = page->stored->updates[0].message_id;
	second = page->stored->updates[1].message_id;
	poll_at(page, 2 * PAUSE,
		"~3 | 0 | Police have now closed the bridge over the river.");
	assert_string_equal(only_post(page, NW_POST_UPDATE, "~1")->supersedes,
			    first);
	assert_int_equal(page->stored->update_count, 2);
	assert_string_equal(page->stored->updates[1].message_id, second);
}

/* It may come back itself; until then what is like it is another one. */
static void withdrawn_one_is_not_known_again(void **state)
{
	struct page *page = *state;

	poll_at(page, 60, "a | 0 | A.\n~1 | 10 | Police closed the bridge.\n"
			  "c | 20 | C.");
	poll_at(page, 120, A_C);
	poll_at(page, 180, A_C);
	(void)only_post(page, NW_POST_CANCEL, "~1");
	poll_at(page, 240, "a | 0 | A.\n~2 | 10 | Police close the bridge.\n"
			   "c | 20 | C.");
	assert_null(only_post(page, NW_POST_UPDATE, "~2")->supersedes);
}

static void answer_follows_a_renamed_update(void **state)
{
	struct page *page = *state;
	const struct nw_thread_options options = { .id_domain = "d.invalid",
						   .now_utc = NOW };
	struct nw_story *story;
	struct nw_error err;

	poll_at(page, 0, "~1 | 0 | Police have closed the bridge over it.");
	story = model_text(page->arena, "T", "Body.");
	add_update(page, story,
		   "9 | 0 | Police have closed the bridge over it.");
	add_update(page, story, "10 | 60 | An answer.");
	story->updates[1].parent_key = "9";
	assert_int_equal(nw_thread_plan(page->arena, page->stored, story,
					&options, &page->thread, &err),
			 0);
	assert_int_equal(page->thread.post_count, 1);
	assert_int_equal(page->thread.posts->reference_count, 2);
	assert_string_equal(page->thread.posts->references[1],
			    page->thread.story->updates[0].message_id);
}

/* A hostile page, all of whose updates have one minute and no id, is not
 * compared each with each. */
static void thousands_of_a_minute_are_not_compared(void **state)
{
	struct page *page = *state;
	struct nw_buf first, second;
	int i;

	nw_buf_init(&first, 1 << 20);
	nw_buf_init(&second, 1 << 20);
	for (i = 0; i < NW_STORY_UPDATES / 2; i++) {
		nw_buf_addf(&first, "~a%d | 0 | Word%d and text %d.\n", i, i,
			    i);
		nw_buf_addf(&second, "~b%d | 0 | Word%d or text %d.\n", i, i,
			    i);
	}
	poll_at(page, 0, first.data);
	poll_at(page, 2 * PAUSE, second.data);
	assert_int_equal(page->thread.post_count, NW_STORY_UPDATES / 2);
	nw_buf_free(&first);
	nw_buf_free(&second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(burst_of_edits_is_one_revision),
		TEST(edit_that_is_taken_back_is_none),
		TEST(held_edit_survives_that_the_update_leaves_the_page),
		TEST(withdrawal_and_correction_do_not_wait),
		TEST(hidden_update_is_not_edited),
		TEST(update_without_an_id_is_known_again),
		TEST(likest_is_the_same),
		TEST(withdrawn_one_is_not_known_again),
		TEST(answer_follows_a_renamed_update),
		TEST(thousands_of_a_minute_are_not_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
