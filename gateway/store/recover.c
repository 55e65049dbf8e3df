/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "newswire/check.h"
#include "recover_private.h"

#define PROGRESS_PAGES 1000
/* Pages between two transactions. */
#define COMMIT_PAGES 20000

/*
 * What rows tell beside what they are: the places that an Xref, a number or an
 * overview line names, and the highest number of each group.  Xref of what is
 * no sound article stands under article 0, for its marks.
 */
#define SCRATCH \
	"PRAGMA foreign_keys = OFF;" \
	"PRAGMA synchronous = OFF;" \
	"CREATE TEMP TABLE xrefs (article_id, name, number);" \
	"CREATE TEMP TABLE seen_numbers (place INTEGER PRIMARY KEY," \
	"	article_id);" \
	"CREATE TEMP TABLE seen_lines (place INTEGER PRIMARY KEY," \
	"	message_id);" \
	"CREATE TEMP TABLE marks (group_id INTEGER PRIMARY KEY, high);" \
	"CREATE TEMP TABLE names (story_id, key);" \
	"CREATE TEMP TABLE heads (article_id INTEGER PRIMARY KEY, supersedes);"

/* The roots of the trees, by the first page. */
struct roots {
	struct nw_row_taker taker;
	struct nw_recover *recover;
	uint32_t indexes[64];
	size_t count;
};

void nw_recover_progress(const struct nw_recover *recover, uint64_t done,
			 uint64_t total, const char *part)
{
	if (recover->watch->progress)
		recover->watch->progress(recover->watch->context, done, total,
					 part);
}

static int on_row(struct nw_row_taker *taker, const struct nw_record *row,
		  struct nw_error *err)
{
	/* The first member of what it is part of. */
	return nw_recover_row((struct nw_recover *)taker, row, err);
}

static bool is_text(const struct nw_value *value, const char *text)
{
	return value->type == NW_VALUE_TEXT && value->len == strlen(text) &&
	       !memcmp(value->bytes, text, value->len);
}

/* A row of the schema: type, name, table, first page, SQL. */
static int on_schema(struct nw_row_taker *taker, const struct nw_record *row,
		     struct nw_error *err)
{
	struct roots *roots = (struct roots *)taker;
	const struct nw_value *page = &row->values[3];
	size_t i;

	(void)err;
	if (row->count < 4 || page->type != NW_VALUE_INTEGER ||
	    page->number <= 1 || page->number > UINT32_MAX)
		return 0;
	if (is_text(&row->values[0], "index") &&
	    roots->count < sizeof(roots->indexes) / sizeof(*roots->indexes))
		roots->indexes[roots->count++] = (uint32_t)page->number;
	for (i = 0; i < NW_RECOVER_TABLES; i++)
		if (is_text(&row->values[0], "table") &&
		    is_text(&row->values[1], nw_recover_tables[i].name))
			roots->recover->columns[i].root =
				(uint32_t)page->number;
	return 0;
}

/* Rows of an index say nothing that is not in its table. */
static int on_index(struct nw_row_taker *taker, const struct nw_record *row,
		    struct nw_error *err)
{
	(void)taker;
	(void)row;
	(void)err;
	return 0;
}

static int flush(struct nw_recover *recover, struct nw_error *err)
{
	return nw_store_exec(recover->store, "COMMIT; BEGIN", err);
}

static int walk_tables(struct nw_recover *recover, struct nw_error *err)
{
	size_t i;

	for (i = 0; i < NW_RECOVER_TABLES; i++) {
		nw_recover_progress(recover, i, NW_RECOVER_TABLES,
				    nw_recover_tables[i].name);
		recover->present = i;
		if (recover->columns[i].root &&
		    (nw_tree_walk(&recover->taker, recover->columns[i].root,
				  err) ||
		     flush(recover, err)))
			return -1;
	}
	return 0;
}

static int walk_indexes(struct roots *roots, struct nw_error *err)
{
	const uint64_t lost = roots->recover->pages.lost;
	size_t i;

	roots->taker.row = on_index;
	for (i = 0; i < roots->count; i++)
		if (nw_tree_walk(&roots->taker, roots->indexes[i], err))
			return -1;
	/* They are made anew in any case. */
	roots->recover->pages.lost = lost;
	return 0;
}

/* What no tree leads to, and was not given back. */
static int walk_orphans(struct nw_recover *recover, struct nw_error *err)
{
	uint32_t number;

	recover->orphans = true;
	nw_pages_mark_free(&recover->pages);
	for (number = 2; number <= recover->pages.count; number++) {
		if (number % PROGRESS_PAGES == 0)
			nw_recover_progress(recover, number,
					    recover->pages.count, "pages");
		if (number % COMMIT_PAGES == 0 && flush(recover, err))
			return -1;
		if (!recover->pages.used[number] &&
		    nw_tree_page(&recover->taker, number, err))
			return -1;
	}
	return 0;
}

static int walk(struct nw_recover *recover, struct nw_error *err)
{
	struct roots roots = {
		.taker = { .pages = &recover->pages, .row = on_schema },
		.recover = recover,
	};
	int result;

	nw_buf_init(&roots.taker.payload, NW_STORE_WIRE_BYTES);
	result = nw_tree_walk(&roots.taker, 1, err);
	if (!result)
		result = walk_tables(recover, err);
	if (!result)
		result = walk_indexes(&roots, err);
	if (!result)
		result = walk_orphans(recover, err);
	nw_buf_free(&roots.taker.payload);
	return result;
}

static int prepare(struct nw_recover *recover, struct nw_error *err)
{
	const struct {
		sqlite3_stmt **stmt;
		const char *sql;
	} notes[] = {
		{ &recover->xref,
		  "INSERT INTO xrefs (article_id, name, number)"
		  "	VALUES (?1, ?2, ?3)" },
		{ &recover->mark,
		  "INSERT INTO marks (group_id, high) VALUES (?1, ?2) "
		  "ON CONFLICT DO UPDATE SET high = max(high, ?2)" },
		{ &recover->key,
		  "INSERT INTO names (story_id, key) VALUES (?1, ?2)" },
		{ &recover->head,
		  "INSERT OR IGNORE INTO heads (article_id, supersedes)"
		  "	VALUES (?1, ?2)" },
		{ &recover->line,
		  "INSERT OR IGNORE INTO seen_lines (place, message_id)"
		  "	VALUES (?1, ?2)" },
		{ &recover->known,
		  "SELECT 1 FROM message_ids WHERE message_id = ?1"
		  "	AND (article_id IS NULL OR article_id <> ?2)" },
	};
	size_t i;
	int code = SQLITE_OK;

	if (nw_store_exec(recover->store, SCRATCH "BEGIN", err))
		return -1;
	for (i = 0; i < sizeof(notes) / sizeof(*notes); i++)
		if (code == SQLITE_OK)
			code = sqlite3_prepare_v2(recover->store->db,
						  notes[i].sql, -1,
						  notes[i].stmt, NULL);
	return code == SQLITE_OK ? nw_recover_learn(recover, err)
				 : nw_store_fail(recover->store, code, err);
}

static void tell_rows(const struct nw_recover *recover)
{
	const struct nw_recover_columns *columns;
	char text[96];
	size_t i;

	for (i = 0; i < NW_RECOVER_TABLES; i++) {
		columns = &recover->columns[i];
		if (!columns->refused)
			continue;
		(void)snprintf(text, sizeof(text),
			       "%" PRIu64 " rows read, %" PRIu64 " damaged",
			       columns->saved, columns->refused);
		recover->watch->tell(recover->watch->context,
				     nw_recover_tables[i].name, text);
	}
}

static void tell_pages(const struct nw_recover *recover)
{
	const struct nw_pages *pages = &recover->pages;
	char text[128];

	if (pages->lost || recover->taker.lost) {
		(void)snprintf(text, sizeof(text),
			       "%" PRIu64 " pages and %" PRIu64
			       " rows cannot be read",
			       pages->lost, recover->taker.lost);
		recover->watch->tell(recover->watch->context, "file", text);
	}
	if (pages->log_lost) {
		(void)snprintf(text, sizeof(text),
			       "%" PRIu64 " pages cannot be read",
			       pages->log_lost);
		recover->watch->tell(recover->watch->context, "log", text);
	}
}

static int count(struct nw_recover *recover, struct nw_recovery *recovery_r,
		 struct nw_error *err)
{
	const struct {
		uint64_t *count;
		const char *sql;
	} asks[] = {
		{ &recovery_r->articles, "SELECT count(*) FROM articles" },
		{ &recovery_r->stories, "SELECT count(*) FROM stories" },
		{ &recovery_r->sources, "SELECT count(*) FROM sources" },
		{ &recovery_r->groups, "SELECT count(*) FROM groups" },
		{ &recovery_r->lost, "SELECT count(*) FROM lost" },
	};
	int64_t value = 0;
	size_t i;

	for (i = 0; i < sizeof(asks) / sizeof(*asks); i++) {
		if (nw_recover_ask(recover, asks[i].sql, &value, err))
			return -1;
		*asks[i].count = (uint64_t)value;
	}
	return 0;
}

static void finish(struct nw_recover *recover)
{
	sqlite3_stmt *const notes[] = { recover->xref, recover->mark,
					recover->key,  recover->head,
					recover->line, recover->known };
	size_t i;

	nw_recover_forget(recover);
	for (i = 0; i < sizeof(notes) / sizeof(*notes); i++)
		(void)sqlite3_finalize(notes[i]);
	nw_buf_free(&recover->taker.payload);
	nw_arena_free(&recover->arena);
}

/* From the damaged file into the new store, which is open. */
static int save(struct nw_recover *recover, int64_t now_utc,
		struct nw_recovery *recovery_r, struct nw_error *err)
{
	int result;

	recover->arena = nw_arena_new();
	nw_buf_init(&recover->taker.payload, NW_STORE_WIRE_BYTES);
	result = prepare(recover, err);
	if (!result)
		result = walk(recover, err);
	if (!result && recover->forgot)
		result = nw_error_set(err, NW_ERROR_IO, "out of memory");
	if (!result)
		result = nw_recover_rebuild(recover, now_utc, err);
	if (!result) {
		tell_pages(recover);
		tell_rows(recover);
		result = count(recover, recovery_r, err);
	}
	finish(recover);
	/* To the disk, and out of the log. */
	if (!result)
		result = nw_store_exec(recover->store,
				       "COMMIT; PRAGMA synchronous = FULL;"
				       "PRAGMA wal_checkpoint(TRUNCATE)",
				       err);
	return result;
}

static int check(struct nw_store **store, const char *path,
		 const struct nw_recover_watch *watch, struct nw_error *err)
{
	const struct nw_check_watch faults = { watch->tell, watch->progress,
					       watch->context };
	uint64_t count;

	nw_store_close(store);
	if (nw_store_open(store, path, NW_STORE_READ, err) ||
	    nw_store_check(*store, &faults, &count, err))
		return -1;
	if (count)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "%s: what was saved has faults itself",
				    path);
	return 0;
}

static int check_absent(const char *path, struct nw_error *err)
{
	if (!access(path, F_OK))
		return nw_error_set(err, NW_ERROR_USAGE,
				    "%s: is there already; remove it, or "
				    "name another file with --to", path);
	return errno == ENOENT ? 0 : nw_error_errno(err, "%s", path);
}

int nw_store_recover(const char *path, const char *to, int64_t now_utc,
		     const struct nw_recover_watch *watch,
		     struct nw_recovery *recovery_r, struct nw_error *err)
{
	struct nw_recover *recover;
	int result = -1;

	if (check_absent(to, err))
		return -1;
	recover = calloc(1, sizeof(*recover));
	if (!recover)
		return nw_error_errno(err, "%s", path);
	recover->watch = watch;
	if (nw_pages_open(&recover->pages, path, err))
		goto fail;
	recover->taker.pages = &recover->pages;
	recover->taker.row = on_row;
	if (!nw_store_open(&recover->store, to, NW_STORE_WRITE, err) &&
	    !save(recover, now_utc, recovery_r, err))
		result = check(&recover->store, to, watch, err);
	nw_store_close(&recover->store);
	nw_pages_close(&recover->pages);
fail:
	free(recover);
	return result;
}
