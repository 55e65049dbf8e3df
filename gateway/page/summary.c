/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The standfirst: what the page says of its story in a few words, unless they
 * are about the site.
 */
#include "config.h"

#include <string.h>

#include "meta_private.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"

#define ALIKE 30		/* octets of the key that must be equal */
#define APART 20		/* elements between it and the headline */
#define NAME_REST 12		/* octets of a key behind a site's name */

/* Whether two texts begin alike: the same standfirst, one of them cut. */
static bool begin_alike(struct nw_arena *arena, const char *a, const char *b)
{
	const char *one = nw_utf8_key(arena, a), *other = nw_utf8_key(arena, b);

	return *one && strncmp(one, other, ALIKE) == 0;
}

/* Whether a claim is a whole sentence that the text begins with: the element
 * holds more than the standfirst. */
static bool is_whole_in(struct nw_arena *arena, const char *claim,
			const char *text)
{
	const char *key = nw_utf8_key(arena, claim);
	size_t len = strlen(claim);

	return len > 3 && strchr(".!?", claim[len - 1]) &&
	       strcmp(claim + len - 3, "...") != 0 &&
	       !strncmp(nw_utf8_key(arena, text), key, strlen(key));
}

static bool is_named(struct nw_arena *arena, const char *key, const char *name)
{
	const char *site = name ? nw_utf8_key(arena, name) : "";
	size_t len = strlen(site);

	return len && !strncmp(key, site, len) &&
	       strlen(key) <= len + NAME_REST;
}

/* "| Example News", where a template had nothing to say before the bar, and
 * "Example News Magazine" alone. */
static bool is_template(const struct nw_claims *claims,
			const struct nw_story *story, const char *text)
{
	struct nw_arena *arena = claims->page->arena;
	const char *key = nw_utf8_key(arena, text);

	return !*key || *text == '|' ||
	       is_named(arena, key, story->publisher) ||
	       is_named(arena, key, nw_claim(claims, NW_CLAIM_SITE));
}

/* The surest claim that is about the story. */
static const char *choose_claim(const struct nw_claims *claims,
				const struct nw_story *story)
{
	const struct nw_page *page = claims->page;
	size_t count = claims->counts[NW_CLAIM_DESCRIPTION], i;
	const char *text;

	for (i = 0; i < count; i++) {
		text = claims->values[NW_CLAIM_DESCRIPTION][i];
		if (is_template(claims, story, text))
			continue;
		nw_page_note(page, "description",
			     claims->names[NW_CLAIM_DESCRIPTION][i],
			     count > 1 ? "the surest of several meta elements" :
					 "the only meta element of it",
			     text);
		return text;
	}
	text = nw_jsonld_text(page->arena, claims->article, "description",
			      NW_STORY_SUMMARY_BYTES);
	if (!text || is_template(claims, story, text))
		return NULL;
	nw_page_note(page, "description", "JSON-LD", "no meta element has one",
		     text);
	return text;
}

/* The visible one is whole, but other stories beside the article have theirs
 * too: it must say what the page says of itself, if it says anything. */
void nw_summary_read(const struct nw_claims *claims, struct nw_story *story)
{
	const struct nw_places *places = &claims->places[NW_PLACE_STANDFIRST];
	struct nw_arena *arena = claims->page->arena;
	const char *claim = choose_claim(claims, story), *text;
	size_t i;

	story->description = claim;
	for (i = 0; i < places->count; i++) {
		if (places->order[i] < claims->headline_order ||
		    places->order[i] > claims->headline_order + APART)
			continue;
		text = nw_dom_text(arena, places->nodes[i],
				   NW_STORY_SUMMARY_BYTES);
		if (!text || (claim && !begin_alike(arena, text, claim)))
			continue;
		if (claim && is_whole_in(arena, claim, text))
			return;
		story->description = text;
		nw_page_note_node(claims->page, "description",
				  places->nodes[i],
				  "shown below the headline, whole");
		return;
	}
}
