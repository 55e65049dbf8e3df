/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/limits.h"
#include "html_private.h"

/* Bytes of text in a cell beyond which it holds an article, not a value. */
enum { CELL_BYTES = 1200 };

/* What a look over a table found. */
struct survey {
	size_t rows;
	size_t columns;	   /* of the widest row */
	size_t cells;	   /* of the row at hand */
	size_t bytes;	   /* of text in the cell at hand */
	size_t paragraphs; /* in the cell at hand */
	bool layout;	   /* it only puts things beside each other */
};

static bool is_cell(const xmlNode *node)
{
	return nw_dom_is(node, "td") || nw_dom_is(node, "th");
}

static void note(struct survey *survey, const xmlNode *node)
{
	if (nw_dom_is(node, "tr")) {
		survey->rows++;
		survey->cells = 0;
		return;
	}
	if (is_cell(node)) {
		survey->bytes = survey->paragraphs = 0;
		if (++survey->cells > survey->columns)
			survey->columns = survey->cells;
		return;
	}
	switch (nw_html_element(node)->treatment) {
	case NW_HTML_TABLE:
	case NW_HTML_FIGURE:
	case NW_HTML_HEADING:
	case NW_HTML_LIST:
	case NW_HTML_PRE:
	case NW_HTML_QUOTE:
	case NW_HTML_EMBED:
	case NW_HTML_FORM:
		survey->layout = true;
		break;
	default:
		if (nw_dom_is(node, "p") && ++survey->paragraphs > 2)
			survey->layout = true;
		break;
	}
}

/* Whether a table has rows and columns of values.  Others put text, pictures
 * or whole pages beside each other, and are read as what is in them. */
static bool is_data(struct nw_html_reader *reader, const xmlNode *table)
{
	const xmlNode *node = nw_dom_next(table, table, false);
	const char *role = nw_dom_attr(table, "role");
	struct survey survey = { 0 };

	if (role &&
	    (!strcasecmp(role, "presentation") || !strcasecmp(role, "none")))
		return false;
	while (node && !survey.layout) {
		bool hidden = nw_dom_is_hidden(node);

		(void)nw_work_pay(reader->work, 1);
		if (node->type == XML_ELEMENT_NODE)
			note(&survey, node);
		else if (!hidden && node->content)
			survey.bytes += strlen((const char *)node->content);
		if (survey.bytes > CELL_BYTES)
			survey.layout = true;
		node = nw_dom_next(node, table, hidden);
	}
	return !survey.layout && survey.rows > 1 && survey.columns > 1;
}

/* A table that is being built; carry has for each column the rows that a
 * cell above still covers. */
struct builder {
	struct nw_html_reader *reader;
	struct nw_table *table;
	int carry[NW_TABLE_COLUMNS];
};

static struct nw_cell *add_cell(struct builder *builder, struct nw_row *row)
{
	row->cells = nw_arena_grow(builder->reader->arena, row->cells,
				   row->cell_count, sizeof(*row->cells));
	return &row->cells[row->cell_count++];
}

/* Leaves places free that cells of earlier rows reach into. */
static void skip_covered(struct builder *builder, struct nw_row *row)
{
	while (row->cell_count < NW_TABLE_COLUMNS &&
	       builder->carry[row->cell_count] > 0) {
		builder->carry[row->cell_count]--;
		add_cell(builder, row);
	}
}

static void read_spans(struct builder *builder, const xmlNode *node,
		       struct nw_cell *cell)
{
	struct nw_html_reader *outer = builder->reader;
	struct nw_html_reader inner;
	size_t i;

	nw_html_reader_init(&inner, outer->arena, outer->options, NW_HTML_CELL);
	inner.images = outer->images;
	nw_html_walk(&inner, node);
	outer->text_bytes += inner.text.len;
	if (outer->text_bytes > NW_STORY_TEXT_BYTES)
		outer->refused = "too much text";
	cell->spans = nw_html_take_spans(&inner, &cell->span_count);
	outer->images = inner.images;
	for (i = 0; i < inner.queue.count; i++)
		nw_html_queue(outer, &inner.queue.blocks[i]);
	nw_html_reader_free(&inner);
}

static void read_cell(struct builder *builder, const xmlNode *node,
		      struct nw_row *row)
{
	int across = nw_html_number(node, "colspan");
	int down = nw_html_number(node, "rowspan");
	struct nw_cell cell = { .header = nw_dom_is(node, "th") };
	bool first = true;

	skip_covered(builder, row);
	if (row->cell_count >= NW_TABLE_COLUMNS)
		return;
	if (!nw_html_is_unseen(node))
		read_spans(builder, node, &cell);
	do {
		builder->carry[row->cell_count] = down > 1 ? down - 1 : 0;
		*add_cell(builder, row) =
			first ? cell
			      : (struct nw_cell) { .header = cell.header };
		first = false;
	} while (--across > 0 && row->cell_count < NW_TABLE_COLUMNS);
}

static bool is_empty(const struct nw_row *row)
{
	size_t i;

	for (i = 0; i < row->cell_count; i++)
		if (row->cells[i].span_count)
			return false;
	return true;
}

static void read_row(struct builder *builder, const xmlNode *node)
{
	struct nw_table *table = builder->table;
	const xmlNode *child;
	struct nw_row row = { .cells = NULL };

	for (child = node->children; child; child = child->next)
		if (is_cell(child))
			read_cell(builder, child, &row);
	skip_covered(builder, &row);
	if (is_empty(&row))
		return;
	table->rows = nw_arena_grow(builder->reader->arena, table->rows,
				    table->row_count, sizeof(*table->rows));
	table->rows[table->row_count++] = row;
}

/* The caption stands before the table, as a paragraph. */
static void read_caption(struct nw_html_reader *reader, const xmlNode *node)
{
	nw_html_walk(reader, node);
	nw_html_flush(reader);
}

bool nw_html_table(struct nw_html_reader *reader, const xmlNode *node)
{
	struct nw_block block = { .kind = NW_BLOCK_TABLE };
	struct builder builder = { .reader = reader };
	const xmlNode *at = nw_dom_next(node, node, false);

	if (reader->mode != NW_HTML_BLOCKS || !is_data(reader, node))
		return false;
	builder.table = nw_arena_alloc(reader->arena, sizeof(*builder.table));
	while (at && !reader->refused) {
		bool row = nw_dom_is(at, "tr");
		bool done = row || nw_dom_is(at, "caption");

		if (row && builder.table->row_count < NW_TABLE_ROWS &&
		    !nw_html_is_unseen(at))
			read_row(&builder, at);
		else if (done && !row)
			read_caption(reader, at);
		at = nw_dom_next(at, node, done);
	}
	block.table = builder.table;
	if (builder.table->row_count)
		nw_html_add_block(reader, &block);
	nw_html_flush(reader);
	return true;
}
