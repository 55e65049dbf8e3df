/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "newswire/limits.h"
#include "html_private.h"
#include "live_private.h"

/* How far above a time its entry may begin, and how many times are looked
 * at. */
enum { LEVELS = 8, TIMES = 6000, ENOUGH = 3, ENOUGH_KNOWN = 2 };

/* An element with a time in it, as one of several alike below one parent. */
struct child {
	const xmlNode *parent;
	xmlNode *node;
	size_t order;
};

struct children {
	struct child *items;
	size_t count;
};

static void add_child(const struct nw_live *live, struct children *children,
		      xmlNode *node)
{
	struct child *child;

	children->items =
		nw_arena_grow(live->page->arena, children->items,
			      children->count, sizeof(*children->items));
	child = &children->items[children->count];
	child->parent = node->parent;
	child->node = node;
	child->order = children->count++;
}

/* Whether an element says a time of day. */
static bool is_time(const xmlNode *node)
{
	const char *text =
		nw_dom_is(node, "time") ? nw_dom_attr(node, "datetime") : NULL;
	struct nw_date date;

	return text && nw_date_parse(text, strlen(text), &date) == 0 &&
	       date.has_time;
}

/* Whether an element holds what is not the page's own text. */
static bool is_beside(const xmlNode *node)
{
	return nw_dom_is(node, "nav") || nw_dom_is(node, "aside") ||
	       nw_dom_is(node, "footer");
}

/* What is around each time, level by level.  Times in the head of the page,
 * its menus and comments are not of entries. */
static void collect(const struct nw_live *live, struct children *children)
{
	static const char *const words[] = {
		"comment", "comments", "related", NULL
	};
	const xmlNode *top = live->page->body;
	xmlNode *node = nw_dom_next(top, top, false), *at;
	size_t times = 0;
	unsigned level;

	while (node && times < TIMES) {
		bool skip = node->type == XML_ELEMENT_NODE &&
			    (is_beside(node) ||
			     nw_html_has_word(node, "class", words));

		if (!skip && is_time(node)) {
			times++;
			at = node->parent;
			for (level = 0;
			     at && at != top && at->parent && level < LEVELS;
			     level++, at = at->parent)
				add_child(live, children, at);
		}
		node = nw_dom_next(node, top, skip);
	}
}

static bool is_like(const struct child *one, const struct child *two)
{
	return one->parent == two->parent &&
	       !strcmp((const char *)one->node->name,
		       (const char *)two->node->name);
}

static int compare_child(const void *a, const void *b)
{
	const struct child *one = a, *two = b;

	if (one->parent != two->parent)
		return (uintptr_t)one->parent < (uintptr_t)two->parent ? -1 : 1;
	if (!is_like(one, two))
		return strcmp((const char *)one->node->name,
			      (const char *)two->node->name);
	return one->order < two->order ? -1 : one->order > two->order;
}

/* The parent with the most alike children; they come first in a row.  Returns
 * their number, with the first one's place in first_r. */
static size_t find_row(struct children *children, size_t *first_r)
{
	size_t best = 0, best_order = 0, i = 0;

	if (!children->count)
		return 0;
	qsort(children->items, children->count, sizeof(*children->items),
	      compare_child);
	while (i < children->count) {
		const struct child *start = &children->items[i];
		size_t count = 0, first = i;

		for (;
		     i < children->count && is_like(&children->items[i], start);
		     i++)
			count += i == first ||
				 children->items[i].node !=
					 children->items[i - 1].node;
		/* Of equals the first in the page, whatever the addresses. */
		if (count > best ||
		    (count == best && start->order < best_order)) {
			best = count;
			best_order = start->order;
			*first_r = first;
		}
	}
	return best;
}

static void read_row(const struct nw_live *live,
		     const struct children *children, size_t first,
		     struct nw_live_list *list)
{
	const struct child *start = &children->items[first];
	const xmlNode *last = NULL;
	size_t i;

	for (i = first;
	     i < children->count && is_like(&children->items[i], start); i++) {
		struct nw_live_entry *entry;
		xmlNode *node = children->items[i].node;

		if (node == last)
			continue;
		last = node;
		entry = nw_live_add(live, list);
		if (entry)
			nw_live_take_node(live, entry, node);
	}
}

/* Entries of one page are of a few days. */
static bool is_close(const struct nw_live_list *list)
{
	enum { SPAN_S = 60 * 86400 };
	int64_t low = INT64_MAX, high = INT64_MIN;
	size_t i;

	for (i = 0; i < list->count; i++) {
		int64_t time = list->entries[i].published_utc;

		if (time == NW_TIME_NONE)
			continue;
		if (time < low)
			low = time;
		if (time > high)
			high = time;
	}
	return low < high && high - low < SPAN_S;
}

/* Whether most entries hold some text. */
static bool has_texts(const struct nw_live *live,
		      const struct nw_live_list *list)
{
	enum { TEXT_BYTES = 80 };
	size_t count = 0, i;

	for (i = 0; i < list->count; i++) {
		const char *text =
			nw_dom_text(live->page->arena, list->entries[i].node,
				    TEXT_BYTES);

		count += text && strlen(text) > TEXT_BYTES / 2;
	}
	return 2 * count > list->count;
}

void nw_live_read_repeats(const struct nw_live *live,
			  const struct nw_live_list *known,
			  struct nw_live_list *list)
{
	struct children children = { .count = 0 };
	size_t first = 0, count;

	if (!live->page->body || (!known->count && !nw_live_looks_live(live)))
		return;
	collect(live, &children);
	count = find_row(&children, &first);
	if (count < (known->count ? ENOUGH_KNOWN : ENOUGH))
		return;
	read_row(live, &children, first, list);
	if (!known->count && (!is_close(list) || !has_texts(live, list)))
		list->count = 0;
	nw_live_drop_positions(list);
}
