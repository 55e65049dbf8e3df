/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who wrote it: the first source that names people.  A wrong name is worse
 * than none; an organisation counts only where nobody is named.
 */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "meta_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"

#define BYLINE_BYTES 300	/* longer text is no byline */
#define BYLINES_NEAR 3
#define BYLINE_APART 12		/* elements between the bylines of one story */

struct people {
	struct nw_author *authors;
	size_t count;
};

/* Words that an organisation's name holds and a person's does not. */
static const char *const organisations[] = {
	"agency", "associated press", "courier", "daily", "desk", "editors",
	"gazette", "herald", "journal", "magazine", "media", "network",
	"news", "newsroom", "post", "press", "radio", "redaktion",
	"reuters", "staff", "sponsored", "team", "times", "tribune", "verlag",
	"wire",
};

/* Whether a name is that of an organisation: by a word of it, or an acronym. */
static bool is_organisation(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(organisations) / sizeof(organisations[0]); i++)
		if (nw_has_word(name, organisations[i]))
			return true;
	return !strchr(name, ' ') && strlen(name) < 6 &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/") ==
		       strlen(name);
}

/* Whether another name is the beginning of this one: a person, and what was
 * taken for a part of the name. */
static bool repeats(const struct people *people, size_t at)
{
	const char *name = people->authors[at].name;
	size_t i;

	for (i = 0; i < people->count; i++) {
		size_t len = strlen(people->authors[i].name);

		if (i != at && strchr(people->authors[i].name, ' ') &&
		    !strncasecmp(name, people->authors[i].name, len) &&
		    name[len] == ' ')
			return true;
	}
	return false;
}

/* An organisation that publishes the page is no author beside people. */
static bool is_publisher(struct nw_arena *arena, const char *name,
			 const char *publisher)
{
	const char *key = nw_utf8_key(arena, name);
	const char *other = publisher ? nw_utf8_key(arena, publisher) : "";

	return *other && (strcmp(key, other) == 0 ||
			  (strlen(other) > 3 && strstr(key, other)));
}

static struct people without_publisher(struct nw_arena *arena,
				       const struct people *people,
				       const char *publisher)
{
	struct people left = { NULL, 0 };
	size_t i;

	for (i = 0; i < people->count; i++)
		if (!is_publisher(arena, people->authors[i].name, publisher) &&
		    !repeats(people, i))
			nw_story_add_author(arena, &left.authors, &left.count,
					    &people->authors[i]);
	return left;
}

/* Only the persons, when there are any. */
static struct people persons(struct nw_arena *arena,
			     const struct people *people)
{
	struct people left = { NULL, 0 };
	size_t i;

	for (i = 0; i < people->count; i++)
		if (!is_organisation(people->authors[i].name))
			nw_story_add_author(arena, &left.authors, &left.count,
					    &people->authors[i]);
	return left.count ? left : *people;
}

static void from_jsonld(const struct nw_claims *claims, struct people *people)
{
	static const char *const keys[] = { "author", "contributor",
					    "creator" };
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]) && claims->article; i++)
		if (i == 0 || !people->count)
			nw_jsonld_authors(claims->page, claims->article,
					  keys[i], &people->authors,
					  &people->count);
}

/* Addresses of profiles stand there too. */
static bool is_address(const char *text)
{
	return strstr(text, "://") || strstr(text, "www.") ||
	       strchr(text, '@');
}

static void from_meta(const struct nw_claims *claims, struct people *people)
{
	const struct nw_author nobody = { .name = NULL };
	unsigned rank = 0;
	size_t i;

	for (i = 0; i < claims->counts[NW_CLAIM_AUTHOR]; i++) {
		const char *value = claims->values[NW_CLAIM_AUTHOR][i];

		if (people->count && claims->ranks[NW_CLAIM_AUTHOR][i] > rank)
			break;
		rank = claims->ranks[NW_CLAIM_AUTHOR][i];
		if (!is_address(value))
			nw_byline_add(claims->page->arena, value, &nobody,
				      &people->authors, &people->count);
	}
}

/* The link of an author's name leads to the author's page. */
static const char *author_url(const struct nw_page *page, const xmlNode *node)
{
	const xmlNode *link = nw_dom_is(node, "a") ? node
						    : nw_dom_find(node, "a");
	const char *href = link ? nw_dom_attr(link, "href") : NULL;
	const char *url = href ? nw_url_resolve(page->arena, page->base, href)
			       : NULL;

	return url && nw_url_is_web(url) ? url : NULL;
}

static void from_place(const struct nw_claims *claims, const xmlNode *node,
		       struct people *people)
{
	struct nw_arena *arena = claims->page->arena;
	struct people found = { NULL, 0 };
	struct nw_author author = { .name = NULL };
	const char *text = nw_dom_attr(node, "content");
	size_t i;

	if (!text)
		text = nw_dom_text(arena, node, BYLINE_BYTES + 1);
	if (!text || strlen(text) > BYLINE_BYTES || is_address(text))
		return;
	nw_byline_add(arena, text, &author, &found.authors, &found.count);
	if (found.count == 1)
		found.authors[0].url = author_url(claims->page, node);
	for (i = 0; i < found.count; i++)
		nw_story_add_author(arena, &people->authors, &people->count,
				    &found.authors[i]);
}

/* The bylines behind the headline, or the last ones before it. */
static void from_page(const struct nw_claims *claims, struct people *people)
{
	const struct nw_places *places = &claims->places[NW_PLACE_BYLINE];
	size_t first = 0, i;

	while (first < places->count &&
	       places->order[first] < claims->headline_order)
		first++;
	if (first == places->count && first)
		first = first > BYLINES_NEAR ? first - BYLINES_NEAR : 0;
	for (i = first; i < places->count; i++) {
		/* Further down stand the authors of other stories. */
		if (people->count &&
		    places->order[i] > places->order[i - 1] + BYLINE_APART)
			break;
		from_place(claims, places->nodes[i], people);
	}
}

void nw_people_read(const struct nw_claims *claims, struct nw_story *story)
{
	static void (*const sources[])(const struct nw_claims *,
				       struct people *) = {
		from_jsonld,
		from_meta,
		from_page,
	};
	struct nw_arena *arena = claims->page->arena;
	struct people organisation = { NULL, 0 };
	size_t i;

	for (i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		struct people people = { NULL, 0 }, left;

		sources[i](claims, &people);
		left = without_publisher(arena, &people, story->publisher);
		left = persons(arena, &left);
		if (left.count) {
			story->authors = left.authors;
			story->author_count = left.count;
			return;
		}
		if (people.count && !organisation.count)
			organisation = people;
	}
	story->authors = organisation.authors;
	story->author_count = organisation.count;
}
