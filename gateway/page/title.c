/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The headline.  The page shows one (h1), and names one in JSON-LD, OpenGraph
 * and the title element; each of these is wrong on many sites: the site's
 * name, the name of a section, a shorter line for social media.  The shown one
 * that is most like the others is taken, unless two others agree on another.
 */
#include "config.h"

#include <string.h>

#include "extract_private.h"
#include "html_private.h"
#include "meta_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"

#define HEADINGS 8
/* Bits of the set of a key's pairs of octets. */
#define SET_WORDS 16
/* Of 100: two lines that are less alike do not speak of the same story. */
#define ALIKE 35
/* Octets of a key below which a line is hardly a headline. */
#define HEADLINE_KEY 15
/* Words that the site's name has at most. */
#define SITE_WORDS 4
/* Octets of a key around the site's name: "News, ", " Online". */
#define SITE_MORE 12

struct line {
	const char *text;
	const char *key;	/* nw_utf8_key() of it; "" without a text */
	uint64_t pairs[SET_WORDS];
	size_t order;		/* of the h1 */
};

struct vote {
	struct nw_arena *arena;
	const char *sites[3];	/* keys of the site's names, "" for none */
	struct line headings[HEADINGS];
	size_t count;
	struct line data, social, head;	/* JSON-LD, OpenGraph, title element */
};

/* What stands between a headline and the site's name. */
static const char *const separators[] = {
	" | ", " - ", " – ", " — ", " · ", " :: ", " » ", " « ",
	" • ", " / ", " : ", "｜",  "_",   ": ",   "|",
};

static struct line make_line(struct nw_arena *arena, const char *text)
{
	struct line line = { .text = text, .key = "" };
	size_t i;

	if (!text)
		return line;
	line.key = nw_utf8_key(arena, text);
	for (i = 0; line.key[i] && line.key[i + 1]; i++) {
		unsigned pair = (unsigned char)line.key[i] * 31u +
				(unsigned char)line.key[i + 1];

		pair %= 64 * SET_WORDS;
		line.pairs[pair / 64] |= UINT64_C(1) << pair % 64;
	}
	return line;
}

static bool same(const struct line *a, const struct line *b)
{
	return *a->key && !strcmp(a->key, b->key);
}

/* Of 100: how much of the longer line is in the other. */
static unsigned likeness(const struct line *a, const struct line *b)
{
	unsigned one = 0, two = 0, both = 0;
	size_t i;

	if (same(a, b))
		return 100;
	for (i = 0; i < SET_WORDS; i++) {
		one += (unsigned)__builtin_popcountll(a->pairs[i]);
		two += (unsigned)__builtin_popcountll(b->pairs[i]);
		both += (unsigned)__builtin_popcountll(a->pairs[i] &
						       b->pairs[i]);
	}
	if (one < two)
		one = two;
	return one ? both * 100 / one : 0;
}

/* Whether a key is the site's: its name, hardly more, or words of its host. */
static bool is_site(const struct vote *vote, const char *key)
{
	size_t len = strlen(key), i;

	for (i = 0; i < sizeof(vote->sites) / sizeof(vote->sites[0]); i++) {
		const char *site = vote->sites[i];

		if (!*site || len < 2)
			continue;
		if (len > 2 && strstr(site, key))
			return true;
		if (len <= strlen(site) + SITE_MORE && strstr(key, site))
			return true;
	}
	return false;
}

/* The last separator before end; NULL when there is none. */
static const char *last_separator(const char *text, size_t end, size_t *len_r)
{
	const char *last = NULL, *found;
	size_t i;

	for (i = 0; i < sizeof(separators) / sizeof(separators[0]); i++) {
		size_t len = strlen(separators[i]);

		for (found = strstr(text, separators[i]);
		     found && (size_t)(found - text) + len <= end;
		     found = strstr(found + 1, separators[i])) {
			if (last && found <= last)
				continue;
			last = found;
			*len_r = len;
		}
	}
	return last;
}

static bool is_heading(const struct vote *vote, const char *key)
{
	size_t i;

	for (i = 0; i < vote->count; i++)
		if (!strcmp(vote->headings[i].key, key))
			return true;
	return *vote->data.key && !strcmp(vote->data.key, key);
}

static unsigned count_words(const char *text)
{
	unsigned words = 0;

	for (; *text; text += strcspn(text, " "), text += strspn(text, " "))
		words++;
	return words;
}

/* Whether the tail of a title can go: the site's name; of a title element,
 * which ends with one as a rule, a few words. */
static bool is_tail(const struct vote *vote, const char *tail, const char *head,
		    bool element)
{
	if (is_site(vote, nw_utf8_key(vote->arena, tail)))
		return true;
	return element && count_words(tail) <= SITE_WORDS &&
	       count_words(head) > SITE_WORDS;
}

/* Cuts the site's names from the end of a title, as long as there is one or
 * until what is left is what the page shows. */
static const char *cut_end(const struct vote *vote, const char *title,
			   bool element)
{
	size_t end = strlen(title), len = 0;
	const char *at, *head, *tail;

	while ((at = last_separator(title, end, &len))) {
		head = nw_utf8_line(vote->arena, title, (size_t)(at - title),
				    NW_STORY_TITLE_BYTES);
		if (!head)
			break;
		if (is_heading(vote, nw_utf8_key(vote->arena, head)))
			return head;
		tail = nw_arena_strndup(vote->arena, at + len,
					end - (size_t)(at - title) - len);
		if (!is_tail(vote, tail, head, element && title[end] == '\0'))
			break;
		end = (size_t)(at - title);
	}
	return title[end] ? nw_utf8_line(vote->arena, title, end,
					 NW_STORY_TITLE_BYTES) :
			    title;
}

/* Some put the site's name first. */
static const char *cut_site(const struct vote *vote, const char *title,
			    bool element)
{
	size_t len = 0, i;
	const char *at = NULL;

	if (!title)
		return NULL;
	title = cut_end(vote, title, element);
	for (i = 0; i < 5 && !at; i++) {
		at = strstr(title, separators[i]);
		len = strlen(separators[i]);
	}
	if (!at || strlen(at + len) < (size_t)(at - title) ||
	    !is_site(vote, nw_utf8_key(vote->arena,
				       nw_arena_strndup(
					       vote->arena, title,
					       (size_t)(at - title)))))
		return title;
	return at + len;
}

static bool skip_kicker(const xmlNode *node, void *context)
{
	const struct nw_page *page = context;
	const char *class = nw_dom_attr(node, "class");

	return class && (nw_words_of(page->words, class) & NW_WORD_KICKER);
}

/* The words of an h1 without a kicker in it, unless that is all of it. */
static const char *heading_text(const struct nw_page *page,
				const xmlNode *node)
{
	const struct nw_html_options options = {
		.skip = skip_kicker,
		.context = (void *)(uintptr_t)page,
	};
	const char *text = nw_html_text_line(page->arena, node, &options,
					     NW_STORY_TITLE_BYTES);

	return text ? text :
		      nw_dom_text(page->arena, node, NW_STORY_TITLE_BYTES);
}

static void add_headings(struct vote *vote, const struct nw_claims *claims)
{
	const struct nw_places *places = &claims->places[NW_PLACE_HEADLINE];
	size_t i;

	for (i = 0; i < places->count && vote->count < HEADINGS; i++) {
		struct line line = make_line(
			vote->arena,
			heading_text(claims->page, places->nodes[i]));

		if (!*line.key)
			continue;
		line.order = places->order[i];
		vote->headings[vote->count++] = line;
	}
}

static unsigned likeness_to_others(const struct vote *vote,
				   const struct line *line)
{
	unsigned data = likeness(line, &vote->data);
	unsigned social = likeness(line, &vote->social);
	unsigned head = likeness(line, &vote->head);
	unsigned most = data > social ? data : social;

	if (head > most)
		most = head;
	return most < ALIKE ? 0 : most + (data + social + head) / 3;
}

/* The heading that is most like what the page says elsewhere; NULL when none
 * is like it. */
static const struct line *find_heading(const struct vote *vote)
{
	const struct line *best = NULL;
	unsigned most = 0, now;
	size_t i;

	for (i = 0; i < vote->count; i++) {
		now = likeness_to_others(vote, &vote->headings[i]);
		if (now > most) {
			most = now;
			best = &vote->headings[i];
		}
	}
	return best;
}

/* Whether line is the end of the heading, behind a kicker. */
static bool ends_heading(const struct line *heading, const struct line *line)
{
	size_t all = strlen(heading->key), end = strlen(line->key);

	return end > HEADLINE_KEY && end < all && end * 2 > all &&
	       !strcmp(heading->key + all - end, line->key);
}

static const struct line *choose(const struct vote *vote,
				 const struct line *heading)
{
	if (heading) {
		if (same(&vote->data, &vote->social))
			return same(heading, &vote->data) ? heading :
							    &vote->data;
		if (ends_heading(heading, &vote->social))
			return &vote->social;
		return ends_heading(heading, &vote->data) ? &vote->data :
							     heading;
	}
	if (*vote->social.key && !is_site(vote, vote->social.key))
		return &vote->social;
	if (*vote->data.key)
		return &vote->data;
	if (vote->count == 1 && !is_site(vote, vote->headings[0].key))
		return &vote->headings[0];
	if (*vote->head.key)
		return &vote->head;
	if (vote->count)
		return &vote->headings[0];
	return *vote->social.key ? &vote->social : NULL;
}

static void name_sites(struct vote *vote, const struct nw_claims *claims,
		       const char *publisher)
{
	struct nw_url url = { .host = NULL };
	const char *site = nw_claim(claims, NW_CLAIM_SITE);

	if (claims->page->url)
		(void)nw_url_split(vote->arena, claims->page->url, &url);
	vote->sites[0] = publisher ? nw_utf8_key(vote->arena, publisher) : "";
	vote->sites[1] = site ? nw_utf8_key(vote->arena, site) : "";
	vote->sites[2] = url.host ? nw_utf8_key(vote->arena, url.host) : "";
}

char *nw_title_choose(struct nw_claims *claims, const char *publisher)
{
	struct vote vote = { .arena = claims->page->arena };
	const struct line *heading, *best;

	name_sites(&vote, claims, publisher);
	add_headings(&vote, claims);
	vote.data = make_line(vote.arena, NULL);
	vote.data = make_line(
		vote.arena,
		cut_site(&vote,
			 nw_jsonld_text(vote.arena, claims->article,
					"headline", NW_STORY_TITLE_BYTES),
			 false));
	vote.social = make_line(vote.arena,
				cut_site(&vote,
					 nw_claim(claims, NW_CLAIM_TITLE),
					 false));
	vote.head = make_line(vote.arena,
			      cut_site(&vote, claims->head_title, true));
	heading = find_heading(&vote);
	best = choose(&vote, heading);
	if (!best)
		return NULL;
	if (!heading && vote.count)
		heading = &vote.headings[0];
	if (heading)
		claims->headline_order = heading->order;
	return nw_utf8_line(vote.arena, best->text, strlen(best->text),
			    NW_STORY_TITLE_BYTES);
}
