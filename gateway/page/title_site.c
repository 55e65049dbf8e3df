/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A title without the names of its site.
 */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/url.h"
#include "newswire/utf8.h"
#include "title_private.h"

/* Words that the site's name has at most. */
#define SITE_WORDS 4
/* Octets of a key around the site's name: "News, ", " Online". */
#define SITE_MORE 12
/* A longer text is no name of a site. */
#define SITE_BYTES 60

/* What stands between a headline and the site's name; before a headline only
 * the first SPACED. */
#define SPACED 5
static const char *const separators[] = {
	" | ", " - ", " – ", " — ", " · ", " :: ", " » ", " « ",
	" • ", " / ", " : ", "｜",  "_",   ": ",   "|",
};

/* Some give the page's title for the site's name. */
static const char *site_key(struct nw_arena *arena, const char *name)
{
	return name && strlen(name) <= SITE_BYTES ? nw_utf8_key(arena, name) :
						    "";
}

void title_name_sites(struct title_vote *vote, const struct nw_claims *claims,
		      const char *publisher)
{
	struct nw_url url = { .host = NULL };
	const char *site = nw_claim(claims, NW_CLAIM_SITE);

	if (claims->page->url)
		(void)nw_url_split(vote->arena, claims->page->url, &url);
	vote->sites[0] = site_key(vote->arena, publisher);
	vote->sites[1] = site_key(vote->arena, site);
	vote->sites[2] = url.host ? nw_utf8_key(vote->arena, url.host) : "";
	vote->logo = "";
}

/* Whether a key is the site's: its name, hardly more, or words of its host. */
bool title_is_site(const struct title_vote *vote, const char *key)
{
	size_t len = strlen(key), i;

	if (len && !strcmp(key, vote->logo))
		return true;
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
			if (last && found + len <= last + *len_r)
				continue;
			last = found;
			*len_r = len;
		}
	}
	return last;
}

static bool has_line(const struct title_headings *headings, const char *key)
{
	size_t i;

	for (i = 0; i < headings->count; i++)
		if (!headings->lines[i].logo &&
		    !strcmp(headings->lines[i].key, key))
			return true;
	return false;
}

/* What stands before a colon may be the heading of a part of the story. */
static bool is_heading(const struct title_vote *vote, const char *key,
		       const char *separator)
{
	return has_line(&vote->first, key) ||
	       (*separator != ':' && has_line(&vote->second, key)) ||
	       (*vote->data.key && !strcmp(vote->data.key, key));
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
static bool is_tail(const struct title_vote *vote, const char *tail,
		    const char *head, bool element)
{
	if (title_is_site(vote, nw_utf8_key(vote->arena, tail)))
		return true;
	return element && count_words(tail) <= SITE_WORDS &&
	       count_words(head) > SITE_WORDS;
}

/* The part of a title that a heading shows; NULL when there is none. */
static const char *shown_part(const struct title_vote *vote, const char *title)
{
	const char *whole = nw_utf8_key(vote->arena, title), *at;
	size_t end = strlen(title), len = 0;

	if (is_heading(vote, whole, title))
		return title;
	while ((at = last_separator(title, end, &len))) {
		const char *tail = nw_utf8_key(vote->arena, at + len);
		const char *head = nw_utf8_line(vote->arena, title,
						(size_t)(at - title),
						NW_STORY_TITLE_BYTES);

		if (!head)
			break;
		if (is_heading(vote, nw_utf8_key(vote->arena, head), at))
			return head;
		if (*at != ':' && 2 * strlen(tail) > strlen(whole) &&
		    is_heading(vote, tail, at))
			return at + len;
		end = (size_t)(at - title);
	}
	return NULL;
}

/* Cuts the site's names from the end of a title, as long as there is one. */
static const char *cut_end(const struct title_vote *vote, const char *title,
			   bool element)
{
	size_t end = strlen(title), len = 0;
	const char *at, *head, *tail;

	while ((at = last_separator(title, end, &len))) {
		head = nw_arena_strndup(vote->arena, title,
					(size_t)(at - title));
		tail = nw_arena_strndup(vote->arena, at + len,
					end - (size_t)(at - title) - len);
		if (at == title ||
		    !is_tail(vote, tail, head, element && title[end] == '\0'))
			break;
		end = (size_t)(at - title);
	}
	return title[end] ? nw_utf8_line(vote->arena, title, end,
					 NW_STORY_TITLE_BYTES) :
			    title;
}

/* Some put the site's name first. */
static const char *cut_start(const struct title_vote *vote, const char *title)
{
	const char *at = NULL, *head;
	size_t len = 0, i;

	for (i = 0; i < SPACED && !at; i++) {
		at = strstr(title, separators[i]);
		len = strlen(separators[i]);
	}
	if (!at || strlen(at + len) < (size_t)(at - title))
		return title;
	head = nw_arena_strndup(vote->arena, title, (size_t)(at - title));
	return title_is_site(vote, nw_utf8_key(vote->arena, head)) ? at + len :
								     title;
}

const char *title_cut_site(const struct title_vote *vote, const char *title,
			   bool element)
{
	const char *part = title ? shown_part(vote, title) : NULL;

	if (part || !title)
		return part;
	return cut_start(vote, cut_end(vote, title, element));
}
