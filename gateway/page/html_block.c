/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "html_private.h"

/* The next block in the place that the open elements give it; NULL when
 * there are too many. */
static struct nw_block *append(struct nw_html_reader *reader,
			       enum nw_block_kind kind)
{
	struct nw_block *block;

	if (reader->body.count >= NW_STORY_BLOCKS)
		reader->refused = "too many blocks";
	if (reader->refused)
		return NULL;
	block = nw_body_add(reader->arena, &reader->body, kind);
	block->quote = reader->state.quote;
	block->level = reader->state.list;
	return block;
}

/* A rule only separates: not what nothing stands before, and not twice. */
static bool is_idle_rule(const struct nw_html_reader *reader,
			 const struct nw_block *block)
{
	const struct nw_body *body = &reader->body;

	return block->kind == NW_BLOCK_RULE &&
	       (!body->count ||
		body->blocks[body->count - 1].kind == NW_BLOCK_RULE);
}

static void place(struct nw_html_reader *reader, const struct nw_block *block)
{
	struct nw_block *placed;

	if (is_idle_rule(reader, block))
		return;
	placed = append(reader, block->kind);
	if (!placed)
		return;
	placed->table = block->table;
	placed->image = block->image;
	placed->embed = block->embed;
}

static void place_queue(struct nw_html_reader *reader)
{
	size_t count = reader->queue.count, i;

	reader->queue.count = 0;
	for (i = 0; i < count; i++)
		place(reader, &reader->queue.blocks[i]);
}

void nw_html_add_block(struct nw_html_reader *reader,
		       const struct nw_block *block)
{
	if (reader->mode == NW_HTML_LINE)
		return;
	if (reader->text.len || reader->mode == NW_HTML_CELL)
		nw_html_queue(reader, block);
	else
		place(reader, block);
}

void nw_html_queue(struct nw_html_reader *reader, const struct nw_block *block)
{
	struct nw_html_queue *queue = &reader->queue;

	if (queue->count >= NW_STORY_IMAGES)
		return;
	queue->blocks = nw_arena_grow(reader->arena, queue->blocks,
				      queue->count, sizeof(*queue->blocks));
	queue->blocks[queue->count++] = *block;
}

static void set_kind(struct nw_html_reader *reader, struct nw_block *block)
{
	if (reader->state.heading && !reader->item) {
		block->kind = NW_BLOCK_HEADING;
		block->level = reader->state.heading;
	} else if (reader->item) {
		block->kind = NW_BLOCK_ITEM;
		block->ordinal = reader->item_ordinal;
		reader->item = false;
	}
}

/* Whether what was gathered is still within the caps. */
static bool has_room(struct nw_html_reader *reader)
{
	reader->text_bytes += reader->text.len;
	if (reader->text_bytes > NW_STORY_TEXT_BYTES ||
	    !nw_buf_ok(&reader->text) || !nw_buf_ok(&reader->runs))
		reader->refused = "too much text";
	return !reader->refused;
}

static void finish(struct nw_html_reader *reader)
{
	struct nw_block *block;
	struct nw_span *spans;
	size_t count;

	if (!has_room(reader))
		return;
	spans = nw_html_take_spans(reader, &count);
	if (spans && !reader->state.heading && !reader->item &&
	    nw_html_take_caption(reader, spans, count))
		return;
	block = spans ? append(reader, NW_BLOCK_PARAGRAPH) : NULL;
	if (!block)
		return;
	block->spans = spans;
	block->span_count = count;
	set_kind(reader, block);
}

void nw_html_flush(struct nw_html_reader *reader)
{
	switch (reader->mode) {
	case NW_HTML_LINE:
		reader->space = true;
		break;
	case NW_HTML_CELL:
		reader->breaks = 1;
		break;
	case NW_HTML_BLOCKS:
		if (reader->text.len)
			finish(reader);
		reader->breaks = 0;
		reader->space = false;
		place_queue(reader);
		break;
	}
}

/* The text of a pre element, with a line end for each br and around blocks
 * (some sites make a div of each line). */
static void gather_code(struct nw_buf *text, const xmlNode *top)
{
	const xmlNode *node = nw_dom_next(top, top, false);

	while (node) {
		bool hidden = nw_dom_is_hidden(node);

		if (node->type == XML_ELEMENT_NODE && nw_dom_is_block(node) &&
		    text->len && text->data[text->len - 1] != '\n')
			nw_buf_addc(text, '\n');
		else if (nw_dom_is(node, "br"))
			nw_buf_addc(text, '\n');
		else if (node->type != XML_ELEMENT_NODE && !hidden &&
			 node->content)
			nw_buf_adds(text, (const char *)node->content);
		node = nw_dom_next(node, top, hidden);
	}
}

/* Its lines without empty ones before the first and after the last. */
static const char *trim_code(struct nw_arena *arena, const struct nw_buf *text)
{
	size_t head = 0, tail = text->len;

	while (tail && strchr(" \t\r\n", text->data[tail - 1]))
		tail--;
	while (head < tail && strchr("\r\n", text->data[head]))
		head++;
	return nw_utf8_lines(arena, text->data + head, tail - head,
			     NW_STORY_TEXT_BYTES);
}

void nw_html_read_code(struct nw_html_reader *reader, const xmlNode *node)
{
	struct nw_block *block;
	const char *code;

	nw_html_flush(reader);
	gather_code(&reader->text, node);
	if (!has_room(reader))
		return;
	code = trim_code(reader->arena, &reader->text);
	nw_buf_reset(&reader->text);
	block = code ? append(reader, NW_BLOCK_CODE) : NULL;
	if (!block)
		return;
	block->spans = nw_arena_alloc(reader->arena, sizeof(*block->spans));
	block->spans->text = code;
	block->span_count = 1;
}
