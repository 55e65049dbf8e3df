/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The stages wired together: a source from due to stored.
 *
 *	fetch → feed → item → fetch → page → story → thread → message → store
 *
 * The poller of "newswire serve" and "newswire fetch" both run this.  A source
 * that fails is logged once, with its reason, backs off, and stops no other;
 * when it goes on failing, an article in its group says so.  An item that
 * fails goes into quarantine (newswire/quarantine.h) and stops no other item.
 * Pages that nobody subscribed to are read as far as their site's robots.txt
 * allows (newswire/robots.h), and so are the pictures of what is about to be
 * published (newswire/picture_cache.h).
 */
#ifndef NEWSWIRE_PIPELINE_H
#define NEWSWIRE_PIPELINE_H

#include "newswire/config.h"
#include "newswire/log.h"
#include "newswire/message.h"
#include "newswire/source.h"

struct event_base;
struct nw_pipeline;

struct nw_pipeline_stats {
	unsigned sources, failed, unchanged;
	unsigned stories, articles;
	unsigned rechecks;	/* pages that were read again */
};

struct nw_pipeline_options {
	const struct nw_config *config;
	const struct nw_log *log;
	int64_t (*now)(void);	/* UTC seconds */
	const char *version;	/* of the program (newswire/quarantine.h) */
};

/* The base and the store stay the caller's and must outlive it. */
int nw_pipeline_new(struct nw_pipeline **pipeline_r, struct event_base *base,
		    struct nw_store *store,
		    const struct nw_pipeline_options *options,
		    struct nw_error *err);
void nw_pipeline_free(struct nw_pipeline **pipeline);

/* Starts a poll of one source; it ends in the event loop. */
int nw_pipeline_poll(struct nw_pipeline *pipeline,
		     const struct nw_source *source, struct nw_error *err);

/*
 * For who stores nothing (newswire convert): gets the pictures of the first
 * post of a thread into the store's cache, while nw_pipeline_active() says
 * so; one thread at a time, which lives until then.
 */
void nw_pipeline_illustrate(struct nw_pipeline *pipeline,
			    struct nw_arena *arena,
			    const struct nw_thread *thread);
/* And fills pictures and face of the options from it, in the arena. */
int nw_pipeline_album(struct nw_store *store, struct nw_arena *arena,
		      const struct nw_config *config,
		      const struct nw_thread *thread,
		      struct nw_message_options *options,
		      struct nw_error *err);

/* The same for what is due of it: when the source itself is not, only the pages
 * that are to be read again. */
int nw_pipeline_poll_due(struct nw_pipeline *pipeline,
			 const struct nw_source *source, struct nw_error *err);

/* Polls in progress. */
unsigned nw_pipeline_active(const struct nw_pipeline *pipeline);

/* Polls all sources that are due, now and whenever one becomes due, until
 * the event loop ends (the poller). */
int nw_pipeline_run(struct nw_pipeline *pipeline, struct nw_error *err);

const struct nw_pipeline_stats *
nw_pipeline_stats(const struct nw_pipeline *pipeline);

#endif
