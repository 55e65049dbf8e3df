/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A live page that tests write as lines of text, poll by poll.
 */
#ifndef NEWSWIRE_TESTS_UPDATES_FIXTURE_H
#define NEWSWIRE_TESTS_UPDATES_FIXTURE_H

#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "newswire/thread.h"

#define NOW   INT64_C(1753524000)
#define PAUSE 600

/* A page that had an update between these two. */
#define A_C "a | 0 | A.\nc | 20 | C."

/* A page at a time, as "key time text" lines with " | " between the fields;
 * a key that begins with "~" is derived. */
struct page {
	struct nw_arena *arena;
	struct nw_story *stored;
	struct nw_thread thread;
	int64_t now_utc;
	bool partial;
	enum nw_edits edits;
	bool unshown;
	int64_t modified_utc;
};

static inline int setup(void **state)
{
	struct nw_arena *arena = nw_arena_new();
	struct page *page = nw_arena_alloc(arena, sizeof(*page));

	page->arena = arena;
	page->now_utc = NOW;
	page->modified_utc = NW_TIME_NONE;
	*state = page;
	return 0;
}

static inline int teardown(void **state)
{
	struct page *page = *state;
	struct nw_arena *arena = page->arena;

	nw_arena_free(&arena);
	return 0;
}

/* A slash ends a paragraph. */
static inline char *field(struct nw_arena *arena, const char **at)
{
	const char *end = strstr(*at, " | ");
	size_t len = end ? (size_t)(end - *at) : strcspn(*at, "\n");
	char *text = nw_arena_strndup(arena, *at, len), *slash;

	while ((slash = strchr(text, '/')))
		*slash = '\n';
	*at += len + (end ? 3 : 0);
	return text;
}

static inline void add_update(struct page *page, struct nw_story *story,
			      const char *line)
{
	struct nw_update *update;
	const char *text;

	story->updates =
		nw_arena_grow(page->arena, story->updates, story->update_count,
			      sizeof(*story->updates));
	update = &story->updates[story->update_count++];
	update->key = field(page->arena, &line);
	update->derived_key = *update->key == '~';
	update->published_utc =
		NOW + strtoll(field(page->arena, &line), NULL, 10);
	update->posted_utc = NW_TIME_NONE;
	update->modified_utc = page->modified_utc;
	update->unshown = page->unshown;
	text = field(page->arena, &line);
	if (*text == '*') {
		update->marks = NW_UPDATE_PINNED;
		text++;
	}
	if (*text == '-')
		update->marks |= NW_UPDATE_WITHDRAWN;
	else
		update->body = model_text(page->arena, "", text)->body;
}

static inline void poll_at(struct page *page, int64_t seconds,
			   const char *lines)
{
	const struct nw_thread_options options = {
		.id_domain = "d.invalid",
		.edits = page->edits,
		.now_utc = NOW + seconds,
		.update_pause_s = PAUSE,
	};
	struct nw_story *story = model_text(page->arena, "T", "Body.");
	struct nw_error err;

	story->live = true;
	story->updates_partial = page->partial;
	while (*lines) {
		size_t len = strcspn(lines, "\n");

		add_update(page, story,
			   nw_arena_strndup(page->arena, lines, len));
		lines += len + (lines[len] == '\n');
	}
	assert_int_equal(nw_thread_plan(page->arena, page->stored, story,
					&options, &page->thread, &err),
			 0);
	page->stored = page->thread.story;
	page->now_utc = options.now_utc;
}

static inline const struct nw_post *only_post(const struct page *page,
					      enum nw_post_kind kind,
					      const char *key)
{
	assert_int_equal(page->thread.post_count, 1);
	assert_int_equal(page->thread.posts->kind, kind);
	assert_string_equal(page->thread.posts->update_key, key);
	return page->thread.posts;
}

static inline void assert_quiet(const struct page *page)
{
	assert_int_equal(page->thread.post_count, 0);
}

#endif
