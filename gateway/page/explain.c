/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decisions in words, for "newswire convert --explain".  An element's place
 * is an XPath that a rule can name: from the nearest id on, each step with
 * its class, or with its number among those of its name.
 */
#include "config.h"

#include <string.h>

#include "newswire/buf.h"
#include "newswire/utf8.h"
#include "page_private.h"

#define PLACE_BYTES 4096
#define PLACE_STEPS 32
/* Nobody counts further. */
#define SIBLINGS 2000
/* A longer class is a list of looks, and tells nothing. */
#define CLASS_BYTES 60
#define TEXT_BYTES 60

static bool can_be_quoted(const char *value)
{
	return value && *value && !strpbrk(value, "\"\n\r\t") &&
	       strlen(value) <= CLASS_BYTES;
}

/* Counts the elements of its name that stand before it, or behind it, among
 * the next SIBLINGS. */
static unsigned count_twins(const xmlNode *node, bool before)
{
	const xmlNode *other = node;
	unsigned twins = 0, looks;

	for (looks = 0; looks < SIBLINGS; looks++) {
		other = before ? other->prev : other->next;
		if (!other)
			break;
		twins += other->type == XML_ELEMENT_NODE &&
			 !xmlStrcmp(other->name, node->name);
	}
	return twins;
}

/* Counts from 1; 0 when it is the only one of its name. */
static unsigned ordinal(const xmlNode *node)
{
	unsigned before = count_twins(node, true);

	return before || count_twins(node, false) ? before + 1 : 0;
}

static void add_step(struct nw_buf *out, const xmlNode *node)
{
	const char *class = nw_dom_attr(node, "class");
	unsigned number = ordinal(node);

	nw_buf_addf(out, "/%s", (const char *)node->name);
	if (can_be_quoted(class))
		nw_buf_addf(out, "[@class=\"%s\"]", class);
	else if (number)
		nw_buf_addf(out, "[%u]", number);
}

static void add_place(struct nw_buf *out, const xmlNode *node)
{
	const xmlNode *steps[PLACE_STEPS];
	size_t count = 0;
	const char *id = NULL;

	for (; node && node->type == XML_ELEMENT_NODE && count < PLACE_STEPS;
	     node = node->parent) {
		steps[count++] = node;
		id = nw_dom_attr(node, "id");
		if (can_be_quoted(id))
			break;
		id = NULL;
	}
	if (!count)
		return;
	if (id)
		nw_buf_addf(out, "//%s[@id=\"%s\"]",
			    (const char *)steps[--count]->name, id);
	else if (count == PLACE_STEPS)
		nw_buf_addc(out, '/');
	while (count)
		add_step(out, steps[--count]);
}

void nw_page_note(const struct nw_page *page, const char *what,
		  const char *place, const char *why, const char *text)
{
	const struct nw_page_note note = {
		.what = what, .place = place, .why = why, .text = text,
	};

	if (page->explain)
		page->explain(&note, page->explain_context);
}

void nw_page_note_node(const struct nw_page *page, const char *what,
		       const xmlNode *node, const char *why)
{
	struct nw_buf place;

	if (!page->explain)
		return;
	nw_buf_init(&place, PLACE_BYTES);
	add_place(&place, node);
	nw_page_note(page, what, nw_buf_ok(&place) ? place.data : NULL, why,
		     nw_dom_text(page->arena, node, TEXT_BYTES));
	nw_buf_free(&place);
}

void nw_page_note_text(const struct nw_page *page, const char *what,
		       const char *why, const char *text)
{
	if (page->explain)
		nw_page_note(page, what, NULL, why,
			     nw_utf8_line(page->arena, text, strlen(text),
					  TEXT_BYTES));
}
