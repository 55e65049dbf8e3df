/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Feeds of one element or one item, for the tables of the feed tests.
 */
#ifndef NEWSWIRE_TESTS_FEED_TEXTS_H
#define NEWSWIRE_TESTS_FEED_TEXTS_H

#include "unit.h"

#include "feed_dump.h"

#define RSS(items) \
	"<?xml version=\"1.0\"?><rss version=\"2.0\"" \
	" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"" \
	" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"" \
	" xmlns:media=\"http://search.yahoo.com/mrss/\"" \
	" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"" \
	" xmlns:a='http://www.w3.org/2005/Atom'>" \
	"<channel>" items "</channel></rss>"
#define ITEM(elements) RSS("<item>" elements "</item>")
#define ATOM(elements) \
	"<feed xmlns='http://www.w3.org/2005/Atom'" \
	" xmlns:thr='http://purl.org/syndication/thread/1.0'" \
	" xmlns:at='http://purl.org/atompub/tombstones/1.0'>" elements \
	"</feed>"
#define ENTRY(elements) ATOM("<entry>" elements "</entry>")

#define ONE "version=rss20\nitem\n"
#define ONE_ATOM "version=atom10\nitem\n"

static inline void check_all(const struct feed_case *cases, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		check_feed(&cases[i]);
}

#endif
