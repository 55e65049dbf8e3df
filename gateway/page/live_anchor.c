/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "newswire/limits.h"
#include "newswire/names.h"
#include "html_private.h"
#include "live_private.h"

/* An element that carries the id of an update. */
struct anchor {
	xmlNode *node;
	const char *id;
};

struct anchors {
	struct anchor *items;
	size_t count;
	const char **ids; /* of the structured data, sorted */
	size_t id_count;
};

static void sort_ids(const struct nw_live *live,
		     const struct nw_live_list *known, struct anchors *anchors)
{
	size_t i;

	anchors->ids = nw_arena_alloc(live->page->arena,
				      known->count * sizeof(*anchors->ids));
	for (i = 0; i < known->count; i++)
		if (known->entries[i].id)
			anchors->ids[anchors->id_count++] =
				known->entries[i].id;
	nw_names_sort(anchors->ids, anchors->id_count);
}

/* Whether an attribute may hold an id: "id", "name", "data-post-id". */
static bool is_id_attribute(const char *name)
{
	size_t len = strlen(name);

	return !strcmp(name, "id") || !strcmp(name, "name") ||
	       (!strncmp(name, "data-", 5) && len > 6 &&
		!strcmp(name + len - 2, "id"));
}

static const char *find_id(const struct nw_live *live,
			   const struct anchors *anchors, const xmlNode *node)
{
	const xmlAttr *attr;

	for (attr = node->properties; attr; attr = attr->next) {
		const char *id;

		if (!attr->children || !attr->children->content ||
		    !is_id_attribute((const char *)attr->name))
			continue;
		id = nw_live_id(live, (const char *)attr->children->content);
		if (id && nw_names_have(anchors->ids, anchors->id_count, id))
			return id;
	}
	return NULL;
}

/* Takes note of each id once, where it first stands. */
static void collect(const struct nw_live *live, struct anchors *anchors)
{
	struct nw_arena *arena = live->page->arena;
	xmlNode *top = live->page->body;
	xmlNode *node = nw_dom_next(top, top, false);

	while (node && anchors->count < NW_STORY_UPDATES) {
		const char *id = node->type == XML_ELEMENT_NODE &&
						 !nw_dom_is_hidden(node)
					 ? find_id(live, anchors, node)
					 : NULL;
		const struct anchor *last =
			anchors->count ? &anchors->items[anchors->count - 1]
				       : NULL;

		if (id && (!last || strcmp(last->id, id))) {
			anchors->items =
				nw_arena_grow(arena, anchors->items,
					      anchors->count, sizeof(*last));
			anchors->items[anchors->count++] =
				(struct anchor) { node, id };
		}
		node = nw_dom_next(node, top, false);
	}
}

/* Whether a node holds more than the name of an entry. */
static bool holds_text(const xmlNode *top)
{
	enum { LETTERS = 40 };
	const xmlNode *node = top;
	size_t letters = 0;

	if (nw_html_element(top)->treatment == NW_HTML_HEADING ||
	    nw_dom_is(top, "a") || nw_dom_is(top, "time"))
		return false;
	for (; node && letters < LETTERS;
	     node = nw_dom_next(node, top, nw_dom_is_hidden(node))) {
		const xmlChar *at =
			node->type == XML_TEXT_NODE ? node->content : NULL;

		for (; at && *at; at++)
			letters += isalnum(*at) || *at >= 0x80;
		if (node->type == XML_ELEMENT_NODE &&
		    nw_html_element(node)->treatment == NW_HTML_IMAGE)
			return true;
	}
	return letters >= LETTERS;
}

static bool holds(const xmlNode *top, const xmlNode *node)
{
	while (node && node != top)
		node = node->parent;
	return node != NULL;
}

/* The element of the entry that an anchor names: the anchor, or what is
 * around it as far as no other entry is in it. */
static xmlNode *find_entry(const struct nw_live *live,
			   const struct anchors *anchors, size_t at)
{
	enum { LEVELS = 6 };
	const xmlNode *before = at ? anchors->items[at - 1].node : NULL;
	const xmlNode *after =
		at + 1 < anchors->count ? anchors->items[at + 1].node : NULL;
	xmlNode *node = anchors->items[at].node;
	unsigned level;

	for (level = 0; level < LEVELS && !holds_text(node); level++) {
		xmlNode *parent = node->parent;

		if (parent == live->page->body || nw_dom_is(parent, "main") ||
		    (before && holds(parent, before)) ||
		    (after && holds(parent, after)))
			break;
		node = parent;
	}
	return node;
}

void nw_live_read_anchors(const struct nw_live *live,
			  const struct nw_live_list *known,
			  struct nw_live_list *list)
{
	struct anchors anchors = { .count = 0 };
	const xmlNode *last = NULL;
	size_t i;

	sort_ids(live, known, &anchors);
	if (!live->page->body || !anchors.id_count)
		return;
	collect(live, &anchors);
	for (i = 0; i < anchors.count; i++) {
		xmlNode *node = find_entry(live, &anchors, i);
		struct nw_live_entry *entry;

		/* An entry within an entry says the same. */
		if (last && holds(last, node))
			continue;
		entry = nw_live_add(live, list);
		if (!entry)
			return;
		last = node;
		entry->id = anchors.items[i].id;
		nw_live_take_node(live, entry, node);
	}
}
