/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of sitehttpd share.
 *
 *	sitehttpd.c	options, files, the event loop
 *	sitelive.c	the live page, which grows
 *	sitebad.c	everything that a web server can do wrong
 */
#ifndef NEWSWIRE_TESTS_SITEHTTPD_H
#define NEWSWIRE_TESTS_SITEHTTPD_H

#include <event2/http.h>
#include <stdbool.h>
#include <stdint.h>

#include "newswire/buf.h"
#include "newswire/error.h"

struct event_base;

struct site {
	struct event_base *events;
	const char *dir;
	char base_url[64];	/* what @BASE@ becomes */
	int64_t start_utc;	/* when the live page begins */
	int64_t now_utc;	/* when it is for it; 0: now */
	unsigned live_s;	/* one more update every so many seconds */
	bool quiet;
};

/* A page ready to be sent. */
struct site_page {
	struct nw_buf body;
	int64_t modified_utc;
};

/* Appends the file of that path below the folder. */
int site_read(const struct site *site, const char *path, struct nw_buf *out,
	      int64_t *modified_r, struct nw_error *err);

/*
 * A live page: path is that of its template, which has an ".updates" file
 * beside it; query names a further page of it, or is NULL.  1, 0 when there is
 * none, -1.
 */
int site_live(const struct site *site, const char *path, const char *query,
	      struct site_page *page, struct nw_error *err);

/* Answers "/bad/NAME"; false when there is no such thing. */
bool site_bad(struct site *site, struct evhttp_request *request,
	      const char *name);

/* Sends a status with a line of text. */
void site_send(struct evhttp_request *request, int status,
	       const char *reason, const char *text);
void site_header(struct evhttp_request *request, const char *name,
		 const char *value);

#endif
