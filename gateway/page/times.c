/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When the story was published and changed: from the surest source that gives a
 * time that can be.
 */
#include "config.h"

#include <string.h>

#include "meta_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"

#define DATE_TEXT_BYTES 200	/* longer text is no date */
#define DATE_WORDS 8		/* of a date written out */
#define ZONE_S 86400		/* what a missing zone can put wrong */
#define EARLIEST_YEAR 1995

/* A time that a page of today can carry, or NW_TIME_NONE. */
static int64_t sane(const struct nw_claims *claims, int64_t utc)
{
	if (utc == NW_TIME_NONE ||
	    utc < nw_date_days(EARLIEST_YEAR, 1, 1) * 86400)
		return NW_TIME_NONE;
	if (utc > claims->page->now_utc + ZONE_S)
		return NW_TIME_NONE;
	return utc > claims->page->now_utc ? claims->page->now_utc : utc;
}

static int64_t first_claim(const struct nw_claims *claims, enum nw_claim claim)
{
	size_t i;

	for (i = 0; i < claims->counts[claim]; i++) {
		int64_t utc = sane(claims,
				   nw_date_utc(claims->values[claim][i]));

		if (utc != NW_TIME_NONE)
			return utc;
	}
	return NW_TIME_NONE;
}

/* The date within a short text, such as "Published: 3 July 2025, 10:15": the
 * longest run of words from the earliest start that reads as one. */
static int64_t date_within(const char *text)
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
		     j > i; j--)
			if (nw_date_parse(starts[i],
					  (size_t)(ends[j - 1] - starts[i]),
					  &date) == 0)
				return date.utc;
	return NW_TIME_NONE;
}

static int64_t place_time(const struct nw_claims *claims, const xmlNode *node)
{
	const char *value = nw_dom_attr(node, "datetime"), *text;
	int64_t utc;

	if (!value)
		value = nw_dom_attr(node, "content");
	utc = sane(claims, nw_date_utc(value));
	if (utc != NW_TIME_NONE)
		return utc;
	text = nw_dom_text(claims->page->arena, node, DATE_TEXT_BYTES + 1);
	if (!text || strlen(text) > DATE_TEXT_BYTES)
		return NW_TIME_NONE;
	return sane(claims, date_within(text));
}

/* Near the headline first: further down stand the dates of other stories and of
 * comments. */
static int64_t visible_time(const struct nw_claims *claims)
{
	const struct nw_places *places = &claims->places[NW_PLACE_DATE];
	int64_t before = NW_TIME_NONE, utc;
	size_t i;

	for (i = 0; i < places->count; i++) {
		utc = place_time(claims, places->nodes[i]);
		if (utc == NW_TIME_NONE)
			continue;
		if (places->order[i] > claims->headline_order)
			return utc;
		before = utc;
	}
	return before;
}

static bool two_digits(const char *at, int *value_r)
{
	if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
		return false;
	*value_r = 10 * (at[0] - '0') + at[1] - '0';
	return true;
}

/* "/2025/07/26/", "/2025-07-26-", "/20250726/": the day alone. */
static int64_t url_time(const char *url)
{
	int century, years, month, day;

	for (; url && *url; url++) {
		size_t step;

		if (!two_digits(url, &century) ||
		    !two_digits(url + 2, &years) || century < 19 ||
		    century > 20)
			continue;
		step = url[4] == '/' || url[4] == '-' || url[4] == '_';
		if (!two_digits(url + 4 + step, &month) || month < 1 ||
		    month > 12 || (step && url[7] != url[4]) ||
		    !two_digits(url + 6 + 2 * step, &day) || day < 1 ||
		    day > 31)
			continue;
		if (url[8 + 2 * step] >= '0' && url[8 + 2 * step] <= '9')
			continue;
		return nw_date_days(100 * century + years, month, day) * 86400;
	}
	return NW_TIME_NONE;
}

static int64_t jsonld_time(const struct nw_claims *claims, const char *key)
{
	return claims->article
		       ? sane(claims, nw_jsonld_time(claims->article, key))
		       : NW_TIME_NONE;
}

static int64_t published(const struct nw_claims *claims)
{
	int64_t utc = jsonld_time(claims, "datePublished");

	if (utc == NW_TIME_NONE)
		utc = first_claim(claims, NW_CLAIM_PUBLISHED);
	if (utc == NW_TIME_NONE)
		utc = jsonld_time(claims, "dateCreated");
	if (utc == NW_TIME_NONE)
		utc = visible_time(claims);
	if (utc == NW_TIME_NONE && claims->page->url)
		utc = sane(claims, url_time(claims->page->url));
	if (utc == NW_TIME_NONE)
		utc = sane(claims, url_time(claims->canonical));
	return utc;
}

void nw_times_read(const struct nw_claims *claims, struct nw_story *story)
{
	const char *expires = nw_claim(claims, NW_CLAIM_EXPIRES);

	story->published_utc = published(claims);
	story->modified_utc = jsonld_time(claims, "dateModified");
	if (story->modified_utc == NW_TIME_NONE)
		story->modified_utc = first_claim(claims, NW_CLAIM_MODIFIED);
	if (claims->article)
		story->expires_utc = nw_jsonld_time(claims->article, "expires");
	if (story->expires_utc == NW_TIME_NONE && expires)
		story->expires_utc = nw_date_utc(expires);
}
