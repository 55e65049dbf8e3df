/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How stories, updates and groups are told apart, for ever.
 *
 * A story is known by its canonical URL and by aliases; all of them are
 * normalised to keys here, so that AMP, mobile, tracking and scheme variants
 * of one address are one key.  Message-IDs (RFC 5536 section 3.1.3) derive
 * from these keys alone, never from a host name, a position or a fetch time:
 * two gateways that share an id-domain make the same ids.
 */
#ifndef NEWSWIRE_IDENT_H
#define NEWSWIRE_IDENT_H

#include "newswire/arena.h"
#include "newswire/error.h"
#include "newswire/story.h"

/* What the day of a ticker (newswire/ticker.h), "2025-07-26", follows in the
 * fragment of its address. */
#define NW_TICKER_MARK "ticker-"

/*
 * The key of a name of a story.  A web address becomes "host/path?query":
 * without scheme, "www.", "m.", "mobile.", default port, fragment (but that of
 * a ticker's day), tracking parameters, the place in a live page
 * ("page=with:block-…"), AMP marks ("/amp" or ".amp" at the end, "amp." host,
 * "outputType=amp", "amp=1") and trailing slash; anything else (a guid, a tag:
 * URI) is kept with its white space trimmed.  NULL when nothing is left.
 */
char *nw_ident_key(struct nw_arena *arena, const char *name);

/* The keys of a story's canonical URL, URL and aliases, each once, the
 * canonical one first.  An alias that is neither an address nor another URI,
 * such as the guid "1234", means something on its site only: "host#1234". */
size_t nw_ident_keys(struct nw_arena *arena, const struct nw_story *story,
		     const char ***keys_r);

/* "<s.HASH@domain>": HASH is the first 128 bits of SHA-256 over "story\0key"
 * in lower-case base32 (RFC 4648 section 6) without padding. */
char *nw_ident_story_id(struct nw_arena *arena, const char *key,
			const char *domain);
/* "<u.HASH@domain>" over "update\0story key\0update key". */
char *nw_ident_update_id(struct nw_arena *arena, const char *story_key,
			 const char *update_key, const char *domain);
/* The id of a revision of what first_id names: "<s.HASH.H8@domain>", H8 the
 * first 40 bits of SHA-256 over content. */
char *nw_ident_revision_id(struct nw_arena *arena, const char *first_id,
			   const char *content);

/* 16 octets of SHA-256 over the text as 26 characters of base32. */
char *nw_ident_hash(struct nw_arena *arena, const char *text, size_t len);

/*
 * The name of the group of a source: host reversed without "www.", "feeds.",
 * "feed." and "rss.", then the words of the path that say something (not
 * "feed", "rss", "index", "xml" …), all lower case, [a-z0-9-] and "+" only, IDN
 * as punycode, no component all digits and none that RFC 5536 section 3.1.4
 * reserves ("n" is put before it), capped by NW_GROUP_*.
 * "https://www.example.com/world/rss.xml" is "com.example.world"; a number as
 * host becomes "ip" and its octets, "localhost:8080" "localhost.port8080".
 */
int nw_ident_group(struct nw_arena *arena, const char *url,
		   const char **name_r, struct nw_error *err);
/* name, or name with "-2", "-3" … appended to its last component: the n-th
 * try to find one that is free. */
char *nw_ident_group_try(struct nw_arena *arena, const char *name,
			 unsigned n);
/* Whether a name that a user gave can be a group (RFC 5536 section 3.1.4);
 * err says what is wrong with it. */
int nw_ident_group_check(const char *name, struct nw_error *err);

#endif
