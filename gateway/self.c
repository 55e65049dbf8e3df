/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sources that are a story themselves: a live page, a page without a list of
 * stories, a ticker.
 */
#include "config.h"

#include "newswire/ident.h"
#include "newswire/page.h"
#include "newswire/thread.h"
#include "pipeline_private.h"

/* The next of its stories, first the pictures of what it would bring now. */
static void begin_story(struct nw_visit *visit)
{
	const struct nw_publication publication = {
		.source = &visit->source,
		.story = visit->stories[visit->finished],
	};
	struct nw_thread thread = { .post_count = 0 };

	visit->state = NW_VISIT_ILLUSTRATES;
	if (nw_illustrates(&visit->source))
		(void)nw_publish_plan(visit->pipeline, visit->arena,
				      &publication, &thread, NULL);
	nw_illustrate_begin(&visit->illustration, visit->pipeline, visit->arena,
			    &thread);
	visit->illustration.failures = &visit->picture_failures;
}

void nw_self_publish(struct nw_visit *visit)
{
	struct nw_error err;

	if (!visit->ticker) {
		visit->stories = &visit->story;
		visit->story_count = 1;
	} else if (nw_ticker_days(visit, &err) < 0) {
		nw_visit_break(visit, &err);
		return;
	}
	begin_story(visit);
}

/* Where the pages behind this one begin. */
static void read_further(struct nw_visit *visit, const char *url,
			 const struct nw_page_links *links)
{
	visit->next_url = links->next_url;
	(void)nw_part_add(visit->arena, &visit->parts, url);
	nw_older_begin(visit);
}

static void store_story(struct nw_visit *visit)
{
	const struct nw_publication publication = {
		.source = &visit->source,
		.story = visit->stories[visit->finished++],
		.page_hash = visit->page_hash,
	};
	struct nw_pipeline_stats *stats = &visit->pipeline->stats;
	struct nw_published published;
	struct nw_error err;

	visit->state = NW_VISIT_IS_OVER;
	if (nw_publish(visit->pipeline, visit->arena, &publication, &published,
		       &err) == 0) {
		visit->articles += published.articles;
		stats->articles += published.articles;
		stats->stories += published.articles > 0;
		if (published.waits)
			visit->etag = visit->last_modified = NULL;
	} else if (nw_visit_is_broken_by(&err)) {
		nw_visit_break(visit, &err);
		return;
	} else {
		nw_visit_fail(visit, NW_POLL_FAILED, err.text);
		return;
	}
	if (visit->finished < visit->story_count)
		begin_story(visit);
}

bool nw_self_step(struct nw_visit *visit)
{
	if (!nw_illustrate_step(&visit->illustration))
		return false;
	store_story(visit);
	return visit->state == NW_VISIT_ILLUSTRATES;
}

/* What somebody subscribed to as live, but has no updates: a ticker, or else a
 * story; false when it is the latter. */
static bool take_ticker(struct nw_visit *visit,
			const struct nw_page_input *page)
{
	struct nw_error err;
	int found = nw_ticker_take(visit, page, &err);

	if (found < 0 && nw_visit_is_broken_by(&err))
		nw_visit_break(visit, &err);
	else if (found < 0)
		nw_visit_fail(visit, NW_POLL_FAILED, err.text);
	else if (found) {
		/* It is read in any case: one of its days may wait. */
		visit->page_hash = NULL;
		read_further(visit, page->url, page->links);
	} else if (visit->source.schedule.ok_utc == NW_TIME_NONE)
		nw_log(visit->pipeline->options.log, NW_LOG_INFO, "page",
		       page->url,
		       "neither live updates nor a ticker: it is read as one "
		       "story");
	return found != 0;
}

/* Whether the page has the bytes that were read last; true when the visit is
 * over.  Another version of the program may see more in them. */
static bool is_same(struct nw_visit *visit, const struct nw_kept_feed *page)
{
	struct nw_error err;
	int same;

	visit->page_hash = nw_arena_printf(
		visit->arena, "%s/%s", visit->pipeline->options.version,
		nw_ident_hash(visit->arena, page->bytes, page->len));
	same = nw_publish_is_same(visit->pipeline, visit->arena,
				  &visit->source, visit->page_hash, &err);
	if (same)
		visit->state = NW_VISIT_IS_OVER;
	if (same < 0)
		nw_visit_break(visit, &err);
	return same != 0;
}

void nw_self_read(struct nw_visit *visit, const struct nw_kept_feed *page)
{
	struct nw_page_input input = nw_visit_page(visit, visit->arena, page);
	struct nw_page_links links = { NULL, NULL };
	struct nw_error err;

	if (is_same(visit, page))
		return;
	input.links = &links;
	if (nw_page_read(visit->arena, &input, &visit->story, &err) < 0) {
		nw_visit_fail(visit, NW_POLL_FAILED,
			      nw_visit_reason(page->url, &err));
		return;
	}
	if (visit->source.kind == NW_SOURCE_LIVE && !visit->story->live &&
	    take_ticker(visit, &input))
		return;
	if (visit->source.kind == NW_SOURCE_LIVE)
		visit->story->live = true;
	read_further(visit, page->url, &links);
}
