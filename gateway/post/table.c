/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"

#include "post_private.h"

#define GUTTER "  "	/* between two columns of aligned text */
#define DIVIDER " | "	/* between two cells where there is no room */

/* A table as strings; a cell that a short row lacks is "". */
struct grid {
	const char **cells;
	size_t rows, columns;
	size_t widths[NW_TABLE_COLUMNS];
	bool has_header;	/* all of the first row is headings */
};

static const char *cell_text(struct nw_text *text, const struct nw_cell *cell)
{
	char *words = nw_text_spans(text, cell->spans, cell->span_count), *at;

	for (at = words; *at; at++)
		if (*at == '\n')
			*at = ' ';
	return words;
}

static size_t capped_cells(const struct nw_row *row)
{
	return row->cell_count < NW_TABLE_COLUMNS ? row->cell_count :
						    NW_TABLE_COLUMNS;
}

static void measure(struct grid *grid, const struct nw_table *table)
{
	const struct nw_row *first = &table->rows[0];
	size_t i;

	grid->rows = table->row_count < NW_TABLE_ROWS ? table->row_count :
							NW_TABLE_ROWS;
	for (i = 0; i < grid->rows; i++)
		if (capped_cells(&table->rows[i]) > grid->columns)
			grid->columns = capped_cells(&table->rows[i]);
	grid->has_header = grid->rows > 1 && first->cell_count;
	for (i = 0; i < first->cell_count; i++)
		if (!first->cells[i].header)
			grid->has_header = false;
}

static const char **cell_at(const struct grid *grid, size_t y, size_t x)
{
	return &grid->cells[y * grid->columns + x];
}

static void fill(struct nw_text *text, struct grid *grid,
		 const struct nw_table *table)
{
	size_t y, x, width;

	grid->cells = nw_arena_alloc(text->arena, grid->rows * grid->columns *
							  sizeof(*grid->cells));
	for (y = 0; y < grid->rows; y++)
		for (x = 0; x < grid->columns; x++) {
			const struct nw_row *row = &table->rows[y];
			const char *words = "";

			if (x < row->cell_count)
				words = cell_text(text, &row->cells[x]);
			*cell_at(grid, y, x) = words;
			width = nw_utf8_width(words, strlen(words));
			if (width > grid->widths[x])
				grid->widths[x] = width;
		}
}

static void add_padded(struct nw_buf *line, const char *words, size_t width)
{
	size_t has = nw_utf8_width(words, strlen(words));

	nw_buf_adds(line, words);
	nw_buf_addf(line, "%*s", (int)(width - has), "");
}

static void put_row(struct nw_text *text, const struct grid *grid, size_t y,
		    unsigned quote)
{
	struct nw_buf line;
	size_t x;

	nw_buf_init(&line, NW_STORY_TEXT_BYTES);
	for (x = 0; x < grid->columns; x++) {
		nw_buf_adds(&line, x ? GUTTER : "");
		add_padded(&line, *cell_at(grid, y, x), grid->widths[x]);
	}
	nw_flow_fixed(&text->flow, quote, line.data, line.len);
	nw_buf_free(&line);
}

static void put_underline(struct nw_text *text, const struct grid *grid,
			  unsigned quote)
{
	char line[NW_TEXT_COLUMNS + 1];
	size_t x, at = 0;

	for (x = 0; x < grid->columns; x++) {
		if (x)
			at += strlen(GUTTER);
		at += grid->widths[x];
	}
	memset(line, '-', at);
	at = 0;
	for (x = 0; x + 1 < grid->columns; x++) {
		at += grid->widths[x];
		memset(line + at, ' ', strlen(GUTTER));
		at += strlen(GUTTER);
	}
	nw_flow_fixed(&text->flow, quote, line, at + grid->widths[x]);
}

static void put_aligned(struct nw_text *text, const struct grid *grid,
			unsigned quote)
{
	size_t y;

	for (y = 0; y < grid->rows; y++) {
		put_row(text, grid, y, quote);
		if (!y && grid->has_header)
			put_underline(text, grid, quote);
	}
}

/* "Heading: cell", a line each. */
static void put_record(struct nw_text *text, const struct grid *grid,
		       size_t y, unsigned quote)
{
	const char *heading, *words;
	size_t x;

	for (x = 0; x < grid->columns; x++) {
		heading = *cell_at(grid, 0, x);
		words = *cell_at(grid, y, x);
		if (!*words)
			continue;
		if (*heading)
			words = nw_arena_printf(text->arena, "%s: %s", heading,
						words);
		nw_flow_paragraph(&text->flow, quote, words, strlen(words));
	}
}

static void put_joined(struct nw_text *text, const struct grid *grid,
		       size_t y, unsigned quote)
{
	struct nw_buf line;
	size_t x;

	nw_buf_init(&line, NW_STORY_TEXT_BYTES);
	for (x = 0; x < grid->columns; x++) {
		nw_buf_adds(&line, x ? DIVIDER : "");
		nw_buf_adds(&line, *cell_at(grid, y, x));
	}
	nw_flow_paragraph(&text->flow, quote, line.data, line.len);
	nw_buf_free(&line);
}

static void put_narrow(struct nw_text *text, const struct grid *grid,
		       unsigned quote)
{
	size_t y;

	for (y = grid->has_header; y < grid->rows; y++) {
		if (!grid->has_header) {
			put_joined(text, grid, y, quote);
			continue;
		}
		if (y > 1)
			nw_flow_blank(&text->flow, quote);
		put_record(text, grid, y, quote);
	}
}

void nw_text_table(struct nw_text *text, const struct nw_block *block)
{
	struct grid grid = { NULL, 0, 0, { 0 }, false };
	size_t width = 0, x;

	measure(&grid, block->table);
	if (!grid.columns)
		return;
	fill(text, &grid, block->table);
	for (x = 0; x < grid.columns; x++)
		width += grid.widths[x] + (x ? strlen(GUTTER) : 0);
	if (width + 2 * NW_BLOCK_QUOTE_DEPTH <= NW_TEXT_COLUMNS ||
	    (!block->quote && width <= NW_TEXT_COLUMNS))
		put_aligned(text, &grid, block->quote);
	else
		put_narrow(text, &grid, block->quote);
}
