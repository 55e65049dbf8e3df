/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <event2/event.h>
#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "pipeline_world.h"

#define GROUP "org.example.world"

#define CARD(n) \
	"<article><h2><a href=\"/story-number-" n ".html\">The title of story " \
	n "</a></h2><p>The teaser of story " n ", in a few more words.</p>" \
	"</article>"
#define SECTION(cards) \
	"<!DOCTYPE html><html lang=\"en\"><head><title>World</title></head>" \
	"<body><main>" cards "</main></body></html>"
#define STORY(n) \
	"<!DOCTYPE html><html lang=\"en\"><head><title>The title of story " n \
	"</title></head><body><article><h1>The title of story " n "</h1>" \
	"<p>The words of story " n ". It begins with a paragraph that is long " \
	"enough to be taken for the text of a story by any reader.</p>" \
	"<p>A second paragraph follows, and it has nothing to say either, but " \
	"says it at a length that leaves no doubt about its purpose.</p>" \
	"</article></body></html>"

static void put_stories(struct world *world)
{
	world_put(world, "/story-number-1.html", 200, STORY("1"));
	world_put(world, "/story-number-2.html", 200, STORY("2"));
	world_put(world, "/story-number-3.html", 200, STORY("3"));
	world_put(world, "/story-number-4.html", 200, STORY("4"));
}

static void a_section_page_is_a_list_of_stories(void **state)
{
	struct world *world = *state;

	put_stories(world);
	world_put(world, "/world", 200, SECTION(CARD("3") CARD("2") CARD("1")));
	world_subscribe(world, "/world", NW_SOURCE_PAGE, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 3);
	assert_string_equal(world_header(world, GROUP, 1, "Subject"),
			    "The title of story 1");
	assert_non_null(strstr(world_article(world, GROUP, 3),
			       "The words of story 3."));
	/* What was listed is known; what is new is not. */
	world_put(world, "/world", 200, SECTION(CARD("4") CARD("3") CARD("2")));
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 4);
	assert_string_equal(world_header(world, GROUP, 4, "Subject"),
			    "The title of story 4");
}

static void a_page_without_a_list_is_a_story(void **state)
{
	struct world *world = *state;

	put_stories(world);
	world_subscribe(world, "/story-number-1.html", NW_SOURCE_PAGE, GROUP);
	world_poll(world, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 1);
	assert_string_equal(world_header(world, GROUP, 1, "Subject"),
			    "The title of story 1");
}

static void what_is_no_page_is_an_error(void **state)
{
	struct world *world = *state;

	world_put(world, "/world", 200, "\x89PNG");
	world_subscribe(world, "/world", NW_SOURCE_PAGE, GROUP);
	world_poll(world, GROUP);
	assert_string_equal(world_source(world, GROUP).error,
			    "the bytes are no HTML");
}

#define ITEM(n) \
	"<item><title>Story " n "</title><link>@BASE@/story-number-" n \
	".html</link><description>Teaser " n "</description></item>"
#define FEED(rel, url, items) \
	"<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel>" \
	"<title>T</title><a:link rel='" rel "' href='" url "'/>" items \
	"</channel></rss>"

static void a_gap_is_filled_from_the_archives(void **state)
{
	struct world *world = *state;
	struct document *old[3];

	old[0] = world_put(world, "/old/3", 200,
			   FEED("prev-archive", "/old/2", ITEM("4") ITEM("3")));
	old[1] = world_put(world, "/old/2", 200,
			   FEED("prev-archive", "/old/1", ITEM("2") ITEM("1")));
	old[2] = world_put(world, "/old/1", 200, FEED("x", "x", ITEM("0")));
	world_put(world, "/feed", 200,
		  FEED("prev-archive", "/old/1", ITEM("2") ITEM("1")));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	/* The past of a new source is not asked for. */
	assert_int_equal(old[2]->hits, 0);
	assert_int_equal(world_high(world, GROUP), 2);
	world_put(world, "/feed", 200,
		  FEED("prev-archive", "/old/3", ITEM("6") ITEM("5")));
	world_poll(world, GROUP);
	assert_int_equal(old[0]->hits, 1);
	assert_int_equal(old[1]->hits, 1);
	assert_int_equal(old[2]->hits, 0);
	assert_int_equal(world_high(world, GROUP), 6);
	assert_string_equal(world_header(world, GROUP, 3, "Subject"),
			    "Story 3");
	assert_string_equal(world_header(world, GROUP, 6, "Subject"),
			    "Story 6");
	/* Without a gap nobody asks. */
	world_put(world, "/feed", 200,
		  FEED("prev-archive", "/old/3", ITEM("7") ITEM("6")));
	world_poll(world, GROUP);
	assert_int_equal(old[0]->hits, 1);
	assert_int_equal(world_high(world, GROUP), 7);
}

static void archives_that_cannot_be_had_stop_nothing(void **state)
{
	struct world *world = *state;

	world_put(world, "/feed", 200, FEED("next", "/old", ITEM("1")));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	world_put(world, "/feed", 200, FEED("next", "/old", ITEM("2")));
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 2);
	assert_null(world_source(world, GROUP).error);
	assert_non_null(strstr(world_log(world),
			       world_text(world, "@BASE@/old: the server "
						 "answered with status 404, "
						 "older items may be missed")));
}

static void robots_count_for_archives(void **state)
{
	struct world *world = *state;
	struct document *old;

	world_put(world, "/robots.txt", 200, "User-agent: *\nDisallow: /old");
	old = world_put(world, "/old", 200, FEED("x", "x", ITEM("2")));
	world_put(world, "/feed", 200, FEED("next", "/old", ITEM("1")));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	world_put(world, "/feed", 200, FEED("next", "/old", ITEM("3")));
	world_poll(world, GROUP);
	assert_int_equal(old->hits, 0);
	assert_int_equal(world_high(world, GROUP), 2);
	assert_non_null(strstr(world_log(world), "older items may be missed"));
}

static void nor_one_that_a_redirect_leads_to(void **state)
{
	struct world *world = *state;
	struct document *moved, *old;

	world_put(world, "/robots.txt", 200, "User-agent: *\nDisallow: /old");
	old = world_put(world, "/old", 200, FEED("x", "x", ITEM("2")));
	moved = world_put(world, "/past", 302, "");
	moved->headers = "Location: /old\r\n";
	world_put(world, "/feed", 200, FEED("next", "/past", ITEM("1")));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	world_put(world, "/feed", 200, FEED("next", "/past", ITEM("3")));
	world_poll(world, GROUP);
	assert_int_equal(moved->hits, 1);
	assert_int_equal(old->hits, 0);
	assert_int_equal(world_high(world, GROUP), 2);
	assert_non_null(strstr(world_log(world),
			       world_text(world, "@BASE@/old: its robots.txt "
						 "does not allow to read it, "
						 "older items may be missed")));
}

static void an_archive_that_moved_is_found(void **state)
{
	struct world *world = *state;
	struct document *moved;

	world_put(world, "/old", 200, FEED("x", "x", ITEM("2")));
	moved = world_put(world, "/past", 302, "");
	moved->headers = "Location: /old\r\n";
	world_put(world, "/feed", 200, FEED("next", "/past", ITEM("1")));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	world_put(world, "/feed", 200, FEED("next", "/past", ITEM("3")));
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 3);
	moved->headers = "Location: /past\r\n";
	moved->hits = 0;
	world_put(world, "/feed", 200, FEED("next", "/past", ITEM("5")));
	world_poll(world, GROUP);
	assert_int_equal(moved->hits, NW_FETCH_REDIRECTS + 1);
	assert_int_equal(world_high(world, GROUP), 4);
}

static void archives_without_end_are_left(void **state)
{
	struct world *world = *state;
	struct document *old;

	old = world_put(world, "/old", 200, FEED("next", "/old", ITEM("3")));
	world_put(world, "/feed", 200, FEED("next", "/old", ITEM("1")));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	world_put(world, "/feed", 200, FEED("next", "/old", ITEM("2")));
	world_poll(world, GROUP);
	assert_int_equal(old->hits, NW_FEED_PAGES);
	assert_int_equal(world_high(world, GROUP), 3);
}

static void a_gap_in_a_section_page_is_filled_too(void **state)
{
	struct world *world = *state;
	struct document *next;

	put_stories(world);
	next = world_put(world, "/world/2", 200,
			 SECTION(CARD("3") CARD("2") CARD("1")));
	world_put(world, "/world", 200,
		  SECTION(CARD("1") CARD("2") CARD("0")));
	world_subscribe(world, "/world", NW_SOURCE_PAGE, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 3);
	world_put(world, "/world", 200,
		  SECTION(CARD("4") CARD("5") CARD("6")
			  "<a rel=\"next\" href=\"/world/2\">Older</a>"));
	world_poll(world, GROUP);
	assert_int_equal(next->hits, 1);
	assert_int_equal(world_high(world, GROUP), 7);
	assert_string_equal(world_header(world, GROUP, 4, "Subject"),
			    "The title of story 3");
}

#define ENTRY(n, more) \
	"<entry><id>tag:example.org,2025:" n "</id><title>Story " n "</title>" \
	"<link href='@BASE@/story-number-" n ".html'/>" \
	"<updated>2025-07-2" n "T10:00:00Z</updated>" \
	"<summary>Teaser " n "</summary>" more "</entry>"
#define ANSWERS(ref) "<thr:in-reply-to ref='" ref "'/>"
#define ATOM(entries) \
	"<feed xmlns='http://www.w3.org/2005/Atom'" \
	" xmlns:thr='http://purl.org/syndication/thread/1.0'>" \
	"<title>T</title>" entries "</feed>"

/* RFC 4685. */
static void an_entry_that_answers_another_follows_it(void **state)
{
	struct world *world = *state;

	world_put(world, "/feed", 200,
		  ATOM(ENTRY("3", ANSWERS("tag:example.org,2025:9"))
		       ENTRY("2", ANSWERS("tag:example.org,2025:1"))
		       ENTRY("1", "")));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 3);
	assert_null(world_header(world, GROUP, 1, "References"));
	assert_string_equal(world_header(world, GROUP, 2, "References"),
			    world_header(world, GROUP, 1, "Message-ID"));
	/* What it answers was never seen. */
	assert_null(world_header(world, GROUP, 3, "References"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, \
						   world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_section_page_is_a_list_of_stories),
		TEST(a_page_without_a_list_is_a_story),
		TEST(what_is_no_page_is_an_error),
		TEST(a_gap_is_filled_from_the_archives),
		TEST(archives_that_cannot_be_had_stop_nothing),
		TEST(robots_count_for_archives),
		TEST(nor_one_that_a_redirect_leads_to),
		TEST(an_archive_that_moved_is_found),
		TEST(archives_without_end_are_left),
		TEST(a_gap_in_a_section_page_is_filled_too),
		TEST(an_entry_that_answers_another_follows_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
