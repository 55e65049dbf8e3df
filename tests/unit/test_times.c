/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When a page was published: which of the dates on it is its own.
 */
#include "config.h"

#include "page_facts.h"

static const struct {
	const char *html, *published;
} times[] = {
	{ "<script type=application/ld+json>{\"@type\":\"NewsArticle\","
	  "\"headline\":\"Mill\",\"datePublished\":"
	  "\"2025-07-26T10:15:00+03:00\"}</script>",
	  "2025-07-26T07:15:00Z" },
	{ "<meta property=article:published_time content=2025-07-25T09:00:00Z>",
	  "2025-07-25T09:00:00Z" },
	{ "<h1>Mill</h1><time datetime=2025-07-24T08:00:00Z>24 July</time>",
	  "2025-07-24T08:00:00Z" },
	{ "<h1>Mill</h1><p class=date>Published: 23 July 2025, 10:15</p>",
	  "2025-07-23T10:15:00Z" },
	{ "<meta name=x-published-date content=2025-07-22>"
	  "<meta name=x-last-published-date content=2025-07-23>"
	  "<h1>Mill</h1><p>1 July 2025</p>", "2025-07-22T00:00:00Z" },
	/* a time in the future cannot be, so the next source speaks */
	{ "<meta property=article:published_time content=2031-01-01T00:00:00Z>"
	  "<h1>Mill</h1><time datetime=2025-07-24T08:00:00Z>24 July</time>",
	  "2025-07-24T08:00:00Z" },
	/* the address names the day */
	{ "<h1>Mill</h1>", "2025-07-26T00:00:00Z" },
	/* a comment's time is not the story's */
	{ "<h1>Mill</h1><div class=comments><time datetime=2025-07-30T08:00:00Z>"
	  "30 July</time></div>", "2025-07-26T00:00:00Z" },
	/* the change comes after the publication, wherever it stands */
	{ "<h1>Mill</h1><p class=date>Updated: 25 July 2025</p>"
	  "<p class=date>24 July 2025</p>", "2025-07-24T00:00:00Z" },
	{ "<h1>Mill</h1><p class=date>Aktualisiert: 25.07.2025</p>",
	  "2025-07-25T00:00:00Z" },
	{ "<h1>Mill</h1><span class=updated title=2025-07-24T08:00:00Z></span>",
	  "2025-07-24T08:00:00Z" },
};

static void times_come_from_the_surest_source(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(times); i++) {
		struct nw_arena *arena = nw_arena_new();
		char text[NW_DATE_BYTES] = "none";
		const char *html = nw_arena_printf(
			arena, "<html><body>%s" BODY, times[i].html);
		const struct nw_story *story = read_page(arena, html);

		if (story->published_utc != NW_TIME_NONE)
			nw_date_iso8601(story->published_utc, text);
		assert_text(text, times[i].published, html);
		nw_arena_free(&arena);
	}
}

/* On a page whose address names no day. */
static const struct {
	const char *html, *published;
} seen[] = {
	{ "<h1>Mill</h1><p>24. Juli 2025</p>", "2025-07-24T00:00:00Z" },
	{ "<p>Town | 24 July 2025</p><h1>Mill</h1>", "2025-07-24T00:00:00Z" },
	/* the third of July, but in the United States */
	{ "<html lang=en-GB><h1>Mill</h1><p>03/07/2025</p>",
	  "2025-07-03T00:00:00Z" },
	{ "<html lang=en-US><h1>Mill</h1><p>07/03/2025</p>",
	  "2025-07-03T00:00:00Z" },
	/* a year, a month, a copyright, a part of a sentence */
	{ "<h1>Mill</h1><p>Summer 2025</p><p>July 2025</p>"
	  "<p>\xc2\xa9 1 May 2025</p>", "none" },
	/* far from the headline it must say what it is of */
	{ "<h1>Mill</h1>" FAR "<p>21 July 2025</p>"
	  "<p>Published on 20 July 2025</p>", "2025-07-20T00:00:00Z" },
	{ "<h1>Mill</h1><script type=application/ld+json>{\"@type\":\"WebPage\","
	  "\"datePublished\":\"2025-07-19\"}</script>",
	  "2025-07-19T00:00:00Z" },
	/* the days of addresses */
	{ "<link rel=canonical href=/news/18-07-2025><h1>Mill</h1>",
	  "2025-07-18T00:00:00Z" },
};

static void dates_are_seen_near_the_headline(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(seen); i++) {
		struct nw_arena *arena = nw_arena_new();
		char text[NW_DATE_BYTES] = "none";
		const struct nw_story *story = read_from(
			arena, "https://news.example.org/mill",
			nw_arena_printf(arena, "%s" BODY, seen[i].html));

		if (story->published_utc != NW_TIME_NONE)
			nw_date_iso8601(story->published_utc, text);
		assert_text(text, seen[i].published, seen[i].html);
		nw_arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_come_from_the_surest_source),
		cmocka_unit_test(dates_are_seen_near_the_headline),
	};

	return cmocka_run_group_tests_name("times", tests, NULL, NULL);
}
