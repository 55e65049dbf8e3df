/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of fetch/ share.
 *
 *	address.c  which addresses the public web can have
 *	header.c   what a reply's headers say
 *	loop.c     curl's sockets and timers on the event base
 *	queue.c    whose turn it is: one host after the other, with pauses
 *	transfer.c one request, redirects included, up to its reply
 *	fetch.c    the fetcher
 */
#ifndef NEWSWIRE_FETCH_PRIVATE_H
#define NEWSWIRE_FETCH_PRIVATE_H

#include <curl/curl.h>

#include "newswire/arena.h"
#include "newswire/buf.h"
#include "newswire/fetch.h"

struct event;
struct sockaddr;

/* Why our own callbacks ended a transfer: curl's code says only that one
 * did. */
enum nw_fetch_stop {
	NW_FETCH_STOP_NONE,
	NW_FETCH_STOP_BODY,
	NW_FETCH_STOP_HEADERS,
};

/* What waits for one host. */
struct nw_fetch_host {
	struct nw_fetch_host *next;
	char *name;
	struct nw_fetch *waiting;
	struct nw_fetch **waiting_end;
	unsigned running;
	int64_t ready_ms;		/* no request before this */
};

struct nw_fetch_queue {
	struct nw_fetch_host *hosts;	/* whose turn comes next, first */
	struct nw_fetch_host **hosts_end;
	unsigned per_host;		/* requests to one at once */
	unsigned waiting_count;
};

struct nw_fetch {
	struct nw_fetcher *fetcher;
	struct nw_fetch *next;		/* of those that wait for the host */
	struct nw_fetch_host *host;	/* of the hop that waits or runs */
	char *url;			/* as asked for */
	char *etag, *last_modified, *accept;
	char *user_agent, *referer, *cookie;
	unsigned pause_ms;		/* after each of its requests */
	size_t body_bytes;		/* its caps, … */
	bool own_body_bytes;		/* … that one not the policy's */
	unsigned total_ms;
	bool holds;			/* at a redirect */
	nw_fetch_done *done;
	void *context;

	/* While it runs. */
	struct nw_arena *arena;
	CURL *easy;
	struct curl_slist *headers;
	const char *hop_url;		/* where it is now */
	const char *permanent_url;
	bool permanent;			/* no other redirect so far */
	unsigned hops;
	int64_t started_ms;		/* the hop that runs */
	int64_t spent_ms;		/* by the hops before it */
	struct nw_buf body;
	size_t header_bytes;
	enum nw_fetch_stop stop;
	const char *refused;		/* an address, and what it is */
	char detail[CURL_ERROR_SIZE];	/* curl's own words */
};

struct nw_fetcher {
	struct nw_fetch_policy policy;
	char *user_agent;
	char *proxy;			/* "": none */
	struct event_base *base;
	CURLM *multi;
	struct event *timer;		/* curl's clock */
	struct event *starter;		/* starts what waits */
	struct nw_fetch_queue queue;
	struct nw_fetch **running;	/* room for policy.parallel */
	unsigned running_count;
	bool calling;			/* a done callback is under way */
};

/* What the network is called that the address belongs to ("loopback"), NULL
 * when it is a public one. */
const char *nw_fetch_address_kind(const struct sockaddr *address);
/* The same of a normalised URL's host, without asking a name server: what is
 * neither an address nor "localhost" is taken for public. */
const char *nw_fetch_host_kind(const char *host);

/*
 * header.c: values as they came.  Times from now, in seconds, at most
 * NW_BACKOFF_MAX_S; -1 when the value says none.
 */
int64_t nw_fetch_retry_after(const char *value, int64_t now_utc);
/* max-age of one Cache-Control line; 0 for no-cache and no-store. */
int64_t nw_fetch_max_age(const char *value);
/* date: the reply's own clock, NW_TIME_NONE when it told none. */
int64_t nw_fetch_expires(const char *value, int64_t date_utc);
/* "Text/HTML; charset=X" to "text/html" and "X"; NULL for what is absent. */
void nw_fetch_content_type(struct nw_arena *arena, const char *value,
			   const char **type_r, const char **charset_r);
/* Fills all of the reply that headers tell. */
void nw_fetch_headers(struct nw_arena *arena, CURL *easy, int64_t now_utc,
		      struct nw_fetch_reply *reply);

/* loop.c */
int nw_fetch_loop_init(struct nw_fetcher *fetcher, struct nw_error *err);
void nw_fetch_loop_free(struct nw_fetcher *fetcher);

/*
 * queue.c: pure but for memory; the clock comes in.  A host gets its turn
 * when all others had theirs, however much waits for it.
 */
void nw_fetch_queue_init(struct nw_fetch_queue *queue, unsigned per_host);
/* Behind what waits for that host, or first; -1 when memory is short. */
int nw_fetch_queue_put(struct nw_fetch_queue *queue, struct nw_fetch *fetch,
		       const char *host, bool first);
/* What may start now, and is taken for running; NULL when nothing may, and
 * then in how many milliseconds something may though nothing ends until
 * then (-1: never). */
struct nw_fetch *nw_fetch_queue_take(struct nw_fetch_queue *queue,
				     int64_t now_ms, int64_t *wait_ms_r);
/* The request ended: its host is left alone for pause_ms. */
void nw_fetch_queue_done(struct nw_fetch *fetch, int64_t now_ms,
			 unsigned pause_ms);
/* Takes out one after the other of those that wait, in no order, and in the
 * end forgets all hosts. */
struct nw_fetch *nw_fetch_queue_end(struct nw_fetch_queue *queue);

/* transfer.c: milliseconds of a clock that only goes forward. */
int64_t nw_fetch_clock_ms(void);
/* Begins the first hop, or the next one; on failure nothing is left
 * running. */
int nw_transfer_start(struct nw_fetch *fetch, struct nw_error *err);
/*
 * A hop ended.  1: hop_url is the next one, to be started; 0: reply_r is
 * filled and lives in the fetch; -1: it failed.
 */
int nw_transfer_hop_done(struct nw_fetch *fetch, CURLcode result,
			 struct nw_fetch_reply *reply_r,
			 struct nw_error *err);
/* Frees what a running transfer holds. */
void nw_transfer_end(struct nw_fetch *fetch);

/* fetch.c, for loop.c: a running transfer's hop ended. */
void nw_fetch_hop_done(struct nw_fetch *fetch, CURLcode result);

#endif
