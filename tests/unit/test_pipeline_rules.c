/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rules of a site do to the poll of a source. */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"
#include "pipeline_world.h"

#define GROUP "org.example.news"
#define FEED \
	"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>" \
	"<title>The Daily Test</title><link>@BASE@/</link>" \
	"<description>d</description><item><title>Story</title>" \
	"<link>@BASE@/1.html</link><description>A teaser.</description>" \
	"</item></channel></rss>"
#define PAGE \
	"<!DOCTYPE html><html><head><title>Story</title></head><body>" \
	"<article><h1>Story</h1><p>The council voted to keep the old mill " \
	"open until next spring, and the mayor was glad of it.</p>" \
	"<p>Nobody had expected the vote to be so close, said the clerk, who " \
	"has counted hands in the hall for thirty years.</p>" \
	"<p>Water has turned the wheel since the town was founded, and in a " \
	"good year it still grinds flour, as it did before.</p>" \
	"<p class=house>This sentence stands below every story of the house, " \
	"and it is rather long for what it says.</p></article></body></html>"

static void put_feed(struct world *world)
{
	world_put(world, "/feed", 200, FEED);
	world_put(world, "/1.html", 200, PAGE);
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
}

static void an_item_is_had_and_read_by_them(void **state)
{
	struct world *world = *state;
	const char *head, *article;

	(void)world_rules(world, "http_header(user-agent): Reader/1\n"
				 "http_header(referer): https://a.example/\n"
				 "http_header(cookie): consent=1\n"
				 "strip: //p[@class='house']\n");
	put_feed(world);
	world_poll(world, GROUP);
	head = httpserver_last(world->server);
	assert_non_null(strstr(head, "GET /1.html "));
	assert_non_null(strstr(head, "\r\nUser-Agent: Reader/1\r\n"));
	assert_non_null(strstr(head, "\r\nReferer: https://a.example/\r\n"));
	assert_non_null(strstr(head, "\r\nCookie: consent=1\r\n"));
	article = world_article(world, GROUP, 1);
	assert_non_null(strstr(article, "The council voted"));
	assert_null(strstr(article, "This sentence"));
}

static void a_page_is_read_by_them(void **state)
{
	struct world *world = *state;
	const char *article;

	(void)world_rules(world, "http_header(cookie): consent=1\n"
				 "strip: //p[@class='house']\n");
	world_put(world, "/1.html", 200, PAGE);
	world_subscribe(world, "/1.html", NW_SOURCE_PAGE, GROUP);
	world_poll(world, GROUP);
	assert_non_null(strstr(httpserver_last(world->server),
			       "\r\nCookie: consent=1\r\n"));
	article = world_article(world, GROUP, 1);
	assert_non_null(strstr(article, "The council voted"));
	assert_null(strstr(article, "This sentence"));
}

#define ARCHIVED_FEED(title) \
	"<rss version='2.0' xmlns:a='http://www.w3.org/2005/Atom'><channel>" \
	"<title>T</title><a:link rel='prev-archive' href='/old'/>" \
	"<item><title>" title "</title><description>A teaser of " title \
	".</description></item></channel></rss>"

static void an_older_document_is_had_by_them(void **state)
{
	struct world *world = *state;
	const char *head;

	(void)world_rules(world, "http_header(cookie): consent=1\n");
	world_put(world, "/old", 200, ARCHIVED_FEED("One"));
	world_put(world, "/feed", 200, ARCHIVED_FEED("One"));
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
	world_poll(world, GROUP);
	world_put(world, "/feed", 200, ARCHIVED_FEED("Two"));
	world_poll(world, GROUP);
	head = httpserver_last(world->server);
	assert_non_null(strstr(head, "GET /old "));
	assert_non_null(strstr(head, "\r\nCookie: consent=1\r\n"));
}

static void a_file_that_cannot_be_read_is_told(void **state)
{
	struct world *world = *state;
	const char *path = world_rules(world, "");

	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	put_feed(world);
	world_poll(world, GROUP);
	assert_int_equal(rmdir(path), 0);
	assert_non_null(strstr(world_log(world),
			       "127.0.0.1.txt: Is a directory"));
	assert_non_null(strstr(world_article(world, GROUP, 1),
			       "This sentence"));
}

#define TEST(function) \
	cmocka_unit_test_setup_teardown(function, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_item_is_had_and_read_by_them),
		TEST(a_page_is_read_by_them),
		TEST(an_older_document_is_had_by_them),
		TEST(a_file_that_cannot_be_read_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
