/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stories on several pages.  Many sites call the next story "next" too, so a
 * further page must have the address of this one, up to the page's number:
 *
 *	/story	/story/2  /story/page/2  /story/seite-2  /story?page=2
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/buf.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "page_private.h"

#define DIGITS "0123456789"

/* What stands before the number of a page. */
static const char *const words[] = {
	"page", "p", "pg", "pagina", "pag", "seite", "s", "strona", "side",
	"sida", "sivu",
};

/* An address, and what it is of. */
struct numbered {
	const char *stem;	/* without number and host */
	unsigned number;	/* 0: none */
};

static unsigned read_number(const char *text, size_t len)
{
	if (len == 1 && strspn(text, DIGITS) >= 1)
		return (unsigned)(*text - '0');
	if (len == 2 && strspn(text, DIGITS) >= 2)
		return (unsigned)(*text - '0') * 10 + (unsigned)(text[1] - '0');
	return 0;
}

static bool is_word(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == len &&
		    !strncasecmp(text, words[i], len))
			return true;
	return false;
}

/* The number in the last segment of a path of len octets, "2" or "page-2";
 * len_r: the octets before it. */
static unsigned path_number(const char *path, size_t len, size_t *len_r)
{
	size_t start = len, word;
	unsigned number;

	while (start && path[start - 1] != '/')
		start--;
	for (word = start; word < len && !strchr(DIGITS, path[word]);)
		word++;
	number = read_number(path + word, len - word);
	if (!number)
		return 0;
	if (word > start && strchr("-_", path[word - 1]))
		word--;
	if (word > start && !is_word(path + start, word - start))
		return 0;
	*len_r = start ? start - 1 : 0;
	return number;
}

/* The word of "/page/2" goes with its number. */
static size_t without_word(const char *path, size_t len)
{
	size_t start = len;

	while (start && path[start - 1] != '/')
		start--;
	return start && is_word(path + start, len - start) ? start - 1 : len;
}

/* Adds a query without the parameter that numbers pages, whose value is
 * returned. */
static unsigned add_query(struct nw_buf *stem, const char *query)
{
	unsigned number = 0, found;
	char before = '?';
	size_t len, name;

	for (; query && *query; query += len + (query[len] == '&')) {
		len = strcspn(query, "&");
		name = strcspn(query, "=&");
		found = name < len && is_word(query, name) ?
				read_number(query + name + 1, len - name - 1) :
				0;
		if (found && !number) {
			number = found;
			continue;
		}
		nw_buf_addc(stem, before);
		nw_buf_add(stem, query, len);
		before = '&';
	}
	return number;
}

static struct numbered split(struct nw_arena *arena, const struct nw_url *url,
			     bool whole)
{
	struct numbered result = { .number = 0 };
	size_t len = strlen(url->path), before;
	struct nw_buf stem;

	nw_buf_init(&stem, 2 * NW_FETCH_URL_BYTES);
	while (len && url->path[len - 1] == '/')
		len--;
	if (!whole) {
		result.number = path_number(url->path, len, &before);
		if (result.number)
			len = without_word(url->path, before);
	}
	nw_buf_add(&stem, url->path, len);
	if (whole && url->query)
		nw_buf_addf(&stem, "?%s", url->query);
	else if (result.number)
		(void)add_query(&stem, url->query);
	else
		result.number = add_query(&stem, url->query);
	result.stem = nw_arena_strdup(arena, stem.data);
	nw_buf_free(&stem);
	return result;
}

/* Days and numbers of stories follow each other too: what is numbered must
 * have a name. */
static bool has_name(const struct numbered *address)
{
	size_t end = strcspn(address->stem, "?"), i;

	for (i = end; i && address->stem[i - 1] != '/'; i--)
		if (!strchr(DIGITS "-_.", address->stem[i - 1]))
			return true;
	return false;
}

bool nw_page_is_further(struct nw_arena *arena, const char *own,
			const char *other)
{
	struct nw_url from, to;
	struct numbered page, next;

	if (nw_url_split(arena, own, &from) < 0 ||
	    nw_url_split(arena, other, &to) < 0 || !from.host || !to.host ||
	    strcmp(from.host, to.host) != 0)
		return false;
	next = split(arena, &to, false);
	if (next.number < 2 || !has_name(&next))
		return false;
	page = split(arena, &from, true);
	if (next.number == 2 && !strcmp(page.stem, next.stem))
		return true;
	page = split(arena, &from, false);
	return page.number && next.number == page.number + 1 &&
	       !strcmp(page.stem, next.stem);
}

static bool says_next(const xmlNode *node)
{
	const char *rel;

	if (!nw_dom_is(node, "link") && !nw_dom_is(node, "a"))
		return false;
	rel = nw_dom_attr(node, "rel");
	return rel && strcasecmp(rel, "next") == 0;
}

const char *nw_page_next(const struct nw_page *page)
{
	const xmlNode *node = page->html;
	const char *href, *url;

	for (; page->url && node; node = nw_dom_next(node, page->html, false)) {
		href = says_next(node) ? nw_dom_attr(node, "href") : NULL;
		url = href ? nw_url_resolve(page->arena, page->base, href) :
			     NULL;
		if (url && nw_url_is_web(url) &&
		    nw_page_is_further(page->arena, page->url, url))
			return url;
	}
	return NULL;
}
