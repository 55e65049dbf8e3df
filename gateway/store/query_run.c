/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "store_private.h"

void nw_query_start(struct nw_query *query, struct nw_store *store,
		    enum nw_statement which)
{
	sqlite3_stmt **stmt = &store->statements[which];

	nw_query_end(&store->held);
	*query = (struct nw_query){ .store = store, .code = SQLITE_OK };
	if (!*stmt)
		query->code =
			sqlite3_prepare_v3(store->db, nw_statements[which], -1,
					   SQLITE_PREPARE_PERSISTENT, stmt,
					   NULL);
	query->stmt = *stmt;
	assert(!*stmt || !sqlite3_stmt_busy(*stmt));
}

void nw_query_int(struct nw_query *query, int64_t value)
{
	query->bound++;
	if (query->code == SQLITE_OK)
		query->code = sqlite3_bind_int64(query->stmt, query->bound,
						 value);
}

void nw_query_time(struct nw_query *query, int64_t utc)
{
	/* What is not bound is NULL. */
	if (utc == NW_TIME_NONE)
		query->bound++;
	else
		nw_query_int(query, utc);
}

void nw_query_text(struct nw_query *query, const char *text)
{
	query->bound++;
	if (query->code == SQLITE_OK && text)
		query->code = sqlite3_bind_text64(query->stmt, query->bound,
						  text, strlen(text),
						  SQLITE_STATIC, SQLITE_UTF8);
}

void nw_query_blob(struct nw_query *query, const struct nw_buf *bytes)
{
	query->bound++;
	if (query->code == SQLITE_OK)
		query->code = sqlite3_bind_blob64(query->stmt, query->bound,
						  bytes->data, bytes->len,
						  SQLITE_STATIC);
}

void nw_query_bytes(struct nw_query *query, const char *bytes, size_t len)
{
	query->bound++;
	if (query->code == SQLITE_OK && bytes)
		query->code = sqlite3_bind_blob64(query->stmt, query->bound,
						  bytes, len, SQLITE_STATIC);
}

void nw_query_end(struct nw_query *query)
{
	if (!query->stmt)
		return;
	(void)sqlite3_reset(query->stmt);
	(void)sqlite3_clear_bindings(query->stmt);
	query->stmt = NULL;
}

void nw_query_hold(struct nw_query *query)
{
	assert(query->store->reading);
	query->store->held = *query;
	query->stmt = NULL;
}

int nw_query_step(struct nw_query *query, struct nw_error *err)
{
	if (query->code == SQLITE_OK)
		query->code = sqlite3_step(query->stmt);
	switch (query->code) {
	case SQLITE_ROW:
		query->code = SQLITE_OK;
		return 1;
	case SQLITE_DONE:
		nw_query_end(query);
		return 0;
	default:
		(void)nw_store_fail(query->store, query->code, err);
		nw_query_end(query);
		return -1;
	}
}

int nw_query_run(struct nw_query *query, struct nw_error *err)
{
	int more;

	do
		more = nw_query_step(query, err);
	while (more > 0);
	return more;
}

int nw_query_value(struct nw_query *query, int64_t *value_r,
		   struct nw_error *err)
{
	int found = nw_query_step(query, err);

	if (found <= 0)
		return found;
	*value_r = sqlite3_column_int64(query->stmt, 0);
	/* To the end, where SQLite checks foreign keys. */
	return nw_query_run(query, err) ? -1 : 1;
}

int nw_query_values(struct nw_query *query, struct nw_arena *arena,
		    int64_t **values_r, size_t *count_r, struct nw_error *err)
{
	int64_t *values = NULL;
	size_t count = 0;
	int more;

	while ((more = nw_query_step(query, err)) > 0) {
		values = nw_arena_grow(arena, values, count, sizeof(*values));
		values[count++] = sqlite3_column_int64(query->stmt, 0);
	}
	if (more < 0)
		return -1;
	*values_r = values;
	*count_r = count;
	return 0;
}

int64_t nw_query_column_time(const struct nw_query *query, int column)
{
	return sqlite3_column_type(query->stmt, column) == SQLITE_NULL
		       ? NW_TIME_NONE
		       : sqlite3_column_int64(query->stmt, column);
}

const char *nw_query_column_bytes(const struct nw_query *query, int column,
				  size_t *len_r)
{
	/* As a blob also where it is text: no copy for the sake of a NUL. */
	const char *bytes = sqlite3_column_blob(query->stmt, column);

	*len_r = (size_t)sqlite3_column_bytes(query->stmt, column);
	return bytes;
}

char *nw_query_column_text(const struct nw_query *query, int column,
			   struct nw_arena *arena)
{
	size_t len;
	const char *bytes = nw_query_column_bytes(query, column, &len);

	if (sqlite3_column_type(query->stmt, column) == SQLITE_NULL)
		return NULL;
	return nw_arena_strndup(arena, bytes ? bytes : "", len);
}
