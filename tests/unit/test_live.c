/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Live pages in tests/data/live: each NAME.html has beside it, in NAME.txt,
 * what becomes of it.
 */
#include "config.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "newswire/date.h"
#include "newswire/limits.h"
#include "newswire/url.h"

#include "../../gateway/page/page_private.h"
#include "body_dump.h"

#define NOW "2025-03-05T00:00:00Z"

static const char *const pages[] = {
	"about-live", "addresses", "anchors", "bare", "beside", "beside-live",
	"block", "bold", "broken", "content-post", "entry", "event", "fleeting",
	"graph", "itemprop", "list", "microdata", "no-updates", "plain",
	"positions", "post", "programme", "repeat", "samples", "sorted",
	"stream", "ticks", "type-only", "wordpress"
};

static void load(struct nw_buf *out, const char *name, const char *end)
{
	const char *srcdir = getenv("srcdir");
	char path[NW_PATH_BYTES], chunk[4096];
	FILE *file;
	size_t len;

	(void)snprintf(path, sizeof(path), "%s/tests/data/live/%s.%s",
		       srcdir ? srcdir : ".", name, end);
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s cannot be opened", path);
	while ((len = fread(chunk, 1, sizeof(chunk), file)) > 0)
		nw_buf_add(out, chunk, len);
	(void)fclose(file);
}

/* What the reader of a page's head would say of it. */
static void read_head(struct nw_page *page, struct nw_story *story)
{
	const xmlNode *node;

	for (node = page->html; node;
	     node = nw_dom_next(node, page->html, false)) {
		const char *property = nw_dom_attr(node, "property");
		const char *content = nw_dom_attr(node, "content");

		if (nw_dom_is(node, "link"))
			story->canonical_url =
				nw_url_resolve(page->arena, NULL,
					       nw_dom_attr(node, "href"));
		else if (nw_dom_is(node, "h1"))
			story->title = nw_dom_text(page->arena, node, 200);
		else if (property && strstr(property, "published"))
			story->published_utc = nw_date_utc(content);
		else if (property && strstr(property, "modified"))
			story->modified_utc = nw_date_utc(content);
	}
	page->url = page->base = story->canonical_url;
}

static int read_live(struct nw_arena *arena, const char *html, size_t len,
		     struct nw_story **story_r, const char **left_r)
{
	struct nw_page page = { .arena = arena, .now_utc = nw_date_utc(NOW) };
	struct nw_error err;
	int result = 0;

	*story_r = nw_story_new(arena);
	page.doc = nw_page_parse(html, len, NULL, &err);
	page.html = page.doc ? xmlDocGetRootElement(page.doc) : NULL;
	if (page.html) {
		page.head = nw_dom_find(page.html, "head");
		page.body = nw_dom_find(page.html, "body");
		nw_jsonld_load(&page);
		read_head(&page, *story_r);
		result = nw_live_read(&page, *story_r, &err);
		*left_r =
			page.body ? nw_dom_text(arena, page.body, 4000) : NULL;
		nw_jsonld_free(&page);
	}
	xmlFreeDoc(page.doc);
	return result;
}

static void dump_time(struct nw_buf *out, const char *name, int64_t utc)
{
	char text[NW_DATE_BYTES];

	if (utc == NW_TIME_NONE)
		return;
	nw_date_iso8601(utc, text);
	nw_buf_addf(out, "%s %s\n", name, text);
}

static void dump_update(struct nw_buf *out, const struct nw_update *update)
{
	static const char *const marks[] = {
		"key event", "pinned", "breaking", "summary", "withdrawn"
	};
	size_t i;

	nw_buf_addf(out, "\nupdate %s\n", update->key);
	if (update->url)
		nw_buf_addf(out, "url %s\n", update->url);
	dump_time(out, "published", update->published_utc);
	dump_time(out, "modified", update->modified_utc);
	for (i = 0; i < COUNT(marks); i++)
		if (update->marks & 1u << i)
			nw_buf_addf(out, "mark %s\n", marks[i]);
	if (update->parent_key)
		nw_buf_addf(out, "answers %s\n", update->parent_key);
	for (i = 0; i < update->author_count; i++)
		nw_buf_addf(out, "by %s\n", update->authors[i].name);
	if (update->title)
		nw_buf_addf(out, "title %s\n", update->title);
	body_dump(out, &update->body);
}

static void dump(struct nw_buf *out, const struct nw_story *story,
		 const char *left)
{
	size_t i;

	nw_buf_addf(out, "live %s\n", story->live ? "yes" : "no");
	dump_time(out, "ends", story->coverage_end_utc);
	nw_buf_addf(out, "left %s\n", left ? left : "");
	for (i = 0; i < story->update_count; i++)
		dump_update(out, &story->updates[i]);
}

static void pages_give_their_updates(void **state)
{
	struct nw_buf html, want, got;
	size_t i;

	(void)state;
	nw_buf_init(&html, 1 << 20);
	nw_buf_init(&want, 1 << 20);
	nw_buf_init(&got, 1 << 20);
	for (i = 0; i < COUNT(pages); i++) {
		struct nw_arena *arena = nw_arena_new();
		struct nw_story *story;
		const char *left = NULL;

		nw_buf_reset(&html);
		nw_buf_reset(&want);
		nw_buf_reset(&got);
		load(&html, pages[i], "html");
		load(&want, pages[i], "txt");
		assert_int_equal(read_live(arena, html.data, html.len, &story,
					   &left),
				 0);
		dump(&got, story, left);
		if (strcmp(got.data, want.data))
			print_error("%s.html\n", pages[i]);
		assert_string_equal(got.data, want.data);
		nw_arena_free(&arena);
	}
	nw_buf_free(&html);
	nw_buf_free(&want);
	nw_buf_free(&got);
}

/* The keys that page has, one a line. */
static void dump_keys(struct nw_buf *out, const char *html, size_t len)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_story *story;
	const char *left;
	size_t i;

	assert_int_equal(read_live(arena, html, len, &story, &left), 0);
	for (i = 0; i < story->update_count; i++)
		nw_buf_addf(out, "%s\n", story->updates[i].key);
	nw_arena_free(&arena);
}

/* A key names one update for ever: one more update above, or the page read
 * without its structured data, leaves it what it is. */
static void keys_do_not_move(void **state)
{
	static const struct {
		const char *page, *find, *put;
	} edits[] = {
		{ "plain", "<h2>12.31 Uhr",
		  "<h2>12.32 Uhr: Neu</h2><p>Etwas Neues ist geschehen.</p>"
		  "<h2>12.31 Uhr" },
		{ "positions", "\"liveBlogUpdate\": [",
		  "\"liveBlogUpdate\": [{\"@type\":\"BlogPosting\",\"headline\":"
		  "\"19:05(IST) New\",\"datePublished\":"
		  "\"2025-03-03T19:05:00+05:30\",\"url\":"
		  "\"https://times.example/world/storm-live/liveblog/118.cms"
		  "#post0\",\"articleBody\":\"New\"}," },
		{ "list", "<div id=\"p3\"",
		  "<div id=\"p4\" data-sort-time=\"1741003300\"><p>New</div>"
		  "<div id=\"p3\"" },
		{ "repeat", "<section class=\"q3\"",
		  "<section><time datetime='2025-03-03T11:30:00Z'></time>"
		  "<p>New</section><section class=\"q3\"" },
		{ "block", "ld+json", "nothing" },
		{ "sorted", "data-update-time=\"1740999780\"",
		  "data-update-time=\"1741000999\"" },
	};
	struct nw_buf html, before, after;
	size_t i;

	(void)state;
	nw_buf_init(&html, 1 << 20);
	nw_buf_init(&before, 1 << 20);
	nw_buf_init(&after, 1 << 20);
	for (i = 0; i < COUNT(edits); i++) {
		struct nw_buf edited;
		const char *at;

		nw_buf_reset(&html);
		nw_buf_reset(&before);
		nw_buf_reset(&after);
		nw_buf_init(&edited, 1 << 20);
		load(&html, edits[i].page, "html");
		at = strstr(html.data, edits[i].find);
		if (at) {
			nw_buf_add(&edited, html.data,
				   (size_t)(at - html.data));
			nw_buf_adds(&edited, edits[i].put);
			at += strlen(edits[i].find);
		}
		nw_buf_adds(&edited, at ? at : html.data);
		dump_keys(&before, html.data, html.len);
		dump_keys(&after, edited.data, edited.len);
		assert_true(before.len > 0);
		if (strncmp(before.data, after.data, before.len))
			print_error("%s: %s -> %s\n", edits[i].page,
				    before.data, after.data);
		assert_int_equal(strncmp(before.data, after.data, before.len),
				 0);
		nw_buf_free(&edited);
	}
	nw_buf_free(&html);
	nw_buf_free(&before);
	nw_buf_free(&after);
}

/* Every start of every page, and every page with bytes changed, is read
 * without a fault. */
static void broken_pages_are_read(void **state)
{
	enum { STEPS = 60 };
	struct nw_buf html;
	unsigned seed = 1;
	size_t i, k, n;

	(void)state;
	nw_buf_init(&html, 1 << 20);
	for (i = 0; i < COUNT(pages); i++) {
		nw_buf_reset(&html);
		load(&html, pages[i], "html");
		for (k = 0; k < STEPS; k++) {
			struct nw_arena *arena = nw_arena_new();
			struct nw_story *story;
			const char *left;
			size_t len = k < STEPS / 2 ? html.len * k / (STEPS / 2)
						   : html.len;

			for (n = 0; k >= STEPS / 2 && n < 8; n++) {
				seed = seed * 1103515245 + 12345;
				html.data[(seed >> 8) % html.len] =
					"<>\"'&#=/ {}[],:\xff"[seed >> 28];
			}
			(void)read_live(arena, html.data, len, &story, &left);
			assert_true(story->update_count <= NW_STORY_UPDATES);
			nw_arena_free(&arena);
		}
	}
	nw_buf_free(&html);
}

static void updates_are_capped(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_story *story;
	const char *left;
	struct nw_buf html;
	unsigned i;

	(void)state;
	nw_buf_init(&html, 16 << 20);
	nw_buf_adds(&html, "<body><h1>live</h1>");
	for (i = 0; i < NW_STORY_UPDATES + 100; i++)
		nw_buf_addf(&html, "<div id=e%u data-sort-time=%u><p>x%u</div>",
			    i, 1741000000 + i, i);
	assert_int_equal(read_live(arena, html.data, html.len, &story, &left),
			 0);
	assert_int_equal(story->update_count, NW_STORY_UPDATES);
	assert_string_equal(story->updates[0].key, "e0");
	nw_buf_free(&html);
	nw_arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_give_their_updates),
		cmocka_unit_test(keys_do_not_move),
		cmocka_unit_test(broken_pages_are_read),
		cmocka_unit_test(updates_are_capped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
