/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stories for tests, written as the snapshots that the store keeps, with '
 * for ".
 */
#ifndef NEWSWIRE_TESTS_MODEL_H
#define NEWSWIRE_TESTS_MODEL_H

#include "newswire/snapshot.h"

static inline struct nw_story *model_story(struct nw_arena *arena,
					   const char *text)
{
	struct nw_story *story = NULL;
	struct nw_error err = { NW_ERROR_NONE, "" };
	char *json = nw_arena_strdup(arena, text), *at;

	for (at = json; *at; at++)
		if (*at == '\'')
			*at = '"';
	if (nw_snapshot_read(arena, json, (size_t)(at - json), &story, &err))
		fail_msg("%s in %s", err.text, json);
	return story;
}

/* A story at https://a.example/s with that body, one paragraph a line. */
static inline struct nw_story *model_text(struct nw_arena *arena,
					  const char *title, const char *text)
{
	struct nw_story *story = nw_story_new(arena);
	struct nw_block *block;

	story->url = story->canonical_url = "https://a.example/s";
	story->title = title;
	while (*text) {
		size_t len = 0;

		while (text[len] && text[len] != '\n')
			len++;
		block = nw_body_add(arena, &story->body, NW_BLOCK_PARAGRAPH);
		block->spans = nw_arena_alloc(arena, sizeof(*block->spans));
		block->spans->text = nw_arena_strndup(arena, text, len);
		block->span_count = 1;
		text += len + (text[len] == '\n');
	}
	return story;
}

#endif
