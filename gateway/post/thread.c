/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/change.h"
#include "newswire/diff.h"
#include "newswire/ident.h"
#include "newswire/limits.h"
#include "newswire/snapshot.h"
#include "newswire/thread.h"

#include "post_private.h"

/* What an id adds to its domain: "<u.", a hash, ".", a revision, "@", ">". */
#define ID_OVERHEAD 40

const char *const nw_edits_names[NW_EDITS_COUNT] = {
	[NW_EDITS_FOLLOW_UP] = "follow-up",
	[NW_EDITS_SUPERSEDE] = "supersede",
	[NW_EDITS_IGNORE] = "ignore",
};

struct plan {
	struct nw_arena *arena;
	const struct nw_thread_options *options;
	const struct nw_story *stored, *fresh;
	struct nw_merge merge;
	struct nw_story *story;
	const char *key;	/* of the story */
	struct nw_post *posts;
	size_t count;
};

/* RFC 5536 section 3.1.3: a dot-atom, which can hold nothing that ends an id
 * or a header. */
static int check_domain(const char *domain, struct nw_error *err)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-_.";

	if (!domain || !*domain || domain[strspn(domain, chars)] ||
	    *domain == '.' || domain[strlen(domain) - 1] == '.' ||
	    strstr(domain, "..") ||
	    strlen(domain) + ID_OVERHEAD > NW_MESSAGE_ID_OCTETS)
		return nw_error_set(err, NW_ERROR_USAGE,
				    "id-domain '%s': not a domain name",
				    domain ? domain : "");
	return 0;
}

static int64_t clamp(const struct plan *plan, int64_t utc)
{
	int64_t now = plan->options->now_utc;

	return utc == NW_TIME_NONE || utc > now ? now : utc;
}

static struct nw_post *add_post(struct plan *plan, enum nw_post_kind kind)
{
	struct nw_post *post;

	plan->posts = nw_arena_grow(plan->arena, plan->posts, plan->count,
				    sizeof(*plan->posts));
	post = &plan->posts[plan->count++];
	post->kind = kind;
	post->date_utc = plan->options->now_utc;
	post->updated_utc = NW_TIME_NONE;
	return post;
}

/* An id that was given once is never given again, also where a text goes
 * back to what it was before: so the counter is part of what is hashed. */
static const char *revision_id(struct plan *plan, const char *first_id,
			       unsigned revision, const char *content)
{
	return nw_ident_revision_id(plan->arena, first_id,
				    nw_arena_printf(plan->arena, "%u\n%s",
						    revision, content));
}

static void add_reference(struct plan *plan, struct nw_post *post,
			  const char *id)
{
	post->references = nw_arena_grow(plan->arena, post->references,
					 post->reference_count,
					 sizeof(*post->references));
	post->references[post->reference_count++] = id;
}

/* The first id of the root first, then the newest if that is another. */
static void refer_to_root(struct plan *plan, struct nw_post *post)
{
	const struct nw_story *story = plan->story;

	add_reference(plan, post, story->root_id);
	if (strcmp(story->message_id, story->root_id) != 0 &&
	    strcmp(story->message_id, post->message_id) != 0)
		add_reference(plan, post, story->message_id);
}

static void refer_to_parent(struct plan *plan, struct nw_post *post)
{
	const char *parent = plan->options->parent_id;

	if (parent && strcmp(parent, plan->story->root_id) != 0)
		add_reference(plan, post, parent);
}

static void plan_root(struct plan *plan)
{
	struct nw_story *story = plan->story;
	struct nw_post *post;

	if (story->root_id && !plan->stored->withdrawn) {
		if (!story->message_id)
			story->message_id = story->root_id;
		return;
	}
	if (story->root_id) {
		story->message_id =
			revision_id(plan, story->root_id, ++story->revision,
				    nw_change_story_content(plan->arena,
							    story));
	} else {
		story->root_id = nw_ident_story_id(plan->arena, plan->key,
						   plan->options->id_domain);
		story->message_id = story->root_id;
	}
	story->posted_utc = plan->options->now_utc;
	post = add_post(plan, NW_POST_ROOT);
	post->message_id = story->message_id;
	post->subject = nw_post_subject(plan->arena, story);
	post->date_utc = clamp(plan, story->published_utc);
	refer_to_parent(plan, post);
	if (story->message_id != story->root_id)
		refer_to_root(plan, post);
}

/* When the page says that it was changed, unless it says so of an earlier
 * change or in the future. */
static int64_t change_time(const struct plan *plan, int64_t modified_utc,
			   int64_t published_utc, int64_t known_utc)
{
	if (modified_utc == NW_TIME_NONE || modified_utc <= published_utc ||
	    modified_utc <= known_utc)
		return plan->options->now_utc;
	return clamp(plan, modified_utc);
}

static int64_t edit_date(const struct plan *plan)
{
	return change_time(plan, plan->fresh->modified_utc,
			   plan->story->published_utc,
			   plan->stored->modified_utc);
}

static void plan_supersede(struct plan *plan, const char *id)
{
	struct nw_story *story = plan->story;
	struct nw_post *post = add_post(plan, NW_POST_ROOT);

	post->message_id = id;
	post->supersedes = story->message_id;
	post->subject = nw_post_subject(plan->arena, story);
	post->date_utc = clamp(plan, story->published_utc);
	post->updated_utc = edit_date(plan);
	story->message_id = id;
	refer_to_parent(plan, post);
	refer_to_root(plan, post);
}

static void plan_follow_up(struct plan *plan, const char *id)
{
	struct nw_post *post = add_post(plan, NW_POST_EDIT);
	const struct nw_texts now = { plan->story->title,
				      plan->story->description,
				      plan->story->body };

	post->message_id = id;
	post->subject =
		nw_arena_printf(plan->arena, "Updated: %s",
				nw_post_subject(plan->arena, plan->story));
	post->date_utc = post->updated_utc = edit_date(plan);
	post->changes = nw_diff_story(plan->arena, &plan->merge.posted, &now);
	refer_to_root(plan, post);
}

/* An edit that readers are not told now is remembered: the next one is held
 * against what they were told.  That one waits is so only of a live page, for
 * others are not polled for long. */
static bool is_kept_quiet(struct plan *plan)
{
	const struct nw_thread_options *options = plan->options;
	struct nw_texts *posted;

	if (plan->story->live && !plan->merge.notice_count &&
	    nw_post_is_held(options, plan->story->posted_utc))
		plan->merge.waits = true;
	else if (!plan->merge.slight || options->edits == NW_EDITS_SUPERSEDE)
		return false;
	posted = nw_arena_alloc(plan->arena, sizeof(*posted));
	*posted = plan->merge.posted;
	plan->story->posted = posted;
	return true;
}

static void plan_edit(struct plan *plan)
{
	struct nw_story *story = plan->story;
	const char *id;

	if (!plan->merge.edited || plan->options->edits == NW_EDITS_IGNORE ||
	    is_kept_quiet(plan))
		return;
	story->revision++;
	id = revision_id(plan, story->root_id, story->revision,
			 nw_change_story_content(plan->arena, story));
	if (plan->options->edits == NW_EDITS_SUPERSEDE)
		plan_supersede(plan, id);
	else
		plan_follow_up(plan, id);
	story->posted_utc = plan->options->now_utc;
}

static void plan_corrections(struct plan *plan)
{
	const char *key;
	size_t i;

	for (i = 0; i < plan->merge.notice_count; i++) {
		struct nw_post *post = add_post(plan, NW_POST_CORRECTION);

		post->notice = plan->merge.notices[i];
		/* No key of an update has a line feed in it. */
		key = nw_arena_printf(plan->arena, "correction\n%s",
				      nw_post_key(plan->arena, post->notice));
		post->message_id =
			nw_ident_update_id(plan->arena, plan->key, key,
					   plan->options->id_domain);
		post->subject = nw_arena_printf(
			plan->arena, "Correction: %s",
			nw_post_subject(plan->arena, plan->story));
		post->date_utc = edit_date(plan);
		refer_to_root(plan, post);
	}
}

static bool is_withdrawn(const struct nw_update *update)
{
	return update->marks & NW_UPDATE_WITHDRAWN;
}

static void plan_cancel(struct plan *plan, struct nw_update *update)
{
	struct nw_post *post = add_post(plan, NW_POST_CANCEL);

	post->message_id = update->message_id;
	post->update_key = update->key;
	post->update = update;
	update->message_id = NULL;
	update->posted_utc = NW_TIME_NONE;
	update->revision++;
}

static void plan_new_id(struct plan *plan, struct nw_update *update)
{
	const char *id = nw_ident_update_id(plan->arena, plan->key,
					    update->key,
					    plan->options->id_domain);

	if (update->revision)
		id = revision_id(plan, id, update->revision,
				 nw_change_update_content(plan->arena, update));
	update->message_id = id;
}

/* References come later, when each update has its id. */
static void plan_update(struct plan *plan, struct nw_update *update,
			const struct nw_merged_update *merged)
{
	const char *earlier = update->message_id;
	struct nw_post *post;

	if (is_withdrawn(update)) {
		if (earlier)
			plan_cancel(plan, update);
		return;
	}
	if (earlier) {
		if (!merged->edited)
			return;
		update->revision++;
	}
	plan_new_id(plan, update);
	update->posted_utc = plan->options->now_utc;
	post = add_post(plan, NW_POST_UPDATE);
	post->message_id = update->message_id;
	post->supersedes = earlier;
	if (earlier) {
		post->notice = merged->notice;
		post->updated_utc = change_time(plan, update->modified_utc,
						update->published_utc,
						merged->stored->modified_utc);
	}
	post->subject = nw_post_update_subject(plan->arena, plan->story,
					       update);
	post->date_utc = clamp(plan, update->published_utc);
	post->update_key = update->key;
	post->update = update;
}

static void plan_updates(struct plan *plan)
{
	struct nw_story *story = plan->story;
	size_t i;

	story->update_count = plan->merge.update_count;
	story->updates = nw_arena_alloc(plan->arena,
					story->update_count *
						sizeof(*story->updates));
	for (i = 0; i < story->update_count; i++) {
		story->updates[i] = plan->merge.updates[i].update;
		plan_update(plan, &story->updates[i],
			    &plan->merge.updates[i]);
	}
}

static int by_key(const void *a, const void *b)
{
	const struct nw_update *const *one = a, *const *other = b;

	return strcmp((*one)->key, (*other)->key);
}

/* The updates of a story by key, to find the ones that are answered. */
struct index {
	const struct nw_update **updates;
	size_t count;
};

static struct index index_updates(struct plan *plan)
{
	struct index index = { NULL, plan->story->update_count };
	size_t i;

	if (!index.count)
		return index;
	index.updates = nw_arena_alloc(plan->arena,
				       index.count * sizeof(*index.updates));
	for (i = 0; i < index.count; i++)
		index.updates[i] = &plan->story->updates[i];
	qsort(index.updates, index.count, sizeof(*index.updates), by_key);
	return index;
}

static const struct nw_update *find_update(const struct index *index,
					   const char *key)
{
	const struct nw_update wanted = { .key = key }, *pointer = &wanted;
	const struct nw_update **found;

	if (!key || !index->count)
		return NULL;
	found = bsearch(&pointer, index->updates, index->count,
			sizeof(*index->updates), by_key);
	return found ? *found : NULL;
}

static bool has(const struct nw_update **list, size_t count,
		const struct nw_update *update)
{
	while (count)
		if (list[--count] == update)
			return true;
	return false;
}

/* The nearest of the updates that this one answers, directly or not, the
 * farthest first; a ring of answers ends where it closes. */
static void refer_to_parents(struct plan *plan, const struct index *index,
			     struct nw_post *post)
{
	const struct nw_update *chain[NW_REFERENCES - 2], *update;
	size_t count = 0;

	for (update = find_update(index, post->update->parent_key);
	     update && update != post->update && !has(chain, count, update) &&
	     count < NW_REFERENCES - 2;
	     update = find_update(index, update->parent_key))
		chain[count++] = update;
	while (count)
		if (chain[--count]->message_id)
			add_reference(plan, post, chain[count]->message_id);
}

static void refer(struct plan *plan)
{
	struct index index = index_updates(plan);
	size_t i;

	for (i = 0; i < plan->count; i++) {
		struct nw_post *post = &plan->posts[i];

		if (post->kind != NW_POST_UPDATE)
			continue;
		refer_to_root(plan, post);
		refer_to_parents(plan, &index, post);
	}
}

static int by_number(const void *a, const void *b)
{
	const struct nw_post *const *one = a, *const *other = b;
	bool root = (*one)->kind == NW_POST_ROOT;

	if (root != ((*other)->kind == NW_POST_ROOT))
		return root ? -1 : 1;
	if ((*one)->date_utc != (*other)->date_utc)
		return (*one)->date_utc < (*other)->date_utc ? -1 : 1;
	return (*one > *other) - (*one < *other);
}

static void sort_posts(struct plan *plan)
{
	struct nw_post **order, *sorted;
	size_t i;

	order = nw_arena_alloc(plan->arena, plan->count * sizeof(*order));
	sorted = nw_arena_alloc(plan->arena, plan->count * sizeof(*sorted));
	for (i = 0; i < plan->count; i++)
		order[i] = &plan->posts[i];
	if (plan->count)
		qsort(order, plan->count, sizeof(*order), by_number);
	for (i = 0; i < plan->count; i++)
		sorted[i] = *order[i];
	plan->posts = sorted;
}

/* Whether the bytes of the two snapshots differ. */
static int compare(const struct nw_story *stored, const struct nw_story *story,
		   bool *changed_r, struct nw_error *err)
{
	struct nw_buf before, after;
	int failed;

	nw_buf_init(&before, NW_MESSAGE_BYTES);
	nw_buf_init(&after, NW_MESSAGE_BYTES);
	failed = nw_snapshot_write(&before, stored, err) ||
		 nw_snapshot_write(&after, story, err);
	if (!failed)
		*changed_r = before.len != after.len ||
			     memcmp(before.data, after.data, after.len) != 0;
	nw_buf_free(&before);
	nw_buf_free(&after);
	return failed ? -1 : 0;
}

int nw_thread_plan(struct nw_arena *arena, const struct nw_story *stored,
		   const struct nw_story *fresh,
		   const struct nw_thread_options *options,
		   struct nw_thread *thread_r, struct nw_error *err)
{
	struct plan plan = { .arena = arena, .options = options,
			     .stored = stored, .fresh = fresh };
	bool changed = true;
	const char **keys;

	if (check_domain(options->id_domain, err))
		return -1;
	nw_post_merge(arena, stored, fresh, options, &plan.merge);
	plan.story = plan.merge.story;
	if (!nw_ident_keys(arena, plan.story, &keys))
		return nw_error_set(err, NW_ERROR_DATA,
				    "story '%s' has no address",
				    nw_post_subject(arena, plan.story));
	plan.key = keys[0];
	/* A new root shows its text and its notices itself. */
	plan_root(&plan);
	if (!plan.count) {
		plan_edit(&plan);
		plan_corrections(&plan);
	}
	plan_updates(&plan);
	refer(&plan);
	sort_posts(&plan);
	/* What brings an article changes the snapshot. */
	if (stored && !plan.count &&
	    compare(stored, plan.story, &changed, err))
		return -1;
	*thread_r = (struct nw_thread) { plan.story, plan.posts, plan.count,
					 changed, plan.merge.waits };
	return 0;
}
