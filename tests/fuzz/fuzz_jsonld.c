/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as the JSON-LD of a page, mended where they are broken. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "../../gateway/page/page_private.h"
#include "fuzz.h"
#include "newswire/limits.h"

/* Nothing is nested deeper than is allowed. */
static void check_depth(const json_t *value, unsigned depth)
{
	const char *key;
	json_t *one;
	size_t i;

	if (depth > NW_PAGE_JSONLD_DEPTH)
		abort();
	json_array_foreach(value, i, one)
		check_depth(one, depth + 1);
	json_object_foreach((json_t *)value, key, one)
		check_depth(one, depth + 1);
}

static void check_page(struct nw_arena *arena, const char *bytes, size_t size)
{
	const char *html = nw_arena_printf(
		arena, "<script type=application/ld+json>%.*s</script><p>x",
		(int)size, bytes);
	const struct nw_page_input page = {
		.bytes = html,
		.len = strlen(html),
		.url = "https://a.example/story",
		.now_utc = 1784000000,
	};
	struct nw_story *story;

	(void)nw_page_read(arena, &page, &story, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct nw_arena *arena = nw_arena_new();
	size_t used = 0;
	json_t *value = nw_jsonld_parse(bytes, size, &used);

	if (value) {
		if (used > size)
			abort();
		check_depth(value, 0);
		json_decref(value);
	}
	check_page(arena, bytes, size);
	nw_arena_free(&arena);
	return 0;
}
