/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * XPath 1.0 by libxml2.  Expressions are the operator's, pages are not: what
 * an expression costs grows with the page, so a page has at most so many
 * nodes, so much text below all of them (which is what looking for a word in
 * each costs), and one budget of operations for all of its rules.
 */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "newswire/limits.h"
#include "rules_private.h"

static void keep_quiet(void *context, xmlError *error)
{
	(void)context;
	(void)error;
}

static void keep_still(void *context, const char *format, ...)
{
	(void)context;
	(void)format;
}

static xmlXPathContext *new_context(xmlDoc *doc)
{
	xmlXPathContext *xpath = xmlXPathNewContext(doc);

	if (xpath) {
		xpath->node = (xmlNode *)doc;
		xpath->error = keep_quiet;
		xpath->opLimit = NW_RULES_OPERATIONS;
	}
	return xpath;
}

/* What may stand before "(": functions (XPath 1.0 section 4), tests of nodes
 * and operators. */
static const char *const callable[] = {
	"and", "boolean", "ceiling", "comment", "concat", "contains", "count",
	"div", "false", "floor", "id", "lang", "last", "local-name", "mod",
	"name", "namespace-uri", "node", "normalize-space", "not", "number",
	"or", "position", "processing-instruction", "round", "starts-with",
	"string", "string-length", "substring", "substring-after",
	"substring-before", "sum", "text", "translate", "true",
};

static bool is_callable(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(callable) / sizeof(callable[0]); i++)
		if (strlen(callable[i]) == len &&
		    !memcmp(callable[i], name, len))
			return true;
	return false;
}

/* Where the name before a "(" begins, its axis not counted. */
static const char *name_start(const char *expression, const char *end)
{
	const char *start = end;

	while (start > expression &&
	       (isalnum((unsigned char)start[-1]) ||
		strchr("-_.:", start[-1]))) {
		if (end - start > 0 && start[-1] == ':' &&
		    start - 1 > expression && start[-2] == ':')
			break;
		start--;
	}
	return start;
}

/* A name that is called and is no function: libxml2 finds it when it comes to
 * call it only, and then prints a message.  NULL: there is none. */
static const char *find_unknown(const char *expression)
{
	const char *at, *start, *end;
	char quote = '\0';

	for (at = expression; *at; at++) {
		if (quote) {
			if (*at == quote)
				quote = '\0';
			continue;
		}
		if (*at == '"' || *at == '\'')
			quote = *at;
		if (*at != '(')
			continue;
		for (end = at; end > expression && end[-1] == ' ';)
			end--;
		start = name_start(expression, end);
		if (start < end && !is_callable(start, (size_t)(end - start)))
			return start;
	}
	return NULL;
}

const char *nw_xpath_check(struct nw_arena *arena, const char *expression)
{
	xmlXPathContext *xpath = new_context(NULL);
	xmlXPathCompExpr *compiled = NULL;
	const char *why = NULL, *unknown = find_unknown(expression);
	size_t at = 0;

	if (xpath)
		compiled = xmlXPathCtxtCompile(xpath,
					       (const xmlChar *)expression);
	if (xpath && !compiled && xpath->lastError.int1 > 0)
		at = (size_t)xpath->lastError.int1;
	if (compiled)
		why = unknown ? nw_arena_printf(arena,
						"no function begins \"%s\"",
						unknown) :
				NULL;
	else if (at < strlen(expression))
		why = nw_arena_printf(arena, "is no XPath from \"%s\" on",
				      expression + at);
	else
		why = "is no XPath: something is missing at its end";
	xmlXPathFreeCompExpr(compiled);
	xmlXPathFreeContext(xpath);
	return why;
}

static size_t depth_of(const xmlNode *node)
{
	size_t depth = 0;

	while ((node = node->parent))
		depth++;
	return depth;
}

static bool is_affordable(const xmlNode *top)
{
	const xmlNode *node = top;
	size_t nodes = 0, weight = 0;
	for (; node; node = nw_dom_next(node, top, false)) {
		if (node->type != XML_ELEMENT_NODE && node->content)
			weight += strlen((const char *)node->content) *
				  depth_of(node);
		if (++nodes > NW_RULES_NODES || weight > NW_RULES_WEIGHT)
			return false;
	}
	return true;
}

xmlXPathContext *nw_xpath_open(xmlDoc *doc)
{
	const xmlNode *top = xmlDocGetRootElement(doc);

	if (!top || !is_affordable(top))
		return NULL;
	/* Else to sort what was selected would take walks through the tree. */
	(void)xmlXPathOrderDocElems(doc);
	return new_context(doc);
}

void nw_xpath_close(xmlXPathContext *xpath)
{
	xmlNode *top, *node;

	if (!xpath)
		return;
	top = xmlDocGetRootElement(xpath->doc);
	for (node = top; node; node = nw_dom_next(node, top, false))
		if (node->type == XML_ELEMENT_NODE)
			node->content = NULL;
	xmlXPathFreeContext(xpath);
}

/* A budget that is used up is told to the generic handler, which prints. */
xmlXPathObject *nw_xpath_value(xmlXPathContext *xpath, const char *expression)
{
	xmlGenericErrorFunc print = xmlGenericError;
	void *context = xmlGenericErrorContext;
	xmlXPathObject *value;

	if (xpath->opCount >= xpath->opLimit)
		return NULL;
	xmlSetGenericErrorFunc(NULL, keep_still);
	value = xmlXPathEval((const xmlChar *)expression, xpath);
	xmlSetGenericErrorFunc(context, print);
	return value;
}

size_t nw_xpath_count(const xmlXPathObject *value)
{
	if (!value || value->type != XPATH_NODESET || !value->nodesetval)
		return 0;
	return (size_t)value->nodesetval->nodeNr;
}
