/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The headline by a vote: h1, JSON-LD, OpenGraph and the title element mostly
 * agree, and each of them is wrong on many sites.
 */
#include "config.h"

#include <string.h>

#include "meta_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"

#define BALLOTS 16

/* One opinion. */
struct ballot {
	const char *text;
	const char *key;	/* nw_utf8_key() of it */
	unsigned weight;
	size_t order;		/* of the h1; 0 for the others */
};

struct vote {
	struct nw_arena *arena;
	struct ballot ballots[BALLOTS];
	size_t count;
};

static void add(struct vote *vote, const char *text, unsigned weight,
		size_t order)
{
	const char *key = text ? nw_utf8_key(vote->arena, text) : "";

	if (!*key || vote->count == BALLOTS)
		return;
	vote->ballots[vote->count++] =
		(struct ballot){ text, key, weight, order };
}

/* What stands between a headline and the site's name. */
static const char *const separators[] = {
	" | ", " - ", " \xe2\x80\x93 ", " \xe2\x80\x94 ", " \xc2\xb7 ",
	" :: ", " \xc2\xbb ", " \xc2\xab ", " \xe2\x80\xa2 ", " / ", " : ",
	"\xef\xbd\x9c", "_", ": ", "|",
};

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

static bool voted_for(const struct vote *vote, const char *key)
{
	size_t i;

	for (i = 0; i < vote->count; i++)
		if (strcmp(vote->ballots[i].key, key) == 0)
			return true;
	return false;
}

/* Whether a tail is the site's name: the publisher's, or words of the host. */
static bool is_site(struct nw_arena *arena, const char *tail,
		    const char *publisher, const char *host)
{
	const char *key = nw_utf8_key(arena, tail);
	const char *name = publisher ? nw_utf8_key(arena, publisher) : "";
	const char *host_key = host ? nw_utf8_key(arena, host) : "";

	if (!*key)
		return true;
	if (*name && (strstr(key, name) || strstr(name, key)))
		return true;
	return strlen(key) > 2 && strstr(host_key, key);
}

/*
 * Cuts the site's name from the end of a title as long as it is one, or as
 * what is left is what somebody else calls the story.
 */
static const char *cut_site(const struct vote *vote, const char *title,
			    const char *publisher, const char *host)
{
	size_t end = strlen(title), len = 0;
	const char *at, *head;

	while ((at = last_separator(title, end, &len))) {
		head = nw_utf8_line(vote->arena, title, (size_t)(at - title),
				    NW_STORY_TITLE_BYTES);
		if (!head)
			break;
		if (voted_for(vote, nw_utf8_key(vote->arena, head)))
			return head;
		if (!is_site(vote->arena,
			     nw_arena_strndup(vote->arena, at + len,
					      end - (size_t)(at - title) - len),
			     publisher, host))
			break;
		end = (size_t)(at - title);
	}
	return end == strlen(title)
		       ? title
		       : nw_utf8_line(vote->arena, title, end,
				      NW_STORY_TITLE_BYTES);
}

/* Headlines of the visible page: an h1 that is the site's logo does not
 * count. */
static void add_headlines(struct vote *vote, const struct nw_claims *claims,
			  const char *publisher, const char *host)
{
	const struct nw_places *places = &claims->places[NW_PLACE_HEADLINE];
	unsigned weight = 5;
	size_t i;

	for (i = 0; i < places->count && i < 6; i++) {
		const char *text = nw_dom_text(vote->arena, places->nodes[i],
					       NW_STORY_TITLE_BYTES);

		if (!text || (is_site(vote->arena, text, publisher, host) &&
			      places->count > 1))
			continue;
		add(vote, cut_site(vote, text, publisher, host), weight,
		    places->order[i]);
		weight = weight > 3 ? 3 : 1;
	}
}

/* Votes for a ballot: its own and those that say the same, or say it with
 * more or less around it. */
static unsigned support(const struct vote *vote, const struct ballot *ballot)
{
	unsigned sum = 0;
	size_t i;

	for (i = 0; i < vote->count; i++) {
		const struct ballot *other = &vote->ballots[i];

		if (strcmp(other->key, ballot->key) == 0)
			sum += 2 * other->weight;
		else if (strlen(ballot->key) > 12 &&
			 (strstr(other->key, ballot->key) ||
			  (strlen(other->key) > 12 &&
			   strstr(ballot->key, other->key))))
			sum += other->weight;
	}
	return sum;
}

char *nw_title_choose(struct nw_claims *claims, const char *publisher)
{
	struct vote vote = { .arena = claims->page->arena };
	struct nw_url parts = { .host = NULL };
	const struct ballot *best = NULL;
	unsigned most = 0, votes;
	const char *title;
	size_t i;

	if (claims->page->url)
		(void)nw_url_split(vote.arena, claims->page->url, &parts);
	add_headlines(&vote, claims, publisher, parts.host);
	title = nw_jsonld_text(vote.arena, claims->article, "headline",
			       NW_STORY_TITLE_BYTES);
	if (title)
		add(&vote, cut_site(&vote, title, publisher, parts.host), 4, 0);
	title = nw_claim(claims, NW_CLAIM_TITLE);
	if (title)
		add(&vote, cut_site(&vote, title, publisher, parts.host), 4, 0);
	if (claims->head_title)
		add(&vote,
		    cut_site(&vote, claims->head_title, publisher, parts.host),
		    3, 0);
	for (i = 0; i < vote.count; i++) {
		votes = support(&vote, &vote.ballots[i]);
		if (votes <= most)
			continue;
		most = votes;
		best = &vote.ballots[i];
	}
	if (!best)
		return NULL;
	for (i = 0; i < vote.count && !claims->headline_order; i++)
		if (vote.ballots[i].order &&
		    strcmp(vote.ballots[i].key, best->key) == 0)
			claims->headline_order = vote.ballots[i].order;
	for (i = 0; i < vote.count && !claims->headline_order; i++)
		claims->headline_order = vote.ballots[i].order;
	return nw_arena_strdup(vote.arena, best->text);
}
