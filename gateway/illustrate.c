/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pictures of a story that is about to be published: those that its new
 * messages show, and nothing else, are in the cache of the store, or known not
 * to be had, before the messages are written.
 */
#include "config.h"

#include <string.h>

#include "newswire/limits.h"
#include "newswire/shown.h"
#include "pipeline_private.h"

/* A picture, and the message that shows it. */
struct nw_want {
	const char *url;
	bool face;
	size_t post;
};

int64_t nw_picture_fresh_s(bool face)
{
	return face ? NW_FACE_FRESH_S : NW_PICTURE_FRESH_S;
}

bool nw_illustrates(const struct nw_source *source)
{
	return source->images == NW_IMAGES_INLINE &&
	       source->layout != NW_LAYOUT_TEXT;
}

static void add(struct nw_illustration *it, bool face, const char *url,
		size_t post)
{
	size_t i;

	if (!url || it->count == NW_PICTURES_STORY)
		return;
	for (i = 0; i < it->count; i++)
		if (it->wants[i].face == face && !strcmp(it->wants[i].url, url))
			return;
	it->wants = nw_arena_grow(it->arena, it->wants, it->count,
				  sizeof(*it->wants));
	it->wants[it->count++] = (struct nw_want){ url, face, post };
}

static void add_post(struct nw_illustration *it,
		     const struct nw_thread *thread, size_t number)
{
	const struct nw_post *post = &thread->posts[number];
	const char **urls;
	size_t count = nw_shown_images(it->arena, thread->story, post, &urls);
	size_t i;

	add(it, true, nw_shown_face(thread->story, post), number);
	for (i = 0; i < count && i < NW_PICTURES; i++)
		add(it, false, urls[i], number);
}

void nw_illustrate_begin(struct nw_illustration *it,
			 struct nw_pipeline *pipeline, struct nw_arena *arena,
			 const struct nw_thread *thread)
{
	size_t i;

	*it = (struct nw_illustration){
		.pipeline = pipeline,
		.arena = arena,
		.until_utc = nw_pipeline_now(pipeline) + NW_PICTURES_S,
	};
	/* The newest updates first behind the root, for there may be more
	 * pictures than a poll has time for. */
	if (thread->post_count)
		add_post(it, thread, 0);
	for (i = thread->post_count; i > 1; i--)
		add_post(it, thread, i - 1);
}

static void take_place(struct nw_illustration *it, const struct nw_want *want,
		       size_t len)
{
	if (want->post == it->post && !want->face) {
		it->spent += len;
		it->shown += len > 0;
	}
}

/* Servers that do not answer hold up every story that names them. */
static void count_failure(struct nw_illustration *it,
			  const struct nw_plate *plate)
{
	const struct nw_pipeline *pipeline = it->pipeline;

	if (!it->failures)
		return;
	if (!plate->unreachable) {
		*it->failures = 0;
		return;
	}
	if (++*it->failures == NW_PICTURES_FAILURES)
		nw_log(pipeline->options.log, NW_LOG_INFO, "picture",
		       plate->url,
		       "%u in a row did not come, so that this poll asks for "
		       "no more",
		       *it->failures);
}

static void collect(struct nw_illustration *it)
{
	size_t i = 0;

	while (i < it->plate_count) {
		struct nw_plate *plate = it->plates[i];

		if (plate->state != NW_PLATE_DONE) {
			i++;
			continue;
		}
		take_place(it, it->wanted[i], plate->len);
		count_failure(it, plate);
		nw_plate_leave(plate);
		it->plates[i] = it->plates[--it->plate_count];
		it->wanted[i] = it->wanted[it->plate_count];
	}
}

/* Whether the message has room for another picture; faces have theirs. */
static bool has_room(struct nw_illustration *it, const struct nw_want *want)
{
	const struct nw_config *config = it->pipeline->options.config;

	if (want->post != it->post) {
		it->post = want->post;
		it->spent = it->shown = 0;
	}
	return want->face || (it->spent < config->images_bytes &&
			      it->shown < NW_PICTURES);
}

/* Whether it is in the cache as it is, for good or bad. */
static bool is_known(struct nw_illustration *it, const struct nw_want *want)
{
	struct nw_pipeline *pipeline = it->pipeline;
	int64_t now_utc = nw_pipeline_now(pipeline);
	struct nw_arena *arena = nw_arena_new();
	struct nw_kept_picture kept;
	struct nw_error err;
	bool known = false;

	if (nw_picture_cache_find(pipeline->store, arena, want->face,
				  want->url, &kept, &err) > 0) {
		known = kept.picture.bytes
				? kept.picture.len <=
						  pipeline->options.config
							  ->image_bytes &&
					  now_utc - kept.checked_utc <
						  nw_picture_fresh_s(want->face)
				: now_utc < kept.retry_utc;
		take_place(it, want, known ? kept.picture.len : 0);
		/* Not at each use: a day is near enough. */
		if (known && now_utc - kept.used_utc >= NW_PICTURE_FRESH_S)
			(void)nw_picture_cache_touch(pipeline->store,
						     want->face, want->url,
						     kept.checked_utc, now_utc,
						     &err);
	}
	nw_arena_free(&arena);
	return known;
}

/* True when there may be another one at once. */
static bool want_next(struct nw_illustration *it)
{
	const struct nw_want *want;
	struct nw_plate *plate;

	if (it->next == it->count || it->plate_count == NW_PICTURES_AHEAD)
		return false;
	want = &it->wants[it->next++];
	if (!has_room(it, want) || is_known(it, want) ||
	    (it->failures && *it->failures >= NW_PICTURES_FAILURES))
		return true;
	plate = nw_plate_want(it->pipeline, want->face, want->url);
	if (!plate)
		return true;
	it->plates[it->plate_count] = plate;
	it->wanted[it->plate_count++] = want;
	return true;
}

bool nw_illustrate_step(struct nw_illustration *it)
{
	collect(it);
	if (nw_pipeline_now(it->pipeline) >= it->until_utc &&
	    (it->plate_count || it->next < it->count)) {
		nw_log(it->pipeline->options.log, NW_LOG_INFO, "picture",
		       it->wants[it->next ? it->next - 1 : 0].url,
		       "after %d s the story is published without it and "
		       "those behind it",
		       NW_PICTURES_S);
		nw_illustrate_end(it);
		return true;
	}
	while (want_next(it))
		continue;
	return !it->plate_count;
}

void nw_illustrate_end(struct nw_illustration *it)
{
	while (it->plate_count)
		nw_plate_leave(it->plates[--it->plate_count]);
	it->next = it->count;
}

void nw_pipeline_illustrate(struct nw_pipeline *pipeline,
			    struct nw_arena *arena,
			    const struct nw_thread *thread)
{
	struct nw_thread first = *thread;

	if (first.post_count > 1)
		first.post_count = 1;
	pipeline->errand = nw_arena_alloc(arena, sizeof(*pipeline->errand));
	nw_illustrate_begin(pipeline->errand, pipeline, arena, &first);
	nw_pipeline_wake(pipeline);
}
