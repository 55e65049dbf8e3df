/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures through the pipeline: what is fetched, and when nothing is.
 */
#include "config.h"

#include <event2/event.h>
#include <string.h>

#include "unit.h"
#include "newswire/limits.h"
#include "newswire/picture_cache.h"
#include "pipeline_texts.h"
#include "pipeline_world.h"

#define GROUP "org.example.news"
#define DAY_S 86400

/* A story with pictures in its words. */
#define FIGURE(url) \
	"</p><figure><img src='" url "' width=640 height=480><figcaption>A " \
	"view of " url "</figcaption></figure><p>"
#define STORY(n, figures) \
	PAGE("Story " n, "Words of story " n "." figures "More words of it.")

static struct document *put(struct world *world, const char *path,
			    const char *page)
{
	return world_put(world, path, 200, page);
}

static void subscribe(struct world *world)
{
	world_subscribe(world, "/feed", NW_SOURCE_FEED, GROUP);
}

static void settle(struct world *world, enum nw_images images,
		   enum nw_message_layout layout)
{
	struct nw_source source = world_source(world, GROUP);
	struct nw_error err;

	source.images = images;
	source.layout = layout;
	assert_int_equal(nw_source_settle(world->store, &source, &err), 0);
}

/* Pictures that an article carries. */
static unsigned shown(struct world *world, int64_t number)
{
	const char *at = world_article(world, GROUP, number);
	unsigned count = 0;

	assert_non_null(at);
	while ((at = strstr(at, "\nContent-Type: image/"))) {
		count++;
		at++;
	}
	return count;
}

static void stories_share_a_picture(void **state)
{
	struct world *world = *state;
	struct document *one, *both;

	world_put_feed(world, FEED(ITEM_2 ITEM_1));
	put(world, "/1.html", STORY("1", FIGURE("/both.png")));
	put(world, "/2.html",
	    STORY("2", FIGURE("/one.png") FIGURE("/both.png")));
	one = world_put_picture(world, "/one.png", "bridge.png");
	both = world_put_picture(world, "/both.png", "dyke.png");
	subscribe(world);
	world_poll(world, GROUP);
	assert_int_equal(shown(world, 1), 1);
	assert_int_equal(shown(world, 2), 2);
	assert_int_equal(one->hits, 1);
	assert_int_equal(both->hits, 1);
	assert_string_equal(world_log(world),
			    "fetch: org.example.news: 2 new articles\n");
}

/* What a reader sees first comes first, for there may be no time for all. */
static void they_come_in_the_order_of_the_story(void **state)
{
	struct world *world = *state;
	struct document *pictures[6];
	size_t i;

	world_put_feed(world, FEED(ITEM_1));
	put(world, "/1.html",
	    STORY("1", FIGURE("/0.png") FIGURE("/1.png") FIGURE("/2.png")
		  FIGURE("/3.png") FIGURE("/4.png") FIGURE("/5.png")));
	for (i = 0; i < COUNT(pictures); i++)
		pictures[i] = world_put_picture(
			world, nw_arena_printf(world->arena, "/%zu.png", i),
			"bridge.png");
	subscribe(world);
	world_poll(world, GROUP);
	assert_int_equal(shown(world, 1), 6);
	for (i = 1; i < COUNT(pictures); i++)
		assert_true(pictures[i]->turn > pictures[i - 1]->turn);
}

/* The text of an edit asks for what is new in it alone. */
static void an_edit_fetches_what_it_brings(void **state)
{
	struct world *world = *state;
	struct document *feed, *one, *two;

	feed = world_put_feed(world, FEED(ITEM_1));
	put(world, "/1.html", STORY("1", FIGURE("/one.png")));
	one = world_put_picture(world, "/one.png", "bridge.png");
	two = world_put_picture(world, "/two.png", "dyke.png");
	subscribe(world);
	world_poll(world, GROUP);
	feed->body = world_text(world, FEED(ITEM("1", "20", "Said anew.")));
	feed->etag = "\"2\"";
	put(world, "/1.html",
	    STORY("1", FIGURE("/one.png") "It was rewritten in between, and "
		  "at some length, for there was more to say of it than was "
		  "known. " FIGURE("/two.png")));
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 2);
	assert_int_equal(shown(world, 2), 2);
	assert_int_equal(one->hits, 1);
	assert_int_equal(two->hits, 1);
	/* The item changes, the story does not: nothing is written, and so
	 * nothing is fetched, not even what has grown old. */
	world_set_clock(world_clock() + 30 * DAY_S);
	feed->body = world_text(world, FEED(ITEM("1", "19", "Said anew.")));
	feed->etag = "\"3\"";
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 2);
	assert_int_equal(one->hits + two->hits, 2);
}

static void none_is_fetched_that_is_not_shown(void **state)
{
	static const struct {
		enum nw_images images;
		enum nw_message_layout layout;
	} cases[] = {
		{ NW_IMAGES_LINK, NW_LAYOUT_ALTERNATIVE },
		{ NW_IMAGES_NONE, NW_LAYOUT_MIXED },
		{ NW_IMAGES_INLINE, NW_LAYOUT_TEXT },
	};
	struct world *world = *state;
	struct document *picture, *feed;
	size_t i;

	feed = world_put_feed(world, FEED(""));
	picture = world_put_picture(world, "/one.png", "bridge.png");
	subscribe(world);
	for (i = 0; i < COUNT(cases); i++) {
		settle(world, cases[i].images, cases[i].layout);
		feed->body = world_text(
			world, i == 0	? FEED(ITEM_1)
			       : i == 1 ? FEED(ITEM_2 ITEM_1)
					: FEED(ITEM_3 ITEM_2 ITEM_1));
		feed->etag = nw_arena_printf(world->arena, "\"%zu\"", i + 2);
		put(world, "/1.html", STORY("1", FIGURE("/one.png")));
		put(world, "/2.html", STORY("2", FIGURE("/one.png")));
		put(world, "/3.html", STORY("3", FIGURE("/one.png")));
		world_poll(world, GROUP);
		assert_int_equal(world_high(world, GROUP), i + 1);
		assert_int_equal(shown(world, (int64_t)i + 1), 0);
		assert_has(world_flowed(world, GROUP, (int64_t)i + 1),
			   "A view of /one.png");
	}
	assert_int_equal(picture->hits, 0);
}

#define AUTHOR(name, avatar) \
	"\"author\":{\"@type\":\"Person\",\"name\":\"" name \
	"\",\"image\":\"@BASE@/" avatar "\"}"
#define UPDATE(n, hour, author, picture) \
	"{\"@type\":\"BlogPosting\",\"@id\":\"u" n "\",\"url\":" \
	"\"@BASE@/live#u" n "\",\"headline\":\"Update " n "\"," author "," \
	"\"datePublished\":\"2025-11-24T" hour ":00:00Z\",\"articleBody\":" \
	"\"Words of update " n ".\"" picture "}"
#define LIVE(updates, figures) \
	"<!DOCTYPE html><html lang=en><head><title>Storm</title>" \
	"<link rel=icon sizes=96x96 href=/icon.png>" \
	"<script type=\"application/ld+json\">{\"@type\":\"LiveBlogPosting\"," \
	"\"headline\":\"Storm\",\"datePublished\":\"2025-11-24T08:00:00Z\"," \
	"\"liveBlogUpdate\":[" updates "]}</script></head><body><article>" \
	"<h1>Storm</h1><p>It is coming, and with it comes a paragraph that is " \
	"long enough to be taken for the text of a story by any reader of " \
	"pages." figures "The second one says, at a length that leaves no " \
	"doubt about its purpose, that it has nothing to say either.</p>" \
	"</article></body></html>"

/* A live source is a story itself; each message has the face of its own
 * author, and the site's where that one has none. */
static void updates_have_their_faces(void **state)
{
	struct world *world = *state;
	struct document *ann, *bob, *icon, *sea;
	const char *first, *second;

	put(world, "/live",
	    LIVE(UPDATE("1", "09", AUTHOR("Ann", "ann.png"), ""),
		 FIGURE("/sea.png")));
	ann = world_put_picture(world, "/ann.png", "marta.png");
	bob = world_put_picture(world, "/bob.png", "idris.png");
	icon = world_put_picture(world, "/icon.png", "icon.png");
	sea = world_put_picture(world, "/sea.png", "storm.png");
	world_subscribe(world, "/live", NW_SOURCE_LIVE, GROUP);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 2);
	assert_int_equal(shown(world, 1), 1);
	assert_int_equal(shown(world, 2), 0);
	put(world, "/live",
	    LIVE(UPDATE("2", "10", AUTHOR("Bob", "bob.png"), "")
		 "," UPDATE("1", "09", AUTHOR("Ann", "ann.png"), ""),
		 FIGURE("/sea.png")));
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 3);
	assert_int_equal(ann->hits, 1);
	assert_int_equal(bob->hits, 1);
	assert_int_equal(icon->hits, 1);
	assert_int_equal(sea->hits, 1);
	assert_non_null(world_header(world, GROUP, 1, "Face"));
	first = world_header(world, GROUP, 2, "Face");
	second = world_header(world, GROUP, 3, "Face");
	assert_non_null(first);
	assert_non_null(second);
	assert_string_not_equal(first, second);
}

/* Another one is asked for with the next message, not with each. */
static void what_is_none_is_let_alone_for_a_while(void **state)
{
	struct world *world = *state;
	struct document *feed, *broken;

	feed = world_put_feed(world, FEED(ITEM_1));
	put(world, "/1.html", STORY("1", FIGURE("/none.png")));
	put(world, "/2.html", STORY("2", FIGURE("/none.png")));
	put(world, "/3.html", STORY("3", FIGURE("/none.png")));
	broken = put(world, "/none.png", "<html>Sign in</html>");
	subscribe(world);
	world_poll(world, GROUP);
	assert_int_equal(shown(world, 1), 0);
	assert_has(world_log(world),
		   world_text(world, "picture: @BASE@/none.png: is no "
				     "picture (it begins like HTML)\n"));
	world_set_clock(world_clock() + NW_PICTURE_REFUSED_S - 60);
	feed->body = world_text(world, FEED(ITEM_2 ITEM_1));
	feed->etag = "\"2\"";
	world_poll(world, GROUP);
	assert_int_equal(broken->hits, 1);
	assert_string_equal(world_log(world),
			    "fetch: org.example.news: 1 new article\n");
	world_set_clock(world_clock() + 60);
	broken = world_put_picture(world, "/none.png", "bridge.png");
	feed->body = world_text(world, FEED(ITEM_3 ITEM_2 ITEM_1));
	feed->etag = "\"3\"";
	world_poll(world, GROUP);
	assert_int_equal(broken->hits, 1);
	assert_int_equal(shown(world, 3), 1);
}

/* Its server has lost it, or is down: the one that is kept is shown. */
static void an_old_one_is_better_than_none(void **state)
{
	struct world *world = *state;
	struct document *feed, *picture;

	feed = world_put_feed(world, FEED(ITEM_1));
	put(world, "/1.html", STORY("1", FIGURE("/one.png")));
	put(world, "/2.html", STORY("2", FIGURE("/one.png")));
	put(world, "/3.html", STORY("3", FIGURE("/one.png")));
	world_put_picture(world, "/one.png", "bridge.png");
	subscribe(world);
	world_poll(world, GROUP);
	picture = world_put(world, "/one.png", 500, "");
	world_set_clock(world_clock() + NW_PICTURE_FRESH_S);
	feed->body = world_text(world, FEED(ITEM_2 ITEM_1));
	feed->etag = "\"2\"";
	world_poll(world, GROUP);
	assert_int_equal(picture->hits, 1);
	assert_int_equal(shown(world, 2), 1);
	/* And the server is not asked with each message. */
	feed->body = world_text(world, FEED(ITEM_3 ITEM_2 ITEM_1));
	feed->etag = "\"3\"";
	world_poll(world, GROUP);
	assert_int_equal(picture->hits, 1);
	assert_int_equal(shown(world, 3), 1);
}

/* Nobody listens there. */
#define DEAD(n) FIGURE("http://127.0.0.1:1/" n ".png")

static void a_dead_server_is_given_up(void **state)
{
	struct world *world = *state;
	const char *log, *at;
	unsigned lines = 0;

	world_put_feed(world, FEED(ITEM_2 ITEM_1));
	put(world, "/1.html",
	    STORY("1", DEAD("1") DEAD("2") DEAD("3") DEAD("4") DEAD("5")
		  DEAD("6") DEAD("7") DEAD("8")));
	put(world, "/2.html", STORY("2", DEAD("9") DEAD("10")));
	subscribe(world);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 2);
	assert_has(world_flowed(world, GROUP, 1),
		   "A view of http://127.0.0.1:1/8.png");
	log = world_log(world);
	for (at = log; (at = strstr(at, "picture: ")); at++)
		lines++;
	assert_has(log, "3 in a row did not come, so that this poll asks for "
			"no more");
	/* Those that were under way, and that line. */
	assert_in_range(lines, 4, 2 * NW_PICTURES_AHEAD + 1);
}

/* A server that asks for fewer requests gets them. */
static void a_busy_server_is_left_alone(void **state)
{
	struct world *world = *state;
	unsigned hits = 0;
	size_t i;

	world_put_feed(world, FEED(ITEM_1));
	put(world, "/1.html",
	    STORY("1", FIGURE("/1.png") FIGURE("/2.png") FIGURE("/3.png")
		  FIGURE("/4.png") FIGURE("/5.png") FIGURE("/6.png")
		  FIGURE("/7.png") FIGURE("/8.png") FIGURE("/9.png")));
	for (i = 1; i <= 9; i++)
		world_put(world, nw_arena_printf(world->arena, "/%zu.png", i),
			  429, "");
	subscribe(world);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 1);
	for (i = 0; i < world->document_count; i++)
		if (strstr(world->documents[i].path, ".png"))
			hits += world->documents[i].hits;
	/* Three, and those that were under way by then. */
	assert_in_range(hits, NW_PICTURES_FAILURES,
			NW_PICTURES_FAILURES + NW_PICTURES_AHEAD - 1);
	assert_has(world_log(world), "3 in a row did not come");
}

/* A story does not wait for ever, however many come in time each. */
static void a_story_is_published_in_time(void **state)
{
	struct world *world = *state;
	struct document *late;

	world_put_feed(world, FEED(ITEM_1));
	put(world, "/1.html",
	    STORY("1", FIGURE("/1.png") FIGURE("/2.png") FIGURE("/3.png")
		  FIGURE("/4.png") FIGURE("/5.png") FIGURE("/6.png")));
	world_put_picture(world, "/1.png", "bridge.png")->takes_s =
		NW_PICTURES_S;
	world_put_picture(world, "/2.png", "bridge.png");
	world_put_picture(world, "/3.png", "bridge.png");
	world_put_picture(world, "/4.png", "bridge.png");
	world_put_picture(world, "/5.png", "bridge.png");
	late = world_put_picture(world, "/6.png", "bridge.png");
	subscribe(world);
	world_poll(world, GROUP);
	assert_int_equal(world_high(world, GROUP), 1);
	assert_int_equal(late->hits, 0);
	assert_true(shown(world, 1) < 6);
	assert_has(world_flowed(world, GROUP, 1), "A view of /6.png");
	assert_has(world_log(world),
		   "after 180 s the story is published without it and those "
		   "behind it\n");
}

/* What was made for a larger budget does not fit a smaller one. */
static void the_budget_can_shrink(void **state)
{
	struct world *world = *state;
	struct document *feed, *photo;

	feed = world_put_feed(world, FEED(ITEM_1));
	put(world, "/1.html", STORY("1", FIGURE("/photo.jpg")));
	put(world, "/2.html", STORY("2", FIGURE("/photo.jpg")));
	photo = world_put_picture(world, "/photo.jpg", "harbour.jpg");
	photo->etag = "\"p\"";
	subscribe(world);
	world_poll(world, GROUP);
	assert_true(strlen(world_article(world, GROUP, 1)) > 60000);
	world->config.image_bytes = NW_PICTURE_LEAST_BYTES;
	feed->body = world_text(world, FEED(ITEM_2 ITEM_1));
	feed->etag = "\"2\"";
	world_poll(world, GROUP);
	assert_int_equal(photo->hits, 2);
	assert_int_equal(photo->not_modified, 0);
	assert_int_equal(shown(world, 2), 1);
	assert_true(strlen(world_article(world, GROUP, 2)) < 30000);
}

/* A picture that has no room in the message is a link. */
static void a_message_has_a_budget(void **state)
{
	struct world *world = *state;
	struct document *feed, *one, *three;

	feed = world_put_feed(world, FEED(ITEM_1));
	put(world, "/1.html",
	    STORY("1", FIGURE("/one.jpg") FIGURE("/two.jpg")));
	put(world, "/2.html", STORY("2", FIGURE("/three.jpg")));
	one = world_put_picture(world, "/one.jpg", "harbour.jpg");
	(void)world_put_picture(world, "/two.jpg", "harbour.jpg");
	three = world_put_picture(world, "/three.jpg", "harbour.jpg");
	world->config.images_bytes = 64 << 10;
	subscribe(world);
	world_poll(world, GROUP);
	assert_int_equal(one->hits, 1);
	assert_int_equal(shown(world, 1), 1);
	/* Where none fits, none is fetched. */
	world->config.images_bytes = 0;
	feed->body = world_text(world, FEED(ITEM_2 ITEM_1));
	feed->etag = "\"2\"";
	world_poll(world, GROUP);
	assert_int_equal(shown(world, 2), 0);
	assert_int_equal(three->hits, 0);
}

/* The pipeline ends while pictures are on their way: nothing is left, and the
 * next one begins anew. */
static void it_can_end_at_any_time(void **state)
{
	struct world *world = *state;
	struct nw_source source;
	struct nw_error err;
	unsigned turns;

	world_put_feed(world, FEED(ITEM_2 ITEM_1));
	put(world, "/1.html",
	    STORY("1", FIGURE("/1.png") FIGURE("/2.png") FIGURE("/3.png")));
	put(world, "/2.html", STORY("2", FIGURE("/1.png")));
	world_put_picture(world, "/1.png", "bridge.png");
	world_put_picture(world, "/2.png", "dyke.png");
	world_put_picture(world, "/3.png", "storm.png");
	subscribe(world);
	source = world_source(world, GROUP);
	for (turns = 1; world_high(world, GROUP) < 2 && turns < 500; turns++) {
		unsigned i;

		world_start(world, "1");
		assert_int_equal(
			nw_pipeline_poll(world->pipeline, &source, &err), 0);
		for (i = 0; i < turns && nw_pipeline_active(world->pipeline);
		     i++)
			assert_int_equal(event_base_loop(world->base,
							 EVLOOP_ONCE),
					 0);
	}
	world_start(world, "1");
	assert_int_equal(world_high(world, GROUP), 2);
	assert_int_equal(shown(world, 1), 3);
	assert_int_equal(shown(world, 2), 1);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(stories_share_a_picture),
		TEST(they_come_in_the_order_of_the_story),
		TEST(an_edit_fetches_what_it_brings),
		TEST(none_is_fetched_that_is_not_shown),
		TEST(updates_have_their_faces),
		TEST(what_is_none_is_let_alone_for_a_while),
		TEST(an_old_one_is_better_than_none),
		TEST(a_dead_server_is_given_up),
		TEST(a_busy_server_is_left_alone),
		TEST(a_story_is_published_in_time),
		TEST(the_budget_can_shrink),
		TEST(a_message_has_a_budget),
		TEST(it_can_end_at_any_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
