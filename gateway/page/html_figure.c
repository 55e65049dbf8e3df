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
	"pie", "imagetext", "untertitel", "description", NULL
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
		reader->looks++;
		below = node->type == XML_ELEMENT_NODE &&
			!is_skipped(figure, node) && note(figure, node);
		if (node->type == XML_TEXT_NODE && node->content)
			note_text(figure, node, top);
		if (looks == LOOKS)
			figure->other = true;
		node = nw_dom_next(node, top, !below);
	}
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

/* Words that say that what follows is a credit: alone, or with a colon. */
static const char *const labels_alone[] = {
	"photograph by", "photography by", "photographs by", "photo by",
	"photos by", "image by", "picture by", "image source,",
	"photo courtesy of", "image courtesy of", "courtesy of", "fot.",
	"\u00a9", NULL
};
static const char *const labels[] = {
	"photo credit", "image credit", "picture credit", "photographer",
	"photographs", "photograph", "photos", "photo", "pictures", "picture",
	"image source", "images", "image", "credits", "credit", "copyright",
	"source", "fotos", "foto", "bildquelle", "bild", "quelle", "fotografía",
	"fotografia", "imagen", "crédits photo", "crédit photo", "crédits",
	"crédit", "фото", "Фото", "zdjęcie", "fotó", "kuva", "beeld", NULL
};

/* The length of the word that text begins with; 0 for none. */
static size_t find_word(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (!strncasecmp(text, *words, strlen(*words)))
			return strlen(*words);
	return 0;
}

/* Behind a label at the start of text; NULL when there is none. */
static const char *behind_label(const char *text)
{
	size_t len = find_word(text, labels_alone);
	const char *rest = text + len;

	/* "©" is one of them: no letter. */
	if (len && (!isalnum((unsigned char)*rest) ||
		    (unsigned char)rest[-1] >= 0x80))
		return rest + strspn(rest, " :");
	len = find_word(text, labels);
	rest = text + len + strspn(text + len, " ");
	return len && *rest == ':' ? rest + 1 + strspn(rest + 1, " ") : NULL;
}

/* Whether a word begins at text[at] and something ended before it. */
static bool begins_part(const char *text, size_t at)
{
	size_t before = at;

	while (before && text[before - 1] == ' ')
		before--;
	return !before ||
	       (before < at && strchr(".|/-!?)\"", text[before - 1])) ||
	       strchr("([|", text[before - 1]) ||
	       (before < at && (unsigned char)text[before - 1] >= 0x80) ||
	       !strncmp(text + at, "\u00a9", 2);
}

/* Where the credit begins in a caption that ends with "Photo: Name" or
 * "© Name"; the length of the caption when it does not. */
static size_t find_label(const char *caption, size_t len)
{
	enum { CREDIT_BYTES = 120 };
	size_t at = len > CREDIT_BYTES ? len - CREDIT_BYTES : 0;

	for (; at < len; at++) {
		const char *behind;

		if (!begins_part(caption, at))
			continue;
		behind = behind_label(caption + at);
		if (behind && *behind)
			return at;
	}
	return len;
}

/* Whether words in brackets name whom a picture is from. */
static bool names_agency(const char *text, size_t len)
{
	static const char *const agencies[] = {
		"AFP", "AP", "Alamy", "ANSA", "Anadolu", "Bloomberg", "EPA",
		"Getty", "Images", "PA", "Reuters", "REUTERS", "Shutterstock",
		"TASS", "Ukrinform", "UNIAN", "Wikimedia", "dpa",
		"picture alliance", NULL
	};
	size_t i;

	if (memchr(text, '/', len) && !memchr(text, ':', len))
		return true;
	for (i = 0; agencies[i]; i++) {
		size_t name = strlen(agencies[i]);

		if (len == name && !strncmp(text, agencies[i], len))
			return true;
	}
	if (behind_label(text))
		return true;
	for (i = 0; i + 4 < len; i++)
		if (!strncmp(text + i, " via ", 5) ||
		    !strncmp(text + i, "Getty", 5))
			return true;
	return false;
}

/* The brackets at the end of a caption with a credit in them: where "("
 * stands; len when there are none. */
static size_t find_brackets(const char *caption, size_t len)
{
	size_t end = len, open;

	while (end && strchr(" .", caption[end - 1]))
		end--;
	if (!end || caption[end - 1] != ')')
		return len;
	for (open = end - 1; open && caption[open] != '('; open--)
		if (end - open > 120)
			return len;
	if (caption[open] == '(' &&
	    names_agency(caption + open + 1, end - open - 2))
		return open;
	return len;
}

/* A credit without its label and the brackets around it. */
static const char *clean_credit(struct nw_arena *arena, const char *text)
{
	const char *behind;
	size_t len;

	text += strspn(text, " ([|");
	behind = behind_label(text);
	if (behind && *behind)
		text = behind;
	len = strlen(text);
	while (len && strchr(" .)]|", text[len - 1]) &&
	       !(text[len - 1] == ')' && memchr(text, '(', len)))
		len--;
	return nw_utf8_line(arena, text, len, NW_STORY_NAME_BYTES);
}

/* Splits what stands below a picture into caption and credit. */
static void split_credit(struct nw_arena *arena, struct nw_image *image)
{
	const char *caption = image->caption;
	size_t len = strlen(caption), at;

	at = find_brackets(caption, len);
	if (at == len)
		at = find_label(caption, len);
	if (at == len)
		return;
	image->credit = clean_credit(arena, caption + at);
	if (!image->credit)
		return;
	while (at && strchr(" |/-([", caption[at - 1]))
		at--;
	image->caption =
		nw_utf8_line(arena, caption, at, NW_STORY_SUMMARY_BYTES);
}

/* Whether alt only says again what caption says. */
static bool repeats(struct nw_arena *arena, const char *alt,
		    const char *caption)
{
	const char *one, *two;
	size_t len;

	if (!alt || !caption)
		return false;
	one = nw_utf8_key(arena, alt);
	two = nw_utf8_key(arena, caption);
	len = strlen(two);
	return !strncmp(one, two, strlen(one)) ||
	       (len > strlen(one) / 2 && !strncmp(one, two, len));
}

static void describe(struct nw_arena *arena, struct nw_image *image,
		     struct figure *figure)
{
	const char *credit;

	image->caption = read_caption(arena, figure);
	if (figure->credit) {
		credit = nw_html_text_line(arena, figure->credit, NULL,
					   NW_STORY_NAME_BYTES);
		image->credit = credit ? clean_credit(arena, credit) : NULL;
	}
	if (repeats(arena, image->alt, image->caption))
		image->alt = NULL;
	if (image->caption && !image->credit)
		split_credit(arena, image);
	if (repeats(arena, image->alt, image->caption))
		image->alt = NULL;
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
static bool is_figure(struct figure *figure, const xmlNode *node)
{
	enum { STRAY_BYTES = 100 };

	if (figure->other || !figure->count)
		return false;
	if (!nw_dom_is(node, "figure"))
		return !figure->stray && (figure->caption || figure->credit);
	if (!figure->caption)
		figure->caption = node;
	else if (figure->stray > STRAY_BYTES)
		return false;
	return true;
}

bool nw_html_figure(struct nw_html_reader *reader, const xmlNode *node)
{
	struct figure figure = { .options = reader->options, .top = node };
	struct nw_image *image, *last = NULL;
	size_t i;

	if (reader->mode == NW_HTML_LINE || reader->looks > NW_PAGE_NODES ||
	    !may_be_figure(node))
		return false;
	survey(reader, &figure, node);
	if (!is_figure(&figure, node))
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
