/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "deliver_private.h"
#include "mailbox_private.h"
#include "newswire/limits.h"
#include "newswire/wildmat.h"

const char *const nw_deliver_edits_names[NW_DELIVER_EDITS] = { "replace",
							       "append" };

/* What the first failure was. */
struct failure {
	bool failed;
	struct nw_error err;
};

static bool matches(const struct nw_deliver_job *job,
		    const struct nw_group *group)
{
	size_t i;

	for (i = 0; i < job->group_count; i++)
		if (nw_wildmat(job->groups[i], group->name))
			return true;
	return !job->group_count;
}

/* A mailbox for all groups stays open for the next one. */
static void leave(struct nw_run *run, bool failed)
{
	if (failed || nw_target_is_per_group(&run->job->target))
		nw_mailbox_close(&run->mailbox);
}

/*
 * What was interrupted comes first, and of a mailbox for all groups also in
 * groups that are not wanted any more: what it brought by one is not to come by
 * another.
 */
static bool is_wanted(const struct nw_run *run, const struct nw_group *group,
		      bool recover)
{
	return matches(run->job, group) ||
	       (recover && !nw_target_is_per_group(&run->job->target));
}

/* A server that cannot be reached, or knows no such password, is not asked for
 * each group again, unlike one that only refuses this one (NW_ERROR_IO); and
 * a mailbox for all groups that holds a part of a batch takes nothing before
 * the rest. */
static bool is_final(const struct nw_run *run, const struct nw_error *err)
{
	const struct nw_target *target = &run->job->target;

	return !nw_target_is_per_group(target) ||
	       (!target->driver->local && err->code != NW_ERROR_IO);
}

static int each_group(struct nw_run *run, bool recover,
		      struct failure *failure)
{
	struct nw_group group = { .name = "" };
	struct nw_error err = { NW_ERROR_NONE, "" };
	int found, result;

	while (!run->stopped &&
	       (found = nw_group_after(run->store, group.name, &group, &err))) {
		if (found > 0 && !is_wanted(run, &group, recover))
			continue;
		if (found < 0)
			result = -1;
		else
			result = recover ? nw_run_recover(run, &group, &err)
					 : nw_run_group(run, &group, &err);
		leave(run, result < 0);
		if (!result)
			continue;
		if (!failure->failed)
			*failure = (struct failure){ true, err };
		if (found < 0 || is_final(run, &err))
			return -1;
	}
	return 0;
}

static int count(struct nw_store *store, const struct nw_deliver_job *job,
		 int64_t target_id, struct nw_deliver_result *result,
		 uint64_t *waiting_r, struct nw_error *err)
{
	struct nw_group group = { .name = "" };
	struct nw_delivery_cursor cursor = { 0, 0, 0 };
	int64_t lacking;
	int found;

	*waiting_r = 0;
	while ((found = nw_group_after(store, group.name, &group, err)) > 0) {
		if (!matches(job, &group))
			continue;
		if ((target_id && nw_delivery_cursor(store, target_id, group.id,
						     &cursor, err)) ||
		    nw_delivery_waiting(store, group.id, cursor.done, &lacking,
					err))
			return -1;
		*waiting_r += (uint64_t)lacking;
		result->groups++;
	}
	return found;
}

int nw_deliver_waiting(struct nw_store *store,
		       const struct nw_deliver_job *job, uint64_t *waiting_r,
		       struct nw_error *err)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_delivery delivery = { .id = 0 };
	struct nw_deliver_result result = { 0, 0, 0 };
	int found = nw_delivery_find(store, arena, job->target.name, &delivery,
				     err);

	nw_arena_free(&arena);
	if (found < 0)
		return -1;
	return count(store, job, delivery.id, &result, waiting_r, err);
}

/* How it went is written down when that is news. */
static int note(struct nw_run *run, const struct failure *failure,
		struct nw_error *err)
{
	struct nw_arena *arena = nw_arena_new();
	const char *text = failure->failed ? failure->err.text : NULL;
	struct nw_delivery delivery;
	int result = nw_delivery_find(run->store, arena, run->job->target.name,
				      &delivery, err);

	if (result > 0)
		result = text || delivery.error || run->result.appended ||
					 run->result.replaced ||
					 delivery.ok_utc == NW_TIME_NONE
				 ? nw_delivery_note(run->store, run->target_id,
						    text, run->job->now(), err)
				 : 0;
	nw_arena_free(&arena);
	return result;
}

static int deliver_locked(struct nw_run *run, struct nw_error *err)
{
	struct failure failure = { .failed = false };

	if (count(run->store, run->job, run->target_id, &run->result,
		  &run->total, err))
		return -1;
	if (!each_group(run, true, &failure))
		(void)each_group(run, false, &failure);
	nw_mailbox_close(&run->mailbox);
	if (note(run, &failure, err))
		return -1;
	if (!failure.failed)
		return 0;
	*err = failure.err;
	return -1;
}

int nw_deliver(struct nw_store *store, const struct nw_deliver_job *job,
	       struct nw_deliver_result *result_r, struct nw_error *err)
{
	struct nw_run run = { .store = store, .job = job };
	int lock = -1, result = -1;

	nw_buf_init(&run.letter, NW_STORE_WIRE_BYTES);
	if (nw_delivery_target(store, job->target.name, &run.target_id, err))
		(void)nw_error_prefix(err, "%s", job->target.name);
	else if (nw_delivery_lock(store, run.target_id, &lock, err))
		(void)nw_error_prefix(err, "%s", job->target.name);
	else
		result = deliver_locked(&run, err);
	nw_delivery_unlock(&lock);
	nw_buf_free(&run.letter);
	*result_r = run.result;
	return result;
}
