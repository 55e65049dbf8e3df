/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "newswire/delivery.h"
#include "store_private.h"

/* Beside the store, because SQLite has locks of its own in that file. */
#define LOCK_ENDING "-deliver"

static struct nw_delivery read_delivery(const struct nw_query *query,
					struct nw_arena *arena)
{
	return (struct nw_delivery){
		.id = sqlite3_column_int64(query->stmt, 0),
		.name = nw_query_column_text(query, 1, arena),
		.ok_utc = nw_query_column_time(query, 2),
		.error = nw_query_column_text(query, 3, arena),
	};
}

int nw_delivery_find(struct nw_store *store, struct nw_arena *arena,
		     const char *name, struct nw_delivery *delivery_r,
		     struct nw_error *err)
{
	struct nw_query query;
	int found;

	nw_query_start(&query, store, NW_SQL_TARGET_FIND);
	nw_query_text(&query, name);
	found = nw_query_step(&query, err);
	if (found <= 0)
		return found;
	*delivery_r = read_delivery(&query, arena);
	nw_query_end(&query);
	return 1;
}

int nw_delivery_list(struct nw_store *store, struct nw_arena *arena,
		     struct nw_delivery **deliveries_r, size_t *count_r,
		     struct nw_error *err)
{
	struct nw_delivery *all = NULL;
	struct nw_query query;
	size_t count = 0;
	int more;

	nw_query_start(&query, store, NW_SQL_TARGET_LIST);
	while ((more = nw_query_step(&query, err)) > 0) {
		all = nw_arena_grow(arena, all, count, sizeof(*all));
		all[count++] = read_delivery(&query, arena);
	}
	if (more < 0)
		return -1;
	*deliveries_r = all;
	*count_r = count;
	return 0;
}

static int add_target(struct nw_store *store, const char *name, int64_t *id_r,
		      struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_TARGET_ADD);
	nw_query_text(&query, name);
	return nw_query_value(&query, id_r, err) < 0 ? -1 : 0;
}

int nw_delivery_target(struct nw_store *store, const char *name,
		       int64_t *id_r, struct nw_error *err)
{
	struct nw_query query;
	int found;

	nw_query_start(&query, store, NW_SQL_TARGET_FIND);
	nw_query_text(&query, name);
	found = nw_query_value(&query, id_r, err);
	if (found)
		return found < 0 ? -1 : 0;
	if (nw_store_write_begin(store, err))
		return -1;
	return nw_store_write_end(store, add_target(store, name, id_r, err),
				  err);
}

/* One statement that writes, as a transaction of its own. */
static int write_alone(struct nw_query *query, struct nw_error *err)
{
	struct nw_store *store = query->store;

	if (nw_store_write_begin(store, err)) {
		nw_query_end(query);
		return -1;
	}
	return nw_store_write_end(store, nw_query_run(query, err), err);
}

int nw_delivery_note(struct nw_store *store, int64_t id, const char *error,
		     int64_t now_utc, struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_TARGET_NOTE);
	nw_query_int(&query, id);
	nw_query_text(&query, error);
	nw_query_time(&query, error ? NW_TIME_NONE : now_utc);
	return write_alone(&query, err);
}

int nw_delivery_lock(struct nw_store *store, int64_t id, int *fd_r,
		     struct nw_error *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET,
			      .l_start = (off_t)id, .l_len = 1 };
	char path[NW_PATH_BYTES];
	int fd;

	if (snprintf(path, sizeof(path), "%s" LOCK_ENDING, store->path) >=
	    (int)sizeof(path))
		return nw_error_set(err, NW_ERROR_IO,
				    "%s: its name is too long", store->path);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return nw_error_errno(err, "%s", path);
	if (!fcntl(fd, F_SETLK, &lock)) {
		*fd_r = fd;
		return 0;
	}
	if (errno == EAGAIN || errno == EACCES)
		(void)nw_error_set(err, NW_ERROR_BUSY,
				   "another newswire is delivering there");
	else
		(void)nw_error_errno(err, "%s", path);
	(void)close(fd);
	return -1;
}

void nw_delivery_unlock(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

int nw_delivery_cursor(struct nw_store *store, int64_t id, int64_t group_id,
		       struct nw_delivery_cursor *cursor_r,
		       struct nw_error *err)
{
	struct nw_query query;
	int found;

	nw_query_start(&query, store, NW_SQL_DELIVERY_CURSOR);
	nw_query_int(&query, id);
	nw_query_int(&query, group_id);
	found = nw_query_step(&query, err);
	if (found < 0)
		return -1;
	*cursor_r = (struct nw_delivery_cursor){ 0, 0, 0 };
	if (!found)
		return 0;
	cursor_r->done = sqlite3_column_int64(query.stmt, 0);
	cursor_r->batch = sqlite3_column_int64(query.stmt, 1);
	cursor_r->mark = sqlite3_column_int64(query.stmt, 2);
	nw_query_end(&query);
	return 0;
}

int nw_delivery_begin(struct nw_store *store, int64_t id, int64_t group_id,
		      const struct nw_delivery_cursor *cursor,
		      struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_DELIVERY_BEGIN);
	nw_query_int(&query, id);
	nw_query_int(&query, group_id);
	nw_query_int(&query, cursor->done);
	nw_query_int(&query, cursor->batch);
	nw_query_int(&query, cursor->mark);
	return write_alone(&query, err);
}

int nw_delivery_end(struct nw_store *store, int64_t id, int64_t group_id,
		    int64_t done, struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_DELIVERY_END);
	nw_query_int(&query, id);
	nw_query_int(&query, group_id);
	nw_query_int(&query, done);
	return write_alone(&query, err);
}

int nw_delivery_plan(struct nw_store *store, int64_t group_id, int64_t done,
		     struct nw_delivery_plan *plan, struct nw_error *err)
{
	struct nw_query query;
	int64_t bytes = 0;
	int more;

	plan->count = plan->last = 0;
	if (done >= NW_NUMBER_MAX)
		return 0;
	nw_query_start(&query, store, NW_SQL_DELIVERY_PLAN);
	nw_query_int(&query, nw_place(group_id, done + 1));
	nw_query_int(&query, nw_place(group_id, NW_NUMBER_MAX));
	nw_query_int(&query, plan->count_max);
	while ((more = nw_query_step(&query, err)) > 0) {
		bytes += sqlite3_column_int64(query.stmt, 1);
		if (plan->count && bytes > plan->bytes_max)
			break;
		plan->count++;
		plan->last = nw_place_number(
			sqlite3_column_int64(query.stmt, 0));
	}
	if (more > 0)
		nw_query_end(&query);
	return more < 0 ? -1 : 0;
}

int nw_delivery_waiting(struct nw_store *store, int64_t group_id,
			int64_t done, int64_t *count_r, struct nw_error *err)
{
	struct nw_query query;

	*count_r = 0;
	if (done >= NW_NUMBER_MAX)
		return 0;
	nw_query_start(&query, store, NW_SQL_DELIVERY_WAITING);
	nw_query_int(&query, nw_place(group_id, done + 1));
	nw_query_int(&query, nw_place(group_id, NW_NUMBER_MAX));
	return nw_query_value(&query, count_r, err) < 0 ? -1 : 0;
}

int nw_delivery_next(struct nw_store *store, int64_t group_id, int64_t after,
		     int64_t last, struct nw_stored_article *article_r,
		     int64_t *date_utc_r, struct nw_error *err)
{
	struct nw_query query;

	if (after >= last)
		return 0;
	nw_query_start(&query, store, NW_SQL_DELIVERY_NEXT);
	nw_query_int(&query, nw_place(group_id, after + 1));
	nw_query_int(&query, nw_place(group_id, last));
	return nw_group_read_dated(&query, article_r, date_utc_r, err);
}

int nw_delivery_superseded(struct nw_store *store, struct nw_arena *arena,
			   const char *message_id, const char **superseded_r,
			   struct nw_error *err)
{
	struct nw_query query;
	int found;

	nw_query_start(&query, store, NW_SQL_DELIVERY_SUPERSEDED);
	nw_query_text(&query, message_id);
	found = nw_query_step(&query, err);
	if (found <= 0)
		return found;
	*superseded_r = nw_query_column_text(&query, 0, arena);
	nw_query_end(&query);
	return 1;
}

int nw_delivery_version(struct nw_store *store, int64_t *version_r,
			struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_DELIVERY_VERSION);
	return nw_query_value(&query, version_r, err) < 0 ? -1 : 0;
}
