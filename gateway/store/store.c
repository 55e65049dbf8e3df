/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "newswire/store.h"
#include "store_private.h"

/*
 * For writers.  FULL: the log is on the disk before anybody sees a commit.
 * NORMAL would spare its fsync (0.25 ms here), but after a power failure it may
 * forget commits whose numbers readers have seen, and give them again.
 * Freed pages need no zeroing, which Debian's SQLite does by default: what
 * is stored was public.
 */
#define SETTINGS_WRITE \
	"PRAGMA synchronous = FULL;" \
	"PRAGMA foreign_keys = ON;" \
	"PRAGMA secure_delete = OFF;" \
	"PRAGMA journal_size_limit = 67108864;"

/* For those who wait for nobody: they leave it to others to bring the log into
 * the file, as long as there are any who do (1,000 pages are the rule). */
#define SETTINGS_AT_ONCE \
	SETTINGS_WRITE "PRAGMA wal_autocheckpoint = 4000;"

/* For readers: pages of a map, ours (map.c) or the largest that SQLite makes;
 * no more of it is used than the file has. */
#define SETTINGS_READ \
	"PRAGMA query_only = ON;" \
	"PRAGMA mmap_size = 2147418112;"

#define SETTINGS_ALL \
	"PRAGMA trusted_schema = OFF;" \
	"PRAGMA temp_store = MEMORY;"

struct meaning {
	int sqlite;
	enum nw_error_code code;
	const char *text;
};

/* The last row is for the codes that have none. */
static const struct meaning meanings[] = {
	{ SQLITE_BUSY, NW_ERROR_BUSY, "another process holds it" },
	{ SQLITE_LOCKED, NW_ERROR_BUSY, "another process holds it" },
	{ SQLITE_FULL, NW_ERROR_IO, "the disk is full" },
	{ SQLITE_IOERR, NW_ERROR_IO, "the disk failed" },
	{ SQLITE_CANTOPEN, NW_ERROR_IO, "cannot be opened" },
	{ SQLITE_READONLY, NW_ERROR_IO, "may not be written to" },
	{ SQLITE_PERM, NW_ERROR_IO, "may not be opened" },
	{ SQLITE_NOTADB, NW_ERROR_DATA,
	  "is not a store of newswire; if it was one, run newswire recover" },
	{ SQLITE_CORRUPT, NW_ERROR_DAMAGED,
	  "is damaged; newswire check says where, newswire recover saves what "
	  "can be saved" },
	{ SQLITE_NOMEM, NW_ERROR_IO, "out of memory" },
	{ SQLITE_TOOBIG, NW_ERROR_REFUSED, "an entry is too large" },
	{ SQLITE_ERROR, NW_ERROR_INTERNAL, "internal error" },
};

int nw_store_fail(const struct nw_store *store, int code,
		  struct nw_error *err)
{
	const struct meaning *meaning = meanings;
	const size_t last = sizeof(meanings) / sizeof(*meanings) - 1;
	const int kind = code & 0xff;
	int number = 0;

	while (meaning < meanings + last && meaning->sqlite != kind)
		meaning++;
	/* SQLite keeps errno for these; else it is of an older failure. */
	if (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN)
		number = sqlite3_system_errno(store->db);
	if (number)
		return nw_error_set(err, meaning->code, "%s: %s (%s)",
				    store->path, meaning->text,
				    strerror(number));
	/* A code of our own making has left no message with SQLite. */
	return nw_error_set(err, meaning->code, "%s: %s (%s)", store->path,
			    meaning->text,
			    (sqlite3_errcode(store->db) & 0xff) == kind
				    ? sqlite3_errmsg(store->db)
				    : sqlite3_errstr(code));
}

int nw_store_no_room(const struct nw_store *store, const struct nw_buf *out,
		     struct nw_error *err)
{
	return nw_error_set(err, NW_ERROR_REFUSED,
			    "%s: a line does not fit in %zu bytes",
			    store->path, out->max);
}

int nw_store_exec(struct nw_store *store, const char *sql,
		  struct nw_error *err)
{
	int code = sqlite3_exec(store->db, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? 0 : nw_store_fail(store, code, err);
}

static int run(struct nw_store *store, enum nw_statement which,
	       struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, which);
	return nw_query_run(&query, err);
}

static int open_file(struct nw_store *store, struct nw_error *err)
{
	static const char *const settings[] = {
		[NW_STORE_READ] = SETTINGS_READ,
		[NW_STORE_WRITE] = SETTINGS_WRITE,
		[NW_STORE_AT_ONCE] = SETTINGS_AT_ONCE,
	};
	/* A reader opens for writing too: the first one after a crash must
	 * bring the log in order, and the last one to leave puts it away. */
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	int code;

	if (store->mode == NW_STORE_WRITE)
		flags |= SQLITE_OPEN_CREATE;
	code = sqlite3_open_v2(store->path, &store->db, flags, NULL);
	if (code == SQLITE_CANTOPEN && store->db &&
	    sqlite3_system_errno(store->db) == ENOENT)
		return nw_error_set(err, NW_ERROR_MISSING, "%s: %s",
				    store->path, strerror(ENOENT));
	if (code != SQLITE_OK)
		return nw_store_fail(store, code, err);
	if (store->mode != NW_STORE_AT_ONCE)
		(void)sqlite3_busy_timeout(store->db, NW_STORE_BUSY_MS);
	if (store->mode == NW_STORE_READ)
		nw_map_begin(store);
	if (nw_store_exec(store, SETTINGS_ALL, err))
		return -1;
	return nw_store_exec(store, settings[store->mode], err);
}

static struct nw_store *store_new(const char *path, enum nw_store_mode mode)
{
	struct nw_store *store = calloc(1, sizeof(*store));

	if (!store)
		return NULL;
	store->mode = mode;
	nw_buf_init(&store->scratch, NW_STORE_WIRE_BYTES);
	nw_buf_init(&store->block.lines, NW_STORE_BLOCK_BYTES);
	store->path = strdup(path);
	if (!store->path)
		nw_store_close(&store);
	return store;
}

int nw_store_open(struct nw_store **store_r, const char *path,
		  enum nw_store_mode mode, struct nw_error *err)
{
	struct nw_store *store = store_new(path, mode);

	if (!store)
		return nw_error_errno(err, "%s", path);
	if (open_file(store, err) || nw_schema_prepare(store, err)) {
		nw_store_close(&store);
		return -1;
	}
	*store_r = store;
	return 0;
}

void nw_store_close(struct nw_store **store)
{
	size_t i;

	if (!*store)
		return;
	for (i = 0; i < NW_SQL_COUNT; i++)
		(void)sqlite3_finalize((*store)->statements[i]);
	nw_map_end(*store);
	(void)sqlite3_close((*store)->db);
	nw_buf_free(&(*store)->scratch);
	nw_buf_free(&(*store)->block.lines);
	free((*store)->path);
	free(*store);
	*store = NULL;
}

int nw_store_read_begin(struct nw_store *store, struct nw_error *err)
{
	if (!sqlite3_get_autocommit(store->db))
		return 0;
	if (run(store, NW_SQL_BEGIN_READ, err))
		return -1;
	store->reading = true;
	return 0;
}

void nw_store_read_end(struct nw_store *store)
{
	if (!store->reading)
		return;
	/* Ending a transaction that wrote nothing has nothing to fail at; if it
	 * ever did, going on in an old state would be worse. */
	if (run(store, NW_SQL_COMMIT, NULL))
		(void)run(store, NW_SQL_ROLLBACK, NULL);
	store->reading = false;
}

int nw_store_write_begin(struct nw_store *store, struct nw_error *err)
{
	if (store->mode == NW_STORE_READ)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "%s: was opened for reading",
				    store->path);
	if (store->reading)
		return nw_error_set(err, NW_ERROR_INTERNAL,
				    "%s: writing within a read transaction",
				    store->path);
	return run(store, NW_SQL_BEGIN_WRITE, err);
}

int nw_store_write_end(struct nw_store *store, int result,
		       struct nw_error *err)
{
	result = nw_overview_end(store, result, err);
	if (!result && !run(store, NW_SQL_COMMIT, err))
		return 0;
	/* Some failures, a full disk among them, have undone it already. */
	if (!sqlite3_get_autocommit(store->db))
		(void)run(store, NW_SQL_ROLLBACK, NULL);
	return -1;
}

int nw_store_count(struct nw_store *store, struct nw_store_counts *counts_r,
		   struct nw_error *err)
{
	struct nw_query query;

	nw_query_start(&query, store, NW_SQL_COUNTS);
	if (nw_query_step(&query, err) < 0)
		return -1;
	*counts_r = (struct nw_store_counts){
		.sources = (uint64_t)sqlite3_column_int64(query.stmt, 0),
		.groups = (uint64_t)sqlite3_column_int64(query.stmt, 1),
		.stories = (uint64_t)sqlite3_column_int64(query.stmt, 2),
		.articles = (uint64_t)sqlite3_column_int64(query.stmt, 3),
		.file_bytes = (uint64_t)sqlite3_column_int64(query.stmt, 4),
		.pictures = (uint64_t)sqlite3_column_int64(query.stmt, 5),
		.picture_bytes = (uint64_t)sqlite3_column_int64(query.stmt, 6),
	};
	nw_query_end(&query);
	return 0;
}
