/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The headline.  The page shows one (h1), and names one in JSON-LD, OpenGraph
 * and the title element; each of these is wrong on many sites: the site's
 * name, the name of a section, a shorter line for social media.  The shown one
 * that is most like the others is taken; what two others agree on corrects it
 * where it holds more or less than they.
 */
#include "config.h"

#include <string.h>

#include "extract_private.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"
#include "title_private.h"

/* Of 100: two lines that are less alike do not speak of the same story. */
#define ALIKE 35
/* Octets of a key below which a line is hardly a headline. */
#define HEADLINE_KEY 15
/* A second line makes a heading so many times as long, at most. */
#define SECOND_LINE 3

static unsigned likeness_to_others(const struct title_vote *vote,
				   const struct title_line *line)
{
	unsigned data = title_line_likeness(line, &vote->data);
	unsigned social = title_line_likeness(line, &vote->social);
	unsigned head = title_line_likeness(line, &vote->head);
	unsigned most = data > social ? data : social;

	if (head > most)
		most = head;
	return most < ALIKE ? 0 : most + (data + social + head) / 3;
}

/* The heading that is most like what the page says elsewhere; NULL when none
 * is like it. */
static const struct title_line *
most_alike(const struct title_vote *vote, const struct title_headings *headings)
{
	const struct title_line *best = NULL;
	unsigned most = 0, now;
	size_t i;

	for (i = 0; i < headings->count; i++) {
		const struct title_line *line = &headings->lines[i];

		if (line->logo && !title_line_same(line, &vote->data) &&
		    !title_line_same(line, &vote->social))
			continue;
		now = likeness_to_others(vote, line);
		if (now > most) {
			most = now;
			best = line;
		}
	}
	return best;
}

/* The first heading, when the page's markup calls it the headline. */
static const struct title_line *marked(const struct title_vote *vote,
				       const struct nw_page *page)
{
	const struct title_line *line = vote->first.lines;
	const char *class;

	if (!vote->first.count || vote->crumbs.count || line->logo)
		return NULL;
	class = nw_dom_attr(line->node, "class");
	if (nw_dom_attr(line->node, "itemprop") ||
	    (class && nw_words_of(page->words, class) & NW_WORD_TITLE))
		return line;
	return NULL;
}

/* Whether line is the end of the heading, behind a kicker. */
static bool ends_heading(const struct title_line *heading,
			 const struct title_line *line)
{
	size_t all = strlen(heading->key), end = strlen(line->key);

	return end > HEADLINE_KEY && end < all && end * 2 > all &&
	       !strcmp(heading->key + all - end, line->key);
}

/* Whether one of two is the other with something before or behind it. */
static bool holds(const struct title_line *longer,
		  const struct title_line *shorter)
{
	size_t all = strlen(longer->key), len = strlen(shorter->key);

	return len && len < all &&
	       (!strncmp(longer->key, shorter->key, len) ||
		!strcmp(longer->key + all - len, shorter->key));
}

/* What the page says elsewhere, when a heading of the second kind says it. */
static const struct title_line *confirmed(const struct title_vote *vote,
					  const struct title_line **heading_r)
{
	const struct title_line *const others[] = {
		&vote->social, &vote->data, &vote->head,
	};
	size_t i, j;

	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		for (j = 0; j < vote->second.count; j++) {
			*heading_r = &vote->second.lines[j];
			if (title_line_same(others[i], *heading_r) ||
			    ends_heading(*heading_r, others[i]))
				return others[i];
			if (ends_heading(others[i], *heading_r))
				return *heading_r;
		}
	*heading_r = NULL;
	return NULL;
}

/* The shown headline against what stands elsewhere: of a headline with a
 * kicker or a second line, what two others agree on. */
static const struct title_line *against(const struct title_vote *vote,
					const struct title_line *heading)
{
	bool agree = title_line_same(&vote->data, &vote->social);

	if (agree && holds(&vote->data, heading))
		return &vote->data;
	if (agree && holds(heading, &vote->data) &&
	    SECOND_LINE * strlen(vote->data.key) > strlen(heading->key))
		return &vote->data;
	if (ends_heading(heading, &vote->social))
		return &vote->social;
	return ends_heading(heading, &vote->data) ? &vote->data : heading;
}

static const struct title_line *unseen(const struct title_vote *vote)
{
	if (*vote->social.key && !title_is_site(vote, vote->social.key))
		return &vote->social;
	if (*vote->data.key)
		return &vote->data;
	if (vote->first.count == 1 && !vote->first.lines[0].logo)
		return &vote->first.lines[0];
	if (*vote->head.key)
		return &vote->head;
	if (vote->first.count)
		return &vote->first.lines[0];
	return *vote->social.key ? &vote->social : NULL;
}

static const struct title_line *choose(const struct title_vote *vote,
				       const struct nw_page *page,
				       const struct title_line **heading_r)
{
	const struct title_line *line;

	*heading_r = most_alike(vote, &vote->first);
	if (!*heading_r)
		*heading_r = marked(vote, page);
	if (*heading_r)
		return against(vote, *heading_r);
	line = confirmed(vote, heading_r);
	if (line)
		return against(vote, line);
	*heading_r = most_alike(vote, &vote->crumbs);
	return *heading_r ? against(vote, *heading_r) : unseen(vote);
}

/* Says which line won, and what speaks for it. */
static void note(const struct title_vote *vote, const struct nw_page *page,
		 const struct title_line *best)
{
	const struct {
		const struct title_line *line;
		const char *place, *agrees;
	} others[] = {
		{ &vote->social, "meta title", "agrees with a meta element" },
		{ &vote->data, "JSON-LD headline", "agrees with JSON-LD" },
		{ &vote->head, "title element",
		  "agrees with the title element" },
	};
	const char *place = NULL, *why = "no other line is like it";
	size_t i = sizeof(others) / sizeof(others[0]);

	while (i--) {
		if (best == others[i].line)
			place = others[i].place;
		else if (title_line_same(best, others[i].line))
			why = others[i].agrees;
	}
	if (place)
		nw_page_note(page, "title", place, why, best->text);
	else
		nw_page_note_node(page, "title", best->node, why);
}

static struct title_line cut_line(const struct title_vote *vote,
				  const char *text, bool element)
{
	return title_line_make(vote->arena,
			       title_cut_site(vote, text, element));
}

/* What stands elsewhere, without what the headings show is not of it. */
static void cut_lines(struct title_vote *vote, const struct nw_claims *claims)
{
	vote->data = cut_line(vote,
			      nw_jsonld_text(vote->arena, claims->article,
					     "headline", NW_STORY_TITLE_BYTES),
			      false);
	vote->social = cut_line(vote, nw_claim(claims, NW_CLAIM_TITLE), false);
	vote->head = cut_line(vote, claims->head_title, true);
}

char *nw_title_choose(struct nw_claims *claims, const char *publisher)
{
	struct title_vote vote = {
		.arena = claims->page->arena,
		.data = { .key = "" },
	};
	const struct title_line *heading, *best;

	title_name_sites(&vote, claims, publisher);
	title_add_headings(&vote, claims, NW_PLACE_HEADLINE, &vote.first);
	cut_lines(&vote, claims);
	if (!most_alike(&vote, &vote.first)) {
		title_add_headings(&vote, claims, NW_PLACE_SUBHEAD,
				   &vote.second);
		cut_lines(&vote, claims);
	}
	best = choose(&vote, claims->page, &heading);
	if (!best)
		return NULL;
	note(&vote, claims->page, best);
	if (!heading && vote.first.count)
		heading = &vote.first.lines[0];
	if (heading) {
		claims->headline = heading->node;
		claims->headline_order = heading->order;
	}
	return nw_utf8_line(vote.arena, best->text, strlen(best->text),
			    NW_STORY_TITLE_BYTES);
}
