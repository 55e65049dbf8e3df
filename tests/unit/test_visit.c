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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, \
						   world_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_section_page_is_a_list_of_stories),
		TEST(a_page_without_a_list_is_a_story),
		TEST(what_is_no_page_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
