/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What readers ask of the store: groups, numbers, overviews, articles.
 *
 * Functions that look something up return 1, 0 when it is not there, -1 on
 * failure.  Pointers that they give stay good until the next call on the
 * store or the end of the read transaction, whichever comes first.
 */
#ifndef NEWSWIRE_GROUP_H
#define NEWSWIRE_GROUP_H

#include "newswire/buf.h"
#include "newswire/limits.h"
#include "newswire/store.h"

struct nw_group {
	int64_t id;
	char name[NW_GROUP_OCTETS + 1];
	char description[256];	/* one line, UTF-8, may be "" */
	int64_t low;		/* ≥ 1; no article is below it; it rises when
				 * articles expire, not when one is cancelled
				 * or superseded, so that clients keep the
				 * root that their threads hang on; high + 1
				 * when the group is empty */
	int64_t high;		/* 0 when nothing was ever stored */
	int64_t count;		/* articles that are there */
	int64_t created_utc;
};

int nw_group_find(struct nw_store *store, const char *name,
		  struct nw_group *group_r, struct nw_error *err);
/* The first group whose name comes after name ("" for the first of all), in
 * the order of octets: an iterator that needs no state. */
int nw_group_after(struct nw_store *store, const char *name,
		   struct nw_group *group_r, struct nw_error *err);

/*
 * All groups behind that name, in the same order, until each returns false:
 * then 1, 0 at the end, -1.  each may not ask the store for groups.
 */
int nw_group_each(struct nw_store *store, const char *name,
		  bool (*each)(void *context, const struct nw_group *group),
		  void *context, struct nw_error *err);

/* The same for the groups of the story that an article tells, or told before it
 * was superseded, cancelled or removed; none when it was never there. */
int nw_group_each_of_story(struct nw_store *store, const char *message_id,
			   bool (*each)(void *context,
					const struct nw_group *group),
			   void *context, struct nw_error *err);

struct nw_stored_article {
	int64_t number;		/* in the group; 0 when asked by Message-ID */
	const char *message_id;
	const char *wire;	/* newswire/wire.h */
	size_t wire_len;
	size_t head_len;
};

int nw_group_article(struct nw_store *store, int64_t group_id,
		     int64_t number, struct nw_stored_article *article_r,
		     struct nw_error *err);
int nw_group_article_by_id(struct nw_store *store, const char *message_id,
			   struct nw_stored_article *article_r,
			   struct nw_error *err);
/* Number and Message-ID alone (STAT, NEXT, LAST): of the article at number, of
 * the first one above it, or of the last one below it. */
enum nw_group_step { NW_GROUP_AT, NW_GROUP_NEXT, NW_GROUP_LAST };
int nw_group_stat(struct nw_store *store, int64_t group_id, int64_t number,
		  enum nw_group_step step, int64_t *number_r,
		  const char **message_id_r, struct nw_error *err);

/*
 * Ranges, a piece at a time, so that no transaction outlives a turn of the
 * event loop.  Appends to out, for each article from *next to last, its
 * overview line ready to send (number first), or its number alone, until
 * about piece bytes were added; *next is then where to go on.  Returns 1 when
 * there may be more, 0 when the range is done, -1.
 */
int nw_group_overview(struct nw_store *store, int64_t group_id,
		      int64_t *next, int64_t last, size_t piece,
		      struct nw_buf *out, struct nw_error *err);
int nw_group_numbers(struct nw_store *store, int64_t group_id,
		     int64_t *next, int64_t last, size_t piece,
		     struct nw_buf *out, struct nw_error *err);
/* "number value\r\n" of any header, or of the metadata items ":bytes" and
 * ":lines" (RFC 3977 section 8.5); an article without the header has an
 * empty value. */
int nw_group_header(struct nw_store *store, int64_t group_id,
		    const char *name, int64_t *next, int64_t last,
		    size_t piece, struct nw_buf *out, struct nw_error *err);

/*
 * What was stored since a time, that second too: the Message-ID of each
 * article that is in a wanted group, once, the oldest first.  A piece at a
 * time, as above; the articles that are not wanted count a little for it.
 * A walk that passes by many may go on as one through the numbers of the only
 * group that is wanted: since_utc and after_id then stay.
 */
struct nw_news {
	int64_t since_utc, after_id;	/* where to go on; after_id: 0 first */
	int64_t group_id, number;	/* the only group, where to go on; 0 */
	size_t work;		/* what these counted for is added to it;
				 * wanted may add to it */
	bool (*wanted)(void *context, const char *group);
	void *context;
};
int nw_group_news(struct nw_store *store, struct nw_news *news, size_t piece,
		  struct nw_buf *out, struct nw_error *err);

/* The overview line of one article by Message-ID, its number as 0. */
int nw_group_overview_by_id(struct nw_store *store, const char *message_id,
			    struct nw_buf *out, struct nw_error *err);

#endif
