/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "newswire/source.h"
#include "newswire/wire.h"
#include "recover_private.h"

#define STRINGIFY(number) #number
#define NUMBER_TEXT(number) STRINGIFY(number)

#define NUMBER "& 0xffffffff"
#define PLACES_OF(id) id " << 32 AND " id " << 32 | 0xffffffff"
/* A number that stands alone so far above all others is a damaged one. */
#define FAR "1000000"

#define PLACES \
	"SELECT n.article_id, g.name, n.place " NUMBER " FROM numbers n" \
	"	JOIN groups g ON g.id = n.place >> 32"

#define MOVE(table) \
	"UPDATE " table " SET article_id = (SELECT new FROM moved" \
	"	WHERE old = article_id)" \
	"	WHERE article_id IN (SELECT old FROM moved)"

#define PROGRESS_EVERY 1000

/*
 * What follows from the rows, step by step.  ?1 is the present.
 */
static const char *const steps[] = {
	"CREATE INDEX recovered_ids ON articles(message_id)",
	"CREATE INDEX temp.xrefs_article ON xrefs(article_id)",

	/* Of two articles with one Message-ID the one that it is known by. */
	"DELETE FROM articles WHERE EXISTS (SELECT 1 FROM articles b"
	"	WHERE b.message_id = articles.message_id"
	"	AND b.id <> articles.id AND (b.id < articles.id"
	"		OR b.id IS (SELECT article_id FROM message_ids m"
	"			WHERE m.message_id = b.message_id))"
	"	AND articles.id IS NOT (SELECT article_id FROM message_ids m"
	"		WHERE m.message_id = articles.message_id))",

	/* Groups whose row was lost: their ids by the numbers that articles
	 * have, their names by Xref. */
	"CREATE TEMP TABLE kept AS SELECT id FROM groups",
	"INSERT OR IGNORE INTO groups (id, name, description, created_utc) "
	"SELECT n.place >> 32, x.name, '', ?1 FROM xrefs x"
	"	JOIN seen_numbers n ON n.article_id = x.article_id"
	"	AND n.place " NUMBER " = x.number "
	"WHERE x.number > 0 AND n.place >> 32 NOT IN (SELECT id FROM kept)"
	"	AND x.name NOT IN (SELECT name FROM groups) "
	"GROUP BY 1, 2 ORDER BY count(*) DESC",
	/* One article alone may have a damaged Xref. */
	"INSERT OR IGNORE INTO groups (id, name, description, created_utc) "
	"SELECT row_number() OVER (ORDER BY x.name) + (SELECT max("
	"	coalesce((SELECT max(id) FROM groups), 0),"
	"	coalesce((SELECT max(group_id) FROM sources), 0))),"
	"	x.name, '', ?1 FROM xrefs x "
	"WHERE x.number > 0 AND x.name NOT IN (SELECT name FROM groups) "
	"GROUP BY x.name HAVING count(*) > 1"
	"	OR NOT EXISTS (SELECT 1 FROM kept)",
	"INSERT OR IGNORE INTO groups (id, name, description, created_utc) "
	"SELECT group_id, printf('recovered.group-%d', group_id), '', ?1 "
	"FROM sources WHERE group_id NOT IN (SELECT id FROM groups)",

	/* Who has which place: a number, an Xref and an overview line say so,
	 * each one once. */
	"CREATE TEMP TABLE votes (place, article_id, n,"
	"	PRIMARY KEY (place, article_id)) WITHOUT ROWID",
	"INSERT INTO votes SELECT place, article_id, 1 FROM seen_numbers "
	"WHERE article_id IN (SELECT id FROM articles)"
	"	AND place >> 32 IN (SELECT id FROM groups)",
	"INSERT INTO votes SELECT l.place, a.id, 1 FROM seen_lines l"
	"	JOIN articles a ON a.message_id = l.message_id "
	"WHERE l.place >> 32 IN (SELECT id FROM groups) "
	"ON CONFLICT DO UPDATE SET n = n + 1",
	/* An Xref may name a number that has expired. */
	"CREATE TEMP TABLE firsts AS SELECT id AS group_id, name,"
	"	iif(id IN (SELECT id FROM kept), low, coalesce((SELECT"
	"		min(place) " NUMBER " FROM votes"
	"		WHERE place BETWEEN " PLACES_OF("id") "), 1)) AS first"
	"	FROM groups",
	"CREATE INDEX temp.firsts_name ON firsts(name)",
	"INSERT INTO votes SELECT DISTINCT f.group_id << 32 | x.number,"
	"	x.article_id, 1 FROM xrefs x JOIN firsts f ON f.name = x.name "
	"WHERE x.number > 0 AND x.article_id IN (SELECT id FROM articles)"
	"	AND (x.number >= f.first OR EXISTS (SELECT 1 FROM votes v"
	"		WHERE v.place = f.group_id << 32 | x.number"
	"		AND v.article_id = x.article_id)) "
	"ON CONFLICT DO UPDATE SET n = n + 1",

	/* The highest number that is believed, of each group. */
	"INSERT INTO marks SELECT g.id, max(x.number) FROM xrefs x"
	"	JOIN groups g ON g.name = x.name WHERE true GROUP BY g.id "
	"ON CONFLICT DO UPDATE SET high = max(high, excluded.high)",
	"CREATE TEMP TABLE bounds AS SELECT id AS group_id, " FAR " + max(high,"
	"	coalesce((SELECT max(place " NUMBER ") FROM votes"
	"		WHERE n > 1 AND place BETWEEN " PLACES_OF("id") "), 0),"
	"	(SELECT count(*) FROM votes"
	"		WHERE place BETWEEN " PLACES_OF("id") ")) AS bound"
	"	FROM groups",
	"CREATE INDEX temp.bounds_group ON bounds(group_id)",
	"DELETE FROM votes WHERE n = 1 AND place " NUMBER " >"
	"	(SELECT bound FROM bounds WHERE group_id = place >> 32)",

	"CREATE TEMP TABLE chosen (place INTEGER PRIMARY KEY, group_id,"
	"	article_id, UNIQUE (article_id, group_id))",
	"INSERT OR IGNORE INTO chosen SELECT place, place >> 32, article_id "
	"FROM votes ORDER BY n DESC, place",
	"INSERT INTO numbers SELECT place, article_id FROM chosen",

	/* What is known to be lost: articles that a number or a Message-ID
	 * names.  One without a number cannot be found by anybody. */
	"DELETE FROM articles WHERE id NOT IN (SELECT article_id FROM numbers)",
	"CREATE TEMP TABLE lost AS SELECT article_id FROM seen_numbers"
	"	WHERE article_id NOT IN (SELECT id FROM articles) "
	"UNION SELECT article_id FROM message_ids"
	"	WHERE article_id NOT IN (SELECT id FROM articles)",

	/* An id that is a place must be one of its own (group.c). */
	"CREATE TEMP TABLE moved AS SELECT id AS old, row_number()"
	"	OVER (ORDER BY id) + (SELECT coalesce(max(id), 0)"
	"		FROM articles WHERE id >> 32 = 0) AS new "
	"FROM articles WHERE id >> 32 > 0 AND id NOT IN (SELECT place"
	"	FROM numbers WHERE article_id = articles.id)",
	"UPDATE articles SET id = (SELECT new FROM moved WHERE old = id)"
	"	WHERE id IN (SELECT old FROM moved)",
	MOVE("numbers"), MOVE("xrefs"), MOVE("heads"),

	"UPDATE groups SET high = max(high, coalesce((SELECT min(m.high,"
	"	b.bound) FROM marks m JOIN bounds b USING (group_id)"
	"	WHERE group_id = id), 0))",
	"UPDATE groups SET high = min(high + " NUMBER_TEXT(NW_RECOVER_JUMP)
	", " NUMBER_TEXT(NW_NUMBER_MAX) ") "
	"WHERE id NOT IN (SELECT id FROM kept)",
	"UPDATE groups SET count = (SELECT count(*) FROM numbers"
	"	WHERE place BETWEEN " PLACES_OF("id") ")",
	"UPDATE groups SET low = iif(count, max(1, min("
	"	iif(id IN (SELECT id FROM kept), low, high), (SELECT"
	"	min(place) " NUMBER " FROM numbers"
	"	WHERE place BETWEEN " PLACES_OF("id") "))), high + 1)",

	/* Message-IDs: of what is there, of what is gone. */
	"UPDATE articles SET story_id = NULL WHERE story_id IS NOT NULL"
	"	AND story_id NOT IN (SELECT id FROM stories)",
	"INSERT OR IGNORE INTO message_ids (message_id, article_id, story_id) "
	"SELECT message_id, id, story_id FROM articles",
	"UPDATE message_ids SET article_id ="
	"	(SELECT id FROM articles a"
	"	WHERE a.message_id = message_ids.message_id)",
	"UPDATE message_ids SET story_id = NULL WHERE story_id IS NOT NULL"
	"	AND story_id NOT IN (SELECT id FROM stories)",
	"UPDATE message_ids SET supersedes = (SELECT supersedes FROM heads"
	"	WHERE heads.article_id = message_ids.article_id) "
	"WHERE supersedes IS NULL AND article_id IS NOT NULL",
	"INSERT OR IGNORE INTO message_ids (message_id) "
	"SELECT supersedes FROM heads UNION SELECT message_id FROM seen_lines",

	/* Stories: their names, their groups; a past without a gap. */
	"DELETE FROM story_keys WHERE story_id NOT IN"
	"	(SELECT id FROM stories)",
	"INSERT OR IGNORE INTO story_keys (key, story_id) "
	"SELECT key, story_id FROM names "
	"WHERE story_id IN (SELECT id FROM stories)",
	"DELETE FROM story_groups"
	"	WHERE story_id NOT IN (SELECT id FROM stories)"
	"	OR group_id NOT IN (SELECT id FROM groups)",
	"INSERT OR IGNORE INTO story_groups (story_id, group_id) "
	"SELECT a.story_id, n.place >> 32 FROM articles a"
	"	JOIN numbers n ON n.article_id = a.id "
	"WHERE a.story_id IS NOT NULL"
	"	AND n.place >> 32 IN (SELECT group_id FROM sources)"
	"	AND a.story_id NOT IN (SELECT story_id FROM story_groups)",
	"DELETE FROM revisions WHERE story_id NOT IN (SELECT id FROM stories)",
	"CREATE TEMP TABLE begun AS SELECT story_id, max(number) AS number"
	"	FROM revisions r WHERE NOT EXISTS (SELECT 1 FROM revisions b"
	"		WHERE b.story_id = r.story_id"
	"		AND b.number = r.number - 1) GROUP BY story_id",
	"UPDATE stories SET whole = 0 WHERE id IN (SELECT r.story_id"
	"	FROM revisions r JOIN begun USING (story_id)"
	"	WHERE r.number < begun.number)",
	"DELETE FROM revisions WHERE number < (SELECT number FROM begun"
	"	WHERE begun.story_id = revisions.story_id)",

	/* What belongs to a source or to a mailbox that is not there. */
	"DELETE FROM items WHERE source_id NOT IN (SELECT id FROM sources)",
	"DELETE FROM rechecks WHERE source_id NOT IN (SELECT id FROM sources)",
	"DELETE FROM quarantine WHERE source_id NOT IN"
	"	(SELECT id FROM sources)",
	"DELETE FROM kept_feeds WHERE source_id NOT IN"
	"	(SELECT id FROM sources)",
	"DELETE FROM deliveries"
	"	WHERE target_id NOT IN (SELECT id FROM targets)"
	"	OR group_id NOT IN (SELECT id FROM groups)",
	"UPDATE deliveries SET done = min(done, (SELECT high FROM groups"
	"		WHERE id = group_id)),"
	"	batch = min(batch, (SELECT high FROM groups"
	"		WHERE id = group_id))",
	"DROP INDEX recovered_ids",

	/* Articles whose Xref names other numbers than they have now, but for
	 * those that have expired. */
	"DELETE FROM xrefs WHERE number > 0 AND EXISTS (SELECT 1 FROM firsts f"
	"	WHERE f.name = xrefs.name AND xrefs.number < f.first"
	"	AND NOT EXISTS (SELECT 1 FROM numbers n WHERE n.place ="
	"		f.group_id << 32 | xrefs.number))",
	"CREATE TEMP TABLE differing (article_id INTEGER PRIMARY KEY)",
	"INSERT OR IGNORE INTO differing SELECT article_id FROM"
	"	(" PLACES " EXCEPT SELECT article_id, name, number FROM xrefs)",
	"INSERT OR IGNORE INTO differing SELECT article_id FROM"
	"	(SELECT article_id, name, number FROM xrefs EXCEPT " PLACES ")",
	"INSERT OR IGNORE INTO differing SELECT article_id FROM xrefs "
	"GROUP BY article_id, name, number HAVING count(*) > 1",
};

/* ?1 is the last id that a source had, 0 when that is not known. */
static const char *const sequence_steps[] = {
	"INSERT INTO sqlite_sequence (name, seq) SELECT 'sources', 0 "
	"WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence"
	"	WHERE name = 'sources')",
	"UPDATE sqlite_sequence SET seq = max(?1, (SELECT coalesce(max(id), 0)"
	"	FROM sources)) + iif(?1 > 0, 0, " NUMBER_TEXT(NW_RECOVER_JUMP)
	") WHERE name = 'sources'",
};

static int run(struct nw_recover *recover, const char *sql, int64_t value,
	       struct nw_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(recover->store->db, sql, -1, &stmt, NULL);

	if (code == SQLITE_OK && sqlite3_bind_parameter_count(stmt))
		code = sqlite3_bind_int64(stmt, 1, value);
	while (code == SQLITE_OK || code == SQLITE_ROW)
		code = sqlite3_step(stmt);
	if (code != SQLITE_DONE)
		(void)nw_store_fail(recover->store, code, err);
	(void)sqlite3_finalize(stmt);
	return code == SQLITE_DONE ? 0 : -1;
}

int nw_recover_ask(struct nw_recover *recover, const char *sql,
		   int64_t *value_r, struct nw_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int code = sqlite3_prepare_v2(recover->store->db, sql, -1, &stmt, NULL);

	if (code == SQLITE_OK)
		code = sqlite3_step(stmt);
	if (code == SQLITE_ROW)
		*value_r = sqlite3_column_int64(stmt, 0);
	else
		(void)nw_store_fail(recover->store, code, err);
	(void)sqlite3_finalize(stmt);
	return code == SQLITE_ROW ? 0 : -1;
}

/* Who made the Xref of an article, for the new one. */
static const char *host_of(struct nw_work *work, const char *wire, size_t len)
{
	const char *end = memmem(wire, len, "\r\n\r\n", 4), *value;
	size_t value_len, i;

	if (!end || !nw_wire_header(wire, (size_t)(end + 2 - wire), "Xref",
				    &value, &value_len))
		return "localhost";
	for (i = 0; i < value_len && value[i] > ' ';)
		i++;
	return i ? nw_arena_strndup(work->arena, value, i) : "localhost";
}

static int renew(struct nw_work *work, sqlite3_stmt *stmt,
		 struct nw_error *err)
{
	const int64_t id = sqlite3_column_int64(stmt, 0);
	const bool differs = sqlite3_column_int(stmt, 1);
	struct nw_commit commit = { .path_host = NULL };

	if (differs)
		commit.path_host =
			host_of(work, sqlite3_column_blob(stmt, 2),
				(size_t)sqlite3_column_bytes(stmt, 2));
	work->commit = &commit;
	return nw_article_renew(work, id, differs, err);
}

/* Overview lines of all articles, and Xref of those whose own names other
 * numbers than they have now. */
static int renew_all(struct nw_recover *recover, struct nw_work *work,
		     int64_t total, struct nw_error *err)
{
	static const char sql[] =
		"SELECT id, id IN (SELECT article_id FROM differing), wire "
		"FROM articles ORDER BY id";
	sqlite3_stmt *stmt = NULL;
	uint64_t done = 0;
	int code = sqlite3_prepare_v2(recover->store->db, sql, -1, &stmt, NULL);
	int result = 0;

	while (!result && (code == SQLITE_OK || code == SQLITE_ROW)) {
		code = sqlite3_step(stmt);
		if (code != SQLITE_ROW)
			break;
		result = renew(work, stmt, err);
		nw_arena_free(&work->arena);
		work->arena = nw_arena_new();
		if (done++ % PROGRESS_EVERY == 0)
			nw_recover_progress(recover, done, (uint64_t)total,
					    "articles");
	}
	if (!result && code != SQLITE_DONE)
		result = nw_store_fail(recover->store, code, err);
	(void)sqlite3_finalize(stmt);
	return result;
}

static int renew_articles(struct nw_recover *recover, struct nw_error *err)
{
	struct nw_work work = { .store = recover->store };
	int64_t total;
	int result;

	if (nw_recover_ask(recover, "SELECT count(*) FROM articles", &total,
			   err))
		return -1;
	work.arena = nw_arena_new();
	nw_buf_init(&work.bytes, NW_STORE_WIRE_BYTES);
	nw_buf_init(&work.wire, NW_STORE_WIRE_BYTES);
	nw_buf_init(&work.line, NW_STORE_OVERVIEW_BYTES);
	result = nw_overview_end(recover->store,
				 renew_all(recover, &work, total, err), err);
	nw_buf_free(&work.line);
	nw_buf_free(&work.wire);
	nw_buf_free(&work.bytes);
	nw_arena_free(&work.arena);
	return result;
}

/* A word that no setting has becomes the usual one. */
static int mend_setting(struct nw_recover *recover, const char *column,
			const char *const *names, int count,
			struct nw_error *err)
{
	struct nw_buf sql;
	int i, result;

	nw_buf_init(&sql, 4096);
	nw_buf_addf(&sql, "UPDATE sources SET %s = '%s' WHERE %s NOT IN (",
		    column, names[0], column);
	for (i = 0; i < count; i++)
		nw_buf_addf(&sql, "%s'%s'", i ? ", " : "", names[i]);
	nw_buf_adds(&sql, ")");
	result = nw_buf_ok(&sql) ? run(recover, sql.data, 0, err) : -1;
	nw_buf_free(&sql);
	return result;
}

static int mend_settings(struct nw_recover *recover, struct nw_error *err)
{
	if (mend_setting(recover, "kind", nw_source_kind_names,
			 NW_SOURCE_KINDS, err) ||
	    mend_setting(recover, "images", nw_images_names, NW_IMAGES_COUNT,
			 err) ||
	    mend_setting(recover, "edits", nw_edits_names, NW_EDITS_COUNT,
			 err))
		return -1;
	return mend_setting(recover, "layout", nw_layout_names,
			    NW_LAYOUT_COUNT, err);
}

int nw_recover_rebuild(struct nw_recover *recover, int64_t now_utc,
		       struct nw_error *err)
{
	const size_t count = sizeof(steps) / sizeof(*steps);
	size_t i;

	for (i = 0; i < count; i++) {
		nw_recover_progress(recover, i, count, "putting in order");
		if (run(recover, steps[i], now_utc, err))
			return nw_error_prefix(err, "recovery, step %zu", i);
	}
	for (i = 0; i < sizeof(sequence_steps) / sizeof(*sequence_steps); i++)
		if (run(recover, sequence_steps[i], recover->sequence, err))
			return -1;
	return mend_settings(recover, err) ? -1 : renew_articles(recover, err);
}
