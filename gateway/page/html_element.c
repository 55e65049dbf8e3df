/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "html_private.h"

/* How each element is treated, sorted by name.  One that is not named gives
 * its content. */
static const struct nw_html_element elements[] = {
	{ "a", NW_HTML_LINK, 0 },
	{ "address", NW_HTML_BLOCK, 0 },
	{ "amp-ad", NW_HTML_DROP, 0 },
	{ "amp-analytics", NW_HTML_DROP, 0 },
	{ "amp-anim", NW_HTML_IMAGE, 0 },
	{ "amp-audio", NW_HTML_EMBED, 0 },
	{ "amp-consent", NW_HTML_DROP, 0 },
	{ "amp-dailymotion", NW_HTML_EMBED, 0 },
	{ "amp-embed", NW_HTML_DROP, 0 },
	{ "amp-facebook", NW_HTML_EMBED, 0 },
	{ "amp-iframe", NW_HTML_EMBED, 0 },
	{ "amp-img", NW_HTML_IMAGE, 0 },
	{ "amp-instagram", NW_HTML_EMBED, 0 },
	{ "amp-pixel", NW_HTML_DROP, 0 },
	{ "amp-sidebar", NW_HTML_DROP, 0 },
	{ "amp-social-share", NW_HTML_DROP, 0 },
	{ "amp-soundcloud", NW_HTML_EMBED, 0 },
	{ "amp-state", NW_HTML_DROP, 0 },
	{ "amp-sticky-ad", NW_HTML_DROP, 0 },
	{ "amp-tiktok", NW_HTML_EMBED, 0 },
	{ "amp-twitter", NW_HTML_EMBED, 0 },
	{ "amp-video", NW_HTML_EMBED, 0 },
	{ "amp-vimeo", NW_HTML_EMBED, 0 },
	{ "amp-youtube", NW_HTML_EMBED, 0 },
	{ "applet", NW_HTML_DROP, 0 },
	{ "area", NW_HTML_DROP, 0 },
	{ "article", NW_HTML_BLOCK, 0 },
	{ "aside", NW_HTML_BLOCK, 0 },
	{ "audio", NW_HTML_EMBED, 0 },
	{ "b", NW_HTML_STYLE, NW_SPAN_STRONG },
	{ "base", NW_HTML_DROP, 0 },
	{ "blockquote", NW_HTML_QUOTE, 0 },
	{ "body", NW_HTML_BLOCK, 0 },
	{ "br", NW_HTML_BREAK, 0 },
	{ "button", NW_HTML_DROP, 0 },
	{ "canvas", NW_HTML_DROP, 0 },
	{ "caption", NW_HTML_BLOCK, 0 },
	{ "center", NW_HTML_BLOCK, 0 },
	{ "cite", NW_HTML_STYLE, NW_SPAN_EMPHASIS },
	{ "code", NW_HTML_STYLE, NW_SPAN_CODE },
	{ "col", NW_HTML_DROP, 0 },
	{ "colgroup", NW_HTML_DROP, 0 },
	{ "datalist", NW_HTML_DROP, 0 },
	{ "dd", NW_HTML_BLOCK, 0 },
	{ "del", NW_HTML_STYLE, NW_SPAN_DELETED },
	{ "details", NW_HTML_BLOCK, 0 },
	{ "dfn", NW_HTML_STYLE, NW_SPAN_EMPHASIS },
	{ "dialog", NW_HTML_DROP, 0 },
	{ "dir", NW_HTML_LIST, false },
	{ "div", NW_HTML_BLOCK, 0 },
	{ "dl", NW_HTML_BLOCK, 0 },
	{ "dt", NW_HTML_BLOCK, 0 },
	{ "em", NW_HTML_STYLE, NW_SPAN_EMPHASIS },
	{ "embed", NW_HTML_EMBED, 0 },
	{ "fieldset", NW_HTML_BLOCK, 0 },
	{ "figcaption", NW_HTML_BLOCK, 0 },
	{ "figure", NW_HTML_FIGURE, 0 },
	{ "footer", NW_HTML_BLOCK, 0 },
	{ "form", NW_HTML_FORM, 0 },
	{ "frameset", NW_HTML_DROP, 0 },
	{ "h1", NW_HTML_HEADING, 2 },
	{ "h2", NW_HTML_HEADING, 2 },
	{ "h3", NW_HTML_HEADING, 3 },
	{ "h4", NW_HTML_HEADING, 4 },
	{ "h5", NW_HTML_HEADING, 5 },
	{ "h6", NW_HTML_HEADING, 6 },
	{ "head", NW_HTML_DROP, 0 },
	{ "header", NW_HTML_BLOCK, 0 },
	{ "hgroup", NW_HTML_BLOCK, 0 },
	{ "hr", NW_HTML_RULE, 0 },
	{ "html", NW_HTML_BLOCK, 0 },
	{ "i", NW_HTML_STYLE, NW_SPAN_EMPHASIS },
	{ "iframe", NW_HTML_EMBED, 0 },
	{ "image", NW_HTML_IMAGE, 0 },
	{ "img", NW_HTML_IMAGE, 0 },
	{ "input", NW_HTML_DROP, 0 },
	{ "ins", NW_HTML_STYLE, NW_SPAN_INSERTED },
	{ "isindex", NW_HTML_DROP, 0 },
	{ "kbd", NW_HTML_STYLE, NW_SPAN_CODE },
	{ "legend", NW_HTML_BLOCK, 0 },
	{ "li", NW_HTML_ITEM, 0 },
	{ "link", NW_HTML_DROP, 0 },
	{ "listing", NW_HTML_PRE, 0 },
	{ "main", NW_HTML_BLOCK, 0 },
	{ "map", NW_HTML_DROP, 0 },
	{ "marquee", NW_HTML_BLOCK, 0 },
	{ "math", NW_HTML_DROP, 0 },
	{ "menu", NW_HTML_LIST, false },
	{ "meta", NW_HTML_DROP, 0 },
	{ "meter", NW_HTML_DROP, 0 },
	{ "nav", NW_HTML_BLOCK, 0 },
	{ "noembed", NW_HTML_DROP, 0 },
	{ "noframes", NW_HTML_DROP, 0 },
	{ "noscript", NW_HTML_NOSCRIPT, 0 },
	{ "object", NW_HTML_EMBED, 0 },
	{ "oembed", NW_HTML_SLOT, 0 },
	{ "ol", NW_HTML_LIST, true },
	{ "optgroup", NW_HTML_DROP, 0 },
	{ "option", NW_HTML_DROP, 0 },
	{ "p", NW_HTML_BLOCK, 0 },
	{ "param", NW_HTML_DROP, 0 },
	{ "picture", NW_HTML_PICTURE, 0 },
	{ "plaintext", NW_HTML_PRE, 0 },
	{ "portal", NW_HTML_DROP, 0 },
	{ "pre", NW_HTML_PRE, 0 },
	{ "progress", NW_HTML_DROP, 0 },
	{ "q", NW_HTML_QUOTED, 0 },
	{ "rp", NW_HTML_DROP, 0 },
	{ "rt", NW_HTML_RUBY, 0 },
	{ "s", NW_HTML_STYLE, NW_SPAN_DELETED },
	{ "samp", NW_HTML_STYLE, NW_SPAN_CODE },
	{ "script", NW_HTML_DROP, 0 },
	{ "search", NW_HTML_BLOCK, 0 },
	{ "section", NW_HTML_BLOCK, 0 },
	{ "select", NW_HTML_DROP, 0 },
	{ "source", NW_HTML_INLINE, 0 },
	{ "strike", NW_HTML_STYLE, NW_SPAN_DELETED },
	{ "strong", NW_HTML_STYLE, NW_SPAN_STRONG },
	{ "style", NW_HTML_DROP, 0 },
	{ "sub", NW_HTML_STYLE, NW_SPAN_SUB },
	{ "summary", NW_HTML_BLOCK, 0 },
	{ "sup", NW_HTML_STYLE, NW_SPAN_SUPER },
	{ "svg", NW_HTML_DROP, 0 },
	{ "table", NW_HTML_TABLE, 0 },
	{ "tbody", NW_HTML_BLOCK, 0 },
	{ "td", NW_HTML_BLOCK, 0 },
	{ "template", NW_HTML_DROP, 0 },
	{ "textarea", NW_HTML_DROP, 0 },
	{ "tfoot", NW_HTML_BLOCK, 0 },
	{ "th", NW_HTML_BLOCK, 0 },
	{ "thead", NW_HTML_BLOCK, 0 },
	{ "title", NW_HTML_DROP, 0 },
	{ "tr", NW_HTML_BLOCK, 0 },
	{ "track", NW_HTML_DROP, 0 },
	{ "tt", NW_HTML_STYLE, NW_SPAN_CODE },
	{ "ul", NW_HTML_LIST, false },
	{ "var", NW_HTML_STYLE, NW_SPAN_EMPHASIS },
	{ "video", NW_HTML_EMBED, 0 },
	{ "xml", NW_HTML_DROP, 0 },
	{ "xmp", NW_HTML_PRE, 0 },
};

static const struct nw_html_element other = { "", NW_HTML_INLINE, 0 };
static const struct nw_html_element custom = { "-", NW_HTML_APART, 0 };

/* Classes of what only screen readers are told. */
static const char *const unseen_classes[] = {
	"a11y-only", "element-invisible", "is-visually-hidden",
	"screen-reader-only", "screen-reader-text", "screenreader-only",
	"show-for-sr", "sr-only", "sronly", "u-visually-hidden",
	"visually-hidden", "visuallyhidden", "vjs-hidden", NULL
};

static int compare_element(const void *name, const void *element)
{
	return strcmp(name, ((const struct nw_html_element *)element)->name);
}

const struct nw_html_element *nw_html_element(const xmlNode *node)
{
	const char *name = (const char *)node->name;
	const struct nw_html_element *found;

	found = bsearch(name, elements, sizeof(elements) / sizeof(*elements),
			sizeof(*elements), compare_element);
	if (found)
		return found;
	return strchr(name, '-') ? &custom : &other;
}

/* Whether a style attribute hides its element. */
static bool style_hides(const char *style)
{
	char plain[512];
	size_t len = 0;

	for (; *style && len < sizeof(plain) - 1; style++)
		if (!isspace((unsigned char)*style))
			plain[len++] = (char)tolower((unsigned char)*style);
	plain[len] = '\0';
	return strstr(plain, "display:none") ||
	       strstr(plain, "visibility:hidden");
}

static bool class_hides(const char *classes)
{
	static const char space[] = " \t\r\n\f";
	size_t i, run;

	for (; *classes; classes += run) {
		classes += strspn(classes, space);
		run = strcspn(classes, space);
		for (i = 0; unseen_classes[i]; i++)
			if (!strncmp(classes, unseen_classes[i], run) &&
			    !unseen_classes[i][run] && run)
				return true;
	}
	return false;
}

bool nw_html_has_image(const xmlNode *top)
{
	enum { LOOKS = 32 };
	const xmlNode *node = top;
	unsigned looks;

	for (looks = 0; node && looks < LOOKS; looks++) {
		if (node->type == XML_ELEMENT_NODE &&
		    nw_html_element(node)->treatment == NW_HTML_IMAGE)
			return true;
		node = nw_dom_next(node, top, false);
	}
	return false;
}

/* What is hidden from screen readers decorates, unless it is a block of text,
 * shows a picture, which is then in a link that is said twice, or is a
 * caption, which they are told as the picture's alternative text. */
static bool is_decoration(const xmlNode *node)
{
	return !nw_dom_is_block(node) && !nw_html_has_image(node) &&
	       !(node->parent && nw_dom_is(node->parent, "figcaption"));
}

static bool hides(const xmlNode *node, const char *name, const char *value)
{
	/* The words on a picture are seen with it. */
	if (!strcmp(name, "class"))
		return class_hides(value) && !nw_dom_is(node, "figcaption");
	if (!strcmp(name, "style"))
		return style_hides(value);
	if (!strcmp(name, "aria-hidden"))
		return !strcasecmp(value, "true") && is_decoration(node);
	return !strcmp(name, "hidden");
}

bool nw_html_is_unseen(const xmlNode *node)
{
	const xmlAttr *attr;

	for (attr = node->properties; attr; attr = attr->next) {
		const xmlNode *text = attr->children;
		const char *value = text && text->content
					    ? (const char *)text->content
					    : "";

		if (hides(node, (const char *)attr->name, value))
			return true;
	}
	return false;
}

/* Whether a word begins in text at: after what is no letter or digit, or
 * with the capital of "imageCaption". */
static bool begins_word(const char *text, size_t at)
{
	if (!isalnum((unsigned char)text[at]))
		return false;
	return !at || !isalnum((unsigned char)text[at - 1]) ||
	       (isupper((unsigned char)text[at]) &&
		islower((unsigned char)text[at - 1]));
}

bool nw_html_has_stem(const xmlNode *node, const char *attribute,
		      const char *const *stems)
{
	const char *text = nw_dom_attr(node, attribute);
	size_t at, i;

	for (at = 0; text && text[at]; at++) {
		if (!begins_word(text, at))
			continue;
		for (i = 0; stems[i]; i++)
			if (!strncasecmp(text + at, stems[i], strlen(stems[i])))
				return true;
	}
	return false;
}

bool nw_html_has_word(const xmlNode *node, const char *attribute,
		      const char *const *words)
{
	const char *text = nw_dom_attr(node, attribute);
	size_t at, i;

	for (at = 0; text && text[at]; at++) {
		if (!begins_word(text, at))
			continue;
		for (i = 0; words[i]; i++) {
			size_t end = at + strlen(words[i]);

			if (!strncasecmp(text + at, words[i], end - at) &&
			    (!isalnum((unsigned char)text[end]) ||
			     begins_word(text, end)))
				return true;
		}
	}
	return false;
}

int nw_html_number(const xmlNode *node, const char *attribute)
{
	const char *text = nw_dom_attr(node, attribute);
	char *end;
	long value;

	if (!text)
		return -1;
	value = strtol(text, &end, 10);
	while (isspace((unsigned char)*end))
		end++;
	if (end == text || value < 0 || value > 1000000 ||
	    (*end && strcmp(end, "px") && *end != '.'))
		return -1;
	return (int)value;
}
