/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "newswire/url.h"

#include "post_private.h"

#define FIRST_SLOTS 64

/* What a reader may follow; nothing that runs or reads a file. */
static const char *const schemes[] = { "https:", "http:", "mailto:", "news:",
				       "nntp:",	 "ftp:",  "tel:" };

/* What may stand before an address without making it another. */
static const char *const openings[] = { "https://", "http://", "ftp://",
					"mailto:",  "news:",   "nntp:",
					"tel:",	    "www." };

static bool is_allowed(const char *url)
{
	const char *at;
	size_t i;

	for (at = url; *at; at++)
		if (*at <= ' ' || *at > '~' || strchr("<>\"", *at))
			return false;
	for (i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (!strncasecmp(url, schemes[i], strlen(schemes[i])))
			return i > 1 || nw_url_is_web(url);
	return false;
}

static bool same_page(const char *url, const char *own)
{
	size_t len = strcspn(url, "#");

	return own && strcspn(own, "#") == len && !strncmp(url, own, len);
}

const char *nw_post_href(struct nw_arena *arena, const char *href,
			 const char *own)
{
	if (!href || !is_allowed(href))
		return NULL;
	href = nw_url_strip_tracking(arena, href, true);
	return href && is_allowed(href) && !same_page(href, own) ? href : NULL;
}

static const char *skip_openings(const char *text, size_t *len)
{
	size_t i, opening;

	for (i = 0; i < sizeof(openings) / sizeof(*openings); i++) {
		opening = strlen(openings[i]);
		if (*len >= opening &&
		    !strncasecmp(text, openings[i], opening)) {
			text += opening;
			*len -= opening;
		}
	}
	while (*len && (text[*len - 1] == '/' || text[*len - 1] == ' '))
		(*len)--;
	return text;
}

const char *nw_post_file_name(const char *url, size_t *len_r)
{
	size_t end = strcspn(url, "?#"), start = end;

	while (start && url[start - 1] != '/')
		start--;
	*len_r = end - start;
	return url + start;
}

bool nw_post_says_address(const char *text, size_t len, const char *url)
{
	size_t url_len = strlen(url);

	text = skip_openings(text, &len);
	url = skip_openings(url, &url_len);
	return len && len == url_len && !strncasecmp(text, url, len);
}

const char *nw_post_link_name(struct nw_arena *arena, const char *url)
{
	struct nw_url parts;

	if (nw_url_split(arena, url, &parts) || !parts.host)
		return url;
	return strncmp(parts.host, "www.", 4) ? parts.host : parts.host + 4;
}

/* FNV-1a. */
static uint32_t hash(const char *text)
{
	uint32_t value = 2166136261u;

	for (; *text; text++)
		value = (value ^ (unsigned char)*text) * 16777619u;
	return value;
}

/* The place of a URL in the table, or the free one where it would be. */
static uint32_t *slot_of(struct nw_links *links, const char *url)
{
	size_t at = hash(url) & (links->slot_count - 1);

	while (links->slots[at] && strcmp(links->urls[links->slots[at] - 1],
					  url) != 0)
		at = (at + 1) & (links->slot_count - 1);
	return &links->slots[at];
}

static void make_room(struct nw_links *links)
{
	size_t i;

	if (2 * (links->count + 1) <= links->slot_count)
		return;
	links->slot_count = links->slot_count ? 2 * links->slot_count :
						FIRST_SLOTS;
	links->slots = nw_arena_alloc(links->arena,
				      links->slot_count *
					      sizeof(*links->slots));
	for (i = 0; i < links->count; i++)
		*slot_of(links, links->urls[i]) = (uint32_t)(i + 1);
}

size_t nw_links_number(struct nw_links *links, const char *url)
{
	uint32_t *slot;

	make_room(links);
	slot = slot_of(links, url);
	if (!*slot) {
		links->urls = nw_arena_grow(links->arena, links->urls,
					    links->count, sizeof(*links->urls));
		links->urls[links->count++] = url;
		*slot = (uint32_t)links->count;
	}
	return *slot;
}
