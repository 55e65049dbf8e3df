/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * HTTP on the event base (libcurl's multi interface).
 *
 * One fetcher serves a poller.  A transfer that fails concerns only itself.
 * Requests to one host, redirects included, wait for each other and keep a
 * pause; the hosts take turns, so that none waits for another one's queue.
 * Nothing is sent that identifies a reader: no cookies, no referrer but those
 * that the request gives, and these to its own host only.
 * Unless the policy allows it, no socket is opened to a private, loopback,
 * link-local, multicast or otherwise special address (RFC 6890), whatever the
 * name resolved to and however often it was redirected: the address of
 * the socket is checked when it is made.  A proxy is the operator's choice and
 * may be anywhere; then names are its affair, but an address or "localhost"
 * that stands in a URL is checked before it is asked for.  Only http and https
 * are followed.
 */
#ifndef NEWSWIRE_FETCH_H
#define NEWSWIRE_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "newswire/error.h"

struct event_base;
struct nw_fetcher;
struct nw_fetch;

/* What is 0 or NULL is the default of newswire/limits.h, but for the pause
 * and the proxy, of which there is then none. */
struct nw_fetch_policy {
	const char *user_agent;
	bool allow_private;
	size_t body_bytes;	/* cap of a decoded body */
	unsigned connect_ms;
	unsigned total_ms;
	unsigned per_host;	/* connections to one host */
	unsigned pause_ms;	/* between two requests to it */
	const char *proxy;	/* as libcurl's CURLOPT_PROXY takes it */
	unsigned parallel;	/* connections in all; the rest queue */
};

struct nw_fetch_request {
	const char *url;
	const char *etag;	    /* sent back verbatim, or NULL */
	const char *last_modified;  /* likewise */
	const char *accept;	    /* Accept, or NULL for curl's */
	const char *user_agent;	    /* NULL: the policy's */
	const char *referer;	    /* or NULL */
	const char *cookie;	    /* or NULL */
	bool hold_redirect;	    /* it is the reply, and not followed */
	unsigned pause_ms;	    /* after it, when the host wants more than
				     * the policy keeps */
	size_t body_bytes;	    /* caps of its own, where they are lower */
	unsigned total_ms;	    /* than the policy's; 0: none */
};

/* A reply; lives until the callback returns. */
struct nw_fetch_reply {
	int status;		    /* of the last hop; 304 has no body */
	const char *url;	    /* of the last hop */
	const char *redirect_url;   /* where one leads that was held */
	const char *permanent_url;  /* where 301 and 308 alone led from the
				     * requested URL on; NULL: nowhere */
	const char *body;
	size_t body_len;
	const char *content_type;   /* "text/html", lower case, or NULL */
	const char *charset;	    /* its parameter, or NULL */
	const char *etag;
	const char *last_modified;
	int64_t retry_after_s;	    /* from now; -1: not given */
	int64_t max_age_s;	    /* Cache-Control, else Expires; -1 */
};

/* 0 when it is what was asked for (2xx), else -1 and its status in words. */
int nw_fetch_check(const struct nw_fetch_reply *reply, struct nw_error *err);
/* Whether the server wants to be asked less or later (429, RFC 6585 section
 * 4; 503, RFC 9110 section 15.6.4). */
bool nw_fetch_is_limit(const struct nw_fetch_reply *reply);

/*
 * Called once for each nw_fetch_start(), never from within it.  reply is NULL
 * when the transfer failed, and err says why, with the URL; a status ≥ 400 is
 * a reply.  It may start further transfers.
 */
typedef void nw_fetch_done(const struct nw_fetch_reply *reply,
			   const struct nw_error *err, void *context);

int nw_fetcher_new(struct nw_fetcher **fetcher_r, struct event_base *base,
		   const struct nw_fetch_policy *policy,
		   struct nw_error *err);
/* Ends all transfers without calling back; sets the pointer to NULL.  Not
 * from within a callback. */
void nw_fetcher_free(struct nw_fetcher **fetcher);

/* Queues a GET.  The request's strings are copied.  Fails, without a call of
 * done, when the URL is no web address. */
int nw_fetch_start(struct nw_fetcher *fetcher,
		   const struct nw_fetch_request *request,
		   nw_fetch_done *done, void *context,
		   struct nw_error *err);

/* Transfers queued or under way. */
unsigned nw_fetcher_active(const struct nw_fetcher *fetcher);

/* Whether the address (struct sockaddr_in or sockaddr_in6) is one that the
 * public web can have; IPv4 in IPv6 is looked through. */
struct sockaddr;
bool nw_fetch_address_is_public(const struct sockaddr *address);

/* A GET that waits for its end, for commands.  done is called once, whatever
 * happens; 0 when it was given a reply, else -1 with the same error. */
int nw_fetch_wait(const struct nw_fetch_policy *policy,
		  const struct nw_fetch_request *request,
		  nw_fetch_done *done, void *context, struct nw_error *err);

#endif
