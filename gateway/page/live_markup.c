/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "live_private.h"

/*
 * The markup of live pages that is known: what an entry looks like, and
 * where its id and times stand.  Times without an attribute are found in the
 * entry.  The row whose entries are most is taken, if they have times.
 */
static const struct format {
	const char *element;   /* NULL: any */
	const char *attribute; /* that it has, or NULL */
	const char *value;     /* of the attribute, or its start before "*"
				 * (anything) or "%" (a long hex number) */
	const char *class;     /* a whole word of class, or NULL */
	const char *id;	       /* attribute with the id */
	const char *published, *modified; /* attributes, or NULL */
} formats[] = {
	/* Reach: Mirror, Express, Cork Beo */
	{ NULL, "data-post-time", NULL, "live-event-entry", "id",
	  "data-post-time", "data-last-modified-time" },
	/* The Guardian */
	{ NULL, "id", "block-%", "block", "id", NULL, NULL },
	/* WordPress Liveblog, by page and by AMP */
	{ NULL, "data-timestamp", NULL, "liveblog-entry", "id",
	  "data-timestamp", NULL },
	/* amp-live-list, Express, superdesk's AMP theme */
	{ NULL, "data-sort-time", NULL, NULL, "id", "data-sort-time",
	  "data-update-time" },
	{ NULL, NULL, NULL, "liveblog-entry", "id", NULL, NULL },
	/* superdesk */
	{ NULL, "data-js-post-id", NULL, NULL, "data-js-post-id", NULL,
	  NULL },
	/* GEDI: la Repubblica, La Stampa */
	{ NULL, NULL, NULL, "liveblog__post", "id", NULL, NULL },
	/* NDTV */
	{ NULL, NULL, NULL, "liv-blg_li", "id", NULL, NULL },
	/* BBC */
	{ NULL, "data-testid", "content-post", NULL, "id", NULL, NULL },
	{ NULL, NULL, NULL, "lx-stream__post", "id", NULL, NULL },
	{ NULL, NULL, NULL, "lx-stream-post", "id", NULL, NULL },
	{ "article", "id", "asset:*", NULL, "id", NULL, NULL },
	/* Tickaroo */
	{ NULL, NULL, NULL, "tik4-event-item", "id", NULL, NULL },
	/* microdata */
	{ NULL, "itemprop", "liveBlogUpdate", NULL, "id", NULL, NULL },
	/* microformats: an entry within the entry of the page */
	{ NULL, NULL, NULL, "h-entry", "id", NULL, NULL },
};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

static bool has_value(const char *said, const char *value)
{
	enum { HEX_DIGITS = 12 };
	size_t len;

	if (!value)
		return true;
	len = strlen(value) - 1;
	if (value[len] != '*' && value[len] != '%')
		return !strcasecmp(said, value);
	if (strncmp(said, value, len))
		return false;
	said += len;
	len = strspn(said, "0123456789abcdef");
	return value[strlen(value) - 1] == '*' ||
	       (!said[len] && len >= HEX_DIGITS);
}

static bool has_class(const xmlNode *node, const char *word)
{
	const char *classes = nw_dom_attr(node, "class");

	/* An id of that name marks one place, not an entry. */
	return classes && strstr(classes, word) && nw_dom_has_class(node, word);
}

/* Whether the page's body is in a node: then it is no part of it. */
static bool holds_body(const struct nw_live *live, const xmlNode *node)
{
	const xmlNode *at = live->page->body;

	while (at && at != node)
		at = at->parent;
	return at != NULL;
}

static bool fits(const struct format *format, const xmlNode *node)
{
	const char *said;

	if (format->element && !nw_dom_is(node, format->element))
		return false;
	if (format->attribute) {
		said = nw_dom_attr(node, format->attribute);
		if (!said || !has_value(said, format->value))
			return false;
	}
	return !format->class || has_class(node, format->class);
}

/* h-entry marks the page's own story and those that it links to as well: only
 * what stands within another one, and names a place in this page, counts. */
static bool is_own_entry(const struct nw_live *live, const xmlNode *node)
{
	const xmlNode *link = node, *above;
	const char *href;

	for (above = node->parent; above; above = above->parent)
		if (above->type == XML_ELEMENT_NODE &&
		    (has_class(above, "h-entry") || has_class(above, "h-feed")))
			break;
	if (!above)
		return false;
	for (; link; link = nw_dom_next(link, node, false)) {
		href = link->type == XML_ELEMENT_NODE &&
				       has_class(link, "u-url")
			       ? nw_dom_attr(link, "href")
			       : NULL;
		if (href)
			return nw_live_is_here(live, href) && strchr(href, '#');
	}
	return false;
}

static bool is_entry(const struct nw_live *live, const struct format *format,
		     const xmlNode *node)
{
	return node->type == XML_ELEMENT_NODE && node->properties &&
	       fits(format, node) && !holds_body(live, node) &&
	       (format != &formats[FORMATS - 1] || is_own_entry(live, node));
}

/* How many elements fit each row. */
static void count_entries(const struct nw_live *live, size_t counts[FORMATS])
{
	const xmlNode *top = live->page->html, *node = top;
	size_t i;

	for (; node; node = nw_dom_next(node, top, false))
		for (i = 0; i < FORMATS; i++)
			counts[i] += is_entry(live, &formats[i], node);
}

/* The row that the most elements fit, which is then out of the choice. */
static const struct format *choose(size_t counts[FORMATS])
{
	size_t best = 0, i;

	for (i = 1; i < FORMATS; i++)
		if (counts[i] > counts[best])
			best = i;
	if (!counts[best])
		return NULL;
	counts[best] = 0;
	return &formats[best];
}

/* An id that holds the time of the last change changes with it. */
static bool is_fleeting(const char *id, const char *modified)
{
	return id && modified && strlen(modified) > 8 &&
	       strstr(id, modified) != NULL;
}

static int64_t attribute_time(const xmlNode *node, const char *attribute)
{
	return attribute ? nw_date_utc(nw_dom_attr(node, attribute))
			 : NW_TIME_NONE;
}

/* The id of the entry; where it has none, that of its heading. */
static const char *find_id(const struct nw_live *live, const xmlNode *top,
			   const char *attribute)
{
	enum { LOOKS = 40 };
	const char *id = nw_live_id(live, nw_dom_attr(top, attribute));
	const xmlNode *node = top;
	unsigned looks;

	for (looks = 0; node && !id && looks < LOOKS; looks++) {
		const char *name = (const char *)node->name;

		if (node->type == XML_ELEMENT_NODE && name[0] == 'h' &&
		    name[1] >= '1' && name[1] <= '6' && !name[2])
			id = nw_live_id(live, nw_dom_attr(node, "id"));
		else if (node == top || nw_dom_is(node, "article"))
			id = nw_live_id(live, nw_dom_attr(node, "data-id"));
		if (!id && nw_dom_is(node, "article"))
			id = nw_live_id(live, nw_dom_attr(node, "id"));
		node = nw_dom_next(node, top, false);
	}
	return id;
}

void nw_live_take_node(const struct nw_live *live, struct nw_live_entry *entry,
		       xmlNode *node)
{
	const char *raw = nw_dom_attr(node, "id");

	entry->node = node;
	if (!entry->id)
		entry->id = find_id(live, node, "id");
	nw_live_read_visible(live, entry);
	if (!entry->url && entry->id && raw && *raw && live->address)
		entry->url = nw_url_resolve(live->page->arena, live->address,
					    nw_arena_printf(live->page->arena,
							    "#%s", raw));
}

static void read_entry(const struct nw_live *live, const struct format *format,
		       xmlNode *node, struct nw_live_list *list)
{
	struct nw_live_entry *entry = nw_live_add(live, list);
	const char *modified;

	if (!entry)
		return;
	modified =
		format->modified ? nw_dom_attr(node, format->modified) : NULL;
	entry->published_utc = attribute_time(node, format->published);
	entry->modified_utc = attribute_time(node, format->modified);
	entry->id = find_id(live, node, format->id);
	nw_live_take_node(live, entry, node);
	if (is_fleeting(entry->id, modified))
		entry->id = entry->url = NULL;
}

static void read_entries(const struct nw_live *live,
			 const struct format *format, struct nw_live_list *list)
{
	xmlNode *top = live->page->html, *node = top;

	list->count = 0;
	while (node) {
		bool fit = is_entry(live, format, node);

		if (fit)
			read_entry(live, format, node, list);
		node = nw_dom_next(node, top, fit);
	}
	nw_live_drop_positions(list);
}

void nw_live_read_markup(const struct nw_live *live, struct nw_live_list *list)
{
	size_t counts[FORMATS] = { 0 };
	const struct format *format, *first = NULL;

	count_entries(live, counts);
	while ((format = choose(counts)) != NULL) {
		read_entries(live, format, list);
		if (nw_live_has_times(list))
			return;
		first = first ? first : format;
	}
	/* The structured data may know the times of those. */
	if (first)
		read_entries(live, first, list);
}
