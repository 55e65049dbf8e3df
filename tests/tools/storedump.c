/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sqlite3.h>
#include <stdio.h>

#include "newswire/buf.h"
#include "storedump.h"

#define DUMP_BYTES (64u << 20)

static int dump_table(sqlite3 *db, const char *table, struct nw_buf *out)
{
	sqlite3_stmt *stmt = NULL;
	char sql[128];
	int code, i;

	(void)snprintf(sql, sizeof(sql), "SELECT * FROM %s ORDER BY 1, 2",
		       table);
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	while ((code = sqlite3_step(stmt)) == SQLITE_ROW) {
		nw_buf_adds(out, table);
		for (i = 0; i < sqlite3_column_count(stmt); i++) {
			const void *bytes = sqlite3_column_blob(stmt, i);

			nw_buf_addc(out, '|');
			nw_buf_add(out, bytes ? bytes : "",
				   (size_t)sqlite3_column_bytes(stmt, i));
		}
		nw_buf_addc(out, '\n');
	}
	(void)sqlite3_finalize(stmt);
	return code == SQLITE_DONE ? 0 : -1;
}

static int dump_tables(sqlite3 *db, struct nw_buf *out)
{
	static const char sql[] = "SELECT name FROM sqlite_schema "
				  "WHERE type = 'table' ORDER BY name";
	sqlite3_stmt *stmt = NULL;
	int code, result = 0;

	if (sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	while (!result && (code = sqlite3_step(stmt)) == SQLITE_ROW)
		result = dump_table(
			db, (const char *)sqlite3_column_text(stmt, 0), out);
	(void)sqlite3_finalize(stmt);
	return !result && code == SQLITE_DONE && nw_buf_ok(out) ? 0 : -1;
}

char *store_dump(const char *path)
{
	sqlite3 *db = NULL;
	struct nw_buf out;
	char *text = NULL;

	nw_buf_init(&out, DUMP_BYTES);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) ==
		    SQLITE_OK &&
	    dump_tables(db, &out) == 0)
		text = nw_buf_take(&out);
	(void)sqlite3_close(db);
	nw_buf_free(&out);
	return text;
}
