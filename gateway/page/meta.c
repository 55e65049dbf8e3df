/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "meta_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"

#define KICKER_BYTES 60		/* longer text is no kicker */
#define STANDFIRST_ALIKE 30	/* octets of the key that must be equal */
#define STANDFIRST_APART 20	/* elements between it and the headline */

static const char *publisher(const struct nw_claims *claims)
{
	const char *name = NULL;

	if (claims->article)
		name = nw_jsonld_text(claims->page->arena, claims->article,
				      "publisher", NW_STORY_NAME_BYTES);
	return name ? name : nw_claim(claims, NW_CLAIM_SITE);
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

	if (!tag && claims->article)
		tag = language_tag(page->arena,
				   nw_jsonld_text(page->arena, claims->article,
						  "inLanguage", 64));
	if (!tag)
		tag = language_tag(page->arena,
				   nw_claim(claims, NW_CLAIM_LANGUAGE));
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

static void read_addresses(const struct nw_claims *claims,
			   struct nw_story *story)
{
	const struct nw_page *page = claims->page;
	const char *og = nw_claim(claims, NW_CLAIM_URL), *other = NULL;

	og = og ? nw_url_resolve(page->arena, page->base, og) : NULL;
	story->canonical_url = story->url;
	if (is_story_url(page->arena, claims->canonical, story->url))
		story->canonical_url = claims->canonical;
	else if (is_story_url(page->arena, og, story->url))
		story->canonical_url = og;
	if (is_story_url(page->arena, og, story->url))
		nw_story_add_alias(page->arena, story, og);
	nw_story_add_alias(page->arena, story, claims->amp);
	if (claims->article)
		other = nw_jsonld_url(page, claims->article,
				      "mainEntityOfPage");
	if (is_story_url(page->arena, other, story->url))
		nw_story_add_alias(page->arena, story, other);
}

/* Words between commas, as keywords are written. */
static void add_topics(const struct nw_page *page, struct nw_story *story,
		       const char *text)
{
	while (text && *text) {
		size_t len = strcspn(text, ",;");

		nw_story_add_topic(page->arena, story,
				   nw_utf8_line(page->arena, text, len,
						NW_STORY_NAME_BYTES));
		text += len + (text[len] != '\0');
	}
}

static void read_topics(const struct nw_claims *claims,
			struct nw_story *story)
{
	const json_t *keywords = json_object_get(claims->article, "keywords");
	const struct nw_page *page = claims->page;
	unsigned rank = 0;
	const json_t *word;
	size_t i;

	for (i = 0; i < claims->counts[NW_CLAIM_TAGS]; i++) {
		if (story->topic_count &&
		    claims->ranks[NW_CLAIM_TAGS][i] > rank)
			break;
		rank = claims->ranks[NW_CLAIM_TAGS][i];
		add_topics(page, story, claims->values[NW_CLAIM_TAGS][i]);
	}
	if (story->topic_count)
		return;
	if (json_is_string(keywords))
		add_topics(page, story,
			   nw_jsonld_line(page->arena,
					  json_string_value(keywords),
					  NW_STORY_SUMMARY_BYTES));
	json_array_foreach(keywords, i, word)
		nw_story_add_topic(page->arena, story,
				   nw_jsonld_line(page->arena,
						  json_string_value(word),
						  NW_STORY_NAME_BYTES));
}

static void read_section(const struct nw_claims *claims,
			 struct nw_story *story)
{
	struct nw_arena *arena = claims->page->arena;
	const struct nw_places *places = &claims->places[NW_PLACE_KICKER];
	const char *text;
	size_t i;

	story->section = nw_claim(claims, NW_CLAIM_SECTION);
	if (!story->section && claims->article)
		story->section = nw_jsonld_text(arena, claims->article,
						"articleSection",
						NW_STORY_NAME_BYTES);
	for (i = 0; i < places->count; i++) {
		if (places->order[i] > claims->headline_order &&
		    story->kicker)
			break;
		text = nw_dom_text(arena, places->nodes[i], KICKER_BYTES + 1);
		if (text && strlen(text) <= KICKER_BYTES)
			story->kicker = text;
	}
}

/* Whether two texts begin alike: the same standfirst, one of them cut. */
static bool begin_alike(struct nw_arena *arena, const char *a, const char *b)
{
	const char *one = nw_utf8_key(arena, a), *other = nw_utf8_key(arena, b);

	return *one && strncmp(one, other, STANDFIRST_ALIKE) == 0;
}

/* The visible one is whole, but other stories beside the article have theirs
 * too: it must say what the page says of itself, if it says anything. */
static void read_description(const struct nw_claims *claims,
			     struct nw_story *story)
{
	const struct nw_places *places = &claims->places[NW_PLACE_STANDFIRST];
	struct nw_arena *arena = claims->page->arena;
	const char *claim = nw_claim(claims, NW_CLAIM_DESCRIPTION), *text;
	size_t i;

	if (!claim)
		claim = nw_jsonld_text(arena, claims->article, "description",
				       NW_STORY_SUMMARY_BYTES);
	story->description = claim;
	for (i = 0; i < places->count; i++) {
		if (places->order[i] < claims->headline_order ||
		    places->order[i] >
			    claims->headline_order + STANDFIRST_APART)
			continue;
		text = nw_dom_text(arena, places->nodes[i],
				   NW_STORY_SUMMARY_BYTES);
		if (!text || (claim && !begin_alike(arena, text, claim)))
			continue;
		story->description = text;
		return;
	}
}

static void read_image(const struct nw_claims *claims, struct nw_story *story)
{
	const struct nw_page *page = claims->page;
	const char *url = nw_claim(claims, NW_CLAIM_IMAGE);
	struct nw_image *image;

	url = url ? nw_url_resolve(page->arena, page->base, url) : NULL;
	if (!url && claims->article)
		url = nw_jsonld_url(page, claims->article, "image");
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
	story->publisher = publisher(&claims);
	story->title = nw_title_choose(&claims, story->publisher);
	claims.language = story->language = language(&claims);
	story->paywalled = is_paywalled(claims.article);
	read_addresses(&claims, story);
	read_section(&claims, story);
	read_description(&claims, story);
	read_topics(&claims, story);
	read_image(&claims, story);
	read_corrections(&claims, story);
	nw_people_read(&claims, story);
	nw_times_read(&claims, story);
}
