/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store_private.h"

#define GROUP_COLUMNS "id, name, description, low, high, count, created_utc"
#define GROUP_OF(place) "(" place " >> 32)"
#define BLOCK_OF(place) "(" place " & ~31)"
_Static_assert(NW_OVERVIEW_NUMBERS == 32, "as BLOCK_OF says");
/* As news.c reads them. */
#define NEWS \
	"SELECT stored_utc, id, message_id" \
	"	FROM articles INDEXED BY articles_news "
/* As source.c reads them. */
#define SOURCE_COLUMNS \
	"SELECT s.id, s.url, s.kind, s.name, g.name, s.group_id, s.images," \
	"	s.edits, s.etag, s.last_modified, s.due_utc, s.ok_utc," \
	"	s.changed_utc, s.interval_s, s.failures, s.paused, s.error," \
	"	s.moved_url, s.moved_count, s.ttl_s, s.gap_s," \
	"	s.skip_hours, s.skip_days, s.layout, s.poll_live_s," \
	"	s.recheck " \
	"FROM sources s JOIN groups g ON g.id = s.group_id "

const char *const nw_statements[NW_SQL_COUNT] = {
	[NW_SQL_BEGIN_READ] = "BEGIN",
	/* At once, not at the first write: who must wait, waits here, where
	 * nothing has been read yet that could become outdated. */
	[NW_SQL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
	[NW_SQL_COMMIT] = "COMMIT",
	[NW_SQL_ROLLBACK] = "ROLLBACK",
	[NW_SQL_COUNTS] =
		"SELECT (SELECT count(*) FROM sources),"
		"	(SELECT count(*) FROM groups),"
		"	(SELECT count(*) FROM stories),"
		"	(SELECT count(*) FROM articles),"
		"	page_count * page_size,"
		"	(SELECT count(*) FROM pictures INDEXED BY"
		"		pictures_used WHERE size > 0),"
		"	(SELECT coalesce(sum(size), 0) FROM pictures"
		"		INDEXED BY pictures_used) "
		"FROM pragma_page_count, pragma_page_size",

	[NW_SQL_STORY_BY_KEY] =
		"SELECT story_id FROM story_keys WHERE key = ?1",
	[NW_SQL_STORY_READ] = "SELECT snapshot FROM stories WHERE id = ?1",
	[NW_SQL_STORY_EXISTS] = "SELECT id FROM stories WHERE id = ?1",
	[NW_SQL_STORY_ADD] =
		"INSERT INTO stories (snapshot, stored_utc, changed_utc,"
		"	whole) VALUES (?1, ?2, ?2, 1) RETURNING id",
	[NW_SQL_STORY_UPDATE] =
		"UPDATE stories SET snapshot = ?2, changed_utc = ?3 "
		"WHERE id = ?1",
	/* A name that another story has stays with it. */
	[NW_SQL_STORY_KEY_ADD] =
		"INSERT INTO story_keys (key, story_id) VALUES (?1, ?2)"
		"	ON CONFLICT DO NOTHING",
	[NW_SQL_STORY_GROUP_ADD] =
		"INSERT INTO story_groups (story_id, group_id) VALUES (?1, ?2)"
		"	ON CONFLICT DO NOTHING RETURNING group_id",
	[NW_SQL_STORY_GROUPS] =
		"SELECT group_id FROM story_groups WHERE story_id = ?1 "
		"ORDER BY group_id",
	[NW_SQL_STORY_ARTICLES] =
		"SELECT id FROM articles WHERE story_id = ?1 "
		"ORDER BY stored_utc, id",
	[NW_SQL_REVISION_ADD] =
		"INSERT INTO revisions (story_id, number, at_utc, merged,"
		"	marks, size, delta) VALUES (?1, 1 + coalesce("
		"	(SELECT max(number) FROM revisions"
		"	WHERE story_id = ?1), 0), ?2, 0, ?3, ?4, ?5)",
	[NW_SQL_REVISION_SIZES] =
		"SELECT size FROM revisions WHERE story_id = ?1 "
		"ORDER BY number",
	[NW_SQL_REVISIONS] =
		"SELECT at_utc, merged, marks, size, delta, number "
		"FROM revisions WHERE story_id = ?1 ORDER BY number LIMIT ?2",
	[NW_SQL_REVISION_JOIN] =
		"UPDATE revisions SET merged = ?3, marks = ?4, size = ?5,"
		"	delta = ?6 "
		"WHERE story_id = ?1 AND number = ?2",
	[NW_SQL_REVISIONS_LEAVE] =
		"DELETE FROM revisions WHERE story_id = ?1 AND number < ?2",
	[NW_SQL_HISTORY_STORY] =
		"SELECT snapshot, stored_utc, whole FROM stories "
		"WHERE id = ?1",
	[NW_SQL_HISTORY_ARTICLE] =
		"SELECT coalesce(story_id, 0) FROM message_ids "
		"WHERE message_id = ?1",
	[NW_SQL_HISTORY_LIST] =
		"SELECT h.story_id, h.at_utc, h.count, s.snapshot FROM"
		"	(SELECT r.story_id, max(r.at_utc) AS at_utc,"
		"		count(*) + sum(r.merged) AS count"
		"	FROM story_groups g"
		"		JOIN revisions r ON r.story_id = g.story_id"
		"	WHERE g.group_id = ?1 GROUP BY r.story_id) h"
		"	JOIN stories s ON s.id = h.story_id "
		"ORDER BY h.at_utc DESC, h.story_id DESC",
	[NW_SQL_ITEM] =
		"SELECT hash, page_etag, page_last_modified, read_utc "
		"FROM items WHERE source_id = ?1 AND key = ?2",
	[NW_SQL_ITEM_PUT] =
		"INSERT INTO items (source_id, key, hash, read_utc,"
		"	page_etag, page_last_modified)"
		"	VALUES (?1, ?2, ?3, ?4, ?5, ?6) "
		"ON CONFLICT DO UPDATE SET hash = ?3, read_utc = ?4,"
		"	page_etag = ?5, page_last_modified = ?6",

	[NW_SQL_RECHECK_PUT] =
		"INSERT INTO rechecks (source_id, key, due_utc, base_utc,"
		"	pause_s, url, words)"
		"	VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) "
		"ON CONFLICT DO UPDATE SET due_utc = ?3, base_utc = ?4,"
		"	pause_s = ?5, url = ?6, words = ?7",
	[NW_SQL_RECHECK_REMOVE] =
		"DELETE FROM rechecks WHERE source_id = ?1 AND key = ?2",
	[NW_SQL_RECHECKS_DUE] =
		"SELECT i.hash, i.page_etag, i.page_last_modified, i.read_utc,"
		"	r.key, r.url, r.words, r.due_utc, r.base_utc,"
		"	r.pause_s "
		"FROM rechecks r JOIN items i"
		"	ON i.source_id = r.source_id AND i.key = r.key "
		"WHERE r.source_id = ?1 AND r.due_utc <= ?2 "
		"ORDER BY r.due_utc, r.key LIMIT ?3",
	[NW_SQL_RECHECKS_WAITING] =
		"SELECT count(*), min(due_utc) FROM rechecks "
		"WHERE source_id = ?1",

	[NW_SQL_QUARANTINE_PUT] =
		"INSERT INTO quarantine (source_id, key, hash, label, reason,"
		"	version, since_utc, tried_utc, tries) "
		"SELECT id, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 1 FROM sources "
		"WHERE id = ?1 "
		"ON CONFLICT DO UPDATE SET hash = ?3, label = ?4, reason = ?5,"
		"	version = ?6, tried_utc = ?7,"
		"	tries = tries + (hash <> ?3 OR version <> ?6) "
		"RETURNING source_id",
	[NW_SQL_QUARANTINE_SHRINK] =
		"DELETE FROM quarantine WHERE source_id = ?1 AND key IN"
		"	(SELECT key FROM quarantine WHERE source_id = ?1"
		"	ORDER BY tried_utc DESC, key LIMIT -1 OFFSET ?2)",
	[NW_SQL_QUARANTINE_HOLDS] =
		"SELECT 1 FROM quarantine WHERE source_id = ?1 AND key = ?2"
		"	AND hash = ?3 AND version = ?4",
	[NW_SQL_QUARANTINE_LEAVE] =
		"DELETE FROM quarantine WHERE source_id = ?1 AND key = ?2",
	[NW_SQL_QUARANTINE_OUTDATED] =
		"SELECT 1 FROM quarantine "
		"WHERE source_id = ?1 AND version <> ?2 LIMIT 1",
	[NW_SQL_QUARANTINE_FORGET] =
		"DELETE FROM quarantine WHERE source_id = ?1 AND version <> ?2",
	[NW_SQL_QUARANTINE_LIST] =
		"SELECT key, hash, label, reason, version, since_utc,"
		"	tried_utc, tries FROM quarantine "
		"WHERE source_id = ?1 ORDER BY tried_utc DESC, key",

	[NW_SQL_MESSAGE_ID] =
		"SELECT coalesce(article_id, 0) FROM message_ids "
		"WHERE message_id = ?1",
	[NW_SQL_MESSAGE_ID_ADD] =
		"INSERT INTO message_ids (message_id, article_id, supersedes,"
		"	story_id) VALUES (?1, ?2, ?3, nullif(?4, 0))",
	[NW_SQL_MESSAGE_ID_MOVE] =
		"UPDATE message_ids SET article_id = ?2 WHERE message_id ="
		"	(SELECT message_id FROM articles WHERE id = ?1)",
	[NW_SQL_MESSAGE_ID_GONE] =
		"UPDATE message_ids SET article_id = NULL WHERE message_id ="
		"	(SELECT message_id FROM articles WHERE id = ?1)",
	[NW_SQL_ARTICLE_ADD] =
		"INSERT INTO articles (id, message_id, story_id, date_utc,"
		"	stored_utc, head_len, wire)"
		"	VALUES (?1, ?2, nullif(?3, 0), ?4, ?5, ?6, ?7)",
	[NW_SQL_ARTICLE_COPY] =
		"INSERT INTO articles (id, message_id, story_id, date_utc,"
		"	stored_utc, head_len, wire) "
		"SELECT ?2, message_id, story_id, date_utc, stored_utc,"
		"	head_len, wire FROM articles WHERE id = ?1",
	[NW_SQL_ARTICLE_WIRE] = "SELECT wire FROM articles WHERE id = ?1",
	[NW_SQL_ARTICLE_UPDATE] =
		"UPDATE articles SET head_len = ?2, wire = ?3 WHERE id = ?1",
	[NW_SQL_ARTICLE_REMOVE] = "DELETE FROM articles WHERE id = ?1",
	[NW_SQL_ARTICLE_PLACES] =
		"SELECT n.place, g.name FROM numbers n"
		"	JOIN groups g ON g.id = " GROUP_OF("n.place")
		" WHERE n.article_id = ?1 ORDER BY n.place",
	[NW_SQL_NUMBER_NEXT] =
		"UPDATE groups SET high = high + 1, count = count + 1 "
		"WHERE id = ?1 RETURNING high, name",
	[NW_SQL_NUMBER_ADD] =
		"INSERT INTO numbers (place, article_id) VALUES (?1, ?2)",
	[NW_SQL_NUMBERS_MOVE] =
		"UPDATE numbers SET article_id = ?2 WHERE article_id = ?1",
	[NW_SQL_NUMBER_REMOVE] =
		"DELETE FROM numbers WHERE place = ?1 RETURNING article_id",
	[NW_SQL_OVERVIEW] = "SELECT lines FROM overviews WHERE place = ?1",
	[NW_SQL_OVERVIEW_PUT] =
		"INSERT INTO overviews (place, lines) VALUES (?1, ?2) "
		"ON CONFLICT DO UPDATE SET lines = ?2",
	[NW_SQL_OVERVIEW_REMOVE] = "DELETE FROM overviews WHERE place = ?1",
	/* After a number was withdrawn; low stays, unless it was the last. */
	[NW_SQL_GROUP_SHRINK] =
		"UPDATE groups SET count = count - 1,"
		"	low = iif(count > 1, low, high + 1) "
		"WHERE id = " GROUP_OF("?1"),
	/* After one expired: low rises to the next one that is there. */
	[NW_SQL_GROUP_EXPIRE] =
		"UPDATE groups SET count = count - 1, low = coalesce("
		"	(SELECT place & 0xffffffff FROM numbers"
		"	WHERE place BETWEEN (id << 32 | low)"
		"		AND (id << 32 | high)"
		"	ORDER BY place LIMIT 1), high + 1) "
		"WHERE id = " GROUP_OF("?1"),
	[NW_SQL_EXPIRE_OLD] =
		"SELECT id FROM articles WHERE stored_utc < ?1 "
		"ORDER BY stored_utc, id LIMIT ?2",
	[NW_SQL_EXPIRE_GROUP] =
		"SELECT id, count - ?2 FROM groups "
		"WHERE id >= ?1 AND count > ?2 ORDER BY id LIMIT 1",
	[NW_SQL_EXPIRE_FIRST] =
		"SELECT place FROM numbers "
		"WHERE place BETWEEN ?1 AND ?2 ORDER BY place LIMIT ?3",

	[NW_SQL_SOURCE_EXISTS] = "SELECT id FROM sources WHERE id = ?1",
	[NW_SQL_SOURCE_ADD] =
		"INSERT INTO sources (url, kind, name, group_id, images,"
		"	edits, etag, last_modified, due_utc, ok_utc,"
		"	changed_utc, interval_s, failures, paused, error,"
		"	moved_url, moved_count, ttl_s, gap_s, skip_hours,"
		"	skip_days, layout, poll_live_s, recheck) "
		"VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
		"	?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23,"
		"	?24) "
		"RETURNING id",
	[NW_SQL_SOURCE_REMOVE] =
		"DELETE FROM sources WHERE id = ?1 RETURNING group_id",
	[NW_SQL_SOURCE_LEAVE] = "DELETE FROM story_groups WHERE group_id = ?1",
	[NW_SQL_SOURCE_FIND] = SOURCE_COLUMNS
		"WHERE s.id = coalesce("
		"	(SELECT id FROM sources WHERE url = ?1),"
		"	(SELECT sources.id FROM groups JOIN sources"
		"		ON group_id = groups.id"
		"	WHERE groups.name = ?1))",
	[NW_SQL_SOURCE_OF_GROUP] = SOURCE_COLUMNS "WHERE s.group_id = ?1",
	[NW_SQL_SOURCE_LIST] = SOURCE_COLUMNS "ORDER BY g.name",
	[NW_SQL_SOURCE_DUE] = SOURCE_COLUMNS
		"WHERE s.paused = 0 AND s.id IN"
		"	(SELECT id FROM sources"
		"	WHERE paused = 0 AND due_utc <= ?1"
		"	UNION SELECT source_id FROM rechecks"
		"	WHERE due_utc <= ?1) "
		"ORDER BY s.due_utc, s.id",
	[NW_SQL_SOURCE_NEXT_DUE] =
		"SELECT min(due_utc) FROM"
		"	(SELECT * FROM (SELECT due_utc FROM sources"
		"		WHERE paused = 0 ORDER BY due_utc LIMIT 1)"
		"	UNION ALL SELECT * FROM (SELECT r.due_utc"
		"		FROM rechecks r JOIN sources s"
		"			ON s.id = r.source_id"
		"		WHERE s.paused = 0"
		"		ORDER BY r.due_utc LIMIT 1)) "
		"HAVING count(*) > 0",
	[NW_SQL_SOURCE_UPDATE] =
		"UPDATE sources SET url = ?2, etag = ?3, last_modified = ?4,"
		"	due_utc = ?5, ok_utc = ?6, changed_utc = ?7,"
		"	interval_s = ?8, failures = ?9, paused = ?10,"
		"	error = ?11, moved_url = ?12, moved_count = ?13,"
		"	ttl_s = ?14, gap_s = ?15, skip_hours = ?16,"
		"	skip_days = ?17 "
		"WHERE id = ?1 RETURNING id",
	[NW_SQL_SOURCE_SETTLE] =
		"UPDATE sources SET name = ?2, images = ?3, edits = ?4,"
		"	layout = ?5, poll_live_s = ?6, recheck = ?7 "
		"WHERE id = ?1 RETURNING group_id",
	[NW_SQL_FEED_KEPT] =
		"SELECT url, charset, bytes FROM kept_feeds "
		"WHERE source_id = ?1",
	[NW_SQL_FEED_KEEP] =
		"INSERT INTO kept_feeds (source_id, url, charset, bytes) "
		"SELECT id, ?2, ?3, ?4 FROM sources WHERE id = ?1 "
		"ON CONFLICT DO UPDATE SET url = ?2, charset = ?3, bytes = ?4",
	[NW_SQL_FEED_FORGET] = "DELETE FROM kept_feeds WHERE source_id = ?1",
	[NW_SQL_PICTURE_FIND] =
		"SELECT etag, last_modified, checked_utc, used_utc, reason,"
		"	retry_utc, type, width, height, bytes FROM pictures "
		"WHERE face = ?1 AND url = ?2",
	[NW_SQL_PICTURE_PUT] =
		"INSERT INTO pictures (face, url, etag, last_modified,"
		"	checked_utc, used_utc, reason, retry_utc, type, width,"
		"	height, size, bytes)"
		"	VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
		"	?12, ?13) "
		"ON CONFLICT DO UPDATE SET etag = ?3, last_modified = ?4,"
		"	checked_utc = ?5, used_utc = ?6, reason = ?7,"
		"	retry_utc = ?8, type = ?9, width = ?10, height = ?11,"
		"	size = ?12, bytes = ?13",
	[NW_SQL_PICTURE_TOUCH] =
		"UPDATE pictures SET checked_utc = ?3, used_utc = ?4 "
		"WHERE face = ?1 AND url = ?2",
	/* By the index alone, which names no bytes. */
	[NW_SQL_PICTURE_TOTAL] =
		"SELECT count(*), coalesce(sum(size), 0) FROM pictures"
		"	INDEXED BY pictures_used",
	[NW_SQL_PICTURE_OLD] =
		"DELETE FROM pictures WHERE id IN"
		"	(SELECT id FROM pictures WHERE used_utc < ?1"
		"	ORDER BY used_utc LIMIT ?2)",
	[NW_SQL_PICTURE_SHRINK] =
		"DELETE FROM pictures WHERE id ="
		"	(SELECT id FROM pictures ORDER BY used_utc LIMIT 1)",
	[NW_SQL_GROUP_PUT] =
		"INSERT INTO groups (name, description, created_utc)"
		"	VALUES (?1, ?2, ?3) "
		"ON CONFLICT DO UPDATE SET description = ?2 RETURNING id",
	[NW_SQL_GROUP_EXISTS] = "SELECT id FROM groups WHERE id = ?1",

	[NW_SQL_GROUP_FIND] =
		"SELECT " GROUP_COLUMNS " FROM groups WHERE name = ?1",
	[NW_SQL_GROUP_AFTER] =
		"SELECT " GROUP_COLUMNS " FROM groups WHERE name > ?1 "
		"ORDER BY name LIMIT 1",
	[NW_SQL_GROUPS_AFTER] =
		"SELECT " GROUP_COLUMNS " FROM groups WHERE name > ?1 "
		"ORDER BY name",
	/* Of a story and, for what is of none or whose sources were removed, of
	 * the articles that are there. */
	[NW_SQL_GROUPS_OF_STORY] =
		"SELECT " GROUP_COLUMNS " FROM groups WHERE id IN"
		"	(SELECT g.group_id FROM message_ids m"
		"		JOIN story_groups g ON g.story_id = m.story_id"
		"		WHERE m.message_id = ?1"
		"	UNION SELECT " GROUP_OF("n.place") " FROM message_ids m"
		"		JOIN articles a ON a.story_id = m.story_id"
		"		JOIN numbers n ON n.article_id = a.id"
		"		WHERE m.message_id = ?1"
		"	UNION SELECT " GROUP_OF("n.place") " FROM message_ids m"
		"		JOIN numbers n ON n.article_id = m.article_id"
		"		WHERE m.message_id = ?1) "
		"ORDER BY name",
	[NW_SQL_GROUP_NAME] = "SELECT name FROM groups WHERE id = ?1",
	/* By an index alone, which knows all of it; apart, because SQLite
	 * does not look for a row (stored_utc, id) where id is the rowid. */
	[NW_SQL_NEWS_SAME] = NEWS
		"WHERE stored_utc = ?1 AND id > ?2 ORDER BY id",
	[NW_SQL_NEWS_LATER] = NEWS
		"WHERE stored_utc > ?1 ORDER BY stored_utc, id",
	[NW_SQL_NEWS_GROUP] =
		"SELECT a.stored_utc, a.id, a.message_id, n.place"
		"	FROM numbers n JOIN articles a ON a.id = n.article_id "
		"WHERE n.place BETWEEN ?1 AND ?2 ORDER BY n.place",
	[NW_SQL_NEWS_PLACES] =
		"SELECT place FROM numbers WHERE article_id = ?1",
	[NW_SQL_GROUP_ARTICLE] =
		"SELECT message_id, head_len, wire FROM articles "
		"WHERE id = ?1",
	[NW_SQL_GROUP_ARTICLE_MORE] =
		"SELECT a.message_id, a.head_len, a.wire FROM numbers n"
		"	JOIN articles a ON a.id = n.article_id "
		"WHERE n.place = ?1",
	[NW_SQL_GROUP_ARTICLE_BY_ID] =
		"SELECT a.message_id, a.head_len, a.wire FROM message_ids m"
		"	JOIN articles a ON a.id = m.article_id "
		"WHERE m.message_id = ?1",
	[NW_SQL_GROUP_STAT_UP] =
		"SELECT n.place, a.message_id FROM numbers n"
		"	JOIN articles a ON a.id = n.article_id "
		"WHERE n.place BETWEEN ?1 AND ?2 "
		"ORDER BY n.place LIMIT 1",
	[NW_SQL_GROUP_STAT_DOWN] =
		"SELECT n.place, a.message_id FROM numbers n"
		"	JOIN articles a ON a.id = n.article_id "
		"WHERE n.place BETWEEN ?1 AND ?2 "
		"ORDER BY n.place DESC LIMIT 1",
	[NW_SQL_GROUP_OVERVIEW] =
		"SELECT place, lines FROM overviews "
		"WHERE place BETWEEN ?1 AND ?2 ORDER BY place",
	[NW_SQL_GROUP_OVERVIEW_BY_ID] =
		"SELECT n.place, o.lines FROM message_ids m"
		"	JOIN numbers n ON n.article_id = m.article_id"
		"	JOIN overviews o ON o.place = " BLOCK_OF("n.place")
		" WHERE m.message_id = ?1 LIMIT 1",
	[NW_SQL_GROUP_NUMBERS] =
		"SELECT place FROM numbers "
		"WHERE place BETWEEN ?1 AND ?2 ORDER BY place",
	[NW_SQL_GROUP_HEADS] =
		"SELECT n.place, a.id, a.head_len FROM numbers n"
		"	JOIN articles a ON a.id = n.article_id "
		"WHERE n.place BETWEEN ?1 AND ?2 ORDER BY n.place",

	[NW_SQL_TARGET_FIND] =
		"SELECT id, name, ok_utc, error FROM targets WHERE name = ?1",
	[NW_SQL_TARGET_LIST] =
		"SELECT id, name, ok_utc, error FROM targets ORDER BY name",
	[NW_SQL_TARGET_ADD] =
		"INSERT INTO targets (name) VALUES (?1) "
		"ON CONFLICT DO UPDATE SET name = name RETURNING id",
	[NW_SQL_TARGET_NOTE] =
		"UPDATE targets SET error = ?2, ok_utc = coalesce(?3, ok_utc) "
		"WHERE id = ?1",
	[NW_SQL_DELIVERY_CURSOR] =
		"SELECT done, batch, mark FROM deliveries "
		"WHERE target_id = ?1 AND group_id = ?2",
	[NW_SQL_DELIVERY_BEGIN] =
		"INSERT INTO deliveries (target_id, group_id, done, batch,"
		"	mark) VALUES (?1, ?2, ?3, ?4, ?5) "
		"ON CONFLICT DO UPDATE SET batch = ?4, mark = ?5",
	[NW_SQL_DELIVERY_END] =
		"UPDATE deliveries SET done = ?3, batch = 0, mark = 0 "
		"WHERE target_id = ?1 AND group_id = ?2",
	/* The length of a blob is known without reading it. */
	[NW_SQL_DELIVERY_PLAN] =
		"SELECT n.place, length(a.wire) FROM numbers n"
		"	JOIN articles a ON a.id = n.article_id "
		"WHERE n.place BETWEEN ?1 AND ?2 ORDER BY n.place LIMIT ?3",
	[NW_SQL_DELIVERY_WAITING] =
		"SELECT count(*) FROM numbers WHERE place BETWEEN ?1 AND ?2",
	[NW_SQL_DELIVERY_NEXT] =
		"SELECT a.message_id, a.head_len, a.wire, n.place, a.date_utc,"
		"	a.stored_utc FROM numbers n"
		"	JOIN articles a ON a.id = n.article_id "
		"WHERE n.place BETWEEN ?1 AND ?2 ORDER BY n.place LIMIT 1",
	[NW_SQL_DELIVERY_SUPERSEDED] =
		"SELECT supersedes FROM message_ids "
		"WHERE message_id = ?1 AND supersedes IS NOT NULL",
	[NW_SQL_DELIVERY_VERSION] = "PRAGMA data_version",
};
