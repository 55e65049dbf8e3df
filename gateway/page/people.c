/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who wrote it: the first source that names people.  A wrong name is worse
 * than none; an organisation counts where JSON-LD gives it as an author, or
 * nobody is named.
 */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "extract_private.h"
#include "meta_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"

#define BYLINE_BYTES 300	/* longer text is no byline */
#define SHORT_BYTES 60		/* of scripts that write no spaces */
#define ACRONYM 3		/* so short a name stands in others */
#define BYLINES_NEAR 3
/* Elements: between the bylines of one story, and from the headline to the
 * first of them. */
#define BYLINE_APART 12
#define BYLINE_NEAR 80

struct people {
	struct nw_author *authors;
	size_t count;
};

/* Whether one word is made of a name ("jane-doe"), as in an address. */
static bool is_made_of(struct nw_arena *arena, const char *word,
		       const char *name)
{
	const char *key;

	if (strchr(word, ' ') || !strchr(name, ' '))
		return false;
	key = nw_utf8_key(arena, name);
	return *key && !strncmp(nw_utf8_key(arena, word), key, strlen(key));
}

/* Whether another name is the beginning of this one: a person, and what was
 * taken for a part of the name; or this one is made of another. */
static bool repeats(struct nw_arena *arena, const struct people *people,
		    size_t at)
{
	const char *name = people->authors[at].name;
	size_t i;

	for (i = 0; i < people->count; i++) {
		size_t len = strlen(people->authors[i].name);

		if (i != at && strchr(people->authors[i].name, ' ') &&
		    !strncasecmp(name, people->authors[i].name, len) &&
		    name[len] == ' ')
			return true;
		if (i != at && is_made_of(arena, name, people->authors[i].name))
			return true;
	}
	return false;
}

/* An organisation that publishes the page is no author beside people. */
static bool is_publisher(struct nw_arena *arena, const char *name,
			 const char *publisher)
{
	if (!publisher)
		return false;
	return (strlen(publisher) > ACRONYM && nw_has_word(name, publisher)) ||
	       !strcmp(nw_utf8_key(arena, name),
		       nw_utf8_key(arena, publisher));
}

static struct people without_publisher(struct nw_arena *arena,
				       const struct people *people,
				       const char *publisher)
{
	struct people left = { NULL, 0 };
	size_t i;

	for (i = 0; i < people->count; i++)
		if (!is_publisher(arena, people->authors[i].name, publisher) &&
		    !repeats(arena, people, i))
			nw_story_add_author(arena, &left.authors, &left.count,
					    &people->authors[i]);
	return left;
}

/* Only the persons, when there are any. */
static struct people persons(struct nw_arena *arena,
			     const struct people *people, const char *publisher)
{
	struct people left = { NULL, 0 };
	size_t i;

	for (i = 0; i < people->count; i++) {
		const char *name = people->authors[i].name;

		if (!nw_byline_is_organisation(name) &&
		    !(publisher && nw_has_word(name, publisher)))
			nw_story_add_author(arena, &left.authors, &left.count,
					    &people->authors[i]);
	}
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

#define HOST_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789.-"

/* "example.com", but not "St. John" or "J.R.". */
static bool is_host(const char *word, size_t len)
{
	size_t tail = 0;

	while (tail < len && word[len - 1 - tail] >= 'a' &&
	       word[len - 1 - tail] <= 'z')
		tail++;
	if (tail < 2 || len < tail + 3 || word[len - 1 - tail] != '.')
		return false;
	return tail <= 4 || strspn(word, HOST_LETTERS) >= len;
}

/* Addresses of profiles and of sites stand there too. */
static bool is_address(const char *text)
{
	const char *at;

	for (at = text; *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		if (is_host(at, len))
			return true;
		at += len;
	}
	return strstr(text, "://") || strstr(text, "www.") ||
	       strchr(text, '@');
}

/* Whom a picture near the headline is from is no author. */
static bool is_credit(const char *text)
{
	static const char *const agencies[] = {
		"getty images",	    "imago", "picture alliance", "shutterstock",
		"picture-alliance",
	};
	size_t i;

	for (i = 0; i < sizeof(agencies) / sizeof(agencies[0]); i++)
		if (nw_has_word(text, agencies[i]))
			return true;
	return false;
}

/* "Doe, Jane", as catalogues write it, turned round. */
static const char *turned(struct nw_arena *arena, const char *text)
{
	const char *comma = strchr(text, ','), *given;

	if (!comma || strchr(comma + 1, ',') ||
	    strcspn(text, " ") < (size_t)(comma - text))
		return text;
	given = comma + 1 + strspn(comma + 1, " ");
	if (!isupper((unsigned char)*given) || strchr(given, ' ') ||
	    nw_byline_is_organisation(given))
		return text;
	return nw_arena_printf(arena, "%s %.*s", given, (int)(comma - text),
			       text);
}

static void from_meta(const struct nw_claims *claims, struct people *people)
{
	const struct nw_author nobody = { .name = NULL };
	struct nw_arena *arena = claims->page->arena;
	unsigned rank = 0;
	size_t i;

	for (i = 0; i < claims->counts[NW_CLAIM_AUTHOR]; i++) {
		const char *value = claims->values[NW_CLAIM_AUTHOR][i];

		if (people->count && claims->ranks[NW_CLAIM_AUTHOR][i] > rank)
			break;
		rank = claims->ranks[NW_CLAIM_AUTHOR][i];
		if (!is_address(value))
			nw_byline_add(arena, turned(arena, value), &nobody,
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

/* Links to authors and microdata may name one by a single word; elsewhere
 * that is a place or a section. */
static bool is_sure(const xmlNode *node, const char *text, const char *name)
{
	if ((unsigned char)*name >= 0x80)
		return strlen(text) <= SHORT_BYTES;
	return strchr(name, ' ') || nw_dom_is(node, "a") ||
	       nw_dom_attr(node, "itemprop");
}

/* What stands at a place: its words, or the name that microdata gives it. */
static const char *place_text(const struct nw_page *page, const xmlNode *node)
{
	const char *text = nw_dom_attr(node, "content"), *prop;
	const xmlNode *at;

	if (!text)
		text = nw_dom_text(page->arena, node, BYLINE_BYTES + 1);
	for (at = node; at && !text; at = nw_dom_next(at, node, false)) {
		prop = nw_dom_attr(at, "itemprop");
		if (prop && !strcmp(prop, "name"))
			text = nw_dom_attr(at, "content");
	}
	return text;
}

static void from_place(const struct nw_claims *claims, const xmlNode *node,
		       struct people *people)
{
	struct nw_arena *arena = claims->page->arena;
	struct people found = { NULL, 0 };
	struct nw_author author = { .name = NULL };
	const char *text;
	size_t i;

	if (nw_is_elsewhere(claims, node))
		return;
	text = place_text(claims->page, node);
	if (!text || strlen(text) > BYLINE_BYTES || is_address(text) ||
	    is_credit(text))
		return;
	nw_byline_add(arena, text, &author, &found.authors, &found.count);
	if (found.count == 1)
		found.authors[0].url = author_url(claims->page, node);
	for (i = 0; i < found.count; i++)
		if (is_sure(node, text, found.authors[i].name))
			nw_story_add_author(arena, &people->authors,
					    &people->count, &found.authors[i]);
}

/* Adds the names at a place; of places within one another, those of the
 * innermost that has any.  Returns the next place. */
static size_t read_place(const struct nw_claims *claims, size_t at,
			 struct people *people)
{
	const struct nw_places *places = &claims->places[NW_PLACE_BYLINE];
	size_t before = people->count, next = at + 1;

	while (next < places->count &&
	       nw_dom_contains(places->nodes[at], places->nodes[next]))
		next = read_place(claims, next, people);
	if (people->count == before)
		from_place(claims, places->nodes[at], people);
	return next;
}

/* The bylines behind the headline, or the last ones before it. */
static void from_places(const struct nw_claims *claims, size_t apart,
			struct people *people)
{
	const struct nw_places *places = &claims->places[NW_PLACE_BYLINE];
	size_t last = claims->headline_order, first = 0, i;

	while (first < places->count && places->order[first] < last)
		first++;
	if (first == places->count && first)
		first = first > BYLINES_NEAR ? first - BYLINES_NEAR : 0;
	for (i = first; i < places->count;) {
		/* Further down stand the authors of other stories. */
		if (places->order[i] >
		    last + (people->count ? BYLINE_APART : apart))
			break;
		i = read_place(claims, i, people);
		if (people->count)
			last = places->order[i - 1];
	}
}

static void from_near(const struct nw_claims *claims, struct people *people)
{
	from_places(claims, BYLINE_NEAR, people);
}

/* Text that is signed, near the headline. */
static void from_signed(const struct nw_claims *claims, struct people *people)
{
	const struct nw_places *places = &claims->places[NW_PLACE_SIGNED];
	size_t start = claims->headline_order, i;

	for (i = 0; i < places->count && !people->count; i++) {
		if (places->order[i] > start + BYLINE_NEAR)
			return;
		if (places->order[i] > start)
			from_place(claims, places->nodes[i], people);
	}
}

static void from_anywhere(const struct nw_claims *claims,
			  struct people *people)
{
	from_places(claims, SIZE_MAX / 2, people);
}

/* Who wrote it, in whole: for the story, and for whoever asks. */
static void take(const struct nw_claims *claims, const struct people *people,
		 const char *place, struct nw_story *story)
{
	const char *names = "";
	size_t i;

	story->authors = people->authors;
	story->author_count = people->count;
	if (!claims->page->explain || !people->count)
		return;
	for (i = 0; i < people->count; i++)
		names = nw_arena_printf(claims->page->arena, "%s%s%s", names,
					i ? ", " : "", people->authors[i].name);
	nw_page_note(claims->page, "authors", place,
		     "the surest source that names any", names);
}

void nw_people_read(const struct nw_claims *claims, struct nw_story *story)
{
	static const struct {
		void (*read)(const struct nw_claims *, struct people *);
		bool given;	/* it says who is an author; elsewhere an
				 * organisation beside people employs them */
		const char *place;
	} sources[] = {
		{ from_jsonld, true, "JSON-LD author" },
		{ from_meta, false, "meta" },
		{ from_near, false, "byline near the headline" },
		{ from_signed, false, "signed text near the headline" },
		{ from_anywhere, false, "byline" },
	};
	struct nw_arena *arena = claims->page->arena;
	struct people organisation = { NULL, 0 };
	const char *place = NULL;
	size_t i;

	for (i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		struct people people = { NULL, 0 }, left;

		sources[i].read(claims, &people);
		left = without_publisher(arena, &people, story->publisher);
		if (!sources[i].given)
			left = persons(arena, &left, story->publisher);
		if (left.count) {
			take(claims, &left, sources[i].place, story);
			return;
		}
		if (people.count && !organisation.count) {
			organisation = people;
			place = sources[i].place;
		}
	}
	take(claims, &organisation, place, story);
}
