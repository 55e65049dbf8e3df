/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Edits of a story's own text over several polls: which a reader is told, and
 * how.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "model.h"
#include "newswire/buf.h"
#include "newswire/change.h"
#include "newswire/thread.h"

#define NOW   INT64_C(1753524000)
#define PAUSE 600

/* Sixty words in five sentences. */
#define LONG                                                                    \
	"The harbour of Saltmarsh was shut on Monday after a storm. The mayor " \
	"Anna Berg said that all ferries stay in port for 3 days.\nThe wind "   \
	"tore the roof from the fish market and broke the windows of the "      \
	"school. Nobody was hurt.\nThe council will meet in the evening and "   \
	"talk about what it costs to build the market again."

struct paper {
	struct nw_arena *arena;
	struct nw_story *stored;
	struct nw_thread thread;
	enum nw_edits edits;
	bool live;
};

static int setup(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct paper *paper = nw_arena_alloc(arena, sizeof(*paper));

	paper->arena = arena;
	*state = paper;
	return 0;
}

static int teardown(void **state)
{
	struct paper *paper = *state;
	struct nw_arena *arena = paper->arena;

	nw_arena_free(&arena);
	return 0;
}

static void poll_at(struct paper *paper, int64_t seconds, const char *title,
		    const char *text)
{
	const struct nw_thread_options options = {
		.id_domain = "d.invalid",
		.edits = paper->edits,
		.now_utc = NOW + seconds,
		.update_pause_s = PAUSE,
	};
	struct nw_story *story = model_text(paper->arena, title, text);
	struct nw_error err;

	story->live = paper->live;
	assert_int_equal(nw_thread_plan(paper->arena, paper->stored, story,
					&options, &paper->thread, &err),
			 0);
	paper->stored = paper->thread.story;
}

/* LONG with a word in place of another. */
static const char *with(struct paper *paper, const char *text,
			const char *before, const char *after)
{
	const char *at = strstr(text, before);

	assert_non_null(at);
	return nw_arena_printf(paper->arena, "%.*s%s%s", (int)(at - text), text,
			       after, at + strlen(before));
}

static const struct {
	const char *before, *after;
	bool told;
} edits[] = {
	/* one word of sixty */
	{ "tore", "toar", false },
	{ "storm.", "gale.", false },
	{ "Nobody was", "No one was", true }, /* 2 of 60 are too many */
	{ "storm.", "storm!", false },
	{ "after a storm", "after a heavy storm", false },
	/* numbers, in digits or not */
	{ "3 days", "4 days", true },
	{ "3 days", "3 weeks", false },
	{ "3 days", "some days", true },
	{ "all ferries", "all million ferries", true },
	{ "all ferries", "all ٣ ferries", true },
	{ "all ferries", "all ५ ferries", true },
	{ "all ferries", "all ７ ferries", true },
	/* names */
	{ "Berg", "Borg", true },
	{ "Saltmarsh", "Goole", true },
	{ "The council", "The Council", false },
	{ "Nobody", "Somebody", false }, /* begins its sentence */
	{ "Nobody", "Berg", true }, /* known from within another one */
	/* many words, a sentence more, a sentence less */
	{ "roof from the fish market", "tiles off some old house", true },
	{ " Nobody was hurt.", "", true },
	{ "hurt.", "hurt. One of the doors was found far out at sea.", true },
};

static void slight_edits_are_not_told(void **state)
{
	struct paper *paper = *state;
	size_t i;

	for (i = 0; i < COUNT(edits); i++) {
		paper->stored = NULL;
		poll_at(paper, 0, "Storm", LONG);
		poll_at(paper, PAUSE, "Storm",
			with(paper, LONG, edits[i].before, edits[i].after));
		if (paper->thread.post_count != edits[i].told)
			fail_msg("%s to %s", edits[i].before, edits[i].after);
		/* what readers do not hear of is known all the same */
		assert_non_null(
			strstr(nw_body_text(paper->arena, &paper->stored->body),
			       *edits[i].after ? edits[i].after : "school."));
		poll_at(paper, 2 * PAUSE, "Storm",
			with(paper, LONG, edits[i].before, edits[i].after));
		assert_int_equal(paper->thread.post_count, 0);
		assert_false(paper->thread.changed);
	}
}

static const struct {
	const char *before, *after;
	bool told;
} headlines[] = {
	{ "Mayor shuts the harbor after a great storm on Monday",
	  "Mayor shuts the harbour after a great storm on Monday", false },
	{ "Mayor shuts the harbour", "Mayor opens the harbour", true },
	{ "Storm shuts harbour in the far north of the land",
	  "Storm closes harbour in the far south of this land", true },
	{ "Three Die In Storm", "Three Dead In Storm", true },
	/* capitals that the setting puts there are no names */
	{ "Storm Shuts The Harbour Of Saltmarsh",
	  "Storm Closes The Harbour Of Saltmarsh", false },
};

static void headline_is_told_sooner(void **state)
{
	struct paper *paper = *state;
	size_t i;

	for (i = 0; i < COUNT(headlines); i++) {
		paper->stored = NULL;
		poll_at(paper, 0, headlines[i].before, LONG);
		poll_at(paper, PAUSE, headlines[i].after, LONG);
		if (paper->thread.post_count != headlines[i].told)
			fail_msg("%s", headlines[i].after);
	}
}

/* In languages that put no blanks between words. */
static void ideographs_are_words(void **state)
{
	static const char many[] =
		"市长星期一说港口在风暴之后关闭所有渡轮都停在港内大风掀掉了鱼市场的"
		"屋顶打碎了学校的窗户没有人受伤市议会将在晚上开会讨论重建市场的费用"
		"今天下午还会有新的消息请大家耐心等待";
	struct paper *paper = *state;

	poll_at(paper, 0, "风暴", many);
	poll_at(paper, 1, "风暴", with(paper, many, "大风", "强风"));
	assert_int_equal(paper->thread.post_count, 0);
	poll_at(paper, 2, "风暴", with(paper, many, "星期一", "星期二"));
	assert_int_equal(paper->thread.post_count, 1);
	poll_at(paper, 3, "风暴",
		with(paper, with(paper, many, "星期一", "星期二"), "学校的窗户",
		     "医院和车站"));
	assert_int_equal(paper->thread.post_count, 1);
}

static void slight_edits_do_not_add_up_unseen(void **state)
{
	struct paper *paper = *state;
	const char *text = LONG;
	const char *shown;

	poll_at(paper, 0, "Storm", text);
	text = with(paper, text, "tore", "ripped");
	poll_at(paper, PAUSE, "Storm", text);
	assert_int_equal(paper->thread.post_count, 0);
	assert_non_null(paper->stored->posted);
	text = with(paper, text, "windows", "doors");
	poll_at(paper, 2 * PAUSE, "Storm", text);
	assert_int_equal(paper->thread.post_count, 1);
	assert_int_equal(paper->thread.posts->kind, NW_POST_EDIT);
	shown = nw_body_text(paper->arena, paper->thread.posts->changes);
	assert_non_null(strstr(shown, "tore ripped"));
	assert_non_null(strstr(shown, "windows doors"));
	assert_null(paper->stored->posted);
	assert_int_equal(paper->stored->revision, 1);
}

static void slight_edit_that_is_taken_back_leaves_nothing(void **state)
{
	struct paper *paper = *state;

	poll_at(paper, 0, "Storm", LONG);
	poll_at(paper, 1, "Storm", with(paper, LONG, "tore", "ripped"));
	poll_at(paper, 2, "Storm", LONG);
	assert_int_equal(paper->thread.post_count, 0);
	assert_null(paper->stored->posted);
}

/* A page that gives a teaser after a slight edit has not lost its text. */
static void teaser_after_a_slight_edit_is_none(void **state)
{
	struct paper *paper = *state;
	const char *text = with(paper, LONG, "The harbour of", "The port of");

	poll_at(paper, 0, "Storm", LONG);
	poll_at(paper, 1, "Storm", text);
	assert_int_equal(paper->thread.post_count, 0);
	poll_at(paper, 2, "Storm",
		nw_arena_printf(paper->arena, "%.80s…", text));
	assert_int_equal(paper->thread.post_count, 0);
	assert_string_equal(
		nw_body_text(paper->arena, &paper->stored->body),
		nw_body_text(paper->arena,
			     &model_text(paper->arena, "", text)->body));
}

static void slight_edit_supersedes_where_asked(void **state)
{
	struct paper *paper = *state;

	paper->edits = NW_EDITS_SUPERSEDE;
	poll_at(paper, 0, "Storm", LONG);
	poll_at(paper, 1, "Storm", with(paper, LONG, "tore", "ripped"));
	assert_int_equal(paper->thread.post_count, 1);
	assert_non_null(paper->thread.posts->supersedes);
	assert_true(paper->thread.posts->updated_utc == NOW + 1);
}

static void live_page_is_not_followed_up_at_each_poll(void **state)
{
	struct paper *paper = *state;

	paper->live = true;
	poll_at(paper, 0, "Storm", LONG);
	poll_at(paper, 60, "Flood", LONG);
	assert_int_equal(paper->thread.post_count, 0);
	assert_true(paper->thread.waits);
	poll_at(paper, PAUSE, "Flood", LONG);
	assert_int_equal(paper->thread.post_count, 1);
	assert_false(paper->thread.waits);
	/* nor at each poll after that */
	poll_at(paper, PAUSE + 60, "Wind", LONG);
	assert_int_equal(paper->thread.post_count, 0);
	assert_true(paper->thread.waits);
	/* others are polled too rarely for that */
	paper->live = false;
	poll_at(paper, PAUSE + 120, "Wind", LONG);
	assert_int_equal(paper->thread.post_count, 1);
}

static void notice_in_the_text_is_followed_up(void **state)
{
	struct paper *paper = *state;
	const char *text = LONG "\nCorrection: the mayor is Anna Berg.";
	int each;

	for (each = 0; each < NW_EDITS_COUNT; each++) {
		paper->edits = (enum nw_edits)each;
		paper->live = true;
		paper->stored = NULL;
		poll_at(paper, 0, "Storm", LONG);
		poll_at(paper, 1, "Storm", text);
		assert_int_equal(paper->thread.post_count, 1);
		assert_int_equal(paper->thread.posts->kind, NW_POST_CORRECTION);
		assert_string_equal(paper->thread.posts->notice,
				    "Correction: the mayor is Anna Berg.");
		poll_at(paper, 2, "Storm", text);
		assert_int_equal(paper->thread.post_count, 0);
		assert_false(paper->thread.changed);
	}
}

/* Whatever else the page changed goes with it, though the pause is not over. */
static void notice_does_not_leave_the_edit_behind(void **state)
{
	struct paper *paper = *state;

	paper->live = true;
	poll_at(paper, 0, "Storm", LONG);
	poll_at(paper, 60, "Flood",
		LONG "\nCorrection: the mayor is Anna Berg.");
	assert_int_equal(paper->thread.post_count, 2);
	assert_int_equal(paper->thread.posts[0].kind, NW_POST_EDIT);
	assert_int_equal(paper->thread.posts[1].kind, NW_POST_CORRECTION);
	assert_false(paper->thread.waits);
	assert_null(paper->stored->posted);
}

/* Told in the structured data without its label, and in the text with it. */
static void notice_is_told_once_in_two_places(void **state)
{
	struct paper *paper = *state;
	const struct nw_thread_options options = { .id_domain = "d.invalid",
						   .now_utc = NOW };
	static const char *notices[] = { "The mayor is Anna Berg." };
	struct nw_story *story;
	struct nw_error err;

	poll_at(paper, 0, "Storm", LONG);
	story = model_text(paper->arena, "Storm",
			   LONG "\nCorrection: The mayor is Anna Berg.");
	story->corrections = notices;
	story->correction_count = 1;
	assert_int_equal(nw_thread_plan(paper->arena, paper->stored, story,
					&options, &paper->thread, &err),
			 0);
	assert_int_equal(paper->thread.post_count, 1);
	assert_int_equal(paper->thread.posts->kind, NW_POST_CORRECTION);
}

/* A store of an older program, which did not look for notices in texts. */
static void old_notice_is_not_told_late(void **state)
{
	struct paper *paper = *state;
	const char *text = LONG "\nCorrection: the mayor is Anna Berg.";

	poll_at(paper, 0, "Storm", text);
	paper->stored->corrections = NULL;
	paper->stored->correction_count = 0;
	poll_at(paper, 1, "Storm", text);
	assert_int_equal(paper->thread.post_count, 0);
}

/* What a hostile page may hold is looked at no longer than it takes to say that
 * much changed: a hundred thousand sentences, or a few endless ones. */
static void huge_texts_are_told_at_once(void **state)
{
	static const struct {
		int sentences, words;
	} shapes[] = { { 100000, 2 }, { 30, 20000 } };
	struct paper *paper = *state;
	struct nw_buf texts[2];
	size_t i, k;
	int n, w;

	for (i = 0; i < COUNT(shapes); i++) {
		for (k = 0; k < 2; k++) {
			nw_buf_init(&texts[k], 8 << 20);
			for (n = 0; n < shapes[i].sentences; n++) {
				for (w = 0; w < shapes[i].words; w++)
					nw_buf_addf(&texts[k], "%sword",
						    w	    ? " "
						    : n % 2 ? "Abc"
							    : "Xyz");
				nw_buf_addf(&texts[k], "%s%c. ",
					    k ? "come" : "gone", 'a' + n % 26);
			}
		}
		paper->stored = NULL;
		poll_at(paper, 0, "Storm", texts[0].data);
		poll_at(paper, 1, "Storm", texts[1].data);
		assert_int_equal(paper->thread.post_count, 1);
		nw_buf_free(&texts[0]);
		nw_buf_free(&texts[1]);
	}
}

/* 300 sentences of fifty words each; in so many, of which none stand side by
 * side, one is another. */
static const char *long_read(struct paper *paper, int changed)
{
	const char *text;
	struct nw_buf out;
	int i, w;

	nw_buf_init(&out, 1 << 20);
	for (i = 0; i < 300; i++) {
		nw_buf_adds(&out, "The");
		for (w = 0; w < 48; w++)
			nw_buf_addf(&out, " %c%cword", 'a' + i / 26,
				    'a' + i % 26);
		nw_buf_addf(&out, " %s. ",
			    i % 2 == 0 && i / 2 < changed ? "came"
							      : "went");
	}
	text = nw_arena_strndup(paper->arena, out.data, out.len);
	nw_buf_free(&out);
	return text;
}

static void more_than_a_hundred_words_are_told(void **state)
{
	struct paper *paper = *state;

	poll_at(paper, 0, "Storm", long_read(paper, 0));
	poll_at(paper, 1, "Storm", long_read(paper, 100));
	assert_int_equal(paper->thread.post_count, 0);
	poll_at(paper, 2, "Storm", long_read(paper, 101));
	assert_int_equal(paper->thread.post_count, 1);
}

static void last_paragraph_that_goes_is_told(void **state)
{
	struct paper *paper = *state;

	poll_at(paper, 0, "Storm", LONG "\nThe mayor has resigned.");
	poll_at(paper, 1, "Storm", LONG);
	assert_int_equal(paper->thread.post_count, 1);
	assert_string_equal(nw_body_text(paper->arena,
					 paper->thread.posts->changes),
			    "The mayor has resigned.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		TEST(slight_edits_are_not_told),
		TEST(headline_is_told_sooner),
		TEST(ideographs_are_words),
		TEST(slight_edits_do_not_add_up_unseen),
		TEST(slight_edit_that_is_taken_back_leaves_nothing),
		TEST(teaser_after_a_slight_edit_is_none),
		TEST(slight_edit_supersedes_where_asked),
		TEST(live_page_is_not_followed_up_at_each_poll),
		TEST(notice_in_the_text_is_followed_up),
		TEST(notice_does_not_leave_the_edit_behind),
		TEST(notice_is_told_once_in_two_places),
		TEST(old_notice_is_not_told_late),
		TEST(more_than_a_hundred_words_are_told),
		TEST(last_paragraph_that_goes_is_told),
		TEST(huge_texts_are_told_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
