/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables of HTML and what becomes of it, as body_dump() writes it.
 */
#ifndef NEWSWIRE_TESTS_HTML_CASES_H
#define NEWSWIRE_TESTS_HTML_CASES_H

#include <stddef.h>

/* Where every case was found. */
#define HTML_BASE "https://news.example/world/story"

struct html_case {
	const char *name, *html, *lines;
};

/* Fails the test where a case gives other lines. */
void html_check(const struct html_case *cases, size_t count);
/* Reads every start of every case: none may fail. */
void html_check_cut(const struct html_case *cases, size_t count);

#endif
