/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stories on several pages, through the pipeline. */
#include "config.h"

#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "pipeline_world.h"

#define GROUP "org.example.news"

#define FEED \
	"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>" \
	"<title>The Daily Test</title><link>@BASE@/</link>" \
	"<description>d</description><item><title>A long walk</title>" \
	"<link>@BASE@/walk</link><guid>@BASE@/walk</guid></item></channel></rss>"

#define PAGE(head, words) \
	"<html><head><title>A long walk</title>" head "</head><body>" \
	"<article><h1>A long walk</h1><p>" words " The path goes on along " \
	"the shore for hours, as paths do, and who walks it sees the boats " \
	"come in, one after the other.</p><p>" words " The wind blows from " \
	"the west, and nobody minds it, for it brings the smell of salt and " \
	"of the weed that dries on the stones.</p></article></body></html>"
#define NEXT(url) "<link rel=\"next\" href=\"" url "\">"

static void begin(struct world *world)
{
	world_put(world, "/feed", 200, FEED);
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
}

static bool has(struct world *world, int64_t number, const char *words)
{
	const char *article = world_flowed(world, GROUP, number);

	assert_non_null(article);
	return strstr(article, words) != NULL;
}

static void further_pages_are_joined(void **state)
{
	struct world *world = *state;
	struct document *second;

	begin(world);
	world_put(world, "/walk", 200, PAGE(NEXT("/walk/2"), "At first."));
	second = world_put(world, "/walk/2", 200,
			   PAGE(NEXT("/walk/3"), "Secondly."));
	world_put(world, "/walk/3", 200, PAGE("", "Thirdly."));
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_true(has(world, 1, "At first. The path"));
	assert_true(has(world, 1, "Secondly. The wind"));
	assert_true(has(world, 1, "Thirdly. The wind"));
	assert_int_equal(second->hits, 1);
	/* It is known whole. */
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 1);
	assert_int_equal(second->hits, 1);
}

/* What there is of it is read now, and the rest when it can be had. */
static void a_missing_page_comes_later(void **state)
{
	struct world *world = *state;
	struct document *second;

	begin(world);
	world_put(world, "/walk", 200, PAGE(NEXT("/walk/2"), "At first."));
	second = world_put(world, "/walk/2", 500, "out of order");
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_true(has(world, 1, "At first. The path"));
	assert_non_null(strstr(world_log(world), "/walk/2"));
	second->status = 200;
	second->body = PAGE("", "Secondly.");
	world_set_clock(world_clock() + 86400);
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 2);
	assert_true(has(world, 2, "At first. The path"));
	assert_true(has(world, 2, "Secondly. The wind"));
}

static void pages_without_end_end(void **state)
{
	struct world *world = *state;
	struct document *page;
	unsigned i;

	begin(world);
	world_put(world, "/walk", 200, PAGE(NEXT("/walk/2"), "Page 1."));
	for (i = 2; i <= NW_PAGE_PARTS + 2; i++)
		page = world_put(
			world,
			nw_arena_printf(world->arena, "/walk/%u", i), 200,
			nw_arena_printf(world->arena,
					PAGE(NEXT("/walk/%u"), "Page %u."),
					i + 1, i, i));
	world_poll(world, GROUP);
	assert_int_equal(world_count(world, GROUP), 1);
	assert_int_equal(page->hits, 0);
	assert_true(has(world, 1, "Page 20. The path"));
	assert_false(has(world, 1, "Page 21. The path"));
}

static void a_single_page_stands_for_all(void **state)
{
	struct world *world = *state;
	struct document *second, *whole;

	(void)world_rules(world, "single_page_link: //a[@class='whole']\n");
	begin(world);
	world_put(world, "/walk", 200,
		  PAGE(NEXT("/walk/2"),
		       "At first. <a class='whole' href='/print'>All</a>"));
	second = world_put(world, "/walk/2", 200, PAGE("", "Secondly."));
	whole = world_put(world, "/print", 200,
			  PAGE("", "All of it.</p><p>And some more."));
	world_poll(world, GROUP);
	assert_int_equal(whole->hits, 1);
	assert_int_equal(second->hits, 0);
	assert_true(has(world, 1, "All of it."));
	assert_false(has(world, 1, "At first."));
	/* But it is known by the address that the feed gave it. */
	assert_non_null(strstr(world_header(world, GROUP, 1, "Archived-At"),
			       "/walk>"));
}

static void a_single_page_that_fails_does_not(void **state)
{
	struct world *world = *state;

	(void)world_rules(world, "single_page_link: //a[@class='whole']\n");
	begin(world);
	world_put(world, "/walk", 200,
		  PAGE(NEXT("/walk/2"),
		       "At first. <a class='whole' href='/print'>All</a>"));
	world_put(world, "/walk/2", 200, PAGE("", "Secondly."));
	world_poll(world, GROUP);
	assert_true(has(world, 1, "At first."));
	assert_true(has(world, 1, "Secondly. The wind"));
}

static void a_page_that_leads_to_itself_is_one(void **state)
{
	struct world *world = *state;
	struct document *page;

	(void)world_rules(world, "next_page_link: //a[@class='on']\n");
	begin(world);
	page = world_put(world, "/walk", 200,
			 PAGE("", "Round. <a class='on' href='/walk'>On</a>"));
	world_poll(world, GROUP);
	assert_int_equal(page->hits, 1);
	assert_int_equal(world_count(world, GROUP), 1);
}

static void robots_count_for_further_pages(void **state)
{
	struct world *world = *state;
	struct document *second;

	begin(world);
	world_put(world, "/robots.txt", 200,
		  "User-agent: *\nDisallow: /walk/\n");
	world_put(world, "/walk", 200, PAGE(NEXT("/walk/2"), "At first."));
	second = world_put(world, "/walk/2", 200, PAGE("", "Secondly."));
	world_poll(world, GROUP);
	assert_int_equal(second->hits, 0);
	assert_true(has(world, 1, "At first. The path"));
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(further_pages_are_joined),
		TEST(a_missing_page_comes_later),
		TEST(pages_without_end_end),
		TEST(a_single_page_stands_for_all),
		TEST(a_single_page_that_fails_does_not),
		TEST(a_page_that_leads_to_itself_is_one),
		TEST(robots_count_for_further_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
