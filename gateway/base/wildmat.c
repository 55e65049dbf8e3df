/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
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

/* The octets of a character as one number, in the order of characters. */
static uint32_t character(const char *text, const char *end)
{
	uint32_t value = 0;

	while (text < end)
		value = value << 8 | (unsigned char)*text++;
	return value;
}

/* A character of a set, and with "-" and another one all between them; moves
 * behind it. */
static bool range_has(const char **set, const char *end, uint32_t wanted)
{
	const char *at = *set, *next = character_end(at);
	uint32_t first = character(at, next), last = first;

	if (next + 1 < end && *next == '-' && next[1] != ']') {
		at = next + 1;
		next = character_end(at);
		last = character(at, next);
	}
	*set = next;
	return first <= wanted && wanted <= last;
}

/* "[" ["^"] 1*range "]"; the "]" that comes first is one of the characters.
 * What is never closed matches nothing. */
static bool take_set(const char **pattern, const char *end, const char **name)
{
	const char *at = *pattern + 1, *next = character_end(*name), *first;
	uint32_t wanted = character(*name, next);
	bool negated = at < end && *at == '^', has = false;

	at += negated;
	for (first = at; at < end && (*at != ']' || at == first);)
		has |= range_has(&at, end, wanted);
	if (at >= end || has == negated)
		return false;
	*pattern = at + 1;
	*name = next;
	return true;
}

/* Takes what is no "*" off the front of a pattern, and what it matches off the
 * name. */
static bool take(const char **pattern, const char *end, const char **name,
		 bool sets)
{
	const char *at = *pattern;

	if (at == end)
		return false;
	if (*at == '?') {
		*pattern = at + 1;
		*name = character_end(*name);
		return true;
	}
	if (sets && *at == '[')
		return take_set(pattern, end, name);
	if (sets && *at == '\\' && at + 1 < end)
		at++;
	if (*at != **name)
		return false;
	*pattern = at + 1;
	(*name)++;
	return true;
}

/*
 * Only the last "*" is ever tried again: what an earlier one swallowed cannot
 * matter once a later one was reached.  So the work is at most the product
 * of the lengths, whatever the client writes.
 */
static bool pattern_matches(const char *pattern, const char *end,
			    const char *name, bool sets)
{
	const char *star = NULL, *resume = NULL;

	while (*name) {
		if (pattern < end && *pattern == '*') {
			star = ++pattern;
			resume = name;
		} else if (take(&pattern, end, &name, sets)) {
			continue;
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

bool nw_wildmat_text(const char *pattern, const char *text)
{
	return pattern_matches(pattern, pattern + strlen(pattern), text, true);
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
		if (pattern_matches(start + negated, end, name, false))
			return !negated;
		if (start == wildmat)
			return false;
		end = start - 1;
	}
}
