/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What rules change of a page: strings in its HTML, then elements and
 * attributes of its tree.  A site that was rebuilt may use the name of what
 * was once a box for what holds the story: a rule that would take much of that
 * is passed over.
 */
#include "config.h"

#include <string.h>

#include "newswire/buf.h"
#include "newswire/limits.h"
#include "rules_private.h"

/* Of the story's prose, less than this part is taken away by a rule. */
#define SHARE 4

void nw_rule_note(const struct nw_page *page, const struct nw_rule *rule,
		  const char *what, const char *text)
{
	if (page->explain)
		nw_page_note(page, what, rule->value,
			     nw_arena_printf(page->arena, "%s:%u",
					     page->rules->name, rule->line),
			     text);
}

static void note_drop(const struct nw_page *page, const struct nw_rule *rule,
		      const xmlNode *node)
{
	if (page->explain)
		nw_page_note_node(page, "drop", node,
				  nw_arena_printf(page->arena, "%s:%u",
						  page->rules->name,
						  rule->line));
}

bool nw_rules_skip_jsonld(const struct nw_rules *rules)
{
	return nw_rule_flag(rules, NW_RULE_SKIP_JSONLD, false);
}

static void replace(const struct nw_buf *from, const struct nw_rule *rule,
		    struct nw_buf *to)
{
	const char *at = from->data, *end = at + from->len, *found;
	size_t len = strlen(rule->argument);

	while ((found = memmem(at, (size_t)(end - at), rule->argument, len))) {
		nw_buf_add(to, at, (size_t)(found - at));
		nw_buf_adds(to, rule->value);
		at = found + len;
	}
	nw_buf_add(to, at, (size_t)(end - at));
}

void nw_rules_replace(const struct nw_rules *rules, struct nw_buf *html)
{
	const struct nw_rule *rule = NULL;
	struct nw_buf changed;

	while ((rule = nw_rule_next(rules, NW_RULE_REPLACE, rule))) {
		if (!memmem(html->data, html->len, rule->argument,
			    strlen(rule->argument)))
			continue;
		nw_buf_init(&changed, html->max);
		replace(html, rule, &changed);
		/* What would make the page too large is no help. */
		if (nw_buf_ok(&changed)) {
			struct nw_buf before = *html;

			*html = changed;
			changed = before;
		}
		nw_buf_free(&changed);
	}
}

struct edit {
	const struct nw_page *page;
	const struct nw_figures *figures;
	const struct nw_figure *top; /* where the story seems to be, or NULL */
	size_t wrapped;		     /* elements that were made */
};

static bool is_around(const xmlNode *node, const xmlNode *inner)
{
	while (inner && inner != node)
		inner = inner->parent;
	return inner != NULL;
}

/* Whether a selected node can be taken out of the tree: the rest of page/
 * must still find head and body. */
static bool can_go(const struct nw_page *page, const xmlNode *node)
{
	return (node->type == XML_ELEMENT_NODE ||
		node->type == XML_TEXT_NODE) &&
	       node->parent && !is_around(node, page->head) &&
	       !is_around(node, page->body);
}

/* How much of the story's prose is in a node. */
static unsigned weigh(const struct edit *edit, const xmlNode *node)
{
	const struct nw_figure *top = edit->top, *figure = nw_figure_of(node);

	if (!top || node->type != XML_ELEMENT_NODE || !figure ||
	    figure->node != node)
		return 0;
	if (figure < top)
		return figure->end > top - edit->figures->all ? top->mass : 0;
	return figure < edit->figures->all + top->end ? figure->mass : 0;
}

static bool is_too_much(const struct edit *edit, unsigned mass)
{
	return edit->top && mass > edit->top->mass / SHARE;
}

static void note_too_much(const struct edit *edit, const struct nw_rule *rule)
{
	nw_rule_note(edit->page, rule, "keep", "too much of the story");
}

static unsigned weigh_all(const struct edit *edit, const xmlNodeSet *set)
{
	const xmlNode *last = NULL;
	unsigned mass = 0;
	int i;

	for (i = 0; i < set->nodeNr; i++) {
		const xmlNode *node = set->nodeTab[i];

		if (node->type != XML_ELEMENT_NODE ||
		    (last && is_around(last, node)))
			continue;
		mass += weigh(edit, node);
		last = node;
	}
	return mass;
}

/* An empty h1 stays where the headline was: the rest of page/ finds the story
 * by it. */
static void unlink_node(xmlNode *node)
{
	xmlNode *mark = NULL;

	if (nw_dom_is(node, "h1") || nw_dom_find(node, "h1"))
		mark = xmlNewDocNode(node->doc, NULL, (const xmlChar *)"h1",
				     NULL);
	if (mark)
		(void)xmlReplaceNode(node, mark);
	else
		xmlUnlinkNode(node);
}

/* Nodes may lie within each other: all are out of the tree before the first
 * is freed. */
static void remove_nodes(const struct edit *edit, const struct nw_rule *rule,
			 xmlNodeSet *set)
{
	const struct nw_page *page = edit->page;
	int i;

	if (is_too_much(edit, weigh_all(edit, set))) {
		note_too_much(edit, rule);
		return;
	}
	for (i = 0; i < set->nodeNr; i++) {
		xmlNode *node = set->nodeTab[i];

		if (node->type == XML_ATTRIBUTE_NODE) {
			(void)xmlRemoveProp((xmlAttr *)node);
			set->nodeTab[i] = NULL;
		} else if (can_go(page, node)) {
			note_drop(page, rule, node);
		} else if (node->type != XML_NAMESPACE_DECL) {
			set->nodeTab[i] = NULL;
		}
	}
	for (i = 0; i < set->nodeNr; i++)
		if (set->nodeTab[i] &&
		    set->nodeTab[i]->type != XML_NAMESPACE_DECL)
			unlink_node(set->nodeTab[i]);
	for (i = 0; i < set->nodeNr; i++) {
		if (!set->nodeTab[i] ||
		    set->nodeTab[i]->type == XML_NAMESPACE_DECL)
			continue;
		xmlFreeNode(set->nodeTab[i]);
		set->nodeTab[i] = NULL;
	}
}

static void wrap_nodes(struct edit *edit, const struct nw_rule *rule,
		       const xmlNodeSet *set)
{
	int i;

	for (i = 0; i < set->nodeNr && edit->wrapped < NW_RULES_NODES; i++) {
		xmlNode *node = set->nodeTab[i], *around;

		if (node->type != XML_ELEMENT_NODE ||
		    !can_go(edit->page, node))
			continue;
		around = xmlNewDocNode(node->doc, NULL,
				       (const xmlChar *)rule->argument, NULL);
		if (!around)
			return;
		(void)xmlReplaceNode(node, around);
		(void)xmlAddChild(around, node);
		edit->wrapped++;
	}
}

static bool has_word(const xmlNode *node, const struct nw_rule *rule)
{
	const char *class, *id;

	if (rule->kind == NW_RULE_STRIP_IMAGE) {
		const char *src = nw_dom_is(node, "img") ?
					  nw_dom_attr(node, "src") : NULL;

		return src && strstr(src, rule->value);
	}
	if (rule->kind != NW_RULE_STRIP_WORD)
		return false;
	class = nw_dom_attr(node, "class");
	id = nw_dom_attr(node, "id");
	return (class && strstr(class, rule->value)) ||
	       (id && strstr(id, rule->value));
}

/* What a rule by words takes in all. */
struct taking {
	unsigned mass;
	const xmlNode *last; /* what is in it counts once */
};

static void weigh_words(const struct edit *edit, struct taking *takings)
{
	const struct nw_rules *rules = edit->page->rules;
	const xmlNode *top = edit->page->body, *node = top;
	unsigned mass;
	size_t i;

	for (; node; node = nw_dom_next(node, top, false)) {
		mass = weigh(edit, node);
		for (i = 0; mass && i < rules->count; i++) {
			if (!has_word(node, &rules->all[i]) ||
			    (takings[i].last &&
			     is_around(takings[i].last, node)))
				continue;
			takings[i].mass += mass;
			takings[i].last = node;
		}
	}
}

/* The rule that takes an element by its words; NULL. */
static const struct nw_rule *find_word(const struct edit *edit,
				       const struct taking *takings,
				       const xmlNode *node)
{
	const struct nw_rules *rules = edit->page->rules;
	size_t i;

	if (node->type != XML_ELEMENT_NODE || !node->properties ||
	    !can_go(edit->page, node))
		return NULL;
	for (i = 0; i < rules->count; i++)
		if (has_word(node, &rules->all[i]) &&
		    !is_too_much(edit, takings[i].mass))
			return &rules->all[i];
	return NULL;
}

static void strip_words(const struct edit *edit)
{
	const struct nw_rules *rules = edit->page->rules;
	xmlNode *top = edit->page->html, *node, *next;
	const struct nw_rule *rule;
	struct taking *takings;
	size_t i;

	takings = nw_arena_alloc(edit->page->arena,
				 rules->count * sizeof(*takings));
	weigh_words(edit, takings);
	for (i = 0; i < rules->count; i++)
		if (is_too_much(edit, takings[i].mass))
			note_too_much(edit, &rules->all[i]);
	for (node = top; node; node = next) {
		rule = find_word(edit, takings, node);
		next = nw_dom_next(node, top, rule != NULL);
		if (!rule)
			continue;
		note_drop(edit->page, rule, node);
		unlink_node(node);
		xmlFreeNode(node);
	}
}

void nw_rules_strip(const struct nw_page *page, xmlXPathContext *xpath)
{
	const struct nw_rules *rules = page->rules;
	struct nw_figures figures;
	struct edit edit = { .page = page, .figures = &figures };
	xmlXPathObject *value;
	size_t i;

	nw_figures_make(page, page->body, &figures);
	nw_furniture_mark(&figures);
	edit.top = nw_score_choose(&figures);
	for (i = 0; i < rules->count; i++) {
		const struct nw_rule *rule = &rules->all[i];

		if (rule->kind != NW_RULE_STRIP && rule->kind != NW_RULE_WRAP)
			continue;
		value = nw_xpath_value(xpath, rule->value);
		if (nw_xpath_count(value) && rule->kind == NW_RULE_STRIP)
			remove_nodes(&edit, rule, value->nodesetval);
		else if (nw_xpath_count(value))
			wrap_nodes(&edit, rule, value->nodesetval);
		xmlXPathFreeObject(value);
	}
	strip_words(&edit);
}
