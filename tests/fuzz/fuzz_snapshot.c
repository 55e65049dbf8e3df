/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bytes as the snapshots of a story at two polls, with a line feed before "---"
 * between them: what is read is written and read again, and a thread is planned
 * of both.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "newswire/snapshot.h"
#include "newswire/thread.h"

#define MARK  "\n---"
#define NOW   INT64_C(1753524000)
#define POLLS 5

static struct nw_story *read_story(struct nw_arena *arena, const char *json,
				   size_t len)
{
	struct nw_story *story = NULL, *again;
	struct nw_buf first, second;

	if (nw_snapshot_read(arena, json, len, &story, NULL) < 0)
		return NULL;
	nw_buf_init(&first, 1 << 22);
	nw_buf_init(&second, 1 << 22);
	if (nw_snapshot_write(&first, story, NULL) < 0 ||
	    nw_snapshot_read(arena, first.data, first.len, &again, NULL) < 0 ||
	    nw_snapshot_write(&second, again, NULL) < 0 ||
	    strcmp(first.data, second.data) != 0)
		abort();
	nw_buf_free(&first);
	nw_buf_free(&second);
	return story;
}

/* After some polls of the same page what waited has come, what is missing is
 * gone, and nothing more happens. */
static void poll_until_quiet(struct nw_arena *arena, struct nw_story *stored,
			     const struct nw_story *fresh)
{
	struct nw_thread_options options = { .id_domain = "fuzz.invalid",
					     .now_utc = NOW,
					     .update_pause_s = 600 };
	struct nw_thread thread = { .story = stored };
	int polls;

	for (polls = 0; polls < POLLS; polls++) {
		if (nw_thread_plan(arena, thread.story, fresh, &options,
				   &thread, NULL) < 0) {
			if (polls)
				abort();
			return;
		}
		options.now_utc += options.update_pause_s;
	}
	if (thread.post_count || thread.waits)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nw_arena *arena = nw_arena_new();
	char *text = nw_arena_strndup(arena, (const char *)data, size);
	char *mark = strstr(text, MARK), *after = text;
	struct nw_story *stored, *fresh;

	if (mark) {
		*mark = '\0';
		after = mark + strlen(MARK);
	}
	stored = read_story(arena, text, strlen(text));
	fresh = read_story(arena, after, strlen(after));
	if (stored && fresh)
		poll_until_quiet(arena, stored, fresh);
	nw_arena_free(&arena);
	return 0;
}
