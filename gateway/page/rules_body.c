/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The body that rules select.  Sites are rebuilt and their rules grow old: an
 * expression that selects little of the prose that is found without it is
 * passed over.
 */
#include "config.h"

#include <string.h>

#include "rules_private.h"

/* Of what is found without rules, this part must be selected. */
#define SHARE 4

/* Elements in the order of the page, none within another. */
struct selection {
	xmlNode **nodes;
	size_t count;
	size_t text;	/* letters in all of them */
};

static bool is_within(const xmlNode *node, const xmlNode *around)
{
	while (node && node != around)
		node = node->parent;
	return node != NULL;
}

/* Elements without a figure are not of the body, or no text. */
static void select_nodes(const struct nw_page *page,
			 const xmlXPathObject *value,
			 struct selection *selection)
{
	size_t i, count = nw_xpath_count(value);

	for (i = 0; i < count; i++) {
		xmlNode *node = value->nodesetval->nodeTab[i];
		const struct nw_figure *figure;

		if (node->type != XML_ELEMENT_NODE)
			continue;
		figure = nw_figure_of(node);
		if (!figure || figure->node != node ||
		    (selection->count &&
		     is_within(node,
			       selection->nodes[selection->count - 1])))
			continue;
		selection->nodes = nw_arena_grow(page->arena, selection->nodes,
						 selection->count,
						 sizeof(xmlNode *));
		selection->nodes[selection->count++] = node;
		selection->text += figure->text;
	}
}

static bool is_enough(const struct nw_page *page,
		      const struct selection *selection, unsigned found)
{
	if (!nw_rule_flag(page->rules, NW_RULE_AUTODETECT, true))
		return selection->count > 0;
	return selection->count && selection->text * SHARE >= found;
}

/* One element that holds them all, where the first of them was. */
static xmlNode *join(const struct nw_page *page,
		     const struct selection *selection)
{
	xmlNode *around;
	size_t i;

	if (selection->count == 1)
		return selection->nodes[0];
	around = xmlNewDocNode(page->doc, NULL, (const xmlChar *)"div", NULL);
	if (!around)
		return selection->nodes[0];
	around->_private = nw_figure_of(selection->nodes[0]);
	(void)xmlReplaceNode(selection->nodes[0], around);
	(void)xmlAddChild(around, selection->nodes[0]);
	for (i = 1; i < selection->count; i++) {
		xmlUnlinkNode(selection->nodes[i]);
		(void)xmlAddChild(around, selection->nodes[i]);
	}
	return around;
}

static bool select_body(const struct nw_page *page, xmlXPathContext *xpath,
			unsigned found, struct selection *selection)
{
	const struct nw_rule *rule = NULL;

	while ((rule = nw_rule_next(page->rules, NW_RULE_BODY, rule))) {
		xmlXPathObject *value = nw_xpath_value(xpath, rule->value);

		*selection = (struct selection){ .count = 0 };
		select_nodes(page, value, selection);
		xmlXPathFreeObject(value);
		if (!is_enough(page, selection, found)) {
			nw_rule_note(page, rule, "body",
				     selection->count ? "too little text" :
							"nothing there");
			continue;
		}
		nw_rule_note(page, rule, "body", NULL);
		return true;
	}
	return false;
}

bool nw_rules_body(const struct nw_page *page, unsigned found,
		   xmlNode **body_r)
{
	struct selection selection = { .count = 0 };
	xmlXPathContext *xpath;
	bool selected;

	*body_r = NULL;
	if (!nw_rule_next(page->rules, NW_RULE_BODY, NULL))
		return false;
	xpath = nw_xpath_open(page->doc);
	selected = xpath && select_body(page, xpath, found, &selection);
	nw_xpath_close(xpath);
	if (selected)
		*body_r = join(page, &selection);
	return selected || !nw_rule_flag(page->rules, NW_RULE_AUTODETECT, true);
}

bool nw_rules_prune(const struct nw_page *page)
{
	return nw_rule_flag(page->rules, NW_RULE_PRUNE, true);
}
