/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/url.h"
#include "html_private.h"

/* What is done when an element of a treatment opens: read takes the element
 * with all that is in it, unless it returns false; enter changes the state for
 * what is in it. */
struct treatment {
	bool boundary; /* blocks end before it and after it */
	bool (*read)(struct nw_html_reader *reader, const xmlNode *node);
	void (*enter)(struct nw_html_reader *reader, const xmlNode *node,
		      unsigned value);
};

static bool drop(struct nw_html_reader *reader, const xmlNode *node)
{
	(void)reader;
	(void)node;
	return true;
}

static bool read_break(struct nw_html_reader *reader, const xmlNode *node)
{
	(void)node;
	nw_html_break(reader);
	return true;
}

static bool read_rule(struct nw_html_reader *reader, const xmlNode *node)
{
	struct nw_block block = { .kind = NW_BLOCK_RULE };

	(void)node;
	if (reader->mode == NW_HTML_BLOCKS)
		nw_html_add_block(reader, &block);
	return true;
}

static bool read_image(struct nw_html_reader *reader, const xmlNode *node)
{
	nw_html_read_image(reader, node);
	return true;
}

static bool read_code(struct nw_html_reader *reader, const xmlNode *node)
{
	if (reader->mode != NW_HTML_BLOCKS)
		return false;
	nw_html_read_code(reader, node);
	return true;
}

static bool read_block(struct nw_html_reader *reader, const xmlNode *node)
{
	return nw_html_placeholder(reader, node) ||
	       nw_html_figure(reader, node);
}

/* The picture that is shown without scripts stands for one that only they
 * can show; otherwise it is the same picture again. */
static bool read_noscript(struct nw_html_reader *reader, const xmlNode *node)
{
	const xmlNode *image = nw_dom_find(node, "img");
	const xmlNode *before = node->prev;

	while (before && before->type != XML_ELEMENT_NODE)
		before = before->prev;
	if (image && (reader->lazy || !before || !nw_html_has_image(before)))
		nw_html_read_image(reader, image);
	return true;
}

/* The text in paragraphs below a form, of which old sites make one around
 * the whole page. */
static bool read_form(struct nw_html_reader *reader, const xmlNode *top)
{
	enum { LOOKS = 5000, ENOUGH_BYTES = 400 };
	const xmlNode *node = top;
	size_t looks, bytes = 0;

	(void)reader;
	for (looks = 0; node && looks < LOOKS && bytes < ENOUGH_BYTES;
	     looks++) {
		if (node->type == XML_TEXT_NODE && node->content &&
		    node->parent && nw_dom_is(node->parent, "p"))
			bytes += strlen((const char *)node->content);
		node = nw_dom_next(node, top, nw_dom_is_hidden(node));
	}
	return bytes < ENOUGH_BYTES;
}

static void enter_heading(struct nw_html_reader *reader, const xmlNode *node,
			  unsigned value)
{
	(void)node;
	if (reader->item)
		reader->state.style |= NW_SPAN_STRONG;
	else
		reader->state.heading = value;
}

static void enter_style(struct nw_html_reader *reader, const xmlNode *node,
			unsigned value)
{
	(void)node;
	reader->state.style |= value;
}

static void enter_link(struct nw_html_reader *reader, const xmlNode *node,
		       unsigned value)
{
	const char *href = nw_dom_attr(node, "href");

	(void)value;
	if (!href || reader->mode == NW_HTML_LINE)
		return;
	reader->state.href =
		nw_url_resolve(reader->arena, reader->options->base, href);
}

static void enter_quote(struct nw_html_reader *reader, const xmlNode *node,
			unsigned value)
{
	(void)node;
	(void)value;
	if (reader->state.quote < NW_BLOCK_QUOTE_DEPTH)
		reader->state.quote++;
}

static void enter_quoted(struct nw_html_reader *reader, const xmlNode *node,
			 unsigned value)
{
	(void)node;
	(void)value;
	nw_html_text(reader, "\u201c");
}

static void enter_ruby(struct nw_html_reader *reader, const xmlNode *node,
		       unsigned value)
{
	(void)node;
	(void)value;
	nw_html_text(reader, "(");
}

static void enter_list(struct nw_html_reader *reader, const xmlNode *node,
		       unsigned value)
{
	bool down = nw_dom_attr(node, "reversed") != NULL;
	int start = nw_html_number(node, "start");

	if (start < 0)
		start = down ? (int)xmlChildElementCount((xmlNode *)node) : 1;
	if (reader->state.list < NW_BLOCK_LIST_DEPTH)
		reader->state.list++;
	reader->state.ordered = value;
	reader->state.ordinal = start;
	reader->state.step = down ? -1 : 1;
}

static void enter_item(struct nw_html_reader *reader, const xmlNode *node,
		       unsigned value)
{
	(void)node;
	(void)value;
	if (!reader->state.list)
		reader->state.list = 1;
	reader->item = reader->mode == NW_HTML_BLOCKS;
	reader->item_ordinal =
		reader->state.ordered ? reader->state.ordinal : 0;
}

static const struct treatment treatments[NW_HTML_TREATMENTS] = {
	[NW_HTML_DROP] = { false, drop, NULL },
	[NW_HTML_BLOCK] = { true, read_block, NULL },
	[NW_HTML_HEADING] = { true, NULL, enter_heading },
	[NW_HTML_STYLE] = { false, NULL, enter_style },
	[NW_HTML_LINK] = { false, NULL, enter_link },
	[NW_HTML_BREAK] = { false, read_break, NULL },
	[NW_HTML_RULE] = { true, read_rule, NULL },
	[NW_HTML_QUOTE] = { true, nw_html_embed, enter_quote },
	[NW_HTML_QUOTED] = { false, NULL, enter_quoted },
	[NW_HTML_RUBY] = { false, NULL, enter_ruby },
	[NW_HTML_LIST] = { true, NULL, enter_list },
	[NW_HTML_ITEM] = { true, NULL, enter_item },
	[NW_HTML_PRE] = { true, read_code, NULL },
	[NW_HTML_TABLE] = { true, nw_html_table, NULL },
	[NW_HTML_FORM] = { true, read_form, NULL },
	[NW_HTML_FIGURE] = { true, nw_html_figure, NULL },
	[NW_HTML_IMAGE] = { false, read_image, NULL },
	[NW_HTML_PICTURE] = { false, NULL, NULL },
	[NW_HTML_NOSCRIPT] = { false, read_noscript, NULL },
	[NW_HTML_EMBED] = { false, nw_html_embed, NULL },
	[NW_HTML_SLOT] = { true, nw_html_placeholder, NULL },
};

/* The next number of a list, at an item that may say its own. */
static void count_item(struct nw_html_reader *reader, const xmlNode *node)
{
	int value = nw_html_number(node, "value");

	if (value >= 0)
		reader->state.ordinal = value;
}

static void push(struct nw_html_reader *reader, const xmlNode *node,
		 const struct nw_html_element *element)
{
	if (element->treatment == NW_HTML_ITEM)
		count_item(reader, node);
	if (reader->depth++ >= NW_PAGE_DEPTH)
		return;
	nw_buf_add(&reader->states, &reader->state, sizeof(reader->state));
	reader->state.treatment = element->treatment;
	if (treatments[element->treatment].enter)
		treatments[element->treatment].enter(reader, node,
						     element->value);
}

static void pop(struct nw_html_reader *reader)
{
	bool item = reader->state.treatment == NW_HTML_ITEM;
	size_t len;

	if (--reader->depth >= NW_PAGE_DEPTH)
		return;
	len = reader->states.len - sizeof(reader->state);
	memcpy(&reader->state, reader->states.data + len,
	       sizeof(reader->state));
	nw_buf_cut(&reader->states, len);
	if (item) {
		reader->item = false;
		reader->state.ordinal += reader->state.step;
	}
}

/* A mark that only is read out (": ") parts what is seen around it. */
static bool is_mark(const xmlNode *node)
{
	const xmlNode *text = node->children;
	const char *at;

	if (!text || text->next || text->type != XML_TEXT_NODE)
		return false;
	for (at = (const char *)text->content; *at; at++)
		if (!strchr(" :;,.-|", *at))
			return false;
	return true;
}

/* Whether the walk goes into the node. */
static bool open_node(struct nw_html_reader *reader, const xmlNode *node)
{
	const struct nw_html_options *options = reader->options;
	const struct nw_html_element *element;
	const struct treatment *treatment;

	if (node->type == XML_TEXT_NODE && node->content)
		nw_html_text(reader, (const char *)node->content);
	if (node->type != XML_ELEMENT_NODE)
		return false;
	if ((options->skip && options->skip(node, options->context)) ||
	    nw_html_is_unseen(node)) {
		reader->space = reader->space || is_mark(node);
		return false;
	}
	element = nw_html_element(node);
	treatment = &treatments[element->treatment];
	if (treatment->boundary)
		nw_html_flush(reader);
	if (element->treatment == NW_HTML_APART)
		reader->space = true;
	if (treatment->read && treatment->read(reader, node))
		return false;
	push(reader, node, element);
	return true;
}

static void close_node(struct nw_html_reader *reader, const xmlNode *node)
{
	enum nw_html_treatment treatment = nw_html_element(node)->treatment;

	if (treatments[treatment].boundary)
		nw_html_flush(reader);
	else if (treatment == NW_HTML_QUOTED)
		nw_html_text(reader, "\u201d");
	else if (treatment == NW_HTML_RUBY)
		nw_html_text(reader, ")");
	else if (treatment == NW_HTML_APART)
		reader->space = true;
	pop(reader);
}

void nw_html_walk(struct nw_html_reader *reader, const xmlNode *top)
{
	const xmlNode *node = top->children;

	while (node && !reader->refused) {
		bool open = open_node(reader, node);

		if (open && node->children) {
			node = node->children;
			continue;
		}
		if (open)
			close_node(reader, node);
		while (!node->next) {
			node = node->parent;
			if (node == top)
				return;
			close_node(reader, node);
		}
		node = node->next;
	}
}

void nw_html_reader_init(struct nw_html_reader *reader, struct nw_arena *arena,
			 const struct nw_html_options *options,
			 enum nw_html_mode mode)
{
	memset(reader, 0, sizeof(*reader));
	reader->arena = arena;
	reader->options = options;
	reader->work = options->work ? options->work : &reader->own;
	reader->mode = mode;
	nw_buf_init(&reader->states, NW_PAGE_DEPTH * sizeof(reader->state));
	nw_buf_init(&reader->text, NW_STORY_TEXT_BYTES);
	nw_buf_init(&reader->runs, NW_STORY_TEXT_BYTES);
}

void nw_html_reader_free(struct nw_html_reader *reader)
{
	nw_buf_free(&reader->states);
	nw_buf_free(&reader->text);
	nw_buf_free(&reader->runs);
}
