/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Feeds to items: RSS 0.90–2.0, RDF, Atom 0.3 and 1.0 (RFC 4287), JSON Feed
 * 1.0 and 1.1, news sitemaps; also packed by gzip (RFC 1952).
 *
 * Pure: bytes in, a model in the caller's arena out.  What is ill-formed but
 * clear is recovered; what is not is left out.  Strings follow the rules
 * of newswire/story.h, except that *_html holds foreign HTML, never to be
 * passed on but by nw_html_read().
 */
#ifndef NEWSWIRE_FEED_H
#define NEWSWIRE_FEED_H

#include "newswire/error.h"
#include "newswire/story.h"

struct nw_item {
	const char *id;		   /* guid, atom:id; as given */
	const char *url;	   /* of the story */
	const char *title;
	struct nw_author *authors; /* name or email or both, url, avatar */
	size_t author_count;
	int64_t published_utc;
	int64_t updated_utc;
	const char *summary_html;  /* the teaser */
	const char *content_html;  /* the full text, where it is given */
	const char *base_url;	   /* what links in these are relative to */
	const char **tags;
	size_t tag_count;
	const char *language;
	const char *comments_url;
	const char *reply_to;	   /* thr:in-reply-to: the other item's id */
	struct nw_enclosure *enclosures;
	size_t enclosure_count;
	struct nw_image *image;	   /* media:content, media:thumbnail, itunes */
	bool withdrawn;		   /* at:deleted-entry (RFC 6721) */
};

struct nw_feed {
	const char *version;	   /* "rss20", "atom10", "jsonfeed11" … */
	const char *title;
	const char *description;
	const char *id;
	const char *home_url;
	const char *feed_url;
	const char *language;
	const char *copyright;
	const char *icon;
	int64_t published_utc;
	int64_t updated_utc;
	int64_t ttl_s;		   /* -1: not given */
	unsigned skip_hours;	   /* bit h: not in hour h UTC */
	unsigned skip_days;	   /* bit d: not on day d, 0 Sunday */
	const char *next_url;	   /* rel=next or prev-archive (RFC 5005) */
	const char *hub_url;
	struct nw_author *authors;
	size_t author_count;
	const char **tags;
	size_t tag_count;
	struct nw_item *items;	   /* in the feed's order */
	size_t item_count;
	const char **sitemaps;	   /* of a sitemap index, newest first */
	size_t sitemap_count;
};

/*
 * Reads a feed of any kind.  base is the URL that it came from, and its
 * feed_url where it names no other; http_charset as for nw_charset_to_utf8().
 * The first NW_FEED_ITEMS items are kept, of a sitemap NW_SITEMAP_ENTRIES.  An
 * item of Atom and JSON Feed that names no author has those of the feed; an
 * id that stands for several addresses is left out.  Fails with NW_ERROR_DATA
 * when the bytes are no feed (an HTML page says so, that subscribe may look
 * for its feed) or hold nothing that could be read, and with
 * NW_ERROR_REFUSED past NW_FEED_UNPACKED_BYTES or NW_FEED_MENDED_BYTES.
 */
int nw_feed_read(struct nw_arena *arena, const char *bytes, size_t len,
		 const char *base, const char *http_charset,
		 struct nw_feed **feed_r, struct nw_error *err);

/* Puts the items of an older document of the feed, from the same arena, behind
 * its own, NW_FEED_ITEMS in all, and takes over where that one leads to. */
void nw_feed_append(struct nw_arena *arena, struct nw_feed *feed,
		    const struct nw_feed *older);

#endif
