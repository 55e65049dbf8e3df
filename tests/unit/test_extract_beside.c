/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What stands beside the article in its page: who wrote it, updates, pictures
 * and their captions.
 */
#include "config.h"

#include "unit.h"

#include "extract_texts.h"

static const struct {
	const char *html, *bio, *avatar;
} biographies[] = {
	{ BY_JANE "<article>" STORY "<p>Jane Doe writes about water, mills and "
	  "those who live from them.</p></article>",
	  "Jane Doe writes about water, mills and those who live from them.",
	  NULL },
	{ BY_JANE "<article>" STORY "</article><div class=author-box><img "
	  "src=/jane.jpg><h4>Jane Doe</h4><p>She has written about water, "
	  "mills and rivers since the flood.</p></div>",
	  "She has written about water, mills and rivers since the flood.",
	  "https://news.example.org/jane.jpg" },
	/* what is around a headline */
	{ BY_JANE "<article>" STORY "</article><div class=author-info><p>Town, "
	  "valley, bread | Published: 5 hours ago | Written by Jane Doe, and "
	  "so on.</p></div>",
	  NULL, NULL },
	/* no sentence, but a headline */
	{ BY_JANE "<article>" STORY "</article><div class=author-info><h4>Jane "
	  "Doe</h4><h2>The mill, the vote, and who pays: \"What it costs to "
	  "turn a wheel\" in five steps</h2></div>",
	  NULL, NULL },
	/* another's */
	{ BY_JANE "<article>" STORY "</article><div class=author-box><h4>John "
	  "Roe</h4><p>He has written about bridges and trains since the "
	  "storm.</p></div>",
	  NULL, NULL },
	{ BY_JANE "<article>" STORY "</article><div class=byline>By Jane Doe, "
	  "published 26 July 2025, 12:15, updated 27 July 2025.</div>",
	  NULL, NULL },
};

static void assert_same(const char *value, const char *want)
{
	if (!want)
		assert_null(value);
	else if (!value)
		fail_msg("nothing instead of '%s'", want);
	else
		assert_string_equal(value, want);
}

static void test_biographies(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(biographies); i++) {
		struct nw_arena *arena = nw_arena_new();
		const struct nw_story *story =
			read_page(arena, biographies[i].html);

		assert_int_equal(story->author_count, 1);
		assert_string_equal(story->authors[0].name, "Jane Doe");
		assert_same(story->authors[0].bio, biographies[i].bio);
		assert_same(story->authors[0].avatar, biographies[i].avatar);
		assert_string_equal(nw_body_text(arena, &story->body), TEXT);
		nw_arena_free(&arena);
	}
}

#define UPDATE(n, class) \
	"<div class=live-post id=post-" n "><time datetime=2026-07-0" n \
	"T10:00:00Z>10:00</time><p class='" class "'>By Jane Doe</p><p>" P1 \
	" " n "</p></div>"
#define LD_UPDATE(n) \
	"{\"@type\":\"BlogPosting\",\"url\":\"#post-" n "\",\"datePublished" \
	"\":\"2026-07-0" n "T10:00:00Z\",\"articleBody\":\"" P1 " " n "\"}"

/* Updates are gone when the body is read; what was said of their classes must
 * not be looked up where they stood. */
static void test_live(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	const struct nw_story *story = read_page(
		arena,
		"<script type=application/ld+json>{\"@type\":"
		"\"LiveBlogPosting\",\"liveBlogUpdate\":[" LD_UPDATE("1") ","
		LD_UPDATE("2") "," LD_UPDATE("3") "]}</script><article><p>" P2
		"</p>" UPDATE("1", "author a") UPDATE("2", "author b")
		UPDATE("3", "author c") "<p class='author b'>By John Roe</p>"
		"</article>");

	(void)state;
	assert_int_equal(story->update_count, 3);
	assert_string_equal(nw_body_text(arena, &story->body), P2);
	nw_arena_free(&arena);
}

/* A caption stays with its picture. */
static void test_caption(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	const struct nw_story *story = read_page(
		arena, "<article><p>" P1 "</p><figure><img src=/m.jpg width=800"
		       " height=500><figcaption>The mill in the evening light."
		       "</figcaption></figure><p>" P2 "</p></article>");

	(void)state;
	assert_int_equal(story->body.count, 3);
	assert_int_equal(story->body.blocks[1].kind, NW_BLOCK_IMAGE);
	assert_string_equal(story->body.blocks[1].image->url,
			    "https://news.example.org/m.jpg");
	assert_string_equal(story->body.blocks[1].image->caption,
			    "The mill in the evening light.");
	nw_arena_free(&arena);
}

/* An update is taken out of the tree; what the words of its class mean is
 * asked again further down.  AddressSanitizer watches. */
static void test_words_outlive_updates(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	const struct nw_story *story = read_page(
		arena, "<script type=application/ld+json>"
		       "{\"@type\":\"LiveBlogPosting\",\"liveBlogUpdate\":"
		       "{\"@type\":\"BlogPosting\",\"@id\":\"block-1\","
		       "\"datePublished\":\"2026-03-03T12:30:00Z\","
		       "\"articleBody\":\"" P1 "\"}}</script>"
		       "<article id=block-1 class='a note'><p class='text box'>"
		       P1 "</p></article>"
		       "<div class='a note'><p class='text box'>" P2 "</p><p>"
		       P3 "</p></div>");

	(void)state;
	assert_int_equal(story->update_count, 1);
	assert_string_equal(nw_body_text(arena, &story->body),
			    P2 "\n\n" P3);
	nw_arena_free(&arena);
}

#define OG_IMAGE "<meta property=og:image content=/pictures/wheel-1200.jpg>"
#define LEAD(src) "<figure><img src=" src " width=800 height=500><figcaption>" \
		  "The mill in the evening light.</figcaption></figure>"

/* Where the lead picture stands; url: of the first image block. */
static const struct {
	const char *html, *url, *caption;
} leads[] = {
	/* between headline and text */
	{ "<header><h1>The mill stays</h1>" LEAD("/m.jpg") "</header>"
	  "<div class=body>" STORY "</div>",
	  "https://news.example.org/m.jpg", "The mill in the evening light." },
	/* before the headline */
	{ "<article>" LEAD("/m.jpg") "<div><h1>The mill stays</h1><div "
	  "class=body>" STORY "</div></div></article>",
	  "https://news.example.org/m.jpg", "The mill in the evening light." },
	/* in what is called other stories */
	{ OG_IMAGE "<h1>The mill stays</h1><div class=article-grid><div>"
	  LEAD("/small/wheel-1200.jpg") "</div></div><div class=body>" STORY
	  "</div>",
	  "https://news.example.org/small/wheel-1200.jpg",
	  "The mill in the evening light." },
	/* shown by the text too */
	{ "<h1>The mill stays</h1>" LEAD("/mill-wheel.jpg?w=9") "<div "
	  "class=body><img src=/mill-wheel.jpg>" STORY "</div>",
	  "https://news.example.org/mill-wheel.jpg?w=9",
	  "The mill in the evening light." },
	/* of an author, whatever is around it */
	{ BY_JANE "<h1>The mill stays</h1><figure><img src=/jane.jpg>"
	  "<figcaption>Jane Doe, reporter</figcaption></figure>"
	  "<div class=body>" STORY "</div>",
	  NULL, NULL },
	/* of an author, of the site */
	{ "<h1>The mill stays</h1><figure class=byline><img src=/jane.jpg>"
	  "<figcaption>Jane Doe</figcaption></figure><img src=/logo.png>"
	  "<div class=body>" STORY "</div>",
	  NULL, NULL },
};

static void test_leads(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(leads); i++) {
		struct nw_arena *arena = nw_arena_new();
		const struct nw_story *story = read_page(arena, leads[i].html);
		const struct nw_block *first = &story->body.blocks[0];

		assert_string_equal(nw_body_text(arena, &story->body), TEXT);
		assert_same(first->image ? first->image->url : NULL,
			    leads[i].url);
		if (first->image)
			assert_same(first->image->caption, leads[i].caption);
		nw_arena_free(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_biographies),
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_caption),
		cmocka_unit_test(test_words_outlive_updates),
		cmocka_unit_test(test_leads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
