/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "newswire/wildmat.h"

/* Where the UTF-8 character at text ends; an octet that is none counts
 * alone. */
static const char *character_end(const char *text)
{
	for (text++; ((unsigned char)*text & 0xc0) == 0x80; text++)
		continue;
	return text;
}

/*
 * Only the last "*" is ever tried again: what an earlier one swallowed cannot
 * matter once a later one was reached.  So the work is at most the product
 * of the lengths, whatever the client writes.
 */
static bool pattern_matches(const char *pattern, const char *end,
			    const char *name)
{
	const char *star = NULL, *resume = NULL;

	while (*name) {
		if (pattern < end && *pattern == '*') {
			star = ++pattern;
			resume = name;
		} else if (pattern < end && *pattern == '?') {
			pattern++;
			name = character_end(name);
		} else if (pattern < end && *pattern == *name) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star;
			name = resume = character_end(resume);
		} else {
			return false;
		}
	}
	while (pattern < end && *pattern == '*')
		pattern++;
	return pattern == end;
}

/*
 * wildmat = pattern *("," ["!"] pattern), RFC 3977 section 4.1.  The
 * rightmost pattern that matches decides, so it is read from the right.
 */
bool nw_wildmat(const char *wildmat, const char *name)
{
	const char *end = wildmat + strlen(wildmat), *start;
	bool negated;

	for (;;) {
		for (start = end; start > wildmat && start[-1] != ','; start--)
			continue;
		negated = start < end && *start == '!';
		if (pattern_matches(start + negated, end, name))
			return !negated;
		if (start == wildmat)
			return false;
		end = start - 1;
	}
}
