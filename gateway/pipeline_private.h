/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of the pipeline share.
 *
 *	pipeline.c    which sources are polled, and when
 *	visit.c       one poll of one source
 *	outcome.c     how a poll went: stored, logged, told
 *	pick.c        which items of a feed are new or changed
 *	further.c     documents that a source leads to beside its own
 *	gap.c         the older documents of a feed, when items were missed
 *	older.c       the older updates of a live page, likewise
 *	entry.c       those items, each with its page
 *	recheck.c     pages that are read again for edits, or while they live
 *	part.c        stories on several pages
 *	self.c        sources that are a story themselves
 *	illustrate.c  the pictures that a story's new messages show
 *	gallery.c     pictures on their way into the cache
 *	album.c       the pictures of one message, out of it
 *	ticker.c      the running list of briefs that a page carries
 *	permission.c  which pages a site's robots.txt keeps from us
 *	publish.c     a story into the store
 *	trouble.c     what readers are told of a source that cannot be read
 */
#ifndef NEWSWIRE_PIPELINE_PRIVATE_H
#define NEWSWIRE_PIPELINE_PRIVATE_H

#include "newswire/feed.h"
#include "newswire/fetch.h"
#include "newswire/limits.h"
#include "newswire/message.h"
#include "newswire/picture_cache.h"
#include "newswire/pipeline.h"
#include "newswire/rules.h"

struct event;

struct nw_ticker;

struct nw_waiting {
	struct nw_waiting *next;
	char *group;
	char *host;
	bool only_rechecks;
};

/* A picture on its way into the cache. */
enum nw_plate_state {
	NW_PLATE_ASKS,	  /* whether it may be fetched */
	NW_PLATE_FETCHES,
	NW_PLATE_IS_REMADE,
	NW_PLATE_DONE,	  /* it is there, or known not to be had */
};

struct nw_plate {
	struct nw_plate *next;
	struct nw_pipeline *pipeline;
	struct nw_arena *arena;
	const char *url;	/* of the original */
	const char *hop_url;	/* as redirects lead to it */
	unsigned redirects;
	bool face;
	enum nw_plate_state state;
	unsigned wanted;	/* by so many stories */
	struct nw_kept_picture kept; /* from earlier, bytes NULL for none */
	const char *etag, *last_modified; /* of the reply */
	bool unreachable;	/* its server did not answer, or not now */
	size_t len;		/* DONE: octets of the picture, 0: none */
};

struct nw_want;

/* The pictures that the new messages of a story show. */
struct nw_illustration {
	struct nw_pipeline *pipeline;
	struct nw_arena *arena;
	struct nw_want *wants;
	size_t count, next;
	struct nw_plate *plates[NW_PICTURES_AHEAD];
	const struct nw_want *wanted[NW_PICTURES_AHEAD];
	size_t plate_count;
	size_t post, spent, shown; /* of one message: octets, pictures */
	unsigned *failures;	/* of servers, in a row, or NULL */
	int64_t until_utc;	/* the story waits no longer */
};

struct nw_pipeline {
	struct nw_pipeline_options options;
	struct nw_store *store;
	struct nw_suspects *suspects; /* or NULL */
	struct nw_fetcher *fetcher;
	struct event *worker;	    /* the next step of all visits */
	struct event *clock;	    /* looks for what is due */
	struct nw_waiting *waiting; /* polls that were asked for */
	struct nw_waiting **waiting_end;
	unsigned waiting_count;
	struct nw_studio *studio;
	struct nw_plate *plates;
	struct nw_illustration *errand; /* of nw_pipeline_illustrate() */
	struct nw_site *sites;	 /* with their robots.txt */
	struct nw_visit *visits; /* polls under way */
	unsigned visit_count;
	bool room;		 /* there may be some for what waits */
	bool serving;		 /* nw_pipeline_run() */
	bool filling;		 /* the clock looks in a moment */
	bool store_failed;	 /* so do not try at once again */
	enum nw_error_code trouble; /* with the store, that was told; NONE */
	struct nw_pipeline_stats stats;
};

/* The pages of a story that were asked for. */
struct nw_parts {
	const char *urls[NW_PAGE_PARTS];
	size_t count;
};

enum nw_entry_state {
	NW_ENTRY_WAITS,
	NW_ENTRY_ASKS,	/* whether its page may be fetched */
	NW_ENTRY_FETCHES,
	NW_ENTRY_READ,	/* with or without its page */
	NW_ENTRY_ILLUSTRATES,
	NW_ENTRY_READY,	/* to be published */
};

/* An item that is new or changed. */
struct nw_entry {
	struct nw_visit *visit;
	struct nw_item *item;
	const char *key, *hash;
	const char *url;	/* of the page, as redirects lead to it */
	unsigned redirects;
	struct nw_parts parts;
	const char *single_url, *next_url; /* others, see newswire/page.h */
	bool single;		/* the page now should be the single one */
	struct nw_stored_item stored; /* of a page that is read again */
	const char *etag, *last_modified; /* of the page now */
	bool unchanged;		/* the page is (304) */
	unsigned tries;		/* that it has behind it */
	int64_t when_utc;	/* published, as far as can be told */
	size_t order;		/* in the feed */
	enum nw_entry_state state;
	struct nw_arena *arena; /* of page and story */
	struct nw_story *page;
	bool again;		/* the page may be had another time */
	bool postponed;		/* and until then there is no message */
	bool known;		/* the item is, from an earlier poll */
	const struct nw_recheck *recheck; /* the page is read again for that;
					   * NULL: the item is new or changed */
	const char *words;	/* what the page says now, see recheck.c */
	bool gone;		/* the page is (410) */
	bool deadly;		/* who read it, died of it */
	struct nw_story *story; /* composed of item and page */
	struct nw_illustration illustration;
};

enum nw_visit_state {
	NW_VISIT_FETCHES, /* the source */
	NW_VISIT_GOES_FURTHER, /* to older documents, see further.c */
	NW_VISIT_READS,	  /* its items */
	NW_VISIT_ILLUSTRATES, /* the story that it is itself */
	NW_VISIT_IS_OVER,
};

/* One poll of one source. */
struct nw_visit {
	struct nw_visit *next;
	struct nw_pipeline *pipeline;
	struct nw_arena *arena;
	struct nw_source source; /* as it will be stored */
	const char *host;	 /* of its URL */
	enum nw_visit_state state;
	struct nw_poll poll; /* for the schedule */
	struct nw_rhythm rhythm; /* of the feed that was read */
	const char *page_hash; /* of a source that is a story itself */
	const char *etag, *last_modified; /* of this reply */
	const char *why;     /* it failed; NULL: it did not */
	bool broken;	     /* the store failed: nothing more is done */
	struct nw_feed *feed;
	struct nw_story *story; /* of a page that is one; of one with a ticker,
				 * all briefs that were read */
	struct nw_ticker *ticker;  /* or NULL */
	struct nw_story **stories; /* what is published of it: that one, or the
				    * days of its ticker */
	size_t story_count;
	struct nw_parts parts;	/* of it */
	const struct nw_further *further; /* what next_url is got for */
	const char *next_url;	/* of a further document, as redirects lead to
				 * it, or NULL */
	unsigned redirects;	/* that did so far */
	struct nw_illustration illustration;
	unsigned picture_failures; /* of servers, in a row */
	struct nw_entry *entries; /* oldest first */
	size_t entry_count;
	size_t known;		  /* of the feed's items, from earlier polls */
	unsigned older;		  /* documents of the feed that were read */
	size_t started, finished; /* of the entries, or of the stories */
	unsigned fetching;	  /* replies that are still to come */
	bool again;		  /* something is to be tried again */
	struct nw_kept_feed *fresh; /* the feed, to be kept for that */
	bool kept;		  /* or it is, and did not come again */
	bool outdated;		  /* another version failed at an item */
	bool replied;		  /* the server did, if with an error */
	bool limited;		  /* the site asked for fewer requests */
	bool robots_told;	  /* what a robots.txt kept from us */
	bool index_followed;	  /* from a sitemap index to a sitemap */
	bool only_rechecks;	  /* the source itself is not asked */
	bool rechecking;	  /* the entries are pages to be read again */
	unsigned articles;
};

/* pipeline.c: the visits take their next step in the next turn of the event
 * loop. */
void nw_pipeline_wake(struct nw_pipeline *pipeline);
int64_t nw_pipeline_now(const struct nw_pipeline *pipeline);
/* "" for what is no URL. */
const char *nw_pipeline_host(struct nw_arena *arena, const char *url);
/* Progress, on a terminal; NULL before a log line. */
void nw_pipeline_show(const struct nw_pipeline *pipeline, const char *what);

/* Notes that the store failed, and tells it, but not again before it worked. */
void nw_pipeline_store_failed(struct nw_pipeline *pipeline, const char *object,
			      const struct nw_error *err);
/* A poll was stored. */
void nw_pipeline_store_works(struct nw_pipeline *pipeline);

/* visit.c */
/* The rules for the host of a URL; NULL when there are none. */
const struct nw_rules *nw_visit_rules(const struct nw_visit *visit,
				      struct nw_arena *arena, const char *url);
struct nw_visit *nw_visit_start(struct nw_pipeline *pipeline,
				struct nw_arena *arena,
				const struct nw_source *source);
/* One that reads pages again and does not ask the source. */
struct nw_visit *nw_visit_start_rechecks(struct nw_pipeline *pipeline,
					 struct nw_arena *arena,
					 const struct nw_source *source);
/* The story as it is stored: 1, 0, -1. */
int nw_visit_stored(const struct nw_visit *visit, struct nw_arena *arena,
		    const struct nw_story *story, struct nw_story **stored_r,
		    struct nw_error *err);
/* A reply as it would be kept; it lives as long. */
struct nw_kept_feed nw_visit_document(const struct nw_fetch_reply *reply);
/* A page that a story of the source is on, as it is to be read. */
struct nw_page_input nw_visit_page(const struct nw_visit *visit,
				   struct nw_arena *arena,
				   const struct nw_kept_feed *page);
/* What a source of that kind is asked for. */
const char *nw_visit_accept(enum nw_source_kind kind);
/* Picks the items of visit->feed and of what fills a gap in them. */
void nw_visit_read_items(struct nw_visit *visit);
/* One step; true when there is another one that need not wait. */
bool nw_visit_step(struct nw_visit *visit);
void nw_visit_free(struct nw_visit *visit);
/* Ends the visit without success: why in words, without the URL. */
void nw_visit_fail(struct nw_visit *visit, enum nw_poll_result result,
		   const char *why);
/* The store failed.  A source that somebody removed meanwhile is no failure. */
void nw_visit_break(struct nw_visit *visit, const struct nw_error *err);
/* Notes when a site, by the reply of one of its pages (or NULL), asks for
 * fewer requests: no more is asked of it in this visit, nor soon after. */
void nw_visit_heed(struct nw_visit *visit, const struct nw_fetch_reply *reply);

/* permission.c: pages that nobody subscribed to are asked for only as far as
 * the robots.txt of their site (RFC 9309) allows. */
enum nw_permission {
	NW_PERMISSION_UNKNOWN,	/* the visits are woken once it is known */
	NW_PERMISSION_GIVEN,
	NW_PERMISSION_REFUSED,
	NW_PERMISSION_DEFERRED, /* robots.txt cannot be had, so not now */
};
/* GIVEN: pause_ms_r is what the site wants after the request, or 0.
 * DEFERRED: err says why, and names robots.txt. */
enum nw_permission nw_permission_ask(struct nw_pipeline *pipeline,
				     const char *url, unsigned *pause_ms_r,
				     struct nw_error *err);
void nw_permission_end(struct nw_pipeline *pipeline);

/* outcome.c */

/* Whether a failure is the store's and not the story's. */
bool nw_visit_is_broken_by(const struct nw_error *err);
/* An error's text without the address that the log line names anyway. */
const char *nw_visit_reason(const char *url, const struct nw_error *err);
/* What polls of the source keep to. */
struct nw_schedule_limits nw_visit_limits(const struct nw_visit *visit);
/* Stores and logs how it went; random: any 32 bits. */
void nw_visit_end(struct nw_visit *visit, uint32_t random);

/* further.c: what a further document of a source is read for. */
struct nw_further {
	const char *area; /* of the log lines */
	/* Takes what it holds into the visit; links of the page is NULL. */
	int (*read)(struct nw_visit *visit, const struct nw_page_input *page,
		    struct nw_error *err);
	/* After that: to the one behind it, or on with the visit. */
	void (*go_on)(struct nw_visit *visit);
	/* It cannot be had, now or (lost) ever: what becomes of that, in
	 * words. */
	const char *(*miss)(struct nw_visit *visit, bool lost);
	/* After that, unless the visit broke: on with it. */
	void (*end)(struct nw_visit *visit);
};
/* The visit's next step is to get that document, as far as robots.txt
 * allows. */
void nw_further_begin(struct nw_visit *visit, const struct nw_further *further,
		      const char *url);
void nw_further_step(struct nw_visit *visit);
/* Whether a reply (NULL: none came) says that there is no such document. */
bool nw_further_is_lost(const struct nw_fetch_reply *reply);

/* gap.c: goes further when items were missed and the feed says where they are;
 * then the visit goes on with its items. */
void nw_gap_fill(struct nw_visit *visit);

/* self.c: reads a source that is a story itself, from its page. */
void nw_self_read(struct nw_visit *visit, const struct nw_kept_feed *page);
/* Goes on with visit->story when it is whole: its pictures, then the store. */
void nw_self_publish(struct nw_visit *visit);
/* One step of that; true as nw_visit_step(). */
bool nw_self_step(struct nw_visit *visit);

/* older.c: whether a live story's older updates, on further pages, are to be
 * read: it is new, or none of its updates is known, or they were asked for in
 * vain before; 1, 0, -1. */
int nw_older_wanted(const struct nw_visit *visit, struct nw_arena *arena,
		    const struct nw_story *story, struct nw_error *err);
/* Notes in the story that they were asked for in vain: later polls ask again,
 * whatever they know by then, but not for ever. */
void nw_older_miss(struct nw_visit *visit, struct nw_arena *arena,
		   struct nw_story *story);
/* What becomes of them then, in words. */
const char *nw_older_outlook(const struct nw_story *story);
/* Goes on with visit->story: publishes it, with the pages behind it or
 * without. */
void nw_older_begin(struct nw_visit *visit);

/* ticker.c: puts the ticker of a page whose story, visit->story, is no live one
 * into visit->ticker, and its briefs into visit->story: 1, 0 when it carries
 * none, -1. */
int nw_ticker_take(struct nw_visit *visit, const struct nw_page_input *page,
		   struct nw_error *err);
/* The same of a further page, which may carry none. */
int nw_ticker_join(struct nw_visit *visit, const struct nw_page_input *page,
		   struct nw_error *err);
/* As nw_older_wanted(), but not at the first poll, for a ticker has no
 * beginning; the gap that is noted, or opens now, in gap_tries_r and
 * gap_utc_r (newswire/story.h). */
int nw_ticker_wants_older(const struct nw_visit *visit, unsigned *gap_tries_r,
			  int64_t *gap_utc_r, struct nw_error *err);
/* Puts its days into visit->stories. */
int nw_ticker_days(struct nw_visit *visit, struct nw_error *err);

/* pick.c: picks the items of visit->feed that are new or changed. */
int nw_entries_pick(struct nw_visit *visit, struct nw_error *err);
/* Whether the item is to be read again though the feed says the same of it,
 * and what is stored of it, so that it is. */
bool nw_entry_is_unfinished(const struct nw_entry *entry);
const char *nw_entry_hash(struct nw_arena *arena,
			  const struct nw_entry *entry);

/* entry.c: starts pages, finishes at most one entry; true as
 * nw_visit_step(). */
bool nw_entries_step(struct nw_visit *visit);

/* recheck.c: makes entries of the pages that are due to be read again; false
 * when there are none. */
bool nw_recheck_begin(struct nw_visit *visit);
/* What became of the story that is stored, in entry->story; none when its page
 * says what it said. */
int nw_recheck_compose(struct nw_entry *entry, struct nw_error *err);
/* When the page is read again; NULL: as it was to be. */
const struct nw_recheck *nw_recheck_plan(struct nw_entry *entry);
/* The same, but whatever the page says then, counts as changed. */
const struct nw_recheck *nw_recheck_forget(struct nw_arena *arena,
					   const struct nw_recheck *recheck);

/* part.c: takes note of a page; false when it was asked for already, or is one
 * too many. */
bool nw_part_add(struct nw_arena *arena, struct nw_parts *parts,
		 const char *url);
/* The first page of the story, or the next one that it is known to
 * have: entry->url then names it.  False: there is no other. */
bool nw_part_next(struct nw_entry *entry);
/* Reads the page that came, and puts what it holds of the story into
 * entry->page. */
void nw_part_read(struct nw_entry *entry, const struct nw_fetch_reply *reply);

/* trouble.c: puts an article into the group of a source that failed, with the
 * reason and what can be done; once for all failures since its last
 * success.  Not while it looks as if our own network were down. */
int nw_trouble_tell(struct nw_visit *visit, struct nw_error *err);

/* What is to be stored. */
struct nw_publication {
	const struct nw_source *source;
	const struct nw_story *story; /* as it was read; NULL: only the item */
	const char *reply_to;	      /* a name of the story that it answers */
	const char *item_key;	      /* or NULL */
	const char *item_hash;
	const char *page_etag, *page_last_modified; /* or NULL */
	const char *page_hash;	      /* of a source that is the story's page,
				       * see nw_publish_is_same(); or NULL */
	const struct nw_recheck *recheck; /* see newswire/store.h */
	bool withdrawn;		      /* by the publisher */
	bool gone;		      /* and so, if it is in the store */
};

/* What became of it. */
struct nw_published {
	unsigned articles; /* that are new */
	bool waits;	   /* newswire/thread.h: read the page again, even if
			    * it is as it was */
};

/* publish.c: what nw_publish() would write now; no post when it is nothing. */
int nw_publish_plan(struct nw_pipeline *pipeline, struct nw_arena *arena,
		    const struct nw_publication *publication,
		    struct nw_thread *thread_r, struct nw_error *err);

/* publish.c: story to articles to store, in one transaction. */
int nw_publish(struct nw_pipeline *pipeline, struct nw_arena *arena,
	       const struct nw_publication *publication,
	       struct nw_published *published_r, struct nw_error *err);
/* Whether the page of a source has these bytes still, and nothing waits for
 * them to be read again: 1, 0, -1. */
int nw_publish_is_same(struct nw_pipeline *pipeline, struct nw_arena *arena,
		       const struct nw_source *source, const char *page_hash,
		       struct nw_error *err);

/* illustrate.c: whether messages of the source show pictures. */
bool nw_illustrates(const struct nw_source *source);
/* How long a picture is not asked for again. */
int64_t nw_picture_fresh_s(bool face);
/* Of posts that are to be written; the arena lives as long as it. */
void nw_illustrate_begin(struct nw_illustration *it,
			 struct nw_pipeline *pipeline, struct nw_arena *arena,
			 const struct nw_thread *thread);
/* True when there is no more to wait for. */
bool nw_illustrate_step(struct nw_illustration *it);
/* Waits no longer; may be called for one that never began. */
void nw_illustrate_end(struct nw_illustration *it);

/* gallery.c: a picture that the cache lacks, or that is old; NULL when memory
 * is short.  Who wanted it leaves it when it is done, or before. */
struct nw_plate *nw_plate_want(struct nw_pipeline *pipeline, bool face,
			       const char *url);
void nw_plate_leave(struct nw_plate *plate);
void nw_plates_step(struct nw_pipeline *pipeline);
/* After the fetcher and the studio, which come back to plates. */
void nw_plates_end(struct nw_pipeline *pipeline);

/* album.c: fills pictures and face of the options from the cache, in at most
 * room octets and what the configuration says; they live in the arena. */
struct nw_album {
	struct nw_store *store;
	struct nw_arena *arena;
	const struct nw_config *config;
	size_t room;
};
int nw_album_open(const struct nw_album *album, const struct nw_story *story,
		  const struct nw_post *post,
		  struct nw_message_options *options, struct nw_error *err);

#endif
