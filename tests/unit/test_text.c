/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a body becomes text: its blocks, its links, and the signature.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "text_fixture.h"

/* A body of these blocks, and the text that they become. */
static const struct {
	const char *blocks, *text;
} bodies[] = {
	{ "", "" },
	{ "{'kind':'paragraph','spans':[{'text':'One.'}]},"
	  "{'kind':'paragraph','spans':[{'text':'Two.'}]}", "One.\n\nTwo.\n" },
	/* flow */
	{ "{'kind':'paragraph','spans':[{'text':'" LOREM "'}]}",
	  "The council met on Monday evening and voted, by nineteen to four, to \n"
	  "keep the old mill open until the spring; residents applauded.\n" },
	{ "{'kind':'paragraph','quote':1,'spans':[{'text':'" LOREM "'}]}",
	  "> The council met on Monday evening and voted, by nineteen to four, to \n"
	  "> keep the old mill open until the spring; residents applauded.\n" },
	{ "{'kind':'paragraph','spans':[{'text':'a\\nb '}]}", "a\nb\n" },
	{ "{'kind':'paragraph','spans':[{'text':'From me'}]},"
	  "{'kind':'paragraph','spans':[{'text':'>x'}]},"
	  "{'kind':'paragraph','spans':[{'text':' y'}]}",
	  " From me\n\n >x\n\n  y\n" },
	{ "{'kind':'paragraph','spans':[{'text':'-- '}]},"
	  "{'kind':'paragraph','spans':[{'text':'-- "
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "'}]}",
	  "--\n\n-- "
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "\n" },
	/* quotes side by side and nested */
	{ "{'kind':'paragraph','quote':1,'spans':[{'text':'a'}]},"
	  "{'kind':'paragraph','quote':2,'spans':[{'text':'> b'}]},"
	  "{'kind':'paragraph','quote':1,'spans':[{'text':'c'}]},"
	  "{'kind':'paragraph','spans':[{'text':'d'}]}",
	  "> a\n>\n>> > b\n>\n> c\n\nd\n" },
	{ "{'kind':'paragraph','quote':99,'spans':[{'text':'a'}]}",
	  ">>>>>>>> a\n" },
	/* headings */
	{ "{'kind':'heading','level':2,'spans':[{'text':'Head'}]},"
	  "{'kind':'heading','level':3,'spans':[{'text':'H'}]},"
	  "{'kind':'heading','level':2,'quote':1,'spans':[{'text':'" HAN "'}]}",
	  "Head\n====\n\nH\n---\n\n> " HAN "\n> ========\n" },
	/* lists */
	{ "{'kind':'item','level':1,'spans':[{'text':'a'}]},"
	  "{'kind':'item','level':2,'ordinal':1,'spans':[{'text':'b'}]},"
	  "{'kind':'item','level':2,'ordinal':2,'spans':[{'text':'c'}]},"
	  "{'kind':'paragraph','level':2,'spans':[{'text':'d'}]},"
	  "{'kind':'item','level':99,'spans':[{'text':'e'}]},"
	  "{'kind':'item','quote':1,'spans':[{'text':'f'}]}",
	  "* a\n   1. b\n   2. c\n\nd\n\n               * e\n\n> * f\n" },
	/* code, rule, pictures, embeds */
	{ "{'kind':'code','spans':[{'text':'if (x) \\n\\n\\treturn;\\n'}]},"
	  "{'kind':'rule'}", "if (x)\n\n\treturn;\n\n* * *\n" },
	{ "{'kind':'image','image':{'caption':'A mill','credit':'J / AP'}},"
	  "{'kind':'image','image':{'alt':'alt text'}},"
	  "{'kind':'image','image':{'credit':'AP'}},"
	  "{'kind':'image','image':{'url':'https://a.example/i'}}",
	  "[image: A mill (J / AP)]\n\n[image: alt text]\n\n[image (AP)]\n" },
	/* a picture without words, where there is nothing else */
	{ "{'kind':'image','image':{'url':'https://a.example/i'}},"
	  "{'kind':'image','image':{'url':'https://a.example/j'}}",
	  "[image]\n" },
	{ "{'kind':'embed','embed':{'url':'https://v.example/1','title':'V'}},"
	  "{'kind':'embed','embed':{'url':'https://www.v.example/2'}},"
	  "{'kind':'embed','embed':{'title':'No link'}}",
	  "V [1]\n\nv.example [2]\n\nNo link\n" },
	/* styles */
	{ "{'kind':'paragraph','spans':[{'text':'H'},{'text':'2','style':8},"
	  "{'text':'O 10'},{'text':'-6','style':16},{'text':' '},"
	  "{'text':'b','style':1},{'text':'old','style':32},"
	  "{'text':'new','style':64},{'text':'th','style':16}]}",
	  "H\xe2\x82\x82O 10\xe2\x81\xbb\xe2\x81\xb6 b[-old-][+new+]th\n" },
	/* links */
	{ "{'kind':'paragraph','spans':["
	  "{'text':'one','href':'https://l.example/1?utm_source=x'},"
	  "{'text':', '},{'text':'tw','href':'https://l.example/2'},"
	  "{'text':'o ','href':'https://l.example/2','style':1},"
	  "{'text':'and '},{'text':'again','href':'https://l.example/1'},"
	  "{'text':' '},{'text':'https://l.example/3',"
	  "'href':'https://l.example/3'},{'text':' '},"
	  "{'text':'l.example/4','href':'https://www.l.example/4/'},"
	  "{'text':' '},{'text':'a@b.example','href':'mailto:a@b.example'},"
	  "{'text':' '},{'text':'top','href':'https://a.example/s#top'},"
	  "{'text':' '},{'text':' ','href':'https://l.example/5'},"
	  "{'text':'js','href':'javascript:alert(1)'},{'text':' '},"
	  "{'text':'nl','href':'https://l.example/\\r\\nX: y'}]}",
	  "one [1], two [2] and again [1] https://l.example/3 l.example/4 \n"
	  "a@b.example top  js nl\n" },
	{ "{'kind':'paragraph','quote':1,'spans':[{'text':'q','href':"
	  "'https://l.example/q'}]},{'kind':'item','level':1,'quote':2,"
	  "'spans':[{'text':'i','href':'https://l.example/i'},{'text':'.'}]}",
	  "> q [1]\n>\n>> * i [2].\n" },
	{ "{'kind':'code','spans':[{'text':'> a\\n  b\\n" LOREM "\\nFrom c'}]}",
	  " > a\n   b\n" LOREM "\n From c\n" },
	/* tables */
	{ "{'kind':'table','table':{'rows':[{'cells':["
	  "{'header':true,'spans':[{'text':'Party'}]},"
	  "{'header':true,'spans':[{'text':'Seats'}]}]},"
	  "{'cells':[{'spans':[{'text':'" HAN "'}]},"
	  "{'spans':[{'text':'1\\n2'}]}]},"
	  "{'cells':[{'spans':[{'text':'C'}]}]}]}}",
	  "Party     Seats\n--------  -----\n" HAN "  1 2\nC\n" },
	{ "{'kind':'table','table':{'rows':[{'cells':["
	  "{'header':true,'spans':[{'text':'Name'}]},"
	  "{'header':true,'spans':[{'text':'Words'}]}]},"
	  "{'cells':[{'spans':[{'text':'A'}]},{'spans':[{'text':'" LOREM
	  "'}]}]},"
	  "{'cells':[{'spans':[{'text':'B'}]},{}]}]}}",
	  "Name: A\n"
	  "Words: The council met on Monday evening and voted, by nineteen to four, \n"
	  "to keep the old mill open until the spring; residents applauded.\n"
	  "\nName: B\n" },
	{ "{'kind':'table','table':{'rows':[{'cells':[{'spans':[{'text':'A'}]},"
	  "{'spans':[{'text':'" LOREM "'}]}]}]}}",
	  "A | The council met on Monday evening and voted, by nineteen to four, to \n"
	  "keep the old mill open until the spring; residents applauded.\n" },
	/* what is there but empty */
	{ "{'kind':'paragraph'},{'kind':'table'},{'kind':'image'},"
	  "{'kind':'embed'},{'kind':'table','table':{'rows':[{}]}},"
	  "{'kind':'heading'},{'kind':'item'},{'kind':'code'},"
	  "{'kind':'paragraph','spans':[{'text':'x'}]}", "x\n" },
};

static void body_becomes_text(void **state)
{
	const struct nw_post post = { .kind = NW_POST_ROOT };
	struct nw_story *story;
	const char *text;
	bool delsp;
	size_t i, len;

	for (i = 0; i < COUNT(bodies); i++) {
		story = model_story(*state, nw_arena_printf(
			*state, "{'canonical_url':'https://a.example/s',"
			"'body':{'blocks':[%s]}}", bodies[i].blocks));
		text = text_of(state, story, &post, &delsp);
		len = strlen(bodies[i].text);
		if (strncmp(text, bodies[i].text, len) != 0)
			assert_string_equal(text, bodies[i].text);
		text += len;
		assert_int_equal(strncmp(text, SOURCE + !len,
					 strlen(SOURCE) - !len), 0);
		assert_false(delsp);
	}
}

static void links_are_footnotes_behind_the_source(void **state)
{
	const struct nw_post post = { .kind = NW_POST_ROOT };
	struct nw_story *story = model_story(*state,
		"{'canonical_url':'https://a.example/s?utm_source=x',"
		"'authors':[{'name':'Jane Doe','role':'Reporter','bio':'Jane "
		"writes.'},{'name':'John Roe'},{'name':'Max','bio':'" LOREM
		"'},{'role':'nameless'}],"
		"'body':{'blocks':[{'kind':'paragraph','spans':["
		"{'text':'b','href':'https://l.example/b'},"
		"{'text':'a','href':'https://l.example/a'}]}]},"
		"'enclosures':[{'url':'https://l.example/a.mp3','title':'Hear',"
		"'type':'audio/mpeg','bytes':12345678},"
		"{'url':'https://l.example/b.mp3','type':'audio/mpeg'},"
		"{'title':'none'},{'url':'https://l.example/c','bytes':999}]}");
	bool delsp;

	assert_string_equal(text_of(state, story, &post, &delsp),
		"b [1]a [2]\n\nHear [3] (audio/mpeg, 12.3 MB)\n\n"
		"audio/mpeg [4]\n\nl.example [5] (999 bytes)\n\n"
		"Source: https://a.example/s\n"
		"[1] https://l.example/b\n[2] https://l.example/a\n"
		"[3] https://l.example/a.mp3\n[4] https://l.example/b.mp3\n"
		"[5] https://l.example/c\n"
		"-- \nJane Doe, Reporter\nJane writes.\n\nMax\n"
		"The council met on Monday evening and voted, by nineteen to "
		"four, to \nkeep the old mill open until the spring; "
		"residents applauded.\n");
}

/* Only one signature line, and nothing in it begins another header of the
 * text. */
static void signature_keeps_its_lines(void **state)
{
	const struct nw_post post = { .kind = NW_POST_ROOT };
	struct nw_story *story = model_story(*state,
		"{'authors':[{'name':'A\\n-- \\nB','role':'R\\nFrom x'},"
		"{'name':'C','bio':'One.\\n-- \\nFrom two.\\n\\n> " LOREM "'}],"
		"'body':{'blocks':[{'kind':'paragraph','spans':"
		"[{'text':'x\\n-- \\ny'}]},{'kind':'code','spans':"
		"[{'text':'-- \\nFrom x'}]},{'kind':'table','table':{'rows':"
		"[{'cells':[{'spans':[{'text':'-- '}]}]}]}},"
		"{'kind':'heading','level':3,'spans':[{'text':'-- '}]}]}}");
	bool delsp;

	assert_string_equal(text_of(state, story, &post, &delsp),
		"x\n--\ny\n\n--\n From x\n\n--\n\n--\n---\n"
		"-- \nA\n--\nB, R\n From x\n\nC\n"
		"One.\n--\n From two.\n\n > The council met on Monday evening "
		"and voted, by nineteen to four, to \nkeep the old mill open "
		"until the spring; residents applauded.\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(body_becomes_text),
		cmocka_unit_test(links_are_footnotes_behind_the_source),
		cmocka_unit_test(signature_keeps_its_lines),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
