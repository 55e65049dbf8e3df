/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/buf.h"
#include "newswire/limits.h"
#include "newswire/story.h"
#include "newswire/utf8.h"

/* Between two blocks, lines and cells of a body's text. */
#define BLOCK_GAP "\n\n"
#define ROW_GAP "\n"
#define CELL_GAP "\t"

struct nw_story *nw_story_new(struct nw_arena *arena)
{
	struct nw_story *story = nw_arena_alloc(arena, sizeof(*story));

	story->published_utc = NW_TIME_NONE;
	story->modified_utc = NW_TIME_NONE;
	story->expires_utc = NW_TIME_NONE;
	story->coverage_end_utc = NW_TIME_NONE;
	story->posted_utc = NW_TIME_NONE;
	story->gap_utc = NW_TIME_NONE;
	return story;
}

static void add_spans(struct nw_buf *text, const struct nw_span *spans,
		      size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (spans[i].text)
			nw_buf_adds(text, spans[i].text);
}

static void add_table(struct nw_buf *text, const struct nw_table *table)
{
	size_t y, x;

	for (y = 0; y < table->row_count; y++) {
		const struct nw_row *row = &table->rows[y];

		if (y)
			nw_buf_adds(text, ROW_GAP);
		for (x = 0; x < row->cell_count; x++) {
			if (x)
				nw_buf_adds(text, CELL_GAP);
			add_spans(text, row->cells[x].spans,
				  row->cells[x].span_count);
		}
	}
}

static void add_block(struct nw_buf *text, const struct nw_block *block)
{
	switch (block->kind) {
	case NW_BLOCK_PARAGRAPH:
	case NW_BLOCK_HEADING:
	case NW_BLOCK_ITEM:
	case NW_BLOCK_CODE:
		add_spans(text, block->spans, block->span_count);
		break;
	case NW_BLOCK_TABLE:
		if (block->table)
			add_table(text, block->table);
		break;
	default:
		break;
	}
}

/* What does not fit under the cap is left out at its end. */
static char *take(struct nw_arena *arena, struct nw_buf *text)
{
	char *copy = nw_arena_strndup(arena, text->data, text->len);

	nw_buf_free(text);
	return copy;
}

char *nw_body_text(struct nw_arena *arena, const struct nw_body *body)
{
	struct nw_buf text;
	size_t i, gap;

	nw_buf_init(&text, NW_STORY_TEXT_BYTES);
	for (i = 0; i < body->count; i++) {
		gap = text.len;
		if (gap)
			nw_buf_adds(&text, BLOCK_GAP);
		add_block(&text, &body->blocks[i]);
		if (gap && text.len == gap + strlen(BLOCK_GAP))
			nw_buf_cut(&text, gap);
	}
	return take(arena, &text);
}

char *nw_block_text(struct nw_arena *arena, const struct nw_block *block)
{
	struct nw_buf text;

	nw_buf_init(&text, NW_STORY_TEXT_BYTES);
	add_block(&text, block);
	return take(arena, &text);
}

char *nw_spans_text(struct nw_arena *arena, const struct nw_span *spans,
		    size_t count)
{
	struct nw_buf text;

	nw_buf_init(&text, NW_STORY_TEXT_BYTES);
	add_spans(&text, spans, count);
	return take(arena, &text);
}

struct nw_block *nw_body_add(struct nw_arena *arena, struct nw_body *body,
			     enum nw_block_kind kind)
{
	struct nw_block *block;

	body->blocks = nw_arena_grow(arena, body->blocks, body->count,
				     sizeof(*body->blocks));
	block = &body->blocks[body->count++];
	*block = (struct nw_block){ .kind = kind };
	return block;
}

void nw_story_add_alias(struct nw_arena *arena, struct nw_story *story,
			const char *alias)
{
	size_t i;

	if (!alias || !*alias || story->alias_count >= NW_STORY_ALIASES)
		return;
	for (i = 0; i < story->alias_count; i++)
		if (!strcmp(story->aliases[i], alias))
			return;
	story->aliases = nw_arena_grow(arena, story->aliases,
				       story->alias_count,
				       sizeof(*story->aliases));
	story->aliases[story->alias_count++] = nw_arena_strdup(arena, alias);
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* Whether two names are the same word in any case.  Keys are only made where
 * ASCII does not decide. */
static bool same_name(struct nw_arena *arena, const char *a, const char *b)
{
	if (!strcasecmp(a, b))
		return true;
	if (is_ascii(a) || is_ascii(b))
		return false;
	a = nw_utf8_key(arena, a);
	return *a && !strcmp(a, nw_utf8_key(arena, b));
}

void nw_story_add_topic(struct nw_arena *arena, struct nw_story *story,
			const char *topic)
{
	size_t i;

	if (!topic || !*topic || story->topic_count >= NW_STORY_TOPICS)
		return;
	for (i = 0; i < story->topic_count; i++)
		if (same_name(arena, story->topics[i], topic))
			return;
	story->topics = nw_arena_grow(arena, story->topics,
				      story->topic_count,
				      sizeof(*story->topics));
	story->topics[story->topic_count++] = nw_arena_strdup(arena, topic);
}

static void fill(struct nw_arena *arena, const char **field,
		 const char *value)
{
	if (!*field)
		*field = nw_arena_strdup(arena, value);
}

static void fill_author(struct nw_arena *arena, struct nw_author *author,
			const struct nw_author *from)
{
	fill(arena, &author->name, from->name);
	fill(arena, &author->url, from->url);
	fill(arena, &author->role, from->role);
	fill(arena, &author->bio, from->bio);
	fill(arena, &author->avatar, from->avatar);
	fill(arena, &author->email, from->email);
}

void nw_story_add_author(struct nw_arena *arena, struct nw_author **authors,
			 size_t *count, const struct nw_author *author)
{
	size_t i;

	if (!author || !author->name || !*author->name)
		return;
	for (i = 0; i < *count; i++) {
		if (!same_name(arena, (*authors)[i].name, author->name))
			continue;
		fill_author(arena, &(*authors)[i], author);
		return;
	}
	if (*count >= NW_STORY_AUTHORS)
		return;
	*authors = nw_arena_grow(arena, *authors, *count, sizeof(**authors));
	fill_author(arena, &(*authors)[(*count)++], author);
}
