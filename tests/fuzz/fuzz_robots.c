/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A robots.txt, and a path in its first line. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "newswire/limits.h"
#include "newswire/robots.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nw_arena *arena = nw_arena_new();
	const char *text = (const char *)data;
	const char *end = memchr(text, '\n', size);
	size_t len = end ? (size_t)(end - text) : size;
	const char *path = nw_arena_printf(
		arena, "/%s", nw_arena_strndup(arena, text, len));
	struct nw_robots *robots =
		nw_robots_parse(arena, text + len, size - len, "newswire/1");

	if (robots->rule_count > NW_ROBOTS_RULES ||
	    robots->delay_ms > NW_ROBOTS_DELAY_MS ||
	    (!robots->rule_count && !nw_robots_allows(robots, path)) ||
	    !nw_robots_allows(robots, "/robots.txt"))
		abort();
	(void)nw_robots_allows(robots, path);
	nw_arena_free(&arena);
	return 0;
}
