/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/buf.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "html_private.h"
#include "live_private.h"

enum { ENOUGH = 3, HEAD_BYTES = 300, DAY_S = 86400 };

/* Where something begins in the text of a page. */
struct mark {
	xmlNode *node; /* heading or paragraph */
	int clock;     /* of an update; else it ends one */
	int64_t day;
	size_t used; /* bytes of the time in the node's text */
	bool heading;
};

struct marks {
	struct mark *items;
	size_t count, timed;
};

/* The first bytes of a node's text as they stand in the tree. */
static void gather(struct nw_buf *text, const xmlNode *top)
{
	const xmlNode *node = top;

	nw_buf_reset(text);
	for (; node && text->len < HEAD_BYTES;
	     node = nw_dom_next(node, top, nw_dom_is_hidden(node))) {
		size_t len;

		if (node->type != XML_TEXT_NODE || !node->content)
			continue;
		len = strlen((const char *)node->content);
		if (len > text->max - text->len)
			len = text->max - text->len;
		nw_buf_add(text, node->content, len);
	}
}

static bool is_heading(const xmlNode *node)
{
	return node->type == XML_ELEMENT_NODE &&
	       nw_html_element(node)->treatment == NW_HTML_HEADING;
}

/* A paragraph that opens with bold type may open an update. */
static bool opens_bold(const xmlNode *node)
{
	const xmlNode *child = node->children;

	while (child && child->type == XML_TEXT_NODE && child->content &&
	       strspn((const char *)child->content, " \t\r\n+") ==
		       strlen((const char *)child->content))
		child = child->next;
	return child && (nw_dom_is(child, "strong") || nw_dom_is(child, "b"));
}

/* A heading that is only a date. */
static int64_t read_day(const char *text)
{
	struct nw_date date;

	if (strlen(text) > NW_DATE_BYTES ||
	    nw_date_parse(text, strlen(text), &date) < 0 || date.has_time)
		return NW_TIME_NONE;
	return date.utc / DAY_S;
}

static void add_mark(const struct nw_live *live, struct marks *marks,
		     const struct mark *mark)
{
	marks->items = nw_arena_grow(live->page->arena, marks->items,
				     marks->count, sizeof(*marks->items));
	marks->items[marks->count++] = *mark;
	marks->timed += mark->clock >= 0;
}

/* All headings of the page, and the paragraphs that open with a time. */
static void find_marks(const struct nw_live *live, struct marks *marks)
{
	xmlNode *top = live->page->body;
	xmlNode *node = nw_dom_next(top, top, false);
	struct nw_buf text;

	nw_buf_init(&text, HEAD_BYTES);
	while (node) {
		struct mark mark = { .node = node, .day = NW_TIME_NONE };
		bool hidden = nw_dom_is_hidden(node);

		mark.clock = NW_LIVE_NO_CLOCK;
		mark.heading = is_heading(node);
		if (mark.heading ||
		    (nw_dom_is(node, "p") && opens_bold(node))) {
			gather(&text, node);
			mark.clock =
				nw_live_clock(text.data, &mark.used, &mark.day);
			if (mark.clock < 0 && mark.heading)
				mark.day = read_day(text.data);
			if (mark.clock >= 0 || mark.heading)
				add_mark(live, marks, &mark);
		}
		node = nw_dom_next(node, top, hidden || mark.heading);
	}
	nw_buf_free(&text);
}

static bool is_below(const xmlNode *node, const xmlNode *top)
{
	while (node && node != top)
		node = node->parent;
	return node != NULL;
}

/* The smallest element with all updates in it. */
static xmlNode *find_container(const struct marks *marks)
{
	xmlNode *container = NULL;
	size_t i;

	for (i = 0; i < marks->count; i++) {
		if (marks->items[i].clock < 0)
			continue;
		if (!container)
			container = marks->items[i].node->parent;
		while (container->parent &&
		       !is_below(marks->items[i].node, container))
			container = container->parent;
	}
	return container;
}

/* Takes the first bytes of text below a node away. */
static void cut_text(xmlNode *top, size_t bytes)
{
	xmlNode *node = top;

	for (; node && bytes; node = nw_dom_next(node, top, false)) {
		size_t len;
		xmlChar *rest;

		if (node->type != XML_TEXT_NODE || !node->content)
			continue;
		len = strlen((const char *)node->content);
		if (len > bytes)
			len = bytes;
		rest = xmlStrdup(node->content + len);
		if (!rest)
			return;
		xmlNodeSetContent(node, rest);
		xmlFree(rest);
		bytes -= len;
	}
}

static bool holds_mark(const xmlNode *node, const struct mark *mark)
{
	return mark && is_below(mark->node, node);
}

/* Moves what stands between the update's head and the next mark to a new
 * element, in order. */
static void move_content(xmlNode *holder, xmlNode *container, xmlNode *after,
			 const struct mark *next)
{
	xmlNode *node = after, *following;

	while (node && node != container) {
		if (holds_mark(node, next)) {
			if (node == next->node)
				return;
			node = node->children;
			continue;
		}
		following = nw_dom_next(node, container, true);
		xmlUnlinkNode(node);
		(void)xmlAddChild(holder, node);
		node = following;
	}
}

/* The next mark that ends an update: one with a time or a day, or a heading
 * of the level of these updates. */
static const struct mark *find_end(const struct marks *marks, size_t at,
				   const xmlNode *container)
{
	const struct mark *mark = &marks->items[at];

	while (++at < marks->count) {
		const struct mark *next = &marks->items[at];
		bool same = next->heading &&
			    (!mark->heading ||
			     strcmp((const char *)next->node->name,
				    (const char *)mark->node->name) <= 0);

		if (!is_below(next->node, container))
			return NULL;
		if (next->clock >= 0 || next->day != NW_TIME_NONE || same)
			return next;
	}
	return NULL;
}

static void read_update(const struct nw_live *live, struct nw_live_entry *entry,
			const struct mark *mark, xmlNode *container,
			const struct mark *next)
{
	xmlNode *holder = xmlNewDocNode(live->page->doc, NULL,
					(const xmlChar *)"div", NULL);
	xmlNode *after = nw_dom_next(mark->node, container, true);

	if (!holder)
		return;
	entry->clock = mark->clock;
	entry->node = holder;
	cut_text(mark->node, mark->used);
	if (mark->heading) {
		entry->title =
			nw_live_title(live,
				      nw_html_text_line(live->page->arena,
							mark->node, NULL,
							NW_STORY_TITLE_BYTES));
		entry->title_node = mark->node;
	}
	move_content(holder, container, after, next);
	xmlUnlinkNode(mark->node);
	if (holder->children)
		(void)xmlAddPrevSibling(holder->children, mark->node);
	else
		(void)xmlAddChild(holder, mark->node);
}

/* Whether times go one way, but for a few: a timetable of one day and a list
 * of updates do, prices and results do not. */
static bool is_ordered(const struct marks *marks)
{
	size_t up = 0, down = 0, i;
	int last = NW_LIVE_NO_CLOCK;

	for (i = 0; i < marks->count; i++) {
		if (marks->items[i].day != NW_TIME_NONE)
			last = NW_LIVE_NO_CLOCK;
		if (marks->items[i].clock < 0)
			continue;
		if (last >= 0) {
			up += marks->items[i].clock > last;
			down += marks->items[i].clock < last;
		}
		last = marks->items[i].clock;
	}
	return up < 2 || down < 2 || up >= 3 * down || down >= 3 * up;
}

/* Whether there is text between the times, which a timetable lacks. */
static bool has_texts(const struct nw_live *live, const xmlNode *container,
		      const struct marks *marks)
{
	enum { TEXT_BYTES = 100 };
	size_t need = marks->timed * TEXT_BYTES;
	const char *text = nw_dom_text(live->page->arena, container, need);

	return text && strlen(text) + TEXT_BYTES > need;
}

/* Headings with nothing but a day say nothing without the updates. */
static void remove_days(const struct marks *marks, const xmlNode *container)
{
	size_t i;

	for (i = 0; i < marks->count; i++) {
		const struct mark *mark = &marks->items[i];

		if (mark->clock >= 0 || mark->day == NW_TIME_NONE ||
		    !is_below(mark->node, container))
			continue;
		xmlUnlinkNode(mark->node);
		xmlFreeNode(mark->node);
	}
}

void nw_live_read_plain(const struct nw_live *live, struct nw_live_list *list)
{
	struct marks marks = { .count = 0 };
	int64_t day = NW_TIME_NONE;
	xmlNode *container;
	size_t i;

	if (!live->page->body || !nw_live_looks_live(live))
		return;
	find_marks(live, &marks);
	if (marks.timed < ENOUGH || !is_ordered(&marks))
		return;
	container = find_container(&marks);
	if (!has_texts(live, container, &marks))
		return;
	for (i = 0; i < marks.count; i++) {
		const struct mark *mark = &marks.items[i];
		struct nw_live_entry *entry;

		if (mark->day != NW_TIME_NONE)
			day = mark->day;
		if (mark->clock < 0)
			continue;
		entry = nw_live_add(live, list);
		if (!entry)
			break;
		entry->day = day;
		read_update(live, entry, mark, container,
			    find_end(&marks, i, container));
	}
	remove_days(&marks, container);
}
