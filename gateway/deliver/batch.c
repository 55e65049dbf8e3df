/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A batch: its numbers are noted, its articles put into the mailbox, the
 * mailbox synced, the cursor moved.  No transaction is open while a mailbox is
 * written.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "deliver_private.h"
#include "letter_private.h"
#include "newswire/limits.h"
#include "newswire/wire.h"

/* An article on its way. */
struct parcel {
	struct nw_arena *arena;
	struct nw_letter letter;
	const char *supersedes;	/* NULL: nothing */
	const char *xref;	/* unfolded; NULL: none */
	int64_t number;
};

static const char *header(struct nw_arena *arena,
			  const struct nw_stored_article *article,
			  const char *name)
{
	const char *value, *copy;
	struct nw_buf line;
	size_t len;

	if (!nw_wire_header(article->wire, article->head_len, name, &value,
			    &len))
		return NULL;
	nw_buf_init(&line, NW_STORE_OVERVIEW_BYTES);
	nw_wire_unfold(&line, value, len);
	copy = nw_arena_strdup(arena, line.data);
	nw_buf_free(&line);
	return copy;
}

/* Takes the next article out of the store, whole: 1, 0, -1. */
static int read_parcel(struct nw_run *run, const struct nw_group *group,
		       int64_t after, int64_t last, struct parcel *parcel,
		       struct nw_error *err)
{
	struct nw_stored_article article;
	int64_t date_utc;
	int found = nw_delivery_next(run->store, group->id, after, last,
				     &article, &date_utc, err);

	if (found <= 0)
		return found;
	nw_buf_reset(&run->letter);
	if (nw_letter_write(&run->letter, &article, err))
		return -1;
	parcel->number = article.number;
	parcel->supersedes = header(parcel->arena, &article, "Supersedes");
	parcel->xref = header(parcel->arena, &article, "Xref");
	parcel->letter = (struct nw_letter){
		.message_id = nw_arena_strdup(parcel->arena,
					      article.message_id),
		.bytes = run->letter.data,
		.len = run->letter.len,
		.date_utc = date_utc,
	};
	return 1;
}

/* Whether the target has got that number of that group: 1, 0, -1. */
static int is_done(struct nw_run *run, const char *name, size_t len,
		   int64_t number, struct nw_error *err)
{
	struct nw_delivery_cursor cursor;
	char copy[NW_GROUP_OCTETS + 1];
	struct nw_group group;
	int found;

	if (len > NW_GROUP_OCTETS)
		return 0;
	memcpy(copy, name, len);
	copy[len] = '\0';
	found = nw_group_find(run->store, copy, &group, err);
	if (found <= 0)
		return found;
	if (nw_delivery_cursor(run->store, run->target_id, group.id, &cursor,
			       err))
		return -1;
	return number <= cursor.done;
}

/*
 * Whether a target that is one mailbox for all groups got the article by
 * another group.  Xref (RFC 5536 section 3.2.14) names all numbers that it ever
 * had, those that have expired too.
 */
static int came_before(struct nw_run *run, const struct nw_group *group,
		       const struct parcel *parcel, struct nw_error *err)
{
	const char *at = parcel->xref, *colon;
	int done = 0;
	size_t len;

	if (!at || nw_target_is_per_group(&run->job->target))
		return 0;
	/* The host comes first. */
	for (at += strcspn(at, " "); *at && !done; at += len) {
		at += strspn(at, " ");
		len = strcspn(at, " ");
		colon = memchr(at, ':', len);
		if (!colon || ((size_t)(colon - at) == strlen(group->name) &&
			       !strncmp(at, group->name, (size_t)(colon - at))))
			continue;
		done = is_done(run, at, (size_t)(colon - at),
			       strtoll(colon + 1, NULL, 10), err);
	}
	return done;
}

/* In the place of the revision that the mailbox has, which may be any earlier
 * one: 1, 0, -1. */
static int replace(struct nw_run *run, const struct parcel *parcel,
		   struct nw_error *err)
{
	const char *old = parcel->supersedes;
	int tries, found = 1;

	if (!old || run->job->edits != NW_DELIVER_REPLACE)
		return 0;
	for (tries = 0; found > 0 && tries < NW_DELIVER_REVISIONS; tries++) {
		found = nw_mailbox_replace(run->mailbox, old, &parcel->letter,
					   err);
		if (found)
			return found;
		found = nw_delivery_superseded(run->store, parcel->arena, old,
					       &old, err);
	}
	return found < 0 ? -1 : 0;
}

/* Puts one article into the mailbox, unless it is there. */
static int put(struct nw_run *run, const struct nw_group *group,
	       const struct parcel *parcel, bool in_doubt, struct nw_error *err)
{
	int done = came_before(run, group, parcel, err);

	if (done)
		return done < 0 ? -1 : 0;
	done = replace(run, parcel, err);
	if (done < 0)
		return -1;
	if (done) {
		run->result.replaced++;
		return 0;
	}
	if (in_doubt) {
		done = nw_mailbox_has(run->mailbox, parcel->letter.message_id,
				      err);
		if (done)
			return done < 0 ? -1 : 0;
	}
	if (nw_mailbox_append(run->mailbox, &parcel->letter, err))
		return -1;
	run->result.appended++;
	return 0;
}

static bool is_stopped(struct nw_run *run)
{
	if (!run->stopped && run->job->stop)
		run->stopped = run->job->stop(run->job->context);
	return run->stopped;
}

static void tell(struct nw_run *run, const struct nw_group *group)
{
	run->done++;
	if (run->job->progress)
		run->job->progress(run->job->context, run->done, run->total,
				   group->name);
}

/* All that there is of the numbers from done to last; *done moves on, and stays
 * behind last only when the run was stopped. */
static int put_all(struct nw_run *run, const struct nw_group *group,
		   int64_t *done, int64_t last, bool in_doubt,
		   struct nw_error *err)
{
	struct parcel parcel;
	int found = 1;

	while (found > 0) {
		if (is_stopped(run))
			return 0;
		parcel = (struct parcel){ .arena = nw_arena_new() };
		found = read_parcel(run, group, *done, last, &parcel, err);
		if (found > 0 && put(run, group, &parcel, in_doubt, err))
			found = -1;
		if (found > 0) {
			*done = parcel.number;
			tell(run, group);
		}
		nw_arena_free(&parcel.arena);
	}
	if (!found)
		*done = last;
	return found;
}

static int open_mailbox(struct nw_run *run, const struct nw_group *group,
			struct nw_error *err)
{
	if (run->mailbox)
		return 0;
	return nw_mailbox_open(&run->mailbox, &run->job->target, group->name,
			       err);
}

static int finish(struct nw_run *run, const struct nw_group *group,
		  int64_t done, struct nw_error *err)
{
	if (nw_mailbox_sync(run->mailbox, err))
		return -1;
	return nw_delivery_end(run->store, run->target_id, group->id, done,
			       err);
}

int nw_run_recover(struct nw_run *run, const struct nw_group *group,
		   struct nw_error *err)
{
	struct nw_delivery_cursor cursor;
	int64_t done;

	if (nw_delivery_cursor(run->store, run->target_id, group->id, &cursor,
			       err))
		return -1;
	if (!cursor.batch)
		return 0;
	if (open_mailbox(run, group, err) ||
	    nw_mailbox_restore(run->mailbox, cursor.mark, err))
		return -1;
	done = cursor.done;
	if (put_all(run, group, &done, cursor.batch, true, err))
		return -1;
	/* Stopped, it stays a batch that was interrupted. */
	return done < cursor.batch ? 0 : finish(run, group, done, err);
}

static int run_batch(struct nw_run *run, const struct nw_group *group,
		     struct nw_delivery_cursor *cursor, struct nw_error *err)
{
	if (open_mailbox(run, group, err) ||
	    nw_mailbox_mark(run->mailbox, &cursor->mark, err) ||
	    nw_delivery_begin(run->store, run->target_id, group->id, cursor,
			      err) ||
	    put_all(run, group, &cursor->done, cursor->batch, false, err))
		return -1;
	return finish(run, group, cursor->done, err);
}

int nw_run_group(struct nw_run *run, const struct nw_group *group,
		 struct nw_error *err)
{
	struct nw_delivery_plan plan = {
		.count_max = NW_DELIVER_BATCH,
		.bytes_max = NW_DELIVER_BATCH_BYTES,
	};
	struct nw_delivery_cursor cursor;

	while (!is_stopped(run)) {
		if (nw_delivery_cursor(run->store, run->target_id, group->id,
				       &cursor, err) ||
		    nw_delivery_plan(run->store, group->id, cursor.done, &plan,
				     err))
			return -1;
		if (!plan.count || cursor.batch)
			return 0;
		cursor.batch = plan.last;
		if (run_batch(run, group, &cursor, err))
			return -1;
	}
	return 0;
}
