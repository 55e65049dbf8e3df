/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <event2/event.h>
#include <event2/util.h>
#include <stdlib.h>
#include <string.h>

#include "newswire/limits.h"
#include "newswire/studio.h"
#include "newswire/suspect.h"
#include "newswire/url.h"
#include "pipeline_private.h"

/* Puts "fetch: 3 of 9, URL" on a terminal; what NULL wipes it. */
void nw_pipeline_show(const struct nw_pipeline *pipeline, const char *what)
{
	if (!pipeline->serving)
		nw_log_progress(pipeline->options.log, "fetch",
				pipeline->stats.sources,
				pipeline->stats.sources +
					nw_pipeline_active(pipeline),
				what);
}

int64_t nw_pipeline_now(const struct nw_pipeline *pipeline)
{
	return pipeline->options.now();
}

/* By a timer, which leaves sockets and signals their turn between two
 * steps. */
void nw_pipeline_wake(struct nw_pipeline *pipeline)
{
	const struct timeval at_once = { 0, 0 };

	(void)evtimer_add(pipeline->worker, &at_once);
}

static bool is_visiting(const struct nw_pipeline *pipeline, int64_t source_id)
{
	const struct nw_visit *visit;

	for (visit = pipeline->visits; visit; visit = visit->next)
		if (visit->source.id == source_id)
			return true;
	return false;
}

const char *nw_pipeline_host(struct nw_arena *arena, const char *url)
{
	struct nw_url parts;

	return nw_url_split(arena, url, &parts) == 0 && parts.host ? parts.host
								   : "";
}

/* Visits to a host, and those of waiting that are about to begin. */
static unsigned visits_on(const struct nw_pipeline *pipeline, const char *host,
			  const struct nw_waiting *waiting)
{
	const struct nw_visit *visit;
	unsigned count = 0;

	for (visit = pipeline->visits; visit; visit = visit->next)
		count += strcmp(visit->host, host) == 0;
	for (; waiting; waiting = waiting->next)
		count += strcmp(waiting->host, host) == 0;
	return count;
}

static void begin(struct nw_pipeline *pipeline,
		  const struct nw_waiting *waiting)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_visit *visit;
	struct nw_source source;
	struct nw_error err;
	int found;

	found = nw_source_find(pipeline->store, arena, waiting->group, &source,
			       &err);
	if (found > 0 && !is_visiting(pipeline, source.id)) {
		visit = waiting->only_rechecks
				? nw_visit_start_rechecks(pipeline, arena,
							  &source)
				: nw_visit_start(pipeline, arena, &source);
		visit->host = nw_pipeline_host(arena, source.url);
		visit->next = pipeline->visits;
		pipeline->visits = visit;
		pipeline->visit_count++;
		nw_pipeline_show(pipeline, source.url);
		return;
	}
	if (found < 0)
		nw_log(pipeline->options.log, NW_LOG_ERROR, "store",
		       waiting->group, "%s", err.text);
	nw_arena_free(&arena);
}

static void waiting_free(struct nw_waiting *waiting)
{
	free(waiting->group);
	free(waiting->host);
	free(waiting);
}

/* Those whose host has fewer visits than that. */
static void begin_some(struct nw_pipeline *pipeline, unsigned host_visits)
{
	struct nw_waiting **link = &pipeline->waiting, *first;

	while (pipeline->visit_count < NW_POLL_VISITS && (first = *link)) {
		if (visits_on(pipeline, first->host, NULL) >= host_visits) {
			link = &first->next;
			continue;
		}
		*link = first->next;
		if (!first->next)
			pipeline->waiting_end = link;
		pipeline->waiting_count--;
		begin(pipeline, first);
		waiting_free(first);
	}
}

/* A host answers one request at a time, so a second visit to one begins only
 * after the first ones to all others, and a third one not at all. */
static void begin_waiting(struct nw_pipeline *pipeline)
{
	unsigned host_visits;

	pipeline->room = false;
	for (host_visits = 1; host_visits <= NW_POLL_HOST_VISITS; host_visits++)
		begin_some(pipeline, host_visits);
}

static void end(struct nw_pipeline *pipeline, struct nw_visit *visit)
{
	uint32_t random;

	evutil_secure_rng_get_bytes(&random, sizeof(random));
	nw_visit_end(visit, random);
	nw_visit_free(visit);
	pipeline->visit_count--;
	if (!nw_pipeline_active(pipeline))
		nw_pipeline_show(pipeline, NULL);
}

static void start_clock(struct nw_pipeline *pipeline, int64_t ms)
{
	struct timeval pause = { ms / 1000, ms % 1000 * 1000 };

	(void)evtimer_add(pipeline->clock, &pause);
}

static void work(evutil_socket_t fd, short what, void *context)
{
	struct nw_pipeline *pipeline = context;
	struct nw_visit **link = &pipeline->visits, *visit;
	bool more = false, ended = false;

	(void)fd;
	(void)what;
	if (pipeline->room)
		begin_waiting(pipeline);
	nw_plates_step(pipeline);
	if (pipeline->errand && nw_illustrate_step(pipeline->errand))
		pipeline->errand = NULL;
	while ((visit = *link)) {
		more = nw_visit_step(visit) || more;
		if (visit->state != NW_VISIT_IS_OVER || visit->fetching) {
			link = &visit->next;
			continue;
		}
		*link = visit->next;
		end(pipeline, visit);
		ended = true;
	}
	pipeline->room = pipeline->room || ended;
	if (more || (ended && pipeline->waiting))
		nw_pipeline_wake(pipeline);
	/* There is room for more of what is due; after a moment, for to look
	 * through all that is due takes longer than many a poll. */
	if (ended && pipeline->serving && !pipeline->store_failed &&
	    !pipeline->filling) {
		pipeline->filling = true;
		start_clock(pipeline, NW_POLL_FILL_MS);
	}
}

static int wait_for(struct nw_pipeline *pipeline,
		    const struct nw_source *source, bool only_rechecks,
		    struct nw_error *err)
{
	struct nw_waiting *waiting = calloc(1, sizeof(*waiting));
	struct nw_arena *arena;

	if (!waiting)
		return nw_error_set(err, NW_ERROR_INTERNAL, "out of memory");
	arena = nw_arena_new();
	waiting->group = strdup(source->group);
	waiting->host = strdup(nw_pipeline_host(arena, source->url));
	nw_arena_free(&arena);
	if (!waiting->group || !waiting->host) {
		waiting_free(waiting);
		return nw_error_set(err, NW_ERROR_INTERNAL, "out of memory");
	}
	waiting->only_rechecks = only_rechecks;
	*pipeline->waiting_end = waiting;
	pipeline->waiting_end = &waiting->next;
	pipeline->waiting_count++;
	pipeline->room = true;
	nw_pipeline_wake(pipeline);
	return 0;
}

int nw_pipeline_poll(struct nw_pipeline *pipeline,
		     const struct nw_source *source, struct nw_error *err)
{
	return wait_for(pipeline, source, false, err);
}

int nw_pipeline_poll_due(struct nw_pipeline *pipeline,
			 const struct nw_source *source, struct nw_error *err)
{
	return wait_for(pipeline, source,
			source->schedule.due_utc > nw_pipeline_now(pipeline),
			err);
}

/* Asks for as many as there is room for: those that are due longest, and
 * whose host has fewer visits than that.  What is asked for loses its id. */
static int poll_some(struct nw_pipeline *pipeline, struct nw_arena *arena,
		     struct nw_source *sources, size_t count,
		     unsigned host_visits, struct nw_error *err)
{
	size_t i;

	for (i = 0; i < count && pipeline->visit_count +
					 pipeline->waiting_count <
				 NW_POLL_VISITS; i++) {
		if (!sources[i].id || is_visiting(pipeline, sources[i].id) ||
		    visits_on(pipeline,
			      nw_pipeline_host(arena, sources[i].url),
			      pipeline->waiting) >= host_visits)
			continue;
		if (nw_pipeline_poll_due(pipeline, &sources[i], err) < 0)
			return -1;
		sources[i].id = 0;
	}
	return 0;
}

static int poll_due(struct nw_pipeline *pipeline, struct nw_arena *arena,
		    struct nw_error *err)
{
	struct nw_source *sources;
	unsigned host_visits;
	size_t count;

	if (nw_source_list(pipeline->store, arena, nw_pipeline_now(pipeline),
			   &sources, &count, err) < 0)
		return -1;
	for (host_visits = 1; host_visits <= NW_POLL_HOST_VISITS; host_visits++)
		if (poll_some(pipeline, arena, sources, count, host_visits,
			      err) < 0)
			return -1;
	return 0;
}

void nw_pipeline_store_failed(struct nw_pipeline *pipeline, const char *object,
			      const struct nw_error *err)
{
	pipeline->store_failed = true;
	if (pipeline->trouble == err->code)
		return;
	pipeline->trouble = err->code;
	nw_pipeline_show(pipeline, NULL);
	nw_log(pipeline->options.log, NW_LOG_ERROR, "store", object, "%s",
	       err->text);
}

void nw_pipeline_store_works(struct nw_pipeline *pipeline)
{
	if (pipeline->trouble == NW_ERROR_NONE)
		return;
	pipeline->trouble = NW_ERROR_NONE;
	nw_pipeline_show(pipeline, NULL);
	nw_log(pipeline->options.log, NW_LOG_INFO, "store", NULL,
	       "it takes news again");
}

/* How long a store that fails is left alone. */
static int64_t patience(const struct nw_pipeline *pipeline)
{
	return pipeline->trouble == NW_ERROR_DAMAGED ? NW_POLL_DAMAGED_S
						     : NW_POLL_PATIENCE_S;
}

/* Seconds until there may be something to do. */
static int look(struct nw_pipeline *pipeline, int64_t *pause_r,
		struct nw_error *err)
{
	int64_t now_utc = nw_pipeline_now(pipeline), due_utc;
	struct nw_arena *arena;
	int result = 0;

	*pause_r = NW_POLL_LOOK_S;
	/* No site is asked for what cannot be stored. */
	if (pipeline->trouble && nw_store_probe(pipeline->store, err) < 0)
		return -1;
	if (nw_source_next_due(pipeline->store, &due_utc, err) < 0)
		return -1;
	if (due_utc == NW_TIME_NONE || due_utc > now_utc + NW_POLL_LOOK_S)
		return 0;
	if (due_utc > now_utc) {
		*pause_r = due_utc - now_utc;
		return 0;
	}
	/* One that is being polled stays due until it ends. */
	if (pipeline->visit_count >= NW_POLL_VISITS || pipeline->waiting)
		return 0;
	arena = nw_arena_new();
	result = poll_due(pipeline, arena, err);
	nw_arena_free(&arena);
	return result;
}

/* Every few seconds: "newswire subscribe" in another process says nothing
 * but what it wrote into the store. */
static void on_clock(evutil_socket_t fd, short what, void *context)
{
	struct nw_pipeline *pipeline = context;
	struct nw_error err;
	int64_t pause;

	(void)fd;
	(void)what;
	pipeline->filling = false;
	if (look(pipeline, &pause, &err) < 0)
		nw_pipeline_store_failed(pipeline, NULL, &err);
	if (pipeline->store_failed)
		pause = patience(pipeline);
	pipeline->store_failed = false;
	start_clock(pipeline, pause * 1000);
}

int nw_pipeline_run(struct nw_pipeline *pipeline, struct nw_error *err)
{
	const struct timeval at_once = { 0, 0 };

	pipeline->serving = true;
	if (evtimer_add(pipeline->clock, &at_once) < 0)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "no timer could be made");
	return 0;
}

static int set_up(struct nw_pipeline *pipeline, struct event_base *base,
		  struct nw_error *err)
{
	const struct nw_config *config = pipeline->options.config;
	const struct nw_fetch_policy policy = {
		.user_agent = config->user_agent,
		.allow_private = config->allow_private,
		.body_bytes = config->fetch_body_bytes,
		.total_ms = config->fetch_total_ms,
		.pause_ms = config->host_pause_ms,
		.proxy = config->proxy,
	};

	pipeline->worker = evtimer_new(base, work, pipeline);
	pipeline->clock = evtimer_new(base, on_clock, pipeline);
	if (!pipeline->worker || !pipeline->clock)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "no timer could be made");
	if (nw_studio_new(&pipeline->studio, base, err) < 0)
		return -1;
	return nw_fetcher_new(&pipeline->fetcher, base, &policy, err);
}

int nw_pipeline_new(struct nw_pipeline **pipeline_r, struct event_base *base,
		    struct nw_store *store,
		    const struct nw_pipeline_options *options,
		    struct nw_error *err)
{
	struct nw_pipeline *pipeline = calloc(1, sizeof(*pipeline));

	if (!pipeline)
		return nw_error_set(err, NW_ERROR_INTERNAL, "out of memory");
	pipeline->options = *options;
	pipeline->store = store;
	pipeline->suspects = nw_suspects_open(store);
	pipeline->waiting_end = &pipeline->waiting;
	if (set_up(pipeline, base, err) < 0) {
		nw_pipeline_free(&pipeline);
		return -1;
	}
	*pipeline_r = pipeline;
	return 0;
}

void nw_pipeline_free(struct nw_pipeline **pipeline)
{
	struct nw_pipeline *it = *pipeline;
	struct nw_waiting *waiting;
	struct nw_visit *visit;

	if (!it)
		return;
	nw_fetcher_free(&it->fetcher);
	nw_studio_free(&it->studio);
	nw_permission_end(it);
	if (it->errand)
		nw_illustrate_end(it->errand);
	while ((visit = it->visits)) {
		it->visits = visit->next;
		nw_visit_free(visit);
	}
	nw_plates_end(it);
	while ((waiting = it->waiting)) {
		it->waiting = waiting->next;
		waiting_free(waiting);
	}
	if (it->worker)
		event_free(it->worker);
	if (it->clock)
		event_free(it->clock);
	nw_suspects_close(&it->suspects);
	free(it);
	*pipeline = NULL;
}

unsigned nw_pipeline_active(const struct nw_pipeline *pipeline)
{
	return pipeline->visit_count + pipeline->waiting_count +
	       (pipeline->errand != NULL);
}

const struct nw_pipeline_stats *
nw_pipeline_stats(const struct nw_pipeline *pipeline)
{
	return &pipeline->stats;
}
