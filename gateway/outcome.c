/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/quarantine.h"
#include "pipeline_private.h"

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
	       err->code == NW_ERROR_MISSING || err->code == NW_ERROR_DAMAGED;
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

/* Readers of the group hear of it when it is no passing trouble. */
static void tell_trouble(struct nw_visit *visit)
{
	const struct nw_schedule *schedule = &visit->source.schedule;
	struct nw_error err;

	if (!visit->why || (schedule->failures < NW_POLL_TROUBLE &&
			    visit->poll.result != NW_POLL_GONE))
		return;
	if (nw_trouble_tell(visit, &err) == 0)
		return;
	if (nw_visit_is_broken_by(&err))
		nw_visit_break(visit, &err);
	else
		nw_log(visit->pipeline->options.log, NW_LOG_ERROR, "fetch",
		       visit->source.group, "%s", err.text);
}

static void count(struct nw_visit *visit)
{
	struct nw_pipeline_stats *stats = &visit->pipeline->stats;

	stats->sources += !visit->only_rechecks;
	stats->failed += visit->why || visit->broken;
	stats->unchanged += !visit->only_rechecks && !visit->why &&
			    !visit->broken && !visit->articles;
}

/* All of the reply was read.  They say that it is still there, so what is to be
 * done with it again must be there as well, and before them. */
static int keep_validators(struct nw_visit *visit, struct nw_error *err)
{
	struct nw_source *source = &visit->source;
	bool whole = !visit->again || visit->fresh || visit->kept;

	source->etag = whole ? visit->etag : NULL;
	source->last_modified = whole ? visit->last_modified : NULL;
	if (visit->again && visit->kept)
		return 0;
	return nw_source_keep_feed(visit->pipeline->store, source->id,
				   visit->again ? visit->fresh : NULL, err);
}

struct nw_schedule_limits nw_visit_limits(const struct nw_visit *visit)
{
	const struct nw_config *config = visit->pipeline->options.config;
	int64_t live_s = visit->source.poll_live_s;

	if (!live_s)
		live_s = config->poll_live_s;
	return (struct nw_schedule_limits){
		.min_s = config->poll_min_s,
		.max_s = config->poll_max_s,
		.usual_s = NW_POLL_DEFAULT_S,
		.live_min_s = live_s,
		.live_max_s = live_s > NW_POLL_LIVE_MAX_S ? live_s
							  : NW_POLL_LIVE_MAX_S,
		.backoff_max_s = NW_BACKOFF_MAX_S,
	};
}

void nw_visit_end(struct nw_visit *visit, uint32_t random)
{
	const struct nw_schedule_limits limits = nw_visit_limits(visit);
	int64_t now_utc = nw_pipeline_now(visit->pipeline);
	struct nw_source *source = &visit->source;
	struct nw_error err;

	count(visit);
	/* What the store could not take is as if it had not been polled. */
	if (visit->broken)
		return;
	if (visit->only_rechecks) {
		log_end(visit, now_utc);
		return;
	}
	if (!visit->why && visit->articles)
		visit->poll.result = NW_POLL_CHANGED;
	visit->poll.live = is_live(visit, now_utc);
	source->schedule = nw_schedule_next(&source->schedule, &visit->poll,
					    &limits, now_utc, random);
	source->error = visit->why;
	tell_trouble(visit);
	if (visit->broken)
		return;
	if (!visit->why && keep_validators(visit, &err) < 0) {
		nw_visit_break(visit, &err);
		return;
	}
	if (nw_source_update(visit->pipeline->store, source, &err) < 0 ||
	    (!visit->why && visit->outdated &&
	     nw_quarantine_forget(visit->pipeline->store, source->id,
				  visit->pipeline->options.version, &err) < 0))
		nw_visit_break(visit, &err);
	else
		nw_pipeline_store_works(visit->pipeline);
	log_end(visit, now_utc);
}
