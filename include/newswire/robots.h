/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * robots.txt (RFC 9309): which paths of a site a program should not ask for.
 *
 * Pure: bytes in, the rules for one program in the caller's arena out.
 * Whatever is not understood is passed over, as the RFC wants.
 */
#ifndef NEWSWIRE_ROBOTS_H
#define NEWSWIRE_ROBOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "newswire/arena.h"

struct nw_robots_rule;

struct nw_robots {
	struct nw_robots_rule *rules;
	size_t rule_count;
	unsigned delay_ms;	/* Crawl-delay, at most NW_ROBOTS_DELAY_MS */
};

/*
 * The rules of all groups that name the product with which user_agent begins
 * ("newswire" of "newswire/1.0 (…)"), in any case, else of those for "*".  The
 * first NW_ROBOTS_BYTES are read and NW_ROBOTS_RULES rules kept.  Without a
 * rule, everything is allowed.
 */
struct nw_robots *nw_robots_parse(struct nw_arena *arena, const char *bytes,
				  size_t len, const char *user_agent);

/*
 * Whether the path ("/a/b?query", of a normalised URL) may be asked for: by
 * the longest rule that matches, and of two of the same length by the one that
 * allows (section 2.2.2).  "*" stands for anything, "$" at the end for the end;
 * percent-encoding makes no difference.  /robots.txt itself always may.
 */
bool nw_robots_allows(const struct nw_robots *robots, const char *path);

#endif
