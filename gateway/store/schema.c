/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tables.
 *
 *	groups       low, high and count stand in the row, so that LIST
 *	             reads nothing else; rows are never deleted and high
 *	             never falls, so that no number comes twice
 *	sources      ids are never used again: a poll that was under way when
 *	             its source was removed must not write into another one
 *	kept_feeds   the bytes of feeds that lead to pages to be read again
 *	pictures     what messages show of the web's pictures, a cache
 *	items        what a source said of each item when it was last read
 *	rechecks     pages of items that are to be read again, and when
 *	quarantine   items that could not be read, and why
 *	stories      the snapshots (newswire/snapshot.h)
 *	story_keys   the names of a story
 *	story_groups the groups that sources bring a story to
 *	articles     wire forms; the wire comes last, so that the other
 *	             columns are read without it
 *	message_ids  every Message-ID that was ever stored, and its article
 *	             as long as that is there; which one it superseded is
 *	             kept for mailboxes that hold that one still
 *	revisions    what stories said before they were changed, as deltas
 *	             (delta.c) that lead back from the snapshot one by one;
 *	             size is of the delta unpacked
 *	numbers      place (store_private.h) to article; narrow, so that
 *	             finding a number touches few pages
 *	overviews    place to the line behind the number; apart from numbers,
 *	             so that OVER reads one run of pages
 *	targets      the mailboxes that articles were delivered to
 *	deliveries   how far each of them is in each group
 */
#include "config.h"

#include <stdio.h>

#include "store_private.h"

/* "nwst" in ASCII: by it, file(1) and we know whose file this is. */
#define APPLICATION_ID 0x6e777374

#define STRINGIFY(number) #number
#define NUMBER_TEXT(number) STRINGIFY(number)

/*
 * Twice SQLite's own page: a typical article, 8 to 30 KB, is in half as many
 * pieces, and OVER measured a quarter faster; a commit of one article writes
 * more, which its fsync hides.
 */
#define PAGE_BYTES 8192

/* Between two tries of what SQLite does not wait for by itself. */
#define RETRY_MS 5

/* The step to each version from the one before; a step that was released is
 * never edited. */
static const struct migration {
	int version;
	const char *sql;
} migrations[] = {
	{ 1,
	  "CREATE TABLE groups ("
	  "	id INTEGER PRIMARY KEY,"
	  "	name TEXT NOT NULL UNIQUE,"
	  "	description TEXT NOT NULL,"
	  "	low INTEGER NOT NULL DEFAULT 1,"
	  "	high INTEGER NOT NULL DEFAULT 0,"
	  "	count INTEGER NOT NULL DEFAULT 0,"
	  "	created_utc INTEGER NOT NULL"
	  ") STRICT;"
	  "CREATE TABLE sources ("
	  "	id INTEGER PRIMARY KEY AUTOINCREMENT,"
	  "	url TEXT NOT NULL UNIQUE,"
	  "	kind TEXT NOT NULL,"
	  "	name TEXT,"
	  "	group_id INTEGER NOT NULL UNIQUE REFERENCES groups(id),"
	  "	images TEXT NOT NULL,"
	  "	edits TEXT NOT NULL,"
	  "	etag TEXT,"
	  "	last_modified TEXT,"
	  "	due_utc INTEGER NOT NULL,"
	  "	ok_utc INTEGER,"
	  "	changed_utc INTEGER,"
	  "	interval_s INTEGER NOT NULL,"
	  "	failures INTEGER NOT NULL,"
	  "	paused INTEGER NOT NULL,"
	  "	error TEXT,"
	  "	moved_url TEXT,"
	  "	moved_count INTEGER NOT NULL"
	  ") STRICT;"
	  "CREATE INDEX sources_due ON sources(due_utc) WHERE paused = 0;"
	  "CREATE TABLE items ("
	  "	source_id INTEGER NOT NULL"
	  "		REFERENCES sources(id) ON DELETE CASCADE,"
	  "	key TEXT NOT NULL,"
	  "	hash TEXT NOT NULL,"
	  "	read_utc INTEGER NOT NULL,"
	  "	PRIMARY KEY (source_id, key)"
	  ") STRICT, WITHOUT ROWID;"
	  "CREATE TABLE stories ("
	  "	id INTEGER PRIMARY KEY,"
	  "	stored_utc INTEGER NOT NULL,"
	  "	changed_utc INTEGER NOT NULL,"
	  "	snapshot TEXT NOT NULL"
	  ") STRICT;"
	  "CREATE TABLE story_keys ("
	  "	key TEXT NOT NULL PRIMARY KEY,"
	  "	story_id INTEGER NOT NULL REFERENCES stories(id)"
	  ") STRICT, WITHOUT ROWID;"
	  "CREATE TABLE story_groups ("
	  "	story_id INTEGER NOT NULL REFERENCES stories(id),"
	  "	group_id INTEGER NOT NULL REFERENCES groups(id),"
	  "	PRIMARY KEY (story_id, group_id)"
	  ") STRICT, WITHOUT ROWID;"
	  "CREATE TABLE articles ("
	  "	id INTEGER PRIMARY KEY,"
	  "	message_id TEXT NOT NULL,"
	  "	story_id INTEGER REFERENCES stories(id),"
	  "	date_utc INTEGER,"
	  "	stored_utc INTEGER NOT NULL,"
	  "	head_len INTEGER NOT NULL,"
	  "	wire BLOB NOT NULL"
	  ") STRICT;"
	  "CREATE INDEX articles_story ON articles(story_id);"
	  "CREATE INDEX articles_stored ON articles(stored_utc);"
	  "CREATE TABLE message_ids ("
	  "	message_id TEXT NOT NULL PRIMARY KEY,"
	  "	article_id INTEGER"
	  ") STRICT, WITHOUT ROWID;"
	  "CREATE TABLE numbers ("
	  "	place INTEGER PRIMARY KEY,"
	  "	article_id INTEGER NOT NULL REFERENCES articles(id)"
	  ") STRICT;"
	  "CREATE INDEX numbers_article ON numbers(article_id);"
	  "CREATE TABLE overviews ("
	  "	place INTEGER PRIMARY KEY REFERENCES numbers(place),"
	  "	line BLOB NOT NULL"
	  ") STRICT;" },
	{ 2,
	  "ALTER TABLE sources ADD COLUMN ttl_s INTEGER NOT NULL DEFAULT 0;"
	  "ALTER TABLE sources ADD COLUMN gap_s INTEGER NOT NULL DEFAULT 0;"
	  "ALTER TABLE sources ADD COLUMN skip_hours INTEGER NOT NULL"
	  "	DEFAULT 0;"
	  "ALTER TABLE sources ADD COLUMN skip_days INTEGER NOT NULL"
	  "	DEFAULT 0;" },
	{ 3,
	  "CREATE TABLE quarantine ("
	  "	source_id INTEGER NOT NULL"
	  "		REFERENCES sources(id) ON DELETE CASCADE,"
	  "	key TEXT NOT NULL,"
	  "	hash TEXT NOT NULL,"
	  "	label TEXT NOT NULL,"
	  "	reason TEXT NOT NULL,"
	  "	version TEXT NOT NULL,"
	  "	since_utc INTEGER NOT NULL,"
	  "	tried_utc INTEGER NOT NULL,"
	  "	tries INTEGER NOT NULL,"
	  "	PRIMARY KEY (source_id, key)"
	  ") STRICT, WITHOUT ROWID;" },
	{ 4,
	  "ALTER TABLE items ADD COLUMN page_etag TEXT;"
	  "ALTER TABLE items ADD COLUMN page_last_modified TEXT;" },
	{ 5,
	  "CREATE TABLE kept_feeds ("
	  "	source_id INTEGER PRIMARY KEY"
	  "		REFERENCES sources(id) ON DELETE CASCADE,"
	  "	url TEXT NOT NULL,"
	  "	charset TEXT,"
	  "	bytes BLOB NOT NULL"
	  ") STRICT;" },
	{ 6,
	  "CREATE TABLE targets ("
	  "	id INTEGER PRIMARY KEY,"
	  "	name TEXT NOT NULL UNIQUE,"
	  "	ok_utc INTEGER,"
	  "	error TEXT"
	  ") STRICT;"
	  "CREATE TABLE deliveries ("
	  "	target_id INTEGER NOT NULL REFERENCES targets(id),"
	  "	group_id INTEGER NOT NULL REFERENCES groups(id),"
	  "	done INTEGER NOT NULL,"
	  "	batch INTEGER NOT NULL,"
	  "	mark INTEGER NOT NULL,"
	  "	PRIMARY KEY (target_id, group_id)"
	  ") STRICT, WITHOUT ROWID;"
	  "ALTER TABLE message_ids ADD COLUMN supersedes TEXT;" },
	{ 7,
	  "ALTER TABLE sources ADD COLUMN layout TEXT NOT NULL"
	  "	DEFAULT 'alternative';"
	  /* size, for an index that knows all that trimming asks; the bytes
	   * last, so that the other columns are read without them. */
	  "CREATE TABLE pictures ("
	  "	id INTEGER PRIMARY KEY,"
	  "	face INTEGER NOT NULL,"
	  "	url TEXT NOT NULL,"
	  "	etag TEXT,"
	  "	last_modified TEXT,"
	  "	checked_utc INTEGER NOT NULL,"
	  "	used_utc INTEGER NOT NULL,"
	  "	reason TEXT,"
	  "	retry_utc INTEGER NOT NULL,"
	  "	type TEXT,"
	  "	width INTEGER NOT NULL,"
	  "	height INTEGER NOT NULL,"
	  "	size INTEGER NOT NULL,"
	  "	bytes BLOB,"
	  "	UNIQUE (face, url)"
	  ") STRICT;"
	  "CREATE INDEX pictures_used ON pictures(used_utc, size);" },
	{ 8,
	  "ALTER TABLE sources ADD COLUMN poll_live_s INTEGER NOT NULL"
	  "	DEFAULT 0;"
	  "ALTER TABLE sources ADD COLUMN recheck TEXT;"
	  "CREATE TABLE rechecks ("
	  "	source_id INTEGER NOT NULL"
	  "		REFERENCES sources(id) ON DELETE CASCADE,"
	  "	key TEXT NOT NULL,"
	  "	due_utc INTEGER NOT NULL,"
	  "	base_utc INTEGER NOT NULL,"
	  "	pause_s INTEGER NOT NULL,"
	  "	url TEXT NOT NULL,"
	  "	words TEXT NOT NULL,"
	  "	PRIMARY KEY (source_id, key)"
	  ") STRICT, WITHOUT ROWID;"
	  "CREATE INDEX rechecks_due ON rechecks(due_utc);"
	  /* Live pages were marked in the hash: the next poll reads them, and
	   * notes here when to look again. */
	  "UPDATE items SET hash = '' WHERE hash LIKE '+/%';" },
	{ 9,
	  "CREATE TABLE revisions ("
	  "	id INTEGER PRIMARY KEY,"
	  "	story_id INTEGER NOT NULL REFERENCES stories(id),"
	  "	number INTEGER NOT NULL,"
	  "	at_utc INTEGER NOT NULL,"
	  "	merged INTEGER NOT NULL,"
	  "	marks INTEGER NOT NULL,"
	  "	size INTEGER NOT NULL,"
	  "	delta BLOB NOT NULL"
	  ") STRICT;"
	  /* With all that capping asks, so that it reads no delta. */
	  "CREATE UNIQUE INDEX revisions_story"
	  "	ON revisions(story_id, number, size);"
	  /* Whether all that it ever said is known. */
	  "ALTER TABLE stories ADD COLUMN whole INTEGER NOT NULL DEFAULT 0;"
	  "ALTER TABLE message_ids ADD COLUMN story_id INTEGER;"
	  "UPDATE message_ids SET story_id ="
	  "	(SELECT story_id FROM articles WHERE id = article_id) "
	  "WHERE article_id IS NOT NULL;"
	  /* Of what was superseded, by what superseded it. */
	  "WITH RECURSIVE chain(id, story_id) AS ("
	  "	SELECT supersedes, story_id FROM message_ids"
	  "		WHERE supersedes IS NOT NULL"
	  "			AND story_id IS NOT NULL"
	  "	UNION SELECT m.supersedes, c.story_id FROM chain c"
	  "		JOIN message_ids m ON m.message_id = c.id"
	  "		WHERE m.supersedes IS NOT NULL) "
	  "UPDATE message_ids SET story_id = chain.story_id FROM chain "
	  "WHERE message_ids.message_id = chain.id"
	  "	AND message_ids.story_id IS NULL;" },
	{ 10,
	  /* With all that NEWNEWS asks, so that it reads no article. */
	  "DROP INDEX articles_stored;"
	  "CREATE INDEX articles_news"
	  "	ON articles(stored_utc, id, message_id);" },
};

#define MIGRATIONS (sizeof(migrations) / sizeof(migrations[0]))
#define NEWEST (migrations[MIGRATIONS - 1].version)

/* An integer that a PRAGMA or a SELECT gives; for what is asked before there is
 * a table that a prepared statement could name. */
static int ask(struct nw_store *store, const char *sql, int *value_r,
	       struct nw_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code != SQLITE_ROW) {
		(void)nw_store_fail(store, code, err);
		(void)sqlite3_finalize(stmt);
		return -1;
	}
	*value_r = sqlite3_column_int(stmt, 0);
	(void)sqlite3_finalize(stmt);
	return 0;
}

/* The version of the store, 0 for a file that nothing was written to; -1
 * when the file is not ours or newer than we are. */
static int look(struct nw_store *store, int *version_r, struct nw_error *err)
{
	int application, version, tables;

	if (ask(store, "PRAGMA application_id", &application, err) ||
	    ask(store, "PRAGMA user_version", &version, err) ||
	    ask(store, "SELECT count(*) FROM sqlite_schema", &tables, err))
		return -1;
	if (application != APPLICATION_ID &&
	    (application || version || tables))
		return nw_error_set(err, NW_ERROR_DATA,
				    "%s: is the database of another program, "
				    "not a store of newswire",
				    store->path);
	if (version > NEWEST)
		return nw_error_set(err, NW_ERROR_DATA,
				    "%s: was written by a newer newswire "
				    "(format %d, this one knows up to %d); "
				    "upgrade newswire",
				    store->path, version, NEWEST);
	*version_r = version;
	return 0;
}

static int migrate(struct nw_store *store, struct nw_error *err)
{
	char sql[64];
	size_t i;
	int version;

	/* Another process may have done it while this one waited. */
	if (look(store, &version, err))
		return -1;
	if (version == NEWEST)
		return 0;
	for (i = 0; i < MIGRATIONS; i++)
		if (migrations[i].version > version &&
		    nw_store_exec(store, migrations[i].sql, err))
			return nw_error_prefix(err, "migration to format %d",
					       migrations[i].version);
	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version = %d", NEWEST);
	if (nw_store_exec(store, sql, err))
		return -1;
	return nw_store_exec(store,
			     "PRAGMA application_id = "
			     NUMBER_TEXT(APPLICATION_ID),
			     err);
}

/*
 * Turns a new file to WAL mode; one that is in it stays so.  Of two that do
 * this at once, SQLite tells one that it is busy without having it wait, for
 * both hold a lock that the other one wants; to ask again lets go of it.
 */
static int turn_to_wal(struct nw_store *store, struct nw_error *err)
{
	int code, waited_ms;

	(void)sqlite3_busy_timeout(store->db, 0);
	for (waited_ms = 0;; waited_ms += RETRY_MS) {
		code = sqlite3_exec(store->db, "PRAGMA journal_mode = WAL",
				    NULL, NULL, NULL);
		if (code != SQLITE_BUSY || waited_ms >= NW_STORE_BUSY_MS)
			break;
		(void)sqlite3_sleep(RETRY_MS);
	}
	(void)sqlite3_busy_timeout(store->db, NW_STORE_BUSY_MS);
	return code == SQLITE_OK ? 0 : nw_store_fail(store, code, err);
}

static int prepare_write(struct nw_store *store, int version,
			 struct nw_error *err)
{
	/* The size of a page holds only for a file that is still empty. */
	if (nw_store_exec(store,
			  "PRAGMA page_size = " NUMBER_TEXT(PAGE_BYTES), err) ||
	    turn_to_wal(store, err))
		return -1;
	if (version == NEWEST)
		return 0;
	if (nw_store_write_begin(store, err))
		return -1;
	return nw_store_write_end(store, migrate(store, err), err);
}

static int check_read(const struct nw_store *store, int version,
		      struct nw_error *err)
{
	if (!version)
		return nw_error_set(err, NW_ERROR_MISSING,
				    "%s: is empty, nothing was stored yet",
				    store->path);
	if (version < NEWEST)
		return nw_error_set(err, NW_ERROR_DATA,
				    "%s: was written by an older newswire; "
				    "\"newswire fetch\" brings it up to date",
				    store->path);
	return 0;
}

int nw_schema_prepare(struct nw_store *store, struct nw_error *err)
{
	int version, result;

	/* Of one state: somebody may be making the tables right now. */
	if (nw_store_read_begin(store, err))
		return -1;
	result = look(store, &version, err);
	nw_store_read_end(store);
	if (result)
		return -1;
	return store->mode == NW_STORE_WRITE
		       ? prepare_write(store, version, err)
		       : check_read(store, version, err);
}
