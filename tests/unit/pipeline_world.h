/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pipeline with a store in a folder of its own, a clock that the test sets,
 * and a web of documents that the test writes.
 */
#ifndef NEWSWIRE_TESTS_PIPELINE_WORLD_H
#define NEWSWIRE_TESTS_PIPELINE_WORLD_H

#include <stdint.h>
#include <stdio.h>

#include "httpserver.h"
#include "newswire/arena.h"
#include "newswire/config.h"
#include "newswire/pipeline.h"
#include "newswire/source.h"

#define DOCUMENTS 64

/* What a path answers.  A test may change it between two polls. */
struct document {
	const char *path;
	int status;
	const char *headers; /* "Name: value\r\n…", or NULL */
	const char *body;
	size_t len;	    /* of body, 0: up to its NUL */
	const char *etag;   /* then an If-None-Match of it gets a 304 */
	unsigned takes_s;   /* by the clock that the pipeline sees */
	unsigned hits, not_modified;
	unsigned turn;	    /* of all requests, when it was last asked for */
};

struct world {
	struct nw_arena *arena;
	struct event_base *base;
	struct httpserver *server;
	struct document documents[DOCUMENTS];
	size_t document_count;
	char dir[64];
	char path[96];
	struct nw_store *store;
	struct nw_config config;
	struct nw_log log;
	FILE *log_file;
	struct nw_pipeline *pipeline;
};

int world_setup(void **state);
int world_teardown(void **state);

/* Starts the pipeline anew, as that version of the program. */
void world_start(struct world *world, const char *version);
/* The clock that the pipeline sees. */
void world_set_clock(int64_t utc);
int64_t world_clock(void);

/* Adds a document; @BASE@ in body and headers becomes the server's URL. */
struct document *world_put(struct world *world, const char *path, int status,
			   const char *body);
const char *world_text(struct world *world, const char *text);
/* Adds a picture of the sample site ("bridge.png"). */
struct document *world_put_picture(struct world *world, const char *path,
				   const char *name);
/* Adds the pages of ITEM_1 to ITEM_3 (pipeline_texts.h). */
void world_put_stories(struct world *world);
/* Adds "/feed", with validators. */
struct document *world_put_feed(struct world *world, const char *body);
/* Writes rules for the pages of the world, and returns where; the end of the
 * test removes the file. */
const char *world_rules(struct world *world, const char *lines);
/* Subscribes to a path, due now. */
void world_subscribe(struct world *world, const char *path,
		     enum nw_source_kind kind, const char *group);
/* The source as the store has it. */
struct nw_source world_source(struct world *world, const char *group);
/* One poll up to its end. */
void world_poll(struct world *world, const char *group);
/* The same of what is due. */
void world_poll_due(struct world *world, const char *group);

/* What the pipeline logged so far, but for what was logged before the
 * last call. */
const char *world_log(struct world *world);

/* How many articles a group holds, and the highest number. */
int64_t world_count(struct world *world, const char *group);
int64_t world_high(struct world *world, const char *group);
/* A header of an article, NULL when there is no such article or header. */
const char *world_header(struct world *world, const char *group,
			 int64_t number, const char *name);
/* The article as it goes over the wire, NULL when there is none. */
const char *world_article(struct world *world, const char *group,
			  int64_t number);
/* The same with its soft line ends (RFC 3676) taken out. */
const char *world_flowed(struct world *world, const char *group,
			 int64_t number);
/* Fails unless the text stands in the article. */
void assert_has(const char *article, const char *text);

#endif
