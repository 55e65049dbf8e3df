/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of store/ share.
 *
 *	schema.c      the tables, and how an older store becomes a newer one
 *	query.c       the table of statements
 *	query_run.c   running one
 *	store.c       opening, transactions, what an SQLite error means
 *	stories.c     stories, their names and groups; items
 *	delta.c       what a snapshot said before it was changed
 *	revision.c    keeping that
 *	history.c     and reading it
 *	rechecks.c    pages of items that are to be read again
 *	quarantine.c  items that could not be read
 *	suspect.c     what is being read just now
 *	article.c     one article: its numbers, Xref, overview; its end
 *	overview.c    blocks of overview lines
 *	map.c         the store in a reader's memory
 *	commit.c      what one story brings, as one transaction
 *	expire.c      retention
 *	source.c      sources
 *	kept_feed.c   the bytes of feeds that are wanted again
 *	picture.c     the pictures that messages show
 *	group.c       groups and single articles
 *	range.c       overviews, numbers and headers of a range
 *	news.c        Message-IDs by the time that they came
 *	delivery.c    what which mailbox has
 *
 * Those of the check and of the recovery are in check_private.h,
 * recover_private.h and pages_private.h.
 */
#ifndef NEWSWIRE_STORE_PRIVATE_H
#define NEWSWIRE_STORE_PRIVATE_H

#include <sqlite3.h>

#include "newswire/buf.h"
#include "newswire/group.h"
#include "newswire/limits.h"
#include "newswire/store.h"

/* One row for each in query.c. */
enum nw_statement {
	NW_SQL_BEGIN_READ,
	NW_SQL_BEGIN_WRITE,
	NW_SQL_COMMIT,
	NW_SQL_ROLLBACK,
	NW_SQL_COUNTS,

	NW_SQL_STORY_BY_KEY,
	NW_SQL_STORY_READ,
	NW_SQL_STORY_EXISTS,
	NW_SQL_STORY_ADD,
	NW_SQL_STORY_UPDATE,
	NW_SQL_STORY_KEY_ADD,
	NW_SQL_STORY_GROUP_ADD,
	NW_SQL_STORY_GROUPS,
	NW_SQL_STORY_ARTICLES,
	NW_SQL_REVISION_ADD,
	NW_SQL_REVISION_SIZES,
	NW_SQL_REVISIONS,
	NW_SQL_REVISION_JOIN,
	NW_SQL_REVISIONS_LEAVE,
	NW_SQL_HISTORY_STORY,
	NW_SQL_HISTORY_ARTICLE,
	NW_SQL_HISTORY_LIST,
	NW_SQL_ITEM,
	NW_SQL_ITEM_PUT,
	NW_SQL_RECHECK_PUT,
	NW_SQL_RECHECK_REMOVE,
	NW_SQL_RECHECKS_DUE,
	NW_SQL_RECHECKS_WAITING,

	NW_SQL_QUARANTINE_PUT,
	NW_SQL_QUARANTINE_SHRINK,
	NW_SQL_QUARANTINE_HOLDS,
	NW_SQL_QUARANTINE_LEAVE,
	NW_SQL_QUARANTINE_OUTDATED,
	NW_SQL_QUARANTINE_FORGET,
	NW_SQL_QUARANTINE_LIST,

	NW_SQL_MESSAGE_ID,
	NW_SQL_MESSAGE_ID_ADD,
	NW_SQL_MESSAGE_ID_MOVE,
	NW_SQL_MESSAGE_ID_GONE,
	NW_SQL_ARTICLE_ADD,
	NW_SQL_ARTICLE_COPY,
	NW_SQL_ARTICLE_WIRE,
	NW_SQL_ARTICLE_UPDATE,
	NW_SQL_ARTICLE_REMOVE,
	NW_SQL_ARTICLE_PLACES,
	NW_SQL_NUMBER_NEXT,
	NW_SQL_NUMBER_ADD,
	NW_SQL_NUMBERS_MOVE,
	NW_SQL_NUMBER_REMOVE,
	NW_SQL_OVERVIEW,
	NW_SQL_OVERVIEW_PUT,
	NW_SQL_OVERVIEW_REMOVE,
	NW_SQL_GROUP_SHRINK,
	NW_SQL_GROUP_EXPIRE,
	NW_SQL_EXPIRE_OLD,
	NW_SQL_EXPIRE_GROUP,
	NW_SQL_EXPIRE_FIRST,

	NW_SQL_SOURCE_EXISTS,
	NW_SQL_SOURCE_ADD,
	NW_SQL_SOURCE_REMOVE,
	NW_SQL_SOURCE_LEAVE,
	NW_SQL_SOURCE_FIND,
	NW_SQL_SOURCE_OF_GROUP,
	NW_SQL_SOURCE_LIST,
	NW_SQL_SOURCE_DUE,
	NW_SQL_SOURCE_NEXT_DUE,
	NW_SQL_SOURCE_UPDATE,
	NW_SQL_SOURCE_SETTLE,
	NW_SQL_FEED_KEPT,
	NW_SQL_FEED_KEEP,
	NW_SQL_FEED_FORGET,
	NW_SQL_PICTURE_FIND,
	NW_SQL_PICTURE_PUT,
	NW_SQL_PICTURE_TOUCH,
	NW_SQL_PICTURE_TOTAL,
	NW_SQL_PICTURE_OLD,
	NW_SQL_PICTURE_SHRINK,
	NW_SQL_GROUP_PUT,
	NW_SQL_GROUP_EXISTS,

	NW_SQL_GROUP_FIND,
	NW_SQL_GROUP_AFTER,
	NW_SQL_GROUPS_AFTER,
	NW_SQL_GROUPS_OF_STORY,
	NW_SQL_GROUP_NAME,
	NW_SQL_NEWS_SAME,
	NW_SQL_NEWS_LATER,
	NW_SQL_NEWS_GROUP,
	NW_SQL_NEWS_PLACES,
	NW_SQL_GROUP_ARTICLE,
	NW_SQL_GROUP_ARTICLE_MORE,
	NW_SQL_GROUP_ARTICLE_BY_ID,
	NW_SQL_GROUP_STAT_UP,
	NW_SQL_GROUP_STAT_DOWN,
	NW_SQL_GROUP_OVERVIEW,
	NW_SQL_GROUP_OVERVIEW_BY_ID,
	NW_SQL_GROUP_NUMBERS,
	NW_SQL_GROUP_HEADS,

	NW_SQL_TARGET_FIND,
	NW_SQL_TARGET_LIST,
	NW_SQL_TARGET_ADD,
	NW_SQL_TARGET_NOTE,
	NW_SQL_DELIVERY_CURSOR,
	NW_SQL_DELIVERY_BEGIN,
	NW_SQL_DELIVERY_END,
	NW_SQL_DELIVERY_PLAN,
	NW_SQL_DELIVERY_WAITING,
	NW_SQL_DELIVERY_NEXT,
	NW_SQL_DELIVERY_SUPERSEDED,
	NW_SQL_DELIVERY_VERSION,
	NW_SQL_COUNT
};

/* query.c */
extern const char *const nw_statements[NW_SQL_COUNT];

/*
 * One run of a prepared statement.  Parameters are given in the order of
 * their numbers; a failure on the way is kept and reported by step or run.
 * Text and blobs are not copied: they must stay until the run ends.
 */
struct nw_query {
	struct nw_store *store;
	sqlite3_stmt *stmt;
	int bound;
	int code;
};

/* Overview lines that a transaction has under way (overview.c). */
struct nw_overview_block {
	int64_t place;		/* 0: none */
	bool changed;
	struct nw_buf lines;
};

/* Of the store's file (map.c). */
struct nw_map {
	char *region;		/* NULL: SQLite's own is used */
	sqlite3_int64 size;	/* of the file, 0: to be looked up */
	sqlite3_file *file;
	const sqlite3_io_methods *real;
	sqlite3_io_methods methods;
};

struct nw_store {
	sqlite3 *db;
	char *path;
	enum nw_store_mode mode;
	bool reading;		/* between read_begin and read_end */
	struct nw_query held;	/* of the last look-up, whose row is in use, */
	struct nw_buf scratch;	/* or a copy of what it gave */
	struct nw_overview_block block;
	struct nw_map map;
	sqlite3_stmt *statements[NW_SQL_COUNT];
};

/* What a look into an article costs, in bytes of a piece: it takes longer than
 * to add a short line. */
#define NW_STORE_LOOK_BYTES 64

/*
 * A group and a number in it as one integer, the rowid of numbers and
 * overviews: the group above, the number in the lower 32 bits.  SQLite finds a
 * row by its rowid faster than by any other key, and the rows of a group lie
 * side by side.
 */
static inline int64_t nw_place(int64_t group_id, int64_t number)
{
	return group_id << 32 | number;
}

/* Whether there can be such a place at all. */
static inline bool nw_place_exists(int64_t group_id, int64_t number)
{
	return group_id > 0 && group_id <= INT32_MAX && number > 0 &&
	       number <= NW_NUMBER_MAX;
}

static inline int64_t nw_place_group(int64_t place)
{
	return place >> 32;
}

static inline int64_t nw_place_number(int64_t place)
{
	return place & UINT32_MAX;
}

/* Overviews are kept in blocks of so many numbers, a power of two: a row of
 * about 12 KB, which a commit of one article can well afford to write again.
 * The place of a block is that of the first number that it could hold. */
#define NW_OVERVIEW_NUMBERS 32

static inline int64_t nw_overview_place(int64_t place)
{
	return place & ~(int64_t)(NW_OVERVIEW_NUMBERS - 1);
}

/* schema.c: looks at what the file is, and makes or migrates its tables when
 * the store is opened for writing. */
int nw_schema_prepare(struct nw_store *store, struct nw_error *err);

/* map.c: from when a reader has opened its store until it closes it. */
void nw_map_begin(struct nw_store *store);
void nw_map_end(struct nw_store *store);

/* store.c */

/* Fills err with what SQLite's code means for the operator; returns -1. */
int nw_store_fail(const struct nw_store *store, int code,
		  struct nw_error *err);
/* Tells that not even one line fits in the caller's buffer; returns -1. */
int nw_store_no_room(const struct nw_store *store, const struct nw_buf *out,
		     struct nw_error *err);
/* Runs SQL that has no parameters and no use for its rows. */
int nw_store_exec(struct nw_store *store, const char *sql,
		  struct nw_error *err);
int nw_store_write_begin(struct nw_store *store, struct nw_error *err);
/* Commits when result is 0, else undoes all of it and leaves err as it is.
 * Returns 0 when the work is on the disk, else -1. */
int nw_store_write_end(struct nw_store *store, int result,
		       struct nw_error *err);

/* query_run.c */

/* Any run ends the one that is held. */
void nw_query_start(struct nw_query *query, struct nw_store *store,
		    enum nw_statement which);
void nw_query_int(struct nw_query *query, int64_t value);
/* NULL for NW_TIME_NONE. */
void nw_query_time(struct nw_query *query, int64_t utc);
/* NULL for NULL. */
void nw_query_text(struct nw_query *query, const char *text);
void nw_query_blob(struct nw_query *query, const struct nw_buf *bytes);
/* NULL for NULL. */
void nw_query_bytes(struct nw_query *query, const char *bytes, size_t len);
/* 1 and a row, 0 at the end, -1; the run is over unless it gave a row. */
int nw_query_step(struct nw_query *query, struct nw_error *err);
/* Ends a run early; may be called twice. */
void nw_query_end(struct nw_query *query);
/* Leaves it at its row until the next run starts; inside a read transaction,
 * whose end is one. */
void nw_query_hold(struct nw_query *query);
/* Runs to the end; rows are passed over. */
int nw_query_run(struct nw_query *query, struct nw_error *err);
/* The first row's first column: 1, 0 when there is no row (value_r is then
 * not touched), -1. */
int nw_query_value(struct nw_query *query, int64_t *value_r,
		   struct nw_error *err);
/* All first columns, in the arena. */
int nw_query_values(struct nw_query *query, struct nw_arena *arena,
		    int64_t **values_r, size_t *count_r,
		    struct nw_error *err);

/* Columns of the present row: NW_TIME_NONE for NULL; NULL for NULL; bytes
 * that stay until the next step. */
int64_t nw_query_column_time(const struct nw_query *query, int column);
char *nw_query_column_text(const struct nw_query *query, int column,
			   struct nw_arena *arena);
const char *nw_query_column_bytes(const struct nw_query *query, int column,
				  size_t *len_r);

/* What the transaction of one commit carries along. */
struct nw_work {
	struct nw_store *store;
	struct nw_arena *arena;
	const struct nw_commit *commit;
	int64_t story_id;	/* 0: none */
	unsigned stored, known;
	struct nw_buf bytes;	/* the article as it came */
	struct nw_buf wire;
	struct nw_buf line;	/* its overview */
};

/* stories.c: inside the transaction of a commit. */

/* Finds or stores the story and its keys; sets work->story_id. */
int nw_story_put(struct nw_work *work, struct nw_error *err);
/* Notes which groups the story is in; one that is new to it gets the articles
 * that are there. */
int nw_story_join(struct nw_work *work, struct nw_error *err);
/* Whether the article of that Message-ID is one of the story.  Then it has all
 * its numbers, since it was stored or its story came to a group: where it has
 * none, it has expired.  1, 0, -1. */
int nw_story_has(struct nw_work *work, const char *message_id,
		 struct nw_error *err);
int nw_story_item_put(struct nw_work *work, struct nw_error *err);

/*
 * delta.c: what a snapshot said before it was changed, without what stayed
 * the same, as a story of only that: its own text and notices, if marks names
 * one of these, and the updates as they were.
 */
enum nw_delta_mark {
	NW_DELTA_TEXT = 1 << 0,	     /* its own text was changed, … */
	NW_DELTA_TOLD = 1 << 1,	     /* which an article tells, … */
	NW_DELTA_SLIGHT = 1 << 2,    /* or slightly */
	NW_DELTA_CORRECTED = 1 << 3, /* a notice came */
	NW_DELTA_GONE = 1 << 4,	     /* its publisher took it back, … */
	NW_DELTA_BACK = 1 << 5,	     /* or published it again */
	NW_DELTA_OWN = NW_DELTA_TEXT | NW_DELTA_CORRECTED,
};

struct nw_delta {
	unsigned marks;
	const struct nw_story *story;
};

/* Whether a reader would see any difference. */
bool nw_delta_make(struct nw_arena *arena, const struct nw_story *before,
		   const struct nw_story *after, struct nw_delta *delta_r);
/* Several in a row, the oldest first, as one. */
void nw_delta_join(struct nw_arena *arena, const struct nw_delta *deltas,
		   size_t count, struct nw_delta *delta_r);
/* Whether this update of a delta was not there before. */
bool nw_delta_is_absent(const struct nw_update *update);
bool nw_delta_has_notice(const struct nw_story *story, const char *notice);
/* Into an empty buffer; size_r: what unpack wants to know beside the bytes.
 * The marks are kept elsewhere. */
int nw_delta_pack(struct nw_buf *out, const struct nw_delta *delta,
		  size_t *size_r, struct nw_error *err);
int nw_delta_unpack(struct nw_arena *arena, const char *bytes, size_t len,
		    size_t size, struct nw_delta *delta_r,
		    struct nw_error *err);

/* revision.c: inside the transaction of a commit, before its snapshot takes
 * the place of this one. */
int nw_revision_put(struct nw_work *work, const char *json, size_t len,
		    struct nw_error *err);
/* A stored one. */
struct nw_stored_revision {
	int64_t at_utc;
	int64_t number;
	unsigned merged;
	struct nw_delta delta;
};
/* The oldest of a story, at most so many, in the arena. */
int nw_revision_read(struct nw_store *store, struct nw_arena *arena,
		     int64_t story_id, size_t most,
		     struct nw_stored_revision **revisions_r,
		     size_t *count_r, struct nw_error *err);

/* rechecks.c: inside the transaction of a commit. */
int nw_recheck_put(struct nw_work *work, struct nw_error *err);

/* overview.c */

/* The digits of the largest number. */
#define NW_NUMBER_OCTETS 10
/* Writes it and returns its length: as printf would, in a twentieth of the
 * time, which whoever sends millions of lines a second notices. */
size_t nw_overview_number(char at[NW_NUMBER_OCTETS], int64_t number);

/* A line of a block. */
struct nw_overview_line {
	int64_t number;
	const char *start;
	const char *fields;	/* behind the number: the first tab */
	const char *end;	/* behind CRLF */
};
/* The line at line->end, of the block that ends at end; false when there is
 * none, or none that could be one. */
bool nw_overview_next(struct nw_overview_line *line, const char *end);

/* Inside a transaction: sets or removes the line of a place, which is a number
 * and these fields (nw_wire_overview). */
int nw_overview_put(struct nw_store *store, int64_t place,
		    const struct nw_buf *fields, struct nw_error *err);
int nw_overview_remove(struct nw_store *store, int64_t place,
		       struct nw_error *err);
/* Before the transaction ends: writes what is under way when result is 0, else
 * forgets it.  Returns whether the transaction may be committed. */
int nw_overview_end(struct nw_store *store, int result, struct nw_error *err);

/* group.c: the next row of a look-up with the columns of
 * NW_SQL_DELIVERY_NEXT; the run is over then.  An article without a date has
 * the time when it was stored. */
int nw_group_read_dated(struct nw_query *query,
			struct nw_stored_article *article_r,
			int64_t *date_utc_r, struct nw_error *err);

/* article.c: inside a transaction. */

/* Stores an article of the commit, or gives one that is there the numbers
 * that it lacks. */
int nw_article_put(struct nw_work *work,
		   const struct nw_commit_article *article,
		   struct nw_error *err);
/* Gives a stored article a number in each of the groups where it has none. */
int nw_article_join(struct nw_work *work, int64_t article_id,
		    const int64_t *group_ids, size_t count,
		    struct nw_error *err);
/* For an article whose numbers were given it anew: puts its overview lines, and
 * with rewrite its Xref, made with commit->path_host, before that. */
int nw_article_renew(struct nw_work *work, int64_t article_id, bool rewrite,
		     struct nw_error *err);
/* Takes away the article of that Message-ID, which stays known. */
int nw_article_cancel(struct nw_store *store, struct nw_arena *arena,
		      const char *message_id, struct nw_error *err);
/* Takes away an article that its publisher took back or replaced. */
int nw_article_withdraw(struct nw_store *store, struct nw_arena *arena,
			int64_t article_id, struct nw_error *err);
/* Takes away an article that has expired. */
int nw_article_expire(struct nw_store *store, struct nw_arena *arena,
		      int64_t article_id, struct nw_error *err);
/* Takes away one number that has expired of an article, and the article with
 * its last one: *removed_r then counts it. */
int nw_article_leave(struct nw_store *store, struct nw_arena *arena,
		     int64_t place, uint64_t *removed_r,
		     struct nw_error *err);

#endif
