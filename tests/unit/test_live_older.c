/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a live page says that its older updates are, and how they join. */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/page.h"

#define URL "https://news.example/live/storm"
#define UPDATE(id, hour, text) \
	"<div id='block-67c5a1008f08aaaa0000000" id "' class='block'>" \
	"<time datetime='2025-03-03T" hour ":00:00Z'></time><p>" text \
	"</p></div>"
#define PAGE(more) \
	"<!DOCTYPE html><html><head><link rel=canonical href='" URL "'>" \
	"</head><body><h1>Storm, live</h1>" UPDATE("2", "11", "The bridge " \
	"is shut.") UPDATE("1", "10", "Trees fell on the road.") more \
	"</body></html>"

static struct nw_story *read_page(struct nw_arena *arena, const char *html,
				  const char *url, const char **next_r)
{
	struct nw_page_links links = { NULL, NULL };
	const struct nw_page_input input = {
		.bytes = html,
		.len = strlen(html),
		.url = url,
		.now_utc = 1741100000,
		.links = &links,
	};
	struct nw_story *story;
	struct nw_error err;

	assert_int_equal(nw_page_read(arena, &input, &story, &err), 0);
	*next_r = links.next_url;
	return story;
}

static void links_to_older_updates_are_found(void **state)
{
	static const struct {
		const char *more, *next;
	} cases[] = {
		{ "", NULL },
		{ "<nav id='liveblog-navigation'><a href='?page=with%3Ablock-"
		  "67c5#liveblog-navigation'><span>Next</span><svg></svg></a>"
		  "</nav>",
		  URL "?page=with%3Ablock-67c5" },
		{ "<link rel=next href='" URL "?page=2'>", URL "?page=2" },
		{ "<a href='?page=2'>Newer</a><a href='?page=3'>Show more</a>",
		  URL "?page=3" },
		{ "<a href='?from=post1' aria-label='Older updates'>&gt;</a>",
		  URL "?from=post1" },
		{ "<a href='storm/2'>\xc3\x84ltere Beitr\xc3\xa4ge</a>",
		  URL "/2" },
		{ "<a href='/live/storm/page/2'>Load more</a>",
		  URL "/page/2" },
		/* What a link is called counts less than what it says to be. */
		{ "<a href='?a=1'>Show more</a><a rel=next href='?page=2'>2"
		  "</a>", URL "?page=2" },
		/* Another page, another site, a script, a place in this one. */
		{ "<a href='/live/flood'>Next</a>", NULL },
		{ "<a href='/live/flood?page=2' rel=next>2</a>", NULL },
		{ "<a href='https://other.example/live/storm?page=2'>Next</a>",
		  NULL },
		{ "<a href='javascript:more()'>Show more</a>", NULL },
		{ "<a href='#older'>Show more</a>", NULL },
		{ "<a href='?utm_source=more'>Show more</a>", NULL },
		{ "<button>Show more</button>", NULL },
		{ "<a href='?page=2'>Next week</a>", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct nw_arena *arena = nw_arena_new();
		const char *next;
		struct nw_story *story = read_page(
			arena,
			nw_arena_printf(arena, PAGE("%s"), cases[i].more), URL,
			&next);

		assert_true(story->live);
		assert_int_equal(story->update_count, 2);
		if (cases[i].next && next)
			assert_string_equal(next, cases[i].next);
		else if (cases[i].next || next)
			fail_msg("%s: %s", cases[i].more, next ? next : "-");
		assert_true(story->updates_partial == (next != NULL));
		nw_arena_free(&arena);
	}
}

/* A further page leads on from itself; its newer neighbour is no older one. */
static void a_further_page_leads_on(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	const char *next;

	(void)state;
	read_page(arena,
		  PAGE("<a href='?page=1' rel=prev>Newer</a>"
		       "<a href='?page=3'>Next</a>"),
		  URL "?page=2", &next);
	assert_string_equal(next, URL "?page=3");
	read_page(arena, PAGE("<a href='?page=2'>Next</a>"), URL "?page=2",
		  &next);
	assert_null(next);
	nw_arena_free(&arena);
}

static void updates_join_in_order(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_story *first, *second;
	const char *next;

	(void)state;
	first = read_page(arena, PAGE("<a href='?page=2'>Next</a>"), URL,
			  &next);
	second = read_page(arena,
			   "<h1>Storm, live</h1>" UPDATE("3", "12", "Pinned.")
			   UPDATE("1", "10", "Trees fell, as it was.")
			   UPDATE("0", "09", "Rain."),
			   URL "?page=2", &next);
	nw_page_join_updates(arena, first, second);
	assert_int_equal(first->update_count, 4);
	assert_string_equal(first->updates[0].key, "67c5a1008f08aaaa00000000");
	assert_string_equal(first->updates[1].key, "67c5a1008f08aaaa00000001");
	assert_string_equal(first->updates[3].key, "67c5a1008f08aaaa00000003");
	/* What the first page says of one counts. */
	assert_string_equal(nw_body_text(arena, &first->updates[1].body),
			    "Trees fell on the road.");
	assert_false(first->updates_partial);
	nw_arena_free(&arena);
}

static struct nw_story *make_story(struct nw_arena *arena, size_t count,
				   int64_t start_utc)
{
	struct nw_story *story = nw_story_new(arena);
	size_t i;

	story->live = true;
	story->updates = nw_arena_alloc(arena, count * sizeof(*story->updates));
	story->update_count = count;
	for (i = 0; i < count; i++) {
		story->updates[i].published_utc = start_utc + (int64_t)i;
		story->updates[i].key = nw_arena_printf(
			arena, "%lld", (long long)start_utc + (long long)i);
	}
	return story;
}

static void joined_updates_are_capped(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_story *first = make_story(arena, NW_STORY_UPDATES - 10, 50000);

	(void)state;
	nw_page_join_updates(arena, first, make_story(arena, 30, 1000));
	assert_int_equal(first->update_count, NW_STORY_UPDATES);
	assert_int_equal(first->updates[0].published_utc, 1020);
	assert_int_equal(first->updates[10].published_utc, 50000);
	assert_true(first->updates_partial);
	nw_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links_to_older_updates_are_found),
		cmocka_unit_test(a_further_page_leads_on),
		cmocka_unit_test(updates_join_in_order),
		cmocka_unit_test(joined_updates_are_capped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
