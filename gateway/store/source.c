/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <string.h>

#include "newswire/ident.h"
#include "newswire/source.h"
#include "newswire/utf8.h"
#include "store_private.h"

const char *const nw_source_kind_names[NW_SOURCE_KINDS] = {
	[NW_SOURCE_FEED] = "feed",
	[NW_SOURCE_PAGE] = "page",
	[NW_SOURCE_LIVE] = "live",
	[NW_SOURCE_SITEMAP] = "sitemap",
};

/* Names, not numbers, stand in the store: an enum may be put in another
 * order. */
static int read_name(const struct nw_query *query, int column,
		     const char *const *names, int count, struct nw_error *err)
{
	size_t len;
	const char *name = nw_query_column_bytes(query, column, &len);
	int i;

	for (i = 0; i < count; i++)
		if (strlen(names[i]) == len && !memcmp(names[i], name, len))
			return i;
	return nw_error_set(err, NW_ERROR_DATA,
			    "%s: \"%.*s\" is not known here",
			    query->store->path, (int)len, name ? name : "");
}

static int read_choices(const struct nw_query *query, struct nw_source *source,
			struct nw_error *err)
{
	int kind =
		read_name(query, 2, nw_source_kind_names, NW_SOURCE_KINDS, err);
	int images = read_name(query, 6, nw_images_names, NW_IMAGES_COUNT, err);
	int edits = read_name(query, 7, nw_edits_names, NW_EDITS_COUNT, err);
	int layout =
		read_name(query, 23, nw_layout_names, NW_LAYOUT_COUNT, err);

	if (kind < 0 || images < 0 || edits < 0 || layout < 0)
		return -1;
	source->kind = (enum nw_source_kind)kind;
	source->images = (enum nw_images)images;
	source->edits = (enum nw_edits)edits;
	source->layout = (enum nw_message_layout)layout;
	return 0;
}

static struct nw_rhythm read_rhythm(const struct nw_query *query)
{
	return (struct nw_rhythm){
		.ttl_s = sqlite3_column_int64(query->stmt, 19),
		.gap_s = sqlite3_column_int64(query->stmt, 20),
		.skip_hours = (unsigned)sqlite3_column_int(query->stmt, 21),
		.skip_days = (unsigned)sqlite3_column_int(query->stmt, 22),
	};
}

/* The columns of SOURCE_COLUMNS (query.c). */
static int read_source(const struct nw_query *query, struct nw_arena *arena,
		       struct nw_source *source_r, struct nw_error *err)
{
	struct nw_source source = {
		.id = sqlite3_column_int64(query->stmt, 0),
		.url = nw_query_column_text(query, 1, arena),
		.name = nw_query_column_text(query, 3, arena),
		.group = nw_query_column_text(query, 4, arena),
		.group_id = sqlite3_column_int64(query->stmt, 5),
		.etag = nw_query_column_text(query, 8, arena),
		.last_modified = nw_query_column_text(query, 9, arena),
		.schedule = {
			.due_utc = sqlite3_column_int64(query->stmt, 10),
			.ok_utc = nw_query_column_time(query, 11),
			.changed_utc = nw_query_column_time(query, 12),
			.interval_s = sqlite3_column_int64(query->stmt, 13),
			.failures = (unsigned)sqlite3_column_int64(query->stmt,
								   14),
			.paused = sqlite3_column_int(query->stmt, 15) != 0,
			.rhythm = read_rhythm(query),
		},
		.error = nw_query_column_text(query, 16, arena),
		.moved_url = nw_query_column_text(query, 17, arena),
		.moved_count = (unsigned)sqlite3_column_int64(query->stmt, 18),
		.poll_live_s = sqlite3_column_int64(query->stmt, 24),
		.recheck = nw_query_column_text(query, 25, arena),
	};

	if (read_choices(query, &source, err))
		return -1;
	*source_r = source;
	return 0;
}

static int read_one(struct nw_query *query, struct nw_arena *arena,
		    struct nw_source *source_r, struct nw_error *err)
{
	int found = nw_query_step(query, err);

	if (found > 0 && read_source(query, arena, source_r, err))
		found = -1;
	nw_query_end(query);
	return found;
}

int nw_source_find(struct nw_store *store, struct nw_arena *arena,
		   const char *url_or_group, struct nw_source *source_r,
		   struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_SOURCE_FIND);
	nw_query_text(&query, url_or_group);
	return read_one(&query, arena, source_r, err);
}

int nw_source_list(struct nw_store *store, struct nw_arena *arena,
		   int64_t due_utc, struct nw_source **sources_r,
		   size_t *count_r, struct nw_error *err)
{
	struct nw_source *sources = NULL;
	struct nw_query query;
	size_t count = 0;
	int more;

	if (due_utc == NW_TIME_NONE) {
		nw_query_start(&query, store, NW_SQL_SOURCE_LIST);
	} else {
		nw_query_start(&query, store, NW_SQL_SOURCE_DUE);
		nw_query_int(&query, due_utc);
	}
	while ((more = nw_query_step(&query, err)) > 0) {
		sources =
			nw_arena_grow(arena, sources, count, sizeof(*sources));
		if (read_source(&query, arena, &sources[count], err)) {
			nw_query_end(&query);
			return -1;
		}
		count++;
	}
	if (more < 0)
		return -1;
	*sources_r = sources;
	*count_r = count;
	return 0;
}

int nw_source_next_due(struct nw_store *store, int64_t *due_utc_r,
		       struct nw_error *err)
{
	struct nw_query query;
	int64_t due_utc = NW_TIME_NONE;

	nw_query_start(&query, store, NW_SQL_SOURCE_NEXT_DUE);
	if (nw_query_value(&query, &due_utc, err) < 0)
		return -1;
	*due_utc_r = due_utc;
	return 0;
}

static int taken(const struct nw_source *other, const char *what,
		 const char *value, struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_USAGE,
			    "%s: the %s is taken by the source %s (%s)", value,
			    what, other->url, other->group);
}

/* A URL that a source has is refused; a name of a group is found in the
 * same look and is no match here. */
static int check_url(struct nw_store *store, struct nw_arena *arena,
		     const struct nw_source *source, struct nw_error *err)
{
	struct nw_source other;
	int found = nw_source_find(store, arena, source->url, &other, err);

	if (found > 0 && other.id != source->id &&
	    !strcmp(other.url, source->url))
		return taken(&other, "URL", source->url, err);
	return found < 0 ? -1 : 0;
}

/* The group's id, made when it is new; one whose source was removed goes on
 * with its numbers. */
static int put_group(struct nw_store *store, struct nw_arena *arena,
		     const struct nw_source *source, int64_t now_utc,
		     int64_t *group_id_r, struct nw_error *err)
{
	const char *name = source->name ? source->name : "";
	const char *line = nw_utf8_line(arena, name, strlen(name),
					NW_STORE_DESCRIPTION_BYTES);
	struct nw_source other;
	struct nw_query query;
	int found;

	nw_query_start(&query, store, NW_SQL_GROUP_PUT);
	nw_query_text(&query, source->group);
	nw_query_text(&query, line ? line : "");
	nw_query_int(&query, now_utc);
	if (nw_query_value(&query, group_id_r, err) < 0)
		return -1;
	nw_query_start(&query, store, NW_SQL_SOURCE_OF_GROUP);
	nw_query_int(&query, *group_id_r);
	found = read_one(&query, arena, &other, err);
	if (found > 0)
		return taken(&other, "group", source->group, err);
	return found;
}

int nw_group_add(struct nw_store *store, const char *name,
		 const char *description, int64_t now_utc,
		 struct nw_error *err)
{
	struct nw_source none = { .name = description, .group = name };
	struct nw_group group;
	struct nw_arena *arena;
	int64_t id;
	int result;

	if (nw_ident_group_check(name, err) ||
	    nw_store_write_begin(store, err))
		return -1;
	arena = nw_arena_new();
	result = nw_group_find(store, name, &group, err);
	if (result > 0 && !description)
		none.name = group.description;
	if (result >= 0)
		result = put_group(store, arena, &none, now_utc, &id, err);
	nw_arena_free(&arena);
	return nw_store_write_end(store, result, err);
}

static void bind_schedule(struct nw_query *query,
			  const struct nw_schedule *schedule)
{
	nw_query_time(query, schedule->ok_utc);
	nw_query_time(query, schedule->changed_utc);
	nw_query_int(query, schedule->interval_s);
	nw_query_int(query, schedule->failures);
	nw_query_int(query, schedule->paused);
}

static void bind_outcome(struct nw_query *query, const struct nw_source *source)
{
	nw_query_text(query, source->error);
	nw_query_text(query, source->moved_url);
	nw_query_int(query, source->moved_count);
}

static void bind_rhythm(struct nw_query *query, const struct nw_rhythm *rhythm)
{
	nw_query_int(query, rhythm->ttl_s);
	nw_query_int(query, rhythm->gap_s);
	nw_query_int(query, rhythm->skip_hours);
	nw_query_int(query, rhythm->skip_days);
}

static int put_source(struct nw_store *store, const struct nw_source *source,
		      int64_t due_utc, int64_t group_id, int64_t *id_r,
		      struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_SOURCE_ADD);
	nw_query_text(&query, source->url);
	nw_query_text(&query, nw_source_kind_names[source->kind]);
	nw_query_text(&query, source->name);
	nw_query_int(&query, group_id);
	nw_query_text(&query, nw_images_names[source->images]);
	nw_query_text(&query, nw_edits_names[source->edits]);
	nw_query_text(&query, source->etag);
	nw_query_text(&query, source->last_modified);
	nw_query_int(&query, due_utc);
	bind_schedule(&query, &source->schedule);
	bind_outcome(&query, source);
	bind_rhythm(&query, &source->schedule.rhythm);
	nw_query_text(&query, nw_layout_names[source->layout]);
	nw_query_int(&query, source->poll_live_s);
	nw_query_text(&query, source->recheck);
	return nw_query_value(&query, id_r, err) < 0 ? -1 : 0;
}

int nw_source_add(struct nw_store *store, struct nw_source *source,
		  int64_t now_utc, struct nw_error *err)
{
	const int64_t due_utc = source->schedule.due_utc == NW_TIME_NONE
					? now_utc
					: source->schedule.due_utc;
	struct nw_source fresh = *source;
	struct nw_arena *arena;
	int result;

	fresh.id = 0;
	if (nw_ident_group_check(source->group, err) ||
	    nw_store_write_begin(store, err))
		return -1;
	arena = nw_arena_new();
	result = check_url(store, arena, &fresh, err);
	if (!result)
		result = put_group(store, arena, source, now_utc,
				   &fresh.group_id, err);
	if (!result)
		result = put_source(store, source, due_utc, fresh.group_id,
				    &fresh.id, err);
	nw_arena_free(&arena);
	if (nw_store_write_end(store, result, err))
		return -1;
	source->id = fresh.id;
	source->group_id = fresh.group_id;
	return 0;
}

static int missing(const struct nw_store *store, int64_t id,
		   struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_MISSING,
			    "%s: source %" PRId64 " is not there any more",
			    store->path, id);
}

static int remove_source(struct nw_store *store, int64_t id,
			 struct nw_error *err)
{
	struct nw_query query;
	int64_t group_id;
	int found;

	nw_query_start(&query, store, NW_SQL_SOURCE_REMOVE);
	nw_query_int(&query, id);
	found = nw_query_value(&query, &group_id, err);
	if (found <= 0)
		return found ? -1 : missing(store, id, err);
	/* Stories that others bring grow no further in a group that nobody
	 * reads for. */
	nw_query_start(&query, store, NW_SQL_SOURCE_LEAVE);
	nw_query_int(&query, group_id);
	return nw_query_run(&query, err);
}

int nw_source_remove(struct nw_store *store, int64_t id, struct nw_error *err)
{
	if (nw_store_write_begin(store, err))
		return -1;
	return nw_store_write_end(store, remove_source(store, id, err), err);
}

static int update_source(struct nw_store *store, const struct nw_source *source,
			 struct nw_error *err)
{
	struct nw_query query;
	int64_t id;
	int found;

	nw_query_start(&query, store, NW_SQL_SOURCE_UPDATE);
	nw_query_int(&query, source->id);
	nw_query_text(&query, source->url);
	nw_query_text(&query, source->etag);
	nw_query_text(&query, source->last_modified);
	nw_query_int(&query, source->schedule.due_utc);
	bind_schedule(&query, &source->schedule);
	bind_outcome(&query, source);
	bind_rhythm(&query, &source->schedule.rhythm);
	found = nw_query_value(&query, &id, err);
	if (!found)
		return missing(store, source->id, err);
	return found < 0 ? -1 : 0;
}

int nw_source_update(struct nw_store *store, const struct nw_source *source,
		     struct nw_error *err)
{
	struct nw_arena *arena;
	int result;

	if (nw_store_write_begin(store, err))
		return -1;
	arena = nw_arena_new();
	result = check_url(store, arena, source, err);
	nw_arena_free(&arena);
	if (!result)
		result = update_source(store, source, err);
	return nw_store_write_end(store, result, err);
}

static int settle(struct nw_store *store, const struct nw_source *source,
		  struct nw_error *err)
{
	struct nw_query query;
	int64_t group_id;
	int found;

	nw_query_start(&query, store, NW_SQL_SOURCE_SETTLE);
	nw_query_int(&query, source->id);
	nw_query_text(&query, source->name);
	nw_query_text(&query, nw_images_names[source->images]);
	nw_query_text(&query, nw_edits_names[source->edits]);
	nw_query_text(&query, nw_layout_names[source->layout]);
	nw_query_int(&query, source->poll_live_s);
	nw_query_text(&query, source->recheck);
	found = nw_query_value(&query, &group_id, err);
	if (!found)
		return missing(store, source->id, err);
	return found < 0 ? -1 : 0;
}

int nw_source_settle(struct nw_store *store, const struct nw_source *source,
		     struct nw_error *err)
{
	if (nw_store_write_begin(store, err))
		return -1;
	return nw_store_write_end(store, settle(store, source, err), err);
}
