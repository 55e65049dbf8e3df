/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The date that readers see.  Beside the story's own there are those of other
 * stories, of comments and of events, so what is near the headline is believed
 * first, and what says that it is of a change, last.
 */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "meta_private.h"
#include "newswire/limits.h"
#include "newswire/utf8.h"

#define MARKED_BYTES 200	/* longer text is no date */
#define TEXT_BYTES 120
#define TEXTS 500		/* that are looked at for a date */
#define DATE_WORDS 8		/* of a date written out */
#define DATE_DIGITS 4		/* of a day, "8.5.12" */
/* Elements from the headline. */
#define NEAR_BEFORE 30
#define NEAR_AFTER 100

/* What stands before the date of a story, and of a change of it. */
static const char *const first_words[] = {
	"published",	"posted",     "written",	"created",
	"erschienen",	"erstellt",   "geschrieben",	"gespeichert",
	"ver\xc3\xb6" "ffentlicht", "publiziert", "publi\xc3\xa9",
	"publicado",	"pubblicato", "gepubliceerd",	"opublikowano",
	"publicerad",	"publisert",  "date",		"datum",
	"fecha",	"stand",
};
static const char *const change_words[] = {
	"updated",    "modified",     "edited",	    "reviewed",
	"aktualisiert", "ge\xc3\xa4ndert", "\xc3\xa4nderung", "editiert",
	"actualizado", "atualizado",  "aggiornato", "bijgewerkt",
	"mis \xc3\xa0 jour", "uppdaterad", "oppdatert",
};

static const struct nw_date no_date = { .utc = NW_TIME_NONE };

/* What was found on the way through the page. */
struct seen {
	const struct nw_claims *claims;
	bool near;
	unsigned texts;		/* that were looked at */
	struct nw_date after, before, change;
};

static bool has_any(const char *text, const char *const *words, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (nw_has_word(text, words[i]))
			return true;
	return false;
}
#define HAS_ANY(text, words) \
	has_any(text, words, sizeof(words) / sizeof((words)[0]))

static size_t count_digits(const char *text, size_t len)
{
	size_t count = 0, i;

	for (i = 0; i < len; i++)
		count += isdigit((unsigned char)text[i]) != 0;
	return count;
}

/* A year, or a month of one, is no date of a story. */
static bool says_day(const char *text, size_t len)
{
	size_t digits = count_digits(text, len), runs = 0, i;

	for (i = 0; i < len; i++)
		runs += isdigit((unsigned char)text[i]) &&
			(i == 0 || !isdigit((unsigned char)text[i - 1]));
	return runs > 2 || (digits > DATE_DIGITS && runs > 1) || digits > 7;
}

/* The date within a short text, such as "Published: 3 July 2025, 10:15": the
 * longest run of words from the earliest start that reads as one. */
static struct nw_date date_within(const char *text)
{
	const char *starts[2 * DATE_WORDS], *ends[2 * DATE_WORDS], *at = text;
	size_t count = 0, i, j;
	struct nw_date date;

	while (*at && count < 2 * DATE_WORDS) {
		at += strspn(at, " ");
		starts[count] = at;
		at += strcspn(at, " ");
		ends[count] = at;
		count += at > starts[count];
	}
	for (i = 0; i < count; i++)
		for (j = count - i < DATE_WORDS ? count : i + DATE_WORDS;
		     j > i; j--) {
			size_t len = (size_t)(ends[j - 1] - starts[i]);

			if (says_day(starts[i], len) &&
			    !nw_date_parse(starts[i], len, &date))
				return date;
		}
	return no_date;
}

/* Whether 3/7/2025 is the third of July here, as everywhere but in the United
 * States. */
static bool is_day_first(const char *language)
{
	return language && strcasecmp(language, "en") != 0 &&
	       strcasecmp(language, "en-us") != 0;
}

static struct nw_date text_date(const struct nw_claims *claims,
				const char *text)
{
	char *dotted, *slash;

	if (!text || count_digits(text, strlen(text)) < DATE_DIGITS)
		return no_date;
	if (is_day_first(claims->language) && strchr(text, '/')) {
		dotted = nw_arena_strndup(claims->page->arena, text,
					  strlen(text));
		for (slash = dotted; (slash = strchr(slash, '/'));)
			*slash = '.';
		text = dotted;
	}
	return nw_times_sane(claims, date_within(text));
}

/* Takes what was found at an element of that order into account; whether the
 * search is over. */
static bool take(struct seen *seen, struct nw_date date, const char *text,
		 size_t order)
{
	if (date.utc == NW_TIME_NONE)
		return false;
	if (text && HAS_ANY(text, change_words) &&
	    !HAS_ANY(text, first_words)) {
		if (seen->change.utc == NW_TIME_NONE)
			seen->change = date;
		return false;
	}
	if (order <= seen->claims->headline_order) {
		seen->before = date;
		return false;
	}
	seen->after = date;
	return true;
}

static struct nw_date best(const struct seen *seen)
{
	if (seen->after.utc != NW_TIME_NONE)
		return seen->after;
	return seen->before.utc != NW_TIME_NONE ? seen->before : seen->change;
}

static struct seen nothing(const struct nw_claims *claims, bool near)
{
	return (struct seen){
		.claims = claims,
		.near = near,
		.after = no_date,
		.before = no_date,
		.change = no_date,
	};
}

static bool is_in_reach(const struct seen *seen, size_t order)
{
	size_t headline = seen->claims->headline_order;

	return !seen->near || (order + NEAR_BEFORE >= headline &&
			       order <= headline + NEAR_AFTER);
}

static bool look_at_marked(struct seen *seen, const xmlNode *node,
			   size_t order)
{
	static const char *const attributes[] = { "datetime", "content",
						  "title" };
	const struct nw_claims *claims = seen->claims;
	struct nw_date date = no_date;
	const char *text;
	size_t i;

	if (nw_is_elsewhere(claims, node))
		return false;
	for (i = 0; i < 3 && date.utc == NW_TIME_NONE; i++)
		date = nw_times_of(claims, nw_dom_attr(node, attributes[i]));
	text = nw_dom_text(claims->page->arena, node, MARKED_BYTES + 1);
	if (text && strlen(text) > MARKED_BYTES)
		text = NULL;
	if (date.utc == NW_TIME_NONE)
		date = text_date(claims, text);
	return take(seen, date, text, order);
}

struct nw_date nw_seen_marked(const struct nw_claims *claims, bool near)
{
	const struct nw_places *places = &claims->places[NW_PLACE_DATE];
	struct seen seen = nothing(claims, near);
	size_t i;

	for (i = 0; i < places->count; i++)
		if (is_in_reach(&seen, places->order[i]) &&
		    look_at_marked(&seen, places->nodes[i], places->order[i]))
			break;
	return best(&seen);
}

static bool look_at_text(struct seen *seen, const xmlNode *node, size_t order)
{
	const struct nw_claims *claims = seen->claims;
	const char *text = (const char *)node->content;
	size_t len = text ? strlen(text) : 0;

	if (len > 2 * TEXT_BYTES || count_digits(text, len) < DATE_DIGITS)
		return false;
	text = nw_utf8_line(claims->page->arena, text, len, 2 * TEXT_BYTES);
	if (!text || strlen(text) > TEXT_BYTES ||
	    strstr(text, "\xc2\xa9") || nw_has_word(text, "copyright") ||
	    (!seen->near && !HAS_ANY(text, first_words)))
		return false;
	seen->texts++;
	if (nw_is_elsewhere(claims, node->parent))
		return false;
	return take(seen, text_date(claims, text), text, order);
}

struct nw_date nw_seen_text(const struct nw_claims *claims, bool near)
{
	const xmlNode *top = claims->page->html, *node = top;
	struct seen seen = nothing(claims, near);
	bool hidden;
	size_t order = 0;

	for (; node && seen.texts < TEXTS;
	     node = nw_dom_next(node, top, hidden)) {
		hidden = nw_dom_is_hidden(node);
		/* What is hidden is counted there, and passed over here. */
		if (node == claims->headline)
			order = claims->headline_order;
		else if (node->type == XML_ELEMENT_NODE)
			order++;
		else if (node->type == XML_TEXT_NODE && order &&
			 is_in_reach(&seen, order) &&
			 look_at_text(&seen, node, order))
			break;
	}
	return best(&seen);
}
