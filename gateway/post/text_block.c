/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"

#include "post_private.h"

#define RULE "* * *"
#define UNDERLINE_MIN 3	/* two dashes could be read as a signature line */

/* Digits and signs as superscripts and subscripts, in the order of that
 * string. */
static const char script_chars[] = "0123456789+-";
static const char *const superscripts[] = {
	"\xe2\x81\xb0", "\xc2\xb9",	"\xc2\xb2",	"\xc2\xb3",
	"\xe2\x81\xb4", "\xe2\x81\xb5", "\xe2\x81\xb6", "\xe2\x81\xb7",
	"\xe2\x81\xb8", "\xe2\x81\xb9", "\xe2\x81\xba", "\xe2\x81\xbb",
};
static const char *const subscripts[] = {
	"\xe2\x82\x80", "\xe2\x82\x81", "\xe2\x82\x82", "\xe2\x82\x83",
	"\xe2\x82\x84", "\xe2\x82\x85", "\xe2\x82\x86", "\xe2\x82\x87",
	"\xe2\x82\x88", "\xe2\x82\x89", "\xe2\x82\x8a", "\xe2\x82\x8b",
};

static bool has_scripts(const char *text)
{
	return *text && !text[strspn(text, script_chars)];
}

static void add_scripts(struct nw_buf *out, const char *text,
			const char *const *scripts)
{
	const char *found;

	for (; *text; text++) {
		found = strchr(script_chars, *text);
		nw_buf_adds(out, scripts[found - script_chars]);
	}
}

static void add_span(struct nw_buf *out, const struct nw_span *span)
{
	const char *text = span->text ? span->text : "";

	if (span->style & NW_SPAN_DELETED)
		nw_buf_adds(out, "[-");
	if (span->style & NW_SPAN_INSERTED)
		nw_buf_adds(out, "[+");
	if (span->style & NW_SPAN_SUPER && has_scripts(text))
		add_scripts(out, text, superscripts);
	else if (span->style & NW_SPAN_SUB && has_scripts(text))
		add_scripts(out, text, subscripts);
	else
		nw_buf_adds(out, text);
	if (span->style & NW_SPAN_INSERTED)
		nw_buf_adds(out, "+]");
	if (span->style & NW_SPAN_DELETED)
		nw_buf_adds(out, "-]");
}

static bool same_link(const struct nw_span *a, const struct nw_span *b)
{
	return a->href && b->href && !strcmp(a->href, b->href);
}

/* The number behind the words of a link that began at start. */
static void add_number(struct nw_text *text, struct nw_buf *out, size_t start,
		       const char *href)
{
	size_t end = out->len;
	const char *url = nw_post_href(text->arena, href, text->own);

	while (end > start && out->data[end - 1] == ' ')
		end--;
	if (!url || end == start ||
	    nw_post_says_address(out->data + start, end - start, url))
		return;
	start = out->len - end;
	nw_buf_cut(out, end);
	nw_buf_addf(out, " [%zu]%s", nw_links_number(&text->links, url),
		    start ? " " : "");
}

char *nw_text_spans(struct nw_text *text, const struct nw_span *spans,
		    size_t count)
{
	struct nw_buf out;
	size_t i, start = 0;
	char *copy;

	nw_buf_init(&out, 2 * NW_STORY_TEXT_BYTES);
	for (i = 0; i < count; i++) {
		if (!i || !same_link(&spans[i - 1], &spans[i]))
			start = out.len;
		add_span(&out, &spans[i]);
		if (spans[i].href &&
		    (i + 1 == count || !same_link(&spans[i], &spans[i + 1])))
			add_number(text, &out, start, spans[i].href);
	}
	copy = nw_arena_strndup(text->arena, out.data, out.len);
	nw_buf_free(&out);
	return copy;
}

static void put(struct nw_text *text, unsigned quote, const char *string)
{
	nw_flow_paragraph(&text->flow, quote, string, strlen(string));
}

/* A blank line above, unless nothing is there or one item follows another. */
static void separate(struct nw_text *text, const struct nw_block *block)
{
	const struct nw_block *before = text->before;
	unsigned quote = 0;

	text->before = block;
	if (!text->begun) {
		text->begun = true;
		return;
	}
	if (before && block) {
		quote = before->quote < block->quote ? before->quote :
						       block->quote;
		if (before->kind == NW_BLOCK_ITEM &&
		    block->kind == NW_BLOCK_ITEM &&
		    before->quote == block->quote)
			return;
	}
	nw_flow_blank(&text->flow, quote);
}

void nw_text_line(struct nw_text *text, const char *line)
{
	separate(text, NULL);
	put(text, 0, line);
}

char *nw_text_link(struct nw_text *text, const char *title, const char *url)
{
	const struct nw_span span = { .text = title, .href = url };
	const char *href = nw_post_href(text->arena, url, text->own);
	struct nw_span named = span;

	if (!title && href)
		named.text = nw_post_link_name(text->arena, href);
	return nw_text_spans(text, &named, 1);
}

static void put_heading(struct nw_text *text, const struct nw_block *block)
{
	const char *words = nw_text_spans(text, block->spans,
					  block->span_count);
	size_t width = nw_utf8_width(words, strlen(words)), most, i;
	char line[NW_TEXT_COLUMNS];

	most = NW_TEXT_COLUMNS - 2 * NW_BLOCK_QUOTE_DEPTH;
	if (width > most)
		width = most;
	if (width < UNDERLINE_MIN)
		width = UNDERLINE_MIN;
	for (i = 0; i < width; i++)
		line[i] = block->level <= 2 ? '=' : '-';
	put(text, block->quote, words);
	nw_flow_fixed(&text->flow, block->quote, line, width);
}

static void put_item(struct nw_text *text, const struct nw_block *block)
{
	unsigned depth = block->level ? block->level - 1 : 0;
	const char *words = nw_text_spans(text, block->spans,
					  block->span_count);

	if (depth >= NW_BLOCK_LIST_DEPTH)
		depth = NW_BLOCK_LIST_DEPTH - 1;
	if (block->ordinal)
		words = nw_arena_printf(text->arena, "%*s%d. %s",
					(int)(2 * depth), "", block->ordinal,
					words);
	else
		words = nw_arena_printf(text->arena, "%*s* %s",
					(int)(2 * depth), "", words);
	put(text, block->quote, words);
}

static void put_code(struct nw_text *text, const struct nw_block *block)
{
	const char *code = nw_spans_text(text->arena, block->spans,
					 block->span_count);
	size_t len;

	for (;; code += len + 1) {
		len = strcspn(code, "\n");
		nw_flow_fixed(&text->flow, block->quote, code, len);
		if (!code[len] || !code[len + 1])
			break;
	}
}

static const char *image_words(const struct nw_image *image)
{
	return image->caption ? image->caption : image->alt;
}

static bool is_cut(const struct nw_text *text,
		   const struct nw_attachment *attachment)
{
	size_t i;

	for (i = 0; i < text->cut_count; i++)
		if (text->cuts[i].attachment == attachment)
			return true;
	return false;
}

/* Cuts the text where the picture of a block stands; false: it has none, or
 * has it above already. */
static bool cut(struct nw_text *text, const struct nw_block *block)
{
	const struct nw_attachment *attachment;

	if (block->kind != NW_BLOCK_IMAGE || !text->attachments->cut)
		return false;
	attachment = nw_attachment_find(text->attachments, block->image);
	if (!attachment || is_cut(text, attachment))
		return false;
	text->cuts = nw_arena_grow(text->arena, text->cuts, text->cut_count,
				   sizeof(*text->cuts));
	text->cuts[text->cut_count++] = (struct nw_text_cut){
		text->flow.out->len, attachment
	};
	text->begun = false;
	return true;
}

/* " [n]" for a picture that can only be looked at elsewhere. */
static const char *image_number(struct nw_text *text,
				const struct nw_image *image)
{
	const char *url;

	if (!text->attachments->numbered ||
	    nw_attachment_find(text->attachments, image))
		return "";
	url = nw_post_href(text->arena, image->url, text->own);
	return url ? nw_arena_printf(text->arena, " [%zu]",
				     nw_links_number(&text->links, url)) :
		     "";
}

/* What stands under a picture need not say that it is one. */
static void put_image(struct nw_text *text, const struct nw_block *block,
		      bool below)
{
	const struct nw_image *image = block->image;
	const char *words = image_words(image);
	const char *label = below ? "" : words ? "image: " : "image";

	put(text, block->quote,
	    nw_arena_printf(text->arena, "[%s%s%s%s%s]%s", label,
			    words ? words : "",
			    !image->credit ? "" :
			    below && !words ? "(" : " (",
			    image->credit ? image->credit : "",
			    image->credit ? ")" : "",
			    below ? "" : image_number(text, image)));
}

/* below: the text is cut above it. */
static void put_block(struct nw_text *text, const struct nw_block *block,
		      bool below)
{
	switch (block->kind) {
	case NW_BLOCK_HEADING:
		put_heading(text, block);
		break;
	case NW_BLOCK_ITEM:
		put_item(text, block);
		break;
	case NW_BLOCK_CODE:
		put_code(text, block);
		break;
	case NW_BLOCK_TABLE:
		nw_text_table(text, block);
		break;
	case NW_BLOCK_IMAGE:
		put_image(text, block, below);
		break;
	case NW_BLOCK_EMBED:
		put(text, block->quote,
		    nw_text_link(text, block->embed.title, block->embed.url));
		break;
	case NW_BLOCK_RULE:
		put(text, block->quote, RULE);
		break;
	default:
		put(text, block->quote,
		    nw_text_spans(text, block->spans, block->span_count));
	}
}

static bool is_blank(struct nw_arena *arena, const struct nw_block *block)
{
	const char *words = nw_block_text(arena, block);

	return !words[strspn(words, " \t\n")];
}

static bool is_empty(struct nw_arena *arena, const struct nw_block *block)
{
	switch (block->kind) {
	case NW_BLOCK_IMAGE:
		return !block->image ||
		       (!image_words(block->image) && !block->image->credit);
	case NW_BLOCK_EMBED:
		return !block->embed.title && !block->embed.url;
	case NW_BLOCK_RULE:
		return false;
	default:
		return is_blank(arena, block);
	}
}

void nw_text_body(struct nw_text *text, const struct nw_body *body)
{
	size_t i;

	for (i = 0; i < body->count; i++) {
		bool below = body->blocks[i].image &&
			     cut(text, &body->blocks[i]);

		if (is_empty(text->arena, &body->blocks[i]))
			continue;
		separate(text, &body->blocks[i]);
		put_block(text, &body->blocks[i], below);
	}
	text->before = NULL;
}
