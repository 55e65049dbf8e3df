/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The deliverer of "newswire serve": a loop that looks whether another process
 * has written to the store.  It waits for signals, and holds them while it
 * delivers; a target that fails rests, longer each time, and is logged once for
 * each reason.
 */
#include "config.h"

#include <poll.h>
#include <string.h>
#include <time.h>

#include "cmd_private.h"
#include "newswire/delivery.h"
#include "newswire/limits.h"

/* How a target fares. */
struct state {
	time_t due;		/* by the monotonic clock, after a failure */
	unsigned pause_s;	/* 0: the last try went well */
	bool tried;
	char error[sizeof(((struct nw_error *)0)->text)]; /* logged last */
};

struct deliverer {
	struct nw_context *context;
	struct nw_store *store;
	int lifeline;
	struct nw_deliver_job *jobs;
	struct state *states;
	size_t count;
};

static time_t monotonic(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static bool is_over(void *argument)
{
	const struct deliverer *deliverer = argument;
	struct pollfd lifeline = { .fd = deliverer->lifeline,
				   .events = POLLIN };

	return nw_cmd_signals_came() || poll(&lifeline, 1, 0) != 0;
}

static void failed(struct deliverer *deliverer, size_t i,
		   const struct nw_error *err)
{
	struct state *state = &deliverer->states[i];

	state->pause_s = state->pause_s ? 2 * state->pause_s
					: NW_DELIVER_RETRY_MIN_S;
	if (state->pause_s > NW_DELIVER_RETRY_MAX_S)
		state->pause_s = NW_DELIVER_RETRY_MAX_S;
	state->due = monotonic() + (time_t)state->pause_s;
	if (!strcmp(state->error, err->text))
		return;
	memcpy(state->error, err->text, sizeof(state->error));
	nw_log(&deliverer->context->log, NW_LOG_ERROR, "deliver", NULL,
	       "%s; next try in %u s", err->text, state->pause_s);
}

static void went_well(struct deliverer *deliverer, size_t i)
{
	struct state *state = &deliverer->states[i];

	if (*state->error)
		nw_log(&deliverer->context->log, NW_LOG_INFO, "deliver",
		       deliverer->jobs[i].target.name, "is in order again");
	*state = (struct state){ .tried = true };
}

/* What the first try finds in doubt it settles; later ones need news. */
static int has_work(struct deliverer *deliverer, size_t i, uint64_t *waiting_r,
		    struct nw_error *err)
{
	*waiting_r = 1;
	if (!deliverer->states[i].tried || deliverer->states[i].pause_s)
		return 0;
	return nw_deliver_waiting(deliverer->store, &deliverer->jobs[i],
				  waiting_r, err);
}

static void deliver(struct deliverer *deliverer, size_t i)
{
	struct nw_deliver_result result = { 0, 0, 0 };
	struct nw_error err = { NW_ERROR_NONE, "" };
	uint64_t waiting;
	int outcome = has_work(deliverer, i, &waiting, &err);

	if (!outcome && !waiting)
		return;
	if (!outcome)
		outcome = nw_deliver(deliverer->store, &deliverer->jobs[i],
				     &result, &err);
	if (result.appended || result.replaced)
		nw_cmd_log_delivered(&deliverer->context->log,
				     deliverer->jobs[i].target.name, &result);
	if (outcome)
		failed(deliverer, i, &err);
	else
		went_well(deliverer, i);
}

static void look(struct deliverer *deliverer, bool news)
{
	time_t now = monotonic();
	size_t i;

	for (i = 0; i < deliverer->count && !is_over(deliverer); i++) {
		const struct state *state = &deliverer->states[i];

		if (state->pause_s ? state->due <= now : news)
			deliver(deliverer, i);
	}
}

static int watch(struct deliverer *deliverer, struct nw_error *err)
{
	const struct timespec pause = {
		.tv_sec = NW_DELIVER_LOOK_MS / 1000,
		.tv_nsec = NW_DELIVER_LOOK_MS % 1000 * 1000000L,
	};
	int64_t seen = -1, version;
	sigset_t ends;

	nw_cmd_signals(&ends);
	while (!is_over(deliverer)) {
		if (nw_delivery_version(deliverer->store, &version, err))
			return -1;
		look(deliverer, version != seen);
		seen = version;
		if (is_over(deliverer) || sigtimedwait(&ends, NULL, &pause) > 0)
			break;
	}
	return 0;
}

int nw_cmd_deliverer(struct nw_context *context, struct nw_store *store,
		     int lifeline, struct nw_error *err)
{
	struct deliverer deliverer = { .context = context, .store = store,
				       .lifeline = lifeline };
	sigset_t before;
	size_t i;

	if (nw_cmd_deliver_jobs(context, &deliverer.jobs, &deliverer.count,
				err) < 0)
		return -1;
	deliverer.states = nw_arena_alloc(
		context->arena, (deliverer.count + 1) *
					sizeof(*deliverer.states));
	for (i = 0; i < deliverer.count; i++) {
		deliverer.jobs[i].stop = is_over;
		deliverer.jobs[i].context = &deliverer;
	}
	nw_cmd_signals_hold(&before);
	return watch(&deliverer, err);
}
