/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "html_private.h"

/* Elements of a figure that are looked at, and pictures that it may hold. */
enum { LOOKS = 300, PICTURES = 24 };

/* Words in classes: of what holds a picture with its caption, of the caption,
 * of the credit. */
static const char *const figure_stems[] = {
	"caption", "figure", "gallery", "image", "img", "leadimage", "media",
	"photo", "picture", "teaser", "visual", "wp", "bild", "foto", "imagen",
	NULL
};
static const char *const caption_stems[] = {
	"caption", "bildtext", "bildunterschrift", "didascalia", "legend",
	"pie", "imagetext", "untertitel", "description", "infotext",
	"mediainfo", "mediasubtitle", "imageinfo", NULL
};
static const char *const credit_stems[] = {
	"attribution", "author", "autor", "byline", "copyright", "credit",
	"fotograf", "fotocredit", "source", "photographer", "quelle", "rights",
	"provider", "fuente", "zdroj", NULL
};

struct figure {
	const struct nw_html_options *options;
	const xmlNode *top;
	unsigned nested; /* figures in what is one by its classes */
	const xmlNode *pictures[PICTURES];
	size_t count;
	const xmlNode *caption;
	const xmlNode *credit;
	size_t stray; /* bytes of text in neither of them */
	bool other;   /* it holds more than a picture and words on it */
};

static bool is_credit(const xmlNode *node)
{
	static const char *const properties[] = {
		"author", "copyright", "creator", "credit", NULL
	};

	return nw_html_has_stem(node, "class", credit_stems) ||
	       nw_html_has_stem(node, "itemprop", properties);
}

static bool is_caption(const xmlNode *node)
{
	return nw_dom_is(node, "figcaption") ||
	       nw_html_has_stem(node, "class", caption_stems);
}

/* Takes note of a node; returns whether what is below it matters. */
static bool note(struct figure *figure, const xmlNode *node)
{
	switch (nw_html_element(node)->treatment) {
	case NW_HTML_IMAGE:
		if (figure->count < PICTURES)
			figure->pictures[figure->count++] = node;
		return false;
	case NW_HTML_FIGURE:
		/* Some put the caption beside the figure. */
		figure->other =
			nw_dom_is(figure->top, "figure") || figure->nested++;
		return !figure->other;
	case NW_HTML_TABLE:
	case NW_HTML_PRE:
	case NW_HTML_QUOTE:
	case NW_HTML_EMBED:
	case NW_HTML_SLOT:
	case NW_HTML_HEADING:
		figure->other = true;
		return false;
	case NW_HTML_DROP:
		return false;
	case NW_HTML_NOSCRIPT:
		return !figure->count;
	default:
		break;
	}
	if (!figure->credit && is_credit(node) && !nw_html_has_image(node))
		figure->credit = node;
	else if (!figure->caption && is_caption(node) &&
		 !nw_html_has_image(node))
		figure->caption = node;
	return figure->credit != node;
}

static size_t count_letters(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += !isspace((unsigned char)*text);
	return count;
}

/* Takes note of text, unless it is in the caption. */
static void note_text(struct figure *figure, const xmlNode *text,
		      const xmlNode *top)
{
	const xmlNode *node;

	for (node = text; node != top; node = node->parent)
		if (node == figure->caption)
			return;
	figure->stray += count_letters((const char *)text->content);
}

static bool is_skipped(const struct figure *figure, const xmlNode *node)
{
	const struct nw_html_options *options = figure->options;

	return (options->skip && options->skip(node, options->context)) ||
	       nw_html_is_unseen(node);
}

static void survey(struct nw_html_reader *reader, struct figure *figure,
		   const xmlNode *top)
{
	const xmlNode *node = nw_dom_next(top, top, false);
	unsigned looks;
	bool below;

	for (looks = 0; node && !figure->other; looks++) {
		below = node->type == XML_ELEMENT_NODE &&
			!is_skipped(figure, node) && note(figure, node);
		if (node->type == XML_TEXT_NODE && node->content)
			note_text(figure, node, top);
		if (looks == LOOKS)
			figure->other = true;
		node = nw_dom_next(node, top, !below);
	}
	(void)nw_work_pay(reader->work, looks);
}

/* Leaves the credit out of the caption around it. */
static bool skip_credit(const xmlNode *node, void *context)
{
	const struct figure *figure = context;

	return node == figure->credit || is_skipped(figure, node);
}

static const char *read_caption(struct nw_arena *arena, struct figure *figure)
{
	struct nw_html_options options = { .skip = skip_credit,
					   .context = figure };

	if (!figure->caption)
		return NULL;
	return nw_html_text_line(arena, figure->caption, &options,
				 NW_STORY_SUMMARY_BYTES);
}

static void describe(struct nw_arena *arena, struct nw_image *image,
		     struct figure *figure)
{
	image->caption = read_caption(arena, figure);
	if (figure->credit)
		image->credit = nw_html_clean_credit(
			arena, nw_html_text_line(arena, figure->credit, NULL,
						 NW_STORY_NAME_BYTES));
	nw_html_sort_words(arena, image);
}

/* What may be in a figure that no name tells: pictures, and what only groups
 * them and their words. */
static bool is_plain(const xmlNode *node)
{
	switch (nw_html_element(node)->treatment) {
	case NW_HTML_INLINE:
	case NW_HTML_STYLE:
	case NW_HTML_BREAK:
	case NW_HTML_PICTURE:
	case NW_HTML_NOSCRIPT:
	case NW_HTML_DROP:
		return true;
	case NW_HTML_LINK:
		return nw_html_has_image(node);
	case NW_HTML_BLOCK:
		return nw_dom_is(node, "div");
	default:
		return false;
	}
}

/* Whether it is one picture and a few words, in no paragraph: a caption, a
 * credit and its label at most. */
static bool is_bare_figure(const struct figure *figure)
{
	enum { BARE_LOOKS = 40, LETTERS_MIN = 12, LETTERS_MAX = 250,
	       PIECES = 3 };
	const xmlNode *top = figure->top, *node = top;
	size_t letters = 0, pieces = 0, pictures = 0, looks = 0;
	bool below = true;

	while ((node = nw_dom_next(node, top, !below))) {
		size_t count = 0;

		below = node->type == XML_ELEMENT_NODE &&
			!is_skipped(figure, node);
		if (below && nw_html_element(node)->treatment ==
				     NW_HTML_IMAGE)
			pictures += nw_html_is_picture(node);
		else if (below && !is_plain(node))
			return false;
		else if (node->type == XML_TEXT_NODE && node->content)
			count = count_letters((const char *)node->content);
		letters += count;
		pieces += count > 0;
		if (looks++ == BARE_LOOKS || letters > LETTERS_MAX ||
		    pieces > PIECES || pictures > 1)
			return false;
	}
	return pictures == 1 && letters >= LETTERS_MIN;
}

/* What stands around a picture may be a figure by its classes alone. */
static bool may_be_figure(const xmlNode *node)
{
	return nw_dom_is(node, "figure") ||
	       (!nw_dom_is(node, "p") &&
		nw_html_has_stem(node, "class", figure_stems));
}

/* Whether it is a picture and words on it.  What is a figure by its classes
 * alone must mark all its words as caption or credit. */
static bool is_named_figure(struct figure *figure)
{
	enum { STRAY_BYTES = 100 };

	if (figure->other || !figure->count)
		return false;
	if (!nw_dom_is(figure->top, "figure"))
		return !figure->stray && (figure->caption || figure->credit);
	if (!figure->caption)
		figure->caption = figure->top;
	else if (figure->stray > STRAY_BYTES)
		return false;
	return true;
}

/* By its names, or by what is in it. */
static bool is_figure(struct nw_html_reader *reader, struct figure *figure)
{
	if (may_be_figure(figure->top)) {
		survey(reader, figure, figure->top);
		if (is_named_figure(figure))
			return true;
	}
	if (!nw_dom_is(figure->top, "div") || !is_bare_figure(figure))
		return false;
	if (!figure->count)
		survey(reader, figure, figure->top);
	figure->caption = figure->top;
	return true;
}

bool nw_html_figure(struct nw_html_reader *reader, const xmlNode *node)
{
	struct figure figure = { .options = reader->options, .top = node };
	struct nw_image *image, *last = NULL;
	size_t i;

	if (reader->mode == NW_HTML_LINE || !nw_work_pay(reader->work, 1) ||
	    !is_figure(reader, &figure))
		return false;
	for (i = 0; i < figure.count; i++) {
		image = nw_html_image(reader, figure.pictures[i]);
		if (!image)
			continue;
		if (last)
			nw_html_add_image(reader, last);
		last = image;
	}
	if (!last)
		return false;
	describe(reader->arena, last, &figure);
	nw_html_add_image(reader, last);
	return true;
}
