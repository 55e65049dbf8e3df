/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store: one SQLite file in WAL mode, one writer, many readers.
 *
 * It holds sources, items seen, story snapshots, articles in wire form with
 * their overview lines, and numbers.  A number is given inside the
 * transaction that stores its article, only grows, and is never used
 * again; a Message-ID that was once stored is never stored again,
 * even after its article was cancelled, superseded or expired.  kill -9 at any
 * moment leaves either all of a transaction or nothing.
 *
 * Sources are in newswire/source.h, what readers ask in newswire/group.h.
 */
#ifndef NEWSWIRE_STORE_H
#define NEWSWIRE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "newswire/error.h"
#include "newswire/story.h"

struct nw_store;

enum nw_store_mode {
	NW_STORE_READ,	/* fails with NW_ERROR_MISSING when there is none */
	NW_STORE_WRITE,	/* made, or migrated, when need be */
	/* Writes to one that is there, from a process that has others to
	 * serve: it waits for nobody, and what would have to wait fails with
	 * NW_ERROR_BUSY. */
	NW_STORE_AT_ONCE,
};

/*
 * Opens the store at path.  A store of a newer program is refused with a clear
 * error (NW_ERROR_DATA); of an older one, migrated in one transaction.  A
 * second writer waits up to 10 s for the first one's transaction, then fails
 * with NW_ERROR_BUSY.
 */
int nw_store_open(struct nw_store **store_r, const char *path,
		  enum nw_store_mode mode, struct nw_error *err);
void nw_store_close(struct nw_store **store);

/*
 * A read transaction around several reads of one turn of an event loop: all
 * of them see one state and cost less.  begin within begin does nothing; end is
 * always allowed.  No reader holds one while it waits for its client.
 */
int nw_store_read_begin(struct nw_store *store, struct nw_error *err);
void nw_store_read_end(struct nw_store *store);

/*
 * The stored story that any of these keys (newswire/ident.h) names: 1 and a
 * story in the arena, 0 when there is none, -1 on failure.
 */
int nw_store_story(struct nw_store *store, struct nw_arena *arena,
		   const char *const *keys, size_t key_count,
		   struct nw_story **story_r, int64_t *story_id_r,
		   struct nw_error *err);

/* One article to store. */
struct nw_commit_article {
	const char *message_id;
	const char *bytes;	/* as nw_message_write() makes it */
	size_t len;
	int64_t date_utc;
	const char *supersedes; /* Message-ID of the one that goes, or NULL */
};

/* The page of an item that is to be read again. */
struct nw_recheck {
	const char *url;	/* of the page */
	const char *words;	/* what it said, to tell whether it changed */
	int64_t due_utc;
	int64_t base_utc;	/* since when the story is known; of a live
				 * one: when it last changed */
	int64_t pause_s;	/* between two looks at a live one, else 0 */
};

/* What one story brings, stored as one transaction. */
struct nw_commit {
	int64_t source_id;	      /* 0: none */
	const int64_t *group_ids;
	size_t group_count;
	const char *item_key;	      /* of the source's item, or NULL */
	const char *item_hash;
	const char *page_etag;	      /* validators of the item's page, */
	const char *page_last_modified; /* if it is to be read again */
	const struct nw_recheck *recheck; /* when that is; NULL: as it was, not
					   * any more with NW_TIME_NONE */
	int64_t story_id;	      /* 0: a new story */
	const struct nw_story *story; /* the snapshot; NULL: unchanged */
	const char *const *keys;      /* all its names, canonical first */
	size_t key_count;
	const struct nw_commit_article *articles;
	size_t article_count;
	const char *const *cancels;   /* Message-IDs of articles that go */
	size_t cancel_count;
	bool withdraws;		      /* all articles of the story go */
	bool strange;		      /* articles of others than us: one whose
				       * Message-ID is known changes nothing,
				       * not even the groups of that one */
	const char *path_host;	      /* of Xref */
	int64_t now_utc;
};

struct nw_commit_result {
	int64_t story_id;    /* 0: the commit has no story */
	unsigned stored;     /* articles that got a number somewhere */
	unsigned known;	     /* Message-IDs that were there already */
};

/*
 * All or nothing, and on the disk when it returns; done twice it changes
 * nothing.  An article whose Message-ID is already known is not stored again;
 * when it is there with content and lacks a number in one of the groups, it
 * gets one there.
 *
 * A story belongs to each group that it was committed for, until the group's
 * source is removed.  A group that is new to it gets numbers for all of its
 * articles that are there, so that a second source need not bring them
 * again; a new article of the story gets a number in each of its groups, and
 * one that supersedes another in each group of that one.  A story with
 * story_id 0 whose keys are in the store by now is taken for that one, which
 * keeps its snapshot.
 *
 * Fails with NW_ERROR_IO (disk full included), NW_ERROR_BUSY, or
 * NW_ERROR_MISSING when the source was removed meanwhile, and leaves the store
 * as it was.
 */
int nw_store_commit(struct nw_store *store, const struct nw_commit *commit,
		    struct nw_commit_result *result_r, struct nw_error *err);

/* An item when it was last read. */
struct nw_stored_item {
	const char *hash;	/* what its source said of it */
	const char *page_etag, *page_last_modified;
	int64_t read_utc;
};
/* 1, 0 when it was never seen, -1. */
int nw_store_item(struct nw_store *store, struct nw_arena *arena,
		  int64_t source_id, const char *item_key,
		  struct nw_stored_item *item_r, struct nw_error *err);

/* One whose page is due to be read again. */
struct nw_due_item {
	const char *key;
	struct nw_stored_item stored;
	struct nw_recheck recheck;
};
/* Those of a source, longest due first, at most so many. */
int nw_store_rechecks(struct nw_store *store, struct nw_arena *arena,
		      int64_t source_id, int64_t now_utc, size_t most,
		      struct nw_due_item **items_r, size_t *count_r,
		      struct nw_error *err);
/* How many pages of a source wait, and until when the first does
 * (NW_TIME_NONE: there is none). */
int nw_store_waiting(struct nw_store *store, int64_t source_id,
		     int64_t *count_r, int64_t *due_utc_r,
		     struct nw_error *err);

/*
 * Retention: articles stored more than age_s seconds before now go, and of
 * each group all but the newest count (0 turns either off); an article that
 * another group still holds stays there.  Low water marks rise; numbers,
 * Message-IDs and what is known of stories stay.  In transactions of a bounded
 * size, so that others get their turn.  expired_r: how many articles are not
 * there any more.
 */
int nw_store_expire(struct nw_store *store, int64_t age_s, int64_t count,
		    int64_t now_utc, uint64_t *expired_r,
		    struct nw_error *err);

/* Whether it can be written to, and the disk has room for more: writes what
 * changes nothing. */
int nw_store_probe(struct nw_store *store, struct nw_error *err);

struct nw_store_counts {
	uint64_t sources, groups, stories, articles;
	uint64_t file_bytes;
	uint64_t pictures, picture_bytes; /* newswire/picture_cache.h */
};
int nw_store_count(struct nw_store *store, struct nw_store_counts *counts_r,
		   struct nw_error *err);

#endif
