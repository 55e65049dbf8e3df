/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which pictures a message shows.
 */
#include "config.h"

#include <string.h>

#include "unit.h"

#include "model.h"
#include "newswire/buf.h"
#include "newswire/shown.h"

#define A "https://a.example/"

/* A picture in the middle, one twice, one that is no web address. */
static const char pictures[] =
	"{'canonical_url':'" A "s','title':'T',"
	"'lead_image':{'url':'" A "lead.jpg'},"
	"'authors':[{'name':'Jo'},{'name':'Ann','avatar':'" A "ann.png'}],"
	"'body':{'blocks':["
	"{'kind':'paragraph','spans':[{'text':'One.'}]},"
	"{'kind':'image','image':{'url':'" A "1.jpg'}},"
	"{'kind':'image','image':{'url':'" A "2.jpg'}},"
	"{'kind':'image','image':{'url':'" A "1.jpg','caption':'Again'}},"
	"{'kind':'image','image':{'url':'data:image/png;base64,AA=='}}]}}";
static const char lead_alone[] =
	"{'canonical_url':'" A "s','title':'T',"
	"'lead_image':{'url':'" A "lead.jpg'},"
	"'body':{'blocks':[{'kind':'paragraph','spans':[{'text':'One.'}]}]}}";

static const char *shown(struct nw_arena *arena, const struct nw_story *story,
			 const struct nw_post *post)
{
	const char **urls, *text = "";
	size_t count = nw_shown_images(arena, story, post, &urls), i;

	for (i = 0; i < count; i++)
		text = nw_arena_printf(arena, "%s%s ", text,
				       urls[i] + strlen(A));
	return text;
}

static void test_images(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	const struct nw_story *story = model_story(arena, pictures);
	const struct nw_story *lead = model_story(arena, lead_alone);
	struct nw_block block = { .kind = NW_BLOCK_IMAGE };
	const struct nw_image image = { .url = A "u.jpg" };
	const struct nw_update update = { .key = "u",
					  .body = { &block, 1 } };
	struct nw_post post = { .kind = NW_POST_ROOT };

	(void)state;
	block.image = &image;
	assert_string_equal(shown(arena, story, &post), "1.jpg 2.jpg ");
	assert_string_equal(shown(arena, lead, &post), "lead.jpg ");
	post.kind = NW_POST_EDIT;
	assert_string_equal(shown(arena, story, &post), "1.jpg 2.jpg ");
	post.kind = NW_POST_CORRECTION;
	post.notice = "It was two.";
	assert_string_equal(shown(arena, story, &post), "");
	post.kind = NW_POST_CANCEL;
	assert_string_equal(shown(arena, story, &post), "");
	post.kind = NW_POST_UPDATE;
	post.update = &update;
	assert_string_equal(shown(arena, story, &post), "u.jpg ");
	nw_arena_free(&arena);
}

static void test_face(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_story *story = model_story(arena, pictures);
	struct nw_author reporter = { .name = "Kim", .avatar = A "kim.png" };
	struct nw_update update = { .key = "u" };
	struct nw_post post = { .kind = NW_POST_ROOT };

	(void)state;
	story->icon = A "icon.png";
	assert_string_equal(nw_shown_face(story, &post), A "ann.png");
	/* An update without authors is by those of the story. */
	post.kind = NW_POST_UPDATE;
	post.update = &update;
	assert_string_equal(nw_shown_face(story, &post), A "ann.png");
	update.authors = &reporter;
	update.author_count = 1;
	assert_string_equal(nw_shown_face(story, &post), A "kim.png");
	/* And one of others has not their portrait. */
	reporter.avatar = NULL;
	assert_string_equal(nw_shown_face(story, &post), A "icon.png");
	story->icon = NULL;
	assert_null(nw_shown_face(story, &post));
	reporter.avatar = "file:///etc/passwd";
	assert_null(nw_shown_face(story, &post));
	post.kind = NW_POST_CANCEL;
	reporter.avatar = A "kim.png";
	assert_null(nw_shown_face(story, &post));
	nw_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_images),
		cmocka_unit_test(test_face),
	};

	return cmocka_run_group_tests_name("shown", tests, NULL, NULL);
}
