/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What hostile pages cost, in looks at elements: never more than the budget,
 * and twice the page not much more than twice.
 */
#include "config.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/buf.h"
#include "newswire/limits.h"
#include "newswire/page.h"

#define PAGE_BYTES (1u << 20)
#define P "The council voted to keep the old mill open until next spring. "

/* A page: open often, then unit as often as there is room for it. */
static const struct {
	const char *open;
	size_t times;
	const char *unit;
} pages[] = {
	{ "", 0, "<b>" },
	{ "", 0, "<p>" },
	{ "", 0, "<p>" P },
	{ "", 0, "<div>" P },
	{ "", 0, "<a href=/x>x" },
	{ "", 0, "<ul><li>" P },
	{ "", 0, "<p>a<br>b<br><br>" },
	{ "", 0, "<h1>The mill</h1>" },
	{ "", 0, "<p a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 i=9 j=0 k=1 l=2>x" },
	{ "", 0, "<button>x" },
	{ "", 0, "<p class=byline>By Jane Doe</p>" },
	{ "", 0, "<div class=caption>x" },
	{ "<article>", 1, "<div class=caption>" P "</div><p>" P "</p>" },
	{ "<article>", 1, "<p>" P "</p><div><img src=a.jpg>Words on it</div>" },
	{ "<div class=image>", 500, "<img src=a.jpg>" },
	{ "<div class=image>", 500, "<div class=image></div>" },
	{ "<div><a href=/x>A headline of the day</a>", 500, "<i></i>" },
	{ "<blockquote class=twitter-tweet>", 500, "<p>" P "</p>" },
	{ "<blockquote class=instagram-media>", 500, "<p>" P "</p>" },
	{ "<form>", 500, "<div>" P "</div>" },
	{ "<table><tr><td>", 160, "<p>" P "</p>" },
	{ "<table>", 1, "<tr><td>x<td rowspan=9999 colspan=9999>y" },
	{ "<noscript>", 500, "<p>x" },
	{ "<div hidden>", 500, "<p>" P "</p>" },
};

static void make_page(struct nw_buf *html, size_t page, size_t bytes)
{
	size_t i;

	nw_buf_reset(html);
	nw_buf_adds(html, "<title>The mill</title><meta name=description "
			  "content='A close vote.'><body>");
	for (i = 0; i < pages[page].times; i++)
		nw_buf_adds(html, pages[page].open);
	while (html->len < bytes)
		nw_buf_adds(html, pages[page].unit);
	assert_true(nw_buf_ok(html));
}

struct cost {
	unsigned long looks;
	bool over;
	bool teaser;
};

static void keep_cost(const struct nw_page_note *note, void *context)
{
	struct cost *cost = context;

	if (!strcmp(note->what, "teaser"))
		cost->teaser = true;
	if (strcmp(note->what, "work"))
		return;
	cost->looks = strtoul(note->text, NULL, 10);
	cost->over = note->why != NULL;
}

static struct cost read_page(const struct nw_buf *html)
{
	struct cost cost = { 0, false, false };
	const struct nw_page_input input = { .bytes = html->data,
					     .len = html->len,
					     .url = "https://a.example/x",
					     .explain = keep_cost,
					     .explain_context = &cost };
	struct nw_arena *arena = nw_arena_new();
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_story *story = NULL;

	if (nw_page_read(arena, &input, &story, &err) < 0)
		fail_msg("%s", err.text);
	assert_non_null(story->title);
	if (cost.over) {
		assert_true(cost.teaser);
		assert_true(story->body.count <= NW_PAGE_TEASER_BLOCKS);
	}
	nw_arena_free(&arena);
	return cost;
}

static void cost_grows_with_the_page(void **state)
{
	struct nw_buf html;
	size_t i;

	(void)state;
	nw_buf_init(&html, 2 * PAGE_BYTES);
	for (i = 0; i < COUNT(pages); i++) {
		struct cost half, whole;

		make_page(&html, i, PAGE_BYTES / 2);
		half = read_page(&html);
		make_page(&html, i, PAGE_BYTES);
		whole = read_page(&html);
		assert_in_range(whole.looks, 1, NW_PAGE_WORK + NW_PAGE_NODES);
		if (whole.looks > 3 * half.looks)
			fail_msg("case %zu: %lu looks, and %lu at half of it",
				 i, whole.looks, half.looks);
	}
	nw_buf_free(&html);
}

static void page_past_a_cap_is_a_teaser(void **state)
{
	struct nw_buf html;
	size_t i;

	(void)state;
	nw_buf_init(&html, 4 * PAGE_BYTES);
	nw_buf_adds(&html, "<title>The mill</title><article>");
	for (i = 0; i <= NW_STORY_BLOCKS; i++)
		nw_buf_adds(&html, "<p>" P);
	assert_true(read_page(&html).over);
	nw_buf_free(&html);
}

static void body_past_a_cap_has_no_vote(void **state)
{
	struct nw_buf html;
	size_t i;

	(void)state;
	nw_buf_init(&html, 4 * PAGE_BYTES);
	nw_buf_adds(&html, "<title>The mill</title><script type=application/ld"
			   "+json>{\"@type\":\"NewsArticle\",\"articleBody\":\"");
	for (i = 0; i <= NW_STORY_BLOCKS; i++)
		nw_buf_adds(&html, P "\\n");
	nw_buf_adds(&html, "\"}</script><article><p>" P P "</article>");
	assert_false(read_page(&html).over);
	nw_buf_free(&html);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cost_grows_with_the_page),
		cmocka_unit_test(page_past_a_cap_is_a_teaser),
		cmocka_unit_test(body_past_a_cap_has_no_vote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
