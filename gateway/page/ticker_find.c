/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "html_private.h"
#include "live_private.h"

/* How many times are looked at, so many lists that are called tickers, and how
 * many briefs make one that is not. */
enum { TIMES = 6000, CALLED = 8, ENOUGH = 3 };

/* What lists of briefs are called; of class and id only the letters are
 * compared. */
static const char *const called[] = {
	"newsfeed", "newsticker", "ticker", "livefeed", "newswire", "newsflash",
	"breakingnews", "latestnews", "newsinbrief", "shortnews", "kurzmeldung",
	"eilmeldung", "ultimora", "ultimahora", "enbref", "filinfo",
};

static const char *const time_words[] = {
	"time", "timestamp", "date", "datetime", NULL
};

static void letters_of(const char *text, char *letters, size_t size)
{
	size_t len = 0;

	for (; text && *text && len + 1 < size; text++)
		if (isalpha((unsigned char)*text))
			letters[len++] = (char)tolower((unsigned char)*text);
	letters[len] = '\0';
}

/* "sticker" is no ticker. */
static bool says_ticker(const char *name)
{
	char letters[256];
	const char *at;
	size_t i;

	letters_of(name, letters, sizeof(letters));
	for (i = 0; i < sizeof(called) / sizeof(*called); i++) {
		at = strstr(letters, called[i]);
		if (at && (at == letters || at[-1] != 's'))
			return true;
	}
	return false;
}

/* A page whose body has the tag "news-feed" is no list of briefs. */
static bool is_called_ticker(const xmlNode *node)
{
	return node->type == XML_ELEMENT_NODE && node->properties &&
	       !nw_dom_is(node, "body") && !nw_dom_is(node, "main") &&
	       (says_ticker(nw_dom_attr(node, "class")) ||
		says_ticker(nw_dom_attr(node, "id"))) &&
	       !nw_dom_find(node, "h1");
}

static int64_t exact_time(const char *text)
{
	enum { LEAST = 10 };
	struct nw_date date;
	size_t len = text ? strlen(text) : 0;

	return len >= LEAST && nw_date_parse(text, len, &date) == 0 &&
			       date.has_time
		       ? date.utc
		       : NW_TIME_NONE;
}

int64_t nw_ticker_time(const xmlNode *node)
{
	const xmlAttr *attr;
	int64_t utc;

	for (attr = node->properties; attr; attr = attr->next) {
		if (strncmp((const char *)attr->name, "data-", 5) ||
		    !attr->children)
			continue;
		utc = exact_time((const char *)attr->children->content);
		if (utc != NW_TIME_NONE)
			return utc;
	}
	return NW_TIME_NONE;
}

/* Whether an element says a time of day, in an attribute or in words. */
static bool is_time(const struct nw_live *live, const xmlNode *node)
{
	const char *text;
	size_t used;
	int64_t day;

	if (!nw_dom_is(node, "time") &&
	    (!nw_html_has_word(node, "class", time_words) ||
	     nw_dom_find(node, "time")))
		return false;
	if (exact_time(nw_dom_attr(node, "datetime")) != NW_TIME_NONE)
		return true;
	text = nw_dom_text(live->page->arena, node, 2 * NW_DATE_BYTES);
	return text && nw_live_clock(text, &used, &day) >= 0;
}

/* What is around each time below top, level by level. */
static void collect(const struct nw_live *live, const xmlNode *top,
		    struct nw_live_row *row)
{
	static const char *const words[] = { "comment", "comments", NULL };
	xmlNode *node = nw_dom_next(top, top, false);
	size_t times = 0;

	while (node && times < TIMES) {
		bool skip = node->type == XML_ELEMENT_NODE &&
			    (nw_dom_is_hidden(node) ||
			     nw_html_has_word(node, "class", words));
		bool dated = !skip && node->type == XML_ELEMENT_NODE &&
			     nw_ticker_time(node) != NW_TIME_NONE;

		if (dated || (!skip && node->type == XML_ELEMENT_NODE &&
			      is_time(live, node))) {
			times++;
			nw_live_row_add(live, row, dated ? node : node->parent,
					top);
		}
		node = nw_dom_next(node, top, skip);
	}
}

/* Whether there is more to an element than a time. */
static bool holds_brief(const struct nw_live *live, const xmlNode *node)
{
	enum { TEXT_BYTES = 80 };
	const char *text;

	if (nw_dom_find(node, "a"))
		return true;
	text = nw_dom_text(live->page->arena, node, TEXT_BYTES);
	return text && strlen(text) > TEXT_BYTES / 2;
}

static const xmlNode *heading_in(const xmlNode *top)
{
	const xmlNode *node = top;

	for (; node; node = nw_dom_next(node, top, false))
		if (node->type == XML_ELEMENT_NODE &&
		    nw_html_element(node)->treatment == NW_HTML_HEADING)
			return node;
	return NULL;
}

/* The heading that stands nearest above the first brief. */
static const char *find_name(const struct nw_live *live, const xmlNode *node)
{
	enum { UP = 4, SIBLINGS = 8, NAME_BYTES = 100 };
	const xmlNode *before, *heading;
	unsigned level, siblings;

	for (level = 0; level < UP && node && node != live->page->body;
	     level++, node = node->parent) {
		siblings = 0;
		for (before = node->prev; before && siblings < SIBLINGS;
		     before = before->prev, siblings++) {
			heading = before->type == XML_ELEMENT_NODE
					  ? heading_in(before)
					  : NULL;
			if (heading)
				return nw_dom_text(live->page->arena, heading,
						   NAME_BYTES);
		}
	}
	return NULL;
}

/* The longest row of what is called a ticker. */
static struct nw_live_row find_called(const struct nw_live *live)
{
	const xmlNode *top = live->page->body;
	const xmlNode *node = nw_dom_next(top, top, false);
	struct nw_live_row best = { .size = 0 };
	unsigned count = 0;

	while (node && count < CALLED) {
		struct nw_live_row row = { .size = 0 };

		if (is_called_ticker(node)) {
			count++;
			collect(live, node, &row);
			nw_live_row_choose(live, &row, holds_brief);
			if (row.size > best.size)
				best = row;
		}
		node = nw_dom_next(node, top, row.size > 0);
	}
	return best;
}

void nw_ticker_find(const struct nw_live *live, struct nw_live_list *list,
		    const char **name_r)
{
	struct nw_live_row row = find_called(live);

	if (!row.size) {
		collect(live, live->page->body, &row);
		nw_live_row_choose(live, &row, holds_brief);
		if (row.size < ENOUGH)
			return;
	}
	*name_r = find_name(live, row.items[row.first].node);
	nw_live_row_read(live, &row, list);
}
