/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Paragraphs of a story, and words beside it, for the tests of extraction.
 */
#ifndef NEWSWIRE_TESTS_EXTRACT_TEXTS_H
#define NEWSWIRE_TESTS_EXTRACT_TEXTS_H

#include "unit.h"

#include <string.h>

#include "newswire/page.h"

#define NOW 1784000000	/* 2026-07-14T03:33:20Z */
#define URL "https://news.example.org/world/story.html"

/* Paragraphs of the story. */
#define P1 "The council voted to keep the old mill open until next spring, " \
	   "and the mayor promised to listen to those who live beside it."
#define P2 "Nobody had expected the vote to be so close, said the clerk, who " \
	   "has counted hands in the hall for more than thirty years."
#define P3 "Water has turned the wheel since the town was founded, and in a " \
	   "good year it still grinds flour for the bakers of the valley."
#define P4 "Repairs would cost a third of the budget, the treasurer warned, " \
	   "unless the county shares the bill as it did in the flood year."
#define STORY "<p>" P1 "</p><p>" P2 "</p><p>" P3 "</p><p>" P4 "</p>"
#define TEXT P1 "\n\n" P2 "\n\n" P3 "\n\n" P4

static inline struct nw_story *read_page(struct nw_arena *arena,
					 const char *html)
{
	const struct nw_page_input input = { .bytes = html,
					     .len = strlen(html),
					     .url = URL,
					     .now_utc = NOW };
	struct nw_error err = { NW_ERROR_NONE, "" };
	struct nw_story *story = NULL;

	if (nw_page_read(arena, &input, &story, &err) < 0)
		fail_msg("%s", err.text);
	return story;
}

#define BY_JANE "<meta name=author content='Jane Doe'>"

#endif
