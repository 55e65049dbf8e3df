/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "live_private.h"

/* How far above a time its entry may begin. */
enum { LEVELS = 8 };

void nw_live_row_add(const struct nw_live *live, struct nw_live_row *row,
		     xmlNode *at, const xmlNode *top)
{
	unsigned level;

	for (level = 0; at && at != top && level < LEVELS;
	     level++, at = at->parent) {
		row->items = nw_arena_grow(live->page->arena, row->items,
					   row->count, sizeof(*row->items));
		row->items[row->count] = (struct nw_live_child){
			at->parent, at, row->count
		};
		row->count++;
	}
}

static bool is_like(const struct nw_live_child *one,
		    const struct nw_live_child *two)
{
	return one->parent == two->parent &&
	       !strcmp((const char *)one->node->name,
		       (const char *)two->node->name);
}

static int compare_child(const void *a, const void *b)
{
	const struct nw_live_child *one = a, *two = b;

	if (one->parent != two->parent)
		return (uintptr_t)one->parent < (uintptr_t)two->parent ? -1 : 1;
	if (!is_like(one, two))
		return strcmp((const char *)one->node->name,
			      (const char *)two->node->name);
	return one->order < two->order ? -1 : one->order > two->order;
}

void nw_live_row_choose(const struct nw_live *live, struct nw_live_row *row,
			bool (*fits)(const struct nw_live *live,
				     const xmlNode *node))
{
	size_t best_order = 0, i = 0;

	if (row->count)
		qsort(row->items, row->count, sizeof(*row->items),
		      compare_child);
	while (i < row->count) {
		const struct nw_live_child *start = &row->items[i];
		size_t size = 0, first = i;

		for (; i < row->count && is_like(&row->items[i], start); i++)
			size += i == first ||
				row->items[i].node != row->items[i - 1].node;
		/* Of equals the first in the page, whatever the addresses. */
		if ((size > row->size ||
		     (size == row->size && start->order < best_order)) &&
		    (!fits || fits(live, start->node))) {
			row->size = size;
			row->first = first;
			best_order = start->order;
		}
	}
}

void nw_live_row_read(const struct nw_live *live,
		      const struct nw_live_row *row, struct nw_live_list *list)
{
	const struct nw_live_child *start = &row->items[row->first];
	const xmlNode *last = NULL;
	size_t i;

	for (i = row->first; i < row->count && is_like(&row->items[i], start);
	     i++) {
		struct nw_live_entry *entry;
		xmlNode *node = row->items[i].node;

		if (node == last)
			continue;
		last = node;
		entry = nw_live_add(live, list);
		if (entry)
			nw_live_take_node(live, entry, node);
	}
}
