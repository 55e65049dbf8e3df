/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/names.h"
#include "newswire/page.h"
#include "newswire/utf8.h"

/* Shorter paragraphs may be said twice, but not by the head of a page. */
#define SAID_MIN 60

/* What the story says already: keys of texts and addresses of pictures. */
struct said {
	struct nw_arena *arena;
	const char **all;	/* sorted */
	size_t count;
	size_t bytes, images;	/* in the story */
};

static void add(struct said *said, const char *text)
{
	said->all = nw_arena_grow(said->arena, said->all, said->count,
				  sizeof(*said->all));
	said->all[said->count++] = text;
}

static void add_text(struct said *said, const char *text)
{
	if (text)
		add(said, nw_utf8_key(said->arena, text));
}

/* What tells a block from others: its words, or its picture; "". */
static const char *block_key(struct nw_arena *arena,
			     const struct nw_block *block)
{
	if (block->kind == NW_BLOCK_IMAGE)
		return block->image->url;
	if (block->kind == NW_BLOCK_EMBED)
		return block->embed.url;
	return nw_utf8_key(arena, nw_spans_text(arena, block->spans,
						block->span_count));
}

static void read_story(struct said *said, const struct nw_story *story)
{
	size_t i;

	add_text(said, story->title);
	add_text(said, story->kicker);
	add_text(said, story->description);
	if (story->lead_image)
		add(said, story->lead_image->url);
	for (i = 0; i < story->body.count; i++) {
		const struct nw_block *block = &story->body.blocks[i];
		const char *key = block_key(said->arena, block);

		said->images += block->kind == NW_BLOCK_IMAGE;
		said->bytes += strlen(key);
		if (*key)
			add(said, key);
	}
	nw_names_sort(said->all, said->count);
}

static bool is_said(const struct said *said, const char *key)
{
	return nw_names_have(said->all, said->count, key);
}

static bool has_room(struct said *said, const struct nw_story *story,
		     const struct nw_block *block, const char *key)
{
	said->images += block->kind == NW_BLOCK_IMAGE;
	said->bytes += strlen(key);
	return story->body.count < NW_STORY_BLOCKS &&
	       said->images <= NW_STORY_IMAGES &&
	       said->bytes <= NW_STORY_TEXT_BYTES;
}

static void add_corrections(struct nw_arena *arena, struct nw_story *first,
			    const struct nw_story *next)
{
	size_t i, k;

	for (i = 0; i < next->correction_count; i++) {
		for (k = 0; k < first->correction_count; k++)
			if (!strcmp(first->corrections[k],
				    next->corrections[i]))
				break;
		if (k < first->correction_count || k == NW_STORY_CORRECTIONS)
			continue;
		first->corrections = nw_arena_grow(arena, first->corrections, k,
						   sizeof(*first->corrections));
		first->corrections[k] = next->corrections[i];
		first->correction_count++;
	}
}

void nw_page_join(struct nw_arena *arena, struct nw_story *first,
		  const struct nw_story *next)
{
	struct said said = { .arena = arena };
	bool head = true;
	size_t i;

	read_story(&said, first);
	for (i = 0; i < next->body.count; i++) {
		const struct nw_block *block = &next->body.blocks[i];
		const char *key = block_key(arena, block);

		if (*key && is_said(&said, key) &&
		    (head || block->kind == NW_BLOCK_IMAGE ||
		     strlen(key) >= SAID_MIN))
			continue;
		head = head && block->kind == NW_BLOCK_IMAGE;
		if (!has_room(&said, first, block, key))
			break;
		*nw_body_add(arena, &first->body, block->kind) = *block;
	}
	add_corrections(arena, first, next);
	nw_story_add_alias(arena, first, next->canonical_url);
}
