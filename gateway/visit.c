/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/quarantine.h"
#include "newswire/section.h"
#include "newswire/suspect.h"
#include "pipeline_private.h"

/* What each kind of source asks for. */
static const char *const accepts[NW_SOURCE_KINDS] = {
	[NW_SOURCE_FEED] = "application/rss+xml,application/atom+xml,"
			   "application/feed+json,application/xml;q=0.9,"
			   "text/xml;q=0.9,application/json;q=0.8,*/*;q=0.5",
	[NW_SOURCE_PAGE] = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
	[NW_SOURCE_LIVE] = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5",
	[NW_SOURCE_SITEMAP] = "application/xml,text/xml,*/*;q=0.5",
};

const char *nw_visit_accept(enum nw_source_kind kind)
{
	return accepts[kind];
}

/* A status that is no document. */
static const struct refusal {
	int status;
	enum nw_poll_result result;
	const char *why;
} refusals[] = {
	{ 401, NW_POLL_FAILED, "asks for a password (401)" },
	{ 403, NW_POLL_FAILED, "the server refuses to give it (403)" },
	{ 404, NW_POLL_FAILED, "there is nothing at this address (404)" },
	{ 410, NW_POLL_GONE, "the publisher ended it for good (410)" },
	{ 429, NW_POLL_LIMITED, "the server asks for fewer requests (429)" },
	{ 503, NW_POLL_LIMITED, "the server is overloaded or closed (503)" },
};

void nw_visit_fail(struct nw_visit *visit, enum nw_poll_result result,
		   const char *why)
{
	visit->state = NW_VISIT_IS_OVER;
	visit->poll.result = result;
	visit->why = nw_arena_strdup(visit->arena, why);
}

void nw_visit_break(struct nw_visit *visit, const struct nw_error *err)
{
	/* A damaged page stays so: what needs it waits as a source does that
	 * cannot be read, and those that do not need it go on. */
	if (err->code == NW_ERROR_DAMAGED &&
	    visit->state != NW_VISIT_IS_OVER) {
		nw_visit_fail(visit, NW_POLL_FAILED, err->text);
		return;
	}
	visit->broken = true;
	if (err->code != NW_ERROR_MISSING)
		nw_pipeline_store_failed(visit->pipeline, visit->source.url,
					 err);
}

/* A permanent redirect is believed when two polls in a row saw it, and only
 * if nobody subscribed to the new address as well. */
static int note_move(struct nw_visit *visit, const char *moved_url,
		     struct nw_error *err)
{
	struct nw_source *source = &visit->source, other;
	int found;

	if (!moved_url || !source->moved_url ||
	    strcmp(moved_url, source->moved_url) != 0)
		source->moved_count = 0;
	source->moved_url = nw_arena_strdup(visit->arena, moved_url);
	if (!moved_url || ++source->moved_count < NW_POLL_CONFIRMATIONS)
		return 0;
	found = nw_source_find(visit->pipeline->store, visit->arena, moved_url,
			       &other, err);
	if (found < 0)
		return -1;
	if (found)
		return 0;
	nw_pipeline_show(visit->pipeline, NULL);
	nw_log(visit->pipeline->options.log, NW_LOG_INFO, "fetch", source->url,
	       "moved for good to %s, which is polled from now on", moved_url);
	source->url = source->moved_url;
	source->moved_url = NULL;
	source->moved_count = 0;
	return 0;
}

const struct nw_rules *nw_visit_rules(const struct nw_visit *visit,
				      struct nw_arena *arena, const char *url)
{
	const struct nw_config *config = visit->pipeline->options.config;
	const struct nw_rules *rules = NULL;
	struct nw_error err;

	if (nw_rules_find(arena, config->rules_dirs, config->rules_dir_count,
			  url, &rules, &err) < 0) {
		nw_pipeline_show(visit->pipeline, NULL);
		nw_log(visit->pipeline->options.log, NW_LOG_WARNING, "rules",
		       url, "%s", err.text);
	}
	return rules;
}

int nw_visit_stored(const struct nw_visit *visit, struct nw_arena *arena,
		    const struct nw_story *story, struct nw_story **stored_r,
		    struct nw_error *err)
{
	const char **keys = NULL;
	size_t count = nw_ident_keys(arena, story, &keys);
	int64_t story_id;

	return count ? nw_store_story(visit->pipeline->store, arena,
				      (const char *const *)keys, count,
				      stored_r, &story_id, err)
		     : 0;
}

struct nw_kept_feed nw_visit_document(const struct nw_fetch_reply *reply)
{
	return (struct nw_kept_feed){
		.url = reply->url,
		.charset = reply->charset,
		.bytes = reply->body,
		.len = reply->body_len,
	};
}

struct nw_page_input nw_visit_page(const struct nw_visit *visit,
				   struct nw_arena *arena,
				   const struct nw_kept_feed *page)
{
	return (struct nw_page_input){
		.bytes = page->bytes,
		.len = page->len,
		.url = page->url,
		.http_charset = page->charset,
		.now_utc = nw_pipeline_now(visit->pipeline),
		.rules = nw_visit_rules(visit, arena, page->url),
	};
}

static void on_source(const struct nw_fetch_reply *reply,
		      const struct nw_error *err, void *context);

/* An index of sitemaps leads to the newest one.  The index itself may
 * stay the same when a sitemap changes, so it has no validators. */
static int follow_index(struct nw_visit *visit, struct nw_error *err)
{
	const struct nw_fetch_request request = {
		.url = visit->feed->sitemaps[0],
		.accept = accepts[NW_SOURCE_SITEMAP],
	};

	visit->again = true;
	visit->index_followed = true;
	if (nw_fetch_start(visit->pipeline->fetcher, &request, on_source,
			   visit, err) < 0)
		return -1;
	visit->fetching++;
	return 0;
}

void nw_visit_read_items(struct nw_visit *visit)
{
	struct nw_error err;

	visit->state = NW_VISIT_READS;
	if (nw_entries_pick(visit, &err) < 0)
		nw_visit_break(visit, &err);
	else
		nw_gap_fill(visit);
}

static void read_feed(struct nw_visit *visit, const struct nw_kept_feed *feed)
{
	struct nw_error err;

	if (nw_feed_read(visit->arena, feed->bytes, feed->len, feed->url,
			 feed->charset, &visit->feed, &err) < 0) {
		nw_visit_fail(visit, NW_POLL_FAILED,
			      nw_visit_reason(feed->url, &err));
		return;
	}
	visit->rhythm = (struct nw_rhythm){
		.ttl_s = visit->feed->ttl_s,
		.skip_hours = visit->feed->skip_hours,
		.skip_days = visit->feed->skip_days,
	};
	visit->poll.rhythm = &visit->rhythm;
	if (!visit->feed->item_count && visit->feed->sitemap_count &&
	    !visit->index_followed) {
		if (follow_index(visit, &err) < 0)
			nw_visit_fail(visit, NW_POLL_FAILED, err.text);
		return;
	}
	nw_visit_read_items(visit);
}

/* A page that holds no list of stories is one itself. */
static void read_page(struct nw_visit *visit, const struct nw_kept_feed *page)
{
	const struct nw_page_input input =
		nw_visit_page(visit, visit->arena, page);
	struct nw_error err;
	int found = nw_section_read(visit->arena, &input, &visit->feed, &err);

	if (found < 0) {
		nw_visit_fail(visit, NW_POLL_FAILED,
			      nw_visit_reason(page->url, &err));
	} else if (found) {
		nw_visit_read_items(visit);
	} else {
		nw_log(visit->pipeline->options.log, NW_LOG_DEBUG, "page",
		       page->url, "no list of stories: it is read as one");
		nw_self_read(visit, page);
	}
}

static void read_source(struct nw_visit *visit,
			const struct nw_kept_feed *source)
{
	if (visit->source.kind == NW_SOURCE_LIVE)
		nw_self_read(visit, source);
	else if (visit->source.kind == NW_SOURCE_PAGE)
		read_page(visit, source);
	else
		read_feed(visit, source);
}

/* A copy of the feed, in case that there is a page to come back for. */
static void note_feed(struct nw_visit *visit, const struct nw_kept_feed *feed)
{
	if (!visit->entry_count || feed->len > NW_POLL_KEPT_BYTES ||
	    visit->index_followed)
		return;
	visit->fresh = nw_arena_alloc(visit->arena, sizeof(*visit->fresh));
	*visit->fresh = (struct nw_kept_feed){
		.url = nw_arena_strdup(visit->arena, feed->url),
		.charset = nw_arena_strdup(visit->arena, feed->charset),
		.bytes = nw_arena_strndup(visit->arena, feed->bytes,
					  feed->len),
		.len = feed->len,
	};
}

/* 304: over, unless pages that the feed leads to are to be read again. */
static void read_kept_feed(struct nw_visit *visit)
{
	struct nw_kept_feed feed;
	struct nw_error err;
	int found = nw_source_kept_feed(visit->pipeline->store, visit->arena,
					visit->source.id, &feed, &err);

	if (found > 0) {
		visit->kept = true;
		read_source(visit, &feed);
		return;
	}
	if (found < 0)
		nw_visit_break(visit, &err);
	visit->state = NW_VISIT_IS_OVER;
}

void nw_visit_heed(struct nw_visit *visit, const struct nw_fetch_reply *reply)
{
	if (!reply || !nw_fetch_is_limit(reply))
		return;
	visit->limited = true;
	if (reply->retry_after_s > visit->poll.retry_after_s)
		visit->poll.retry_after_s = reply->retry_after_s;
}

static void refuse(struct nw_visit *visit, const struct nw_fetch_reply *reply)
{
	struct nw_error err;
	size_t i;

	visit->poll.retry_after_s = reply->retry_after_s;
	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i].status == reply->status) {
			nw_visit_fail(visit, refusals[i].result,
				      refusals[i].why);
			return;
		}
	(void)nw_fetch_check(reply, &err);
	nw_visit_fail(visit, NW_POLL_FAILED,
		      nw_arena_strdup(visit->arena, err.text));
}

/* They count once all of the reply was read. */
static void note_validators(struct nw_visit *visit,
			    const struct nw_fetch_reply *reply)
{
	/* A 304 need not repeat them (RFC 9110 section 15.4.5). */
	if (reply->status == 304 && !reply->etag && !reply->last_modified)
		return;
	visit->etag = nw_arena_strdup(visit->arena, reply->etag);
	visit->last_modified =
		nw_arena_strdup(visit->arena, reply->last_modified);
}

static void read_reply(struct nw_visit *visit,
		       const struct nw_fetch_reply *reply)
{
	const struct nw_kept_feed feed = nw_visit_document(reply);
	struct nw_error err;

	if (reply->status != 304 && nw_fetch_check(reply, NULL) < 0) {
		refuse(visit, reply);
		return;
	}
	if (!visit->index_followed) {
		visit->poll.max_age_s = reply->max_age_s;
		note_validators(visit, reply);
		if (note_move(visit, reply->permanent_url, &err) < 0) {
			nw_visit_break(visit, &err);
			return;
		}
	}
	if (reply->status == 304) {
		read_kept_feed(visit);
	} else {
		read_source(visit, &feed);
		note_feed(visit, &feed);
	}
}

static void read_marked(struct nw_visit *visit,
			const struct nw_fetch_reply *reply)
{
	struct nw_suspects *suspects = visit->pipeline->suspects;

	nw_suspect_begin(suspects, visit->source.id, "", "");
	read_reply(visit, reply);
	nw_suspect_end(suspects);
	nw_suspect_clear(suspects, visit->source.id, "", "");
}

static void on_source(const struct nw_fetch_reply *reply,
		      const struct nw_error *err, void *context)
{
	struct nw_visit *visit = context;

	visit->fetching--;
	visit->replied = reply != NULL;
	if (reply)
		read_marked(visit, reply);
	else
		nw_visit_fail(visit, NW_POLL_FAILED,
			      nw_visit_reason(visit->source.url, err));
	nw_pipeline_wake(visit->pipeline);
}

/* Without validators when the whole feed is wanted, for there is an item in it
 * that this version of the program has not tried yet. */
static void request_source(struct nw_visit *visit)
{
	const struct nw_source *source = &visit->source;
	const struct nw_rules_headers headers = nw_rules_headers(
		nw_visit_rules(visit, visit->arena, source->url));
	const struct nw_fetch_request request = {
		.url = source->url,
		.etag = visit->outdated ? NULL : source->etag,
		.last_modified = visit->outdated ? NULL
						 : source->last_modified,
		.accept = accepts[source->kind],
		.user_agent = headers.user_agent,
		.referer = headers.referer,
		.cookie = headers.cookie,
	};
	struct nw_error err;

	if (nw_fetch_start(visit->pipeline->fetcher, &request, on_source,
			   visit, &err) == 0)
		visit->fetching++;
	else
		nw_visit_fail(visit, NW_POLL_FAILED,
			      nw_visit_reason(source->url, &err));
}

static struct nw_visit *make_visit(struct nw_pipeline *pipeline,
				   struct nw_arena *arena,
				   const struct nw_source *source)
{
	struct nw_visit *visit = nw_arena_alloc(arena, sizeof(*visit));

	*visit = (struct nw_visit){
		.pipeline = pipeline,
		.arena = arena,
		.source = *source,
		.etag = source->etag,
		.last_modified = source->last_modified,
		.poll = {
			.result = NW_POLL_SAME,
			.max_age_s = -1,
			.retry_after_s = -1,
		},
	};
	return visit;
}

/* Not asked this time; after the pause that follows it is tried again. */
static bool is_deadly(const struct nw_visit *visit)
{
	struct nw_suspects *suspects = visit->pipeline->suspects;

	if (!nw_suspect_is_deadly(suspects, visit->source.id, "", ""))
		return false;
	nw_suspect_clear(suspects, visit->source.id, "", "");
	return true;
}

struct nw_visit *nw_visit_start(struct nw_pipeline *pipeline,
				struct nw_arena *arena,
				const struct nw_source *source)
{
	struct nw_visit *visit = make_visit(pipeline, arena, source);
	struct nw_error err;
	int outdated;

	outdated = nw_quarantine_is_outdated(pipeline->store, source->id,
					     pipeline->options.version, &err);
	visit->outdated = outdated > 0;
	if (outdated < 0)
		nw_visit_break(visit, &err);
	else if (is_deadly(visit))
		nw_visit_fail(visit, NW_POLL_FAILED,
			      "what it sends has ended the program several "
			      "times");
	else
		request_source(visit);
	return visit;
}

struct nw_visit *nw_visit_start_rechecks(struct nw_pipeline *pipeline,
					 struct nw_arena *arena,
					 const struct nw_source *source)
{
	struct nw_visit *visit = make_visit(pipeline, arena, source);

	visit->only_rechecks = true;
	visit->state = NW_VISIT_IS_OVER;
	nw_pipeline_wake(pipeline);
	return visit;
}

/* When all is done for which the source was asked. */
static bool has_rechecks(struct nw_visit *visit)
{
	return visit->state == NW_VISIT_IS_OVER && !visit->broken &&
	       !visit->why && !visit->limited && !visit->rechecking &&
	       nw_recheck_begin(visit);
}

bool nw_visit_step(struct nw_visit *visit)
{
	bool more = false;

	if (visit->state == NW_VISIT_GOES_FURTHER && !visit->broken)
		nw_further_step(visit);
	if (visit->state == NW_VISIT_READS && !visit->broken)
		more = nw_entries_step(visit);
	if (visit->state == NW_VISIT_ILLUSTRATES && !visit->broken)
		more = nw_self_step(visit);
	/* Replies under way hold the visit. */
	if (visit->fetching)
		return more;
	if (visit->broken || (visit->state == NW_VISIT_READS &&
			      visit->finished == visit->entry_count))
		visit->state = NW_VISIT_IS_OVER;
	return has_rechecks(visit) || more;
}

void nw_visit_free(struct nw_visit *visit)
{
	struct nw_arena *arena;
	size_t i;

	nw_illustrate_end(&visit->illustration);
	for (i = visit->finished; i < visit->started; i++) {
		nw_illustrate_end(&visit->entries[i].illustration);
		nw_arena_free(&visit->entries[i].arena);
	}
	arena = visit->arena;
	nw_arena_free(&arena);
}
