/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "body_dump.h"

static void add_text(struct nw_buf *out, const char *text)
{
	for (; *text; text++)
		if (*text == '\n')
			nw_buf_adds(out, "\\n");
		else if (*text == '\t')
			nw_buf_adds(out, "\\t");
		else
			nw_buf_addc(out, *text);
}

static void add_spans(struct nw_buf *out, const struct nw_span *spans,
		      size_t count)
{
	static const char letters[] = "sec_^di";
	size_t i, bit;

	for (i = 0; i < count; i++) {
		if (spans[i].style) {
			nw_buf_addc(out, '{');
			for (bit = 0; letters[bit]; bit++)
				if (spans[i].style & 1u << bit)
					nw_buf_addc(out, letters[bit]);
			nw_buf_addc(out, ' ');
		}
		if (spans[i].href)
			nw_buf_addc(out, '[');
		add_text(out, spans[i].text);
		if (spans[i].href)
			nw_buf_addf(out, "](%s)", spans[i].href);
		if (spans[i].style)
			nw_buf_addc(out, '}');
	}
}

static void add_table(struct nw_buf *out, const struct nw_table *table)
{
	size_t i, k;

	for (i = 0; i < table->row_count; i++) {
		nw_buf_addc(out, '|');
		for (k = 0; k < table->rows[i].cell_count; k++) {
			const struct nw_cell *cell = &table->rows[i].cells[k];

			nw_buf_adds(out, cell->header ? " #" : " ");
			add_spans(out, cell->spans, cell->span_count);
			nw_buf_adds(out, " |");
		}
		nw_buf_addc(out, '\n');
	}
}

static void add_field(struct nw_buf *out, const char *name, const char *value)
{
	if (value)
		nw_buf_addf(out, " %s=%s", name, value);
}

static void add_image(struct nw_buf *out, const struct nw_image *image)
{
	nw_buf_addf(out, "image %s", image->url);
	if (image->width || image->height)
		nw_buf_addf(out, " %dx%d", image->width, image->height);
	add_field(out, "alt", image->alt);
	add_field(out, "caption", image->caption);
	add_field(out, "credit", image->credit);
	nw_buf_addc(out, '\n');
}

static void add_lead(struct nw_buf *out, const struct nw_block *block)
{
	unsigned i;

	for (i = 0; i < block->quote; i++)
		nw_buf_adds(out, "> ");
	if (block->kind == NW_BLOCK_HEADING) {
		for (i = 0; i < block->level; i++)
			nw_buf_addc(out, '#');
		nw_buf_addc(out, ' ');
		return;
	}
	for (i = block->kind == NW_BLOCK_ITEM ? 1 : 0; i < block->level; i++)
		nw_buf_adds(out, "  ");
	if (block->kind == NW_BLOCK_CODE)
		nw_buf_adds(out, "``` ");
	if (block->kind != NW_BLOCK_ITEM)
		return;
	if (block->ordinal)
		nw_buf_addf(out, "%d. ", block->ordinal);
	else
		nw_buf_adds(out, "- ");
}

void body_dump(struct nw_buf *out, const struct nw_body *body)
{
	size_t i;

	for (i = 0; i < body->count; i++) {
		const struct nw_block *block = &body->blocks[i];

		add_lead(out, block);
		switch (block->kind) {
		case NW_BLOCK_TABLE:
			add_table(out, block->table);
			break;
		case NW_BLOCK_IMAGE:
			add_image(out, block->image);
			break;
		case NW_BLOCK_EMBED:
			nw_buf_addf(out, "embed %s", block->embed.url);
			if (block->embed.title)
				nw_buf_addf(out, " %s", block->embed.title);
			nw_buf_addc(out, '\n');
			break;
		case NW_BLOCK_RULE:
			nw_buf_adds(out, "---\n");
			break;
		default:
			add_spans(out, block->spans, block->span_count);
			nw_buf_addc(out, '\n');
			break;
		}
	}
}
