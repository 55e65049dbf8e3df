/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sources: the URLs that someone subscribed to, each feeding one group.
 */
#ifndef NEWSWIRE_SOURCE_H
#define NEWSWIRE_SOURCE_H

#include "newswire/message.h"
#include "newswire/schedule.h"
#include "newswire/store.h"
#include "newswire/thread.h"

enum nw_source_kind {
	NW_SOURCE_FEED,
	NW_SOURCE_PAGE,	    /* a list of links to stories */
	NW_SOURCE_LIVE,	    /* a live page: one story */
	NW_SOURCE_SITEMAP,
	NW_SOURCE_KINDS
};
/* "feed", "page", "live", "sitemap". */
extern const char *const nw_source_kind_names[NW_SOURCE_KINDS];

struct nw_source {
	int64_t id;
	const char *url;	/* as subscribed, or where it moved to */
	enum nw_source_kind kind;
	const char *name;	/* for people; the group's description */
	const char *group;	/* never changed */
	int64_t group_id;
	enum nw_images images;
	enum nw_edits edits;
	enum nw_message_layout layout;
	int64_t poll_live_s;	/* 0: as the configuration has it … */
	const char *recheck;	/* … NULL: likewise (newswire/config.h) */
	const char *etag;
	const char *last_modified;
	struct nw_schedule schedule;
	const char *error;	/* of the last poll, NULL when it went well */
	const char *moved_url;	/* where 301 or 308 last led … */
	unsigned moved_count;	/* … and how often in a row */
};

/* Adds a source and its group in one transaction; fills id and group_id.
 * NW_ERROR_USAGE when the URL or the group is taken. */
int nw_source_add(struct nw_store *store, struct nw_source *source,
		  int64_t now_utc, struct nw_error *err);
/* Stores what readers chose: name, images, edits, layout, poll_live_s, recheck;
 * from the next message on. */
int nw_source_settle(struct nw_store *store, const struct nw_source *source,
		     struct nw_error *err);
/* Removes the source; its group and articles stay readable.  A source that is
 * added again with the same group continues its numbers. */
int nw_source_remove(struct nw_store *store, int64_t id,
		     struct nw_error *err);
/* A group that no source feeds, or a new description of it (NULL: as it was, at
 * first none).
 * Fails with NW_ERROR_USAGE when a source has it, or with a name that can be
 * none (nw_ident_group_check()). */
int nw_group_add(struct nw_store *store, const char *name,
		 const char *description, int64_t now_utc,
		 struct nw_error *err);
/* By URL or by group: 1, 0 when there is none, -1. */
int nw_source_find(struct nw_store *store, struct nw_arena *arena,
		   const char *url_or_group, struct nw_source *source_r,
		   struct nw_error *err);
/* All of them by group, or only those due at now (pass NW_TIME_NONE for all),
 * longest due first. */
int nw_source_list(struct nw_store *store, struct nw_arena *arena,
		   int64_t due_utc, struct nw_source **sources_r,
		   size_t *count_r, struct nw_error *err);
/* Stores what a poll changes: url, validators, schedule, error, moved_*. */
int nw_source_update(struct nw_store *store, const struct nw_source *source,
		     struct nw_error *err);
/* A feed as it came: kept while pages that it leads to are to be read again, so
 * that it need not come again itself (304). */
struct nw_kept_feed {
	const char *url;	/* that it came from */
	const char *charset;	/* as told by HTTP, or NULL */
	const char *bytes;
	size_t len;
};
/* Keeps it in place of an earlier one; NULL: none.  Nothing happens when the
 * source is not there any more. */
int nw_source_keep_feed(struct nw_store *store, int64_t id,
			const struct nw_kept_feed *feed,
			struct nw_error *err);
/* 1, 0 when there is none, -1. */
int nw_source_kept_feed(struct nw_store *store, struct nw_arena *arena,
			int64_t id, struct nw_kept_feed *feed_r,
			struct nw_error *err);

/* When the next source is due; NW_TIME_NONE when there is none. */
int nw_source_next_due(struct nw_store *store, int64_t *due_utc_r,
		       struct nw_error *err);

#endif
