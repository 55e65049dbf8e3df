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

static int read_older(struct nw_visit *visit,
		      const struct nw_fetch_reply *reply, struct nw_error *err)
{
	const struct nw_page_input page = {
		.bytes = reply->body,
		.len = reply->body_len,
		.url = reply->url,
		.http_charset = reply->charset,
		.now_utc = nw_pipeline_now(visit->pipeline),
	};
	struct nw_feed *older = NULL;

	if (reply->status < 200 || reply->status > 299)
		return nw_error_set(err, NW_ERROR_DATA,
				    "the server answered with status %d",
				    reply->status);
	if (visit->source.kind == NW_SOURCE_PAGE) {
		if (nw_section_read(visit->arena, &page, &older, err) < 0)
			return -1;
	} else if (nw_feed_read(visit->arena, page.bytes, page.len, page.url,
				page.http_charset, &older, err) < 0) {
		return -1;
	}
	if (!older)
		return nw_error_set(err, NW_ERROR_DATA,
				    "it holds no list of stories");
	nw_feed_append(visit->arena, visit->feed, older);
	return 0;
}

static void give_up(struct nw_visit *visit, const char *why)
{
	nw_pipeline_show(visit->pipeline, NULL);
	nw_log(visit->pipeline->options.log, NW_LOG_INFO, "fetch",
	       visit->feed->next_url, "%s, older items may be missed", why);
	visit->state = NW_VISIT_READS;
}

static void on_older(const struct nw_fetch_reply *reply,
		     const struct nw_error *why, void *context)
{
	struct nw_visit *visit = context;
	struct nw_error err;

	visit->fetching--;
	if (reply && read_older(visit, reply, &err) == 0)
		nw_visit_read_items(visit);
	else
		give_up(visit, nw_visit_reason(visit->feed->next_url,
					       reply ? &err : why));
	nw_pipeline_wake(visit->pipeline);
}

bool nw_gap_find(struct nw_visit *visit)
{
	if (!visit->feed->next_url || !is_gap(visit) ||
	    visit->older >= NW_FEED_PAGES)
		return false;
	visit->older++;
	return true;
}

static void get_older(struct nw_visit *visit, unsigned pause_ms)
{
	const struct nw_fetch_request request = {
		.url = visit->feed->next_url,
		.accept = nw_visit_accept(visit->source.kind),
		.pause_ms = pause_ms,
	};
	struct nw_error err;

	if (nw_fetch_start(visit->pipeline->fetcher, &request, on_older, visit,
			   &err) < 0) {
		give_up(visit, nw_visit_reason(request.url, &err));
		return;
	}
	visit->state = NW_VISIT_FETCHES;
	visit->fetching++;
}

void nw_gap_step(struct nw_visit *visit)
{
	struct nw_error err;
	unsigned pause_ms;

	switch (nw_permission_ask(visit->pipeline, visit->feed->next_url,
				  &pause_ms, &err)) {
	case NW_PERMISSION_UNKNOWN:
		break;
	case NW_PERMISSION_GIVEN:
		get_older(visit, pause_ms);
		break;
	case NW_PERMISSION_REFUSED:
		give_up(visit, "its robots.txt does not allow to read it");
		break;
	case NW_PERMISSION_DEFERRED:
		give_up(visit, err.text);
		break;
	}
}
