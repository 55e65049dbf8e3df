/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Live pages on several pages: where the older updates are, and how they come
 * to those of the first page.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/limits.h"
#include "newswire/names.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "html_private.h"
#include "live_private.h"

/* What a link to older updates is called, as keys. */
static const char *const names[] = {
	"next", "nextpage", "older", "olderupdates", "olderposts",
	"olderentries", "showolder", "showmore", "showmoreupdates", "seemore",
	"seemoreupdates", "loadmore", "loadmoreupdates", "moreupdates",
	"viewmore", "viewmoreupdates", "weiter", "n\u00e4chsteseite",
	"\u00e4ltere", "\u00e4lterebeitr\u00e4ge", "\u00e4ltereeintr\u00e4ge",
	"\u00e4lteremeldungen", "mehranzeigen", "mehrladen",
	"weiterebeitr\u00e4ge",
	"suivant", "plusancien", "plusanciens", "voirplus", "afficherplus",
	"chargerplus", "siguiente", "anteriores", "m\u00e1santiguos", "vermais",
	"verm\u00e1s", "cargarm\u00e1s", "carregarmais", "pr\u00f3xima",
	"pr\u00f3ximap\u00e1gina", "successiva", "precedenti", "mostraaltri",
	"mostraaltro", "caricaaltri", "volgende", "meerladen", "toonmeer",
	"oudereberichten", "nast\u0119pna", "starsze", "poka\u017cwi\u0119cej",
	"\u0434\u0430\u043b\u0435\u0435", "\u0440\u0430\u043d\u0435\u0435",
	"\u0440\u0430\u043d\u0456\u0448\u0435",
	"\u043f\u043e\u043a\u0430\u0437\u0430\u0442\u044c\u0435\u0449\u0435",
	"\u043f\u043e\u043a\u0430\u0437\u0430\u0442\u0438\u0449\u0435", NULL
};

static bool is_name(struct nw_arena *arena, const char *text)
{
	const char *key = text ? nw_utf8_key(arena, text) : "";
	size_t i;

	for (i = 0; *key && names[i]; i++)
		if (!strcmp(key, names[i]))
			return true;
	return false;
}

static bool says_next(const xmlNode *node)
{
	const char *rel = nw_dom_attr(node, "rel");

	return rel && !strcasecmp(rel, "next");
}

/* Whether a link is called so, by what is seen or what is read out. */
static bool says_older(struct nw_arena *arena, const xmlNode *node)
{
	enum { NAME_BYTES = 60 };

	return nw_dom_is(node, "a") &&
	       (is_name(arena, nw_dom_text(arena, node, NAME_BYTES)) ||
		is_name(arena, nw_dom_attr(node, "aria-label")) ||
		is_name(arena, nw_dom_attr(node, "title")));
}

/* Whether an address is of the page itself, but for its query, or numbered
 * behind it. */
static bool is_of_page(struct nw_arena *arena, const char *own,
		       const char *other)
{
	struct nw_url from, to;

	if (!own || nw_url_split(arena, own, &from) < 0 ||
	    nw_url_split(arena, other, &to) < 0 || !from.host || !to.host ||
	    strcmp(from.host, to.host))
		return false;
	if (!strcmp(from.path, to.path))
		return to.query && *to.query &&
		       (!from.query || strcmp(from.query, to.query));
	return nw_page_is_further(arena, own, other);
}

const char *nw_live_older(const struct nw_page *page,
			  const struct nw_story *story)
{
	struct nw_arena *arena = page->arena;
	const xmlNode *top = page->html, *node = top;
	const char *href, *url, *found = NULL;

	for (; node; node = nw_dom_next(node, top, false)) {
		href = nw_dom_is(node, "a") || nw_dom_is(node, "link")
			       ? nw_dom_attr(node, "href")
			       : NULL;
		if (!href || !*href || *href == '#' ||
		    (!says_next(node) && (found || !says_older(arena, node))))
			continue;
		url = nw_url_resolve(arena, page->base, href);
		if (!url || !nw_url_is_web(url))
			continue;
		url = nw_url_strip_tracking(arena, url, false);
		if (page->url && !strcmp(url, page->url))
			continue;
		if (!is_of_page(arena, page->url, url) &&
		    !is_of_page(arena, story->canonical_url, url))
			continue;
		if (says_next(node))
			return url;
		found = url;
	}
	return found;
}

/* The updates of next that are not in first. */
static size_t take_new(struct nw_arena *arena, const struct nw_story *first,
		       const struct nw_story *next,
		       struct nw_update **updates_r)
{
	struct nw_update *updates =
		nw_arena_alloc(arena, next->update_count * sizeof(*updates));
	const char **keys =
		nw_arena_alloc(arena, first->update_count * sizeof(*keys));
	size_t count = 0, i;

	for (i = 0; i < first->update_count; i++)
		keys[i] = first->updates[i].key;
	nw_names_sort(keys, first->update_count);
	for (i = 0; i < next->update_count; i++)
		if (!nw_names_have(keys, first->update_count,
				   next->updates[i].key))
			updates[count++] = next->updates[i];
	*updates_r = updates;
	return count;
}

void nw_page_join_updates(struct nw_arena *arena, struct nw_story *first,
			  const struct nw_story *next)
{
	struct nw_update *older, *all;
	size_t count = take_new(arena, first, next, &older), i = 0, k = 0, at;

	first->updates_partial = next->updates_partial;
	/* Past the cap the oldest are left out. */
	if (first->update_count + count > NW_STORY_UPDATES) {
		i = first->update_count + count - NW_STORY_UPDATES;
		i = i < count ? i : count;
		first->updates_partial = true;
	}
	all = nw_arena_alloc(arena,
			     (first->update_count + count) * sizeof(*all));
	for (at = 0; i < count || k < first->update_count; at++) {
		const struct nw_update *mine = &first->updates[k];

		if (k == first->update_count ||
		    (i < count &&
		     older[i].published_utc <= mine->published_utc)) {
			all[at] = older[i++];
		} else {
			all[at] = *mine;
			k++;
		}
	}
	first->updates = all;
	first->update_count = at;
}
