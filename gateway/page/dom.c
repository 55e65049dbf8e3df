/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/buf.h"
#include "newswire/utf8.h"
#include "page_private.h"

/* What of an element's content is seen, sorted by name. */
static const struct element {
	char name[12];
	bool hidden;	/* its content is no text of the page */
	bool block;	/* its text stands apart from what is around it */
} elements[] = {
	{ "address", false, true },
	{ "article", false, true },
	{ "aside", false, true },
	{ "audio", true, false },
	{ "blockquote", false, true },
	{ "body", false, true },
	{ "br", false, true },
	{ "button", true, true },
	{ "canvas", true, false },
	{ "caption", false, true },
	{ "center", false, true },
	{ "datalist", true, false },
	{ "dd", false, true },
	{ "details", false, true },
	{ "dialog", false, true },
	{ "dir", false, true },
	{ "div", false, true },
	{ "dl", false, true },
	{ "dt", false, true },
	{ "fieldset", false, true },
	{ "figcaption", false, true },
	{ "figure", false, true },
	{ "footer", false, true },
	{ "form", false, true },
	{ "frameset", true, true },
	{ "h1", false, true },
	{ "h2", false, true },
	{ "h3", false, true },
	{ "h4", false, true },
	{ "h5", false, true },
	{ "h6", false, true },
	{ "header", false, true },
	{ "hr", false, true },
	{ "iframe", true, false },
	{ "legend", false, true },
	{ "li", false, true },
	{ "main", false, true },
	{ "math", false, false },
	{ "menu", false, true },
	{ "nav", false, true },
	{ "noembed", true, false },
	{ "noframes", true, false },
	{ "noscript", true, false },
	{ "object", true, false },
	{ "ol", false, true },
	{ "option", true, false },
	{ "p", false, true },
	{ "pre", false, true },
	{ "script", true, false },
	{ "search", false, true },
	{ "section", false, true },
	{ "select", true, false },
	{ "style", true, false },
	{ "summary", false, true },
	{ "svg", true, false },
	{ "table", false, true },
	{ "tbody", false, true },
	{ "td", false, true },
	{ "template", true, false },
	{ "textarea", true, false },
	{ "tfoot", false, true },
	{ "th", false, true },
	{ "thead", false, true },
	{ "title", false, true },
	{ "tr", false, true },
	{ "ul", false, true },
	{ "video", true, false },
};

static int compare_element(const void *name, const void *element)
{
	return strcmp(name, ((const struct element *)element)->name);
}

static const struct element *find_element(const xmlNode *node)
{
	return bsearch(node->name, elements,
		       sizeof(elements) / sizeof(elements[0]),
		       sizeof(elements[0]), compare_element);
}

bool nw_dom_is(const xmlNode *node, const char *element)
{
	return node->type == XML_ELEMENT_NODE &&
	       !strcmp((const char *)node->name, element);
}

bool nw_dom_is_hidden(const xmlNode *node)
{
	const struct element *element;

	if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
		return false;
	if (node->type != XML_ELEMENT_NODE)
		return true;
	element = find_element(node);
	return element && element->hidden;
}

bool nw_dom_is_block(const xmlNode *node)
{
	const struct element *element;

	if (node->type != XML_ELEMENT_NODE)
		return false;
	element = find_element(node);
	return element && element->block;
}

const char *nw_dom_attr(const xmlNode *node, const char *name)
{
	const xmlAttr *attr;

	if (node->type != XML_ELEMENT_NODE)
		return NULL;
	for (attr = node->properties; attr; attr = attr->next) {
		if (strcmp((const char *)attr->name, name))
			continue;
		if (!attr->children || !attr->children->content)
			return "";
		return (const char *)attr->children->content;
	}
	return NULL;
}

static bool has_token(const char *list, const char *token)
{
	static const char space[] = " \t\r\n\f";
	size_t len = strlen(token);

	while (*list) {
		size_t run;

		list += strspn(list, space);
		run = strcspn(list, space);
		if (run == len && !memcmp(list, token, len))
			return true;
		list += run;
	}
	return false;
}

bool nw_dom_has_class(const xmlNode *node, const char *token)
{
	const char *classes = nw_dom_attr(node, "class");
	const char *id;

	if (classes && has_token(classes, token))
		return true;
	id = nw_dom_attr(node, "id");
	return id && has_token(id, token);
}

xmlNode *nw_dom_next(const xmlNode *node, const xmlNode *top,
		     bool skip_children)
{
	if (node->children && !skip_children &&
	    node->type == XML_ELEMENT_NODE)
		return node->children;
	while (node != top) {
		if (node->next)
			return node->next;
		node = node->parent;
		if (!node)
			return NULL;
	}
	return NULL;
}

bool nw_dom_contains(const xmlNode *outer, const xmlNode *node)
{
	while (node && node != outer)
		node = node->parent;
	return node != NULL;
}

xmlNode *nw_dom_find(const xmlNode *top, const char *element)
{
	xmlNode *node = nw_dom_next(top, top, false);

	while (node && !nw_dom_is(node, element))
		node = nw_dom_next(node, top, false);
	return node;
}

/* Adds text with its runs of ASCII white space as one space. */
static void add_collapsed(struct nw_buf *buf, const char *text)
{
	static const char space[] = " \t\r\n\f";

	while (*text) {
		size_t run = strspn(text, space);

		if (run && buf->len && buf->data[buf->len - 1] != ' ')
			nw_buf_addc(buf, ' ');
		text += run;
		run = strcspn(text, space);
		if (run > buf->max - buf->len)
			run = buf->max - buf->len;
		if (!run)
			return;
		nw_buf_add(buf, text, run);
		text += run;
	}
}

/* The end of an element leaves no trace in nw_dom_next(), so what stands
 * between two texts is asked of the way from one to the other. */
static bool leaves_block(const xmlNode *from, const xmlNode *to,
			 const xmlNode *top)
{
	while (from != top && from != to->parent) {
		if (nw_dom_is_block(from))
			return true;
		from = from->parent;
		if (!from)
			return true;
	}
	return false;
}

char *nw_dom_text(struct nw_arena *arena, const xmlNode *node, size_t max)
{
	const xmlNode *at = node, *next;
	struct nw_buf buf;
	char *line;

	/* Enough that nw_utf8_line() sees whether it must cut. */
	nw_buf_init(&buf, max + 64);
	for (; at && buf.len < buf.max; at = next) {
		bool hidden = at != node && nw_dom_is_hidden(at);

		if (hidden || (at->type != XML_ELEMENT_NODE && !at->content))
			;
		else if (at->type != XML_ELEMENT_NODE)
			add_collapsed(&buf, (const char *)at->content);
		else if (nw_dom_is_block(at))
			add_collapsed(&buf, " ");
		next = nw_dom_next(at, node, hidden);
		if (next && next->parent != at && leaves_block(at, next, node))
			add_collapsed(&buf, " ");
	}
	line = nw_utf8_line(arena, buf.data, buf.len, max);
	nw_buf_free(&buf);
	return line;
}
