/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * URLs (RFC 3986), read as browsers read them and written normalised.
 */
#ifndef NEWSWIRE_URL_H
#define NEWSWIRE_URL_H

#include <stdbool.h>
#include <stddef.h>

#include "newswire/arena.h"

/* The parts of a URL; each a string, NULL when absent (the path is never
 * NULL).  The host is lower case, without port or user information. */
struct nw_url {
	const char *scheme;
	const char *host;
	const char *port;
	const char *path;
	const char *query;	/* without "?" */
	const char *fragment;	/* without "#" */
};

/*
 * Resolves reference against base (RFC 3986 section 5; base may be NULL when
 * reference is absolute) and normalises it: scheme and host in lower case
 * (an internationalised host as punycode), default port dropped, dot segments
 * removed, an empty path made "/", percent-encoding in capitals, unreserved
 * characters decoded, other octets, white space inside included, encoded;
 * tabs, line ends and surrounding white space dropped (WHATWG URL section
 * 4.4); user information dropped.  NULL when it is no URL that newswire
 * follows: only http, https, mailto, news, nntp, tel and ftp are, and the first
 * two need a host; longer than NW_FETCH_URL_BYTES is refused as well.
 */
char *nw_url_resolve(struct nw_arena *arena, const char *base,
		     const char *reference);

/* Splits an absolute URL; -1 when it is none. */
int nw_url_split(struct nw_arena *arena, const char *url,
		 struct nw_url *url_r);

/* http or https with a host. */
bool nw_url_is_web(const char *url);
/* A host's own page: no path, no query. */
bool nw_url_is_front_page(struct nw_arena *arena, const char *url);

/* The URL without the query parameters that only serve tracking (utm_*,
 * fbclid, gclid, mc_cid, …; on some sites also "s" and the like, and the keys
 * of gifts) and, unless keep_fragment, without its fragment.  url must be
 * normalised. */
char *nw_url_strip_tracking(struct nw_arena *arena, const char *url,
			    bool keep_fragment);

#endif
