/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A story that its publisher took back.  What it said stays in the store, for
 * it may come back; ids that were given are not given again.
 */
#include "config.h"

#include "newswire/thread.h"

struct nw_story *nw_thread_withdraw(struct nw_arena *arena,
				    const struct nw_story *stored)
{
	struct nw_story *story = nw_arena_alloc(arena, sizeof(*story));
	size_t i;

	*story = *stored;
	story->withdrawn = true;
	story->message_id = NULL;
	story->posted_utc = NW_TIME_NONE;
	story->posted = NULL;
	if (story->update_count)
		story->updates =
			nw_arena_alloc(arena, story->update_count *
						      sizeof(*story->updates));
	for (i = 0; i < story->update_count; i++) {
		struct nw_update *update = &story->updates[i];

		*update = stored->updates[i];
		update->revision += update->message_id != NULL;
		update->message_id = NULL;
		update->posted_utc = NW_TIME_NONE;
	}
	return story;
}
