/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "recover_private.h"

static bool is_value(const struct nw_recover_columns *columns, size_t i,
		     const struct nw_value *value)
{
	if (value->type == NW_VALUE_NULL)
		return (int)i == columns->key || !columns->needed[i];
	if (columns->types[i] == NW_VALUE_NULL)
		return true;
	return value->type == columns->types[i];
}

static bool is_of(const struct nw_recover *recover, size_t table,
		  const struct nw_record *row)
{
	const struct nw_recover_columns *columns = &recover->columns[table];
	size_t i;

	if (row->keyed != nw_recover_tables[table].keyed ||
	    row->count > columns->count || row->count < columns->least)
		return false;
	for (i = 0; i < row->count; i++)
		if (!is_value(columns, i, &row->values[i]))
			return false;
	return true;
}

static sqlite3_stmt *insert_of(struct nw_recover *recover, size_t table,
			       size_t count)
{
	struct nw_recover_columns *columns = &recover->columns[table];
	const struct nw_recover_table *it = &nw_recover_tables[table];
	struct nw_buf sql;
	size_t i;

	if (columns->inserts[count])
		return columns->inserts[count];
	nw_buf_init(&sql, 4096);
	nw_buf_addf(&sql, "INSERT OR IGNORE INTO %s (",
		    it->instead ? it->instead : it->name);
	for (i = 0; i < count; i++)
		nw_buf_addf(&sql, "%s%s", i ? ", " : "", columns->names[i]);
	nw_buf_adds(&sql, ") VALUES (");
	for (i = 0; i < count; i++)
		nw_buf_addf(&sql, "%s?%zu", i ? ", " : "", i + 1);
	nw_buf_adds(&sql, ")");
	if (nw_buf_ok(&sql))
		(void)sqlite3_prepare_v2(recover->store->db, sql.data, -1,
					 &columns->inserts[count], NULL);
	nw_buf_free(&sql);
	return columns->inserts[count];
}

static int bind(sqlite3_stmt *stmt, int at, const struct nw_value *value)
{
	switch (value->type) {
	case NW_VALUE_INTEGER:
		return sqlite3_bind_int64(stmt, at, value->number);
	case NW_VALUE_TEXT:
		return sqlite3_bind_text64(stmt, at, value->bytes, value->len,
					   SQLITE_STATIC, SQLITE_UTF8);
	case NW_VALUE_BLOB:
		return sqlite3_bind_blob64(stmt, at, value->bytes, value->len,
					   SQLITE_STATIC);
	default:
		return sqlite3_bind_null(stmt, at);
	}
}

/* What breaks a rule of the schema is refused there. */
static int insert(struct nw_recover *recover, size_t table,
		  const struct nw_record *row, struct nw_error *err)
{
	struct nw_recover_columns *columns = &recover->columns[table];
	sqlite3_stmt *stmt = insert_of(recover, table, row->count);
	int code = stmt ? SQLITE_OK : SQLITE_ERROR;
	size_t i;

	for (i = 0; i < row->count && code == SQLITE_OK; i++)
		code = (int)i == columns->key
			       ? sqlite3_bind_int64(stmt, (int)i + 1,
						    row->rowid)
			       : bind(stmt, (int)i + 1, &row->values[i]);
	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (stmt) {
		(void)sqlite3_reset(stmt);
		(void)sqlite3_clear_bindings(stmt);
	}
	if (code == SQLITE_CONSTRAINT || (code & 0xff) == SQLITE_CONSTRAINT)
		columns->refused++;
	else if (code == SQLITE_DONE)
		columns->saved += (uint64_t)sqlite3_changes(recover->store->db);
	else
		return nw_store_fail(recover->store, code, err);
	return 0;
}

static int take(struct nw_recover *recover, size_t table,
		const struct nw_record *row, struct nw_error *err)
{
	const struct nw_recover_table *it = &nw_recover_tables[table];

	if (it->accept && !it->accept(recover, row)) {
		recover->columns[table].refused += !recover->orphans;
		return 0;
	}
	if (it->instead && !*it->instead) {
		recover->columns[table].saved++;
		return 0;
	}
	return insert(recover, table, row, err);
}

int nw_recover_row(struct nw_recover *recover, const struct nw_record *row,
		   struct nw_error *err)
{
	size_t i;

	if (!recover->orphans && is_of(recover, recover->present, row))
		return take(recover, recover->present, row, err);
	/* A wrong turn in one tree leads into another one. */
	for (i = 0; i < NW_RECOVER_TABLES; i++)
		if (nw_recover_tables[i].distinct && is_of(recover, i, row))
			return take(recover, i, row, err);
	recover->columns[recover->present].refused += !recover->orphans;
	return 0;
}

static enum nw_value_type type_of(const char *name)
{
	static const struct {
		const char *name;
		enum nw_value_type type;
	} types[] = { { "INTEGER", NW_VALUE_INTEGER },
		      { "TEXT", NW_VALUE_TEXT },
		      { "BLOB", NW_VALUE_BLOB } };
	size_t i;

	for (i = 0; name && i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(types[i].name, name))
			return types[i].type;
	return NW_VALUE_NULL;
}

/* A row of PRAGMA table_info: name, type, whether it may be NULL, what it is
 * when it is not given, whether it is of the key. */
static void learn_column(struct nw_recover *recover, size_t table,
			 sqlite3_stmt *stmt)
{
	struct nw_recover_columns *columns = &recover->columns[table];
	const size_t i = columns->count++;

	columns->names[i] = nw_arena_strdup(
		recover->arena, (const char *)sqlite3_column_text(stmt, 1));
	columns->types[i] = type_of((const char *)sqlite3_column_text(stmt, 2));
	columns->needed[i] = sqlite3_column_int(stmt, 3);
	if (columns->needed[i] && sqlite3_column_type(stmt, 4) == SQLITE_NULL)
		columns->least = i + 1;
	if (nw_recover_tables[table].keyed && sqlite3_column_int(stmt, 5))
		columns->key = (int)i;
}

int nw_recover_learn(struct nw_recover *recover, struct nw_error *err)
{
	sqlite3_stmt *stmt = NULL;
	size_t table;
	char sql[64];
	int code;

	for (table = 0; table < NW_RECOVER_TABLES; table++) {
		recover->columns[table].key = -1;
		(void)snprintf(sql, sizeof(sql), "PRAGMA table_info(%s)",
			       nw_recover_tables[table].name);
		code = sqlite3_prepare_v2(recover->store->db, sql, -1, &stmt,
					  NULL);
		while (code == SQLITE_OK || code == SQLITE_ROW) {
			code = sqlite3_step(stmt);
			if (code == SQLITE_ROW &&
			    recover->columns[table].count < NW_ROW_VALUES)
				learn_column(recover, table, stmt);
		}
		(void)sqlite3_finalize(stmt);
		if (code != SQLITE_DONE)
			return nw_store_fail(recover->store, code, err);
	}
	return 0;
}

void nw_recover_forget(struct nw_recover *recover)
{
	size_t table, i;

	for (table = 0; table < NW_RECOVER_TABLES; table++)
		for (i = 0; i <= NW_ROW_VALUES; i++)
			(void)sqlite3_finalize(
				recover->columns[table].inserts[i]);
}
