/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Items that a feed published and dropped between two polls: the feed holds
 * nothing that is known from earlier ones.  Where it leads to older documents
 * (RFC 5005 sections 3 and 4; a section page's rel=next), these are read until
 * one of them holds an item that is known.
 */
#include "config.h"

#include "newswire/limits.h"
#include "newswire/section.h"
#include "pipeline_private.h"

/* What was never polled before has no gap, only a past. */
static bool is_gap(const struct nw_visit *visit)
{
	return visit->source.schedule.ok_utc != NW_TIME_NONE &&
	       visit->feed->item_count && !visit->known;
}

static int read_older(struct nw_visit *visit, const struct nw_page_input *page,
		      struct nw_error *err)
{
	struct nw_feed *older = NULL;

	if (visit->source.kind == NW_SOURCE_PAGE) {
		if (nw_section_read(visit->arena, page, &older, err) < 0)
			return -1;
	} else if (nw_feed_read(visit->arena, page->bytes, page->len, page->url,
				page->http_charset, &older, err) < 0) {
		return -1;
	}
	if (!older)
		return nw_error_set(err, NW_ERROR_DATA,
				    "it holds no list of stories");
	nw_feed_append(visit->arena, visit->feed, older);
	return 0;
}

static const char *miss(struct nw_visit *visit, bool lost)
{
	(void)visit;
	(void)lost;
	return "older items may be missed";
}

static void read_items(struct nw_visit *visit)
{
	visit->state = NW_VISIT_READS;
}

static const struct nw_further older_items = {
	.area = "fetch",
	.read = read_older,
	.go_on = nw_visit_read_items,
	.miss = miss,
	.end = read_items,
};

void nw_gap_fill(struct nw_visit *visit)
{
	if (!visit->feed->next_url || !is_gap(visit) ||
	    visit->older >= NW_FEED_PAGES)
		return;
	visit->older++;
	nw_further_begin(visit, &older_items, visit->feed->next_url);
}
