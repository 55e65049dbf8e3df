/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The article in its page: what is taken for it, and what is left out.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "extract_texts.h"

/* Words that are no part of it. */
#define OTHER "Elsewhere in the region a bridge was closed after the storm, " \
	      "and trains will run an hour late until the weekend is over."
#define LINKS "<ul><li><a href=/a>World and politics</a></li><li>" \
	      "<a href=/b>Business and markets</a></li><li>" \
	      "<a href=/c>Science and health</a></li></ul>"
#define CARD(n) "<div class=item><h3><a href=/" n ">Another headline of the " \
		"day " n "</a></h3><p>" OTHER "</p></div>"

#define LD_BODY(text) "<script type=application/ld+json>{\"@type\":" \
		      "\"NewsArticle\",\"articleBody\":\"" text "\"}</script>"

/* What a page adds to the story, and what of it may stay. */
static const struct {
	const char *html, *text;
} pages[] = {
	{ STORY, TEXT },
	{ "<header><a href=/>Example News</a>" LINKS "</header><nav>" LINKS
	  "</nav><main><article><h1>The mill stays</h1>" STORY
	  "</article></main><footer><p>" OTHER "</p>" LINKS "</footer>",
	  TEXT },
	/* prose beside it */
	{ "<div id=wrap><div class=text>" STORY "</div><aside><p>" OTHER
	  "</p><p>" OTHER "</p></aside></div>",
	  TEXT },
	{ "<div class=text>" STORY "</div><div class=sidebar><p>" OTHER
	  "</p></div>",
	  TEXT },
	{ "<div class=text>" STORY "</div><div id=comments><h2>Comments</h2>"
	  "<p>" OTHER "</p><p>" OTHER OTHER OTHER OTHER OTHER OTHER "</p>"
	  "</div>",
	  TEXT },
	{ "<div class=text>" STORY "</div><div class=boxes>" CARD("1") CARD("2")
	  CARD("3") CARD("4") "</div>",
	  TEXT },
	/* a short story above a long foot */
	{ "<div><p>" P1 "</p></div><footer><p>" OTHER "</p><p>" OTHER
	  "</p><p>" OTHER "</p></footer>",
	  P1 },
	/* within it */
	{ "<article><p>" P1 "</p><div class=related-articles><h4>More</h4>"
	  "<a href=/x>Another story</a></div><p>" P2 "</p><div class='social-"
	  "share'>Share this</div><p>" P3 "</p><p>" P4 "</p></article>",
	  TEXT },
	/* headlines of other stories, with what stood over them */
	{ "<article><p>" P1 "</p><h3>More from the valley</h3><ul><li><b>The "
	  "weir: </b><a href=/w>Who opens it at night?</a></li><li><b>Bread: "
	  "</b><a href=/b>The baker closes for good</a></li></ul><h3>A close "
	  "vote</h3><p>" P2 "</p><p>" P3 "</p><p>" P4 "</p></article>",
	  P1 "\n\nA close vote\n\n" P2 "\n\n" P3 "\n\n" P4 },
	/* but not what a link is good for */
	{ "<article><p>" P1 "</p><h3>Where to ask</h3><ul><li><a href=/town>"
	  "The town's office for mills</a> on Mondays</li><li><a href=/c>The "
	  "council's clerk</a> at noon</li></ul><p>" P2 "</p><p>" P3 "</p>"
	  "</article>",
	  P1 "\n\nWhere to ask\n\nThe town's office for mills on Mondays"
	  "\n\nThe council's clerk at noon\n\n" P2 "\n\n" P3 },
	/* a rule before it, and the words on a picture before that */
	{ "<article><hr><p>The wheel at dawn, seen from the weir, in May.</p>"
	  "<figure><img src=/w.jpg width=800 height=500><figcaption>The wheel "
	  "at dawn, seen from the weir, in May.</figcaption></figure>" STORY
	  "</article>", TEXT },
	/* the headline with its kicker, behind words of the site */
	{ "<title>The old mill of Saltmarsh stays open | News</title><article>"
	  "<p>Ihr Browser ist veraltet. Aktualisieren Sie ihn bitte, damit "
	  "Sie die ganze Seite sehen.</p>"
	  "<h2><span>Town hall</span>The old mill of Saltmarsh stays open</h2>"
	  STORY "</article>", TEXT },
	{ "<article><p>" P1 "</p><p>" P2 "</p><p>Advertisement</p><p>" P3
	  "</p><p><b>Read more: </b><a href=/x>Another story</a></p><p>" P4
	  "</p></article>",
	  TEXT },
	{ "<article><p>3 Minuten Lesezeit</p><p>Uppdaterad 15.59 | Publicerad "
	  "14.14</p><p>" P1 "</p><p>\u5e83\u544a</p><p>" P2 "</p><p>\u25ba "
	  "<a href=/x>\u0427\u0438\u0442\u0430\u0439\u0442\u0435 "
	  "\u0442\u0430\u043a\u0436\u0435: \u043c\u043e\u0441\u0442</a></p>"
	  "<p>" P3 "</p><p>" P4 "</p><p>\u00a9 2025 Example</p></article>",
	  TEXT },
	{ "<article><p>" P1 "</p><p>" P2 "</p><div class=newsletter-signup><p>"
	  "Get the best of the week in your inbox, every Friday at noon.</p>"
	  "</div><p>" P3 "</p><p>" P4 "</p></article>",
	  TEXT },
	{ "<article><p>" P1 "</p><p>" P2 "</p><form><label>Your name</label>"
	  "<input></form><p>" P3 "</p><p>" P4 "</p></article>",
	  TEXT },
	{ "<article>" STORY "<p>Sign up for our newsletter and never miss a "
	  "story.</p><h3>Read next</h3><p>© 2025 Example News</p></article>",
	  TEXT },
	{ "<article><div class=body>" STORY "</div><div class=promo><p>" OTHER
	  "</p></div></article>",
	  TEXT },
	/* names that mean something else here */
	{ "<article class='post category-top-news tag-social has-sidebar'>"
	  STORY "</article>",
	  TEXT },
	{ "<body class='comments-open newsletter'><div class=text>" STORY
	  "</div></body>",
	  TEXT },
	{ "<div class='md:hidden group'>" STORY "</div>", TEXT },
	{ "<article><p>" P1 "</p><ul class=story-list><li>" P2 "</li><li>" P3
	  "</li></ul><p>" P4 "</p></article>",
	  TEXT },
	/* a body in parts */
	{ "<article><section class=s><p>" P1 "</p></section><div class=ad>"
	  "Advertisement</div><section class=s><p>" P2 "</p></section><section "
	  "class=s><p>" P3 "</p></section><section class=s><p>" P4
	  "</p></section></article>",
	  TEXT },
	{ "<div>" P1 "<br><br>" P2 "<br><br>" P3 "<br><br>" P4 "</div><div>"
	  LINKS "</div>",
	  P1 "\n\n" P2 "\n\n" P3 "\n\n" P4 },
	/* shown by a script only */
	{ "<article><p>" P1 "</p><div class=paywall style='display: none'><p>"
	  P2 "</p><p>" P3 "</p><p>" P4 "</p><p>" OTHER "</p></div></article>",
	  TEXT "\n\n" OTHER },
	{ "<article>" STORY "<div style='display:none'><p>" OTHER
	  "</p></div></article>",
	  TEXT },
	/* said twice */
	{ "<title>The mill stays open</title><article><h1>The mill stays open"
	  "</h1><p>The mill stays open</p>" STORY "<p>" P1 "</p></article>",
	  TEXT },
	{ "<article><figure><img src=/m.jpg width=800 height=500 alt=Mill>"
	  "<figcaption>The mill in the evening light.</figcaption></figure>"
	  STORY "</article>",
	  TEXT },
	{ "<article><p>" P1 "</p><div class=caption>The mill at night, seen "
	  "from the bridge.</div><p>" P2 "</p><p>" P3 "</p><p>" P4
	  "</p></article>",
	  TEXT },
	/* what belongs to it */
	{ "<article><p>" P1 "</p><h2>A close vote</h2><p>" P2 "</p><p>" P3
	  "</p><p>" P4 "</p><h2>Related</h2></article>",
	  P1 "\n\nA close vote\n\n" P2 "\n\n" P3 "\n\n" P4 },
	{ "<article><p>" P1 "</p><ul><li>wheel</li><li>weir</li></ul><p>" P2
	  "</p></article>",
	  P1 "\n\nwheel\n\nweir\n\n" P2 },
	{ "<article><p>" P1 "</p><blockquote><p>" P2 "</p></blockquote><p>" P3
	  "</p></article>",
	  P1 "\n\n" P2 "\n\n" P3 },
	/* the standfirst, outside of the text */
	{ "<header><h1>The mill stays</h1><p class=standfirst>A close vote "
	  "saves the wheel, for now.</p><p class=byline>By Jane Doe</p>"
	  "</header><div class=body>" STORY "</div>",
	  "A close vote saves the wheel, for now.\n\n" TEXT },
	{ "<h1>The mill stays</h1><p class=byline>By Jane Doe, our reporter "
	  "at the council.</p><div class=body>" STORY "</div>",
	  TEXT },
	/* labels and names before it */
	{ BY_JANE "<article><p>Analysis</p><p>5 days ago</p><p>By Jane Doe, "
	  "Saltmarsh, 4 May 2025, 12:30</p>" STORY "</article>",
	  TEXT },
	{ "<article><p>What turns</p><ul><li>wheel</li><li>stone</li></ul>"
	  STORY "</article>",
	  "What turns\n\nwheel\n\nstone\n\n" TEXT },
	/* the headline with its kicker, and in other words */
	{ "<title>The old mill of Saltmarsh stays open | News</title>"
	  "<meta property=og:title content='The mill stays open until spring'>"
	  "<h1>The mill stays open until spring</h1><article><h2><b>Saltmarsh"
	  "</b>The mill stays open until spring</h2><h2>The old mill of "
	  "Saltmarsh stays open</h2>" STORY "</article>",
	  TEXT },
	/* what a reader answers, but not what a reader ticks off */
	{ "<article><p>" P1 "</p><div class=x><p>Do you like the mill?</p>"
	  "<input type=radio>Yes <input type=radio>No</div><p>" P2 "</p><p>" P3
	  "</p><p>" P4 "</p></article>",
	  TEXT },
	{ "<article><p>" P1 "</p><ul><li><input type=checkbox> a bag of grain"
	  "</li><li><input type=checkbox> a sack</li></ul><p>" P2 "</p><p>" P3
	  "</p></article>",
	  P1 "\n\na bag of grain\n\na sack\n\n" P2 "\n\n" P3 },
	/* two cards, called so; their links said twice */
	{ "<article>" STORY "</article><div><div class=teaser><h3><span "
	  "class=sr-only>A bridge is closed</span><a href=/x>A bridge is "
	  "closed</a></h3><p>" OTHER "</p></div><div class=teaser><h3><a "
	  "href=/y>Trains run an hour late</a></h3><p>" OTHER "</p></div>"
	  "</div>",
	  TEXT },
	/* the articleBody of JSON-LD: its end, and where the page has little */
	{ LD_BODY(P1 "\\n" P2 "\\n" P3 "\\n" P4) "<article>" STORY
	  "<p>The hall opens at noon.</p>"
	  "</article>",
	  TEXT },
	{ LD_BODY("&lt;p&gt;" P1 "&lt;/p&gt;&lt;p&gt;" P2 "&lt;/p&gt;&lt;p&gt;"
		  P3 "&lt;/p&gt;&lt;p&gt;" P4 "&lt;/p&gt;")
	  "<article><p>A script shows the text here, when it runs.</p>"
	  "</article>",
	  TEXT },
	{ LD_BODY(P1 " " P2) "<article>" STORY "</article>", TEXT },
	/* consent and cookies */
	{ "<article>" STORY "</article><div id=cookie-banner><h2>We value your "
	  "privacy</h2><p>" OTHER "</p><p>" OTHER "</p></div>",
	  TEXT },
	{ "<div class=dialog-canvas><h1>The mill stays</h1><article>" STORY
	  "</article></div><div class=dsgvo-popup><p>" OTHER OTHER OTHER
	  "</p><p>" OTHER OTHER OTHER OTHER "</p></div>",
	  TEXT },
	/* a short story with a form */
	{ "<div id=main-content><h1>The mill</h1><p>" P1 "</p><p>" P2 "</p>"
	  "<form><input type=text name=comment></form></div><div><p>Weather: "
	  "rain, wind.</p></div>",
	  P1 "\n\n" P2 },
};

static void test_pages(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(pages); i++) {
		struct nw_arena *arena = nw_arena_new();
		const struct nw_story *story = read_page(arena, pages[i].html);
		const char *text = nw_body_text(arena, &story->body);

		if (strcmp(text, pages[i].text))
			fail_msg("case %zu: '%s' instead of '%s': %s", i, text,
				 pages[i].text, pages[i].html);
		nw_arena_free(&arena);
	}
}

/* What the page tells of its author goes to the author. */
#define NOT_FREE "<script type=application/ld+json>{\"@type\":" \
		 "\"NewsArticle\",\"headline\":\"Mill\",\"isAccessibleForFree\":false}</script>"

/* For subscribers only, and yet all of it may be there. */
static void test_subscribers(void **state)
{
	struct nw_arena *arena = nw_arena_new();

	(void)state;
	assert_true(read_page(arena, NOT_FREE "<article>" STORY "</article>")
			    ->paywalled);
	assert_false(read_page(arena, NOT_FREE "<article>" STORY "<p>"
			       OTHER OTHER OTHER OTHER OTHER "</p><p>1. " OTHER
			       OTHER OTHER OTHER OTHER "</p><p>2. " OTHER OTHER
			       OTHER OTHER OTHER OTHER OTHER "</p></article>")
			     ->paywalled);
	nw_arena_free(&arena);
}

/* The offer at the end of a teaser goes, and marks it. */
static void test_wall(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	const struct nw_story *story = read_page(
		arena, "<article>" STORY "<p>This story is for subscribers "
		       "only. Already a subscriber? Sign in.</p></article>");

	(void)state;
	assert_true(story->paywalled);
	assert_string_equal(nw_body_text(arena, &story->body), TEXT);
	story = read_page(arena, "<article>" STORY "</article>");
	assert_false(story->paywalled);
	nw_arena_free(&arena);
}

#define LINE "<div><a href=/x>Another headline of the day, and what became " \
	     "of it</a></div>"

struct notes {
	const char *what, *place, *why, *text;	/* of the one looked for */
	bool found;
};

static bool begins(const char *text, const char *start)
{
	return !start || (text && !strncmp(text, start, strlen(start)));
}

static void find_note(const struct nw_page_note *note, void *context)
{
	struct notes *want = context;

	if (begins(note->what, want->what) &&
	    begins(note->place, want->place) &&
	    begins(note->why, want->why) && begins(note->text, want->text))
		want->found = true;
}

/* What is said of a page to whoever asks. */
static void test_notes(void **state)
{
	static const char html[] =
		"<title>The mill</title><body><nav id=menu>" LINKS "</nav>"
		"<div class=text><h1>The mill</h1><p>" P1 "</p><p>" P2 "</p><p>"
		P3 "</p><p>" P4 "</p><p>Advertisement</p><div class=share>Share"
		" it</div></div><div class=other>" LINE LINE LINE LINE LINE
		"<p class=x>" OTHER "</p></div>";
	static const struct notes wanted[] = {
		{ "body", "/html/body/div[@class=\"text\"]",
		  "the most prose and the least else: gain 4", "The mill The "
		  "council", false },
		{ "runner-up", "/html/body/div[@class=\"other\"]/p",
		  "less of it: gain ", "Elsewhere", false },
		{ "drop", "//nav[@id=\"menu\"]", "nav or footer element",
		  "World and politics", false },
		{ "drop", "/html/body/div[@class=\"text\"]/h1",
		  "before the first paragraph", "The mill", false },
		{ "drop", NULL, "its name is that of a site's furniture",
		  "Share it", false },
		{ "drop", NULL, "a phrase that sites write", "Advertisement",
		  false },
		{ "keep", NULL, NULL, "The council voted", false },
		{ "work", NULL, NULL, "", false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(wanted); i++) {
		struct notes notes = wanted[i];
		const struct nw_page_input input = {
			.bytes = html,
			.len = sizeof(html) - 1,
			.explain = find_note,
			.explain_context = &notes,
		};
		struct nw_arena *arena = nw_arena_new();
		struct nw_story *story;

		assert_int_equal(nw_page_read(arena, &input, &story, NULL), 0);
		if (!notes.found)
			fail_msg("no note '%s' of '%s'", notes.what,
				 notes.text);
		nw_arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_subscribers),
		cmocka_unit_test(test_wall),
		cmocka_unit_test(test_notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
