/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_private.h"
#include "newswire/ident.h"
#include "newswire/source.h"

/* Rows of a walk between two read transactions. */
#define SLICE_ROWS 1000
/* Faults that SQLite tells at most; one page can bring thousands. */
#define PRAGMA_FAULTS "1000"

#define PLACE_NUMBER(place) "(" place " & 0xffffffff)"
#define PLACE_GROUP(place) "(" place " >> 32)"
#define PLACES_OF(id) id " << 32 AND " id " << 32 | 0xffffffff"

/*
 * What must not be: each row that such a query gives is a fault, where and
 * what.  That a reference leads nowhere is told by SQLite, where the schema
 * knows of it.
 */
static const struct rule {
	const char *table, *sql;
} rules[] = {
	{ "groups",
	  "SELECT 'group ' || name, printf('its low water mark is %d and its "
	  "high one %d', low, high) FROM groups "
	  "WHERE low < 1 OR high < 0 OR low > high + 1 OR high > 2147483647" },
	{ "groups",
	  "SELECT 'group ' || name, printf('it has number %d, its high water "
	  "mark is %d', " PLACE_NUMBER("last") ", high) "
	  "FROM (SELECT name, high, (SELECT max(place) FROM numbers"
	  "	WHERE place BETWEEN " PLACES_OF("id") ") AS last FROM groups) "
	  "WHERE " PLACE_NUMBER("last") " > high" },
	{ "groups",
	  "SELECT 'group ' || name, printf('it has number %d, its low water "
	  "mark is %d', " PLACE_NUMBER("first") ", low) "
	  "FROM (SELECT name, low, (SELECT min(place) FROM numbers"
	  "	WHERE place BETWEEN " PLACES_OF("id") ") AS first FROM groups) "
	  "WHERE " PLACE_NUMBER("first") " < low" },
	{ "groups",
	  "SELECT 'group ' || name, printf('it counts %d articles and has %d', "
	  "count, there) "
	  "FROM (SELECT name, count, (SELECT count(*) FROM numbers"
	  "	WHERE place BETWEEN " PLACES_OF("id") ") AS there FROM groups) "
	  "WHERE count <> there" },
	{ "numbers",
	  "SELECT printf('number %d', " PLACE_NUMBER("place") "),"
	  "	printf('there is no group %d', " PLACE_GROUP("place") ") "
	  "FROM numbers WHERE " PLACE_GROUP("place") " NOT IN"
	  "	(SELECT id FROM groups)" },
	{ "message_ids",
	  "SELECT 'message-id ' || message_id, printf('its article %d is not "
	  "there, or another one', article_id) FROM message_ids m "
	  "WHERE article_id IS NOT NULL AND NOT EXISTS (SELECT 1"
	  "	FROM articles a WHERE a.id = m.article_id"
	  "	AND a.message_id = m.message_id)" },
	{ "message_ids",
	  "SELECT 'message-id ' || message_id, printf('its story %d is not "
	  "there', story_id) FROM message_ids "
	  "WHERE story_id IS NOT NULL"
	  "	AND story_id NOT IN (SELECT id FROM stories)" },
	{ "articles",
	  "SELECT 'article ' || message_id, 'it is called by the place of "
	  "another one' FROM articles a "
	  "WHERE id > 0xffffffff AND NOT EXISTS (SELECT 1 FROM numbers n"
	  "	WHERE n.place = a.id AND n.article_id = a.id)" },
	{ "deliveries",
	  "SELECT 'deliveries to ' || t.name, printf('%d articles of %s are "
	  "delivered, its high water mark is %d', d.done, g.name, g.high) "
	  "FROM deliveries d JOIN targets t ON t.id = d.target_id"
	  "	JOIN groups g ON g.id = d.group_id "
	  "WHERE d.done NOT BETWEEN 0 AND g.high"
	  "	OR d.batch NOT BETWEEN 0 AND g.high OR d.mark < 0" },
	{ "sources",
	  "SELECT 'sources', printf('the next one would get the id of one that "
	  "is there, %d', id) FROM sources "
	  "WHERE id > (SELECT coalesce(max(seq), 0) FROM sqlite_sequence"
	  "	WHERE name = 'sources')" },
};

void nw_check_fault(struct nw_check *check, const char *object,
		    const char *format, ...)
{
	struct nw_error reason;
	va_list args;
	char text[sizeof(reason.text)];

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* Which makes it one line of printable characters. */
	(void)nw_error_set(&reason, NW_ERROR_DAMAGED, "%s", text);
	check->faults++;
	check->watch->fault(check->watch->context, object, reason.text);
}

void nw_check_failed(struct nw_check *check, const char *object)
{
	if (check->err.code == NW_ERROR_BUSY)
		check->stopped = true;
	else
		nw_check_fault(check, object, "cannot be read to its end%s%s",
			       check->err.code == NW_ERROR_DAMAGED ? "" : ": ",
			       check->err.code == NW_ERROR_DAMAGED
				       ? "" : check->err.text);
}

void nw_check_progress(const struct nw_check *check, const char *part)
{
	if (check->watch->progress)
		check->watch->progress(check->watch->context, check->done,
				       check->total, part);
}

static void failed(struct nw_check *check, const char *object)
{
	(void)nw_store_fail(check->store, sqlite3_errcode(check->store->db),
			    &check->err);
	nw_check_failed(check, object);
}

/* Up to SLICE_ROWS rows behind *after: whether there may be more. */
static bool walk_slice(struct nw_check *check, const char *object,
		       sqlite3_stmt *stmt, int64_t *after,
		       void (*row)(struct nw_check *check, sqlite3_stmt *stmt))
{
	unsigned count = 0;
	int code = sqlite3_bind_int64(stmt, 1, *after);

	while (code == SQLITE_OK || code == SQLITE_ROW) {
		if (count == SLICE_ROWS || check->stopped)
			break;
		code = sqlite3_step(stmt);
		if (code != SQLITE_ROW)
			break;
		*after = sqlite3_column_int64(stmt, 0);
		row(check, stmt);
		count++;
	}
	if (code != SQLITE_ROW && code != SQLITE_DONE)
		failed(check, object);
	(void)sqlite3_reset(stmt);
	return code == SQLITE_ROW && !check->stopped;
}

void nw_check_walk(struct nw_check *check, const char *object, const char *sql,
		   void (*row)(struct nw_check *check, sqlite3_stmt *stmt))
{
	sqlite3_stmt *stmt = NULL;
	int64_t after = INT64_MIN;
	bool more = !check->stopped;

	if (more && sqlite3_prepare_v2(check->store->db, sql, -1, &stmt,
				       NULL) != SQLITE_OK) {
		failed(check, object);
		more = false;
	}
	while (more) {
		if (nw_store_read_begin(check->store, &check->err)) {
			nw_check_failed(check, object);
			break;
		}
		more = walk_slice(check, object, stmt, &after, row);
		nw_store_read_end(check->store);
	}
	(void)sqlite3_finalize(stmt);
}

/* Each row of the statement to row(). */
static void ask(struct nw_check *check, const char *object, const char *sql,
		void (*row)(struct nw_check *check, sqlite3_stmt *stmt))
{
	sqlite3_stmt *stmt = NULL;
	int code;

	if (check->stopped)
		return;
	code = sqlite3_prepare_v2(check->store->db, sql, -1, &stmt, NULL);
	while (code == SQLITE_OK || code == SQLITE_ROW) {
		code = sqlite3_step(stmt);
		if (code == SQLITE_ROW)
			row(check, stmt);
	}
	if (code != SQLITE_DONE)
		failed(check, object);
	(void)sqlite3_finalize(stmt);
}

static const char *text(sqlite3_stmt *stmt, int column)
{
	const unsigned char *value = sqlite3_column_text(stmt, column);

	return value ? (const char *)value : "";
}

static void on_rule(struct nw_check *check, sqlite3_stmt *stmt)
{
	nw_check_fault(check, text(stmt, 0), "%s", text(stmt, 1));
}

/* SQLite names a tree by the page where it begins: here is whose it is. */
static void name_tree(struct nw_check *check, int root, char *name,
		      size_t size)
{
	sqlite3_stmt *stmt = NULL;

	(void)snprintf(name, size, "file");
	if (sqlite3_prepare_v2(check->store->db,
			       "SELECT type || ' ' || name FROM sqlite_schema "
			       "WHERE rootpage = ?1", -1, &stmt,
			       NULL) == SQLITE_OK &&
	    sqlite3_bind_int(stmt, 1, root) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		(void)snprintf(name, size, "%s", text(stmt, 0));
	(void)sqlite3_finalize(stmt);
}

static void tell_line(struct nw_check *check, const char *line, size_t len)
{
	static const char tree[] = "Tree ", head[] = "*** in database";
	static const char page[] = "Page ";
	char name[128] = "file";

	if (!len || !strncmp(line, head, strlen(head)))
		return;
	if (!strncmp(line, tree, strlen(tree)))
		name_tree(check, (int)strtol(line + strlen(tree), NULL, 10),
			  name, sizeof(name));
	if (!strncmp(line, page, strlen(page)) && strstr(line, "btreeInit"))
		len = strcspn(line, ":");
	nw_check_fault(check, name, "%.*s%s", (int)len, line,
		       line[len] == ':' ? " is none that SQLite wrote" : "");
}

/* One row may hold several lines. */
static void on_integrity(struct nw_check *check, sqlite3_stmt *stmt)
{
	const char *line = text(stmt, 0);
	size_t len;

	if (!strcmp(line, "ok"))
		return;
	for (; *line; line += len + (line[len] == '\n')) {
		len = strcspn(line, "\n");
		tell_line(check, line, len);
	}
}

/* Table, row, the table that it names a row of. */
static void on_reference(struct nw_check *check, sqlite3_stmt *stmt)
{
	char row[64] = "a row";
	int64_t id = sqlite3_column_int64(stmt, 1);

	if (!strcmp(text(stmt, 0), "numbers") ||
	    !strcmp(text(stmt, 0), "overviews"))
		(void)snprintf(row, sizeof(row),
			       "number %" PRId64 " of group %" PRId64,
			       nw_place_number(id), nw_place_group(id));
	else if (sqlite3_column_type(stmt, 1) != SQLITE_NULL)
		(void)snprintf(row, sizeof(row), "row %" PRId64, id);
	nw_check_fault(check, text(stmt, 0),
		       "%s names a row of %s that is not there", row,
		       text(stmt, 2));
}

static void on_group(struct nw_check *check, sqlite3_stmt *stmt)
{
	const char *c;
	struct nw_error why;

	if (strlen(text(stmt, 1)) != (size_t)sqlite3_column_bytes(stmt, 1) ||
	    nw_ident_group_check(text(stmt, 1), &why))
		nw_check_fault(check, "groups", "\"%s\" cannot be a name",
			       text(stmt, 1));
	for (c = text(stmt, 2); *c; c++)
		if ((unsigned char)*c < ' ') {
			nw_check_fault(check, text(stmt, 1),
				       "its description is no line of text");
			break;
		}
}

static void check_sources(struct nw_check *check)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_source *sources;
	size_t count;

	if (!check->stopped &&
	    nw_source_list(check->store, arena, NW_TIME_NONE, &sources, &count,
			   &check->err))
		nw_check_failed(check, "sources");
	nw_arena_free(&arena);
}

static void on_total(struct nw_check *check, sqlite3_stmt *stmt)
{
	check->total = (uint64_t)sqlite3_column_int64(stmt, 0);
}

static void check_file(struct nw_check *check)
{
	nw_check_progress(check, "the file");
	ask(check, "file", "PRAGMA integrity_check(" PRAGMA_FAULTS ")",
	    on_integrity);
	ask(check, "file", "PRAGMA foreign_key_check", on_reference);
}

int nw_store_check(struct nw_store *store, const struct nw_check_watch *watch,
		   uint64_t *faults_r, struct nw_error *err)
{
	struct nw_check check = { .store = store, .watch = watch };
	size_t i;

	/* A page that the disk cannot give is then an error and no signal. */
	if (nw_store_exec(store, "PRAGMA mmap_size = 0", err))
		return -1;
	ask(&check, "articles", "SELECT count(*) FROM articles", on_total);
	check_file(&check);
	ask(&check, "groups", "SELECT id, name, description FROM groups",
	    on_group);
	for (i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		ask(&check, rules[i].table, rules[i].sql, on_rule);
	check_sources(&check);
	nw_check_articles(&check);
	nw_check_stories(&check);
	if (check.stopped) {
		*err = check.err;
		return -1;
	}
	*faults_r = check.faults;
	return 0;
}
