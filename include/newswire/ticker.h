/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tickers: the running list of briefs that a page carries, each with a time of
 * its own, most of them the heads of stories on other pages.
 *
 * Pure, as newswire/page.h.  A ticker never ends, so that each of its days is a
 * story, and each brief an update of the day when it was published.
 */
#ifndef NEWSWIRE_TICKER_H
#define NEWSWIRE_TICKER_H

#include "newswire/page.h"

struct nw_ticker {
	const char *name;	/* "News Feed" */
	const char *url;	/* of its page */
	const char *publisher, *language;
	int offset_s;		/* of the page's local time, east positive */
	struct nw_update *briefs; /* oldest first; the key is that of the
				   * address that a brief leads to, else its id,
				   * else of its time and opening text */
	size_t brief_count;
};

/*
 * Reads the ticker of a page: 1; 0 when it carries none, *ticker_r then stays
 * as it is.  A list that is called a ticker is one however short it is; else it
 * is the longest list of three or more elements with a time and a link or a
 * text each.  Fails as nw_page_read() does.
 */
int nw_ticker_read(struct nw_arena *arena, const struct nw_page_input *input,
		   struct nw_ticker **ticker_r, struct nw_error *err);

/* Days since 1970 of a time where the ticker is written. */
int64_t nw_ticker_day(const struct nw_ticker *ticker, int64_t utc);

/*
 * The story of one of its days, without briefs: "News Feed, 26 July 2025", with
 * the month as the page's language has it, else "2025-07-26".  Its canonical
 * URL is that of the page with the day as fragment, by which alone the days of
 * a ticker differ (newswire/ident.h).
 */
struct nw_story *nw_ticker_story(struct nw_arena *arena,
				 const struct nw_ticker *ticker, int64_t day);

#endif
