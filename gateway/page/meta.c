/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "meta_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"

#define KICKER_BYTES 60		/* longer text is no kicker */
#define KICKER_APART 20		/* elements behind the headline */

/* A property of JSON-LD, or what the meta elements claim; says which. */
static const char *property_or_claim(const struct nw_claims *claims,
				     const char *field, const char *key,
				     enum nw_claim claim)
{
	const char *text = nw_jsonld_text(claims->page->arena, claims->article,
					  key, NW_STORY_NAME_BYTES);

	if (text)
		nw_page_note(claims->page, field, "JSON-LD",
			     "believed before meta", text);
	else
		text = nw_claim_noted(claims, claim, field);
	return text;
}

/* "de_DE" to "de-DE"; what is no tag of a language (BCP 47) is none. */
static const char *language_tag(struct nw_arena *arena, const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t primary = text ? strspn(text, letters) : 0;
	size_t len, i;
	char *tag;

	if (primary < 2 || primary > 3 ||
	    (text[primary] && !strchr("-_,; ", text[primary])))
		return NULL;
	/* "utf-8" is none: behind the first subtag none is so short. */
	if (primary == strcspn(text, "-_") && text[primary] &&
	    strcspn(text + primary + 1, "-_,; ") < 2)
		return NULL;
	len = strcspn(text, ",; ");
	tag = nw_arena_strndup(arena, text, len > 35 ? primary : len);
	for (i = 0; tag[i]; i++)
		if (tag[i] == '_')
			tag[i] = '-';
	return tag;
}

static const char *language(const struct nw_claims *claims)
{
	const struct nw_page *page = claims->page;
	const char *tag = language_tag(page->arena,
				       nw_dom_attr(page->html, "lang"));
	const char *place = "html lang";

	if (!tag) {
		place = "JSON-LD inLanguage";
		tag = language_tag(page->arena,
				   nw_jsonld_text(page->arena, claims->article,
						  "inLanguage", 64));
	}
	if (!tag) {
		place = "meta";
		tag = language_tag(page->arena,
				   nw_claim(claims, NW_CLAIM_LANGUAGE));
	}
	if (tag)
		nw_page_note(page, "language", place,
			     "the first that is a tag of a language", tag);
	return tag;
}

/* A canonical address that is the front page is a mistake of the site's. */
static bool is_story_url(struct nw_arena *arena, const char *url,
			 const char *fetched)
{
	struct nw_url parts, own;

	if (!url || !nw_url_is_web(url) || nw_url_split(arena, url, &parts) < 0)
		return false;
	if (!fetched || nw_url_split(arena, fetched, &own) < 0)
		return true;
	return strcmp(parts.path, "/") != 0 || strcmp(own.path, "/") == 0;
}

static const char *canonical(const struct nw_claims *claims, const char *og)
{
	const struct nw_page *page = claims->page;
	const char *place = "address", *url = page->url;

	if (is_story_url(page->arena, claims->canonical, page->url)) {
		place = "link rel=canonical";
		url = claims->canonical;
	} else if (is_story_url(page->arena, og, page->url)) {
		place = "og:url";
		url = og;
	}
	nw_page_note(page, "canonical_url", place,
		     "the first that is no front page", url);
	return url;
}

static void read_addresses(const struct nw_claims *claims,
			   struct nw_story *story)
{
	const struct nw_page *page = claims->page;
	const char *og = nw_claim(claims, NW_CLAIM_URL), *other = NULL;

	og = og ? nw_url_resolve(page->arena, page->base, og) : NULL;
	story->canonical_url = canonical(claims, og);
	if (is_story_url(page->arena, og, story->url))
		nw_story_add_alias(page->arena, story, og);
	nw_story_add_alias(page->arena, story, claims->amp);
	if (claims->article)
		other = nw_jsonld_url(page, claims->article,
				      "mainEntityOfPage");
	if (is_story_url(page->arena, other, story->url))
		nw_story_add_alias(page->arena, story, other);
}

/* Some templates write the headline there. */
static const char *section_or_none(const struct nw_claims *claims,
				   const struct nw_story *story,
				   const char *text)
{
	return text && nw_topic_is_phrase(claims->page, story->title, text)
		       ? text
		       : NULL;
}

static void read_section(const struct nw_claims *claims,
			 struct nw_story *story)
{
	story->section =
		section_or_none(claims, story,
				nw_claim_noted(claims, NW_CLAIM_SECTION,
					       "section"));
	if (story->section)
		return;
	story->section = section_or_none(claims, story,
					 nw_jsonld_text(claims->page->arena,
							claims->article,
							"articleSection",
							NW_STORY_NAME_BYTES));
	if (story->section)
		nw_page_note(claims->page, "section", "JSON-LD",
			     "no meta element names one", story->section);
}

/* The last one before the headline, else the first close behind it. */
static void read_kicker(const struct nw_claims *claims, struct nw_story *story)
{
	const struct nw_places *places = &claims->places[NW_PLACE_KICKER];
	const xmlNode *node = NULL;
	const char *text;
	size_t i;

	for (i = 0; i < places->count; i++) {
		size_t order = places->order[i];

		if (order > claims->headline_order + KICKER_APART ||
		    (order > claims->headline_order && node))
			break;
		if (nw_is_elsewhere(claims, places->nodes[i]))
			continue;
		text = nw_dom_text(claims->page->arena, places->nodes[i],
				   KICKER_BYTES + 1);
		/* A number counts comments. */
		if (!text || strlen(text) > KICKER_BYTES ||
		    !text[strspn(text, "0123456789., ")])
			continue;
		story->kicker = text;
		node = places->nodes[i];
	}
	if (node)
		nw_page_note_node(claims->page, "kicker", node,
				  "its class, near the headline");
}

static void read_image(const struct nw_claims *claims, struct nw_story *story)
{
	const struct nw_page *page = claims->page;
	const char *url = nw_claim_noted(claims, NW_CLAIM_IMAGE, "lead_image");
	struct nw_image *image;

	url = url ? nw_url_resolve(page->arena, page->base, url) : NULL;
	if (!url) {
		url = nw_jsonld_url(page, claims->article, "image");
		if (url)
			nw_page_note(page, "lead_image", "JSON-LD",
				     "no meta element has one", url);
	}
	if (!url || !nw_url_is_web(url))
		return;
	image = nw_arena_alloc(page->arena, sizeof(*image));
	image->url = url;
	story->lead_image = image;
}

static void add_correction(const struct nw_page *page, struct nw_story *story,
			   const char *text)
{
	if (!text || story->correction_count == NW_STORY_CORRECTIONS)
		return;
	story->corrections = nw_arena_grow(page->arena, story->corrections,
					   story->correction_count,
					   sizeof(*story->corrections));
	story->corrections[story->correction_count++] = text;
}

/* A text, or a CorrectionComment with one (schema.org). */
static const char *correction_text(const struct nw_page *page,
				   const json_t *value)
{
	const char *text = json_string_value(value);

	if (text)
		return nw_jsonld_line(page->arena, text,
				      NW_STORY_SUMMARY_BYTES);
	return nw_jsonld_text(page->arena, value, "text",
			      NW_STORY_SUMMARY_BYTES);
}

static void read_corrections(const struct nw_claims *claims,
			     struct nw_story *story)
{
	const json_t *value = json_object_get(claims->article, "correction");
	const struct nw_places *places = &claims->places[NW_PLACE_CORRECTION];
	const struct nw_page *page = claims->page;
	const json_t *one;
	size_t i;

	if (value && !json_is_array(value))
		add_correction(page, story, correction_text(page, value));
	json_array_foreach(value, i, one)
		add_correction(page, story, correction_text(page, one));
	for (i = 0; i < places->count; i++)
		add_correction(page, story,
			       nw_dom_text(page->arena, places->nodes[i],
					   NW_STORY_SUMMARY_BYTES));
}

/* isAccessibleForFree is a boolean, or a text that says one. */
static bool is_paywalled(const json_t *article)
{
	const json_t *value = json_object_get(article, "isAccessibleForFree");
	const char *text = json_string_value(value);

	return json_is_false(value) || (text && strcasecmp(text, "false") == 0);
}

void nw_meta_read(const struct nw_page *page, struct nw_story *story)
{
	struct nw_claims claims;

	nw_claims_gather(&claims, page);
	story->publisher = property_or_claim(&claims, "publisher", "publisher",
					     NW_CLAIM_SITE);
	story->title = nw_title_choose(&claims, story->publisher);
	claims.language = story->language = language(&claims);
	story->paywalled = is_paywalled(claims.article);
	read_addresses(&claims, story);
	read_section(&claims, story);
	read_kicker(&claims, story);
	nw_summary_read(&claims, story);
	nw_topics_read(&claims, story);
	read_image(&claims, story);
	story->icon = claims.icon;
	if (claims.icon)
		nw_page_note(page, "icon", "link rel",
			     "the smallest that is large enough", claims.icon);
	read_corrections(&claims, story);
	nw_people_read(&claims, story);
	nw_times_read(&claims, story);
}
