/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/buf.h"
#include "newswire/html.h"
#include "newswire/limits.h"

#include "html_cases.h"

/* How text and inline elements become paragraphs and spans. */
static const struct html_case inline_cases[] = {
	{ "white space is collapsed across spans",
	  "<p>  one <b> two</b>\n <i>three </i>\t four&nbsp;five </p>",
	  "one {s two} {e three} four five\n" },
	{ "styles combine",
	  "<p><b>a<i>b</i></b><code>c</code>H<sub>2</sub>x<sup>3</sup>"
	  "<del>d</del><ins>e</ins></p>",
	  "{s a}{se b}{c c}H{_ 2}x{^ 3}{d d}{i e}\n" },
	{ "text directly in div", "<div>one<div>two</div>three</div>",
	  "one\ntwo\nthree\n" },
	{ "words of blocks are not glued", "<td>a</td><li>b</li>c<p>d",
	  "a\n- b\nc\nd\n" },
	{ "a paragraph is split by what it holds",
	  "<p>one <div>two</div> three</p>", "one\ntwo\nthree\n" },
	{ "inline elements do not part words", "<p>news<b>wire</b>s</p>",
	  "news{s wire}s\n" },
	{ "elements of the site's own do", "<x-a>one</x-a><x-a>two</x-a>",
	  "one two\n" },
	{ "line breaks", "<p>a <br> b<br>\n<br>c</p><br>d<br>",
	  "a\\nb\nc\nd\n" },
	{ "links are resolved, their ends hold no space",
	  "<p>see<a href='/a?b=1&amp;c=2'> the page </a>now</p>",
	  "see [the page](https://news.example/a?b=1&c=2) now\n" },
	{ "a link of scripts is text", "<a href='javascript:x()'>go</a>",
	  "go\n" },
	{ "a link around blocks", "<a href='x'><p>one</p><p>two</p></a>",
	  "[one](https://news.example/world/x)\n"
	  "[two](https://news.example/world/x)\n" },
	{ "quotation marks and readings",
	  "<q>yes</q> <ruby>\u6f22<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>",
	  "\u201cyes\u201d \u6f22(kan)\n" },
	{ "soft hyphens and break hints go",
	  "<p>auto&shy;ma&#8203;tic<wbr>ally</p>", "automatically\n" },
	{ "references of windows-1252", "<p>&#147;x&#148; &#128;5</p>",
	  "\u201cx\u201d \u20ac5\n" },
	{ "a sign that begins no tag", "<p>5 < 6 && 7 <3</p>",
	  "5 < 6 && 7 <3\n" },
	{ "characters that are none", "<p>a\x01"
				       "b\u202e"
				       "c\xc2\x85"
				       "d\x7f</p>",
	  "abc d\n" },
	{ "bytes that are no UTF-8", "<p>a\xff"
				     "b</p>",
	  "a\ufffd"
	  "b\n" },
	{ "text decomposed", "<p>e\u0301te\u0301</p>", "\u00e9t\u00e9\n" },
};

static const struct html_case block_cases[] = {
	{ "headings", "<h1>A</h1><h2>B <b>c</b></h2><h6>D</h6>",
	  "## A\n## B {s c}\n###### D\n" },
	{ "lists with their numbers",
	  "<ol start=3><li>three<ul><li>sub<li><p>other</ul><p>more</p>"
	  "<li value=7>seven<li>eight</ol><p>out</p>",
	  "3. three\n  - sub\n  - other\n  more\n7. seven\n8. eight\nout\n" },
	{ "a list that counts down",
	  "<ol reversed><li>c<li>b<li>a</ol>", "3. c\n2. b\n1. a\n" },
	{ "a heading in an item", "<ul><li><h3>Head</h3>text</ul>",
	  "- {s Head}\n  text\n" },
	{ "an item outside of a list", "<li>x", "- x\n" },
	{ "quotes", "<blockquote>a<blockquote><p>b</blockquote></blockquote>c",
	  "> a\n> > b\nc\n" },
	{ "code keeps its lines",
	  "<pre>\n a  &lt;b>\n\tc<br>d\n\n</pre>",
	  "```  a  <b>\\n\\tc\\nd\n" },
	{ "code by lines of divs", "<pre><div>a</div><div>b</div></pre>",
	  "``` a\\nb\n" },
	{ "rules part, and do nothing else",
	  "<hr><p>a<hr><hr><p>b", "a\n---\nb\n" },
	{ "definitions", "<dl><dt>a<dd>b</dl>", "a\nb\n" },
	{ "details are open", "<details><summary>a</summary>b</details>",
	  "a\nb\n" },
	{ "a table of data",
	  "<table><caption>Cap</caption><tr><th>A<th colspan=2>B</tr>"
	  "<tr><td rowspan=2>1<td>2<br>x<td><p>3<p>4</tr><tr><td>5<td>6"
	  "</table>after",
	  "Cap\n| #A | #B | # |\n| 1 | 2\\nx | 3\\n4 |\n|  | 5 | 6 |\n"
	  "after\n" },
	{ "a table of one column", "<table><tr><td>a<tr><td>b</table>",
	  "a\nb\n" },
	{ "a table for the layout",
	  "<table><tr><td><h2>A</h2><p>b<td><ul><li>c</ul><tr><td>d<td>e"
	  "</table>",
	  "## A\nb\n- c\nd\ne\n" },
	{ "a table in a table",
	  "<table><tr><td>x<td><table><tr><td>1<td>2<tr><td>3<td>4</table>"
	  "<tr><td>y<td>z</table>",
	  "x\n| 1 | 2 |\n| 3 | 4 |\ny\nz\n" },
	{ "a picture in a table of data",
	  "<table><tr><td>a<td>b<tr><td><img src=/i.jpg>c<td>d</table>e",
	  "| a | b |\n| c | d |\nimage https://news.example/i.jpg\ne\n" },
};

/* What is in no page that a reader sees. */
static const struct html_case dropped_cases[] = {
	{ "active elements",
	  "a<script>b</script><style>c</style><template>d</template>"
	  "<noscript>e</noscript><textarea>f</textarea><button>g</button>"
	  "<svg><text>h</text></svg><select><option>i</select>"
	  "<object>j</object><iframe>k</iframe><title>l</title>z",
	  "az\n" },
	{ "a form, but not one around the page",
	  "<form><label>Mail</label><input value=x></form><p>text",
	  "text\n" },
	{ "hidden elements",
	  "<p hidden>a</p><p style='color:red; Display : NONE'>b</p>"
	  "<p style='visibility:hidden'>c</p><span class='x sr-only'>d</span>"
	  "<i aria-hidden=true>e</i><p aria-hidden=true>f</p>g",
	  "f\ng\n" },
	{ "a hidden mark between words",
	  "<p>In town<span class=visually-hidden>: </span>The mill"
	  "<span class=visually-hidden>ing</span>s</p>",
	  "In town The mills\n" },
	{ "pixels",
	  "<img src=a.gif width=1 height=1><img src=b.gif width=0>"
	  "<img src='https://pixel.wp.com/b.gif?x'>"
	  "<img src='https://www.facebook.com/tr?id=1'>"
	  "<img src='https://feeds.feedburner.com/~r/a/~4/b'>"
	  "<img src=a style='position:absolute;width:1px;height:1px'>"
	  "<img src=b style='WIDTH : 0'>c"
	  "<img src=d style='max-width:1px;width:100%;height: 1.5em'>",
	  "c\nimage https://news.example/world/d\n" },
	{ "stills of videos",
	  "<img src=a.jpg alt='Click to play video: One'>"
	  "<img src=b.jpg alt='Video Thumbnail'>c",
	  "c\n" },
	{ "icons, but not those that are characters",
	  "Yes<img src=i.png width=16 height=16 alt=icon>"
	  "<img class=wp-smiley src=s.png alt=':-)'> "
	  "<img class=emoji src=s.png alt='\U0001f600'>",
	  "Yes:-) \U0001f600\n" },
	{ "addresses that nobody can follow",
	  "<img src='data:image/gif;base64,R0lG'><img src='blob:x'>"
	  "<iframe src='https://ads.example/x'></iframe>"
	  "<a href='//user@/'>t</a>",
	  "t\n" },
	{ "elements without an end tag, but not what follows",
	  "<p>a<embed src=x> b<track src=y> c<embed/> d</p>e",
	  "a b c d\ne\n" },
	{ "unclosed comments and doctypes", "a<!-- b", "a\n" },
	{ "markup in attributes", "<p title='<b>x</b>'>y</p>", "y\n" },
};

static void text_becomes_spans(void **state)
{
	(void)state;
	html_check(inline_cases, COUNT(inline_cases));
}

static void elements_become_blocks(void **state)
{
	(void)state;
	html_check(block_cases, COUNT(block_cases));
}

static void what_no_reader_sees_goes(void **state)
{
	(void)state;
	html_check(dropped_cases, COUNT(dropped_cases));
}

static void lines_are_text(void **state)
{
	static const struct {
		const char *html, *line;
		size_t max;
	} cases[] = {
		{ "plain  text", "plain text", 100 },
		{ "AT&amp;T <b>x</b><br>y &lt;b&gt;", "AT&T x y <b>", 100 },
		{ "a<p>b</p><script>c</script>d", "a b d", 100 },
		{ "5 < 6", "5 < 6", 100 },
		{ "<img src=x alt=y>", NULL, 100 },
		{ "", NULL, 100 },
		{ "<p>abcdefgh</p>", "abc\u2026", 6 },
		{ "<table><tr><td>a<td>b</table>", "a b", 100 },
	};
	struct nw_arena *arena = nw_arena_new();
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		const char *line =
			nw_html_line(arena, cases[i].html, cases[i].max);

		if (!cases[i].line)
			assert_null(line);
		else
			assert_string_equal(line, cases[i].line);
	}
	assert_null(nw_html_line(arena, NULL, 10));
	nw_arena_free(&arena);
}

static void bodies_are_appended_to(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_body body = { .blocks = NULL };
	struct nw_error err;

	(void)state;
	assert_int_equal(nw_html_read(arena, "<p>a", 4, NULL, &body, &err), 0);
	assert_int_equal(nw_html_read(arena, "<p>b", 4, NULL, &body, &err), 0);
	assert_int_equal(nw_html_read(arena, "", 0, NULL, &body, &err), 0);
	assert_int_equal(body.count, 2);
	assert_string_equal(body.blocks[1].spans->text, "b");
	nw_arena_free(&arena);
}

/* count times text, from malloc. */
static char *repeat(const char *text, size_t count)
{
	size_t len = strlen(text), i;
	char *all = malloc(len * count + 1);

	assert_non_null(all);
	for (i = 0; i < count; i++)
		memcpy(all + i * len, text, len);
	all[len * count] = '\0';
	return all;
}

static void depth_loses_no_text(void **state)
{
	static const char *const tags[] = { "<div>", "<b>", "<ul><li>",
					    "<blockquote>", "<table><tr><td>",
					    "<a href=x>", "<x-y>", "<pre>" };
	struct nw_arena *arena = nw_arena_new();
	struct nw_error err;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(tags); i++) {
		struct nw_body body = { .blocks = NULL };
		char *html = repeat(tags[i], 300);
		struct nw_buf all;

		nw_buf_init(&all, 1 << 20);
		nw_buf_addf(&all, "%sdeep", html);
		assert_int_equal(nw_html_read(arena, all.data, all.len,
					      HTML_BASE, &body, &err),
				 0);
		assert_int_equal(body.count, 1);
		assert_string_equal(nw_body_text(arena, &body), "deep");
		assert_true(body.blocks->quote <= NW_BLOCK_QUOTE_DEPTH);
		assert_true(body.blocks->level <= NW_BLOCK_LIST_DEPTH);
		nw_buf_free(&all);
		free(html);
	}
	nw_arena_free(&arena);
}

static void caps_are_kept(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	char *blocks = repeat("<p>x", NW_STORY_BLOCKS + 1);
	char *images = repeat("<p>x<img src=a.jpg>", NW_STORY_IMAGES + 9);
	char *cells = repeat("<td>x", NW_TABLE_COLUMNS + 9);
	struct nw_body body = { .blocks = NULL };
	struct nw_error err;
	struct nw_buf table;
	size_t i, count = 0;

	(void)state;
	assert_int_equal(nw_html_read(arena, blocks, strlen(blocks), HTML_BASE,
				      &body, &err),
			 -1);
	assert_int_equal(err.code, NW_ERROR_REFUSED);
	assert_int_equal(body.count, 0);
	assert_int_equal(nw_html_read(arena, images, strlen(images), HTML_BASE,
				      &body, &err),
			 0);
	for (i = 0; i < body.count; i++)
		count += body.blocks[i].kind == NW_BLOCK_IMAGE;
	assert_true(count <= NW_STORY_IMAGES);
	nw_buf_init(&table, 1 << 20);
	nw_buf_addf(&table, "<table><tr>%s<tr><td colspan=1000>y</table>",
		    cells);
	body = (struct nw_body) { .blocks = NULL };
	assert_int_equal(nw_html_read(arena, table.data, table.len, HTML_BASE,
				      &body, &err),
			 0);
	assert_int_equal(body.count, 1);
	assert_int_equal(body.blocks->table->rows[0].cell_count,
			 NW_TABLE_COLUMNS);
	assert_int_equal(body.blocks->table->rows[1].cell_count,
			 NW_TABLE_COLUMNS);
	nw_buf_free(&table);
	free(blocks);
	free(images);
	free(cells);
	nw_arena_free(&arena);
}

static void cut_input_is_read(void **state)
{
	(void)state;
	html_check_cut(inline_cases, COUNT(inline_cases));
	html_check_cut(block_cases, COUNT(block_cases));
	html_check_cut(dropped_cases, COUNT(dropped_cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_becomes_spans),
		cmocka_unit_test(elements_become_blocks),
		cmocka_unit_test(what_no_reader_sees_goes),
		cmocka_unit_test(lines_are_text),
		cmocka_unit_test(bodies_are_appended_to),
		cmocka_unit_test(depth_loses_no_text),
		cmocka_unit_test(caps_are_kept),
		cmocka_unit_test(cut_input_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
