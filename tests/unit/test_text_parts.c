/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which parts of a story the text of each kind of post has.
 */
#include "config.h"

#include "unit.h"

#include "text_fixture.h"

static const struct {
	const char *story, *text;
} fronts[] = {
	/* a standfirst, unless the body begins with it */
	{ "'description':'Stand first.','body':{'blocks':[{'kind':'paragraph',"
	  "'spans':[{'text':'Body.'}]}]}", "Stand first.\n\nBody.\n" SOURCE },
	{ "'description':'The body be\xe2\x80\xa6','body':{'blocks':["
	  "{'kind':'image','image':{'caption':'C'}},{'kind':'paragraph',"
	  "'spans':[{'text':'The  body begins here.'}]}]}",
	  "[image: C]\n\nThe  body begins here.\n" SOURCE },
	{ "'description':'The council kept the old mill, said the mayor.',"
	  "'body':{'blocks':[{'kind':'paragraph','spans':[{'text':"
	  "'The mayor said on Friday that the council had kept the mill.'}]}]}",
	  "The mayor said on Friday that the council had kept the mill.\n"
	  SOURCE },
	{ "'description':'The council kept the old mill, said the mayor.',"
	  "'body':{'blocks':[{'kind':'paragraph','spans':[{'text':"
	  "'It rained in town, and a dog barked at the mayor.'}]}]}",
	  "The council kept the old mill, said the mayor.\n\n"
	  "It rained in town, and a dog barked at the mayor.\n" SOURCE },
	{ "'description':'港の橋が13日に再び開通した、市長...','body':"
	  "{'blocks':[{'kind':'paragraph','spans':[{'text':"
	  "'港の橋が13日に再び開通した、市長が述べた。'}]}]}",
	  "港の橋が13日に再び開通した、市長が述べた。\n" SOURCE },
	/* cut out of the text by a machine, from here and there */
	{ "'description':'The council has voted to keep the old mill open until "
	  "next spring. Nobody had expected an auction. Bakers applauded, "
	  "millers wept, swans hissed, ...','body':{'blocks':["
	  "{'kind':'paragraph','spans':[{'text':'The council has voted to keep "
	  "the old mill open until next spring.'}]}]}",
	  "The council has voted to keep the old mill open until next spring.\n"
	  SOURCE },
	{ "'description':'Only this.'", "Only this.\n" SOURCE },
	/* the picture above, unless the body has its own */
	{ "'lead_image':{'caption':'Lead'},'description':'D.'",
	  "[image: Lead]\n\nD.\n" SOURCE },
	{ "'lead_image':{'url':'https://a.example/i'},'description':'D.'",
	  "D.\n" SOURCE },
	{ "'lead_image':{'caption':'Lead'},'body':{'blocks':[{'kind':'image',"
	  "'image':{'caption':'Own'}}]}",
	  "[image: Lead]\n\n[image: Own]\n" SOURCE },
	{ "'lead_image':{'caption':'Own!'},'body':{'blocks':[{'kind':'image',"
	  "'image':{'caption':'Own'}}]}", "[image: Own]\n" SOURCE },
	{ "'lead_image':{'url':'https://b.example/640/i.jpg?w=1',"
	  "'credit':'AP'},'body':{'blocks':[{'kind':'image','image':"
	  "{'url':'https://a.example/1280/i.jpg','caption':'Own'}}]}",
	  "[image: Own]\n" SOURCE },
	{ "'lead_image':{'url':'https://a.example/i','alt':'Lead'},"
	  "'body':{'blocks':[{'kind':'image','image':{'caption':'Own'}}]}",
	  "[image: Own]\n" SOURCE },
	/* notices that the body lacks */
	{ "'corrections':['We erred.','In the body.'],'body':{'blocks':["
	  "{'kind':'paragraph','spans':[{'text':'Note: in the body!'}]}]}",
	  "Note: in the body!\n\nWe erred.\n" SOURCE },
	{ "'paywalled':true,'description':'D.'",
	  "D.\n\n[The rest of this story is for subscribers of the "
	  "publisher.]\n" SOURCE },
};

static void story_has_all_its_parts(void **state)
{
	const struct nw_post post = { .kind = NW_POST_ROOT };
	struct nw_story *story;
	bool delsp;
	size_t i;

	for (i = 0; i < COUNT(fronts); i++) {
		story = model_story(*state, nw_arena_printf(
			*state, "{'url':'https://a.example/s',%s}",
			fronts[i].story));
		assert_string_equal(text_of(state, story, &post, &delsp),
				    fronts[i].text);
	}
}

static void story_without_anything_is_empty(void **state)
{
	const struct nw_post post = { .kind = NW_POST_ROOT };
	bool delsp;

	assert_string_equal(text_of(state, nw_story_new(*state), &post, &delsp),
			    "");
}

static void update_shows_itself_only(void **state)
{
	struct nw_story *story = model_story(*state,
		"{'url':'https://a.example/s','description':'D.',"
		"'authors':[{'name':'Story','bio':'B.'}],'updates':["
		"{'key':'a','url':'https://a.example/s#a','published_utc':10,"
		"'modified_utc':1753524000,'authors':[{'name':'U','role':'R'}],"
		"'body':{'blocks':[{'kind':'paragraph','spans':[{'text':"
		"'Here.','href':'https://a.example/s#a'}]}]}}]}");
	struct nw_post post = { .kind = NW_POST_UPDATE,
				.update = &story->updates[0],
				.update_key = "a" };
	bool delsp;

	assert_string_equal(text_of(state, story, &post, &delsp),
			    "Here.\n\nSource: https://a.example/s#a\n-- \n"
			    "U, R\n");
	post.supersedes = "<u.x@d.invalid>";
	post.updated_utc = INT64_C(1753524000);
	post.date_utc = post.updated_utc - 86400;
	assert_string_equal(text_of(state, story, &post, &delsp),
			    "Updated 2025-07-26 10:00 UTC\n\n"
			    "Here.\n\nSource: https://a.example/s#a\n-- \n"
			    "U, R\n");
	post.date_utc = post.updated_utc - 3600;
	assert_string_equal(text_of(state, story, &post, &delsp),
			    "Updated 10:00 UTC\n\n"
			    "Here.\n\nSource: https://a.example/s#a\n-- \n"
			    "U, R\n");
	post.updated_utc = NW_TIME_NONE;
	assert_string_equal(text_of(state, story, &post, &delsp),
			    "Here.\n\nSource: https://a.example/s#a\n-- \n"
			    "U, R\n");
}

/* Above the text, and not in it a second time. */
static void correction_of_an_update_comes_first(void **state)
{
	struct nw_story *story = model_story(*state,
		"{'url':'https://a.example/s','updates':["
		"{'key':'a','body':{'blocks':[{'kind':'paragraph','spans':"
		"[{'text':'Here.'}]},{'kind':'paragraph','spans':[{'text':"
		"'Correction: not there.'}]}]}}]}");
	const struct nw_post post = {
		.kind = NW_POST_UPDATE,
		.update = &story->updates[0],
		.update_key = "a",
		.supersedes = "<u.x@d.invalid>",
		.updated_utc = 60,
		.notice = "Correction: not there.",
	};
	bool delsp;

	assert_string_equal(text_of(state, story, &post, &delsp),
			    "Updated 00:01 UTC\n\nCorrection: not there.\n\n"
			    "Here.\n" SOURCE);
}

static void correction_is_the_notice(void **state)
{
	struct nw_story *story = model_text(*state, "T", "Body.");
	const struct nw_post post = { .kind = NW_POST_CORRECTION,
				      .notice = "We erred." };
	bool delsp;

	story->url = "https://a.example/s";
	assert_string_equal(text_of(state, story, &post, &delsp),
			    "We erred.\n" SOURCE);
}

static void edit_begins_with_what_changed(void **state)
{
	struct nw_story *story = model_text(*state, "T", "New text.");
	struct nw_story *changes = model_story(*state,
		"{'body':{'blocks':[{'kind':'paragraph','spans':["
		"{'text':'Old','style':32},{'text':' '},"
		"{'text':'New','style':64},{'text':' text.'}]}]}}");
	struct nw_post post = { .kind = NW_POST_EDIT,
				.changes = &changes->body };
	struct nw_body none = { NULL, 0 };
	bool delsp;

	story->url = "https://a.example/s";
	assert_string_equal(text_of(state, story, &post, &delsp),
			    "What changed:\n\n[-Old-] [+New+] text.\n\n"
			    "The story now:\n\nNew text.\n" SOURCE);
	post.changes = NULL;
	assert_string_equal(text_of(state, story, &post, &delsp),
			    "This story was changed in many places.\n\n"
			    "The story now:\n\nNew text.\n" SOURCE);
	post.changes = &none;
	assert_string_equal(text_of(state, story, &post, &delsp),
			    "The story now:\n\nNew text.\n" SOURCE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(story_has_all_its_parts),
		cmocka_unit_test(story_without_anything_is_empty),
		cmocka_unit_test(update_shows_itself_only),
		cmocka_unit_test(correction_of_an_update_comes_first),
		cmocka_unit_test(correction_is_the_notice),
		cmocka_unit_test(edit_begins_with_what_changed),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
