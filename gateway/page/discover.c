/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "page_private.h"

/* Types that only feeds have. */
static const char *const types[] = {
	"application/rss+xml",	 "application/atom+xml",
	"application/feed+json", "application/rdf+xml",
	"application/x-rss+xml",
};

/* The last part of the path of a feed. */
static const char *const names[] = {
	"atom",	    "atom.xml", "feed",	    "feed.atom", "feed.json",
	"feed.rss", "feed.xml", "feeds",    "index.rdf", "rdf",
	"rss",	    "rss.php",	"rss.xml",  "rss2",	 "rss2.xml",
};

static const char *const endings[] = { ".atom", ".rdf", ".rss" };

static bool is_feed_type(const char *type)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (!strncasecmp(type, types[i], strlen(types[i])))
			return true;
	return false;
}

static bool ends_with(const char *text, size_t len, const char *end)
{
	size_t end_len = strlen(end);

	return len > end_len &&
	       !strncasecmp(text + len - end_len, end, end_len);
}

static bool is_feed_path(const char *path)
{
	size_t len = strlen(path), start, i;

	while (len && path[len - 1] == '/')
		len--;
	start = len;
	while (start && path[start - 1] != '/')
		start--;
	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (ends_with(path, len, endings[i]))
			return true;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len - start &&
		    !strncasecmp(names[i], path + start, len - start))
			return true;
	return false;
}

/* Whether an address looks like that of a feed of this site. */
static bool is_feed_address(const struct nw_page *page, const char *url)
{
	struct nw_url parts, own;

	if (!page->base || nw_url_split(page->arena, url, &parts) < 0 ||
	    nw_url_split(page->arena, page->base, &own) < 0 || !parts.host ||
	    !own.host)
		return false;
	return is_feed_path(parts.path) &&
	       (!strcmp(parts.host, own.host) ||
		!strncmp(parts.host, "feeds.", 6) ||
		!strncmp(parts.host, "rss.", 4));
}

/* What declares a feed, or may: "alternate" is also the page in another
 * language or for another device. */
static bool may_be_feed(const xmlNode *node, const char *type)
{
	const char *rel = nw_dom_attr(node, "rel");

	if (nw_dom_is(node, "a"))
		return !type || is_feed_type(type);
	return nw_dom_is(node, "link") && rel &&
	       (strcasestr(rel, "alternate") || !strcasecmp(rel, "feed")) &&
	       (!type || !strcasestr(type, "html"));
}

static bool read_link(const struct nw_page *page, const xmlNode *node,
		      struct nw_page_link *link)
{
	const char *type = nw_dom_attr(node, "type");
	const char *href = nw_dom_attr(node, "href");
	const char *title = nw_dom_attr(node, "title");

	if (!href || !*href || !may_be_feed(node, type))
		return false;
	link->url = nw_url_resolve(page->arena, page->base, href);
	if (!link->url || !nw_url_is_web(link->url))
		return false;
	link->guessed = nw_dom_is(node, "a") || !type || !is_feed_type(type);
	if (link->guessed && !is_feed_address(page, link->url))
		return false;
	link->type = type ? nw_utf8_line(page->arena, type,
					 strcspn(type, "; \t"),
					 NW_STORY_NAME_BYTES)
			  : NULL;
	link->title = title ? nw_utf8_line(page->arena, title, strlen(title),
					   NW_STORY_TITLE_BYTES)
			    : NULL;
	return true;
}

/* Lower is better. */
static int rank(const struct nw_page_link *link)
{
	const char *text = link->title ? link->title : "";
	bool comments = strcasestr(text, "comment") ||
			strcasestr(text, "kommentar") ||
			strstr(link->url, "/comments/");

	return 2 * link->guessed + comments;
}

static bool have_link(const struct nw_page_link *links, size_t count,
		      const char *url)
{
	while (count)
		if (!strcmp(links[--count].url, url))
			return true;
	return false;
}

static void insert_link(struct nw_page_link *links, size_t count,
			const struct nw_page_link *link)
{
	size_t at = count;

	while (at && rank(&links[at - 1]) > rank(link)) {
		links[at] = links[at - 1];
		at--;
	}
	links[at] = *link;
}

int nw_page_feeds(struct nw_arena *arena, const struct nw_page_input *input,
		  struct nw_page_link **links_r, size_t *count_r,
		  struct nw_error *err)
{
	struct nw_page page = { .arena = arena };
	struct nw_page_link *links = NULL, link;
	const xmlNode *node;
	size_t count = 0;

	if (nw_page_open(&page, input, err) < 0)
		return -1;
	for (node = page.html; node && count < NW_PAGE_FEEDS;
	     node = nw_dom_next(node, page.html, false)) {
		if (node->type != XML_ELEMENT_NODE ||
		    !read_link(&page, node, &link) ||
		    have_link(links, count, link.url))
			continue;
		links = nw_arena_grow(arena, links, count, sizeof(*links));
		insert_link(links, count++, &link);
	}
	xmlFreeDoc(page.doc);
	*links_r = links;
	*count_r = count;
	return 0;
}
