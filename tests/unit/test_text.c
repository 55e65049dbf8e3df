/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "model.h"
#include "newswire/limits.h"
#include "newswire/text.h"
#include "newswire/utf8.h"

#define LOREM \
	"The council met on Monday evening and voted, by nineteen to four, " \
	"to keep the old mill open until the spring; residents applauded."
#define HAN "\xe4\xb8\xad\xe6\x96\x87\xe4\xb8\xad\xe6\x96\x87"
#define HAN20 HAN HAN HAN HAN HAN
#define EMOJI "\U0001f600\U0001f600 \U0001f1fa\U0001f1e6 \U0001f44d\U0001f3fd "
#define ACCENTS "e\u0301e\u0302e\u0303e\u0304 o\u0308o\u0308 "
#define ARABIC "\u0645\u0631\u062d\u0628\u064b\u0627 " \
	       "\u0628\u0627\u0644\u0639\u0627\u0644\u0645 (12.5%) "
#define KANA "\u30d5\u30a7\u30ea\u30fc\u306f\u6b63\u5348\u306b\u51fa" \
	     "\u822a\u3057\u305f\u3002"
/* 72 columns; nothing may be broken before a comma. */
#define COMMAS "、、、、、、、"
#define FULL_LINE "中" COMMAS COMMAS COMMAS COMMAS COMMAS
#define SOURCE "\nSource: https://a.example/s\n"

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

static char *text_of(void **state, const struct nw_story *story,
		     const struct nw_post *post, bool *delsp)
{
	struct nw_error err;
	struct nw_buf out;
	char *text;

	nw_buf_init(&out, NW_MESSAGE_BYTES);
	assert_int_equal(nw_text_write(&out, story, post, delsp, &err), 0);
	text = nw_arena_strdup(*state, out.data);
	nw_buf_free(&out);
	return text;
}

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

/*
 * RFC 3676 section 4 read anew, for a text of one paragraph: without stuffing
 * and marks, soft line ends joined.  The depth of the marks must not change.
 */
static void unflow(const char *text, bool delsp, struct nw_buf *out)
{
	size_t marks = strspn(text, ">"), len;

	for (;;) {
		assert_int_equal(strspn(text, ">"), marks);
		text += marks;
		text += *text == ' ';
		len = strcspn(text, "\n");
		if (!len || text[len - 1] != ' ')
			break;
		nw_buf_add(out, text, len - delsp);
		text += len + 1;
	}
	nw_buf_add(out, text, len);
	assert_int_equal(text[len], '\n');
}

static const struct {
	const char *text;
	bool delsp;
} flows[] = {
	{ LOREM " " LOREM " " LOREM, false },
	{ "Gr\xc3\xbc\xc3\x9f" "e " LOREM " " LOREM, false },
	{ "wo-rds wo-rds " LOREM "-" LOREM "-" LOREM, false },
	{ "\xc2\xab Bonjour \xc2\xbb " LOREM " \xc2\xab Oui ! \xc2\xbb", false },
	{ EMOJI EMOJI EMOJI EMOJI EMOJI LOREM EMOJI "x", false },
	{ ACCENTS ACCENTS ACCENTS ACCENTS LOREM, false },
	{ ARABIC ARABIC ARABIC ARABIC ARABIC "x", false },
	{ KANA KANA KANA KANA, true },
	{ HAN20 HAN20, true },
	{ HAN20 HAN20 " " HAN20 " " HAN20 HAN20 LOREM, true },
	{ LOREM HAN20 HAN20 HAN20, true },
	{ HAN " " HAN " " HAN20 " " HAN20, false },
	{ HAN20 HAN20 " https://l.example/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-b/c",
	  true },
	{ "\xed\x95\x9c\xea\xb5\xad\xec\x96\xb4 \xed\x95\x9c\xea\xb5\xad\xec\x96"
	  "\xb4 \xed\x95\x9c\xea\xb5\xad\xec\x96\xb4 \xed\x95\x9c\xea\xb5\xad\xec"
	  "\x96\xb4 \xed\x95\x9c\xea\xb5\xad\xec\x96\xb4 \xed\x95\x9c\xea\xb5\xad"
	  "\xec\x96\xb4 \xed\x95\x9c\xea\xb5\xad\xec\x96\xb4 \xed\x95\x9c\xea\xb5"
	  "\xad\xec\x96\xb4 \xed\x95\x9c\xea\xb5\xad\xec\x96\xb4 " LOREM, false },
	/* a line of hyphens and the space that DelSp adds were a signature */
	{ "--" FULL_LINE HAN20 HAN20, true },
	{ "-- " FULL_LINE HAN20 HAN20, true },
	{ "-- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- -- "
	  "-- -- -- -- -- --", false },
};

static void assert_lines_fit(const char *text)
{
	size_t len;

	for (; *text; text += len + 1) {
		len = strcspn(text, "\n");
		/* two more for the spaces at its end */
		if (!memchr(text, '/', len) && !memchr(text, '-', len))
			assert_true(nw_utf8_width(text, len) <=
				    NW_TEXT_COLUMNS + 2);
	}
}

static void flowed_text_comes_back(void **state)
{
	const struct nw_post post = { .kind = NW_POST_ROOT };
	struct nw_buf out;
	unsigned quote;
	size_t i;

	for (i = 0; i < COUNT(flows); i++)
		for (quote = 0; quote < 3; quote++) {
			struct nw_story *story =
				model_text(*state, "T", flows[i].text);
			const char *text;
			bool delsp;

			story->body.blocks[0].quote = quote;
			text = text_of(state, story, &post, &delsp);
			nw_buf_init(&out, NW_MESSAGE_BYTES);
			unflow(text, delsp, &out);
			assert_string_equal(out.data, flows[i].text);
			assert_int_equal(delsp, flows[i].delsp);
			assert_lines_fit(text);
			assert_null(strstr(nw_arena_printf(*state, "\n%s",
							   text),
					   "\n-- \n"));
			nw_buf_free(&out);
		}
}

static void ceiling_is_kept(void **state)
{
	struct nw_story *story = model_text(*state, "T", LOREM);
	const struct nw_post post = { .kind = NW_POST_ROOT };
	struct nw_error err;
	struct nw_buf out;
	bool delsp;

	nw_buf_init(&out, 100);
	nw_buf_adds(&out, "before");
	assert_int_equal(nw_text_write(&out, story, &post, &delsp, &err), -1);
	assert_int_equal(err.code, NW_ERROR_REFUSED);
	assert_string_equal(out.data, "before");
	nw_buf_free(&out);
}

/* A page can hold as many links and cells as its size allows. */
static void large_text_takes_no_long_time(void **state)
{
	const struct nw_post post = { .kind = NW_POST_ROOT };
	struct nw_story *story = nw_story_new(*state);
	struct nw_block *block = nw_body_add(*state, &story->body,
					     NW_BLOCK_PARAGRAPH);
	const char *text;
	size_t i, count = 100000;
	bool delsp;

	block->spans = nw_arena_alloc(*state, count * sizeof(*block->spans));
	block->span_count = count;
	for (i = 0; i < count; i++) {
		block->spans[i].text = "x";
		block->spans[i].href = nw_arena_printf(
			*state, "https://l.example/%zu", i);
	}
	text = text_of(state, story, &post, &delsp);
	assert_non_null(strstr(text, "\n[100000] https://l.example/99999\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(body_becomes_text),
		cmocka_unit_test(links_are_footnotes_behind_the_source),
		cmocka_unit_test(signature_keeps_its_lines),
		cmocka_unit_test(story_has_all_its_parts),
		cmocka_unit_test(story_without_anything_is_empty),
		cmocka_unit_test(update_shows_itself_only),
		cmocka_unit_test(correction_of_an_update_comes_first),
		cmocka_unit_test(correction_is_the_notice),
		cmocka_unit_test(edit_begins_with_what_changed),
		cmocka_unit_test(flowed_text_comes_back),
		cmocka_unit_test(ceiling_is_kept),
		cmocka_unit_test(large_text_takes_no_long_time),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
