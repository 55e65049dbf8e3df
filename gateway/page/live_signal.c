/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/names.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "html_private.h"
#include "live_private.h"

/* Words of live pages in addresses and headlines, as they stand between
 * other signs. */
static const char *const live_words[] = {
	"live", "liveblog", "liveticker", "livestream", "newsticker",
	"newsblog", "ticker", "live-updates", "as it happened",
	"minute by minute", "minuto a minuto", "minuto-a-minuto",
	"minute-by-minute", "en direct", "en-direct", "en directo",
	"en-directo", "directo", "en vivo", "en-vivo", "ao vivo", "ao-vivo",
	"in diretta", "diretta", "na żywo", "na-zywo", "relacja", "онлайн",
	"online-трансляция", "наживо", NULL
};

/* Names of what repeats an update, or lists them, beside them. */
static const char *const copies[] = {
	"pinned-post", "key-events", "key-moments", "keyevents", NULL
};

static bool is_word(const char *text, const char *at, size_t len)
{
	unsigned char before = at > text ? (unsigned char)at[-1] : ' ';
	unsigned char after = (unsigned char)at[len];

	return !isalnum(before) && before < 0x80 && !isalnum(after) &&
	       after < 0x80;
}

static bool says_live(const char *text)
{
	const char *at;
	size_t i;

	for (i = 0; text && live_words[i]; i++) {
		size_t len = strlen(live_words[i]);

		for (at = text; *at; at++)
			if (!strncasecmp(at, live_words[i], len) &&
			    is_word(text, at, len))
				return true;
	}
	return false;
}

/* Whether an element near the top calls itself a live posting. */
static bool is_marked(const struct nw_live *live)
{
	static const char *const words[] = {
		"liveblog", "live-blog", "liveticker", NULL
	};
	const xmlNode *top = live->page->html, *node = top;

	for (; node; node = nw_dom_next(node, top, false)) {
		const char *type;
		size_t i;

		if (node->type != XML_ELEMENT_NODE || !node->properties)
			continue;
		type = nw_dom_attr(node, "itemtype");
		if (type && strstr(type, "LiveBlogPosting"))
			return true;
		type = nw_dom_is(node, "body") || nw_dom_is(node, "article") ||
				       nw_dom_is(node, "main")
			       ? nw_dom_attr(node, "class")
			       : NULL;
		for (i = 0; type && words[i]; i++)
			if (strstr(type, words[i]))
				return true;
	}
	return false;
}

bool nw_live_looks_live(const struct nw_live *live)
{
	struct nw_url url;

	if (live->posting || says_live(live->story->title) ||
	    says_live(live->story->kicker))
		return true;
	if (live->address &&
	    nw_url_split(live->page->arena, live->address, &url) == 0 &&
	    says_live(url.path))
		return true;
	return is_marked(live);
}

bool nw_live_is_here(const struct nw_live *live, const char *href)
{
	struct nw_arena *arena = live->page->arena;
	const char *url, *key;
	size_t len;

	if (*href == '#')
		return true;
	url = nw_url_resolve(arena, live->page->base, href);
	key = url ? nw_ident_key(arena, url) : NULL;
	if (!key || !live->address_key)
		return false;
	if (!strcmp(key, live->address_key))
		return true;
	len = strcspn(key, "?");
	return strchr(href, '#') && !strncmp(key, live->address_key, len) &&
	       strcspn(live->address_key, "?") == len;
}

/* Whether the title of an entry is a link to another page. */
static bool leads_away(const struct nw_live *live,
		       const struct nw_live_entry *entry)
{
	const xmlNode *top = entry->title_node;
	const xmlNode *node = top;
	const char *href;

	for (; node; node = nw_dom_next(node, top, false)) {
		href = nw_dom_is(node, "a") ? nw_dom_attr(node, "href") : NULL;
		if (href)
			return !nw_live_is_here(live, href);
	}
	node = top ? top->parent : NULL;
	href = node && nw_dom_is(node, "a") ? nw_dom_attr(node, "href") : NULL;
	return href && !nw_live_is_here(live, href);
}

bool nw_live_is_ticker(const struct nw_live *live,
		       const struct nw_live_list *list)
{
	size_t away = 0, i;

	for (i = 0; i < list->count; i++)
		away += leads_away(live, &list->entries[i]);
	return 2 * away > list->count;
}

static void remove_node(xmlNode *node)
{
	xmlUnlinkNode(node);
	xmlFreeNode(node);
}

/* The keys of the updates, sorted. */
static const char **sort_keys(struct nw_arena *arena,
			      const struct nw_story *story)
{
	const char **keys =
		nw_arena_alloc(arena, story->update_count * sizeof(*keys));
	size_t i;

	for (i = 0; i < story->update_count; i++)
		keys[i] = story->updates[i].key;
	nw_names_sort(keys, story->update_count);
	return keys;
}

/* What a link to an update stands in: an item of an index, else only it. */
static xmlNode *find_item(const struct nw_live *live, xmlNode *link)
{
	enum { LEVELS = 5, ITEM_BYTES = 400 };
	xmlNode *node = link;
	unsigned level;
	const char *text;

	for (level = 0; level < LEVELS && node != live->page->body; level++) {
		if (nw_dom_is(node, "li")) {
			text = nw_dom_text(live->page->arena, node, ITEM_BYTES);
			return text && strlen(text) < ITEM_BYTES ? node : link;
		}
		node = node->parent;
	}
	return link;
}

static bool is_copy(const xmlNode *node)
{
	const char *id = nw_dom_attr(node, "id");
	const char *class = nw_dom_attr(node, "class");
	size_t i;

	for (i = 0; copies[i]; i++)
		if ((id && strstr(id, copies[i])) ||
		    (class && strstr(class, copies[i])))
			return true;
	return false;
}

/* Whether the page's h1 or main part are in it. */
static bool is_large(const xmlNode *node)
{
	return nw_dom_is(node, "body") || nw_dom_is(node, "main") ||
	       nw_dom_is(node, "html") || nw_dom_find(node, "h1");
}

/* An index of the updates says nothing that they do not say. */
static void remove_index(const struct nw_live *live,
			 const struct nw_story *story)
{
	const char **keys = sort_keys(live->page->arena, story), *id;
	xmlNode *top = live->page->body;
	xmlNode *node = top ? nw_dom_next(top, top, false) : NULL, *next;

	while (node) {
		xmlNode *victim = NULL;
		const char *href =
			nw_dom_is(node, "a") ? nw_dom_attr(node, "href") : NULL;

		id = href && strchr(href, '#') ? nw_live_id(live, href) : NULL;
		if (id && nw_names_have(keys, story->update_count, id))
			victim = find_item(live, node);
		else if (node->type == XML_ELEMENT_NODE && is_copy(node) &&
			 !is_large(node))
			victim = node;
		next = nw_dom_next(victim ? victim : node, top, victim != NULL);
		if (victim)
			remove_node(victim);
		node = next;
	}
}

void nw_live_remove(const struct nw_live *live, const struct nw_live_list *list,
		    const struct nw_story *story)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (list->entries[i].node)
			remove_node(list->entries[i].node);
	if (story->update_count)
		remove_index(live, story);
}
