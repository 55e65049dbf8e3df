/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stories on several pages: where the next one is, and how it is joined. */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "newswire/html.h"
#include "newswire/limits.h"
#include "newswire/page.h"

#define NOW 1784000000	/* 2026-07-14T03:33:20Z */
#define SITE "https://news.example.org"

#define P1 "The council voted to keep the old mill open until next spring, " \
	   "and the mayor promised to listen to those who live beside it."
#define P2 "Nobody had expected the vote to be so close, said the clerk, who " \
	   "has counted hands in the hall for more than thirty years."
#define P3 "Water has turned the wheel since the town was founded, and in a " \
	   "good year it still grinds flour for the bakers of the valley."

/* A page's address, what it calls next, and whether that is its own. */
static const struct {
	const char *url, *link, *next;
} links[] = {
	{ "/mill.html", "", NULL },
	{ "/mill.html", "<link rel=next href=mill.html?page=2>",
	  "/mill.html?page=2" },
	{ "/a/mill", "<a rel=next href=/a/mill/2>2</a>", "/a/mill/2" },
	{ "/mill/", "<a rel=next href=seite-2/>2</a>", "/mill/seite-2/" },
	{ "/mill", "<a rel=next href=/mill/page/2>2</a>", "/mill/page/2" },
	{ "/mill/2", "<a rel=next href=/mill/3>3</a>", "/mill/3" },
	{ "/mill?page=1&x=y", "<link rel=next href='/mill?page=2&x=y'>",
	  "/mill?page=2&x=y" },
	{ "/mill?x=y", "<link rel=next href='/mill?x=y&page=2'>",
	  "/mill?x=y&page=2" },
	/* the next story is no next page */
	{ "/mill", "<link rel=next href=/bridge>", NULL },
	{ "/mill/2", "<link rel=next href=/bridge/3>", NULL },
	{ "/mill", "<link rel=next href=/mill?page=3>", NULL },
	{ "/mill/2", "<link rel=next href=/mill/4>", NULL },
	{ "/mill/2", "<link rel=next href=/mill/2>", NULL },
	{ "/mill", "<link rel=next href=/mill?id=2>", NULL },
	{ "/mill", "<link rel=next href=/mill/comments-2>", NULL },
	{ "/mill", "<link rel=next href=//other.example/mill/2>", NULL },
	{ "/mill", "<link rel=prev href=/mill/2>", NULL },
	/* what is numbered has no name */
	{ "/2026/05/12", "<link rel=next href=/2026/05/13>", NULL },
	{ "/?p=5", "<link rel=next href='/?p=6'>", NULL },
	{ "/story/1234", "<link rel=next href=/story/1235>", NULL },
	{ "/", "<link rel=next href=/page/2>", NULL },
};

static void test_links(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(links); i++) {
		struct nw_arena *arena = nw_arena_new();
		const char *html = nw_arena_printf(arena, "%s<p>" P1 "</p>",
						   links[i].link);
		struct nw_page_links found = { SITE, SITE };
		const struct nw_page_input input = {
			.bytes = html,
			.len = strlen(html),
			.url = nw_arena_printf(arena, SITE "%s", links[i].url),
			.now_utc = NOW,
			.links = &found,
		};
		struct nw_story *story;

		assert_int_equal(nw_page_read(arena, &input, &story, NULL), 0);
		assert_null(found.single_url);
		if (!links[i].next && found.next_url)
			fail_msg("%s: %s", links[i].url, found.next_url);
		if (links[i].next)
			assert_string_equal(found.next_url,
					    nw_arena_printf(arena, SITE "%s",
							    links[i].next));
		nw_arena_free(&arena);
	}
}

static struct nw_story *make_story(struct nw_arena *arena, const char *url,
				   const char *html)
{
	struct nw_story *story = nw_story_new(arena);

	story->url = story->canonical_url = url;
	story->title = "The mill stays";
	assert_int_equal(nw_html_read(arena, html, strlen(html), SITE "/",
				      &story->body, NULL),
			 0);
	return story;
}

static void add_correction(struct nw_arena *arena, struct nw_story *story,
			   const char *text)
{
	story->corrections = nw_arena_grow(arena, story->corrections,
					   story->correction_count,
					   sizeof(*story->corrections));
	story->corrections[story->correction_count++] = text;
}

static void test_join(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_story *first = make_story(
		arena, SITE "/mill",
		"<img src=/a.jpg><p>" P1 "</p><p>Yes.</p><p>" P2 "</p>");
	struct nw_story *next = make_story(
		arena, SITE "/mill/2",
		"<h2>The mill stays</h2><img src=/a.jpg><p>Yes.</p><p>" P3
		"</p><p>Yes.</p><p>" P2 "</p><img src=/b.jpg><img src=/a.jpg>");

	(void)state;
	add_correction(arena, first, "The mill is older.");
	add_correction(arena, next, "The mill is older.");
	add_correction(arena, next, "The clerk is younger.");
	nw_page_join(arena, first, next);
	assert_int_equal(first->correction_count, 2);
	assert_string_equal(nw_body_text(arena, &first->body),
			    P1 "\n\nYes.\n\n" P2 "\n\n" P3 "\n\nYes.");
	assert_int_equal(first->body.count, 7);
	assert_string_equal(first->body.blocks[6].image->url, SITE "/b.jpg");
	assert_int_equal(first->alias_count, 1);
	assert_string_equal(first->aliases[0], SITE "/mill/2");
	nw_arena_free(&arena);
}

static void test_join_has_a_cap(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_story *first = nw_story_new(arena);
	struct nw_story *next = nw_story_new(arena);
	size_t i;

	(void)state;
	for (i = 0; i < NW_STORY_BLOCKS; i++) {
		(void)nw_body_add(arena, &first->body, NW_BLOCK_RULE);
		(void)nw_body_add(arena, &next->body, NW_BLOCK_RULE);
	}
	first->body.count -= 2;
	nw_page_join(arena, first, next);
	assert_int_equal(first->body.count, NW_STORY_BLOCKS);
	nw_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_join_has_a_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
