/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The last look at an article: what its head, its pictures and its end say
 * that a reader needs not be told, or not in this way.
 */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "body_dump.h"
#include "page_facts.h"

/* Paragraphs of the story. */
#define P1 "The council voted to keep the old mill open until next spring, " \
	   "and the mayor promised to listen to those who live beside it."
#define P2 "Nobody had expected the vote to be so close, said the clerk, who " \
	   "has counted hands in the hall for more than thirty years."
#define P3 "Water has turned the wheel since the town was founded, and in a " \
	   "good year it still grinds flour for the bakers of the valley."
#define STORY "<p>" P1 "</p><p>" P2 "</p><p>" P3 "</p>"
#define TEXT P1 "\n" P2 "\n" P3 "\n"

#define TITLE "The old mill stays where it is"
#define HEAD "<h1>" TITLE "</h1>"
#define IMAGE "image https://news.example.org/m.jpg"
#define DECK "Mayor and millers have agreed on a lease of nine years, and the " \
	     "county pays for the weir that the flood of last year broke"

/* A page, and the blocks that are left of it. */
static const struct {
	const char *html, *blocks;
} pages[] = {
	/* the way to the story, as a list */
	{ "<div class=text><ul><li><a href=https://h.example/>Hindi News</a>"
	  "<li><a href=/local>Local</a><li>Council Keeps Mill</ul>" STORY
	  "</div>",
	  TEXT },
	{ "<div class=text><ul><li><a href=/>Example</a><li><a href=/local>"
	  "Local</a><li><span>Council Keeps Mill</span></ul>" STORY "</div>",
	  TEXT },
	/* a list of the story's own */
	{ "<div class=text><p>" P1 "</p><ul><li><a href=https://elpy.example/>"
	  "elpy</a><li>elpy has a notion of projects, so one finds files.</ul>"
	  "<p>" P2 "</p><p>" P3 "</p></div>",
	  P1 "\n- [elpy](https://elpy.example/)\n"
	     "- elpy has a notion of projects, so one finds files.\n" P2 "\n" P3
	     "\n" },
	/* links to sections, before the text or a sub-headline */
	{ HEAD "<div class=text><h2><a href=/news>News</a></h2><h2><a "
	  "href=/town>Town</a></h2><h2>What the council said</h2>" STORY
	  "</div>", "## What the council said\n" TEXT },
	{ HEAD "<div class=text><ul><li>→ <a href=/focus>Focus</a></ul><h2>"
	  DECK "</h2>" STORY "</div>", DECK "\n" TEXT },
	/* a date and the programme of the broadcaster */
	{ HEAD "<div class=text><p>Valley</p><p>25/04/2026 Updated at 15:10h."
	  "</p><p>Über dieses Thema berichtet: Radio am 14.04.2026</p>" STORY
	  "</div>", TEXT },
	{ HEAD "<div class=text>" STORY "<h3>3. Keep your mills updated</h3><p>"
	  P1 P2 "</p></div>",
	  TEXT "### 3. Keep your mills updated\n" P1 P2 "\n" },
	/* what a reader may allow, and copy */
	{ "<div class=text><p>" P1 "</p><div><label>YouTube-Inhalte erlauben"
	  "</label></div><ul><li><span>कॉपी लिंक</span></ul><p>" P2 "</p><p>" P3
	  "</p></div>",
	  TEXT },
	/* a standfirst in a heading, told by the description or its length */
	{ "<meta name=description content='A close vote in the town hall "
	  "ended a year of quarrels'>" HEAD "<div class=text><h2>A close vote "
	  "in the town hall ended a year of quarrels</h2>" STORY "</div>",
	  "A close vote in the town hall ended a year of quarrels\n" TEXT },
	{ HEAD "<div class=text><h2>" DECK "</h2>" STORY "</div>",
	  DECK "\n" TEXT },
	{ HEAD "<div class=text><h2>What the council said</h2>" STORY "</div>",
	  "## What the council said\n" TEXT },
	{ HEAD "<div class=text><p>" P1 "</p><h2>" DECK "</h2><p>" P2
	       "</p><p>" P3 "</p></div>",
	  P1 "\n" DECK "\n" P2 "\n" P3 "\n" },
	{ HEAD
	  "<div class=text><h3>各競技団体は対応にてんやわんや、各競技団体は対応に大いにて"
	  "んやわんやだった</h3>" STORY "</div>",
	  "各競技団体は対応にてんやわんや、各競技団体は対応に大いにてんやわんやだった\n" TEXT },
	/* the words before a picture, with its credit */
	{ HEAD
	  "<div class=text><p>" P1 "</p><p>" P2 "</p><p>The mill on "
	  "Friday. | Jane Doe/dpa</p><figure><img src=/m.jpg><figcaption>The "
	  "mill on Friday. | Jane Doe/dpa</figcaption></figure><p>" P3 "</p>"
	  "</div>",
	  P1 "\n" P2 "\n" IMAGE " caption=The mill on Friday. "
	     "credit=Jane Doe/dpa\n" P3 "\n" },
	/* the headline on a picture */
	{ HEAD "<div class=text><figure><img src=/m.jpg alt='" TITLE "'>"
	       "<figcaption>" TITLE
	       ". Photo: Jane Doe</figcaption></figure>" STORY "</div>",
	  IMAGE " credit=Jane Doe\n" TEXT },
	{ HEAD
	  "<div class=text><div><img src=/m.jpg alt='" TITLE " - The mill "
	  "in the evening light.'></div><ul><li>The mill in the evening light. "
	  "Photo: Jane Doe/Archive</ul>" STORY "</div>",
	  IMAGE " caption=The mill in the evening light. "
		"credit=Jane Doe/Archive\n" TEXT },
	{ HEAD "<div class=text><div><img src=/m.jpg alt='The mill in the "
	       "evening light'></div>" STORY "</div>",
	  IMAGE " alt=The mill in the evening light\n" TEXT },
	{ HEAD "<div class=text><div><img src=/m.jpg alt='" TITLE " on Friday'>"
	       "</div>" STORY "</div>",
	  IMAGE " alt=" TITLE " on Friday\n" TEXT },
	/* a line that is more than the words on the picture */
	{ HEAD "<div class=text><div><img src=/m.jpg alt='The mill in the "
	       "evening light'></div><p>The mill in the evening light is what "
	       "painters come for.</p>" STORY "</div>",
	  IMAGE
	  " alt=The mill in the evening light\n"
	  "The mill in the evening light is what painters come for.\n" TEXT },
	/* pictures behind the text: a teaser, one to enlarge, one of the
	 * story */
	{ HEAD "<div class=text>" STORY "<div><a href=/weir/slideshow><img "
	       "src=/m.jpg></a></div></div>",
	  TEXT },
	{ HEAD "<div class=text>" STORY "<div><a href=/large.jpg?w=9><img "
	       "src=/m.jpg></a></div></div>",
	  TEXT IMAGE "\n" },
	{ HEAD
	  "<div class=text>" STORY "<figure><a href=/gallery><img "
	  "src=/m.jpg></a><figcaption>The weir</figcaption></figure></div>",
	  TEXT IMAGE " caption=The weir\n" },
	/* signs of the site */
	{ HEAD "<div class=text><p>" P1 "</p><img src=/a.jpg alt=werbung_3><p>"
	  P2 "</p><p>" P3 "</p><img src=/g.jpg alt=Gallery></div>", TEXT },
	{ HEAD "<div class=text>" STORY "<img src=/m.jpg alt='Photo: Jane'>"
	  "</div>", TEXT IMAGE " alt=Photo: Jane\n" },
	/* a name below a letter */
	{ HEAD "<div class=text>" STORY "<p>– Suzette</p></div>",
	  TEXT "– Suzette\n" },
	/* the host of a file is no title */
	{ HEAD "<div class=text>" STORY "<video><source src=https://cdn.example"
	       "/1.mp4></video><p>" P1 P2 "</p><audio title='The wheel turns' "
	       "src=/2.mp3></audio></div>",
	  TEXT "embed https://cdn.example/1.mp4 Video\n" P1 P2
	       "\nembed https://news.example.org/2.mp3 The wheel turns\n" },
};

static void the_body_says_what_a_reader_needs(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(pages); i++) {
		struct nw_arena *arena = nw_arena_new();
		const struct nw_story *story = read_page(arena, pages[i].html);
		struct nw_buf out;

		nw_buf_init(&out, 1 << 16);
		body_dump(&out, &story->body);
		assert_text(out.data ? out.data : "", pages[i].blocks,
			    pages[i].html);
		nw_buf_free(&out);
		nw_arena_free(&arena);
	}
}

/* Of several headlines one is in the address. */
static void the_address_tells_a_headline(void **state)
{
	static const char url[] =
		"https://news.example.org/a/"
		"die-muehle-am-fluss-bleibt-bis-zum-fruehjahr-7";
	static const struct {
		const char *line, *text;
	} cases[] = {
		{ "Die Mühle am Fluß: bleibt bis zum Frühjahr",
		  P1 "\n\n" P2 "\n\n" P3 },
		{ "Die Mühle am Fluß, das ist sicher, bleibt.",
		  "Die Mühle am Fluß, das ist sicher, bleibt.\n\n" P1 "\n\n" P2
		  "\n\n" P3 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct nw_arena *arena = nw_arena_new();
		const char *html =
			nw_arena_printf(arena,
					HEAD "<div class=text><p>%s</p>" STORY
					     "</div>",
					cases[i].line);
		const struct nw_story *story = read_from(arena, url, html);

		assert_text(nw_body_text(arena, &story->body), cases[i].text,
			    html);
		nw_arena_free(&arena);
	}
}

static void a_deck_is_said_before_the_words_of_the_site(void **state)
{
	static const char *const said[][2] = {
		{ "Bringing the Valley to the World", DECK },
		{ "A close vote in the town hall.",
		  "A close vote in the town hall." },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(said); i++) {
		struct nw_arena *arena = nw_arena_new();
		const char *html = nw_arena_printf(
			arena, "<meta name=description content='%s'>" HEAD
			"<div class=text><h2>" DECK "</h2>" STORY "</div>",
			said[i][0]);

		assert_text(read_page(arena, html)->description, said[i][1],
			    html);
		nw_arena_free(&arena);
	}
}

#define BOX(text) "<meta name=author content='Jane Doe'><meta name=author " \
	"content='Bartholomew Featherstonehaugh-Smythe'>" HEAD "<div " \
	"class=author-box>" text "</div>" STORY

#define SIGNED "<meta name=author content='Jane Doe'><meta name=author " \
	"content='Bartholomew Featherstonehaugh-Smythe'>" HEAD "<div " \
	"class=text>" STORY "<p>Jane Doe, Bartholomew Featherstonehaugh-" \
	"Smythe, and others</p></div>"

static void a_biography_is_more_than_names(void **state)
{
	static const struct {
		const char *html, *bio;
	} cases[] = {
		{ BOX("<p>Jane Doe, John Roe, editors, and Mary Major, who "
		      "lives.</p>"),
		  "Jane Doe, John Roe, editors, and Mary Major, who lives." },
		{ BOX("<p>Jane Doe, Bartholomew Featherstonehaugh-Smythe, and "
		      "others</p>"), NULL },
		{ SIGNED, NULL },
		{ BOX("<p><b>Jane Doe</b><a href=https://x.com/j>Twitter</a>"
		      "Jane Doe is an editor, and lives by the old weir.</p>"),
		  "Jane Doe is an editor, and lives by the old weir." },
		{ BOX("<p>Jane Doe Hi, I am Jane Doe and live by the old weir "
		      "of the town.</p>"),
		  "Jane Doe Hi, I am Jane Doe and live by the old weir of the "
		  "town." },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct nw_arena *arena = nw_arena_new();
		const struct nw_story *story = read_page(arena, cases[i].html);

		assert_true(story->author_count > 0);
		if (cases[i].bio)
			assert_text(story->authors[0].bio, cases[i].bio,
				    cases[i].html);
		else
			assert_null(story->authors[0].bio);
		nw_arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_body_says_what_a_reader_needs),
		cmocka_unit_test(the_address_tells_a_headline),
		cmocka_unit_test(a_deck_is_said_before_the_words_of_the_site),
		cmocka_unit_test(a_biography_is_more_than_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
