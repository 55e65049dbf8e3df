/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <assert.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "fetch_private.h"
#include "newswire/limits.h"
#include "newswire/url.h"

static char *copy(const char *string)
{
	return string ? strdup(string) : NULL;
}

static void fetch_free(struct nw_fetch *fetch)
{
	if (!fetch)
		return;
	nw_transfer_end(fetch);
	free(fetch->url);
	free(fetch->etag);
	free(fetch->last_modified);
	free(fetch->accept);
	free(fetch->user_agent);
	free(fetch->referer);
	free(fetch->cookie);
	free(fetch);
}

static void call_done(struct nw_fetch *fetch,
		      const struct nw_fetch_reply *reply,
		      const struct nw_error *err)
{
	struct nw_fetcher *fetcher = fetch->fetcher;

	fetcher->calling = true;
	fetch->done(reply, reply ? NULL : err, fetch->context);
	fetcher->calling = false;
	fetch_free(fetch);
}

/* curl would queue as well, but count the time in its queue as the
 * transfer's. */
static void start_waiting(struct nw_fetcher *fetcher)
{
	int64_t now_ms = nw_fetch_clock_ms(), wait_ms = -1;
	struct nw_fetch *fetch;
	struct timeval pause;
	struct nw_error err;

	while (fetcher->running_count < fetcher->policy.parallel &&
	       (fetch = nw_fetch_queue_take(&fetcher->queue, now_ms,
					    &wait_ms))) {
		if (nw_transfer_start(fetch, &err) == 0) {
			fetcher->running[fetcher->running_count++] = fetch;
			continue;
		}
		nw_fetch_queue_done(fetch, now_ms, 0);
		call_done(fetch, NULL, &err);
	}
	if (wait_ms < 0)
		return;
	pause = (struct timeval){ wait_ms / 1000, wait_ms % 1000 * 1000 };
	(void)evtimer_add(fetcher->starter, &pause);
}

static void on_starter(evutil_socket_t fd, short what, void *context)
{
	(void)fd;
	(void)what;
	start_waiting(context);
}

/* A redirect is a request like any other: it waits for the turn of its
 * host. */
static int queue_hop(struct nw_fetch *fetch, struct nw_error *err)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_url parts;
	int result = nw_url_split(arena, fetch->hop_url, &parts);

	if (result == 0)
		result = nw_fetch_queue_put(&fetch->fetcher->queue, fetch,
					    parts.host, fetch->hops > 0);
	nw_arena_free(&arena);
	if (result < 0)
		return nw_error_set(err, NW_ERROR_INTERNAL, "out of memory");
	return 0;
}

void nw_fetch_hop_done(struct nw_fetch *fetch, CURLcode result)
{
	struct nw_fetcher *fetcher = fetch->fetcher;
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_fetch_reply reply;
	unsigned i;
	int state;

	state = nw_transfer_hop_done(fetch, result, &reply, &err);
	for (i = 0; fetcher->running[i] != fetch; i++)
		assert(i + 1 < fetcher->running_count);
	fetcher->running[i] = fetcher->running[--fetcher->running_count];
	nw_fetch_queue_done(fetch, nw_fetch_clock_ms(), fetch->pause_ms);
	if (state > 0 && queue_hop(fetch, &err) < 0)
		state = -1;
	if (state <= 0)
		call_done(fetch, state == 0 ? &reply : NULL, &err);
	start_waiting(fetcher);
}

static void fill_policy(struct nw_fetch_policy *policy)
{
	if (!policy->body_bytes)
		policy->body_bytes = NW_FETCH_BODY_BYTES;
	if (!policy->connect_ms)
		policy->connect_ms = NW_FETCH_CONNECT_MS;
	if (!policy->total_ms)
		policy->total_ms = NW_FETCH_TOTAL_MS;
	if (!policy->per_host)
		policy->per_host = NW_FETCH_PER_HOST;
	if (!policy->parallel)
		policy->parallel = NW_FETCH_PARALLEL;
}

int nw_fetcher_new(struct nw_fetcher **fetcher_r, struct event_base *base,
		   const struct nw_fetch_policy *policy, struct nw_error *err)
{
	struct nw_fetcher *fetcher = calloc(1, sizeof(*fetcher));

	if (!fetcher || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		free(fetcher);
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "libcurl cannot be set up");
	}
	fetcher->policy = *policy;
	fill_policy(&fetcher->policy);
	fetcher->base = base;
	nw_fetch_queue_init(&fetcher->queue, fetcher->policy.per_host);
	fetcher->proxy = strdup(policy->proxy ? policy->proxy : "");
	fetcher->user_agent = strdup(policy->user_agent ? policy->user_agent :
							  PACKAGE_NAME);
	fetcher->running = calloc(fetcher->policy.parallel,
				  sizeof(struct nw_fetch *));
	fetcher->starter = evtimer_new(base, on_starter, fetcher);
	if (!fetcher->user_agent || !fetcher->proxy || !fetcher->running ||
	    !fetcher->starter)
		(void)nw_error_set(err, NW_ERROR_INTERNAL, "out of memory");
	else if (nw_fetch_loop_init(fetcher, err) == 0) {
		*fetcher_r = fetcher;
		return 0;
	}
	nw_fetcher_free(&fetcher);
	return -1;
}

void nw_fetcher_free(struct nw_fetcher **fetcher)
{
	struct nw_fetcher *it = *fetcher;
	struct nw_fetch *fetch;

	if (!it)
		return;
	assert(!it->calling);
	while (it->running_count)
		fetch_free(it->running[--it->running_count]);
	while ((fetch = nw_fetch_queue_end(&it->queue)))
		fetch_free(fetch);
	nw_fetch_loop_free(it);
	if (it->starter)
		event_free(it->starter);
	free(it->running);
	free(it->proxy);
	free(it->user_agent);
	free(it);
	curl_global_cleanup();
	*fetcher = NULL;
}

/* The normalised URL. */
static int read_url(struct nw_fetch *fetch, const char *url,
		    struct nw_error *err)
{
	struct nw_arena *arena = nw_arena_new();
	char *resolved = nw_url_resolve(arena, NULL, url);
	int result = 0;

	if (!resolved || !nw_url_is_web(resolved)) {
		result = nw_error_set(err, NW_ERROR_USAGE,
				      "%.200s: no web address (http or https)",
				      url);
	} else {
		fetch->url = copy(resolved);
		fetch->hop_url = fetch->url;
		if (!fetch->url)
			result = nw_error_set(err, NW_ERROR_INTERNAL,
					      "out of memory");
	}
	nw_arena_free(&arena);
	return result;
}

int nw_fetch_start(struct nw_fetcher *fetcher,
		   const struct nw_fetch_request *request, nw_fetch_done *done,
		   void *context, struct nw_error *err)
{
	const struct timeval at_once = { 0, 0 };
	struct nw_fetch *fetch = calloc(1, sizeof(*fetch));

	if (!fetch)
		return nw_error_set(err, NW_ERROR_INTERNAL, "out of memory");
	fetch->fetcher = fetcher;
	fetch->done = done;
	fetch->context = context;
	fetch->pause_ms = fetcher->policy.pause_ms;
	if (request->pause_ms > fetch->pause_ms)
		fetch->pause_ms = request->pause_ms;
	fetch->body_bytes = fetcher->policy.body_bytes;
	fetch->own_body_bytes = request->body_bytes &&
				request->body_bytes <= fetch->body_bytes;
	if (fetch->own_body_bytes)
		fetch->body_bytes = request->body_bytes;
	fetch->total_ms = fetcher->policy.total_ms;
	if (request->total_ms && request->total_ms < fetch->total_ms)
		fetch->total_ms = request->total_ms;
	fetch->holds = request->hold_redirect;
	fetch->etag = copy(request->etag);
	fetch->last_modified = copy(request->last_modified);
	fetch->accept = copy(request->accept);
	fetch->user_agent = copy(request->user_agent);
	fetch->referer = copy(request->referer);
	fetch->cookie = copy(request->cookie);
	if (read_url(fetch, request->url, err) < 0 ||
	    queue_hop(fetch, err) < 0) {
		fetch_free(fetch);
		return -1;
	}
	(void)evtimer_add(fetcher->starter, &at_once);
	return 0;
}

unsigned nw_fetcher_active(const struct nw_fetcher *fetcher)
{
	return fetcher->queue.waiting_count + fetcher->running_count;
}

/* The one transfer of nw_fetch_wait(). */
struct wait {
	nw_fetch_done *done;
	void *context;
	struct nw_error err;
	bool finished, replied;
};

static void wait_done(const struct nw_fetch_reply *reply,
		      const struct nw_error *err, void *context)
{
	struct wait *wait = context;

	wait->finished = true;
	wait->replied = reply != NULL;
	if (!reply)
		wait->err = *err;
	wait->done(reply, err, wait->context);
}

static void wait_for(struct wait *wait, struct event_base *base,
		     const struct nw_fetch_policy *policy,
		     const struct nw_fetch_request *request)
{
	struct nw_fetcher *fetcher = NULL;

	if (nw_fetcher_new(&fetcher, base, policy, &wait->err) == 0 &&
	    nw_fetch_start(fetcher, request, wait_done, wait, &wait->err) ==
		    0)
		while (!wait->finished &&
		       event_base_loop(base, EVLOOP_ONCE) == 0)
			continue;
	nw_fetcher_free(&fetcher);
}

int nw_fetch_wait(const struct nw_fetch_policy *policy,
		  const struct nw_fetch_request *request, nw_fetch_done *done,
		  void *context, struct nw_error *err)
{
	struct wait wait = {
		.done = done,
		.context = context,
		.err = { NW_ERROR_INTERNAL, "no event loop could be made" },
	};
	struct event_base *base = event_base_new();

	if (base) {
		wait_for(&wait, base, policy, request);
		event_base_free(base);
	}
	if (!wait.finished)
		done(NULL, &wait.err, context);
	if (wait.replied)
		return 0;
	if (err)
		*err = wait.err;
	return -1;
}
