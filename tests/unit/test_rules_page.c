/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of a page by the rules of its site. */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "newswire/limits.h"
#include "newswire/page.h"
#include "newswire/rules.h"

#define NOW 1784000000	/* 2026-07-14T03:33:20Z */
#define URL "https://news.example.org/world/mill.html"

/* Paragraphs of the story. */
#define P1 "The council voted to keep the old mill open until next spring, " \
	   "and the mayor promised to listen to those who live beside it."
#define P2 "Nobody had expected the vote to be so close, said the clerk, who " \
	   "has counted hands in the hall for more than thirty years."
#define P3 "Water has turned the wheel since the town was founded, and in a " \
	   "good year it still grinds flour for the bakers of the valley."
#define OFFER "Get the best of the valley in your inbox, every Friday at " \
	      "noon, written by those of us who rise before the bakers do."
#define STORY "<p>" P1 "</p><p>" P2 "</p><p>" P3 "</p>"
#define TEXT P1 "\n\n" P2 "\n\n" P3
#define HEAD "<title>The mill stays | Valley News</title>" \
	     "<meta property=og:title content='The mill stays | Valley News'>" \
	     "<meta name=author content='Desk'>" \
	     "<meta property=article:published_time " \
	     "content='2026-03-01T10:00:00Z'>" \
	     "<meta property=og:image content=/head.jpg>"

static const struct nw_rules *parse(struct nw_arena *arena, const char *file)
{
	return nw_rules_parse(arena, "example.org.txt", file, strlen(file),
			      NULL);
}

static struct nw_story *read_linked(struct nw_arena *arena, const char *rules,
				    const char *html,
				    struct nw_page_links *links)
{
	const struct nw_page_input input = {
		.bytes = html,
		.len = strlen(html),
		.url = URL,
		.now_utc = NOW,
		.rules = parse(arena, rules),
		.links = links,
	};
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_story *story = NULL;

	if (nw_page_read(arena, &input, &story, &err) < 0)
		fail_msg("%s", err.text);
	return story;
}

static struct nw_story *read_page(struct nw_arena *arena, const char *rules,
				  const char *html)
{
	return read_linked(arena, rules, html, NULL);
}

/* What rules make of the story's text. */
static const struct {
	const char *rules, *html, *text;
} bodies[] = {
	{ "body: //div[@id='b']\n",
	  "<div id=a>" STORY "</div><div id=b><p>" P3 "</p></div>", P3 },
	/* joined, in the page's order, each once */
	{ "body: //*[@class='part'] | //p[@id='lead']\n",
	  "<p id=lead>" P1 "</p><div class=part><p>" P2 "</p><div class=part>"
	  "<p>" P3 "</p></div></div><p>" OFFER "</p>", TEXT },
	/* the first that is there */
	{ "body: //main\nbody: //section\nbody: //article\n",
	  "<section>" STORY "</section><article><p>" OFFER "</p></article>",
	  TEXT },
	/* nothing there, too little there, no XPath of ours */
	{ "body: //main\n", "<article>" STORY "</article>", TEXT },
	{ "body: //i\n", "<article>" STORY "<p><i>Note</i></p></article>",
	  TEXT },
	{ "body: count(//p)\n", "<article>" STORY "</article>", TEXT },
	{ "body: //i\nautodetect_on_failure: no\n",
	  "<article>" STORY "<p><i>Note</i></p></article>", "Note" },
	{ "body: //main\nautodetect_on_failure: no\n",
	  "<article>" STORY "</article>", "" },
	/* furniture goes out of it as out of any other */
	{ "body: //article\n",
	  "<article><p>" P1 "</p><div class=social-share>Share this</div><p>"
	  P2 "</p><p>" P3 "</p><p>Advertisement</p></article>", TEXT },
	/* … and what has no shape of prose, unless it is to stay */
	{ "body: //article\n",
	  "<article>" STORY "<div>3 of 5</div></article>", TEXT },
	{ "body: //article\nprune: no\n",
	  "<article>" STORY "<div>3 of 5 mills.</div></article>",
	  TEXT "\n\n3 of 5 mills." },
	/* strip */
	{ "strip: //p[contains(., 'inbox')]\n",
	  "<article>" STORY "<p>" OFFER "</p><p>" P1 "</p></article>", TEXT },
	{ "strip: //b | //b/i | //b/text() | //b/@id\n",
	  "<article><p><b id=x>Ad<i>vert</i> </b>" P1 "</p><p>" P2 "</p><p>" P3
	  "</p></article>", TEXT },
	{ "strip_id_or_class: offer\n",
	  "<article><p>" P1 "</p><p>" P2 "</p><p class=my-offer-box>" OFFER
	  "</p><p>" P3 "</p></article>", TEXT },
	{ "strip_id_or_class: 'offer'\n",
	  "<article>" STORY STORY "<p id=offer>Subscribe for a year, and get "
	  "two.</p></article>", TEXT },
	/* never head and body, nor what is around them */
	{ "strip: //body | //html | / | //head\nstrip_id_or_class: page\n",
	  "<body class=page><article>" STORY "</article></body>", TEXT },
	/* nor much of the story */
	{ "strip: //div\nstrip_id_or_class: box\n",
	  "<div class=box>" STORY "</div>", TEXT },
	{ "strip: //namespace::*\n", "<article>" STORY "</article>", TEXT },
	/* the story is still found by where its headline was */
	{ "strip: //header\n",
	  "<article class=comments-open><header><h1>The mill stays</h1>"
	  "</header>" STORY "</article><div><p>" OFFER "</p><p>" OFFER
	  "</p></div>", TEXT },
	/* an attribute */
	{ "strip_attr: //div/@class\n",
	  "<article><p>" P1 "</p><div class=newsletter-box><p>" P2
	  "</p></div><p>" P3 "</p></article>", TEXT },
	/* replace */
	{ "find_string: <x-p\nreplace_string: <p\n"
	  "replace_string(</x-p>): </p>\nreplace_string( [sic]):\n",
	  "<article><x-p>" P1 " [sic]</x-p><x-p>" P2 "</x-p><x-p>" P3
	  "</x-p></article>", TEXT },
	{ "replace_string(a): aa\nreplace_string(xx): y\n",
	  "<article>" STORY "</article>", NULL },
};

static void test_body(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bodies); i++) {
		struct nw_arena *arena = nw_arena_new();
		const struct nw_story *story = read_page(
			arena, bodies[i].rules, bodies[i].html);
		const char *text = nw_body_text(arena, &story->body);

		if (bodies[i].text && strcmp(text, bodies[i].text) != 0)
			fail_msg("%s made of %s:\n%s\nnot:\n%s",
				 bodies[i].rules, bodies[i].html, text,
				 bodies[i].text);
		nw_arena_free(&arena);
	}
}

static void test_wrap(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	const struct nw_story *story = read_page(
		arena, "wrap_in(blockquote): //p[@class='said']\n",
		"<article><p>" P1 "</p><p class=said>" P2 "</p><p>" P3
		"</p></article>");

	(void)state;
	assert_int_equal(story->body.count, 3);
	assert_int_equal(story->body.blocks[0].quote, 0);
	assert_int_equal(story->body.blocks[1].quote, 1);
	nw_arena_free(&arena);
}

/* What rules say of a page of HEAD and a story: title, authors, day. */
static const struct {
	const char *rules, *html, *title, *authors, *published;
} facts[] = {
	{ "", "<h1>The mill stays</h1>", "The mill stays", "Desk",
	  "2026-03-01T10:00:00Z" },
	{ "title: //h2\nauthor: //b\ndate: //i\n",
	  "<h1>The mill stays</h1><h2>Valley: the mill stays</h2>"
	  "<b>By Ada Moll and Ben Roe</b><i>2 March 2026, 09:30 UTC</i>",
	  "Valley: the mill stays", "Ada Moll, Ben Roe",
	  "2026-03-02T09:30:00Z" },
	/* the first that gives a value */
	{ "title: //h6\ntitle: //h2\nauthor: //u\nauthor: //b\ndate: //b\n"
	  "date: //time\n",
	  "<h1>The mill stays</h1><h2>The mill stays open</h2><u> </u><b>Ada "
	  "Moll</b><time datetime=2026-03-03T08:00:00Z>today</time>",
	  "The mill stays open", "Ada Moll", "2026-03-03T08:00:00Z" },
	/* strings and attributes */
	{ "title: concat('No: ', //h1)\nauthor: substring-after(//b, ':')\n"
	  "date: //p/@data-day\n",
	  "<h1>The mill stays</h1><b>text: Ada Moll</b><p data-day='2026-03-04 "
	  "10:00 +00:00'></p>",
	  "No: The mill stays", "Ada Moll", "2026-03-04T10:00:00Z" },
	/* nothing there */
	{ "title: //h6\nauthor: //u\ndate: //u\n", "<h1>The mill stays</h1>",
	  "The mill stays", "Desk", "2026-03-01T10:00:00Z" },
	{ "title: //h6\nauthor: //u\ndate: //u\nautodetect_on_failure: no\n",
	  "<h1>The mill stays</h1>", NULL, "", NULL },
	/* an old rule finds another story */
	{ "title: //h3\n",
	  "<h1>The mill stays</h1><h3>A bridge was closed</h3>",
	  "The mill stays", "Desk", "2026-03-01T10:00:00Z" },
	/* the site's name is no part of the headline */
	{ "title: //meta[@property='og:title']/@content\n",
	  "<h1>The mill stays</h1>", "The mill stays", "Desk",
	  "2026-03-01T10:00:00Z" },
	/* a day alone says less than is known, the time of a change something
	 * else; the future is none */
	{ "date: //time\n",
	  "<h1>The mill stays</h1><meta property=article:modified_time "
	  "content='2026-03-05T11:00:00Z'><time datetime=2026-03-05T11:00:00Z>"
	  "Thursday</time>",
	  "The mill stays", "Desk", "2026-03-01T10:00:00Z" },
	{ "date: //i\n", "<h1>The mill stays</h1><i>1 March 2026</i>",
	  "The mill stays", "Desk", "2026-03-01T10:00:00Z" },
	{ "date: //i\n", "<h1>The mill stays</h1><i>1 March 2036</i>",
	  "The mill stays", "Desk", "2026-03-01T10:00:00Z" },
};

static const char *author_list(struct nw_arena *arena,
			       const struct nw_story *story)
{
	const char *list = "";
	size_t i;

	for (i = 0; i < story->author_count; i++)
		list = nw_arena_printf(arena, "%s%s%s", list, i ? ", " : "",
				       story->authors[i].name);
	return list;
}

static void test_facts(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(facts); i++) {
		struct nw_arena *arena = nw_arena_new();
		const char *html = nw_arena_printf(
			arena, "<html><head>" HEAD "</head><body>%s<article>"
			       STORY "</article></body></html>",
			facts[i].html);
		const struct nw_story *story = read_page(
			arena, facts[i].rules, html);
		char time[NW_DATE_BYTES] = "";

		if (facts[i].title)
			assert_string_equal(story->title, facts[i].title);
		else
			assert_null(story->title);
		assert_string_equal(author_list(arena, story),
				    facts[i].authors);
		if (story->published_utc != NW_TIME_NONE)
			nw_date_iso8601(story->published_utc, time);
		assert_string_equal(time, facts[i].published ?
						  facts[i].published : "");
		nw_arena_free(&arena);
	}
}

static void test_flags(void **state)
{
	static const char html[] =
		"<html><head>" HEAD "<script type=application/ld+json>"
		"{\"@type\":\"NewsArticle\",\"headline\":\"From data\","
		"\"author\":{\"name\":\"Data Moll\"}}</script></head><body>"
		"<article>" STORY "</article></body></html>";
	struct nw_arena *arena = nw_arena_new();
	const struct nw_story *story = read_page(arena, "", html);

	(void)state;
	assert_string_equal(story->authors[0].name, "Data Moll");
	assert_non_null(story->lead_image);
	story = read_page(arena, "skip_json_ld: yes\ninsert_detected_image: "
				 "no\n", html);
	assert_string_equal(story->authors[0].name, "Desk");
	assert_null(story->lead_image);
	nw_arena_free(&arena);
}

/* What --explain prints. */
static void add_note(const struct nw_page_note *note, void *context)
{
	char *said = context;
	size_t len = strlen(said);

	if (strncmp(note->why ? note->why : "", "example.org.txt", 15) == 0)
		(void)snprintf(said + len, 1024 - len, "%s %s %s %s\n",
			       note->what, note->place, note->why,
			       note->text ? note->text : "-");
}

static void test_notes(void **state)
{
	static const char html[] =
		"<h1>The mill stays</h1><article>" STORY
		"<p class=offer>Subscribe</p><u>Print</u></article>";
	struct nw_arena *arena = nw_arena_new();
	char said[1024] = "";
	const struct nw_page_input input = {
		.bytes = html,
		.len = strlen(html),
		.url = URL,
		.now_utc = NOW,
		.explain = add_note,
		.explain_context = said,
		.rules = parse(arena, "title: //h1\n\nbody: //main\n"
				      "body: //article\nstrip: //u\n"
				      "strip_id_or_class: offer\n"
				      "strip: //article\n"),
	};
	struct nw_story *story;

	(void)state;
	assert_int_equal(nw_page_read(arena, &input, &story, NULL), 0);
	assert_string_equal(
		said,
		"title //h1 example.org.txt:1 The mill stays\n"
		"drop /html/body/article/u example.org.txt:5 Print\n"
		"keep //article example.org.txt:7 too much of the story\n"
		"drop /html/body/article/p[@class=\"offer\"] "
		"example.org.txt:6 Subscribe\n"
		"body //main example.org.txt:3 nothing there\n"
		"body //article example.org.txt:4 -\n");
	nw_arena_free(&arena);
}

/* Each page is too much for XPath, and is read without it. */
static void test_caps_of_a_page(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	size_t size = 5 * (size_t)NW_RULES_NODES, len;
	char *wide = nw_arena_alloc(arena, size);
	const struct nw_story *story;

	(void)state;
	len = (size_t)snprintf(wide, size, "<article>" STORY "</article>");
	while (len + 5 < size) {
		memcpy(wide + len, "<br>", 4);
		len += 4;
	}
	story = read_page(arena, "title: concat('a', 'b')\n", wide);
	assert_null(story->title);
	wide[4 * 1000] = '\0';
	story = read_page(arena, "title: concat('a', 'b')\n", wide);
	assert_string_equal(story->title, "ab");
	/* Each node asks for all others: it ends by the number of steps. */
	wide[4 * 1000] = '<';
	wide[4 * 20000] = '\0';
	story = read_page(arena,
			  "title: string(//br[count(//br[count(//br) > 1]) > "
			  "1])\n", wide);
	assert_null(story->title);
	nw_arena_free(&arena);
}

/* Where the rest of the story is. */
static const struct {
	const char *rules, *html, *single, *next;
} links[] = {
	{ "next_page_link: //a[@id='on']\nsingle_page_link: //a/@data-all\n",
	  "<a id=on href=bridge.html data-all='?all=1'>on</a>",
	  "https://news.example.org/world/mill.html?all=1",
	  "https://news.example.org/world/bridge.html" },
	{ "single_page_link: concat(//link/@href, '?print')\n"
	  "if_page_contains: //p[@id='pages']\n",
	  "<link rel=canonical href=mill.html>", NULL, NULL },
	{ "single_page_link: concat(//link/@href, '?print')\n"
	  "if_page_contains: //p[@id='pages']\n",
	  "<link rel=canonical href=mill.html><p id=pages></p>",
	  "https://news.example.org/world/mill.html?print", NULL },
	/* this page, and what is no web address */
	{ "single_page_link: //a\n",
	  "<a href=mill.html>1</a><a href='javascript:x()'>2</a>", NULL,
	  NULL },
	/* what is found without rules stays */
	{ "next_page_link: //b\n", "<link rel=next href=mill.html?page=2>",
	  NULL, "https://news.example.org/world/mill.html?page=2" },
};

static void test_links(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(links); i++) {
		struct nw_arena *arena = nw_arena_new();
		const char *html = nw_arena_printf(
			arena, "%s<article>" STORY "</article>",
			links[i].html);
		struct nw_page_links found;

		(void)read_linked(arena, links[i].rules, html, &found);
		if (links[i].single)
			assert_string_equal(found.single_url, links[i].single);
		else
			assert_null(found.single_url);
		if (links[i].next)
			assert_string_equal(found.next_url, links[i].next);
		else
			assert_null(found.next_url);
		nw_arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_body),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_facts),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_caps_of_a_page),
		cmocka_unit_test(test_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
