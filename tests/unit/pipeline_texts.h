/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of the pipeline publish on their web.
 */
#ifndef NEWSWIRE_TESTS_PIPELINE_TEXTS_H
#define NEWSWIRE_TESTS_PIPELINE_TEXTS_H

#define FEED(items) \
	"<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>" \
	"<title>The Daily Test</title><link>@BASE@/</link>" \
	"<description>d</description>" items "</channel></rss>"
#define ITEM(n, day, teaser) \
	"<item><title>Story " n "</title><link>@BASE@/" n ".html</link>" \
	"<guid isPermaLink=\"false\">guid-" n "</guid>" \
	"<pubDate>" day " Jul 2025 10:00:00 GMT</pubDate>" \
	"<description>" teaser "</description></item>"

#define ITEM_1 ITEM("1", "20", "The first teaser.")
#define ITEM_2 ITEM("2", "21", "The second teaser.")
#define ITEM_3 ITEM("3", "22", "The third teaser.")

#define PAGE(title, words) \
	"<!DOCTYPE html><html lang=\"en\"><head><title>" title "</title>" \
	"</head><body><article><h1>" title "</h1>" \
	"<p>" words " It begins with a paragraph that is long enough to be " \
	"taken for the text of a story by any reader of pages.</p>" \
	"<p>A second paragraph follows, and it has nothing to say either, but " \
	"says it at a length that leaves no doubt about its purpose.</p>" \
	"<p>The third one ends the story, as third paragraphs like to do in " \
	"stories that were written for tests and for nobody else.</p>" \
	"</article></body></html>"

#endif
