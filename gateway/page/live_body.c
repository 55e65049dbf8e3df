/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "html_private.h"
#include "live_private.h"

/* Classes of what never belongs to the text of an entry. */
static const char *const drop_words[] = {
	"ad", "ads", "advert", "advertisement", "comments", "newsletter",
	"promo", "recirculation", "related", "share", "sharing", "social",
	"toolbar", NULL
};

/* Classes of what is beside it, as long as that is short. */
static const char *const side_words[] = {
	"avatar", "badge", "date", "datetime", "flag", "info", "label", "meta",
	"permalink", "tags", "time", "timestamp", "updated", NULL
};
static const char *const author_words[] = {
	"author", "authors", "byline", "contributor", NULL
};

struct skip {
	const struct nw_live_entry *entry;
	size_t letters; /* of the whole entry */
	size_t budget;	/* nodes that may still be counted */
};

/* Letters and digits below a node, as far as max. */
static size_t count_letters(struct skip *skip, const xmlNode *top, size_t max)
{
	const xmlNode *node = top;
	size_t count = 0;

	for (; node && count < max && skip->budget;
	     node = nw_dom_next(node, top, nw_dom_is_hidden(node))) {
		const xmlChar *at =
			node->type == XML_TEXT_NODE ? node->content : NULL;

		skip->budget--;
		for (; at && *at && count < max; at++)
			count += isalnum(*at) || *at >= 0x80;
	}
	return skip->budget ? count : max;
}

/* What an entry shows besides its text: who, when, and what to click. */
static bool skip_in_entry(const xmlNode *node, void *context)
{
	enum { SIDE_LETTERS = 120, HEAD_LETTERS = 400 };
	struct skip *skip = context;

	if (node == skip->entry->title_node || nw_dom_is(node, "time") ||
	    nw_dom_is(node, "footer") || nw_dom_is(node, "nav"))
		return true;
	if (nw_dom_is(node, "header"))
		return count_letters(skip, node, HEAD_LETTERS) < HEAD_LETTERS;
	if (nw_dom_is(node, "article"))
		return 2 * count_letters(skip, node, skip->letters) <
		       skip->letters;
	if (nw_html_has_word(node, "class", drop_words))
		return 2 * count_letters(skip, node, skip->letters) <
		       skip->letters;
	if (nw_html_has_word(node, "class", author_words) ||
	    nw_html_has_word(node, "itemprop", author_words))
		return count_letters(skip, node, SIDE_LETTERS) < SIDE_LETTERS;
	return nw_html_has_word(node, "class", side_words) &&
	       count_letters(skip, node, SIDE_LETTERS) < SIDE_LETTERS &&
	       !nw_dom_find(node, "p");
}

static bool has_link(const struct nw_block *block)
{
	size_t i;

	for (i = 0; i < block->span_count; i++)
		if (block->spans[i].href)
			return true;
	return false;
}

/* A first block that only says the title again goes, unless it is the link
 * that the entry is for. */
static void drop_title(struct nw_arena *arena, struct nw_body *body,
		       const char *title)
{
	enum { SLACK_BYTES = 64 };
	const struct nw_block *first = body->blocks;
	const char *text;

	if (!title || !body->count || has_link(first) ||
	    (first->kind != NW_BLOCK_PARAGRAPH &&
	     first->kind != NW_BLOCK_HEADING))
		return;
	text = nw_spans_text(arena, first->spans, first->span_count);
	if (strlen(text) > 2 * strlen(title) + SLACK_BYTES)
		return;
	if (strcmp(nw_utf8_key(arena, text), nw_utf8_key(arena, title)))
		return;
	body->count--;
	memmove(body->blocks, body->blocks + 1,
		body->count * sizeof(*body->blocks));
}

int nw_live_read_body(const struct nw_live *live,
		      const struct nw_live_entry *entry, struct nw_body *body,
		      struct nw_error *err)
{
	struct skip skip = { .entry = entry, .budget = NW_PAGE_NODES };
	const struct nw_html_options options = { .base = live->page->base,
						 .skip = skip_in_entry,
						 .context = &skip };

	if (entry->marks & NW_UPDATE_WITHDRAWN)
		return 0;
	if (entry->node) {
		skip.letters =
			count_letters(&skip, entry->node, NW_STORY_TEXT_BYTES);
		if (nw_html_blocks(live->page->arena, entry->node, &options,
				   body, err) < 0)
			return -1;
	}
	if (!body->count && entry->text &&
	    nw_jsonld_body(live->page, entry->text, body, err) < 0)
		return -1;
	drop_title(live->page->arena, body, entry->title);
	return 0;
}
