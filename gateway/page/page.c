/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "newswire/buf.h"
#include "newswire/charset.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "extract_private.h"

/* First octets of what is no page, whatever a server calls it. */
static const char *const signatures[] = {
	"\x89PNG", "GIF8", "\xff\xd8\xff", "%PDF-", "PK\x03\x04",
	"\x1f\x8b", "RIFF", "OggS", "ID3",
};

static int check_bytes(const struct nw_page_input *input, struct nw_error *err)
{
	size_t i;

	for (i = 0; i < input->len && isspace((unsigned char)input->bytes[i]);)
		i++;
	if (i == input->len)
		return nw_error_set(err, NW_ERROR_DATA, "the page is empty");
	if (input->len > NW_FETCH_BODY_BYTES)
		return nw_error_set(err, NW_ERROR_REFUSED,
				    "the page has more than %u bytes",
				    NW_FETCH_BODY_BYTES);
	for (i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
		size_t len = strlen(signatures[i]);

		if (input->len >= len &&
		    !memcmp(input->bytes, signatures[i], len))
			return nw_error_set(err, NW_ERROR_DATA,
					    "the bytes are no HTML");
	}
	return 0;
}

static void find_base(struct nw_page *page)
{
	const xmlNode *base =
		page->head ? nw_dom_find(page->head, "base") : NULL;
	const char *href = base ? nw_dom_attr(base, "href") : NULL;
	const char *url;

	page->base = page->url;
	url = href ? nw_url_resolve(page->arena, page->url, href) : NULL;
	if (url && nw_url_is_web(url))
		page->base = url;
}

int nw_page_open(struct nw_page *page, const struct nw_page_input *input,
		 struct nw_error *err)
{
	struct nw_buf text;
	int result;

	if (check_bytes(input, err) < 0)
		return -1;
	/* A byte becomes at most three octets. */
	nw_buf_init(&text, 3 * (size_t)NW_FETCH_BODY_BYTES);
	result = nw_charset_to_utf8(&text, input->bytes, input->len,
				    input->http_charset, NULL, err);
	if (result == 0) {
		nw_rules_replace(input->rules, &text);
		page->doc = nw_page_parse(text.data, text.len, page->work,
					  err);
		result = page->doc ? 0 : -1;
	}
	nw_buf_free(&text);
	if (result < 0)
		return -1;
	page->html = xmlDocGetRootElement(page->doc);
	if (!page->html) {
		xmlFreeDoc(page->doc);
		page->doc = NULL;
		return nw_error_set(err, NW_ERROR_DATA,
				    "the page holds no element");
	}
	page->head = nw_dom_find(page->html, "head");
	/* Without a body tag, elements of HTML 5 stay in the head. */
	page->body = nw_dom_find(page->html, "body");
	if (!page->body)
		page->body = page->html;
	page->url = input->url ? nw_url_resolve(page->arena, NULL, input->url) :
				 NULL;
	page->now_utc = input->now_utc;
	find_base(page);
	return 0;
}

/* Updates past a cap cost their page nothing but themselves. */
static int read_live(const struct nw_page *page, struct nw_story *story,
		     struct nw_error *err)
{
	struct nw_error why = { NW_ERROR_NONE, "" };

	if (nw_live_read(page, story, &why) == 0)
		return 0;
	if (why.code != NW_ERROR_REFUSED)
		return nw_error_set(err, why.code, "%s", why.text);
	page->work->over = "too many updates";
	return 0;
}

/* Says what the page has cost. */
static void note_work(const struct nw_page *page)
{
	const struct nw_work *work = page->work;

	if (page->explain)
		nw_page_note(page, "work", NULL, work->over,
			     nw_arena_printf(page->arena, "%zu of %u looks",
					     work->looks, NW_PAGE_WORK));
}

static int read_story(struct nw_page *page, struct nw_story *story,
		      struct nw_page_links *links, struct nw_error *err)
{
	const char *older;

	page->words = nw_words_new(page->arena);
	if (!nw_rules_skip_jsonld(page->rules))
		nw_jsonld_load(page);
	nw_meta_read(page, story);
	links->next_url = nw_page_next(page);
	nw_rules_apply(page, story, links);
	/* Where the tree has all of its links. */
	older = nw_live_older(page, story);
	if (read_live(page, story, err) < 0)
		return -1;
	if (story->live && older)
		links->next_url = older;
	story->updates_partial = story->live && links->next_url;
	return nw_extract_body(page, story, err);
}

int nw_page_read(struct nw_arena *arena, const struct nw_page_input *input,
		 struct nw_story **story_r, struct nw_error *err)
{
	struct nw_work work = { 0 };
	struct nw_page page = {
		.arena = arena,
		.explain = input->explain,
		.explain_context = input->explain_context,
		.rules = input->rules,
		.work = &work,
	};
	struct nw_page_links links = { NULL, NULL };
	struct nw_story *story;
	int result;

	if (nw_page_open(&page, input, err) < 0)
		return -1;
	story = nw_story_new(arena);
	story->url = page.url;
	result = read_story(&page, story, &links, err);
	note_work(&page);
	nw_jsonld_free(&page);
	xmlFreeDoc(page.doc);
	if (result < 0)
		return -1;
	if (input->links)
		*input->links = links;
	*story_r = story;
	return 0;
}
