/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages for the tables of the tests of a page's facts.
 */
#ifndef NEWSWIRE_TESTS_PAGE_FACTS_H
#define NEWSWIRE_TESTS_PAGE_FACTS_H

#include "unit.h"

#include <string.h>

#include "newswire/page.h"

#define NOW 1784000000	/* 2026-07-14T03:33:20Z */
#define URL "https://news.example.org/2025/07/26/mill.html"
#define BODY "<p>The council voted to keep the old mill open until spring, " \
	     "and the mayor promised to listen again.</p>"

/* More elements than a date is looked for behind a headline. */
#define TEN "<p>Mill</p><p>Mill</p><p>Mill</p><p>Mill</p><p>Mill</p>" \
	    "<p>Mill</p><p>Mill</p><p>Mill</p><p>Mill</p><p>Mill</p>"
#define FAR TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static inline struct nw_story *read_from(struct nw_arena *arena,
					 const char *url, const char *html)
{
	const struct nw_page_input input = {
		.bytes = html,
		.len = strlen(html),
		.url = url,
		.now_utc = NOW,
	};
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_story *story = NULL;

	if (nw_page_read(arena, &input, &story, &err) < 0)
		fail_msg("%s", err.text);
	return story;
}

static inline struct nw_story *read_page(struct nw_arena *arena,
					 const char *html)
{
	return read_from(arena, URL, html);
}

static inline void assert_text(const char *value, const char *want,
			       const char *html)
{
	if (!value || strcmp(value, want) != 0)
		fail_msg("'%s' instead of '%s': %s", value ? value : "(none)",
			 want, html);
}

#endif
