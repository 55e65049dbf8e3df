/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "section_private.h"

static const char *class_of(const xmlNode *node)
{
	const char *class = node ? nw_dom_attr(node, "class") : NULL;

	return class ? class : "";
}

/* How a link is marked up, NULL where nothing tells it from others. */
static const char *look_of(struct nw_arena *arena, const xmlNode *node)
{
	const char *around = class_of(node->parent), *own = class_of(node);
	const char *within = class_of(xmlFirstElementChild((xmlNode *)node));

	if (!*around && !*own && !*within)
		return NULL;
	return nw_arena_printf(arena, "%.80s/%.80s/%.80s", around, own, within);
}

struct look {
	const char *text;
	struct nw_section_link *link;
};

static int by_look(const void *a, const void *b)
{
	const struct look *left = a, *right = b;

	return strcmp(left->text, right->text);
}

void nw_section_count_kin(const struct nw_page *page,
			  struct nw_section_link *links, size_t link_count)
{
	struct look *looks = nw_arena_alloc(page->arena,
					    link_count * sizeof(*looks));
	size_t count = 0, first, end, i;

	for (i = 0; i < link_count; i++) {
		looks[count].text = look_of(page->arena, links[i].figure->node);
		looks[count].link = &links[i];
		count += links[i].story == &links[i] && looks[count].text;
	}
	qsort(looks, count, sizeof(*looks), by_look);
	for (first = 0; first < count; first = end) {
		for (end = first; end < count &&
				  !strcmp(looks[end].text, looks[first].text);)
			end++;
		for (i = first; i < end; i++)
			looks[i].link->kin = (unsigned)(end - first);
	}
}
