/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When the story was published and changed: from the surest source that gives a
 * time that can be.
 */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "meta_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"

#define ZONE_S 86400		/* what a missing zone can put wrong */
#define EARLIEST_YEAR 1995

struct nw_date nw_times_sane(const struct nw_claims *claims,
			     struct nw_date date)
{
	if (date.utc < nw_date_days(EARLIEST_YEAR, 1, 1) * 86400 ||
	    date.utc > claims->page->now_utc + ZONE_S)
		date.utc = NW_TIME_NONE;
	else if (date.utc > claims->page->now_utc)
		date.utc = claims->page->now_utc;
	return date;
}

struct nw_date nw_times_of(const struct nw_claims *claims, const char *text)
{
	struct nw_date date;

	if (!text || nw_date_parse(text, strlen(text), &date) < 0)
		date.utc = NW_TIME_NONE;
	return nw_times_sane(claims, date);
}

static bool two_digits(const char *at, int *value_r)
{
	if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
		return false;
	*value_r = 10 * (at[0] - '0') + at[1] - '0';
	return true;
}

/* A mark between the parts of a date in an address. */
static bool is_mark(char c)
{
	return c == '/' || c == '-' || c == '_';
}

static int64_t day_utc(int year, int month, int day)
{
	if (month < 1 || month > 12 || day < 1 || day > 31)
		return NW_TIME_NONE;
	return nw_date_days(year, month, day) * 86400;
}

/* "2025/07/26/", "2025-07-26-", "20250726/" at the start of text. */
static int64_t year_first(const char *text)
{
	int century, years, month, day;
	size_t step;

	if (!two_digits(text, &century) || !two_digits(text + 2, &years) ||
	    century < 19 || century > 20)
		return NW_TIME_NONE;
	step = is_mark(text[4]);
	if (!two_digits(text + 4 + step, &month) ||
	    (step && text[7] != text[4]) ||
	    !two_digits(text + 6 + 2 * step, &day) ||
	    isdigit((unsigned char)text[8 + 2 * step]))
		return NW_TIME_NONE;
	return day_utc(100 * century + years, month, day);
}

/* "26-07-2025". */
static int64_t day_first(const char *text)
{
	int century, years, month, day;

	if (!two_digits(text, &day) || !is_mark(text[2]) ||
	    !two_digits(text + 3, &month) || text[5] != text[2] ||
	    !two_digits(text + 6, &century) || !two_digits(text + 8, &years) ||
	    century != 20 || isdigit((unsigned char)text[10]))
		return NW_TIME_NONE;
	return day_utc(100 * century + years, month, day);
}

/* The day that an address names. */
static int64_t url_time(const char *url)
{
	const char *at;

	for (at = url; at && *at; at++) {
		int64_t utc = year_first(at);

		if (utc == NW_TIME_NONE &&
		    (at == url || !isdigit((unsigned char)at[-1])))
			utc = day_first(at);
		if (utc != NW_TIME_NONE)
			return utc;
	}
	return NW_TIME_NONE;
}

static struct nw_date from_jsonld(const struct nw_claims *claims,
				  const char *key)
{
	return nw_times_sane(claims, nw_jsonld_date(claims->article, key));
}

static struct nw_date from_meta(const struct nw_claims *claims,
				enum nw_claim claim)
{
	struct nw_date date = { .utc = NW_TIME_NONE };
	size_t i;

	for (i = 0; i < claims->counts[claim] && date.utc == NW_TIME_NONE; i++)
		date = nw_times_of(claims, claims->values[claim][i]);
	return date;
}

static struct nw_date published_jsonld(const struct nw_claims *claims)
{
	return from_jsonld(claims, "datePublished");
}

static struct nw_date published_meta(const struct nw_claims *claims)
{
	return from_meta(claims, NW_CLAIM_PUBLISHED);
}

static struct nw_date created_jsonld(const struct nw_claims *claims)
{
	return from_jsonld(claims, "dateCreated");
}

static struct nw_date marked_near(const struct nw_claims *claims)
{
	return nw_seen_marked(claims, true);
}

static struct nw_date named_by_address(const struct nw_claims *claims)
{
	struct nw_date date = { .utc = url_time(claims->page->url) };

	date = nw_times_sane(claims, date);
	if (date.utc == NW_TIME_NONE)
		date.utc = url_time(claims->canonical);
	return nw_times_sane(claims, date);
}

static struct nw_date text_near(const struct nw_claims *claims)
{
	return nw_seen_text(claims, true);
}

static struct nw_date marked_anywhere(const struct nw_claims *claims)
{
	return nw_seen_marked(claims, false);
}

static struct nw_date text_anywhere(const struct nw_claims *claims)
{
	return nw_seen_text(claims, false);
}

static struct nw_date modified_jsonld(const struct nw_claims *claims)
{
	return from_jsonld(claims, "dateModified");
}

static struct nw_date modified_meta(const struct nw_claims *claims)
{
	return from_meta(claims, NW_CLAIM_MODIFIED);
}

/* The first source that gives a time, from the surest to the least sure. */
struct source {
	const char *place;
	struct nw_date (*read)(const struct nw_claims *);
};
static const struct source published[] = {
	{ "JSON-LD datePublished", published_jsonld },
	{ "meta", published_meta },
	{ "JSON-LD dateCreated", created_jsonld },
	{ "marked date near the headline", marked_near },
	{ "address", named_by_address },
	{ "text near the headline", text_near },
	{ "marked date", marked_anywhere },
	{ "text that says what its date is of", text_anywhere },
};
static const struct source modified[] = {
	{ "JSON-LD dateModified", modified_jsonld },
	{ "meta", modified_meta },
};

static int64_t first_of(const struct nw_claims *claims, const char *field,
			const struct source *sources, size_t count)
{
	struct nw_date date = { .utc = NW_TIME_NONE };
	char text[NW_DATE_BYTES];
	size_t i;

	for (i = 0; i < count && date.utc == NW_TIME_NONE; i++)
		date = sources[i].read(claims);
	if (date.utc == NW_TIME_NONE)
		return NW_TIME_NONE;
	nw_date_iso8601(date.utc, text);
	nw_page_note(claims->page, field, sources[i - 1].place,
		     "the surest source that gives a time", text);
	return date.utc;
}
#define FIRST_OF(claims, field, sources) \
	first_of(claims, field, sources, sizeof(sources) / sizeof((sources)[0]))

void nw_times_read(const struct nw_claims *claims, struct nw_story *story)
{
	const char *expires = nw_claim(claims, NW_CLAIM_EXPIRES);

	story->published_utc = FIRST_OF(claims, "published", published);
	story->modified_utc = FIRST_OF(claims, "modified", modified);
	story->expires_utc = nw_jsonld_time(claims->article, "expires");
	if (story->expires_utc == NW_TIME_NONE && expires)
		story->expires_utc = nw_date_utc(expires);
}
