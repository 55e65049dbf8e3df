/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes as a feed, as OPML, and the items as stories. */
#include "config.h"

#include "fuzz.h"
#include "newswire/compose.h"
#include "newswire/feed.h"
#include "newswire/opml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nw_arena *arena = nw_arena_new();
	struct nw_outline *outlines;
	struct nw_feed *feed = NULL;
	struct nw_story *story;
	size_t count, i;

	if (nw_feed_read(arena, (const char *)data, size,
			 "https://a.example/feed", NULL, &feed, NULL) == 0)
		for (i = 0; i < feed->item_count; i++)
			(void)nw_compose(arena, feed, &feed->items[i], NULL,
					 &story, NULL);
	(void)nw_opml_read(arena, (const char *)data, size, &outlines, &count,
			   NULL);
	nw_arena_free(&arena);
	return 0;
}
