/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The facts of a page: which of the places that state one is believed.
 */
#include "config.h"

#include "page_facts.h"

#include "newswire/buf.h"

/* Pages, and the headline that their parts agree on. */
static const struct {
	const char *html, *title;
} titles[] = {
	{ "<title>The mill stays | Example News</title><h1>The mill stays</h1>",
	  "The mill stays" },
	{ "<meta property=og:site_name content='Example News'>"
	  "<title>Mill to stay open - Example News</title>",
	  "Mill to stay open" },
	/* the logo is an h1, too */
	{ "<meta property=og:title content='The mill stays open'>"
	  "<title>The mill stays open | Example</title>"
	  "<h1>Example</h1><h1>The mill stays open</h1>",
	  "The mill stays open" },
	/* two against one */
	{ "<meta property=og:title content='You will not believe this mill'>"
	  "<script type=application/ld+json>{\"@type\":\"NewsArticle\","
	  "\"headline\":\"The mill stays open\"}</script>"
	  "<title>The mill stays open</title><h1>The mill stays open</h1>",
	  "The mill stays open" },
	/* escaped once too often */
	{ "<script type=application/ld+json>{\"@type\":\"NewsArticle\","
	  "\"headline\":\"Fish &amp;amp; mills\"}</script>",
	  "Fish & mills" },
	/* the h1 is what search engines are served; readers see the h2 */
	{ "<meta property=og:title content='Mill saved, at last'>"
	  "<title>Old mill: council decides on its future</title>"
	  "<ol class=breadcrumb><li>Town</li><li><h1>Old mill: council decides "
	  "on its future</h1></li></ol><h2>Mill saved, at last</h2>",
	  "Mill saved, at last" },
	/* the h1 leads to the front page, the h2 is the headline */
	{ "<title>Mill notes \xc2\xbb The wheel turns again</title>"
	  "<h1><a href=/>Mill notes</a></h1><h2>The wheel turns again</h2>",
	  "The wheel turns again" },
	{ "<title>Mill notes: The wheel turns again today</title>"
	  "<meta property=og:title content='The wheel turns again today'>"
	  "<h1 class=site-title>Mill notes</h1>",
	  "The wheel turns again today" },
	/* one text, written by a plug-in, says less than what readers see */
	{ "<meta property=og:title content='What is a water mill?'>"
	  "<script type=application/ld+json>{\"@type\":\"Article\","
	  "\"headline\":\"What is a water mill?\"}</script>"
	  "<title>What is a water mill? | Example</title>"
	  "<h1>What a water mill is, and why ours turns backwards</h1>",
	  "What a water mill is, and why ours turns backwards" },
	/* but a kicker that two others carry belongs to it */
	{ "<meta property=og:title content='Town hall: The mill stays open'>"
	  "<script type=application/ld+json>{\"@type\":\"Article\","
	  "\"headline\":\"Town hall: The mill stays open\"}</script>"
	  "<h1>The mill stays open</h1>",
	  "Town hall: The mill stays open" },
	/* a word of it, which two others give, is not all of it */
	{ "<meta property=og:title content=Mill>"
	  "<script type=application/ld+json>{\"@type\":\"Article\","
	  "\"headline\":\"Mill\"}</script><title>Mill</title>"
	  "<h1 class=headline>Mill owners vote against the council</h1>",
	  "Mill owners vote against the council" },
	/* a second line goes */
	{ "<meta property=og:title content='The mill stays open'>"
	  "<script type=application/ld+json>{\"@type\":\"Article\","
	  "\"headline\":\"The mill stays open\"}</script>"
	  "<h1>The mill stays open Council against it</h1>",
	  "The mill stays open" },
	/* a colon joins the kicker to the rest */
	{ "<h1><span class=kicker>Old mill</span>: and it turns</h1>",
	  "Old mill: and it turns" },
	/* a dash for the eye only */
	{ "<h1><span>Old mill</span><span aria-hidden=true> \xe2\x80\x93 "
	  "</span><span>Open till spring</span></h1>",
	  "Old mill \xe2\x80\x93 Open till spring" },
	/* one name in front, three sections behind */
	{ "<title>The wheel turns again | Mills | Forum | Example</title>"
	  "<h2>The wheel turns again</h2>",
	  "The wheel turns again" },
	/* unlike the rest, but the markup says that it is the headline */
	{ "<meta property=og:title content='Council keeps the old mill'>"
	  "<h1 class=article__headline>Wheel of fortune</h1>",
	  "Wheel of fortune" },
	/* some give the title for the site's name */
	{ "<meta property=og:site_name content='Mill to stay open until the "
	  "spring, says council after long debate - Example'>"
	  "<title>Mill to stay open until the spring, says council after long "
	  "debate - Example</title><h1>Mill to stay open until the spring, "
	  "says council after long debate</h1>",
	  "Mill to stay open until the spring, says council after long debate" },
	/* a dash that belongs to the headline */
	{ "<title>Mill - and nothing but the mill</title>"
	  "<h1>Mill - and nothing but the mill</h1>",
	  "Mill - and nothing but the mill" },
};

static void the_title_is_voted_for(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(titles); i++) {
		struct nw_arena *arena = nw_arena_new();
		const char *html = nw_arena_printf(
			arena, "<html><body>%s" BODY, titles[i].html);

		assert_text(read_page(arena, html)->title, titles[i].title,
			    html);
		nw_arena_free(&arena);
	}
}

static void a_page_says_what_it_is(void **state)
{
	static const char html[] =
		"<html lang=en_GB><head>"
		"<link rel=canonical href=/2025/07/26/the-mill.html>"
		"<link rel=amphtml href=/amp/mill.html>"
		"<meta property=og:url content=https://news.example.org/>"
		"<meta property=og:image content=/mill.jpg>"
		"<meta property=og:description content='The council voted to "
		"keep the mill, nineteen to four.'>"
		"<meta property=article:section content=Town>"
		"<meta property=article:tag content=Mills>"
		"<meta property=article:tag content=Council>"
		"<meta name=keywords content='other, words'>"
		"<script type=application/ld+json>{\"@type\":\"NewsArticle\","
		"\"headline\":\"Mill\",\"isAccessibleForFree\":\"False\","
		"\"correction\":[\"It was nineteen.\","
		"{\"@type\":\"CorrectionComment\",\"text\":\"Not twenty.\"}],"
		"\"publisher\":{\"name\":\"Example News\"}}</script></head>"
		"<body><p class=kicker>Town hall</p><h1>Mill</h1>" BODY
		"<div class=card><p class=standfirst>Another story's.</p></div>";
	struct nw_arena *arena = nw_arena_new();
	const struct nw_story *story = read_page(arena, html);

	(void)state;
	assert_text(story->url, URL, html);
	assert_text(story->canonical_url,
		    "https://news.example.org/2025/07/26/the-mill.html", html);
	assert_int_equal(story->alias_count, 1);
	assert_text(story->aliases[0], "https://news.example.org/amp/mill.html",
		    html);
	assert_text(story->language, "en-GB", html);
	assert_text(story->publisher, "Example News", html);
	assert_text(story->section, "Town", html);
	assert_text(story->kicker, "Town hall", html);
	assert_text(story->description,
		    "The council voted to keep the mill, nineteen to four.",
		    html);
	assert_int_equal(story->topic_count, 2);
	assert_text(story->topics[1], "Council", html);
	assert_true(story->paywalled);
	assert_int_equal(story->correction_count, 2);
	assert_text(story->corrections[1], "Not twenty.", html);
	assert_text(story->lead_image->url, "https://news.example.org/mill.jpg",
		    html);
	nw_arena_free(&arena);
}

/* Data of the page, and the tags that it gives. */
static const struct {
	const char *html, *topics;
} tags[] = {
	/* a list was written by hand, a text is for search engines */
	{ "<meta name=keywords content='mill, news, best mill'>"
	  "<script type=application/ld+json>{\"@type\":\"NewsArticle\","
	  "\"headline\":\"Mill\",\"keywords\":[\"Mills\",\"Town hall\"]}"
	  "</script><h1>Mill</h1>",
	  "Mills; Town hall" },
	{ "<meta name=keywords content='mills,council'>"
	  "<script type=application/ld+json>{\"@type\":\"NewsArticle\","
	  "\"headline\":\"Mill\",\"keywords\":\"best mill\"}"
	  "</script><h1>Mill</h1>",
	  "mills; council" },
	/* kinds and numbers are for machines */
	{ "<meta name=keywords content='topic/mills,AC/DC,100312362'>",
	  "mills; AC/DC" },
	/* the headline, and what is longer than a phrase */
	{ "<meta name=keywords content='The old mill stays open,Mills,The mill "
	  "that the council has voted to keep open until the spring after the "
	  "next one'><h1>The old mill stays open</h1>",
	  "Mills" },
	/* ideographs have no spaces but between keywords */
	{ "<meta name=keywords content='深空探测 探月工程 航天技术'>",
	  "深空探测; 探月工程; 航天技术" },
	{ "<meta name=keywords content='安倍 晋三,old mill wheel'>",
	  "安倍 晋三; old mill wheel" },
	/* links, as far as the first list goes */
	{ "<h1>Mill</h1>" BODY "<p><a rel=tag href=/t/mills>Mills</a> "
	  "<a rel=tag href=/t/town>Town</a></p>" TEN TEN
	  "<a rel=tag href=/t/hall>Hall</a>",
	  "Mills; Town" },
	{ "<h1>Mill</h1>" BODY "<ul class=article-tags><li><a href=/t>Mills</a>"
	  "</ul>",
	  "Mills" },
};

static void what_is_no_language_or_kicker_is_none(void **state)
{
	static const char html[] =
		"<html lang=utf-8><head><title>Mill</title><meta property="
		"article:section content='The old mill stays open'></head><body>"
		"<div class=kicker>651</div><h1>The old mill stays open</h1>" BODY;
	struct nw_arena *arena = nw_arena_new();
	const struct nw_story *story = read_page(arena, html);

	(void)state;
	assert_null(story->language);
	assert_null(story->kicker);
	assert_null(story->section);
	nw_arena_free(&arena);
}

static void tags_come_from_who_wrote_them(void **state)
{
	size_t i, k;

	(void)state;
	for (i = 0; i < COUNT(tags); i++) {
		struct nw_arena *arena = nw_arena_new();
		const struct nw_story *story = read_page(arena, tags[i].html);
		const char *text = "";

		for (k = 0; k < story->topic_count; k++)
			text = nw_arena_printf(arena, "%s%s%s", text,
					       k ? "; " : "",
					       story->topics[k]);
		assert_text(text, tags[i].topics, tags[i].html);
		nw_arena_free(&arena);
	}
}

static void the_standfirst_ends_where_its_claim_does(void **state)
{
	static const struct {
		const char *claim, *text;
	} cases[] = {
		/* the element holds the byline too */
		{ "The council voted to keep the old mill open.",
		  "The council voted to keep the old mill open." },
		/* the claim is cut */
		{ "The council voted to keep the old mill ...",
		  "The council voted to keep the old mill open. By Jane Doe" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct nw_arena *arena = nw_arena_new();
		const char *html = nw_arena_printf(
			arena, "<meta name=description content='%s'>"
			"<h1>Mill</h1><div class=standfirst>The council voted "
			"to keep the old mill open. <b>By Jane Doe</b></div>" BODY,
			cases[i].claim);

		assert_text(read_page(arena, html)->description, cases[i].text,
			    html);
		nw_arena_free(&arena);
	}
}

/* A template without its title, and the site's own name. */
static void words_about_the_site_are_no_standfirst(void **state)
{
	static const struct {
		const char *html, *text;
	} cases[] = {
		{ "<meta name=description content='| Example News'>", NULL },
		{ "<meta name=description content='Example News Magazine'>"
		  "<meta property=og:site_name content='Example News'>",
		  NULL },
		{ "<meta name=description content='Example News Magazine'>"
		  "<meta property=og:site_name content='Example News'>"
		  "<meta property=og:description content='A close vote.'>",
		  "A close vote." },
		{ "<meta name=description content='Example News has learnt "
		  "that the vote was close.'>"
		  "<meta property=og:site_name content='Example News'>",
		  "Example News has learnt that the vote was close." },
		{ "<meta name=description content='| News'><script type="
		  "application/ld+json>{\"@type\":\"NewsArticle\",\"headline\":"
		  "\"Mill\",\"description\":\"A close vote.\"}</script>",
		  "A close vote." },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct nw_arena *arena = nw_arena_new();
		const char *html = nw_arena_printf(arena, "%s<h1>Mill</h1>" BODY,
						   cases[i].html);
		const char *text = read_page(arena, html)->description;

		if (cases[i].text)
			assert_text(text, cases[i].text, html);
		else
			assert_null(text);
		nw_arena_free(&arena);
	}
}

/* Notes of fields, one a line, places of elements included. */
static void keep_note(const struct nw_page_note *note, void *context)
{
	static const char *const others[] = { "body", "runner-up", "keep",
					      "drop", "teaser", "work" };
	struct nw_buf *out = context;
	size_t i;

	for (i = 0; i < COUNT(others); i++)
		if (strcmp(note->what, others[i]) == 0)
			return;
	nw_buf_addf(out, "%s | %s | %s | %s\n", note->what, note->place,
		    note->why, note->text);
}

static void each_field_says_where_it_is_from(void **state)
{
	static const char html[] =
		"<html lang=en><head><meta name=author content='Jane Doe'>"
		"<meta property=og:title content='The mill stays open'>"
		"<meta property=og:image content=/mill.jpg>"
		"<meta property=og:site_name content='Example News'>"
		"<meta name=section content=Town>"
		"<script type=application/ld+json>{\"@type\":\"NewsArticle\","
		"\"headline\":\"Mill\",\"datePublished\":\"2025-07-24\","
		"\"keywords\":[\"Mills\",\"Town\"]}</script></head>"
		"<body><article id=story><p class=kicker>Town hall</p>"
		"<h1>The mill stays open</h1>" BODY "</article>";
	static const char want[] =
		"publisher | og:site_name | the only meta element of it | "
		"Example News\n"
		"title | //article[@id=\"story\"]/h1 | agrees with a meta element"
		" | The mill stays open\n"
		"language | html lang | the first that is a tag of a language |"
		" en\n"
		"canonical_url | address | the first that is no front page | "
		URL "\n"
		"section | section | the only meta element of it | Town\n"
		"kicker | //article[@id=\"story\"]/p[@class=\"kicker\"] | its "
		"class, near the headline | Town hall\n"
		"topics | JSON-LD keywords, a list | the first that names any |"
		" Mills, Town\n"
		"lead_image | og:image | the only meta element of it | "
		"/mill.jpg\n"
		"authors | meta | the surest source that names any | Jane Doe\n"
		"published | JSON-LD datePublished | the surest source that "
		"gives a time | 2025-07-24T00:00:00Z\n";
	struct nw_arena *arena = nw_arena_new();
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_story *story = NULL;
	struct nw_buf notes;
	struct nw_page_input input = {
		.bytes = html,
		.len = strlen(html),
		.url = URL,
		.now_utc = NOW,
		.explain = keep_note,
		.explain_context = &notes,
	};

	(void)state;
	nw_buf_init(&notes, 1u << 16);
	assert_int_equal(nw_page_read(arena, &input, &story, &err), 0);
	assert_true(nw_buf_ok(&notes));
	assert_string_equal(notes.data, want);
	nw_buf_free(&notes);
	nw_arena_free(&arena);
}

#define TOUCH "<link rel=apple-touch-icon href=/touch.png>"

static void the_icon_is_one_that_can_be_read(void **state)
{
	static const struct {
		const char *html, *icon;
	} cases[] = {
		{ "", NULL },
		{ "<link rel=icon href=/a.png>", "/a.png" },
		{ "<link rel='shortcut icon' href=/a.png>", "/a.png" },
		/* Of two that are large enough the smaller one, … */
		{ TOUCH "<link rel=icon sizes=96x96 href=/96.png>", "/96.png" },
		{ "<link rel=icon sizes=512x512 href=/512.png>" TOUCH,
		  "/touch.png" },
		/* … of two that are not the larger one. */
		{ "<link rel=icon sizes=16x16 href=/16.png>"
		  "<link rel=icon sizes='32x32 24x24' href=/32.png>"
		  "<link rel=icon sizes=24x24 href=/24.png>",
		  "/32.png" },
		{ "<link rel=icon sizes=16x16 href=/16.png>" TOUCH,
		  "/touch.png" },
		/* Nobody here reads these. */
		{ "<link rel=icon href=/favicon.ico>", NULL },
		{ "<link rel=icon href=/favicon.ICO?v=3>", NULL },
		{ "<link rel=icon href=/sign type=image/svg+xml>", NULL },
		{ "<link rel=icon href=/x type=image/vnd.microsoft.icon>",
		  NULL },
		{ "<link rel=mask-icon href=/mask.png>", NULL },
		{ "<link rel=icon href=data:image/png;base64,AAAA>", NULL },
		{ "<link rel=iconic href=/a.png>", NULL },
		{ "<link rel=icon sizes=any href=/a.png>", "/a.png" },
		{ "<link rel=icon sizes=-5x9 href=/a.png>", "/a.png" },
		{ "<link rel=icon sizes=99999999999999999999 href=/a.png>",
		  "/a.png" },
		{ "<link rel=icon>", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct nw_arena *arena = nw_arena_new();
		const char *html = nw_arena_printf(
			arena, "<html><head>%s</head><body><h1>Mill</h1>" BODY,
			cases[i].html);
		const char *icon = read_page(arena, html)->icon;

		if (!cases[i].icon)
			assert_null(icon);
		else
			assert_text(icon,
				    nw_arena_printf(arena,
						    "https://news.example.org"
						    "%s",
						    cases[i].icon),
				    html);
		nw_arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_title_is_voted_for),
		cmocka_unit_test(a_page_says_what_it_is),
		cmocka_unit_test(what_is_no_language_or_kicker_is_none),
		cmocka_unit_test(tags_come_from_who_wrote_them),
		cmocka_unit_test(the_standfirst_ends_where_its_claim_does),
		cmocka_unit_test(words_about_the_site_are_no_standfirst),
		cmocka_unit_test(each_field_says_where_it_is_from),
		cmocka_unit_test(the_icon_is_one_that_can_be_read),
	};

	return cmocka_run_group_tests_name("meta", tests, NULL, NULL);
}
