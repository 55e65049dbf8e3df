/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "arena_state.h"
#include "model.h"
#include "newswire/hypertext.h"
#include "newswire/limits.h"

static char *fragment(void **state, const char *blocks)
{
	struct nw_story *story = model_story(*state, nw_arena_printf(
		*state, "{'body':{'blocks':[%s]}}", blocks));
	struct nw_error err;
	struct nw_buf out;
	char *text;

	nw_buf_init(&out, NW_MESSAGE_BYTES);
	assert_int_equal(nw_hypertext_body(&out, &story->body, &err), 0);
	text = nw_arena_strdup(*state, out.data);
	nw_buf_free(&out);
	return text;
}

#define P(text) "{'kind':'paragraph','spans':[{'text':'" text "'}]}"
#define ITEM(level, text) \
	"{'kind':'item','level':" level ",'spans':[{'text':'" text "'}]}"
#define NUMBER(level, n, text) \
	"{'kind':'item','level':" level ",'ordinal':" n \
	",'spans':[{'text':'" text "'}]}"

static const struct {
	const char *blocks, *html;
} bodies[] = {
	{ "", "" },
	{ P("a") "," P("b"), "<p>a</p>\n<p>b</p>\n" },
	{ P("<b>&amp;\\u0022x\\u0027y</b>\\n\\u0007z"),
	  "<p>&lt;b&gt;&amp;amp;&quot;x&#39;y&lt;/b&gt;<br>\nz</p>\n" },
	/* styles nest, links join */
	{ "{'kind':'paragraph','spans':[{'text':'a','style':127},"
	  "{'text':'','style':127,'href':'https://l.example/0'}]}",
	  "<p><del><ins><strong><em><sub><sup><code>a</code></sup></sub></em>"
	  "</strong></ins></del></p>\n" },
	{ "{'kind':'paragraph','spans':[{'text':'a','href':"
	  "'https://l.example/1?a=1&utm_source=x&b=2'},{'text':'b','style':1,"
	  "'href':'https://l.example/1?a=1&utm_source=x&b=2'},{'text':' '},"
	  "{'text':'c','href':'https://l.example/2'},"
	  "{'text':'d','href':'https://l.example/3'}]}",
	  "<p><a href=\"https://l.example/1?a=1&amp;b=2\">a<strong>b</strong></a>"
	  "\n<a href=\"https://l.example/2\">c</a>"
	  "<a href=\"https://l.example/3\">d</a></p>\n" },
	/* addresses that lead nowhere a reader should go */
	{ "{'kind':'paragraph','spans':["
	  "{'text':'a','href':'javascript:alert(1)'},"
	  "{'text':'b','href':'JaVaScRiPt:alert(1)'},"
	  "{'text':'c','href':'data:text/html,x'},"
	  "{'text':'d','href':'file:///etc/passwd'},"
	  "{'text':'e','href':'https://l.example/\\\"onx=1'},"
	  "{'text':'f','href':'https://l.example/\\r\\nx'},"
	  "{'text':'g','href':' https://l.example/'},"
	  "{'text':'h','href':'//l.example/'},{'text':'i','href':''},"
	  "{'text':'j','href':'https:'},{'text':'k','href':'vbscript:x'}]}",
	  "<p>abcdefghijk</p>\n" },
	{ "{'kind':'paragraph','spans':[{'text':'a','href':'mailto:a@b.example'},"
	  "{'text':'b','href':'tel:+123'},{'text':'c','href':'news:com.x'},"
	  "{'text':'d','href':'ftp://l.example/'}]}",
	  "<p><a href=\"mailto:a@b.example\">a</a><a href=\"tel:+123\">b</a>"
	  "<a\nhref=\"news:com.x\">c</a><a href=\"ftp://l.example/\">d</a></p>\n" },
	/* headings keep to their levels */
	{ "{'kind':'heading','level':1,'spans':[{'text':'a'}]},"
	  "{'kind':'heading','level':4,'spans':[{'text':'b'}]},"
	  "{'kind':'heading','level':99,'spans':[{'text':'c'}]}",
	  "<h2>a</h2>\n<h4>b</h4>\n<h6>c</h6>\n" },
	/* lists nest */
	{ ITEM("1", "a") "," ITEM("2", "b") "," ITEM("2", "c") ","
	  ITEM("1", "d") "," P("e"),
	  "<ul>\n<li>a<ul>\n<li>b</li>\n<li>c</li>\n</ul>\n</li>\n<li>d</li>\n"
	  "</ul>\n<p>e</p>\n" },
	{ ITEM("1", "a") ",{'kind':'paragraph','level':1,'spans':[{'text':'b'}]},"
	  ITEM("1", "c"),
	  "<ul>\n<li>a<p>b</p>\n</li>\n<li>c</li>\n</ul>\n" },
	{ ITEM("3", "a") "," ITEM("1", "b"),
	  "<ul>\n<li><ul>\n<li><ul>\n<li>a</li>\n</ul>\n</li>\n</ul>\n</li>\n"
	  "<li>b</li>\n</ul>\n" },
	{ NUMBER("1", "1", "a") "," NUMBER("1", "2", "b") ","
	  NUMBER("1", "7", "c") "," ITEM("1", "d") "," NUMBER("1", "3", "e"),
	  "<ol>\n<li>a</li>\n<li>b</li>\n<li value=\"7\">c</li>\n</ol>\n"
	  "<ul>\n<li>d</li>\n</ul>\n<ol start=\"3\">\n<li>e</li>\n</ol>\n" },
	{ ITEM("1", "a") "," NUMBER("2", "1", "b") "," ITEM("1", "c"),
	  "<ul>\n<li>a<ol>\n<li>b</li>\n</ol>\n</li>\n<li>c</li>\n</ul>\n" },
	{ ITEM("0", "a") ",{'kind':'heading','level':2,'spans':"
	  "[{'text':'b'}]}", "<ul>\n<li>a</li>\n</ul>\n<h2>b</h2>\n" },
	/* quotes nest, and lists end at their edges */
	{ "{'kind':'paragraph','quote':2,'spans':[{'text':'a'}]},"
	  "{'kind':'paragraph','quote':1,'spans':[{'text':'b'}]}," P("c"),
	  "<blockquote>\n<blockquote>\n<p>a</p>\n</blockquote>\n<p>b</p>\n"
	  "</blockquote>\n<p>c</p>\n" },
	{ ITEM("1", "a") ",{'kind':'item','level':1,'quote':1,'spans':"
	  "[{'text':'b'}]}",
	  "<ul>\n<li>a</li>\n</ul>\n<blockquote>\n<ul>\n<li>b</li>\n</ul>\n"
	  "</blockquote>\n" },
	/* code keeps its white space */
	{ "{'kind':'code','spans':[{'text':'a  <b>\\n\\tc'}]}",
	  "<pre><code>a  &lt;b&gt;\n\tc</code></pre>\n" },
	{ "{'kind':'rule'}", "<hr>\n" },
	{ "{'kind':'table','table':{'rows':[{'cells':[{'header':true,'spans':"
	  "[{'text':'a'}]},{}]},{}]}},{'kind':'table'}",
	  "<table>\n<tr><th>a</th>\n<td></td>\n</tr>\n<tr></tr>\n</table>\n" },
	/* pictures and embeds are words */
	{ "{'kind':'image','image':{'url':'https://l.example/i.jpg',"
	  "'caption':'<C>','alt':'A','credit':'D'}},{'kind':'image','image':"
	  "{'url':'javascript:x','alt':'A'}},{'kind':'image'}",
	  "<figure>[<a href=\"https://l.example/i.jpg\">image</a>] &lt;C&gt; "
	  "(D)</figure>\n<figure>[image] A</figure>\n" },
	{ "{'kind':'embed','embed':{'url':'https://www.l.example/v'}},"
	  "{'kind':'embed','embed':{'url':'https://l.example/w','title':'<W>'}}",
	  "<p><a href=\"https://www.l.example/v\">l.example</a></p>\n"
	  "<p><a href=\"https://l.example/w\">&lt;W&gt;</a></p>\n" },
};

static void body_becomes_markup(void **state)
{
	size_t i;

	for (i = 0; i < COUNT(bodies); i++)
		assert_string_equal(fragment(state, bodies[i].blocks),
				    bodies[i].html);
}

static void deep_nesting_is_capped(void **state)
{
	const char *html = fragment(state,
		"{'kind':'item','level':4000000000,'quote':4000000000,"
		"'spans':[{'text':'a'}]}");
	size_t lists = 0, quotes = 0;

	for (; *html; html++) {
		lists += !strncmp(html, "<ul>", 4);
		quotes += !strncmp(html, "<blockquote>", 12);
	}
	assert_int_equal(lists, NW_BLOCK_LIST_DEPTH);
	assert_int_equal(quotes, NW_BLOCK_QUOTE_DEPTH);
}

static size_t longest_line(const char *text)
{
	size_t most = 0, len;

	for (; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (len > most)
			most = len;
	}
	return most;
}

/* Without what the writer put in to end lines. */
static char *joined(struct nw_arena *arena, const char *html)
{
	char *text = nw_arena_strdup(arena, html), *out = text;

	for (; *html; html++) {
		if (!strncmp(html, "<wbr\n>", 6))
			html += 5;
		else
			*out++ = *html;
	}
	*out = '\0';
	return text;
}

static const char *const units[] = {
	"x", "\xe4\xb8\xad", "&", "word ", "\xf0\x9f\x98\x80", "<", "\xc3\xa4",
};

static void lines_are_never_too_long(void **state)
{
	struct nw_error err;
	struct nw_buf text, out;
	const char *html;
	unsigned kind;
	size_t i, j;

	for (i = 0; i < COUNT(units); i++)
		for (kind = 0; kind < 2; kind++) {
			struct nw_story *story;

			nw_buf_init(&text, 100000);
			nw_buf_init(&out, NW_MESSAGE_BYTES);
			for (j = 0; j < 5000; j++)
				nw_buf_adds(&text, units[i]);
			story = model_text(*state, "T", text.data);
			if (kind)
				story->body.blocks->kind = NW_BLOCK_CODE;
			assert_int_equal(nw_hypertext_body(&out, &story->body,
							   &err), 0);
			assert_true(longest_line(out.data) <= NW_LINE_OCTETS);
			html = joined(*state, out.data);
			if (i < 2)
				assert_non_null(strstr(html, text.data));
			nw_buf_free(&text);
			nw_buf_free(&out);
		}
}

static void many_short_spans_do_not_make_a_long_line(void **state)
{
	struct nw_story *story = nw_story_new(*state);
	struct nw_block *block = nw_body_add(*state, &story->body,
					     NW_BLOCK_PARAGRAPH);
	struct nw_error err;
	struct nw_buf out;
	size_t i;

	block->span_count = 2000;
	block->spans = nw_arena_alloc(*state,
				      2000 * sizeof(*block->spans));
	for (i = 0; i < 2000; i++) {
		block->spans[i].text = i % 3 ? "x" : "";
		block->spans[i].style = i % 2 ? 127 : 0;
		block->spans[i].href = i % 4 ? NULL : "https://l.example/&&&&&&";
	}
	nw_buf_init(&out, NW_MESSAGE_BYTES);
	assert_int_equal(nw_hypertext_body(&out, &story->body, &err), 0);
	assert_true(longest_line(out.data) <= NW_LINE_OCTETS);
	nw_buf_free(&out);
}

static void address_longer_than_a_line_is_left_out(void **state)
{
	char url[2000] = "https://l.example/?";
	struct nw_story *story = model_text(*state, "T", "words");
	struct nw_error err;
	struct nw_buf out;

	memset(url + strlen(url), '&', 300);
	story->body.blocks->spans->href = url;
	nw_buf_init(&out, NW_MESSAGE_BYTES);
	assert_int_equal(nw_hypertext_body(&out, &story->body, &err), 0);
	assert_true(longest_line(out.data) <= NW_LINE_OCTETS);
	assert_non_null(strstr(out.data, "words"));
	memset(url + strlen("https://l.example/?"), 'a', 1500);
	nw_buf_reset(&out);
	assert_int_equal(nw_hypertext_body(&out, &story->body, &err), 0);
	assert_string_equal(out.data, "<p>words</p>\n");
	nw_buf_free(&out);
}

static char *document(void **state, const struct nw_story *story,
		      const struct nw_post *post)
{
	struct nw_error err;
	struct nw_buf out;
	char *text;

	nw_buf_init(&out, NW_MESSAGE_BYTES);
	assert_int_equal(nw_hypertext_write(&out, story, post, &err), 0);
	text = nw_arena_strdup(*state, out.data);
	nw_buf_free(&out);
	return text;
}

#define BODY "<body dir=\"auto\">\n"
#define FOOTER "</footer>\n</body>\n</html>\n"

static void story_is_a_whole_document(void **state)
{
	struct nw_story *story = model_story(*state,
		"{'url':'https://a.example/s?a=1&utm_source=x','language':'de',"
		"'description':'Stand <first>.','paywalled':true,"
		"'corrections':['We erred.'],'lead_image':{'alt':'Lead'},"
		"'authors':[{'name':'J <D>','url':'https://a.example/j',"
		"'role':'R','bio':'B & b.'},{'name':'Only a name'}],"
		"'enclosures':[{'url':'https://a.example/m','type':'audio/mpeg'},"
		"{'url':'https://a.example/v','type':'video/<mp4>','title':'V',"
		"'bytes':1500000000},{'title':'none','bytes':1}],"
		"'body':{'blocks':[" P("Body.") "]}}");
	const struct nw_post post = { .kind = NW_POST_ROOT,
				      .subject = "A </title><script>" };
	const char *html = document(state, story, &post);

	assert_int_equal(strncmp(html, "<!DOCTYPE html>\n<html lang=\"de\">\n",
				 33), 0);
	assert_non_null(strstr(html, "<meta charset=\"utf-8\">"));
	assert_non_null(strstr(html, "<title>A &lt;/title&gt;&lt;script&gt;"
				     "</title>"));
	assert_null(strstr(html, "<script"));
	assert_null(strstr(html, "<img"));
	assert_null(strstr(html, "url("));
	html = strstr(html, BODY);
	assert_string_equal(html,
		BODY "<figure>[image] Lead</figure>\n"
		"<p><strong>Stand &lt;first&gt;.</strong></p>\n"
		"<p>Body.</p>\n<p>We erred.</p>\n"
		"<p>[The rest of this story is for subscribers of the "
		"publisher.]</p>\n"
		"<p><a href=\"https://a.example/m\">audio/mpeg</a></p>\n"
		"<p><a href=\"https://a.example/v\">V</a> "
		"(video/&lt;mp4&gt;, 1.5 GB)</p>\n"
		"<footer>\n<p>Source: <a href=\"https://a.example/s?a=1\">"
		"https://a.example/s?a=1</a></p>\n"
		"<p><strong><a href=\"https://a.example/j\">J &lt;D&gt;</a>"
		"</strong>, R<br>\nB &amp; b.</p>\n" FOOTER);
}

static void hostile_language_is_left_out(void **state)
{
	static const char *const languages[] = {
		"en\\\" onload=\\\"x", "en\\r\\nX: y", "\xc3\xa4",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	const struct nw_post post = { .kind = NW_POST_ROOT };
	size_t i;

	for (i = 0; i < COUNT(languages); i++) {
		struct nw_story *story = model_story(*state, nw_arena_printf(
			*state, "{'language':'%s'}", languages[i]));

		assert_non_null(strstr(document(state, story, &post),
				       "<html>\n"));
	}
}

static const struct {
	const char *language;
	bool rtl;
} directions[] = {
	{ "ar", true },	    { "ar-EG", true },	 { "he", true },
	{ "HE-il", true },  { "fa", true },	 { "ur-PK", true },
	{ "ar-1996", true }, { "ks-Deva", false }, { "az-Arab-IR", true }, { "en", false },
	{ "zh-Hant", false }, { "de-1996", false }, { "ara", false },
};

/* A caption in Latin letters at the start must not turn an Arabic story. */
static void language_tells_the_direction(void **state)
{
	const struct nw_post post = { .kind = NW_POST_ROOT };
	const char *html;
	size_t i;

	for (i = 0; i < COUNT(directions); i++) {
		html = document(state, model_story(*state, nw_arena_printf(
			*state, "{'language':'%s'}", directions[i].language)),
			&post);
		assert_int_equal(strstr(html, "<body dir=\"rtl\">") != NULL,
				 directions[i].rtl);
		assert_int_equal(strstr(html, "<body dir=\"auto\">") != NULL,
				 !directions[i].rtl);
		assert_int_equal(strstr(html, "border-right") != NULL,
				 directions[i].rtl);
	}
	assert_non_null(strstr(document(state, nw_story_new(*state), &post),
			       "<body dir=\"auto\">"));
}

/* What a reader has set is right by day and night. */
static void no_colour_is_set(void **state)
{
	const struct nw_post post = { .kind = NW_POST_ROOT };
	const char *html = document(state, model_story(*state,
		"{'language':'ar'}"), &post), *at;

	assert_non_null(strstr(html, "content=\"light dark\""));
	for (at = strstr(html, "<style>"); at < strstr(html, "</style>"); at++)
		assert_false(*at == '#' || !strncmp(at, "color", 5) ||
			     !strncmp(at, "background", 10) ||
			     !strncmp(at, "rgb", 3));
}

static void edit_and_update_and_correction(void **state)
{
	struct nw_story *story = model_story(*state,
		"{'url':'https://a.example/s','updates':[{'key':'a','body':"
		"{'blocks':[" P("Update.") "]},'published_utc':10,"
		"'modified_utc':1753524000}],"
		"'body':{'blocks':[{'kind':'paragraph','spans':["
		"{'text':'old','style':32}]}]}}");
	struct nw_post post = { .kind = NW_POST_EDIT,
				.changes = &story->body };
	static const char source[] =
		"<footer>\n<p>Source: <a href=\"https://a.example/s\">"
		"https://a.example/s</a></p>\n" FOOTER;

	assert_non_null(strstr(document(state, story, &post),
			       BODY "<h2>What changed</h2>\n"
			       "<p><del>old</del></p>\n<hr>\n"
			       "<p><del>old</del></p>\n"));
	post = (struct nw_post){ .kind = NW_POST_UPDATE,
				 .update = story->updates,
				 .supersedes = "<a@b>",
				 .notice = "Correction: <1>",
				 .date_utc = INT64_C(1753524000),
				 .updated_utc = INT64_C(1753524000) };
	assert_string_equal(strstr(document(state, story, &post), BODY),
		nw_arena_printf(*state, "%s<p><small>Updated 10:00 UTC</small>"
				"</p>\n<p>Correction: &lt;1&gt;</p>\n"
				"<p>Update.</p>\n%s", BODY, source));
	post = (struct nw_post){ .kind = NW_POST_CORRECTION,
				 .notice = "We <erred>." };
	assert_string_equal(strstr(document(state, story, &post), BODY),
		nw_arena_printf(*state, "%s<p>We &lt;erred&gt;.</p>\n%s", BODY,
				source));
}

static void ceiling_is_kept(void **state)
{
	struct nw_story *story = model_text(*state, "T", "Words.");
	const struct nw_post post = { .kind = NW_POST_ROOT };
	struct nw_error err;
	struct nw_buf out;

	nw_buf_init(&out, 20);
	nw_buf_adds(&out, "before");
	assert_int_equal(nw_hypertext_write(&out, story, &post, &err), -1);
	assert_int_equal(err.code, NW_ERROR_REFUSED);
	assert_string_equal(out.data, "before");
	nw_buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(body_becomes_markup),
		cmocka_unit_test(deep_nesting_is_capped),
		cmocka_unit_test(lines_are_never_too_long),
		cmocka_unit_test(many_short_spans_do_not_make_a_long_line),
		cmocka_unit_test(address_longer_than_a_line_is_left_out),
		cmocka_unit_test(story_is_a_whole_document),
		cmocka_unit_test(hostile_language_is_left_out),
		cmocka_unit_test(language_tells_the_direction),
		cmocka_unit_test(no_colour_is_set),
		cmocka_unit_test(edit_and_update_and_correction),
		cmocka_unit_test(ceiling_is_kept),
	};

	return cmocka_run_group_tests(tests, arena_setup, arena_teardown);
}
