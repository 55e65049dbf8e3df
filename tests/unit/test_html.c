/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/html.h"
#include "newswire/limits.h"

#include "body_dump.h"

static const char base[] = "https://news.example/world/story";

struct html_case {
	const char *name, *html, *lines;
};

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
	{ "pixels",
	  "<img src=a.gif width=1 height=1><img src=b.gif width=0>"
	  "<img src='https://pixel.wp.com/b.gif?x'>"
	  "<img src='https://www.facebook.com/tr?id=1'>"
	  "<img src='https://feeds.feedburner.com/~r/a/~4/b'>c",
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
	{ "unclosed comments and doctypes", "a<!-- b", "a\n" },
	{ "markup in attributes", "<p title='<b>x</b>'>y</p>", "y\n" },
};

static const struct html_case image_cases[] = {
	{ "the best size",
	  "<img src=s.jpg srcset='a.jpg 320w, b.jpg 1280w,c.jpg 3000w'>",
	  "image https://news.example/world/b.jpg 1280x0\n" },
	{ "addresses with commas",
	  "<img srcset='/w_3,h_2/a.jpg 300w, /w_9,h_6/a.jpg 900w'>",
	  "image https://news.example/w_9,h_6/a.jpg 900x0\n" },
	{ "lazy pictures",
	  "<img src='data:image/gif;base64,xx' data-src=a.jpg>"
	  "<p>1<p><img src=/img/blank.gif data-srcset='b.jpg 2x, c.jpg 1x'>",
	  "image https://news.example/world/a.jpg\n1\n"
	  "image https://news.example/world/b.jpg 1160x0\n" },
	{ "a picture for readers without scripts",
	  "<img class=lazy src='data:x'><noscript><img src=a.jpg></noscript>"
	  "<p>1<p><img src=b.jpg><noscript><img src=c.jpg></noscript>",
	  "image https://news.example/world/a.jpg\n1\n"
	  "image https://news.example/world/b.jpg\n" },
	{ "formats that all can show come first",
	  "<picture><source type='image/avif' srcset='a.avif 1200w'>"
	  "<source type='image/jpeg' srcset='a.jpg 800w'>"
	  "<img src=s.jpg></picture>",
	  "image https://news.example/world/a.jpg 800x0\n" },
	{ "a picture amid a sentence does not part it",
	  "<p>one <img src=a.jpg width=640 height=480> two</p>",
	  "one two\nimage https://news.example/world/a.jpg 640x480\n" },
	{ "the same picture twice",
	  "<img src=a.jpg?w=1><img src=a.jpg?w=2>",
	  "image https://news.example/world/a.jpg?w=1\n" },
	{ "an alternative text that says nothing",
	  "<img src=a.jpg alt='DSC_1.JPG'><img src=b.jpg alt=Image>",
	  "image https://news.example/world/a.jpg\n"
	  "image https://news.example/world/b.jpg\n" },
	{ "caption and credit",
	  "<figure><img src=a.jpg alt='A man'><figcaption>A man. "
	  "(Jane Doe/Agency via Getty Images)</figcaption></figure>",
	  "image https://news.example/world/a.jpg caption=A man. "
	  "credit=Jane Doe/Agency via Getty Images\n" },
	{ "a credit behind its label",
	  "<figure><img src=a.jpg alt=Rocket><figcaption>It lands. "
	  "Photograph: Ann/EPA</figcaption></figure>",
	  "image https://news.example/world/a.jpg alt=Rocket "
	  "caption=It lands. credit=Ann/EPA\n" },
	{ "a credit with a class, in the caption",
	  "<figure><img src=a.jpg><figcaption>Cap <span class=img-credit>"
	  "Foto: dpa</span></figcaption></figure>",
	  "image https://news.example/world/a.jpg caption=Cap credit=dpa\n" },
	{ "brackets that name nobody",
	  "<figure><img src=a.jpg><figcaption>The mayor (left)</figcaption>"
	  "</figure>",
	  "image https://news.example/world/a.jpg "
	  "caption=The mayor (left)\n" },
	{ "a copyright sign", "<figure><img src=a.jpg><figcaption>X "
			      "\u00a9 Reuters</figcaption></figure>",
	  "image https://news.example/world/a.jpg caption=X "
	  "credit=Reuters\n" },
	{ "the words of a caption that are no label",
	  "<figure><img src=a.jpg><figcaption>Photos are sold; a photographer "
	  "waits. Fotos: A/B</figcaption></figure>"
	  "<figure><img src=b.jpg><figcaption>\u00a9AFP</figcaption></figure>",
	  "image https://news.example/world/a.jpg "
	  "caption=Photos are sold; a photographer waits. credit=A/B\n"
	  "image https://news.example/world/b.jpg credit=AFP\n" },
	{ "a figure by its class",
	  "<div class=wp-caption><img src=a.jpg>"
	  "<p class=wp-caption-text>Words</p></div>",
	  "image https://news.example/world/a.jpg caption=Words\n" },
	{ "a caption beside its figure",
	  "<div class=image-box><figure><img src=a.jpg></figure>"
	  "<figcaption>Words</figcaption></div>",
	  "image https://news.example/world/a.jpg caption=Words\n" },
	{ "what only shares a class with figures",
	  "<div class=media><img src=a.jpg><p>Text of the story.</p></div>",
	  "image https://news.example/world/a.jpg\nText of the story.\n" },
	{ "a figure with a table",
	  "<figure><table><tr><td>a<td>b<tr><td>c<td>d</table>"
	  "<figcaption>Cap</figcaption></figure>",
	  "| a | b |\n| c | d |\nCap\n" },
};

static const struct html_case embed_cases[] = {
	{ "a video in a frame",
	  "<p>a</p><iframe src='//www.youtube.com/embed/Ab-1?x=1' "
	  "title='A clip'></iframe>",
	  "a\nembed https://www.youtube.com/watch?v=Ab-1 A clip\n" },
	{ "an idle title",
	  "<iframe data-src='https://player.vimeo.com/video/12' "
	  "title='vimeo video player'></iframe>",
	  "embed https://vimeo.com/12\n" },
	{ "an address in a parameter",
	  "<iframe src='https://www.facebook.com/plugins/post.php?"
	  "href=https%3A%2F%2Fwww.facebook.com%2Fa%2Fposts%2F1&w=5'></iframe>",
	  "embed https://www.facebook.com/a/posts/1\n" },
	{ "a site that only ends like a known one",
	  "<iframe src='https://notyoutube.com/embed/x'></iframe>a", "a\n" },
	{ "a quoted post",
	  "<blockquote class='twitter-tweet'><p>Words <a href="
	  "'https://t.co/x'>pic</a></p>&mdash; A (@a) "
	  "<a href='https://twitter.com/a/status/1?s=2'>May 1</a>"
	  "</blockquote>",
	  "embed https://twitter.com/a/status/1?s=2 "
	  "Words pic \u2014 A (@a) May 1\n" },
	{ "a video of the page",
	  "<video poster=p.jpg><source src=v.mp4>old browser</video>",
	  "embed https://news.example/world/v.mp4\n" },
	{ "what a script would show",
	  "<div class=tweet data-url='https://x.com/a/status/1'></div>"
	  "<div data-url='https://x.com/a/status/2'>text</div>"
	  "<div data-url='/share'> </div>"
	  "<figure><oembed url='https://youtu.be/x'></oembed></figure>",
	  "embed https://x.com/a/status/1\ntext\n"
	  "embed https://youtu.be/x\n" },
	{ "elements of AMP",
	  "<amp-youtube data-videoid=x></amp-youtube>"
	  "<amp-ad>no</amp-ad><amp-img src=a.jpg width=600 height=400>"
	  "</amp-img>",
	  "embed https://www.youtube.com/watch?v=x\n"
	  "image https://news.example/world/a.jpg 600x400\n" },
};

static void check(const struct html_case *item)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_body body = { .blocks = NULL };
	struct nw_error err = { .code = NW_ERROR_NONE };
	struct nw_buf out;

	nw_buf_init(&out, 1 << 20);
	assert_int_equal(nw_html_read(arena, item->html, strlen(item->html),
				      base, &body, &err),
			 0);
	body_dump(&out, &body);
	if (strcmp(out.data, item->lines))
		print_error("%s:\n", item->name);
	assert_string_equal(out.data, item->lines);
	nw_buf_free(&out);
	nw_arena_free(&arena);
}

#define CHECK_ALL(cases)                              \
	do {                                          \
		size_t at;                            \
		for (at = 0; at < COUNT(cases); at++) \
			check(&(cases)[at]);          \
	} while (0)

static void text_becomes_spans(void **state)
{
	(void)state;
	CHECK_ALL(inline_cases);
}

static void elements_become_blocks(void **state)
{
	(void)state;
	CHECK_ALL(block_cases);
}

static void what_no_reader_sees_goes(void **state)
{
	(void)state;
	CHECK_ALL(dropped_cases);
}

static void pictures_keep_caption_and_credit(void **state)
{
	(void)state;
	CHECK_ALL(image_cases);
}

static void players_become_links(void **state)
{
	(void)state;
	CHECK_ALL(embed_cases);
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
		assert_int_equal(nw_html_read(arena, all.data, all.len, base,
					      &body, &err),
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
	assert_int_equal(nw_html_read(arena, blocks, strlen(blocks), base,
				      &body, &err),
			 -1);
	assert_int_equal(err.code, NW_ERROR_REFUSED);
	assert_int_equal(body.count, 0);
	assert_int_equal(nw_html_read(arena, images, strlen(images), base,
				      &body, &err),
			 0);
	for (i = 0; i < body.count; i++)
		count += body.blocks[i].kind == NW_BLOCK_IMAGE;
	assert_true(count <= NW_STORY_IMAGES);
	nw_buf_init(&table, 1 << 20);
	nw_buf_addf(&table, "<table><tr>%s<tr><td colspan=1000>y</table>",
		    cells);
	body = (struct nw_body) { .blocks = NULL };
	assert_int_equal(nw_html_read(arena, table.data, table.len, base, &body,
				      &err),
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

/* Every start of every case is read without a fault. */
static void cut_input_is_read(void **state)
{
	static const struct {
		const struct html_case *cases;
		size_t count;
	} tables[] = {
		{ inline_cases, COUNT(inline_cases) },
		{ block_cases, COUNT(block_cases) },
		{ dropped_cases, COUNT(dropped_cases) },
		{ image_cases, COUNT(image_cases) },
		{ embed_cases, COUNT(embed_cases) },
	};
	struct nw_arena *arena = nw_arena_new();
	struct nw_error err;
	size_t i, k, len;

	(void)state;
	for (i = 0; i < COUNT(tables); i++)
		for (k = 0; k < tables[i].count; k++) {
			const char *html = tables[i].cases[k].html;

			for (len = 0; len < strlen(html); len++) {
				struct nw_body body = { .blocks = NULL };
				char *copy = malloc(len ? len : 1);

				assert_non_null(copy);
				memcpy(copy, html, len);
				assert_int_equal(nw_html_read(arena, copy, len,
							      base, &body,
							      &err),
						 0);
				free(copy);
			}
		}
	nw_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_becomes_spans),
		cmocka_unit_test(elements_become_blocks),
		cmocka_unit_test(what_no_reader_sees_goes),
		cmocka_unit_test(pictures_keep_caption_and_credit),
		cmocka_unit_test(players_become_links),
		cmocka_unit_test(lines_are_text),
		cmocka_unit_test(bodies_are_appended_to),
		cmocka_unit_test(depth_loses_no_text),
		cmocka_unit_test(caps_are_kept),
		cmocka_unit_test(cut_input_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
