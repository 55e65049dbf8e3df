/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "newswire/history.h"
#include "newswire/snapshot.h"
#include "store_private.h"

const char *const nw_history_names[NW_HISTORY_KINDS] = {
	[NW_HISTORY_EDITED] = "edited",
	[NW_HISTORY_QUIET] = "edited (no article)",
	[NW_HISTORY_SLIGHT] = "small edit (no article)",
	[NW_HISTORY_CORRECTION] = "correction",
	[NW_HISTORY_ADDED] = "update added",
	[NW_HISTORY_REVISED] = "update edited",
	[NW_HISTORY_WITHDRAWN] = "update withdrawn",
	[NW_HISTORY_RETURNED] = "update came back",
	[NW_HISTORY_GONE] = "withdrawn with all its articles",
	[NW_HISTORY_BACK] = "published again",
};

/* An update on the way back in time; NULL: it is not there. */
struct slot {
	const char *key;
	const struct nw_update *update;
};

/* The story on its way back. */
struct past {
	struct nw_arena *arena;
	const struct nw_story *own; /* whose text it has */
	struct slot *slots;	    /* by key */
	size_t count;
};

static int by_key(const void *a, const void *b)
{
	const struct slot *one = a, *other = b;
	int order = strcmp(one->key, other->key);

	/* One that is there stands before one that is not. */
	return order ? order : !one->update - !other->update;
}

static void add_slots(struct past *past, const struct nw_story *story,
		      bool there)
{
	size_t i;

	for (i = 0; i < story->update_count; i++) {
		past->slots = nw_arena_grow(past->arena, past->slots,
					    past->count, sizeof(*past->slots));
		past->slots[past->count++] =
			(struct slot) { story->updates[i].key,
					there ? &story->updates[i] : NULL };
	}
}

/* Each update that there ever was, as it is now. */
static void begin(struct past *past, const struct nw_story *now,
		  const struct nw_stored_revision *stored, size_t count)
{
	size_t i, kept = 0;

	past->own = now;
	add_slots(past, now, true);
	for (i = 0; i < count; i++)
		add_slots(past, stored[i].delta.story, false);
	if (past->count)
		qsort(past->slots, past->count, sizeof(*past->slots), by_key);
	for (i = 0; i < past->count; i++)
		if (!i ||
		    strcmp(past->slots[i].key, past->slots[i - 1].key) != 0)
			past->slots[kept++] = past->slots[i];
	past->count = kept;
}

static int compare_key(const void *key, const void *slot)
{
	return strcmp(key, ((const struct slot *)slot)->key);
}

static struct nw_version version_of(const struct nw_story *story)
{
	return (struct nw_version) {
		.texts = { story->title, story->description, story->body },
		.authors = story->authors,
		.author_count = story->author_count
	};
}

static struct nw_version update_version(const struct nw_update *update)
{
	if (!update)
		return (struct nw_version) { .author_count = 0 };
	return (struct nw_version) { .texts = { update->title, NULL,
						update->body },
				     .authors = update->authors,
				     .author_count = update->author_count };
}

static struct nw_history_change *add_change(struct nw_arena *arena,
					    struct nw_revision *revision,
					    enum nw_history_kind kind)
{
	struct nw_history_change *change;

	revision->changes =
		nw_arena_grow(arena, revision->changes, revision->count,
			      sizeof(*revision->changes));
	change = &revision->changes[revision->count++];
	change->kind = kind;
	return change;
}

/* The notices that came, then what was changed beside. */
static void add_own(struct past *past, struct nw_revision *revision,
		    const struct nw_delta *delta)
{
	const struct nw_story *before = delta->story, *after = past->own;
	struct nw_history_change *change;
	size_t i;

	for (i = 0; i < after->correction_count; i++)
		if (!nw_delta_has_notice(before, after->corrections[i])) {
			change = add_change(past->arena, revision,
					    NW_HISTORY_CORRECTION);
			change->notice = after->corrections[i];
			change->before = version_of(before);
			change->after = version_of(after);
		}
	if (delta->marks & NW_DELTA_TEXT) {
		change = add_change(past->arena, revision,
				    delta->marks & NW_DELTA_TOLD
					    ? NW_HISTORY_EDITED
				    : delta->marks & NW_DELTA_SLIGHT
					    ? NW_HISTORY_SLIGHT
					    : NW_HISTORY_QUIET);
		change->before = version_of(before);
		change->after = version_of(after);
	}
	past->own = before;
}

/* What the publisher did to the story as a whole. */
static void add_end(struct past *past, struct nw_revision *revision,
		    unsigned marks)
{
	struct nw_history_change *change;

	if (marks & NW_DELTA_GONE) {
		change = add_change(past->arena, revision, NW_HISTORY_GONE);
		change->before = version_of(past->own);
	}
	if (marks & NW_DELTA_BACK) {
		change = add_change(past->arena, revision, NW_HISTORY_BACK);
		change->after = version_of(past->own);
	}
}

static bool is_withdrawn(const struct nw_update *update)
{
	return update && update->marks & NW_UPDATE_WITHDRAWN;
}

static enum nw_history_kind kind_of(const struct nw_update *before,
				    const struct nw_update *after)
{
	if (!before)
		return NW_HISTORY_ADDED;
	if (is_withdrawn(after) && !is_withdrawn(before))
		return NW_HISTORY_WITHDRAWN;
	if (is_withdrawn(before) && !is_withdrawn(after))
		return NW_HISTORY_RETURNED;
	return NW_HISTORY_REVISED;
}

static void add_update(struct past *past, struct nw_revision *revision,
		       const struct nw_update *entry)
{
	struct slot *slot = bsearch(entry->key, past->slots, past->count,
				    sizeof(*past->slots), compare_key);
	const struct nw_update *before =
		nw_delta_is_absent(entry) ? NULL : entry;
	struct nw_history_change *change;

	/* Neither before nor after: it came and fell to a cap. */
	if (!before && !slot->update)
		return;
	change = add_change(past->arena, revision,
			    kind_of(before, slot->update));
	change->before = update_version(before);
	change->after = update_version(slot->update);
	change->update = slot->update ? slot->update : before;
	slot->update = before;
}

static struct nw_revision go_back(struct past *past,
				  const struct nw_stored_revision *stored)
{
	struct nw_revision revision = { .at_utc = stored->at_utc,
					.merged = stored->merged };
	const struct nw_story *before = stored->delta.story;
	size_t i;

	add_end(past, &revision, stored->delta.marks);
	if (stored->delta.marks & NW_DELTA_OWN)
		add_own(past, &revision, &stored->delta);
	for (i = 0; i < before->update_count; i++)
		add_update(past, &revision, &before->updates[i]);
	return revision;
}

static int by_time(const void *a, const void *b)
{
	const struct nw_update *const *one = a, *const *other = b;

	if ((*one)->published_utc != (*other)->published_utc)
		return (*one)->published_utc < (*other)->published_utc ? -1 : 1;
	return strcmp((*one)->key, (*other)->key);
}

/* What is there when all changes are undone. */
static void end(const struct past *past, struct nw_history *history)
{
	size_t i;

	history->first = version_of(past->own);
	for (i = 0; i < past->count; i++) {
		if (!past->slots[i].update)
			continue;
		history->updates = nw_arena_grow(past->arena, history->updates,
						 history->update_count,
						 sizeof(*history->updates));
		history->updates[history->update_count++] =
			past->slots[i].update;
	}
	if (history->update_count)
		qsort(history->updates, history->update_count,
		      sizeof(*history->updates), by_time);
}

static int read_story(struct nw_store *store, struct nw_arena *arena,
		      int64_t story_id, struct nw_history *history,
		      struct nw_error *err)
{
	struct nw_query query;
	struct nw_story *story;
	const char *json;
	size_t len;
	int found;

	nw_query_start(&query, store, NW_SQL_HISTORY_STORY);
	nw_query_int(&query, story_id);
	found = nw_query_step(&query, err);
	if (found <= 0)
		return found;
	json = nw_query_column_bytes(&query, 0, &len);
	if (nw_snapshot_read(arena, json, len, &story, err)) {
		found = nw_error_prefix(err, "%s", store->path);
	} else {
		history->story = story;
		history->stored_utc = sqlite3_column_int64(query.stmt, 1);
		history->whole = sqlite3_column_int(query.stmt, 2);
	}
	nw_query_end(&query);
	return found;
}

static int read_all(struct nw_store *store, struct nw_arena *arena,
		    int64_t story_id, struct nw_history *history,
		    struct nw_error *err)
{
	struct nw_stored_revision *stored = NULL;
	struct past past = { .arena = arena };
	size_t i, count;
	int found = read_story(store, arena, story_id, history, err);

	if (found <= 0)
		return found;
	if (nw_revision_read(store, arena, story_id, NW_HISTORY_REVISIONS,
			     &stored, &count, err))
		return -1;
	begin(&past, history->story, stored, count);
	history->revisions =
		nw_arena_alloc(arena, count * sizeof(struct nw_revision));
	history->count = count;
	for (i = count; i-- > 0;)
		history->revisions[i] = go_back(&past, &stored[i]);
	end(&past, history);
	return 1;
}

int nw_history_read(struct nw_store *store, struct nw_arena *arena,
		    int64_t story_id, struct nw_history *history_r,
		    struct nw_error *err)
{
	struct nw_history history = { .count = 0 };
	int found;

	/* The snapshot and what leads back from it, of one state. */
	if (nw_store_read_begin(store, err))
		return -1;
	found = read_all(store, arena, story_id, &history, err);
	nw_store_read_end(store);
	if (found > 0)
		*history_r = history;
	return found;
}

int nw_history_of_article(struct nw_store *store, const char *message_id,
			  int64_t *story_id_r, struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_HISTORY_ARTICLE);
	nw_query_text(&query, message_id);
	return nw_query_value(&query, story_id_r, err);
}

/* Only the few words of a snapshot that a line shows stay in the arena. */
static int read_line(const struct nw_query *query, struct nw_arena *arena,
		     struct nw_history_line *line_r, struct nw_error *err)
{
	struct nw_arena *whole = nw_arena_new();
	struct nw_story *story;
	const char *json;
	size_t len;
	int result;

	json = nw_query_column_bytes(query, 3, &len);
	result = nw_snapshot_read(whole, json, len, &story, err);
	if (!result)
		*line_r = (struct nw_history_line) {
			.story_id = sqlite3_column_int64(query->stmt, 0),
			.at_utc = sqlite3_column_int64(query->stmt, 1),
			.count = (uint64_t)sqlite3_column_int64(query->stmt, 2),
			.title = nw_arena_strdup(arena, story->title),
			.message_id = nw_arena_strdup(arena, story->message_id),
		};
	nw_arena_free(&whole);
	return result;
}

int nw_history_list(struct nw_store *store, struct nw_arena *arena,
		    int64_t group_id, struct nw_history_line **lines_r,
		    size_t *count_r, struct nw_error *err)
{
	struct nw_history_line *lines = NULL;
	struct nw_query query;
	size_t count = 0;
	int more;

	nw_query_start(&query, store, NW_SQL_HISTORY_LIST);
	nw_query_int(&query, group_id);
	while ((more = nw_query_step(&query, err)) > 0) {
		lines = nw_arena_grow(arena, lines, count, sizeof(*lines));
		if (read_line(&query, arena, &lines[count++], err)) {
			nw_query_end(&query);
			return nw_error_prefix(err, "%s", store->path);
		}
	}
	if (more < 0)
		return -1;
	*lines_r = lines;
	*count_r = count;
	return 0;
}
