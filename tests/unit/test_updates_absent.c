/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Updates that are gone from a live page without a word.
 */
#include "config.h"

#include "unit.h"

#include "updates_fixture.h"

#define ABC "a | 0 | A.\nb | 10 | B.\nc | 20 | C."

static void two_absences_between_others_are_a_withdrawal(void **state)
{
	struct page *page = *state;

	poll_at(page, 60, ABC);
	poll_at(page, 120, A_C);
	assert_quiet(page);
	assert_true(page->thread.waits);
	assert_true(page->thread.changed);
	poll_at(page, 180, A_C);
	(void)only_post(page, NW_POST_CANCEL, "b");
	assert_false(page->thread.waits);
	poll_at(page, 240, A_C);
	assert_quiet(page);
	assert_false(page->thread.changed);
	poll_at(page, 300, ABC);
	assert_null(only_post(page, NW_POST_UPDATE, "b")->supersedes);
}

static void update_that_was_seen_again_is_not_absent(void **state)
{
	struct page *page = *state;

	poll_at(page, 60, ABC);
	poll_at(page, 120, A_C);
	poll_at(page, 180, ABC);
	assert_quiet(page);
	poll_at(page, 240, A_C);
	assert_quiet(page);
	assert_int_equal(page->stored->updates[1].absences, 1);
}

static void few_of_a_partial_page_tell_nothing_of_absence(void **state)
{
	struct page *page = *state;

	poll_at(page, 60, ABC);
	page->partial = true;
	poll_at(page, 120, A_C);
	poll_at(page, 180, A_C);
	poll_at(page, 240, A_C);
	assert_quiet(page);
	assert_false(page->thread.waits);
	/* and does not take back what a complete one told */
	page->partial = false;
	poll_at(page, 300, A_C);
	page->partial = true;
	poll_at(page, 360, A_C);
	page->partial = false;
	poll_at(page, 420, A_C);
	(void)only_post(page, NW_POST_CANCEL, "b");
}

/* Further pages hold older ones only, so what stands here between two that
 * are here would be here. */
static void partial_page_is_complete_between_its_ends(void **state)
{
	struct page *page = *state;
	struct nw_buf all, fewer;
	int i;

	nw_buf_init(&all, 4096);
	nw_buf_init(&fewer, 4096);
	for (i = 0; i < 10; i++) {
		nw_buf_addf(&all, "k%d | %d | Text %d.\n", i, i, i);
		if (i != 5 && i > 1)
			nw_buf_addf(&fewer, "k%d | %d | Text %d.\n", i, i, i);
	}
	page->partial = true;
	poll_at(page, 60, all.data);
	poll_at(page, 120, fewer.data);
	assert_quiet(page);
	poll_at(page, 180, fewer.data);
	(void)only_post(page, NW_POST_CANCEL, "k5");
	nw_buf_free(&all);
	nw_buf_free(&fewer);
}

static const char *const cuts[] = {
	"b | 10 | B.\nc | 20 | C.", /* nothing older */
	"a | 0 | A.\nb | 10 | B.",  /* nothing younger */
	"",			    /* nothing at all */
	"a | 0 | *A.\nc | 20 | C.", /* what is pinned is no witness */
	"c | 20 | C.\nd | 30 | D.", /* those that left, and a new one */
};

static void absence_at_an_end_is_none(void **state)
{
	struct page *page = *state;
	size_t i, k;

	for (i = 0; i < COUNT(cuts); i++) {
		page->stored = NULL;
		poll_at(page, 60, ABC);
		for (k = 0; k < 3; k++) {
			size_t j;

			poll_at(page, 120, cuts[i]);
			for (j = 0; j < page->thread.post_count; j++)
				assert_int_not_equal(page->thread.posts[j].kind,
						     NW_POST_CANCEL);
		}
	}
}

static void many_absences_at_once_are_none(void **state)
{
	struct page *page = *state;
	struct nw_buf all, few;
	int i;

	nw_buf_init(&all, 4096);
	nw_buf_init(&few, 4096);
	for (i = 0; i < 40; i++) {
		nw_buf_addf(&all, "k%d | %d | Text %d.\n", i, i, i);
		if (i % 3 == 0)
			nw_buf_addf(&few, "k%d | %d | Text %d.\n", i, i, i);
	}
	poll_at(page, 60, all.data);
	poll_at(page, 120, few.data);
	poll_at(page, 180, few.data);
	assert_quiet(page);
	nw_buf_free(&all);
	nw_buf_free(&few);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(two_absences_between_others_are_a_withdrawal),
		TEST(update_that_was_seen_again_is_not_absent),
		TEST(few_of_a_partial_page_tell_nothing_of_absence),
		TEST(partial_page_is_complete_between_its_ends),
		TEST(absence_at_an_end_is_none),
		TEST(many_absences_at_once_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
