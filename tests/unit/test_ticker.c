/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Running lists of briefs on pages. */
#include "config.h"

#include "unit.h"

#include <string.h>

#include "newswire/buf.h"
#include "newswire/date.h"
#include "newswire/ident.h"
#include "newswire/ticker.h"

#define URL "https://news.example/chuhuiv-attack/"
#define NOW "2025-07-26T12:00:00Z"

/* An article with a ticker beside it, of a theme that fills its times by
 * script; the body is tagged with the ticker's name. */
#define ARTICLE(briefs) \
	"<!DOCTYPE html><html lang='en-GB'><head><title>Attack injures 9" \
	"</title><link rel='canonical' href='" URL "'>" \
	"<meta property='og:site_name' content='The Example'>" \
	"<meta property='article:published_time' " \
	"content='2024-07-19T05:30:00Z'></head>" \
	"<body class='post-template tag-news-feed'><main>" \
	"<article class='post tag-news-feed'><h1>Attack injures 9</h1>" \
	"<div class='meta'><time datetime='2024-07-19T05:30:00Z'></time></div>" \
	"<p>Nine people were injured, the governor said on July 19.</p>" \
	"</article><aside class='newsFeed'><h2><a href='/news-archive/'>" \
	"News Feed</a></h2>" briefs "<button>Show More</button></aside>" \
	"</main></body></html>"
#define BRIEF(slug, time, updated, title, text) \
	"<article class='newsFeed__item'><div class='newsFeed__time'>" \
	"<time datetime='" time "'></time> (Updated: <time datetime='" \
	updated "'></time>)</div><h3 class='newsFeed__title'>" \
	"<a href='/" slug "/?utm_source=feed'>" title "</a></h3>" \
	"<div class='newsFeed__text'><p>" text "</p></div></article>"
#define BRIEF_A \
	BRIEF("brief-a", "2025-07-26T05:06:00.000Z", \
	      "2025-07-26T06:10:00.000Z", "Explosions rock a city.", \
	      "Explosions rocked another city.")
#define BRIEF_B \
	BRIEF("brief-b", "2025-07-25T23:30:00.000Z", \
	      "2025-07-25T23:30:00.000Z", "Trains stop.", "No train runs.")

static int read_ticker(struct nw_arena *arena, const char *html,
		       struct nw_ticker **ticker_r)
{
	const struct nw_page_input input = {
		.bytes = html,
		.len = strlen(html),
		.url = URL,
		.now_utc = nw_date_utc(NOW),
	};
	struct nw_error err;

	return nw_ticker_read(arena, &input, ticker_r, &err);
}

static void a_ticker_beside_an_article_is_read(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_ticker *ticker = NULL;
	const struct nw_update *brief;

	(void)state;
	assert_int_equal(read_ticker(arena, ARTICLE(BRIEF_A BRIEF_B), &ticker),
			 1);
	assert_string_equal(ticker->name, "News Feed");
	assert_string_equal(ticker->url, URL);
	assert_string_equal(ticker->publisher, "The Example");
	assert_int_equal(ticker->brief_count, 2);
	brief = &ticker->briefs[1];
	assert_string_equal(brief->key, "news.example/brief-a");
	assert_string_equal(brief->url, "https://news.example/brief-a/");
	assert_string_equal(brief->title, "Explosions rock a city.");
	assert_int_equal(brief->published_utc,
			 nw_date_utc("2025-07-26T05:06:00Z"));
	assert_int_equal(brief->modified_utc,
			 nw_date_utc("2025-07-26T06:10:00Z"));
	assert_string_equal(nw_body_text(arena, &brief->body),
			    "Explosions rocked another city.");
	nw_arena_free(&arena);
}

/* What is called a ticker may be short. */
static void a_single_brief_is_a_ticker_where_it_is_called_so(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_ticker *ticker = NULL;

	(void)state;
	assert_int_equal(read_ticker(arena, ARTICLE(BRIEF_A), &ticker), 1);
	assert_int_equal(ticker->brief_count, 1);
	assert_string_equal(ticker->briefs[0].title, "Explosions rock a city.");
	assert_int_equal(read_ticker(arena, ARTICLE(""), &ticker), 0);
	nw_arena_free(&arena);
}

/* And it is no part of the article that it stands beside. */
static void an_article_has_no_part_of_it(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	const char *html = ARTICLE(BRIEF_A BRIEF_B), *text;
	const struct nw_page_input input = { .bytes = html,
					     .len = strlen(html),
					     .url = URL };
	struct nw_story *story;
	struct nw_error err;

	(void)state;
	assert_int_equal(nw_page_read(arena, &input, &story, &err), 0);
	text = nw_body_text(arena, &story->body);
	assert_non_null(strstr(text, "Nine people"));
	assert_null(strstr(text, "another city"));
	assert_null(strstr(text, "Show More"));
	assert_int_equal(story->update_count, 0);
	assert_false(story->live);
	nw_arena_free(&arena);
}

/* The parts of briefs that tell how lists were read: "key|time|title;". */
static const char *dump(struct nw_arena *arena, const struct nw_ticker *ticker)
{
	const char *text;
	struct nw_buf out;
	size_t i;

	nw_buf_init(&out, 1 << 16);
	for (i = 0; i < ticker->brief_count; i++) {
		const struct nw_update *brief = &ticker->briefs[i];
		char time[NW_DATE_BYTES];

		nw_date_iso8601(brief->published_utc, time);
		nw_buf_addf(&out, "%s|%.16s|%s;", brief->key, time,
			    brief->title ? brief->title : "");
	}
	text = nw_arena_strdup(arena, out.data);
	nw_buf_free(&out);
	return text;
}

static void lists_of_many_kinds_are_read(void **state)
{
	static const struct {
		const char *html, *name, *briefs;
	} cases[] = {
		/* An archive whose cards have their times in attributes. */
		{ "<h1>News archive</h1><div class='list'>"
		  "<article class='js-card' data-archive-id='Sat Jul 26 2025 "
		  "10:00:00 GMT+0300 (EEST)'><h3><a href='/c'>Third</a></h3>"
		  "</article><article class='js-card' data-archive-id="
		  "'2025-07-26T06:00:00.000Z'><h3><a href='/b'>Second</a></h3>"
		  "</article><article class='js-card' data-archive-id="
		  "'2025-07-26T05:00:00.000Z'><h3><a href='/a'>First</a></h3>"
		  "</article></div>",
		  "News archive",
		  "news.example/a|2025-07-26T05:00|First;"
		  "news.example/b|2025-07-26T06:00|Second;"
		  "news.example/c|2025-07-26T07:00|Third;" },
		/* Only times of day, in a zone that a date of the page names;
		 * past midnight it was yesterday. */
		{ "<time datetime='2025-07-26T14:00:00+03:00'></time>"
		  "<section><h2>Ticker</h2><ul id='news-ticker'>"
		  "<li><span class='time'>14:10</span> <a href='/b'>Rain falls"
		  "</a></li><li><span class='time'>00:05</span> <a href='/a'>"
		  "Wind blows</a></li><li><span class='time'>23:50</span> "
		  "<a href='/z'>It was dry</a></li></ul></section>",
		  "Ticker",
		  "news.example/z|2025-07-25T20:50|It was dry;"
		  "news.example/a|2025-07-25T21:05|Wind blows;"
		  "news.example/b|2025-07-26T11:10|Rain falls;" },
		/* Briefs that lead nowhere are known by id, or time and text. */
		{ "<div class='live-feed'><p class='item' id='n12345'>"
		  "<time datetime='2025-07-26T09:00:00Z'>9:00</time> The "
		  "parliament of the country has met.</p><p class='item'>"
		  "<time datetime='2025-07-26T08:00:00Z'>8:00</time> The "
		  "parliament of the country meets.</p></div>",
		  "Parliament",
		  "20250726080000-HASH|2025-07-26T08:00|;"
		  "n12345|2025-07-26T09:00|;" },
		/* Comments have times too, and stickers are no tickers. */
		{ "<div class='sticker'><p><time datetime='2025-07-26T09:00:00Z'"
		  "></time><a href='/x'>X</a></p></div><ul class='comments'>"
		  "<li><time datetime='2025-07-26T09:00:00Z'></time><a "
		  "href='/u1'>A user writes</a></li><li><time datetime="
		  "'2025-07-26T09:00:00Z'></time><a href='/u2'>B</a></li><li>"
		  "<time datetime='2025-07-26T09:00:00Z'></time><a href='/u3'>C"
		  "</a></li></ul>",
		  NULL, NULL },
		/* Days alone make no ticker. */
		{ "<ul class='newsFeed'><li><time datetime='2025-07-26'>26 July"
		  "</time><a href='/a'>A</a></li><li><time datetime="
		  "'2025-07-25'>25 July</time><a href='/b'>B</a></li></ul>",
		  NULL, NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct nw_arena *arena = nw_arena_new();
		const char *html = nw_arena_printf(
			arena, "<html><title>Parliament</title><body>%s</body>"
			"</html>", cases[i].html);
		struct nw_ticker *ticker = NULL;
		const char *got;
		char *hash;

		assert_int_equal(read_ticker(arena, html, &ticker),
				 cases[i].name != NULL);
		if (!cases[i].name)
			goto next;
		assert_string_equal(ticker->name, cases[i].name);
		got = dump(arena, ticker);
		hash = strstr(got, "0-");
		if (hash && strchr(hash, '|') == hash + 28)
			got = nw_arena_printf(arena, "%.*s-HASH%s",
					      (int)(hash + 1 - got), got,
					      hash + 28);
		assert_string_equal(got, cases[i].briefs);
next:
		nw_arena_free(&arena);
	}
}

static void each_day_is_a_story(void **state)
{
	static const struct {
		const char *language;
		int offset_s;
		const char *utc, *title, *key;
	} cases[] = {
		{ "en", 0, "2025-07-26T00:00:00Z", "News Feed, 26 July 2025",
		  "news.example/feed#ticker-2025-07-26" },
		{ "en-US", 3 * 3600, "2025-07-26T21:00:00Z",
		  "News Feed, 27 July 2025",
		  "news.example/feed#ticker-2025-07-27" },
		{ "de", -3600, "2025-03-01T00:30:00Z",
		  "News Feed, 28. Februar 2025",
		  "news.example/feed#ticker-2025-02-28" },
		{ "uk", 0, "2025-01-05T10:00:00Z",
		  "News Feed, 5 січня 2025",
		  "news.example/feed#ticker-2025-01-05" },
		{ "es", 0, "2024-02-29T10:00:00Z",
		  "News Feed, 29 de febrero de 2024",
		  "news.example/feed#ticker-2024-02-29" },
		{ "eng", 0, "2025-07-26T10:00:00Z", "News Feed, 2025-07-26",
		  "news.example/feed#ticker-2025-07-26" },
		{ NULL, 0, "1969-12-31T23:00:00Z", "News Feed, 1969-12-31",
		  "news.example/feed#ticker-1969-12-31" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct nw_arena *arena = nw_arena_new();
		const struct nw_ticker ticker = {
			.name = "News Feed",
			.url = "https://news.example/feed/?utm_source=x#top",
			.language = cases[i].language,
			.offset_s = cases[i].offset_s,
		};
		const struct nw_story *story = nw_ticker_story(
			arena, &ticker,
			nw_ticker_day(&ticker, nw_date_utc(cases[i].utc)));
		const char **keys;

		assert_string_equal(story->title, cases[i].title);
		assert_int_equal(nw_ident_keys(arena, story, &keys), 1);
		assert_string_equal(keys[0], cases[i].key);
		assert_true(story->live);
		assert_true(story->updates_partial);
		nw_arena_free(&arena);
	}
}

static void pieces_and_noise_are_read(void **state)
{
	static const char html[] = ARTICLE(BRIEF_A BRIEF_B);
	struct nw_ticker *ticker = NULL;
	unsigned seed = 7;
	size_t i, n;

	(void)state;
	for (i = 1; i < 400; i++) {
		struct nw_arena *arena = nw_arena_new();
		char *copy = nw_arena_strndup(arena, html, sizeof(html) - 1);

		for (n = 0; n < 12; n++) {
			seed = seed * 1103515245 + 12345;
			copy[(seed >> 8) % (sizeof(html) - 1)] =
				"<>\"'&#=/ {}[],:-"[seed >> 28];
		}
		(void)read_ticker(arena, copy, &ticker);
		nw_arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ticker_beside_an_article_is_read),
		cmocka_unit_test(
			a_single_brief_is_a_ticker_where_it_is_called_so),
		cmocka_unit_test(an_article_has_no_part_of_it),
		cmocka_unit_test(lists_of_many_kinds_are_read),
		cmocka_unit_test(each_day_is_a_story),
		cmocka_unit_test(pieces_and_noise_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
