/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"

#include "hypertext_private.h"

/* The element of each style, the outermost first. */
static const struct {
	unsigned style;
	const char *open, *close;
} styles[] = {
	{ NW_SPAN_DELETED, "<del>", "</del>" },
	{ NW_SPAN_INSERTED, "<ins>", "</ins>" },
	{ NW_SPAN_STRONG, "<strong>", "</strong>" },
	{ NW_SPAN_EMPHASIS, "<em>", "</em>" },
	{ NW_SPAN_SUB, "<sub>", "</sub>" },
	{ NW_SPAN_SUPER, "<sup>", "</sup>" },
	{ NW_SPAN_CODE, "<code>", "</code>" },
};

#define STYLES (sizeof(styles) / sizeof(*styles))

/* A list that is open, with the number of its last item. */
struct list {
	bool ordered;
	int ordinal;
};

/* The elements around the next block. */
struct nest {
	struct nw_hyper *html;
	unsigned quote;
	struct list lists[NW_BLOCK_LIST_DEPTH];
	unsigned depth;		/* of lists; each has an open item */
};

static void put_span(struct nw_hyper *html, const struct nw_span *span)
{
	size_t i;

	for (i = 0; i < STYLES; i++)
		if (span->style & styles[i].style)
			nw_hyper_adds(html, styles[i].open);
	nw_hyper_text(html, span->text);
	for (i = STYLES; i-- > 0;)
		if (span->style & styles[i].style)
			nw_hyper_adds(html, styles[i].close);
}

/* Adjacent spans of one link are one link. */
static void put_spans(struct nw_hyper *html, const struct nw_span *spans,
		      size_t count)
{
	const char *open = NULL, *href;
	size_t i;

	for (i = 0; i < count; i++) {
		if (!spans[i].text || !*spans[i].text)
			continue;
		href = spans[i].href;
		if (open && !(href && !strcmp(open, href))) {
			nw_hyper_adds(html, "</a>");
			open = NULL;
		}
		if (href && !open && nw_hyper_open_link(html, href))
			open = href;
		put_span(html, &spans[i]);
	}
	if (open)
		nw_hyper_adds(html, "</a>");
}

static void close_list(struct nest *nest)
{
	nest->depth--;
	nw_hyper_adds(nest->html, nest->lists[nest->depth].ordered ?
					 "</li>\n</ol>\n" :
					 "</li>\n</ul>\n");
}

static void close_lists(struct nest *nest, unsigned depth)
{
	while (nest->depth > depth)
		close_list(nest);
}

/* Opens or closes block quotes; a list never reaches over their edges. */
static void set_quote(struct nest *nest, unsigned quote)
{
	if (quote > NW_BLOCK_QUOTE_DEPTH)
		quote = NW_BLOCK_QUOTE_DEPTH;
	if (quote == nest->quote)
		return;
	close_lists(nest, 0);
	for (; nest->quote < quote; nest->quote++)
		nw_hyper_adds(nest->html, "<blockquote>\n");
	for (; nest->quote > quote; nest->quote--)
		nw_hyper_adds(nest->html, "</blockquote>\n");
}

static void put_number(struct nw_hyper *html, const char *before, int number,
		       const char *behind)
{
	nw_hyper_adds(html, nw_arena_printf(html->arena, "%s%d%s", before,
					   number, behind));
}

static void open_list(struct nest *nest, int ordinal)
{
	struct list *list = &nest->lists[nest->depth++];

	*list = (struct list){ ordinal != 0, ordinal };
	if (!ordinal)
		nw_hyper_adds(nest->html, "<ul>\n<li>");
	else if (ordinal == 1)
		nw_hyper_adds(nest->html, "<ol>\n<li>");
	else
		put_number(nest->html, "<ol start=\"", ordinal, "\">\n<li>");
}

static void next_item(struct nest *nest, int ordinal)
{
	struct list *list = &nest->lists[nest->depth - 1];

	nw_hyper_adds(nest->html, "</li>\n");
	if (ordinal && list->ordinal != ordinal - 1)
		put_number(nest->html, "<li value=\"", ordinal, "\">");
	else
		nw_hyper_adds(nest->html, "<li>");
	list->ordinal = ordinal;
}

/* The item that the block is; lists around it that no item of their own
 * opened are made, as a flat body may skip a level. */
static void begin_item(struct nest *nest, const struct nw_block *block)
{
	unsigned level = block->level ? block->level : 1;

	if (level > NW_BLOCK_LIST_DEPTH)
		level = NW_BLOCK_LIST_DEPTH;
	close_lists(nest, level);
	if (nest->depth == level &&
	    nest->lists[level - 1].ordered != (block->ordinal != 0))
		close_list(nest);
	if (nest->depth == level) {
		next_item(nest, block->ordinal);
		return;
	}
	while (nest->depth < level - 1)
		open_list(nest, 0);
	open_list(nest, block->ordinal);
}

static void put_wrapped(struct nw_hyper *html, const struct nw_block *block,
			const char *open, const char *close)
{
	nw_hyper_adds(html, open);
	put_spans(html, block->spans, block->span_count);
	nw_hyper_adds(html, close);
}

static void put_heading(struct nw_hyper *html, const struct nw_block *block)
{
	int level = block->level < 2 ? 2 : block->level > 6 ? 6 :
							(int)block->level;

	put_number(html, "<h", level, ">");
	put_spans(html, block->spans, block->span_count);
	put_number(html, "</h", level, ">\n");
}

static void put_code(struct nw_hyper *html, const struct nw_block *block)
{
	html->preformatted = true;
	put_wrapped(html, block, "<pre><code>", "</code></pre>\n");
	html->preformatted = false;
}

static void put_row(struct nw_hyper *html, const struct nw_row *row)
{
	size_t i;

	nw_hyper_adds(html, "<tr>");
	for (i = 0; i < row->cell_count && i < NW_TABLE_COLUMNS; i++) {
		const struct nw_cell *cell = &row->cells[i];

		nw_hyper_adds(html, cell->header ? "<th>" : "<td>");
		put_spans(html, cell->spans, cell->span_count);
		nw_hyper_adds(html, cell->header ? "</th>\n" : "</td>\n");
	}
	nw_hyper_adds(html, "</tr>\n");
}

static void put_table(struct nw_hyper *html, const struct nw_table *table)
{
	size_t i;

	if (!table)
		return;
	nw_hyper_adds(html, "<table>\n");
	for (i = 0; i < table->row_count && i < NW_TABLE_ROWS; i++)
		put_row(html, &table->rows[i]);
	nw_hyper_adds(html, "</table>\n");
}

static void put_credit(struct nw_hyper *html, const char *credit,
		       const char *before)
{
	if (!credit)
		return;
	nw_hyper_adds(html, before);
	nw_hyper_adds(html, "(");
	nw_hyper_text(html, credit);
	nw_hyper_adds(html, ")");
}

/* The picture itself, which is a part of the message (RFC 2392). */
static void put_picture(struct nw_hyper *html, const struct nw_image *image,
			const struct nw_attachment *attachment)
{
	nw_hyper_adds(html, "<figure><img\nsrc=\"cid:");
	nw_hyper_text(html, attachment->cid);
	nw_hyper_adds(html, "\"\nalt=\"");
	nw_hyper_text(html, image->alt ? image->alt : "");
	nw_hyper_adds(html, nw_arena_printf(
		html->arena,
		"\" width=\"%d\" height=\"%d\"\n"
		"style=\"max-width:100%%;height:auto\">",
		attachment->picture->width, attachment->picture->height));
	if (image->caption || image->credit) {
		nw_hyper_adds(html, "\n<figcaption>");
		nw_hyper_text(html, image->caption ? image->caption : "");
		put_credit(html, image->credit, image->caption ? " " : "");
		nw_hyper_adds(html, "</figcaption>");
	}
	nw_hyper_adds(html, "</figure>\n");
}

/* In words: the picture itself would have to be fetched. */
static void put_words(struct nw_hyper *html, const struct nw_image *image)
{
	const char *words = image->caption ? image->caption : image->alt;

	if (!html->attachments->linked && !words && !image->credit)
		return;
	nw_hyper_adds(html, "<figure>[");
	if (html->attachments->linked)
		nw_hyper_link(html, image->url, "image");
	else
		nw_hyper_adds(html, "image");
	nw_hyper_adds(html, "]");
	if (words) {
		nw_hyper_adds(html, " ");
		nw_hyper_text(html, words);
	}
	put_credit(html, image->credit, " ");
	nw_hyper_adds(html, "</figure>\n");
}

static void put_image(struct nw_hyper *html, const struct nw_image *image)
{
	const struct nw_attachment *attachment;

	if (!image)
		return;
	attachment = nw_attachment_find(html->attachments, image);
	if (attachment)
		put_picture(html, image, attachment);
	else
		put_words(html, image);
}

static void put_embed(struct nw_hyper *html, const struct nw_embed *embed)
{
	nw_hyper_adds(html, "<p>");
	nw_hyper_link(html, embed->url, embed->title);
	nw_hyper_adds(html, "</p>\n");
}

static void put_block(struct nw_hyper *html, const struct nw_block *block)
{
	switch (block->kind) {
	case NW_BLOCK_HEADING:
		put_heading(html, block);
		break;
	case NW_BLOCK_ITEM:
		put_spans(html, block->spans, block->span_count);
		break;
	case NW_BLOCK_CODE:
		put_code(html, block);
		break;
	case NW_BLOCK_TABLE:
		put_table(html, block->table);
		break;
	case NW_BLOCK_IMAGE:
		put_image(html, block->image);
		break;
	case NW_BLOCK_EMBED:
		put_embed(html, &block->embed);
		break;
	case NW_BLOCK_RULE:
		nw_hyper_adds(html, "<hr>\n");
		break;
	default:
		put_wrapped(html, block, "<p>", "</p>\n");
	}
}

void nw_hyper_body(struct nw_hyper *html, const struct nw_body *body)
{
	struct nest nest = { .html = html };
	size_t i;

	for (i = 0; i < body->count; i++) {
		const struct nw_block *block = &body->blocks[i];
		bool heading = block->kind == NW_BLOCK_HEADING;

		set_quote(&nest, block->quote);
		if (block->kind == NW_BLOCK_ITEM)
			begin_item(&nest, block);
		else
			close_lists(&nest, heading ? 0 : block->level);
		put_block(html, block);
	}
	close_lists(&nest, 0);
	set_quote(&nest, 0);
}
