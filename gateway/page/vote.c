/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "extract_private.h"

/*
 * The articleBody of JSON-LD.  Many are teasers, cut, or escaped twice, so it
 * never comes first; but what is much longer than the text that was found is
 * the article, and where both have the same last sentence, a few more lines
 * are none of it.
 */

/* Bytes of a key: the least that votes; of the last sentence. */
#define VOTE_MIN 300
#define END_BYTES 40
/* How much longer it is than what the page shows of it. */
#define TIMES 3
/* The share of the text that may stand behind its end. */
#define TAIL_PARTS 10

static const char *find_body(const struct nw_page *page)
{
	const char *found = NULL;
	size_t i;

	for (i = 0; i < page->jsonld_count; i++) {
		const char *text = json_string_value(
			json_object_get(page->jsonld[i], "articleBody"));

		if (text && (!found || strlen(text) > strlen(found)) &&
		    !nw_jsonld_is(page->jsonld[i], "Comment"))
			found = text;
	}
	return found && strlen(found) >= VOTE_MIN ? found : NULL;
}

static const char *block_key(struct nw_arena *arena,
			     const struct nw_block *block)
{
	return nw_utf8_key(arena, nw_spans_text(arena, block->spans,
						block->span_count));
}

/* The block that ends as the articleBody does; body->count for none. */
static size_t find_end(struct nw_arena *arena, const struct nw_body *body,
		       const char *end)
{
	size_t i = body->count;

	while (i-- > 0) {
		const char *key = block_key(arena, &body->blocks[i]);
		size_t len = strlen(key);

		if (len >= END_BYTES && !strcmp(key + len - END_BYTES, end))
			return i;
	}
	return body->count;
}

static void drop_tail(const struct nw_page *page, struct nw_body *body,
		      const char *key, size_t len)
{
	size_t end = find_end(page->arena, body, key + len - END_BYTES);
	size_t tail = 0, i;

	for (i = end + 1; i < body->count; i++)
		tail += strlen(block_key(page->arena, &body->blocks[i]));
	if (!tail || tail >= len / TAIL_PARTS)
		return;
	for (i = end + 1; i < body->count; i++)
		nw_page_note_text(page, "drop",
				  "behind the end of JSON-LD articleBody",
				  nw_spans_text(page->arena,
						body->blocks[i].spans,
						body->blocks[i].span_count));
	body->count = end + 1;
}

int nw_vote(const struct nw_page *page, struct nw_story *story,
	    struct nw_error *err)
{
	struct nw_arena *arena = page->arena;
	const char *text = find_body(page), *key;
	struct nw_error why = { NW_ERROR_NONE, "" };
	struct nw_body body = { NULL, 0 };
	size_t len;

	if (!text || story->update_count)
		return 0;
	/* What is past a cap has no vote. */
	if (nw_jsonld_body(page, text, &body, &why) < 0)
		return why.code == NW_ERROR_REFUSED ?
			       0 :
			       nw_error_set(err, why.code, "%s", why.text);
	key = nw_utf8_key(arena, nw_body_text(arena, &body));
	len = strlen(key);
	if (len < VOTE_MIN)
		return 0;
	text = nw_body_text(arena, &story->body);
	if (strlen(nw_utf8_key(arena, text)) * TIMES >= len) {
		drop_tail(page, &story->body, key, len);
		return 0;
	}
	nw_page_note(page, "body", "JSON-LD articleBody",
		     "the page shows little of it", NULL);
	story->body = body;
	return 0;
}
