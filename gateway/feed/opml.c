/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <string.h>

#include "newswire/charset.h"
#include "newswire/limits.h"
#include "newswire/opml.h"
#include "newswire/utf8.h"

/* OPML's attribute names are camel case; programs write them as they like. */
static const char *attribute(struct nw_arena *arena, const xmlNode *node,
			     const char *name)
{
	const xmlAttr *attr;

	for (attr = node->properties; attr; attr = attr->next) {
		const char *value;

		if (xmlStrcasecmp(attr->name, (const xmlChar *)name) != 0 ||
		    !attr->children || !attr->children->content)
			continue;
		value = (const char *)attr->children->content;
		return nw_utf8_line(arena, value, strlen(value),
				    NW_FETCH_URL_BYTES);
	}
	return NULL;
}

/* The next element in document order below top. */
static const xmlNode *next_node(const xmlNode *node, const xmlNode *top)
{
	if (node->children)
		return node->children;
	while (node != top && !node->next)
		node = node->parent;
	return node == top ? NULL : node->next;
}

static size_t collect(struct nw_arena *arena, const xmlNode *root,
		      struct nw_outline **outlines_r)
{
	struct nw_outline *outlines = NULL;
	const xmlNode *node = root;
	size_t count = 0;

	for (; node && count < NW_OPML_OUTLINES; node = next_node(node, root)) {
		struct nw_outline outline;

		if (node->type != XML_ELEMENT_NODE ||
		    xmlStrcasecmp(node->name, (const xmlChar *)"outline") != 0)
			continue;
		outline.xml_url = attribute(arena, node, "xmlUrl");
		if (!outline.xml_url)
			continue;
		outline.text = attribute(arena, node, "title");
		if (!outline.text)
			outline.text = attribute(arena, node, "text");
		outline.type = attribute(arena, node, "type");
		outline.group = attribute(arena, node, "newsgroup");
		outlines = nw_arena_grow(arena, outlines, count,
					 sizeof(*outlines));
		outlines[count++] = outline;
	}
	*outlines_r = outlines;
	return count;
}

static xmlDoc *parse(const char *bytes, size_t len, struct nw_error *err)
{
	struct nw_buf utf8;
	xmlDoc *doc = NULL;

	nw_buf_init(&utf8, NW_FETCH_BODY_BYTES);
	if (nw_charset_to_utf8(&utf8, bytes, len, NULL, NULL, err) == 0) {
		doc = xmlReadMemory(utf8.data, (int)utf8.len, NULL, "UTF-8",
				    XML_PARSE_RECOVER | XML_PARSE_NONET |
					    XML_PARSE_NOERROR |
					    XML_PARSE_NOWARNING |
					    XML_PARSE_NOCDATA);
		if (!doc)
			(void)nw_error_set(err, NW_ERROR_DATA,
					   "it is no XML");
	}
	nw_buf_free(&utf8);
	return doc;
}

int nw_opml_read(struct nw_arena *arena, const char *bytes, size_t len,
		 struct nw_outline **outlines_r, size_t *count_r,
		 struct nw_error *err)
{
	xmlDoc *doc = parse(bytes, len, err);
	const xmlNode *root;
	int result = 0;

	if (!doc)
		return -1;
	root = xmlDocGetRootElement(doc);
	if (root && xmlStrcasecmp(root->name, (const xmlChar *)"opml") == 0)
		*count_r = collect(arena, root, outlines_r);
	else
		result = nw_error_set(err, NW_ERROR_DATA, "it is no OPML");
	xmlFreeDoc(doc);
	return result;
}

static void set(xmlNode *node, const char *name, const char *value)
{
	if (value)
		(void)xmlNewProp(node, (const xmlChar *)name,
				 (const xmlChar *)value);
}

static void build(xmlDoc *doc, const char *title,
		  const struct nw_outline *outlines, size_t count)
{
	xmlNode *root = xmlNewDocNode(doc, NULL, (const xmlChar *)"opml", NULL);
	xmlNode *head, *body, *node;
	size_t i;

	(void)xmlDocSetRootElement(doc, root);
	set(root, "version", "2.0");
	head = xmlNewChild(root, NULL, (const xmlChar *)"head", NULL);
	(void)xmlNewTextChild(head, NULL, (const xmlChar *)"title",
			      (const xmlChar *)title);
	body = xmlNewChild(root, NULL, (const xmlChar *)"body", NULL);
	for (i = 0; i < count; i++) {
		node = xmlNewChild(body, NULL, (const xmlChar *)"outline",
				   NULL);
		set(node, "type", outlines[i].type);
		set(node, "text", outlines[i].text);
		set(node, "xmlUrl", outlines[i].xml_url);
		set(node, "newsgroup", outlines[i].group);
	}
}

int nw_opml_write(struct nw_buf *out, const char *title,
		  const struct nw_outline *outlines, size_t count,
		  struct nw_error *err)
{
	xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
	xmlChar *text = NULL;
	int len = 0, result = 0;

	if (doc) {
		build(doc, title, outlines, count);
		xmlDocDumpFormatMemoryEnc(doc, &text, &len, "UTF-8", 1);
	}
	if (text)
		nw_buf_add(out, text, (size_t)len);
	if (!text || !nw_buf_ok(out))
		result = nw_error_set(err, NW_ERROR_REFUSED,
				      "the list of %zu feeds is too large",
				      count);
	xmlFree(text);
	xmlFreeDoc(doc);
	return result;
}
