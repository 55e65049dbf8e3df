/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who wrote a page: which of the names on it are its authors'.
 */
#include "config.h"

#include "page_facts.h"

static const char *authors_of(struct nw_arena *arena,
			      const struct nw_story *story)
{
	const char *names = "";
	size_t i;

	for (i = 0; i < story->author_count; i++)
		names = nw_arena_printf(arena, "%s%s%s", names, i ? "; " : "",
					story->authors[i].name);
	return names;
}

#define TICK "<p class=byline>24 Dec, 17:00</p>"
#define TICKER TICK TICK TICK TICK TICK TICK TICK TICK TICK TICK

#define LD(authors) \
	"<script type=application/ld+json>{\"@type\":\"NewsArticle\"," \
	"\"headline\":\"Mill\",\"publisher\":{\"name\":\"Example News\"}," \
	"\"author\":" authors "}</script><h1>Mill</h1>"

static const struct {
	const char *html, *authors;
} bylines[] = {
	{ LD("[{\"name\":\"Jane Doe\"},{\"name\":\"John Roe\"}]"),
	  "Jane Doe; John Roe" },
	{ LD("\"Jane Doe\""), "Jane Doe" },
	{ LD("\"By Jane Doe, Senior Reporter\""), "Jane Doe" },
	/* the publisher is no author where a person is named elsewhere */
	{ LD("{\"name\":\"Example News\"}") "<p class=byline>By Jane Doe</p>",
	  "Jane Doe" },
	{ LD("{\"name\":\"Example News\"}"), "Example News" },
	/* and is none by being a part of a name */
	{ "<meta property=og:site_name content=Elle>"
	  "<meta name=author content='Michelle Doe'><h1>Mill</h1>",
	  "Michelle Doe" },
	{ "<h1>Mill</h1><p class=byline>By Jane Doe and John Roe | 3 July 2025"
	  "</p>",
	  "Jane Doe; John Roe" },
	{ "<h1>Mill</h1><p class=byline>By Jane Doe Published: 22 Dec 2023"
	  "</p>",
	  "Jane Doe" },
	{ "<h1>Mill</h1><a rel=author href=/jane>Jane Doe</a>", "Jane Doe" },
	{ "<h1>Mill</h1><a rel='author nofollow' href=/jane>Jane Doe</a>",
	  "Jane Doe" },
	{ "<meta name=author content='Jane Doe'><h1>Mill</h1>", "Jane Doe" },
	{ "<h1>Mill</h1><div itemprop='author creator'>"
	  "<meta itemprop=name content='Jane Doe'></div>",
	  "Jane Doe" },
	{ "<meta property=article:author content='https://fb.example/x'>"
	  "<h1>Mill</h1>",
	  "" },
	/* each way of naming several */
	{ LD("{\"name\":[\"Jane Doe\",\"John Roe\"]}"), "Jane Doe; John Roe" },
	/* who is given as an author is one, by whatever name */
	{ LD("[{\"name\":\"Jane Doe\"},{\"name\":\"Reuters\"}]"),
	  "Jane Doe; Reuters" },
	{ LD("{\"name\":\"dpa\"}"), "dpa" },
	{ LD("{\"name\":\"Staff reporter\"}"), "Staff reporter" },
	{ LD("{\"name\":\"admin\"}"), "" },
	/* but not where a person works */
	{ LD("\"Jane Doe | The Mill Gazette\""), "Jane Doe" },
	{ LD("\"Jane Doe MS, RDN\""), "Jane Doe" },
	/* names that are months, and months that are none */
	{ LD("\"April Roe\""), "April Roe" },
	{ "<h1>Mill</h1><p class=byline>By Jan Doe Jul 3, 2025</p>",
	  "Jan Doe" },
	{ "<h1>Mill</h1><p class=byline>June</p>", "" },
	{ LD("\"Jane More\""), "Jane More" },
	{ "<h1>Mill</h1><a rel=author href=/tw>Twitter</a>", "" },
	{ "<meta name=author content=page.extra.author><h1>Mill</h1>", "" },
	{ LD("[\"Jack Ma\",\"Im Doe\"]"), "Jack Ma; Im Doe" },
	{ "<meta name=dc.creator content='Doe, Jane'><h1>Mill</h1>",
	  "Jane Doe" },
	/* the owner stands for the site, article:author for the story */
	{ "<meta name=author content='Mill Group'><meta "
	  "property=article:author content='Jane Doe'><h1>Mill</h1>",
	  "Jane Doe" },
	{ "<meta name=author content=mill.org><h1>Mill</h1>"
	  "<p class=byline>By Jane Doe</p>",
	  "Jane Doe" },
	/* the innermost element holds the name alone */
	{ "<h1>Mill</h1><div class=author>Article by: <span class=author-name>"
	  "Jane Doe</span> Reporting on mills since May</div>",
	  "Jane Doe" },
	{ "<h1>Mill</h1><div class=byline>ByJane Doe</div>", "Jane Doe" },
	/* places, sections and sentences are no names */
	{ "<h1>Mill</h1><p class=author>Von Jane Doe, Frankfurt</p>",
	  "Jane Doe" },
	{ "<h1>Mill</h1><p class=author>Jane walked to the mill.</p>", "" },
	{ "<h1>Mill</h1><p class=author>Jane Doe, Head of Milling</p>",
	  "Jane Doe" },
	/* what systems call somebody */
	{ "<meta name=author content='Jane Doe'><meta name=author "
	  "content=jane-doe><h1>Mill</h1>",
	  "Jane Doe" },
	{ LD("[{\"name\":\"Jane Doe\"},{\"name\":\"janedoeMill\"}]"),
	  "Jane Doe" },
	/* whom the picture is from */
	{ "<h1>Mill</h1><p class=byline>By Jane Doe</p><div class=byline>"
	  "picture alliance/dpa | John Roe</div>",
	  "Jane Doe" },
	/* text that is signed, whatever the markup calls it */
	{ "<h1>Mill</h1><ul><li>Von:\n\t<a href=/j>Jane DOE</a>,\n\t"
	  "<a href=/r>John Roe</a></ul>",
	  "Jane DOE; John Roe" },
	{ "<h1>Mill</h1><p>Byzantium\tJane Doe</p>", "" },
	{ "<h1>Mill</h1><p><em>by Jane Doe, 3 July 2025</em></p>", "Jane Doe" },
	/* who is quoted, took the picture, or wrote a comment */
	{ "<h1>Mill</h1><blockquote>So! <cite class=author>Jane Doe</cite>"
	  "</blockquote>",
	  "" },
	{ "<h1>Mill</h1><figure><span class=author>Jane Doe</span></figure>",
	  "" },
	{ "<h1>Mill</h1><div class=comments><p><b class=author>Jane Doe</b>"
	  "</div>",
	  "" },
	/* behind a ticker that calls its times bylines */
	{ TICKER TICKER TICKER "<h1>Mill</h1><p class=byline>By Jane Doe</p>",
	  "Jane Doe" },
	/* rather nobody than somebody wrong */
	{ "<h1>Mill</h1><p class=byline>Email the author</p>", "" },
	{ "<h1>Mill</h1><p class=byline>4 comments</p>", "" },
	{ "<h1>Mill</h1><p class=byline>amw</p>", "" },
	{ "<h1>Mill</h1><p class=author>\xd0\x9e\xd0\xba\xd1\x81\xd0\xb0\xd0\xbd"
	  "\xd0\xb0 \xd0\x91\xd0\xb5\xd1\x80\xd0\xb5\xd0\xb6\xd0\xbd\xd0\xb0"
	  "</p>",
	  "\xd0\x9e\xd0\xba\xd1\x81\xd0\xb0\xd0\xbd\xd0\xb0 "
	  "\xd0\x91\xd0\xb5\xd1\x80\xd0\xb5\xd0\xb6\xd0\xbd\xd0\xb0" },
};

static void authors_are_people_where_people_are_named(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bylines); i++) {
		struct nw_arena *arena = nw_arena_new();
		const char *html = nw_arena_printf(
			arena, "<html><body>%s" BODY, bylines[i].html);

		assert_text(authors_of(arena, read_page(arena, html)),
			    bylines[i].authors, html);
		nw_arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(authors_are_people_where_people_are_named),
	};

	return cmocka_run_group_tests_name("people", tests, NULL, NULL);
}
