/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules, a line of "==", and a page that they are applied to; the page is then
 * joined to itself as if it were the story's next one, which adds nothing that
 * passes a cap.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "newswire/limits.h"
#include "newswire/page.h"
#include "newswire/rules.h"

#define NOW 1784000000

static const char border[] = "\n==\n";

static void explain(const struct nw_page_note *note, void *context)
{
	size_t *count = context;

	*count += note->what != NULL;
}

static void read_page(struct nw_arena *arena, const char *html, size_t len,
		      const struct nw_rules *rules)
{
	struct nw_page_links links;
	size_t notes = 0;
	const struct nw_page_input input = {
		.bytes = html,
		.len = len,
		.url = "https://a.example/story",
		.now_utc = NOW,
		.explain = explain,
		.explain_context = &notes,
		.rules = rules,
		.links = &links,
	};
	struct nw_story *story;

	if (nw_page_read(arena, &input, &story, NULL) < 0)
		return;
	nw_page_join(arena, story, story);
	if (story->body.count > NW_STORY_BLOCKS)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *html;
	struct nw_arena *arena = nw_arena_new();
	const struct nw_rules *rules;
	size_t len;

	html = memmem(text, size, border, strlen(border));
	len = html ? (size_t)(html - text) : size;
	rules = nw_rules_parse(arena, "a.example.txt", text, len, NULL);
	(void)nw_rules_headers(rules);
	if (html) {
		html += strlen(border);
		read_page(arena, html, size - (size_t)(html - text), rules);
	}
	nw_arena_free(&arena);
	return 0;
}
