/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The site's icon, for stories whose author has no portrait: of those that the
 * page names (link rel=icon, apple-touch-icon) the smallest that is large
 * enough.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "meta_private.h"
#include "newswire/url.h"

/* Pixels: what a Face header shows (newswire/picture.h), what icons have
 * that do not say it, and more than any has. */
enum {
	SIDE_WANTED = 48,
	SIDE_TOUCH = 180,
	SIDE_ASSUMED = 32,
	SIDE_MAX = 4096
};

/* Drawings and Windows' own format cannot be read. */
static bool is_readable(const xmlNode *link, const char *href)
{
	static const char *const types[] = { "svg", "x-icon", "microsoft" };
	static const char *const names[] = { ".svg", ".ico" };
	const char *type = nw_dom_attr(link, "type");
	size_t end = strcspn(href, "?#"), i;

	for (i = 0; type && i < sizeof(types) / sizeof(types[0]); i++)
		if (strcasestr(type, types[i]))
			return false;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (end > 4 && !strncasecmp(href + end - 4, names[i], 4))
			return false;
	return true;
}

/* The first of "32x32 64x64". */
static int side_of(const xmlNode *link, const char *rel)
{
	const char *sizes = nw_dom_attr(link, "sizes");
	long side = sizes ? strtol(sizes, NULL, 10) : 0;

	if (side > 0 && side <= SIDE_MAX)
		return (int)side;
	return strcasestr(rel, "touch") ? SIDE_TOUCH : SIDE_ASSUMED;
}

static int rank_of(int side)
{
	return side < SIDE_WANTED ? side : 2 * SIDE_MAX - side;
}

void nw_icon_consider(struct nw_claims *claims, const xmlNode *link)
{
	const char *href = nw_dom_attr(link, "href");
	const char *rel = nw_dom_attr(link, "rel"), *url;
	int rank;

	/* A mask is a drawing as well. */
	if (!href || !rel || !nw_has_word(rel, "icon") ||
	    strcasestr(rel, "mask") || !is_readable(link, href))
		return;
	rank = rank_of(side_of(link, rel));
	if (rank <= claims->icon_rank)
		return;
	url = nw_url_resolve(claims->page->arena, claims->page->base, href);
	if (!url || !nw_url_is_web(url))
		return;
	claims->icon = url;
	claims->icon_rank = rank;
}
