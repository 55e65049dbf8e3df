/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <libxml/HTMLparser.h>
#include <libxml/SAX2.h>
#include <libxml/parserInternals.h>

#include "newswire/buf.h"
#include "newswire/limits.h"
#include "page_private.h"

/* Names that may be open at once; what is nested deeper is closed at once,
 * so that the search for a start tag stays short. */
#define NAMES (2 * NW_PAGE_DEPTH)

/*
 * The tree is built by our own handlers: names come from the parser's
 * dictionary, attributes are not entered into a table of ids, and nothing is
 * nested deeper than NW_PAGE_DEPTH (what would be becomes its child there, as
 * in browsers).
 */
struct builder {
	unsigned skipped;	/* open elements without a node */
	struct nw_work *work;
	size_t nodes;	/* what they cost */
};

static void start_document(void *data)
{
	xmlParserCtxt *ctxt = data;

	xmlSAX2StartDocument(ctxt);
	if (!ctxt->myDoc || ctxt->myDoc->dict)
		return;
	ctxt->myDoc->dict = ctxt->dict;
	(void)xmlDictReference(ctxt->dict);
}

static xmlAttr *new_attribute(xmlDoc *doc, const xmlChar *name,
			      const xmlChar *value)
{
	xmlAttr *attr = xmlMalloc(sizeof(*attr));

	if (!attr)
		return NULL;
	memset(attr, 0, sizeof(*attr));
	attr->type = XML_ATTRIBUTE_NODE;
	attr->doc = doc;
	attr->name = name;
	if (!value)
		return attr;
	attr->children = xmlNewDocText(doc, value);
	if (attr->children)
		attr->children->parent = (xmlNode *)attr;
	attr->last = attr->children;
	return attr;
}

static void add_attributes(xmlNode *node, const xmlChar **values)
{
	xmlAttr *last = NULL, *attr;

	for (; *values; values += 2) {
		attr = new_attribute(node->doc, values[0], values[1]);
		if (!attr)
			return;
		attr->parent = node;
		attr->prev = last;
		if (last)
			last->next = attr;
		else
			node->properties = attr;
		last = attr;
	}
}

/* Names of attributes are of the dictionary, which the document shares; those
 * of elements that the parser adds are not. */
static xmlNode *new_element(xmlParserCtxt *ctxt, const xmlChar *name,
			    const xmlChar **values)
{
	uintptr_t shared = (uintptr_t)xmlDictLookup(ctxt->dict, name, -1);
	xmlNode *node = xmlNewDocNodeEatName(ctxt->myDoc, NULL,
					     (xmlChar *)shared, NULL);

	if (node && values)
		add_attributes(node, values);
	return node;
}

/* An element costs one, and its attributes one for every four. */
static size_t count_cost(const xmlChar **values)
{
	enum { SHARE = 4 };
	size_t count = 0;

	while (values && values[2 * count])
		count++;
	return 1 + count / SHARE;
}

static void start_element(void *data, const xmlChar *name,
			  const xmlChar **values)
{
	xmlParserCtxt *ctxt = data;
	struct builder *builder = ctxt->_private;
	xmlNode *node;

	builder->nodes += count_cost(values);
	if (builder->nodes > NW_PAGE_NODES) {
		builder->work->over = "too many elements";
		xmlStopParser(ctxt);
		return;
	}
	if (ctxt->nameNr > NAMES) {
		ctxt->name = ctxt->nameTab[--ctxt->nameNr - 1];
		return;
	}
	node = builder->skipped || ctxt->nodeNr >= NW_PAGE_DEPTH ?
		       NULL :
		       new_element(ctxt, name, values);
	if (!node || nodePush(ctxt, node) < 0) {
		xmlFreeNode(node);
		builder->skipped++;
		return;
	}
	ctxt->nodemem = -1;
	if (ctxt->nodeNr > 1)
		(void)xmlAddChild(ctxt->nodeTab[ctxt->nodeNr - 2], node);
	else
		(void)xmlAddChild((xmlNode *)ctxt->myDoc, node);
}

static void end_element(void *data, const xmlChar *name)
{
	xmlParserCtxt *ctxt = data;
	struct builder *builder = ctxt->_private;

	(void)name;
	/* Text goes on in the node that was open: what xmlSAX2Characters()
	 * knows of its last text stays true. */
	if (builder->skipped) {
		builder->skipped--;
		return;
	}
	ctxt->nodemem = -1;
	(void)nodePop(ctxt);
}

/* White space that HTML 4 would have between blocks only; between inline
 * elements that the parser does not know it keeps words apart. */
static void white_space(void *data, const xmlChar *text, int len)
{
	const xmlParserCtxt *ctxt = data;
	const xmlNode *last = ctxt->node ? ctxt->node->last : NULL;

	(void)text;
	(void)len;
	if (last && !nw_dom_is_block(last))
		xmlSAX2Characters(data, (const xmlChar *)" ", 1);
}

static void set_handlers(xmlParserCtxt *ctxt)
{
	ctxt->sax->startDocument = start_document;
	ctxt->sax->startElement = start_element;
	ctxt->sax->endElement = end_element;
	ctxt->sax->ignorableWhitespace = white_space;
	ctxt->sax->comment = NULL;
	ctxt->sax->processingInstruction = NULL;
}

static xmlDoc *parse(const struct nw_buf *text, struct nw_work *work)
{
	struct builder builder = { .work = work };
	xmlParserCtxt *ctxt = htmlNewParserCtxt();
	xmlDoc *doc;

	if (!ctxt)
		return NULL;
	ctxt->_private = &builder;
	set_handlers(ctxt);
	doc = htmlCtxtReadMemory(ctxt, text->data, (int)text->len, NULL,
				 "UTF-8",
				 HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
					 HTML_PARSE_NOWARNING |
					 HTML_PARSE_NONET | HTML_PARSE_COMPACT |
					 XML_PARSE_HUGE);
	xmlFreeParserCtxt(ctxt);
	(void)nw_work_pay(work, builder.nodes);
	return doc;
}

xmlDoc *nw_page_parse(const char *html, size_t len, struct nw_work *work,
		      struct nw_error *err)
{
	struct nw_work own = { 0 };
	struct nw_buf text;
	xmlDoc *doc = NULL;

	/* References grow to at most three octets from five. */
	nw_buf_init(&text, INT32_MAX / 2);
	nw_page_prepare(&text, html, len);
	if (!nw_buf_ok(&text))
		(void)nw_error_set(err, NW_ERROR_REFUSED,
				   "the page is too large to be read");
	else if (!(doc = parse(&text, work ? work : &own)))
		(void)nw_error_set(err, NW_ERROR_DATA,
				   "the page holds no HTML");
	nw_buf_free(&text);
	return doc;
}
