/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "arena_state.h"
#include "model.h"
#include "newswire/change.h"
#include "newswire/diff.h"

#define SAME 0
#define CUT NW_CHANGE_CUT
#define WORDS NW_CHANGE_WORDS

static const struct {
	const char *stored, *fresh;
	unsigned change;
} bodies[] = {
	{ "One two.", "One two.", SAME },
	{ "", "", SAME },
	/* how it is set */
	{ "One two.", "One  two", SAME },
	{ "One two.", "ONE TWO!", SAME },
	{ "One.\nTwo.", "One. Two.", SAME },
	{ "It\xe2\x80\x99s \xe2\x80\x9cso\xe2\x80\x9d", "It's \"so\"", SAME },
	{ "a \xe2\x80\x94 b", "a - b", SAME },
	{ "Stra\xc3\x9f" "e", "STRASSE", SAME },
	{ "caf\xc3\xa9", "cafe\xcc\x81", SAME },
	/* relative times */
	{ "Posted 5 minutes ago by J", "Posted 2 hours ago by J", SAME },
	{ "Posted an hour ago", "Posted 3 hours ago.", SAME },
	{ "vor 5 Minuten", "vor 2 Stunden", SAME },
	{ "il y a 5 minutes", "il y a 2 heures", SAME },
	{ "hace 5 minutos", "hace 2 horas", SAME },
	{ "5 minuti fa", "2 ore fa", SAME },
	{ "vor 3 Min.", "vor 12 Min.", SAME },
	{ "vor 3 Min. von J", "vor 1 Std. von J", SAME },
	{ "5m ago", "2h ago", SAME },
	{ "Updated just now", "Updated 2 minutes ago", SAME },
	{ "gerade eben", "vor einer Minute", SAME },
	{ "h\xc3\xa1 5 minutos", "h\xc3\xa1 2 horas", SAME },
	{ "5 minuten geleden", "2 uur geleden", SAME },
	{ "f\xc3\xb6r 5 minuter sedan", "f\xc3\xb6r 2 timmar sedan", SAME },
	{ "for 5 minutter siden", "for 2 timer siden", SAME },
	{ "5 minut temu", "2 godziny temu", SAME },
	{ "5 \xd1\x85\xd0\xb2\xd0\xb8\xd0\xbb\xd0\xb8\xd0\xbd "
	  "\xd1\x82\xd0\xbe\xd0\xbc\xd1\x83",
	  "2 \xd0\xb3\xd0\xbe\xd0\xb4\xd0\xb8\xd0\xbd\xd0\xb8 "
	  "\xd1\x82\xd0\xbe\xd0\xbc\xd1\x83", SAME },
	{ "5 dakika \xc3\xb6nce", "2 saat \xc3\xb6nce", SAME },
	{ "5\xe5\x88\x86\xe5\x89\x8d\xe6\x9b\xb4\xe6\x96\xb0",
	  "2\xe6\x99\x82\xe9\x96\x93\xe5\x89\x8d\xe6\x9b\xb4\xe6\x96\xb0",
	  SAME },
	{ "5\xeb\xb6\x84 \xec\xa0\x84", "2\xec\x8b\x9c\xea\xb0\x84 "
	  "\xec\xa0\x84", SAME },
	{ "a 5 minute walk", "a 6 minute walk", WORDS },
	{ "for 5 minutes", "for 6 minutes", WORDS },
	/* what stands around a text */
	{ "One two.\n12 shares\nThree.", "One two.\nShare\nThree.", SAME },
	{ "One two.\nThree.", "One two.\nADVERTISEMENT\nThree.", SAME },
	{ "Share prices fell.", "Share prices rose.", WORDS },
	{ "It took 5 minutes to win", "It took 6 minutes to win", WORDS },
	{ "He died 5 days later", "He died 6 days later", WORDS },
	/* words and numbers */
	{ "One two.", "One three.", WORDS },
	{ "One two.", "One two three.", WORDS },
	{ "One two.", "Zero one two.", WORDS },
	{ "1.5 million", "15 million", WORDS },
	{ "-5 degrees", "5 degrees", WORDS },
	{ "5% more", "5 more", WORDS },
	{ "1 2", "12", WORDS },
	{ "(2024),", "2024", SAME },
	{ "\xd0\x9a\xd0\xb8\xd1\x97\xd0\xb2", "\xd0\x9a\xd0\xb8\xd0\xb5\xd0\xb2",
	  WORDS },
	{ "\xe4\xb8\xad\xe6\x96\x87", "\xe4\xb8\xad\xe5\x9b\xbd", WORDS },
	/* a teaser after the full text, and the full text after it */
	{ "One two three.", "One two\xe2\x80\xa6", CUT },
	{ "One.\nTwo.\nThree.", "One.", CUT },
	{ "One two three four five.\nSix.", "One two three four five\xe2\x80\xa6",
	  CUT },
	/* but not without its last word, and no mark that it goes on */
	{ "One two three four five.\nSix.", "One two three four five.", WORDS },
	{ "One two.", "", CUT },
	{ "One two\xe2\x80\xa6", "One two three.", WORDS },
	{ "", "One two.", WORDS },
};

static void bodies_are_compared_as_a_reader_would(void **state)
{
	size_t i;

	for (i = 0; i < COUNT(bodies); i++) {
		struct nw_story *stored = model_text(*state, "T",
						     bodies[i].stored);
		struct nw_story *fresh = model_text(*state, "T",
						    bodies[i].fresh);
		struct nw_update before = { .key = "k",
					    .body = stored->body };
		struct nw_update after = { .key = "k", .body = fresh->body };
		bool same = !strcmp(nw_change_story_content(*state, stored),
				    nw_change_story_content(*state, fresh));

		if (nw_change_story(*state, stored, fresh) !=
		    bodies[i].change)
			fail_msg("'%s' to '%s'", bodies[i].stored,
				 bodies[i].fresh);
		assert_int_equal(nw_change_update(*state, &before, &after),
				 bodies[i].change);
		assert_int_equal(same, bodies[i].change == SAME);
	}
}

/* With body and description that both stories share where not given. */
static const struct {
	const char *stored, *fresh;
	unsigned change;
} stories[] = {
	{ "{'title':'A b'}", "{'title':'A b'}", SAME },
	{ "{'title':'A b'}", "{'title':'A c'}", WORDS },
	{ "{'title':'A b'}", "{}", SAME },
	{ "{}", "{'title':'A b'}", WORDS },
	{ "{'description':'A b c'}", "{'description':'A b\xe2\x80\xa6'}",
	  SAME },
	{ "{'description':'A b\xe2\x80\xa6'}", "{'description':'A b c'}",
	  SAME },
	{ "{'description':'A b'}", "{}", SAME },
	{ "{}", "{'description':'A b'}", SAME },
	{ "{'description':'A b'}", "{'description':'C d'}", WORDS },
	{ "{'title':'T','kicker':'x','url':'https://a.example/1'}",
	  "{'title':'T','kicker':'y','url':'https://a.example/2'}", SAME },
	/* the standfirst alone is all that a feed has of it */
	{ "{'description':'A b c','body':{'blocks':[{'kind':'paragraph',"
	  "'spans':[{'text':'Long text'}]}]}}",
	  "{'body':{'blocks':[{'kind':'paragraph','spans':"
	  "[{'text':'A b'}]}]}}", CUT },
	/* a new title over a text that is cut: both are said */
	{ "{'title':'T','body':{'blocks':[{'kind':'paragraph',"
	  "'spans':[{'text':'Long text'}]}]}}",
	  "{'title':'U','body':{'blocks':[{'kind':'paragraph',"
	  "'spans':[{'text':'Long'}]}]}}", CUT | WORDS },
	/* links, styles and addresses of pictures */
	{ "{'body':{'blocks':[{'kind':'paragraph','spans':[{'text':'A '},"
	  "{'text':'b','href':'https://a.example/1','style':1}]},"
	  "{'kind':'image','image':{'url':'https://a.example/1.jpg',"
	  "'caption':'C','credit':'X'}},"
	  "{'kind':'embed','embed':{'title':'x'}}]}}",
	  "{'body':{'blocks':[{'kind':'heading','level':2,'spans':"
	  "[{'text':'A b','href':'https://a.example/2'}]},"
	  "{'kind':'image','image':{'url':'https://a.example/2.jpg',"
	  "'caption':'C','alt':'z'}},"
	  "{'kind':'embed','embed':{'title':'y'}}]}}", SAME },
	{ "{'body':{'blocks':[{'kind':'image','image':{'caption':'Left'}}]}}",
	  "{'body':{'blocks':[{'kind':'image','image':{'caption':'Right'}}]}}",
	  WORDS },
	{ "{'body':{'blocks':[{'kind':'table','table':{'rows':[{'cells':"
	  "[{'spans':[{'text':'1'}]},{'spans':[{'text':'2'}]}]}]}}]}}",
	  "{'body':{'blocks':[{'kind':'table','table':{'rows':[{'cells':"
	  "[{'spans':[{'text':'1'}]},{'spans':[{'text':'3'}]}]}]}}]}}",
	  WORDS },
	/* a notice has an article of its own */
	{ "{'body':{'blocks':[{'kind':'paragraph','spans':[{'text':'A'}]}]}}",
	  "{'corrections':['We erred.'],'body':{'blocks':[{'kind':'paragraph',"
	  "'spans':[{'text':'A'}]},{'kind':'paragraph','spans':"
	  "[{'text':'We erred.'}]}]}}", SAME },
};

static void stories_are_compared_by_their_words(void **state)
{
	size_t i;

	for (i = 0; i < COUNT(stories); i++)
		if (nw_change_story(*state,
				    model_story(*state, stories[i].stored),
				    model_story(*state, stories[i].fresh)) !=
		    stories[i].change)
			fail_msg("%s to %s", stories[i].stored,
				 stories[i].fresh);
}

static void content_keeps_title_and_body_apart(void **state)
{
	assert_string_not_equal(
		nw_change_story_content(*state, model_text(*state, "A", "b")),
		nw_change_story_content(*state, model_text(*state, "Ab", "")));
}

/* A change as one string: "[-" and "-]" around what went, "{+" and "+}" around
 * what came, "|" between paragraphs. */
static const char *shown(struct nw_arena *arena, const struct nw_body *body)
{
	const char *text = "";
	size_t i, j;

	for (i = 0; i < body->count; i++)
		for (j = 0; j < body->blocks[i].span_count; j++) {
			const struct nw_span *span = &body->blocks[i].spans[j];
			bool gone = span->style & NW_SPAN_DELETED;
			bool come = span->style & NW_SPAN_INSERTED;

			text = nw_arena_printf(
				arena, "%s%s%s%s%s", text,
				i && !j ? "|" : "",
				gone ? "[-" : come ? "{+" : "", span->text,
				gone ? "-]" : come ? "+}" : "");
		}
	return text;
}

static const struct nw_body *diff(struct nw_arena *arena,
				  const struct nw_story *stored,
				  const struct nw_story *fresh)
{
	const struct nw_texts before = { stored->title, stored->description,
					 stored->body };
	const struct nw_texts after = { fresh->title, fresh->description,
					fresh->body };

	return nw_diff_story(arena, &before, &after);
}

static const struct {
	const char *stored, *fresh, *shown;
} diffs[] = {
	{ "One two.", "One two.", "" },
	{ "One two.", "One  TWO", "" },
	{ "Toll is five now.", "Toll is seven now.",
	  "Toll is [-five-] {+seven+} now." },
	{ "One two three four", "One two three", "One two three [-four-] " },
	{ "One two three", "Zero one two three",
	  "[-One-] {+Zero one+} two three" },
	{ "Same.\nFive died.", "Same.\nFive died.\nMore text here.",
	  "{+More text here.+}" },
	{ "Same.\nGone now.\nEnd.", "Same.\nEnd.", "[-Gone now.-]" },
	{ "Same.\nall other words.\nEnd.", "Same.\nBrand new text.\nEnd.",
	  "[-all other words.-]|{+Brand new text.+}" },
	{ "A b c d.\nE f g h.", "A b x d.\nE y g h.",
	  "A b [-c-] {+x+} d.|E [-f-] {+y+} g h." },
	{ "", "New.", "{+New.+}" },
	/* a sentence is found again behind a new one */
	{ "The old bridge is shut.", "Rain fell.\nThe old bridge is open.",
	  "{+Rain fell.+}|The old bridge is [-shut.-] {+open.+} " },
	{ "Rain fell hard.\nThe old bridge is shut.",
	  "The old bridge is open.",
	  "[-Rain fell hard.-]|The old bridge is [-shut.-] {+open.+} " },
	/* only the sentence that differs, of a long paragraph */
	{ "First words stand here. Police shut the bridge. More words stand.",
	  "First words stand here. Police left the bridge. More words stand.",
	  "Police [-shut-] {+left+} the bridge." },
	/* and new ones of one paragraph together */
	{ "First words stand here.",
	  "First words stand here. Second words stand. Third words stand.",
	  "{+Second words stand. Third words stand.+}" },
	{ "\xe4\xb8\xad\xe6\x96\x87\xe5\xa5\xbd\xe4\xba\xba\xe5\xb1\xb1",
	  "\xe4\xb8\xad\xe6\x96\x87\xe5\x9d\x8f\xe4\xba\xba\xe5\xb1\xb1",
	  "\xe4\xb8\xad\xe6\x96\x87[-\xe5\xa5\xbd-] {+\xe5\x9d\x8f+} "
	  "\xe4\xba\xba\xe5\xb1\xb1" },
};

static void diff_shows_what_changed(void **state)
{
	const struct nw_body *body;
	size_t i;

	for (i = 0; i < COUNT(diffs); i++) {
		body = diff(*state,
				     model_text(*state, "T", diffs[i].stored),
				     model_text(*state, "T", diffs[i].fresh));
		assert_non_null(body);
		assert_string_equal(shown(*state, body), diffs[i].shown);
	}
}

static void diff_shows_headline_and_standfirst(void **state)
{
	struct nw_story *stored = model_text(*state, "Old head here", "A.");
	struct nw_story *fresh = model_text(*state, "New head here", "A.");

	stored->description = "As it was.";
	fresh->description = "As it is.";
	assert_string_equal(shown(*state,
				  diff(*state, stored, fresh)),
			    "Headline: [-Old-] {+New+} head here|"
			    "Summary: As it [-was.-] {+is.+} ");
}

static struct nw_story *long_story(struct nw_arena *arena, unsigned count,
				   unsigned step)
{
	struct nw_story *story = model_text(arena, "T", "");
	unsigned i;

	for (i = 0; i < count; i++) {
		struct nw_block *block =
			nw_body_add(arena, &story->body, NW_BLOCK_PARAGRAPH);

		block->spans = nw_arena_alloc(arena, sizeof(*block->spans));
		block->spans->text = nw_arena_printf(arena, "x%u", i * step);
		block->span_count = 1;
	}
	return story;
}

static void diff_gives_up_on_another_text(void **state)
{
	/* more changes than a reader would read */
	assert_null(diff(*state, long_story(*state, 200, 2),
				  long_story(*state, 200, 3)));
	/* a table that would be too large */
	assert_null(diff(*state, long_story(*state, 20000, 2),
				  long_story(*state, 20000, 3)));
	/* large, but the same but for one end */
	assert_non_null(diff(*state, long_story(*state, 20000, 2),
				      long_story(*state, 19999, 2)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies_are_compared_as_a_reader_would),
		cmocka_unit_test(stories_are_compared_by_their_words),
		cmocka_unit_test(content_keeps_title_and_body_apart),
		cmocka_unit_test(diff_shows_what_changed),
		cmocka_unit_test(diff_shows_headline_and_standfirst),
		cmocka_unit_test(diff_gives_up_on_another_text),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
