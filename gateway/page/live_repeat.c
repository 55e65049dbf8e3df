/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "html_private.h"
#include "live_private.h"

/* How many times are looked at, and how many entries make a list. */
enum { TIMES = 6000, ENOUGH = 3, ENOUGH_KNOWN = 2 };

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
static void collect(const struct nw_live *live, struct nw_live_row *row)
{
	static const char *const words[] = {
		"comment", "comments", "related", NULL
	};
	const xmlNode *top = live->page->body;
	xmlNode *node = nw_dom_next(top, top, false);
	size_t times = 0;

	while (node && times < TIMES) {
		bool skip = node->type == XML_ELEMENT_NODE &&
			    (is_beside(node) ||
			     nw_html_has_word(node, "class", words));

		if (!skip && is_time(node)) {
			times++;
			nw_live_row_add(live, row, node->parent, top);
		}
		node = nw_dom_next(node, top, skip);
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
	struct nw_live_row row = { .count = 0 };

	if (!live->page->body || (!known->count && !nw_live_looks_live(live)))
		return;
	collect(live, &row);
	nw_live_row_choose(live, &row, NULL);
	if (row.size < (known->count ? ENOUGH_KNOWN : ENOUGH))
		return;
	nw_live_row_read(live, &row, list);
	if (!known->count && (!is_close(list) || !has_texts(live, list)))
		list->count = 0;
	nw_live_drop_positions(list);
}
