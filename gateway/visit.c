/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/section.h"
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

const char *nw_visit_reason(const char *url, const struct nw_error *err)
{
	size_t len = strlen(url);

	if (strncmp(err->text, url, len) == 0 &&
	    strncmp(err->text + len, ": ", 2) == 0)
		return err->text + len + 2;
	return err->text;
}

bool nw_visit_is_broken_by(const struct nw_error *err)
{
	return err->code == NW_ERROR_IO || err->code == NW_ERROR_BUSY ||
	       err->code == NW_ERROR_MISSING;
}

void nw_visit_fail(struct nw_visit *visit, enum nw_poll_result result,
		   const char *why)
{
	visit->state = NW_VISIT_IS_OVER;
	visit->poll.result = result;
	visit->why = nw_arena_strdup(visit->arena, why);
}

void nw_visit_break(struct nw_visit *visit, const struct nw_error *err)
{
	visit->broken = true;
	if (err->code == NW_ERROR_MISSING)
		return;
	visit->pipeline->store_failed = true;
	nw_pipeline_show(visit->pipeline, NULL);
	nw_log(visit->pipeline->options.log, NW_LOG_ERROR, "store",
	       visit->source.url, "%s", err->text);
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

static struct nw_page_input page_input(const struct nw_visit *visit,
				       const struct nw_fetch_reply *reply)
{
	return (struct nw_page_input){
		.bytes = reply->body,
		.len = reply->body_len,
		.url = reply->url,
		.http_charset = reply->charset,
		.now_utc = nw_pipeline_now(visit->pipeline),
	};
}

static void read_story(struct nw_visit *visit,
		       const struct nw_fetch_reply *reply)
{
	const struct nw_page_input input = page_input(visit, reply);
	struct nw_publication publication = { .source = &visit->source };
	struct nw_pipeline_stats *stats = &visit->pipeline->stats;
	struct nw_story *story;
	struct nw_error err;

	if (nw_page_read(visit->arena, &input, &story, &err) < 0) {
		nw_visit_fail(visit, NW_POLL_FAILED,
			      nw_visit_reason(reply->url, &err));
		return;
	}
	if (visit->source.kind == NW_SOURCE_LIVE)
		story->live = true;
	publication.story = story;
	visit->state = NW_VISIT_IS_OVER;
	if (nw_publish(visit->pipeline, visit->arena, &publication,
		       &visit->articles, &err) == 0) {
		stats->articles += visit->articles;
		stats->stories += visit->articles > 0;
	} else if (nw_visit_is_broken_by(&err)) {
		nw_visit_break(visit, &err);
	} else {
		nw_visit_fail(visit, NW_POLL_FAILED, err.text);
	}
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
	else if (nw_gap_fill(visit))
		visit->state = NW_VISIT_FETCHES;
}

static void read_feed(struct nw_visit *visit,
		      const struct nw_fetch_reply *reply)
{
	struct nw_error err;

	if (nw_feed_read(visit->arena, reply->body, reply->body_len,
			 reply->url, reply->charset, &visit->feed, &err) < 0) {
		nw_visit_fail(visit, NW_POLL_FAILED,
			      nw_visit_reason(reply->url, &err));
		return;
	}
	visit->poll.ttl_s = visit->feed->ttl_s;
	if (!visit->feed->item_count && visit->feed->sitemap_count &&
	    !visit->index_followed) {
		if (follow_index(visit, &err) < 0)
			nw_visit_fail(visit, NW_POLL_FAILED, err.text);
		return;
	}
	nw_visit_read_items(visit);
}

/* A page that holds no list of stories is one itself. */
static void read_page(struct nw_visit *visit,
		      const struct nw_fetch_reply *reply)
{
	const struct nw_page_input input = page_input(visit, reply);
	struct nw_error err;
	int found = nw_section_read(visit->arena, &input, &visit->feed, &err);

	if (found < 0) {
		nw_visit_fail(visit, NW_POLL_FAILED,
			      nw_visit_reason(reply->url, &err));
	} else if (found) {
		nw_visit_read_items(visit);
	} else {
		nw_log(visit->pipeline->options.log, NW_LOG_DEBUG, "page",
		       reply->url, "no list of stories: it is read as one");
		read_story(visit, reply);
	}
}

static void refuse(struct nw_visit *visit, const struct nw_fetch_reply *reply)
{
	size_t i;

	visit->poll.retry_after_s = reply->retry_after_s;
	for (i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (refusals[i].status == reply->status) {
			nw_visit_fail(visit, refusals[i].result,
				      refusals[i].why);
			return;
		}
	nw_visit_fail(visit, NW_POLL_FAILED,
		      nw_arena_printf(visit->arena,
				      "the server answered with status %d",
				      reply->status));
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
	struct nw_error err;

	if (reply->status != 304 &&
	    (reply->status < 200 || reply->status > 299)) {
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
	if (reply->status == 304)
		visit->state = NW_VISIT_IS_OVER;
	else if (visit->source.kind == NW_SOURCE_LIVE)
		read_story(visit, reply);
	else if (visit->source.kind == NW_SOURCE_PAGE)
		read_page(visit, reply);
	else
		read_feed(visit, reply);
}

static void on_source(const struct nw_fetch_reply *reply,
		      const struct nw_error *err, void *context)
{
	struct nw_visit *visit = context;

	visit->fetching--;
	if (reply)
		read_reply(visit, reply);
	else
		nw_visit_fail(visit, NW_POLL_FAILED,
			      nw_visit_reason(visit->source.url, err));
	nw_pipeline_wake(visit->pipeline);
}

struct nw_visit *nw_visit_start(struct nw_pipeline *pipeline,
				struct nw_arena *arena,
				const struct nw_source *source)
{
	struct nw_visit *visit = nw_arena_alloc(arena, sizeof(*visit));
	const struct nw_fetch_request request = {
		.url = source->url,
		.etag = source->etag,
		.last_modified = source->last_modified,
		.accept = accepts[source->kind],
	};
	struct nw_error err;

	*visit = (struct nw_visit){
		.pipeline = pipeline,
		.arena = arena,
		.source = *source,
		.etag = source->etag,
		.last_modified = source->last_modified,
		.poll = {
			.result = NW_POLL_SAME,
			.ttl_s = -1,
			.max_age_s = -1,
			.retry_after_s = -1,
		},
	};
	if (nw_fetch_start(pipeline->fetcher, &request, on_source, visit,
			   &err) == 0)
		visit->fetching++;
	else
		nw_visit_fail(visit, NW_POLL_FAILED,
			      nw_visit_reason(source->url, &err));
	return visit;
}

bool nw_visit_step(struct nw_visit *visit)
{
	bool more = false;

	if (visit->state == NW_VISIT_READS && !visit->broken)
		more = nw_entries_step(visit);
	/* Replies under way hold the visit. */
	if (visit->fetching)
		return more;
	if (visit->broken || (visit->state == NW_VISIT_READS &&
			      visit->finished == visit->entry_count))
		visit->state = NW_VISIT_IS_OVER;
	return more;
}

static const char *in_words(struct nw_arena *arena, int64_t seconds)
{
	if (seconds < 120)
		return nw_arena_printf(arena, "%lld s", (long long)seconds);
	if (seconds < 2 * 3600)
		return nw_arena_printf(arena, "%lld min",
				       (long long)(seconds + 30) / 60);
	if (seconds < 2 * 86400)
		return nw_arena_printf(arena, "%lld h",
				       (long long)(seconds + 1800) / 3600);
	return nw_arena_printf(arena, "%lld days",
			       (long long)(seconds + 43200) / 86400);
}

static void log_end(const struct nw_visit *visit, int64_t now_utc)
{
	const struct nw_log *log = visit->pipeline->options.log;
	const struct nw_source *source = &visit->source;

	if (visit->why || visit->articles)
		nw_pipeline_show(visit->pipeline, NULL);
	if (visit->why && source->schedule.paused)
		nw_log(log, NW_LOG_WARNING, "fetch", source->url,
		       "%s, it is not polled any more", visit->why);
	else if (visit->why)
		nw_log(log, NW_LOG_WARNING, "fetch", source->url,
		       "%s, next try in %s", visit->why,
		       in_words(visit->arena,
				source->schedule.due_utc - now_utc));
	else if (visit->articles)
		nw_log(log, NW_LOG_INFO, "fetch", source->group,
		       "%u new article%s", visit->articles,
		       visit->articles == 1 ? "" : "s");
	else
		nw_log(log, NW_LOG_DEBUG, "fetch", source->group,
		       "nothing new");
}

/* Coverage is under way as long as the page changed lately. */
static bool is_live(const struct nw_visit *visit, int64_t now_utc)
{
	const struct nw_schedule *schedule = &visit->source.schedule;

	if (visit->source.kind != NW_SOURCE_LIVE)
		return false;
	return visit->poll.result == NW_POLL_CHANGED ||
	       schedule->changed_utc == NW_TIME_NONE ||
	       now_utc - schedule->changed_utc < NW_LIVE_QUIET_S;
}

static void count(struct nw_visit *visit)
{
	struct nw_pipeline_stats *stats = &visit->pipeline->stats;

	stats->sources++;
	stats->failed += visit->why || visit->broken;
	stats->unchanged += !visit->why && !visit->broken && !visit->articles;
}

void nw_visit_end(struct nw_visit *visit, uint32_t random)
{
	const struct nw_config *config = visit->pipeline->options.config;
	const struct nw_schedule_limits limits = {
		.min_s = config->poll_min_s,
		.max_s = config->poll_max_s,
		.live_min_s = NW_POLL_LIVE_MIN_S,
		.live_max_s = NW_POLL_LIVE_MAX_S,
		.backoff_max_s = NW_BACKOFF_MAX_S,
	};
	int64_t now_utc = nw_pipeline_now(visit->pipeline);
	struct nw_source *source = &visit->source;
	struct nw_error err;

	count(visit);
	/* What the store could not take is as if it had not been polled. */
	if (visit->broken)
		return;
	if (!visit->why && visit->articles)
		visit->poll.result = NW_POLL_CHANGED;
	visit->poll.live = is_live(visit, now_utc);
	source->schedule = nw_schedule_next(&source->schedule, &visit->poll,
					    &limits, now_utc, random);
	source->error = visit->why;
	if (!visit->why) {
		source->etag = visit->again ? NULL : visit->etag;
		source->last_modified = visit->again ? NULL
						     : visit->last_modified;
	}
	if (nw_source_update(visit->pipeline->store, source, &err) < 0)
		nw_visit_break(visit, &err);
	log_end(visit, now_utc);
}

void nw_visit_free(struct nw_visit *visit)
{
	struct nw_arena *arena;
	size_t i;

	for (i = visit->finished; i < visit->started; i++)
		nw_arena_free(&visit->entries[i].arena);
	arena = visit->arena;
	nw_arena_free(&arena);
}
