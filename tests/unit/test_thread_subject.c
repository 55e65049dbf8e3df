/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the subject of a post comes from, and where it is cut.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "thread_fixture.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(update_has_a_subject_of_its_own),
		cmocka_unit_test(long_word_is_cut_at_eighty_characters),
		cmocka_unit_test(root_has_a_subject_in_any_case),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
